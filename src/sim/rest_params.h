/*
 * rest_params.h - parameters of the public routes, checked as the venue checks them.
 *
 * What is wrong becomes an error reply here and the function returns false. Spot refuses what it does not know
 * (-1104); the others ignore it.
 */
#ifndef SIM_REST_PARAMS_H
#define SIM_REST_PARAMS_H

#include "sim/exchange.h"
#include "sim/klines.h"

#define REST_LIST_SIZE 4096 /* text of a list of symbols */

struct rest_symbols {
    bool one;   /* "symbol=": the reply is an object, not an array */
    bool named; /* false: none was asked for, so all of this market */
    size_t count;
    size_t at[SIM_SYMBOLS_MAX];
};

bool rest_usdm(const struct sim_request *request); /* by its path */
/* Status 200 and an empty body; then names, NULL-ended, of all parameters that the route reads. */
bool rest_begin(const struct sim_request *request, struct sim_reply *reply, const char *const *names);
bool rest_symbol(const struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply,
                 size_t *symbol);
/* symbol or symbols or neither. */
bool rest_symbols(const struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply,
                  struct rest_symbols *symbols);
/* Non-negative integer; *value keeps its preset when it is absent. */
bool rest_integer(const struct sim_request *request, struct sim_reply *reply, const char *name,
                  int64_t *value);
/* 1..max: spot cuts what is larger, USD-M refuses it. */
bool rest_limit(const struct sim_request *request, struct sim_reply *reply, int64_t preset, int64_t max,
                int64_t *limit);
bool rest_interval(const struct sim_request *request, struct sim_reply *reply, enum kline_interval *interval);
/* Without checking, for weights: how many symbols are asked for (0: none was named). */
size_t rest_symbol_count(const struct sim_request *request);

#endif
