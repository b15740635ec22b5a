/*
 * candles.h - open, high, low, close, volumes by venue time T, 1 s to 1 d. Pure.
 *
 * Every frame is kept from the same trades: 1 s, 5 s, 15 s, 1 m, 5 m, 15 m, 1 h, 4 h, 1 d. A trade
 * older than the newest candle of a frame goes into the candle it belongs to, if still kept. Empty
 * spans have no candle. Bounded: the oldest falls out.
 */
#ifndef CORE_MARKET_CANDLES_H
#define CORE_MARKET_CANDLES_H

#include "core/domain/instrument.h"
#include "core/domain/market_event.h"

#include <stddef.h>
#include <stdint.h>

enum candle_frame {
    CANDLE_1S,
    CANDLE_5S,
    CANDLE_15S,
    CANDLE_1M,
    CANDLE_5M,
    CANDLE_15M,
    CANDLE_1H,
    CANDLE_4H,
    CANDLE_1D,
    CANDLE_FRAMES
};

#define CANDLES_KEPT_MAX 1536 /* of each frame: 25 minutes of seconds, a day and more of minutes */

struct candle {
    int64_t open_ms;
    int64_t open_ticks, high_ticks, low_ticks, close_ticks;
    int64_t lots, taker_buy_lots;
    uint64_t count;
};

struct candles;

struct candles *candles_new(void);
void candles_free(struct candles *candles);
void candles_add(struct candles *candles, const struct trade *trade); /* off-market prints are ignored */
int64_t candle_frame_ms(enum candle_frame frame);
const char *candle_frame_word(enum candle_frame frame);                       /* "1m" */
size_t candles_count(const struct candles *candles, enum candle_frame frame); /* kept */
uint64_t candles_ever(const struct candles *candles, enum candle_frame frame);
/* index 0 is the oldest kept. Borrowed until the next add. */
const struct candle *candles_at(const struct candles *candles, enum candle_frame frame, size_t index);
/* Index of the first kept candle that opens at or after from_ms; candles_count(): none does. */
size_t candles_since(const struct candles *candles, enum candle_frame frame, int64_t from_ms);
void candles_rescale(struct candles *candles, struct step_change change);

#endif
