/* Money, positions and user events of the built-in exchange. */
#include "sim_trading_world.h"
#include "test_random.h"

#define ORDER  "/api/v3/order"
#define FORDER "/fapi/v1/order"
#define OCO    "/api/v3/orderList/oco"
#define LIMIT(side, qty, price)                                                                              \
    "symbol=BTCUSDT&side=" side "&type=LIMIT&timeInForce=GTC&quantity=" qty "&price=" price

static void place(struct world *world, const char *params)
{
    world_call(world, "POST", ORDER, params);
    assert_accepted(world);
}

static void place_usdm(struct world *world, const char *params)
{
    world_call(world, "POST", FORDER, params);
    assert_accepted(world);
}

/* --- spot ---------------------------------------------------------------------------------------------------- */

static void test_money_is_locked_paid_and_given_back(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    assert_balance(world, "USDT", "10000000.00000000", "0.00000000");
    assert_balance(world, "BTC", "100.00000000", "0.00000000");
    place(world, LIMIT("BUY", "2", "60000") "&newClientOrderId=a");
    assert_balance(world, "USDT", "9880000.00000000", "120000.00000000");
    agent_order(world, BTCUSDT, SIDE_ASK, 6000000, 50000); /* 0.5 to us as the maker */
    assert_balance(world, "USDT", "9880000.00000000", "90000.00000000");
    assert_balance(world, "BTC", "100.49950000", "0.00000000"); /* 0.1 % of what was got */
    world_call(world, "DELETE", ORDER, "symbol=BTCUSDT&origClientOrderId=a");
    assert_balance(world, "USDT", "9970000.00000000", "0.00000000");
    /* A better price than the limit: the difference comes back at once. */
    agent_order(world, BTCUSDT, SIDE_ASK, 5900000, 100000);
    place(world, LIMIT("BUY", "2", "60000") "&newClientOrderId=b");
    assert_balance(world, "USDT", "9851000.00000000", "60000.00000000");
    world_call(world, "DELETE", ORDER, "symbol=BTCUSDT&origClientOrderId=b");
    /* Selling: the fee is in what was got. */
    agent_order(world, BTCUSDT, SIDE_BID, 6000000, 100000);
    place(world, "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=1");
    assert_balance(world, "USDT", "9970940.00000000", "0.00000000"); /* 9911000 + 60000 - 60 */
    world_free(world);
}

static void test_market_by_quote_quantity(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    agent_order(world, BTCUSDT, SIDE_ASK, 6000000, 10000);
    agent_order(world, BTCUSDT, SIDE_ASK, 6100000, 100000);
    place(world, "symbol=BTCUSDT&side=BUY&type=MARKET&quoteOrderQty=10000");
    /* 0.1 for 6000, then 4000 / 61000 = 0.06557 for 3999.77 */
    assert_field(world->reply.body.at, "status", "FILLED");
    assert_field(world->reply.body.at, "executedQty", "0.16557000");
    assert_field(world->reply.body.at, "cummulativeQuoteQty", "9999.77000000");
    assert_field(world->reply.body.at, "origQuoteOrderQty", "10000.00000000");
    assert_balance(world, "USDT", "9990000.23000000", "0.00000000");
    agent_order(world, BTCUSDT, SIDE_BID, 5000000, 1000000);
    place(world, "symbol=BTCUSDT&side=SELL&type=MARKET&quoteOrderQty=5000");
    assert_field(world->reply.body.at, "executedQty", "0.10000000");
    assert_balance(world, "USDT", "9994995.23000000", "0.00000000");
    place(world, LIMIT("BUY", "100", "40000"));
    world_call(world, "POST", ORDER, "symbol=BTCUSDT&side=BUY&type=MARKET&quoteOrderQty=5994995.24");
    assert_refused(world, 400, -2010, "Account has insufficient balance for requested action.");
    world_free(world);
}

#define MARKET_SELL "symbol=BTCUSDT&side=SELL&type=MARKET&quantity="

static void test_event_order_and_fields(void **state)
{
    struct world *world = world_new(1);
    const char *event;

    (void)state;
    place(world, LIMIT("BUY", "1", "60000") "&newClientOrderId=a&strategyId=5&strategyType=1000001");
    assert_events(world, "NEW/NEW pos");
    event = world->event[0];
    assert_string_equal(field_of(event, "s"), "BTCUSDT");
    assert_field(event, "c", "a");
    assert_field(event, "C", "");
    assert_field(event, "g", "-1");
    assert_field(event, "t", "-1");
    assert_field(event, "w", "true");
    assert_field(event, "j", "5");
    assert_field(event, "J", "1000001");
    assert_field(event, "V", "EXPIRE_MAKER");
    assert_field(event, "n", "0");
    assert_non_null(strstr(event, "\"N\":null"));
    assert_field(event, "T", "1760000000000");
    assert_field(event, "O", "1760000000000");
    assert_non_null(strstr(world->event[1],
                           "\"B\":[{\"a\":\"BTC\",\"f\":\"100.00000000\",\"l\":\"0.00000000\"},"
                           "{\"a\":\"USDT\",\"f\":\"9940000.00000000\",\"l\":\"60000.00000000\"}]"));
    world_forget_events(world);
    world_later(world, 5);
    agent_order(world, BTCUSDT, SIDE_ASK, 6000000, 25000);
    assert_events(world, "TRADE/PARTIALLY_FILLED pos");
    event = world->event[0];
    assert_field(event, "l", "0.25000000");
    assert_field(event, "z", "0.25000000");
    assert_field(event, "L", "60000.00000000");
    assert_field(event, "Z", "15000.00000000");
    assert_field(event, "Y", "15000.00000000");
    assert_field(event, "n", "0.00025000");
    assert_field(event, "N", "BTC");
    assert_field(event, "m", "true");
    assert_field(event, "T", "1760000000005");
    assert_field(event, "t", "3735683259");
    world_forget_events(world);
    world_call(world, "DELETE", ORDER, "symbol=BTCUSDT&origClientOrderId=a&newClientOrderId=bye");
    assert_events(world, "CANCELED/CANCELED pos");
    assert_field(world->event[0], "c", "bye"); /* the cancel's own id; C is the order's */
    assert_field(world->event[0], "C", "a");
    assert_field(world->event[0], "z", "0.25000000");
    assert_field(world->event[0], "w", "false");
    world_forget_events(world);
    agent_order(world, BTCUSDT, SIDE_BID, 6000000, 10000);
    agent_order(world, BTCUSDT, SIDE_BID, 5990000, 10000);
    place(world, MARKET_SELL "0.5");
    assert_events(world,
                  "NEW/NEW pos TRADE/PARTIALLY_FILLED pos TRADE/PARTIALLY_FILLED pos EXPIRED/EXPIRED pos");
    assert_field(world->event[6], "eR", "INSUFFICIENT_LIQUIDITY");
    assert_field(world->reply.body.at, "status", "EXPIRED");
    for (size_t i = 0; i < world->events; i++)
        assert_int_equal(world->event_account[i], world->user.account);
    world_forget_events(world);
    assert_true(accounts_deposit(world->exchange.accounts, world->user.account, "BTC", 150000000));
    assert_events(world, "balanceUpdate pos");
    assert_field(world->event[0], "d", "1.50000000");
    assert_false(accounts_deposit(world->exchange.accounts, world->user.account, "XXX", 1));
    assert_false(
        accounts_deposit(world->exchange.accounts, world->user.account, "BTC", -INT64_C(100000000000)));
    world_free(world);
}

static void test_ioc_and_fok(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    agent_order(world, BTCUSDT, SIDE_ASK, 6000000, 10000);
    place(world, "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=FOK&quantity=1&price=60000");
    assert_field(world->reply.body.at, "status", "EXPIRED");
    assert_field(world->reply.body.at, "expiryReason", "UNFILLED_FOK_ORDER_EXPIRED");
    assert_balance(world, "USDT", "10000000.00000000", "0.00000000");
    place(world, "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=IOC&quantity=1&price=60000");
    assert_field(world->reply.body.at, "status", "EXPIRED");
    assert_field(world->reply.body.at, "executedQty", "0.10000000");
    assert_field(world->reply.body.at, "expiryReason", "UNFILLED_IOC_QUANTITY_EXPIRED");
    assert_balance(world, "USDT", "9994000.00000000", "0.00000000");
    world_free(world);
}

static void test_self_trade_prevention(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    place(world, LIMIT("SELL", "1", "60000") "&newClientOrderId=rest");
    world_forget_events(world);
    place(world, LIMIT("BUY", "1", "60000") "&newClientOrderId=take"); /* EXPIRE_MAKER by default */
    assert_events(world, "NEW/NEW pos TRADE_PREVENTION/EXPIRED_IN_MATCH pos");
    assert_field(world->event[2], "c", "rest");
    assert_field(world->event[2], "A", "1.00000000");
    assert_field(world->event[2], "v", "1");
    world_call(world, "GET", ORDER, "symbol=BTCUSDT&origClientOrderId=rest");
    assert_field(world->reply.body.at, "status", "EXPIRED_IN_MATCH");
    assert_field(world->reply.body.at, "preventedQuantity", "1.00000000");
    assert_balance(world, "BTC", "100.00000000", "0.00000000");
    assert_balance(world, "USDT", "9940000.00000000", "60000.00000000");
    world_forget_events(world);
    place(world, LIMIT("SELL", "0.4", "60000") "&selfTradePreventionMode=DECREMENT");
    assert_balance(world, "USDT", "9964000.00000000", "36000.00000000");
    assert_events(world, "NEW/NEW pos TRADE_PREVENTION/NEW pos TRADE_PREVENTION/EXPIRED_IN_MATCH pos");
    place(world, LIMIT("SELL", "1", "60000") "&selfTradePreventionMode=NONE"); /* trades with itself */
    assert_field(world->reply.body.at, "executedQty", "0.60000000");
    assert_balance(world, "USDT", "9999964.00000000", "0.00000000");
    assert_balance(world, "BTC", "99.59940000", "0.40000000");
    world_free(world);
}

/* An own order in the way is taken out of it, and what stands behind it is dearer: that must be affordable too. */
static void test_market_order_behind_an_own_one(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    assert_true(
        accounts_deposit(world->exchange.accounts, world->user.account, "USDT", -INT64_C(992000000000000)));
    assert_balance(world, "USDT", "80000.00000000", "0.00000000");
    place(world, LIMIT("SELL", "1", "60000"));
    agent_order(world, BTCUSDT, SIDE_ASK, 10000000, 100000);
    world_call(world, "POST", ORDER, "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1");
    assert_refused(world, 400, -2010, "Account has insufficient balance for requested action.");
    world_call(world, "POST", ORDER, "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.2");
    assert_field(world->reply.body.at, "status", "FILLED");
    assert_balance(world, "USDT", "60000.00000000", "0.00000000");
    world_free(world);
}

static void test_stop_orders(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    agent_order(world, BTCUSDT, SIDE_BID, 5999900, 10000);
    agent_order(world, BTCUSDT, SIDE_ASK, 5999900, 1000); /* last price 59999 */
    place(world, "symbol=BTCUSDT&side=BUY&type=STOP_LOSS&quantity=1&stopPrice=61000&newClientOrderId=s");
    /* Sent with a limit 5 % above its stop, so that the lock always suffices. */
    assert_balance(world, "USDT", "9935950.00000000", "64050.00000000");
    assert_field(world->event[0], "o", "STOP_LOSS");
    assert_field(world->event[0], "w", "false");
    world_call(world, "POST", ORDER, "symbol=BTCUSDT&side=BUY&type=STOP_LOSS&quantity=1&stopPrice=59000");
    assert_refused(world, 400, -2010, "Order would trigger immediately.");
    world_forget_events(world);
    agent_order(world, BTCUSDT, SIDE_ASK, 6100000, 1000);
    agent_order(world, BTCUSDT, SIDE_ASK, 6200000, 200000);
    agent_order(world, BTCUSDT, SIDE_BID, 6100000, 1000); /* prints at the stop */
    assert_events(world, "NEW/NEW TRADE/FILLED pos");
    assert_field(world->event[0], "w", "true");
    assert_field(world->event[1], "L", "62000.00000000");
    assert_balance(world, "USDT", "9938000.00000000", "0.00000000");
    world_free(world);
}

/* --- OCO ----------------------------------------------------------------------------------------------------- */

#define SELL_OCO                                                                                             \
    "symbol=BTCUSDT&side=SELL&quantity=1&aboveType=LIMIT_MAKER&abovePrice=61000&belowType=STOP_LOSS_LIMIT"   \
    "&belowStopPrice=59000&belowPrice=58900&belowTimeInForce=GTC&listClientOrderId=list"                     \
    "&aboveClientOrderId=up&belowClientOrderId=down"

static struct world *around_60000(void)
{
    struct world *world = world_new(1);

    agent_order(world, BTCUSDT, SIDE_BID, 6000000, 1000);
    agent_order(world, BTCUSDT, SIDE_ASK, 6000000, 1000);
    agent_order(world, BTCUSDT, SIDE_BID, 5999900, 500000);
    agent_order(world, BTCUSDT, SIDE_ASK, 6000100, 500000);
    return world;
}

static void test_oco_lives_on_one_lock(void **state)
{
    struct world *world = around_60000();

    (void)state;
    world_call(world, "POST", OCO, SELL_OCO);
    assert_accepted(world);
    assert_field(world->reply.body.at, "contingencyType", "OCO");
    assert_field(world->reply.body.at, "listOrderStatus", "EXECUTING");
    assert_int_equal(world->reply.orders_counted, 2);
    assert_events(world, "NEW/NEW pos NEW/NEW pos list:EXEC_STARTED");
    assert_balance(world, "BTC", "99.00000000", "1.00000000"); /* not 2 */
    world_call(world, "GET", "/api/v3/openOrderList", "");
    assert_non_null(strstr(world->reply.body.at, "\"listClientOrderId\":\"list\""));
    world_forget_events(world);
    world_call(world, "DELETE", ORDER, "symbol=BTCUSDT&origClientOrderId=down");
    assert_accepted(world);
    assert_events(world, "CANCELED/CANCELED pos CANCELED/CANCELED pos list:ALL_DONE");
    assert_field(world->reply.body.at, "listOrderStatus", "ALL_DONE");
    assert_balance(world, "BTC", "100.00000000", "0.00000000");
    world_call(world, "DELETE", "/api/v3/orderList", "symbol=BTCUSDT&listClientOrderId=list");
    assert_refused(world, 400, -2011, "Unknown order sent.");
    world_free(world);
}

static void test_oco_one_ends_the_other(void **state)
{
    struct world *world = around_60000();

    (void)state;
    world_call(world, "POST", OCO, SELL_OCO);
    world_forget_events(world);
    agent_order(world, BTCUSDT, SIDE_BID, 6100000, 540000); /* takes 5 of the people and 0.4 of ours */
    assert_events(world, "TRADE/PARTIALLY_FILLED pos EXPIRED/EXPIRED pos");
    assert_field(world->event[2], "c", "down");
    assert_field(world->event[2], "eR", "OCO_TRIGGER");
    assert_balance(world, "BTC", "99.00000000", "0.60000000");
    agent_order(world, BTCUSDT, SIDE_BID, 6100000, 60000);
    assert_balance(world, "BTC", "99.00000000", "0.00000000");
    assert_field(world->event[world->events - 1], "l", "ALL_DONE");
    /* The stop: goes off, the limit order ends, and the stop's limit order rests on the lock. */
    agent_order(world, BTCUSDT, SIDE_ASK, 6000100, 500000);
    world_call(world, "POST", OCO, SELL_OCO);
    assert_refused(world, 400, -2010, "The relationship of the prices for the orders is not correct.");
    agent_order(world, BTCUSDT, SIDE_ASK, 5999900, 1000);
    world_call(world, "POST", OCO, SELL_OCO);
    assert_accepted(world);
    world_forget_events(world);
    agent_order(world, BTCUSDT, SIDE_BID, 5850000, 1000);
    agent_order(world, BTCUSDT, SIDE_BID, 5900000, 1000);
    agent_order(world, BTCUSDT, SIDE_ASK, 5900000, 600000); /* sweeps to the stop; the rest stays at 59000 */
    assert_events(world, "NEW/NEW EXPIRED/EXPIRED pos");
    assert_balance(world, "BTC", "98.00000000", "1.00000000");
    agent_order(world, BTCUSDT, SIDE_BID, 5890000, 100000);
    assert_balance(world, "BTC", "98.00000000", "0.00000000");
    world_free(world);
}

static void test_oco_rules(void **state)
{
    static const struct {
        const char *params;
        int code;
        const char *text;
    } cases[] = {
        {"symbol=BTCUSDT&side=SELL&quantity=1&aboveType=LIMIT&belowType=STOP_LOSS", -1158,
         "Order type not supported in OCO."},
        {"symbol=BTCUSDT&side=SELL&quantity=1&aboveType=LIMIT_MAKER&abovePrice=61000&belowType=LIMIT_MAKER"
         "&belowPrice=59000",
         -1168, "At least one OCO order must be contingent."},
        {"symbol=BTCUSDT&side=BUY&quantity=1&aboveType=LIMIT_MAKER&abovePrice=61000&belowType=TAKE_PROFIT"
         "&belowStopPrice=59000",
         -1165, "A limit order in a buy OCO must be below."},
        {"symbol=BTCUSDT&side=SELL&quantity=1&aboveType=TAKE_PROFIT&aboveStopPrice=61000&belowType=LIMIT_"
         "MAKER"
         "&belowPrice=59000",
         -1166, "A limit order in a sell OCO must be above."},
        {"symbol=BTCUSDT&side=SELL&quantity=1&aboveType=LIMIT_MAKER&abovePrice=59000&belowType=STOP_LOSS"
         "&belowStopPrice=58000",
         -2010, "The relationship of the prices for the orders is not correct."},
        {"symbol=BTCUSDT&side=SELL&quantity=101&aboveType=LIMIT_MAKER&abovePrice=61000&belowType=STOP_LOSS_"
         "LIMIT"
         "&belowStopPrice=58000&belowPrice=57000&belowTimeInForce=GTC",
         -2010, "Account has insufficient balance for requested action."},
        {"symbol=BTCUSDT&side=SELL&quantity=1&aboveType=LIMIT_MAKER&abovePrice=61000&belowType=STOP_LOSS",
         -1102, "Param 'belowStopPrice' or 'belowTrailingDelta' must be sent, but both were empty/null!"},
    };
    struct world *world = around_60000();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_call(world, "POST", OCO, cases[i].params);
        assert_refused(world, 400, cases[i].code, cases[i].text);
    }
    assert_int_equal(world->events, 0);
    assert_balance(world, "BTC", "100.00000000", "0.00000000");
    world_call(world, "POST", "/api/v3/order/oco",
               "symbol=BTCUSDT&side=BUY&quantity=1&price=59000&stopPrice=61000&stopLimitPrice=61100"
               "&stopLimitTimeInForce=GTC&limitClientOrderId=l&stopClientOrderId=s");
    assert_accepted(world);
    assert_balance(world, "USDT", "9938900.00000000", "61100.00000000"); /* the dearer of the two */
    agent_order(world, BTCUSDT, SIDE_ASK, 5900000, 600000);
    assert_balance(world, "USDT", "9941000.00000000", "0.00000000");
    world_free(world);
}

/* --- faults -------------------------------------------------------------------------------------------------- */

static void test_faults(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    accounts_fault_next_orders(world->exchange.accounts, ORDER_FAULT_PARTIAL, 1);
    agent_order(world, BTCUSDT, SIDE_ASK, 6000000, 500000);
    place(world, LIMIT("BUY", "1", "60000"));
    assert_events(world, "NEW/NEW pos TRADE/PARTIALLY_FILLED pos EXPIRED/EXPIRED pos");
    assert_field(world->reply.body.at, "executedQty", "0.50000000");
    assert_field(world->reply.body.at, "expiryReason", "EXCHANGE_CANCELED");
    assert_balance(world, "USDT", "9970000.00000000", "0.00000000");
    world_forget_events(world);
    place(world, LIMIT("BUY", "1", "60000")); /* only the next one */
    assert_field(world->reply.body.at, "status", "FILLED");
    world_forget_events(world);
    accounts_fault_next_orders(world->exchange.accounts, ORDER_FAULT_EXPIRE, 1);
    place(world, LIMIT("BUY", "1", "50000"));
    assert_events(world, "NEW/NEW pos EXPIRED/EXPIRED pos");
    assert_field(world->event[2], "eR", "EXCHANGE_CANCELED");
    assert_balance(world, "USDT", "9910000.00000000", "0.00000000");
    world_free(world);
}

/* --- USD-M --------------------------------------------------------------------------------------------------- */

static const char *position_field(struct world *world, const char *name)
{
    static char value[128];
    json_t *json;

    world_call(world, "GET", "/fapi/v3/positionRisk", "symbol=BTCUSDT");
    assert_accepted(world);
    json = world_json(world->reply.body.at);
    snprintf(value, sizeof(value), "%s", json_string_value(json_object_get(json_array_get(json, 0), name)));
    json_decref(json);
    return value;
}

static void assert_wallet(struct world *world, const char *expected)
{
    world_call(world, "GET", "/fapi/v2/account", "");
    assert_accepted(world);
    assert_field(world->reply.body.at, "totalWalletBalance", expected);
}

static void test_usdm_position(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    agent_order(world, PERP, SIDE_ASK, 600000, 2000);
    place_usdm(world, LIMIT("BUY", "2", "60000") "&newOrderRespType=RESULT");
    assert_field(world->reply.body.at, "status", "FILLED");
    assert_field(world->reply.body.at, "avgPrice", "60000.00000000");
    assert_field(world->reply.body.at, "cumQuote", "120000.00000000");
    assert_events(world, "NEW/NEW TRADE_LITE ACCOUNT_UPDATE TRADE/FILLED");
    assert_non_null(strstr(world->event[2], "\"m\":\"ORDER\""));
    assert_non_null(strstr(world->event[2], "\"P\":[{\"s\":\"BTCUSDT\",\"pa\":\"2.000\""));
    assert_wallet(world, "999940.00000000"); /* 0.05 % */
    assert_string_equal(position_field(world, "positionAmt"), "2.000");
    /* Turn it around in one fill: both legs are booked apart. */
    agent_order(world, PERP, SIDE_BID, 601000, 3000);
    world_forget_events(world);
    place_usdm(world, "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=3");
    assert_non_null(strstr(world->event[3], "\"rp\":\"200.00000000\""));
    assert_wallet(world, "1000049.85000000"); /* + 200 - 90.15 */
    assert_string_equal(position_field(world, "positionAmt"), "-1.000");
    assert_string_equal(position_field(world, "entryPrice"), "60100.00000000");
    world_call(world, "GET", "/fapi/v1/userTrades", "symbol=BTCUSDT");
    assert_accepted(world);
    assert_non_null(strstr(world->reply.body.at, "\"realizedPnl\":\"200.00000000\""));
    world_free(world);
}

static void test_usdm_reduce_only(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    agent_order(world, PERP, SIDE_ASK, 600000, 1000);
    place_usdm(world, LIMIT("BUY", "1", "60000"));
    place_usdm(world, LIMIT("SELL", "0.8", "61000") "&reduceOnly=true&newClientOrderId=r1");
    place_usdm(world, LIMIT("SELL", "5", "61000") "&reduceOnly=true&newClientOrderId=r2");
    world_call(world, "GET", FORDER, "symbol=BTCUSDT&origClientOrderId=r2");
    assert_field(world->reply.body.at, "origQty", "1.000"); /* cut to what is held */
    world_call(world, "POST", FORDER, LIMIT("BUY", "1", "59000") "&reduceOnly=true");
    assert_refused(world, 400, -2022, "ReduceOnly Order is rejected.");
    agent_order(world, PERP, SIDE_BID, 600000, 900);
    place_usdm(world, "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.9"); /* 0.1 is left */
    world_call(world, "GET", FORDER, "symbol=BTCUSDT&origClientOrderId=r1");
    assert_field(world->reply.body.at, "origQty", "0.100");
    world_call(world, "GET", FORDER, "symbol=BTCUSDT&origClientOrderId=r2");
    assert_field(world->reply.body.at, "status", "EXPIRED");
    agent_order(world, PERP, SIDE_BID, 610000, 5000);
    assert_string_equal(position_field(world, "positionAmt"), "0.000");
    world_free(world);
}

static void test_usdm_modify_keeps_the_id(void **state)
{
    struct world *world = world_new(1);
    char id[32], params[200];

    (void)state;
    place_usdm(world, LIMIT("BUY", "2", "59000") "&newClientOrderId=m");
    snprintf(id, sizeof(id), "%s", field_of(world->reply.body.at, "orderId"));
    world_forget_events(world);
    snprintf(params, sizeof(params), "symbol=BTCUSDT&side=BUY&orderId=%s&quantity=3&price=59500", id);
    world_call(world, "PUT", FORDER, params);
    assert_accepted(world);
    assert_field(world->reply.body.at, "orderId", id);
    assert_field(world->reply.body.at, "price", "59500.0");
    assert_events(world, "AMENDMENT/NEW");
    world_call(world, "PUT", FORDER, params);
    assert_refused(world, 400, -5027, "No need to modify the order.");
    agent_order(world, PERP, SIDE_ASK, 595000, 1000);
    world_call(world, "GET", FORDER, "symbol=BTCUSDT&origClientOrderId=m");
    assert_field(world->reply.body.at, "executedQty", "1.000");
    assert_field(world->reply.body.at, "status", "PARTIALLY_FILLED");
    snprintf(params, sizeof(params), "symbol=BTCUSDT&side=BUY&orderId=%s&quantity=2&price=59400", id);
    world_call(world, "PUT", FORDER, params);
    assert_accepted(world);
    agent_order(world, PERP, SIDE_ASK, 594000, 5000);
    world_call(world, "GET", FORDER, "symbol=BTCUSDT&origClientOrderId=m");
    assert_field(world->reply.body.at, "status", "FILLED");
    assert_field(world->reply.body.at, "executedQty", "2.000");
    assert_string_equal(position_field(world, "positionAmt"), "2.000");
    world_free(world);
}

static void test_usdm_timers_and_listen_key(void **state)
{
    struct world *world = world_new(1);
    char key[65];

    (void)state;
    world_send(world, "PUT", "/fapi/v1/listenKey", "", "", world->user.key);
    assert_refused(world, 400, -1125, "This listenKey does not exist.");
    world_send(world, "POST", "/fapi/v1/listenKey", "", "", world->user.key);
    snprintf(key, sizeof(key), "%s", field_of(world->reply.body.at, "listenKey"));
    assert_int_equal(strlen(key), 64);
    assert_int_equal(accounts_of_listen_key(world->exchange.accounts, key), world->user.account);
    world_later(world, 3000000);
    world_send(world, "PUT", "/fapi/v1/listenKey", "", "", world->user.key);
    assert_int_equal(world->reply.status, 200);
    world_later(world, 3599000);
    assert_int_equal(accounts_of_listen_key(world->exchange.accounts, key), world->user.account);
    world_later(world, 2000);
    assert_int_equal(accounts_of_listen_key(world->exchange.accounts, key), 0);
    assert_events(world, "listenKeyExpired");
    world_forget_events(world);
    place_usdm(world, LIMIT("BUY", "1", "59000"));
    world_call(world, "POST", "/fapi/v1/countdownCancelAll", "symbol=BTCUSDT&countdownTime=1000");
    assert_accepted(world);
    world_later(world, 999);
    assert_events(world, "NEW/NEW");
    world_later(world, 1);
    assert_events(world, "NEW/NEW CANCELED/CANCELED");
    world_forget_events(world);
    {
        char params[200];

        snprintf(
            params, sizeof(params),
            "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTD&quantity=1&price=59000&goodTillDate=%" PRId64,
            exchange_client_ms(&world->exchange) + 700000);
        place_usdm(world, params);
    }
    world_later(world, 690000);
    assert_events(world, "NEW/NEW");
    world_later(world, 10000);
    assert_events(world, "NEW/NEW EXPIRED/EXPIRED");
    world_free(world);
}

static void test_usdm_batch(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    world_call(
        world, "POST", "/fapi/v1/batchOrders",
        "batchOrders=[{\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"type\":\"LIMIT\",\"timeInForce\":\"GTC\","
        "\"quantity\":\"1\",\"price\":\"59000\"},{\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"type\":\"LIMIT\","
        "\"timeInForce\":\"GTC\",\"quantity\":\"0\",\"price\":\"59000\"}]");
    assert_accepted(world);
    assert_non_null(
        strstr(world->reply.body.at, ",{\"code\":-4003,\"msg\":\"Quantity less than or equal to zero.\"}]"));
    assert_int_equal(world->reply.orders_counted, 1);
    world_call(world, "POST", "/fapi/v1/batchOrders", "batchOrders=[]");
    assert_refused(world, 400, -4082, "Invalid number of batch place orders");
    world_call(world, "DELETE", "/fapi/v1/allOpenOrders", "symbol=BTCUSDT");
    assert_string_equal(world->reply.body.at,
                        "{\"code\":200,\"msg\":\"The operation of cancel all open order is done.\"}");
    world_free(world);
}

static void test_funding(void **state)
{
    struct world *world = world_new(1);

    (void)state;
    agent_order(world, PERP, SIDE_ASK, 600000, 2000);
    place_usdm(world, LIMIT("BUY", "2", "60000"));
    world->exchange.market = (struct market *)world; /* only asked for whether it is there */
    world_mark = (struct market_mark){.mark_e8 = INT64_C(6100000000000),
                                      .funding_rate_e8 = 10000,
                                      .next_funding_ns = WORLD_OPEN_NS + 60000 * WORLD_MS};
    world_later(world, 2000);
    world_forget_events(world);
    world_mark.next_funding_ns += 60000 * WORLD_MS;
    world_later(world, 60000);
    assert_events(world, "ACCOUNT_UPDATE");
    assert_non_null(strstr(world->event[0], "\"m\":\"FUNDING_FEE\""));
    assert_wallet(world, "999927.80000000"); /* 999940 - 2 x 61000 x 0.01 % */
    world->exchange.market = NULL;
    world_free(world);
}

/* --- properties ---------------------------------------------------------------------------------------------- */

static const char *const assets[] = {"BTC", "USDT", "BNB"};

static void random_spot(struct world *world, uint64_t *random)
{
    static const char *const types[] = {"LIMIT&timeInForce=GTC",
                                        "LIMIT&timeInForce=IOC",
                                        "LIMIT&timeInForce=FOK",
                                        "MARKET",
                                        "LIMIT_MAKER",
                                        "STOP_LOSS",
                                        "STOP_LOSS_LIMIT&timeInForce=GTC"};
    static const char *const stp[] = {"NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT"};
    const struct world_user *user = random_next(random) % 2 == 0 ? &world->user : &world->other;
    bool bnb = random_next(random) % 2 == 0, buy = random_next(random) % 2 == 0;
    size_t type = (size_t)random_between(random, 0, 6);
    int64_t off = random_between(random, -300, 300), qty = random_sized(random, 16) + 100;
    char params[512];
    size_t size = (size_t)snprintf(
        params, sizeof(params), "symbol=%s&side=%s&type=%s&selfTradePreventionMode=%s",
        bnb ? "BNBBTC" : "BTCUSDT", buy ? "BUY" : "SELL", types[type], stp[random_next(random) % 5]);

    if (type == 3 && random_next(random) % 2 == 0)
        size += (size_t)snprintf(params + size, sizeof(params) - size, "&quoteOrderQty=%s",
                                 bnb ? "0.0123457" : "1234.56");
    else
        size += (size_t)snprintf(params + size, sizeof(params) - size,
                                 bnb ? "&quantity=%d.%03d" : "&quantity=0.%02d%03d", (int)(qty / 1000),
                                 (int)(qty % 1000));
    if (type != 3 && type != 5)
        size += (size_t)snprintf(params + size, sizeof(params) - size, bnb ? "&price=0.%06d" : "&price=%d.17",
                                 (int)(bnb ? 9871 + off : 60000 + off));
    if (type >= 5)
        snprintf(params + size, sizeof(params) - size, bnb ? "&stopPrice=0.%06d" : "&stopPrice=%d",
                 (int)(bnb ? 9871 + (buy ? 100 : -100) : 60000 + (buy ? 100 : -100)));
    world_call_as(world, user, "POST", ORDER, params);
}

static void random_step(struct world *world, uint64_t *random)
{
    size_t symbol = (size_t)random_between(random, 0, 2);
    int64_t price[] = {6000000, 9871, 600000}, off[] = {40000, 200, 2000};
    char params[200];

    switch (random_next(random) % 8) {
    case 0:
    case 1:
    case 2:
        random_spot(world, random);
        break;
    case 3:
        snprintf(params, sizeof(params),
                 "symbol=BTCUSDT&side=%s&type=LIMIT&timeInForce=GTC&quantity=0.%03d&price=%d.1&reduceOnly=%s",
                 random_next(random) % 2 == 0 ? "BUY" : "SELL", (int)random_between(random, 2, 999),
                 (int)random_between(random, 59800, 60200), random_next(random) % 4 == 0 ? "true" : "false");
        world_call_as(world, random_next(random) % 2 == 0 ? &world->user : &world->other, "POST", FORDER,
                      params);
        break;
    case 4:
        if (random_next(random) % 16 == 0) {
            world_call(world, "DELETE", "/api/v3/openOrders", "symbol=BTCUSDT");
            world_call_as(world, &world->other, "DELETE", "/api/v3/openOrders", "symbol=BNBBTC");
            world_call(world, "DELETE", "/fapi/v1/allOpenOrders", "symbol=BTCUSDT");
        } else {
            int up = (int)random_between(random, 60010, 60300),
                down = (int)random_between(random, 59700, 59990);
            bool buy = random_next(random) % 2 == 0;

            snprintf(params, sizeof(params),
                     "symbol=BTCUSDT&side=%s&quantity=0.%03d&price=%d&stopPrice=%d&stopLimitPrice=%d"
                     "&stopLimitTimeInForce=GTC",
                     buy ? "BUY" : "SELL", (int)random_between(random, 1, 999), buy ? down : up,
                     buy ? up : down, (buy ? up : down) + (int)random_between(random, -50, 50));
            world_call_as(world, random_next(random) % 2 == 0 ? &world->user : &world->other, "POST",
                          "/api/v3/order/oco", params);
        }
        break;
    default:
        agent_order(world, symbol, random_next(random) % 2 == 0 ? SIDE_BID : SIDE_ASK,
                    random_next(random) % 4 == 0
                        ? 0
                        : price[symbol] + random_between(random, -off[symbol], off[symbol]),
                    random_sized(random, 16) + 1);
        break;
    }
}

static void assert_nothing_negative(struct world *world, const struct world_user *user)
{
    world_call_as(world, user, "GET", "/api/v3/account", "");
    if (strstr(world->reply.body.at, "\"-") != NULL)
        fail_msg("negative balance: %s", world->reply.body.at);
}

static void assert_many(struct world *world, const char *path, const char *params, size_t least)
{
    json_t *json;

    world_call(world, "GET", path, params);
    json = world_json(world->reply.body.at);
    if (json_array_size(json) < least)
        fail_msg("%s: only %zu", path, json_array_size(json));
    json_decref(json);
}

/* Whatever is ordered, no asset is made or lost, none falls below zero, and with no order open none is locked. */
static void check_conservation(uint64_t seed)
{
    uint64_t random = seed;
    struct world *world = world_new(seed);
    int64_t before[3];

    for (size_t i = 0; i < 3; i++)
        before[i] = accounts_total_e8(world->exchange.accounts, assets[i]);
    for (int step = 0; step < 6000; step++) {
        random_step(world, &random);
        if (step % 64 != 0)
            continue;
        for (size_t i = 0; i < 3; i++)
            if (accounts_total_e8(world->exchange.accounts, assets[i]) != before[i])
                fail_msg("seed %d step %d: %s", (int)seed, step, assets[i]);
        assert_nothing_negative(world, &world->user);
        assert_nothing_negative(world, &world->other);
        world_forget_events(world);
        world_later(world, 1);
    }
    assert_many(world, "/api/v3/myTrades", "symbol=BTCUSDT", 100);
    assert_many(world, "/api/v3/myTrades", "symbol=BNBBTC", 100);
    assert_many(world, "/fapi/v1/userTrades", "symbol=BTCUSDT", 100);
    assert_many(world, "/api/v3/allOrderList", "limit=1000", 20);
    for (int pass = 0; pass < 2; pass++) {
        const struct world_user *user = pass == 0 ? &world->user : &world->other;
        json_t *json, *entry;
        size_t i;

        world_call_as(world, user, "DELETE", "/api/v3/openOrders", "symbol=BTCUSDT");
        world_call_as(world, user, "DELETE", "/api/v3/openOrders", "symbol=BNBBTC");
        world_call_as(world, user, "GET", "/api/v3/account", "");
        json = world_json(world->reply.body.at);
        json_array_foreach(json_object_get(json, "balances"), i,
                           entry) if (strcmp(json_string_value(json_object_get(entry, "locked")),
                                             "0.00000000") != 0) fail_msg("locked: %s", json_dumps(entry, 0));
        json_decref(json);
    }
    world_free(world);
}

static void test_money_is_conserved(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++)
        check_conservation(seed);
}

static void test_bounds_forget_the_oldest(void **state)
{
    struct world *world = world_new(1);
    char first[32], params[128];
    json_t *json;

    (void)state;
    place(world, LIMIT("BUY", "0.001", "50000"));
    snprintf(first, sizeof(first), "%s", field_of(world->reply.body.at, "orderId"));
    snprintf(params, sizeof(params), "symbol=BTCUSDT&orderId=%s", first);
    world_call(world, "DELETE", ORDER, params);
    for (int i = 0; i < 4200; i++) {
        agent_order(world, BTCUSDT, SIDE_ASK, 6000000, 100);
        place(world, "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001&newOrderRespType=ACK");
        world_forget_events(world);
    }
    world_call(world, "GET", ORDER, params);
    assert_refused(world, 400, -2013, "Order does not exist.");
    world_call(world, "GET", "/api/v3/allOrders", "symbol=BTCUSDT&limit=1000");
    json = world_json(world->reply.body.at);
    assert_int_equal(json_array_size(json), 1000);
    json_decref(json);
    world_call(world, "GET", "/api/v3/myTrades", "symbol=BTCUSDT&limit=3");
    json = world_json(world->reply.body.at);
    assert_int_equal(json_array_size(json), 3);
    snprintf(params, sizeof(params), "symbol=BTCUSDT&fromId=%" JSON_INTEGER_FORMAT,
             json_integer_value(json_object_get(json_array_get(json, 1), "id")));
    json_decref(json);
    world_call(world, "GET", "/api/v3/myTrades", params);
    json = world_json(world->reply.body.at);
    assert_int_equal(json_array_size(json), 2);
    json_decref(json);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_money_is_locked_paid_and_given_back),
        cmocka_unit_test(test_market_by_quote_quantity),
        cmocka_unit_test(test_event_order_and_fields),
        cmocka_unit_test(test_ioc_and_fok),
        cmocka_unit_test(test_self_trade_prevention),
        cmocka_unit_test(test_market_order_behind_an_own_one),
        cmocka_unit_test(test_stop_orders),
        cmocka_unit_test(test_oco_lives_on_one_lock),
        cmocka_unit_test(test_oco_one_ends_the_other),
        cmocka_unit_test(test_oco_rules),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_usdm_position),
        cmocka_unit_test(test_usdm_reduce_only),
        cmocka_unit_test(test_usdm_modify_keeps_the_id),
        cmocka_unit_test(test_usdm_timers_and_listen_key),
        cmocka_unit_test(test_usdm_batch),
        cmocka_unit_test(test_funding),
        cmocka_unit_test(test_money_is_conserved),
        cmocka_unit_test(test_bounds_forget_the_oldest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
