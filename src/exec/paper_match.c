/* paper_match.c - what the book and the tape do to our orders. See paper_parts.h. */
#include "exec/paper_parts.h"

#include <assert.h>
#include <string.h>

#define ROOM_MIN 6 /* answers that one order may cause beside its walk through the book */

static const struct paper_why NO_MORE = {ORDER_ERROR_NOT_FILLED, "nothing more up to its price"};
static const struct paper_why OWN_ORDER = {ORDER_ERROR_SELF_TRADE, "own order on the other side"};
static const struct paper_why TOO_MANY = {ORDER_ERROR_CAPACITY, "too many levels for one order"};
static const struct paper_why NOTHING_TO_REDUCE = {ORDER_ERROR_REDUCE_ONLY, "nothing left to reduce"};

static void set_cause(struct paper_call *call, enum story_cause cause, int64_t price_ticks, int64_t lots)
{
    call->cause = cause;
    call->event_price_ticks = price_ticks;
    call->event_lots = lots;
    call->event_trade_id = 0;
}

static bool is_here(const struct paper_call *call, const struct paper_order *order)
{
    return order->intent.instrument_id == call->instrument_id && !order->ended;
}

/* --- taking from the book ---------------------------------------------------------------------------- */

int64_t paper_own_best(const struct paper_call *call, enum side side)
{
    const struct paper_broker *broker = call->broker;
    int64_t best = 0;

    for (size_t i = 0; i < broker->count; i++) {
        const struct paper_order *order = &broker->order[i];

        if (!is_here(call, order) || order->intent.side != side || !paper_order_rests(order))
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

    if (!order->intent.reduce_only || call->market->instrument->venue == VENUE_BINANCE_SPOT)
        return order->left_lots;
    if (lots <= 0)
        return 0;
    return lots < order->left_lots ? lots : order->left_lots;
}

/* Lots on offer up to the order's price and short of our own, at most what is left of it. */
static int64_t offered(const struct paper_call *call, const struct paper_order *order, int64_t own)
{
    enum side side = order->intent.side, other = side_other(side);
    struct level level;
    int64_t lots = 0;
    bool more = order_book_best(call->market->book, other, &level);

    while (more && lots < order->left_lots && paper_order_reaches(order, level.price_ticks) &&
           !own_in_the_way(side, own, level.price_ticks)) {
        int64_t left = paper_liquidity_left(&call->broker->liquidity, call->instrument_id, other, &level);

        lots += left < order->left_lots - lots ? left : order->left_lots - lots;
        more = order_book_next(call->market->book, other, level.price_ticks, &level);
    }
    return lots;
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
    set_cause(call, STORY_BEYOND_BOOK, price_ticks, 0);
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

    if (order->intent.tif == TIF_FOK && offered(call, order, own) < order->left_lots)
        return own != 0 && paper_order_reaches(order, own) ? OWN_ORDER : NO_MORE;
    while (more && order->left_lots > 0 && paper_order_reaches(order, level.price_ticks) &&
           !own_in_the_way(side, own, level.price_ticks)) {
        int64_t lots = paper_liquidity_left(liquidity, call->instrument_id, other, &level);
        int64_t want = paper_reducible(call, order);

        if (want == 0)
            return NOTHING_TO_REDUCE;
        if (lots > 0) {
            lots = lots < want ? lots : want;
            if (paper_room(call) < ROOM_MIN ||
                paper_liquidity_take(liquidity, call->instrument_id, other, &level, lots) == 0)
                return TOO_MANY;
            set_cause(call, STORY_TOOK, level.price_ticks, level.qty_lots);
            paper_tell_fill(call, order, level.price_ticks, lots, false);
        }
        more = order_book_next(call->market->book, other, level.price_ticks, &level);
    }
    if (!more && order->left_lots > 0 && paper_room(call) >= ROOM_MIN)
        take_beyond(call, order, own);
    if (order->left_lots > 0 && paper_reducible(call, order) == 0)
        return NOTHING_TO_REDUCE;
    return own != 0 && paper_order_reaches(order, own) ? OWN_ORDER : (struct paper_why){0};
}

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

    for (size_t i = 0; i < broker->count; i++) {
        if (broker->order[i].ended)
            keep_ghost(call, &broker->order[i]);
        else if (kept++ != i)
            broker->order[kept - 1] = broker->order[i];
    }
    broker->count = kept;
}

/* A reduce-only order with nothing left to reduce ends, as at the venue. */
static void expire_reduce_only(struct paper_call *call)
{
    struct paper_broker *broker = call->broker;

    for (size_t i = 0; i < broker->count && paper_room(call) > 0; i++) {
        struct paper_order *order = &broker->order[i];

        if (is_here(call, order) && order->rests && order->left_lots > 0 && paper_reducible(call, order) == 0)
            paper_tell_end(call, order, ORDER_EVENT_EXPIRED, NOTHING_TO_REDUCE);
    }
}

/*
 * Stops that were set off walk the book now. Should their fills not fit in one batch of answers, the rest waits
 * for the next event: a bound, not a rule of the market.
 */
static void run_stops(struct paper_call *call)
{
    struct paper_broker *broker = call->broker;

    for (size_t i = 0; i < broker->count && paper_room(call) >= ROOM_MIN; i++)
        if (is_here(call, &broker->order[i]) && broker->order[i].triggered && !broker->order[i].rests)
            paper_place(call, &broker->order[i]);
}

static void finish(struct paper_call *call)
{
    if (call->market->state == BOOK_LIVE)
        run_stops(call);
    expire_reduce_only(call);
    paper_sweep(call);
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
    return is_here(call, order) && paper_order_rests(order) && order->intent.side != trade->taker &&
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

    for (size_t i = 0; i < broker->count && paper_room(call) >= ROOM_MIN; i++) {
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

/* A trade beyond our price: who traded there would have met us first. Fills all, in all models. */
static void fill_passed(struct paper_call *call, const struct trade *trade)
{
    struct paper_broker *broker = call->broker;

    for (size_t i = 0; i < broker->count && paper_room(call) >= ROOM_MIN; i++) {
        struct paper_order *order = &broker->order[i];
        struct fill_story *story;
        int64_t can;

        if (!is_here(call, order) || !paper_order_rests(order) ||
            !paper_order_passed(order, trade->price_ticks))
            continue;
        story = paper_story_of(call, order);
        can = paper_reducible(call, order);
        if (story != NULL)
            story->traded_through_lots += trade->qty_lots;
        would_serve_others(call, order, order->left_lots);
        if (can > 0)
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
                would_serve_others(call, ghost, INT64_MAX);
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

    for (size_t i = 0; i < broker->count && paper_room(call) >= ROOM_MIN; i++) {
        struct paper_order *order = &broker->order[i];
        struct order_event event = {
            .kind = ORDER_EVENT_TRIGGERED, .order_seq = order->seq, .price_ticks = trade->price_ticks};

        if (!is_here(call, order) || !paper_order_waits(order))
            continue;
        paper_order_trail(order, trade->price_ticks);
        if (!paper_order_set_off(order, trade->price_ticks))
            continue;
        order->triggered = true;
        if (paper_story_of(call, order) != NULL)
            paper_story_sample(paper_story_of(call, order), &order->queue, STORY_TRIGGERED, call->now_ns);
        paper_tell(call, &event);
    }
}

void paper_market_trade(struct paper_call *call, const struct trade *trade)
{
    call->market->last_ticks = trade->price_ticks;
    if (call->market->state == BOOK_LIVE && call->broker->ghosts > 0)
        move_ghosts(call, trade);
    if (call->broker->count == 0)
        return;
    set_off_stops(call, trade);
    if (call->market->state == BOOK_LIVE) {
        set_cause(call, STORY_TRADE_THROUGH, trade->price_ticks, trade->qty_lots);
        call->event_trade_id = trade->id;
        fill_passed(call, trade);
        call->cause = STORY_TRADE_AT;
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

        if (!is_here(call, order) || !paper_order_rests(order) || order->intent.side != side ||
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
    set_cause(call, STORY_OTHER_SIDE, best.price_ticks, best.qty_lots);
    while (paper_room(call) >= ROOM_MIN) {
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

        if (!is_here(call, ghost))
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

    if (broker->liquidity.count > 0)
        paper_liquidity_refresh(&broker->liquidity, call->instrument_id, call->market->book);
    move_ghosts_by_book(call);
    if (broker->count == 0)
        return;
    for (size_t i = 0; i < broker->count; i++)
        if (is_here(call, &broker->order[i]) && paper_order_rests(&broker->order[i]))
            move_level(call, &broker->order[i]);
    if (!order_book_crossed(
            call->market->book)) { /* a crossed book is wrong on one side, nobody knows which */
        fill_reached(call, SIDE_BID);
        fill_reached(call, SIDE_ASK);
    }
    finish(call);
}
