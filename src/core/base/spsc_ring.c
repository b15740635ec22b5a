#include "core/base/spsc_ring.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CACHE_LINE 64

/*
 * head and tail count records for ever; the slot is count & mask. Each thread keeps a copy of the
 * other's counter and looks at the real one only when the copy says full or empty, so that the
 * cache lines travel seldom.
 */
struct spsc_ring { /* NOLINT(clang-analyzer-optin.performance.Padding): a cache line for each thread */
    size_t mask;
    size_t record_size;
    unsigned char *records;

    _Alignas(CACHE_LINE) atomic_size_t head; /* records written; stored by the writer */
    size_t tail_seen;                        /* writer's copy of tail */

    _Alignas(CACHE_LINE) atomic_size_t tail; /* records read; stored by the reader */
    size_t head_seen;                        /* reader's copy of head */
};

struct spsc_ring *spsc_ring_new(size_t capacity, size_t record_size)
{
    struct spsc_ring *ring;

    assert(capacity > 0 && (capacity & (capacity - 1)) == 0);
    assert(record_size > 0);
    if (capacity > PTRDIFF_MAX / record_size)
        return NULL;
    ring = aligned_alloc(CACHE_LINE, sizeof *ring);
    if (ring == NULL)
        return NULL;
    memset(ring, 0, sizeof *ring);
    ring->records = calloc(capacity, record_size);
    if (ring->records == NULL) {
        free(ring);
        return NULL;
    }
    ring->mask = capacity - 1;
    ring->record_size = record_size;
    atomic_init(&ring->head, 0);
    atomic_init(&ring->tail, 0);
    return ring;
}

void spsc_ring_free(struct spsc_ring *ring)
{
    if (ring == NULL)
        return;
    free(ring->records);
    free(ring);
}

bool spsc_ring_push(struct spsc_ring *ring, const void *record)
{
    size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

    if (head - ring->tail_seen > ring->mask) {
        ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
        if (head - ring->tail_seen > ring->mask)
            return false;
    }
    memcpy(ring->records + (head & ring->mask) * ring->record_size, record, ring->record_size);
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
    return true;
}

bool spsc_ring_pop(struct spsc_ring *ring, void *record)
{
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

    if (tail == ring->head_seen) {
        ring->head_seen = atomic_load_explicit(&ring->head, memory_order_acquire);
        if (tail == ring->head_seen)
            return false;
    }
    memcpy(record, ring->records + (tail & ring->mask) * ring->record_size, ring->record_size);
    atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
    return true;
}

size_t spsc_ring_used(const struct spsc_ring *ring)
{
    /* tail first: head never falls behind a tail read before it, so the difference is no less than 0. */
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    size_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
    size_t used = head - tail;

    return used > ring->mask + 1 ? ring->mask + 1 : used; /* the reader may have moved on in between */
}

size_t spsc_ring_capacity(const struct spsc_ring *ring)
{
    return ring->mask + 1;
}
