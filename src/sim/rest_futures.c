/* rest_futures.c - USD-M orders: place, try, ask, change, cancel, list. */
#include "sim/futures_entry.h"
#include "sim/margin.h"
#include "sim/order_json.h"
#include "sim/order_lookup.h"
#include "sim/trading_calls.h"

#include <string.h>
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

static void put_queried(struct call *call, struct sim_text *out, const struct user_order *order)
{
    json_futures_order(call, out, order, true);
}

void usdm_order_query(struct call *call)
{
    struct user_order *order = order_named(call, false);

    if (order != NULL)
        put_queried(call, call->out, order);
}

void usdm_open_order(struct call *call)
{
    struct user_order *order = order_named(call, true);

    if (order != NULL)
        put_queried(call, call->out, order);
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
    order_list_open(call, put_queried);
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
    order_list_all(call, 0, put_queried);
}
