/* test_paper_latency.c - three parts of latency: what an order acts on, and when its answer comes. */
#include "paper_desk.h"

#include <stdlib.h>

#define FEED     3000
#define ENTRY    5000
#define RESPONSE 7000

static int set_up(void **state)
{
    struct paper_broker_params params = {.latency = {[PAPER_LEG_FEED] = {.median_ns = FEED},
                                                     [PAPER_LEG_ENTRY] = {.median_ns = ENTRY},
                                                     [PAPER_LEG_RESPONSE] = {.median_ns = RESPONSE}}};

    (void)state;
    desk_open(&params, VENUE_BINANCE_SPOT);
    desk.now_ns = 1000000;
    return 0;
}

/* At t + entry + feed it sees the book of the venue at t + entry; the answer comes at t + entry + response. */
static void test_an_order_acts_on_the_book_of_its_arrival(void **state)
{
    int64_t sent = desk.now_ns;
    struct order order = order_of(SIDE_BID, ORDER_MARKET, 110, 12);

    (void)state;
    send(&order);
    assert_answers(0);
    assert_int_equal(next_due(), sent + ENTRY + FEED);
    desk.now_ns = sent + 100;
    level(SIDE_ASK, 102, 4); /* before it arrives */
    assert_answers(0);
    advance(sent + ENTRY + FEED);
    assert_answers(0); /* acted, not yet told */
    level(SIDE_ASK, 102, 0);
    assert_answers(0);
    assert_int_equal(next_due(), sent + ENTRY + RESPONSE);
    advance(sent + ENTRY + RESPONSE);
    assert_answers(3);
    assert_answer(0, ORDER_EVENT_ACK, order.seq);
    assert_int_equal(desk.answers.event[0].ts_ns, sent + ENTRY + RESPONSE);
    assert_fill(1, order.seq, 102, 4, false);
    assert_fill(2, order.seq, 103, 8, false);
    assert_int_equal(desk.answers.event[2].fill.ts_ns, sent + ENTRY + FEED);
    assert_int_equal(next_due(), INT64_MAX);
}

/* It was not there yet: the trade and the size before its arrival are not its own. */
static void test_the_queue_starts_at_the_arrival(void **state)
{
    int64_t sent = desk.now_ns, expected, worst;
    uint64_t seq = send_limit(SIDE_BID, 100, 5);

    (void)state;
    trade(SIDE_ASK, 100, 40);
    assert_answers(0);
    level(SIDE_BID, 100, 33);
    assert_false(paper_broker_queue(desk.broker, seq, &expected, &worst));
    advance(sent + ENTRY + FEED);
    assert_queue(seq, 33, 33);
    trade(SIDE_ASK, 99, 1);
    assert_answers(0); /* filled; the engine hears of it later */
    advance(sent + ENTRY + FEED + RESPONSE - FEED);
    assert_answers(2);
    assert_fill(1, seq, 100, 5, true);
}

/* A cancel that loses the race against a fill is refused. */
static void test_a_cancel_can_come_too_late(void **state)
{
    int64_t sent = desk.now_ns;
    uint64_t seq = send_limit(SIDE_BID, 100, 5);

    (void)state;
    advance(sent + 100000);
    cancel(seq);
    assert_answers(0);
    trade(SIDE_ASK, 99, 9);
    advance(sent + 200000);
    assert_fill(0, seq, 100, 5, true);
    assert_ended(1, ORDER_EVENT_CANCEL_REJECTED, seq, ORDER_ERROR_NOT_FOUND);
}

/* A replace and a cancel sent right behind the order do not overtake it. */
static void test_requests_keep_their_order(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 100, 5);

    (void)state;
    replace(seq, 99, 5);
    cancel(seq);
    advance(desk.now_ns + 1000000);
    assert_answers(3);
    assert_answer(0, ORDER_EVENT_ACK, seq);
    assert_answer(1, ORDER_EVENT_REPLACED, seq);
    assert_answer(2, ORDER_EVENT_CANCELLED, seq);
}

/* What the venue says we hold is ours to compare with unless a fill is on its way back: an order that waits for its
 * time, or has not arrived, changes nothing. */
static void test_the_position_is_known_unless_an_answer_is_on_its_way(void **state)
{
    struct order rests = order_of(SIDE_BID, ORDER_LIMIT, 100, 5);
    int64_t lots = -1;

    (void)state;
    rests.intent.tif = TIF_GTD;
    rests.intent.expire_ns = desk.now_ns + 1000000000;
    send(&rests);
    assert_true(desk.gateway.ops->position(desk.gateway.self, 0, &lots));
    advance(desk.now_ns + ENTRY + FEED);
    assert_false(desk.gateway.ops->position(desk.gateway.self, 0, &lots));
    advance(desk.now_ns + RESPONSE);
    assert_answer(0, ORDER_EVENT_ACK, rests.seq);
    assert_int_equal(next_due(), rests.intent.expire_ns);
    assert_true(desk.gateway.ops->position(desk.gateway.self, 0, &lots));
    assert_int_equal(lots, 0);
}

/* Answers that are as many as there is room for: the way out that is left over ends with the next event. */
static void test_ways_out_end_though_there_was_no_room(void **state)
{
    struct paper_broker_params params = {.latency = {[PAPER_LEG_RESPONSE] = {.median_ns = RESPONSE}}};
    struct order order;
    size_t ended = 0;

    desk_close(state);
    desk_open(&params, VENUE_BINANCE_USDM);
    level(SIDE_ASK, 103, 1000);
    order = order_of(SIDE_BID, ORDER_MARKET, 103, 700);
    send(&order);
    for (int i = 0; i < 20; i++) {
        order = order_of(SIDE_ASK, ORDER_LIMIT, 110, 5);
        order.intent.reduce_only = true;
        send(&order);
    }
    order = order_of(SIDE_ASK, ORDER_LIMIT, 105, 700);
    send(&order);
    advance(desk.now_ns + RESPONSE);
    for (int i = 0; i < 3500; i++)
        query(order.seq);
    for (int i = 0; i < 4084 - 3500; i++) /* of 4096 that may be on their way */
        trade(SIDE_BID, 105, 1);
    trade(SIDE_BID, 105, 700);
    assert_int_equal(paper_broker_holding(desk.broker, 0)->position.lots, 0);
    desk.now_ns += RESPONSE;
    do {
        advance(desk.now_ns);
        for (size_t i = 0; i < desk.answers.count; i++)
            ended += desk.answers.event[i].kind == ORDER_EVENT_EXPIRED;
    } while (desk.answers.count > 0);
    assert_true(ended > 0 && ended < 20);
    level(SIDE_ASK, 104, 7);
    advance(desk.now_ns + RESPONSE);
    for (size_t i = 0; i < desk.answers.count; i++)
        ended += desk.answers.event[i].kind == ORDER_EVENT_EXPIRED;
    assert_int_equal(ended, 20);
}

/* What is on its way when the steps get finer arrives in the new ones. */
static void test_rescale_on_the_way(void **state)
{
    struct step_change change = {.price_factor = 10, .qty_factor = 100};
    struct order order = order_of(SIDE_BID, ORDER_MARKET, 102, 4);

    (void)state;
    send(&order);
    instrument_rescale(&desk.instrument, change);
    order_book_rescale(desk.book, 10, 100);
    paper_broker_rescale(desk.broker, 0, change);
    advance(desk.now_ns + ENTRY + FEED);
    change = (struct step_change){.price_factor = 2, .qty_factor = 1};
    paper_broker_rescale(desk.broker, 0, change);
    advance(desk.now_ns + RESPONSE);
    assert_fill(1, order.seq, 2040, 400, false);
}

static void test_an_order_in_flight_meets_a_dead_book(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_MARKET, 102, 4);

    (void)state;
    send(&order);
    desk_state(BOOK_STALE);
    advance(desk.now_ns + 100000);
    assert_answers(1);
    assert_ended(0, ORDER_EVENT_REJECTED, order.seq, ORDER_ERROR_MARKET_CLOSED);
}

/* --- drawing ----------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* ln: median m, and e^(sigma z) m at the quantile of z: 1.2816 at 90 %. */
static void test_log_normal_has_its_quantiles(void **state)
{
    struct paper_latency_params params[PAPER_LEGS] = {
        [PAPER_LEG_ENTRY] = {PAPER_LATENCY_LOG_NORMAL, 10000000, 500, 6000000}};
    static int64_t drawn[20001];
    struct paper_latency latency, again;

    (void)state;
    paper_latency_init(&latency, params, 7);
    paper_latency_init(&again, params, 7);
    for (int i = 0; i < 20001; i++) {
        drawn[i] = paper_latency_draw(&latency, PAPER_LEG_ENTRY);
        assert_int_equal(drawn[i], paper_latency_draw(&again, PAPER_LEG_ENTRY)); /* seeded */
    }
    qsort(drawn, 20001, sizeof drawn[0], compare);
    assert_int_equal(drawn[0], 6000000); /* never less */
    assert_true(drawn[10000] > 9700000 && drawn[10000] < 10300000);
    assert_true(drawn[18000] > 18200000 && drawn[18000] < 19800000); /* 18.98 ms */
}

static void test_measured_draws_from_the_newest_samples(void **state)
{
    struct paper_latency_params params[PAPER_LEGS] = {
        [PAPER_LEG_FEED] = {PAPER_LATENCY_MEASURED, 5000, 0, 0}};
    struct paper_latency latency;
    bool seen[2] = {false};

    (void)state;
    paper_latency_init(&latency, params, 1);
    assert_int_equal(paper_latency_draw(&latency, PAPER_LEG_FEED), 5000);
    for (int i = 0; i < 1000; i++)
        paper_latency_add_sample(&latency, PAPER_LEG_FEED, i < 700 ? 999999 : i % 2 == 0 ? 100 : 200);
    for (int i = 0; i < 100; i++) {
        int64_t ns = paper_latency_draw(&latency, PAPER_LEG_FEED);

        assert_true(ns == 100 || ns == 200);
        seen[ns == 200] = true;
    }
    assert_true(seen[0] && seen[1]);
    paper_latency_add_sample(&latency, PAPER_LEG_FEED, -5); /* clocks differ: never before it was sent */
    for (int i = 0; i < 2000; i++)
        assert_true(paper_latency_draw(&latency, PAPER_LEG_FEED) >= 0);
}

#define desk_test(f) cmocka_unit_test_setup_teardown(f, set_up, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        desk_test(test_an_order_acts_on_the_book_of_its_arrival),
        desk_test(test_the_queue_starts_at_the_arrival),
        desk_test(test_a_cancel_can_come_too_late),
        desk_test(test_requests_keep_their_order),
        desk_test(test_the_position_is_known_unless_an_answer_is_on_its_way),
        desk_test(test_ways_out_end_though_there_was_no_room),
        desk_test(test_rescale_on_the_way),
        desk_test(test_an_order_in_flight_meets_a_dead_book),
        cmocka_unit_test(test_log_normal_has_its_quantiles),
        cmocka_unit_test(test_measured_draws_from_the_newest_samples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
