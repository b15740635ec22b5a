/*
 * strategies.c - the owners: what each strategy sees, what it wants, and what becomes of that. See pipeline.h.
 *
 * A strategy answers with goals, orders, cancels and timers. Goals go to the execution engine, which finds the orders;
 * every order passes the gate. What a strategy must hear (fills, ends of its orders, denials) is kept until the
 * answers of a gateway call are booked, so that no callback runs inside of another.
 */
#include "app/pipeline.h"

#include "core/base/decimal.h"
#include "plugin/plugin.h"

#include <stdlib.h>
#include <string.h>

#define SETTLE_ROUNDS   8 /* what a callback wants may fill at once and be told again */
#define TIMER_ID_BITS   16
#define FAULTS_MAX      3  /* refused answers after which it is disabled: it does not know what it does */
#define BOOK_EVENTS_MAX 32 /* told of one event of the market */

/* --- what it sees ------------------------------------------------------------------------------------------- */

bool strategies_may_trade(const struct pipeline *pipeline, const struct owner *owner)
{
    return owner->on && !owner->paused && !owner->disabled && pipeline->risk.mode != MODE_OBSERVATION &&
           !pipeline->risk.kill && !pipeline->leaving &&
           (pipeline->risk.state == STATE_ACTIVE || pipeline->risk.state == STATE_REDUCING);
}

static void look(struct pipeline *pipeline, uint16_t owner_id, struct market_state *market)
{
    struct order *open[ORDERS_OPEN_MAX];
    const struct position *mine = &market->owned[owner_id];
    struct strategy_sight sight = {.instrument = market->instrument,
                                   .ref = market_state_ref(market, pipeline->now_ns),
                                   .book = market->book,
                                   .signals = signals_values(market->signals),
                                   .position = mine,
                                   .mark_ticks = market_state_mark(market, mine->lots),
                                   .maker_fee_ppm = pipeline->config.limits.fee_maker_ppm,
                                   .taker_fee_ppm = pipeline->config.limits.fee_taker_ppm,
                                   .short_allowed = market->instrument->venue != VENUE_BINANCE_SPOT};

    sight.order_count =
        order_manager_open(pipeline->orders, market->instrument->id, owner_id, open, ORDERS_OPEN_MAX);
    sight.orders = (const struct order *const *)open;
    strategy_instance_see(pipeline->owner[owner_id].strategy, &sight);
}

/* --- what it wants ------------------------------------------------------------------------------------------ */

/* A way out of the owner's share that is none for the position: others hold the opposite of it. */
static bool closes_share_alone(const struct market_state *market, const struct order_intent *intent)
{
    int64_t mine = -side_sign(intent->side) * market->owned[intent->owner].lots;
    int64_t all = -side_sign(intent->side) * market->total.lots;

    return intent->reduce_only && mine >= intent->qty_lots && all < intent->qty_lots;
}

/* Would it make its own share smaller? In REDUCING nothing else is tried. */
static bool leaves(const struct market_state *market, const struct order_intent *intent)
{
    int64_t mine = -side_sign(intent->side) * market->owned[intent->owner].lots;

    return intent->reduce_only || mine >= intent->qty_lots;
}

/*
 * What takes ends short of our own orders on the other side, whosever they are: its worst price alone reaches them, and
 * SELF_TRADE would deny all of it though the touch fills it. Own orders at the touch are no matter of the bound: denied.
 */
static void stay_off_own(struct pipeline *pipeline, struct market_state *market, struct order_intent *intent)
{
    enum side other = side_other(intent->side);
    int64_t way = side_sign(intent->side), own, bound,
            best = market_state_ref(market, pipeline->now_ns).best_ticks[other];

    if (intent->type != ORDER_MARKET || intent->tif != TIF_IOC || best <= 0)
        return;
    own = trading_exposure(pipeline, market, intent->owner, 0).best_own_ticks[other];
    bound = own - way;
    if (own > 0 && way * intent->price_ticks > way * bound && way * bound >= way * best)
        intent->price_ticks = bound;
}

static bool send_intent(struct pipeline *pipeline, struct market_state *market, struct order_intent *intent)
{
    uint64_t order_seq;

    if (pipeline->risk.state == STATE_REDUCING && !leaves(market, intent))
        return false;
    if (closes_share_alone(market, intent))
        intent->reduce_only = false; /* judged as what it is to the account: a new position */
    stay_off_own(pipeline, market, intent);
    return trading_intent(pipeline, market, intent, &order_seq).answer != RISK_ANSWER_DENIED;
}

static void do_actions(struct pipeline *pipeline, struct market_state *market, uint16_t owner_id,
                       struct execution_actions *actions)
{
    uint64_t orders = 0, replaces = 0; /* denied */

    for (size_t i = 0; i < actions->cancels; i++)
        trading_cancel(pipeline, actions->cancel_seq[i]);
    for (size_t i = 0; i < actions->replaces; i++)
        replaces += trading_replace(pipeline, actions->replace[i].seq, actions->replace[i].price_ticks,
                                    actions->replace[i].qty_lots)
                        .answer == RISK_ANSWER_DENIED;
    for (size_t i = 0; i < actions->intents; i++) {
        actions->intent[i].owner = owner_id;
        actions->intent[i].instrument_id = market->instrument->id;
        orders += !send_intent(pipeline, market, &actions->intent[i]);
    }
    execution_on_denied(pipeline->execution, owner_id, market->instrument->id, orders, replaces,
                        pipeline->now_ns);
}

/* The execution engine's turn for one owner and instrument. */
static void execute(struct pipeline *pipeline, struct market_state *market, uint16_t owner_id)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count, placed = 0;
    struct execution_actions actions;
    struct execution_view view = {.instrument = market->instrument,
                                  .ref = market_state_ref(market, pipeline->now_ns),
                                  .book = market->book_state == BOOK_LIVE ? market->book : NULL,
                                  .position_lots = market->owned[owner_id].lots};

    if (execution_goal(pipeline->execution, owner_id, market->instrument->id) == NULL)
        return;
    count = order_manager_open(pipeline->orders, market->instrument->id, owner_id, open, ORDERS_OPEN_MAX);
    for (size_t i = 0; i < count; i++)
        if (execution_placed(&open[i]->intent))
            open[placed++] = open[i];
    view.orders = (const struct order *const *)open;
    view.order_count = placed;
    execution_run(pipeline->execution, owner_id, &view, &actions);
    do_actions(pipeline, market, owner_id, &actions);
}

static void take_goals(struct pipeline *pipeline, uint16_t owner_id, struct strategy_result *result)
{
    for (size_t i = 0; i < result->goals; i++) {
        struct goal *goal = &result->goal[i];
        struct market_state *market = market_at(pipeline, goal->instrument_id);
        struct market_ref ref;

        if (market == NULL)
            continue;
        ref = market_state_ref(market, pipeline->now_ns);
        goal->owner = owner_id;
        goal->correlation_id = pipeline->correlation_id + 1;
        if (execution_set(pipeline->execution, goal, &ref) == ERR_OK)
            execute(pipeline, market, owner_id);
    }
}

static void take_orders(struct pipeline *pipeline, uint16_t owner_id, struct strategy_result *result)
{
    for (size_t i = 0; i < result->cancels; i++) {
        const struct order *order = order_manager_find(pipeline->orders, result->cancel_seq[i]);

        if (order != NULL && order->intent.owner == owner_id)
            trading_cancel(pipeline, result->cancel_seq[i]);
    }
    for (size_t i = 0; i < result->orders; i++) {
        struct market_state *market = market_at(pipeline, result->order[i].instrument_id);

        result->order[i].owner = owner_id;
        if (result->order[i].group != 0)
            result->order[i].group |= GROUP_OF_STRATEGY(owner_id);
        result->order[i].flatten = false; /* opens doors in the gate: the operator's word alone */
        if (market != NULL)
            send_intent(pipeline, market, &result->order[i]);
    }
}

static void take_fault(struct pipeline *pipeline, uint16_t owner_id, const struct strategy_result *result)
{
    struct owner *owner = &pipeline->owner[owner_id];

    owner->faults++;
    journal_note(pipeline, NOTE_BAD, "%s refused: %s", owner->name, result->fault_why);
    journal_audit(pipeline, NULL, "strategy.fault", owner->name, "%s", result->fault_why);
    if (owner->faults >= FAULTS_MAX)
        strategies_disable(pipeline, owner_id, result->fault_why);
}

static void take_result(struct pipeline *pipeline, uint16_t owner_id, struct strategy_result *result)
{
    struct owner *owner = &pipeline->owner[owner_id];

    if (result->fault) {
        take_fault(pipeline, owner_id, result);
        return;
    }
    for (size_t i = 0; i < result->timers; i++)
        if (!timer_heap_arm(&pipeline->timers, result->timer[i].due_ns, TIMER_STRATEGY,
                            (uint32_t)owner_id << TIMER_ID_BITS | (result->timer[i].id & 0xFFFF)))
            pipeline->counts.errors++;
    if (result->said[0] != '\0')
        journal_note(pipeline, NOTE_INFO, "%s: %s", owner->name, result->said);
    if (!strategies_may_trade(pipeline, owner))
        return; /* it goes on looking, so that its score is true; it sends nothing */
    take_orders(pipeline, owner_id, result);
    take_goals(pipeline, owner_id, result);
}

static void count_call(struct owner *owner, int64_t took_ns)
{
    int bin = took_ns <= 0 ? -1 : 63 - __builtin_clzll((unsigned long long)took_ns);

    if (bin < 0)
        return; /* no clock: a replay */
    owner->call_bin[bin < CALL_BINS ? bin : CALL_BINS - 1]++;
    if (took_ns > owner->call_max_ns)
        owner->call_max_ns = took_ns;
}

void strategies_call(struct pipeline *pipeline, uint16_t owner_id, struct strategy_event *event)
{
    const struct callback_watch *watch = &pipeline->config.watch;
    struct owner *owner = &pipeline->owner[owner_id];
    struct strategy_result result;
    int64_t took_ns;

    event->now_ns = pipeline->now_ns;
    event->may_trade = strategies_may_trade(pipeline, owner);
    if (watch->enter != NULL)
        watch->enter(watch->arg, owner_id);
    took_ns = plugin_call(owner->strategy, owner_id, event, pipeline->config.live, &result);
    if (watch->leave != NULL)
        watch->leave(watch->arg);
    count_call(owner, took_ns);
    if (took_ns > pipeline->config.callback_budget_ns && pipeline->config.callback_budget_ns > 0 &&
        pipeline->lates < PIPELINE_LATES_MAX)
        pipeline->late[pipeline->lates++] =
            (struct late_call){owner_id, (uint32_t)plugin_call_of(event->kind), took_ns};
    take_result(pipeline, owner_id, &result);
}

/* --- what happens ------------------------------------------------------------------------------------------- */

static bool is_about(const struct pipeline *pipeline, uint16_t owner_id, const struct market_state *market)
{
    const struct owner *owner = &pipeline->owner[owner_id];

    return owner->strategy != NULL && owner->on && !owner->disabled &&
           strategy_instance_trades(owner->strategy, market->instrument->id);
}

/* What it saved in an earlier run, once; it may not understand it any more and begins afresh then. */
static void remember(struct pipeline *pipeline, uint16_t owner_id)
{
    struct owner *owner = &pipeline->owner[owner_id];
    unsigned char saved[FD_STATE_MAX];
    size_t size;

    if (owner->remembered || pipeline->config.recovered == NULL)
        return;
    owner->remembered = true;
    size = recovery_memory(pipeline, owner->name, saved, sizeof(saved));
    if (size == 0)
        return;
    if (plugin_restore(owner->strategy, owner_id, saved, size))
        journal_note(pipeline, NOTE_INFO, "%s remembers the run before", owner->name);
    else
        journal_note(pipeline, NOTE_WARNING, "%s does not understand what it saved: it begins afresh",
                     owner->name);
}

static void start(struct pipeline *pipeline, uint16_t owner_id)
{
    struct strategy_event event = {.kind = HAPPENED_START, .instrument_id = INSTRUMENT_NONE};

    if (pipeline->owner[owner_id].started)
        return;
    pipeline->owner[owner_id].started = true;
    remember(pipeline, owner_id);
    strategies_call(pipeline, owner_id, &event);
}

/* Book events since the last look, oldest first. */
static void tell_book_events(struct pipeline *pipeline, struct market_state *market)
{
    struct book_event news[BOOK_EVENTS_MAX];
    uint64_t count = signals_book_event_count(market->signals);
    size_t fresh = (size_t)(count - market->book_events_told);

    market->book_events_told = count;
    if (fresh == 0)
        return;
    fresh = signals_book_events(market->signals, news, fresh < BOOK_EVENTS_MAX ? fresh : BOOK_EVENTS_MAX);
    for (size_t i = fresh; i-- > 0;) {
        struct strategy_event event = {
            .kind = HAPPENED_BOOK_EVENT, .instrument_id = market->instrument->id, .book_event = &news[i]};

        for (uint16_t id = 1; id < (uint16_t)pipeline->owners; id++)
            if (is_about(pipeline, id, market))
                strategies_call(pipeline, id, &event);
    }
}

/* All strategies of this instrument, in their order; what they want is done at once. */
static void tell_all(struct pipeline *pipeline, struct market_state *market, struct strategy_event *event)
{
    for (uint16_t id = 1; id < (uint16_t)pipeline->owners; id++) {
        if (!is_about(pipeline, id, market))
            continue;
        look(pipeline, id, market);
        start(pipeline, id);
        strategies_call(pipeline, id, event);
        if (strategies_may_trade(pipeline, &pipeline->owner[id]))
            execute(pipeline, market, id);
    }
    tell_book_events(pipeline, market);
    strategies_settle(pipeline);
}

void strategies_on_market(struct pipeline *pipeline, struct market_state *market)
{
    struct strategy_event event = {.kind = HAPPENED_MARKET, .instrument_id = market->instrument->id};

    tell_all(pipeline, market, &event);
}

void strategies_on_trade(struct pipeline *pipeline, struct market_state *market, const struct trade *trade)
{
    struct strategy_event event = {
        .kind = HAPPENED_TRADE, .instrument_id = market->instrument->id, .trade = trade};

    execution_on_trade(pipeline->execution, market->instrument->id, trade->qty_lots);
    tell_all(pipeline, market, &event);
}

void strategies_on_timer(struct pipeline *pipeline, uint32_t arg)
{
    uint16_t owner_id = (uint16_t)(arg >> TIMER_ID_BITS);
    struct strategy_event event = {
        .kind = HAPPENED_TIMER, .instrument_id = INSTRUMENT_NONE, .timer_id = arg & 0xFFFF};

    if (owner_id >= pipeline->owners || !pipeline->owner[owner_id].on || pipeline->owner[owner_id].disabled)
        return;
    strategies_call(pipeline, owner_id, &event);
    strategies_settle(pipeline);
}

void strategies_forget(struct pipeline *pipeline, struct market_state *market)
{
    execution_clear(pipeline->execution, ORDERS_ANY, market->instrument->id);
}

/* --- what it hears ------------------------------------------------------------------------------------------ */

static struct feedback *add_feedback(struct pipeline *pipeline, const struct order *order)
{
    struct feedback *slot;

    if (order->intent.owner == OWNER_MANUAL)
        return NULL;
    if (pipeline->feedbacks == PIPELINE_FEEDBACK_MAX) {
        pipeline->counts.errors++; /* a strategy that does not hear of a fill must not go on */
        strategies_disable(pipeline, order->intent.owner, "more fills at once than it can be told");
        return NULL;
    }
    slot = &pipeline->feedback[pipeline->feedbacks++];
    *slot = (struct feedback){.owner = order->intent.owner, .order = *order};
    return slot;
}

void strategies_hear_fill(struct pipeline *pipeline, const struct order *order, const struct fill *fill)
{
    struct feedback *slot = add_feedback(pipeline, order);

    if (slot == NULL)
        return;
    slot->is_fill = true;
    slot->fill = *fill;
}

void strategies_hear_order(struct pipeline *pipeline, const struct order *order, const char *code)
{
    struct feedback *slot = add_feedback(pipeline, order);

    if (slot != NULL)
        slot->code = code;
}

static void tell(struct pipeline *pipeline, const struct feedback *heard)
{
    struct market_state *market = market_at(pipeline, heard->order.intent.instrument_id);
    struct strategy_event event = {
        .instrument_id = heard->order.intent.instrument_id, .order = &heard->order, .code = heard->code};

    if (market == NULL || !is_about(pipeline, heard->owner, market))
        return;
    event.kind = heard->is_fill ? HAPPENED_FILL : HAPPENED_ORDER;
    event.fill = heard->is_fill ? &heard->fill : NULL;
    look(pipeline, heard->owner, market);
    strategies_call(pipeline, heard->owner, &event);
}

void strategies_settle(struct pipeline *pipeline)
{
    if (pipeline->settling)
        return;
    pipeline->settling = true;
    for (int round = 0; round < SETTLE_ROUNDS && pipeline->feedbacks > 0; round++) {
        size_t count = pipeline->feedbacks;

        for (size_t i = 0; i < count; i++) { /* by copy: what it wants may add to the list */
            struct feedback heard = pipeline->feedback[i];

            tell(pipeline, &heard);
        }
        pipeline->feedbacks -= count;
        memmove(pipeline->feedback, pipeline->feedback + count,
                pipeline->feedbacks * sizeof(*pipeline->feedback));
    }
    pipeline->settling = false;
}
