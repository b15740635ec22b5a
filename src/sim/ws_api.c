/* ws_api.c - the WebSocket API: one JSON request in, one JSON reply out. */
#include "sim/order_json.h"
#include "sim/trading_calls.h"
#include "sim/ws_public.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_MAX    65536
#define ID_LETTERS_MAX 36

enum security { PUBLIC, SIGNED, SESSION };

struct ws_method {
    const char *name;
    enum security security;
    uint32_t weight, weight_no_symbol; /* 0: the same */
    call_function *function;           /* PUBLIC, SIGNED */
    void (*session)(struct call *call, struct ws_api_session *session);
    bool counts_orders;
};

/* --- functions of the session -------------------------------------------------------------------------------- */

static void put_status(struct call *call, const struct ws_api_session *session)
{
    struct sim_text *out = call->out;
    int64_t now_ms = exchange_client_ms(call->exchange);

    if (session->logged_on != 0)
        sim_text_printf(out, "{\"apiKey\":\"%s\",\"authorizedSince\":%" PRId64, session->api_key,
                        session->authorized_ms);
    else
        sim_text_add(out, "{\"apiKey\":null,\"authorizedSince\":null");
    sim_text_printf(out,
                    ",\"connectedSince\":%" PRId64 ",\"returnRateLimits\":true,\"serverTime\":%" PRId64
                    ",\"userDataStream\":%s}",
                    session->connected_ms != 0 ? session->connected_ms : now_ms, now_ms,
                    session->subscription_id >= 0 ? "true" : "false");
}

static bool sign_in(struct call *call)
{
    const char *api_key;

    if (!call_need(call, "apiKey", &api_key))
        return false;
    signing_ws_payload(&call->params, &call->accounts->payload);
    return call_sign_in(call, api_key, &call->accounts->payload);
}

static void session_logon(struct call *call, struct ws_api_session *session)
{
    const struct account_key *key;
    const char *api_key;

    if (!call_need(call, "apiKey", &api_key))
        return;
    key = account_key_find(call->accounts, api_key);
    if (key != NULL && key->key.kind != KEY_ED25519) {
        call_fail(call, -4056, "%s API key is not supported.",
                  key->key.kind == KEY_HMAC ? "HMAC_SHA256" : "RSA");
        return;
    }
    if (!sign_in(call) || !call_all_read(call))
        return;
    session->logged_on = call->account->id;
    session->authorized_ms = exchange_client_ms(call->exchange);
    snprintf(session->api_key, sizeof(session->api_key), "%s", api_key);
    put_status(call, session);
}

static void session_status(struct call *call, struct ws_api_session *session)
{
    if (call_all_read(call))
        put_status(call, session);
}

static void session_logout(struct call *call, struct ws_api_session *session)
{
    if (!call_all_read(call))
        return;
    session->logged_on = 0;
    session->api_key[0] = '\0';
    put_status(call, session);
}

static void subscribe(struct call *call, struct ws_api_session *session, uint32_t account)
{
    if (session->subscription_id >= 0) {
        call_fail(call, -2035, "User Data Stream subscription already active.");
        return;
    }
    if (session->subscriptions >= WS_API_SUBSCRIPTIONS_MAX) {
        call_fail(call, -2042, "Maximum subscription ID reached for this connection.");
        return;
    }
    session->account = account;
    session->subscription_id = session->subscriptions++;
    sim_text_printf(call->out, "{\"subscriptionId\":%d}", session->subscription_id);
}

static void stream_subscribe(struct call *call, struct ws_api_session *session)
{
    if (!call_all_read(call))
        return;
    if (session->logged_on == 0)
        call_fail(call, -1002, "You are not authorized to execute this request.");
    else
        subscribe(call, session, session->logged_on);
}

static void stream_subscribe_signature(struct call *call, struct ws_api_session *session)
{
    if (sign_in(call) && call_all_read(call))
        subscribe(call, session, call->account->id);
}

static void stream_unsubscribe(struct call *call, struct ws_api_session *session)
{
    int64_t id = session->subscription_id;

    if (!call_int(call, "subscriptionId", 0, INT32_MAX, &id) || !call_all_read(call))
        return;
    if (session->subscription_id < 0 || id != session->subscription_id) {
        call_fail(call, -2036, "User Data Stream subscription not active.");
        return;
    }
    session->subscription_id = -1;
    session->account = 0;
    sim_text_add(call->out, "{}");
}

static void session_subscriptions(struct call *call, struct ws_api_session *session)
{
    if (!call_all_read(call))
        return;
    if (session->subscription_id < 0)
        sim_text_add(call->out, "[]");
    else
        sim_text_printf(call->out, "[{\"subscriptionId\":%d}]", session->subscription_id);
}

/* --- public functions ---------------------------------------------------------------------------------------- */

static void ping(struct call *call)
{
    if (call_all_read(call))
        sim_text_add(call->out, "{}");
}

static void server_time(struct call *call)
{
    if (call_all_read(call))
        sim_text_printf(call->out, "{\"serverTime\":%" PRId64 "}", exchange_client_ms(call->exchange));
}

static const struct ws_method methods[] = {
    {"ping", PUBLIC, 1, 0, ping, NULL, false},
    {"time", PUBLIC, 1, 0, server_time, NULL, false},
    {"session.logon", SESSION, 2, 0, NULL, session_logon, false},
    {"session.status", SESSION, 2, 0, NULL, session_status, false},
    {"session.logout", SESSION, 2, 0, NULL, session_logout, false},
    {"session.subscriptions", SESSION, 2, 0, NULL, session_subscriptions, false},
    {"userDataStream.subscribe", SESSION, 2, 0, NULL, stream_subscribe, false},
    {"userDataStream.subscribe.signature", SESSION, 2, 0, NULL, stream_subscribe_signature, false},
    {"userDataStream.unsubscribe", SESSION, 2, 0, NULL, stream_unsubscribe, false},
    {"order.place", SIGNED, 1, 0, spot_order_place, NULL, true},
    {"order.test", SIGNED, 1, 0, spot_order_test, NULL, false},
    {"order.status", SIGNED, 4, 0, spot_order_query, NULL, false},
    {"order.cancel", SIGNED, 1, 0, spot_order_cancel, NULL, false},
    {"order.cancelReplace", SIGNED, 1, 0, spot_cancel_replace, NULL, true},
    {"order.amend.keepPriority", SIGNED, 4, 0, spot_amend, NULL, false},
    {"openOrders.status", SIGNED, 6, 80, spot_open_orders, NULL, false},
    {"openOrders.cancelAll", SIGNED, 1, 0, spot_open_orders_cancel, NULL, false},
    {"allOrders", SIGNED, 20, 0, spot_all_orders, NULL, false},
    {"orderList.place.oco", SIGNED, 1, 0, spot_oco, NULL, true},
    {"orderList.place", SIGNED, 1, 0, spot_oco_legacy, NULL, true},
    {"orderList.status", SIGNED, 4, 0, spot_list_query, NULL, false},
    {"orderList.cancel", SIGNED, 1, 0, spot_list_cancel, NULL, false},
    {"openOrderLists.status", SIGNED, 6, 0, spot_open_lists, NULL, false},
    {"account.status", SIGNED, 20, 0, spot_account, NULL, false},
    {"account.commission", SIGNED, 20, 0, spot_commission, NULL, false},
    {"account.rateLimits.orders", SIGNED, 40, 0, spot_order_rate, NULL, false},
    {"myTrades", SIGNED, 20, 0, spot_my_trades, NULL, false},
};

/* --- request and reply --------------------------------------------------------------------------------------- */

/* The shortest text that reads back as the same number. */
static void real_text(double value, char *out, size_t size)
{
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(out, size, "%.*g", digits, value);
        if (!(strtod(out, NULL) < value) && !(strtod(out, NULL) > value))
            return;
    }
}

static bool read_params(struct call *call, json_t *object)
{
    const char *name;
    json_t *value;

    params_init(&call->params);
    if (object != NULL && !json_is_object(object) && !json_is_null(object))
        return call_fail(call, -1135, "JSON sent for parameter 'params' is not valid");
    json_object_foreach(object, name, value)
    {
        char number[40], *list = NULL;
        const char *text = json_is_string(value) ? json_string_value(value) : number;
        enum params_err err;

        if (json_is_integer(value))
            snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        else if (json_is_real(value))
            real_text(json_real_value(value), number, sizeof(number));
        else if (json_is_boolean(value))
            snprintf(number, sizeof(number), "%s", json_is_true(value) ? "true" : "false");
        else if (json_is_null(value))
            continue;
        else if (json_is_array(value)) /* symbols: REST takes the same text */
            text = list = json_dumps(value, JSON_COMPACT);
        else if (!json_is_string(value))
            return call_fail(call, -1130, "Data sent for parameter '%.40s' is not valid.", name);
        err = text == NULL ? PARAMS_TOO_MANY : params_add(&call->params, name, text);
        free(list);
        if (err != PARAMS_OK)
            return call_fail(call, -1101, "Too many parameters sent for this endpoint.");
    }
    return true;
}

/* Signed by itself, or by the logon of the session. */
static bool authorize(struct call *call, const struct ws_api_session *session)
{
    const char *timestamp, *window = NULL;

    if (params_peek(&call->params, "apiKey") != NULL || params_peek(&call->params, "signature") != NULL ||
        session->logged_on == 0)
        return sign_in(call);
    call->account = account_find(call->accounts, session->logged_on);
    return call_need(call, "timestamp", &timestamp) && call_text(call, "recvWindow", &window) &&
           call_check_time(call, timestamp);
}

static void run(struct call *call, const struct ws_method *method, struct ws_api_session *session)
{
    if (method->session != NULL)
        method->session(call, session);
    else if (method->security == PUBLIC || authorize(call, session))
        method->function(call);
}

static void put_id(struct sim_text *out, const json_t *id)
{
    if (json_is_string(id) && strlen(json_string_value(id)) <= ID_LETTERS_MAX)
        sim_text_json_string(out, json_string_value(id));
    else if (json_is_integer(id))
        sim_text_int(out, json_integer_value(id));
    else
        sim_text_add(out, "null");
}

static void put_rate_limits(struct sim_text *out, struct call *call, bool counts_orders)
{
    const char *wanted = params_peek(&call->params, "returnRateLimits");

    if (wanted != NULL && strcasecmp(wanted, "false") == 0) {
        sim_text_add(out, "}");
        return;
    }
    sim_text_add(out, ",\"rateLimits\":[");
    if (counts_orders && call->account != NULL) {
        account_count_orders(call->accounts, call->account, 0);
        sim_text_printf(
            out,
            "{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":100,"
            "\"count\":%" PRIu32 "},{\"rateLimitType\":\"ORDERS\",\"interval\":\"DAY\","
            "\"intervalNum\":1,\"limit\":200000,\"count\":%" PRIu32 "}",
            call->account->count_10s, call->account->count_day);
    }
    sim_text_add(out, "]}");
}

static void put_reply(struct call *call, const json_t *id, bool counts_orders, struct sim_text *reply)
{
    int status = call->status != 0 ? call->status : 200;

    if (call->failure.code != 0) {
        status = failure_status(&call->failure);
        sim_text_clear(call->out);
        json_failure(call->out, &call->failure);
    }
    sim_text_clear(reply);
    sim_text_add(reply, "{\"id\":");
    put_id(reply, id);
    sim_text_printf(reply, ",\"status\":%d,\"%s\":", status, status == 200 ? "result" : "error");
    sim_text_add_size(reply, call->out->at, call->out->size);
    put_rate_limits(reply, call, counts_orders);
}

/* What every method takes besides its own parameters; a signature covers it too. */
static bool read_common(struct call *call)
{
    bool wanted;

    return call_bool(call, "returnRateLimits", &wanted);
}

static const struct ws_method *find_method(const json_t *name)
{
    for (size_t i = 0; json_is_string(name) && i < sizeof(methods) / sizeof(methods[0]); i++)
        if (strcmp(methods[i].name, json_string_value(name)) == 0)
            return &methods[i];
    return NULL;
}

void ws_api_handle(struct exchange *exchange, struct ws_api_session *session, const char *remote,
                   const char *json, size_t size, struct sim_text *reply, uint32_t *weight)
{
    json_t *request = size > REQUEST_MAX ? NULL : json_loadb(json, size, JSON_REJECT_DUPLICATES, NULL);
    const char *name = json_string_value(json_object_get(request, "method"));
    const struct ws_method *method = find_method(json_object_get(request, "method"));
    const struct sim_route *route = name == NULL ? NULL : ws_public_route(name);
    struct sim_text result = {0};
    struct call call = {.exchange = exchange, .accounts = exchange->accounts, .out = &result};

    (void)remote; /* weights are counted by the caller */
    *weight = 1;
    sim_text_add(&result, "");
    if (!json_is_object(request)) {
        call_fail(&call, -1135, "Invalid JSON Request");
    } else if (method == NULL && route == NULL) {
        call_fail(&call, -1020, "This operation is not supported.");
    } else if (!read_params(&call, json_object_get(request, "params")) || !read_common(&call)) {
        /* the failure is set */
    } else if (method == NULL) {
        ws_public_run(&call, route, weight);
    } else {
        *weight = method->weight_no_symbol != 0 && params_peek(&call.params, "symbol") == NULL
                      ? method->weight_no_symbol
                      : method->weight;
        run(&call, method, session);
    }
    put_reply(&call, json_object_get(request, "id"), method != NULL && method->counts_orders, reply);
    sim_text_free(&result);
    json_decref(request);
}
