/*
 * holdings.h - what is held, and whose it is: orders that may only reduce follow it, and the shares of owners that stand against
 * each other are settled. Engine thread; no allocation.
 */
#ifndef APP_HOLDINGS_H
#define APP_HOLDINGS_H

#include "app/market_state.h"
#include "app/pipeline.h"

/* Orders that may only reduce are cut to what is left to reduce; in REDUCING that is every order. Those of brackets are
 * cut by their groups. */
void holdings_trim(struct pipeline *pipeline, struct market_state *market);
/* What open orders of an instrument may reduce, oldest first: who came first keeps his size. */
struct holdings_claim {
    const struct order *order;
    int64_t left_lots, room_lots;
    bool fitted; /* kept to the right size by its bracket's group */
};
struct holdings_room {
    size_t claims;
    struct holdings_claim claim[ORDERS_OPEN_MAX];
    int64_t position_lots, left_over_lots; /* left over: for new ones behind all of them */
};
/* Cost: open orders of the instrument, squared; once for all its brackets. It holds until an order changes. */
void holdings_share_room(struct pipeline *pipeline, const struct market_state *market,
                         struct holdings_room *out);
/* What the open children of that bracket may reduce beside orders that came before them, and new ones behind all. */
int64_t holdings_room_lots(const struct holdings_room *room, const struct group_bracket *bracket);
/* The trader's own fill added lots beyond his share: strategies' shares on the other side are closed by it. */
void holdings_take_over(struct pipeline *pipeline, struct market_state *market, int64_t added_lots,
                        int64_t price_ticks);
/* Shares that stand against each other cancel out at the mid. */
void holdings_net(struct pipeline *pipeline, struct market_state *market);

#endif
