/*
 * numbers.h - seeded randomness of the built-in market.
 *
 * Same seed, same market, on any machine and with any compiler: elementary functions are core/base/fmath.h, the
 * generator is xoshiro256** (Blackman, Vigna 2018), seeded by splitmix64.
 */
#ifndef SIM_NUMBERS_H
#define SIM_NUMBERS_H

#include "core/base/fmath.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

struct numbers {
    uint64_t word[4];
};

static inline uint64_t numbers_mix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline void numbers_init(struct numbers *numbers, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        numbers->word[i] = numbers_mix(&seed);
}

static inline uint64_t numbers_rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static inline uint64_t numbers_bits(struct numbers *numbers)
{
    uint64_t *word = numbers->word;
    uint64_t result = numbers_rotate(word[1] * 5, 7) * 9;
    uint64_t shifted = word[1] << 17;

    word[2] ^= word[0];
    word[3] ^= word[1];
    word[1] ^= word[2];
    word[0] ^= word[3];
    word[2] ^= shifted;
    word[3] = numbers_rotate(word[3], 45);
    return result;
}

/* In (0, 1): never 0, so that its logarithm is finite. */
static inline double numbers_uniform(struct numbers *numbers)
{
    return ((double)(numbers_bits(numbers) >> 12) + 0.5) * 0x1p-52;
}

static inline bool numbers_chance(struct numbers *numbers, double probability)
{
    return numbers_uniform(numbers) < probability;
}

static inline double numbers_exponential(struct numbers *numbers, double mean)
{
    return -mean * fmath_log(numbers_uniform(numbers));
}

/* Standard normal by Marsaglia's polar method. */
static inline double numbers_normal(struct numbers *numbers)
{
    double u, v, square;

    do {
        u = 2.0 * numbers_uniform(numbers) - 1.0;
        v = 2.0 * numbers_uniform(numbers) - 1.0;
        square = u * u + v * v;
    } while (square >= 1.0 || square < 1e-300);
    return u * sqrt(-2.0 * fmath_log(square) / square);
}

static inline double numbers_lognormal(struct numbers *numbers, double median, double sigma)
{
    return median * fmath_exp(sigma * numbers_normal(numbers));
}

#endif
