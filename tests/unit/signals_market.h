/* signals_market.h - a book and a tape whose signals are looked at. */
#ifndef UNIT_SIGNALS_MARKET_H
#define UNIT_SIGNALS_MARKET_H

#include "core/signal/signals.h"
#include "usual_signals.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MS       INT64_C(1000000)
#define START_NS INT64_C(1723161255000000000)
#define MID      INT64_C(100000) /* 1 bp is 10 ticks */
#define LEVELS   150             /* of each side, 1 tick apart, 100 lots each */

/* A market with its clock. scale: what prices and quantities are multiplied by before they are fed. */
struct market {
    struct order_book *book;
    struct signals *signals;
    int64_t now_ns, tick_ns;
    int64_t price_scale, qty_scale;
    uint64_t trade_id;
};

static inline struct market market_new(void)
{
    struct market market = {.book = order_book_new(),
                            .signals = signals_new(&usual_signals),
                            .now_ns = START_NS,
                            .tick_ns = START_NS,
                            .price_scale = 1,
                            .qty_scale = 1};

    assert_non_null(market.book);
    assert_non_null(market.signals);
    return market;
}

static inline void market_free(struct market *market)
{
    order_book_free(market->book);
    signals_free(market->signals);
}

/* Time goes on, with a tick each 100 ms, as the pipeline does it. */
static inline void wait_ms(struct market *market, int64_t ms)
{
    market->now_ns += ms * MS;
    while (market->tick_ns + 100 * MS <= market->now_ns) {
        market->tick_ns += 100 * MS;
        signals_tick(market->signals, market->book, market->tick_ns);
    }
}

static inline void depth(struct market *market, enum side side, const struct level *levels, size_t count)
{
    struct level scaled[LEVELS];
    struct depth_update update = {.recv_ns = market->now_ns};

    for (size_t i = 0; i < count; i++)
        scaled[i] = (struct level){levels[i].price_ticks * market->price_scale,
                                   levels[i].qty_lots * market->qty_scale};
    update.levels[side] = scaled;
    update.level_count[side] = count;
    signals_on_depth_levels(market->signals, market->book, &update);
    assert_int_equal(order_book_apply(market->book, &update), ERR_OK);
    signals_on_book(market->signals, market->book, market->now_ns);
}

static inline void set(struct market *market, enum side side, int64_t price, int64_t lots)
{
    depth(market, side, &(struct level){price, lots}, 1);
}

/* `count` levels from `first` outward, each of `lots`. */
static inline void set_many(struct market *market, enum side side, int64_t first, size_t count, int64_t lots)
{
    struct level levels[LEVELS];

    for (size_t i = 0; i < count; i++)
        levels[i] = (struct level){first - side_sign(side) * (int64_t)i, lots};
    depth(market, side, levels, count);
}

static inline void trade(struct market *market, enum side taker, int64_t price, int64_t lots)
{
    signals_on_trade(market->signals, market->book,
                     &(struct trade){.recv_ns = market->now_ns,
                                     .venue_ms = market->now_ns / MS,
                                     .id = ++market->trade_id,
                                     .taker = taker,
                                     .price_ticks = price * market->price_scale,
                                     .qty_lots = lots * market->qty_scale});
}

static inline void flat_book(struct market *market)
{
    set_many(market, SIDE_BID, MID, LEVELS, 100);
    set_many(market, SIDE_ASK, MID + 1, LEVELS, 100);
}

static inline size_t events_of(const struct market *market, enum book_event_kind kind,
                               struct book_event *newest)
{
    struct book_event events[BOOK_EVENTS_KEPT_MAX];
    size_t count = signals_book_events(market->signals, events, BOOK_EVENTS_KEPT_MAX), found = 0;

    for (size_t i = 0; i < count; i++)
        if (events[i].kind == kind && found++ == 0 && newest != NULL)
            *newest = events[i];
    return found;
}

static inline void assert_near(double got, double expected, double tolerance)
{
    double apart = got - expected;

    if (!((apart < 0.0 ? -apart : apart) <= tolerance))
        fail_msg("%.17g is not %.17g within %g", got, expected, tolerance);
}

#endif
