/*
 * plain_matching.h - what one writes first: limit and market orders, lists of orders at each price, prices in a
 * sorted array or in a red-black tree (tsearch). No icebergs, stops or prevention, and orders are found by their id
 * as an index: all of that speaks for it. The yardstick of bench_matching.c.
 */
#ifndef BENCH_PLAIN_MATCHING_H
#define BENCH_PLAIN_MATCHING_H

#include "core/domain/side.h"

#include <search.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PLAIN_LEVELS_MAX 65536

struct plain_order {
    int64_t left_lots;
    uint32_t prev, next;
    struct plain_level *level; /* NULL: dead */
};

struct plain_level {
    int64_t key; /* better is smaller: ask price, minus bid price */
    int64_t qty_lots;
    uint32_t head, tail;
    enum side side;
};

struct plain_book {
    bool tree;
    struct plain_order *order; /* by id */
    uint32_t orders;
    struct plain_level *spare[PLAIN_LEVELS_MAX];
    size_t spares;
    struct plain_level level[PLAIN_LEVELS_MAX];
    struct plain_level *sorted[SIDE_COUNT][PLAIN_LEVELS_MAX]; /* the best at the end */
    size_t count[SIDE_COUNT];
    void *root[SIDE_COUNT];
    struct plain_level *best[SIDE_COUNT]; /* of the trees */
    void (*on_level)(void *arg, enum side side, int64_t price_ticks, int64_t before_lots, int64_t after_lots);
    void (*on_trade)(void *arg, uint64_t taker, uint64_t maker, int64_t price_ticks, int64_t qty_lots);
    void *arg;
};

static int64_t plain_key(enum side side, int64_t price_ticks)
{
    return side == SIDE_BID ? -price_ticks : price_ticks;
}

static void plain_keep(void *level)
{
    (void)level; /* the levels are an array */
}

static void plain_clear(struct plain_book *book)
{
    for (int side = 0; side < SIDE_COUNT; side++) {
        tdestroy(book->root[side], plain_keep);
        book->root[side] = NULL;
        book->count[side] = 0;
        book->best[side] = NULL;
    }
    book->orders = 0;
    book->spares = 0;
    for (size_t i = PLAIN_LEVELS_MAX; i-- > 0;)
        book->spare[book->spares++] = &book->level[i];
}

static int plain_compare(const void *a, const void *b)
{
    const struct plain_level *x = a, *y = b;

    return (x->key > y->key) - (x->key < y->key);
}

static size_t plain_place(const struct plain_book *book, enum side side, int64_t key)
{
    size_t low = 0, high = book->count[side];

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (book->sorted[side][middle]->key > key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct plain_level *plain_take_spare(struct plain_book *book, enum side side, int64_t key)
{
    struct plain_level *level = book->spare[--book->spares];

    *level = (struct plain_level){.key = key, .side = side};
    return level;
}

static struct plain_level *plain_open(struct plain_book *book, enum side side, int64_t key)
{
    struct plain_level *level, **node;
    size_t at;

    if (book->tree) {
        level = plain_take_spare(book, side, key);
        node = tsearch(level, &book->root[side], plain_compare);
        if (node == NULL)
            abort();
        if (*node != level)
            book->spare[book->spares++] = level;
        else if (book->best[side] == NULL || key < book->best[side]->key)
            book->best[side] = level;
        return *node;
    }
    at = plain_place(book, side, key);
    if (at < book->count[side] && book->sorted[side][at]->key == key)
        return book->sorted[side][at];
    memmove(&book->sorted[side][at + 1], &book->sorted[side][at], (book->count[side] - at) * sizeof(level));
    book->count[side]++;
    return book->sorted[side][at] = plain_take_spare(book, side, key);
}

static const struct plain_level *plain_lowest;

static int plain_go_left(const void *key, const void *level)
{
    (void)key;
    plain_lowest = level;
    return -1;
}

static void plain_close(struct plain_book *book, struct plain_level *level)
{
    enum side side = level->side;
    size_t at;

    if (book->tree) {
        tdelete(level, &book->root[side], plain_compare);
        if (book->best[side] == level) {
            plain_lowest = NULL;
            (void)tfind(level, &book->root[side], plain_go_left);
            book->best[side] = plain_lowest != NULL ? &book->level[plain_lowest - book->level] : NULL;
        }
    } else {
        at = plain_place(book, side, level->key);
        book->count[side]--;
        memmove(&book->sorted[side][at], &book->sorted[side][at + 1],
                (book->count[side] - at) * sizeof(level));
    }
    book->spare[book->spares++] = level;
}

static struct plain_level *plain_best(const struct plain_book *book, enum side side)
{
    if (book->tree)
        return book->best[side];
    return book->count[side] != 0 ? book->sorted[side][book->count[side] - 1] : NULL;
}

static void plain_leave(struct plain_book *book, uint32_t id)
{
    struct plain_order *order = &book->order[id];
    struct plain_level *level = order->level;

    if (order->prev != 0)
        book->order[order->prev].next = order->next;
    else
        level->head = order->next;
    if (order->next != 0)
        book->order[order->next].prev = order->prev;
    else
        level->tail = order->prev;
    order->level = NULL;
    if (level->head == 0)
        plain_close(book, level);
}

static void plain_submit(struct plain_book *book, enum side side, int64_t limit_ticks, int64_t qty_lots,
                         bool rests)
{
    uint32_t id = ++book->orders;
    enum side other = side_other(side);
    struct plain_order *order = &book->order[id];
    struct plain_level *level;
    int64_t price_ticks, before;

    order->level = NULL;
    while (qty_lots > 0 && (level = plain_best(book, other)) != NULL &&
           (price_ticks = other == SIDE_BID ? -level->key : level->key,
            side == SIDE_BID ? price_ticks <= limit_ticks : price_ticks >= limit_ticks)) {
        uint32_t maker = level->head;
        int64_t lots = book->order[maker].left_lots < qty_lots ? book->order[maker].left_lots : qty_lots;

        before = level->qty_lots;
        level->qty_lots -= lots;
        qty_lots -= lots;
        book->order[maker].left_lots -= lots;
        if (book->order[maker].left_lots == 0)
            plain_leave(book, maker);
        book->on_trade(book->arg, id, maker, price_ticks, lots);
        book->on_level(book->arg, other, price_ticks, before, before - lots);
    }
    if (qty_lots == 0 || !rests)
        return;
    level = plain_open(book, side, plain_key(side, limit_ticks));
    order->level = level;
    order->left_lots = qty_lots;
    order->next = 0;
    order->prev = level->tail;
    if (level->tail != 0)
        book->order[level->tail].next = id;
    else
        level->head = id;
    level->tail = id;
    before = level->qty_lots;
    level->qty_lots += qty_lots;
    book->on_level(book->arg, side, limit_ticks, before, level->qty_lots);
}

static void plain_cancel(struct plain_book *book, uint32_t id)
{
    struct plain_level *level = book->order[id].level;
    int64_t before, after;

    if (level == NULL)
        return;
    before = level->qty_lots;
    after = level->qty_lots -= book->order[id].left_lots;
    plain_leave(book, id);
    book->on_level(book->arg, level->side, level->side == SIDE_BID ? -level->key : level->key, before, after);
}

#endif
