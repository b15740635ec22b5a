/*
 * paper_liquidity.h - what our paper orders already took from the book that the venue shows. Pure.
 *
 * The venue knows nothing of paper fills: its book goes on showing what we took. So each level is consumed
 * once, until it shows another quantity; then it counts as new. Bounded: what does not fit in the table is
 * not taken at all.
 */
#ifndef EXEC_PAPER_LIQUIDITY_H
#define EXEC_PAPER_LIQUIDITY_H

#include "core/domain/instrument.h"
#include "core/market/order_book.h"

#define PAPER_TAKEN_MAX 512 /* levels with something taken, all instruments */

struct paper_taken {
    int64_t price_ticks;
    int64_t shown_lots; /* what the level showed when we took from it */
    int64_t taken_lots;
    uint16_t instrument_id;
    enum side side; /* of the book */
};

struct paper_liquidity {
    size_t count;
    struct paper_taken taken[PAPER_TAKEN_MAX];
};

/* Of a level that shows level->qty_lots: what we have not taken yet. */
int64_t paper_liquidity_left(const struct paper_liquidity *liquidity, uint16_t instrument_id, enum side side,
                             const struct level *level);
/* Takes up to `lots`; returns how many: 0 when the level is used up or the table is full. */
int64_t paper_liquidity_take(struct paper_liquidity *liquidity, uint16_t instrument_id, enum side side,
                             const struct level *level, int64_t lots);
/* After the book changed: forgets levels that show another quantity now. */
void paper_liquidity_refresh(struct paper_liquidity *liquidity, uint16_t instrument_id,
                             const struct order_book *book);
void paper_liquidity_rescale(struct paper_liquidity *liquidity, uint16_t instrument_id,
                             struct step_change change);

#endif
