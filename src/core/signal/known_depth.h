/*
 * known_depth.h - how far the book is known: a snapshot of the venue was cut, and what stood behind it then is unknown
 * until it changes. A level there that we have not heard of is not empty. Pure.
 */
#ifndef CORE_SIGNAL_KNOWN_DEPTH_H
#define CORE_SIGNAL_KNOWN_DEPTH_H

#include "core/domain/side.h"
#include "core/market/order_book.h"
#include "core/market/saturate.h"

struct known_depth {
    int64_t edge_ticks[SIDE_COUNT]; /* the last price that is known; 0: all of that side is */
};

static inline bool known_depth_has(const struct known_depth *known, enum side side, int64_t price_ticks)
{
    int64_t edge = known->edge_ticks[side];

    return edge == 0 || (side == SIDE_BID ? price_ticks >= edge : price_ticks <= edge);
}

/* The limit, or the edge when that is nearer to the touch. */
static inline int64_t known_depth_limit(const struct known_depth *known, enum side side, int64_t limit_ticks)
{
    return known_depth_has(known, side, limit_ticks) ? limit_ticks : known->edge_ticks[side];
}

/* How many of these levels, best first, are known. */
static inline size_t known_depth_count(const struct known_depth *known, enum side side,
                                       const struct level *level, size_t count)
{
    while (count > 0 && !known_depth_has(known, side, level[count - 1].price_ticks))
        count--;
    return count;
}

static inline void known_depth_rescale(struct known_depth *known, int64_t price_factor)
{
    for (int side = 0; side < SIDE_COUNT; side++)
        known->edge_ticks[side] = saturate_mul(known->edge_ticks[side], price_factor);
}

#endif
