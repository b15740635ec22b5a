/* margin.h - what USD-M positions and orders of an account bind: cross, one-way; all e8 USDT. */
#ifndef SIM_MARGIN_H
#define SIM_MARGIN_H

#include "sim/account_state.h"

#define MAINTENANCE_MILLIONTHS INT64_C(4000) /* 0.4 % of the notional; nobody is liquidated */

struct margin_symbol {
    int64_t notional_e8;            /* of the position at the mark, signed */
    int64_t buys_e8, sells_e8;      /* resting orders that may open something */
    int64_t position_e8, orders_e8; /* initial margin */
    int64_t unrealised_e8, maintenance_e8;
};

struct margin {
    struct margin_symbol symbol[SIM_SYMBOLS_MAX];
    int64_t position_e8, orders_e8, unrealised_e8, maintenance_e8;
    int64_t available_e8; /* may be below zero */
};

void margin_compute(struct accounts *accounts, const struct account *account, struct margin *out);
/* May an order of this value come in addition? */
bool margin_allows(struct accounts *accounts, const struct account *account, uint32_t symbol, enum side side,
                   int64_t value_e8);

#endif
