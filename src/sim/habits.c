#include "sim/people.h"

#include <string.h>

#define SPAN_GAPS     1400.0
#define SPAN_OF_PRICE 0.04
#define USD_PER_BTC   61837.0 /* only to give orders of BTC and JPY pairs a size */
#define USD_PER_JPY   0.00676

/* Where measured markets differ from the rule below. */
static const struct {
    const char *name;
    bool usdm;
    double gap_bp, volatility, common_share;
} known[] = {
    {"BTCUSDT", false, 0.031, 0.000062, 0.95},
    {"BTCUSDT", true, 0.048, 0.000062, 0.95},
    {"ETHUSDT", false, 0.15, 0.000070, 0.75},
    {"ETHUSDT", true, 0.11, 0.000070, 0.75},
};

static double usd_per_quote(const struct sim_symbol *symbol)
{
    if (strcmp(symbol->quote, "BTC") == 0)
        return USD_PER_BTC;
    return strcmp(symbol->quote, "JPY") == 0 ? USD_PER_JPY : 1.0;
}

/* 1, 5, 10, 50, ...: the first that is not below. */
static int64_t round_step(double least)
{
    int64_t step = 1;

    for (bool five = true; (double)step < least; five = !five)
        step *= five ? 5 : 2;
    return step;
}

static void prices(const struct sim_symbol *symbol, struct habits *out)
{
    double price = (double)symbol->start_ticks;
    double quiet = fmath_log(1.0 / out->weight);
    double gap_bp = 0.034 * fmath_exp(1.1 * (quiet > 0.0 ? quiet : 0.0));

    out->volatility = 0.00007 * (1.0 + 0.25 * (quiet > 0.0 ? quiet : 0.0));
    out->common_share = 0.3 + 0.3 * (out->weight < 1.0 ? out->weight : 1.0);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (known[i].usdm != symbol->usdm || strcmp(known[i].name, symbol->name) != 0)
            continue;
        gap_bp = known[i].gap_bp;
        out->volatility = known[i].volatility;
        out->common_share = known[i].common_share;
    }
    out->gap = gap_bp * 1e-4 * price;
    if (out->gap < 1.0)
        out->gap = 1.0;
    out->span = SPAN_GAPS * out->gap;
    if (out->span > SPAN_OF_PRICE * price)
        out->span = SPAN_OF_PRICE * price;
    out->wall_step = round_step(0.0006 * price > 5.0 ? 0.0006 * price : 5.0);
}

static void sizes(const struct sim_symbol *symbol, struct habits *out)
{
    double quote = usd_per_quote(symbol);
    double lot_usd =
        (double)symbol->start_ticks * (double)symbol->tick_e8 * 1e-8 * (double)symbol->lot_e8 * 1e-8 * quote;
    double scale = fmath_exp(0.6 * fmath_log(out->weight));

    out->lots_per_usd = 1.0 / lot_usd;
    out->lots_min = 1.0 + 1.05 * (double)symbol->notional_e8_min * 1e-8 * quote / lot_usd;
    if (symbol->usdm) /* many more small orders than the filter of today allows are in the records */
        out->lots_min = 1.0;
    out->level_usd = 4000.0 * scale;
    out->touch_usd = 11000.0 * scale;
    out->wall_usd = 150e3 * scale;
}

void habits_of(const struct sim_symbol *symbol, struct habits *out)
{
    double weight = (double)symbol->liveliness_x1000 / 1000.0;

    *out = (struct habits){.weight = weight};
    prices(symbol, out);
    sizes(symbol, out);
    out->near_rate = 13.0 * weight;
    out->touch_rate = 14.0 * weight;
    out->deep_rate = 7.0 * weight;
    out->taker_rate = 0.09 * weight;
    out->close_s = 0.0022 / weight;
    out->requotes = 420.0 * weight;
    out->rush = 55.0 * weight;
    out->taking = 1.0;
    if (symbol->usdm) { /* contracts are where most react first, and with more */
        out->taking = 16.0;
        out->requotes *= 2.5;
        out->rush *= 1.8;
    }
    out->makers = weight >= 0.3 ? 7 : 4;
    out->walls = weight >= 0.3 ? WALLS_MAX : WALLS_MAX / 4;
    out->fair_every = weight >= 0.5 ? 1 : weight >= 0.2 ? 2 : 5;
}
