#include "sim/match_orders.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct match_slot) == 192, "an order is three cache lines");

#define CACHE_LINE 64

bool match_orders_init(struct match_orders *orders, size_t max)
{
    size_t buckets = 1;

    memset(orders, 0, sizeof(*orders));
    while (buckets < max)
        buckets *= 2;
    /* One slot more to round up to a cache line: calloc leaves memory untouched, aligned_alloc would need a memset. */
    orders->memory = calloc(max + 2, sizeof(struct match_slot));
    orders->bucket = calloc(buckets, sizeof(orders->bucket[0]));
    if (orders->memory == NULL || orders->bucket == NULL) {
        match_orders_drop(orders);
        return false;
    }
    orders->slot =
        (struct match_slot *)(((uintptr_t)orders->memory + CACHE_LINE - 1) & ~(uintptr_t)(CACHE_LINE - 1));
    orders->bucket_mask = buckets - 1;
    orders->begun = 1;
    orders->max = max;
    return true;
}

void match_orders_drop(struct match_orders *orders)
{
    free(orders->memory);
    free(orders->bucket);
    orders->memory = NULL;
    orders->slot = NULL;
    orders->bucket = NULL;
}

uint32_t match_orders_take(struct match_orders *orders, uint64_t id)
{
    uint32_t index = orders->free, *bucket = &orders->bucket[id & orders->bucket_mask];
    struct match_slot *slot;

    if (orders->used == orders->max)
        return 0;
    if (index != 0)
        orders->free = orders->slot[index].id_next;
    else
        index = orders->begun++;
    orders->used++;
    slot = &orders->slot[index];
    slot->order.id = id;
    slot->level = 0;
    slot->listed = 0;
    slot->id_next = *bucket;
    *bucket = index;
    return index;
}

void match_orders_give(struct match_orders *orders, uint32_t index)
{
    uint32_t *at = &orders->bucket[orders->slot[index].order.id & orders->bucket_mask];

    while (*at != index)
        at = &orders->slot[*at].id_next;
    *at = orders->slot[index].id_next;
    orders->slot[index].id_next = orders->free;
    orders->free = index;
    orders->used--;
}

uint32_t match_orders_find(const struct match_orders *orders, uint64_t id)
{
    uint32_t index = orders->bucket[id & orders->bucket_mask];

    match_orders_prefetch(orders, index);
    while (index != 0 && orders->slot[index].order.id != id)
        index = orders->slot[index].id_next;
    return index;
}

static void link_last(struct match_orders *orders, struct match_level *level, uint32_t index)
{
    orders->slot[index].prev = level->tail;
    orders->slot[index].next = 0;
    if (level->tail != 0)
        orders->slot[level->tail].next = index;
    else
        level->head = index;
    level->tail = index;
}

static void unlink_slot(struct match_orders *orders, struct match_level *level, uint32_t index)
{
    const struct match_slot *slot = &orders->slot[index];

    if (slot->prev != 0)
        orders->slot[slot->prev].next = slot->next;
    else
        level->head = slot->next;
    if (slot->next != 0)
        orders->slot[slot->next].prev = slot->prev;
    else
        level->tail = slot->prev;
}

void match_orders_join(struct match_orders *orders, struct match_levels *levels, uint32_t index, uint32_t to)
{
    struct match_slot *slot = &orders->slot[index];
    struct match_level *level = &levels->level[to];

    link_last(orders, level, index);
    slot->level = to;
    level->count++;
    level->visible_lots += slot->order.visible_lots;
    level->total_lots += slot->order.left_lots;
}

void match_orders_leave(struct match_orders *orders, struct match_levels *levels, uint32_t index)
{
    struct match_slot *slot = &orders->slot[index];
    struct match_level *level = &levels->level[slot->level];

    unlink_slot(orders, level, index);
    level->count--;
    level->visible_lots -= slot->order.visible_lots;
    level->total_lots -= slot->order.left_lots;
    if (level->count == 0 && level->ladder != LADDER_NONE)
        match_levels_close(levels, slot->level);
    slot->level = 0;
}

void match_orders_to_back(struct match_orders *orders, struct match_levels *levels, uint32_t index)
{
    struct match_level *level = &levels->level[orders->slot[index].level];

    if (level->tail == index)
        return;
    unlink_slot(orders, level, index);
    link_last(orders, level, index);
}
