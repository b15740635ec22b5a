/*
 * match_levels.h - price levels of one book: pools, and an index of prices that does not grow with their range.
 *
 * Five kinds of queue share the pool: bids, asks, stops that a falling or a rising price sets off, and queues
 * without a price. Prices are found by a tree of 64-way nodes with a bitmap each, six bits of the price a step; the
 * leaves used last are remembered, so near the touch a level is one look away. Index 0 is no level.
 */
#ifndef SIM_MATCH_LEVELS_H
#define SIM_MATCH_LEVELS_H

#include "core/domain/side.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MATCH_PRICE_BITS_MAX  48 /* of a price in ticks; keeps price x bips within int64_t */
#define MATCH_LEVEL_NONE      0
#define MATCH_QUEUES_MAX      3  /* levels without a price: match_levels_queue() */
#define MATCH_LEAVES_REMEMBER 64 /* of a ladder */

/* Even: the best is the highest price. The first two are enum side. */
enum match_ladder { LADDER_BID = SIDE_BID, LADDER_ASK = SIDE_ASK, LADDER_FALL, LADDER_RISE, LADDER_NONE };

#define MATCH_LADDERS LADDER_NONE

struct match_level {
    int64_t price_ticks;
    int64_t visible_lots, total_lots; /* of its orders; total with the hidden parts */
    uint32_t head, tail, count;       /* orders, first in the queue first */
    uint32_t node;                    /* leaf that holds it; of a free level: the next free one */
    enum match_ladder ladder;
};

struct match_node {
    uint64_t used; /* children there are */
    uint32_t parent, place;
    uint32_t child[64]; /* nodes; in a leaf, levels */
};

struct match_levels {
    struct match_level *level;
    struct match_node *node;
    uint32_t level_free, node_free;     /* head of the freed ones */
    uint32_t levels_begun, nodes_begun; /* beyond them memory was never touched */
    unsigned steps;                     /* from root to level */
    struct {
        uint32_t root, best;
        struct {
            int64_t key; /* price / 64, plus 1 */
            uint32_t node;
        } leaf[MATCH_LEAVES_REMEMBER];
    } ladder[MATCH_LADDERS];
};

/* Room for as many levels as there can be orders. False: no memory. */
bool match_levels_init(struct match_levels *levels, size_t orders_max, int64_t price_ticks_max);
void match_levels_drop(struct match_levels *levels);
uint32_t match_levels_queue(struct match_levels *levels); /* a level without a price; never closed */

/* 0 <= price_ticks <= price_ticks_max. */
uint32_t match_levels_find(const struct match_levels *levels, enum match_ladder ladder, int64_t price_ticks);
uint32_t match_levels_open(struct match_levels *levels, enum match_ladder ladder,
                           int64_t price_ticks);                      /* makes it if it is not there */
void match_levels_close(struct match_levels *levels, uint32_t index); /* of an empty one */
/* The next worse level behind one, and behind any price. */
uint32_t match_levels_worse(const struct match_levels *levels, uint32_t index);
uint32_t match_levels_behind(const struct match_levels *levels, enum match_ladder ladder,
                             int64_t price_ticks);

static inline uint32_t match_levels_best(const struct match_levels *levels, enum match_ladder ladder)
{
    return levels->ladder[ladder].best;
}

#endif
