/*
 * view_money.c - position, risk and the verdict on the next order, as the screen shows them. See view_panels.h.
 */
#include "app/view_panels.h"

#include "core/base/decimal.h"
#include "core/market/saturate.h"

#include <stdlib.h>
#include <string.h>

#define MILLION 1000000

/* part / whole in thousandths; 0 when there is no whole. */
static int64_t per_mille(int64_t part, int64_t whole)
{
    return whole > 0 ? decimal_mul_div(part, 1000, whole) : 0;
}

/* --- position ----------------------------------------------------------------------------------------------- */

/* What closing now would bring: walk the book, taker fee, against the mark. */
static void fill_if_flat(const struct pipeline *pipeline, const struct market_state *market,
                         int64_t mark_ticks, struct view_position *out)
{
    const struct instrument *instrument = market->instrument;
    int64_t lots = llabs(out->lots), worst = 0, value_e8, at_mark_e8;
    enum side side = out->lots > 0 ? SIDE_BID : SIDE_ASK;
    __int128 tick_lots = 0;

    if (lots == 0)
        return; /* nothing to close: nothing to pay */
    out->if_flat_e8 = out->if_flat_fee_e8 = out->if_flat_slip_e8 = VIEW_NONE;
    if (market->book_state != BOOK_LIVE ||
        order_book_walk(market->book, side, lots, side == SIDE_BID ? 1 : INT64_MAX, &worst, &tick_lots) <
            lots)
        return; /* more than the book shows: nobody knows the price */
    value_e8 = (int64_t)(tick_lots * instrument->tick_e8 * instrument->lot_e8 / DECIMAL_E8);
    at_mark_e8 = instrument_value_e8(instrument, mark_ticks, lots);
    out->if_flat_fee_e8 = decimal_mul_div(value_e8, pipeline->config.limits.fee_taker_ppm, MILLION);
    out->if_flat_slip_e8 = llabs(value_e8 - at_mark_e8);
    out->if_flat_e8 = out->open_e8 - out->if_flat_fee_e8 - out->if_flat_slip_e8;
}

static void fill_account(struct pipeline *pipeline, const struct market_state *market,
                         const struct account *account, struct view_position *out)
{
    uint16_t account_id = (uint16_t)(account - pipeline->account);
    struct risk_instrument at =
        trading_exposure(pipeline, pipeline->market[market->instrument->id], OWNER_MANUAL, 0);

    out->equity_e8 = account->equity_e8;
    out->day_net_e8 = account->equity_e8 - account->day_start_e8;
    out->peak_e8 = account->peak_e8 - account->day_start_e8;
    out->off_peak_e8 = account->equity_e8 - account->peak_e8;
    out->cash_locked_e8 = trading_reserved_quote_e8(pipeline, account_id, 0);
    out->cash_free_e8 = account->cash_e8 - out->cash_locked_e8;
    if (market->instrument->venue == VENUE_BINANCE_SPOT) {
        out->base_locked_lots = at.open_lots[SIDE_ASK];
        out->base_free_lots = out->lots - out->base_locked_lots;
    }
    out->value_of_equity_x1000 = per_mille(llabs(out->value_e8), account->equity_e8);
}

void view_fill_position(struct pipeline *pipeline, struct market_state *market, struct view_position *out)
{
    const struct instrument *instrument = market->instrument;
    const struct position *total = &market->total;
    const struct account *account = pipeline_account(pipeline, instrument->id);
    int64_t cost_e8 = llabs(total->cost_e8);

    out->lots = total->lots;
    out->mark_ticks = market_state_mark(market, total->lots);
    out->value_e8 = position_value_e8(total, instrument, out->mark_ticks);
    out->entry_e8 = out->even_e8 = VIEW_NONE;
    if (total->lots != 0) {
        out->entry_e8 = position_average_e8(total, instrument);
        out->even_e8 = position_even_e8(total, instrument, pipeline->config.limits.fee_taker_ppm * 100);
        out->even_distance_e8 = out->even_e8 - instrument_price_e8(instrument, out->mark_ticks);
    }
    out->open_e8 = position_unrealised_e8(total, instrument, out->mark_ticks);
    out->open_bp_x10 = cost_e8 > 0 ? decimal_mul_div(out->open_e8, 100000, cost_e8) : 0;
    out->closed_e8 = total->realised_e8;
    out->fees_e8 = total->fees_e8;
    out->fills = total->fills;
    out->trips = total->closed_trips;
    out->wins = total->winning_trips;
    out->fee_maker_ppm = pipeline->config.limits.fee_maker_ppm;
    out->fee_taker_ppm = pipeline->config.limits.fee_taker_ppm;
    out->spark_count = (uint16_t)pipeline->equity_points;
    memcpy(out->spark_equity_e8, pipeline->equity_e8, pipeline->equity_points * sizeof(int64_t));
    fill_if_flat(pipeline, market, out->mark_ticks, out);
    if (account != NULL)
        fill_account(pipeline, market, account, out);
}

/* --- risk --------------------------------------------------------------------------------------------------- */

static void add_limit(const struct pipeline *pipeline, enum risk_code code, uint8_t unit, int64_t now,
                      int64_t worst, int64_t limit, struct view_risk *out)
{
    struct view_limit *row = &out->limit[out->limits++];

    snprintf(row->code, sizeof(row->code), "%s", risk_code_word(code));
    row->unit = unit;
    row->now = now;
    row->worst = worst;
    row->limit = limit;
    row->denials = pipeline->risk.denials[code];
    snprintf(row->help, sizeof(row->help), "%s", risk_code_help(code));
}

/* The larger position that open orders could lead to, as money at the mark of their own prices; a size that was mistyped is
 * worth more than any number has room for. */
static int64_t worst_position_e8(const struct market_state *market, const struct risk_instrument *at)
{
    int64_t value =
        position_value_e8(&market->total, market->instrument, market_state_mark(market, market->total.lots));
    int64_t long_e8 = saturate_add(value, at->open_value_e8[SIDE_BID]),
            short_e8 = saturate_add(at->open_value_e8[SIDE_ASK], -value);

    return long_e8 > short_e8 ? long_e8 : short_e8;
}

/* Positions of one account's instruments at their marks. */
static int64_t positions_e8(const struct pipeline *pipeline, uint16_t account_id)
{
    int64_t sum = 0;

    for (size_t i = 0; i < pipeline->markets; i++) {
        const struct market_state *market = pipeline->market[i];

        if (pipeline->market_account[i] == account_id)
            sum += llabs(position_value_e8(&market->total, market->instrument,
                                           market_state_mark(market, market->total.lots)));
    }
    return sum;
}

static void add_account_limits(struct pipeline *pipeline, const struct account *account,
                               struct view_risk *out)
{
    const struct risk_limits *limits = &pipeline->config.limits;
    int64_t day_e8 = account->equity_e8 - account->day_start_e8;
    int64_t loss_limit_e8 = decimal_mul_div(account->day_start_e8, limits->daily_loss_bp, 10000);
    int64_t drawdown_bp =
        account->peak_e8 > 0 ? decimal_mul_div(account->peak_e8 - account->equity_e8, 10000, account->peak_e8)
                             : 0;

    uint16_t account_id = (uint16_t)(account - pipeline->account);

    trading_load_account(pipeline, account_id,
                         0); /* as the gate sees it: open orders count as if they filled */
    add_limit(pipeline, RISK_MAX_GROSS, VIEW_UNIT_MONEY, positions_e8(pipeline, account_id),
              pipeline->risk.gross_value_e8, limits->max_gross_value_e8, out);
    add_limit(pipeline, RISK_DRAWDOWN, VIEW_UNIT_BP, drawdown_bp, drawdown_bp, limits->drawdown_bp, out);
    add_limit(pipeline, RISK_DAILY_LOSS, VIEW_UNIT_MONEY, day_e8 < 0 ? -day_e8 : 0, day_e8 < 0 ? -day_e8 : 0,
              loss_limit_e8, out);
    out->loss_room_e8 = loss_limit_e8 + day_e8;
}

void view_fill_risk(struct pipeline *pipeline, struct market_state *market, struct view_risk *out)
{
    const struct risk_limits *limits = &pipeline->config.limits;
    const struct risk_state *state = &pipeline->risk;
    const struct account *account = pipeline_account(pipeline, market->instrument->id);
    struct risk_instrument at = trading_exposure(pipeline, market, OWNER_MANUAL, 0);
    int64_t open_value = saturate_add(at.open_value_e8[SIDE_BID], at.open_value_e8[SIDE_ASK]);

    add_limit(pipeline, RISK_MAX_POS, VIEW_UNIT_MONEY, at.position_value_e8, worst_position_e8(market, &at),
              limits->max_position_value_e8, out);
    add_limit(pipeline, RISK_MAX_OPEN_VALUE, VIEW_UNIT_MONEY, open_value, open_value,
              limits->max_open_value_e8, out);
    add_limit(pipeline, RISK_MAX_OPEN_N, VIEW_UNIT_COUNT, at.open_orders, at.open_orders,
              limits->max_open_orders, out);
    add_limit(pipeline, RISK_MSG_RATE, VIEW_UNIT_COUNT, state->rate_60s, state->rate_60s, limits->msg_per_min,
              out);
    if (account != NULL)
        add_account_limits(pipeline, account, out);
    add_limit(pipeline, RISK_STALE_BOOK, VIEW_UNIT_MS,
              market->book_ns == 0 ? 0 : (pipeline->now_ns - market->book_ns) / 1000000,
              market->book_ns == 0 ? 0 : (pipeline->now_ns - market->book_ns) / 1000000, limits->stale_ms,
              out);
    out->rate_1s = state->rate_1s;
    out->rate_1s_limit = limits->msg_per_s;
    out->rate_60s = state->rate_60s;
    out->rate_60s_limit = limits->msg_per_min;
    out->open_orders = at.open_orders;
    out->open_orders_limit = limits->max_open_orders;
    out->denied = day_figures_denied(pipeline);
    out->controls = RISK_GATE_END - 1;
}

/* --- next --------------------------------------------------------------------------------------------------- */

static bool refused_state(const struct risk_verdict *verdict)
{
    return verdict->code == RISK_KILL || verdict->code == RISK_MODE || verdict->code == RISK_HALTED ||
           verdict->code == RISK_STALE_BOOK || verdict->code == RISK_SYMBOL_STATE;
}

/* What was taken from the book, and the rest at the order's own price. Saturates, as instrument_value_e8() does. */
static int64_t value_now_e8(const struct instrument *instrument, const struct order_intent *intent,
                            int64_t taken_lots, __int128 taken_tick_lots)
{
    __int128 value_e8 =
        taken_tick_lots * instrument->tick_e8 * instrument->lot_e8 / DECIMAL_E8 +
        instrument_value_e8(instrument, order_intent_ticks(intent), intent->qty_lots - taken_lots);

    return value_e8 > INT64_MAX ? INT64_MAX : (int64_t)value_e8;
}

/* What the order meets in the book: what it takes, what it waits behind. Returns what it would trade for now: what it
 * takes at the book's prices, the rest at its own. */
static int64_t fill_place(const struct market_state *market, const struct order_intent *intent,
                          struct view_next *out)
{
    enum side mine = intent->side, other = side_other(intent->side);
    int64_t worst = 0, price = intent->price_ticks, better, value_e8;
    int64_t touch = market->mark_ticks[mine];
    __int128 tick_lots = 0;

    if (order_type_is_triggered(intent->type)) /* unseen until it goes off */
        return out->value_e8;
    out->takes_lots = order_book_walk(market->book, other, intent->qty_lots, price, &worst, &tick_lots);
    value_e8 = value_now_e8(market->instrument, intent, out->takes_lots, tick_lots);
    if (intent->type == ORDER_MARKET)
        return value_e8;
    better = price + side_sign(mine);
    out->behind_lots = order_book_qty(market->book, mine, price);
    if (touch > 0 && (touch - better) * side_sign(mine) >= 0)
        out->between_lots = order_book_sum_to(market->book, mine, better);
    if (touch > 0)
        out->away_bp_x10 = decimal_mul_div((touch - price) * side_sign(mine), 100000, touch);
    return value_e8;
}

/* value_e8: what it would trade for now; out->value_e8 is what the gate counts, at its own price. */
static void fill_after(const struct pipeline *pipeline, const struct market_state *market,
                       const struct order_intent *intent, int64_t value_e8, struct view_next *out)
{
    const struct instrument *instrument = market->instrument;
    struct position after = market->total;
    struct fill fill = {.instrument_id = intent->instrument_id,
                        .side = intent->side,
                        .price_ticks = order_intent_ticks(intent),
                        .qty_lots = intent->qty_lots,
                        .value_e8 = value_e8};

    out->maker = out->takes_lots == 0 && intent->type == ORDER_LIMIT;
    out->fee_e8 = decimal_mul_div(
        out->value_e8,
        out->maker ? pipeline->config.limits.fee_maker_ppm : pipeline->config.limits.fee_taker_ppm, MILLION);
    fill.fee_e8 = out->fee_e8;
    if (position_apply(&after, instrument, &fill) != ERR_OK)
        return;
    out->after_lots = after.lots;
    out->after_entry_e8 = after.lots == 0 ? VIEW_NONE : position_average_e8(&after, instrument);
}

void view_fill_next(struct pipeline *pipeline, struct view_next *out)
{
    const struct order_intent *intent = &pipeline->preview;
    struct market_state *market;
    struct risk_instrument at;
    struct risk_verdict verdict;

    if (!pipeline->preview_set || intent->instrument_id >= pipeline->markets || intent->qty_lots <= 0 ||
        order_intent_ticks(intent) <= 0)
        return;
    market = pipeline->market[intent->instrument_id];
    verdict = trading_judge_move(pipeline, market, intent, pipeline->preview_moves);
    out->valid = true;
    out->intent = *intent;
    out->passes = verdict.answer != RISK_ANSWER_DENIED;
    out->refused_state = !out->passes && refused_state(&verdict);
    risk_verdict_text(&verdict, market->instrument, out->verdict, sizeof(out->verdict));
    out->value_e8 = instrument_value_e8(market->instrument, order_intent_ticks(intent), intent->qty_lots);
    fill_after(pipeline, market, intent, fill_place(market, intent, out), out);
    at = trading_exposure(pipeline, market, OWNER_MANUAL, pipeline->preview_moves);
    if (!intent->reduce_only)
        at.open_value_e8[intent->side] = saturate_add(at.open_value_e8[intent->side], out->value_e8);
    out->worst_value_e8 = worst_position_e8(market, &at);
    out->worst_limit_e8 = pipeline->config.limits.max_position_value_e8;
    out->of_max_value_x1000 = per_mille(out->value_e8, pipeline->config.limits.max_value_e8);
}
