/*
 * journal_reader_parts.h - the inside of a reader: journal_reader.c goes from file to file and judges the end,
 * journal_reader_group.c reads and checks one group.
 */
#ifndef STORE_JOURNAL_READER_PARTS_H
#define STORE_JOURNAL_READER_PARTS_H

#include "store/journal_files.h"
#include "store/journal_reader.h"

struct journal_hash;

#define READER_BUFFER_SIZE (1U << 20) /* at the start; doubled for a larger group */
#define READER_WHY_SIZE    (JOURNAL_PATH_MAX + 256)

struct journal_reader {
    char dir[JOURNAL_PATH_MAX + 1];
    int dir_fd;
    struct journal_list list; /* first seqs of the files, when last looked */
    unsigned char journal_id[JOURNAL_ID_SIZE];
    struct journal_hash *hash;
    struct journal_point point;
    struct journal_reader_counts counts;

    int fd; /* the file that is read */
    uint64_t file_seq, file_size;
    bool file_sealed; /* it has shown a seal */

    unsigned char *buffer;
    size_t capacity, held;
    uint64_t file_at; /* where in the file the buffer begins */
    size_t group_at;  /* in the buffer: what follows the last seal */
    struct journal_place place;

    size_t give_at, give_end; /* in the buffer: checked frames, not given yet */
    bool give_sealed;
    bool ended;      /* what lies behind the last seal was judged and given */
    enum err failed; /* latched */
    char why[READER_WHY_SIZE];
};

/* What read_group() found behind the last seal. */
enum found {
    FOUND_GROUP,
    FOUND_NOTHING, /* the file ends there */
    FOUND_CUT,     /* as a crash may leave it */
    FOUND_DAMAGE,  /* as no crash leaves it */
    FOUND_FAILURE  /* it could not be read; latched */
};

struct trouble {
    uint64_t at, seq; /* offset in the file */
    const char *what;
    size_t whole_steps; /* bytes from the group's begin to the end of the last whole step */
    uint64_t whole_frames;
};

/* Latches err, with one line that begins with the path of the folder, or of name in it. */
__attribute__((format(printf, 4, 5))) enum err reader_fail(struct journal_reader *reader, enum err err,
                                                           const char *name, const char *format, ...);
const char *reader_file_name(uint64_t seq, char out[JOURNAL_NAME_SIZE]);
/* What is held may be older than the file: it is read again from the last seal on. */
enum err reader_read_anew(struct journal_reader *reader);
/* The next group, checked whole: then it is to be given and the point is behind it. Else trouble is filled. */
enum found reader_read_group(struct journal_reader *reader, struct trouble *trouble);

#endif
