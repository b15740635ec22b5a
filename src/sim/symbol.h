/*
 * symbol.h - what the built-in exchange lists: names, steps, filters, and what its people are like.
 *
 * Spot and USD-M contracts are separate markets with separate books. Numbers of the wire are e8 integers.
 */
#ifndef SIM_SYMBOL_H
#define SIM_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_SYMBOLS_MAX 64
#define SIM_NAME_SIZE   24
#define SIM_SPOT_COUNT  50

struct sim_symbol {
    char name[SIM_NAME_SIZE];  /* "BTCUSDT" */
    char lower[SIM_NAME_SIZE]; /* "btcusdt" */
    char base[12], quote[12];
    bool usdm; /* USD-M perpetual, else spot */
    int64_t tick_e8, lot_e8;
    int64_t qty_lots_min, qty_lots_max, market_qty_lots_max;
    int64_t notional_e8_min, notional_e8_max; /* max 0: none */
    int64_t price_ticks_min, price_ticks_max;
    int64_t multiplier_up_x10000, multiplier_down_x10000; /* PERCENT_PRICE(_BY_SIDE) */
    int64_t start_ticks;                                  /* price when the market opens */
    int64_t liveliness_x1000;                             /* how busy it is beside BTCUSDT, which has 1000 */
};

/* The built-in list: BTCUSDT, ETHUSDT, SOLUSDT, DOGEUSDT, BNBBTC, ... on spot, with generated small ones (TOK01USDT
 * ...) so that 50 instruments can be shown; then BTCUSDT, ETHUSDT, SOLUSDT on USD-M. Returns how many were written. */
size_t sim_symbols_builtin(struct sim_symbol *out, size_t max);
const struct sim_symbol *sim_symbol_find(const struct sim_symbol *list, size_t count, const char *name,
                                         bool usdm);

#endif
