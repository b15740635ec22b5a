/*
 * market_ref.h - the few book facts that risk, execution and the ledger need. Pure.
 *
 * Filled by the pipeline before each decision, so that those layers never see the book.
 */
#ifndef CORE_DOMAIN_MARKET_REF_H
#define CORE_DOMAIN_MARKET_REF_H

#include "core/domain/market_event.h"

struct market_ref {
    int64_t now_ns; /* event time */
    enum book_state book_state;
    bool crossed;
    int64_t book_age_ns;            /* since the last event of the book */
    int64_t best_ticks[SIDE_COUNT]; /* 0: that side is empty */
    int64_t best_lots[SIDE_COUNT];
    int64_t last_ticks; /* last trade, 0: none yet */
};

/* Sum of the two best prices = twice the mid, in ticks; 0 when a side is empty. */
static inline int64_t market_ref_mid2_ticks(const struct market_ref *ref)
{
    if (ref->best_ticks[SIDE_BID] == 0 || ref->best_ticks[SIDE_ASK] == 0)
        return 0;
    return ref->best_ticks[SIDE_BID] + ref->best_ticks[SIDE_ASK];
}

#endif
