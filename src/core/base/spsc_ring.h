/*
 * spsc_ring.h - bounded ring of fixed-size records, one writing and one reading thread.
 *
 * Two uses: commands into the engine and records to the store. Never blocks, never drops by
 * itself: a full ring is the writer's to answer. Capacity is a power of two; the records are
 * copied. Allocates in spsc_ring_new() alone.
 */
#ifndef CORE_BASE_SPSC_RING_H
#define CORE_BASE_SPSC_RING_H

#include <stdbool.h>
#include <stddef.h>

struct spsc_ring;

/* capacity: power of two. NULL when memory is short. */
struct spsc_ring *spsc_ring_new(size_t capacity, size_t record_size);
void spsc_ring_free(struct spsc_ring *ring); /* NULL is allowed */

bool spsc_ring_push(struct spsc_ring *ring, const void *record); /* false: full */
bool spsc_ring_pop(struct spsc_ring *ring, void *record);        /* false: empty */

size_t spsc_ring_used(const struct spsc_ring *ring); /* either side; a moment's value */
size_t spsc_ring_capacity(const struct spsc_ring *ring);

#endif
