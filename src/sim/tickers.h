/*
 * tickers.h - statistics of a rolling window, from the minute candles: what every ticker stream and route tells.
 *
 * A window opens on a minute, so it is up to 59,999 ms wider than its name, as the venue's window tickers are.
 */
#ifndef SIM_TICKERS_H
#define SIM_TICKERS_H

#include "sim/klines.h"

struct ticker {
    int64_t open_ms, close_ms; /* of the window; close is now */
    int64_t open_ticks, high_ticks, low_ticks, last_ticks,
        before_ticks;  /* before: last price before the window */
    int64_t last_lots; /* of the newest trade */
    int64_t lots, value;
    uint64_t first_id, last_id, trades; /* ids mean nothing while trades is 0 */
};

/* Candles from open_ms on. Without a trade in the window prices are the last one before it, or 0. */
void ticker_since(const struct klines *klines, int64_t open_ms, int64_t now_ms, struct ticker *ticker);
void ticker_window(const struct klines *klines, unsigned minutes, int64_t now_ms, struct ticker *ticker);
int64_t ticker_change_percent_e8(const struct ticker *ticker); /* 1.6 % is 160000000; rounded to 3 places */
/* Mean price of the last five minutes by quantity, e8; the last price if nothing was traded, 0 before the first. */
int64_t average_price_e8(const struct klines *klines, int64_t tick_e8, int64_t now_ms);

#endif
