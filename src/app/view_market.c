/* view_market.c - every instrument's day for screen 3: change, range, volume, how its last minutes went. */
#include "app/view_chart_parts.h"
#include "app/view_panels.h"

#include "core/base/decimal.h"

#define DAY_MS    INT64_C(86400000)
#define NS_PER_MS INT64_C(1000000)

static int64_t last_ticks(const struct market_state *market)
{
    return tape_totals(market->tape)->last_ticks;
}

/* The first candle of the last 24 hours: quarters of an hour, each within what is kept. */
static size_t day_begin(const struct pipeline *pipeline, const struct market_state *market)
{
    return candles_since(market->candles, CANDLE_15M, pipeline->now_ns / NS_PER_MS - DAY_MS);
}

int64_t view_change_bp_x10(const struct pipeline *pipeline, const struct market_state *market)
{
    size_t begin = day_begin(pipeline, market);
    int64_t from, last = last_ticks(market);

    if (last == 0 || begin >= candles_count(market->candles, CANDLE_15M))
        return VIEW_NONE;
    from = candles_at(market->candles, CANDLE_15M, begin)->open_ticks;
    return from <= 0 ? VIEW_NONE : decimal_mul_div(last - from, 100000, from);
}

static void add(int64_t *sum, int64_t value)
{
    if (__builtin_add_overflow(*sum, value, sum))
        *sum = INT64_MAX;
}

static void fill_day(const struct pipeline *pipeline, const struct market_state *market,
                     struct view_market_row *out)
{
    size_t count = candles_count(market->candles, CANDLE_15M);

    out->low_ticks = out->high_ticks = VIEW_NONE;
    for (size_t i = day_begin(pipeline, market); i < count; i++) {
        const struct candle *candle = candles_at(market->candles, CANDLE_15M, i);

        if (out->low_ticks == VIEW_NONE || candle->low_ticks < out->low_ticks)
            out->low_ticks = candle->low_ticks;
        if (out->high_ticks == VIEW_NONE || candle->high_ticks > out->high_ticks)
            out->high_ticks = candle->high_ticks;
        add(&out->volume_lots, candle->lots);
        add(&out->value_e8, instrument_value_e8(market->instrument, candle->close_ticks, candle->lots));
    }
}

/* Closes at even distances up to now; where nothing was traded the price before stands. */
static void fill_trend(const struct pipeline *pipeline, const struct market_state *market,
                       enum candle_frame frame, struct view_market_row *out)
{
    int64_t step_ms = candle_frame_ms(frame), now_ms = pipeline->now_ns / NS_PER_MS;
    int64_t first_ms = now_ms - now_ms % step_ms - (VIEW_SPARK_MAX - 1) * step_ms;
    size_t at = candles_since(market->candles, frame, first_ms),
           count = candles_count(market->candles, frame);
    int64_t price_ticks = at > 0 ? candles_at(market->candles, frame, at - 1)->close_ticks : 0;

    for (int i = 0; i < VIEW_SPARK_MAX; i++) {
        while (at < count && candles_at(market->candles, frame, at)->open_ms <= first_ms + i * step_ms)
            price_ticks = candles_at(market->candles, frame, at++)->close_ticks;
        if (price_ticks != 0)
            out->point_ticks[out->points++] = price_ticks;
    }
}

static void fill_row(const struct pipeline *pipeline, const struct market_state *market,
                     enum candle_frame frame, struct view_market_row *out)
{
    const struct signal_values *values = signals_values(market->signals);

    *out = (struct view_market_row){0};
    fill_day(pipeline, market, out);
    fill_trend(pipeline, market, frame, out);
    out->volatility_bp_x10 = values->valid ? (int64_t)(values->volatility_1m_bp * 10 + 0.5) : VIEW_NONE;
    out->prints_x10 = (int64_t)(values->tape_per_s * 10 + 0.5);
}

/* Where no instrument is known for 24 hours: since when the first one is. */
static int64_t since_ns(const struct pipeline *pipeline)
{
    int64_t first_ms = INT64_MAX, now_ms = pipeline->now_ns / NS_PER_MS;

    for (size_t i = 0; i < pipeline->markets; i++) {
        const struct candles *candles = pipeline->market[i]->candles;

        if (candles_count(candles, CANDLE_1M) > 0 && candles_at(candles, CANDLE_1M, 0)->open_ms < first_ms)
            first_ms = candles_at(candles, CANDLE_1M, 0)->open_ms;
    }
    return first_ms == INT64_MAX || first_ms <= now_ms - DAY_MS ? VIEW_NONE : first_ms * NS_PER_MS;
}

void view_fill_market(const struct pipeline *pipeline, uint32_t point_s, struct view_market *out)
{
    enum candle_frame frame = candle_frame_of(point_s, CANDLE_1M);

    out->rows = (uint16_t)pipeline->markets;
    out->point_ms = candle_frame_ms(frame);
    out->since_ns = since_ns(pipeline);
    for (size_t i = 0; i < pipeline->markets; i++)
        fill_row(pipeline, pipeline->market[i], frame, &out->row[i]);
}
