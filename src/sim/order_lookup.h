/*
 * order_lookup.h - orders that a request asks about: the one it names, those that are open, those of a time.
 *
 * What ended long ago without a trade is put away: on spot after 90 days (-2026), on USD-M after 3 days (-2013, and
 * in no list), there everything 90 days after it was placed.
 */
#ifndef SIM_ORDER_LOOKUP_H
#define SIM_ORDER_LOOKUP_H

#include "sim/call.h"

typedef void order_put(struct call *call, struct sim_text *out, const struct user_order *order);

/* By symbol and orderId or origClientOrderId; open_only: a finished one does not exist. NULL: the failure is set. */
struct user_order *order_named(struct call *call, bool open_only);
/* Of one symbol, or of all. */
void order_list_open(struct call *call, order_put *put);
/* The newest `limit` of a symbol, oldest first; from an id on: the first `limit`. span_max_ms: between startTime and
 * endTime; 0: any. */
void order_list_all(struct call *call, int64_t span_max_ms, order_put *put);

#endif
