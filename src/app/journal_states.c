/*
 * journal_states.c - what a start after a crash needs: each state that has changed, whole, before anybody acts on it.
 * See pipeline.h and docs/journal.md.
 *
 * What the journal has already is remembered beside each state; what differs is told. So no place that changes money
 * must say what it changed: it says that money moved.
 */
#include "app/journal_states.h"

#include "plugin/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct position_image { /* 64-bit numbers alone: compared as bytes */
    struct position position;
    int64_t day_realised_e8, day_fees_e8, day_open_e8, trip_base_e8, tick_e8, lot_e8;
};

struct owner_image {
    uint64_t flags, fills, faults, strikes;
    int64_t streak, trip_worst_e8;
};

struct symbol_image {
    int64_t halted_by, streak, trip_worst_e8;
};

struct journal_states {
    struct position_image position[INSTRUMENTS_MAX][OWNERS_MAX + 1]; /* the last one of all together */
    struct account account[ACCOUNTS_MAX];
    struct owner_image owner[OWNERS_MAX];
    struct symbol_image symbol[INSTRUMENTS_MAX];
    struct symbol_image all;           /* the trading state's own */
    bool pending;                      /* pushed and not committed */
    uint16_t next_slot;                /* of STORE_TIME */
    uint64_t memory_fills[OWNERS_MAX]; /* of its owner, when its memory was told */
    unsigned char memory[FD_STATE_MAX];
};

struct journal_states *journal_states_new(const struct recovered *recovered)
{
    struct journal_states *states = calloc(1, sizeof(*states));

    if (states != NULL && recovered != NULL)
        states->next_slot = recovered->next_slot;
    return states;
}

void journal_states_free(struct journal_states *states)
{
    free(states);
}

static struct store_record start_record(const struct pipeline *pipeline, enum store_record_kind kind,
                                        const struct market_state *market, const char *owner)
{
    struct store_record record = {.kind = kind, .ts_ns = pipeline->now_ns, .input_seq = pipeline->input_seq};

    if (market != NULL)
        memcpy(record.symbol, market->instrument->symbol, sizeof(record.symbol));
    if (owner != NULL)
        memcpy(record.owner, owner, sizeof(record.owner));
    return record;
}

/* --- money --------------------------------------------------------------------------------------------------------- */

static struct position_image position_of(const struct market_state *market, size_t owner)
{
    const struct position *day = &market->day_start[owner];
    struct position_image image = {.position = market->total,
                                   .day_realised_e8 = day->realised_e8,
                                   .day_fees_e8 = day->fees_e8,
                                   .day_open_e8 = day->cost_e8,
                                   .tick_e8 = market->instrument->tick_e8,
                                   .lot_e8 = market->instrument->lot_e8};

    if (owner < OWNERS_MAX) {
        image.position = market->owned[owner];
        image.trip_base_e8 = market->trip_base_e8[owner];
    }
    return image;
}

static void tell_position(struct pipeline *pipeline, const struct market_state *market, size_t owner)
{
    struct position_image *known = &pipeline->journaled->position[market->instrument->id][owner];
    struct position_image now = position_of(market, owner);
    struct store_record record;

    if (memcmp(known, &now, sizeof(now)) == 0 || (now.position.fills == 0 && now.position.lots == 0 &&
                                                  now.position.cash_e8 == 0 && known->tick_e8 == 0))
        return; /* of one who never traded nothing is told; funding may come before the fill it is for */
    *known = now;
    record = start_record(pipeline, STORE_POSITION, market,
                          owner == OWNERS_MAX ? NULL : pipeline->owner[owner].name);
    record.position.position = now.position;
    record.position.scale = (struct store_scale){now.tick_e8, now.lot_e8};
    record.position.day_realised_e8 = now.day_realised_e8;
    record.position.day_fees_e8 = now.day_fees_e8;
    record.position.day_open_e8 = now.day_open_e8;
    record.position.trip_base_e8 = now.trip_base_e8;
    journal_push(pipeline, &record);
}

void journal_accounts(struct pipeline *pipeline)
{
    if (pipeline->sink.push == NULL)
        return;
    for (size_t i = 0; i < pipeline->accounts; i++) {
        struct account now = pipeline->account[i];
        struct store_record record;

        now.equity_e8 = 0; /* moves with every price: a sample (STORE_EQUITY), no state */
        if (memcmp(&pipeline->journaled->account[i], &now, sizeof(now)) == 0)
            continue;
        pipeline->journaled->account[i] = now;
        record = start_record(pipeline, STORE_ACCOUNT, NULL, NULL);
        memcpy(record.account.quote, now.quote, sizeof(record.account.quote));
        record.account.start_e8 = now.start_e8;
        record.account.cash_e8 = now.cash_e8;
        record.account.fees_elsewhere_e8 = now.fees_elsewhere_e8;
        record.account.fee_asset_e8 = now.fee_asset_e8;
        record.account.peak_e8 = now.peak_e8;
        record.account.max_drawdown_e8 = now.max_drawdown_e8;
        record.account.day_start_e8 = now.day_start_e8;
        record.account.day = now.day;
        record.account.equity_e8 = pipeline->account[i].equity_e8;
        journal_push(pipeline, &record);
    }
}

void journal_money(struct pipeline *pipeline, const struct market_state *market)
{
    if (pipeline->sink.push == NULL)
        return;
    for (size_t owner = 0; owner < pipeline->owners; owner++)
        tell_position(pipeline, market, owner);
    tell_position(pipeline, market, OWNERS_MAX);
    journal_accounts(pipeline);
}

/* --- what controls go by ------------------------------------------------------------------------------------------- */

static struct symbol_image trading_of(const struct pipeline *pipeline)
{
    return (struct symbol_image){pipeline->risk.halted_by, pipeline->monitor.streak,
                                 pipeline->monitor.trip_worst};
}

void journal_trading(struct pipeline *pipeline)
{
    struct store_record record;

    if (pipeline->sink.push == NULL)
        return;
    pipeline->journaled->all = trading_of(pipeline);
    record = start_record(pipeline, STORE_TRADING, NULL, NULL);
    record.trading.state = pipeline->risk.state;
    record.trading.mode = pipeline->risk.mode;
    record.trading.since_ns = pipeline->state_since_ns;
    record.trading.calendar_holds = pipeline->calendar_holds;
    record.trading.beneath = pipeline->risk.beneath;
    record.trading.halted_by = pipeline->risk.halted_by;
    record.trading.streak = pipeline->monitor.streak;
    record.trading.trip_worst_e8 = pipeline->monitor.trip_worst;
    memcpy(record.trading.why, pipeline->state_why, sizeof(record.trading.why));
    journal_push(pipeline, &record);
}

void journal_symbol(struct pipeline *pipeline, const struct market_state *market)
{
    uint16_t id = market->instrument->id;
    const struct risk_symbol_watch *watch = &pipeline->monitor.symbol[id];
    struct symbol_image now = {pipeline->risk.symbol_halted[id], watch->streak, watch->trip_worst};
    struct store_record record;

    if (pipeline->sink.push == NULL || memcmp(&pipeline->journaled->symbol[id], &now, sizeof(now)) == 0)
        return;
    pipeline->journaled->symbol[id] = now;
    record = start_record(pipeline, STORE_SYMBOL, market, NULL);
    record.symbol_state.halted_by = pipeline->risk.symbol_halted[id];
    record.symbol_state.streak = now.streak;
    record.symbol_state.trip_worst_e8 = now.trip_worst_e8;
    journal_push(pipeline, &record);
}

static struct owner_image owner_of(const struct pipeline *pipeline, size_t id)
{
    const struct owner *owner = &pipeline->owner[id];
    const struct risk_owner_watch *watch = &pipeline->monitor.owner[id];

    return (struct owner_image){.flags = (uint64_t)owner->on | (uint64_t)owner->paused << 1 |
                                         (uint64_t)owner->disabled << 2 |
                                         (uint64_t)pipeline->risk.owner_disabled[id] << 8,
                                .fills = owner->fills,
                                .faults = owner->faults,
                                .strikes = owner->strikes,
                                .streak = watch->streak,
                                .trip_worst_e8 = watch->trip_worst};
}

static void tell_owner(struct pipeline *pipeline, size_t id)
{
    const struct owner *owner = &pipeline->owner[id];
    struct owner_image now = owner_of(pipeline, id);
    struct store_record record;

    if (memcmp(&pipeline->journaled->owner[id], &now, sizeof(now)) == 0)
        return;
    pipeline->journaled->owner[id] = now;
    record = start_record(pipeline, STORE_OWNER, NULL, owner->name);
    record.owner_state.on = owner->on;
    record.owner_state.paused = owner->paused;
    record.owner_state.disabled = owner->disabled;
    record.owner_state.disabled_by = pipeline->risk.owner_disabled[id];
    record.owner_state.fills = owner->fills;
    record.owner_state.faults = owner->faults;
    record.owner_state.strikes = owner->strikes;
    record.owner_state.streak = now.streak;
    record.owner_state.trip_worst_e8 = now.trip_worst_e8;
    memcpy(record.owner_state.why, owner->why_off, sizeof(record.owner_state.why));
    record.owner_state.configured_on = id == OWNER_MANUAL || pipeline->config.strategy[id - 1].on;
    journal_push(pipeline, &record);
}

void journal_time(struct pipeline *pipeline, uint16_t owner, enum store_time_kind what)
{
    struct store_record record;

    if (pipeline->sink.push == NULL)
        return;
    record = start_record(pipeline, STORE_TIME, NULL, pipeline->owner[owner].name);
    record.time.slot = pipeline->journaled->next_slot++ % STORE_TIME_SLOTS;
    record.time.what = (uint8_t)what;
    record.time.at_ns = pipeline->now_ns;
    record.time.order_seq = order_manager_last_seq(pipeline->orders);
    journal_push(pipeline, &record);
}

/* --- settings changed at run time ---------------------------------------------------------------------------------- */

void journal_parameter(struct pipeline *pipeline, const char *owner, const char *name, int64_t configured,
                       int64_t value)
{
    struct store_record record = start_record(pipeline, STORE_PARAMETER, NULL, NULL);

    snprintf(record.owner, sizeof(record.owner), "%s", owner);
    snprintf(record.parameter.name, sizeof(record.parameter.name), "%s", name);
    record.parameter.configured = configured;
    record.parameter.value = value;
    journal_push(pipeline, &record);
}

void journal_limit(struct pipeline *pipeline, const char *option, int64_t configured, int64_t value)
{
    struct store_record record = start_record(pipeline, STORE_LIMIT, NULL, NULL);

    snprintf(record.limit.option, sizeof(record.limit.option), "%s", option);
    record.limit.configured = configured;
    record.limit.value = value;
    journal_push(pipeline, &record);
}

/* What a strategy would hand over to a new version of itself, in parts. */
void journal_memory(struct pipeline *pipeline, uint16_t owner_id)
{
    struct owner *owner = &pipeline->owner[owner_id];
    unsigned char *bytes;
    size_t size, parts;

    if (pipeline->sink.push == NULL || owner->strategy == NULL || !owner->started)
        return;
    bytes = pipeline->journaled->memory;
    size = plugin_save(owner->strategy, owner_id, bytes, FD_STATE_MAX);
    parts = (size + STORE_MEMORY_BYTES - 1) / STORE_MEMORY_BYTES;
    for (size_t i = 0; i < parts; i++) {
        struct store_record record = start_record(pipeline, STORE_MEMORY, NULL, owner->name);
        size_t rest = size - i * STORE_MEMORY_BYTES;

        record.memory.part = (uint16_t)i;
        record.memory.parts = (uint16_t)parts;
        record.memory.size = (uint16_t)(rest < STORE_MEMORY_BYTES ? rest : STORE_MEMORY_BYTES);
        memcpy(record.memory.bytes, bytes + i * STORE_MEMORY_BYTES, record.memory.size);
        journal_push(pipeline, &record);
    }
}

/* --- inputs -------------------------------------------------------------------------------------------------------- */

void journal_command(struct pipeline *pipeline, const struct command *command)
{
    const char *owner =
        command->intent.owner < pipeline->owners ? pipeline->owner[command->intent.owner].name : NULL;
    const struct market_state *market =
        command->instrument_id < pipeline->markets ? pipeline->market[command->instrument_id] : NULL;
    struct store_record record = start_record(pipeline, STORE_COMMAND, market, owner);

    record.command = *command;
    journal_push(pipeline, &record);
}

/* A position without the memory of what it was for would be nobody's after a crash: they are told in one step. */
void journal_memory_of_fills(struct pipeline *pipeline)
{
    uint64_t *told = pipeline->journaled->memory_fills;

    for (uint16_t i = 1; i < (uint16_t)pipeline->owners && pipeline->sink.push != NULL; i++) {
        if (pipeline->owner[i].fills == told[i])
            continue;
        told[i] = pipeline->owner[i].fills;
        journal_memory(pipeline, i);
    }
}

void journal_answer(struct pipeline *pipeline, const struct market_state *market,
                    const struct order_event *answer, uint16_t owner)
{
    struct store_record record = start_record(pipeline, STORE_ANSWER, market, pipeline->owner[owner].name);

    record.answer.event = *answer;
    record.answer.scale = (struct store_scale){market->instrument->tick_e8, market->instrument->lot_e8};
    if (answer->reason != NULL)
        snprintf(record.answer.text, sizeof(record.answer.text), "%s", answer->reason);
    record.answer.event.reason = NULL;
    journal_push(pipeline, &record);
}

/* Nothing is dropped in silence: nothing new is sent from here on, and the host cancels and tells why. */
static void halt_for_storage(struct pipeline *pipeline)
{
    if (pipeline->sink_full)
        return;
    pipeline->sink_full = true;
    if (pipeline->risk.state != STATE_KILLED)
        risk_state_enter(&pipeline->risk, STATE_HALTED, pipeline->calendar_holds);
    pipeline->calendar_holds = false;
    snprintf(pipeline->state_why, sizeof(pipeline->state_why), "storage failed");
}

void journal_push(struct pipeline *pipeline, struct store_record *record)
{
    record->ts_ns = pipeline->now_ns;
    record->input_seq = pipeline->input_seq;
    if (pipeline->sink.push == NULL)
        return;
    pipeline->journaled->pending = true;
    if (!pipeline->sink.push(pipeline->sink.arg, record))
        halt_for_storage(pipeline);
}

void journal_commit(struct pipeline *pipeline)
{
    struct journal_states *states = pipeline->journaled;
    struct symbol_image now;

    if (pipeline->sink.push == NULL)
        return;
    for (size_t i = 0; i < pipeline->owners; i++)
        tell_owner(pipeline, i);
    now = trading_of(pipeline);
    if (memcmp(&states->all, &now, sizeof(now)) != 0)
        journal_trading(pipeline);
    if (!states->pending)
        return;
    states->pending = false;
    if (pipeline->sink.commit != NULL && !pipeline->sink.commit(pipeline->sink.arg))
        halt_for_storage(pipeline);
}
