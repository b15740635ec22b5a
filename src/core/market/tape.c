/* tape.c - session sums and a ring of joined taker orders. */
#include "core/market/tape.h"

#include "core/market/saturate.h"

#include <assert.h>
#include <stdlib.h>

struct tape {
    struct tape_totals totals;
    uint64_t takers;          /* ever; the newest is ring[(takers - 1) % TAPE_TAKERS_MAX] */
    uint64_t newest_order_id; /* the venue's id of the newest taker order, 0 if not carried */
    struct taker_order ring[TAPE_TAKERS_MAX];
};

struct tape *tape_new(void)
{
    return calloc(1, sizeof(struct tape));
}

void tape_free(struct tape *tape)
{
    free(tape);
}

static void totals_add(struct tape_totals *totals, const struct trade *trade)
{
    int64_t price = trade->price_ticks;

    totals->base_lots = saturate_add(totals->base_lots, trade->qty_lots);
    if (trade->taker == SIDE_BID)
        totals->taker_buy_lots = saturate_add(totals->taker_buy_lots, trade->qty_lots);
    totals->quote_tick_lots += (__int128)price * trade->qty_lots;
    if (totals->last_ticks == 0) {
        totals->open_ticks = totals->high_ticks = totals->low_ticks = price;
    } else {
        totals->high_ticks = price > totals->high_ticks ? price : totals->high_ticks;
        totals->low_ticks = price < totals->low_ticks ? price : totals->low_ticks;
        if (price != totals->last_ticks)
            totals->last_direction = price > totals->last_ticks ? 1 : -1;
    }
    totals->last_ticks = price;
    totals->last_taker = trade->taker;
    totals->last_lots = trade->qty_lots;
    totals->last_recv_ns = trade->recv_ns;
}

/*
 * Is this print one more of the newest taker order? Where the venue carries the taker's order id it
 * decides. Else: same side, same T, the next id, and a price that goes on in the taker's direction: a
 * buyer's prints never get cheaper, so a step back is another order of the same millisecond.
 */
static bool continues(const struct tape *tape, const struct taker_order *newest, const struct trade *trade,
                      uint64_t previous_id)
{
    if (trade->taker != newest->taker || trade->venue_ms != newest->venue_ms || trade->id != previous_id + 1)
        return false;
    if (trade->taker_order_id != 0 && tape->newest_order_id != 0)
        return trade->taker_order_id == tape->newest_order_id;
    return trade->taker == SIDE_BID ? trade->price_ticks >= newest->last_ticks
                                    : trade->price_ticks <= newest->last_ticks;
}

static void takers_add(struct tape *tape, const struct trade *trade, uint64_t previous_id)
{
    struct taker_order *newest = &tape->ring[(tape->takers - 1) % TAPE_TAKERS_MAX];

    if (tape->takers > 0 && continues(tape, newest, trade, previous_id)) {
        newest->lots = saturate_add(newest->lots, trade->qty_lots);
        newest->prints += trade_prints(trade);
        if (trade->price_ticks != newest->last_ticks)
            newest->prices++;
        newest->last_ticks = trade->price_ticks;
        return;
    }
    tape->newest_order_id = trade->taker_order_id;
    tape->ring[tape->takers++ % TAPE_TAKERS_MAX] = (struct taker_order){
        .recv_ns = trade->recv_ns,
        .venue_ms = trade->venue_ms,
        .taker = trade->taker,
        .first_ticks = trade->price_ticks,
        .last_ticks = trade->price_ticks,
        .lots = trade->qty_lots,
        .prints = trade_prints(trade),
        .prices = 1,
    };
}

void tape_add(struct tape *tape, const struct trade *trade)
{
    struct tape_totals *totals = &tape->totals;
    uint64_t previous_id = totals->last_id;

    if (totals->count == 0)
        totals->first_id = trade->id;
    totals->count += trade_prints(trade);
    totals->last_id = trade_last_id(trade);
    if (trade->off_market) {
        totals->off_market++;
        return;
    }
    totals_add(totals, trade);
    takers_add(tape, trade, previous_id);
}

const struct tape_totals *tape_totals(const struct tape *tape)
{
    return &tape->totals;
}

size_t tape_takers(const struct tape *tape, struct taker_order *out, size_t max)
{
    size_t count = tape->takers < TAPE_TAKERS_MAX ? (size_t)tape->takers : TAPE_TAKERS_MAX;

    if (count > max)
        count = max;
    for (size_t i = 0; i < count; i++)
        out[i] = tape->ring[(tape->takers - 1 - i) % TAPE_TAKERS_MAX];
    return count;
}

uint64_t tape_taker_count(const struct tape *tape)
{
    return tape->takers;
}

void tape_rescale(struct tape *tape, struct step_change change)
{
    struct tape_totals *totals = &tape->totals;

    assert(change.price_factor >= 1 && change.qty_factor >= 1);
    totals->base_lots = saturate_mul(totals->base_lots, change.qty_factor);
    totals->taker_buy_lots = saturate_mul(totals->taker_buy_lots, change.qty_factor);
    totals->last_lots = saturate_mul(totals->last_lots, change.qty_factor);
    totals->quote_tick_lots *= (__int128)change.price_factor * change.qty_factor;
    totals->open_ticks = saturate_mul(totals->open_ticks, change.price_factor);
    totals->high_ticks = saturate_mul(totals->high_ticks, change.price_factor);
    totals->low_ticks = saturate_mul(totals->low_ticks, change.price_factor);
    totals->last_ticks = saturate_mul(totals->last_ticks, change.price_factor);
    for (size_t i = 0; i < TAPE_TAKERS_MAX; i++) {
        tape->ring[i].first_ticks = saturate_mul(tape->ring[i].first_ticks, change.price_factor);
        tape->ring[i].last_ticks = saturate_mul(tape->ring[i].last_ticks, change.price_factor);
        tape->ring[i].lots = saturate_mul(tape->ring[i].lots, change.qty_factor);
    }
}
