/* recovery.c - see recovery.h and docs/journal.md. */
#include "app/recovery.h"

#include "app/day_figures.h"
#include "app/holdings.h"
#include "app/journal_states.h"
#include "core/base/decimal.h"
#include "plugin/plugin.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct store_record *find(const struct recovered *recovered, enum store_record_kind kind,
                                       const char *symbol, const char *owner)
{
    for (size_t i = 0; recovered != NULL && i < recovered->count; i++) {
        const struct store_record *record = &recovered->record[i];

        if (record->kind == kind && (symbol == NULL || strcmp(record->symbol, symbol) == 0) &&
            (owner == NULL || strcmp(record->owner, owner) == 0))
            return record;
    }
    return NULL;
}

/* Somebody must answer for it before anything new is sent. */
static bool is_open(const struct store_record *record)
{
    return record->kind == STORE_ORDER ||
           (record->kind == STORE_POSITION && record->position.position.lots != 0);
}

size_t recovery_symbols(const struct recovered *recovered, const char **out, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; recovered != NULL && i < recovered->count && count < max; i++) {
        bool known = !is_open(&recovered->record[i]);

        for (size_t j = 0; j < count && !known; j++)
            known = strcmp(out[j], recovered->record[i].symbol) == 0;
        if (!known)
            out[count++] = recovered->record[i].symbol;
    }
    return count;
}

const struct instrument *recovery_instrument_of(const struct recovered *recovered, const char *symbol)
{
    const struct store_record *record = find(recovered, STORE_INSTRUMENT, symbol, NULL);

    return record == NULL ? NULL : &record->instrument;
}

/* --- before the first event ---------------------------------------------------------------------------------------- */

/* As it was changed; unless the configuration asks for another one than it did then. */
static void put_back_mode(struct pipeline *pipeline, const struct store_record *record)
{
    const struct store_record *session = find(pipeline->config.recovered, STORE_SESSION, NULL, NULL);
    const char *configured = pipeline->config.mode == MODE_OBSERVATION ? "observation" : "simulation";

    if (record->trading.mode != MODE_LIVE && pipeline->config.mode != MODE_LIVE && session != NULL &&
        strcmp(session->session.mode, configured) == 0)
        pipeline->risk.mode = record->trading.mode;
}

static void put_back_state(struct pipeline *pipeline, const struct store_record *record)
{
    enum trading_state state = record->trading.state, beneath = record->trading.beneath;
    char why[sizeof(pipeline->state_why)];

    pipeline->monitor.streak = record->trading.streak;
    pipeline->monitor.trip_worst = record->trading.trip_worst_e8;
    pipeline->risk.halted_by = record->trading.halted_by;
    put_back_mode(pipeline, record);
    if (beneath != STATE_PAUSED && beneath != STATE_REDUCING) /* nothing else stands beneath another state */
        beneath = STATE_ACTIVE;
    if (state == STATE_PAUSED && record->trading.calendar_holds)
        state = beneath; /* the schedule says anew whether it holds */
    if (state == STATE_ACTIVE)
        return;
    if (pipeline->risk.state != STATE_KILLED) { /* the very same again keeps what is beneath */
        pipeline->risk.state = state;
        pipeline->risk.beneath = state == record->trading.state ? beneath : STATE_ACTIVE;
    }
    snprintf(why, sizeof(why), "%.60s (before this start)", record->trading.why);
    if (state == STATE_KILLED)
        pipeline_start_killed(pipeline, why);
    else
        trading_set_state(pipeline, state, why);
}

static void put_back_owner(struct pipeline *pipeline, const struct store_record *record)
{
    uint16_t id = pipeline_owner_by_name(pipeline, record->owner);
    struct owner *owner;
    bool configured_on;

    if (id == UINT16_MAX)
        return; /* not in this configuration any more */
    owner = &pipeline->owner[id];
    configured_on = id == OWNER_MANUAL || pipeline->config.strategy[id - 1].on;
    if (configured_on == record->owner_state.configured_on)
        owner->on = record->owner_state.on;
    owner->paused = pipeline->risk.strategy_paused[id] = record->owner_state.paused;
    owner->disabled = record->owner_state.disabled;
    pipeline->risk.owner_disabled[id] = record->owner_state.disabled_by;
    owner->fills = record->owner_state.fills;
    owner->faults = record->owner_state.faults;
    owner->strikes = record->owner_state.strikes;
    pipeline->monitor.owner[id].streak = record->owner_state.streak;
    pipeline->monitor.owner[id].trip_worst = record->owner_state.trip_worst_e8;
    memcpy(owner->why_off, record->owner_state.why, sizeof(owner->why_off));
}

static void put_back_parameter(struct pipeline *pipeline, const struct store_record *record)
{
    uint16_t id = pipeline_owner_by_name(pipeline, record->owner);
    const struct strategy_manifest *manifest;
    char why[160];

    if (id == UINT16_MAX || id == OWNER_MANUAL)
        return;
    manifest = strategy_instance_manifest(pipeline->owner[id].strategy);
    for (size_t i = 0; i < manifest->parameter_count; i++) {
        if (strcmp(manifest->parameter[i].name, record->parameter.name) != 0 ||
            pipeline->config.strategy[id - 1].parameter[i] != record->parameter.configured)
            continue;
        if (plugin_set_parameter(pipeline->owner[id].strategy, id, i, record->parameter.value, why,
                                 sizeof(why)) != ERR_OK)
            journal_note(pipeline, NOTE_WARNING, "%s.%s is not put back: %s", record->owner,
                         record->parameter.name, why);
    }
}

/* As it was changed; a limit that the configuration has changed since is the configuration's. */
static void put_back_limit(struct pipeline *pipeline, const struct store_record *record)
{
    enum risk_limit_id id = risk_limit_find(record->limit.option);

    if (id == RISK_LIMITS || pipeline->configured_limit[id] != record->limit.configured)
        return;
    risk_limit_set(&pipeline->config.limits, id, record->limit.value);
    pipeline->limit_changed_ns[id] = record->ts_ns;
}

/*
 * The wall clock may have gone back since. Times ahead of it keep their distances, and the newest of them is now: no window
 * is full until the clock is there again, and none forgets what was sent a moment ago.
 */
static int64_t time_of_now(const struct pipeline *pipeline, int64_t at_ns)
{
    const struct recovered *recovered = pipeline->config.recovered;
    int64_t newest_ns = 0;

    if (pipeline->now_ns == 0 || at_ns <= pipeline->now_ns)
        return at_ns;
    for (size_t i = 0; i < recovered->count; i++)
        if (recovered->record[i].kind == STORE_TIME && recovered->record[i].time.at_ns > newest_ns)
            newest_ns = recovered->record[i].time.at_ns;
    return pipeline->now_ns - (newest_ns - at_ns);
}

static void put_back_time(struct pipeline *pipeline, const struct store_record *record)
{
    uint16_t owner = pipeline_owner_by_name(pipeline, record->owner);
    int64_t at_ns = record->time.at_ns;

    if (owner == UINT16_MAX)
        return;
    at_ns = time_of_now(pipeline, at_ns);
    switch ((enum store_time_kind)record->time.what) {
    case STORE_TIME_MESSAGE:
    case STORE_TIME_ENTRY:
        risk_state_count_message(&pipeline->risk, at_ns);
        risk_monitor_sent(&pipeline->monitor, owner, record->time.what == STORE_TIME_ENTRY, at_ns);
        break;
    case STORE_TIME_FILL:
        risk_monitor_fill(&pipeline->monitor, owner, true, at_ns);
        break;
    case STORE_TIME_REJECT:
        risk_monitor_reject(&pipeline->monitor, owner, at_ns);
        break;
    case STORE_TIME_ANEW:
        risk_monitor_enable_owner(&pipeline->monitor, &pipeline->risk, owner);
        break;
    }
}

static void put_back(struct pipeline *pipeline, const struct store_record *record)
{
    switch (record->kind) {
    case STORE_TRADING:
        put_back_state(pipeline, record);
        break;
    case STORE_OWNER:
        put_back_owner(pipeline, record);
        break;
    case STORE_PARAMETER:
        put_back_parameter(pipeline, record);
        break;
    case STORE_LIMIT:
        put_back_limit(pipeline, record);
        break;
    case STORE_CONTROL:
        day_figures_put_back(pipeline, record);
        break;
    case STORE_KILL:
        kill_put_back(pipeline, record);
        break;
    case STORE_TIME:       /* before, for enabling an owner clears what else is known of it */
    case STORE_INSTRUMENT: /* by the instrument, or nothing to do */
    case STORE_ORDER:
    case STORE_POSITION:
    case STORE_SYMBOL:
    case STORE_ACCOUNT:
    case STORE_MEMORY:
    case STORE_SESSION:
    case STORE_SESSION_END:
    case STORE_FILL:
    case STORE_EQUITY:
    case STORE_STORY:
    case STORE_AUDIT:
    case STORE_COMMAND:
    case STORE_ANSWER:
    case STORE_CANDLE:
    case STORE_SIGNALS:
        break;
    }
}

/* --- the paper venue's balances ------------------------------------------------------------------------------------- */

/*
 * They follow from our own books: what is on its way from the venue when the process dies was never heard of and has not
 * happened. Spot: the base asset is in the position. Futures: what was paid for the open lots is in the wallet.
 */
static void add_position(struct paper_account *sum, const struct recovered *recovered,
                         const struct store_record *record)
{
    const struct instrument *of = recovery_instrument_of(recovered, record->symbol);
    const struct position *position = &record->position.position;
    struct paper_asset *quote, *base;

    if (of == NULL)
        return;
    quote = paper_account_asset(sum, of->quote);
    if (quote == NULL)
        return;
    quote->funding_e8 += position->funding_e8;
    quote->fees_e8 -= position->fees_e8;
    if (of->venue != VENUE_BINANCE_SPOT) {
        quote->free_e8 += position->cost_e8;
        return;
    }
    base = paper_account_asset(sum, of->base);
    if (base == NULL)
        return;
    base->free_e8 += decimal_mul_div(position->lots, record->position.scale.lot_e8, 1);
}

static void add_account(struct paper_account *sum, const struct store_record *record, const char *fee_asset)
{
    struct paper_asset *quote = paper_account_asset(sum, record->account.quote), *other;

    if (quote == NULL)
        return;
    quote->free_e8 += record->account.cash_e8;
    quote->transfers_e8 += record->account.start_e8;
    quote->fees_e8 += record->account.fees_elsewhere_e8; /* they were not paid here */
    other = fee_asset[0] == '\0' ? NULL : paper_account_asset(sum, fee_asset);
    if (other == NULL)
        return;
    other->free_e8 -= record->account.fee_asset_e8;
    other->fees_e8 -= record->account.fee_asset_e8;
}

static void put_back_balances(struct pipeline *pipeline, const struct recovered *recovered)
{
    const char *fee_asset = pipeline->config.paper.fees.asset;
    struct paper_account *sum = calloc(1, sizeof(*sum));

    if (sum != NULL && fee_asset[0] != '\0')
        (void)paper_account_transfer(sum, fee_asset, pipeline->config.fee_asset_start_e8);
    for (size_t i = 0; sum != NULL && i < recovered->count; i++)
        if (recovered->record[i].kind == STORE_ACCOUNT)
            add_account(sum, &recovered->record[i], fee_asset);
        else if (recovered->record[i].kind == STORE_POSITION && recovered->record[i].owner[0] == '\0')
            add_position(sum, recovered, &recovered->record[i]);
    for (size_t i = 0; sum != NULL && i < sum->count; i++)
        if (paper_broker_restore_asset(pipeline->broker, &sum->asset[i]) != ERR_OK)
            pipeline->counts.errors++;
    if (sum == NULL)
        trading_set_state(pipeline, STATE_HALTED, "no memory to put the balances back");
    free(sum);
}

void recovery_start(struct pipeline *pipeline)
{
    const struct recovered *recovered = pipeline->config.recovered;
    const char *symbol[INSTRUMENTS_MAX];

    if (recovered == NULL)
        return;
    order_manager_start_after(pipeline->orders, recovered->last_order_seq);
    paper_broker_start_trades(pipeline->broker, recovered->epoch << RECOVERY_TRADES_BITS);
    for (size_t i = 0; i < recovered->count; i++)
        if (recovered->record[i].kind == STORE_TIME)
            put_back_time(pipeline, &recovered->record[i]);
    for (size_t i = 0; i < recovered->count; i++)
        put_back(pipeline, &recovered->record[i]);
    put_back_balances(pipeline, recovered);
    pipeline->recovering = recovery_symbols(recovered, symbol, INSTRUMENTS_MAX) > 0;
    recovery_report_start(pipeline, recovered);
    if (recovered->safe_mode)
        trading_set_state(pipeline, STATE_HALTED, "SAFE MODE, :go ends it: 5 crashes in 10 min");
    journal_audit(pipeline, NULL, "recovery", "-",
                  "epoch %" PRIu64 ", %s, %" PRIu64 " frames, %zu states, %" PRId64 " ms", recovered->epoch,
                  recovered->crashed ? "after a crash" : "after an orderly end", recovered->frames,
                  recovered->count, recovered->took_ns / INT64_C(1000000));
}

/* --- what comes back, and when it is done ---------------------------------------------------------------------------- */

/* A live venue has said what became of each order that was left, and what we hold there. */
static bool is_settled(const struct pipeline *pipeline)
{
    const struct gateway *gateway = &pipeline->gateway;
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    int64_t lots;

    for (size_t i = 0; i < count && pipeline->config.gateway != NULL; i++)
        if (open[i]->state == ORDER_STATE_UNKNOWN)
            return false;
    for (size_t i = 0; i < pipeline->markets && pipeline->config.gateway != NULL; i++)
        if (!gateway->ops->position(gateway->self, (uint16_t)i, &lots))
            return false;
    return true;
}

/* The run before may have died after its state had changed and before it had asked for all cancels that belong to it; nor
 * may an order by hand make a position larger in REDUCING. */
static void cancel_again(struct pipeline *pipeline)
{
    enum trading_state state = pipeline->risk.state;
    bool all = state == STATE_KILLED || pipeline->config.recovery_cancels;
    size_t cancelled = 0;

    if (all || state == STATE_HALTED || state == STATE_REDUCING ||
        (state == STATE_PAUSED &&
         (!pipeline->config.pause_keeps_orders || risk_state_only_reduces(&pipeline->risk))))
        cancelled = trading_cancel_all(pipeline, ORDERS_ANY, ORDERS_ANY, !all);
    for (size_t i = 0; i < pipeline->markets && risk_state_only_reduces(&pipeline->risk); i++)
        holdings_trim(pipeline, pipeline->market[i]);
    if (cancelled > 0)
        journal_note(pipeline, NOTE_WARNING, "%zu order%s of the run before cancelled: %s", cancelled,
                     cancelled == 1 ? "" : "s",
                     pipeline->config.recovery_cancels ? "recovery.orders is cancel"
                                                       : trading_state_word(state));
}

void recovery_live(struct pipeline *pipeline)
{
    const char *symbol[INSTRUMENTS_MAX];
    size_t count;

    if (!pipeline->recovering)
        return;
    count = recovery_symbols(pipeline->config.recovered, symbol, INSTRUMENTS_MAX);
    for (size_t i = 0; i < count; i++)
        if (!recovery_is_back(pipeline, symbol[i]) && !pipeline->recovery.left_out)
            return;
    if (!is_settled(pipeline))
        return; /* asked again each tick */
    pipeline->recovering = false;
    pipeline->compare_ns = 0; /* our position against the gateway's, now */
    trading_update_equity(pipeline);
    journal_audit(pipeline, NULL, "recovery", "-", "done: %zu instruments are back", count);
    journal_note(pipeline, NOTE_GOOD, "recovered: %zu instruments are back, trading may go on", count);
    cancel_again(pipeline);
}

/* A longer memory of before has left parts behind: what counts is what came with the newest first one. */
static const struct store_record *first_of_memory(const struct recovered *recovered, const char *owner)
{
    for (size_t i = 0; recovered != NULL && i < recovered->count; i++) {
        const struct store_record *record = &recovered->record[i];

        if (record->kind == STORE_MEMORY && record->memory.part == 0 && strcmp(record->owner, owner) == 0)
            return record;
    }
    return NULL;
}

size_t recovery_memory(const struct pipeline *pipeline, const char *owner, unsigned char *out, size_t max)
{
    const struct recovered *recovered = pipeline->config.recovered;
    const struct store_record *first = first_of_memory(recovered, owner);
    size_t size = 0, parts = 0;

    for (size_t i = 0; first != NULL && i < recovered->count; i++) {
        const struct store_record *record = &recovered->record[i];
        size_t at = (size_t)record->memory.part * STORE_MEMORY_BYTES;

        if (record->kind != STORE_MEMORY || strcmp(record->owner, owner) != 0 ||
            record->input_seq != first->input_seq || at + record->memory.size > max)
            continue;
        memcpy(out + at, record->memory.bytes, record->memory.size);
        size = at + record->memory.size > size ? at + record->memory.size : size;
        parts++;
    }
    return first != NULL && parts == first->memory.parts ? size : 0;
}
