/* view_candles.c - the candles of screen 2 with the averages that are drawn over them. */
#include "app/view_chart_parts.h"

#include "core/market/saturate.h"

#include <math.h>

#define MEAN_OF 20 /* closes; Bollinger 2001: twenty, two deviations */
#define DAY_MS  INT64_C(86400000)

struct vwap { /* since 00:00 UTC: volume times the mean of high, low and close */
    int64_t day;
    __int128 value;
    int64_t lots;
};

static void vwap_add(struct vwap *vwap, const struct candle *candle)
{
    if (candle->open_ms / DAY_MS != vwap->day)
        *vwap = (struct vwap){.day = candle->open_ms / DAY_MS};
    vwap->value +=
        ((__int128)candle->high_ticks + candle->low_ticks + candle->close_ticks) / 3 * candle->lots;
    vwap->lots = saturate_add(vwap->lots, candle->lots);
}

/* Of the closes that end with index. */
static void averages(const struct candles *candles, enum candle_frame frame, size_t index,
                     struct view_candle *out)
{
    double sum = 0, squares = 0;
    int64_t last = candles_at(candles, frame, index)->close_ticks;

    out->mean_ticks = out->deviation_ticks = VIEW_NONE;
    if (index + 1 < MEAN_OF)
        return;
    for (size_t i = 0; i < MEAN_OF; i++) { /* of the distances from the last: they are small */
        double away = (double)(candles_at(candles, frame, index - i)->close_ticks - last);

        sum += away;
        squares += away * away;
    }
    sum /= MEAN_OF;
    out->mean_ticks = last + (int64_t)llround(sum);
    out->deviation_ticks = (int64_t)llround(sqrt(fmax(0, squares / MEAN_OF - sum * sum)));
}

enum candle_frame candle_frame_of(uint32_t span_s, enum candle_frame otherwise)
{
    for (enum candle_frame frame = CANDLE_1S; frame < CANDLE_FRAMES; frame++)
        if (candle_frame_ms(frame) == (int64_t)span_s * 1000)
            return frame;
    return otherwise;
}

void chart_fill_candles(const struct market_state *market, const struct view_request *request,
                        struct view_chart *out)
{
    enum candle_frame frame = candle_frame_of(request->point_s, CANDLE_1M);
    size_t count = candles_count(market->candles, frame), cols = request->chart.cols, end, begin;
    struct vwap vwap = {.day = -1};

    end = count > request->chart.back ? count - request->chart.back : count > 0 ? 1 : 0;
    begin = end > cols ? end - cols : 0;
    out->span_s = (uint32_t)(candle_frame_ms(frame) / 1000);
    for (size_t i = 0; i < end; i++) {
        const struct candle *candle = candles_at(market->candles, frame, i);
        struct view_candle *to;

        vwap_add(&vwap, candle);
        if (i < begin || out->candles == VIEW_CHART_COLS)
            continue;
        to = &out->candle[out->candles++];
        *to =
            (struct view_candle){.open_ms = candle->open_ms,
                                 .open_ticks = candle->open_ticks,
                                 .high_ticks = candle->high_ticks,
                                 .low_ticks = candle->low_ticks,
                                 .close_ticks = candle->close_ticks,
                                 .lots = candle->lots,
                                 .bought_lots = candle->taker_buy_lots,
                                 .vwap_ticks = vwap.lots > 0 ? (int64_t)(vwap.value / vwap.lots) : VIEW_NONE};
        averages(market->candles, frame, i, to);
    }
}
