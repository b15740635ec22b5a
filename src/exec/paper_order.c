#include "exec/paper_order.h"

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

bool paper_order_passed(const struct paper_order *order, int64_t trade_ticks)
{
    return order->intent.side == SIDE_BID ? trade_ticks < order->intent.price_ticks
                                          : trade_ticks > order->intent.price_ticks;
}

bool paper_order_waits(const struct paper_order *order)
{
    return order_type_is_triggered(order->intent.type) && !order->triggered && !order->ended;
}

bool paper_order_rests(const struct paper_order *order)
{
    return order->rests && !order->ended;
}

bool paper_order_must_end(const struct paper_order *order)
{
    return order_type_is_market(order->intent.type) || order->intent.tif == TIF_IOC ||
           order->intent.tif == TIF_FOK;
}

static bool buys_when_low(enum order_type type)
{
    return type == ORDER_TAKE_PROFIT || type == ORDER_TAKE_PROFIT_LIMIT;
}

bool paper_order_rises(const struct paper_order *order)
{
    return (order->intent.side == SIDE_BID) != buys_when_low(order->intent.type);
}

bool paper_order_set_off(const struct paper_order *order, int64_t trade_ticks)
{
    int64_t stop_ticks = order->intent.stop_ticks;

    if (stop_ticks <= 0)
        return false; /* a trailing stop before its first trade */
    return paper_order_rises(order) ? trade_ticks >= stop_ticks : trade_ticks <= stop_ticks;
}

void paper_order_trail(struct paper_order *order, int64_t trade_ticks)
{
    struct order_intent *intent = &order->intent;
    int64_t follow;

    if (intent->type != ORDER_TRAILING_STOP)
        return;
    if (__builtin_add_overflow(trade_ticks, side_sign(intent->side) * intent->trail_ticks, &follow))
        return; /* it would stand beyond all prices */
    if (follow < 1)
        follow = 1;
    if (intent->stop_ticks <= 0 ||
        (intent->side == SIDE_BID ? follow < intent->stop_ticks : follow > intent->stop_ticks))
        intent->stop_ticks = follow;
}

void paper_order_rescale(struct paper_order *order, struct step_change change)
{
    step_scale(&order->intent.price_ticks, change.price_factor);
    step_scale(&order->intent.stop_ticks, change.price_factor);
    step_scale(&order->intent.trail_ticks, change.price_factor);
    step_scale(&order->arrival_mid2_ticks, change.price_factor);
    step_scale(&order->intent.qty_lots, change.qty_factor);
    step_scale(&order->intent.display_lots, change.qty_factor);
    step_scale(&order->left_lots, change.qty_factor);
    paper_queue_rescale(&order->queue, change);
}
