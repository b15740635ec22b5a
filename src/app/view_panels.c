#include "app/view_panels.h"

#include "app/unmanaged.h"

#include "core/base/decimal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(out, text) snprintf((out), sizeof(out), "%s", (text))

static int64_t scaled(double value, double by)
{
    double product = value * by;

    return product != product || product > 9e15 || product < -9e15
               ? 0
               : (int64_t)(product < 0 ? product - 0.5 : product + 0.5);
}

/* --- status ------------------------------------------------------------------------------------------------- */

void view_instrument_fill(const struct pipeline *pipeline, const struct market_state *market,
                          struct view_instrument *out)
{
    const struct instrument *instrument = market->instrument;
    const struct tape_totals *totals = tape_totals(market->tape);
    const struct signal_values *values = signals_values(market->signals);

    TEXT(out->symbol, instrument->symbol);
    TEXT(out->base, instrument->base);
    TEXT(out->quote, instrument->quote);
    out->venue = instrument->venue;
    out->scale.tick_e8 = instrument->tick_e8;
    out->scale.lot_e8 = instrument->lot_e8;
    out->scale.price_decimals = (uint8_t)instrument_price_decimals(instrument);
    out->scale.qty_decimals = (uint8_t)instrument_qty_decimals(instrument);
    out->book_state = book_sync_state(market->sync);
    out->crossed = market->is_crossed;
    out->closed = !instrument->trading;
    out->book_age_ns = market->book_ns == 0 ? VIEW_NONE : market->age_ns.shown;
    out->last_ticks = totals->last_ticks == 0 ? VIEW_NONE : totals->last_ticks;
    out->last_direction = totals->last_direction;
    for (int side = 0; side < SIDE_COUNT; side++) {
        struct level best;

        out->best_ticks[side] =
            order_book_best(market->book, (enum side)side, &best) ? best.price_ticks : VIEW_NONE;
    }
    out->position_lots = market->total.lots;
    out->change_bp_x10 = view_change_bp_x10(pipeline, market);
    out->imbalance_known = values->valid;
    out->imbalance_x1000 = (int32_t)scaled(values->far_10bp.value, 1000);
}

/* A live book asks for a snapshot; a recording can only wait for one. */
static void fill_stale_why(const struct pipeline *pipeline, const struct market_state *market,
                           struct view_status *out)
{
    uint64_t after_id = 0, came_id = 0;

    if (book_sync_cause(market->sync) == STALE_LINK) {
        TEXT(out->book_why, market->stale_why);
    } else if (!pipeline->config.live) {
        snprintf(out->book_why, sizeof(out->book_why), "%s, waits for a snapshot", market->stale_why);
    } else if (book_sync_cause(market->sync) == STALE_GAP) { /* short: the log has both ids */
        book_sync_gap_ids(market->sync, &after_id, &came_id);
        snprintf(out->book_why, sizeof(out->book_why), "gap after %" PRIu64 ", snapshot asked", after_id);
    } else {
        snprintf(out->book_why, sizeof(out->book_why), "%s, snapshot asked", market->stale_why);
    }
}

static void fill_book_truth(const struct pipeline *pipeline, const struct market_state *market,
                            struct view_status *out)
{
    const struct sync_counts *counts = book_sync_counts(market->sync);
    const struct signal_values *values = signals_values(market->signals);
    enum book_state state = book_sync_state(market->sync);

    out->gaps = counts->gaps;
    out->resyncs = counts->resyncs;
    out->lag_ms = market->lag_ms.second == 0 ? VIEW_NONE : market->lag_ms.shown;
    if (state == BOOK_STALE) {
        fill_stale_why(pipeline, market, out);
    } else if (state == BOOK_DOWN || state == BOOK_CONNECTING) {
        TEXT(out->book_why, market->stale_why);
    } else if (state == BOOK_SYNCING) {
        TEXT(out->book_why,
             pipeline->config.live ? "updates come, snapshot asked" : "no snapshot that fits has come yet");
    } else if (market->is_crossed) {
        TEXT(out->book_why, "CROSSED: best bid is not below best ask");
    }
    out->volatility_1m_bp_x10 = values->valid ? scaled(values->volatility_1m_bp, 10) : VIEW_NONE;
    out->range_low_ticks = values->range_60s_low_ticks;
    out->range_high_ticks = values->range_60s_high_ticks;
}

static void fill_kill(const struct pipeline *pipeline, struct view_status *out)
{
    const struct kill_report *kill = &pipeline->kill;

    bool taken_over = kill_is_taken_over(pipeline); /* of an earlier run, or before the first event */

    out->killing =
        taken_over ? order_manager_open_count(pipeline->orders) > 0 : kill->active && kill->quiet_ns == 0;
    out->kill_ns = kill->active && !taken_over ? kill->start_ns : VIEW_NONE; /* nobody knows when, then */
    if (taken_over && out->killing && pipeline->state_since_ns != 0)
        out->kill_ns = pipeline->state_since_ns; /* how long this run has been waiting */
    out->kill_quiet_ns = kill->active && kill->quiet_ns != 0 ? kill->quiet_ns : VIEW_NONE;
    out->kill_total = kill->total;
    out->kill_confirmed = kill->confirmed;
    out->kill_orders = kill->orders;
    out->kill_flattens = kill_flattens(pipeline);
    out->kill_before = taken_over;
    if (taken_over)
        kill_last_text(pipeline, out->kill_told, sizeof(out->kill_told));
    for (uint32_t i = 0; i < kill->orders; i++) {
        const struct order *order = kill_order_now(pipeline, i);
        struct view_kill_order *row = &out->kill_order[i];

        row->seq = order->seq;
        row->owner = order->intent.owner;
        row->instrument = order->intent.instrument_id;
        row->side = order->intent.side;
        row->left_lots = order_left_lots(order);
        row->qty_lots = order->intent.qty_lots;
        row->price_ticks = order_shown_ticks(order);
        row->sent_ns = kill->order[i].sent_ns;
        row->answered_ns = kill->order[i].answered_ns == 0 ? VIEW_NONE : kill->order[i].answered_ns;
        row->state = order->state;
    }
}

static void fill_status(const struct pipeline *pipeline, const struct market_state *market,
                        struct view_status *out)
{
    out->now_ns = pipeline->now_ns;
    out->mode = pipeline->risk.mode;
    out->state = pipeline->risk.state;
    out->state_since_ns = pipeline->state_since_ns;
    snprintf(out->state_why, sizeof(out->state_why), "%.70s%s", pipeline->state_why,
             out->state == STATE_HALTED && trading_is_paused(pipeline)                ? ", PAUSED too"
             : out->state == STATE_PAUSED && risk_state_only_reduces(&pipeline->risk) ? ", REDUCING too"
                                                                                      : "");
    out->schedule_holds = pipeline->risk.calendar_paused;
    out->state_cancelled = pipeline->state_cancelled;
    out->clock_offset_ms = out->weight_used = out->weight_limit = VIEW_NONE;
    out->instruments = (uint16_t)pipeline->markets;
    out->lag_ms = out->volatility_1m_bp_x10 = VIEW_NONE;
    fill_kill(pipeline, out);
    for (size_t i = 0; i < pipeline->markets; i++)
        view_instrument_fill(pipeline, pipeline->market[i], &out->instrument[i]);
    if (market == NULL)
        return;
    fill_book_truth(pipeline, market, out);
    if (pipeline->market_account[market->instrument->id] < pipeline->accounts) {
        const struct account *account = &pipeline->account[pipeline->market_account[market->instrument->id]];

        TEXT(out->account_quote, account->quote);
        out->account_start_e8 = account->start_e8;
    }
}

/* --- order flow --------------------------------------------------------------------------------------------- */

static void fill_gauge(const struct gauge *gauge, bool valid, int32_t scale_x1000, struct view_gauge *out)
{
    out->value_x1000 = (int32_t)scaled(gauge->value, 1000);
    out->p90_x1000 = (int32_t)scaled(gauge->p90, 1000);
    out->scale_x1000 = scale_x1000;
    out->word = (uint8_t)gauge->word;
    out->valid = valid;
}

_Static_assert((int)FLOW_GAUGES == VIEW_FLOW_GAUGES && SIGNALS_FLOW_POINTS == VIEW_FLOW_POINTS &&
                   SIGNALS_FLOW_GAP == VIEW_FLOW_GAP,
               "each gauge has its place, each point its own");

static void fill_flow(const struct market_state *market, struct view_flow *out)
{
    const struct signal_values *values = signals_values(market->signals);

    fill_gauge(&values->near_1bp, values->valid, 1000, &out->near_1bp);
    fill_gauge(&values->far_10bp, values->valid, 1000, &out->far_10bp);
    fill_gauge(&values->ofi_10s, values->valid, 3000, &out->ofi_10s);
    fill_gauge(&values->tape_10s, true, 1000, &out->tape_10s);
    for (int i = 0; i < VIEW_FLOW_GAUGES; i++)
        out->points[i] = (uint16_t)signals_flow_points(market->signals, (enum flow_gauge)i,
                                                       out->point_x1000[i], VIEW_FLOW_POINTS);
    out->cvd_count = (uint16_t)(values->cvd_points < VIEW_SPARK_MAX ? values->cvd_points : VIEW_SPARK_MAX);
    for (uint16_t i = 0; i < out->cvd_count; i++)
        out->cvd_lots[i] = values->cvd_5m_lots[i];
    if (out->cvd_count > 0)
        out->cvd_5m_lots = values->cvd_lots - out->cvd_lots[0];
    out->tape_per_s_x10 = scaled(values->tape_per_s, 10);
    out->tape_usual_x100 = values->tape_usual > 0 ? scaled(values->tape_per_s / values->tape_usual, 100) : 0;
    out->volatility_bp_x10 = scaled(values->volatility_1m_bp, 10);
    out->spread_ticks = values->spread_ticks;
    out->range_low_ticks = values->range_60s_low_ticks;
    out->range_high_ticks = values->range_60s_high_ticks;
}

/* --- strategies --------------------------------------------------------------------------------------------- */

/* What an owner has earned since 00:00 UTC, as the account's day is counted. */
static int64_t owner_day_e8(const struct pipeline *pipeline, uint16_t owner)
{
    int64_t net = 0;

    for (size_t i = 0; i < pipeline->markets; i++)
        net += trading_day_net_e8(pipeline->market[i], owner);
    return net;
}

static void fill_strategy(const struct pipeline *pipeline, const struct market_state *market, uint16_t id,
                          struct view_strategy *out)
{
    const struct owner *owner = &pipeline->owner[id];
    uint16_t left_in = unmanaged_in(pipeline, id, market == NULL ? INSTRUMENT_NONE : market->instrument->id);
    const struct strategy_reason *reason;

    out->unmanaged = left_in != INSTRUMENT_NONE;
    if (out->unmanaged) {
        out->left_in = left_in;
        out->left_lots = pipeline->market[left_in]->owned[id].lots;
    }
    TEXT(out->name, owner->name);
    out->owner = id;
    out->on = owner->on;
    out->disabled = owner->disabled;
    out->paused = owner->paused || (id != OWNER_MANUAL && pipeline->risk.state != STATE_ACTIVE);
    TEXT(out->why_off, owner->why_off);
    out->fills = owner->fills;
    out->day_net_e8 = owner_day_e8(pipeline, id);
    for (size_t i = 0; i < pipeline->markets; i++) { /* of all instruments, as fills and net are */
        out->trips += pipeline->market[i]->owned[id].closed_trips;
        out->wins += pipeline->market[i]->owned[id].winning_trips;
    }
    if (market == NULL)
        return;
    out->position_lots = market->owned[id].lots;
    if (owner->strategy == NULL)
        return;
    reason = strategy_instance_reason(owner->strategy, market->instrument->id);
    if (reason == NULL || !reason->set)
        return;
    out->has_signal = true;
    out->score_x1000 = (int32_t)scaled(reason->score, 1000);
    out->threshold_x1000 = (int32_t)scaled(reason->threshold, 1000);
    out->confidence_x1000 = (int32_t)scaled(reason->confidence, 1000);
}

static void fill_strategies(const struct pipeline *pipeline, const struct market_state *market,
                            struct view_frame *frame)
{
    for (size_t i = 1; i < pipeline->owners && frame->strategies < VIEW_STRATEGIES_MAX - 1; i++)
        fill_strategy(pipeline, market, (uint16_t)i, &frame->strategy[frame->strategies++]);
    fill_strategy(pipeline, market, OWNER_MANUAL, &frame->strategy[frame->strategies++]);
}

/* --- lists -------------------------------------------------------------------------------------------------- */

static void add_order(const struct pipeline *pipeline, const struct order *order, struct view_lists *out)
{
    const struct market_state *market = pipeline->market[order->intent.instrument_id];
    struct view_order *row = &out->order[out->orders++];
    int64_t touch = market->mark_ticks[order->intent.side];

    row->order = *order;
    row->order.intent.stop_ticks = paper_broker_stop_ticks(pipeline->broker, order);
    row->instrument_id = order->intent.instrument_id;
    row->away_bp_x10 = VIEW_NONE;
    if (!order_is_open(order)) {
        if (order_type_is_market(order->intent.type) &&
            order->filled_lots > 0) /* what it got, not its bound */
            row->order.intent.price_ticks =
                decimal_mul_div(order->filled_value_e8, DECIMAL_E8,
                                instrument_qty_e8(market->instrument, order->filled_lots)) /
                market->instrument->tick_e8;
        return;
    }
    if (touch > 0)
        row->away_bp_x10 =
            scaled((double)llabs(touch - order_shown_ticks(&row->order)) / (double)touch, 100000);
    if (!paper_broker_queue(pipeline->broker, order->seq, &row->order.queue_expected_lots,
                            &row->order.queue_worst_lots))
        row->order.queue_expected_lots = row->order.queue_worst_lots = -1;
}

static void fill_orders(const struct pipeline *pipeline, struct view_lists *out)
{
    struct order *open[ORDERS_OPEN_MAX];
    struct order finished[VIEW_ORDERS_MAX];
    size_t count = order_manager_open(pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    size_t done;

    out->orders_open = (uint16_t)count;
    for (size_t i = count; i > 0 && out->orders < VIEW_ORDERS_MAX; i--)
        add_order(pipeline, open[i - 1], out);
    done = order_manager_finished(pipeline->orders, finished, (size_t)(VIEW_ORDERS_MAX - out->orders));
    for (size_t i = 0; i < done; i++)
        add_order(pipeline, &finished[i], out);
}

static void fill_fills(const struct pipeline *pipeline, struct view_lists *out)
{
    uint64_t kept = pipeline->fill_count < PIPELINE_FILLS_MAX ? pipeline->fill_count : PIPELINE_FILLS_MAX;

    out->fills_ever = pipeline->fill_count;
    out->closed_ever = pipeline->closed_count;
    for (uint64_t back = 1; back <= kept && out->fills < VIEW_FILLS_MAX; back++) {
        const struct fill *fill = &pipeline->fill[(pipeline->fill_count - back) % PIPELINE_FILLS_MAX];
        const struct instrument *instrument = pipeline->market[fill->instrument_id]->instrument;
        struct view_fill *row = &out->fill[out->fills++];
        int64_t at_mid_e8 = instrument_value_e8(instrument, fill->arrival_mid2_ticks, fill->qty_lots) / 2;

        row->fill = *fill;
        row->slippage_e8 =
            fill->arrival_mid2_ticks == 0 ? VIEW_NONE : side_sign(fill->side) * (fill->value_e8 - at_mid_e8);
    }
}

static void fill_tape(const struct market_state *market, struct view_lists *out)
{
    struct taker_order takers[VIEW_TAPE_MAX];
    struct book_event events[VIEW_EVENTS_MAX];

    out->takers = (uint16_t)tape_takers(market->tape, takers, VIEW_TAPE_MAX);
    for (uint16_t i = 0; i < out->takers; i++)
        out->taker[i] = (struct view_taker){.ts_ns = takers[i].recv_ns,
                                            .taker = takers[i].taker,
                                            .price_ticks = takers[i].last_ticks,
                                            .lots = takers[i].lots,
                                            .prints = takers[i].prints,
                                            .prices = takers[i].prices};
    out->events = (uint16_t)signals_book_events(market->signals, events, VIEW_EVENTS_MAX);
    for (uint16_t i = 0; i < out->events; i++)
        out->event[i] =
            (struct view_book_event){.kind = (uint8_t)events[i].kind,
                                     .side = events[i].side,
                                     .ts_ns = events[i].ts_ns,
                                     .price_ticks = events[i].price_ticks,
                                     .lots = events[i].lots,
                                     .ratio_x100 = (int32_t)scaled(events[i].ratio, 100),
                                     .ratio_to_x100 = (int32_t)scaled(events[i].ratio_to, 100),
                                     .span_ms = events[i].span_ms,
                                     .prices = events[i].prices,
                                     .confidence_x100 = (uint8_t)scaled(events[i].confidence, 100)};
}

static void fill_log(const struct pipeline *pipeline, struct view_lists *out)
{
    for (uint64_t seq = pipeline->note_seq; seq > 0 && out->log_lines < VIEW_LOG_MAX; seq--) {
        const struct note *note = &pipeline->note[(seq - 1) % PIPELINE_NOTES_MAX];
        struct view_log_line *line = &out->log[out->log_lines++];

        line->seq = note->seq;
        line->level = (uint8_t)note->level;
        line->ts_ns = note->ts_ns;
        TEXT(line->text, note->text);
    }
}

static void fill_answers(const struct pipeline *pipeline, struct view_frame *frame)
{
    uint64_t kept =
        pipeline->answer_count < PIPELINE_ANSWERS_MAX ? pipeline->answer_count : PIPELINE_ANSWERS_MAX;

    for (uint64_t back = 1; back <= kept && frame->answers < VIEW_ANSWERS_MAX; back++) {
        const struct answer *answer =
            &pipeline->answer[(pipeline->answer_count - back) % PIPELINE_ANSWERS_MAX];
        struct view_answer *out;

        if (answer->screen != frame->desk.you) /* each screen counts its own commands */
            continue;
        out = &frame->answer[frame->answers++];
        out->seq = answer->seq;
        out->level = answer->level <= NOTE_GOOD ? 0 : answer->level == NOTE_WARNING ? 1 : 2;
        TEXT(out->text, answer->text);
    }
}

void view_panels_fill(struct pipeline *pipeline, struct market_state *market, struct view_frame *frame)
{
    fill_status(pipeline, market, &frame->status);
    fill_strategies(pipeline, market, frame);
    fill_orders(pipeline, &frame->lists);
    fill_fills(pipeline, &frame->lists);
    fill_log(pipeline, &frame->lists);
    fill_answers(pipeline, frame);
    frame->bell_seq = pipeline->bell_seq;
    TEXT(frame->bell_why, pipeline->bell_why);
    frame->bell_owner = pipeline->bell_owner;
    frame->bell_ours_seq = pipeline->bell_ours_seq;
    TEXT(frame->bell_ours_why, pipeline->bell_ours_why);
    if (market == NULL)
        return;
    view_fill_position(pipeline, market, &frame->position);
    view_fill_risk(pipeline, market, &frame->risk);
    fill_flow(market, &frame->flow);
    fill_tape(market, &frame->lists);
    view_fill_next(pipeline, &frame->next);
    frame->preview_seq = pipeline->preview_seq;
}
