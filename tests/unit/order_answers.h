/* order_answers.h - an order in each state, and answers to it. */
#ifndef UNIT_ORDER_ANSWERS_H
#define UNIT_ORDER_ANSWERS_H

#include "unit/cmocka_all.h"

#include "core/domain/order.h"

#include <string.h>

#define QTY        10
#define PART       4 /* filled before, in the second row of a state */
#define KEEPS_TIME 5
#define ASKED      14 /* total of a replace */

static inline struct order order_in(enum order_state state, int64_t filled)
{
    struct order order = {.seq = 7, .state = state, .updated_ns = KEEPS_TIME};

    order.intent = (struct order_intent){.type = ORDER_STOP_LIMIT, .price_ticks = 100, .qty_lots = QTY};
    order.filled_lots = state == ORDER_STATE_FILLED ? QTY : filled;
    order.filled_value_e8 = order.filled_lots * 100;
    order.acked_ns = state != ORDER_STATE_SENT && state != ORDER_STATE_REJECTED ? 3 : 0;
    if (state == ORDER_STATE_PENDING_REPLACE) {
        order.replace_price_ticks = 101;
        order.replace_qty_lots = ASKED;
    }
    return order;
}

static inline struct order_event fill_of(int64_t lots)
{
    return (struct order_event){.kind = ORDER_EVENT_FILL,
                                .order_seq = 7,
                                .ts_ns = 9,
                                .fill = {.qty_lots = lots, .value_e8 = lots * 100}};
}

static inline struct order_event event_of(enum order_event_kind kind)
{
    return (struct order_event){.kind = kind, .order_seq = 7, .ts_ns = 9};
}

static inline struct order_event replaced_to(int64_t price_ticks, int64_t qty_lots)
{
    struct order_event ev = event_of(ORDER_EVENT_REPLACED);

    ev.price_ticks = price_ticks;
    ev.qty_lots = qty_lots;
    return ev;
}

static inline enum err apply(struct order *order, struct order_event ev)
{
    return order_apply(order, &ev);
}

#endif
