#include "core/domain/instrument.h"

#include "core/base/decimal.h"

#include <assert.h>
#include <string.h>

/*
 * Assets that Binance quotes in. The longest that a symbol ends in wins, so that BTCFDUSD is not BTCFD
 * in USD; the order here does not matter.
 */
static const char *const quote_assets[] = {
    "USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USDP", "USDS", "USD1", "USDE", "PAX", "DAI", "UST",
    "VAI",  "USD",  "BTC",   "ETH",  "BNB",  "XRP",  "TRX",  "DOGE", "SOL",  "DOT", "EUR", "EURI",
    "GBP",  "AUD",  "TRY",   "BRL",  "JPY",  "RUB",  "UAH",  "NGN",  "ZAR",  "PLN", "RON", "ARS",
    "MXN",  "COP",  "CZK",   "IDR",  "IDRT", "BIDR", "BKRW", "BVND", "GYEN",
};

const char *venue_name(enum venue venue)
{
    switch (venue) {
    case VENUE_BINANCE_SPOT:
        return "binance-spot";
    case VENUE_BINANCE_USDM:
        return "binance-usdm";
    case VENUE_BINANCE_COINM:
        return "binance-coinm";
    }
    return "?"; /* not an enum venue at all */
}

const char *venue_label(enum venue venue)
{
    switch (venue) {
    case VENUE_BINANCE_SPOT:
        return "binance spot";
    case VENUE_BINANCE_USDM:
        return "binance usd-m";
    case VENUE_BINANCE_COINM:
        return "binance coin-m";
    }
    return "?"; /* not an enum venue at all */
}

/* Upper case; every byte that is not [A-Z0-9_] becomes '_', so that a symbol is safe anywhere. */
static char symbol_char(char c)
{
    if (c >= 'a' && c <= 'z')
        return (char)(c - 'a' + 'A');
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
}

static void copy_asset(char out[ASSET_SIZE], const char *from, size_t size)
{
    if (size >= ASSET_SIZE)
        size = ASSET_SIZE - 1;
    memcpy(out, from, size);
    out[size] = '\0';
}

/* Pair without the futures suffix: BTCUSDT of BTCUSDT_240628, BTCUSD of BTCUSD_PERP. */
static size_t pair_length(const char *symbol)
{
    const char *suffix = strchr(symbol, '_');

    return suffix != NULL && suffix != symbol ? (size_t)(suffix - symbol) : strlen(symbol);
}

static void split_symbol(struct instrument *instrument)
{
    size_t pair = pair_length(instrument->symbol), quote = 0;

    for (size_t i = 0; i < sizeof quote_assets / sizeof quote_assets[0]; i++) {
        size_t length = strlen(quote_assets[i]);

        if (length > quote && length < pair &&
            memcmp(instrument->symbol + pair - length, quote_assets[i], length) == 0)
            quote = length;
    }
    copy_asset(instrument->base, instrument->symbol, pair - quote);
    copy_asset(instrument->quote, instrument->symbol + pair - quote, quote);
}

void instrument_init(struct instrument *instrument, const char *symbol, enum venue venue, uint16_t id)
{
    size_t length = 0;

    assert(instrument != NULL && symbol != NULL);
    memset(instrument, 0, sizeof *instrument);
    for (; length < SYMBOL_SIZE - 1 && symbol[length] != '\0'; length++)
        instrument->symbol[length] = symbol_char(symbol[length]);
    instrument->venue = venue;
    instrument->id = id;
    instrument->step_source = STEP_UNKNOWN;
    instrument->trading = true;
    instrument->inverse = venue == VENUE_BINANCE_COINM;
    split_symbol(instrument);
}

/* A bound that does not fit any more is no bound that could be reached. */
static int64_t scaled_bound(int64_t bound, int64_t factor)
{
    int64_t scaled;

    return __builtin_mul_overflow(bound, factor, &scaled) ? INT64_MAX : scaled;
}

void instrument_rescale(struct instrument *instrument, struct step_change change)
{
    assert(change.price_factor >= 1 && change.qty_factor >= 1);
    assert(instrument->tick_e8 % change.price_factor == 0);
    assert(instrument->lot_e8 % change.qty_factor == 0);

    instrument->tick_e8 /= change.price_factor;
    instrument->lot_e8 /= change.qty_factor;
    instrument->price_ticks_min = scaled_bound(instrument->price_ticks_min, change.price_factor);
    instrument->price_ticks_max = scaled_bound(instrument->price_ticks_max, change.price_factor);
    instrument->qty_lots_min = scaled_bound(instrument->qty_lots_min, change.qty_factor);
    instrument->qty_lots_max = scaled_bound(instrument->qty_lots_max, change.qty_factor);
    instrument->market_qty_lots_max = scaled_bound(instrument->market_qty_lots_max, change.qty_factor);
}

bool instrument_same(const struct instrument *a, const struct instrument *b)
{
    return strcmp(a->symbol, b->symbol) == 0 && strcmp(a->base, b->base) == 0 &&
           strcmp(a->quote, b->quote) == 0 && a->venue == b->venue && a->id == b->id &&
           a->step_source == b->step_source && a->tick_e8 == b->tick_e8 && a->lot_e8 == b->lot_e8 &&
           a->qty_lots_min == b->qty_lots_min && a->qty_lots_max == b->qty_lots_max &&
           a->market_qty_lots_max == b->market_qty_lots_max && a->notional_e8_min == b->notional_e8_min &&
           a->notional_e8_max == b->notional_e8_max && a->price_ticks_min == b->price_ticks_min &&
           a->price_ticks_max == b->price_ticks_max && a->trading == b->trading && a->inverse == b->inverse;
}

int64_t instrument_price_e8(const struct instrument *instrument, int64_t price_ticks)
{
    return decimal_mul_div(price_ticks, instrument->tick_e8, 1);
}

int64_t instrument_qty_e8(const struct instrument *instrument, int64_t qty_lots)
{
    return decimal_mul_div(qty_lots, instrument->lot_e8, 1);
}

int64_t instrument_value_e8(const struct instrument *instrument, int64_t price_ticks, int64_t qty_lots)
{
    return decimal_mul_div(instrument_price_e8(instrument, price_ticks),
                           instrument_qty_e8(instrument, qty_lots), DECIMAL_E8);
}

unsigned instrument_price_decimals(const struct instrument *instrument)
{
    return decimal_places(instrument->tick_e8, DECIMAL_E8_DIGITS);
}

unsigned instrument_qty_decimals(const struct instrument *instrument)
{
    return decimal_places(instrument->lot_e8, DECIMAL_E8_DIGITS);
}
