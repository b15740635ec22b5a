/* rest_replace.c - cancel one order and place another in one request; make one smaller in its place. */
#include "sim/order_json.h"
#include "sim/trading_calls.h"

#include "core/base/decimal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum outcome { SUCCESS, FAILURE, NOT_ATTEMPTED };

static const char *outcome_word(enum outcome outcome)
{
    return outcome == SUCCESS ? "SUCCESS" : outcome == FAILURE ? "FAILURE" : "NOT_ATTEMPTED";
}

struct replace {
    struct order_draft draft;
    bool allow_failure;
    char cancel_id[CLIENT_ID_SIZE];
    struct user_order *old, *made;
    struct failure cancel_failure, new_failure;
    enum outcome cancel, place;
    uint64_t first_trade;
};

static bool read_replace(struct call *call, struct replace *replace)
{
    static const char *const modes[] = {"STOP_ON_FAILURE", "ALLOW_FAILURE", NULL};
    static const char *const restrictions[] = {"ONLY_NEW", "ONLY_PARTIALLY_FILLED", NULL};
    static const char *const rate_modes[] = {"DO_NOTHING", "CANCEL_ONLY", NULL};
    size_t mode = 0, restriction = 2, rate_mode = 0;
    const char *value;

    memset(replace, 0, sizeof(*replace));
    if (!order_draft_read(call, &replace->draft) || !call_need(call, "cancelReplaceMode", &value) ||
        !call_word(call, "cancelReplaceMode", modes, -1130,
                   "Data sent for parameter 'cancelReplaceMode' is not valid.", &mode) ||
        !call_client_id(call, "cancelNewClientOrderId", true, replace->cancel_id) ||
        !call_word(call, "cancelRestrictions", restrictions, -1145,
                   "`cancelRestrictions` has to be either `ONLY_NEW` or `ONLY_PARTIALLY_FILLED`.",
                   &restriction) ||
        !call_word(call, "orderRateLimitExceededMode", rate_modes, -1130,
                   "Data sent for parameter 'orderRateLimitExceededMode' is not valid.", &rate_mode))
        return false;
    replace->allow_failure = mode == 1;
    replace->old = order_to_cancel(call, (int)replace->draft.order.symbol, "cancelOrderId",
                                   "cancelOrigClientOrderId", &replace->cancel_failure);
    if (replace->old != NULL && restriction < 2 &&
        replace->old->status != (restriction == 0 ? ORDER_NEW : ORDER_PARTIALLY_FILLED)) {
        failure_set(&replace->cancel_failure, -2011, "Order was not canceled due to cancel restrictions.");
        replace->old = NULL;
    }
    return call->failure.code == 0 && call_all_read(call);
}

static void put_response(struct call *call, struct sim_text *out, enum outcome outcome,
                         const struct user_order *canceled, const struct replace *placed,
                         const struct failure *failure)
{
    if (outcome == NOT_ATTEMPTED)
        sim_text_add(out, "null");
    else if (outcome == FAILURE)
        json_failure(out, failure);
    else if (canceled != NULL)
        json_order_canceled(call, out, canceled);
    else
        json_order_placed(call, out, placed->made, placed->draft.reply, placed->first_trade);
}

static void reply_replace(struct call *call, const struct replace *replace)
{
    struct sim_text *out = call->out;
    bool good = replace->cancel == SUCCESS && replace->place == SUCCESS;
    bool half = !good && (replace->cancel == SUCCESS || replace->place == SUCCESS);

    if (!good) {
        call->status = half ? 409 : 400;
        sim_text_printf(out, "{\"code\":%d,\"msg\":\"%s\",\"data\":", half ? -2021 : -2022,
                        half ? "Order cancel-replace partially failed." : "Order cancel-replace failed.");
    }
    sim_text_printf(out, "{\"cancelResult\":\"%s\",\"newOrderResult\":\"%s\",\"cancelResponse\":",
                    outcome_word(replace->cancel), outcome_word(replace->place));
    put_response(call, out, replace->cancel, replace->old, replace, &replace->cancel_failure);
    sim_text_add(out, ",\"newOrderResponse\":");
    put_response(call, out, replace->place, NULL, replace, &replace->new_failure);
    sim_text_add(out, good ? "}" : "}}");
}

void spot_cancel_replace(struct call *call)
{
    struct replace replace;

    if (!read_replace(call, &replace) ||
        !order_draft_judge(call, &replace.draft, replace.old == NULL ? 1 : 0, false))
        return;
    call->orders_counted = 1;
    account_count_orders(call->accounts, call->account, 1);
    replace.cancel = replace.old != NULL && order_cancel(call->accounts, replace.old, replace.cancel_id,
                                                         &replace.cancel_failure)
                         ? SUCCESS
                         : FAILURE;
    replace.place = NOT_ATTEMPTED;
    replace.first_trade = call->account->trades.count;
    if (replace.cancel == SUCCESS || replace.allow_failure) {
        replace.made = order_submit(call->accounts, call->account, &replace.draft, -1, &replace.new_failure);
        replace.place = replace.made != NULL ? SUCCESS : FAILURE;
    }
    reply_replace(call, &replace);
}

static void reply_amended(struct call *call, const struct user_order *order, const char *old_client_id)
{
    struct sim_text *out = call->out;
    const struct sim_symbol *symbol = &call->exchange->symbol[order->symbol];

    sim_text_printf(out,
                    "{\"transactTime\":%" PRId64 ",\"executionId\":%" PRIu64
                    ",\"amendedOrder\":{\"symbol\":\"%s\",\"orderId\":%" PRIu64 ",\"orderListId\":%" PRId64
                    ",\"origClientOrderId\":\"%s\",\"clientOrderId\":\"%s\"",
                    client_ms(call->exchange, order->update_ns), call->accounts->executions, symbol->name,
                    order->id, order->list_id == 0 ? -1 : (int64_t)order->list_id, old_client_id,
                    order->client_id);
    json_e8(out, "price", symbol_price_e8(symbol, order->price_ticks), 8);
    json_e8(out, "qty", symbol_qty_e8(symbol, order->qty_lots), 8);
    json_e8(out, "executedQty", symbol_qty_e8(symbol, order->executed_lots), 8);
    json_e8(out, "preventedQty", symbol_qty_e8(symbol, order->prevented_lots), 8);
    json_e8(out, "quoteOrderQty", 0, 8);
    json_e8(out, "cumulativeQuoteQty", order->quote_e8, 8);
    sim_text_printf(out,
                    ",\"status\":\"%s\",\"timeInForce\":\"%s\",\"type\":\"%s\",\"side\":\"%s\""
                    ",\"workingTime\":%" PRId64 ",\"selfTradePreventionMode\":\"%s\"}}",
                    order->status == ORDER_NEW ? "NEW" : "PARTIALLY_FILLED", order_tif_words[order->tif],
                    order_type_words[order->type], side_word(order->side),
                    order->working_ns == 0 ? -1 : client_ms(call->exchange, order->working_ns),
                    order_stp_words[order->stp]);
}

/* A new id must be free among the open orders; the same id again is allowed. */
static bool new_id_is_free(struct call *call, const struct user_order *order, const char *client_id)
{
    const struct user_order *same =
        order_index_by_client(call->accounts->orders, order->account, order->symbol, client_id);

    return same == NULL || !same->open || same == order || call_fail(call, -2038, "Duplicate order sent.");
}

static bool amend_to(struct call *call, struct user_order *order, int64_t lots, const char *client_id)
{
    struct exchange *exchange = call->exchange;
    int64_t book_lots = order->engine_lots - (order->qty_lots - lots);
    char old_id[CLIENT_ID_SIZE];
    enum match_reject reject;

    memcpy(old_id, order->client_id, sizeof(old_id));
    /* The event names the new id in c and the old one in C. */
    snprintf(order->cancel_id, sizeof(order->cancel_id), "%s", client_id);
    reject = match_amend(exchange->book[order->symbol], exchange->now_ns, order->book_id, book_lots);
    order->cancel_id[0] = '\0';
    if (reject != MATCH_OK)
        return call_fail(call, -2038, "%s",
                         reject == MATCH_CLOSED    ? "Market is closed."
                         : lots == order->qty_lots ? "The requested action would change no state; rejecting"
                         : lots > order->qty_lots  ? "Order amend (quantity increase) is not supported."
                         : reject == MATCH_UNKNOWN_ORDER
                             ? "Unknown order sent."
                             : "The requested action would change no state; rejecting");
    order->amends++;
    order_index_rename(call->accounts->orders, order, client_id);
    reply_amended(call, order, old_id);
    return true;
}

void spot_amend(struct call *call)
{
    char client_id[CLIENT_ID_SIZE];
    struct user_order *order;
    int64_t qty_e8 = 0;
    int symbol;

    if (!call_symbol(call, true, &symbol) || !call_need_e8(call, "newQty", &qty_e8) ||
        !call_client_id(call, "newClientOrderId", false, client_id))
        return;
    order = order_to_cancel(call, symbol, "orderId", "origClientOrderId", &call->failure);
    if (order == NULL) {
        if (call->failure.code == -2011)
            call->failure.code = -2038;
        return;
    }
    if (!call_all_read(call))
        return;
    if (client_id[0] == '\0')
        memcpy(client_id, order->client_id, sizeof(client_id));
    if (!filter_lot_size(&call->exchange->symbol[symbol], qty_e8))
        call_fail(call, -1013, "Filter failure: LOT_SIZE");
    else if (order->amends >= FILTER_MAX_NUM_ORDER_AMENDS)
        call_fail(call, -1013, "Filter failure: MAX_NUM_ORDER_AMENDS");
    else if (new_id_is_free(call, order, client_id))
        amend_to(call, order, qty_e8 / call->exchange->symbol[symbol].lot_e8, client_id);
}
