#include "sim/matching.h"

#include "sim/match_book.h"

#include <assert.h>
#include <stdlib.h>

/* --- a book --------------------------------------------------------------------------------------------------- */

struct match_book *match_book_new(const struct match_book_config *config)
{
    struct match_book *book = calloc(1, sizeof(*book));
    size_t orders_max = config->orders_max != 0 ? config->orders_max : MATCH_ORDERS_MAX;
    int64_t price_max = INT64_C(1) << MATCH_PRICE_BITS_MAX;

    if (book == NULL)
        return NULL;
    book->config = *config;
    if (config->price_ticks_max < price_max)
        price_max = config->price_ticks_max > 1 ? config->price_ticks_max : 1;
    book->config.price_ticks_max = price_max;
    /* Ids begin at 1 at the least: 0 is none. */
    book->order_id = config->first_order_id > 0 ? config->first_order_id - 1 : 0;
    book->trade_id = config->first_trade_id > 0 ? config->first_trade_id - 1 : 0;
    book->update_id = config->first_update_id > 0 ? config->first_update_id - 1 : 0;
    if (orders_max > MATCH_ORDERS_MAX || !match_levels_init(&book->levels, orders_max, price_max) ||
        !match_orders_init(&book->orders, orders_max) || !match_lists_init(&book->lists, orders_max)) {
        match_book_free(book);
        return NULL;
    }
    match_triggers_init(book);
    return book;
}

void match_book_free(struct match_book *book)
{
    if (book == NULL)
        return;
    match_levels_drop(&book->levels);
    match_orders_drop(&book->orders);
    match_lists_drop(&book->lists);
    free(book);
}

bool match_listen(struct match_book *book, void (*on_event)(void *arg, const struct match_event *event),
                  void *arg)
{
    if (book->listeners == MATCH_LISTENERS_MAX)
        return false;
    book->listener[book->listeners].on_event = on_event;
    book->listener[book->listeners].arg = arg;
    book->listeners++;
    return true;
}

void match_set_status(struct match_book *book, enum match_status status)
{
    book->status = status;
}

/* --- the end of an order -------------------------------------------------------------------------------------- */

/* Out of the book or its queue, told, and the level that it left; its slot stays. */
static void end_one(struct match_book *book, uint32_t index, enum match_event_kind kind, bool by_stp)
{
    struct match_slot *slot = match_slot(book, index);
    bool rested = false;
    int64_t before_lots = 0, after_lots = 0;

    if (slot->level != MATCH_LEVEL_NONE) {
        const struct match_level *level = match_level(book, slot->level);

        rested = level->ladder == LADDER_BID || level->ladder == LADDER_ASK;
        before_lots = level->visible_lots;
        after_lots = before_lots - slot->order.visible_lots;
        match_orders_leave(&book->orders, &book->levels, index);
        slot->order.visible_lots = 0;
    }
    match_tell_order(book, kind, index, by_stp);
    if (rested)
        match_tell_level(book, slot->order.request.side, slot->order.request.price_ticks, before_lots,
                         after_lots);
}

void match_end_list(struct match_book *book, uint32_t index)
{
    uint64_t list_id = match_slot(book, index)->order.request.list_id;
    uint32_t sibling;

    match_lists_remove(&book->lists, &book->orders, index);
    while ((sibling = match_lists_next(&book->lists, &book->orders, list_id, 0)) != 0) {
        match_lists_remove(&book->lists, &book->orders, sibling);
        end_one(book, sibling, MATCH_EVENT_CANCELED, false);
        match_orders_give(&book->orders, sibling);
    }
}

void match_end(struct match_book *book, uint32_t index, enum match_event_kind kind, bool by_stp)
{
    end_one(book, index, kind, by_stp);
    match_end_siblings(book, index);
    match_orders_give(&book->orders, index);
}

/* --- submit --------------------------------------------------------------------------------------------------- */

static bool quantity_is_sound(const struct match_request *request)
{
    int64_t value;

    if (request->quote_value != 0)
        return request->type == MATCH_MARKET && request->quote_value > 0 && request->qty_lots == 0 &&
               request->tif != MATCH_FOK;
    if (request->qty_lots <= 0 || request->qty_lots > MATCH_QTY_LOTS_MAX)
        return false;
    return !match_has_price(request->type) ||
           !__builtin_mul_overflow(request->price_ticks, request->qty_lots, &value);
}

static bool iceberg_is_sound(const struct match_request *request)
{
    if (request->iceberg_lots == 0)
        return true;
    return request->iceberg_lots > 0 && request->iceberg_lots <= request->qty_lots &&
           match_has_price(request->type) &&
           (request->tif == MATCH_GTC || request->type == MATCH_LIMIT_MAKER);
}

static bool stop_is_sound(const struct match_request *request, int64_t price_ticks_max)
{
    if (!match_is_stop(request->type))
        return request->stop_ticks == 0 && request->trailing_bips == 0;
    return request->stop_ticks >= 0 && request->stop_ticks <= price_ticks_max &&
           request->trailing_bips >= 0 && request->trailing_bips < 10000 &&
           (request->stop_ticks != 0 || request->trailing_bips != 0);
}

/* A list is one side and account; only one of its orders may rest at once, or a sweep could fill two. */
static bool list_is_sound(const struct match_book *book, const struct match_request *request)
{
    uint32_t at;

    if (request->list_id == 0)
        return true;
    if (request->type == MATCH_MARKET)
        return false;
    for (uint64_t after = 0;
         (at = match_lists_next(&book->lists, &book->orders, request->list_id, after)) != 0;) {
        const struct match_order *order = &book->orders.slot[at].order;

        if (order->request.side != request->side || order->request.account != request->account)
            return false;
        if (!match_is_stop(order->request.type) && !match_is_stop(request->type))
            return false;
        after = order->id;
    }
    return true;
}

static bool request_is_sound(const struct match_book *book, const struct match_request *request)
{
    int64_t max = book->config.price_ticks_max;

    if ((unsigned)request->side > SIDE_ASK || (unsigned)request->type > MATCH_TAKE_PROFIT_LIMIT ||
        (unsigned)request->tif > MATCH_FOK || (unsigned)request->stp > MATCH_STP_DECREMENT)
        return false;
    if (match_has_price(request->type) ? request->price_ticks <= 0 || request->price_ticks > max
                                       : request->price_ticks != 0)
        return false;
    return quantity_is_sound(request) && iceberg_is_sound(request) && stop_is_sound(request, max) &&
           list_is_sound(book, request);
}

static bool would_take(const struct match_book *book, const struct match_request *request)
{
    uint32_t best = match_levels_best(&book->levels, (enum match_ladder)side_other(request->side));

    return best != MATCH_LEVEL_NONE &&
           match_within(request->side, book->levels.level[best].price_ticks, request->price_ticks);
}

static enum match_reject accept(struct match_book *book, const struct match_request *request, uint32_t *index)
{
    struct match_slot *slot;

    if (book->status != MATCH_TRADING)
        return MATCH_CLOSED;
    if (!request_is_sound(book, request))
        return MATCH_BAD_ORDER;
    if (match_is_stop(request->type) && match_triggers_passed(book, request))
        return MATCH_WOULD_TRIGGER;
    if (request->type == MATCH_LIMIT_MAKER && would_take(book, request))
        return MATCH_WOULD_TAKE;
    *index = match_orders_take(&book->orders, book->order_id + 1);
    if (*index == 0)
        return MATCH_FULL;
    book->order_id++;
    slot = match_slot(book, *index);
    slot->order.request = *request;
    slot->order.left_lots = request->qty_lots;
    slot->order.visible_lots = 0;
    slot->order.filled_lots = slot->order.filled_value = slot->order.prevented_lots = 0;
    slot->order.time_ns = book->now_ns;
    slot->order.working_ns = match_is_stop(request->type) ? 0 : book->now_ns;
    slot->order.triggered = false;
    slot->spent_value = 0;
    if (request->list_id != 0)
        match_lists_add(&book->lists, &book->orders, *index);
    return MATCH_OK;
}

enum match_reject match_submit(struct match_book *book, int64_t now_ns, const struct match_request *request,
                               uint64_t *order_id)
{
    enum match_reject reject;
    uint32_t index = 0;

    book->now_ns = now_ns;
    reject = accept(book, request, &index);
    if (reject != MATCH_OK)
        return reject;
    if (order_id != NULL)
        *order_id = book->order_id;
    match_tell_order(book, MATCH_EVENT_NEW, index, false);
    if (match_is_stop(request->type)) {
        match_triggers_wait(book, index);
    } else {
        match_execute(book, index);
        match_triggers_run(book);
    }
    return MATCH_OK;
}

/* --- cancel, expire, amend ------------------------------------------------------------------------------------ */

static enum match_reject end_by_id(struct match_book *book, int64_t now_ns, uint64_t order_id,
                                   enum match_event_kind kind)
{
    uint32_t index = match_orders_find(&book->orders, order_id);

    if (index == 0)
        return MATCH_UNKNOWN_ORDER;
    book->now_ns = now_ns;
    match_end(book, index, kind, false);
    return MATCH_OK;
}

enum match_reject match_cancel(struct match_book *book, int64_t now_ns, uint64_t order_id)
{
    return end_by_id(book, now_ns, order_id, MATCH_EVENT_CANCELED);
}

enum match_reject match_expire(struct match_book *book, int64_t now_ns, uint64_t order_id)
{
    return end_by_id(book, now_ns, order_id, MATCH_EVENT_EXPIRED);
}

static bool can_amend(const struct match_order *order, int64_t new_qty_lots)
{
    return new_qty_lots < order->request.qty_lots &&
           new_qty_lots > order->filled_lots + order->prevented_lots;
}

static void amend_one(struct match_book *book, uint32_t index, int64_t new_qty_lots)
{
    struct match_slot *slot = match_slot(book, index);
    struct match_order *order = &slot->order;
    struct match_level *level = match_level(book, slot->level); /* live orders stand in one */
    int64_t left_lots = new_qty_lots - order->filled_lots - order->prevented_lots;
    int64_t visible_lots = order->visible_lots < left_lots ? order->visible_lots : left_lots;
    int64_t before_lots = level->visible_lots;

    level->visible_lots -= order->visible_lots - visible_lots;
    level->total_lots -= order->left_lots - left_lots;
    order->request.qty_lots = new_qty_lots;
    order->left_lots = left_lots;
    order->visible_lots = visible_lots;
    match_tell_order(book, MATCH_EVENT_AMENDED, index, false);
    if (visible_lots != 0)
        match_tell_level(book, order->request.side, order->request.price_ticks, before_lots,
                         level->visible_lots);
}

enum match_reject match_amend(struct match_book *book, int64_t now_ns, uint64_t order_id,
                              int64_t new_qty_lots)
{
    uint32_t index, at;
    uint64_t list_id;

    if (book->status != MATCH_TRADING)
        return MATCH_CLOSED;
    index = match_orders_find(&book->orders, order_id);
    if (index == 0)
        return MATCH_UNKNOWN_ORDER;
    if (!can_amend(&match_slot(book, index)->order, new_qty_lots))
        return MATCH_AMEND_NOT_SMALLER;
    book->now_ns = now_ns;
    amend_one(book, index, new_qty_lots);
    if (match_slot(book, index)->listed == 0)
        return MATCH_OK;
    /* Only one of a list can ever trade, so all of it shrinks. */
    list_id = match_slot(book, index)->order.request.list_id;
    for (uint64_t after = 0; (at = match_lists_next(&book->lists, &book->orders, list_id, after)) != 0;) {
        after = match_slot(book, at)->order.id;
        if (at != index && can_amend(&match_slot(book, at)->order, new_qty_lots))
            amend_one(book, at, new_qty_lots);
    }
    return MATCH_OK;
}
