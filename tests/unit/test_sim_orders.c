/* Orders over REST: what is refused with which text, what is told back. */
#include "sim_trading_world.h"

#define ORDER              "/api/v3/order"
#define FORDER             "/fapi/v1/order"
#define MISSING(name)      "Mandatory parameter '" name "' was not sent, was empty/null, or malformed."
#define NOT_REQUIRED(name) "Parameter '" name "' sent when not required."
#define LIMIT(side, qty, price)                                                                              \
    "symbol=BTCUSDT&side=" side "&type=LIMIT&timeInForce=GTC&quantity=" qty "&price=" price

/* 60000.00 is the price when the market opens; 59999 | 60001 the touch. */
static struct world *quoted(void)
{
    struct world *world = world_new(1);

    for (int64_t i = 0; i < 10; i++) {
        agent_order(world, BTCUSDT, SIDE_BID, 5999900 - i * 100, 100000);
        agent_order(world, BTCUSDT, SIDE_ASK, 6000100 + i * 100, 100000);
        agent_order(world, PERP, SIDE_BID, 599990 - i * 10, 1000);
        agent_order(world, PERP, SIDE_ASK, 600010 + i * 10, 1000);
    }
    return world;
}

struct refusal {
    const char *params;
    int code;
    const char *text;
};

static void check_refusals(const char *path, const struct refusal *cases, size_t count)
{
    struct world *world = quoted();

    for (size_t i = 0; i < count; i++) {
        const char *got = world_call(world, "POST", path, cases[i].params);
        char expected[700];

        snprintf(expected, sizeof(expected), "{\"code\":%d,\"msg\":\"%s\"}", cases[i].code, cases[i].text);
        if (strcmp(got, expected) != 0)
            fail_msg("%s\n  got  %s\n  want %s", cases[i].params, got, expected);
        assert_int_equal(world->reply.status, 400);
    }
    assert_int_equal(world->events, 0); /* nothing of it happened */
    world_call(world, "GET", "/api/v3/allOrders", "symbol=BTCUSDT");
    assert_string_equal(world->reply.body.at, "[]");
    world_free(world);
}

static void test_spot_refusals(void **state)
{
    static const struct refusal cases[] = {
        {"", -1102, MISSING("symbol")},
        {"symbol=", -1102, MISSING("symbol")},
        {"symbol=XYZ", -1121, "Invalid symbol."},
        {"symbol=btc*", -1100,
         "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'."},
        {"symbol=BTCUSDT", -1102, MISSING("side")},
        {"symbol=BTCUSDT&side=LONG", -1117, "Invalid side."},
        {"symbol=BTCUSDT&side=BUY", -1102, MISSING("type")},
        {"symbol=BTCUSDT&side=BUY&type=STOP", -1116, "Invalid orderType."},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT", -1102, MISSING("timeInForce")},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTX", -1115, "Invalid timeInForce."},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC", -1102, MISSING("quantity")},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1", -1102, MISSING("price")},
        {LIMIT("BUY", "1", "50000") "&stopPrice=1", -1106, NOT_REQUIRED("stopPrice")},
        {LIMIT("BUY", "1", "50000") "&trailingDelta=100", -1106, NOT_REQUIRED("trailingDelta")},
        {LIMIT("BUY", "1", "50000") "&quoteOrderQty=1", -1106, NOT_REQUIRED("quoteOrderQty")},
        {LIMIT("BUY", "1", "50000") "&foo=1", -1104,
         "Not all sent parameters were read; read '8' parameter(s) but was sent '9'."},
        {LIMIT("BUY", "0", "50000"), -1013, "Invalid quantity."},
        {LIMIT("BUY", "1", "0"), -1013, "Invalid price."},
        {LIMIT("BUY", "-1", "50000"), -1100,
         "Illegal characters found in parameter 'quantity'; legal range is "
         "'^([0-9]{1,20})(\\\\.[0-9]{1,20})?$'."},
        {LIMIT("BUY", "1e3", "50000"), -1100,
         "Illegal characters found in parameter 'quantity'; legal range is "
         "'^([0-9]{1,20})(\\\\.[0-9]{1,20})?$'."},
        {LIMIT("BUY", "1.123456789", "50000"), -1111, "Parameter 'quantity' has too much precision."},
        {LIMIT("BUY", "1", "50000.123456789"), -1111, "Parameter 'price' has too much precision."},
        {LIMIT("BUY", "99999999999999", "50000"), -1108, "Parameter 'quantity' overflowed."},
        {LIMIT("BUY", "1", "50000.001"), -1013, "Filter failure: PRICE_FILTER"},
        {LIMIT("BUY", "1", "1000000.01"), -1013, "Filter failure: PRICE_FILTER"},
        {LIMIT("BUY", "1.000001", "50000"), -1013, "Filter failure: LOT_SIZE"},
        {LIMIT("BUY", "9000.00001", "50000"), -1013, "Filter failure: LOT_SIZE"},
        {LIMIT("BUY", "1", "11999.99"), -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"},
        {LIMIT("SELL", "1", "300000.01"), -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"},
        {LIMIT("BUY", "0.00009", "50000"), -1013, "Filter failure: NOTIONAL"},
        {LIMIT("BUY", "200", "50000"), -1013, "Filter failure: NOTIONAL"},
        {LIMIT("BUY", "1", "50000") "&icebergQty=0.09", -1013, "Filter failure: ICEBERG_PARTS"},
        {LIMIT("BUY", "1", "50000") "&icebergQty=2", -2010, "IcebergQty exceeds QTY."},
        {LIMIT("BUY", "1", "50000") "&icebergQty=0.100001", -1013, "Filter failure: LOT_SIZE"},
        {LIMIT("BUY", "1", "50000") "&newClientOrderId=a%20b", -1100,
         "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'."},
        {LIMIT("BUY", "1", "50000") "&newClientOrderId=abcdefghijklmnopqrstuvwxyz01234567890", -1100,
         "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'."},
        {LIMIT("BUY", "1", "50000") "&newOrderRespType=SOME", -1130,
         "Data sent for parameter 'newOrderRespType' is not valid."},
        {LIMIT("BUY", "1", "50000") "&selfTradePreventionMode=MAYBE", -1130,
         "Data sent for parameter 'selfTradePreventionMode' is not valid."},
        {LIMIT("BUY", "1", "50000") "&strategyType=999999", -1134, "`strategyType` was less than 1000000."},
        {LIMIT("BUY", "1", "50000") "&recvWindow=60001", -1102,
         "'recvWindow' contains unexpected value. Cannot be greater than 60000."},
        {"symbol=BTCUSDT&side=BUY&type=MARKET", -1102,
         "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!"},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&quoteOrderQty=1", -1106,
         NOT_REQUIRED("quoteOrderQty")},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&timeInForce=GTC", -1106,
         NOT_REQUIRED("timeInForce")},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&price=1", -1106, NOT_REQUIRED("price")},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=100.00001", -1013, "Filter failure: MARKET_LOT_SIZE"},
        {"symbol=BTCUSDT&side=BUY&type=MARKET&quoteOrderQty=4.99", -1013, "Filter failure: NOTIONAL"},
        {"symbol=BTCUSDT&side=SELL&type=STOP_LOSS&quantity=1", -1102,
         "Param 'stopPrice' or 'trailingDelta' must be sent, but both were empty/null!"},
        {"symbol=BTCUSDT&side=SELL&type=STOP_LOSS&quantity=1&stopPrice=50000&price=1", -1106,
         NOT_REQUIRED("price")},
        {"symbol=BTCUSDT&side=SELL&type=STOP_LOSS_LIMIT&quantity=1&stopPrice=50000&price=1", -1102,
         MISSING("timeInForce")},
        {"symbol=BTCUSDT&side=SELL&type=STOP_LOSS&quantity=1&trailingDelta=5", -1013,
         "Filter failure: TRAILING_DELTA"},
        {"symbol=BTCUSDT&side=SELL&type=STOP_LOSS&quantity=1&stopPrice=50000.001", -1013,
         "Filter failure: PRICE_FILTER"},
        {"symbol=BTCUSDT&side=SELL&type=LIMIT_MAKER&quantity=1&price=59998&timeInForce=GTC", -1106,
         NOT_REQUIRED("timeInForce")},
        {"symbol=BTCUSDT&side=SELL&type=LIMIT_MAKER&quantity=1&price=59998", -2010,
         "Order would immediately match and take."},
        {LIMIT("SELL", "101", "60500"), -2010, "Account has insufficient balance for requested action."},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=IOC&quantity=1&price=50000&icebergQty=0.5", -1013,
         "Limit iceberg GTC only."},
    };

    (void)state;
    check_refusals(ORDER, cases, sizeof(cases) / sizeof(cases[0]));
}

static void test_usdm_refusals(void **state)
{
    static const struct refusal cases[] = {
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=60000", -1102, MISSING("timeInForce")},
        {"symbol=BNBBTC&side=BUY", -1121, "Invalid symbol."},
        {LIMIT("BUY", "0", "60000"), -4003, "Quantity less than or equal to zero."},
        {LIMIT("BUY", "0.0001", "60000"), -1111, "Precision is over the maximum defined for this asset."},
        {LIMIT("BUY", "1001", "60000"), -4005, "Quantity greater than max quantity."},
        {LIMIT("BUY", "1", "60000.05"), -4014, "Price not increased by tick size."},
        {LIMIT("BUY", "1", "63000.1"), -4016, "Limit price can't be higher than 63000."},
        {LIMIT("SELL", "1", "56999.9"), -4024, "Limit price can't be lower than 57000."},
        {LIMIT("BUY", "0.001", "60000"), -4164,
         "Order's notional must be no smaller than 100 (unless you choose reduce only)."},
        {LIMIT("BUY", "1", "60000") "&reduceOnly=true", -2022, "ReduceOnly Order is rejected."},
        {LIMIT("BUY", "900", "60000"), -2019, "Margin is insufficient."},
        {LIMIT("BUY", "1", "60000") "&positionSide=LONG", -4061,
         "Order's position side does not match user's setting."},
        {"symbol=BTCUSDT&side=SELL&type=STOP_MARKET&quantity=1&stopPrice=50000", -4120,
         "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead."},
        {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTX&quantity=1&price=60002", -5022,
         "Due to the order could not be executed as maker, the Post Only order will be rejected. The order "
         "will not be "
         "recorded in the order history"},
    };

    (void)state;
    check_refusals(FORDER, cases, sizeof(cases) / sizeof(cases[0]));
}

static void assert_keys(const char *text, const char *keys)
{
    json_t *json = world_json(text), *value;
    char got[1024] = "";
    const char *key;

    json_object_foreach(json, key, value)
    {
        strcat(got, got[0] == '\0' ? "" : " ");
        strcat(got, key);
    }
    json_decref(json);
    assert_string_equal(got, keys);
}

static void test_reply_kinds(void **state)
{
    struct world *world = quoted();
    json_t *open;

    (void)state;
    world_call(world, "POST", ORDER, LIMIT("BUY", "1", "50000") "&newOrderRespType=ACK&newClientOrderId=one");
    assert_accepted(world);
    assert_keys(world->reply.body.at, "symbol orderId orderListId clientOrderId transactTime");
    assert_field(world->reply.body.at, "orderListId", "-1");
    assert_field(world->reply.body.at, "clientOrderId", "one");
    world_call(world, "POST", ORDER,
               LIMIT("BUY", "1", "50000") "&newOrderRespType=RESULT&strategyId=7&icebergQty=0.5");
    assert_keys(
        world->reply.body.at,
        "symbol orderId orderListId clientOrderId transactTime price origQty executedQty origQuoteOrderQty "
        "cummulativeQuoteQty status timeInForce type side icebergQty strategyId workingTime "
        "selfTradePreventionMode");
    assert_field(world->reply.body.at, "selfTradePreventionMode", "EXPIRE_MAKER");
    world_call(world, "POST", ORDER, "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1.5");
    assert_keys(
        world->reply.body.at,
        "symbol orderId orderListId clientOrderId transactTime price origQty executedQty origQuoteOrderQty "
        "cummulativeQuoteQty status timeInForce type side workingTime fills selfTradePreventionMode");
    assert_field(world->reply.body.at, "status", "FILLED");
    assert_field(world->reply.body.at, "cummulativeQuoteQty", "90002.00000000"); /* 1 x 60001 + 0.5 x 60002 */
    assert_non_null(strstr(
        world->reply.body.at,
        "\"fills\":[{\"price\":\"60001.00000000\",\"qty\":\"1.00000000\",\"commission\":\"0.00100000\","
        "\"commissionAsset\":\"BTC\",\"tradeId\":"));
    world_call(world, "POST", ORDER,
               "symbol=BTCUSDT&side=SELL&type=STOP_LOSS_LIMIT&timeInForce=GTC&quantity=1&price=50000&"
               "stopPrice=51000");
    assert_keys(world->reply.body.at,
                "symbol orderId orderListId clientOrderId transactTime"); /* ACK by default */
    world_call(world, "POST", "/api/v3/order/test", LIMIT("BUY", "1", "50000"));
    assert_string_equal(world->reply.body.at, "{}");
    world_call(world, "GET", "/api/v3/openOrders", "");
    open = world_json(world->reply.body.at);
    assert_int_equal(json_array_size(open), 3);
    json_decref(open);
    world_free(world);
}

/* A client id is taken only while its order is open: the same market order again is a second execution. */
static void test_client_ids(void **state)
{
    struct world *world = quoted();
    char first[32];

    (void)state;
    world_call(world, "POST", ORDER, LIMIT("BUY", "1", "50000") "&newClientOrderId=same");
    assert_accepted(world);
    world_call(world, "POST", ORDER, LIMIT("BUY", "1", "50000") "&newClientOrderId=same");
    assert_refused(world, 400, -2010, "Duplicate order sent.");
    world_call(world, "DELETE", ORDER, "symbol=BTCUSDT&origClientOrderId=same");
    assert_accepted(world);
    world_call(world, "POST", ORDER,
               "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1&newClientOrderId=same");
    assert_field(world->reply.body.at, "status", "FILLED");
    snprintf(first, sizeof(first), "%s", field_of(world->reply.body.at, "orderId"));
    world_call(world, "POST", ORDER,
               "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1&newClientOrderId=same");
    assert_field(world->reply.body.at, "status", "FILLED");
    assert_string_not_equal(field_of(world->reply.body.at, "orderId"), first);
    world_call(world, "GET", ORDER, "symbol=BTCUSDT&origClientOrderId=same"); /* the newest */
    assert_string_not_equal(field_of(world->reply.body.at, "orderId"), first);
    world_call(world, "POST", FORDER, LIMIT("BUY", "1", "59000") "&newClientOrderId=same");
    assert_accepted(world);
    world_call(world, "POST", FORDER, LIMIT("BUY", "1", "59000") "&newClientOrderId=same");
    assert_refused(world, 400, -4116, "ClientOrderId is duplicated.");
    world_free(world);
}

static void test_query_and_cancel(void **state)
{
    struct world *world = quoted();
    char params[128], id[32];

    (void)state;
    world_call(world, "GET", ORDER, "symbol=BTCUSDT&orderId=5");
    assert_refused(world, 400, -2013, "Order does not exist.");
    world_call(world, "GET", ORDER, "symbol=BTCUSDT");
    assert_refused(world, 400, -1102,
                   "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!");
    world_call(world, "DELETE", ORDER, "symbol=BTCUSDT&orderId=5");
    assert_refused(world, 400, -2011, "Unknown order sent.");
    world_call(world, "POST", ORDER, LIMIT("SELL", "2", "60001.00") "&newClientOrderId=mine");
    snprintf(id, sizeof(id), "%s", field_of(world->reply.body.at, "orderId"));
    snprintf(params, sizeof(params), "symbol=BTCUSDT&orderId=%s&origClientOrderId=other", id);
    world_call(world, "DELETE", ORDER, params);
    assert_refused(world, 400, -2039, "Client order ID is not correct for this order ID.");
    snprintf(params, sizeof(params), "symbol=BTCUSDT&orderId=%s&cancelRestrictions=ONLY_PARTIALLY_FILLED",
             id);
    world_call(world, "DELETE", ORDER, params);
    assert_refused(world, 400, -2011, "Order was not canceled due to cancel restrictions.");
    agent_order(world, BTCUSDT, SIDE_BID, 6000100, 150000); /* 1 of the people first, then 0.5 of ours */
    snprintf(params, sizeof(params), "symbol=BTCUSDT&orderId=%s", id);
    world_call(world, "GET", ORDER, params);
    assert_field(world->reply.body.at, "status", "PARTIALLY_FILLED");
    assert_field(world->reply.body.at, "executedQty", "0.50000000");
    assert_field(world->reply.body.at, "isWorking", "true");
    snprintf(params, sizeof(params), "symbol=BTCUSDT&orderId=%s&newClientOrderId=bye", id);
    world_call(world, "DELETE", ORDER, params);
    assert_keys(
        world->reply.body.at,
        "symbol origClientOrderId orderId orderListId clientOrderId transactTime price origQty executedQty "
        "origQuoteOrderQty cummulativeQuoteQty status timeInForce type side selfTradePreventionMode");
    assert_field(world->reply.body.at, "clientOrderId", "bye");
    assert_field(world->reply.body.at, "origClientOrderId", "mine");
    assert_field(world->reply.body.at, "status", "CANCELED");
    world_call(world, "DELETE", ORDER, params);
    assert_refused(world, 400, -2011, "Unknown order sent.");
    world_call(world, "DELETE", "/api/v3/openOrders", "symbol=BTCUSDT");
    assert_refused(world, 400, -2011, "Unknown order sent.");
    match_set_status(world->exchange.book[BTCUSDT], MATCH_HALTED);
    world_call(world, "POST", ORDER, LIMIT("SELL", "2", "60001.00"));
    assert_refused(world, 400, -2010, "Market is closed.");
    assert_balance(world, "BTC", "99.50000000", "0.00000000"); /* nothing stays locked */
    world_free(world);
}

#define REPLACE "/api/v3/order/cancelReplace"

static void test_cancel_replace(void **state)
{
    struct world *world = quoted();
    json_t *json;

    (void)state;
    world_call(world, "POST", REPLACE,
               LIMIT("BUY", "1", "50000") "&cancelReplaceMode=STOP_ON_FAILURE&cancelOrderId=5");
    assert_int_equal(world->reply.status, 400);
    assert_string_equal(
        world->reply.body.at,
        "{\"code\":-2022,\"msg\":\"Order cancel-replace failed.\",\"data\":{\"cancelResult\":\"FAILURE\","
        "\"newOrderResult\":\"NOT_ATTEMPTED\",\"cancelResponse\":{\"code\":-2011,\"msg\":\"Unknown order "
        "sent.\"},\"newOrderResponse\":null}}");
    world_call(
        world, "POST", REPLACE,
        LIMIT("BUY", "1", "50000") "&cancelReplaceMode=ALLOW_FAILURE&cancelOrderId=5&newClientOrderId=a");
    assert_int_equal(world->reply.status, 409);
    json = world_json(world->reply.body.at);
    assert_int_equal(json_integer_value(json_object_get(json, "code")), -2021);
    assert_string_equal(json_string_value(json_object_get(json, "msg")),
                        "Order cancel-replace partially failed.");
    assert_string_equal(json_string_value(json_object_get(
                            json_object_get(json_object_get(json, "data"), "newOrderResponse"), "status")),
                        "NEW");
    json_decref(json);
    /* The cancel works, the new order has not the money: half done. */
    world_call(world, "POST", REPLACE,
               LIMIT("SELL", "120", "60500") "&cancelReplaceMode=STOP_ON_FAILURE&cancelOrigClientOrderId=a");
    assert_int_equal(world->reply.status, 409);
    assert_non_null(
        strstr(world->reply.body.at, "\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"FAILURE\""));
    assert_non_null(strstr(world->reply.body.at,
                           "\"newOrderResponse\":{\"code\":-2010,\"msg\":\"Account has insufficient "
                           "balance for requested action.\"}"));
    world_call(world, "GET", ORDER, "symbol=BTCUSDT&origClientOrderId=a");
    assert_field(world->reply.body.at, "status", "CANCELED");
    /* Both fail. */
    world_call(world, "POST", REPLACE,
               LIMIT("SELL", "120", "60500") "&cancelReplaceMode=ALLOW_FAILURE&cancelOrigClientOrderId=a");
    assert_int_equal(world->reply.status, 400);
    assert_non_null(strstr(world->reply.body.at, "\"code\":-2022"));
    /* A filter is judged before anything is done. */
    world_call(world, "POST", ORDER, LIMIT("BUY", "1", "50000") "&newClientOrderId=b");
    world_call(world, "POST", REPLACE,
               LIMIT("BUY", "1", "50000.001") "&cancelReplaceMode=ALLOW_FAILURE&cancelOrigClientOrderId=b");
    assert_refused(world, 400, -1013, "Filter failure: PRICE_FILTER");
    world_call(world, "POST", REPLACE,
               LIMIT("BUY", "2", "50001") "&cancelReplaceMode=STOP_ON_FAILURE&cancelOrigClientOrderId=b");
    assert_accepted(world);
    assert_field(world->reply.body.at, "cancelResult", "SUCCESS");
    assert_balance(world, "USDT", "9899998.00000000", "100002.00000000");
    world_free(world);
}

static void test_amend_keeps_priority(void **state)
{
    struct world *world = quoted();
    struct match_order resting;
    char id[32];

    (void)state;
    agent_order(world, BTCUSDT, SIDE_BID, 5900000, 100000);
    world_call(world, "POST", ORDER, LIMIT("BUY", "2", "59000") "&newClientOrderId=a");
    snprintf(id, sizeof(id), "%s", field_of(world->reply.body.at, "orderId"));
    agent_order(world, BTCUSDT, SIDE_BID, 5900000, 100000);
    world_forget_events(world);
    world_call(world, "PUT", "/api/v3/order/amend/keepPriority",
               "symbol=BTCUSDT&origClientOrderId=a&newQty=3");
    assert_refused(world, 400, -2038, "Order amend (quantity increase) is not supported.");
    world_call(world, "PUT", "/api/v3/order/amend/keepPriority",
               "symbol=BTCUSDT&origClientOrderId=zz&newQty=3");
    assert_refused(world, 400, -2038, "Unknown order sent.");
    world_call(world, "PUT", "/api/v3/order/amend/keepPriority",
               "symbol=BTCUSDT&origClientOrderId=a&newQty=0.5&newClientOrderId=b");
    assert_accepted(world);
    assert_true(match_find(world->exchange.book[BTCUSDT], strtoull(id, NULL, 10), &resting));
    assert_int_equal(resting.left_lots, 50000);
    assert_int_equal(match_queue_ahead(world->exchange.book[BTCUSDT], resting.id),
                     100000); /* who came first */
    assert_events(world, "REPLACED/NEW pos");
    assert_field(world->event[0], "c", "b");
    assert_field(world->event[0], "C", "a");
    assert_balance(world, "USDT", "9970500.00000000", "29500.00000000");
    world_call(world, "GET", ORDER, "symbol=BTCUSDT&origClientOrderId=b");
    assert_field(world->reply.body.at, "origQty", "0.50000000");
    world_free(world);
}

static void test_order_counts_are_bounded(void **state)
{
    struct world *world = quoted();
    char params[160];

    (void)state;
    for (int i = 0; i < 200; i++) {
        snprintf(params, sizeof(params), LIMIT("BUY", "0.001", "%d.00"), 50000 + i);
        world_call(world, "POST", ORDER, params);
        assert_accepted(world);
        assert_int_equal(world->reply.orders_counted, 1);
        assert_int_equal(world->reply.account, world->user.account);
    }
    world_call(world, "POST", ORDER, LIMIT("BUY", "0.001", "50000"));
    assert_refused(world, 400, -1013, "Filter failure: MAX_NUM_ORDERS");
    world_call(world, "GET", "/api/v3/rateLimit/order", "");
    assert_non_null(strstr(world->reply.body.at, "\"count\":200}"));
    world_call(world, "DELETE", "/api/v3/openOrders", "symbol=BTCUSDT");
    assert_accepted(world);
    for (int i = 0; i < 6; i++)
        world_call(world, "POST", ORDER,
                   "symbol=BTCUSDT&side=SELL&type=STOP_LOSS&quantity=1&stopPrice=50000");
    assert_refused(world, 400, -1013, "Filter failure: MAX_NUM_ALGO_ORDERS");
    world_free(world);
}

static uint32_t weight_of(struct world *world, const char *method, const char *path, const char *query)
{
    struct sim_request request = {.method = method, .path = path, .query = query, .body = "", .api_key = ""};

    for (const struct sim_route *route = rest_trading_routes; route->method != NULL; route++)
        if (strcmp(route->method, method) == 0 && strcmp(route->path, path) == 0)
            return route->weight(&world->exchange, &request);
    return 9999;
}

static void test_weights(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    assert_int_equal(weight_of(world, "POST", ORDER, ""), 1);
    assert_int_equal(weight_of(world, "GET", ORDER, ""), 4);
    assert_int_equal(weight_of(world, "GET", "/api/v3/openOrders", ""), 80);
    assert_int_equal(weight_of(world, "GET", "/api/v3/openOrders", "symbol=BTCUSDT"), 6);
    assert_int_equal(weight_of(world, "GET", "/api/v3/myTrades", "symbol=BTCUSDT"), 20);
    assert_int_equal(weight_of(world, "GET", "/api/v3/myTrades", "symbol=BTCUSDT&orderId=1"), 5);
    assert_int_equal(weight_of(world, "POST", FORDER, ""), 0);
    assert_int_equal(weight_of(world, "GET", "/fapi/v1/openOrders", ""), 40);
    world_free(world);
}

static const char *named(const char *id)
{
    static char params[64];

    snprintf(params, sizeof(params), "symbol=BTCUSDT&origClientOrderId=%s", id);
    return params;
}

/* One that is cancelled and one that fills. */
static void place_two(struct world *world, const char *path, const char *price)
{
    char order[256];

    snprintf(order, sizeof(order),
             "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.1&price=%s&newClientOrderId=gone",
             price);
    world_call(world, "POST", path, order);
    assert_accepted(world);
    world_call(world, "DELETE", path, named("gone"));
    assert_accepted(world);
    world_call(world, "POST", path, "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1&newClientOrderId=done");
    assert_accepted(world);
}

/* What ended without a trade is put away after a while, and the query says so. */
static void test_old_orders_are_put_away(void **state)
{
    struct world *world = quoted();
    int64_t day_ms = 86400000;

    (void)state;
    place_two(world, ORDER, "50000");
    place_two(world, FORDER, "59000");
    world_later(world, 3 * day_ms - 1000);
    world_call(world, "GET", FORDER, named("gone"));
    assert_field(world->reply.body.at, "status", "CANCELED");
    world_later(world, 2000);
    world_call(world, "GET", FORDER, named("gone"));
    assert_refused(world, 400, -2013, "Order does not exist.");
    world_call(world, "GET", "/fapi/v1/allOrders", "symbol=BTCUSDT");
    assert_null(strstr(world->reply.body.at, "\"gone\""));
    assert_non_null(strstr(world->reply.body.at, "\"done\""));
    world_later(world, 87 * day_ms - 2000);
    world_call(world, "GET", ORDER, named("gone"));
    assert_field(world->reply.body.at, "status", "CANCELED");
    world_later(world, 2000);
    world_call(world, "GET", ORDER, named("gone"));
    assert_refused(
        world, 400, -2026,
        "Order was canceled or expired with no executed qty over 90 days ago and has been archived.");
    world_call(world, "GET", ORDER, named("done"));
    assert_field(world->reply.body.at, "status", "FILLED");
    world_call(world, "GET", FORDER, named("done"));
    assert_refused(world, 400, -2013, "Order does not exist.");
    world_free(world);
}

/* Nothing stands there: no error, an order that has expired. */
static void test_market_order_that_finds_nothing(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    world_call(world, "POST", ORDER, "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.1");
    assert_field(world->reply.body.at, "status", "EXPIRED");
    assert_field(world->reply.body.at, "executedQty", "0.00000000");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spot_refusals),
        cmocka_unit_test(test_usdm_refusals),
        cmocka_unit_test(test_reply_kinds),
        cmocka_unit_test(test_client_ids),
        cmocka_unit_test(test_query_and_cancel),
        cmocka_unit_test(test_cancel_replace),
        cmocka_unit_test(test_amend_keeps_priority),
        cmocka_unit_test(test_order_counts_are_bounded),
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_old_orders_are_put_away),
        cmocka_unit_test(test_market_order_that_finds_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
