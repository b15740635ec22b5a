/* rest_trading.c - the routes of orders and accounts: who may call them, what they weigh, where they go. */
#include "sim/order_json.h"
#include "sim/trading_calls.h"

#include <string.h>

enum security { KEY_ONLY, SIGNED };
enum weight_rule { WEIGHT_FIXED, WEIGHT_NO_SYMBOL, WEIGHT_WITH_ORDER };

struct trading_route {
    const char *method, *path;
    enum security security;
    uint32_t weight, other_weight;
    enum weight_rule rule; /* when the other weight counts */
    call_function *function;
};

/* X(method, path, security, weight, other weight, rule, function) */
#define SPOT_ROUTES(X)                                                                                       \
    X("POST", "/api/v3/order", SIGNED, 1, 1, WEIGHT_FIXED, spot_order_place)                                 \
    X("GET", "/api/v3/order", SIGNED, 4, 4, WEIGHT_FIXED, spot_order_query)                                  \
    X("DELETE", "/api/v3/order", SIGNED, 1, 1, WEIGHT_FIXED, spot_order_cancel)                              \
    X("POST", "/api/v3/order/test", SIGNED, 1, 1, WEIGHT_FIXED, spot_order_test)                             \
    X("POST", "/api/v3/order/cancelReplace", SIGNED, 1, 1, WEIGHT_FIXED, spot_cancel_replace)                \
    X("PUT", "/api/v3/order/amend/keepPriority", SIGNED, 4, 4, WEIGHT_FIXED, spot_amend)                     \
    X("GET", "/api/v3/openOrders", SIGNED, 6, 80, WEIGHT_NO_SYMBOL, spot_open_orders)                        \
    X("DELETE", "/api/v3/openOrders", SIGNED, 1, 1, WEIGHT_FIXED, spot_open_orders_cancel)                   \
    X("GET", "/api/v3/allOrders", SIGNED, 20, 20, WEIGHT_FIXED, spot_all_orders)                             \
    X("POST", "/api/v3/orderList/oco", SIGNED, 1, 1, WEIGHT_FIXED, spot_oco)                                 \
    X("POST", "/api/v3/order/oco", SIGNED, 1, 1, WEIGHT_FIXED, spot_oco_legacy)                              \
    X("GET", "/api/v3/orderList", SIGNED, 4, 4, WEIGHT_FIXED, spot_list_query)                               \
    X("DELETE", "/api/v3/orderList", SIGNED, 1, 1, WEIGHT_FIXED, spot_list_cancel)                           \
    X("GET", "/api/v3/openOrderList", SIGNED, 6, 6, WEIGHT_FIXED, spot_open_lists)                           \
    X("GET", "/api/v3/allOrderList", SIGNED, 20, 20, WEIGHT_FIXED, spot_all_lists)                           \
    X("GET", "/api/v3/account", SIGNED, 20, 20, WEIGHT_FIXED, spot_account)                                  \
    X("GET", "/api/v3/myTrades", SIGNED, 20, 5, WEIGHT_WITH_ORDER, spot_my_trades)                           \
    X("GET", "/api/v3/rateLimit/order", SIGNED, 40, 40, WEIGHT_FIXED, spot_order_rate)                       \
    X("GET", "/api/v3/account/commission", SIGNED, 20, 20, WEIGHT_FIXED, spot_commission)

#define USDM_ROUTES(X)                                                                                       \
    X("POST", "/fapi/v1/order", SIGNED, 0, 0, WEIGHT_FIXED, usdm_order_place)                                \
    X("PUT", "/fapi/v1/order", SIGNED, 0, 0, WEIGHT_FIXED, usdm_order_modify)                                \
    X("GET", "/fapi/v1/order", SIGNED, 1, 1, WEIGHT_FIXED, usdm_order_query)                                 \
    X("DELETE", "/fapi/v1/order", SIGNED, 1, 1, WEIGHT_FIXED, usdm_order_cancel)                             \
    X("POST", "/fapi/v1/order/test", SIGNED, 0, 0, WEIGHT_FIXED, usdm_order_test)                            \
    X("POST", "/fapi/v1/batchOrders", SIGNED, 5, 5, WEIGHT_FIXED, usdm_batch_place)                          \
    X("DELETE", "/fapi/v1/batchOrders", SIGNED, 1, 1, WEIGHT_FIXED, usdm_batch_cancel)                       \
    X("GET", "/fapi/v1/openOrder", SIGNED, 1, 1, WEIGHT_FIXED, usdm_open_order)                              \
    X("GET", "/fapi/v1/openOrders", SIGNED, 1, 40, WEIGHT_NO_SYMBOL, usdm_open_orders)                       \
    X("DELETE", "/fapi/v1/allOpenOrders", SIGNED, 1, 1, WEIGHT_FIXED, usdm_all_open_cancel)                  \
    X("GET", "/fapi/v1/allOrders", SIGNED, 5, 5, WEIGHT_FIXED, usdm_all_orders)                              \
    X("GET", "/fapi/v1/userTrades", SIGNED, 5, 5, WEIGHT_FIXED, usdm_user_trades)                            \
    X("POST", "/fapi/v1/leverage", SIGNED, 1, 1, WEIGHT_FIXED, usdm_leverage)                                \
    X("GET", "/fapi/v1/leverageBracket", SIGNED, 1, 1, WEIGHT_FIXED, usdm_brackets)                          \
    X("POST", "/fapi/v1/marginType", SIGNED, 1, 1, WEIGHT_FIXED, usdm_margin_type)                           \
    X("GET", "/fapi/v1/positionSide/dual", SIGNED, 30, 30, WEIGHT_FIXED, usdm_dual_get)                      \
    X("POST", "/fapi/v1/positionSide/dual", SIGNED, 1, 1, WEIGHT_FIXED, usdm_dual_set)                       \
    X("GET", "/fapi/v1/multiAssetsMargin", SIGNED, 30, 30, WEIGHT_FIXED, usdm_multi_assets_get)              \
    X("POST", "/fapi/v1/multiAssetsMargin", SIGNED, 1, 1, WEIGHT_FIXED, usdm_multi_assets_set)               \
    X("POST", "/fapi/v1/countdownCancelAll", SIGNED, 10, 10, WEIGHT_FIXED, usdm_countdown)                   \
    X("GET", "/fapi/v1/commissionRate", SIGNED, 20, 20, WEIGHT_FIXED, usdm_commission)                       \
    X("POST", "/fapi/v1/listenKey", KEY_ONLY, 1, 1, WEIGHT_FIXED, usdm_listen_key_make)                      \
    X("PUT", "/fapi/v1/listenKey", KEY_ONLY, 1, 1, WEIGHT_FIXED, usdm_listen_key_extend)                     \
    X("DELETE", "/fapi/v1/listenKey", KEY_ONLY, 1, 1, WEIGHT_FIXED, usdm_listen_key_close)                   \
    X("GET", "/fapi/v2/account", SIGNED, 5, 5, WEIGHT_FIXED, usdm_account)                                   \
    X("GET", "/fapi/v3/account", SIGNED, 5, 5, WEIGHT_FIXED, usdm_account)                                   \
    X("GET", "/fapi/v2/balance", SIGNED, 5, 5, WEIGHT_FIXED, usdm_balance)                                   \
    X("GET", "/fapi/v3/balance", SIGNED, 5, 5, WEIGHT_FIXED, usdm_balance)                                   \
    X("GET", "/fapi/v2/positionRisk", SIGNED, 5, 5, WEIGHT_FIXED, usdm_position_risk)                        \
    X("GET", "/fapi/v3/positionRisk", SIGNED, 5, 5, WEIGHT_FIXED, usdm_position_risk)

#define ROUTE(method, path, security, weight, other, rule, function)                                         \
    {method, path, security, weight, other, rule, function},
static const struct trading_route routes[] = {SPOT_ROUTES(ROUTE) USDM_ROUTES(ROUTE)};

static const struct trading_route *find_route(const struct sim_request *request)
{
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
        if (strcmp(routes[i].method, request->method) == 0 && strcmp(routes[i].path, request->path) == 0)
            return &routes[i];
    return NULL;
}

static uint32_t trading_weight(const struct exchange *exchange, const struct sim_request *request)
{
    const struct trading_route *route = find_route(request);
    char value[32];

    (void)exchange;
    if (route == NULL)
        return 1;
    if (route->rule == WEIGHT_NO_SYMBOL && !sim_param(request, "symbol", value, sizeof(value)))
        return route->other_weight;
    if (route->rule == WEIGHT_WITH_ORDER && sim_param(request, "orderId", value, sizeof(value)))
        return route->other_weight;
    return route->weight;
}

static bool open_call(struct call *call, const struct trading_route *route, const struct sim_request *request)
{
    struct sim_text *payload = &call->accounts->payload;

    switch (params_parse(&call->params, request->query, request->body)) {
    case PARAMS_TOO_MANY:
        return call_fail(call, -1101, "Too many parameters sent for this endpoint.");
    case PARAMS_DUPLICATE:
        return call_fail(call, -1101, "Duplicate values for a parameter detected.");
    case PARAMS_OK:
        break;
    }
    if (route->security == KEY_ONLY)
        return call_know_key(call, request->api_key);
    signing_rest_payload(request->query, request->body, payload);
    return call_sign_in(call, request->api_key, payload);
}

static void trading_handle(struct exchange *exchange, const struct sim_request *request,
                           struct sim_reply *reply)
{
    const struct trading_route *route = find_route(request);
    struct call call = {.exchange = exchange, .accounts = exchange->accounts, .out = &reply->body};

    if (route == NULL) {
        sim_error(reply, 404, -5000, "Path %.100s, Method %.10s is invalid", request->path, request->method);
        return;
    }
    call.usdm = strncmp(request->path, "/fapi/", 6) == 0;
    call.ignore_unknown = call.usdm;
    sim_text_clear(&reply->body);
    if (open_call(&call, route, request))
        route->function(&call);
    reply->status = call.status != 0 ? call.status : 200;
    reply->account = call.account == NULL ? 0 : call.account->id;
    reply->orders_counted = call.orders_counted;
    if (call.failure.code != 0)
        sim_error(reply, failure_status(&call.failure), call.failure.code, "%s", call.failure.text);
}

#define SIM_ROUTE(method, path, security, weight, other, rule, function)                                     \
    {method, path, trading_weight, trading_handle},
const struct sim_route rest_trading_routes[] = {SPOT_ROUTES(SIM_ROUTE)
                                                    USDM_ROUTES(SIM_ROUTE){NULL, NULL, NULL, NULL}};
