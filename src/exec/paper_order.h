/*
 * paper_order.h - one order at the paper broker: its terms, what set it off, its place in the queue. Pure.
 */
#ifndef EXEC_PAPER_ORDER_H
#define EXEC_PAPER_ORDER_H

#include "core/domain/instrument.h"
#include "core/domain/order.h"
#include "exec/paper_queue.h"

#define PAPER_NO_STORY UINT16_MAX

struct paper_order { /* what each event asks of each order stands first, in one cache line */
    uint64_t seq;
    uint16_t story;
    bool triggered;             /* a stop that was set off: as MARKET or LIMIT from now on */
    bool rests;                 /* stands in the book at its price */
    bool ended;                 /* to be swept; so is what has nothing left */
    struct order_intent intent; /* the terms of now: replaced ones, a trailing stop's stop_ticks */
    int64_t left_lots;
    int64_t arrival_mid2_ticks;
    int64_t ended_ns;         /* of a ghost (paper_parts.h) */
    int64_t locked_e8;        /* in the account */
    struct paper_queue queue; /* while it rests */
};

/* An order on `side` with this limit (0: none) trades at price_ticks. */
bool paper_reaches(enum side side, int64_t limit_ticks, int64_t price_ticks);
/* Its limit: a market order's and a stop's bound, too. */
bool paper_order_reaches(const struct paper_order *order, int64_t price_ticks);
/* A trade there went through its price: whoever traded there would have met it first. */
bool paper_order_passed(const struct paper_order *order, int64_t trade_ticks);
/* Waits for a trade at its stop. */
bool paper_order_waits(const struct paper_order *order);
/* Rests at a price, as against a stop that waits. */
bool paper_order_rests(const struct paper_order *order);
/* MARKET now, or LIMIT with IOC or FOK: what does not fill at once expires. */
bool paper_order_must_end(const struct paper_order *order);
/* A trade at its stop or higher sets it off; else one at it or lower. */
bool paper_order_rises(const struct paper_order *order);
/* The trade price sets off the stop. */
bool paper_order_set_off(const struct paper_order *order, int64_t trade_ticks);
/* A trailing stop follows the trade. */
void paper_order_trail(struct paper_order *order, int64_t trade_ticks);
void paper_order_rescale(struct paper_order *order, struct step_change change);

#endif
