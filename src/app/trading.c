/*
 * trading.c - the way of an intent: gate, the one sending function, new terms, states. See pipeline.h.
 */
#include "app/journal_states.h"

#include "core/base/decimal.h"
#include "exec/gateway_send.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LEAVE_STEPS_MAX 1024 /* messages waited for at an end */

/* --- judging and sending ------------------------------------------------------------------------------------ */

/* On spot a sale can only be an exit; only the paper venue, where it keeps balances, shares them out (paper_pair.c). */
static bool is_exit(const struct pipeline *pipeline, const struct order_intent *intent)
{
    const struct instrument *instrument = pipeline->market[intent->instrument_id]->instrument;

    if (instrument->venue == VENUE_BINANCE_SPOT)
        return intent->group != 0 && intent->side == SIDE_ASK && pipeline->config.gateway == NULL &&
               pipeline->config.paper.account;
    return intent->group != 0 && intent->reduce_only;
}

static bool is_exit_beside(const struct pipeline *pipeline, const struct order *order,
                           const struct order_intent *intent, uint64_t without_seq)
{
    return order->seq != without_seq && order->intent.side == intent->side &&
           is_exit(pipeline, &order->intent);
}

/* The first of the largest stands for its group. */
static bool stands_for_group(const struct pipeline *pipeline, struct order *const *open, size_t count,
                             size_t which, uint64_t without_seq)
{
    int64_t lots = order_open_lots(open[which]);

    for (size_t i = 0; i < count; i++) {
        int64_t other_lots = order_open_lots(open[i]);

        if (open[i]->intent.group == open[which]->intent.group &&
            is_exit_beside(pipeline, open[i], &open[which]->intent, without_seq) &&
            (other_lots > lots || (other_lots == lots && i < which)))
            return false;
    }
    return true;
}

/*
 * Exits of one group take each other's place: what its open ones would reduce, this one may reduce instead, and
 * those of another group close as much as the largest of them. Else the second of a bracket's two ways out would
 * never leave, nor those of a second bracket.
 */
static void leave_out_groups(struct pipeline *pipeline, const struct order_intent *intent,
                             uint64_t without_seq, struct risk_instrument *at)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count;

    if (!intent->reduce_only && !is_exit(pipeline, intent))
        return;
    count = order_manager_open(pipeline->orders, intent->instrument_id, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct order_intent *other = &open[i]->intent;
        bool same = other->group == intent->group && is_exit(pipeline, intent);

        if (!is_exit_beside(pipeline, open[i], intent, without_seq) ||
            (!same && stands_for_group(pipeline, open, count, i, without_seq)))
            continue;
        at->open_lots[intent->side] -= order_open_lots(open[i]);
        if (other->owner == intent->owner)
            at->owner_open_lots[intent->side] -= order_open_lots(open[i]);
    }
}

int64_t trading_reducible_lots(struct pipeline *pipeline, struct market_state *market,
                               const struct order_intent *intent, uint64_t without_seq)
{
    struct risk_instrument at = trading_exposure(pipeline, market, intent->owner, without_seq);

    leave_out_groups(pipeline, intent, without_seq, &at);
    return risk_reducible_lots(at.position_lots, at.open_lots[intent->side], intent->side);
}

/* A way out made smaller where it stands takes nothing from what others offer to close, whatever they offer. */
static void leave_out_others(struct pipeline *pipeline, const struct order_intent *intent,
                             uint64_t without_seq, struct risk_instrument *at)
{
    const struct order *order = without_seq == 0 ? NULL : order_manager_find(pipeline->orders, without_seq);

    if (order == NULL || !intent->reduce_only || intent->qty_lots > order_left_lots(order) ||
        order_terms_ticks(intent) != order_terms_ticks(&order->intent))
        return;
    at->open_lots[intent->side] = at->owner_open_lots[intent->side] = 0;
}

#define GATE_EVERY 16

static struct risk_verdict check(struct pipeline *pipeline, const struct risk_instrument *at,
                                 const struct instrument *instrument, const struct market_ref *ref,
                                 const struct order_intent *intent)
{
    struct gate_times *gate = &pipeline->gate;
    bool timed = pipeline->config.stopwatch != NULL && gate->checks++ % GATE_EVERY == 0;
    int64_t before_ns = timed ? pipeline->config.stopwatch() : 0;
    struct risk_verdict verdict =
        risk_gate_check(&pipeline->config.limits, &pipeline->risk, at, instrument, ref, intent);

    if (timed)
        gate->ns[gate->samples++ % GATE_SAMPLES_MAX] = pipeline->config.stopwatch() - before_ns;
    return verdict;
}

/* What the journal has no room for does not leave. In REDUCING an operator has said that positions are closed all the same. */
static bool has_no_journal(const struct pipeline *pipeline)
{
    return pipeline->sink_full && !(pipeline->closes_unwritten && risk_state_only_reduces(&pipeline->risk));
}

/* What a live venue tells of itself, as of now. */
static void load_facts(struct pipeline *pipeline)
{
    struct gateway_facts facts = {0};

    if (pipeline->gateway.ops->facts == NULL)
        return;
    pipeline->gateway.ops->facts(pipeline->gateway.self, &facts);
    pipeline->risk.private_live = facts.private_live;
    pipeline->risk.clock_known = facts.clock_known;
    pipeline->risk.clock_offset_ns = facts.clock_offset_ns;
    pipeline->risk.weight_used = facts.weight_used;
    pipeline->risk.weight_allowed = facts.weight_allowed;
}

/* As if the order without_seq were gone (0: none). */
static struct risk_verdict judge(struct pipeline *pipeline, struct market_state *market,
                                 const struct order_intent *intent, uint64_t without_seq)
{
    const struct instrument *instrument = market->instrument;
    uint16_t account = pipeline->market_account[instrument->id];
    struct market_ref ref = market_state_ref(market, pipeline->now_ns);
    struct risk_instrument at;

    if (pipeline->recovering)
        return (struct risk_verdict){.answer = RISK_ANSWER_DENIED,
                                     .code = RISK_POST_TRADE,
                                     .name = "the run before is not put back and compared yet"};
    if (pipeline->leaving)
        return (struct risk_verdict){
            .answer = RISK_ANSWER_DENIED, .code = RISK_HALTED, .name = "this run is ending"};
    if (has_no_journal(pipeline) && pipeline->risk.state == STATE_PAUSED && !intent->flatten)
        return (struct risk_verdict){
            .answer = RISK_ANSWER_DENIED, .code = RISK_HALTED, .name = "storage failed: cancels only"};
    if (account >= pipeline->accounts) {
        struct risk_verdict denied = {.answer = RISK_ANSWER_DENIED, .code = RISK_BALANCE};

        return denied;
    }
    load_facts(pipeline);
    trading_load_account(pipeline, account, without_seq);
    trading_load_owner(pipeline, account, intent->owner, without_seq);
    at = trading_exposure(pipeline, market, intent->owner, without_seq);
    leave_out_groups(pipeline, intent, without_seq, &at);
    leave_out_others(pipeline, intent, without_seq, &at);
    return check(pipeline, &at, instrument, &ref, intent);
}

struct risk_verdict trading_judge(struct pipeline *pipeline, struct market_state *market,
                                  const struct order_intent *intent)
{
    return judge(pipeline, market, intent, 0);
}

struct risk_verdict trading_judge_move(struct pipeline *pipeline, struct market_state *market,
                                       const struct order_intent *intent, uint64_t order_seq)
{
    return judge(pipeline, market, intent, order_seq);
}

/* What was to leave is not what was approved: nothing leaves any more. */
static void mismatch(struct pipeline *pipeline, const struct order *order)
{
    pipeline->counts.errors++;
    risk_state_count_trip(&pipeline->risk, RISK_COMPARE, pipeline->now_ns);
    journal_audit(pipeline, NULL, "order.mismatch", "-", "order %" PRIu64 " is not the one that was approved",
                  order->seq);
    trading_set_state(pipeline, STATE_HALTED, "COMPARE: an order is not the one that was approved");
}

/* The flag comes from other threads and signals, before the command that belongs to it has been taken. */
static bool is_killed(const struct pipeline *pipeline)
{
    const atomic_bool *signalled = pipeline->config.external_kill;

    return pipeline->risk.kill ||
           (signalled != NULL && atomic_load_explicit(signalled, memory_order_relaxed));
}

/* The limits of a single order have no use of their own but this: the largest one of the day. */
static void keep_largest(struct pipeline *pipeline, const struct order_intent *intent)
{
    const struct market_state *market = pipeline->market[intent->instrument_id];
    struct market_ref ref = market_state_ref(market, pipeline->now_ns);
    int64_t reached_ticks = 0;
    __int128 sum = 0;

    if (intent->type == ORDER_MARKET &&
        order_book_walk(market->book, side_other(intent->side), intent->qty_lots, intent->price_ticks,
                        &reached_ticks, &sum) < intent->qty_lots)
        reached_ticks = intent->price_ticks; /* the visible book ends before it does */
    risk_worst_order(&pipeline->worst, market->instrument, &ref, intent, reached_ticks);
}

/*
 * The one function that hands an order to a gateway. The kill flag is read here once more, right before the
 * send; only an operator's flatten passes it.
 */
static bool send_order(struct pipeline *pipeline, const struct order *order)
{
    journal_commit(pipeline); /* told to the store before it leaves */
    if ((is_killed(pipeline) || has_no_journal(pipeline)) && !order->intent.flatten) {
        risk_approval_withdraw(&pipeline->approvals, order->seq);
        return false;
    }
    if (!risk_approval_consume(&pipeline->approvals, order)) {
        mismatch(pipeline, order);
        return false;
    }
    pipeline->counts.sent++;
    gateway_submit(&pipeline->gateway, order, pipeline->now_ns, pipeline->answers);
    keep_largest(pipeline, &order->intent); /* once it has left: nobody waits for it */
    return true;
}

static void answer_for_gateway(struct pipeline *pipeline, const struct order *order,
                               enum order_event_kind kind)
{
    enum order_error error = is_killed(pipeline) ? ORDER_ERROR_KILLED : ORDER_ERROR_CAPACITY;

    pipeline->answers->count = 1;
    pipeline->answers->event[0] = (struct order_event){.kind = kind,
                                                       .order_seq = order->seq,
                                                       .ts_ns = pipeline->now_ns,
                                                       .error = error,
                                                       .reason = order_error_word(error)};
}

/* What cannot be approved does not get as far as send_order(), which would tell the same once more. */
static void let_out(struct pipeline *pipeline, const struct order *order)
{
    bool granted = risk_approval_grant(&pipeline->approvals, order);

    if (!granted)
        mismatch(pipeline, order);
    if (!granted || !send_order(pipeline, order))
        answer_for_gateway(pipeline, order, ORDER_EVENT_REJECTED);
    answers_take(pipeline);
}

/* A bound of the engine's own, whatever the limits say. */
static struct risk_verdict too_many(const char *what, int64_t bound)
{
    return (struct risk_verdict){.answer = RISK_ANSWER_DENIED,
                                 .code = RISK_MAX_OPEN_N,
                                 .unit = RISK_UNIT_COUNT,
                                 .name = what,
                                 .value = bound + 1,
                                 .limit = bound};
}

static struct risk_verdict group_verdict(const struct pipeline *pipeline, const struct order_intent *intent,
                                         struct risk_verdict verdict)
{
    enum err err = order_groups_check(pipeline->groups, intent);

    if (err == ERR_RANGE)
        return (struct risk_verdict){.answer = RISK_ANSWER_DENIED,
                                     .code = RISK_FILTER,
                                     .name = "the group is of another instrument or owner"};
    if (err == ERR_TOO_LONG)
        return too_many("in_group", GROUP_LEGS_MAX);
    return err == ERR_OK ? verdict : too_many("groups", ORDER_GROUPS_MAX);
}

/* What its type has no use for would be valued and shown all the same. */
static struct order_intent without_unused(struct order_intent intent)
{
    if (!order_type_is_triggered(intent.type))
        intent.stop_ticks = 0;
    if (intent.type != ORDER_TRAILING_STOP)
        intent.trail_ticks = 0;
    return intent;
}

struct risk_verdict trading_intent(struct pipeline *pipeline, struct market_state *market,
                                   const struct order_intent *wanted, uint64_t *order_seq)
{
    struct order_intent intent = without_unused(*wanted);
    struct risk_verdict verdict;
    struct order *order;
    struct order sent;
    bool adds_nothing;

    *order_seq = 0;
    intent.correlation_id = ++pipeline->correlation_id;
    pipeline->counts.intents++;
    journal_decision(pipeline, "intent", market, &intent, intent.price_ticks, intent.qty_lots, "-");
    verdict = trading_judge(pipeline, market, &intent);
    intent.unasked = false; /* its later terms are the venue's, the group's or the screen's */
    if (verdict.answer != RISK_ANSWER_DENIED)
        verdict = group_verdict(pipeline, &intent, verdict);
    if (verdict.answer == RISK_ANSWER_DENIED) {
        denials_tell(pipeline, market, &intent, &verdict);
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
        verdict = too_many("engine", ORDERS_OPEN_MAX);
        denials_tell(pipeline, market, &intent, &verdict);
        return verdict;
    }
    sent = *order;
    *order_seq = sent.seq;
    adds_nothing = intent.reduce_only || intent.flatten;
    risk_state_count_message(&pipeline->risk, pipeline->now_ns);
    risk_state_remember(&pipeline->risk, &intent, pipeline->now_ns);
    journal_decision(pipeline, "order", market, &intent, intent.price_ticks, intent.qty_lots,
                     order_type_word(intent.type));
    groups_see(pipeline, &sent);
    journal_order(pipeline, &sent);
    journal_time(pipeline, intent.owner, adds_nothing ? STORE_TIME_MESSAGE : STORE_TIME_ENTRY);
    risk_monitor_sent(&pipeline->monitor, intent.owner, !adds_nothing, pipeline->now_ns);
    let_out(pipeline, &sent);
    return verdict;
}

/* --- new terms ---------------------------------------------------------------------------------------------- */

/* New terms leave as an order does; what does not leave rests where it was. */
static bool send_terms(struct pipeline *pipeline, const struct order *order)
{
    journal_commit(pipeline);
    if (is_killed(pipeline) || has_no_journal(pipeline)) {
        risk_approval_withdraw(&pipeline->approvals, order->seq);
        return false;
    }
    if (!risk_approval_consume(&pipeline->approvals, order)) {
        mismatch(pipeline, order);
        return false;
    }
    pipeline->gateway.ops->replace(pipeline->gateway.self, order, pipeline->now_ns, pipeline->answers);
    return true;
}

static bool let_terms_out(struct pipeline *pipeline, const struct order *order)
{
    bool granted = risk_approval_grant(&pipeline->approvals, order), leaves;

    if (!granted)
        mismatch(pipeline, order);
    leaves = granted && send_terms(pipeline, order);
    if (!leaves)
        answer_for_gateway(pipeline, order, ORDER_EVENT_REPLACE_REJECTED);
    answers_take(pipeline);
    return leaves;
}

struct risk_verdict trading_replace(struct pipeline *pipeline, uint64_t order_seq, int64_t price_ticks,
                                    int64_t qty_lots)
{
    struct risk_verdict verdict = {.answer = RISK_ANSWER_DENIED, .code = RISK_FILTER};
    struct order *order = order_manager_find(pipeline->orders, order_seq);
    struct market_state *market;
    struct order_intent intent;
    struct order sent;

    if (order == NULL || order->state != ORDER_STATE_WORKING || qty_lots <= order->filled_lots)
        return verdict; /* it is on its way to an end: what replaces it finds out */
    market = market_at(pipeline, order->intent.instrument_id);
    intent = order_moved(order, price_ticks, qty_lots);
    pipeline->counts.intents++;
    journal_decision(pipeline, "replace", market, &intent, price_ticks, qty_lots, "-");
    verdict = trading_judge_move(pipeline, market, &intent, order_seq);
    if (verdict.answer == RISK_ANSWER_DENIED) {
        denials_tell(pipeline, market, &intent, &verdict);
        return verdict;
    }
    if (is_killed(pipeline)) /* the signal came since: where it is, the order waits for its cancel */
        return (struct risk_verdict){.answer = RISK_ANSWER_DENIED, .code = RISK_KILL, .name = "cancels only"};
    if (order_manager_replace_sent(pipeline->orders, order_seq, price_ticks,
                                   order->filled_lots + verdict.qty_lots, pipeline->now_ns) != ERR_OK)
        return (struct risk_verdict){.answer = RISK_ANSWER_DENIED, .code = RISK_FILTER};
    sent = *order;
    risk_state_count_message(&pipeline->risk, pipeline->now_ns);
    risk_monitor_sent(&pipeline->monitor, intent.owner, false, pipeline->now_ns);
    groups_see(pipeline, &sent);
    journal_order(pipeline, &sent);
    journal_time(pipeline, intent.owner, STORE_TIME_MESSAGE);
    if (let_terms_out(pipeline, &sent))
        keep_largest(pipeline, &intent);
    return verdict;
}

/* --- state ------------------------------------------------------------------------------------------------ */

void pipeline_leave(struct pipeline *pipeline)
{
    int64_t due_ns;
    size_t cancelled;

    for (uint16_t i = 1; i < (uint16_t)pipeline->owners; i++)
        journal_memory(pipeline, i);
    journal_commit(pipeline);
    if (pipeline->config.exit_keeps_orders) {
        if (pipeline->config.gateway == NULL && order_manager_open_count(pipeline->orders) > 0)
            journal_note(pipeline, NOTE_WARNING,
                         "open orders end all the same: the paper venue is this program");
        return;
    }
    pipeline->leaving = true; /* nothing new while the cancels are waited for */
    cancelled = trading_cancel_all(pipeline, ORDERS_ANY, ORDERS_ANY, false);
    for (int i = 0; i < LEAVE_STEPS_MAX && order_manager_open_count(pipeline->orders) > 0; i++) {
        due_ns = pipeline->gateway.ops->next_due_ns(pipeline->gateway.self);
        if (due_ns == INT64_MAX)
            break;
        pipeline_on_time(pipeline, due_ns);
    }
    journal_audit(pipeline, NULL, "exit", "-", "%zu order%s cancelled, %zu open still", cancelled,
                  cancelled == 1 ? "" : "s", order_manager_open_count(pipeline->orders));
    pipeline_end_input(pipeline);
}

void trading_set_state(struct pipeline *pipeline, enum trading_state state, const char *why)
{
    if (pipeline->risk.state == STATE_KILLED && state != STATE_PAUSED && state != STATE_KILLED)
        return; /* latched: only a cleared kill leaves it, to PAUSED */
    risk_state_enter(&pipeline->risk, state, pipeline->calendar_holds);
    /* What somebody halts is not the schedule's to start again. */
    pipeline->calendar_holds = pipeline->calendar_holds && state == STATE_PAUSED;
    pipeline->closes_unwritten = pipeline->closes_unwritten && state < STATE_HALTED;
    if (state < STATE_HALTED) /* ways out that were denied until now may leave */
        order_groups_try_again(pipeline->groups, ORDERS_ANY);
    pipeline->state_since_ns = pipeline->now_ns;
    pipeline->state_cancelled = 0;
    snprintf(pipeline->state_why, sizeof(pipeline->state_why), "%s", why);
    journal_trading(pipeline);
    journal_decision(pipeline, "state", NULL, NULL, 0, 0, trading_state_word(state));
    journal_audit(pipeline, NULL, "state", "-", "%s %s", trading_state_word(state), why);
    journal_note(pipeline, state == STATE_ACTIVE ? NOTE_GOOD : NOTE_WARNING, "%s %s",
                 trading_state_word(state), why);
}

void trading_reduce(struct pipeline *pipeline, const char *why)
{
    bool paused = trading_is_paused(pipeline), schedule_holds = pipeline->calendar_holds;

    trading_set_state(pipeline, STATE_REDUCING, why);
    if (!paused)
        return;
    pipeline->calendar_holds = schedule_holds;
    trading_set_state(pipeline, STATE_PAUSED, why);
}

bool trading_is_paused(const struct pipeline *pipeline)
{
    return pipeline->risk.state == STATE_PAUSED ||
           (pipeline->risk.state == STATE_HALTED && pipeline->risk.beneath == STATE_PAUSED);
}

void trading_storage_failed(struct pipeline *pipeline, const char *why)
{
    pipeline->sink_full = true;
    trading_cancel_all(pipeline, ORDERS_ANY, ORDERS_ANY, true);
    trading_set_state(pipeline, STATE_HALTED, why);
    journal_bell(pipeline, "storage failed");
    pipeline_end_input(pipeline);
}
