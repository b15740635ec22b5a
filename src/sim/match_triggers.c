/* Stop and take-profit orders that wait for a price, and trailing stops that follow one. */
#include "sim/match_book.h"

#define BIPS 10000

void match_triggers_init(struct match_book *book)
{
    struct match_triggers *triggers = &book->triggers;

    triggers->pending = match_levels_queue(&book->levels);
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++)
        triggers->trail[side] = match_levels_queue(&book->levels);
}

/* Set off by a rising price: stop-loss of a buyer, take-profit of a seller. */
static enum match_ladder ladder_of(const struct match_request *request)
{
    bool loss = request->type == MATCH_STOP_LOSS || request->type == MATCH_STOP_LOSS_LIMIT;

    return loss == (request->side == SIDE_BID) ? LADDER_RISE : LADDER_FALL;
}

bool match_triggers_passed(const struct match_book *book, const struct match_request *request)
{
    if (request->stop_ticks == 0 || book->last_ticks == 0)
        return false;
    return ladder_of(request) == LADDER_RISE ? book->last_ticks >= request->stop_ticks
                                             : book->last_ticks <= request->stop_ticks;
}

/* --- trailing stops ------------------------------------------------------------------------------------------- */

/* A seller follows the highest print, a buyer the lowest; what none has beaten yet: */
static int64_t worst_for(enum side side)
{
    return side == SIDE_BID ? INT64_MAX : 0;
}

/* The first print, seen from the best one, that sets it off: the bips are reached exactly or passed. */
static int64_t fires_at(const struct match_slot *slot)
{
    int64_t best_ticks = slot->trail_best_ticks, bips = slot->order.request.trailing_bips;

    if (best_ticks == worst_for(slot->order.request.side))
        return best_ticks;
    if (slot->order.request.side == SIDE_BID)
        return (best_ticks * (BIPS + bips) + BIPS - 1) / BIPS;
    return best_ticks * (BIPS - bips) / BIPS;
}

/* moves: the worst of the best prices; fires: the nearest trigger. Both so that a print beyond neither is over at
 * once. They may be too careful after an order left, never too bold. */
static void trail_widen(struct match_triggers *triggers, const struct match_slot *slot)
{
    enum side side = slot->order.request.side;
    int64_t fires = fires_at(slot);

    if (side == SIDE_BID) {
        if (slot->trail_best_ticks > triggers->moves_ticks[side])
            triggers->moves_ticks[side] = slot->trail_best_ticks;
        if (fires < triggers->fires_ticks[side])
            triggers->fires_ticks[side] = fires;
    } else {
        if (slot->trail_best_ticks < triggers->moves_ticks[side])
            triggers->moves_ticks[side] = slot->trail_best_ticks;
        if (fires > triggers->fires_ticks[side])
            triggers->fires_ticks[side] = fires;
    }
}

static void trail_narrowest(struct match_triggers *triggers, enum side side)
{
    triggers->moves_ticks[side] = side == SIDE_BID ? 0 : INT64_MAX;
    triggers->fires_ticks[side] = side == SIDE_BID ? INT64_MAX : 0;
}

static void trail_join(struct match_book *book, uint32_t index, int64_t best_ticks)
{
    struct match_slot *slot = match_slot(book, index);
    enum side side = slot->order.request.side;
    uint32_t queue = book->triggers.trail[side];

    if (match_level(book, queue)->count == 0)
        trail_narrowest(&book->triggers, side);
    slot->trail_best_ticks = best_ticks;
    match_orders_join(&book->orders, &book->levels, index, queue);
    trail_widen(&book->triggers, slot);
}

static void set_off(struct match_book *book, uint32_t index)
{
    match_orders_leave(&book->orders, &book->levels, index);
    match_orders_join(&book->orders, &book->levels, index, book->triggers.pending);
}

static void trail_print(struct match_book *book, enum side side, int64_t price_ticks)
{
    struct match_triggers *triggers = &book->triggers;
    uint32_t at = match_level(book, triggers->trail[side])->head, next;
    bool moves, fires;

    if (at == 0)
        return;
    moves = side == SIDE_BID ? price_ticks < triggers->moves_ticks[side]
                             : price_ticks > triggers->moves_ticks[side];
    fires = side == SIDE_BID ? price_ticks >= triggers->fires_ticks[side]
                             : price_ticks <= triggers->fires_ticks[side];
    if (!moves && !fires)
        return;
    trail_narrowest(triggers, side);
    for (; at != 0; at = next) {
        struct match_slot *slot = match_slot(book, at);

        next = slot->next;
        if (side == SIDE_BID ? price_ticks < slot->trail_best_ticks : price_ticks > slot->trail_best_ticks)
            slot->trail_best_ticks = price_ticks;
        else if (side == SIDE_BID ? price_ticks >= fires_at(slot) : price_ticks <= fires_at(slot)) {
            set_off(book, at);
            continue;
        }
        trail_widen(triggers, slot);
    }
}

/* --- all of them ---------------------------------------------------------------------------------------------- */

void match_triggers_wait(struct match_book *book, uint32_t index)
{
    const struct match_request *request = &match_slot(book, index)->order.request;

    if (request->stop_ticks == 0)
        trail_join(book, index, book->last_ticks != 0 ? book->last_ticks : worst_for(request->side));
    else
        match_orders_join(&book->orders, &book->levels, index,
                          match_levels_open(&book->levels, ladder_of(request), request->stop_ticks));
}

/* Those of one price: set off, or from now on they trail. */
static void reached(struct match_book *book, uint32_t level, int64_t price_ticks)
{
    uint32_t left = match_level(book, level)->count;

    for (uint32_t at = match_level(book, level)->head; left > 0; left--) {
        uint32_t next = match_slot(book, at)->next;

        if (match_slot(book, at)->order.request.trailing_bips != 0) {
            match_orders_leave(&book->orders, &book->levels, at);
            trail_join(book, at, price_ticks);
        } else {
            set_off(book, at);
        }
        at = next;
    }
}

/* Orders that begin to trail at this print follow from it; it cannot set them off. */
void match_triggers_print(struct match_book *book, int64_t price_ticks)
{
    uint32_t level;

    while ((level = match_levels_best(&book->levels, LADDER_RISE)) != 0 &&
           match_level(book, level)->price_ticks <= price_ticks)
        reached(book, level, price_ticks);
    while ((level = match_levels_best(&book->levels, LADDER_FALL)) != 0 &&
           match_level(book, level)->price_ticks >= price_ticks)
        reached(book, level, price_ticks);
    trail_print(book, SIDE_ASK, price_ticks);
    trail_print(book, SIDE_BID, price_ticks);
}

/* Each waiting order is set off once and nothing is submitted meanwhile, so this ends. */
void match_triggers_run(struct match_book *book)
{
    uint32_t at;

    while ((at = match_level(book, book->triggers.pending)->head) != 0) {
        struct match_order *order = &match_slot(book, at)->order;

        match_orders_leave(&book->orders, &book->levels, at);
        order->triggered = true;
        order->working_ns = book->now_ns;
        match_tell_order(book, MATCH_EVENT_TRIGGERED, at, false);
        match_end_siblings(book, at);
        match_execute(book, at);
    }
}
