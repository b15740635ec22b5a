#include "app/journal_states.h"
#include "app/recovery.h"

#include "core/base/decimal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)

/* --- life ------------------------------------------------------------------------------------------------ */

struct pipeline *pipeline_new(const struct pipeline_config *config, const struct record_sink *sink)
{
    struct pipeline *pipeline = calloc(1, sizeof(*pipeline));

    if (pipeline == NULL)
        return NULL;
    pipeline->config = *config;
    if (sink != NULL)
        pipeline->sink = *sink;
    timer_heap_init(&pipeline->timers);
    risk_state_init(&pipeline->risk);
    risk_monitor_init(&pipeline->monitor);
    for (int id = 0; id < RISK_LIMITS; id++)
        pipeline->configured_limit[id] = risk_limit_value(&config->limits, (enum risk_limit_id)id);
    pipeline->risk.mode = config->mode;
    pipeline->risk.state = STATE_ACTIVE;
    pipeline->gateway_due_ns = INT64_MAX;
    pipeline->equity_step_ns = INT64_C(1000000000);
    snprintf(pipeline->state_why, sizeof(pipeline->state_why), "start");
    pipeline->journaled = journal_states_new(config->recovered);
    pipeline->orders = order_manager_new();
    pipeline->groups = order_groups_new(&config->groups);
    pipeline->broker = paper_broker_new(&config->paper);
    pipeline->execution = execution_new(&config->execution);
    pipeline->answers = calloc(1, sizeof(*pipeline->answers));
    pipeline->decisions = decision_log_new(config->decisions_copy);
    if (pipeline->journaled == NULL || pipeline->orders == NULL || pipeline->groups == NULL ||
        pipeline->broker == NULL || pipeline->execution == NULL || pipeline->answers == NULL ||
        pipeline->decisions == NULL || !strategies_open(pipeline)) {
        pipeline_free(pipeline);
        return NULL;
    }
    pipeline->gateway = config->gateway != NULL ? *config->gateway : paper_broker_gateway(pipeline->broker);
    if (config->paper.fees.asset[0] != '\0' && config->fee_asset_start_e8 > 0)
        (void)paper_broker_transfer(pipeline->broker, config->paper.fees.asset, config->fee_asset_start_e8);
    pipeline->now_ns = config->start_ns;
    recovery_start(pipeline);
    return pipeline;
}

void pipeline_free(struct pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    for (size_t i = 0; i < pipeline->markets; i++)
        market_state_free(pipeline->market[i]);
    strategies_close(pipeline);
    execution_free(pipeline->execution);
    order_groups_free(pipeline->groups);
    order_manager_free(pipeline->orders);
    paper_broker_free(pipeline->broker);
    free(pipeline->answers);
    journal_states_free(pipeline->journaled);
    decision_log_free(pipeline->decisions);
    free(pipeline);
}

/* --- the book ---------------------------------------------------------------------------------------------- */

/* Whatever traded on the book stops: its orders rest on a guess now. */
static void stop_trading_on(struct pipeline *pipeline, struct market_state *market)
{
    signals_on_stale(market->signals);
    strategies_forget(pipeline, market);
    trading_cancel_all(pipeline, market->instrument->id, ORDERS_ANY, true);
}

void pipeline_book_state(struct pipeline *pipeline, struct market_state *market)
{
    enum book_state state = book_sync_state(market->sync);
    const char *symbol = market->instrument->symbol;

    if (state == market->book_state)
        return;
    market->book_state = state;
    paper_broker_on_book_state(pipeline->broker, market->instrument->id, state, pipeline->now_ns,
                               pipeline->answers);
    answers_take(pipeline);
    journal_decision(pipeline, "book", market, NULL, 0, 0, book_state_word(state));
    if (state == BOOK_LIVE) {
        market->stale_why[0] = '\0';
        market->stale_ns = 0;
        journal_note(pipeline, NOTE_GOOD, "%s book LIVE, resyncs %" PRIu64, symbol,
                     book_sync_counts(market->sync)->resyncs);
        journal_audit(pipeline, market, "book.live", "-", "update_id=%" PRIu64,
                      book_sync_update_id(market->sync));
        order_groups_try_again(pipeline->groups, market->instrument->id);
        recovery_live(pipeline);
        return;
    }
    if (state != BOOK_STALE) {
        journal_note(pipeline, state == BOOK_DOWN ? NOTE_BAD : NOTE_INFO, "%s book %s%s%s", symbol,
                     book_state_word(state), state == BOOK_SYNCING ? "" : ": ",
                     state == BOOK_SYNCING ? "" : market->stale_why);
        return;
    }
    trust_why(market);
    trust_lost(market);
    journal_note(pipeline, NOTE_BAD, "%s book STALE: %s", symbol, market->stale_why);
    journal_audit(pipeline, market, "book.stale", "-", "cause=%s why=%s",
                  stale_cause_word(book_sync_cause(market->sync)), market->stale_why);
    stop_trading_on(pipeline, market);
    if (market->stale_ns == 0)
        market->stale_ns = pipeline->now_ns;
}

static void check_ticker(struct market_state *market, uint64_t update_id)
{
    struct ticker_best best = market_state_best(market, update_id);

    ticker_check_depth(&market->ticker, &best);
}

/* One update in its turn: book, then what looks at it. False when the book cannot take it. */
static bool apply_update(struct pipeline *pipeline, struct market_state *market,
                         const struct depth_update *update)
{
    if (book_sync_state(market->sync) == BOOK_LIVE)
        signals_on_depth_levels(market->signals, market->book, update);
    if (order_book_apply(market->book, update) != ERR_OK) {
        pipeline->counts.errors++;
        journal_note(pipeline, NOTE_BAD, "%s: impossible or too many levels at %" PRIu64,
                     market->instrument->symbol, update->last_id);
        book_sync_break(market->sync);
        return false;
    }
    market_state_book_changed(market, pipeline->now_ns);
    market->crossed += market->is_crossed; /* a snapshot alone is no event and does not count */
    check_ticker(market, update->last_id);
    return trust_applied(pipeline, market, update);
}

/* The book is LIVE and moved: fills, signals, strategies, money, in this order. */
static void book_moved(struct pipeline *pipeline, struct market_state *market)
{
    paper_broker_on_book(pipeline->broker, market->instrument->id, pipeline->now_ns, pipeline->answers);
    answers_take(pipeline);
    signals_on_book(market->signals, market->book, pipeline->now_ns);
    trading_update_equity(pipeline);
    monitoring_on_book(pipeline, market);
    strategies_on_market(pipeline, market);
}

static void rebuild_book(struct pipeline *pipeline, struct market_state *market)
{
    struct depth_snapshot snapshot;
    struct depth_update update;

    if (!book_sync_snapshot(market->sync, &snapshot))
        return;
    if (order_book_load(market->book, &snapshot) != ERR_OK) {
        pipeline->counts.errors++;
        book_sync_break(market->sync);
        return;
    }
    market->book_seen = true;
    trust_loaded(market, &snapshot);
    market_state_book_changed(market, pipeline->now_ns);
    while (book_sync_next_held(market->sync, &update))
        if (!apply_update(pipeline, market, &update))
            return;
}

/* A backlog is read at once and must not look fresh: on a live feed the book is as old as the update's own time says. */
static void note_lag(struct pipeline *pipeline, struct market_state *market, int64_t venue_ms)
{
    int64_t lag_ms = pipeline->now_ns / NS_PER_MS - venue_ms + pipeline->clock_offset_ms;

    market->behind_ns = 0;
    if (venue_ms <= 0)
        return;
    worst_of_second_add(&market->lag_ms, pipeline->now_ns, lag_ms);
    if (pipeline->config.live && lag_ms > PIPELINE_BEHIND_MS)
        market->behind_ns = lag_ms * NS_PER_MS;
}

static void on_depth(struct pipeline *pipeline, struct market_state *market,
                     const struct depth_update *update)
{
    enum sync_action action = book_sync_on_depth(market->sync, update);

    note_lag(pipeline, market, update->venue_ms);
    switch (action) {
    case SYNC_IGNORE:
    case SYNC_HOLD:
    case SYNC_GAP:
        break;
    case SYNC_APPLY:
        apply_update(pipeline, market, update);
        break;
    case SYNC_REBUILD:
        rebuild_book(pipeline, market);
        break;
    }
    pipeline_book_state(pipeline, market);
    if ((action == SYNC_APPLY || action == SYNC_REBUILD) && market->book_state == BOOK_LIVE)
        book_moved(pipeline, market);
}

static void on_snapshot(struct pipeline *pipeline, struct market_state *market,
                        const struct depth_snapshot *snapshot)
{
    if (book_sync_on_snapshot(market->sync, snapshot) != SYNC_REBUILD)
        return;
    rebuild_book(pipeline, market);
    pipeline_book_state(pipeline, market);
    if (market->book_state == BOOK_LIVE)
        book_moved(pipeline, market);
}

/* --- quotes, trades, time ------------------------------------------------------------------------------------ */

static void on_mark(struct pipeline *pipeline, struct market_state *market, const struct mark_price *mark)
{
    market->mark = *mark;
    paper_broker_on_mark(pipeline->broker, market->instrument->id, mark, pipeline->answers);
    answers_take(pipeline);
    trading_take_funding(pipeline);
}

static void sum_trade(struct market_state *market, const struct trade *trade)
{
    tape_add(market->tape, trade);
    if (trade->off_market)
        return;
    candles_add(market->candles, trade);
    signals_on_trade(market->signals, market->book, trade);
}

static void on_trade(struct pipeline *pipeline, struct market_state *market, const struct trade *trade)
{
    if (!warm_up_knows(market->warm_up, trade))
        sum_trade(market, trade);
    if (trade->off_market)
        return;
    if (market->book_state != BOOK_LIVE)
        return; /* without a verified book nobody knows our place in the queue: no fills on a guess */
    paper_broker_on_trade(pipeline->broker, market->instrument->id, trade, pipeline->answers);
    answers_take(pipeline);
    strategies_on_trade(pipeline, market, trade);
}

/* Trades of the time before the start: into sums, candles and speeds. Nothing fills and nobody acts on them. */
static void on_history(struct pipeline *pipeline, struct market_state *market,
                       const struct trade_history *page)
{
    const char *symbol = market->instrument->symbol;

    switch (warm_up_page(market->warm_up, market, page, pipeline->now_ns)) {
    case WARM_UP_GOES_ON:
        break;
    case WARM_UP_DONE:
        journal_note(pipeline, NOTE_INFO, "%s: %" PRIu64 " trades from before the start", symbol,
                     warm_up_trades(market->warm_up));
        break;
    case WARM_UP_GIVEN_UP:
        journal_note(pipeline, NOTE_WARNING, "%s: the trades before the start came too late", symbol);
        break;
    }
}

static void on_tick(struct pipeline *pipeline)
{
    risk_state_advance(&pipeline->risk, pipeline->now_ns);
    day_figures_on_tick(pipeline);
    for (size_t i = 0; i < pipeline->markets; i++) {
        struct market_state *market = pipeline->market[i];

        if (market->book_ns != 0)
            worst_of_second_add(&market->age_ns, pipeline->now_ns, pipeline->now_ns - market->book_ns);
        trust_on_time(pipeline, market);
        signals_tick(market->signals, market->book, pipeline->now_ns);
        journal_samples(pipeline, market);
        strategies_on_market(pipeline, market);
    }
    calendar_on_tick(pipeline);
    trading_on_tick(pipeline);
    recovery_live(pipeline);
    kill_on_tick(pipeline);
    recovery_on_tick(pipeline);
    monitoring_compare(pipeline);
    paper_base_give(pipeline);
    trading_update_equity(pipeline);
    monitoring_run(pipeline);
    if (pipeline->now_ns >= pipeline->equity_next_ns)
        journal_equity(pipeline);
    if (pipeline->now_ns >= pipeline->memory_ns) {
        pipeline->memory_ns = pipeline->now_ns + PIPELINE_MEMORY_NS;
        for (uint16_t i = 1; i < (uint16_t)pipeline->owners; i++)
            journal_memory(pipeline, i);
    }
}

bool pipeline_skips_to(const struct pipeline *pipeline, int64_t now_ns)
{
    return pipeline->tick_ns != 0 && now_ns - pipeline->tick_ns > PIPELINE_JUMP_NS;
}

/* What answers made necessary: groups first, since they protect; then strategies hear. */
void pipeline_end_input(struct pipeline *pipeline)
{
    groups_settle(pipeline);
    operator_settle_closes(pipeline);
    strategies_settle(pipeline);
    journal_memory_of_fills(pipeline);
    journal_commit(pipeline);
}

/* What is on its way to and from the gateway arrives at its own time, between the ticks. */
static void arm_gateway(struct pipeline *pipeline)
{
    int64_t due_ns = pipeline->gateway.ops->next_due_ns(pipeline->gateway.self);

    if (due_ns == pipeline->gateway_due_ns)
        return;
    timer_heap_cancel(&pipeline->timers, TIMER_GATEWAY, 0);
    pipeline->gateway_due_ns = due_ns;
    if (due_ns != INT64_MAX && !timer_heap_arm(&pipeline->timers, due_ns, TIMER_GATEWAY, 0))
        pipeline->counts.errors++;
}

static void on_timer(struct pipeline *pipeline, const struct timer_entry *due)
{
    switch ((enum pipeline_timer)due->kind) {
    case TIMER_TICK:
        pipeline->tick_ns = due->due_ns + PIPELINE_TICK_NS;
        timer_heap_arm(&pipeline->timers, pipeline->tick_ns, TIMER_TICK, 0);
        on_tick(pipeline);
        break;
    case TIMER_GATEWAY:
        pipeline->gateway_due_ns = INT64_MAX;
        pipeline->gateway.ops->advance(pipeline->gateway.self, pipeline->now_ns, pipeline->answers);
        answers_take(pipeline);
        break;
    case TIMER_STRATEGY:
        strategies_on_timer(pipeline, due->arg);
        break;
    }
}

/* Live: this process did not run for a while. What was due in between is not made up for as if it were in time: a book as
 * old as that would look fresh to it. */
static bool stood_still(const struct pipeline *pipeline, int64_t now_ns)
{
    return pipeline->config.live && pipeline->tick_ns != 0 && now_ns - pipeline->tick_ns > PIPELINE_LATE_NS;
}

static void note_silence(struct pipeline *pipeline, int64_t now_ns, bool still)
{
    int64_t silence_ns = now_ns - pipeline->tick_ns;

    if (still)
        journal_note(pipeline, NOTE_WARNING, "stood still for %" PRId64 " ms", silence_ns / NS_PER_MS);
    else if (pipeline->tick_ns != 0)
        journal_note(pipeline, NOTE_WARNING, "the feed was silent for %" PRId64 " s",
                     silence_ns / INT64_C(1000000000));
}

void pipeline_on_time(struct pipeline *pipeline, int64_t now_ns)
{
    bool still = stood_still(pipeline, now_ns);
    bool wakes = still || pipeline->tick_ns == 0 || pipeline_skips_to(pipeline, now_ns);
    struct timer_entry due;

    if (now_ns < pipeline->now_ns)
        return; /* event time never goes back */
    if (still) {
        pipeline->now_ns = now_ns;  /* what was due happens now, */
        calendar_on_tick(pipeline); /* and maybe inside a window */
    }
    if (wakes) {
        note_silence(pipeline, now_ns, still);
        timer_heap_cancel(&pipeline->timers, TIMER_TICK, 0);
        pipeline->tick_ns = (now_ns / PIPELINE_TICK_NS + 1) * PIPELINE_TICK_NS;
        timer_heap_arm(&pipeline->timers, pipeline->tick_ns, TIMER_TICK, 0);
    }
    arm_gateway(pipeline);
    while (timer_heap_pop_due(&pipeline->timers, now_ns, &due)) {
        pipeline->now_ns = due.due_ns > pipeline->now_ns ? due.due_ns : pipeline->now_ns;
        on_timer(pipeline, &due);
        pipeline_end_input(pipeline);
        arm_gateway(pipeline);
    }
    pipeline->now_ns = now_ns;
    if (wakes) {
        calendar_on_tick(pipeline); /* it may wake inside a window: no order before the first tick */
        day_figures_on_tick(pipeline);
        pipeline_end_input(pipeline);
    }
}

/*
 * The feed's struct has the new steps already, what is counted in ticks and lots has not: no timer, order or answer may
 * come between. Time passes with the message that brought them, right behind.
 */
static bool brings_steps(const struct pipeline *pipeline, const struct feed_event *event)
{
    return event->kind == FEED_STEPS ||
           (event->kind == FEED_INSTRUMENT && event->instrument->id < pipeline->markets);
}

static void on_market_event(struct pipeline *pipeline, struct market_state *market,
                            const struct feed_event *event)
{
    switch (event->kind) {
    case FEED_STEPS:
        pipeline_on_steps(pipeline, market, event->steps);
        break;
    case FEED_DEPTH:
        on_depth(pipeline, market, &event->depth);
        break;
    case FEED_SNAPSHOT:
        on_snapshot(pipeline, market, &event->snapshot);
        break;
    case FEED_QUOTE:
        trust_on_quote(pipeline, market, &event->quote);
        break;
    case FEED_TRADE:
        on_trade(pipeline, market, &event->trade);
        break;
    case FEED_HISTORY:
        on_history(pipeline, market, &event->history);
        break;
    case FEED_LINK:
        trust_on_link(pipeline, market, event->link.state, event->link.why);
        break;
    case FEED_AUDIT:
        trust_on_audit(pipeline, market, &event->snapshot);
        break;
    case FEED_MARK:
        on_mark(pipeline, market, &event->mark);
        break;
    case FEED_LIQUIDATION:
        journal_liquidation(pipeline, market, &event->liquidation);
        break;
    case FEED_INSTRUMENT:
    case FEED_OTHER:
    case FEED_BAD:
    case FEED_NONE:
        break;
    }
}

static void on_feed(struct pipeline *pipeline, const struct feed_event *event)
{
    struct market_state *market;

    if (event->recv_ns != 0 && !brings_steps(pipeline, event))
        pipeline_on_time(pipeline, event->recv_ns);
    pipeline->input_seq++;
    pipeline->counts.events++;
    if (event->kind == FEED_INSTRUMENT) {
        pipeline_on_instrument(pipeline, event->instrument);
        return;
    }
    market = event->instrument == NULL ? NULL : market_at(pipeline, event->instrument->id);
    if (market == NULL)
        return; /* FEED_OTHER, FEED_BAD: counted by the feed */
    on_market_event(pipeline, market, event);
}

void pipeline_on_feed(struct pipeline *pipeline, const struct feed_event *event)
{
    on_feed(pipeline, event);
    pipeline_end_input(pipeline);
}

bool pipeline_needs_snapshot(const struct pipeline *pipeline, uint16_t instrument_id)
{
    return instrument_id < pipeline->markets &&
           book_sync_needs_snapshot(pipeline->market[instrument_id]->sync);
}

void pipeline_set_clock_offset(struct pipeline *pipeline, int64_t offset_ms)
{
    pipeline->clock_offset_ms = offset_ms;
}

void pipeline_end(struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->markets; i++)
        ticker_check_end(&pipeline->market[i]->ticker);
    trading_update_equity(pipeline);
    journal_equity(pipeline);
    day_figures_on_tick(pipeline);
    journal_commit(pipeline);
}
