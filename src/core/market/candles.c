/*
 * candles.c - nine rings of candles, one for each frame, each in order of time.
 *
 * Nearly every trade belongs to the newest candle of each frame: one comparison, no division. Trades
 * arrive a little out of venue time (the streams of several matching shards are merged), so an older
 * one is searched for. Within a candle open and close go by arrival, as the venue's own do within a
 * millisecond.
 */
#include "core/market/candles.h"

#include "core/market/saturate.h"

#include <assert.h>
#include <stdlib.h>

struct frame {
    uint64_t ever;
    size_t first; /* index of the oldest in candle[] */
    size_t count;
    struct candle candle[CANDLES_KEPT_MAX];
};

struct candles {
    struct frame frame[CANDLE_FRAMES];
};

static const struct {
    int64_t ms;
    const char *word;
} frames[CANDLE_FRAMES] = {
    [CANDLE_1S] = {1000, "1s"},    [CANDLE_5S] = {5000, "5s"},     [CANDLE_15S] = {15000, "15s"},
    [CANDLE_1M] = {60000, "1m"},   [CANDLE_5M] = {300000, "5m"},   [CANDLE_15M] = {900000, "15m"},
    [CANDLE_1H] = {3600000, "1h"}, [CANDLE_4H] = {14400000, "4h"}, [CANDLE_1D] = {86400000, "1d"},
};

struct candles *candles_new(void)
{
    return calloc(1, sizeof(struct candles)); /* fresh zero pages: touched as candles come */
}

void candles_free(struct candles *candles)
{
    free(candles);
}

int64_t candle_frame_ms(enum candle_frame frame)
{
    return frames[frame].ms;
}

const char *candle_frame_word(enum candle_frame frame)
{
    return frames[frame].word;
}

static struct candle *at(struct frame *frame, size_t index)
{
    return &frame->candle[(frame->first + index) % CANDLES_KEPT_MAX];
}

static int64_t open_of(int64_t venue_ms, int64_t frame_ms)
{
    int64_t past = venue_ms % frame_ms;

    return venue_ms - (past < 0 ? past + frame_ms : past); /* floor, before 1970 too */
}

static void candle_add(struct candle *candle, const struct trade *trade)
{
    if (candle->count == 0)
        candle->open_ticks = candle->high_ticks = candle->low_ticks = trade->price_ticks;
    if (trade->price_ticks > candle->high_ticks)
        candle->high_ticks = trade->price_ticks;
    if (trade->price_ticks < candle->low_ticks)
        candle->low_ticks = trade->price_ticks;
    candle->count += trade_prints(trade);
    candle->close_ticks = trade->price_ticks;
    candle->lots = saturate_add(candle->lots, trade->qty_lots);
    if (trade->taker == SIDE_BID)
        candle->taker_buy_lots = saturate_add(candle->taker_buy_lots, trade->qty_lots);
}

/* Index of the first kept candle that does not open before open_ms. Late trades are late by little. */
static size_t index_from_end(struct frame *frame, int64_t open_ms)
{
    size_t index = frame->count;

    while (index > 0 && at(frame, index - 1)->open_ms >= open_ms)
        index--;
    return index;
}

/* A new candle at index; the later ones move up. NULL: it is older than all and there is no room. */
static struct candle *candle_insert(struct frame *frame, size_t index, int64_t open_ms)
{
    if (frame->count == CANDLES_KEPT_MAX) {
        if (index == 0)
            return NULL;
        frame->first = (frame->first + 1) % CANDLES_KEPT_MAX; /* the oldest falls out */
        frame->count--;
        index--;
    }
    for (size_t i = frame->count; i > index; i--)
        *at(frame, i) = *at(frame, i - 1);
    frame->count++;
    frame->ever++;
    *at(frame, index) = (struct candle){.open_ms = open_ms};
    return at(frame, index);
}

static struct candle *candle_of(struct frame *frame, int64_t venue_ms, int64_t frame_ms)
{
    int64_t open_ms;
    size_t index;

    if (frame->count > 0) {
        struct candle *newest = at(frame, frame->count - 1);

        if (venue_ms >= newest->open_ms && venue_ms - newest->open_ms < frame_ms)
            return newest;
    }
    open_ms = open_of(venue_ms, frame_ms);
    index = index_from_end(frame, open_ms);
    if (index < frame->count && at(frame, index)->open_ms == open_ms)
        return at(frame, index);
    return candle_insert(frame, index, open_ms);
}

void candles_add(struct candles *candles, const struct trade *trade)
{
    if (trade->off_market)
        return;
    for (size_t i = 0; i < CANDLE_FRAMES; i++) {
        struct candle *candle = candle_of(&candles->frame[i], trade->venue_ms, frames[i].ms);

        if (candle != NULL)
            candle_add(candle, trade);
    }
}

size_t candles_count(const struct candles *candles, enum candle_frame frame)
{
    return candles->frame[frame].count;
}

uint64_t candles_ever(const struct candles *candles, enum candle_frame frame)
{
    return candles->frame[frame].ever;
}

const struct candle *candles_at(const struct candles *candles, enum candle_frame frame, size_t index)
{
    const struct frame *f = &candles->frame[frame];

    assert(index < f->count);
    return &f->candle[(f->first + index) % CANDLES_KEPT_MAX];
}

size_t candles_since(const struct candles *candles, enum candle_frame frame, int64_t from_ms)
{
    size_t low = 0, high = candles_count(candles, frame);

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (candles_at(candles, frame, middle)->open_ms < from_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void candles_rescale(struct candles *candles, struct step_change change)
{
    assert(change.price_factor >= 1 && change.qty_factor >= 1);
    for (size_t i = 0; i < CANDLE_FRAMES; i++) {
        for (size_t k = 0; k < candles->frame[i].count; k++) {
            struct candle *candle = at(&candles->frame[i], k);

            candle->open_ticks = saturate_mul(candle->open_ticks, change.price_factor);
            candle->high_ticks = saturate_mul(candle->high_ticks, change.price_factor);
            candle->low_ticks = saturate_mul(candle->low_ticks, change.price_factor);
            candle->close_ticks = saturate_mul(candle->close_ticks, change.price_factor);
            candle->lots = saturate_mul(candle->lots, change.qty_factor);
            candle->taker_buy_lots = saturate_mul(candle->taker_buy_lots, change.qty_factor);
        }
    }
}
