/* paper_entry.c - what arrives at the venue: orders, cancels, replaces, queries. See paper_parts.h. */
#include "exec/paper_parts.h"

#include <string.h>

static const struct paper_why NO_WHY = {ORDER_ERROR_NONE, NULL};
static const struct paper_why NOT_LIVE = {ORDER_ERROR_MARKET_CLOSED,
                                          "the book is not LIVE: no fill on a guess"};
static const struct paper_why WOULD_TAKE = {ORDER_ERROR_WOULD_TAKE, "post-only order would take"};
static const struct paper_why NO_FUNDS = {ORDER_ERROR_FUNDS, "not enough free balance"};
static const struct paper_why TERMS = {ORDER_ERROR_FILTER, "bad quantity or price"};
static const struct paper_why AT_ONCE = {ORDER_ERROR_WOULD_TRIGGER, "the stop would be set off at once"};
static const struct paper_why GONE = {ORDER_ERROR_NOT_FOUND, "no such order: it has ended"};

struct paper_order *paper_find(struct paper_broker *broker, uint64_t seq)
{
    for (size_t i = 0; i < broker->count; i++)
        if (broker->order[i].seq == seq && !broker->order[i].ended)
            return &broker->order[i];
    return NULL;
}

/* --- what is refused --------------------------------------------------------------------------------- */

static bool terms_are_possible(const struct paper_order *order)
{
    const struct order_intent *intent = &order->intent;
    bool triggered = order_type_is_triggered(intent->type);

    if (order->left_lots <= 0 || intent->price_ticks < 0 || intent->stop_ticks < 0 ||
        intent->display_lots < 0 || (unsigned)intent->type >= ORDER_TYPES)
        return false;
    if (intent->type == ORDER_TRAILING_STOP)
        return intent->trail_ticks > 0;
    if (triggered && intent->stop_ticks == 0)
        return false;
    return intent->price_ticks > 0 || (triggered && order_type_is_market(intent->type));
}

static bool would_take(const struct paper_call *call, const struct paper_order *order)
{
    enum side other = side_other(order->intent.side);
    int64_t own = paper_own_best(call, other);
    struct level level;

    if (order_book_best(call->market->book, other, &level) && paper_order_reaches(order, level.price_ticks))
        return true;
    return own != 0 && paper_order_reaches(order, own);
}

static struct paper_why refusal(struct paper_call *call, const struct paper_order *order)
{
    const struct order_intent *intent = &order->intent;

    if (call->broker->count == ORDERS_OPEN_MAX)
        return (struct paper_why){ORDER_ERROR_CAPACITY, "too many open orders"};
    if (paper_find(call->broker, order->seq) != NULL)
        return (struct paper_why){ORDER_ERROR_DUPLICATE_ID, "this order is open already"};
    if (!terms_are_possible(order))
        return TERMS;
    if (intent->tif == TIF_GTD && intent->expire_ns <= call->now_ns)
        return (struct paper_why){ORDER_ERROR_TIME, "its time is over"};
    if (!call->market->instrument->trading)
        return (struct paper_why){ORDER_ERROR_MARKET_CLOSED, "the venue does not trade this now"};
    if (paper_order_waits(order))
        return call->market->last_ticks > 0 && paper_order_set_off(order, call->market->last_ticks) ? AT_ONCE
                                                                                                    : NO_WHY;
    if (call->market->state != BOOK_LIVE)
        return NOT_LIVE;
    if (order->intent.reduce_only && call->market->instrument->venue != VENUE_BINANCE_SPOT &&
        paper_reducible(call, order) == 0)
        return (struct paper_why){ORDER_ERROR_REDUCE_ONLY, "there is nothing to reduce"};
    if (intent->post_only && would_take(call, order))
        return WOULD_TAKE;
    return NO_WHY;
}

static bool lock_order(struct paper_call *call, struct paper_order *order)
{
    struct paper_broker *broker = call->broker;
    const struct order_intent *intent = &order->intent;

    if (broker->account.on && intent->price_ticks == 0 && intent->stop_ticks == 0 &&
        intent->side == SIDE_BID && !intent->reduce_only)
        return false; /* a trailing buy without a worst price: nobody knows what to lock */
    return paper_account_lock(&broker->account, call->market->instrument, &call->market->holding, intent,
                              order->left_lots, paper_fees_reserve_ppm(&broker->fees, call->now_ns),
                              &order->locked_e8);
}

static bool lock_funds(struct paper_call *call, struct paper_order *order)
{
    int64_t pool_e8 = paper_pair_open(call, order);
    bool locked = lock_order(call, order);

    paper_pair_close(call, order, pool_e8 > order->locked_e8 ? pool_e8 : order->locked_e8);
    return locked;
}

/* --- placing ----------------------------------------------------------------------------------------- */

static void rest(struct paper_call *call, struct paper_order *order, enum story_cause cause)
{
    const struct order_intent *intent = &order->intent;
    int64_t shown = order_book_qty(call->market->book, intent->side, intent->price_ticks);
    struct fill_story *story = paper_story_of(call, order);

    paper_queue_join(&order->queue, shown, order->left_lots, intent->display_lots);
    order->rests = true;
    if (story == NULL)
        return;
    story->ahead_at_arrival_lots = shown;
    paper_story_sample(story, &order->queue, cause, call->now_ns);
}

static void place(struct paper_call *call, struct paper_order *order, enum story_cause cause)
{
    struct paper_why why = NO_WHY;

    if (order->triggered && order->intent.post_only && would_take(call, order))
        why = WOULD_TAKE;
    else
        why = paper_take(call, order);
    if (order->left_lots == 0)
        return;
    if (why.error == ORDER_ERROR_NONE && paper_order_must_end(order))
        why = PAPER_NO_MORE;
    if (why.error != ORDER_ERROR_NONE)
        paper_tell_end(call, order, ORDER_EVENT_EXPIRED, why);
    else
        rest(call, order, cause);
}

void paper_place(struct paper_call *call, struct paper_order *order)
{
    place(call, order, STORY_ARRIVED);
}

static void submit(struct paper_call *call, const struct order *sent)
{
    struct paper_broker *broker = call->broker;
    struct paper_order order = {.seq = sent->seq,
                                .intent = sent->intent,
                                .left_lots = order_left_lots(sent),
                                .arrival_mid2_ticks = sent->arrival_mid2_ticks,
                                .story = PAPER_NO_STORY};
    struct paper_order *kept;
    struct paper_why why = refusal(call, &order);

    if (why.error != ORDER_ERROR_DUPLICATE_ID)
        order.story =
            paper_stories_begin(&broker->stories, &order, sent->sent_ns, call->now_ns, broker->params.model);
    if (why.error == ORDER_ERROR_NONE && !lock_funds(call, &order))
        why = NO_FUNDS;
    if (why.error != ORDER_ERROR_NONE) {
        paper_tell_end(call, &order, ORDER_EVENT_REJECTED, why);
        return;
    }
    paper_tell_kind(call, ORDER_EVENT_ACK, order.seq, NO_WHY);
    kept = &broker->order[broker->count++];
    *kept = order;
    if (order.intent.tif == TIF_GTD && order.intent.expire_ns < broker->next_expire_ns)
        broker->next_expire_ns = order.intent.expire_ns;
    if (!paper_order_waits(kept))
        paper_place(call, kept);
    else if (kept->intent.type == ORDER_TRAILING_STOP && call->market->last_ticks > 0)
        paper_order_trail(kept, call->market->last_ticks);
    if (paper_order_waits(kept) && paper_story_of(call, kept) != NULL)
        paper_story_of(call, kept)->stop_ticks = kept->intent.stop_ticks;
}

/* --- cancel, replace, query -------------------------------------------------------------------------- */

static void cancel(struct paper_call *call, uint64_t seq)
{
    struct paper_order *order = paper_find(call->broker, seq);

    if (order == NULL)
        paper_tell_kind(call, ORDER_EVENT_CANCEL_REJECTED, seq, GONE);
    else
        paper_tell_end(call, order, ORDER_EVENT_CANCELLED, (struct paper_why){ORDER_ERROR_NONE, "as asked"});
}

static struct paper_why replace_refusal(struct paper_call *call, const struct paper_order *now,
                                        const struct paper_order *then)
{
    if (!terms_are_possible(then))
        return TERMS;
    if (paper_order_waits(then))
        return call->market->last_ticks > 0 && paper_order_set_off(then, call->market->last_ticks) ? AT_ONCE
                                                                                                   : NO_WHY;
    if (call->market->state != BOOK_LIVE)
        return NOT_LIVE;
    if (then->intent.post_only && then->intent.price_ticks != now->intent.price_ticks &&
        would_take(call, then))
        return WOULD_TAKE;
    return NO_WHY;
}

/* Funds for the new terms, or those of the old again. */
static bool move_funds(struct paper_call *call, struct paper_order *now, struct paper_order *then)
{
    struct paper_account *account = &call->broker->account;
    int64_t pool_e8 = paper_pair_open(call, now);
    struct paper_order *holder = then;

    paper_account_unlock(account, call->market->instrument, &now->intent, &now->locked_e8);
    then->locked_e8 = 0;
    if (!lock_order(call, then)) {
        holder = now;
        lock_order(call, now);
    }
    paper_pair_close(call, holder, pool_e8 > holder->locked_e8 ? pool_e8 : holder->locked_e8);
    return holder == then;
}

/* The last of its price and of our list: all time priority is lost. */
static struct paper_order *move_to_back(struct paper_broker *broker, struct paper_order *order)
{
    struct paper_order *last = &broker->order[broker->count - 1];
    struct paper_order moved = *order;

    memmove(order, order + 1, (size_t)(last - order) * sizeof *order);
    *last = moved;
    return last;
}

static void tell_replaced(struct paper_call *call, struct paper_order *order)
{
    struct fill_story *story = paper_story_of(call, order);
    struct order_event event = {.kind = ORDER_EVENT_REPLACED,
                                .order_seq = order->seq,
                                .price_ticks = order_terms_ticks(&order->intent),
                                .qty_lots = order->intent.qty_lots};

    paper_tell(call, &event);
    if (story == NULL)
        return;
    story->price_ticks = order->intent.price_ticks;
    if (story->stop_ticks != order->intent.stop_ticks)
        story->nearest_ticks = 0; /* it was another stop that the trades came near to */
    story->stop_ticks = order->intent.stop_ticks;
    story->qty_lots = story->filled_lots + order->left_lots;
}

static void replace(struct paper_call *call, const struct order *sent)
{
    struct paper_order *order = paper_find(call->broker, sent->seq), then;
    struct paper_why why;
    bool keeps;

    if (order == NULL) {
        paper_tell_kind(call, ORDER_EVENT_REPLACE_REJECTED, sent->seq, GONE);
        return;
    }
    then = *order;
    order_intent_move(&then.intent, sent->replace_price_ticks);
    then.left_lots = sent->replace_qty_lots - (order->intent.qty_lots - order->left_lots);
    then.intent.qty_lots = sent->replace_qty_lots;
    why = replace_refusal(call, order, &then);
    if (why.error == ORDER_ERROR_NONE && !move_funds(call, order, &then))
        why = NO_FUNDS;
    if (why.error != ORDER_ERROR_NONE) {
        paper_tell_kind(call, ORDER_EVENT_REPLACE_REJECTED, sent->seq, why);
        return;
    }
    keeps = !order->rests ||
            (then.intent.price_ticks == order->intent.price_ticks && then.left_lots <= order->left_lots);
    *order = then;
    tell_replaced(call, order);
    if (keeps) {
        if (order->rests)
            paper_queue_cut(&order->queue, order->left_lots);
        return;
    }
    order->rests = false;
    place(call, move_to_back(call->broker, order), STORY_REPLACED);
}

/* Orders that are on their way back are told of by those answers; a filled one by its fills. */
static void query(struct paper_call *call, uint64_t seq)
{
    const struct paper_broker *broker = call->broker;
    uint64_t kept = broker->ends < PAPER_ENDS_MAX ? broker->ends : PAPER_ENDS_MAX;

    if (paper_find(call->broker, seq) != NULL) {
        paper_tell_kind(call, ORDER_EVENT_ACK, seq, NO_WHY);
        return;
    }
    for (uint64_t back = 1; back <= kept; back++) {
        const struct order_event *end = &broker->end[(broker->ends - back) % PAPER_ENDS_MAX];

        if (end->order_seq != seq)
            continue;
        if (end->kind != ORDER_EVENT_FILL)
            paper_tell(call, end);
        return;
    }
    paper_tell_kind(call, ORDER_EVENT_REJECTED, seq,
                    (struct paper_why){ORDER_ERROR_NOT_FOUND, "it never arrived"});
}

void paper_arrive(struct paper_call *call, const struct paper_request *request)
{
    switch (request->kind) {
    case PAPER_SUBMIT:
        submit(call, &request->order);
        break;
    case PAPER_CANCEL:
        cancel(call, request->order.seq);
        break;
    case PAPER_REPLACE:
        replace(call, &request->order);
        break;
    case PAPER_QUERY:
        query(call, request->order.seq);
        break;
    }
    paper_settle(call);
}

void paper_expire(struct paper_broker *broker, int64_t now_ns, struct gateway_answers *out)
{
    struct paper_call call = {.broker = broker, .now_ns = now_ns, .delay_ns = PAPER_NOT_DRAWN, .out = out};

    broker->next_expire_ns = INT64_MAX;
    for (size_t i = 0; i < broker->count; i++) {
        struct paper_order *order = &broker->order[i];

        if (order->intent.tif != TIF_GTD)
            continue;
        if (order->intent.expire_ns <= now_ns && paper_room(&call) > 0) {
            call.instrument_id = order->intent.instrument_id;
            call.market = &broker->market[call.instrument_id];
            paper_tell_end(&call, order, ORDER_EVENT_EXPIRED,
                           (struct paper_why){ORDER_ERROR_TIME, "its time is over"});
        } else if (order->intent.expire_ns < broker->next_expire_ns) {
            broker->next_expire_ns = order->intent.expire_ns;
        }
    }
    paper_sweep(&call);
}
