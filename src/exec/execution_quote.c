/*
 * execution_quote.c - quotes: one order a side at the asked price.
 *
 * An order up to hysteresis_ticks better than the asked price stays where it is: more would pay what its owner does not
 * want to pay. One that is worse stays up to the hysteresis of a target, and further away from the touch up to a share of
 * that distance: it fills only when the market has come there, and a price that was asked a moment later is as good. A
 * change is a replace, so that there is never a moment with both orders out; less at the same price keeps its place in the
 * queue, and so does an order of which at least half is left: topping it up would send it to the end.
 */
#include "exec/execution_parts.h"

#define AWAY_SHARE 8 /* of the distance to the touch */

/* The side's order that is kept; *wait: another one there may still fill or is not known. */
static const struct order *quote_order(const struct execution_call *call, enum side side, bool *wait)
{
    const struct order *kept = NULL;

    *wait = false;
    for (size_t i = 0; i < call->view->order_count; i++) {
        const struct order *order = call->view->orders[i];

        if (order->intent.side != side)
            continue;
        if (!execution_rests(order) || order->state == ORDER_STATE_PENDING_CANCEL ||
            order->state == ORDER_STATE_UNKNOWN)
            *wait = true;
        else if (kept == NULL)
            kept = order;
    }
    return kept;
}

/* How far behind the asked price an order may stay. */
static int64_t slack_ticks(const struct execution_call *call, enum side side, int64_t signed_ticks)
{
    int64_t stay = execution_hysteresis_ticks(call, signed_price(side, signed_ticks));
    int64_t touch = call->view->ref.best_ticks[side];
    int64_t away = touch > 0 ? signed_price(side, touch) - signed_ticks : 0;

    return away / AWAY_SHARE > stay ? away / AWAY_SHARE : stay;
}

static bool quote_is_off(const struct execution_call *call, const struct order *order, int64_t signed_ticks)
{
    int64_t off = signed_price(order->intent.side, order->intent.price_ticks) - signed_ticks;

    return off > call->params->hysteresis_ticks || -off > slack_ticks(call, order->intent.side, signed_ticks);
}

/* Our other side stands in the way and is about to leave. */
static bool other_side_leaves(const struct execution_call *call, enum side side)
{
    enum side other = side_other(side);
    bool wait;
    const struct order *order = quote_order(call, other, &wait);

    if (order == NULL || wait || order->state != ORDER_STATE_WORKING)
        return true;
    return quote_is_off(call, order, signed_price(other, call->place->goal.quote[other].price_ticks));
}

static void quote_place(struct execution_call *call, enum side side, int64_t price_ticks, int64_t lots)
{
    struct order_intent *intent;

    if (!execution_side_rested(call, side))
        return;
    intent = execution_intent(call, side);
    if (intent == NULL)
        return;
    intent->price_ticks = price_ticks;
    intent->qty_lots = lots;
    call->place->moved_ns[side] = call->view->ref.now_ns;
}

static void quote_adjust(struct execution_call *call, const struct order *order, int64_t signed_ticks,
                         int64_t lots)
{
    enum side side = order->intent.side;
    int64_t left = order_left_lots(order);
    bool too_small = left < lots / 2 && execution_side_rested(call, side);

    if (order->state != ORDER_STATE_WORKING)
        return;
    if (lots < call->view->instrument->qty_lots_min) {
        execution_cancel(call, order);
    } else if (quote_is_off(call, order, signed_ticks)) {
        if (!call->may_place) /* refused just now: no quote rather than a wrong one */
            execution_cancel(call, order);
        else if (execution_side_rested(call, side))
            execution_replace(call, order, signed_price(side, signed_ticks), lots);
    } else if (left > lots || too_small) {
        execution_replace(call, order, order->intent.price_ticks, lots);
    }
}

static void cancel_others(struct execution_call *call, enum side side, const struct order *kept)
{
    for (size_t i = 0; i < call->view->order_count; i++)
        if (call->view->orders[i] != kept && call->view->orders[i]->intent.side == side)
            execution_cancel(call, call->view->orders[i]);
}

static void quote_side(struct execution_call *call, enum side side)
{
    const struct goal_quote *asked = &call->place->goal.quote[side];
    const struct instrument *instrument = call->view->instrument;
    int64_t signed_ticks = signed_price(side, asked->price_ticks), lots = asked->qty_lots;
    bool wait;
    const struct order *order = quote_order(call, side, &wait);

    if (instrument->qty_lots_max > 0 && lots > instrument->qty_lots_max)
        lots = instrument->qty_lots_max;
    if (asked->price_ticks == 0) {
        cancel_others(call, side, NULL);
        return;
    }
    cancel_others(call, side, order);
    if ((signed_ticks >= call->own_limit[side] && other_side_leaves(call, side)) ||
        !execution_clear_price(call, side, &signed_ticks))
        return;
    if (order != NULL)
        quote_adjust(call, order, signed_ticks, lots);
    else if (!wait && lots >= execution_least_lots(instrument, signed_price(side, signed_ticks)))
        quote_place(call, side, signed_price(side, signed_ticks), lots);
}

void execution_quote_run(struct execution_call *call)
{
    quote_side(call, SIDE_BID);
    quote_side(call, SIDE_ASK);
}
