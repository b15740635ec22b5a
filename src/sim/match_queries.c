/* What can be asked of a book. */
#include "sim/match_book.h"

uint32_t match_symbol(const struct match_book *book)
{
    return book->config.symbol;
}

enum match_status match_get_status(const struct match_book *book)
{
    return book->status;
}

int64_t match_last_ticks(const struct match_book *book)
{
    return book->last_ticks;
}

uint64_t match_update_id(const struct match_book *book)
{
    return book->update_id;
}

size_t match_order_count(const struct match_book *book)
{
    return book->orders.used;
}

bool match_find(const struct match_book *book, uint64_t order_id, struct match_order *out)
{
    uint32_t index = match_orders_find(&book->orders, order_id);

    if (index == 0)
        return false;
    *out = book->orders.slot[index].order;
    return true;
}

int64_t match_queue_ahead(const struct match_book *book, uint64_t order_id)
{
    uint32_t index = match_orders_find(&book->orders, order_id);
    int64_t sum = 0;

    if (index == 0 || book->orders.slot[index].order.visible_lots == 0)
        return -1;
    for (uint32_t at = book->orders.slot[index].prev; at != 0; at = book->orders.slot[at].prev)
        sum += book->orders.slot[at].order.left_lots;
    return sum;
}

static bool tell_level(const struct match_book *book, uint32_t index, int64_t *price_ticks, int64_t *qty_lots)
{
    if (index == MATCH_LEVEL_NONE)
        return false;
    *price_ticks = book->levels.level[index].price_ticks;
    *qty_lots = book->levels.level[index].visible_lots;
    return true;
}

bool match_best(const struct match_book *book, enum side side, int64_t *price_ticks, int64_t *qty_lots)
{
    return tell_level(book, match_levels_best(&book->levels, (enum match_ladder)side), price_ticks, qty_lots);
}

bool match_next(const struct match_book *book, enum side side, int64_t price_ticks, int64_t *next_ticks,
                int64_t *qty_lots)
{
    if (price_ticks < 0 ||
        price_ticks > book->config.price_ticks_max) /* beyond one end nothing, else the best */
        return (price_ticks < 0) == (side == SIDE_ASK) && match_best(book, side, next_ticks, qty_lots);
    return tell_level(book, match_levels_behind(&book->levels, (enum match_ladder)side, price_ticks),
                      next_ticks, qty_lots);
}

static uint32_t level_at(const struct match_book *book, enum side side, int64_t price_ticks)
{
    if (price_ticks < 0 || price_ticks > book->config.price_ticks_max)
        return MATCH_LEVEL_NONE;
    return match_levels_find(&book->levels, (enum match_ladder)side, price_ticks);
}

int64_t match_qty_at(const struct match_book *book, enum side side, int64_t price_ticks)
{
    uint32_t index = level_at(book, side, price_ticks);

    return index == MATCH_LEVEL_NONE ? 0 : book->levels.level[index].visible_lots;
}

size_t match_orders_at(const struct match_book *book, enum side side, int64_t price_ticks, uint64_t *out,
                       size_t max)
{
    uint32_t index = level_at(book, side, price_ticks);
    size_t written = 0;

    if (index == MATCH_LEVEL_NONE)
        return 0;
    for (uint32_t at = book->levels.level[index].head; at != 0 && written < max;
         at = book->orders.slot[at].next)
        out[written++] = book->orders.slot[at].order.id;
    return book->levels.level[index].count;
}

int64_t match_walk_value(const struct match_book *book, enum side taker, int64_t qty_lots, int64_t *got_lots)
{
    __int128 value = 0;
    int64_t left_lots = qty_lots > 0 ? qty_lots : 0;

    for (uint32_t at = match_levels_best(&book->levels, (enum match_ladder)side_other(taker));
         at != MATCH_LEVEL_NONE && left_lots > 0; at = match_levels_worse(&book->levels, at)) {
        const struct match_level *level = &book->levels.level[at];
        int64_t lots = level->total_lots < left_lots ? level->total_lots : left_lots;

        value += (__int128)lots * level->price_ticks;
        left_lots -= lots;
    }
    *got_lots = (qty_lots > 0 ? qty_lots : 0) - left_lots;
    return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}
