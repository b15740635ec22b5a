/*
 * position.h - position and account: exact integer ledger of fills. Pure.
 *
 * Money is e8 of the quote asset. For each instrument, at any time and any mark:
 *     cash flow + value at mark = realised + unrealised - fees           (exact, I10)
 * because the cost of the open position is carried as money, never as an average price.
 */
#ifndef CORE_DOMAIN_POSITION_H
#define CORE_DOMAIN_POSITION_H

#include "core/domain/instrument.h"
#include "core/domain/order.h"

#include <stdbool.h>
#include <stdint.h>

struct position {
    int64_t lots;        /* > 0 long, < 0 short */
    int64_t cost_e8;     /* money paid for the open lots; negative when short (received) */
    int64_t cash_e8;     /* sum of all cash flows of fills, fees apart */
    int64_t realised_e8; /* fees apart */
    int64_t fees_e8;
    int64_t open_fees_e8; /* fees paid for the lots still open: for `even at` */
    int64_t bought_lots, sold_lots;
    uint64_t fills;
    uint64_t closed_trips, winning_trips; /* round trips flat to flat, fees included */
    int64_t trip_net_e8;                  /* of the round trip now open */
    int64_t funding_e8; /* received (> 0) or paid for holding a perpetual; in cash and realised, too */
};

/*
 * Books the fill and writes fill->realised_e8. ERR_OVERFLOW leaves the position unchanged: the
 * caller halts.
 */
enum err position_apply(struct position *position, const struct instrument *instrument, struct fill *fill);

/* A payment of funding, > 0 received. ERR_OVERFLOW leaves the position unchanged. */
enum err position_fund(struct position *position, int64_t amount_e8);

/* Signed money of the open lots at mark_ticks. */
int64_t position_value_e8(const struct position *position, const struct instrument *instrument,
                          int64_t mark_ticks);
int64_t position_unrealised_e8(const struct position *position, const struct instrument *instrument,
                               int64_t mark_ticks);
/* Average entry price in e8, rounded half away from zero; 0 when flat. For eyes only. */
int64_t position_average_e8(const struct position *position, const struct instrument *instrument);
/* Price (e8) at which closing all, with taker_fee_e8 (1.0 = 10^8) on the way out and what was paid on
 * the way in, earns exactly nothing; 0 when flat. For eyes only. */
int64_t position_even_e8(const struct position *position, const struct instrument *instrument,
                         int64_t taker_fee_e8);
/* Adds the other's money, lots and counts: two shares of one position become one. */
void position_merge(struct position *position, const struct position *other);
void position_rescale(struct position *position, struct step_change change);

#endif
