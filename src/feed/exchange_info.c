#include "feed/exchange_info.h"

#include "core/base/decimal.h"
#include "feed/wire_json.h"

#include <stdlib.h>
#include <string.h>

bool symbol_is_valid(const char *text, size_t size)
{
    if (size == 0 || size >= SYMBOL_SIZE)
        return false;
    for (size_t i = 0; i < size; i++)
        if (!((text[i] >= 'A' && text[i] <= 'Z') || (text[i] >= '0' && text[i] <= '9') || text[i] == '_'))
            return false;
    return true;
}

bool symbol_is_coin_margined(const char *text, size_t size)
{
    return memmem(text, size, "USD_", 4) != NULL;
}

/* A decimal member; 0 when it is absent or cannot be used. USD-M writes some as numbers of JSON: not taken,
 * they are no bounds of ours. */
static int64_t member_e8(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    int64_t e8 = 0;

    if (!json_is_string(value) ||
        decimal_parse(json_string_value(value), json_string_length(value), DECIMAL_E8_DIGITS, &e8) != ERR_OK)
        return 0;
    return e8 > 0 ? e8 : 0;
}

static void read_filter(const json_t *filter, struct exchange_symbol *out)
{
    const char *type = json_string_value(json_object_get(filter, "filterType"));

    if (type == NULL)
        return;
    if (strcmp(type, "PRICE_FILTER") == 0) {
        out->tick_e8 = member_e8(filter, "tickSize");
        out->price_e8_min = member_e8(filter, "minPrice");
        out->price_e8_max = member_e8(filter, "maxPrice");
    } else if (strcmp(type, "LOT_SIZE") == 0) {
        out->lot_e8 = member_e8(filter, "stepSize");
        out->qty_e8_min = member_e8(filter, "minQty");
        out->qty_e8_max = member_e8(filter, "maxQty");
    } else if (strcmp(type, "MARKET_LOT_SIZE") == 0) {
        out->market_qty_e8_max = member_e8(filter, "maxQty");
    } else if (strcmp(type, "MIN_NOTIONAL") == 0) { /* spot: minNotional; USD-M: notional */
        int64_t spot = member_e8(filter, "minNotional");

        out->notional_e8_min = spot > 0 ? spot : member_e8(filter, "notional");
    } else if (strcmp(type, "NOTIONAL") == 0) {
        out->notional_e8_min = member_e8(filter, "minNotional");
        out->notional_e8_max = member_e8(filter, "maxNotional");
    }
}

static void copy_asset(const json_t *entry, const char *key, char out[ASSET_SIZE])
{
    const json_t *value = json_object_get(entry, key);
    size_t size = json_string_length(value);

    out[0] = '\0';
    if (json_is_string(value) && size < ASSET_SIZE && symbol_is_valid(json_string_value(value), size)) {
        memcpy(out, json_string_value(value), size);
        out[size] = '\0';
    }
}

/* Spot and USD-M say status, COIN-M contractStatus. What they say that we do not know is not trading. */
static bool read_trading(const json_t *entry)
{
    const json_t *status = json_object_get(entry, "status");

    if (status == NULL)
        status = json_object_get(entry, "contractStatus");
    return status == NULL || (json_is_string(status) && strcmp(json_string_value(status), "TRADING") == 0);
}

static bool read_symbol(const json_t *entry, struct exchange_symbol *out)
{
    const json_t *symbol = json_object_get(entry, "symbol");
    const json_t *filters = json_object_get(entry, "filters");
    size_t size = json_string_length(symbol);

    memset(out, 0, sizeof(*out));
    if (!json_is_string(symbol) || !symbol_is_valid(json_string_value(symbol), size))
        return false;
    memcpy(out->symbol, json_string_value(symbol), size + 1);
    copy_asset(entry, "baseAsset", out->base);
    copy_asset(entry, "quoteAsset", out->quote);
    out->trading = read_trading(entry);
    if (json_object_get(entry, "contractType") == NULL)
        out->venue = VENUE_BINANCE_SPOT;
    else
        out->venue = symbol_is_coin_margined(out->symbol, size) ? VENUE_BINANCE_COINM : VENUE_BINANCE_USDM;
    for (size_t i = 0; i < json_array_size(filters); i++)
        read_filter(json_array_get(filters, i), out);
    return true;
}

/* What the venue says of a whole minute; a window of another length is not ours to count. */
static int64_t read_weight_limit(const json_t *limits)
{
    for (size_t i = 0; i < json_array_size(limits); i++) {
        const json_t *limit = json_array_get(limits, i);
        const char *type = json_string_value(json_object_get(limit, "rateLimitType"));
        const char *interval = json_string_value(json_object_get(limit, "interval"));
        int64_t per_minute = json_integer_value(json_object_get(limit, "limit"));

        if (type != NULL && interval != NULL && strcmp(type, "REQUEST_WEIGHT") == 0 &&
            strcmp(interval, "MINUTE") == 0 && json_integer_value(json_object_get(limit, "intervalNum")) == 1)
            return per_minute > 0 ? per_minute : 0;
    }
    return 0;
}

enum err exchange_info_read(const json_t *message, struct exchange_info *out)
{
    const json_t *symbols = json_object_get(message, "symbols");
    size_t count = json_array_size(symbols);
    struct exchange_info info = {.symbol = NULL};

    if (!json_is_array(symbols) || count == 0)
        return ERR_BAD_DATA;
    if (count > EXCHANGE_INFO_SYMBOLS_MAX)
        return ERR_TOO_LONG;
    info.symbol = calloc(count, sizeof(*info.symbol));
    if (info.symbol == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        if (read_symbol(json_array_get(symbols, i), &info.symbol[info.count]))
            info.count++;
        else
            info.refused++;
    }
    info.weight_limit = read_weight_limit(json_object_get(message, "rateLimits"));
    *out = info;
    return ERR_OK;
}

enum err exchange_info_parse_text(const char *text, size_t size, struct exchange_info *out)
{
    json_error_t at;
    json_t *root = wire_json_load(text, size, &at);
    const json_t *data = json_object_get(root, "data");
    enum err err;

    if (root == NULL)
        return json_error_code(&at) == json_error_out_of_memory ? ERR_MEMORY : ERR_BAD_DATA;
    err = exchange_info_read(data != NULL ? data : root, out);
    json_decref(root);
    return err;
}

void exchange_info_release(struct exchange_info *info)
{
    free(info->symbol);
    *info = (struct exchange_info){.symbol = NULL};
}

const struct exchange_symbol *exchange_info_find(const struct exchange_info *info, const char *symbol,
                                                 enum venue venue)
{
    for (size_t i = 0; i < info->count; i++)
        if (info->symbol[i].venue == venue && strcmp(info->symbol[i].symbol, symbol) == 0)
            return &info->symbol[i];
    return NULL;
}

static int64_t steps_up(int64_t e8, int64_t step_e8)
{
    return e8 / step_e8 + (e8 % step_e8 != 0);
}

/* An upper bound below one step stays a bound: 0 would mean that there is none. */
static int64_t steps_down(int64_t e8, int64_t step_e8)
{
    return e8 > 0 && e8 < step_e8 ? 1 : e8 / step_e8;
}

void exchange_symbol_apply(const struct exchange_symbol *entry, struct instrument *instrument)
{
    if (entry->base[0] != '\0' && entry->quote[0] != '\0') {
        memcpy(instrument->base, entry->base, ASSET_SIZE);
        memcpy(instrument->quote, entry->quote, ASSET_SIZE);
    }
    instrument->trading = entry->trading;
    instrument->price_ticks_min = steps_up(entry->price_e8_min, instrument->tick_e8);
    instrument->price_ticks_max = steps_down(entry->price_e8_max, instrument->tick_e8);
    instrument->qty_lots_min = steps_up(entry->qty_e8_min, instrument->lot_e8);
    instrument->qty_lots_max = steps_down(entry->qty_e8_max, instrument->lot_e8);
    instrument->market_qty_lots_max = steps_down(entry->market_qty_e8_max, instrument->lot_e8);
    instrument->notional_e8_min = entry->notional_e8_min;
    instrument->notional_e8_max = entry->notional_e8_max;
}
