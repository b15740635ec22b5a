#include "exec/paper_order.h"

void paper_order_join(struct paper_order *order, int64_t shown_lots)
{
    order->shown_lots = shown_lots;
    order->unseen_lots = 0;
    order->expected_lots = shown_lots;
    order->worst_lots = shown_lots;
}

static int64_t less(int64_t value, int64_t by)
{
    return value > by ? value - by : 0;
}

void paper_order_traded(struct paper_order *order, int64_t lots)
{
    order->worst_lots = less(order->worst_lots, lots);
    order->expected_lots = less(order->expected_lots, lots);
    if (__builtin_add_overflow(order->unseen_lots, lots, &order->unseen_lots))
        order->unseen_lots = INT64_MAX;
}

void paper_order_level(struct paper_order *order, int64_t shown_lots)
{
    int64_t fall, by_trades;

    if (shown_lots == order->shown_lots)
        return;
    if (shown_lots > order->shown_lots) { /* joined behind us */
        order->shown_lots = shown_lots;
        order->unseen_lots = 0;
        return;
    }
    fall = order->shown_lots - shown_lots;
    by_trades = fall < order->unseen_lots ? fall : order->unseen_lots;
    order->unseen_lots -= by_trades;
    if (fall > by_trades) { /* shown_lots of what the trades left are still there; rounded up */
        int64_t before = order->shown_lots - by_trades;
        __int128 ahead = ((__int128)order->expected_lots * shown_lots + before - 1) / before;

        if (ahead < order->expected_lots)
            order->expected_lots = (int64_t)ahead;
    }
    order->shown_lots = shown_lots;
}

static void scale(int64_t *value, int64_t factor)
{
    if (__builtin_mul_overflow(*value, factor, value))
        *value = INT64_MAX;
}

void paper_order_rescale(struct paper_order *order, struct step_change change)
{
    scale(&order->intent.price_ticks, change.price_factor);
    scale(&order->intent.stop_ticks, change.price_factor);
    scale(&order->arrival_mid2_ticks, change.price_factor);
    scale(&order->intent.qty_lots, change.qty_factor);
    scale(&order->left_lots, change.qty_factor);
    scale(&order->shown_lots, change.qty_factor);
    scale(&order->unseen_lots, change.qty_factor);
    scale(&order->expected_lots, change.qty_factor);
    scale(&order->worst_lots, change.qty_factor);
}

bool paper_reaches(enum side side, int64_t limit_ticks, int64_t price_ticks)
{
    if (limit_ticks == 0)
        return true;
    return side == SIDE_BID ? price_ticks <= limit_ticks : price_ticks >= limit_ticks;
}

bool paper_order_reaches(const struct paper_order *order, int64_t price_ticks)
{
    return paper_reaches(order->intent.side, order->intent.price_ticks, price_ticks);
}

bool paper_order_rests(const struct paper_order *order)
{
    return order->intent.type == ORDER_LIMIT && order->left_lots > 0;
}

bool paper_order_set_off(const struct paper_order *order, int64_t trade_ticks)
{
    if (order->intent.side == SIDE_BID)
        return trade_ticks >= order->intent.stop_ticks;
    return trade_ticks <= order->intent.stop_ticks;
}
