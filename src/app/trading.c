/*
 * trading.c - the way of an intent: gate, the one sending function, answers, ledger. See pipeline.h.
 */
#include "app/pipeline.h"

#include "core/base/decimal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct market_state *market_at(struct pipeline *pipeline, uint16_t instrument_id)
{
    return instrument_id < pipeline->markets ? pipeline->market[instrument_id] : NULL;
}

/* --- judging and sending ------------------------------------------------------------------------------------ */

static struct risk_verdict judge(struct pipeline *pipeline, struct market_state *market,
                                 const struct order_intent *intent, int64_t leaving_orders)
{
    const struct instrument *instrument = market->instrument;
    uint16_t account = pipeline->market_account[instrument->id];
    struct risk_instrument at = trading_exposure(pipeline, market);
    struct market_ref ref = market_state_ref(market, pipeline->now_ns);

    if (account >= pipeline->accounts) {
        struct risk_verdict denied = {.answer = RISK_ANSWER_DENIED, .code = RISK_BALANCE};

        return denied;
    }
    trading_load_account(pipeline, account);
    at.open_orders -= leaving_orders;
    pipeline->risk.open_orders_total -= leaving_orders;
    return risk_gate_check(&pipeline->config.limits, &pipeline->risk, &at, instrument, &ref, intent);
}

struct risk_verdict trading_judge(struct pipeline *pipeline, struct market_state *market,
                                  const struct order_intent *intent)
{
    return judge(pipeline, market, intent, 0);
}

struct risk_verdict trading_judge_move(struct pipeline *pipeline, struct market_state *market,
                                       const struct order_intent *intent, uint64_t order_seq)
{
    struct order *replaced = order_manager_find(pipeline->orders, order_seq);
    int64_t filled_lots = replaced->filled_lots;
    struct risk_verdict verdict;

    replaced->filled_lots = replaced->intent.qty_lots; /* nothing left of it while the new one is judged */
    verdict = judge(pipeline, market, intent, 1);
    replaced->filled_lots = filled_lots;
    return verdict;
}

/* A book that is not LIVE shows nobody what he would get: a flatten at a typed price finds nothing on paper. */
static void answer_unknown_book(struct pipeline *pipeline, const struct order *order)
{
    pipeline->answers->count = 2;
    pipeline->answers->event[0] =
        (struct order_event){.kind = ORDER_EVENT_ACK, .order_seq = order->seq, .ts_ns = pipeline->now_ns};
    pipeline->answers->event[1] = (struct order_event){.kind = ORDER_EVENT_CANCELLED,
                                                       .order_seq = order->seq,
                                                       .ts_ns = pipeline->now_ns,
                                                       .reason = "the book is not LIVE: no fill on a guess"};
}

/*
 * The one function that hands an order to a gateway. The kill flag is read here once more, right before the
 * send; only an operator's flatten passes it.
 */
static bool send_order(struct pipeline *pipeline, struct market_state *market, const struct order *order)
{
    const atomic_bool *signalled = pipeline->config.external_kill;
    struct gateway gateway = paper_broker_gateway(pipeline->broker);
    bool killed =
        pipeline->risk.kill || (signalled != NULL && atomic_load_explicit(signalled, memory_order_relaxed));

    if (killed && !order->intent.flatten)
        return false;
    pipeline->counts.sent++;
    if (book_sync_state(market->sync) != BOOK_LIVE) {
        answer_unknown_book(pipeline, order);
        return true;
    }
    gateway.ops->submit(gateway.self, order, pipeline->now_ns, pipeline->answers);
    return true;
}

static void deny(struct pipeline *pipeline, struct market_state *market, const struct order_intent *intent,
                 const struct risk_verdict *verdict)
{
    struct owner *owner = &pipeline->owner[intent->owner];
    char text[160];

    risk_verdict_text(verdict, market->instrument, text, sizeof(text));
    pipeline->counts.denied++;
    risk_state_count_denial(&pipeline->risk, verdict->code, pipeline->now_ns);
    journal_decision(pipeline, "denied", market, intent, intent->price_ticks, intent->qty_lots,
                     risk_code_word(verdict->code));
    journal_audit(pipeline, market, "order.denied", owner->name, "%s %s", side_word(intent->side), text);
    journal_note(pipeline, NOTE_WARNING, "DENIED %s %s: %s", owner->name, side_word(intent->side), text);
    if (owner->strategy != NULL) {
        struct strategy_view view = {.instrument = market->instrument,
                                     .ref = market_state_ref(market, pipeline->now_ns),
                                     .signals = signals_values(market->signals),
                                     .position = &market->owned[intent->owner]};

        strategy_on_denied(owner->strategy, &view, risk_code_word(verdict->code));
    } else {
        journal_bell(pipeline, "denied");
    }
}

struct risk_verdict trading_intent(struct pipeline *pipeline, struct market_state *market,
                                   const struct order_intent *wanted, uint64_t *order_seq)
{
    struct order_intent intent = *wanted;
    struct risk_verdict verdict;
    struct order *order;
    struct order sent;

    *order_seq = 0;
    intent.correlation_id = ++pipeline->correlation_id;
    pipeline->counts.intents++;
    journal_decision(pipeline, "intent", market, &intent, intent.price_ticks, intent.qty_lots, "-");
    verdict = trading_judge(pipeline, market, &intent);
    if (verdict.answer == RISK_ANSWER_DENIED) {
        deny(pipeline, market, &intent, &verdict);
        return verdict;
    }
    if (verdict.answer == RISK_ANSWER_ADJUSTED) {
        pipeline->counts.adjusted++;
        intent.qty_lots = verdict.qty_lots;
        journal_decision(pipeline, "adjusted", market, &intent, intent.price_ticks, intent.qty_lots,
                         risk_code_word(verdict.code));
    }
    order =
        order_manager_add(pipeline->orders, &intent, pipeline->now_ns,
                          market_ref_mid2_ticks(&(struct market_ref){
                              .best_ticks = {market->mark_ticks[SIDE_BID], market->mark_ticks[SIDE_ASK]}}));
    if (order == NULL) {
        verdict.answer = RISK_ANSWER_DENIED;
        verdict.code = RISK_MAX_OPEN_N;
        verdict.value = verdict.limit = ORDERS_OPEN_MAX;
        deny(pipeline, market, &intent, &verdict);
        return verdict;
    }
    sent = *order;
    *order_seq = sent.seq;
    risk_state_count_message(&pipeline->risk, pipeline->now_ns);
    risk_state_remember(&pipeline->risk, &intent, pipeline->now_ns);
    journal_decision(pipeline, "order", market, &intent, intent.price_ticks, intent.qty_lots,
                     order_type_word(intent.type));
    journal_order(pipeline, &sent); /* told to the store before it leaves */
    if (!send_order(pipeline, market, &sent)) {
        struct order_event refused = {.kind = ORDER_EVENT_REJECTED,
                                      .order_seq = sent.seq,
                                      .ts_ns = pipeline->now_ns,
                                      .reason = "killed before the send"};

        pipeline->answers->count = 1;
        pipeline->answers->event[0] = refused;
    }
    trading_take_answers(pipeline, market);
    return verdict;
}

/* --- answers ------------------------------------------------------------------------------------------------ */

static void book_fill(struct pipeline *pipeline, struct market_state *market, const struct order *order,
                      const struct fill *reported)
{
    struct account *account = pipeline_account(pipeline, market->instrument->id);
    struct owner *owner = &pipeline->owner[order->intent.owner];
    struct position *mine = &market->owned[order->intent.owner];
    struct fill total = *reported, fill = *reported;
    int64_t flow_e8 = -side_sign(reported->side) * reported->value_e8 - reported->fee_e8;

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
    pipeline->position_moved = true;
    account->cash_e8 += flow_e8;
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
    if (owner->strategy != NULL) {
        struct strategy_view view = {.instrument = market->instrument,
                                     .ref = market_state_ref(market, pipeline->now_ns),
                                     .signals = signals_values(market->signals),
                                     .position = mine};

        strategy_on_fill(owner->strategy, &view, &fill);
    }
}

/* What an order did is told at the price it got; what it wants, at the price it named. */
static int64_t told_price_e8(const struct instrument *instrument, const struct order *order)
{
    int64_t filled_e8 = instrument_qty_e8(instrument, order->filled_lots);

    if (order->state == ORDER_STATE_FILLED && filled_e8 > 0)
        return decimal_mul_div(order->filled_value_e8, DECIMAL_E8, filled_e8);
    return instrument_price_e8(instrument, order->intent.type == ORDER_STOP ? order->intent.stop_ticks
                                                                            : order->intent.price_ticks);
}

/* "placed ofi BUY 0.01 @ 61830: reason" in the log of the screen. */
static void note_order(struct pipeline *pipeline, const struct market_state *market,
                       const struct order *order, enum note_level level, const char *word, const char *reason)
{
    const struct instrument *instrument = market->instrument;
    char price[DECIMAL_TEXT_SIZE], qty[DECIMAL_TEXT_SIZE];

    decimal_format_fixed(told_price_e8(instrument, order), DECIMAL_E8_DIGITS,
                         instrument_price_decimals(instrument), false, price);
    decimal_format_trim(instrument_qty_e8(instrument, order->intent.qty_lots), DECIMAL_E8_DIGITS, qty);
    journal_note(pipeline, level, "%s %s %s %s%s @ %s%s%s", word, pipeline->owner[order->intent.owner].name,
                 side_word(order->intent.side), qty, order->intent.type == ORDER_STOP ? " stop" : "", price,
                 reason[0] == '\0' ? "" : ": ", reason);
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

static void kill_heard(struct pipeline *pipeline, uint64_t order_seq, const struct order *order)
{
    struct kill_report *kill = &pipeline->kill;

    if (!kill->active || order_is_open(order))
        return;
    for (uint32_t i = 0; i < kill->orders; i++)
        if (kill->order[i].order.seq == order_seq && kill->order[i].answered_ns == 0) {
            kill->order[i].order = *order;
            kill->order[i].answered_ns = pipeline->now_ns;
        }
    kill->confirmed++;
    if (kill->confirmed >= kill->total && kill->quiet_ns == 0)
        kill->quiet_ns = pipeline->now_ns;
}

static void take_answer(struct pipeline *pipeline, struct market_state *market,
                        const struct order_event *answer)
{
    struct order order;

    if (order_manager_apply(pipeline->orders, answer, &order) != ERR_OK) {
        pipeline->counts.errors++;
        journal_note(pipeline, NOTE_BAD, "an answer to order %" PRIu64 " fits nothing: halted",
                     answer->order_seq);
        trading_set_state(pipeline, STATE_HALTED, "an order's answer fits nothing");
        return;
    }
    switch (answer->kind) {
    case ORDER_EVENT_ACK:
        if (order.intent.type != ORDER_MARKET) /* a market order's end follows at once */
            note_order(pipeline, market, &order, NOTE_INFO, "placed", "");
        break;
    case ORDER_EVENT_FILL:
        book_fill(pipeline, market, &order, &answer->fill);
        if (order.state == ORDER_STATE_FILLED) {
            pipeline->counts.filled++;
            note_order_end(pipeline, market, &order, NULL);
            journal_bell(pipeline, pipeline->note[(pipeline->note_seq - 1) % PIPELINE_NOTES_MAX].text);
        }
        break;
    case ORDER_EVENT_CANCELLED:
    case ORDER_EVENT_EXPIRED:
        pipeline->counts.cancelled++;
        note_order_end(pipeline, market, &order, answer->reason);
        break;
    case ORDER_EVENT_REJECTED:
        pipeline->counts.rejected++;
        note_order_end(pipeline, market, &order, answer->reason);
        journal_bell(pipeline, "rejected");
        break;
    case ORDER_EVENT_TRIGGERED:
    case ORDER_EVENT_REPLACED:
    case ORDER_EVENT_CANCEL_REJECTED:
    case ORDER_EVENT_REPLACE_REJECTED:
    case ORDER_EVENT_KINDS:
        break;
    }
    journal_order(pipeline, &order);
    kill_heard(pipeline, answer->order_seq, &order);
}

/* Applies what the broker answered, in order. No handler calls the broker. */
void trading_take_answers(struct pipeline *pipeline, struct market_state *market)
{
    struct gateway_answers *answers = pipeline->answers;

    for (size_t i = 0; i < answers->count; i++)
        take_answer(pipeline, market, &answers->event[i]);
    answers->count = 0;
    if (pipeline->position_moved) {
        pipeline->position_moved = false;
        holdings_trim(pipeline, market);
    }
}

/* --- cancelling --------------------------------------------------------------------------------------------- */

void trading_cancel(struct pipeline *pipeline, uint64_t order_seq)
{
    struct order *order = order_manager_find(pipeline->orders, order_seq);
    struct gateway gateway = paper_broker_gateway(pipeline->broker);
    struct market_state *market;

    if (order == NULL)
        return;
    market = market_at(pipeline, order->intent.instrument_id);
    risk_state_count_message(&pipeline->risk, pipeline->now_ns);
    if (order_cancel_sent(order, pipeline->now_ns) != ERR_OK)
        return;
    gateway.ops->cancel(gateway.self, order, pipeline->now_ns, pipeline->answers);
    trading_take_answers(pipeline, market);
}

size_t trading_cancel_all(struct pipeline *pipeline, uint16_t instrument_id, uint16_t owner, bool keep_manual)
{
    struct order *open[ORDERS_OPEN_MAX];
    uint64_t seqs[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(pipeline->orders, instrument_id, owner, open, ORDERS_OPEN_MAX);
    size_t cancelled = 0;

    for (size_t i = 0; i < count; i++)
        if (!keep_manual || open[i]->intent.owner != OWNER_MANUAL)
            seqs[cancelled++] = open[i]->seq;
    for (size_t i = 0; i < cancelled; i++)
        trading_cancel(pipeline, seqs[i]);
    return cancelled;
}

/* --- strategies and state ----------------------------------------------------------------------------------- */

/* A way out of the owner's share that is none for the position: others hold the opposite of it. */
static bool closes_share_alone(const struct market_state *market, const struct order_intent *intent)
{
    int64_t mine = -side_sign(intent->side) * market->owned[intent->owner].lots;
    int64_t all = -side_sign(intent->side) * market->total.lots;

    return intent->reduce_only && mine >= intent->qty_lots && all < intent->qty_lots;
}

static void run_strategy(struct pipeline *pipeline, struct market_state *market, uint16_t owner_id)
{
    struct owner *owner = &pipeline->owner[owner_id];
    struct order *open[ORDERS_OPEN_MAX];
    struct strategy_actions actions;
    uint64_t order_seq;
    struct strategy_view view = {.instrument = market->instrument,
                                 .ref = market_state_ref(market, pipeline->now_ns),
                                 .signals = signals_values(market->signals),
                                 .position = &market->owned[owner_id]};

    view.order_count =
        order_manager_open(pipeline->orders, market->instrument->id, owner_id, open, ORDERS_OPEN_MAX);
    view.orders = (const struct order *const *)open;
    strategy_on_event(owner->strategy, &view, &actions);
    if (owner->paused || pipeline->risk.mode == MODE_OBSERVATION || pipeline->risk.kill ||
        (pipeline->risk.state != STATE_ACTIVE && pipeline->risk.state != STATE_REDUCING))
        return; /* it goes on looking, so that its score is true; it sends nothing */
    for (size_t i = 0; i < actions.cancel_count; i++) {
        const struct order *order = order_manager_find(pipeline->orders, actions.cancel_seq[i]);

        if (order != NULL && order->intent.owner == owner_id)
            trading_cancel(pipeline, actions.cancel_seq[i]);
    }
    for (size_t i = 0; i < actions.intent_count; i++) {
        actions.intent[i].owner = owner_id;
        actions.intent[i].instrument_id = market->instrument->id;
        if (pipeline->risk.state == STATE_REDUCING && !actions.intent[i].reduce_only)
            continue; /* in REDUCING it may only leave */
        if (closes_share_alone(market, &actions.intent[i]))
            actions.intent[i].reduce_only = false; /* judged as what it is to the account: a new position */
        trading_intent(pipeline, market, &actions.intent[i], &order_seq);
    }
}

void trading_run_strategies(struct pipeline *pipeline, struct market_state *market)
{
    for (uint16_t i = 1; i < (uint16_t)pipeline->owners; i++)
        if (pipeline->owner[i].on)
            run_strategy(pipeline, market, i);
}

void trading_set_state(struct pipeline *pipeline, enum trading_state state, const char *why)
{
    if (pipeline->risk.state == STATE_KILLED && state != STATE_PAUSED && state != STATE_KILLED)
        return; /* latched: only a cleared kill leaves it, to PAUSED */
    pipeline->risk.state = state;
    pipeline->state_since_ns = pipeline->now_ns;
    pipeline->state_cancelled = 0;
    snprintf(pipeline->state_why, sizeof(pipeline->state_why), "%s", why);
    journal_decision(pipeline, "state", NULL, NULL, 0, 0, trading_state_word(state));
    journal_audit(pipeline, NULL, "state", "-", "%s %s", trading_state_word(state), why);
    journal_note(pipeline, state == STATE_ACTIVE ? NOTE_GOOD : NOTE_WARNING, "%s %s",
                 trading_state_word(state), why);
}
