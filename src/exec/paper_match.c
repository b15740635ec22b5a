/* paper_match.c - what the book and the tape do to our resting orders. See paper_parts.h. */
#include "exec/paper_parts.h"

#include <string.h>

/* --- the list ---------------------------------------------------------------------------------------- */

static void keep_ghost(struct paper_call *call, const struct paper_order *order)
{
    struct paper_broker *broker = call->broker;
    bool waits = false;

    for (int m = 0; m < QUEUE_MODELS; m++)
        waits = waits || order->queue.place[m].left_lots > 0;
    if (!order->rests || order->left_lots > 0 || !waits || order->story == PAPER_NO_STORY)
        return;
    if (broker->ghosts == PAPER_GHOSTS_MAX) { /* the oldest is told no more */
        broker->ghosts--;
        memmove(&broker->ghost[0], &broker->ghost[1], broker->ghosts * sizeof broker->ghost[0]);
    }
    broker->ghost[broker->ghosts] = *order;
    broker->ghost[broker->ghosts].ended = false;
    broker->ghost[broker->ghosts++].ended_ns = call->now_ns;
}

void paper_sweep(struct paper_call *call)
{
    struct paper_broker *broker = call->broker;
    size_t kept = 0;

    if (!call->ended)
        return;
    for (size_t i = 0; i < broker->count; i++) {
        if (broker->order[i].ended)
            keep_ghost(call, &broker->order[i]);
        else if (kept++ != i)
            broker->order[kept - 1] = broker->order[i];
    }
    broker->count = kept;
}

/* A reduce-only order with nothing left to reduce ends, as at the venue. */
static bool expire_reduce_only(struct paper_call *call)
{
    struct paper_broker *broker = call->broker;
    size_t i = 0;

    for (; i < broker->count && paper_room(call) > 0; i++) {
        struct paper_order *order = &broker->order[i];

        if (paper_is_here(call, order) && order->rests && order->left_lots > 0 &&
            paper_reducible(call, order) == 0)
            paper_tell_end(call, order, ORDER_EVENT_EXPIRED, paper_nothing_left(call));
    }
    return i == broker->count;
}

void paper_settle(struct paper_call *call)
{
    if (call->market->moved && paper_room(call) > PAPER_ROOM_MIN)
        call->market->moved = !expire_reduce_only(call);
    paper_sweep(call);
}

/*
 * Stops that were set off walk the book now. Should their fills not fit in one batch of answers, the rest waits
 * for the next event: a bound, not a rule of the market.
 */
static void run_stops(struct paper_call *call)
{
    struct paper_broker *broker = call->broker;
    size_t i = 0;

    for (; i < broker->count && paper_room(call) >= PAPER_ROOM_MIN; i++)
        if (broker->order[i].triggered && !broker->order[i].rests && paper_is_here(call, &broker->order[i]))
            paper_place(call, &broker->order[i]);
    call->market->set_off = i < broker->count;
}

static void finish(struct paper_call *call)
{
    if (call->market->set_off && call->market->state == BOOK_LIVE)
        run_stops(call);
    paper_settle(call);
}

/* --- trades ------------------------------------------------------------------------------------------ */

/* One order of a model that does not decide, as if it were alone. */
static void would_serve(struct paper_call *call, struct paper_order *order, enum queue_model model,
                        int64_t lots)
{
    struct fill_story *story = paper_story_of(call, order);

    if (lots <= 0)
        return;
    paper_queue_serve(&order->queue, model, lots);
    if (story != NULL)
        paper_story_would(story, model, order->queue.place[model].left_lots == 0, call->now_ns);
}

static void would_serve_others(struct paper_call *call, struct paper_order *order, int64_t lots)
{
    for (int m = 0; m < QUEUE_MODELS; m++)
        if (m != (int)call->broker->params.model) {
            int64_t left = order->queue.place[m].left_lots;

            would_serve(call, order, (enum queue_model)m, lots < left ? lots : left);
        }
}

static int64_t recall(const struct paper_call *call, struct paper_order *order, int64_t lots)
{
    return paper_queue_recall(&order->queue, &call->broker->params.queue, call->now_ns, lots);
}

/* Moves the places by a trade at the price; what it serves in the models that do not decide. */
static void move_places(struct paper_call *call, struct paper_order *order, int64_t lots, int64_t recalled)
{
    int64_t reached[QUEUE_MODELS];
    struct fill_story *story = paper_story_of(call, order);

    for (int m = 0; m < QUEUE_MODELS; m++)
        reached[m] = paper_queue_reached(&order->queue, (enum queue_model)m, lots);
    paper_queue_traded(&order->queue, lots, recalled);
    for (int m = 0; m < QUEUE_MODELS; m++)
        if (m != (int)call->broker->params.model)
            would_serve(call, order, (enum queue_model)m, reached[m]);
    if (story != NULL) {
        story->traded_at_lots += lots;
        paper_story_sample(story, &order->queue, STORY_TRADE_AT, call->now_ns);
    }
}

static bool trade_meets(const struct paper_call *call, const struct paper_order *order,
                        const struct trade *trade)
{
    return paper_is_here(call, order) && paper_order_rests(order) && order->intent.side != trade->taker &&
           order->intent.price_ticks == trade->price_ticks;
}

/*
 * A trade at our price against our side eats the queue ahead, then us; what our earlier orders at that price got
 * of it or still wait for is not there for the later ones.
 */
static void fill_by_queue(struct paper_call *call, const struct trade *trade)
{
    struct paper_broker *broker = call->broker;
    enum queue_model model = broker->params.model;
    __int128 front_q32 = 0;
    int64_t used_lots = 0;

    for (size_t i = 0; i < broker->count && paper_room(call) >= PAPER_ROOM_MIN; i++) {
        struct paper_order *order = &broker->order[i];
        struct paper_queue at;
        int64_t lots, can, recalled;

        if (!trade_meets(call, order, trade))
            continue;
        recalled = recall(call, order, trade->qty_lots);
        at = order->queue;
        if (at.place[model].ahead_q32 < front_q32)
            at.place[model].ahead_q32 = front_q32;
        front_q32 = at.place[model].ahead_q32;
        lots = paper_queue_reached(&at, model, trade->qty_lots - used_lots);
        can = paper_reducible(call, order);
        move_places(call, order, trade->qty_lots, recalled);
        lots = lots < can ? lots : can;
        if (lots <= 0)
            continue;
        paper_tell_fill(call, order, order->intent.price_ticks, lots, true);
        used_lots += lots;
    }
}

/* The next order that the trade went through: best price, then first come; count: none. */
static size_t next_passed(const struct paper_call *call, int64_t trade_ticks, const bool *done)
{
    const struct paper_broker *broker = call->broker;
    size_t next = broker->count;

    for (size_t i = 0; i < broker->count; i++) {
        const struct paper_order *order = &broker->order[i];

        if (done[i] || !paper_is_here(call, order) || !paper_order_rests(order) ||
            !paper_order_passed(order, trade_ticks))
            continue;
        if (next == broker->count || paper_order_passed(order, broker->order[next].intent.price_ticks))
            next = i;
    }
    return next;
}

/*
 * A trade beyond our price: who traded there would have met us first. Fills all, or as much as was traded there, in
 * all models.
 */
static void fill_passed(struct paper_call *call, const struct trade *trade)
{
    struct paper_broker *broker = call->broker;
    int64_t lots = broker->params.through_by_size ? trade->qty_lots : INT64_MAX, offer_lots = lots;
    bool done[ORDERS_OPEN_MAX] = {false};
    size_t i;

    while (paper_room(call) >= PAPER_ROOM_MIN &&
           (i = next_passed(call, trade->price_ticks, done)) < broker->count) {
        struct paper_order *order = &broker->order[i];
        struct fill_story *story = paper_story_of(call, order);
        int64_t can = paper_reducible(call, order);

        done[i] = true;
        if (story != NULL)
            story->traded_through_lots += trade->qty_lots;
        would_serve_others(call, order, lots);
        can = can < offer_lots ? can : offer_lots;
        if (can <= 0)
            continue;
        if (broker->params.through_by_size)
            offer_lots -= can;
        paper_tell_fill(call, order, order->intent.price_ticks, can, true);
    }
}

static void move_ghosts(struct paper_call *call, const struct trade *trade)
{
    struct paper_broker *broker = call->broker;
    size_t kept = 0;

    for (size_t i = 0; i < broker->ghosts; i++) {
        struct paper_order *ghost = &broker->ghost[i];
        bool waits = false;

        if (ghost->intent.instrument_id == call->instrument_id) {
            if (paper_order_passed(ghost, trade->price_ticks))
                would_serve_others(call, ghost, broker->params.through_by_size ? trade->qty_lots : INT64_MAX);
            else if (ghost->intent.side != trade->taker && ghost->intent.price_ticks == trade->price_ticks)
                move_places(call, ghost, trade->qty_lots, recall(call, ghost, trade->qty_lots));
        }
        for (int m = 0; m < QUEUE_MODELS; m++)
            waits = waits || ghost->queue.place[m].left_lots > 0;
        if (waits && call->now_ns - ghost->ended_ns < PAPER_GHOST_NS && paper_story_of(call, ghost) != NULL)
            broker->ghost[kept++] = *ghost;
    }
    broker->ghosts = kept;
}

static void set_off_stops(struct paper_call *call, const struct trade *trade)
{
    struct paper_broker *broker = call->broker;

    for (size_t i = 0; i < broker->count && paper_room(call) >= PAPER_ROOM_MIN; i++) {
        struct paper_order *order = &broker->order[i];
        struct order_event event = {
            .kind = ORDER_EVENT_TRIGGERED, .order_seq = order->seq, .price_ticks = trade->price_ticks};
        struct fill_story *story = paper_story_of(call, order);
        bool set_off;

        if (!paper_is_here(call, order) || !paper_order_waits(order))
            continue;
        paper_order_trail(order, trade->price_ticks);
        set_off = paper_order_set_off(order, trade->price_ticks);
        if (story != NULL)
            paper_story_stop(story, order->intent.stop_ticks, trade->price_ticks, set_off, call->now_ns);
        if (!set_off)
            continue;
        order->triggered = call->market->set_off = true;
        if (story != NULL)
            paper_story_sample(story, &order->queue, STORY_TRIGGERED, call->now_ns);
        paper_tell(call, &event);
    }
}

/* One look at all orders says what a trade can do; most do nothing. */
struct reach {
    bool stops, passed, meets;
};

static struct reach reach_of(const struct paper_call *call, const struct trade *trade)
{
    struct reach reach = {0};

    for (size_t i = 0; i < call->broker->count; i++) {
        const struct paper_order *order = &call->broker->order[i];

        if (!paper_is_here(call, order))
            continue;
        if (!order->rests)
            reach.stops = true;
        else if (order->intent.price_ticks == trade->price_ticks)
            reach.meets = true;
        else
            reach.passed = reach.passed || paper_order_passed(order, trade->price_ticks);
    }
    return reach;
}

void paper_market_trade(struct paper_call *call, const struct trade *trade)
{
    struct reach reach;

    call->market->last_ticks = trade->price_ticks;
    if (call->market->state == BOOK_LIVE && call->broker->ghosts > 0)
        move_ghosts(call, trade);
    if (call->broker->count == 0)
        return;
    reach = reach_of(call, trade);
    if (reach.stops)
        set_off_stops(call, trade);
    if (call->market->state == BOOK_LIVE) {
        paper_set_cause(call, STORY_TRADE_THROUGH, trade->price_ticks, trade->qty_lots);
        call->event_trade_id = trade->id;
        if (reach.passed)
            fill_passed(call, trade);
        call->cause = STORY_TRADE_AT;
        if (reach.meets)
            fill_by_queue(call, trade);
    }
    finish(call);
}

/* --- the book ---------------------------------------------------------------------------------------- */

/* The next order of that side to be served: best price, then first come; NULL when none reaches price_ticks. */
static struct paper_order *first_reaching(struct paper_call *call, enum side side, int64_t price_ticks)
{
    struct paper_order *first = NULL;

    for (size_t i = 0; i < call->broker->count; i++) {
        struct paper_order *order = &call->broker->order[i];

        if (!paper_is_here(call, order) || !paper_order_rests(order) || order->intent.side != side ||
            !paper_order_reaches(order, price_ticks) || paper_reducible(call, order) == 0)
            continue;
        if (first == NULL || (side == SIDE_BID ? order->intent.price_ticks > first->intent.price_ticks
                                               : order->intent.price_ticks < first->intent.price_ticks))
            first = order;
    }
    return first;
}

/* Lots that the other side offers at our price or better and that we have not had yet; takes them. */
static int64_t take_offered(struct paper_call *call, const struct paper_order *order)
{
    enum side other = side_other(order->intent.side);
    struct level level;
    int64_t lots = 0, want = paper_reducible(call, order);
    bool more = order_book_best(call->market->book, other, &level);

    while (more && lots < want && paper_order_reaches(order, level.price_ticks)) {
        lots +=
            paper_liquidity_take(&call->broker->liquidity, call->instrument_id, other, &level, want - lots);
        more = order_book_next(call->market->book, other, level.price_ticks, &level);
    }
    return lots;
}

/*
 * The other side has come to our price: what it offers there fills us, at our price, as maker. Who gets less than
 * all of his order has used up the offer for those behind him.
 */
static void fill_reached(struct paper_call *call, enum side side)
{
    struct level best;

    if (!order_book_best(call->market->book, side_other(side), &best))
        return;
    paper_set_cause(call, STORY_OTHER_SIDE, best.price_ticks, best.qty_lots);
    while (paper_room(call) >= PAPER_ROOM_MIN) {
        struct paper_order *order = first_reaching(call, side, best.price_ticks);
        int64_t lots = order == NULL ? 0 : take_offered(call, order);

        if (lots == 0)
            return;
        would_serve_others(call, order, lots);
        paper_tell_fill(call, order, order->intent.price_ticks, lots, true);
        if (order->left_lots > 0)
            return;
    }
}

static void move_level(struct paper_call *call, struct paper_order *order)
{
    const struct paper_broker *broker = call->broker;
    enum queue_model model = broker->params.model;
    int64_t shown = order_book_qty(call->market->book, order->intent.side, order->intent.price_ticks);
    int64_t ahead = paper_queue_ahead(&order->queue, model);
    struct fill_story *story;

    if (shown == order->queue.shown_lots)
        return;
    paper_queue_level(&order->queue, &broker->params.queue, call->market->instrument->lot_e8, call->now_ns,
                      shown);
    story = paper_story_of(call, order);
    if (story == NULL || story->ended_ns != 0)
        return;
    story->cancelled_ahead_lots += ahead - paper_queue_ahead(&order->queue, model);
    paper_story_sample(story, &order->queue, STORY_LEVEL_CHANGED, call->now_ns);
}

static void move_ghosts_by_book(struct paper_call *call)
{
    struct paper_broker *broker = call->broker;
    struct level best;

    for (size_t i = 0; i < broker->ghosts; i++) {
        struct paper_order *ghost = &broker->ghost[i];

        if (!paper_is_here(call, ghost))
            continue;
        move_level(call, ghost);
        if (!order_book_crossed(call->market->book) &&
            order_book_best(call->market->book, side_other(ghost->intent.side), &best) &&
            paper_order_reaches(ghost, best.price_ticks))
            would_serve_others(call, ghost, best.qty_lots);
    }
}

void paper_market_book(struct paper_call *call)
{
    struct paper_broker *broker = call->broker;
    bool there[SIDE_COUNT], reached[SIDE_COUNT] = {false};
    struct level best[SIDE_COUNT]; /* of the side that an order of this one meets */

    if (broker->liquidity.count > 0)
        paper_liquidity_refresh(&broker->liquidity, call->instrument_id, call->market->book);
    move_ghosts_by_book(call);
    if (broker->count == 0)
        return;
    for (int side = 0; side < SIDE_COUNT; side++)
        there[side] = order_book_best(call->market->book, side_other((enum side)side), &best[side]);
    for (size_t i = 0; i < broker->count; i++) {
        struct paper_order *order = &broker->order[i];
        enum side side = order->intent.side;

        if (!paper_is_here(call, order) || !order->rests)
            continue;
        move_level(call, order);
        reached[side] = reached[side] || (there[side] && paper_order_reaches(order, best[side].price_ticks));
    }
    /* A crossed book is wrong on one side, nobody knows which. */
    for (int side = 0; side < SIDE_COUNT; side++)
        if (reached[side] && !order_book_crossed(call->market->book))
            fill_reached(call, (enum side)side);
    finish(call);
}
