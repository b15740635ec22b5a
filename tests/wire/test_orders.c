/*
 * What can go wrong with an order, over sockets, as a gateway will meet it. An answer that is lost, late or wrong never
 * changes what happened to the order: the query and the user data stream tell that.
 */
#include "wire/order_desk.h"

#define TURN_MS 20 /* the exchange's clock goes on in turns */

/* --- answers that are lost ------------------------------------------------------------------------------------ */

/* Nothing came back: the query finds the order, the stream told it once, and it can be cancelled. */
static void resting_without_answer(const char *path, int lost)
{
    const char *id = new_id();

    assert_int_equal(place_resting(path, id), lost);
    await_event(id, "NEW", "NEW");
    assert_status(path, id, "NEW");
    assert_taken(cancel(path, id));
    assert_told("status", "CANCELED");
    await_event(id, "CANCELED", "CANCELED");
    assert_status(path, id, "CANCELED");
}

static void test_lost_answer_leaves_an_order(void **state)
{
    (void)state;
    wire_fault(&desk.world, "lost_ack 1");
    resting_without_answer(SPOT, -1);
    wire_fault(&desk.world, "lost_ack 1");
    resting_without_answer(USDM, -1);
    /* 504 and 502 are the same: outcome unknown */
    wire_fault(&desk.world, "http:504 1 /api/v3/order executed");
    resting_without_answer(SPOT, 504);
    wire_fault(&desk.world, "http:502 1 /fapi/v1/order executed");
    resting_without_answer(USDM, 502);
}

/* The same status without the order: only the query tells the two apart. */
static void test_refused_by_status_leaves_none(void **state)
{
    static const struct {
        const char *fault;
        int status;
        const char *code;
    } cases[] = {{"http:503 1 /api/v3/order", 503, "-1008"},
                 {"http:504 1 /api/v3/order", 504, "-1007"},
                 {"http:500 1 /api/v3/order", 500, "-1001"},
                 {"http:429 1 /api/v3/order retry_after 3", 429, "-1003"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *id = new_id();

        wire_fault(&desk.world, cases[i].fault);
        assert_refused(place_resting(SPOT, id), cases[i].status, cases[i].code);
        assert_refused(query(SPOT, id), 400, "-2013");
        assert_int_equal(heard(id, "NEW", "NEW"), 0);
    }
}

/* A market order whose answer is lost has filled. Its id is free again then: posted once more it fills once more. */
static void filled_without_answer(const char *path)
{
    const char *id = new_id();
    char first[128];

    wire_fault(&desk.world, "lost_ack 1");
    assert_int_equal(place_market(path, "BUY", id), -1);
    assert_status(path, id, "FILLED");
    assert_told("executedQty", strcmp(path, SPOT) == 0 ? "0.01000000" : "0.010");
    snprintf(first, sizeof(first), "%s", told("orderId"));
    await_event(id, "TRADE", "FILLED");
    assert_taken(place_market(path, "BUY", id));
    assert_told("status", "FILLED");
    assert_string_not_equal(told("orderId"), first);
    assert_taken(place_market(path, "SELL", new_id()));
    assert_taken(place_market(path, "SELL", new_id()));
}

static void test_market_order_posted_again_fills_again(void **state)
{
    (void)state;
    filled_without_answer(SPOT);
    filled_without_answer(USDM);
}

/* One that rests still has its id: the second is refused, on both venues with their own codes. */
static void test_resting_order_posted_again_is_refused(void **state)
{
    const char *id = new_id();

    (void)state;
    wire_fault(&desk.world, "lost_ack 1");
    assert_int_equal(place_resting(SPOT, id), -1);
    assert_refused(place_resting(SPOT, id), 400, "-2010");
    assert_taken(cancel(SPOT, id));
    wire_fault(&desk.world, "lost_ack 1");
    assert_int_equal(place_resting(USDM, id), -1);
    assert_refused(place_resting(USDM, id), 400, "-4116");
    assert_taken(cancel(USDM, id));
}

/* A cancel whose answer is lost has cancelled; asked again it is unknown. */
static void test_lost_answer_of_a_cancel(void **state)
{
    const char *id = new_id();

    (void)state;
    assert_taken(place_resting(SPOT, id));
    wire_fault(&desk.world, "lost_ack 1");
    assert_int_equal(cancel(SPOT, id), -1);
    await_event(id, "CANCELED", "CANCELED");
    assert_refused(cancel(SPOT, id), 400, "-2011");
    assert_status(SPOT, id, "CANCELED");
}

/* --- answers and orders that are late -------------------------------------------------------------------------- */

static void test_late_answer(void **state)
{
    const char *id = new_id();

    (void)state;
    wire_fault(&desk.world, "late_ack 600 1");
    assert_taken(place_resting(SPOT, id));
    assert_true(desk.world.took_ns / MS_NS >= 600 - TURN_MS);
    assert_int_equal(heard(id, "NEW", "NEW"), 1); /* the stream was quicker */
    assert_taken(cancel(SPOT, id));
}

static int late_status; /* 0: no answer yet */

static void note_status(void *arg, const struct http_reply *reply)
{
    (void)arg;
    late_status = reply->failure.kind == NET_OK ? reply->status : -1;
}

static bool has_late_status(struct wire_world *world)
{
    (void)world;
    return late_status != 0;
}

/* "Does not exist" is no word of an order that is still on its way. */
static void test_late_order_does_not_exist_yet(void **state)
{
    char body[512], signature[65], url[512], id[37];
    struct http_header header = {"X-MBX-APIKEY", desk.key};
    int used;

    (void)state;
    snprintf(id, sizeof(id), "%s", new_id());
    used = snprintf(body, sizeof(body),
                    "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=%.1f"
                    "&newClientOrderId=%s&timestamp=%" PRId64,
                    price_at(SPOT, RESTS), id, stamp_ms());
    sign(body, signature);
    used += snprintf(body + used, sizeof(body) - (size_t)used, "&signature=%s", signature);
    snprintf(url, sizeof(url), "%s" SPOT, desk.world.exchange.rest_url);
    wire_fault(&desk.world, "late_order 1500 1");
    assert_non_null(http_start(desk.world.net, &(struct http_request){.method = "POST",
                                                                      .url = url,
                                                                      .headers = &header,
                                                                      .header_count = 1,
                                                                      .body = body,
                                                                      .body_size = (size_t)used,
                                                                      .on_done = note_status}));
    wire_run_ms(&desk.world, 100);
    assert_refused(query(SPOT, id), 400, "-2013");
    assert_true(wire_until(&desk.world, has_late_status, ANSWER_MS));
    assert_int_equal(late_status, 200);
    assert_status(SPOT, id, "NEW");
    assert_taken(cancel(SPOT, id));
}

/* --- ends that were not asked for ------------------------------------------------------------------------------- */

/* Half of it trades, then the venue ends it: what it has, it keeps. */
static void partly_filled(const char *path, bool limit, const char *half)
{
    const char *id = new_id();

    wire_fault(&desk.world, "partial 1");
    assert_taken(limit ? place_limit(path, CROSSES, id) : place_market(path, "BUY", id));
    await_event(id, "EXPIRED", "EXPIRED");
    assert_true(heard(id, "TRADE", "PARTIALLY_FILLED") >= 1);
    assert_int_equal(heard(id, "TRADE", "FILLED"), 0);
    assert_status(path, id, "EXPIRED");
    assert_told("executedQty", half);
}

static void test_part_of_an_order(void **state)
{
    (void)state;
    for (int limit = 0; limit < 2; limit++) {
        partly_filled(SPOT, limit, "0.00500000");
        partly_filled(USDM, limit, "0.005");
    }
}

static int64_t e8(const char *text)
{
    int64_t value = -1;

    assert_int_equal(decimal_parse(text, strlen(text), DECIMAL_E8_DIGITS, &value), ERR_OK);
    return value;
}

/* More than the market has below its limit: one part trades, the rest waits until it is cancelled. What the stream
 * told in parts, what it told in sum, and what the query tells are the same. */
static void cancelled_in_part(const char *path, const char *quantity)
{
    const char *id = new_id();
    int64_t parts_e8 = 0, sum_e8 = 0;

    assert_taken(ask_signed("POST", path,
                            "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=%s&price=%.1f"
                            "&newClientOrderId=%s",
                            quantity, price_at(path, JUST_CROSSES), id));
    await_some(id, "TRADE", "PARTIALLY_FILLED");
    assert_taken(cancel(path, id));
    await_event(id, "CANCELED", "CANCELED");
    for (size_t i = 0; i < desk.events; i++) {
        if (strcmp(of_event(i, "c"), id) != 0 && strcmp(of_event(i, "C"), id) != 0)
            continue;
        parts_e8 += strcmp(of_event(i, "x"), "TRADE") == 0 ? e8(of_event(i, "l")) : 0;
        sum_e8 = e8(of_event(i, "z"));
    }
    assert_true(sum_e8 > 0 && sum_e8 < e8(quantity));
    assert_int_equal(parts_e8, sum_e8);
    assert_status(path, id, "CANCELED");
    assert_int_equal(e8(told("executedQty")), sum_e8);
}

static void test_cancelled_order_keeps_its_part(void **state)
{
    (void)state;
    cancelled_in_part(SPOT, "50.000");
    cancelled_in_part(USDM, "100.000");
}

static void expired(const char *path)
{
    const char *id = new_id();

    wire_fault(&desk.world, "expire 1");
    assert_taken(place_resting(path, id));
    await_event(id, "NEW", "NEW");
    await_event(id, "EXPIRED", "EXPIRED");
    assert_status(path, id, "EXPIRED");
    assert_refused(cancel(path, id), 400, "-2011");
}

static void test_order_that_the_venue_ends(void **state)
{
    (void)state;
    expired(SPOT);
    expired(USDM);
}

/* --- clock, halt, WebSocket API --------------------------------------------------------------------------------- */

/* A time stamp outside the window is refused and leaves no order; with the venue's own time it is taken. */
static void test_clock_that_is_off(void **state)
{
    static const int skews_ms[] = {10000, -10000};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const char *id = new_id();
        char fault[32];

        snprintf(fault, sizeof(fault), "clock_skew %d", skews_ms[i]);
        wire_fault(&desk.world, fault);
        assert_refused(place_resting(SPOT, id), 400, "-1021");
        assert_int_equal(wire_ask(&desk.world, "GET", "/api/v3/time", NULL), 200);
        desk.offset_ms = strtoll(told("serverTime"), NULL, 10) - clock_now_ns(&desk.clock) / MS_NS;
        assert_in_range(desk.offset_ms - skews_ms[i] + 5000, 0, 10000);
        assert_refused(query(SPOT, id), 400, "-2013");
        assert_taken(place_resting(SPOT, id));
        assert_taken(cancel(SPOT, id));
        desk.offset_ms = 0;
        wire_fault(&desk.world, "clock_skew 0");
    }
}

static void test_halted_market_takes_cancels_alone(void **state)
{
    const char *id = new_id();
    char resting[37];

    (void)state;
    snprintf(resting, sizeof(resting), "%s", id);
    assert_taken(place_resting(SPOT, resting));
    wire_fault(&desk.world, "cancel_only BTCUSDT");
    assert_refused(place_market(SPOT, "BUY", new_id()), 400, "-2010");
    assert_taken(cancel(SPOT, resting));
    wire_fault(&desk.world, "trade BTCUSDT");
    assert_taken(place_market(SPOT, "BUY", new_id()));
    assert_taken(place_market(SPOT, "SELL", new_id()));
}

/* The connection goes with the answer; the order stays, and so does what the next connection hears of it. */
static void test_lost_answer_on_the_websocket_api(void **state)
{
    const char *id = new_id();
    char price[32];

    (void)state;
    snprintf(price, sizeof(price), "%.1f", price_at(SPOT, RESTS));
    wire_fault(&desk.world, "lost_ack 1");
    api_send("order.place", (const struct param[]){{"symbol", "BTCUSDT"},
                                                   {"side", "BUY"},
                                                   {"type", "LIMIT"},
                                                   {"timeInForce", "GTC"},
                                                   {"quantity", "0.010"},
                                                   {"price", price},
                                                   {"newClientOrderId", id},
                                                   {NULL, NULL}});
    assert_true(wire_until(&desk.world, is_lost, ANSWER_MS));
    ws_client_free(desk.api);
    assert_status(SPOT, id, "NEW");
    open_api();
    assert_taken(cancel(SPOT, id));
    await_event(id, "CANCELED", "CANCELED");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lost_answer_leaves_an_order),
        cmocka_unit_test(test_refused_by_status_leaves_none),
        cmocka_unit_test(test_market_order_posted_again_fills_again),
        cmocka_unit_test(test_resting_order_posted_again_is_refused),
        cmocka_unit_test(test_lost_answer_of_a_cancel),
        cmocka_unit_test(test_late_answer),
        cmocka_unit_test(test_late_order_does_not_exist_yet),
        cmocka_unit_test(test_part_of_an_order),
        cmocka_unit_test(test_cancelled_order_keeps_its_part),
        cmocka_unit_test(test_order_that_the_venue_ends),
        cmocka_unit_test(test_clock_that_is_off),
        cmocka_unit_test(test_halted_market_takes_cancels_alone),
        cmocka_unit_test(test_lost_answer_on_the_websocket_api),
    };

    return cmocka_run_group_tests(tests, open_desk, close_desk);
}
