#include "sim/publisher_parts.h"
#include "sim/rest_market_parts.h"
#include "sim/rest_params.h"

#include "core/base/decimal.h"

#include <string.h>

#define MS_NS       INT64_C(1000000)
#define DELIVERY_MS INT64_C(4133404800000) /* of a perpetual: the year 2100, as the venue says */
#define ASSETS_MAX  (2 * SIM_SYMBOLS_MAX)

/* Counts that the order routes enforce. */
#define INFO_ORDERS     200
#define INFO_ALGOS      5
#define INFO_ICEBERGS   10
#define INFO_LISTS      20
#define INFO_AMENDS     10
#define INFO_PARTS      10
#define INFO_USDM_ALGOS 10

static const char spot_limits[] =
    "[{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":6000},"
    "{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":100},"
    "{\"rateLimitType\":\"ORDERS\",\"interval\":\"DAY\",\"intervalNum\":1,\"limit\":200000},"
    "{\"rateLimitType\":\"RAW_REQUESTS\",\"interval\":\"MINUTE\",\"intervalNum\":5,\"limit\":61000}]";

static const char spot_exchange_filters[] =
    ",\"exchangeFilters\":[{\"filterType\":\"EXCHANGE_MAX_NUM_ORDERS\",\"maxNumOrders\":1000},"
    "{\"filterType\":\"EXCHANGE_MAX_NUM_ALGO_ORDERS\",\"maxNumAlgoOrders\":200},"
    "{\"filterType\":\"EXCHANGE_MAX_NUM_ORDER_LISTS\",\"maxNumOrderLists\":200}]";

static const char usdm_limits[] =
    "[{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":2400},"
    "{\"rateLimitType\":\"ORDERS\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":1200},"
    "{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":300}]";

static const char spot_traits[] =
    ",\"quotePrecision\":8,\"quoteAssetPrecision\":8,\"baseCommissionPrecision\":8,"
    "\"quoteCommissionPrecision\":8,"
    "\"orderTypes\":[\"LIMIT\",\"LIMIT_MAKER\",\"MARKET\",\"STOP_LOSS\",\"STOP_LOSS_LIMIT\",\"TAKE_PROFIT\","
    "\"TAKE_PROFIT_LIMIT\"],\"icebergAllowed\":true,\"ocoAllowed\":true,\"otoAllowed\":false,"
    "\"quoteOrderQtyMarketAllowed\":true,\"allowTrailingStop\":true,\"cancelReplaceAllowed\":true,"
    "\"amendAllowed\":true,\"isSpotTradingAllowed\":true,\"isMarginTradingAllowed\":false,\"filters\":[";

static const char spot_end[] =
    "],\"permissions\":[],\"permissionSets\":[[\"SPOT\"]],\"defaultSelfTradePreventionMode\":\"EXPIRE_"
    "MAKER\","
    "\"allowedSelfTradePreventionModes\":[\"EXPIRE_TAKER\",\"EXPIRE_MAKER\",\"EXPIRE_BOTH\",\"DECREMENT\"]}";

static const char usdm_end[] =
    "],\"orderTypes\":[\"LIMIT\",\"MARKET\",\"STOP\",\"STOP_MARKET\",\"TAKE_PROFIT\",\"TAKE_PROFIT_MARKET\","
    "\"TRAILING_STOP_MARKET\"],\"timeInForce\":[\"GTC\",\"IOC\",\"FOK\",\"GTX\",\"GTD\"],"
    "\"permissionSets\":[\"GRID\"]}";

void rest_text_field(struct sim_text *text, const char *key, const char *value)
{
    sim_text_printf(text, ",\"%s\":", key);
    sim_text_json_string(text, value);
}

/* ,"key":"1.50" with all its places, or cut to what it needs. */
static void add_fixed(struct sim_text *text, const char *key, int64_t value_e8, unsigned places)
{
    sim_text_printf(text, ",\"%s\":", key);
    wire_e8(text, value_e8, places);
}

static void add_trimmed(struct sim_text *text, const char *key, int64_t value, unsigned scale)
{
    char number[DECIMAL_TEXT_SIZE];

    decimal_format_trim(value, scale, number);
    rest_text_field(text, key, number);
}

static void add_filter(struct sim_text *text, const char *type, bool first)
{
    sim_text_add(text, first ? "{\"filterType\":" : "},{\"filterType\":");
    sim_text_json_string(text, type);
}

/* Without an upper bound it is the older filter: a maxNotional of 0 would forbid everything. */
static void add_notional(struct sim_text *text, const struct sim_symbol *symbol)
{
    bool bounded = symbol->notional_e8_max != 0;

    add_filter(text, bounded ? "NOTIONAL" : "MIN_NOTIONAL", false);
    add_fixed(text, "minNotional", symbol->notional_e8_min, DECIMAL_E8_DIGITS);
    sim_text_add(text, bounded ? ",\"applyMinToMarket\":true" : ",\"applyToMarket\":true");
    if (bounded) {
        add_fixed(text, "maxNotional", symbol->notional_e8_max, DECIMAL_E8_DIGITS);
        sim_text_add(text, ",\"applyMaxToMarket\":false");
    }
    sim_text_add(text, ",\"avgPriceMins\":5");
}

static void add_spot_filters(struct sim_text *text, const struct sim_symbol *symbol)
{
    const unsigned places = DECIMAL_E8_DIGITS;

    add_filter(text, "PRICE_FILTER", true);
    add_fixed(text, "minPrice", symbol->price_ticks_min * symbol->tick_e8, places);
    add_fixed(text, "maxPrice", symbol->price_ticks_max * symbol->tick_e8, places);
    add_fixed(text, "tickSize", symbol->tick_e8, places);
    add_filter(text, "LOT_SIZE", false);
    add_fixed(text, "minQty", symbol->qty_lots_min * symbol->lot_e8, places);
    add_fixed(text, "maxQty", symbol->qty_lots_max * symbol->lot_e8, places);
    add_fixed(text, "stepSize", symbol->lot_e8, places);
    add_filter(text, "ICEBERG_PARTS", false);
    wire_int(text, ",\"limit\":", INFO_PARTS);
    add_filter(text, "MARKET_LOT_SIZE", false);
    add_fixed(text, "minQty", 0, places);
    add_fixed(text, "maxQty", symbol->market_qty_lots_max * symbol->lot_e8, places);
    add_fixed(text, "stepSize", 0, places);
    add_filter(text, "TRAILING_DELTA", false);
    sim_text_add(text,
                 ",\"minTrailingAboveDelta\":10,\"maxTrailingAboveDelta\":2000,\"minTrailingBelowDelta\":10,"
                 "\"maxTrailingBelowDelta\":2000");
    add_filter(text, "PERCENT_PRICE_BY_SIDE", false);
    add_trimmed(text, "bidMultiplierUp", symbol->multiplier_up_x10000, 4);
    add_trimmed(text, "bidMultiplierDown", symbol->multiplier_down_x10000, 4);
    add_trimmed(text, "askMultiplierUp", symbol->multiplier_up_x10000, 4);
    add_trimmed(text, "askMultiplierDown", symbol->multiplier_down_x10000, 4);
    sim_text_add(text, ",\"avgPriceMins\":5");
    add_notional(text, symbol);
    add_filter(text, "MAX_NUM_ORDERS", false);
    wire_int(text, ",\"maxNumOrders\":", INFO_ORDERS);
    add_filter(text, "MAX_NUM_ICEBERG_ORDERS", false);
    wire_int(text, ",\"maxNumIcebergOrders\":", INFO_ICEBERGS);
    add_filter(text, "MAX_NUM_ORDER_LISTS", false);
    wire_int(text, ",\"maxNumOrderLists\":", INFO_LISTS);
    add_filter(text, "MAX_NUM_ALGO_ORDERS", false);
    wire_int(text, ",\"maxNumAlgoOrders\":", INFO_ALGOS);
    add_filter(text, "MAX_NUM_ORDER_AMENDS", false);
    wire_int(text, ",\"maxNumOrderAmends\":", INFO_AMENDS);
    sim_text_add(text, "}");
}

static void add_usdm_filters(struct sim_text *text, const struct wire *wire)
{
    const struct sim_symbol *symbol = wire->symbol;

    add_filter(text, "PRICE_FILTER", true);
    add_trimmed(text, "maxPrice", symbol->price_ticks_max * symbol->tick_e8, DECIMAL_E8_DIGITS);
    add_fixed(text, "minPrice", symbol->price_ticks_min * symbol->tick_e8, wire->price_places);
    add_fixed(text, "tickSize", symbol->tick_e8, wire->price_places);
    add_filter(text, "LOT_SIZE", false);
    add_trimmed(text, "maxQty", symbol->qty_lots_max * symbol->lot_e8, DECIMAL_E8_DIGITS);
    add_trimmed(text, "minQty", symbol->qty_lots_min * symbol->lot_e8, DECIMAL_E8_DIGITS);
    add_trimmed(text, "stepSize", symbol->lot_e8, DECIMAL_E8_DIGITS);
    add_filter(text, "MARKET_LOT_SIZE", false);
    add_trimmed(text, "maxQty", symbol->market_qty_lots_max * symbol->lot_e8, DECIMAL_E8_DIGITS);
    add_trimmed(text, "minQty", symbol->qty_lots_min * symbol->lot_e8, DECIMAL_E8_DIGITS);
    add_trimmed(text, "stepSize", symbol->lot_e8, DECIMAL_E8_DIGITS);
    add_filter(text, "MAX_NUM_ORDERS", false);
    wire_int(text, ",\"limit\":", INFO_ORDERS);
    add_filter(text, "MAX_NUM_ALGO_ORDERS", false);
    wire_int(text, ",\"limit\":", INFO_USDM_ALGOS);
    add_filter(text, "MIN_NOTIONAL", false);
    add_trimmed(text, "notional", symbol->notional_e8_min, DECIMAL_E8_DIGITS);
    add_filter(text, "PERCENT_PRICE", false);
    add_fixed(text, "multiplierUp", symbol->multiplier_up_x10000 * 10000, 4);
    add_fixed(text, "multiplierDown", symbol->multiplier_down_x10000 * 10000, 4);
    sim_text_add(text, ",\"multiplierDecimal\":\"4\"}");
}

static const char *status_text(const struct match_book *book, bool usdm)
{
    switch (match_get_status(book)) {
    case MATCH_TRADING:
        break;
    case MATCH_CANCEL_ONLY:
        return usdm ? "SETTLING" : "HALT";
    case MATCH_HALTED:
        return usdm ? "CLOSE" : "BREAK";
    }
    return "TRADING";
}

static void add_spot_symbol(const struct exchange *exchange, struct sim_text *text, size_t index)
{
    const struct sim_symbol *symbol = &exchange->symbol[index];

    sim_text_add(text, "{\"symbol\":");
    sim_text_json_string(text, symbol->name);
    rest_text_field(text, "status", status_text(exchange->book[index], false));
    rest_text_field(text, "baseAsset", symbol->base);
    sim_text_add(text, ",\"baseAssetPrecision\":8");
    rest_text_field(text, "quoteAsset", symbol->quote);
    sim_text_add(text, spot_traits);
    add_spot_filters(text, symbol);
    sim_text_add(text, spot_end);
}

static void add_usdm_symbol(const struct exchange *exchange, struct sim_text *text, size_t index)
{
    const struct sim_symbol *symbol = &exchange->symbol[index];
    const struct wire *wire = &exchange->publisher->tape[index]->wire;

    sim_text_add(text, "{\"symbol\":");
    sim_text_json_string(text, symbol->name);
    rest_text_field(text, "pair", symbol->name);
    sim_text_add(text, ",\"contractType\":\"PERPETUAL\"");
    wire_int(text, ",\"deliveryDate\":", DELIVERY_MS);
    wire_int(text, ",\"onboardDate\":", exchange->open_ns / MS_NS);
    rest_text_field(text, "status", status_text(exchange->book[index], true));
    sim_text_add(text, ",\"maintMarginPercent\":\"2.5000\",\"requiredMarginPercent\":\"5.0000\"");
    rest_text_field(text, "baseAsset", symbol->base);
    rest_text_field(text, "quoteAsset", symbol->quote);
    rest_text_field(text, "marginAsset", symbol->quote);
    wire_int(text, ",\"pricePrecision\":", wire->price_places);
    wire_int(text, ",\"quantityPrecision\":", wire->qty_places);
    sim_text_add(text,
                 ",\"baseAssetPrecision\":8,\"quotePrecision\":8,\"underlyingType\":\"COIN\","
                 "\"underlyingSubType\":[],\"triggerProtect\":\"0.0500\",\"liquidationFee\":\"0.012500\","
                 "\"marketTakeBound\":\"0.05\",\"maxMoveOrderLimit\":10000,\"filters\":[");
    add_usdm_filters(text, wire);
    sim_text_add(text, usdm_end);
}

/* Each asset of this market once, in order of listing; every contract's margin asset only, if quotes_only. */
static size_t list_assets(const struct exchange *exchange, bool usdm, bool quotes_only,
                          const char *assets[ASSETS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < exchange->symbols; i++) {
        const struct sim_symbol *symbol = &exchange->symbol[i];
        const char *both[2] = {symbol->quote, symbol->base};

        if (symbol->usdm != usdm)
            continue;
        for (size_t k = 0; k < (quotes_only ? 1U : 2U); k++) {
            size_t at = 0;

            while (at < count && strcmp(assets[at], both[k]) != 0)
                at++;
            if (at == count)
                assets[count++] = both[k];
        }
    }
    return count;
}

static void add_usdm_assets(const struct exchange *exchange, struct sim_text *text)
{
    const char *assets[ASSETS_MAX];
    size_t count = list_assets(exchange, true, true, assets);

    sim_text_add(text, ",\"assets\":[");
    for (size_t i = 0; i < count; i++) {
        sim_text_add(text, i == 0 ? "{\"asset\":" : ",{\"asset\":");
        sim_text_json_string(text, assets[i]);
        sim_text_add(text, ",\"marginAvailable\":true,\"autoAssetExchange\":\"-10000\"}");
    }
    sim_text_add(text, "]");
}

/* permissions=SPOT or ["SPOT","MARGIN"], symbolStatus=TRADING: what is listed here is all spot. */
static bool wanted(const struct exchange *exchange, const struct sim_request *request, size_t index)
{
    char text[REST_LIST_SIZE];
    bool usdm = rest_usdm(request);

    if (!usdm && sim_param(request, "permissions", text, sizeof(text)) && strstr(text, "SPOT") == NULL)
        return false;
    return usdm || !sim_param(request, "symbolStatus", text, sizeof(text)) ||
           strcmp(text, status_text(exchange->book[index], false)) == 0;
}

void rest_exchange_info(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol",       "symbols", "permissions", "showPermissionSets",
                                        "symbolStatus", NULL};
    struct sim_text *body = &reply->body;
    struct rest_symbols symbols;
    bool usdm = rest_usdm(request), first = true;

    if (!rest_begin(request, reply, names) || !rest_symbols(exchange, request, reply, &symbols))
        return;
    wire_int(body, "{\"timezone\":\"UTC\",\"serverTime\":", exchange_client_ms(exchange));
    if (usdm)
        sim_text_add(body, ",\"futuresType\":\"U_MARGINED\"");
    sim_text_add(body, ",\"rateLimits\":");
    sim_text_add(body, usdm ? usdm_limits : spot_limits);
    sim_text_add(body, usdm ? ",\"exchangeFilters\":[]" : spot_exchange_filters);
    if (usdm)
        add_usdm_assets(exchange, body);
    sim_text_add(body, ",\"symbols\":[");
    for (size_t i = 0; i < symbols.count; i++) {
        if (!wanted(exchange, request, symbols.at[i]))
            continue;
        sim_text_add(body, first ? "" : ",");
        first = false;
        if (usdm)
            add_usdm_symbol(exchange, body, symbols.at[i]);
        else
            add_spot_symbol(exchange, body, symbols.at[i]);
    }
    sim_text_add(body, "]}");
}

/* COIN-M is not built: a valid reply without contracts, for clients that load all markets. */
void rest_coinm_info(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    (void)request;
    reply->status = 200;
    sim_text_clear(&reply->body);
    wire_int(&reply->body, "{\"timezone\":\"UTC\",\"serverTime\":", exchange_client_ms(exchange));
    sim_text_add(&reply->body, ",\"rateLimits\":");
    sim_text_add(&reply->body, usdm_limits);
    sim_text_add(&reply->body, ",\"exchangeFilters\":[],\"symbols\":[]}");
}

/* The coins of the spot market; no way in or out, so no networks. */
void rest_capital_config(struct exchange *exchange, const struct sim_request *request,
                         struct sim_reply *reply)
{
    const char *assets[ASSETS_MAX];
    size_t count = list_assets(exchange, false, false, assets);

    (void)request;
    sim_text_add(&reply->body, "[");
    for (size_t i = 0; i < count; i++) {
        sim_text_add(&reply->body, i == 0 ? "{\"coin\":" : ",{\"coin\":");
        sim_text_json_string(&reply->body, assets[i]);
        rest_text_field(&reply->body, "name", assets[i]);
        sim_text_add(&reply->body,
                     ",\"depositAllEnable\":false,\"withdrawAllEnable\":false,\"trading\":true,"
                     "\"isLegalMoney\":false,\"free\":\"0\",\"locked\":\"0\",\"freeze\":\"0\","
                     "\"withdrawing\":\"0\",\"ipoing\":\"0\",\"ipoable\":\"0\",\"storage\":\"0\","
                     "\"networkList\":[]}");
    }
    sim_text_add(&reply->body, "]");
}
