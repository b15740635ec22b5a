/* rest_futures_account.c - USD-M account, positions, leverage, listenKey. */
#include "sim/margin.h"
#include "sim/order_json.h"
#include "sim/trading_calls.h"
#include "sim/user_events.h"

#include <inttypes.h>
#include <string.h>

#define COUNTDOWN_MAX_MS INT64_C(86400000)
#define NOTIONAL_CAP     "10000000" /* told, not enforced */

static int64_t entry_e8(const struct sim_symbol *symbol, const struct position *position)
{
    int64_t held = position->lots < 0 ? -position->lots : position->lots;

    return held == 0 ? 0 : (int64_t)((__int128)position->cost_value * symbol->tick_e8 / held);
}

static void put_available(struct sim_text *out, const struct margin *margin)
{
    int64_t available_e8 = margin->available_e8 > 0 ? margin->available_e8 : 0;

    json_e8(out, "availableBalance", available_e8, 8);
    json_e8(out, "maxWithdrawAmount", available_e8, 8);
}

/* What ends the one asset that there is. */
static void put_cross(struct call *call, const struct margin *margin)
{
    json_e8(call->out, "crossWalletBalance", call->account->wallet_e8, 8);
    json_e8(call->out, "crossUnPnl", margin->unrealised_e8, 8);
    put_available(call->out, margin);
    sim_text_printf(call->out, ",\"marginAvailable\":true,\"updateTime\":%" PRId64 "}",
                    client_ms(call->exchange, call->account->update_ns));
}

static void put_totals(struct call *call, const struct margin *margin)
{
    struct sim_text *out = call->out;
    int64_t wallet_e8 = call->account->wallet_e8, bound_e8 = margin->position_e8 + margin->orders_e8;

    sim_text_add(out, "\"totalInitialMargin\":\"");
    sim_text_e8(out, bound_e8, 8);
    sim_text_add(out, "\"");
    json_e8(out, "totalMaintMargin", margin->maintenance_e8, 8);
    json_e8(out, "totalWalletBalance", wallet_e8, 8);
    json_e8(out, "totalUnrealizedProfit", margin->unrealised_e8, 8);
    json_e8(out, "totalMarginBalance", wallet_e8 + margin->unrealised_e8, 8);
    json_e8(out, "totalPositionInitialMargin", margin->position_e8, 8);
    json_e8(out, "totalOpenOrderInitialMargin", margin->orders_e8, 8);
    json_e8(out, "totalCrossWalletBalance", wallet_e8, 8);
    json_e8(out, "totalCrossUnPnl", margin->unrealised_e8, 8);
    put_available(out, margin);
}

static void put_asset(struct call *call, const struct margin *margin)
{
    struct sim_text *out = call->out;
    int64_t wallet_e8 = call->account->wallet_e8;

    sim_text_add(out, "{\"asset\":\"USDT\"");
    json_e8(out, "walletBalance", wallet_e8, 8);
    json_e8(out, "unrealizedProfit", margin->unrealised_e8, 8);
    json_e8(out, "marginBalance", wallet_e8 + margin->unrealised_e8, 8);
    json_e8(out, "maintMargin", margin->maintenance_e8, 8);
    json_e8(out, "initialMargin", margin->position_e8 + margin->orders_e8, 8);
    json_e8(out, "positionInitialMargin", margin->position_e8, 8);
    json_e8(out, "openOrderInitialMargin", margin->orders_e8, 8);
    put_cross(call, margin);
}

static void put_position(struct call *call, size_t index)
{
    const struct sim_symbol *symbol = &call->exchange->symbol[index];
    const struct position *position = &call->account->position[index];

    sim_text_printf(call->out, "{\"symbol\":\"%s\",\"positionSide\":\"BOTH\"", symbol->name);
    json_e8(call->out, "positionAmt", symbol_qty_e8(symbol, position->lots), step_places(symbol->lot_e8));
    json_e8(call->out, "entryPrice", entry_e8(symbol, position), 8);
}

static void put_account_position(struct call *call, const struct margin *margin, size_t index)
{
    struct sim_text *out = call->out;
    const struct position *position = &call->account->position[index];
    const struct margin_symbol *bound = &margin->symbol[index];

    put_position(call, index);
    json_e8(out, "unrealizedProfit", bound->unrealised_e8, 8);
    json_e8(out, "notional", bound->notional_e8, 8);
    json_e8(out, "initialMargin", bound->position_e8 + bound->orders_e8, 8);
    json_e8(out, "positionInitialMargin", bound->position_e8, 8);
    json_e8(out, "openOrderInitialMargin", bound->orders_e8, 8);
    json_e8(out, "maintMargin", bound->maintenance_e8, 8);
    sim_text_printf(out,
                    ",\"leverage\":\"%d\",\"isolated\":%s,\"isolatedMargin\":\"0\",\"isolatedWallet\":\"0\""
                    ",\"bidNotional\":\"0\",\"askNotional\":\"0\",\"updateTime\":%" PRId64 "}",
                    position->leverage, position->isolated ? "true" : "false",
                    client_ms(call->exchange, position->update_ns));
}

void usdm_account(struct call *call)
{
    struct margin margin;
    bool first = true;

    if (!call_all_read(call))
        return;
    margin_compute(call->accounts, call->account, &margin);
    sim_text_add(call->out, "{\"feeTier\":0,\"canTrade\":true,\"canDeposit\":true,\"canWithdraw\":true,"
                            "\"multiAssetsMargin\":false,\"tradeGroupId\":-1,");
    put_totals(call, &margin);
    sim_text_add(call->out, ",\"assets\":[");
    put_asset(call, &margin);
    sim_text_add(call->out, "],\"positions\":[");
    for (size_t i = 0; i < call->exchange->symbols; i++) {
        if (!call->exchange->symbol[i].usdm)
            continue;
        if (!first)
            sim_text_add(call->out, ",");
        put_account_position(call, &margin, i);
        first = false;
    }
    sim_text_add(call->out, "]}");
}

void usdm_balance(struct call *call)
{
    struct margin margin;

    if (!call_all_read(call))
        return;
    margin_compute(call->accounts, call->account, &margin);
    sim_text_printf(call->out, "[{\"accountAlias\":\"fd%06" PRIu32 "\",\"asset\":\"USDT\"",
                    call->account->id);
    json_e8(call->out, "balance", call->account->wallet_e8, 8);
    put_cross(call, &margin);
    sim_text_add(call->out, "]");
}

static void put_risk(struct call *call, const struct margin *margin, size_t index)
{
    struct sim_text *out = call->out;
    const struct position *position = &call->account->position[index];
    const struct margin_symbol *bound = &margin->symbol[index];

    put_position(call, index);
    json_e8(out, "breakEvenPrice", entry_e8(&call->exchange->symbol[index], position), 8);
    json_e8(out, "markPrice", accounts_mark_e8(call->accounts, index), 8);
    json_e8(out, "unRealizedProfit", bound->unrealised_e8, 8);
    json_e8(out, "notional", bound->notional_e8, 8);
    json_e8(out, "initialMargin", bound->position_e8 + bound->orders_e8, 8);
    json_e8(out, "maintMargin", bound->maintenance_e8, 8);
    json_e8(out, "positionInitialMargin", bound->position_e8, 8);
    json_e8(out, "openOrderInitialMargin", bound->orders_e8, 8);
    sim_text_printf(
        out,
        ",\"liquidationPrice\":\"0\",\"isolatedMargin\":\"0\",\"isolatedWallet\":\"0\",\"marginAsset\":"
        "\"USDT\""
        ",\"leverage\":\"%d\",\"marginType\":\"%s\",\"adl\":0,\"bidNotional\":\"0\",\"askNotional\":\"0\""
        ",\"updateTime\":%" PRId64 "}",
        position->leverage, position->isolated ? "isolated" : "cross",
        client_ms(call->exchange, position->update_ns));
}

/* Symbols with a position or an order; one that is asked for is told in any case. */
void usdm_position_risk(struct call *call)
{
    struct margin margin;
    bool first = true;
    int symbol;

    if (!call_symbol(call, false, &symbol) || !call_all_read(call))
        return;
    margin_compute(call->accounts, call->account, &margin);
    sim_text_add(call->out, "[");
    for (size_t i = 0; i < call->exchange->symbols; i++) {
        const struct margin_symbol *bound = &margin.symbol[i];
        bool used = call->account->position[i].lots != 0 || bound->buys_e8 != 0 || bound->sells_e8 != 0;

        if (!call->exchange->symbol[i].usdm || (symbol < 0 ? !used : (size_t)symbol != i))
            continue;
        if (!first)
            sim_text_add(call->out, ",");
        put_risk(call, &margin, i);
        first = false;
    }
    sim_text_add(call->out, "]");
}

void usdm_user_trades(struct call *call)
{
    spot_my_trades(call);
}

/* --- settings ------------------------------------------------------------------------------------------------ */

void usdm_leverage(struct call *call)
{
    int64_t leverage = 0;
    const char *value;
    int symbol;

    if (!call_symbol(call, true, &symbol) || !call_need(call, "leverage", &value) ||
        !call_int(call, "leverage", INT64_MIN, INT64_MAX, &leverage) || !call_all_read(call))
        return;
    if (leverage < 1 || leverage > LEVERAGE_MAX) {
        call_fail(call, -4028, "Leverage %" PRId64 " is not valid", leverage);
        return;
    }
    call->account->position[symbol].leverage = (int)leverage;
    user_event_leverage(call->accounts, call->account, (size_t)symbol);
    sim_text_printf(call->out,
                    "{\"leverage\":%d,\"maxNotionalValue\":\"" NOTIONAL_CAP "\",\"symbol\":\"%s\"}",
                    (int)leverage, call->exchange->symbol[symbol].name);
}

static void put_brackets(struct sim_text *out, const struct sim_symbol *symbol)
{
    sim_text_printf(out,
                    "{\"symbol\":\"%s\",\"brackets\":[{\"bracket\":1,\"initialLeverage\":%d,"
                    "\"notionalCap\":" NOTIONAL_CAP ",\"notionalFloor\":0,\"maintMarginRatio\":",
                    symbol->name, LEVERAGE_MAX);
    sim_text_e8(out, MAINTENANCE_MILLIONTHS * 100, 6);
    sim_text_add(out, ",\"cum\":0}]}");
}

/* One bracket for each contract; with a symbol the object alone, as at the venue. */
void usdm_brackets(struct call *call)
{
    const struct exchange *exchange = call->exchange;
    const char *comma = "";
    int wanted;

    if (!call_symbol(call, false, &wanted) || !call_all_read(call))
        return;
    if (wanted >= 0) {
        put_brackets(call->out, &exchange->symbol[wanted]);
        return;
    }
    sim_text_add(call->out, "[");
    for (size_t i = 0; i < exchange->symbols; i++) {
        if (!exchange->symbol[i].usdm)
            continue;
        sim_text_add(call->out, comma);
        put_brackets(call->out, &exchange->symbol[i]);
        comma = ",";
    }
    sim_text_add(call->out, "]");
}

void usdm_margin_type(struct call *call)
{
    static const char *const words[] = {"CROSSED", "ISOLATED", NULL};
    const char *value;
    size_t word = 0;
    int symbol;

    if (!call_symbol(call, true, &symbol) || !call_need(call, "marginType", &value) ||
        !call_word(call, "marginType", words, -4021, "Invalid margin type.", &word) || !call_all_read(call))
        return;
    if (word == 0)
        call_fail(call, -4046, "No need to change margin type.");
    else
        call_fail(call, -4168, "Unable to adjust to isolated-margin mode under the Multi-Assets mode.");
}

/* A mode that is off here and stays so. */
static void stay_off(struct call *call, const char *name, int code, const char *no_need)
{
    const char *value;
    bool on = false;

    if (!call_need(call, name, &value) || !call_bool(call, name, &on) || !call_all_read(call))
        return;
    if (on)
        call_fail(call, -1020, "This operation is not supported.");
    else
        call_fail(call, code, "%s", no_need);
}

void usdm_dual_get(struct call *call)
{
    if (call_all_read(call))
        sim_text_add(call->out, "{\"dualSidePosition\":false}");
}

void usdm_dual_set(struct call *call)
{
    stay_off(call, "dualSidePosition", -4059, "No need to change position side.");
}

void usdm_multi_assets_get(struct call *call)
{
    if (call_all_read(call))
        sim_text_add(call->out, "{\"multiAssetsMargin\":false}");
}

void usdm_multi_assets_set(struct call *call)
{
    stay_off(call, "multiAssetsMargin", -4171, "No need to change Multi-Assets mode.");
}

void usdm_countdown(struct call *call)
{
    int64_t countdown_ms = 0;
    const char *value;
    int symbol;

    if (!call_symbol(call, true, &symbol) || !call_need(call, "countdownTime", &value) ||
        !call_int(call, "countdownTime", 0, COUNTDOWN_MAX_MS, &countdown_ms) || !call_all_read(call))
        return;
    call->account->countdown_ns[symbol] =
        countdown_ms == 0 ? 0 : call->exchange->now_ns + countdown_ms * INT64_C(1000000);
    if (countdown_ms != 0)
        accounts_wake_by(call->accounts, call->account->countdown_ns[symbol]);
    sim_text_printf(call->out, "{\"symbol\":\"%s\",\"countdownTime\":\"%" PRId64 "\"}",
                    call->exchange->symbol[symbol].name, countdown_ms);
}

void usdm_commission(struct call *call)
{
    int symbol;

    if (call_symbol(call, true, &symbol) && call_all_read(call))
        sim_text_printf(
            call->out,
            "{\"symbol\":\"%s\",\"makerCommissionRate\":\"0.000200\",\"takerCommissionRate\":\"0.000500\"}",
            call->exchange->symbol[symbol].name);
}

/* --- listenKey ----------------------------------------------------------------------------------------------- */

static void put_listen_key(struct call *call)
{
    sim_text_printf(call->out, "{\"listenKey\":\"%s\"}", call->account->listen_key);
}

static bool has_listen_key(const struct call *call)
{
    return call->account->listen_key[0] != '\0' && call->account->listen_key_ends_ns > call->exchange->now_ns;
}

static void extend(struct call *call)
{
    call->account->listen_key_ends_ns = call->exchange->now_ns + LISTEN_KEY_LIFE_NS;
    accounts_wake_by(call->accounts, call->account->listen_key_ends_ns);
}

void usdm_listen_key_make(struct call *call)
{
    if (!has_listen_key(call))
        accounts_random_text(call->accounts, call->account->listen_key, 64);
    extend(call);
    put_listen_key(call);
}

void usdm_listen_key_extend(struct call *call)
{
    if (!has_listen_key(call)) {
        call_fail(call, -1125, "This listenKey does not exist.");
        return;
    }
    extend(call);
    put_listen_key(call);
}

void usdm_listen_key_close(struct call *call)
{
    call->account->listen_key[0] = '\0';
    sim_text_add(call->out, "{}");
}
