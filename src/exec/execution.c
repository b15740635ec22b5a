#include "exec/execution.h"

#include "core/market/saturate.h"
#include "exec/execution_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define LOTS_MAX (INT64_C(1) << 60) /* of a target: room to add and subtract */

struct execution_params execution_params_default(void)
{
    return (struct execution_params){.flicker_ns = 200000000,
                                     .reprice_min_ns = 250000000,
                                     .hysteresis_ticks = 1,
                                     .hysteresis_ppm = 50,
                                     .queue_keep_x1000 = 300,
                                     .retry_ns = 500000000,
                                     .take_bound_bp = 25};
}

struct execution *execution_new(const struct execution_params *params)
{
    struct execution *execution = calloc(1, sizeof *execution);

    if (execution != NULL)
        execution->params = *params;
    return execution;
}

void execution_free(struct execution *execution)
{
    free(execution);
}

static struct execution_place *place_of(struct execution *execution, uint16_t owner, uint16_t instrument_id)
{
    if (owner >= OWNERS_MAX || instrument_id >= INSTRUMENTS_MAX)
        return NULL;
    return &execution->place[owner][instrument_id];
}

/* --- goals --------------------------------------------------------------------------------------------------- */

static bool quote_is_possible(const struct goal_quote quote[SIDE_COUNT])
{
    for (int side = 0; side < SIDE_COUNT; side++)
        if (quote[side].price_ticks < 0 || quote[side].qty_lots < 0 ||
            quote[side].price_ticks > ORDER_BOOK_PRICE_MAX || quote[side].qty_lots > LOTS_MAX ||
            (quote[side].price_ticks > 0 && quote[side].qty_lots == 0))
            return false;
    return quote[SIDE_BID].price_ticks == 0 || quote[SIDE_ASK].price_ticks == 0 ||
           quote[SIDE_BID].price_ticks < quote[SIDE_ASK].price_ticks;
}

static bool target_is_possible(const struct goal *goal)
{
    if (goal->target_lots < -LOTS_MAX || goal->target_lots > LOTS_MAX || goal->worst_ticks < 0 ||
        goal->worst_ticks > ORDER_BOOK_PRICE_MAX || goal->horizon_ns < 0 || goal->urgency > URGENCY_TAKE)
        return false;
    switch (goal->slicing) {
    case SLICE_NONE:
        return true;
    case SLICE_TWAP:
        return goal->horizon_ns > 0;
    case SLICE_POV:
        return goal->share_x1000 > 0 && goal->share_x1000 <= 1000;
    case SLICE_ICEBERG:
        return goal->display_lots > 0;
    }
    return false;
}

static bool goal_is_possible(const struct goal *goal)
{
    switch (goal->kind) {
    case GOAL_NONE:
        return true;
    case GOAL_TARGET:
        return target_is_possible(goal);
    case GOAL_QUOTES:
        return quote_is_possible(goal->quote);
    }
    return false;
}

/* A strategy may say the same at each event: that starts nothing anew. */
static bool goals_are_same(const struct goal *a, const struct goal *b)
{
    if (a->kind != b->kind || a->may_cut != b->may_cut)
        return false;
    if (a->kind == GOAL_TARGET)
        return a->reduce_only == b->reduce_only && a->target_lots == b->target_lots &&
               a->worst_ticks == b->worst_ticks && a->urgency == b->urgency && a->slicing == b->slicing &&
               a->horizon_ns == b->horizon_ns && a->share_x1000 == b->share_x1000 &&
               a->display_lots == b->display_lots;
    if (a->kind == GOAL_QUOTES)
        return a->quote[0].price_ticks == b->quote[0].price_ticks &&
               a->quote[0].qty_lots == b->quote[0].qty_lots &&
               a->quote[1].price_ticks == b->quote[1].price_ticks &&
               a->quote[1].qty_lots == b->quote[1].qty_lots;
    return true;
}

enum err execution_set(struct execution *execution, const struct goal *goal, const struct market_ref *ref)
{
    struct execution_place *place = place_of(execution, goal->owner, goal->instrument_id);

    if (place == NULL || !goal_is_possible(goal))
        return ERR_RANGE;
    if (place->active && goals_are_same(&place->goal, goal)) {
        place->goal.correlation_id = goal->correlation_id;
        return ERR_OK;
    }
    if (!place->active) {
        touch_reset(&place->touch);
        if (place->goals == 0)
            place->moved_ns[SIDE_BID] = place->moved_ns[SIDE_ASK] = INT64_MIN;
    }
    if (!place->active || goal->kind != GOAL_TARGET)
        place->wanted_lots = 0;
    place->active = true;
    place->goal = *goal;
    place->goals++;
    place->cost.goals++;
    place->parent = (uint64_t)(goal->owner + 1) << 48 | (uint64_t)(goal->instrument_id + 1) << 32 |
                    (place->goals & UINT32_MAX);
    place->set_ns = ref->now_ns;
    place->arrival_mid2_ticks = market_ref_mid2_ticks(ref);
    place->filled_lots = 0;
    place->plan.begun = false;
    place->plan.traded_lots = 0;
    place->takes_in_vain = 0;
    return ERR_OK;
}

static void place_clear(struct execution_place *place)
{
    place->active = false;
    place->wanted_lots = 0;
}

void execution_clear(struct execution *execution, uint16_t owner, uint16_t instrument_id)
{
    for (uint16_t o = 0; o < OWNERS_MAX; o++)
        for (uint16_t i = 0; i < INSTRUMENTS_MAX; i++)
            if ((owner == ORDERS_ANY || owner == o) && (instrument_id == ORDERS_ANY || instrument_id == i))
                place_clear(&execution->place[o][i]);
}

const struct goal *execution_goal(const struct execution *execution, uint16_t owner, uint16_t instrument_id)
{
    if (owner >= OWNERS_MAX || instrument_id >= INSTRUMENTS_MAX ||
        !execution->place[owner][instrument_id].active)
        return NULL;
    return &execution->place[owner][instrument_id].goal;
}

const struct execution_cost *execution_cost(const struct execution *execution, uint16_t owner,
                                            uint16_t instrument_id)
{
    static const struct execution_cost nothing;

    if (owner >= OWNERS_MAX || instrument_id >= INSTRUMENTS_MAX)
        return &nothing;
    return &execution->place[owner][instrument_id].cost;
}

/* --- what happens -------------------------------------------------------------------------------------------- */

void execution_on_trade(struct execution *execution, uint16_t instrument_id, int64_t qty_lots)
{
    if (instrument_id >= INSTRUMENTS_MAX || qty_lots <= 0)
        return;
    for (int owner = 0; owner < OWNERS_MAX; owner++) {
        struct execution_place *place = &execution->place[owner][instrument_id];

        if (place->active && place->goal.kind == GOAL_TARGET && place->goal.slicing == SLICE_POV)
            place->plan.traded_lots = saturate_add(place->plan.traded_lots, qty_lots);
    }
}

void execution_on_fill(struct execution *execution, const struct order *order, const struct fill *fill)
{
    struct execution_place *place = place_of(execution, fill->owner, fill->instrument_id);

    if (place == NULL || !execution_placed(&order->intent))
        return;
    execution_cost_fill(place, order, fill);
    place->refusals = 0;
    /* Orders of the goal before count, too: what may fill of them was taken off what is due. */
    if (place->active && place->plan.begun && fill->side == place->plan.side)
        place->filled_lots = saturate_add(place->filled_lots, fill->qty_lots);
}

void execution_on_refused(struct execution *execution, uint16_t owner, uint16_t instrument_id, int64_t now_ns)
{
    struct execution_place *place = place_of(execution, owner, instrument_id);

    if (place == NULL || (place->refusals > 0 && now_ns < place->hold_ns)) /* of the same burst */
        return;
    place->refused_ns = now_ns;
    place->hold_ns = now_ns + (execution->params.retry_ns << place->refusals);
    if (place->refusals < EXECUTION_DOUBLINGS)
        place->refusals++;
}

void execution_on_denied(struct execution *execution, uint16_t owner, uint16_t instrument_id, uint64_t orders,
                         uint64_t replaces, int64_t now_ns)
{
    struct execution_place *place = place_of(execution, owner, instrument_id);

    if (place == NULL || orders + replaces == 0)
        return;
    assert(place->cost.orders >= orders && place->cost.replaces >= replaces);
    place->cost.orders -= orders;
    place->cost.replaces -= replaces;
    execution_on_refused(execution, owner, instrument_id, now_ns);
}

/* --- each event ---------------------------------------------------------------------------------------------- */

/* What our orders show at a price of a book that shows them. */
static int64_t own_shown_lots(const struct execution_view *view, enum side side, int64_t price_ticks)
{
    int64_t lots = 0;

    for (size_t i = 0; i < view->order_count; i++) {
        const struct order *order = view->orders[i];
        int64_t left = order_left_lots(order), display = order->intent.display_lots;

        if (order->intent.side == side && order->intent.price_ticks == price_ticks && order->acked_ns != 0 &&
            execution_rests(order))
            lots = saturate_add(lots, display > 0 && display < left ? display : left);
    }
    return lots;
}

/* Best price that is not ours alone; 0: none. */
static int64_t best_of_others(const struct execution_view *view, enum side side)
{
    struct level level = {view->ref.best_ticks[side], view->ref.best_lots[side]};

    if (!view->book_shows_own || level.price_ticks == 0)
        return level.price_ticks;
    for (size_t i = 0; i <= view->order_count; i++) { /* each of ours can be alone at one level */
        if (level.qty_lots > own_shown_lots(view, side, level.price_ticks))
            return level.price_ticks;
        if (!order_book_next(view->book, side, level.price_ticks, &level))
            break;
    }
    return 0;
}

/* Prices of our own, old and asked for, that an order of the other side must not reach. */
static void find_own_limits(struct execution_call *call)
{
    call->own_limit[SIDE_BID] = call->own_limit[SIDE_ASK] = INT64_MAX;
    for (size_t i = 0; i < call->view->order_count; i++) {
        const struct order *order = call->view->orders[i];
        enum side other = side_other(order->intent.side);
        int64_t price = signed_price(other, order->intent.price_ticks);

        if (!execution_rests(order))
            continue;
        if (order->state == ORDER_STATE_PENDING_REPLACE &&
            signed_price(other, order->replace_price_ticks) < price)
            price = signed_price(other, order->replace_price_ticks);
        if (price < call->own_limit[other])
            call->own_limit[other] = price;
        if (order->state == ORDER_STATE_WORKING && order->sent_ns > call->place->refused_ns)
            call->place->refusals = 0;
    }
}

void execution_run(struct execution *execution, uint16_t owner, const struct execution_view *view,
                   struct execution_actions *out)
{
    const struct market_ref *ref = &view->ref;
    struct execution_place *place = place_of(execution, owner, view->instrument->id);
    struct execution_call call = {.params = &execution->params, .place = place, .view = view, .out = out};
    bool known = view->book != NULL && ref->book_state == BOOK_LIVE;

    out->intents = out->cancels = out->replaces = 0;
    if (place == NULL || !place->active || (known && ref->crossed))
        return;
    if (!known)
        touch_reset(&place->touch);
    for (int side = 0; known && side < SIDE_COUNT; side++)
        touch_see(&place->touch, (enum side)side, best_of_others(view, (enum side)side), ref->now_ns,
                  execution->params.flicker_ns);
    find_own_limits(&call);
    call.may_place = known && (place->refusals == 0 || ref->now_ns >= place->hold_ns);
    if (place->goal.kind == GOAL_TARGET)
        execution_target_run(&call, known);
    else if (place->goal.kind == GOAL_QUOTES && known)
        execution_quote_run(&call);
    else
        execution_take_back(&call);
}

/* --- finer steps --------------------------------------------------------------------------------------------- */

static void place_rescale(struct execution_place *place, int64_t price, int64_t qty)
{
    int64_t *lots[] = {&place->goal.target_lots,
                       &place->goal.display_lots,
                       &place->filled_lots,
                       &place->wanted_lots,
                       &place->plan.total_lots,
                       &place->plan.quantum_lots,
                       &place->plan.traded_lots,
                       &place->plan.mark_lots,
                       &place->plan.late_lots,
                       &place->take_position_lots,
                       &place->cost.wanted_lots,
                       &place->cost.filled_lots,
                       &place->goal.quote[0].qty_lots,
                       &place->goal.quote[1].qty_lots};
    int64_t *prices[] = {&place->goal.worst_ticks, &place->goal.quote[0].price_ticks,
                         &place->goal.quote[1].price_ticks, &place->arrival_mid2_ticks};

    for (size_t i = 0; i < sizeof(lots) / sizeof(lots[0]); i++)
        *lots[i] = saturate_mul(*lots[i], qty);
    for (size_t i = 0; i < sizeof(prices) / sizeof(prices[0]); i++)
        *prices[i] = saturate_mul(*prices[i], price);
    touch_rescale(&place->touch, price);
}

void execution_rescale(struct execution *execution, uint16_t instrument_id, struct step_change change)
{
    assert(change.price_factor > 0 && change.qty_factor > 0);
    if (instrument_id >= INSTRUMENTS_MAX)
        return;
    for (int owner = 0; owner < OWNERS_MAX; owner++)
        place_rescale(&execution->place[owner][instrument_id], change.price_factor, change.qty_factor);
}
