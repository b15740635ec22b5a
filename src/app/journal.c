/*
 * journal.c - what people and the store are told: notes, records, the decision hash. See pipeline.h.
 */
#include "app/pipeline.h"

#include "core/base/decimal.h"
#include "core/base/log.h"
#include "core/base/safe_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define NS_PER_MS      INT64_C(1000000)
#define LATE_PRINT_MS  2000
#define FORCED_LINE_NS INT64_C(5000000000)

void journal_note(struct pipeline *pipeline, enum note_level level, const char *format, ...)
{
    struct note *note = &pipeline->note[pipeline->note_seq % PIPELINE_NOTES_MAX];
    va_list args;
    char text[sizeof(note->text)];

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    note->seq = ++pipeline->note_seq;
    note->level = level;
    note->ts_ns = pipeline->now_ns;
    safe_text(text, strlen(text), note->text, sizeof(note->text));
    if (pipeline->config.dry)
        return;
    log_ev(level >= NOTE_WARNING ? LOG_WARN : LOG_INFO, pipeline->now_ns, pipeline->correlation_id, "engine",
           LOG_TEXT("text", note->text));
}

void journal_audit(struct pipeline *pipeline, const struct market_state *market, const char *event,
                   const char *owner, const char *format, ...)
{
    struct store_record record = {.kind = STORE_AUDIT};
    va_list args;

    snprintf(record.audit.event, sizeof(record.audit.event), "%s", event);
    snprintf(record.audit.owner, sizeof(record.audit.owner), "%s", owner);
    if (market != NULL)
        memcpy(record.symbol, market->instrument->symbol, sizeof(record.symbol));
    record.audit.instrument_id = market == NULL ? UINT16_MAX : market->instrument->id;
    va_start(args, format);
    vsnprintf(record.audit.text, sizeof(record.audit.text), format, args);
    va_end(args);
    journal_push(pipeline, &record);
}

void journal_order(struct pipeline *pipeline, const struct order *order)
{
    const struct instrument *instrument = pipeline->market[order->intent.instrument_id]->instrument;
    struct store_record record = {.kind = STORE_ORDER};

    memcpy(record.symbol, instrument->symbol, sizeof(record.symbol));
    memcpy(record.owner, pipeline->owner[order->intent.owner].name, sizeof(record.owner));
    record.order.order = *order;
    record.order.scale = (struct store_scale){instrument->tick_e8, instrument->lot_e8};
    record.order.price_e8 = instrument_price_e8(instrument, order->intent.price_ticks);
    record.order.stop_e8 = instrument_price_e8(instrument, order->intent.stop_ticks);
    record.order.qty_e8 = instrument_qty_e8(instrument, order->intent.qty_lots);
    record.order.display_e8 = instrument_qty_e8(instrument, order->intent.display_lots);
    record.order.filled_e8 = instrument_qty_e8(instrument, order->filled_lots);
    journal_push(pipeline, &record);
}

void journal_fill(struct pipeline *pipeline, const struct fill *fill)
{
    const struct instrument *instrument = pipeline->market[fill->instrument_id]->instrument;
    struct store_record record = {.kind = STORE_FILL};

    memcpy(record.symbol, instrument->symbol, sizeof(record.symbol));
    memcpy(record.owner, pipeline->owner[fill->owner].name, sizeof(record.owner));
    record.fill.fill = *fill;
    record.fill.scale = (struct store_scale){instrument->tick_e8, instrument->lot_e8};
    record.fill.price_e8 = instrument_price_e8(instrument, fill->price_ticks);
    record.fill.qty_e8 = instrument_qty_e8(instrument, fill->qty_lots);
    journal_push(pipeline, &record);
}

/* Once the order has ended; the story itself is forgotten in time. */
void journal_story(struct pipeline *pipeline, uint64_t order_seq)
{
    const struct fill_story *story = paper_broker_story(pipeline->broker, order_seq);
    char line[STORY_LINES_MAX][STORY_LINE_SIZE];
    struct story_scale scale = {.now_ns = pipeline->now_ns};
    size_t lines;

    if (story == NULL || pipeline->sink.push == NULL)
        return;
    scale.tick_e8 = pipeline->market[story->instrument_id]->instrument->tick_e8;
    scale.lot_e8 = pipeline->market[story->instrument_id]->instrument->lot_e8;
    lines = fill_story_lines(story, &scale, line, STORY_LINES_MAX);
    for (size_t i = 0; i < lines; i++) {
        struct store_record record = {.kind = STORE_STORY};

        record.story.order_seq = order_seq;
        record.story.line = (int32_t)i;
        snprintf(record.story.text, sizeof(record.story.text), "%.*s", STORY_LINE_SIZE - 1, line[i]);
        journal_push(pipeline, &record);
    }
}

/* The line of equity keeps the whole run: when it is full, every second point goes and the step doubles. */
static void add_equity_point(struct pipeline *pipeline, int64_t equity_e8)
{
    if (pipeline->equity_points == PIPELINE_EQUITY_MAX) {
        for (size_t i = 0; i < PIPELINE_EQUITY_MAX / 2; i++)
            pipeline->equity_e8[i] = pipeline->equity_e8[2 * i + 1];
        pipeline->equity_points = PIPELINE_EQUITY_MAX / 2;
        pipeline->equity_step_ns *= 2;
    }
    pipeline->equity_e8[pipeline->equity_points++] = equity_e8;
}

void journal_equity(struct pipeline *pipeline)
{
    const int64_t sample_ns = INT64_C(1000000000);
    struct store_record record = {.kind = STORE_EQUITY};

    if (pipeline->accounts == 0 || pipeline->recovering)
        return; /* what is held is not all back: the equity is still that of the run before */
    for (size_t i = 0; i < pipeline->markets; i++) {
        const struct market_state *market = pipeline->market[i];

        if (pipeline->market_account[i] != 0)
            continue; /* samples are of the first account; the others' fills and orders are stored too */
        record.equity.realised_e8 += market->total.realised_e8;
        record.equity.fees_e8 += market->total.fees_e8;
        record.equity.unrealised_e8 += position_unrealised_e8(&market->total, market->instrument,
                                                              market_state_mark(market, market->total.lots));
    }
    record.equity.equity_e8 = pipeline->account[0].equity_e8;
    record.equity.cash_e8 = pipeline->account[0].cash_e8;
    record.equity.drawdown_e8 = pipeline->account[0].peak_e8 - pipeline->account[0].equity_e8;
    journal_push(pipeline, &record);
    if (pipeline->now_ns / pipeline->equity_step_ns !=
        (pipeline->now_ns - sample_ns) / pipeline->equity_step_ns)
        add_equity_point(pipeline, record.equity.equity_e8);
    pipeline->equity_next_ns = (pipeline->now_ns / sample_ns + 1) * sample_ns;
}

/* Minutes that are over, and a moment longer for their late prints. */
static void tell_candles(struct pipeline *pipeline, struct market_state *market)
{
    const struct instrument *instrument = market->instrument;
    int64_t over_ms = pipeline->now_ns / NS_PER_MS - candle_frame_ms(CANDLE_1M) - LATE_PRINT_MS;
    size_t count = candles_count(market->candles, CANDLE_1M), first = count;

    while (first > 0 && candles_at(market->candles, CANDLE_1M, first - 1)->open_ms > market->candle_told_ms)
        first--;
    for (; first < count; first++) {
        const struct candle *candle = candles_at(market->candles, CANDLE_1M, first);
        struct store_record record = {.kind = STORE_CANDLE};

        if (candle->open_ms > over_ms)
            return;
        memcpy(record.symbol, instrument->symbol, sizeof(record.symbol));
        record.candle.open_ms = market->candle_told_ms = candle->open_ms;
        record.candle.open_e8 = instrument_price_e8(instrument, candle->open_ticks);
        record.candle.high_e8 = instrument_price_e8(instrument, candle->high_ticks);
        record.candle.low_e8 = instrument_price_e8(instrument, candle->low_ticks);
        record.candle.close_e8 = instrument_price_e8(instrument, candle->close_ticks);
        record.candle.volume_e8 = instrument_qty_e8(instrument, candle->lots);
        record.candle.taker_buy_e8 = instrument_qty_e8(instrument, candle->taker_buy_lots);
        record.candle.count = candle->count;
        journal_push(pipeline, &record);
    }
}

/* For eyes and statistics: no decision is made of it. */
static int64_t millionths(double value)
{
    return value > -1e12 && value < 1e12 ? (int64_t)(value * 1e6) : 0;
}

static void tell_signals(struct pipeline *pipeline, struct market_state *market)
{
    const struct instrument *instrument = market->instrument;
    const struct signal_values *values = signals_values(market->signals);
    struct store_record record = {.kind = STORE_SIGNALS};

    if (!values->valid || market->book_state != BOOK_LIVE)
        return;
    memcpy(record.symbol, instrument->symbol, sizeof(record.symbol));
    record.signals.mid_e8 = (int64_t)(values->mid_ticks * (double)instrument->tick_e8);
    record.signals.spread_e8 = instrument_price_e8(instrument, values->spread_ticks);
    record.signals.imbalance_1bp_ppm = millionths(values->imbalance_1bp);
    record.signals.imbalance_10bp_ppm = millionths(values->imbalance_10bp);
    record.signals.ofi_sigma_ppm = millionths(values->ofi_sigma);
    record.signals.trade_imbalance_ppm = millionths(values->trade_imbalance);
    record.signals.cvd_e8 = instrument_qty_e8(instrument, values->cvd_lots);
    record.signals.volatility_1m_ubp = millionths(values->volatility_1m_bp);
    record.signals.momentum_60s_ubp = millionths(values->momentum_60s_bp);
    record.signals.vpin_ppm = values->vpin_valid ? millionths(values->vpin) : -1;
    journal_push(pipeline, &record);
}

void journal_samples(struct pipeline *pipeline, struct market_state *market)
{
    if (pipeline->sink.push == NULL)
        return;
    tell_candles(pipeline, market);
    if (pipeline->now_ns / STORE_SIGNALS_NS == market->signals_told_ns / STORE_SIGNALS_NS)
        return;
    market->signals_told_ns = pipeline->now_ns;
    tell_signals(pipeline, market);
}

void journal_instrument(struct pipeline *pipeline, const struct instrument *instrument)
{
    struct store_record record = {.kind = STORE_INSTRUMENT, .instrument = *instrument};

    memcpy(record.symbol, instrument->symbol, sizeof(record.symbol));
    journal_push(pipeline, &record);
}

/* A line for people, not more often than each FORCED_LINE_NS: a cascade must not drive all else off the screen. */
void journal_liquidation(struct pipeline *pipeline, struct market_state *market,
                         const struct liquidation *liquidation)
{
    struct forced_orders *forced = &market->forced;
    const struct instrument *instrument = market->instrument;
    char price[DECIMAL_TEXT_SIZE], qty[DECIMAL_TEXT_SIZE], more[48] = "";
    uint64_t untold;

    forced->last = *liquidation;
    forced->count++;
    if (forced->told_ns != 0 && pipeline->now_ns - forced->told_ns < FORCED_LINE_NS)
        return;
    untold = forced->count - forced->told_count - 1;
    forced->told_ns = pipeline->now_ns;
    forced->told_count = forced->count;
    decimal_format_trim(instrument_price_e8(instrument, liquidation->price_ticks), DECIMAL_E8_DIGITS, price);
    decimal_format_trim(instrument_qty_e8(instrument, liquidation->qty_lots), DECIMAL_E8_DIGITS, qty);
    if (untold > 0)
        snprintf(more, sizeof(more), ", %" PRIu64 " more before", untold);
    journal_note(pipeline, NOTE_INFO, "%s liquidation %s %s @ %s%s", instrument->symbol,
                 side_word(liquidation->side), qty, price, more);
}

void journal_bell_of(struct pipeline *pipeline, uint16_t owner, const char *why)
{
    pipeline->bell_seq++;
    pipeline->bell_owner = owner;
    snprintf(pipeline->bell_why, sizeof(pipeline->bell_why), "%s", why);
    if (owner != OWNER_MANUAL)
        return;
    pipeline->bell_ours_seq = pipeline->bell_seq;
    memcpy(pipeline->bell_ours_why, pipeline->bell_why, sizeof(pipeline->bell_ours_why));
}

void journal_bell(struct pipeline *pipeline, const char *why)
{
    journal_bell_of(pipeline, OWNER_MANUAL, why);
}

void journal_decision(struct pipeline *pipeline, const char *kind, const struct market_state *market,
                      const struct order_intent *intent, int64_t price_ticks, int64_t qty_lots,
                      const char *code)
{
    decision_log_add(pipeline->decisions, pipeline->now_ns, kind,
                     market == NULL ? "-" : market->instrument->symbol,
                     intent == NULL ? "-" : pipeline->owner[intent->owner].name,
                     intent == NULL ? "-" : side_word(intent->side), price_ticks, qty_lots, code);
}
