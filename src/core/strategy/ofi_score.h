/*
 * ofi_score.h - from signals to the score of the strategy ofi, with its reasons. Inside core/strategy. Pure.
 *
 * feature      what it is                                                            weight
 * ofi 10s      order-flow imbalance over twice its own deviation (Cont, Kukanov,
 *              Stoikov 2014: the flow at the touch explains most of the move)          0.30
 * takers 10s   signed share of taker volume                                            0.25
 * near 1bp     imbalance of the size within 1 bp, 1 s average (Gould, Bonart 2016)     0.20
 * far 10bp     the same within 10 bp, 3 s average                                      0.10
 * move 10s     return of the mid over half of the minute's volatility                  0.15
 *
 * Conditions: spread, volatility, not in cool-down.
 */
#ifndef CORE_STRATEGY_OFI_SCORE_H
#define CORE_STRATEGY_OFI_SCORE_H

#include "core/strategy/strategy.h"

/* Bounds that the conditions compare with. */
struct ofi_conditions {
    int64_t spread_ticks_max;
    int64_t volatility_max_bp;
    int64_t cooldown_left_ns; /* <= 0: over */
};

/* Score, confidence, features and conditions; the threshold is the caller's. Book not LIVE or signals not
 * valid: score and confidence 0, nothing met. */
void ofi_score(const struct strategy_view *view, const struct ofi_conditions *conditions,
               struct strategy_reason *reason);
/* Every feature has its data and every condition holds. */
bool ofi_all_met(const struct strategy_reason *reason);

#endif
