#include "sim/trade_tape.h"

#include <string.h>

void trade_tape_init(struct trade_tape *tape, bool usdm)
{
    memset(tape, 0, sizeof(*tape));
    tape->usdm = usdm;
    tape->trades.item_size = sizeof(struct tape_trade);
    tape->trades.max = TRADES_KEPT;
    tape->aggs.item_size = sizeof(struct agg_trade);
    tape->aggs.max = AGG_TRADES_KEPT;
}

void trade_tape_free(struct trade_tape *tape)
{
    history_free(&tape->trades);
    history_free(&tape->aggs);
}

static bool joins(const struct trade_tape *tape, const struct agg_trade *agg, const struct tape_trade *trade,
                  uint64_t taker_order_id)
{
    if (agg->price_ticks != trade->price_ticks || agg->buyer_maker != trade->buyer_maker)
        return false;
    if (tape->usdm)
        return agg->time_ms / AGG_TRADE_USDM_MS == trade->time_ms / AGG_TRADE_USDM_MS;
    return tape->taker_order_id == taker_order_id;
}

bool trade_tape_add(struct trade_tape *tape, const struct tape_trade *trade, uint64_t taker_order_id)
{
    struct tape_trade *kept = history_push(&tape->trades);
    struct agg_trade *agg = history_newest(&tape->aggs);
    bool completed = false;

    if (kept != NULL)
        *kept = *trade;
    if (tape->open && agg != NULL && joins(tape, agg, trade, taker_order_id)) {
        agg->last_id = trade->id;
        agg->qty_lots += trade->qty_lots;
        return false;
    }
    completed = tape->open;
    if (tape->next_agg_id == 0)
        tape->next_agg_id = trade->id / AGG_TRADE_ID_DIVISOR;
    agg = history_push(&tape->aggs);
    tape->open = agg != NULL;
    if (agg == NULL)
        return completed;
    agg->id = tape->next_agg_id++;
    agg->first_id = agg->last_id = trade->id;
    agg->time_ms = trade->time_ms;
    agg->price_ticks = trade->price_ticks;
    agg->qty_lots = trade->qty_lots;
    agg->buyer_maker = trade->buyer_maker;
    tape->taker_order_id = taker_order_id;
    return completed;
}

void trade_tape_close(struct trade_tape *tape)
{
    tape->open = false;
}

const struct tape_trade *trade_tape_at(const struct trade_tape *tape, size_t index)
{
    return history_at(&tape->trades, index);
}

const struct agg_trade *agg_trade_at(const struct trade_tape *tape, size_t index)
{
    return history_at(&tape->aggs, index);
}

const struct tape_trade *trade_tape_newest(const struct trade_tape *tape)
{
    return history_newest(&tape->trades);
}

size_t trade_tape_find(const struct trade_tape *tape, uint64_t id)
{
    size_t low = 0, high = tape->trades.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (trade_tape_at(tape, middle)->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t agg_trade_find(const struct trade_tape *tape, uint64_t id)
{
    size_t low = 0, high = tape->aggs.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (agg_trade_at(tape, middle)->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
