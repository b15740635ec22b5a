/*
 * match_orders.h - the orders of one book: a pool, their queues, and the way from an id to its order.
 *
 * Ids are handed out one after another, so their low bits are a perfect hash until very old orders meet very new
 * ones: chains stay as short as orders are spread over ids. Index 0 is no order. An order stands in at most one
 * queue; the level keeps its sums.
 */
#ifndef SIM_MATCH_ORDERS_H
#define SIM_MATCH_ORDERS_H

#include "sim/match_levels.h"
#include "sim/matching.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct match_slot { /* three cache lines */
    _Alignas(64) struct match_order order;
    uint32_t prev, next; /* in the queue of its level */
    uint32_t level;      /* 0: in none */
    uint32_t id_next;    /* chain of its id's bucket; of a free slot: the next free one */
    uint32_t list_next;  /* chain of its list's bucket, match_lists.h */
    uint32_t listed;     /* 1: stands there */
    union {
        int64_t trail_best_ticks; /* trailing stops: best price seen; match_triggers.h */
        int64_t spent_value;      /* market by quote: traded and prevented */
    };
};

struct match_orders {
    struct match_slot *slot; /* aligned within memory */
    void *memory;
    uint32_t *bucket;
    uint64_t bucket_mask;
    uint32_t free, begun; /* beyond begun memory was never touched */
    size_t max, used;
};

bool match_orders_init(struct match_orders *orders, size_t max); /* false: no memory */
void match_orders_drop(struct match_orders *orders);

uint32_t match_orders_take(struct match_orders *orders, uint64_t id); /* 0: full. Its order is not cleared. */
void match_orders_give(struct match_orders *orders, uint32_t index);  /* stands in no queue any more */
/* An order soon needed: its three lines come together, not one after the other. Index 0 does no harm. */
static inline void match_orders_prefetch(const struct match_orders *orders, uint32_t index)
{
    const char *line = (const char *)&orders->slot[index];

    __builtin_prefetch(line, 1);
    __builtin_prefetch(line + 64, 1);
    __builtin_prefetch(line + 128, 1);
}

uint32_t match_orders_find(const struct match_orders *orders, uint64_t id);

/* To the back of a queue; visible_lots and left_lots count in the level's sums while it stands there. */
void match_orders_join(struct match_orders *orders, struct match_levels *levels, uint32_t index,
                       uint32_t level);
/* Out of its queue; a level with a price that becomes empty is closed. */
void match_orders_leave(struct match_orders *orders, struct match_levels *levels, uint32_t index);
/* The first of a queue goes to its back; the sums stay. */
void match_orders_to_back(struct match_orders *orders, struct match_levels *levels, uint32_t index);

#endif
