/*
 * money.c - what is at stake and what is left: exposure, accounts, equity, losses. See pipeline.h.
 */
#include "app/pipeline.h"

#include "core/base/decimal.h"

#include <stdlib.h>

#define NS_PER_DAY INT64_C(86400000000000)

static struct market_state *market_at(struct pipeline *pipeline, uint16_t instrument_id)
{
    return instrument_id < pipeline->markets ? pipeline->market[instrument_id] : NULL;
}

/* What an order is worth while it is open: a stop has no price of its own until it is hit. */
static int64_t order_price(const struct order_intent *intent)
{
    return intent->price_ticks > intent->stop_ticks ? intent->price_ticks : intent->stop_ticks;
}

struct risk_instrument trading_exposure(struct pipeline *pipeline, struct market_state *market)
{
    struct order *open[ORDERS_OPEN_MAX];
    const struct instrument *instrument = market->instrument;
    struct risk_instrument at = {.position_lots = market->total.lots};
    size_t count = order_manager_open(pipeline->orders, instrument->id, 0xFFFF, open, ORDERS_OPEN_MAX);

    at.position_value_e8 =
        llabs(position_value_e8(&market->total, instrument, market_state_mark(market, market->total.lots)));
    at.open_orders = (int64_t)count;
    for (size_t i = 0; i < count; i++) {
        const struct order_intent *intent = &open[i]->intent;
        int64_t left = order_left_lots(open[i]);
        int64_t *best = &at.best_own_ticks[intent->side];

        if (intent->type == ORDER_LIMIT &&
            (*best == 0 || (intent->price_ticks - *best) * side_sign(intent->side) > 0))
            *best = intent->price_ticks;
        at.open_lots[intent->side] += left;
        at.open_value_e8[intent->side] += instrument_value_e8(instrument, order_price(intent), left);
    }
    return at;
}

/* Quote money that open spot buys of one account may need, fee included. */
int64_t trading_reserved_quote_e8(struct pipeline *pipeline, uint16_t account)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(pipeline->orders, 0xFFFF, 0xFFFF, open, ORDERS_OPEN_MAX);
    int64_t reserved = 0;

    for (size_t i = 0; i < count; i++) {
        const struct order_intent *intent = &open[i]->intent;
        struct market_state *market = market_at(pipeline, intent->instrument_id);
        int64_t value;

        if (market == NULL || intent->side != SIDE_BID || intent->reduce_only ||
            pipeline->market_account[intent->instrument_id] != account)
            continue;
        value = instrument_value_e8(market->instrument, intent->price_ticks, order_left_lots(open[i]));
        reserved += value + decimal_mul_div(value, pipeline->config.limits.fee_taker_ppm, 1000000);
    }
    return reserved;
}

/* All positions, and all open orders as if they filled. */
static int64_t account_gross_e8(struct pipeline *pipeline, uint16_t account)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(pipeline->orders, 0xFFFF, 0xFFFF, open, ORDERS_OPEN_MAX);
    int64_t gross = 0;

    for (size_t i = 0; i < pipeline->markets; i++) {
        struct market_state *market = pipeline->market[i];

        if (market->total.lots != 0 && pipeline->market_account[i] == account)
            gross += llabs(position_value_e8(&market->total, market->instrument,
                                             market_state_mark(market, market->total.lots)));
    }
    for (size_t i = 0; i < count; i++) {
        const struct order_intent *intent = &open[i]->intent;

        if (!intent->reduce_only && pipeline->market_account[intent->instrument_id] == account)
            gross += instrument_value_e8(pipeline->market[intent->instrument_id]->instrument,
                                         order_price(intent), order_left_lots(open[i]));
    }
    return gross;
}

/* The gate judges with the money of the instrument's own account: spot by free cash, futures by equity. */
void trading_load_account(struct pipeline *pipeline, uint16_t account_id)
{
    const struct account *account = &pipeline->account[account_id];
    struct risk_state *risk = &pipeline->risk;

    risk->equity_start_day_e8 = account->day_start_e8;
    risk->equity_e8 = account->equity_e8;
    risk->equity_peak_e8 = account->peak_e8;
    risk->gross_value_e8 = account_gross_e8(pipeline, account_id);
    risk->free_quote_e8 = account->cash_e8 - trading_reserved_quote_e8(pipeline, account_id);
    risk->open_orders_total = (int64_t)order_manager_open_count(pipeline->orders);
}

/* To the owners by their shares; the last one with a share takes what rounding leaves. */
static void share_funding(struct pipeline *pipeline, struct market_state *market,
                          const struct paper_funding *funding)
{
    int64_t left_e8 = funding->amount_e8;
    struct position *last = &market->owned[OWNER_MANUAL];

    for (size_t i = 0; i < pipeline->owners; i++) {
        struct position *mine = &market->owned[i];
        int64_t part_e8;

        if (mine->lots == 0 || funding->lots == 0)
            continue;
        part_e8 = decimal_mul_div(funding->amount_e8, mine->lots, funding->lots);
        (void)position_fund(mine, part_e8);
        left_e8 -= part_e8;
        last = mine;
    }
    (void)position_fund(last, left_e8);
}

void trading_take_funding(struct pipeline *pipeline)
{
    struct paper_funding funding[PAPER_FUNDINGS_MAX];
    size_t count = paper_broker_take_funding(pipeline->broker, funding, PAPER_FUNDINGS_MAX);

    for (size_t i = 0; i < count; i++) {
        struct market_state *market = market_at(pipeline, funding[i].instrument_id);
        struct account *account = pipeline_account(pipeline, funding[i].instrument_id);
        char amount[DECIMAL_TEXT_SIZE];

        if (market == NULL || account == NULL ||
            position_fund(&market->total, funding[i].amount_e8) != ERR_OK) {
            pipeline->counts.errors++;
            trading_set_state(pipeline, STATE_HALTED, "ledger overflow");
            return;
        }
        account->cash_e8 += funding[i].amount_e8;
        share_funding(pipeline, market, &funding[i]);
        decimal_format_trim(funding[i].amount_e8, DECIMAL_E8_DIGITS, amount);
        journal_decision(pipeline, "funding", market, NULL, 0, funding[i].lots, "-");
        journal_audit(pipeline, market, "funding", "-", "%s %s", amount, market->instrument->quote);
        journal_note(pipeline, NOTE_INFO, "%s funding %s %s", market->instrument->symbol, amount,
                     market->instrument->quote);
    }
    if (count > 0)
        trading_update_equity(pipeline);
}

static void update_account(struct pipeline *pipeline, struct account *account, uint16_t account_id)
{
    int64_t day = pipeline->now_ns / NS_PER_DAY;
    int64_t value = 0;

    for (size_t i = 0; i < pipeline->markets; i++) {
        struct market_state *market = pipeline->market[i];

        if (market->total.lots != 0 && pipeline->market_account[i] == account_id)
            value += position_value_e8(&market->total, market->instrument,
                                       market_state_mark(market, market->total.lots));
    }
    account->equity_e8 = account->cash_e8 + value;
    if (account->day != day) { /* the daily baseline: 00:00 UTC, or the start */
        account->day_start_e8 = account->day < 0 ? account->start_e8 : account->equity_e8;
        account->day = day;
    }
    if (account->equity_e8 > account->peak_e8)
        account->peak_e8 = account->equity_e8;
    if (account->peak_e8 - account->equity_e8 > account->max_drawdown_e8)
        account->max_drawdown_e8 = account->peak_e8 - account->equity_e8;
}

void trading_update_equity(struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->accounts; i++)
        update_account(pipeline, &pipeline->account[i], (uint16_t)i);
}

enum risk_code trading_monitor(struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->accounts; i++) {
        enum risk_code tripped;

        trading_load_account(pipeline, (uint16_t)i);
        tripped = risk_monitor_check(&pipeline->config.limits, &pipeline->risk);
        if (tripped != RISK_PASS)
            return tripped;
    }
    return RISK_PASS;
}
