/*
 * recorder_file.h - the files of one recording: gzip members of whole lines, rotated by size. Writer's thread alone.
 *
 *   out.jsonl.gz, out.0001.jsonl.gz, out.0002.jsonl.gz ...   0600, never an existing one
 *
 * Each member ends behind a line and can be unpacked alone, so a file that was cut by a crash loses its last member
 * at most. When the disk is full the file is cut back to its last whole member. A new file starts with the newest
 * symbol table, so that it can be read alone too, stamped as the line before it so that time never goes back.
 */
#ifndef FEED_RECORDER_FILE_H
#define FEED_RECORDER_FILE_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#define RECORDER_PATH_MAX     4096
#define RECORDER_WHY_SIZE     256
#define RECORDER_OUT_BYTES    (256 << 10) /* packed bytes written at a time */
#define RECORDER_MEMBER_BYTES (1 << 20)   /* text of a member: more ends it before its time */
#define RECORDER_FILES_MAX    9999

struct recorder_file {
    char path[RECORDER_PATH_MAX]; /* of the first file; the number goes before .jsonl.gz, .gz or at the end */
    uint64_t rotate_bytes;        /* 0: never */
    uint32_t number;              /* of the open file */
    int fd;
    bool member_open, ready;
    uint64_t good_bytes;  /* whole members */
    uint64_t info_bytes;  /* of them, the symbol table that the file starts with */
    uint64_t older_bytes; /* of the files before this one */
    uint64_t member_text; /* bytes of lines in the open member */
    int64_t last_ns;      /* of the last line */
    char *info;           /* the newest symbol table: text behind its time, with the newline */
    size_t info_size;
    char why[RECORDER_WHY_SIZE]; /* of the last error */
    z_stream stream;
    unsigned char out[RECORDER_OUT_BYTES];
};

/* All return ERR_OK, or ERR_IO, ERR_MEMORY, ERR_FULL (RECORDER_FILES_MAX) with file->why. */
enum err recorder_file_open(struct recorder_file *file, const char *path, uint64_t rotate_bytes);
/* A whole line in up to two pieces, its newline included. */
enum err recorder_file_line(struct recorder_file *file, int64_t recv_ns, const char *piece[2],
                            const size_t size[2]);
/* Remembers the pieces as the symbol table that the next file starts with. */
enum err recorder_file_keep_info(struct recorder_file *file, const char *piece[2], const size_t size[2]);
enum err recorder_file_end_member(struct recorder_file *file); /* what was given is in the file now */
enum err recorder_file_close(struct recorder_file *file);      /* ends the member, to the disk; any state */
/* "out.0003.jsonl.gz" of "out.jsonl.gz". */
void recorder_file_path(const char *first, uint32_t number, char out[RECORDER_PATH_MAX]);

#endif
