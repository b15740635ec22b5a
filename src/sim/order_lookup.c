#include "sim/order_lookup.h"

#include <string.h>

#define ALL_ORDERS_DEFAULT 500
#define ALL_ORDERS_MAX     1000
#define DAY_NS             INT64_C(86400000000000)
#define KEPT_NS            (90 * DAY_NS)
#define USDM_UNTRADED_NS   (3 * DAY_NS)

static bool is_put_away(const struct exchange *exchange, const struct user_order *order)
{
    bool untraded =
        (order->status == ORDER_CANCELED || order->status == ORDER_EXPIRED) && order->executed_lots == 0;

    if (!order->usdm)
        return untraded && exchange->now_ns - order->update_ns > KEPT_NS;
    return !order->open && exchange->now_ns - order->time_ns > (untraded ? USDM_UNTRADED_NS : KEPT_NS);
}

struct user_order *order_named(struct call *call, bool open_only)
{
    struct order_index *orders = call->accounts->orders;
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
    if (id < 0)
        order = order_index_by_client(orders, call->account->id, (uint32_t)symbol, client);
    else
        order = order_index_by_id(orders, call->account->id, (uint32_t)symbol, (uint64_t)id);
    if (order != NULL && !call->usdm && client != NULL && strcmp(client, order->client_id) != 0)
        order = NULL;
    if (order == NULL || (open_only && !order->open) || (order->usdm && is_put_away(call->exchange, order))) {
        call_fail(call, -2013, "Order does not exist.");
        return NULL;
    }
    if (is_put_away(call->exchange, order)) {
        call_fail(
            call, -2026,
            "Order was canceled or expired with no executed qty over 90 days ago and has been archived.");
        return NULL;
    }
    return order;
}

/* --- lists --------------------------------------------------------------------------------------------------- */

static void put_next(struct call *call, order_put *put, const struct user_order *order, bool *first)
{
    if (!*first)
        sim_text_add(call->out, ",");
    *first = false;
    put(call, call->out, order);
}

void order_list_open(struct call *call, order_put *put)
{
    struct order_index *orders = call->accounts->orders;
    bool first = true;
    int symbol;

    if (!call_symbol(call, false, &symbol) || !call_all_read(call))
        return;
    sim_text_add(call->out, "[");
    for (struct user_order *order = order_index_oldest(orders, call->account->slot); order != NULL;
         order = order_index_newer(orders, order))
        if (order->open && order->id != 0 && order->usdm == call->usdm &&
            (symbol < 0 || order->symbol == (uint32_t)symbol))
            put_next(call, put, order, &first);
    sim_text_add(call->out, "]");
}

struct window {
    int symbol;
    int64_t from, start_ms, end_ms, limit;
};

static bool read_window(struct call *call, int64_t span_max_ms, struct window *out)
{
    *out = (struct window){.from = -1, .start_ms = -1, .end_ms = -1, .limit = ALL_ORDERS_DEFAULT};
    if (!call_symbol(call, true, &out->symbol) || !call_int(call, "orderId", 0, INT64_MAX, &out->from) ||
        !call_int(call, "startTime", 0, INT64_MAX, &out->start_ms) ||
        !call_int(call, "endTime", 0, INT64_MAX, &out->end_ms) ||
        !call_int(call, "limit", 1, ALL_ORDERS_MAX, &out->limit) || !call_all_read(call))
        return false;
    if (span_max_ms > 0 && out->start_ms >= 0 && out->end_ms >= 0 &&
        out->end_ms - out->start_ms > span_max_ms)
        return call_fail(call, -1127, "More than 24 hours between startTime and endTime.");
    return true;
}

static bool is_within(const struct call *call, const struct window *window, const struct user_order *order)
{
    int64_t time_ms = client_ms(call->exchange, order->time_ns);

    return order->id != 0 && order->symbol == (uint32_t)window->symbol &&
           (int64_t)order->id >= window->from && (window->start_ms < 0 || time_ms >= window->start_ms) &&
           (window->end_ms < 0 || time_ms <= window->end_ms) &&
           !(order->usdm && is_put_away(call->exchange, order));
}

void order_list_all(struct call *call, int64_t span_max_ms, order_put *put)
{
    struct order_index *orders = call->accounts->orders;
    int64_t matching = 0, skip, told = 0;
    struct window window;
    bool first = true;

    if (!read_window(call, span_max_ms, &window))
        return;
    for (struct user_order *order = order_index_oldest(orders, call->account->slot); order != NULL;
         order = order_index_newer(orders, order))
        matching += is_within(call, &window, order);
    skip = window.from < 0 && matching > window.limit ? matching - window.limit : 0;
    sim_text_add(call->out, "[");
    for (struct user_order *order = order_index_oldest(orders, call->account->slot);
         order != NULL && told < window.limit; order = order_index_newer(orders, order)) {
        if (!is_within(call, &window, order) || skip-- > 0)
            continue;
        put_next(call, put, order, &first);
        told++;
    }
    sim_text_add(call->out, "]");
}
