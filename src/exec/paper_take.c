/* paper_take.c - taking from the book: level by level, and beyond what it shows. See paper_parts.h. */
#include "exec/paper_parts.h"

static const struct paper_why OWN_ORDER = {ORDER_ERROR_SELF_TRADE, "own order on the other side"};
static const struct paper_why TOO_MANY = {ORDER_ERROR_CAPACITY, "too many levels for one order"};

int64_t paper_own_best(const struct paper_call *call, enum side side)
{
    const struct paper_broker *broker = call->broker;
    int64_t best = 0;

    for (size_t i = 0; i < broker->count; i++) {
        const struct paper_order *order = &broker->order[i];

        if (!paper_is_here(call, order) || order->intent.side != side || !paper_order_rests(order))
            continue;
        if (best == 0 ||
            (side == SIDE_BID ? order->intent.price_ticks > best : order->intent.price_ticks < best))
            best = order->intent.price_ticks;
    }
    return best;
}

/* Our own order at `own` (0: none) would be met before the level. */
static bool own_in_the_way(enum side side, int64_t own, int64_t price_ticks)
{
    return own != 0 && (side == SIDE_BID ? price_ticks >= own : price_ticks <= own);
}

int64_t paper_reducible(const struct paper_call *call, const struct paper_order *order)
{
    int64_t lots = -side_sign(order->intent.side) * call->market->holding.position.lots;

    if (call->market->instrument->venue == VENUE_BINANCE_SPOT)
        return paper_pair_lots(call, order);
    if (!order->intent.reduce_only)
        return order->left_lots;
    if (lots <= 0)
        return 0;
    return lots < order->left_lots ? lots : order->left_lots;
}

/* Lots on offer up to the order's price and short of our own, at most what is left of it; on how many levels. */
static int64_t offered(const struct paper_call *call, const struct paper_order *order, int64_t own,
                       size_t *levels)
{
    enum side side = order->intent.side, other = side_other(side);
    struct level level;
    int64_t lots = 0;
    bool more = order_book_best(call->market->book, other, &level);

    while (more && lots < order->left_lots && paper_order_reaches(order, level.price_ticks) &&
           !own_in_the_way(side, own, level.price_ticks)) {
        int64_t left = paper_liquidity_left(&call->broker->liquidity, call->instrument_id, other, &level);

        lots += left < order->left_lots - lots ? left : order->left_lots - lots;
        *levels += left > 0;
        more = order_book_next(call->market->book, other, level.price_ticks, &level);
    }
    return lots;
}

/* All of it or nothing: why it is nothing. */
static struct paper_why refuse_fok(const struct paper_call *call, const struct paper_order *order,
                                   int64_t own)
{
    size_t levels = 0, room = paper_room(call), remembered = PAPER_TAKEN_MAX - call->broker->liquidity.count;

    if (paper_reducible(call, order) < order->left_lots)
        return paper_nothing_left(call);
    if (offered(call, order, own, &levels) < order->left_lots)
        return own != 0 && paper_order_reaches(order, own) ? OWN_ORDER : PAPER_NO_MORE;
    return levels > remembered || levels + PAPER_ROOM_MIN > room ? TOO_MANY : (struct paper_why){0};
}

/* What the visible book does not hold, by the slippage model; only where the walk came to its end. */
static void take_beyond(struct paper_call *call, struct paper_order *order, int64_t own)
{
    enum side other = side_other(order->intent.side);
    int64_t price_ticks, lots = paper_reducible(call, order);

    lots = paper_slippage_beyond(call->broker->params.slippage, call->market->book, other,
                                 order->intent.price_ticks, lots, &price_ticks);
    if (lots == 0 || own_in_the_way(order->intent.side, own, price_ticks))
        return;
    paper_set_cause(call, STORY_BEYOND_BOOK, price_ticks, 0);
    paper_tell_fill(call, order, price_ticks, lots, false);
}

/*
 * Level by level, up to the order's price and short of our own orders: these never trade with each other. Answers
 * one fill a level.
 */
struct paper_why paper_take(struct paper_call *call, struct paper_order *order)
{
    enum side side = order->intent.side, other = side_other(side);
    struct paper_liquidity *liquidity = &call->broker->liquidity;
    int64_t own = paper_own_best(call, other);
    struct level level;
    bool more = order_book_best(call->market->book, other, &level);

    if (order->intent.tif == TIF_FOK) {
        struct paper_why why = refuse_fok(call, order, own);

        if (why.error != ORDER_ERROR_NONE)
            return why;
    }
    while (more && order->left_lots > 0 && paper_order_reaches(order, level.price_ticks) &&
           !own_in_the_way(side, own, level.price_ticks)) {
        int64_t lots = paper_liquidity_left(liquidity, call->instrument_id, other, &level);
        int64_t want = paper_reducible(call, order);

        if (want == 0)
            return paper_nothing_left(call);
        if (lots > 0) {
            lots = lots < want ? lots : want;
            if (paper_room(call) < PAPER_ROOM_MIN ||
                paper_liquidity_take(liquidity, call->instrument_id, other, &level, lots) == 0)
                return TOO_MANY;
            paper_set_cause(call, STORY_TOOK, level.price_ticks, level.qty_lots);
            paper_tell_fill(call, order, level.price_ticks, lots, false);
        }
        more = order_book_next(call->market->book, other, level.price_ticks, &level);
    }
    if (!more && order->left_lots > 0 && paper_room(call) >= PAPER_ROOM_MIN)
        take_beyond(call, order, own);
    if (order->left_lots > 0 && paper_reducible(call, order) == 0)
        return paper_nothing_left(call);
    return own != 0 && paper_order_reaches(order, own) ? OWN_ORDER : (struct paper_why){0};
}
