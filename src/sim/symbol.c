#include "sim/symbol.h"

#include <stdio.h>
#include <string.h>

#define E8 INT64_C(100000000)
/* Highest price that any symbol lists: 1,000,000 of the quote asset, and no more ticks than fit well below 2^53. */
#define PRICE_MAX_E8 (INT64_C(1000000) * E8)
#define TICKS_MAX    (INT64_C(100000000000))

/* One row of the list; amounts of the quote asset are e8. Filters as in the venue's exchangeInfo. */
struct listing {
    const char *base, *quote;
    bool usdm;
    int64_t tick_e8, lot_e8;
    int64_t qty_lots_max, market_lots_max;
    int64_t notional_e8_min, notional_e8_max;
    int64_t price_min_e8, price_max_e8;
    int64_t start_e8;
    int64_t liveliness_x1000;
};

static const struct listing listings[] = {
    {"BTC", "USDT", false, 1000000, 1000, 900000000, 10005381, 5 * E8, 9000000 * E8, 1000000, PRICE_MAX_E8,
     6183764000000, 1000},
    {"ETH", "USDT", false, 1000000, 10000, 90000000, 16005120, 5 * E8, 9000000 * E8, 1000000, PRICE_MAX_E8,
     268417000000, 900},
    {"SOL", "USDT", false, 1000000, 100000, 90000000, 7500000, 5 * E8, 9000000 * E8, 1000000, 10000 * E8,
     14652000000, 450},
    {"BNB", "USDT", false, 10000000, 100000, 900000000, 28160593, 5 * E8, 9000000 * E8, 10000000, 100000 * E8,
     57140000000, 250},
    {"XRP", "USDT", false, 10000, 10000000, 92141578, 25000000, 5 * E8, 9000000 * E8, 10000, 10000 * E8,
     59870000, 300},
    {"DOGE", "USDT", false, 1000, E8, 9000000, 6500000, 5 * E8, 9000000 * E8, 1000, 1000 * E8, 10473000, 350},
    {"PEPE", "USDT", false, 1, E8, INT64_C(92141578000), INT64_C(46000000000), 5 * E8, 9000000 * E8, 1, E8,
     1234, 200},
    {"BNB", "BTC", false, 100, 100000, 100000000, 6231508, 10000, 0, 100, 100000 * E8, 924000, 60},
    {"ETH", "BTC", false, 1000, 10000, 1000000000, 8739072, 10000, 0, 1000, 922327 * E8, 4341000, 90},
    {"BTC", "JPY", false, E8, 1000, 900000000, 4000000, 100 * E8, 1000000000 * E8, E8, 100000000 * E8,
     9152340 * E8, 80},
};

static const struct listing contracts[] = {
    {"BTC", "USDT", true, 10000000, 100000, 1000000, 120000, 100 * E8, 0, 26100000000, PRICE_MAX_E8,
     6182500000000, 1300},
    {"ETH", "USDT", true, 1000000, 100000, 10000000, 2000000, 20 * E8, 0, 3986000000, PRICE_MAX_E8,
     268371000000, 1100},
    {"SOL", "USDT", true, 1000000, E8, 1000000, 80000, 5 * E8, 0, 42000000, 66666 * E8, 14649000000, 600},
};

static void lower_case(char out[SIM_NAME_SIZE], const char *text)
{
    size_t i = 0;

    for (; text[i] != '\0' && i + 1 < SIM_NAME_SIZE; i++)
        out[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]);
    out[i] = '\0';
}

static struct sim_symbol from_listing(const struct listing *listing)
{
    struct sim_symbol symbol = {.usdm = listing->usdm,
                                .tick_e8 = listing->tick_e8,
                                .lot_e8 = listing->lot_e8,
                                .qty_lots_min = 1,
                                .qty_lots_max = listing->qty_lots_max,
                                .market_qty_lots_max = listing->market_lots_max,
                                .notional_e8_min = listing->notional_e8_min,
                                .notional_e8_max = listing->notional_e8_max,
                                .price_ticks_min = listing->price_min_e8 / listing->tick_e8,
                                .price_ticks_max = listing->price_max_e8 / listing->tick_e8,
                                .multiplier_up_x10000 = listing->usdm ? 10500 : 50000,
                                .multiplier_down_x10000 = listing->usdm ? 9500 : 2000,
                                .start_ticks = listing->start_e8 / listing->tick_e8,
                                .liveliness_x1000 = listing->liveliness_x1000};

    snprintf(symbol.base, sizeof(symbol.base), "%s", listing->base);
    snprintf(symbol.quote, sizeof(symbol.quote), "%s", listing->quote);
    snprintf(symbol.name, sizeof(symbol.name), "%s%s", symbol.base, symbol.quote);
    lower_case(symbol.lower, symbol.name);
    if (symbol.price_ticks_max > TICKS_MAX)
        symbol.price_ticks_max = TICKS_MAX;
    return symbol;
}

/* TOK01USDT, TOK02USDT, ...: prices from 0.0003 to some hundreds, steps of four to five figures of the price. */
static struct sim_symbol small_one(unsigned number)
{
    static const int64_t start_e8[] = {73120000,  1284000000, 31540,       418700000, 5263000,
                                       961300000, 22470000,   38815000000, 147200000, 692400};
    char base[12];
    int64_t start = start_e8[number % 10] / 100 * (int64_t)(60 + number * 37 % 120);
    int64_t tick = 1, lot = E8;
    struct listing listing;

    while (start / tick >= 30000)
        tick *= 10;
    for (int64_t price = start; price > E8 / 2 && lot > 1000; price /= 10)
        lot /= 10;
    snprintf(base, sizeof(base), "TOK%02u", number % 100);
    listing = (struct listing){base,
                               "USDT",
                               false,
                               tick,
                               lot,
                               9000000,
                               900000,
                               5 * E8,
                               9000000 * E8,
                               tick,
                               tick * INT64_C(10000000),
                               start / tick * tick,
                               6 + (int64_t)(number * 29 % 40)};
    return from_listing(&listing);
}

size_t sim_symbols_builtin(struct sim_symbol *out, size_t max)
{
    size_t count = 0, named = sizeof(listings) / sizeof(listings[0]);

    for (size_t i = 0; i < SIM_SPOT_COUNT && count < max; i++)
        out[count++] = i < named ? from_listing(&listings[i]) : small_one((unsigned)(i - named) + 1);
    for (size_t i = 0; i < sizeof(contracts) / sizeof(contracts[0]) && count < max; i++)
        out[count++] = from_listing(&contracts[i]);
    return count;
}

const struct sim_symbol *sim_symbol_find(const struct sim_symbol *list, size_t count, const char *name,
                                         bool usdm)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].usdm == usdm && strcmp(list[i].name, name) == 0)
            return &list[i];
    return NULL;
}
