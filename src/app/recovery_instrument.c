/* recovery_instrument.c - what belongs to an instrument or its account, put back when it is heard of. See recovery.h. */
#include "app/journal_states.h"
#include "app/recovery.h"

#include "core/base/decimal.h"

#include <inttypes.h>
#include <string.h>

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
    uint16_t owner = all ? OWNERS_MAX : pipeline_owner_by_name(pipeline, record->owner);
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

/* False: its numbers mean something else in the steps of now. */
static bool read_order(const struct pipeline *pipeline, const struct market_state *market,
                       const struct store_record *record, struct order *out)
{
    uint16_t owner = pipeline_owner_by_name(pipeline, record->owner);
    struct step_change change;
    bool fits = to_steps(market, &record->order.scale, &change);

    *out = record->order.order;
    out->intent.instrument_id = market->instrument->id;
    out->intent.owner = owner == UINT16_MAX ? OWNER_MANUAL : owner;
    if (fits)
        order_rescale(out, change);
    return fits;
}

/* A live venue goes on without us: the order is ours still, and what became of it is asked for. */
static void adopt_order(struct pipeline *pipeline, struct market_state *market,
                        const struct store_record *record)
{
    struct order order;

    if (!read_order(pipeline, market, record, &order) ||
        order_manager_adopt(pipeline->orders, &order) != ERR_OK) {
        pipeline->counts.errors++;
        trading_set_state(pipeline, STATE_HALTED, "an order of the run before cannot be put back");
        return;
    }
    journal_order(pipeline, order_manager_find(pipeline->orders, order.seq));
    journal_audit(pipeline, market, "order.adopted", record->owner,
                  "order %" PRIu64 " of the run before is asked for", order.seq);
}

/* In the order that they were sent in: an entry before its bracket's ways out, or these would be sent once more. */
static void adopt_groups(struct pipeline *pipeline, const struct market_state *market)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count =
        order_manager_open(pipeline->orders, market->instrument->id, ORDERS_ANY, open, ORDERS_OPEN_MAX);

    for (size_t i = 0; i < count; i++)
        groups_adopt(pipeline, open[i]);
    for (uint16_t i = 0; i < (uint16_t)pipeline->owners; i++)
        order_groups_hold(pipeline->groups, market->instrument->id, i, market->owned[i].lots);
}

/* The venue was in the process that is gone: what rested there rests nowhere. */
static void end_order(struct pipeline *pipeline, struct market_state *market,
                      const struct store_record *record)
{
    struct order order;

    (void)read_order(pipeline, market, record, &order); /* it has ended in whatever steps */
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
        } else if (record->kind == STORE_ORDER && !pipeline->recovery.gone_ended) {
            end_order(pipeline, market, record);
            ended++;
        }
    }
    adopt_groups(pipeline, market);
    pipeline->recovery.orders_ended += ended;
    if (ended > 0)
        journal_note(pipeline, NOTE_WARNING, "%s: %zu orders of the run before ended with it", symbol, ended);
    if (market->total.lots != 0) {
        char qty[DECIMAL_TEXT_SIZE];

        decimal_format_trim(instrument_qty_e8(market->instrument, market->total.lots), DECIMAL_E8_DIGITS,
                            qty);
        journal_note(pipeline, NOTE_INFO, "%s: position %s from the run before", symbol, qty);
    }
    recovery_carry(pipeline); /* left out before, it counts by itself now */
    journal_money(pipeline, market);
}
