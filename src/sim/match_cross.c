/* What a working order does to the other side: prints, prevented self-trades, fill-or-kill, and its rest. */
#include "sim/match_book.h"

enum taker_end { TAKER_LIVES, TAKER_GONE };

static int64_t limit_of(const struct match_request *request)
{
    if (match_has_price(request->type))
        return request->price_ticks;
    return request->side == SIDE_BID ? INT64_MAX : 0;
}

static uint32_t best_within(const struct match_book *book, enum side taker, int64_t limit_ticks)
{
    uint32_t level = match_levels_best(&book->levels, (enum match_ladder)side_other(taker));

    if (level != MATCH_LEVEL_NONE && !match_within(taker, book->levels.level[level].price_ticks, limit_ticks))
        level = MATCH_LEVEL_NONE;
    return level;
}

/* --- one print --------------------------------------------------------------------------------------------- */

/* Lots that what is left of a market order by quote affords at a price; a full order's lots otherwise. */
static void price_quote_order(struct match_slot *taker, int64_t price_ticks)
{
    const struct match_request *request = &taker->order.request;

    if (request->quote_value != 0)
        taker->order.left_lots = (request->quote_value - taker->spent_value) / price_ticks;
}

/* Takes qty off both; returns what is visible at the level then. The maker leaves the book when nothing is left of it; else an empty visible part is filled up
 * from the hidden one, at the back of the queue. */
static int64_t take_lots(struct match_book *book, uint32_t taker, uint32_t maker, int64_t price_ticks,
                         int64_t qty_lots)
{
    struct match_order *order = &match_slot(book, maker)->order;
    struct match_level *level = match_level(book, match_slot(book, maker)->level);
    struct match_slot *taking = match_slot(book, taker);
    int64_t after_lots = level->visible_lots - qty_lots;
    uint32_t next;

    taking->order.left_lots -= qty_lots;
    if (order->left_lots == qty_lots)
        match_orders_leave(&book->orders, &book->levels, maker);
    else
        level->visible_lots -= qty_lots, level->total_lots -= qty_lots;
    order->left_lots -= qty_lots;
    order->visible_lots -= qty_lots;
    if (order->left_lots != 0 && order->visible_lots == 0) {
        order->visible_lots =
            order->left_lots < order->request.iceberg_lots ? order->left_lots : order->request.iceberg_lots;
        after_lots = level->visible_lots += order->visible_lots;
        match_orders_to_back(&book->orders, &book->levels, maker);
    }
    if (taking->order.request.quote_value != 0) {
        taking->spent_value += price_ticks * qty_lots;
        next = match_levels_best(&book->levels, (enum match_ladder)side_other(taking->order.request.side));
        price_quote_order(taking, next != 0 ? match_level(book, next)->price_ticks : price_ticks);
    }
    return after_lots;
}

/* False, with nothing done: the taker's value would pass int64_t. */
static bool print_trade(struct match_book *book, uint32_t taker, uint32_t maker, int64_t qty_lots)
{
    struct match_order *making = &match_slot(book, maker)->order, *taking = &match_slot(book, taker)->order;
    struct match_level *level = match_level(book, match_slot(book, maker)->level);
    int64_t price_ticks = level->price_ticks, before_lots = level->visible_lots;
    int64_t after_lots, value = price_ticks * qty_lots, value_sum; /* the maker's whole value was checked */

    if (__builtin_add_overflow(taking->filled_value, value, &value_sum))
        return false;
    after_lots = take_lots(book, taker, maker, price_ticks, qty_lots);
    taking->filled_lots += qty_lots;
    taking->filled_value = value_sum;
    making->filled_lots += qty_lots;
    making->filled_value += value;
    book->last_ticks = price_ticks;
    match_tell_pair(book, MATCH_EVENT_TRADE, taker, maker, price_ticks, qty_lots);
    match_tell_level(book, making->request.side, price_ticks, before_lots, after_lots);
    match_end_siblings(book, maker);
    match_end_siblings(book, taker);
    if (making->left_lots == 0)
        match_orders_give(&book->orders, maker);
    if (match_triggers_concern(book, price_ticks))
        match_triggers_print(book, price_ticks);
    return true;
}

/* --- self-trade prevention ------------------------------------------------------------------------------------ */

static enum taker_end expire_pair(struct match_book *book, uint32_t taker, uint32_t maker, bool end_taker,
                                  bool end_maker)
{
    struct match_order *making = &match_slot(book, maker)->order, *taking = &match_slot(book, taker)->order;
    struct match_level *level = match_level(book, match_slot(book, maker)->level);
    int64_t price_ticks = level->price_ticks, before_lots = level->visible_lots;
    int64_t taken_lots = taking->left_lots, made_lots = making->left_lots;
    int64_t after_lots = before_lots - making->visible_lots; /* if the maker goes */

    if (end_taker) {
        taking->prevented_lots += taken_lots;
        taking->left_lots = 0;
    }
    if (end_maker) {
        match_orders_leave(&book->orders, &book->levels, maker);
        making->prevented_lots += made_lots;
        making->left_lots = making->visible_lots = 0;
    }
    match_tell_pair(book, MATCH_EVENT_PREVENTED, taker, maker, price_ticks,
                    end_taker ? taken_lots : made_lots);
    if (end_maker) {
        match_tell_order(book, MATCH_EVENT_EXPIRED, maker, true);
        match_tell_level(book, making->request.side, price_ticks, before_lots, after_lots);
        match_end_siblings(book, maker);
        match_orders_give(&book->orders, maker);
    }
    if (!end_taker)
        return TAKER_LIVES;
    match_end(book, taker, MATCH_EVENT_EXPIRED, true);
    return TAKER_GONE;
}

static enum taker_end decrement_pair(struct match_book *book, uint32_t taker, uint32_t maker,
                                     int64_t qty_lots)
{
    struct match_order *making = &match_slot(book, maker)->order, *taking = &match_slot(book, taker)->order;
    struct match_level *level = match_level(book, match_slot(book, maker)->level);
    int64_t price_ticks = level->price_ticks, before_lots = level->visible_lots, after_lots;

    after_lots = take_lots(book, taker, maker, price_ticks, qty_lots);
    taking->prevented_lots += qty_lots;
    making->prevented_lots += qty_lots;
    match_tell_pair(book, MATCH_EVENT_PREVENTED, taker, maker, price_ticks, qty_lots);
    if (making->left_lots == 0)
        match_tell_order(book, MATCH_EVENT_EXPIRED, maker, true);
    match_tell_level(book, making->request.side, price_ticks, before_lots, after_lots);
    if (making->left_lots == 0) {
        match_end_siblings(book, maker);
        match_orders_give(&book->orders, maker);
    }
    if (taking->left_lots != 0)
        return TAKER_LIVES;
    match_end(book, taker, MATCH_EVENT_EXPIRED, true);
    return TAKER_GONE;
}

static enum taker_end prevent(struct match_book *book, uint32_t taker, uint32_t maker, int64_t qty_lots)
{
    switch (match_slot(book, taker)->order.request.stp) {
    case MATCH_STP_EXPIRE_MAKER:
        return expire_pair(book, taker, maker, false, true);
    case MATCH_STP_EXPIRE_BOTH:
        return expire_pair(book, taker, maker, true, true);
    case MATCH_STP_DECREMENT:
        return decrement_pair(book, taker, maker, qty_lots);
    case MATCH_STP_NONE:
    case MATCH_STP_EXPIRE_TAKER:
        break;
    }
    return expire_pair(book, taker, maker, true, false);
}

/* --- fill or kill --------------------------------------------------------------------------------------------- */

/* What a taker would get of one level before one of its own orders ends its run; *blocked tells of such an order.
 * Own orders that only expire themselves are passed over. In its turn a level gives each order's visible part, so
 * before an own order that is all there is. */
static int64_t level_gives(struct match_book *book, uint32_t index, const struct match_request *taker,
                           bool *blocked)
{
    const struct match_level *level = match_level(book, index);
    int64_t visible_lots = 0, own_lots = 0;

    if (taker->stp == MATCH_STP_NONE)
        return level->total_lots;
    for (uint32_t at = level->head; at != 0; at = match_slot(book, at)->next) {
        const struct match_order *order = &match_slot(book, at)->order;

        if (order->request.account != taker->account) {
            visible_lots += order->visible_lots;
        } else if (taker->stp == MATCH_STP_EXPIRE_MAKER) {
            own_lots += order->left_lots;
        } else {
            *blocked = true;
            return visible_lots;
        }
    }
    return level->total_lots - own_lots;
}

static bool can_fill(struct match_book *book, uint32_t index, int64_t limit_ticks)
{
    const struct match_order *order = &match_slot(book, index)->order;
    int64_t need_lots = order->left_lots;
    __int128 value = 0;
    bool blocked = false;

    for (uint32_t at = best_within(book, order->request.side, limit_ticks);
         at != MATCH_LEVEL_NONE && need_lots > 0 && !blocked; at = match_levels_worse(&book->levels, at)) {
        int64_t price_ticks = match_level(book, at)->price_ticks, lots;

        if (!match_within(order->request.side, price_ticks, limit_ticks))
            break;
        lots = level_gives(book, at, &order->request, &blocked);
        lots = lots < need_lots ? lots : need_lots;
        need_lots -= lots;
        value += (__int128)lots * price_ticks;
    }
    return need_lots == 0 && value <= INT64_MAX;
}

/* --- the whole ------------------------------------------------------------------------------------------------ */

static enum taker_end take(struct match_book *book, uint32_t index, int64_t limit_ticks)
{
    struct match_slot *slot = match_slot(book, index);
    const struct match_request *request = &slot->order.request;
    uint32_t at;

    while ((at = best_within(book, request->side, limit_ticks)) != MATCH_LEVEL_NONE) {
        uint32_t maker = match_level(book, at)->head;
        const struct match_order *making = &match_slot(book, maker)->order;
        int64_t qty_lots, left_lots;

        left_lots = slot->order.left_lots;
        match_orders_prefetch(&book->orders, match_slot(book, maker)->next);
        price_quote_order(slot, match_level(book, at)->price_ticks);
        if (slot->order.left_lots == 0) {
            slot->order.left_lots = left_lots; /* as it was told: what is too dear by now expires */
            break;
        }
        qty_lots =
            making->visible_lots < slot->order.left_lots ? making->visible_lots : slot->order.left_lots;
        if (request->stp != MATCH_STP_NONE && making->request.account == request->account) {
            if (prevent(book, index, maker, qty_lots) == TAKER_GONE)
                return TAKER_GONE;
        } else if (!print_trade(book, index, maker, qty_lots)) {
            break;
        }
    }
    return TAKER_LIVES;
}

static void rest(struct match_book *book, uint32_t index)
{
    struct match_order *order = &match_slot(book, index)->order;
    enum side side = order->request.side;
    int64_t price_ticks = order->request.price_ticks, iceberg_lots = order->request.iceberg_lots;
    uint32_t level = match_levels_open(&book->levels, (enum match_ladder)side, price_ticks);
    int64_t before_lots = match_level(book, level)->visible_lots;

    order->visible_lots =
        iceberg_lots != 0 && iceberg_lots < order->left_lots ? iceberg_lots : order->left_lots;
    match_orders_join(&book->orders, &book->levels, index, level);
    match_tell_level(book, side, price_ticks, before_lots, before_lots + order->visible_lots);
}

void match_execute(struct match_book *book, uint32_t index)
{
    struct match_order *order = &match_slot(book, index)->order;
    const struct match_request *request = &order->request;
    int64_t limit_ticks = limit_of(request);
    bool all_or_nothing = request->tif == MATCH_FOK && request->type != MATCH_LIMIT_MAKER;
    bool may_rest =
        match_has_price(request->type) && (request->tif == MATCH_GTC || request->type == MATCH_LIMIT_MAKER);

    if (all_or_nothing && !can_fill(book, index, limit_ticks)) {
        match_end(book, index, MATCH_EVENT_EXPIRED, false);
        return;
    }
    if (take(book, index, limit_ticks) == TAKER_GONE)
        return;
    if (order->left_lots == 0 && order->filled_lots != 0) {
        match_end_siblings(book, index);
        match_orders_give(&book->orders, index);
    } else if (may_rest) {
        rest(book, index);
    } else {
        match_end(book, index, MATCH_EVENT_EXPIRED, false);
    }
}
