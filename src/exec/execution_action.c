/* execution_action.c - what an order of ours may still do, and the three things that can be asked for: order,
 * cancel, replace. All bounds of one call are kept here. */
#include "exec/execution_parts.h"

#include "core/market/saturate.h"

bool execution_placed(const struct order_intent *intent)
{
    return intent->parent >> 48 == (uint64_t)intent->owner + 1;
}

bool execution_rests(const struct order *order)
{
    return order->intent.type == ORDER_LIMIT && order->intent.tif == TIF_GTC;
}

int64_t execution_may_fill(const struct order *order)
{
    int64_t qty = order->intent.qty_lots;

    /* A replace may be on its way behind a cancel or an unknown answer, too. */
    if (order->state != ORDER_STATE_SENT && order->state != ORDER_STATE_WORKING &&
        order->replace_qty_lots > qty)
        qty = order->replace_qty_lots;
    return qty - order->filled_lots;
}

int64_t execution_stays(const struct order *order)
{
    int64_t left = order_left_lots(order);

    if (order->state == ORDER_STATE_PENDING_CANCEL)
        return 0;
    if (order->state == ORDER_STATE_PENDING_REPLACE)
        left = order->replace_qty_lots - order->filled_lots;
    return left > 0 ? left : 0;
}

static bool out_is_full(const struct execution_actions *out)
{
    return out->intents + out->cancels + out->replaces >= EXECUTION_ACTIONS_MAX;
}

/* A cancel that was refused leaves the order working: the next one waits. */
static bool just_cancelled(const struct execution_call *call, uint64_t seq)
{
    for (size_t i = 0; i < EXECUTION_CANCELS_MAX; i++)
        if (call->place->cancelled[i].seq == seq &&
            call->view->ref.now_ns - call->place->cancelled[i].ts_ns < call->params->retry_ns)
            return true;
    return false;
}

bool execution_cancel(struct execution_call *call, const struct order *order)
{
    struct execution_place *place = call->place;

    if (order->state != ORDER_STATE_SENT && order->state != ORDER_STATE_WORKING &&
        order->state != ORDER_STATE_PENDING_REPLACE)
        return false;
    if (!execution_rests(order) || out_is_full(call->out) || just_cancelled(call, order->seq))
        return false;
    call->out->cancel_seq[call->out->cancels++] = order->seq;
    place->cancelled[place->next_cancel].seq = order->seq;
    place->cancelled[place->next_cancel].ts_ns = call->view->ref.now_ns;
    place->next_cancel = (place->next_cancel + 1) % EXECUTION_CANCELS_MAX;
    place->cost.cancels++;
    return true;
}

bool execution_replace(struct execution_call *call, const struct order *order, int64_t price_ticks,
                       int64_t left_lots)
{
    struct execution_actions *out = call->out;

    if (order->state != ORDER_STATE_WORKING || !call->may_place || out_is_full(out))
        return false;
    out->replace[out->replaces].seq = order->seq;
    out->replace[out->replaces].price_ticks = price_ticks;
    out->replace[out->replaces++].qty_lots = saturate_add(order->filled_lots, left_lots);
    call->place->cost.replaces++;
    if (price_ticks != order->intent.price_ticks || left_lots > order_left_lots(order))
        call->place->moved_ns[order->intent.side] = call->view->ref.now_ns;
    return true;
}

struct order_intent *execution_intent(struct execution_call *call, enum side side)
{
    const struct goal *goal = &call->place->goal;
    struct order_intent *intent;

    if (!call->may_place || out_is_full(call->out))
        return NULL;
    intent = &call->out->intent[call->out->intents++];
    *intent = (struct order_intent){.instrument_id = goal->instrument_id,
                                    .owner = goal->owner,
                                    .side = side,
                                    .type = ORDER_LIMIT,
                                    .tif = TIF_GTC,
                                    .post_only = true,
                                    .reduce_only = goal->kind == GOAL_TARGET && goal->reduce_only,
                                    .may_cut = goal->may_cut,
                                    .parent = call->place->parent,
                                    .correlation_id = goal->correlation_id};
    call->place->cost.orders++;
    return intent;
}

bool execution_side_rested(const struct execution_call *call, enum side side)
{
    int64_t moved_ns = call->place->moved_ns[side];

    return moved_ns == INT64_MIN || call->view->ref.now_ns - moved_ns >= call->params->reprice_min_ns;
}

bool execution_clear_price(const struct execution_call *call, enum side side, int64_t *signed_ticks)
{
    int64_t other = call->view->ref.best_ticks[side_other(side)];
    int64_t limit = call->own_limit[side];

    if (other > 0 && signed_price(side, other) < limit)
        limit = signed_price(side, other);
    if (*signed_ticks >= limit)
        *signed_ticks = limit - 1;
    return side == SIDE_BID ? *signed_ticks > 0 : *signed_ticks < 0;
}

int64_t execution_least_lots(const struct instrument *instrument, int64_t price_ticks)
{
    int64_t least = instrument->qty_lots_min > 1 ? instrument->qty_lots_min : 1;
    __int128 lot_value_e16 = (__int128)price_ticks * instrument->tick_e8, lots;

    if (instrument->notional_e8_min <= 0 || lot_value_e16 <= 0 || instrument->lot_e8 <= 0 ||
        __builtin_mul_overflow(lot_value_e16, (__int128)instrument->lot_e8, &lot_value_e16))
        return least;
    lots = ((__int128)instrument->notional_e8_min * 100000000 + lot_value_e16 - 1) / lot_value_e16;
    if (lots > INT64_MAX)
        return INT64_MAX;
    return (int64_t)lots > least ? (int64_t)lots : least;
}

int64_t execution_part_lots(int64_t lots, int64_t most_lots, int64_t least_lots)
{
    int64_t rest;

    if (most_lots <= 0 || lots <= most_lots)
        return lots;
    rest = lots - most_lots;
    if (rest < least_lots && most_lots - (least_lots - rest) >= least_lots)
        return most_lots - (least_lots - rest);
    return most_lots;
}
