/* recovery.c - see recovery.h and docs/journal.md. */
#include "app/recovery.h"

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

/* 0xFFFF: no such owner in this configuration. */
static uint16_t owner_by_name(const struct pipeline *pipeline, const char *name)
{
    for (size_t i = 0; i < pipeline->owners; i++)
        if (strcmp(pipeline->owner[i].name, name) == 0)
            return (uint16_t)i;
    return UINT16_MAX;
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
    enum trading_state state = record->trading.state;
    char why[sizeof(pipeline->state_why)];

    pipeline->monitor.streak = record->trading.streak;
    pipeline->monitor.trip_worst = record->trading.trip_worst_e8;
    pipeline->risk.halted_by = record->trading.halted_by;
    put_back_mode(pipeline, record);
    if (state == STATE_ACTIVE || (state == STATE_PAUSED && record->trading.calendar_holds))
        return; /* the schedule says anew whether it holds */
    snprintf(why, sizeof(why), "%.60s (before this start)", record->trading.why);
    if (state == STATE_KILLED)
        pipeline_start_killed(pipeline, why);
    else
        trading_set_state(pipeline, state, why);
}

static void put_back_owner(struct pipeline *pipeline, const struct store_record *record)
{
    uint16_t id = owner_by_name(pipeline, record->owner);
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
    uint16_t id = owner_by_name(pipeline, record->owner);
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
    uint16_t owner = owner_by_name(pipeline, record->owner);
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
    const struct store_record *of = find(recovered, STORE_INSTRUMENT, record->symbol, NULL);
    const struct position *position = &record->position.position;
    struct paper_asset *quote, *base;

    if (of == NULL)
        return;
    quote = paper_account_asset(sum, of->instrument.quote);
    if (quote == NULL)
        return;
    quote->funding_e8 += position->funding_e8;
    quote->fees_e8 -= position->fees_e8;
    if (of->instrument.venue != VENUE_BINANCE_SPOT) {
        quote->free_e8 += position->cost_e8;
        return;
    }
    base = paper_account_asset(sum, of->instrument.base);
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
        trading_set_state(pipeline, STATE_HALTED,
                          "SAFE MODE: 5 crashes within 10 minutes; screen and cancels only until you say go");
    journal_audit(pipeline, NULL, "recovery", "-",
                  "epoch %" PRIu64 ", %s, %" PRIu64 " frames, %zu states, %" PRId64 " ms", recovered->epoch,
                  recovered->crashed ? "after a crash" : "after an orderly end", recovered->frames,
                  recovered->count, recovered->took_ns / INT64_C(1000000));
}

/* --- what belongs to an instrument ---------------------------------------------------------------------------------- */

bool recovery_account(const struct pipeline *pipeline, struct account *account)
{
    const struct recovered *recovered = pipeline->config.recovered;

    for (size_t i = 0; recovered != NULL && i < recovered->count; i++) {
        const struct store_record *record = &recovered->record[i];

        if (record->kind != STORE_ACCOUNT || strcmp(record->account.quote, account->quote) != 0)
            continue;
        account->start_e8 = record->account.start_e8;
        account->cash_e8 = record->account.cash_e8;
        account->fees_elsewhere_e8 = record->account.fees_elsewhere_e8;
        account->equity_e8 = record->account.equity_e8;
        account->fee_asset_e8 = record->account.fee_asset_e8;
        account->peak_e8 = record->account.peak_e8;
        account->max_drawdown_e8 = record->account.max_drawdown_e8;
        account->day_start_e8 = record->account.day_start_e8;
        account->day = record->account.day;
        return true;
    }
    return false;
}

/* Steps of now against those of then: finer by a whole factor, or the same; else the numbers mean something else. */
static bool factor_of(int64_t then_e8, int64_t now_e8, int64_t *factor)
{
    if (then_e8 <= 0 || now_e8 <= 0 || then_e8 % now_e8 != 0)
        return false;
    *factor = then_e8 / now_e8;
    return true;
}

static bool to_steps(const struct market_state *market, const struct store_scale *scale,
                     struct step_change *change)
{
    return factor_of(scale->tick_e8, market->instrument->tick_e8, &change->price_factor) &&
           factor_of(scale->lot_e8, market->instrument->lot_e8, &change->qty_factor);
}

static void refuse_steps(struct pipeline *pipeline, const struct market_state *market)
{
    char why[96];

    snprintf(why, sizeof(why), "%s: its steps have become coarser, its position cannot be put back",
             market->instrument->symbol);
    pipeline->counts.errors++;
    trading_set_state(pipeline, STATE_HALTED, why);
}

static void put_back_position(struct pipeline *pipeline, struct market_state *market,
                              const struct store_record *record)
{
    bool all = record->owner[0] == '\0';
    uint16_t owner = all ? OWNERS_MAX : owner_by_name(pipeline, record->owner);
    struct position position = record->position.position;
    struct step_change change;

    if (!to_steps(market, &record->position.scale, &change)) {
        refuse_steps(pipeline, market);
        return;
    }
    if (owner == UINT16_MAX)
        owner = OWNER_MANUAL; /* a strategy that is gone: its share is the trader's now */
    position_rescale(&position, change);
    if (all) {
        market->total = position;
        paper_broker_set_position(pipeline->broker, market->instrument->id, &position);
    } else if (owner == OWNER_MANUAL && strcmp(record->owner, "manual") != 0) {
        position_merge(&market->owned[OWNER_MANUAL], &position);
        journal_note(pipeline, NOTE_WARNING, "%s is not configured any more: its %s position is yours now",
                     record->owner, market->instrument->symbol);
    } else {
        position_merge(&market->owned[owner], &position);
        market->trip_base_e8[owner] = record->position.trip_base_e8;
    }
    market->day_start[owner].realised_e8 += record->position.day_realised_e8;
    market->day_start[owner].fees_e8 += record->position.day_fees_e8;
    market->day_start[owner].cost_e8 += record->position.day_open_e8;
}

static struct order order_of(const struct pipeline *pipeline, const struct market_state *market,
                             const struct store_record *record)
{
    struct order order = record->order.order;
    uint16_t owner = owner_by_name(pipeline, record->owner);
    struct step_change change;

    order.intent.instrument_id = market->instrument->id;
    order.intent.owner = owner == UINT16_MAX ? OWNER_MANUAL : owner;
    if (to_steps(market, &record->order.scale, &change))
        order_rescale(&order, change);
    return order;
}

/* A live venue goes on without us: the order is ours still, and what became of it is asked for. */
static void adopt_order(struct pipeline *pipeline, struct market_state *market,
                        const struct store_record *record)
{
    struct order order = order_of(pipeline, market, record);

    if (order_manager_adopt(pipeline->orders, &order) != ERR_OK) {
        pipeline->counts.errors++;
        trading_set_state(pipeline, STATE_HALTED, "an order of the run before cannot be put back");
        return;
    }
    journal_order(pipeline, order_manager_find(pipeline->orders, order.seq));
    journal_audit(pipeline, market, "order.adopted", record->owner,
                  "order %" PRIu64 " of the run before is asked for", order.seq);
}

/* The venue was in the process that is gone: what rested there rests nowhere. */
static void end_order(struct pipeline *pipeline, struct market_state *market,
                      const struct store_record *record)
{
    struct order order = order_of(pipeline, market, record);

    order.state = ORDER_STATE_CANCELLED;
    order.updated_ns = pipeline->now_ns;
    journal_order(pipeline, &order);
    journal_audit(pipeline, market, "order.left", record->owner,
                  "order %" PRIu64 " ended with the paper venue of the run before", order.seq);
}

void recovery_instrument(struct pipeline *pipeline, struct market_state *market)
{
    const struct recovered *recovered = pipeline->config.recovered;
    const char *symbol = market->instrument->symbol;
    size_t ended = 0;

    for (size_t i = 0; recovered != NULL && i < recovered->count; i++) {
        const struct store_record *record = &recovered->record[i];

        if (strcmp(record->symbol, symbol) != 0)
            continue;
        if (record->kind == STORE_POSITION) {
            put_back_position(pipeline, market, record);
        } else if (record->kind == STORE_SYMBOL) {
            pipeline->risk.symbol_halted[market->instrument->id] = record->symbol_state.halted_by;
            pipeline->monitor.symbol[market->instrument->id].streak = record->symbol_state.streak;
            pipeline->monitor.symbol[market->instrument->id].trip_worst = record->symbol_state.trip_worst_e8;
        } else if (record->kind == STORE_ORDER && pipeline->config.gateway != NULL) {
            adopt_order(pipeline, market, record);
        } else if (record->kind == STORE_ORDER) {
            end_order(pipeline, market, record);
            ended++;
        }
    }
    pipeline->recovery.orders_ended += ended;
    if (ended > 0)
        journal_note(pipeline, NOTE_WARNING, "%s: %zu orders of the run before ended with it", symbol, ended);
    if (market->total.lots != 0) {
        char qty[DECIMAL_TEXT_SIZE];

        decimal_format_trim(instrument_qty_e8(market->instrument, market->total.lots), DECIMAL_E8_DIGITS,
                            qty);
        journal_note(pipeline, NOTE_INFO, "%s: position %s from the run before", symbol, qty);
    }
    journal_money(pipeline, market);
}

bool recovery_is_back(const struct pipeline *pipeline, const char *symbol)
{
    for (size_t i = 0; i < pipeline->markets; i++)
        if (strcmp(pipeline->market[i]->instrument->symbol, symbol) == 0)
            return pipeline->market[i]->book_state == BOOK_LIVE || pipeline->market[i]->total.lots == 0;
    return false;
}

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
    if (pipeline->risk.state ==
        STATE_KILLED) /* the run before may have died before it had asked for all of them */
        (void)trading_cancel_all(pipeline, 0xFFFF, 0xFFFF, false);
}

size_t recovery_memory(const struct pipeline *pipeline, const char *owner, unsigned char *out, size_t max)
{
    const struct recovered *recovered = pipeline->config.recovered;
    const struct store_record *first = find(recovered, STORE_MEMORY, NULL, owner);
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
