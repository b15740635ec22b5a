/*
 * lob.h - limit order book of one instrument, order by order, price-time priority.
 *
 * The truth of the made market: what trades, what rests, what each update id stands for. Prices are ticks,
 * quantities lots. Each change of a level takes the next update id; the levels changed since the last diff are
 * kept, so that the depth stream is the difference of the true book and nothing else.
 */
#ifndef MARKET_LOB_H
#define MARKET_LOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lob_side { LOB_BID = 0, LOB_ASK = 1 };

#define LOB_ORDERS_MAX 65536
#define LOB_NONE       0 /* no such price, no such order */

struct lob;

struct lob_level {
    int64_t price;
    int64_t qty; /* 0: the level is gone */
};

struct lob_order_info {
    enum lob_side side;
    int64_t price;
    int64_t qty;
    unsigned owner;
};

/* One resting order met a taker. */
typedef void (*lob_fill_fn)(void *arg, int64_t price, int64_t qty);

/* Room for prices in [price_min, price_min + span); span is a multiple of 64. NULL: no memory. */
struct lob *lob_new(int64_t price_min, size_t span, uint64_t first_update_id);
void lob_free(struct lob *lob);

/* Rests an order; LOB_NONE if it would cross, lies outside the range, or the pool is full. */
uint64_t lob_add(struct lob *lob, enum lob_side side, int64_t price, int64_t qty, unsigned owner);
bool lob_cancel(struct lob *lob, uint64_t order); /* false: already gone */
bool lob_find(const struct lob *lob, uint64_t order, struct lob_order_info *out);
/* Takes up to qty from the side opposite to `side` at limit or better; returns what was filled. */
int64_t lob_take(struct lob *lob, enum lob_side side, int64_t qty, int64_t limit, lob_fill_fn fill,
                 void *arg);

int64_t lob_best(const struct lob *lob, enum lob_side side);                /* LOB_NONE: empty */
int64_t lob_next(const struct lob *lob, enum lob_side side, int64_t price); /* next worse price with orders */
int64_t lob_qty(const struct lob *lob, enum lob_side side, int64_t price);
size_t lob_orders_at(const struct lob *lob, enum lob_side side, int64_t price, uint64_t *out, size_t max);
uint64_t lob_update_id(const struct lob *lob);
size_t lob_top(const struct lob *lob, enum lob_side side, struct lob_level *out, size_t max); /* best first */

/* Changed levels since the last call of lob_diff_clear(), best first; count of all. */
size_t lob_diff(struct lob *lob, enum lob_side side, const struct lob_level **out);
uint64_t lob_diff_first_id(const struct lob *lob);
void lob_diff_clear(struct lob *lob);

#endif
