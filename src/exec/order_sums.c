#include "exec/order_sums.h"

#include "core/base/decimal.h"
#include "core/base/smaller.h"

#include <assert.h>
#include <string.h>

void order_sums_init(struct order_sums *sums)
{
    memset(sums, 0, sizeof *sums);
}

int64_t order_sums_worth_ticks(const struct order *order)
{
    const struct order_intent *intent = &order->intent;
    struct order_intent then = *intent;

    if (order->replace_price_ticks == 0)
        return larger(intent->price_ticks, intent->stop_ticks);
    order_intent_move(&then, order->replace_price_ticks);
    return larger(larger(intent->price_ticks, intent->stop_ticks), larger(then.price_ticks, then.stop_ticks));
}

/* A price towards the other side of the book: 0 is none. */
static int64_t better(enum side side, int64_t a, int64_t b)
{
    if (a == 0 || b == 0)
        return a + b;
    return (a > b) == (side == SIDE_BID) ? a : b;
}

/* The most aggressive limit that it has or asks for; a trigger still waiting is no price of the book. */
static int64_t resting_ticks(const struct order *order)
{
    const struct order_intent *intent = &order->intent;

    if (order_type_is_market(intent->type) || (order_type_is_triggered(intent->type) && !order->triggered))
        return 0;
    return better(intent->side, intent->price_ticks, order->replace_price_ticks);
}

static void count(struct order_sum *sum, const struct order_share *share, int sign)
{
    __int128 worth = (__int128)sign * share->worth_ticks * share->lots;

    sum->orders += sign;
    sum->lots[share->side] += sign * share->lots;
    sum->worth[share->side] += worth;
    if (share->adding)
        sum->adding[share->side] += worth;
}

static void link_share(struct order_sums *sums, uint16_t slot)
{
    struct order_share *share = &sums->share[slot];
    uint16_t *first = &sums->first[share->instrument_id];

    share->previous = 0;
    share->next = *first;
    if (*first != 0)
        sums->share[*first - 1].previous = (uint16_t)(slot + 1);
    *first = (uint16_t)(slot + 1);
}

static void unlink_share(struct order_sums *sums, const struct order_share *share)
{
    if (share->previous != 0)
        sums->share[share->previous - 1].next = share->next;
    else
        sums->first[share->instrument_id] = share->next;
    if (share->next != 0)
        sums->share[share->next - 1].previous = share->previous;
}

void order_sums_drop(struct order_sums *sums, uint16_t slot)
{
    struct order_share *share = &sums->share[slot];
    uint16_t id = share->instrument_id;

    assert(slot < ORDERS_OPEN_MAX);
    if (!share->used)
        return;
    count(&sums->total[id], share, -1);
    count(&sums->owned[id][share->owner], share, -1);
    unlink_share(sums, share);
    if (share->resting_ticks != 0 && share->resting_ticks == sums->best_ticks[id][share->side])
        sums->best_lost[id][share->side] = true;
    share->used = false;
}

void order_sums_put(struct order_sums *sums, uint16_t slot, const struct order *order)
{
    const struct order_intent *intent = &order->intent;
    struct order_share *share = &sums->share[slot];
    int64_t *best;
    bool lost;

    assert(intent->instrument_id < INSTRUMENTS_MAX && intent->owner < OWNERS_MAX);
    lost = sums->best_lost[intent->instrument_id][intent->side];
    order_sums_drop(sums, slot);
    if (!order_is_open(order))
        return;
    *share = (struct order_share){.used = true,
                                  .adding = !intent->reduce_only,
                                  .instrument_id = intent->instrument_id,
                                  .owner = intent->owner,
                                  .side = intent->side,
                                  .lots = order_open_lots(order),
                                  .worth_ticks = order_sums_worth_ticks(order),
                                  .resting_ticks = resting_ticks(order)};
    link_share(sums, slot);
    count(&sums->total[intent->instrument_id], share, 1);
    count(&sums->owned[intent->instrument_id][intent->owner], share, 1);
    best = &sums->best_ticks[intent->instrument_id][intent->side];
    *best = better(intent->side, *best, share->resting_ticks);
    if (!lost && *best == share->resting_ticks) /* it was the best and is again */
        sums->best_lost[intent->instrument_id][intent->side] = false;
}

static int64_t look_for_best(const struct order_sums *sums, uint16_t instrument_id, uint16_t owner,
                             enum side side)
{
    int64_t best = 0;

    for (uint16_t at = sums->first[instrument_id]; at != 0; at = sums->share[at - 1].next) {
        const struct order_share *share = &sums->share[at - 1];

        if (share->side == side && (owner == ORDERS_ANY || share->owner == owner))
            best = better(side, best, share->resting_ticks);
    }
    return best;
}

static int64_t best_of(struct order_sums *sums, uint16_t instrument_id, uint16_t owner, enum side side)
{
    if (owner != ORDERS_ANY)
        return look_for_best(sums, instrument_id, owner, side);
    if (sums->best_lost[instrument_id][side]) {
        sums->best_ticks[instrument_id][side] = look_for_best(sums, instrument_id, owner, side);
        sums->best_lost[instrument_id][side] = false;
    }
    return sums->best_ticks[instrument_id][side];
}

/* ticks x lots to e8 of the quote, rounded up. */
static int64_t money_e8(const struct instrument *instrument, __int128 worth)
{
    __int128 step = (__int128)instrument->tick_e8 * instrument->lot_e8, money;

    if (__builtin_mul_overflow(worth, step, &money) || money > (__int128)INT64_MAX * DECIMAL_E8 - DECIMAL_E8)
        return INT64_MAX;
    return (int64_t)((money + DECIMAL_E8 - 1) / DECIMAL_E8);
}

void order_sums_read(struct order_sums *sums, const struct instrument *instrument, uint16_t owner,
                     struct order_exposure *out)
{
    const struct order_sum *sum;

    assert(instrument->id < INSTRUMENTS_MAX && (owner < OWNERS_MAX || owner == ORDERS_ANY));
    sum = owner == ORDERS_ANY ? &sums->total[instrument->id] : &sums->owned[instrument->id][owner];
    *out = (struct order_exposure){.orders = sum->orders};
    if (sum->orders == 0) /* of most instruments there are none, and an account asks all of them */
        return;
    for (int side = 0; side < SIDE_COUNT; side++) {
        out->open_lots[side] = sum->lots[side];
        out->open_value_e8[side] = money_e8(instrument, sum->worth[side]);
        out->adding_value_e8[side] = money_e8(instrument, sum->adding[side]);
        out->best_own_ticks[side] = best_of(sums, instrument->id, owner, (enum side)side);
    }
}
