/*
 * answers.c - what a gateway says of our orders: the order's life, the ledger, who must hear of it. See pipeline.h.
 */
#include "app/holdings.h"
#include "app/journal_states.h"

#include "core/base/decimal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void book_fill(struct pipeline *pipeline, struct market_state *market, const struct order *order,
                      const struct fill *reported)
{
    struct account *account = pipeline_account(pipeline, market->instrument->id);
    struct owner *owner = &pipeline->owner[order->intent.owner];
    struct position *mine = &market->owned[order->intent.owner];
    struct fill total = *reported, fill = *reported;
    int64_t elsewhere_e8 = reported->fee_asset_e8 != 0 ? reported->fee_e8 : 0; /* paid by another asset */
    int64_t flow_e8 = -side_sign(reported->side) * reported->value_e8 - (reported->fee_e8 - elsewhere_e8);
    uint64_t trips = mine->closed_trips;

    if (position_apply(&market->total, market->instrument, &total) != ERR_OK ||
        position_apply(mine, market->instrument, &fill) != ERR_OK || account == NULL) {
        pipeline->counts.errors++;
        trading_set_state(pipeline, STATE_HALTED, "ledger overflow");
        return;
    }
    if (order->intent.owner == OWNER_MANUAL && mine->lots * side_sign(fill.side) > 0) {
        int64_t share = llabs(mine->lots);

        holdings_take_over(pipeline, market, share < fill.qty_lots ? share : fill.qty_lots, fill.price_ticks);
    }
    pipeline->moved_instruments |= UINT64_C(1) << market->instrument->id;
    account->cash_e8 += flow_e8;
    account->fees_elsewhere_e8 += elsewhere_e8;
    account->fee_asset_e8 += reported->fee_asset_e8;
    fill.arrival_mid2_ticks = order->arrival_mid2_ticks;
    pipeline->counts.fills++;
    owner->fills++;
    pipeline->fill[pipeline->fill_count++ % PIPELINE_FILLS_MAX] = fill;
    if (fill.realised_e8 != 0)
        pipeline->closed_count++;
    journal_decision(pipeline, "fill", market, &order->intent, fill.price_ticks, fill.qty_lots,
                     fill.maker ? "maker" : "taker");
    journal_fill(pipeline, &fill);
    trading_update_equity(pipeline);
    monitoring_on_fill(pipeline, market, order, &fill, trips);
    journal_money(pipeline, market);
    journal_symbol(pipeline, market);
    execution_on_fill(pipeline->execution, order, &fill);
    strategies_hear_fill(pipeline, order, &fill);
}

/* How far behind is all that is known of it here. */
static bool trails(const struct order *order)
{
    return order->intent.type == ORDER_TRAILING_STOP && !order->triggered && order->filled_lots == 0;
}

/* What an order did is told at the price it got; what it wants, at the price it named. */
static int64_t told_price_e8(const struct instrument *instrument, const struct order *order)
{
    int64_t filled_e8 = instrument_qty_e8(instrument, order->filled_lots);

    if (order->state == ORDER_STATE_FILLED && filled_e8 > 0)
        return decimal_mul_div(order->filled_value_e8, DECIMAL_E8, filled_e8);
    return instrument_price_e8(instrument,
                               trails(order) ? order->intent.trail_ticks : order_shown_ticks(order));
}

/* What sets it off, before its price. */
static const char *trigger_word(enum order_type type)
{
    static const char *const words[ORDER_TYPES] = {[ORDER_STOP] = " stop",
                                                   [ORDER_STOP_LIMIT] = " stop",
                                                   [ORDER_TAKE_PROFIT] = " take",
                                                   [ORDER_TAKE_PROFIT_LIMIT] = " take",
                                                   [ORDER_TRAILING_STOP] = " trailing stop"};

    return (unsigned)type < ORDER_TYPES && words[type] != NULL ? words[type] : "";
}

/* "placed ofi BUY 0.01 @ 61830: reason" in the log of the screen; beside other instruments "0.01 BTC". */
static void note_order(struct pipeline *pipeline, const struct market_state *market,
                       const struct order *order, enum note_level level, const char *word, const char *reason)
{
    const struct instrument *instrument = market->instrument;
    bool several = pipeline->markets > 1;
    char price[DECIMAL_TEXT_SIZE], qty[DECIMAL_TEXT_SIZE];

    decimal_format_fixed(told_price_e8(instrument, order), DECIMAL_E8_DIGITS,
                         instrument_price_decimals(instrument), false, price);
    decimal_format_trim(instrument_qty_e8(instrument, order->intent.qty_lots), DECIMAL_E8_DIGITS, qty);
    journal_note(pipeline, level, "%s %s %s %s%s%s%s %s %s%s%s", word,
                 pipeline->owner[order->intent.owner].name, side_word(order->intent.side), qty,
                 several ? " " : "", several ? instrument->base : "", trigger_word(order->intent.type),
                 trails(order) ? "by" : "@", price, reason[0] == '\0' ? "" : ": ", reason);
}

static void note_order_end(struct pipeline *pipeline, struct market_state *market, const struct order *order,
                           const char *reason)
{
    const char *word = order_state_word(order->state);

    journal_decision(pipeline, word, market, &order->intent, order->intent.price_ticks,
                     order->state == ORDER_STATE_FILLED ? order->filled_lots : order_left_lots(order), word);
    note_order(pipeline, market, order, order->state == ORDER_STATE_REJECTED ? NOTE_BAD : NOTE_INFO, word,
               reason == NULL ? "" : reason);
}

/* A way back of a request that the venue refused: the order lives on, or its end is on the way. */
static void note_refused(struct pipeline *pipeline, struct market_state *market, const struct order *order,
                         const struct order_event *answer)
{
    note_order(pipeline, market, order, NOTE_WARNING,
               answer->kind == ORDER_EVENT_CANCEL_REJECTED ? "cancel refused" : "new terms refused",
               answer->reason == NULL ? order_error_word(answer->error) : answer->reason);
}

static void order_ended(struct pipeline *pipeline, struct market_state *market, const struct order *order,
                        const struct order_event *answer)
{
    note_order_end(pipeline, market, order, answer->reason);
    strategies_hear_order(pipeline, order, order_error_word(answer->error));
}

static void on_answer(struct pipeline *pipeline, struct market_state *market, const struct order *order,
                      const struct order_event *answer)
{
    switch (answer->kind) {
    case ORDER_EVENT_ACK:
        if (order->intent.type != ORDER_MARKET) /* a market order's end follows at once */
            note_order(pipeline, market, order, NOTE_INFO, "placed", "");
        break;
    case ORDER_EVENT_FILL:
        book_fill(pipeline, market, order, &answer->fill);
        if (order->state == ORDER_STATE_FILLED) {
            pipeline->counts.filled++;
            note_order_end(pipeline, market, order, NULL);
            journal_bell_of(pipeline, order->intent.owner,
                            pipeline->note[(pipeline->note_seq - 1) % PIPELINE_NOTES_MAX].text);
        }
        break;
    case ORDER_EVENT_CANCELLED:
    case ORDER_EVENT_EXPIRED:
        pipeline->counts.cancelled++;
        order_ended(pipeline, market, order, answer);
        break;
    case ORDER_EVENT_REJECTED:
        pipeline->counts.rejected++;
        risk_monitor_reject(&pipeline->monitor, order->intent.owner, pipeline->now_ns);
        journal_time(pipeline, order->intent.owner, STORE_TIME_REJECT);
        execution_on_refused(pipeline->execution, order->intent.owner, order->intent.instrument_id,
                             pipeline->now_ns);
        order_ended(pipeline, market, order, answer);
        journal_bell_of(pipeline, order->intent.owner, "rejected");
        break;
    case ORDER_EVENT_TRIGGERED:
        note_order(pipeline, market, order, NOTE_INFO, "triggered", "");
        journal_decision(pipeline, "triggered", market, &order->intent, order->intent.stop_ticks,
                         order_left_lots(order), "-");
        break;
    case ORDER_EVENT_REPLACED:
        note_order(pipeline, market, order, NOTE_INFO, "moved", "");
        journal_decision(pipeline, "replaced", market, &order->intent, order->intent.price_ticks,
                         order_left_lots(order), "-");
        break;
    case ORDER_EVENT_CANCEL_REJECTED:
    case ORDER_EVENT_REPLACE_REJECTED:
        note_refused(pipeline, market, order, answer);
        break;
    case ORDER_EVENT_KINDS:
        break;
    }
}

/* The venue is right: what it says was traded is booked, though no order of ours, or none that we know, explains it. */
static void book_unexplained(struct pipeline *pipeline, const struct order_event *answer,
                             const struct order *order)
{
    struct fill fill = answer->fill;
    struct market_state *market =
        fill.instrument_id < pipeline->markets ? pipeline->market[fill.instrument_id] : NULL;
    struct order as = *order;
    char qty[DECIMAL_TEXT_SIZE];

    if (market == NULL || fill.qty_lots <= 0 || fill.value_e8 < 0)
        return;
    if (as.seq == 0) /* the trader's: nobody else can answer for it */
        as.intent = (struct order_intent){
            .instrument_id = fill.instrument_id, .owner = OWNER_MANUAL, .side = fill.side};
    fill.owner = as.intent.owner;
    decimal_format_trim(instrument_qty_e8(market->instrument, fill.qty_lots), DECIMAL_E8_DIGITS, qty);
    journal_audit(pipeline, market, "fill.external", pipeline->owner[fill.owner].name,
                  "order %" PRIu64 " trade %" PRIu64 " %s %s", answer->order_seq, fill.trade_id,
                  side_word(fill.side), qty);
    journal_note(pipeline, NOTE_BAD, "%s EXTERNAL %s %s: booked, since the venue says so",
                 market->instrument->symbol, side_word(fill.side), qty);
    journal_bell(pipeline, "a fill that no order of ours explains");
    book_fill(pipeline, market, &as, &fill);
}

/* What is told of an order that the account's owner gave elsewhere, or of one forgotten long since, is no fault. */
static void take_unfit(struct pipeline *pipeline, const struct order_event *answer, const struct order *order)
{
    bool known = order->seq != 0, ours_once = answer->order_seq <= order_manager_last_seq(pipeline->orders);

    if (answer->kind == ORDER_EVENT_FILL)
        book_unexplained(pipeline, answer, order);
    if (!known && ours_once) {
        pipeline->counts.duplicates += answer->kind != ORDER_EVENT_FILL;
        return;
    }
    pipeline->counts.errors++;
    journal_note(pipeline, NOTE_BAD, "an answer to order %" PRIu64 " fits nothing: halted",
                 answer->order_seq);
    trading_set_state(pipeline, STATE_HALTED, "an order's answer fits nothing");
}

static void take_answer(struct pipeline *pipeline, const struct order_event *answer)
{
    struct market_state *market;
    struct order order;
    enum err err = order_manager_apply(pipeline->orders, answer, &order);

    if (err == ERR_DUPLICATE) {
        pipeline->counts.duplicates++; /* told twice, booked once */
        return;
    }
    if (err != ERR_OK) {
        take_unfit(pipeline, answer, &order);
        return;
    }
    market = pipeline->market[order.intent.instrument_id];
    journal_answer(pipeline, market, answer, order.intent.owner);
    on_answer(pipeline, market, &order, answer);
    journal_order(pipeline, &order);
    if (!order_is_open(&order) && answer->kind != ORDER_EVENT_ACK)
        journal_story(pipeline, order.seq);
    groups_see(pipeline, &order);
    kill_hear(pipeline, &order);
}

void answers_take(struct pipeline *pipeline)
{
    struct gateway_answers *answers = pipeline->answers;

    for (size_t i = 0; i < answers->count; i++)
        take_answer(pipeline, &answers->event[i]);
    answers->count = 0;
    if (pipeline->moved_instruments == 0)
        return;
    for (size_t i = 0; i < pipeline->markets; i++)
        if ((pipeline->moved_instruments >> i & 1U) != 0) {
            pipeline->moved_instruments &= ~(UINT64_C(1) << i);
            holdings_trim(pipeline, pipeline->market[i]);
        }
}
