/*
 * klines.h - candles of one symbol at every interval of the venue, made from its trades alone.
 *
 * Prices are ticks, quantities lots, values ticks x lots. An interval without a trade is a flat candle at the last
 * close, as at the venue; before the first trade there is none. Times are UTC ms.
 */
#ifndef SIM_KLINES_H
#define SIM_KLINES_H

#include "sim/history.h"
#include "sim/trade_tape.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KLINES_KEPT        1500           /* of each interval: the most that one reply may hold */
#define KLINE_MINUTES_KEPT (7 * 1440 + 1) /* of 1m: the tickers' longest window */

enum kline_interval {
    KLINE_1S,
    KLINE_1M,
    KLINE_3M,
    KLINE_5M,
    KLINE_15M,
    KLINE_30M,
    KLINE_1H,
    KLINE_2H,
    KLINE_4H,
    KLINE_6H,
    KLINE_8H,
    KLINE_12H,
    KLINE_1D,
    KLINE_3D,
    KLINE_1W,
    KLINE_1MONTH,
    KLINE_INTERVALS
};

struct kline {
    int64_t open_ms;
    int64_t open_ticks, high_ticks, low_ticks, close_ticks;
    int64_t lots, value;             /* all trades */
    int64_t taker_lots, taker_value; /* of them bought by the taker */
    uint64_t first_id, last_id;      /* trades; meaningless while trades is 0 */
    uint32_t trades;
};

struct kline_series {
    enum kline_interval interval;
    int64_t next_ms; /* where the newest candle ends */
    struct history history;
};

struct klines {
    struct kline_series series[KLINE_INTERVALS];
};

bool kline_interval_parse(const char *text, enum kline_interval *interval); /* "1m", "1M" */
const char *kline_interval_text(enum kline_interval interval);
int64_t kline_open_ms(enum kline_interval interval, int64_t time_ms);  /* of the candle that holds time_ms */
int64_t kline_close_ms(enum kline_interval interval, int64_t open_ms); /* its last millisecond */

void klines_init(struct klines *klines);
void klines_free(struct klines *klines);
void klines_add(struct klines *klines, const struct tape_trade *trade);
/* Flat candles up to the one that holds now_ms; call before reading. */
void klines_roll(struct klines *klines, enum kline_interval interval, int64_t now_ms);
size_t klines_count(const struct klines *klines, enum kline_interval interval);
const struct kline *klines_at(const struct klines *klines, enum kline_interval interval,
                              size_t index); /* 0: oldest */

#endif
