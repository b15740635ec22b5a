/*
 * saturate.h - sums and products that stay at the end of int64_t instead of wrapping. Pure.
 *
 * For quantities that are shown or compared: a wrapped sum would look like a small one. Ledgers refuse
 * instead (core/domain).
 */
#ifndef CORE_MARKET_SATURATE_H
#define CORE_MARKET_SATURATE_H

#include <stdint.h>

/* Both >= 0. */
static inline int64_t saturate_add(int64_t sum, int64_t more)
{
    return __builtin_add_overflow(sum, more, &sum) ? INT64_MAX : sum;
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
