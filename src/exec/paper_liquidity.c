#include "exec/paper_liquidity.h"

#include <assert.h>

/* Index of the entry, count when there is none. A scan: a handful of levels is in use at a time. */
static size_t find(const struct paper_liquidity *liquidity, uint16_t instrument_id, enum side side,
                   int64_t price_ticks)
{
    size_t i = 0;

    for (; i < liquidity->count; i++) {
        const struct paper_taken *taken = &liquidity->taken[i];

        if (taken->price_ticks == price_ticks && taken->instrument_id == instrument_id && taken->side == side)
            break;
    }
    return i;
}

int64_t paper_liquidity_left(const struct paper_liquidity *liquidity, uint16_t instrument_id, enum side side,
                             const struct level *level)
{
    size_t i = find(liquidity, instrument_id, side, level->price_ticks);

    if (i == liquidity->count || liquidity->taken[i].shown_lots != level->qty_lots)
        return level->qty_lots;
    return level->qty_lots - liquidity->taken[i].taken_lots;
}

int64_t paper_liquidity_take(struct paper_liquidity *liquidity, uint16_t instrument_id, enum side side,
                             const struct level *level, int64_t lots)
{
    size_t i = find(liquidity, instrument_id, side, level->price_ticks);
    struct paper_taken *taken = &liquidity->taken[i];
    int64_t left;

    assert(lots > 0);
    if (i == PAPER_TAKEN_MAX)
        return 0;
    if (i == liquidity->count || taken->shown_lots != level->qty_lots) {
        *taken = (struct paper_taken){.price_ticks = level->price_ticks,
                                      .shown_lots = level->qty_lots,
                                      .instrument_id = instrument_id,
                                      .side = side};
        if (i == liquidity->count)
            liquidity->count++;
    }
    left = taken->shown_lots - taken->taken_lots;
    if (lots > left)
        lots = left;
    taken->taken_lots += lots;
    return lots;
}

void paper_liquidity_refresh(struct paper_liquidity *liquidity, uint16_t instrument_id,
                             const struct order_book *book)
{
    size_t kept = 0;

    for (size_t i = 0; i < liquidity->count; i++) {
        const struct paper_taken *taken = &liquidity->taken[i];

        if (taken->instrument_id == instrument_id &&
            order_book_qty(book, taken->side, taken->price_ticks) != taken->shown_lots)
            continue;
        liquidity->taken[kept++] = *taken;
    }
    liquidity->count = kept;
}

void paper_liquidity_rescale(struct paper_liquidity *liquidity, uint16_t instrument_id,
                             struct step_change change)
{
    size_t kept = 0;

    for (size_t i = 0; i < liquidity->count; i++) {
        struct paper_taken taken = liquidity->taken[i];

        if (taken.instrument_id == instrument_id &&
            (__builtin_mul_overflow(taken.price_ticks, change.price_factor, &taken.price_ticks) ||
             __builtin_mul_overflow(taken.shown_lots, change.qty_factor, &taken.shown_lots) ||
             __builtin_mul_overflow(taken.taken_lots, change.qty_factor, &taken.taken_lots)))
            continue; /* so does its level: the book drops it too */
        liquidity->taken[kept++] = taken;
    }
    liquidity->count = kept;
}
