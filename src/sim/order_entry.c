#include "sim/order_entry.h"

#include "core/base/decimal.h"

#include <stdio.h>
#include <string.h>

/* A stop order without a limit may pay up to this more than its stop price: it is sent with that limit, so that the
 * money it holds is always enough. */
#define STOP_MARKET_ROOM_BIPS 500
#define BIPS                  10000

int64_t order_reference_e8(const struct accounts *accounts, size_t symbol)
{
    const struct sim_symbol *listed = &accounts->exchange->symbol[symbol];
    int64_t last = match_last_ticks(accounts->exchange->book[symbol]);

    return (last != 0 ? last : listed->start_ticks) * listed->tick_e8;
}

static void count_open(struct accounts *accounts, const struct account *account, struct filter_input *input,
                       uint32_t symbol)
{
    struct user_order *order = order_index_oldest(accounts->orders, account->slot);

    for (; order != NULL; order = order_index_newer(accounts->orders, order)) {
        bool here = order->symbol == symbol;

        if (!order->open || order->id == 0 || order->usdm)
            continue;
        input->open_all++;
        input->open_symbol += here;
        input->open_all_algo += user_order_is_algo(order);
        input->open_algo += here && user_order_is_algo(order);
        input->open_iceberg += here && order->iceberg_lots > 0;
    }
    for (size_t i = 0; i < ORDER_LISTS_KEPT; i++) {
        const struct order_list *list = &accounts->list[i];

        if (list->id == 0 || !list->open || list->account != account->id)
            continue;
        input->open_all_lists++;
        input->open_lists += list->symbol == symbol;
    }
}

bool order_draft_steps(struct call *call, struct order_draft *draft)
{
    const struct sim_symbol *symbol = &call->exchange->symbol[draft->order.symbol];
    struct user_order *order = &draft->order;
    __int128 unit = (__int128)symbol->tick_e8 * symbol->lot_e8;
    int64_t value;

    order->price_ticks = draft->price_e8 / symbol->tick_e8;
    order->stop_ticks = draft->stop_e8 / symbol->tick_e8;
    order->qty_lots = draft->qty_e8 / symbol->lot_e8;
    order->iceberg_lots = draft->iceberg_e8 / symbol->lot_e8;
    order->quote_qty_e8 = draft->quote_e8;
    order->quote_value = (int64_t)((__int128)draft->quote_e8 * DECIMAL_E8 / unit);
    if (draft->quote_e8 != 0 && order->quote_value == 0)
        return call_fail(call, -1013, "Filter failure: NOTIONAL");
    if (__builtin_mul_overflow(order->price_ticks != 0 ? order->price_ticks : order->stop_ticks,
                               order->qty_lots, &value))
        return call_fail(call, -1013, "Filter failure: NOTIONAL");
    return true;
}

bool order_draft_judge(struct call *call, struct order_draft *draft, size_t with_it, bool as_list)
{
    struct filter_input input = {.symbol = &call->exchange->symbol[draft->order.symbol],
                                 .order = &draft->order,
                                 .price_e8 = draft->price_e8,
                                 .stop_e8 = draft->stop_e8,
                                 .qty_e8 = draft->qty_e8,
                                 .iceberg_e8 = draft->iceberg_e8,
                                 .quote_e8 = draft->quote_e8,
                                 .reference_e8 = order_reference_e8(call->accounts, draft->order.symbol),
                                 .new_orders = with_it,
                                 .new_algo = user_order_is_algo(&draft->order),
                                 .new_list = as_list};
    const char *failed;

    count_open(call->accounts, call->account, &input, draft->order.symbol);
    failed = filters_fail(&input);
    if (failed != NULL)
        return call_fail(call, -1013, "Filter failure: %s", failed);
    return order_draft_steps(call, draft);
}

/* --- money --------------------------------------------------------------------------------------------------- */

/* Own orders that a taker of this side would run into: they may be taken out of its way, so it goes deeper. */
static void own_opposite(struct accounts *accounts, const struct user_order *draft, int64_t *lots,
                         int64_t *value)
{
    const struct account *account = account_find(accounts, draft->account);
    struct user_order *order = order_index_oldest(accounts->orders, account->slot);

    *lots = *value = 0;
    for (; order != NULL; order = order_index_newer(accounts->orders, order))
        if (order->open && order->id != 0 && order->symbol == draft->symbol && order->side != draft->side &&
            order->working_ns != 0 && order->price_ticks != 0) {
            *lots += user_order_left(order);
            *value += order->price_ticks * user_order_left(order);
        }
}

static int64_t market_value(struct accounts *accounts, const struct user_order *order, int64_t lots)
{
    const struct match_book *book = accounts->exchange->book[order->symbol];
    int64_t own_lots, own_value, got, value, all;

    own_opposite(accounts, order, &own_lots, &own_value);
    value = match_walk_value(book, order->side, lots, &got);
    if (own_lots == 0)
        return value;
    all = match_walk_value(book, order->side, lots + own_lots, &got);
    /* A bound, not the exact cost: a buyer must afford the own part too, wherever that stands. */
    return order->side == SIDE_BID ? all : all > own_value ? all - own_value : 0;
}

/* Lots that a market order sells at most for its quote quantity. */
static int64_t lots_for_quote(struct accounts *accounts, const struct user_order *order)
{
    const struct sim_symbol *symbol = &accounts->exchange->symbol[order->symbol];
    int64_t low = 0, high = symbol->qty_lots_max;

    while (low < high) {
        int64_t middle = low + (high - low) / 2;

        if (market_value(accounts, order, middle) >= order->quote_value)
            high = middle;
        else
            low = middle + 1;
    }
    return high;
}

static int64_t with_room(int64_t ticks, int64_t bips)
{
    return ticks + (ticks * bips + BIPS - 1) / BIPS;
}

/* The price by which a buy order holds money. */
static int64_t lock_ticks(const struct accounts *accounts, const struct user_order *order)
{
    int64_t reference;

    if (order->price_ticks != 0 || order->side == SIDE_ASK || !user_order_is_algo(order))
        return order->price_ticks;
    reference =
        order_reference_e8(accounts, order->symbol) / accounts->exchange->symbol[order->symbol].tick_e8;
    if (order->trailing_bips == 0)
        return with_room(order->stop_ticks, STOP_MARKET_ROOM_BIPS);
    if (order->stop_ticks > reference)
        reference = order->stop_ticks;
    return with_room(with_room(reference, order->trailing_bips), STOP_MARKET_ROOM_BIPS);
}

int64_t order_draft_lock_e8(struct accounts *accounts, const struct account *account,
                            const struct order_draft *draft)
{
    const struct sim_symbol *symbol = &accounts->exchange->symbol[draft->order.symbol];
    struct user_order order = draft->order;
    int64_t value;

    if (order.usdm)
        return 0;
    order.account = account->id;
    order.open = true;
    if (order.type == MATCH_MARKET && order.quote_value != 0)
        return order.side == SIDE_BID ? order.quote_qty_e8
                                      : symbol_qty_e8(symbol, lots_for_quote(accounts, &order));
    if (order.side == SIDE_ASK)
        return symbol_qty_e8(symbol, order.qty_lots);
    if (order.type == MATCH_MARKET)
        return symbol_value_up_e8(symbol, market_value(accounts, &order, order.qty_lots));
    if (__builtin_mul_overflow(lock_ticks(accounts, &order), order.qty_lots, &value))
        return INT64_MAX;
    return symbol_value_up_e8(symbol, value);
}

/* --- to the book --------------------------------------------------------------------------------------------- */

static enum match_tif book_tif(enum wire_tif tif)
{
    return tif == WIRE_IOC ? MATCH_IOC : tif == WIRE_FOK ? MATCH_FOK : MATCH_GTC;
}

static struct match_request to_request(const struct user_order *order)
{
    struct match_request request = {.account = order->account,
                                    .tag = (uint64_t)order->slot + 1,
                                    .list_id = order->list_id,
                                    .side = order->side,
                                    .type = order->tif == WIRE_GTX ? MATCH_LIMIT_MAKER : order->type,
                                    .tif = book_tif(order->tif),
                                    .stp = order->stp,
                                    .price_ticks = order->price_ticks,
                                    .qty_lots = order->quote_value != 0 ? 0 : order->engine_lots,
                                    .quote_value = order->quote_value,
                                    .stop_ticks = order->stop_ticks,
                                    .trailing_bips = order->trailing_bips,
                                    .iceberg_lots = order->iceberg_lots};

    if (order->side == SIDE_BID && (order->type == MATCH_STOP_LOSS || order->type == MATCH_TAKE_PROFIT)) {
        request.type = order->type == MATCH_STOP_LOSS ? MATCH_STOP_LOSS_LIMIT : MATCH_TAKE_PROFIT_LIMIT;
        request.price_ticks = order->lock_ticks;
        request.tif = MATCH_IOC;
    }
    if (request.iceberg_lots > request.qty_lots)
        request.iceberg_lots = request.qty_lots;
    return request;
}

static void refusal(enum match_reject reject, bool usdm, struct failure *why)
{
    switch (reject) {
    case MATCH_WOULD_TAKE:
        if (usdm)
            failure_set(
                why, -5022,
                "Due to the order could not be executed as maker, the Post Only order will be rejected. "
                "The order will not be recorded in the order history");
        else
            failure_set(why, -2010, "Order would immediately match and take.");
        break;
    case MATCH_WOULD_TRIGGER:
        failure_set(why, -2010, "Order would trigger immediately.");
        break;
    case MATCH_CLOSED:
        failure_set(why, -2010, "Market is closed.");
        break;
    case MATCH_FULL:
        failure_set(why, -1008,
                    "Server is currently overloaded with other requests. Please try again in a few minutes.");
        break;
    case MATCH_UNKNOWN_ORDER:
        failure_set(why, -2011, "Unknown order sent.");
        break;
    case MATCH_AMEND_NOT_SMALLER:
        failure_set(why, -2038, "Order amend (quantity increase) is not supported.");
        break;
    case MATCH_BAD_ORDER:
    case MATCH_OK:
        failure_set(why, -1014, "Unsupported order combination.");
        break;
    }
}

static struct user_order *open_place(struct accounts *accounts, struct account *account,
                                     const struct order_draft *draft, struct failure *why)
{
    const struct user_order *wanted = &draft->order;
    const struct user_order *same =
        order_index_by_client(accounts->orders, account->id, wanted->symbol, wanted->client_id);
    struct user_order *order, made;

    if (same != NULL && same->open) {
        if (wanted->usdm)
            failure_set(why, -4116, "ClientOrderId is duplicated.");
        else
            failure_set(why, -2010, "Duplicate order sent.");
        return NULL;
    }
    order = order_index_take(accounts->orders, account->slot);
    if (order == NULL) {
        failure_set(why, -1013, "Filter failure: EXCHANGE_MAX_NUM_ORDERS");
        return NULL;
    }
    made = *wanted;
    made.slot = order->slot;
    made.number = order->number;
    made.open = true;
    made.id = 0;
    made.next_by_id = order->next_by_id;
    made.next_by_client = order->next_by_client;
    made.older = order->older;
    made.newer = order->newer;
    made.next_finished = order->next_finished;
    made.account = account->id;
    *order = made;
    return order;
}

/* A part only, if the fault says so; the book then never sees the rest. */
static int64_t lots_for_book(struct accounts *accounts, const struct user_order *order)
{
    if (accounts->fault != ORDER_FAULT_PARTIAL || accounts->fault_left == 0 || order->qty_lots < 2 ||
        order->quote_value != 0)
        return order->qty_lots;
    accounts->fault_left--;
    return order->qty_lots / 2;
}

struct user_order *order_submit(struct accounts *accounts, struct account *account,
                                const struct order_draft *draft, int64_t lock_e8, struct failure *why)
{
    struct exchange *exchange = accounts->exchange;
    size_t asset = draft->order.side == SIDE_BID ? accounts->quote_asset[draft->order.symbol]
                                                 : accounts->base_asset[draft->order.symbol];
    struct user_order *order = open_place(accounts, account, draft, why);
    struct match_request request;
    enum match_reject reject;

    if (order == NULL)
        return NULL;
    if (lock_e8 < 0)
        lock_e8 = order_draft_lock_e8(accounts, account, draft);
    if (!order->usdm && !balances_lock(&account->spot, asset, lock_e8)) {
        order_index_drop(accounts->orders, order);
        failure_set(why, -2010, "Account has insufficient balance for requested action.");
        return NULL;
    }
    order->locked_e8 = order->usdm ? 0 : lock_e8;
    order->lock_ticks = lock_ticks(accounts, order);
    order->engine_lots = lots_for_book(accounts, order);
    request = to_request(order);
    reject = match_submit(exchange->book[order->symbol], exchange->now_ns, &request, NULL);
    if (reject != MATCH_OK) {
        if (!order->usdm)
            balances_unlock(&account->spot, asset, order->locked_e8);
        order_index_drop(accounts->orders, order);
        refusal(reject, order->usdm, why);
        return NULL;
    }
    if (order->open && order->quote_value != 0) /* the book is done with it: what is left buys no lot */
        settlement_end(accounts, order, ORDER_EXPIRED, "EXPIRED");
    if (order->open && accounts->fault == ORDER_FAULT_EXPIRE && accounts->fault_left > 0) {
        accounts->fault_left--;
        match_expire(exchange->book[order->symbol], exchange->now_ns, order->book_id);
    }
    accounts_after_book(accounts);
    return order;
}

bool order_cancel(struct accounts *accounts, struct user_order *order, const char *cancel_id,
                  struct failure *why)
{
    struct exchange *exchange = accounts->exchange;
    struct order_list *list = order_list_find(accounts, order->list_id);
    enum match_reject reject;

    for (size_t i = 0; list != NULL && i < 2; i++) {
        struct user_order *leg =
            order_index_by_id(accounts->orders, list->account, list->symbol, list->order_id[i]);

        if (leg != NULL && leg->open) {
            leg->asked_to_end = true;
            snprintf(leg->cancel_id, sizeof(leg->cancel_id), "%s", cancel_id);
        }
    }
    order->asked_to_end = true;
    snprintf(order->cancel_id, sizeof(order->cancel_id), "%s", cancel_id);
    reject = match_cancel(exchange->book[order->symbol], exchange->now_ns, order->book_id);
    if (reject != MATCH_OK) {
        refusal(reject, order->usdm, why);
        return false;
    }
    return true;
}

struct user_order *order_to_cancel(struct call *call, int symbol, const char *id_name,
                                   const char *client_name, struct failure *why)
{
    struct order_index *orders = call->accounts->orders;
    uint32_t account = call->account->id;
    const char *client = NULL;
    struct user_order *order;
    int64_t id = -1;

    if (!call_int(call, id_name, 0, INT64_MAX, &id) || !call_text(call, client_name, &client))
        return NULL;
    if (id < 0 && client == NULL) {
        call_fail(call, -1102, "Param '%s' or '%s' must be sent, but both were empty/null!", client_name,
                  id_name);
        return NULL;
    }
    if (id < 0 && client != NULL)
        order = order_index_by_client(orders, account, (uint32_t)symbol, client);
    else
        order = order_index_by_id(orders, account, (uint32_t)symbol, (uint64_t)id);
    if (order != NULL && id >= 0 && client != NULL && strcmp(order->client_id, client) != 0) {
        failure_set(why, -2039, "Client order ID is not correct for this order ID.");
        return NULL;
    }
    if (order == NULL || !order->open) {
        failure_set(why, -2011, "Unknown order sent.");
        return NULL;
    }
    return order;
}
