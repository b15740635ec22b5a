/*
 * order_sums.h - what the open orders of an instrument and an owner amount to, kept up to date order by order. Pure.
 *
 * Every order counts until it has ended, whatever its state, with the most that may still fill and the worst price
 * it may fill at: a stop that waits, a replace on its way, a cancel without its answer. Sums are exact: price x
 * quantity in ticks x lots. put, drop and read are O(1); only the loss of the best resting price makes the next
 * look at it walk the orders of that instrument.
 */
#ifndef EXEC_ORDER_SUMS_H
#define EXEC_ORDER_SUMS_H

#include "core/domain/instrument.h"
#include "core/domain/order.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORDERS_OPEN_MAX 256

/* All at once of one instrument, money rounded up to 1e-8 and INT64_MAX when it does not fit. */
struct order_exposure {
    int64_t orders;
    int64_t open_lots[SIDE_COUNT];
    int64_t open_value_e8[SIDE_COUNT]; /* reduce-only orders too */
    int64_t
        adding_value_e8[SIDE_COUNT]; /* without them; of SIDE_BID it is the quote money that spot buys lock,
                                            fees apart */
    int64_t best_own_ticks[SIDE_COUNT]; /* best price of what rests or may come to rest; 0: none */
};

struct order_sum {
    int64_t orders;
    int64_t lots[SIDE_COUNT];
    __int128 worth[SIDE_COUNT]; /* ticks x lots */
    __int128 adding[SIDE_COUNT];
};

/* What one order was counted with. */
struct order_share {
    bool used;
    bool adding;
    uint16_t instrument_id, owner;
    enum side side;
    int64_t lots;
    int64_t worth_ticks;
    int64_t resting_ticks;   /* 0: cannot rest */
    uint16_t next, previous; /* of the instrument; slot + 1, 0: none */
};

struct order_sums {
    struct order_sum total[INSTRUMENTS_MAX];
    struct order_sum owned[INSTRUMENTS_MAX][OWNERS_MAX];
    int64_t best_ticks[INSTRUMENTS_MAX][SIDE_COUNT];
    bool best_lost[INSTRUMENTS_MAX][SIDE_COUNT]; /* to be looked for anew */
    uint16_t first[INSTRUMENTS_MAX];             /* slot + 1 */
    struct order_share share[ORDERS_OPEN_MAX];
};

void order_sums_init(struct order_sums *sums);
/* Counts the order of this slot, anew if it was counted; one that has ended no more. Its instrument_id is below
 * INSTRUMENTS_MAX, its owner below OWNERS_MAX. */
void order_sums_put(struct order_sums *sums, uint16_t slot, const struct order *order);
void order_sums_drop(struct order_sums *sums, uint16_t slot);
/* owner ORDERS_ANY: of all owners. An owner's best price walks the orders of the instrument. */
void order_sums_read(struct order_sums *sums, const struct instrument *instrument, uint16_t owner,
                     struct order_exposure *out);

/* The worst price it may fill at as far as its terms say; a buy's is what it may cost. */
int64_t order_sums_worth_ticks(const struct order *order);

#endif
