/* rest_account.c - spot account, trades, order counts, commission. */
#include "sim/order_json.h"
#include "sim/trading_calls.h"

#include <inttypes.h>

#define MY_TRADES_DEFAULT 500
#define MY_TRADES_MAX     1000
#define LOOKUP_MAX_MS     INT64_C(86400000)

void spot_account(struct call *call)
{
    struct sim_text *out = call->out;
    const struct account *account = call->account;
    bool omit_zero = false, first = true;

    if (!call_bool(call, "omitZeroBalances", &omit_zero) || !call_all_read(call))
        return;
    sim_text_printf(
        out,
        "{\"makerCommission\":10,\"takerCommission\":10,\"buyerCommission\":0,\"sellerCommission\":0,"
        "\"commissionRates\":{\"maker\":\"0.00100000\",\"taker\":\"0.00100000\",\"buyer\":\"0.00000000\","
        "\"seller\":\"0.00000000\"},\"canTrade\":true,\"canWithdraw\":false,\"canDeposit\":true,"
        "\"brokered\":false,\"requireSelfTradePrevention\":false,\"preventSor\":false,\"updateTime\":%" PRId64
        ",\"accountType\":\"SPOT\",\"balances\":[",
        client_ms(call->exchange, account->update_ns));
    for (size_t i = 0; i < call->accounts->assets.count; i++) {
        if (omit_zero && account->spot.free_e8[i] == 0 && account->spot.locked_e8[i] == 0)
            continue;
        sim_text_printf(out, "%s{\"asset\":\"%s\"", first ? "" : ",", call->accounts->assets.name[i]);
        json_e8(out, "free", account->spot.free_e8[i], 8);
        json_e8(out, "locked", account->spot.locked_e8[i], 8);
        sim_text_add(out, "}");
        first = false;
    }
    sim_text_printf(out, "],\"permissions\":[\"SPOT\"],\"uid\":%" PRIu32 "}", account->id);
}

/* Trades of one symbol within bounds: from an id on the first ones, else the newest, oldest of them first. */
void spot_my_trades(struct call *call)
{
    const struct my_trades *trades = &call->account->trades;
    int64_t order = -1, start_ms = -1, end_ms = -1, from = -1, limit = MY_TRADES_DEFAULT, matching = 0;
    bool first = true;
    int symbol;

    if (!call_symbol(call, true, &symbol) || !call_int(call, "orderId", 0, INT64_MAX, &order) ||
        !call_int(call, "startTime", 0, INT64_MAX, &start_ms) ||
        !call_int(call, "endTime", 0, INT64_MAX, &end_ms) || !call_int(call, "fromId", 0, INT64_MAX, &from) ||
        !call_int(call, "limit", 1, MY_TRADES_MAX, &limit) || !call_all_read(call))
        return;
    if (start_ms >= 0 && end_ms >= 0 && end_ms - start_ms > LOOKUP_MAX_MS * (call->usdm ? 7 : 1)) {
        call_fail(call, -1127, "More than %d hours between startTime and endTime.", call->usdm ? 168 : 24);
        return;
    }
    sim_text_add(call->out, "[");
    for (int pass = 0; pass < 2; pass++) {
        int64_t skip = pass == 1 && from < 0 && matching > limit ? matching - limit : 0, told = 0;

        for (uint64_t i = my_trades_first(trades); i < trades->count && told < limit; i++) {
            const struct my_trade *trade = my_trades_at(trades, i);
            int64_t time_ms = client_ms(call->exchange, trade->time_ns);

            if (trade->symbol != (uint32_t)symbol || (order >= 0 && trade->order_id != (uint64_t)order) ||
                (int64_t)trade->id < from || (start_ms >= 0 && time_ms < start_ms) ||
                (end_ms >= 0 && time_ms > end_ms))
                continue;
            if (pass == 0) {
                matching++;
                continue;
            }
            if (skip-- > 0)
                continue;
            if (!first)
                sim_text_add(call->out, ",");
            if (call->usdm)
                json_futures_trade(call, call->out, trade);
            else
                json_trade(call, call->out, trade);
            first = false;
            told++;
        }
    }
    sim_text_add(call->out, "]");
}

void spot_order_rate(struct call *call)
{
    if (!call_all_read(call))
        return;
    account_count_orders(call->accounts, call->account, 0);
    sim_text_printf(call->out,
                    "[{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":100,"
                    "\"count\":%" PRIu32
                    "},{\"rateLimitType\":\"ORDERS\",\"interval\":\"DAY\",\"intervalNum\":1,"
                    "\"limit\":200000,\"count\":%" PRIu32 "}]",
                    call->account->count_10s, call->account->count_day);
}

void spot_commission(struct call *call)
{
    static const char none[] = "{\"maker\":\"0.00000000\",\"taker\":\"0.00000000\",\"buyer\":\"0.00000000\","
                               "\"seller\":\"0.00000000\"}";
    int symbol;

    if (!call_symbol(call, true, &symbol) || !call_all_read(call))
        return;
    sim_text_printf(
        call->out,
        "{\"symbol\":\"%s\",\"standardCommission\":{\"maker\":\"0.00100000\",\"taker\":\"0.00100000\","
        "\"buyer\":\"0.00000000\",\"seller\":\"0.00000000\"},\"specialCommission\":%s,\"taxCommission\":%s,"
        "\"discount\":{\"enabledForAccount\":false,\"enabledForSymbol\":false,\"discountAsset\":\"BNB\","
        "\"discount\":\"0.00000000\"}}",
        call->exchange->symbol[symbol].name, none, none);
}
