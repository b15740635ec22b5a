/* rest_futures.c - USD-M orders: place, try, ask, change, cancel, list. */
#include "sim/futures_entry.h"
#include "sim/margin.h"
#include "sim/order_json.h"
#include "sim/trading_calls.h"

#include <string.h>

#define ALL_ORDERS_DEFAULT 500
#define ALL_ORDERS_MAX     1000

void usdm_order_place(struct call *call)
{
    struct order_draft draft;
    struct user_order *order, shown;

    if (!futures_draft_read(call, &draft) || !call_all_read(call) || !futures_draft_judge(call, &draft))
        return;
    call->orders_counted = 1;
    account_count_orders(call->accounts, call->account, 1);
    if (draft.order.tif == WIRE_GTD)
        accounts_wake_by(call->accounts, draft.order.good_till_ms * INT64_C(1000000));
    order = order_submit(call->accounts, call->account, &draft, 0, &call->failure);
    if (order == NULL)
        return;
    shown = *order;
    if (draft.reply == REPLY_ACK) { /* told before the match */
        shown.status = ORDER_NEW;
        shown.executed_lots = shown.executed_value = shown.quote_e8 = 0;
    }
    json_futures_order(call, call->out, &shown, false);
}

void usdm_order_test(struct call *call)
{
    struct order_draft draft;

    if (!futures_draft_read(call, &draft) || !call_all_read(call) || !futures_draft_judge(call, &draft))
        return;
    draft.order.account = call->account->id;
    draft.order.time_ns = draft.order.update_ns = call->exchange->now_ns;
    json_futures_order(call, call->out, &draft.order, false);
}

/* By orderId or origClientOrderId; open_only: -2013 for finished ones. */
static struct user_order *named_order(struct call *call, bool open_only)
{
    const char *client = NULL;
    struct user_order *order;
    int64_t id = -1;
    int symbol;

    if (!call_symbol(call, true, &symbol) || !call_int(call, "orderId", 0, INT64_MAX, &id) ||
        !call_text(call, "origClientOrderId", &client) || !call_all_read(call))
        return NULL;
    if (id < 0 && client == NULL) {
        call_fail(call, -1102,
                  "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!");
        return NULL;
    }
    order =
        id < 0 && client != NULL
            ? order_index_by_client(call->accounts->orders, call->account->id, (uint32_t)symbol, client)
            : order_index_by_id(call->accounts->orders, call->account->id, (uint32_t)symbol, (uint64_t)id);
    if (order == NULL || (open_only && !order->open)) {
        call_fail(call, -2013, "Order does not exist.");
        return NULL;
    }
    return order;
}

void usdm_order_query(struct call *call)
{
    struct user_order *order = named_order(call, false);

    if (order != NULL)
        json_futures_order(call, call->out, order, true);
}

void usdm_open_order(struct call *call)
{
    struct user_order *order = named_order(call, true);

    if (order != NULL)
        json_futures_order(call, call->out, order, true);
}

void usdm_order_cancel(struct call *call)
{
    struct user_order *order;
    int symbol;

    if (!call_symbol(call, true, &symbol))
        return;
    order = order_to_cancel(call, symbol, "orderId", "origClientOrderId", &call->failure);
    if (order != NULL && call_all_read(call) && order_cancel(call->accounts, order, "", &call->failure))
        json_futures_order(call, call->out, order, false);
}

/* --- change -------------------------------------------------------------------------------------------------- */

struct change {
    struct user_order *order;
    int64_t price_ticks, qty_lots;
};

static bool read_change(struct call *call, struct change *change)
{
    int64_t qty_e8 = 0, price_e8 = 0, value_e8;
    const struct sim_symbol *symbol;
    const char *value;
    size_t side = 0;
    int index;

    if (!call_symbol(call, true, &index) || !call_need(call, "side", &value) ||
        !call_word(call, "side", order_side_words, -1117, "Invalid side.", &side) ||
        !call_need_e8(call, "quantity", &qty_e8) || !call_need_e8(call, "price", &price_e8))
        return false;
    change->order = order_to_cancel(call, index, "orderId", "origClientOrderId", &call->failure);
    if (change->order == NULL) {
        if (call->failure.code == -2011)
            call->failure = (struct failure){.code = -2013, .text = "Order does not exist."};
        return false;
    }
    if (!call_all_read(call))
        return false;
    symbol = &call->exchange->symbol[index];
    if ((side == 0) != (change->order->side == SIDE_BID))
        return call_fail(call, -1117, "Invalid side.");
    if (!futures_check_qty(call, (uint32_t)index, false, qty_e8) ||
        !futures_check_price(call, (uint32_t)index, change->order->side, price_e8))
        return false;
    change->qty_lots = qty_e8 / symbol->lot_e8;
    change->price_ticks = price_e8 / symbol->tick_e8;
    if (change->qty_lots == change->order->qty_lots && change->price_ticks == change->order->price_ticks)
        return call_fail(call, -5027, "No need to modify the order.");
    value_e8 = symbol_value_e8(symbol, change->price_ticks * change->qty_lots) -
               symbol_value_e8(symbol, change->order->price_ticks * change->order->qty_lots);
    return value_e8 <= 0 || change->order->reduce_only ||
           margin_allows(call->accounts, call->account, (uint32_t)index, change->order->side, value_e8) ||
           call_fail(call, -2019, "Margin is insufficient.");
}

/* At the end of the queue under the same id. A post-only order that would take is cancelled. */
static void move_order(struct call *call, const struct change *change)
{
    struct user_order *order = change->order;
    struct exchange *exchange = call->exchange;
    struct match_book *book = exchange->book[order->symbol];
    struct match_request request;
    struct match_order resting;

    if (!match_find(book, order->book_id, &resting)) {
        call_fail(call, -2013, "Order does not exist.");
        return;
    }
    request = resting.request;
    request.price_ticks = change->price_ticks;
    request.qty_lots = change->qty_lots - order->executed_lots - order->prevented_lots;
    order->replacing = true;
    match_cancel(book, exchange->now_ns, order->book_id);
    order->price_ticks = change->price_ticks;
    order->qty_lots = change->qty_lots;
    order->engine_lots = request.qty_lots;
    order->base_lots = order->executed_lots + order->prevented_lots;
    order->base_prevented_lots = order->prevented_lots;
    if (match_submit(book, exchange->now_ns, &request, NULL) != MATCH_OK) {
        order->replacing = false;
        settlement_end(call->accounts, order, ORDER_CANCELED, "CANCELED");
    }
    accounts_after_book(call->accounts);
}

void usdm_order_modify(struct call *call)
{
    struct change change = {0};
    struct user_order *order;

    if (!read_change(call, &change))
        return;
    order = change.order;
    call->orders_counted = 1;
    account_count_orders(call->accounts, call->account, 1);
    if (change.qty_lots <= order->executed_lots + order->prevented_lots)
        order_cancel(call->accounts, order, "", &call->failure);
    else if (change.price_ticks != order->price_ticks || change.qty_lots > order->qty_lots)
        move_order(call, &change);
    else if (match_amend(call->exchange->book[order->symbol], call->exchange->now_ns, order->book_id,
                         order->engine_lots - (order->qty_lots - change.qty_lots)) != MATCH_OK)
        call_fail(call, -2013, "Order does not exist.");
    if (call->failure.code == 0)
        json_futures_order(call, call->out, order, false);
}

/* --- lists --------------------------------------------------------------------------------------------------- */

void usdm_open_orders(struct call *call)
{
    struct user_order *order = order_index_oldest(call->accounts->orders, call->account->slot);
    bool first = true;
    int symbol;

    if (!call_symbol(call, false, &symbol) || !call_all_read(call))
        return;
    sim_text_add(call->out, "[");
    for (; order != NULL; order = order_index_newer(call->accounts->orders, order)) {
        if (!order->open || order->id == 0 || !order->usdm ||
            (symbol >= 0 && order->symbol != (uint32_t)symbol))
            continue;
        if (!first)
            sim_text_add(call->out, ",");
        json_futures_order(call, call->out, order, true);
        first = false;
    }
    sim_text_add(call->out, "]");
}

void usdm_all_open_cancel(struct call *call)
{
    struct user_order *order = order_index_oldest(call->accounts->orders, call->account->slot);
    int symbol;

    if (!call_symbol(call, true, &symbol) || !call_all_read(call))
        return;
    for (; order != NULL; order = order_index_newer(call->accounts->orders, order))
        if (order->open && order->id != 0 && order->symbol == (uint32_t)symbol &&
            !order_cancel(call->accounts, order, "", &call->failure))
            return;
    sim_text_add(call->out, "{\"code\":200,\"msg\":\"The operation of cancel all open order is done.\"}");
}

void usdm_all_orders(struct call *call)
{
    int64_t from = -1, start_ms = -1, end_ms = -1, limit = ALL_ORDERS_DEFAULT, matching = 0;
    bool first = true;
    int symbol;

    if (!call_symbol(call, true, &symbol) || !call_int(call, "orderId", 0, INT64_MAX, &from) ||
        !call_int(call, "startTime", 0, INT64_MAX, &start_ms) ||
        !call_int(call, "endTime", 0, INT64_MAX, &end_ms) ||
        !call_int(call, "limit", 1, ALL_ORDERS_MAX, &limit) || !call_all_read(call))
        return;
    sim_text_add(call->out, "[");
    for (int pass = 0; pass < 2; pass++) {
        int64_t skip = pass == 1 && from < 0 && matching > limit ? matching - limit : 0, told = 0;
        struct user_order *order = order_index_oldest(call->accounts->orders, call->account->slot);

        for (; order != NULL && told < limit; order = order_index_newer(call->accounts->orders, order)) {
            int64_t time_ms = client_ms(call->exchange, order->time_ns);

            if (order->id == 0 || order->symbol != (uint32_t)symbol || (int64_t)order->id < from ||
                (start_ms >= 0 && time_ms < start_ms) || (end_ms >= 0 && time_ms > end_ms))
                continue;
            if (pass == 0) {
                matching++;
                continue;
            }
            if (skip-- > 0)
                continue;
            if (!first)
                sim_text_add(call->out, ",");
            json_futures_order(call, call->out, order, true);
            first = false;
            told++;
        }
    }
    sim_text_add(call->out, "]");
}
