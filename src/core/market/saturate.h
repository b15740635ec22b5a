/*
 * saturate.h - sums and products that stay at the end of int64_t instead of wrapping. Pure.
 *
 * For quantities that are shown or compared: a wrapped sum would look like a small one. Ledgers refuse
 * instead (core/domain).
 */
#ifndef CORE_MARKET_SATURATE_H
#define CORE_MARKET_SATURATE_H

#include <stdint.h>

/* Any sign. */
static inline int64_t saturate_add(int64_t a, int64_t b)
{
    int64_t sum;

    if (__builtin_add_overflow(a, b, &sum))
        return a < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

/* Any sign; factor > 0. */
static inline int64_t saturate_mul(int64_t value, int64_t factor)
{
    int64_t product;

    if (__builtin_mul_overflow(value, factor, &product))
        return value < 0 ? -INT64_MAX : INT64_MAX;
    return product;
}

#endif
