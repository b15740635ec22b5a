/* balances.h - spot money of one account, free and locked, exact in e8. Pure. */
#ifndef SIM_BALANCES_H
#define SIM_BALANCES_H

#include "sim/symbol.h"

#define ASSETS_MAX ((size_t)2 * SIM_SYMBOLS_MAX)

struct asset_table { /* the assets of all listed symbols, in their order */
    size_t count;
    char name[ASSETS_MAX][12];
};

struct balances {
    int64_t free_e8[ASSETS_MAX], locked_e8[ASSETS_MAX];
};

size_t asset_index(struct asset_table *table, const char *name);   /* adds it */
int asset_find(const struct asset_table *table, const char *name); /* -1: none */

bool balances_lock(struct balances *balances, size_t asset,
                   int64_t amount_e8); /* false: not enough is free */
void balances_unlock(struct balances *balances, size_t asset, int64_t amount_e8);
/* Pays what was locked before: *locked_e8 is what an order still holds; what that does not cover comes from free. */
void balances_pay(struct balances *balances, size_t asset, int64_t amount_e8, int64_t *locked_e8);
void balances_receive(struct balances *balances, size_t asset, int64_t amount_e8);

/* Money of ticks x lots in e8: rounded down or up where the steps are finer than e8. Saturates. */
int64_t symbol_value_e8(const struct sim_symbol *symbol, int64_t value);
int64_t symbol_value_up_e8(const struct sim_symbol *symbol, int64_t value);
int64_t symbol_qty_e8(const struct sim_symbol *symbol, int64_t lots);
int64_t symbol_price_e8(const struct sim_symbol *symbol, int64_t ticks);

#endif
