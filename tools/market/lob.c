#include "market/lob.h"

#include <assert.h>
#include <stdlib.h>

#define NIL       UINT32_MAX
#define DIRTY_MAX 65536

struct order {
    uint32_t next, prev; /* in time order of its level; NIL ends */
    uint32_t generation;
    uint32_t owner;
    int64_t price;
    int64_t qty; /* 0: the slot is free */
    enum lob_side side;
};

struct level {
    int64_t qty;
    uint32_t head, tail;
};

struct lob {
    int64_t price_min;
    size_t span;
    uint64_t update_id, diff_first_id;
    int64_t best[2];
    struct level *level;   /* [span]; a price has one side at a time */
    uint64_t *occupied[2]; /* [span / 64] */
    uint64_t *dirty[2];    /* [span / 64] */
    struct lob_level diff[2][DIRTY_MAX];
    size_t diff_count[2];
    uint32_t free_head;
    struct order order[LOB_ORDERS_MAX];
};

static size_t slot_of(const struct lob *lob, int64_t price)
{
    return (size_t)(price - lob->price_min);
}

static bool bit_get(const uint64_t *bits, size_t at)
{
    return (bits[at / 64] >> (at % 64) & 1) != 0;
}

struct lob *lob_new(int64_t price_min, size_t span, uint64_t first_update_id)
{
    struct lob *lob = calloc(1, sizeof(*lob));

    assert(span % 64 == 0 && price_min > 0);
    if (lob == NULL)
        return NULL;
    lob->price_min = price_min;
    lob->span = span;
    lob->update_id = first_update_id;
    lob->diff_first_id = first_update_id + 1;
    lob->level = calloc(span, sizeof(*lob->level));
    for (int side = 0; side < 2; side++) {
        lob->occupied[side] = calloc(span / 64, sizeof(uint64_t));
        lob->dirty[side] = calloc(span / 64, sizeof(uint64_t));
        if (lob->occupied[side] == NULL || lob->dirty[side] == NULL || lob->level == NULL) {
            lob_free(lob);
            return NULL;
        }
    }
    for (uint32_t i = 0; i < LOB_ORDERS_MAX; i++)
        lob->order[i].next = i + 1 < LOB_ORDERS_MAX ? i + 1 : NIL;
    return lob;
}

void lob_free(struct lob *lob)
{
    if (lob == NULL)
        return;
    free(lob->level);
    for (int side = 0; side < 2; side++) {
        free(lob->occupied[side]);
        free(lob->dirty[side]);
    }
    free(lob);
}

/* First occupied slot at or worse than `from` for this side; SIZE_MAX: none. */
static size_t scan(const struct lob *lob, enum lob_side side, size_t from)
{
    const uint64_t *bits = lob->occupied[side];
    size_t word = from / 64;
    uint64_t here;

    if (side == LOB_ASK) {
        here = bits[word] & (~UINT64_C(0) << (from % 64));
        while (here == 0 && ++word < lob->span / 64)
            here = bits[word];
        return here == 0 ? SIZE_MAX : word * 64 + (size_t)__builtin_ctzll(here);
    }
    here = bits[word] & (~UINT64_C(0) >> (63 - from % 64));
    while (here == 0 && word-- > 0)
        here = bits[word];
    return here == 0 ? SIZE_MAX : word * 64 + 63 - (size_t)__builtin_clzll(here);
}

/* A level has its new quantity: the next update id, a place in the diff, the best price. */
static void level_changed(struct lob *lob, enum lob_side side, int64_t price)
{
    size_t at = slot_of(lob, price);
    uint64_t bit = UINT64_C(1) << (at % 64);

    lob->update_id++;
    if (!bit_get(lob->dirty[side], at)) {
        assert(lob->diff_count[side] < DIRTY_MAX);
        lob->dirty[side][at / 64] |= bit;
        lob->diff[side][lob->diff_count[side]++].price = price;
    }
    if (lob->level[at].qty > 0) {
        lob->occupied[side][at / 64] |= bit;
        if (lob->best[side] == LOB_NONE ||
            (side == LOB_BID ? price > lob->best[side] : price < lob->best[side]))
            lob->best[side] = price;
    } else {
        lob->occupied[side][at / 64] &= ~bit;
        if (price == lob->best[side]) {
            size_t next = scan(lob, side, at);

            lob->best[side] = next == SIZE_MAX ? LOB_NONE : lob->price_min + (int64_t)next;
        }
    }
}

static void unlink_order(struct lob *lob, uint32_t index)
{
    struct order *order = &lob->order[index];
    struct level *level = &lob->level[slot_of(lob, order->price)];

    if (order->prev != NIL)
        lob->order[order->prev].next = order->next;
    else
        level->head = order->next;
    if (order->next != NIL)
        lob->order[order->next].prev = order->prev;
    else
        level->tail = order->prev;
    level->qty -= order->qty;
    order->qty = 0;
    order->generation++;
    order->next = lob->free_head;
    lob->free_head = index;
}

static const struct order *order_of(const struct lob *lob, uint64_t handle)
{
    const struct order *order = &lob->order[(uint32_t)handle % LOB_ORDERS_MAX];

    return handle != LOB_NONE && order->qty > 0 && order->generation == (uint32_t)(handle >> 32) - 1 ? order
                                                                                                     : NULL;
}

uint64_t lob_add(struct lob *lob, enum lob_side side, int64_t price, int64_t qty, unsigned owner)
{
    enum lob_side other = side == LOB_BID ? LOB_ASK : LOB_BID;
    uint32_t index = lob->free_head;
    struct order *order;
    struct level *level;

    if (qty <= 0 || index == NIL || price <= lob->price_min || price >= lob->price_min + (int64_t)lob->span)
        return LOB_NONE;
    if (lob->best[other] != LOB_NONE &&
        (side == LOB_BID ? price >= lob->best[other] : price <= lob->best[other]))
        return LOB_NONE;
    order = &lob->order[index];
    lob->free_head = order->next;
    level = &lob->level[slot_of(lob, price)];
    if (level->qty == 0)
        level->head = level->tail = NIL;
    order->side = side;
    order->price = price;
    order->qty = qty;
    order->owner = owner;
    order->next = NIL;
    order->prev = level->tail;
    if (level->tail != NIL)
        lob->order[level->tail].next = index;
    else
        level->head = index;
    level->tail = index;
    level->qty += qty;
    level_changed(lob, side, price);
    return ((uint64_t)order->generation + 1) << 32 | index;
}

bool lob_cancel(struct lob *lob, uint64_t handle)
{
    const struct order *order = order_of(lob, handle);
    enum lob_side side;
    int64_t price;

    if (order == NULL)
        return false;
    side = order->side;
    price = order->price;
    unlink_order(lob, (uint32_t)handle % LOB_ORDERS_MAX);
    level_changed(lob, side, price);
    return true;
}

bool lob_find(const struct lob *lob, uint64_t handle, struct lob_order_info *out)
{
    const struct order *order = order_of(lob, handle);

    if (order == NULL)
        return false;
    *out = (struct lob_order_info){order->side, order->price, order->qty, order->owner};
    return true;
}

int64_t lob_take(struct lob *lob, enum lob_side side, int64_t qty, int64_t limit, lob_fill_fn fill, void *arg)
{
    enum lob_side resting = side == LOB_BID ? LOB_ASK : LOB_BID;
    int64_t left = qty;

    while (left > 0 && lob->best[resting] != LOB_NONE) {
        int64_t price = lob->best[resting];
        struct level *level = &lob->level[slot_of(lob, price)];

        if (side == LOB_BID ? price > limit : price < limit)
            break;
        while (left > 0 && level->qty > 0) {
            struct order *order = &lob->order[level->head];
            int64_t traded = order->qty < left ? order->qty : left;

            left -= traded;
            if (traded == order->qty) {
                unlink_order(lob, level->head);
            } else {
                order->qty -= traded;
                level->qty -= traded;
            }
            fill(arg, price, traded);
        }
        level_changed(lob, resting, price);
    }
    return qty - left;
}

int64_t lob_best(const struct lob *lob, enum lob_side side)
{
    return lob->best[side];
}

int64_t lob_next(const struct lob *lob, enum lob_side side, int64_t price)
{
    size_t at = slot_of(lob, price);
    size_t next;

    if (side == LOB_BID ? at == 0 : at + 1 >= lob->span)
        return LOB_NONE;
    next = scan(lob, side, side == LOB_BID ? at - 1 : at + 1);
    return next == SIZE_MAX ? LOB_NONE : lob->price_min + (int64_t)next;
}

int64_t lob_qty(const struct lob *lob, enum lob_side side, int64_t price)
{
    size_t at = slot_of(lob, price);

    return at < lob->span && bit_get(lob->occupied[side], at) ? lob->level[at].qty : 0;
}

size_t lob_orders_at(const struct lob *lob, enum lob_side side, int64_t price, uint64_t *out, size_t max)
{
    size_t at = slot_of(lob, price);
    size_t count = 0;

    if (at >= lob->span || !bit_get(lob->occupied[side], at))
        return 0;
    for (uint32_t i = lob->level[at].head; i != NIL && count < max; i = lob->order[i].next)
        out[count++] = ((uint64_t)lob->order[i].generation + 1) << 32 | i;
    return count;
}

uint64_t lob_update_id(const struct lob *lob)
{
    return lob->update_id;
}

size_t lob_top(const struct lob *lob, enum lob_side side, struct lob_level *out, size_t max)
{
    int64_t price = lob->best[side];
    size_t count = 0;

    for (; price != LOB_NONE && count < max; price = lob_next(lob, side, price))
        out[count++] = (struct lob_level){price, lob_qty(lob, side, price)};
    return count;
}

static int price_order(const void *a, const void *b)
{
    int64_t left = ((const struct lob_level *)a)->price, right = ((const struct lob_level *)b)->price;

    return left < right ? -1 : left > right;
}

size_t lob_diff(struct lob *lob, enum lob_side side, const struct lob_level **out)
{
    struct lob_level *diff = lob->diff[side];
    size_t count = lob->diff_count[side];

    qsort(diff, count, sizeof(*diff), price_order);
    for (size_t i = 0; side == LOB_BID && i < count / 2; i++) {
        struct lob_level swap = diff[i];

        diff[i] = diff[count - 1 - i];
        diff[count - 1 - i] = swap;
    }
    for (size_t i = 0; i < count; i++)
        diff[i].qty = lob_qty(lob, side, diff[i].price);
    *out = diff;
    return count;
}

uint64_t lob_diff_first_id(const struct lob *lob)
{
    return lob->diff_first_id;
}

void lob_diff_clear(struct lob *lob)
{
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < lob->diff_count[side]; i++) {
            size_t at = slot_of(lob, lob->diff[side][i].price);

            lob->dirty[side][at / 64] &= ~(UINT64_C(1) << (at % 64));
        }
        lob->diff_count[side] = 0;
    }
    lob->diff_first_id = lob->update_id + 1;
}
