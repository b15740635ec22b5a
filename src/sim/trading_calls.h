/* trading_calls.h - every trading function, for the route tables of REST and of the WebSocket API. */
#ifndef SIM_TRADING_CALLS_H
#define SIM_TRADING_CALLS_H

#include "sim/call.h"

/* rest_orders.c */
call_function spot_order_place, spot_order_test, spot_order_query, spot_order_cancel;
call_function spot_open_orders, spot_open_orders_cancel, spot_all_orders;
/* rest_replace.c */
call_function spot_cancel_replace, spot_amend;
/* rest_lists.c */
call_function spot_oco, spot_oco_legacy, spot_list_query, spot_list_cancel, spot_open_lists, spot_all_lists;
/* rest_account.c */
call_function spot_account, spot_my_trades, spot_order_rate, spot_commission;
/* rest_futures.c */
call_function usdm_order_place, usdm_order_test, usdm_order_query, usdm_order_cancel, usdm_order_modify;
call_function usdm_open_order, usdm_open_orders, usdm_all_open_cancel, usdm_all_orders;
/* rest_futures_batch.c */
call_function usdm_batch_place, usdm_batch_cancel;
/* rest_futures_account.c */
call_function usdm_account, usdm_balance, usdm_position_risk, usdm_user_trades, usdm_leverage;
call_function usdm_margin_type, usdm_dual_get, usdm_dual_set, usdm_multi_assets_get, usdm_multi_assets_set;
call_function usdm_countdown, usdm_commission, usdm_listen_key_make, usdm_listen_key_extend;
call_function usdm_listen_key_close, usdm_brackets;

#endif
