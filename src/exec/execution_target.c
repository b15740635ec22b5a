/*
 * execution_target.c - from a wanted position to orders: what points the wrong way goes first, then what rests
 * is followed, what is late is taken, and what is missing is placed.
 */
#include "exec/execution_parts.h"

#include "core/market/saturate.h"

#define SMALL_PART                                                                                           \
    8 /* beside resting orders a missing part below an eighth of them waits: no message for it */

struct target_sums {   /* of our orders on one side */
    int64_t may_lots;  /* may still fill, at worst */
    int64_t stay_lots; /* resting and meant to */
    size_t resting;
};

static struct target_sums sums_of(const struct execution_view *view, enum side side)
{
    struct target_sums sums = {0};

    for (size_t i = 0; i < view->order_count; i++) {
        const struct order *order = view->orders[i];

        if (order->intent.side != side)
            continue;
        sums.may_lots = saturate_add(sums.may_lots, execution_may_fill(order));
        if (!execution_rests(order))
            continue;
        sums.stay_lots = saturate_add(sums.stay_lots, execution_stays(order));
        sums.resting++;
    }
    return sums;
}

/* A part of the order goes, the rest keeps its place; false: it has to wait for an answer. */
static bool shrink_one(struct execution_call *call, const struct order *order, int64_t left_lots)
{
    if (left_lots > 0 && left_lots < execution_least_lots(call->view->instrument, order->intent.price_ticks))
        left_lots = 0;
    if (left_lots > 0 && call->may_place)
        return execution_replace(call, order, order->intent.price_ticks, left_lots);
    return execution_cancel(call, order);
}

/* Takes back what rests on a side beyond allowed_lots, the newest first: it has the least of a queue to lose.
 * True: there was too much. */
static bool shrink_to(struct execution_call *call, enum side side, int64_t allowed_lots, int64_t stay_lots)
{
    int64_t excess = stay_lots - allowed_lots;

    if (excess <= 0)
        return false;
    for (size_t i = call->view->order_count; i-- > 0 && excess > 0;) {
        const struct order *order = call->view->orders[i];
        int64_t stays = execution_stays(order);

        if (order->intent.side != side || stays == 0 || !execution_rests(order))
            continue;
        if (stays > excess && order->state != ORDER_STATE_UNKNOWN) {
            shrink_one(call, order, stays - excess);
            return true;
        }
        if (execution_cancel(call, order))
            excess -= stays;
    }
    return true;
}

/* Lots to trade until the target, signed. Reduce-only: towards flat, and not beyond. */
static int64_t need_lots(const struct execution_call *call)
{
    const struct goal *goal = &call->place->goal;
    int64_t position = call->view->position_lots, target = goal->target_lots, need;

    if (goal->reduce_only) {
        int64_t low = position < 0 ? position : 0, high = position > 0 ? position : 0;

        target = target < low ? low : target > high ? high : target;
    }
    if (__builtin_sub_overflow(target, position, &need) || need == INT64_MIN)
        return target > position ? INT64_MAX : -INT64_MAX;
    return need;
}

static int64_t clamped(int64_t value, int64_t max)
{
    return value < 0 ? 0 : value > max ? max : value;
}

/* Of total_lots that are missing: what may be out now, and of that what must be taken. */
static void split(struct execution_call *call, enum side side, int64_t total_lots, int64_t *need,
                  int64_t *take)
{
    struct execution_place *place = call->place;
    const struct goal *goal = &place->goal;
    struct slice_due due;

    if ((goal->slicing != SLICE_TWAP && goal->slicing != SLICE_POV) || place->plan.side != side ||
        place->plan.total_lots == 0) {
        *need = total_lots;
        *take = slice_is_over(&place->plan, goal, call->view->ref.now_ns) ? total_lots : 0;
        return;
    }
    due = slice_due(&place->plan, goal, call->view->ref.now_ns);
    *need = clamped(due.due_lots - place->filled_lots, total_lots);
    *take = clamped(due.late_lots - place->filled_lots, *need);
    if (goal->slicing != SLICE_TWAP)
        return;
    if (due.due_lots == place->plan.total_lots)
        *need = total_lots;
    if (due.late_lots == place->plan.total_lots)
        *take = total_lots;
}

/* --- taking -------------------------------------------------------------------------------------------------- */

/* Worst price of a taking order, signed; false: nothing stands within it. The touch it is measured from is the
 * nearest of the last flicker_ns: a side that was just swept is not paid for. */
static bool take_bound(const struct execution_call *call, enum side side, int64_t *bound)
{
    const struct goal *goal = &call->place->goal;
    int64_t now_ns = call->view->ref.now_ns, best = call->view->ref.best_ticks[side_other(side)];
    struct touch_band other;
    int64_t from, move;

    if (best == 0 ||
        !touch_band(&call->place->touch, side_other(side), now_ns, call->params->flicker_ns, &other))
        return false;
    from = -other.high;
    move = (int64_t)((__int128)side_sign(side) * from * call->params->take_bound_bp / 10000);
    *bound = from + (move > 1 ? move : 1);
    if (goal->worst_ticks != 0 && *bound > signed_price(side, goal->worst_ticks))
        *bound = signed_price(side, goal->worst_ticks);
    if (*bound >= call->own_limit[side])
        *bound = call->own_limit[side] - 1;
    return *bound >= signed_price(side, best) && signed_price(side, *bound) > 0;
}

/* Each order that left the position as it was doubles the pause to the next. */
static void take_paced(struct execution_call *call)
{
    struct execution_place *place = call->place;

    place->takes_in_vain = place->took && place->take_position_lots == call->view->position_lots
                               ? place->takes_in_vain + (place->takes_in_vain < EXECUTION_DOUBLINGS)
                               : 0;
    place->took = true;
    place->take_position_lots = call->view->position_lots;
    place->take_ns = call->view->ref.now_ns + (call->params->retry_ns << place->takes_in_vain);
}

/* How much of the limit `most` says one order may have; 0: no bound. */
static int64_t tighter(int64_t most, int64_t other)
{
    return most == 0 ? other : other == 0 ? most : most < other ? most : other;
}

/* Returns the lots that it sent for. */
static int64_t take(struct execution_call *call, enum side side, int64_t lots)
{
    const struct instrument *instrument = call->view->instrument;
    int64_t bound, least, best = call->view->ref.best_ticks[side_other(side)];
    struct order_intent *intent;

    if (lots <= 0 || !call->may_place || call->view->ref.now_ns < call->place->take_ns ||
        !take_bound(call, side, &bound))
        return 0;
    least = execution_least_lots(instrument, side == SIDE_BID ? best : -bound);
    if (lots < least)
        return 0;
    lots =
        execution_part_lots(lots, tighter(instrument->market_qty_lots_max, instrument->qty_lots_max), least);
    intent = execution_intent(call, side);
    if (intent == NULL)
        return 0;
    intent->type = ORDER_MARKET;
    intent->tif = TIF_IOC;
    intent->post_only = false;
    intent->price_ticks = signed_price(side, bound);
    intent->qty_lots = lots;
    take_paced(call);
    return lots;
}

/* --- resting ------------------------------------------------------------------------------------------------- */

/* Moves what rests to where it should be; an order that moves loses its place anyway and takes the missing lots
 * along. Returns how many it took. */
static int64_t follow(struct execution_call *call, enum side side, int64_t missing_lots)
{
    const struct instrument *instrument = call->view->instrument;
    bool rested = execution_side_rested(call, side), forced;
    int64_t taken = 0, signed_ticks;

    for (size_t i = 0; i < call->view->order_count; i++) {
        const struct order *order = call->view->orders[i];
        int64_t left;

        if (order->intent.side != side || order->state != ORDER_STATE_WORKING || !execution_rests(order))
            continue;
        if (!execution_follow(call, order, &signed_ticks, &forced)) {
            if (forced)
                execution_cancel(call, order);
            continue;
        }
        if (!forced && !rested)
            continue;
        left = execution_part_lots(saturate_add(order_left_lots(order), missing_lots - taken),
                                   instrument->qty_lots_max, 0);
        if (left < execution_least_lots(instrument, signed_price(side, signed_ticks)) ||
            !execution_replace(call, order, signed_price(side, signed_ticks), left)) {
            if (forced)
                execution_cancel(call, order);
            continue;
        }
        if (left > order_left_lots(order))
            taken += left - order_left_lots(order);
    }
    return taken;
}

static void place_missing(struct execution_call *call, enum side side, int64_t lots,
                          const struct target_sums *sums)
{
    const struct goal *goal = &call->place->goal;
    const struct instrument *instrument = call->view->instrument;
    struct order_intent *intent;
    int64_t signed_ticks, least;

    if (lots <= 0 || !call->may_place || sums->resting >= EXECUTION_CHILDREN ||
        lots < sums->stay_lots / SMALL_PART || !execution_side_rested(call, side) ||
        !execution_follow_price(call, side, &signed_ticks))
        return;
    least = execution_least_lots(instrument, signed_price(side, signed_ticks));
    if (lots < least)
        return;
    lots = execution_part_lots(lots, instrument->qty_lots_max, least);
    intent = execution_intent(call, side);
    if (intent == NULL)
        return;
    intent->price_ticks = signed_price(side, signed_ticks);
    intent->qty_lots = lots;
    if (goal->slicing == SLICE_ICEBERG && goal->display_lots < lots)
        intent->display_lots = goal->display_lots;
    call->place->moved_ns[side] = call->view->ref.now_ns;
}

/* --- the whole ----------------------------------------------------------------------------------------------- */

void execution_take_back(struct execution_call *call)
{
    for (int side = 0; side < SIDE_COUNT; side++)
        shrink_to(call, (enum side)side, 0, sums_of(call->view, (enum side)side).stay_lots);
}

static void begin(struct execution_call *call, enum side side, int64_t need)
{
    struct execution_place *place = call->place;
    int64_t price = call->view->ref.best_ticks[side];

    slice_begin(&place->plan, &place->goal, side, need < 0 ? -need : need,
                execution_least_lots(call->view->instrument, price), place->set_ns);
    execution_cost_want(place, need);
}

void execution_target_run(struct execution_call *call, bool market_known)
{
    int64_t signed_need = need_lots(call), total, need, late, room, missing;
    enum side side = signed_need >= 0 ? SIDE_BID : SIDE_ASK;
    struct target_sums sums;

    if (!call->place->plan.begun)
        begin(call, side, signed_need);
    if (signed_need == 0 || !market_known) {
        if (call->view->order_count > 0)
            execution_take_back(call);
        return;
    }
    total = signed_need < 0 ? -signed_need : signed_need;
    split(call, side, total, &need, &late);
    shrink_to(call, side_other(side), 0, sums_of(call->view, side_other(side)).stay_lots);
    sums = sums_of(call->view, side);
    if (shrink_to(call, side, need - late, sums.stay_lots))
        return;
    room = need - sums.may_lots;
    room -= take(call, side, late < room ? late : room);
    missing = need - late - sums.stay_lots;
    if (missing > room)
        missing = room;
    if (missing < 0)
        missing = 0;
    if (sums.resting > 0)
        missing -= follow(call, side, missing);
    place_missing(call, side, missing, &sums);
}
