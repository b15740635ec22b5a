/* journal_ring_parts.h - the inside of a ring: for journal_ring.c and journal_ring_open.c alone. */
#ifndef STORE_JOURNAL_RING_PARTS_H
#define STORE_JOURNAL_RING_PARTS_H

#include "store/journal_ring.h"
#include "store/le_bytes.h"

#include <assert.h>
#include <stdatomic.h>
#include <sys/types.h>

#define RING_HEADER_SIZE 4096
#define RING_PATH_SIZE   256
#define RING_CACHE_LINE  64
#define RING_SKIP        UINT32_MAX /* where a frame's size would be: it goes on at the beginning */

/*
 * The first page of the file. The first part never changes and is checksummed. head and tail count bytes for ever, the
 * place is the count modulo the capacity; each is written by one thread alone. In the byte order of this machine, which
 * the file never leaves. Nothing here is of a boot, a process or an address.
 */
struct ring_header {
    unsigned char magic[8]; /* written last: without it the file was never begun */
    uint32_t format;
    uint32_t crc; /* of what stands between here and head */
    uint64_t capacity;
    unsigned char journal_id[16];

    _Alignas(RING_CACHE_LINE) _Atomic uint64_t head; /* published; stored by the engine */
    _Alignas(RING_CACHE_LINE) _Atomic uint64_t tail; /* freed; stored by the reader */
};

static_assert(sizeof(struct ring_header) <= RING_HEADER_SIZE, "one page");
static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "a lock would die with its holder");

struct journal_ring { /* NOLINT(clang-analyzer-optin.performance.Padding): a cache line for each thread */
    struct ring_header *header;
    unsigned char *data;
    size_t capacity;
    bool locked;
    char path[RING_PATH_SIZE];
    dev_t device; /* of the mapped file: the path is removed while it still leads there */
    ino_t inode;

    /* The engine's. */
    _Alignas(RING_CACHE_LINE) uint64_t head; /* published, and where the step begins but for what it skips */
    uint64_t tail_seen;                      /* the reader's mark when it was last looked at */
    uint64_t step;                           /* where the step's first frame is */
    size_t step_size;
    uint64_t step_frames;
    bool in_step, dropping;
    uint64_t next_seq;
    _Atomic uint64_t newest_seq;
    unsigned char scratch[FRAME_MAX];
};

static inline size_t ring_place(const struct journal_ring *ring, uint64_t count)
{
    return (size_t)(count & (ring->capacity - 1));
}

static inline uint64_t ring_lap_end(const struct journal_ring *ring, uint64_t count)
{
    return count - ring_place(ring, count) + ring->capacity;
}

static inline bool ring_skips(const struct journal_ring *ring, uint64_t count)
{
    return get_u32(ring->data + ring_place(ring, count)) == RING_SKIP;
}

#endif
