/*
 * numbers.h - seeded randomness of the recording maker.
 *
 * Same seed, same market, on any machine: logarithm and exponential are our own (libm's differ in their
 * last bit between machines), the generator is xoshiro256** (Blackman, Vigna 2018), seeded by splitmix64.
 */
#ifndef MARKET_NUMBERS_H
#define MARKET_NUMBERS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define NUMBERS_LN2 0.69314718055994530942

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

static inline double numbers_ln(double x)
{
    uint64_t bits;
    int exponent;
    double s, square, term, sum;

    memcpy(&bits, &x, sizeof(bits));
    exponent = (int)(bits >> 52) - 1023;
    bits = (bits & UINT64_C(0xfffffffffffff)) | UINT64_C(0x3ff0000000000000);
    memcpy(&x, &bits, sizeof(x)); /* 1 <= x < 2 */
    s = (x - 1.0) / (x + 1.0);
    square = s * s;
    sum = term = s;
    for (int k = 3; k < 40; k += 2) {
        term *= square;
        sum += term / k;
    }
    return 2.0 * sum + exponent * NUMBERS_LN2;
}

static inline double numbers_exp(double x)
{
    int power;
    uint64_t bits;
    double rest, term = 1.0, sum = 1.0, scale;

    if (x < -700.0)
        return 0.0;
    if (x > 700.0)
        x = 700.0;
    power = (int)(x / NUMBERS_LN2);
    rest = x - power * NUMBERS_LN2;
    for (int k = 1; k < 20; k++) {
        term *= rest / k;
        sum += term;
    }
    bits = (uint64_t)(power + 1023) << 52;
    memcpy(&scale, &bits, sizeof(scale));
    return sum * scale;
}

static inline double numbers_exponential(struct numbers *numbers, double mean)
{
    return -mean * numbers_ln(numbers_uniform(numbers));
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
    return u * sqrt(-2.0 * numbers_ln(square) / square);
}

static inline double numbers_lognormal(struct numbers *numbers, double median, double sigma)
{
    return median * numbers_exp(sigma * numbers_normal(numbers));
}

#endif
