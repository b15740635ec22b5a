/*
 * journal_files.h - the files of a journal's folder: their names, their headers, which there are.
 *
 *   <first seq, 20 digits>.fdj   a segment. Under this name it has a whole header and a sealed group, always: it is made
 *                                under another one, written, synced, and only then named.
 *   <seq, 20 digits>.snap        a snapshot (journal_state.h)
 *   retired                      the point before which segments may be gone (journal_retain.h)
 *   reserve                      room for the last events of a full disk
 *   *.new                        being made; of no worth after a crash
 *
 * A header, of a segment and of `retired`, has 128 bytes, little-endian: magic (8), format (4), 128 (4), seq (8), time
 * (8), journal id (16), chain (32), zeros (44), CRC-32C of all before it (4). Every later format keeps magic, format and
 * checksum where they are, so that an old program can tell a newer file from a damaged one.
 */
#ifndef STORE_JOURNAL_FILES_H
#define STORE_JOURNAL_FILES_H

#include "store/journal_segment.h"

#include <sys/types.h>

#define JOURNAL_HEADER_SIZE   128
#define JOURNAL_NAME_SIZE     32
#define JOURNAL_PATH_MAX      1000 /* bytes of a folder's path */
#define JOURNAL_MAGIC_SEGMENT "FDJOURN\n"
#define JOURNAL_MAGIC_RETIRED "FDRETIR\n"
#define JOURNAL_SEGMENT_END   ".fdj"
#define JOURNAL_SNAPSHOT_END  ".snap"
#define JOURNAL_SEAL_BODY     48 /* first seq, last seq, chain */

struct journal_header {
    uint64_t seq; /* segment: of its first frame; retired: of the last frame before the point */
    int64_t time_ns;
    unsigned char journal_id[JOURNAL_ID_SIZE];
    unsigned char chain[JOURNAL_CHAIN_SIZE];
};

void journal_header_encode(const struct journal_header *header, const char *magic,
                           unsigned char out[JOURNAL_HEADER_SIZE]);
/* ERR_BAD_DATA, ERR_UNSUPPORTED with the words behind a file's name in why. */
enum err journal_header_decode(const unsigned char in[JOURNAL_HEADER_SIZE], const char *magic,
                               struct journal_header *header, char *why, size_t why_size);
void journal_file_name(uint64_t seq, const char *ending, char out[JOURNAL_NAME_SIZE]);

/* For reading: a plain file, no link, never waiting for a pipe. -1 with errno. */
int journal_open_file(int dir_fd, const char *name, uint64_t *size);
/* Reads the header of DIR/name. ERR_NOT_FOUND: no such file. why begins with the path. */
enum err journal_read_header(const char *dir, int dir_fd, const char *name, const char *magic,
                             struct journal_header *header, char *why, size_t why_size);
int journal_open_folder(const char *dir); /* -1 with errno */

struct journal_list {
    uint64_t *seq; /* ascending */
    size_t count, capacity;
};

/* The numbers of the files with this ending, anew. ERR_STORAGE with errno, ERR_MEMORY. */
enum err journal_list_read(struct journal_list *list, int dir_fd, const char *ending);
void journal_list_free(struct journal_list *list);

#endif
