/*
 * order_book.h - price-level (L2) book of one instrument.
 *
 * Way of the data: feed -> market event -> ORDER BOOK -> signals, market_ref, book view.
 * Owned by the pipeline, used on the engine thread only: no lock. Allocates in
 * order_book_new() alone. Continuity is feed/book_sync's business, not the book's.
 * Units: price in ticks, quantity in lots (core/domain/instrument.h converts).
 *
 * Storage is hidden (its shape is chosen for speed: see the .c). Costs: update about 10 ns near
 * the touch and bounded for any price; best O(1); a walk costs per level seen. The two sides know
 * nothing of each other: a crossed book is kept as it came and order_book_crossed() tells.
 */
#ifndef CORE_MARKET_ORDER_BOOK_H
#define CORE_MARKET_ORDER_BOOK_H

#include "core/base/err.h"
#include "core/domain/market_event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORDER_BOOK_LEVELS_MAX 65536 /* a side, in and outside the window together */
/* Highest price: room to add a window's width without overflow. In e8 units still 92 billion. */
#define ORDER_BOOK_PRICE_MAX (INT64_MAX - (1 << 18))

struct order_book;

struct order_book *order_book_new(void);       /* NULL when memory is short; memory is touched as used */
void order_book_free(struct order_book *book); /* NULL is allowed */
void order_book_clear(struct order_book *book);

/* Sets one level to its absolute quantity; 0 removes it, absent or not. On an error the book is as before.
 *   ERR_BAD_DATA  price <= 0 or > ORDER_BOOK_PRICE_MAX, or quantity < 0
 *   ERR_FULL      ORDER_BOOK_LEVELS_MAX reached */
enum err order_book_set(struct order_book *book, enum side side, int64_t price_ticks, int64_t qty_lots);

/* All levels of an update, bids then asks. On an error the rest is still applied; the first error is
 * returned: the caller makes the book STALE. */
enum err order_book_apply(struct order_book *book, const struct depth_update *update);

/* The book becomes the snapshot. On an error the rest is still loaded and the first error returned. */
enum err order_book_load(struct order_book *book, const struct depth_snapshot *snapshot);

/* Best level; false when the side is empty. */
bool order_book_best(const struct order_book *book, enum side side, struct level *out);
/* Quantity resting at a price; 0 if none. */
int64_t order_book_qty(const struct order_book *book, enum side side, int64_t price_ticks);
size_t order_book_count(const struct order_book *book, enum side side);
bool order_book_crossed(const struct order_book *book); /* best bid >= best ask */

/* Up to `max` levels from the best outward; returns how many. */
size_t order_book_top(const struct order_book *book, enum side side, struct level *out, size_t max);
/* The next level strictly behind price_ticks, away from the touch; false at the end. To start a walk
 * use order_book_best(). */
bool order_book_next(const struct order_book *book, enum side side, int64_t price_ticks, struct level *out);
/* Sum of lots from the best out to limit_ticks inclusive (saturates), and over the best `levels`. */
int64_t order_book_sum_to(const struct order_book *book, enum side side, int64_t limit_ticks);
int64_t order_book_sum_top(const struct order_book *book, enum side side, size_t levels);
/* Price of walking the book for qty_lots: *worst_ticks reached and *value_tick_lots = sum of price x
 * quantity (int128 saturated to int64 is not enough: use the type), 0 and 0 when there is nothing. Levels
 * beyond limit_ticks are left alone; limit_ticks 0: no limit. Returns the lots available, at most qty_lots. */
int64_t order_book_walk(const struct order_book *book, enum side side, int64_t qty_lots, int64_t limit_ticks,
                        int64_t *worst_ticks, __int128 *value_tick_lots);

/* Prices and quantities times their factors (>= 1). Costs a rebuild. A level that would not fit is
 * removed: cannot happen with prices the decoder let in. */
void order_book_rescale(struct order_book *book, int64_t price_factor, int64_t qty_factor);

#endif
