/*
 * naive_book.h - the rules of sim/matching.h told once more, as plainly as can be: one array of orders, searched
 * from end to end for everything. Fill-or-kill is decided by trying it on a copy. Only the types are shared.
 */
#ifndef UNIT_NAIVE_BOOK_H
#define UNIT_NAIVE_BOOK_H

#include "sim/matching.h"

#include <stdlib.h>
#include <string.h>

#define NAIVE_MAX 160

enum naive_place { NAIVE_NOWHERE, NAIVE_RESTS, NAIVE_STOPS, NAIVE_TRAILS, NAIVE_PENDS };

struct naive_order {
    struct match_order o;
    bool live, listed;
    enum naive_place place;
    uint64_t rank; /* of two in one place the lower came first */
    int64_t best;  /* trailing */
    int64_t spent; /* by quote */
};

struct naive_book {
    struct naive_order order[NAIVE_MAX];
    size_t live;
    uint64_t rank, order_id, trade_id, update_id;
    int64_t now, last, price_max;
    enum match_status status;
    void (*on_event)(void *arg, const struct match_event *event); /* NULL: only trying */
    void *arg;
};

static void naive_tell(struct naive_book *book, struct match_event event)
{
    event.time_ns = book->now;
    if (book->on_event != NULL)
        book->on_event(book->arg, &event);
}

static void naive_tell_order(struct naive_book *book, enum match_event_kind kind,
                             const struct naive_order *order, bool by_stp)
{
    naive_tell(book, (struct match_event){
                         .kind = kind, .order = &order->o, .side = order->o.request.side, .by_stp = by_stp});
}

static int64_t naive_visible(const struct naive_book *book, enum side side, int64_t price)
{
    int64_t sum = 0;

    for (size_t i = 0; i < NAIVE_MAX; i++) {
        const struct naive_order *order = &book->order[i];

        if (order->live && order->place == NAIVE_RESTS && order->o.request.side == side &&
            order->o.request.price_ticks == price)
            sum += order->o.visible_lots;
    }
    return sum;
}

static void naive_tell_level(struct naive_book *book, enum side side, int64_t price, int64_t before)
{
    int64_t after = naive_visible(book, side, price);

    if (after == before)
        return;
    book->update_id++;
    naive_tell(book, (struct match_event){.kind = MATCH_EVENT_LEVEL,
                                          .price_ticks = price,
                                          .qty_lots = after,
                                          .qty_before_lots = before,
                                          .side = side,
                                          .update_id = book->update_id});
}

static struct naive_order *naive_find(struct naive_book *book, uint64_t id)
{
    for (size_t i = 0; i < NAIVE_MAX; i++)
        if (book->order[i].live && book->order[i].o.id == id)
            return &book->order[i];
    return NULL;
}

/* First to trade against a taker of this side; NULL: nobody within the limit. */
static struct naive_order *naive_maker(struct naive_book *book, enum side taker, int64_t limit)
{
    struct naive_order *found = NULL;

    for (size_t i = 0; i < NAIVE_MAX; i++) {
        struct naive_order *order = &book->order[i];
        int64_t price = order->o.request.price_ticks;

        if (!order->live || order->place != NAIVE_RESTS || order->o.request.side == taker)
            continue;
        if (taker == SIDE_BID ? price > limit : price < limit)
            continue;
        if (found == NULL || (price == found->o.request.price_ticks && order->rank < found->rank) ||
            (taker == SIDE_BID ? price < found->o.request.price_ticks : price > found->o.request.price_ticks))
            found = order;
    }
    return found;
}

static void naive_bury(struct naive_book *book, struct naive_order *order)
{
    order->live = false;
    book->live--;
}

static void naive_end(struct naive_book *book, struct naive_order *order, enum match_event_kind kind,
                      bool by_stp);

/* One of a list traded, was set off or died: the others are cancelled, oldest first. */
static void naive_one_of_list(struct naive_book *book, struct naive_order *order)
{
    if (!order->listed)
        return;
    order->listed = false;
    for (;;) {
        struct naive_order *oldest = NULL;

        for (size_t i = 0; i < NAIVE_MAX; i++) {
            struct naive_order *other = &book->order[i];

            if (other->live && other->listed && other->o.request.list_id == order->o.request.list_id &&
                (oldest == NULL || other->o.id < oldest->o.id))
                oldest = other;
        }
        if (oldest == NULL)
            return;
        oldest->listed = false;
        naive_end(book, oldest, MATCH_EVENT_CANCELED, false);
    }
}

static void naive_end(struct naive_book *book, struct naive_order *order, enum match_event_kind kind,
                      bool by_stp)
{
    enum side side = order->o.request.side;
    int64_t price = order->o.request.price_ticks, before = 0;
    bool rested = order->place == NAIVE_RESTS;

    if (rested)
        before = naive_visible(book, side, price);
    order->place = NAIVE_NOWHERE;
    order->o.visible_lots = 0;
    naive_tell_order(book, kind, order, by_stp);
    if (rested)
        naive_tell_level(book, side, price, before);
    naive_one_of_list(book, order);
    naive_bury(book, order);
}

/* --- stops -------------------------------------------------------------------------------------------------- */

static bool naive_rises(const struct match_request *request)
{
    bool loss = request->type == MATCH_STOP_LOSS || request->type == MATCH_STOP_LOSS_LIMIT;

    return request->side == SIDE_BID ? loss : !loss;
}

static bool naive_passed(const struct match_request *request, int64_t last)
{
    return naive_rises(request) ? last >= request->stop_ticks : last <= request->stop_ticks;
}

/* Which of two waiting orders is reached first by the same print. */
static bool naive_before(const struct naive_order *a, const struct naive_order *b)
{
    bool a_rises = naive_rises(&a->o.request), b_rises = naive_rises(&b->o.request);

    if (a_rises != b_rises)
        return a_rises;
    if (a->o.request.stop_ticks != b->o.request.stop_ticks)
        return a_rises ? a->o.request.stop_ticks < b->o.request.stop_ticks
                       : a->o.request.stop_ticks > b->o.request.stop_ticks;
    return a->rank < b->rank;
}

static void naive_trail(struct naive_book *book, struct naive_order *order, int64_t price)
{
    __int128 here = (__int128)price * 10000;

    if (order->best == 0) {
        order->best = price;
    } else if (order->o.request.side == SIDE_BID) {
        if (price < order->best)
            order->best = price;
        else if (here >= (__int128)order->best * (10000 + order->o.request.trailing_bips))
            order->place = NAIVE_PENDS, order->rank = ++book->rank;
    } else {
        if (price > order->best)
            order->best = price;
        else if (here <= (__int128)order->best * (10000 - order->o.request.trailing_bips))
            order->place = NAIVE_PENDS, order->rank = ++book->rank;
    }
}

static void naive_trail_side(struct naive_book *book, enum side side, int64_t price, uint64_t newest)
{
    uint64_t done = 0;

    for (;;) {
        struct naive_order *first = NULL;

        for (size_t i = 0; i < NAIVE_MAX; i++) {
            struct naive_order *order = &book->order[i];

            if (order->live && order->place == NAIVE_TRAILS && order->o.request.side == side &&
                order->rank > done && order->rank <= newest && (first == NULL || order->rank < first->rank))
                first = order;
        }
        if (first == NULL)
            return;
        done = first->rank;
        naive_trail(book, first, price);
    }
}

static void naive_print(struct naive_book *book, int64_t price)
{
    uint64_t newest = book->rank;

    for (;;) {
        struct naive_order *first = NULL;

        for (size_t i = 0; i < NAIVE_MAX; i++) {
            struct naive_order *order = &book->order[i];

            if (order->live && order->place == NAIVE_STOPS && naive_passed(&order->o.request, price) &&
                (first == NULL || naive_before(order, first)))
                first = order;
        }
        if (first == NULL)
            break;
        first->rank = ++book->rank;
        first->best = price;
        first->place = first->o.request.trailing_bips != 0 ? NAIVE_TRAILS : NAIVE_PENDS;
    }
    naive_trail_side(book, SIDE_ASK, price, newest);
    naive_trail_side(book, SIDE_BID, price, newest);
}

/* --- taking ------------------------------------------------------------------------------------------------- */

static int64_t naive_min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Takes lots off a maker; a used-up slice of an iceberg is followed by the next, behind everybody. */
static void naive_eat(struct naive_book *book, struct naive_order *maker, int64_t lots)
{
    maker->o.left_lots -= lots;
    maker->o.visible_lots -= lots;
    if (maker->o.left_lots == 0) {
        maker->place = NAIVE_NOWHERE;
    } else if (maker->o.visible_lots == 0) {
        maker->o.visible_lots = naive_min(maker->o.request.iceberg_lots, maker->o.left_lots);
        maker->rank = ++book->rank;
    }
}

static void naive_taken(struct naive_book *book, struct naive_order *taker, int64_t price, int64_t lots)
{
    const struct match_request *request = &taker->o.request;
    const struct naive_order *next;

    taker->o.left_lots -= lots;
    if (request->quote_value == 0)
        return;
    taker->spent += lots * price;
    next = naive_maker(book, request->side, request->side == SIDE_BID ? INT64_MAX : 0);
    taker->o.left_lots =
        (request->quote_value - taker->spent) / (next != NULL ? next->o.request.price_ticks : price);
}

static void naive_pair(struct naive_book *book, enum match_event_kind kind, const struct naive_order *taker,
                       const struct naive_order *maker, int64_t lots)
{
    naive_tell(book, (struct match_event){.kind = kind,
                                          .order = &taker->o,
                                          .maker = &maker->o,
                                          .trade_id = kind == MATCH_EVENT_TRADE ? ++book->trade_id : 0,
                                          .price_ticks = maker->o.request.price_ticks,
                                          .qty_lots = lots,
                                          .side = taker->o.request.side});
}

static void naive_trade(struct naive_book *book, struct naive_order *taker, struct naive_order *maker,
                        int64_t lots)
{
    int64_t price = maker->o.request.price_ticks;
    int64_t before = naive_visible(book, maker->o.request.side, price);

    naive_eat(book, maker, lots);
    naive_taken(book, taker, price, lots);
    taker->o.filled_lots += lots;
    taker->o.filled_value += lots * price;
    maker->o.filled_lots += lots;
    maker->o.filled_value += lots * price;
    book->last = price;
    naive_pair(book, MATCH_EVENT_TRADE, taker, maker, lots);
    naive_tell_level(book, maker->o.request.side, price, before);
    naive_one_of_list(book, maker);
    naive_one_of_list(book, taker);
    if (maker->o.left_lots == 0)
        naive_bury(book, maker);
    naive_print(book, price);
}

/* False: the taker is gone. */
static bool naive_prevent(struct naive_book *book, struct naive_order *taker, struct naive_order *maker,
                          int64_t lots)
{
    enum match_stp stp = taker->o.request.stp;
    enum side side = maker->o.request.side;
    int64_t price = maker->o.request.price_ticks, before = naive_visible(book, side, price);
    int64_t told = lots;

    if (stp == MATCH_STP_DECREMENT) {
        naive_eat(book, maker, lots);
        naive_taken(book, taker, price, lots);
        maker->o.prevented_lots += lots;
        taker->o.prevented_lots += lots;
    }
    if (stp == MATCH_STP_EXPIRE_MAKER || stp == MATCH_STP_EXPIRE_BOTH) {
        told = maker->o.left_lots;
        maker->o.prevented_lots += maker->o.left_lots;
        maker->o.left_lots = maker->o.visible_lots = 0;
        maker->place = NAIVE_NOWHERE;
    }
    if (stp == MATCH_STP_EXPIRE_TAKER || stp == MATCH_STP_EXPIRE_BOTH) {
        told = taker->o.left_lots;
        taker->o.prevented_lots += taker->o.left_lots;
        taker->o.left_lots = 0;
    }
    naive_pair(book, MATCH_EVENT_PREVENTED, taker, maker, told);
    if (maker->o.left_lots == 0)
        naive_tell_order(book, MATCH_EVENT_EXPIRED, maker, true);
    naive_tell_level(book, side, price, before);
    if (maker->o.left_lots == 0) {
        naive_one_of_list(book, maker);
        naive_bury(book, maker);
    }
    if (taker->o.left_lots != 0)
        return true;
    naive_end(book, taker, MATCH_EVENT_EXPIRED, true);
    return false;
}

static bool naive_take(struct naive_book *book, struct naive_order *taker, int64_t limit)
{
    const struct match_request *request = &taker->o.request;

    for (;;) {
        struct naive_order *maker = naive_maker(book, request->side, limit);
        int64_t left = taker->o.left_lots;

        if (maker == NULL)
            return true;
        if (request->quote_value != 0)
            left = (request->quote_value - taker->spent) / maker->o.request.price_ticks;
        if (left == 0)
            return true;
        taker->o.left_lots = left;
        left = naive_min(left, maker->o.visible_lots);
        if (request->stp != MATCH_STP_NONE && maker->o.request.account == request->account) {
            if (!naive_prevent(book, taker, maker, left))
                return false;
        } else {
            naive_trade(book, taker, maker, left);
        }
    }
}

static bool naive_would_fill(const struct naive_book *book, uint64_t id, int64_t limit)
{
    struct naive_book *trial = malloc(sizeof(*trial));
    struct naive_order *order;
    bool full;

    if (trial == NULL)
        abort();
    *trial = *book;
    trial->on_event = NULL;
    order = naive_find(trial, id);
    full = naive_take(trial, order, limit) && order->o.filled_lots == order->o.request.qty_lots;
    free(trial);
    return full;
}

static bool naive_limit_kind(enum match_type type)
{
    return type == MATCH_LIMIT || type == MATCH_LIMIT_MAKER || type == MATCH_STOP_LOSS_LIMIT ||
           type == MATCH_TAKE_PROFIT_LIMIT;
}

static bool naive_stop_kind(enum match_type type)
{
    return type == MATCH_STOP_LOSS || type == MATCH_STOP_LOSS_LIMIT || type == MATCH_TAKE_PROFIT ||
           type == MATCH_TAKE_PROFIT_LIMIT;
}

static void naive_act(struct naive_book *book, struct naive_order *order)
{
    const struct match_request *request = &order->o.request;
    bool limited = naive_limit_kind(request->type), maker_only = request->type == MATCH_LIMIT_MAKER;
    int64_t limit = request->side == SIDE_BID ? INT64_MAX : 0, before;

    if (limited)
        limit = request->price_ticks;
    if (request->tif == MATCH_FOK && !maker_only && !naive_would_fill(book, order->o.id, limit)) {
        naive_end(book, order, MATCH_EVENT_EXPIRED, false);
        return;
    }
    if (!naive_take(book, order, limit))
        return;
    if (order->o.left_lots == 0 && order->o.filled_lots > 0) {
        naive_one_of_list(book, order);
        naive_bury(book, order);
    } else if (limited && (request->tif == MATCH_GTC || maker_only)) {
        before = naive_visible(book, request->side, request->price_ticks);
        order->place = NAIVE_RESTS;
        order->rank = ++book->rank;
        order->o.visible_lots = order->o.left_lots;
        if (request->iceberg_lots != 0)
            order->o.visible_lots = naive_min(request->iceberg_lots, order->o.left_lots);
        naive_tell_level(book, request->side, request->price_ticks, before);
    } else {
        naive_end(book, order, MATCH_EVENT_EXPIRED, false);
    }
}

static void naive_run_pending(struct naive_book *book)
{
    for (;;) {
        struct naive_order *first = NULL;

        for (size_t i = 0; i < NAIVE_MAX; i++) {
            struct naive_order *order = &book->order[i];

            if (order->live && order->place == NAIVE_PENDS && (first == NULL || order->rank < first->rank))
                first = order;
        }
        if (first == NULL)
            return;
        first->place = NAIVE_NOWHERE;
        first->o.triggered = true;
        first->o.working_ns = book->now;
        naive_tell_order(book, MATCH_EVENT_TRIGGERED, first, false);
        naive_one_of_list(book, first);
        naive_act(book, first);
    }
}

/* --- calls -------------------------------------------------------------------------------------------------- */

static bool naive_sound(const struct naive_book *book, const struct match_request *r)
{
    bool limited = naive_limit_kind(r->type), stop = naive_stop_kind(r->type);

    if (limited && (r->price_ticks < 1 || r->price_ticks > book->price_max))
        return false;
    if (!limited && r->price_ticks != 0)
        return false;
    if (r->quote_value != 0 &&
        (r->quote_value < 0 || r->qty_lots != 0 || r->type != MATCH_MARKET || r->tif == MATCH_FOK))
        return false;
    if (r->quote_value == 0 && r->qty_lots < 1)
        return false;
    if (r->iceberg_lots < 0 || r->iceberg_lots > r->qty_lots)
        return false;
    if (r->iceberg_lots > 0 && (!limited || (r->tif != MATCH_GTC && r->type != MATCH_LIMIT_MAKER)))
        return false;
    if (!stop && (r->stop_ticks != 0 || r->trailing_bips != 0))
        return false;
    if (stop && ((r->stop_ticks == 0 && r->trailing_bips == 0) || r->stop_ticks < 0 ||
                 r->stop_ticks > book->price_max || r->trailing_bips < 0 || r->trailing_bips > 9999))
        return false;
    if (r->list_id != 0 && r->type == MATCH_MARKET)
        return false;
    for (size_t i = 0; i < NAIVE_MAX; i++) {
        const struct naive_order *other = &book->order[i];

        if (r->list_id == 0 || !other->live || !other->listed || other->o.request.list_id != r->list_id)
            continue;
        if (other->o.request.side != r->side || other->o.request.account != r->account ||
            (!stop && !naive_stop_kind(other->o.request.type)))
            return false;
    }
    return true;
}

static enum match_reject naive_submit(struct naive_book *book, int64_t now,
                                      const struct match_request *request, uint64_t *id)
{
    struct naive_order *order = NULL;
    bool stop = naive_stop_kind(request->type);

    book->now = now;
    if (book->status != MATCH_TRADING)
        return MATCH_CLOSED;
    if (!naive_sound(book, request))
        return MATCH_BAD_ORDER;
    if (stop && request->stop_ticks != 0 && book->last != 0 && naive_passed(request, book->last))
        return MATCH_WOULD_TRIGGER;
    if (request->type == MATCH_LIMIT_MAKER && naive_maker(book, request->side, request->price_ticks) != NULL)
        return MATCH_WOULD_TAKE;
    for (size_t i = 0; i < NAIVE_MAX && order == NULL; i++)
        if (!book->order[i].live)
            order = &book->order[i];
    if (order == NULL)
        return MATCH_FULL;
    memset(order, 0, sizeof(*order));
    *id = ++book->order_id;
    order->live = true;
    order->listed = request->list_id != 0;
    order->o.id = *id;
    order->o.request = *request;
    order->o.left_lots = request->qty_lots;
    order->o.time_ns = now;
    order->o.working_ns = stop ? 0 : now;
    book->live++;
    naive_tell_order(book, MATCH_EVENT_NEW, order, false);
    if (stop) {
        order->rank = ++book->rank;
        order->place = request->stop_ticks != 0 ? NAIVE_STOPS : NAIVE_TRAILS;
        order->best = book->last;
        return MATCH_OK;
    }
    naive_act(book, order);
    naive_run_pending(book);
    return MATCH_OK;
}

static enum match_reject naive_kill(struct naive_book *book, int64_t now, uint64_t id,
                                    enum match_event_kind kind)
{
    struct naive_order *order = naive_find(book, id);

    if (order == NULL)
        return MATCH_UNKNOWN_ORDER;
    book->now = now;
    naive_end(book, order, kind, false);
    return MATCH_OK;
}

static bool naive_can_amend(const struct naive_order *order, int64_t qty)
{
    return qty < order->o.request.qty_lots && qty - order->o.filled_lots - order->o.prevented_lots > 0;
}

static void naive_amend_one(struct naive_book *book, struct naive_order *order, int64_t qty)
{
    enum side side = order->o.request.side;
    int64_t price = order->o.request.price_ticks, before = naive_visible(book, side, price);

    order->o.request.qty_lots = qty;
    order->o.left_lots = qty - order->o.filled_lots - order->o.prevented_lots;
    order->o.visible_lots = naive_min(order->o.visible_lots, order->o.left_lots);
    naive_tell_order(book, MATCH_EVENT_AMENDED, order, false);
    naive_tell_level(book, side, price, before);
}

static enum match_reject naive_amend(struct naive_book *book, int64_t now, uint64_t id, int64_t qty)
{
    struct naive_order *order = naive_find(book, id);
    uint64_t done = 0;

    if (book->status != MATCH_TRADING)
        return MATCH_CLOSED;
    if (order == NULL)
        return MATCH_UNKNOWN_ORDER;
    if (!naive_can_amend(order, qty))
        return MATCH_AMEND_NOT_SMALLER;
    book->now = now;
    naive_amend_one(book, order, qty);
    while (order->listed) {
        struct naive_order *next = NULL;

        for (size_t i = 0; i < NAIVE_MAX; i++) {
            struct naive_order *other = &book->order[i];

            if (other->live && other->listed && other != order && other->o.id > done &&
                other->o.request.list_id == order->o.request.list_id &&
                (next == NULL || other->o.id < next->o.id))
                next = other;
        }
        if (next == NULL)
            break;
        done = next->o.id;
        if (naive_can_amend(next, qty))
            naive_amend_one(book, next, qty);
    }
    return MATCH_OK;
}

#endif
