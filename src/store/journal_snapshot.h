/*
 * journal_snapshot.h - the file of a state: DIR/<seq, 20 digits>.snap.
 *
 * Little-endian: header of 128 bytes (magic "FDSNAPS\n", format, 128, seq of the point, count of frames, bytes of frames,
 * journal id, chain, zeros, CRC-32C at 124), the frames, SHA-256 of all before it.
 */
#ifndef STORE_JOURNAL_SNAPSHOT_H
#define STORE_JOURNAL_SNAPSHOT_H

#include "core/base/err.h"
#include "store/journal_segment.h"

#include <stdbool.h>

struct journal_snapshot {
    struct journal_point at;
    unsigned char journal_id[JOURNAL_ID_SIZE];
    uint64_t count, bytes; /* of frames */
};

/* Gives the frames of a snapshot one by one: the next one's size, 0 when there is none any more. */
typedef size_t journal_snapshot_next(void *arg, unsigned char out[FRAME_MAX]);
/* snapshot->bytes is counted here. tmp, fsync, rename, fsync of the folder. ERR_IO: the disk fails, and not for this file
 * alone; ERR_STORAGE, ERR_MEMORY: this file could not be made. */
enum err journal_snapshot_write(const char *dir, struct journal_snapshot *snapshot,
                                journal_snapshot_next *next, void *arg, char *why, size_t why_size);

/* Whole in memory (freed by the caller): checked from the first byte to the last, frames and their order too.
 * ERR_NOT_FOUND, ERR_BAD_DATA, ERR_UNSUPPORTED, ERR_STORAGE, ERR_MEMORY. */
enum err journal_snapshot_read(const char *dir, uint64_t seq, struct journal_snapshot *out,
                               unsigned char **frames, char *why, size_t why_size);

#endif
