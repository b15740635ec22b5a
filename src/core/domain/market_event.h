/*
 * market_event.h - what the feed tells the engine, in ticks and lots. Pure.
 *
 * Level arrays are borrowed from the feed until the handler returns, in the order of the message.
 * recv_ns is event time (never decreasing); venue times are the venue's own, in ms, for candles
 * and display only.
 */
#ifndef CORE_DOMAIN_MARKET_EVENT_H
#define CORE_DOMAIN_MARKET_EVENT_H

#include "core/domain/side.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct level {
    int64_t price_ticks;
    int64_t qty_lots; /* 0 in a depth update removes the level; ignored in a snapshot */
};

/* Absolute quantities, U..u of the wire; pu only on futures. */
struct depth_update {
    int64_t recv_ns;
    int64_t venue_ms;  /* E, 0 if absent */
    uint64_t first_id; /* U */
    uint64_t last_id;  /* u */
    uint64_t prev_id;  /* pu */
    bool has_prev_id;
    const struct level *levels[SIDE_COUNT];
    size_t level_count[SIDE_COUNT];
};

struct depth_snapshot {
    int64_t recv_ns;
    uint64_t last_id; /* lastUpdateId */
    const struct level *levels[SIDE_COUNT];
    size_t level_count[SIDE_COUNT];
};

/* bookTicker. */
struct best_quote {
    int64_t recv_ns;
    uint64_t update_id; /* u */
    struct level level[SIDE_COUNT];
};

/* trade or aggTrade. */
struct trade {
    int64_t recv_ns;
    int64_t venue_ms;        /* T: candles go by it */
    uint64_t id;             /* t or a */
    uint64_t taker_order_id; /* spot `a`/`b` of 2023 where carried, else 0 */
    int64_t price_ticks;
    int64_t qty_lots;
    enum side taker; /* m == true (buyer is maker): SIDE_ASK */
    bool off_market; /* futures X other than MARKET: in no sum, candle or signal */
    bool aggregate;  /* aggTrade: may stand for several prints */
    uint32_t prints; /* ids from `id` on that it stands for, where that is told; 0: one */
};

static inline uint32_t trade_prints(const struct trade *trade)
{
    return trade->prints > 1 ? trade->prints : 1;
}

static inline uint64_t trade_last_id(const struct trade *trade)
{
    return trade->id + trade_prints(trade) - 1;
}

/* Trades of the time before the stream, oldest first, page by page; ids as the stream's. */
struct trade_history {
    int64_t recv_ns;
    const struct trade *trade;
    size_t count;
    uint64_t next_id; /* of the venue's aggregates: the next page begins there; 0: nothing came */
    bool complete;    /* it reaches the present */
};

/* markPrice: what the venue settles and liquidates by. Futures only. */
struct mark_price {
    int64_t recv_ns, venue_ms;
    int64_t mark_e8, index_e8;
    int64_t funding_rate_e8; /* 0.0001 = 10000 */
    int64_t next_funding_ms; /* 0: none */
};

/* forceOrder: the latest liquidation of a second; not every one is told. */
struct liquidation {
    int64_t recv_ns, venue_ms;
    enum side side; /* of the forced order */
    int64_t price_ticks, qty_lots;
};

enum book_state { BOOK_DOWN, BOOK_CONNECTING, BOOK_SYNCING, BOOK_LIVE, BOOK_STALE };

/* "DOWN", "CONNECTING", "SYNCING", "LIVE", "STALE" */
const char *book_state_word(enum book_state state);

#endif
