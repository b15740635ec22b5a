/* futures_entry.h - a new USD-M order: its parameters, the rules of its contract, margin. */
#ifndef SIM_FUTURES_ENTRY_H
#define SIM_FUTURES_ENTRY_H

#include "sim/order_entry.h"

/* All failures are the venue's own (-4xxx, -2019, -2022); ticks and lots are set. */
bool futures_draft_read(struct call *call, struct order_draft *draft);
bool futures_draft_judge(struct call *call, struct order_draft *draft);
bool futures_check_price(struct call *call, uint32_t symbol, enum side side, int64_t price_e8);
bool futures_check_qty(struct call *call, uint32_t symbol, bool market, int64_t qty_e8);

#endif
