/*
 * journal_tail.h - behind a frame that cannot be read in the last file: is it where writing was cut off, or damage?
 *
 * A group is synced before the next one is begun, so a crash can tear the last group only: holes anywhere in it, and its
 * seal may be there or not. Whatever of a later group is found behind the bad frame shows that its group was durable.
 */
#ifndef STORE_JOURNAL_TAIL_H
#define STORE_JOURNAL_TAIL_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct journal_tail {
    int fd;
    uint64_t from, to;  /* offsets: the bad frame, the file's end */
    uint64_t group_seq; /* of the first frame behind the last seal */
    uint64_t seq; /* that the bad frame should have; the seal, if that is what was there, has one less */
};

/* ERR_STORAGE with errno, ERR_MEMORY. */
enum err journal_tail_is_followed(const struct journal_tail *tail, bool *followed);

#endif
