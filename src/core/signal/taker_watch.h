/*
 * taker_watch.h - finds ABSORBED and SWEEP in the takers' prints. Pure.
 *
 * ABSORBED  Within the window takers took absorb_times_x100 / 100 of what stood at one price when they began (of what
 *           stands now, if that is more), in three orders at least, and it still is the best price with half of that
 *           size or more. Small levels do not count: what was taken must exceed 90 % of single taker orders
 *           threefold. confidence: odds of (taken : standing) against what is asked for, times the share of the size
 *           that stands now (at most 1).
 * SWEEP     One taker order (prints joined as on the tape) through sweep_prices prices or more that was larger than
 *           99 % of the last 900 taker orders. confidence: the share of those that were smaller.
 */
#ifndef CORE_SIGNAL_TAKER_WATCH_H
#define CORE_SIGNAL_TAKER_WATCH_H

#include "core/domain/market_event.h"
#include "core/market/order_book.h"
#include "core/signal/event_log.h"
#include "core/signal/percentile.h"

#define TAKER_WATCH_LEVELS 16 /* prices watched on each side; the one longest not hit makes room */

struct hit_level {
    int64_t price_ticks; /* 0: free */
    int64_t first_ns, last_ns;
    int64_t standing_lots; /* when the first hit came */
    int64_t taken_lots;
    int32_t orders; /* changes of time: hits of one instant are one */
};

struct open_taker {
    bool open;
    enum side taker;
    int64_t first_ns, last_ns, venue_ms;
    uint64_t last_id, order_id;
    int64_t last_ticks, lots;
    int32_t prices;
};

struct taker_watch {
    struct hit_level hit[SIDE_COUNT][TAKER_WATCH_LEVELS]; /* by side of the book */
    struct open_taker order;
    struct percentile sizes; /* lots of the last taker orders */
};

void taker_watch_trade(struct taker_watch *watch, const struct book_event_params *params,
                       const struct order_book *book, const struct trade *trade, struct event_log *log);
/* Each 100 ms, with a LIVE book. */
void taker_watch_tick(struct taker_watch *watch, const struct book_event_params *params,
                      const struct order_book *book, int64_t now_ns, struct event_log *log);
void taker_watch_rescale(struct taker_watch *watch, struct step_change change);

#endif
