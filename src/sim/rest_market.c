#include "sim/rest_market_parts.h"
#include "sim/rest_params.h"

#include <stdlib.h>
#include <string.h>

#define WEIGHT_WINDOW_MAX 200

/* --- weights: facts 6 -------------------------------------------------------------------------------------------- */

#define FIXED_WEIGHT(name, value)                                                                            \
    static uint32_t name(const struct exchange *exchange, const struct sim_request *request)                 \
    {                                                                                                        \
        (void)exchange;                                                                                      \
        (void)request;                                                                                       \
        return value;                                                                                        \
    }

FIXED_WEIGHT(weight_0, 0)
FIXED_WEIGHT(weight_1, 1)
FIXED_WEIGHT(weight_2, 2)
FIXED_WEIGHT(weight_4, 4)
FIXED_WEIGHT(weight_5, 5)
FIXED_WEIGHT(weight_10, 10)
FIXED_WEIGHT(weight_20, 20)
FIXED_WEIGHT(weight_25, 25)
FIXED_WEIGHT(weight_200, 200)

/* The limit asked for, not checked; preset when there is none. */
static long limit_of(const struct sim_request *request, long preset)
{
    char text[24];

    return sim_param(request, "limit", text, sizeof(text)) ? strtol(text, NULL, 10) : preset;
}

static uint32_t weight_spot_depth(const struct exchange *exchange, const struct sim_request *request)
{
    long limit = limit_of(request, 100);

    (void)exchange;
    return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250;
}

static uint32_t weight_usdm_depth(const struct exchange *exchange, const struct sim_request *request)
{
    long limit = limit_of(request, 500);

    (void)exchange;
    return limit <= 50 ? 2 : limit <= 100 ? 5 : limit <= 500 ? 10 : 20;
}

static uint32_t weight_usdm_klines(const struct exchange *exchange, const struct sim_request *request)
{
    long limit = limit_of(request, 500);

    (void)exchange;
    return limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1000 ? 5 : 10;
}

static uint32_t weight_spot_24h(const struct exchange *exchange, const struct sim_request *request)
{
    size_t count = rest_symbol_count(request);

    (void)exchange;
    return count == 0 || count > 100 ? 80 : count > 20 ? 40 : 2;
}

static uint32_t weight_spot_many(const struct exchange *exchange, const struct sim_request *request)
{
    char text[64];

    (void)exchange;
    return sim_param(request, "symbol", text, sizeof(text)) ? 2 : 4;
}

static uint32_t weight_spot_window(const struct exchange *exchange, const struct sim_request *request)
{
    size_t count = rest_symbol_count(request);

    (void)exchange;
    return count == 0 ? 4 : count > WEIGHT_WINDOW_MAX / 4 ? WEIGHT_WINDOW_MAX : (uint32_t)(4 * count);
}

static uint32_t one_or_all(const struct sim_request *request, uint32_t one, uint32_t all)
{
    return rest_symbol_count(request) > 0 ? one : all;
}

static uint32_t weight_premium(const struct exchange *exchange, const struct sim_request *request)
{
    (void)exchange;
    return one_or_all(request, 1, 10);
}

static uint32_t weight_usdm_24h(const struct exchange *exchange, const struct sim_request *request)
{
    (void)exchange;
    return one_or_all(request, 1, 40);
}

static uint32_t weight_usdm_price(const struct exchange *exchange, const struct sim_request *request)
{
    (void)exchange;
    return one_or_all(request, 1, 2);
}

static uint32_t weight_usdm_book(const struct exchange *exchange, const struct sim_request *request)
{
    (void)exchange;
    return one_or_all(request, 2, 5);
}

/* --- small ones ---------------------------------------------------------------------------------------------------- */

static const char *const no_names[] = {NULL};

static void ping(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    (void)exchange;
    if (rest_begin(request, reply, no_names))
        sim_text_add(&reply->body, "{}");
}

static void server_time(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    if (!rest_begin(request, reply, no_names))
        return;
    sim_text_add(&reply->body, "{\"serverTime\":");
    sim_text_int(&reply->body, exchange_client_ms(exchange));
    sim_text_add(&reply->body, "}");
}

static void system_status(struct exchange *exchange, const struct sim_request *request,
                          struct sim_reply *reply)
{
    (void)exchange;
    if (rest_begin(request, reply, no_names))
        sim_text_add(&reply->body, "{\"status\":0,\"msg\":\"normal\"}");
}

/* Wallet routes want a key; what they tell is the same for everyone, so its signature is not looked at. */
static bool wallet_begin(const struct sim_request *request, struct sim_reply *reply)
{
    reply->status = 200;
    sim_text_clear(&reply->body);
    if (request->api_key[0] != '\0')
        return true;
    sim_error(reply, 401, -2014, "API-key format invalid.");
    return false;
}

static void capital_config(struct exchange *exchange, const struct sim_request *request,
                           struct sim_reply *reply)
{
    if (wallet_begin(request, reply))
        rest_capital_config(exchange, request, reply);
}

/* There is no margin trading here: no pairs, no assets. */
static void no_margin(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    (void)exchange;
    if (wallet_begin(request, reply))
        sim_text_add(&reply->body, "[]");
}

const struct sim_route rest_market_routes[] = {
    {"GET", "/api/v3/ping", weight_1, ping},
    {"GET", "/api/v3/time", weight_1, server_time},
    {"GET", "/api/v3/exchangeInfo", weight_20, rest_exchange_info},
    {"GET", "/api/v3/depth", weight_spot_depth, rest_depth},
    {"GET", "/api/v3/trades", weight_25, rest_trades},
    {"GET", "/api/v3/historicalTrades", weight_25, rest_historical_trades},
    {"GET", "/api/v3/aggTrades", weight_4, rest_agg_trades},
    {"GET", "/api/v3/klines", weight_2, rest_klines},
    {"GET", "/api/v3/uiKlines", weight_2, rest_klines},
    {"GET", "/api/v3/avgPrice", weight_2, rest_avg_price},
    {"GET", "/api/v3/ticker/24hr", weight_spot_24h, rest_ticker_24h},
    {"GET", "/api/v3/ticker/tradingDay", weight_spot_window, rest_ticker_day},
    {"GET", "/api/v3/ticker/price", weight_spot_many, rest_ticker_price},
    {"GET", "/api/v3/ticker/bookTicker", weight_spot_many, rest_ticker_book},
    {"GET", "/api/v3/ticker", weight_spot_window, rest_ticker_window},
    {"GET", "/fapi/v1/ping", weight_1, ping},
    {"GET", "/fapi/v1/time", weight_1, server_time},
    {"GET", "/fapi/v1/exchangeInfo", weight_1, rest_exchange_info},
    {"GET", "/fapi/v1/depth", weight_usdm_depth, rest_depth},
    {"GET", "/fapi/v1/trades", weight_5, rest_trades},
    {"GET", "/fapi/v1/historicalTrades", weight_200, rest_historical_trades},
    {"GET", "/fapi/v1/aggTrades", weight_20, rest_agg_trades},
    {"GET", "/fapi/v1/klines", weight_usdm_klines, rest_klines},
    {"GET", "/fapi/v1/premiumIndex", weight_premium, rest_premium_index},
    {"GET", "/fapi/v1/fundingRate", weight_0, rest_funding_rate}, /* has a limit of its own: 500 in 5 min */
    {"GET", "/fapi/v1/fundingInfo", weight_0, rest_funding_info}, /* shares it */
    {"GET", "/fapi/v1/openInterest", weight_1, rest_open_interest},
    {"GET", "/fapi/v1/ticker/24hr", weight_usdm_24h, rest_ticker_24h},
    {"GET", "/fapi/v1/ticker/price", weight_usdm_price, rest_ticker_price},
    {"GET", "/fapi/v2/ticker/price", weight_usdm_price, rest_ticker_price},
    {"GET", "/fapi/v1/ticker/bookTicker", weight_usdm_book, rest_ticker_book},
    {"GET", "/dapi/v1/ping", weight_1, ping},
    {"GET", "/dapi/v1/time", weight_1, server_time},
    {"GET", "/dapi/v1/exchangeInfo", weight_1, rest_coinm_info},
    {"GET", "/sapi/v1/system/status", weight_1, system_status},
    {"GET", "/sapi/v1/capital/config/getall", weight_10, capital_config},
    {"GET", "/sapi/v1/margin/allPairs", weight_1, no_margin},
    {"GET", "/sapi/v1/margin/allAssets", weight_1, no_margin},
    {"GET", "/sapi/v1/margin/isolated/allPairs", weight_10, no_margin},
    {NULL, NULL, NULL, NULL},
};
