/* order_json.h - orders, order lists and trades as the replies of the venue show them. */
#ifndef SIM_ORDER_JSON_H
#define SIM_ORDER_JSON_H

#include "sim/order_entry.h"

/* Spot. */
void json_order_placed(struct call *call, struct sim_text *out, const struct user_order *order,
                       enum reply_kind kind, uint64_t first_trade);
void json_order_canceled(struct call *call, struct sim_text *out, const struct user_order *order);
void json_order_query(struct call *call, struct sim_text *out, const struct user_order *order);
void json_trade(struct call *call, struct sim_text *out, const struct my_trade *trade);
void json_list(struct call *call, struct sim_text *out, const struct order_list *list, bool query);
void json_failure(struct sim_text *out, const struct failure *failure);
/* USD-M. */
void json_futures_order(struct call *call, struct sim_text *out, const struct user_order *order, bool query);
void json_futures_trade(struct call *call, struct sim_text *out, const struct my_trade *trade);

/* ,"key":"1.50000000" */
void json_e8(struct sim_text *out, const char *key, int64_t value_e8, unsigned places);

#endif
