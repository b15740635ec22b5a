/*
 * paper_order.h - one order at the paper broker, and its place in the queue. Inside exec only. Pure.
 *
 * Two figures of the lots ahead of us, both start as the size shown at our price when we came:
 *   worst     falls by trades at our price alone: every cancel was behind us. Fills go by it.
 *   expected  falls by these trades too, and with what the level loses to cancels in proportion: each
 *             lot of the level is as likely to be cancelled as another. For the screen.
 * A trade and the depth update that shows it arrive separately, the trade first; what is not yet seen in
 * the level is remembered, so that it does not count again as a cancel.
 */
#ifndef EXEC_PAPER_ORDER_H
#define EXEC_PAPER_ORDER_H

#include "core/domain/instrument.h"
#include "core/domain/order.h"

struct paper_order {
    uint64_t seq;
    struct order_intent intent;
    int64_t left_lots;
    int64_t arrival_mid2_ticks;
    int64_t shown_lots;  /* the level at our price when last looked at */
    int64_t unseen_lots; /* traded there since, not yet gone from shown_lots */
    int64_t expected_lots, worst_lots;
    bool triggered; /* STOP: a market order from now on */
};

/* Starts to rest behind what the level shows. */
void paper_order_join(struct paper_order *order, int64_t shown_lots);
/* A trade of `lots` at our price against our side. */
void paper_order_traded(struct paper_order *order, int64_t lots);
/* The level at our price shows this much now. */
void paper_order_level(struct paper_order *order, int64_t shown_lots);
void paper_order_rescale(struct paper_order *order, struct step_change change);

/* An order on `side` with this limit (0: none) trades at price_ticks. */
bool paper_reaches(enum side side, int64_t limit_ticks, int64_t price_ticks);
/* Its limit: a market order's and a stop's bound, too. */
bool paper_order_reaches(const struct paper_order *order, int64_t price_ticks);
/* Rests at a price, as against a stop that waits. */
bool paper_order_rests(const struct paper_order *order);
/* The trade price that sets off the stop has been reached. */
bool paper_order_set_off(const struct paper_order *order, int64_t trade_ticks);

#endif
