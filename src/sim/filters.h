/*
 * filters.h - a symbol's trading rules, checked on an order before it may reach its book (wire facts 8). Pure.
 *
 * The bounds here are what exchangeInfo says; those of a symbol (steps, quantities, notional) are in struct sim_symbol.
 */
#ifndef SIM_FILTERS_H
#define SIM_FILTERS_H

#include "sim/symbol.h"
#include "sim/user_order.h"

#define FILTER_ICEBERG_PARTS           10
#define FILTER_MAX_NUM_ORDERS          200
#define FILTER_MAX_NUM_ALGO_ORDERS     5
#define FILTER_MAX_NUM_ICEBERG_ORDERS  10
#define FILTER_MAX_NUM_ORDER_LISTS     20
#define FILTER_MAX_NUM_ORDER_AMENDS    10
#define FILTER_TRAILING_DELTA_MIN      10
#define FILTER_TRAILING_DELTA_MAX      2000
#define FILTER_EXCHANGE_MAX_NUM_ORDERS 1000
#define FILTER_EXCHANGE_MAX_NUM_ALGO   200
#define FILTER_EXCHANGE_MAX_NUM_LISTS  200
#define FILTER_USDM_MAX_NUM_ORDERS     200

struct filter_input {
    const struct sim_symbol *symbol;
    const struct user_order *order;
    /* e8 of the wire, before they became ticks and lots; 0: not sent */
    int64_t price_e8, stop_e8, qty_e8, iceberg_e8, quote_e8;
    int64_t reference_e8; /* price that market orders and percent bounds are judged by; 0: none */
    /* open orders of the account, without this one */
    size_t open_symbol, open_algo, open_iceberg, open_all, open_all_algo, open_lists, open_all_lists;
    size_t new_orders, new_algo; /* that come with it: 2 for an OCO */
    bool new_list;
};

/* Name of the first filter that it fails, as in "Filter failure: LOT_SIZE"; NULL: passes. */
const char *filters_fail(const struct filter_input *input);
/* The parts that others use alone. */
bool filter_price(const struct sim_symbol *symbol, int64_t price_e8);
bool filter_lot_size(const struct sim_symbol *symbol, int64_t qty_e8);

#endif
