/*
 * tape.h - trades of one instrument: exact session sums, and the last taker orders. Pure.
 *
 * Off-market futures prints are counted and kept out of everything else. Prints of one taker order
 * (same side, same venue time T, neighbouring ids, 2.8 of them on average) are joined for the
 * tape as people read it.
 */
#ifndef CORE_MARKET_TAPE_H
#define CORE_MARKET_TAPE_H

#include "core/domain/instrument.h"
#include "core/domain/market_event.h"

#include <stdint.h>

#define TAPE_TAKERS_MAX 256 /* last taker orders kept */

struct tape_totals {
    uint64_t count; /* all prints, off-market ones included */
    uint64_t off_market;
    uint64_t first_id, last_id; /* of all prints; 0 when none */
    int64_t base_lots;
    int64_t taker_buy_lots;
    __int128 quote_tick_lots;                              /* exact: sum of price x quantity */
    int64_t open_ticks, high_ticks, low_ticks, last_ticks; /* 0: no trade yet */
    enum side last_taker;
    int64_t last_lots;
    int64_t last_recv_ns;
    int last_direction; /* +1 / -1: the last change of the price, 0 before one */
};

struct taker_order {
    int64_t recv_ns; /* of its first print */
    int64_t venue_ms;
    enum side taker;
    int64_t first_ticks, last_ticks; /* the price moved from .. to while it took */
    int64_t lots;
    uint32_t prints;
    uint32_t prices; /* distinct prices */
};

struct tape;

struct tape *tape_new(void);
void tape_free(struct tape *tape);
void tape_add(struct tape *tape, const struct trade *trade);
const struct tape_totals *tape_totals(const struct tape *tape); /* borrowed */
/* Newest first, at most max. */
size_t tape_takers(const struct tape *tape, struct taker_order *out, size_t max);
uint64_t tape_taker_count(const struct tape *tape); /* ever: a reader knows what is new */
void tape_rescale(struct tape *tape, struct step_change change);

#endif
