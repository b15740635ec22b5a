/* rest_market_parts.h - handlers of the public routes, one file for each family; spot and USD-M told apart by path. */
#ifndef SIM_REST_MARKET_PARTS_H
#define SIM_REST_MARKET_PARTS_H

#include "sim/exchange.h"

typedef void rest_handler(struct exchange *exchange, const struct sim_request *request,
                          struct sim_reply *reply);

/* rest_info.c */
rest_handler rest_exchange_info, rest_coinm_info, rest_capital_config;
/* rest_book.c */
rest_handler rest_depth, rest_trades, rest_historical_trades, rest_agg_trades, rest_klines, rest_avg_price;
/* rest_tickers.c */
rest_handler rest_ticker_24h, rest_ticker_window, rest_ticker_day, rest_ticker_price, rest_ticker_book;
/* rest_contracts.c */
rest_handler rest_premium_index, rest_funding_rate, rest_funding_info, rest_open_interest;

/* ,"key":"text" pieces for replies, which are not hot. */
void rest_text_field(struct sim_text *text, const char *key, const char *value);

#endif
