/*
 * monitoring.c - what the risk monitors are told, and what is done when one of them trips. See pipeline.h, risk/monitor.h.
 */
#include "app/journal_states.h"

#include <stdlib.h>

#define COMPARE_NS       INT64_C(30000000000) /* between two comparisons with the venue */
#define COMPARE_AGAIN_NS INT64_C(1000000000)  /* after a difference */
#define MARK_NS          INT64_C(100000000)   /* strategies that only hold are marked this often */
#define GAPS_NS          INT64_C(1000000000)  /* the percentile of a book's gaps is asked for this often */

static void verdict_text(struct pipeline *pipeline, const struct risk_action *action, char *out, size_t size)
{
    const struct instrument *instrument = action->kind == RISK_ACT_HALT_SYMBOL
                                              ? pipeline->market[action->instrument_id]->instrument
                                          : pipeline->markets > 0 ? pipeline->market[0]->instrument
                                                                  : NULL;

    if (instrument == NULL)
        snprintf(out, size, "%s", risk_code_word(action->why.code));
    else
        risk_verdict_text(&action->why, instrument, out, size);
}

/* Everything stops but cancels. In REDUCING the loss stands, and the way out must stay open. */
static void halt(struct pipeline *pipeline, const char *text)
{
    if (!risk_state_may_add(&pipeline->risk))
        return;
    trading_cancel_all(pipeline, ORDERS_ANY, ORDERS_ANY, true);
    trading_set_state(pipeline, STATE_HALTED, text);
    journal_bell(pipeline, text);
}

static void halt_symbol(struct pipeline *pipeline, struct market_state *market, const char *text)
{
    journal_symbol(pipeline, market);
    strategies_forget(pipeline, market);
    trading_cancel_all(pipeline, market->instrument->id, ORDERS_ANY, true);
    journal_decision(pipeline, "symbol-halted", market, NULL, 0, 0, "-");
    journal_audit(pipeline, market, "symbol.halted", "-", "%s", text);
    journal_note(pipeline, NOTE_BAD, "%s HALTED: %s; :clear-halt lets it go on", market->instrument->symbol,
                 text);
    journal_bell(pipeline, text);
}

static void carry_out(struct pipeline *pipeline, const struct risk_action *action)
{
    char text[160];

    verdict_text(pipeline, action, text, sizeof(text));
    risk_state_carry_out(&pipeline->risk, action, pipeline->now_ns);
    switch (action->kind) {
    case RISK_ACT_WARN:
        journal_note(pipeline, NOTE_WARNING, "%s%s%s",
                     action->owner < pipeline->owners ? pipeline->owner[action->owner].name : "",
                     action->owner < pipeline->owners ? ": " : "", text);
        break;
    case RISK_ACT_DISABLE_OWNER:
        if (action->owner < pipeline->owners)
            strategies_disable(pipeline, action->owner, text);
        break;
    case RISK_ACT_HALT_SYMBOL:
        if (action->instrument_id < pipeline->markets)
            halt_symbol(pipeline, pipeline->market[action->instrument_id], text);
        break;
    case RISK_ACT_HALT:
        halt(pipeline, text);
        break;
    }
}

static void load_equity(struct pipeline *pipeline, const struct account *account)
{
    pipeline->risk.equity_start_day_e8 = account->day_start_e8;
    pipeline->risk.equity_e8 = account->equity_e8;
    pipeline->risk.equity_peak_e8 = account->peak_e8;
}

/* After each event, marked to market: the first account with everything else, then the losses of the others. */
void monitoring_run(struct pipeline *pipeline)
{
    struct risk_actions actions;

    if (pipeline->accounts == 0 || pipeline->recovering)
        return;
    load_equity(pipeline, &pipeline->account[0]);
    risk_monitor_run(&pipeline->monitor, &pipeline->config.limits, &pipeline->risk, pipeline->now_ns,
                     &actions);
    for (size_t i = 0; i < actions.count; i++)
        carry_out(pipeline, &actions.action[i]);
    for (size_t i = 1; i < pipeline->accounts; i++) {
        enum risk_code code;
        char text[48];

        load_equity(pipeline, &pipeline->account[i]);
        code = risk_monitor_check(&pipeline->config.limits, &pipeline->risk);
        if (code == RISK_PASS || !risk_state_may_add(&pipeline->risk)) /* it has tripped, and stands */
            continue;
        risk_state_count_trip(&pipeline->risk, code, pipeline->now_ns);
        snprintf(text, sizeof(text), "%s in %s", risk_code_word(code), pipeline->account[i].quote);
        halt(pipeline, text);
    }
}

/* The day of each strategy by this book's marks: who only holds asks the gate nothing, and loses all the same. */
static void mark_owners(struct pipeline *pipeline, struct market_state *market)
{
    uint16_t account = pipeline->market_account[market->instrument->id];

    if (account >= pipeline->accounts || pipeline->now_ns - market->owners_marked_ns < MARK_NS)
        return;
    market->owners_marked_ns = pipeline->now_ns;
    for (uint16_t i = OWNER_MANUAL + 1; i < pipeline->owners; i++)
        if (market->owned[i].lots != 0)
            trading_load_owner_net(pipeline, account, i);
}

void monitoring_on_book(struct pipeline *pipeline, struct market_state *market)
{
    uint16_t id = market->instrument->id;
    struct market_ref ref = market_state_ref(market, pipeline->now_ns);
    int64_t mid2 = market_ref_mid2_ticks(&ref);

    if (mid2 > 0)
        risk_monitor_ref(&pipeline->monitor, id, mid2, pipeline->now_ns);
    if (market->gap_from_ns != 0)
        risk_gaps_add(&market->gaps, pipeline->now_ns - market->gap_from_ns);
    market->gap_from_ns = pipeline->now_ns;
    if (pipeline->now_ns - market->gaps_asked_ns >= GAPS_NS) {
        market->gaps_asked_ns = pipeline->now_ns;
        market->stale_ms = risk_gaps_stale_ms(&market->gaps, pipeline->config.limits.stale_ms);
    }
    if (market->total.lots != 0 || market->total.fills > 0)
        risk_monitor_symbol_net(&pipeline->monitor, id, trading_day_net_e8(market, OWNERS_MAX));
    mark_owners(pipeline, market);
    monitoring_run(pipeline);
}

/* The net of the round trip that this fill has ended, if it has: what was earned since the last time flat. */
void monitoring_on_fill(struct pipeline *pipeline, struct market_state *market, const struct order *order,
                        const struct fill *fill, uint64_t trips_before)
{
    uint16_t owner = order->intent.owner;
    const struct position *mine = &market->owned[owner];
    int64_t earned_e8 = mine->realised_e8 - mine->fees_e8;

    risk_monitor_fill(&pipeline->monitor, owner, order->filled_lots == fill->qty_lots, pipeline->now_ns);
    if (order->filled_lots == fill->qty_lots)
        journal_time(pipeline, owner, STORE_TIME_FILL);
    if (mine->closed_trips == trips_before)
        return;
    risk_monitor_trip(&pipeline->monitor, owner, market->instrument->id,
                      earned_e8 - market->trip_base_e8[owner]);
    market->trip_base_e8[owner] = earned_e8;
}

/*
 * POST_TRADE: what we hold against what the venue says we hold. While anything is on its way the two may differ; a
 * difference that stands twice is one. Positions may only shrink then, until people have looked.
 */
void monitoring_compare(struct pipeline *pipeline)
{
    bool differs = false;
    int64_t lots[INSTRUMENTS_MAX];

    if (pipeline->now_ns < pipeline->compare_ns)
        return;
    for (size_t i = 0; i < pipeline->markets; i++)
        if (!pipeline->gateway.ops->position(pipeline->gateway.self, (uint16_t)i, &lots[i]))
            return;
    for (size_t i = 0; i < pipeline->markets; i++) {
        const struct market_state *market = pipeline->market[i];

        if (lots[i] == market->total.lots)
            continue;
        differs = true;
        journal_audit(pipeline, market, "post-trade", "-", "ours %lld lots, the venue's %lld",
                      (long long)market->total.lots, (long long)lots[i]);
    }
    pipeline->compared_ns = pipeline->now_ns;
    pipeline->compare_ns =
        pipeline->now_ns + (differs && !pipeline->differed ? COMPARE_AGAIN_NS : COMPARE_NS);
    if (differs && pipeline->differed && /* a state that lets less out stays */
        risk_state_may_add(&pipeline->risk)) {
        risk_state_count_trip(&pipeline->risk, RISK_POST_TRADE, pipeline->now_ns);
        trading_reduce(pipeline, "POST_TRADE: our position is not the venue's");
        trading_end_what_adds(pipeline);
        journal_bell(pipeline, "POST_TRADE: our position is not the venue's");
    }
    pipeline->differed = differs;
    if (differs && pipeline->gateway.ops->reconcile != NULL) {
        pipeline->gateway.ops->reconcile(pipeline->gateway.self, pipeline->now_ns, pipeline->answers);
        answers_take(pipeline);
    }
}
