/* rest_orders.c - spot orders: place, try, ask, cancel, list. */
#include "sim/order_json.h"
#include "sim/order_lookup.h"
#include "sim/trading_calls.h"

#include <string.h>

#define LOOKUP_MAX_MS INT64_C(86400000)

void spot_order_place(struct call *call)
{
    struct order_draft draft;
    struct user_order *order;
    uint64_t first_trade = call->account->trades.count;

    if (!order_draft_read(call, &draft) || !call_all_read(call) || !order_draft_judge(call, &draft, 1, false))
        return;
    call->orders_counted = 1;
    account_count_orders(call->accounts, call->account, 1);
    order = order_submit(call->accounts, call->account, &draft, -1, &call->failure);
    if (order != NULL)
        json_order_placed(call, call->out, order, draft.reply, first_trade);
}

void spot_order_test(struct call *call)
{
    struct order_draft draft;
    bool rates = false;

    if (!order_draft_read(call, &draft) || !call_bool(call, "computeCommissionRates", &rates) ||
        !call_all_read(call) || !order_draft_judge(call, &draft, 1, false))
        return;
    sim_text_add(call->out,
                 !rates
                     ? "{}"
                     : "{\"standardCommissionForOrder\":{\"maker\":\"0.00100000\",\"taker\":\"0.00100000\"},"
                       "\"specialCommissionForOrder\":{\"maker\":\"0.00000000\",\"taker\":\"0.00000000\"},"
                       "\"taxCommissionForOrder\":{\"maker\":\"0.00000000\",\"taker\":\"0.00000000\"},"
                       "\"discount\":{\"enabledForAccount\":false,\"enabledForSymbol\":false,"
                       "\"discountAsset\":\"BNB\",\"discount\":\"0.00000000\"}}");
}

void spot_order_query(struct call *call)
{
    struct user_order *order = order_named(call, false);

    if (order != NULL)
        json_order_query(call, call->out, order);
}

static bool restricted(struct call *call, const struct user_order *order, size_t restriction)
{
    static const enum order_status needed[] = {ORDER_NEW, ORDER_PARTIALLY_FILLED};

    if (restriction > 1 || order->status == needed[restriction])
        return false;
    call_fail(call, -2011, "Order was not canceled due to cancel restrictions.");
    return true;
}

/* Both orders of a list end together; the reply then is the list's. */
static void reply_canceled(struct call *call, struct user_order *order)
{
    struct order_list *list = order_list_find(call->accounts, order->list_id);

    if (list == NULL) {
        json_order_canceled(call, call->out, order);
        return;
    }
    json_list(call, call->out, list, false);
    sim_text_add(call->out, ",\"orderReports\":[");
    for (size_t i = 0, told = 0; i < 2; i++) {
        struct user_order *leg =
            order_index_by_id(call->accounts->orders, list->account, list->symbol, list->order_id[i]);

        if (leg == NULL)
            continue;
        if (told++ > 0)
            sim_text_add(call->out, ",");
        json_order_canceled(call, call->out, leg);
    }
    sim_text_add(call->out, "]}");
}

void spot_order_cancel(struct call *call)
{
    static const char *const restrictions[] = {"ONLY_NEW", "ONLY_PARTIALLY_FILLED", NULL};
    char cancel_id[CLIENT_ID_SIZE];
    struct user_order *order;
    size_t restriction = 2;
    int symbol;

    if (!call_symbol(call, true, &symbol) || !call_client_id(call, "newClientOrderId", true, cancel_id) ||
        !call_word(call, "cancelRestrictions", restrictions, -1145,
                   "`cancelRestrictions` has to be either `ONLY_NEW` or `ONLY_PARTIALLY_FILLED`.",
                   &restriction))
        return;
    order = order_to_cancel(call, symbol, "orderId", "origClientOrderId", &call->failure);
    if (order == NULL || !call_all_read(call) || restricted(call, order, restriction))
        return;
    if (order_cancel(call->accounts, order, cancel_id, &call->failure))
        reply_canceled(call, order);
}

void spot_open_orders(struct call *call)
{
    order_list_open(call, json_order_query);
}

void spot_open_orders_cancel(struct call *call)
{
    struct order_index *orders = call->accounts->orders;
    struct user_order *order;
    size_t told = 0;
    int symbol;

    if (!call_symbol(call, true, &symbol) || !call_all_read(call))
        return;
    sim_text_add(call->out, "[");
    for (order = order_index_oldest(orders, call->account->slot); order != NULL;
         order = order_index_newer(orders, order)) {
        char cancel_id[CLIENT_ID_SIZE];

        if (!order->open || order->id == 0 || order->usdm || order->symbol != (uint32_t)symbol)
            continue;
        accounts_random_text(call->accounts, cancel_id, 22);
        if (!order_cancel(call->accounts, order, cancel_id, &call->failure))
            return;
        if (told++ > 0)
            sim_text_add(call->out, ",");
        reply_canceled(call, order);
    }
    sim_text_add(call->out, "]");
    if (told == 0)
        call_fail(call, -2011, "Unknown order sent.");
}

void spot_all_orders(struct call *call)
{
    order_list_all(call, LOOKUP_MAX_MS, json_order_query);
}
