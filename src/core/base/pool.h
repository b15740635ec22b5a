/*
 * pool.h - a fixed number of equal slots over memory the caller owns; no allocation.
 *
 * Slots are handed out lowest index first, so that equal histories give equal indices.
 */
#ifndef CORE_BASE_POOL_H
#define CORE_BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

#define POOL_SLOTS_MAX 4096
#define POOL_NONE      SIZE_MAX

struct pool {
    size_t slots;
    size_t used;
    uint64_t free_bits[POOL_SLOTS_MAX / 64]; /* 1 = free */
};

void pool_init(struct pool *pool, size_t slots); /* slots <= POOL_SLOTS_MAX */
size_t pool_take(struct pool *pool);             /* lowest free index, POOL_NONE when full */
void pool_give(struct pool *pool, size_t index); /* index must be taken: asserted */

#endif
