/*
 * money.c - what is at stake and what is left: exposure, accounts, equity, losses. See pipeline.h.
 */
#include "app/journal_states.h"

#include "core/base/decimal.h"

#include <stdlib.h>

#define NS_PER_DAY INT64_C(86400000000000)

/* --- exposure ------------------------------------------------------------------------------------------------ */

/* Realised, fees and what stands open since 00:00 UTC: of all owners, or of one. */
int64_t trading_day_net_e8(const struct market_state *market, size_t owner)
{
    const struct position *position = owner == OWNERS_MAX ? &market->total : &market->owned[owner];
    const struct position *day_start = &market->day_start[owner];
    int64_t open_e8 = position->lots == 0 ? 0
                                          : position_unrealised_e8(position, market->instrument,
                                                                   market_state_mark(market, position->lots));

    return position->realised_e8 - position->fees_e8 + open_e8 -
           (day_start->realised_e8 - day_start->fees_e8 + day_start->cost_e8);
}

struct risk_instrument trading_exposure(struct pipeline *pipeline, struct market_state *market,
                                        uint16_t owner, uint64_t without_seq)
{
    const struct instrument *instrument = market->instrument;
    struct risk_instrument at = {.position_lots = market->total.lots, .listed = true};
    struct order_exposure all, mine;

    order_manager_exposure(pipeline->orders, instrument, ORDERS_ANY, without_seq, &all);
    order_manager_exposure(pipeline->orders, instrument, owner, without_seq, &mine);
    at.position_value_e8 =
        llabs(position_value_e8(&market->total, instrument, market_state_mark(market, market->total.lots)));
    at.open_orders = all.orders;
    at.owner_position_lots = market->owned[owner].lots;
    at.stale_ms = market->stale_ms;
    at.volatility_bp = risk_monitor_volatility_bp(&pipeline->monitor, instrument->id);
    at.day_net_e8 = trading_day_net_e8(market, OWNERS_MAX);
    for (int side = 0; side < SIDE_COUNT; side++) {
        at.open_lots[side] = all.open_lots[side];
        at.open_value_e8[side] = all.open_value_e8[side];
        at.best_own_ticks[side] = all.best_own_ticks[side];
        at.owner_open_lots[side] = mine.open_lots[side];
    }
    return at;
}

/* Quote money that open spot buys of one account may need, fee included. */
int64_t trading_reserved_quote_e8(struct pipeline *pipeline, uint16_t account, uint64_t without_seq)
{
    int64_t reserved = 0;

    for (size_t i = 0; i < pipeline->markets; i++) {
        struct order_exposure open;

        if (pipeline->market_account[i] != account)
            continue;
        order_manager_exposure(pipeline->orders, pipeline->market[i]->instrument, ORDERS_ANY, without_seq,
                               &open);
        if (open.adding_value_e8[SIDE_BID] == 0)
            continue;
        reserved +=
            open.adding_value_e8[SIDE_BID] +
            decimal_mul_div(open.adding_value_e8[SIDE_BID], pipeline->config.limits.fee_taker_ppm, 1000000);
    }
    return reserved;
}

/* All positions of the account, and all open orders as if they filled; of one owner or of all. */
static int64_t gross_e8(struct pipeline *pipeline, uint16_t account, uint16_t owner, uint64_t without_seq)
{
    int64_t gross = 0;

    for (size_t i = 0; i < pipeline->markets; i++) {
        struct market_state *market = pipeline->market[i];
        const struct position *position = owner == ORDERS_ANY ? &market->total : &market->owned[owner];
        struct order_exposure open;

        if (pipeline->market_account[i] != account)
            continue;
        order_manager_exposure(pipeline->orders, market->instrument, owner, without_seq, &open);
        gross += open.adding_value_e8[SIDE_BID] + open.adding_value_e8[SIDE_ASK];
        if (position->lots != 0)
            gross += llabs(
                position_value_e8(position, market->instrument, market_state_mark(market, position->lots)));
    }
    return gross;
}

/* The gate judges with the money of the instrument's own account: spot by free cash, futures by equity. */
void trading_load_account(struct pipeline *pipeline, uint16_t account_id, uint64_t without_seq)
{
    const struct account *account = &pipeline->account[account_id];
    struct risk_state *risk = &pipeline->risk;

    risk->equity_start_day_e8 = account->day_start_e8;
    risk->equity_e8 = account->equity_e8;
    risk->equity_peak_e8 = account->peak_e8;
    risk->gross_value_e8 = gross_e8(pipeline, account_id, ORDERS_ANY, without_seq);
    risk->free_quote_e8 = account->cash_e8 - trading_reserved_quote_e8(pipeline, account_id, without_seq);
    risk->open_orders_total = (int64_t)order_manager_open_count(pipeline->orders) - (without_seq != 0);
}

void trading_load_owner(struct pipeline *pipeline, uint16_t account_id, uint16_t owner, uint64_t without_seq)
{
    pipeline->risk.owner[owner].gross_value_e8 = gross_e8(pipeline, account_id, owner, without_seq);
    trading_load_owner_net(pipeline, account_id, owner);
}

void trading_load_owner_net(struct pipeline *pipeline, uint16_t account_id, uint16_t owner)
{
    struct risk_owner *out = &pipeline->risk.owner[owner];

    out->day_net_e8 = 0;
    for (size_t i = 0; i < pipeline->markets; i++)
        if (pipeline->market_account[i] == account_id)
            out->day_net_e8 += trading_day_net_e8(pipeline->market[i], owner);
}

/* --- funding, equity ------------------------------------------------------------------------------------------ */

/* To the owners by their shares; the last one with a share takes what rounding leaves. */
static void share_funding(struct pipeline *pipeline, struct market_state *market,
                          const struct paper_funding *funding)
{
    int64_t left_e8 = funding->amount_e8, sign = funding->lots < 0 ? -1 : 1;
    struct position *last = &market->owned[OWNER_MANUAL];

    for (size_t i = 0; i < pipeline->owners; i++) {
        struct position *mine = &market->owned[i];
        int64_t part_e8;

        if (mine->lots == 0 || funding->lots == 0)
            continue;
        part_e8 = decimal_mul_div(funding->amount_e8, sign * mine->lots, sign * funding->lots);
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
        journal_money(pipeline, market);
        decimal_format_trim(funding[i].amount_e8, DECIMAL_E8_DIGITS, amount);
        journal_decision(pipeline, "funding", market, NULL, 0, funding[i].lots, "-");
        journal_audit(pipeline, market, "funding", "-", "%s %s", amount, market->instrument->quote);
        journal_note(pipeline, NOTE_INFO, "%s funding %s %s", market->instrument->symbol, amount,
                     market->instrument->quote);
    }
    if (count > 0)
        trading_update_equity(pipeline);
}

/* What each owner had earned by then; what stands open then is put into cost_e8. */
static void note_day_start(struct pipeline *pipeline, uint16_t account_id)
{
    for (size_t i = 0; i < pipeline->markets; i++) {
        struct market_state *market = pipeline->market[i];

        if (pipeline->market_account[i] != account_id)
            continue;
        for (size_t owner = 0; owner <= OWNERS_MAX; owner++) {
            const struct position *now = owner == OWNERS_MAX ? &market->total : &market->owned[owner];

            market->day_start[owner] = *now;
            market->day_start[owner].cost_e8 =
                position_unrealised_e8(now, market->instrument, market_state_mark(market, now->lots));
        }
        journal_money(pipeline, market);
    }
}

/* The wall clock may have gone back between two runs: within a day it is the same day still, and what it began with stays. */
static bool is_new_day(struct account *account, int64_t day)
{
    if (account->day - day > 1)
        account->day = day; /* it was far ahead: the next midnight is a new day again */
    return day > account->day;
}

/* One that never had a price counts with what was paid for it: put back at a start, and its book never came. */
static int64_t worth_of(const struct market_state *market)
{
    int64_t mark = market_state_mark(market, market->total.lots);

    return mark == 0 ? market->total.cost_e8 : position_value_e8(&market->total, market->instrument, mark);
}

static void update_account(struct pipeline *pipeline, struct account *account, uint16_t account_id)
{
    int64_t day = pipeline->now_ns / NS_PER_DAY;
    int64_t value = pipeline->recovery.carried_e8[account_id];

    for (size_t i = 0; i < pipeline->markets; i++) {
        struct market_state *market = pipeline->market[i];

        if (market->total.lots != 0 && pipeline->market_account[i] == account_id)
            value += worth_of(market);
    }
    account->equity_e8 = account->cash_e8 + value;
    if (is_new_day(account, day)) { /* the daily baseline: 00:00 UTC, or the start */
        account->day_start_e8 = account->day < 0 ? account->start_e8 : account->equity_e8;
        account->day = day;
        note_day_start(pipeline, account_id);
    }
    if (account->equity_e8 > account->peak_e8)
        account->peak_e8 = account->equity_e8;
    if (account->peak_e8 - account->equity_e8 > account->max_drawdown_e8)
        account->max_drawdown_e8 = account->peak_e8 - account->equity_e8;
}

void trading_update_equity(struct pipeline *pipeline)
{
    if (pipeline->recovering)
        return; /* a part of it is missing: no peak, no loss, no new day is judged by the rest */
    for (size_t i = 0; i < pipeline->accounts; i++)
        update_account(pipeline, &pipeline->account[i], (uint16_t)i);
    journal_accounts(pipeline);
}
