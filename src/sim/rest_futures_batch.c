/* rest_futures_batch.c - up to 5 USD-M orders in one request, each with an answer of its own. */
#include "sim/order_json.h"
#include "sim/trading_calls.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define BATCH_ORDERS_MAX  5
#define BATCH_CANCELS_MAX 10

static struct call part_of(const struct call *call)
{
    struct call part = {.exchange = call->exchange,
                        .accounts = call->accounts,
                        .account = call->account,
                        .usdm = true,
                        .ignore_unknown = true,
                        .out = call->out};

    params_init(&part.params);
    return part;
}

static bool add_value(struct params *params, const char *name, const json_t *value)
{
    char number[32];

    if (json_is_string(value))
        return params_add(params, name, json_string_value(value)) == PARAMS_OK;
    if (json_is_boolean(value))
        return params_add(params, name, json_is_true(value) ? "true" : "false") == PARAMS_OK;
    if (!json_is_integer(value))
        return false;
    snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return params_add(params, name, number) == PARAMS_OK;
}

/* What it left in out, or its failure in place of that. */
static void run_part(struct call *call, struct call *part, call_function *function)
{
    size_t before = call->out->size;

    if (part->failure.code == 0)
        function(part);
    if (part->failure.code != 0) {
        call->out->size = before;
        json_failure(call->out, &part->failure);
    }
    call->orders_counted += part->orders_counted;
}

void usdm_batch_place(struct call *call)
{
    const char *text, *name;
    json_t *list, *value;
    size_t count;

    if (!call_need(call, "batchOrders", &text))
        return;
    list = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    count = json_array_size(list);
    if (count == 0 || count > BATCH_ORDERS_MAX) {
        json_decref(list);
        call_fail(call, list == NULL ? -1130 : -4082, "%s",
                  list == NULL ? "Data sent for parameter 'batchOrders' is not valid."
                               : "Invalid number of batch place orders");
        return;
    }
    sim_text_add(call->out, "[");
    for (size_t i = 0; i < count; i++) {
        struct call part = part_of(call);

        json_object_foreach(json_array_get(list, i), name, value) if (!add_value(&part.params, name, value))
            call_fail(&part, -1130, "Data sent for parameter '%.40s' is not valid.", name);
        if (i > 0)
            sim_text_add(call->out, ",");
        run_part(call, &part, usdm_order_place);
    }
    sim_text_add(call->out, "]");
    json_decref(list);
}

void usdm_batch_cancel(struct call *call)
{
    const char *symbol, *ids = NULL, *clients = NULL;
    json_t *list;
    size_t count;

    if (!call_need(call, "symbol", &symbol) || !call_text(call, "orderIdList", &ids) ||
        !call_text(call, "origClientOrderIdList", &clients))
        return;
    list = ids == NULL && clients == NULL ? NULL : json_loads(ids != NULL ? ids : clients, 0, NULL);
    count = json_array_size(list);
    if (count == 0 || count > BATCH_CANCELS_MAX) {
        json_decref(list);
        call_fail(call, -4083, "Invalid number of batch cancel orders");
        return;
    }
    sim_text_add(call->out, "[");
    for (size_t i = 0; i < count; i++) {
        struct call part = part_of(call);

        params_add(&part.params, "symbol", symbol);
        if (!add_value(&part.params, ids != NULL ? "orderId" : "origClientOrderId", json_array_get(list, i)))
            call_fail(&part, -1130, "Data sent for parameter 'orderIdList' is not valid.");
        if (i > 0)
            sim_text_add(call->out, ",");
        run_part(call, &part, usdm_order_cancel);
    }
    sim_text_add(call->out, "]");
    json_decref(list);
}
