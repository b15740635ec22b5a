#include "core/base/pool.h"

#include <assert.h>
#include <string.h>

#define WORD_BITS 64

void pool_init(struct pool *pool, size_t slots)
{
    assert(slots <= POOL_SLOTS_MAX);
    memset(pool, 0, sizeof *pool);
    pool->slots = slots;
    for (size_t i = 0; i < slots; i++)
        pool->free_bits[i / WORD_BITS] |= UINT64_C(1) << (i % WORD_BITS);
}

size_t pool_take(struct pool *pool)
{
    size_t words = (pool->slots + WORD_BITS - 1) / WORD_BITS;

    for (size_t word = 0; word < words; word++) {
        if (pool->free_bits[word] != 0) {
            size_t bit = (size_t)__builtin_ctzll(pool->free_bits[word]);

            pool->free_bits[word] &= pool->free_bits[word] - 1; /* clears the lowest bit */
            pool->used++;
            return word * WORD_BITS + bit;
        }
    }
    return POOL_NONE;
}

void pool_give(struct pool *pool, size_t index)
{
    uint64_t bit = UINT64_C(1) << (index % WORD_BITS);

    assert(index < pool->slots);
    assert((pool->free_bits[index / WORD_BITS] & bit) == 0); /* given back twice */
    pool->free_bits[index / WORD_BITS] |= bit;
    pool->used--;
}
