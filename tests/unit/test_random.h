/* test_random.h - a seeded generator (splitmix64) for property tests: a failure repeats exactly. */
#ifndef UNIT_TEST_RANDOM_H
#define UNIT_TEST_RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Even over min..max, as far as 2^64 goes; min <= max. */
static inline int64_t random_between(uint64_t *state, int64_t min, int64_t max)
{
    uint64_t span = (uint64_t)max - (uint64_t)min + 1;

    return (int64_t)((uint64_t)min + (span == 0 ? random_next(state) : random_next(state) % span));
}

/* A non-negative number of up to `bits` bits, each length as likely as another: finds the edges. */
static inline int64_t random_sized(uint64_t *state, unsigned bits)
{
    unsigned length = (unsigned)random_between(state, 0, bits);

    return length == 0 ? 0 : (int64_t)(random_next(state) >> (64 - length));
}

#endif
