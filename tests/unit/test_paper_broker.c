/* test_paper_broker.c - each rule of filling on paper, by example. */
#include "paper_desk.h"

static int set_up(void **state)
{
    struct paper_broker_params params = {.fee_maker_ppm = 1000, .fee_taker_ppm = 2000};

    (void)state;
    desk_open(&params, VENUE_BINANCE_SPOT);
    return 0;
}

static void test_market_order_walks_the_book_to_its_price(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_MARKET, 103, 40);

    (void)state;
    send(&order);
    assert_int_equal(desk.answers.count, 4);
    assert_answer(0, ORDER_EVENT_ACK, 1);
    assert_fill(1, 1, 102, 10, false);
    assert_fill(2, 1, 103, 20, false);
    assert_answer(3, ORDER_EVENT_EXPIRED, 1); /* 104 is beyond its price */
    assert_true(desk.answers.event[1].fill.trade_id != desk.answers.event[2].fill.trade_id);
}

/* 10 lots x 102 ticks at 0.01 are 10.20; 2000 ppm of it 0.0204. */
static void test_fees_are_of_the_value(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_MARKET, 102, 10);

    (void)state;
    send(&order);
    assert_int_equal(desk.answers.event[1].fill.value_e8, 1020000000);
    assert_int_equal(desk.answers.event[1].fill.fee_e8, 2040000);
    send_limit(SIDE_BID, 101, 10);
    trade(SIDE_ASK, 101, 10);
    assert_fill(0, 2, 101, 10, true);
    assert_int_equal(desk.answers.event[0].fill.fee_e8, 1010000);
}

/* Half a unit of 1e-8 goes away from zero, for a rebate too. */
static void test_fees_round_half_away_from_zero(void **state)
{
    struct paper_broker_params params = {.fee_maker_ppm = -500, .fee_taker_ppm = 500};
    struct order order = order_of(SIDE_BID, ORDER_MARKET, 110, 1);

    (void)state;
    renew(&params);
    desk.instrument.tick_e8 = 1000; /* a lot at a tick is worth 100e-8 */
    order_book_clear(desk.book);
    order_book_set(desk.book, SIDE_ASK, 110, 1);
    send(&order); /* 11000e-8: a fee of 5.5e-8 */
    assert_int_equal(desk.answers.event[1].fill.fee_e8, 6);
    send_limit(SIDE_BID, 90, 1);
    trade(SIDE_ASK, 89, 1); /* 9000e-8: a rebate of 4.5e-8 */
    assert_int_equal(desk.answers.event[0].fill.fee_e8, -5);
}

static void test_marketable_limit_takes_then_rests(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 102, 15);

    (void)state;
    assert_int_equal(desk.answers.count, 2);
    assert_fill(1, seq, 102, 10, false);
    assert_queue(seq, 0, 0); /* nobody else bids 102 */
}

static void test_ioc_never_rests(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_LIMIT, 102, 15);

    (void)state;
    order.intent.tif = TIF_IOC;
    send(&order);
    assert_fill(1, 1, 102, 10, false);
    assert_answer(2, ORDER_EVENT_EXPIRED, 1);
    trade(SIDE_ASK, 90, 100);
    assert_int_equal(desk.answers.count, 0);
}

static void test_post_only_that_would_take_is_rejected(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_LIMIT, 102, 5);

    (void)state;
    order.intent.post_only = true;
    send(&order);
    assert_int_equal(desk.answers.count, 1);
    assert_answer(0, ORDER_EVENT_REJECTED, 1);
    order = order_of(SIDE_BID, ORDER_LIMIT, 101, 5);
    order.intent.post_only = true;
    send(&order);
    assert_answer(0, ORDER_EVENT_ACK, 2);
    assert_queue(2, 0, 0);
}

/* A crossed book is wrong on one side: it fills nobody. */
static void test_crossed_book_fills_nothing(void **state)
{
    send_limit(SIDE_BID, 101, 5);
    (void)state;
    level(SIDE_ASK, 100, 8); /* the bids at 100 stand */
    assert_int_equal(desk.answers.count, 0);
}

/* L01: nobody gets the same shown lot twice, not by two orders either. */
static void test_shown_lots_are_taken_once(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_MARKET, 102, 7);

    (void)state;
    send(&order);
    order = order_of(SIDE_BID, ORDER_MARKET, 102, 7);
    send(&order);
    assert_fill(1, 2, 102, 3, false);
    assert_answer(2, ORDER_EVENT_EXPIRED, 2);
    level(SIDE_ASK, 103, 21); /* another level changes: this one is still what we took from */
    order = order_of(SIDE_BID, ORDER_MARKET, 102, 1);
    send(&order);
    assert_answer(1, ORDER_EVENT_EXPIRED, 3);
    level(SIDE_ASK, 102, 9);
    order = order_of(SIDE_BID, ORDER_MARKET, 102, 20);
    send(&order);
    assert_fill(1, 4, 102, 9, false);
}

/* Back at an earlier size is shown anew as well: it went away in between. */
static void test_a_size_that_returns_is_new(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_MARKET, 102, 10);

    (void)state;
    send(&order);
    level(SIDE_ASK, 102, 12);
    level(SIDE_ASK, 102, 10);
    order = order_of(SIDE_BID, ORDER_MARKET, 102, 10);
    send(&order);
    assert_fill(1, 2, 102, 10, false);
}

/* L05: our own orders never trade with each other. */
static void test_taker_stops_short_of_our_own_order(void **state)
{
    struct order order;

    (void)state;
    send_limit(SIDE_ASK, 103, 5);
    order = order_of(SIDE_BID, ORDER_MARKET, 104, 60);
    send(&order);
    assert_int_equal(desk.answers.count, 3);
    assert_fill(1, 2, 102, 10, false);
    assert_answer(2, ORDER_EVENT_EXPIRED, 2);
    assert_string_equal(desk.answers.event[2].reason, "own order on the other side");
    send_limit(SIDE_BID, 103, 5); /* a limit that crosses ours would lock our own book */
    assert_answer(1, ORDER_EVENT_EXPIRED, 3);
    order = order_of(SIDE_BID, ORDER_LIMIT, 103, 5);
    order.intent.post_only = true;
    send(&order);
    assert_answer(0, ORDER_EVENT_REJECTED, 4);
}

static void test_stop_waits_for_the_last_trade(void **state)
{
    struct order order = order_of(SIDE_ASK, ORDER_STOP, 0, 15);
    int64_t expected, worst;

    (void)state;
    order.intent.stop_ticks = 100;
    order.intent.reduce_only = true;
    send(&order);
    assert_int_equal(desk.answers.count, 1);
    assert_answer(0, ORDER_EVENT_ACK, 1);
    assert_false(paper_broker_queue(desk.broker, 1, &expected, &worst)); /* it stands in no queue */
    level(SIDE_ASK, 101, 5);
    trade(SIDE_BID, 101, 50);
    assert_int_equal(desk.answers.count, 0);
    trade(SIDE_ASK, 100, 1);
    assert_answer(0, ORDER_EVENT_TRIGGERED, 1);
    assert_int_equal(desk.answers.event[0].price_ticks, 100);
    assert_fill(1, 1, 100, 10, false);
    assert_fill(2, 1, 99, 5, false);
    assert_int_equal(desk.answers.count, 3);
}

static void test_stop_bound_cancels_the_rest(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_STOP, 103, 50);

    (void)state;
    order.intent.stop_ticks = 103;
    send(&order);
    trade(SIDE_BID, 104, 1);
    assert_fill(1, 1, 102, 10, false);
    assert_fill(2, 1, 103, 20, false);
    assert_answer(3, ORDER_EVENT_EXPIRED, 1);
    assert_int_equal(desk.answers.event[3].error, ORDER_ERROR_NOT_FILLED);
    trade(SIDE_BID, 104, 1);
    assert_int_equal(desk.answers.count, 0);
}

static void test_cancel(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 100, 5);

    struct order order = {.seq = seq};

    (void)state;
    desk.gateway.ops->cancel(desk.gateway.self, &order, 4, &desk.answers);
    assert_int_equal(desk.answers.count, 1);
    assert_answer(0, ORDER_EVENT_CANCELLED, seq);
    desk.gateway.ops->cancel(desk.gateway.self, &order, 5, &desk.answers);
    assert_int_equal(desk.answers.count, 1);
    assert_answer(0, ORDER_EVENT_CANCEL_REJECTED, seq);
    assert_int_equal(desk.answers.event[0].error, ORDER_ERROR_NOT_FOUND);
    trade(SIDE_ASK, 90, 100);
    assert_int_equal(desk.answers.count, 0);
}

/* I23: one order more than the bound is rejected in words. */
static void test_open_orders_are_bounded(void **state)
{
    (void)state;
    for (int i = 0; i < ORDERS_OPEN_MAX; i++) {
        send_limit(SIDE_BID, 99, 1);
        assert_answer(0, ORDER_EVENT_ACK, desk.seq);
    }
    send_limit(SIDE_BID, 99, 1);
    assert_answer(0, ORDER_EVENT_REJECTED, desk.seq);
    trade(SIDE_ASK, 98, 1); /* all of them at once fit in one batch of answers */
    assert_int_equal(desk.answers.count, ORDERS_OPEN_MAX);
}

/* A market order through more levels than one batch holds ends in words, inside the bounds. */
static void test_answers_are_bounded(void **state)
{
    struct order order;
    int64_t filled = 0;

    (void)state;
    for (int64_t price = 200; price < 3000; price++)
        order_book_set(desk.book, SIDE_ASK, price, 1);
    order = order_of(SIDE_BID, ORDER_MARKET, 3000, 10000);
    send(&order);
    assert_true(desk.answers.count <= GATEWAY_ANSWERS_MAX);
    for (size_t i = 0; i < desk.answers.count; i++)
        filled += desk.answers.event[i].kind == ORDER_EVENT_FILL ? desk.answers.event[i].fill.qty_lots : 0;
    assert_true(filled > 500);
    assert_answer(desk.answers.count - 1, ORDER_EVENT_EXPIRED, 1);
}

static void test_empty_book_cancels_market_and_rests_limit(void **state)
{
    struct order order = order_of(SIDE_ASK, ORDER_MARKET, 1, 5);

    (void)state;
    order_book_clear(desk.book);
    send(&order);
    assert_int_equal(desk.answers.count, 2);
    assert_answer(1, ORDER_EVENT_EXPIRED, 1);
    assert_queue(send_limit(SIDE_ASK, 50, 5), 0, 0);
}

static void test_other_instruments_are_left_alone(void **state)
{
    struct trade print = {.price_ticks = 1, .qty_lots = 100, .taker = SIDE_ASK};
    struct instrument other;

    (void)state;
    instrument_init(&other, "ETHUSDT", VENUE_BINANCE_SPOT, 1);
    paper_broker_attach(desk.broker, &other, desk.book);
    paper_broker_on_book_state(desk.broker, other.id, BOOK_LIVE, 1, &desk.answers);
    send_limit(SIDE_BID, 100, 5);
    paper_broker_on_trade(desk.broker, other.id, &print, &desk.answers);
    assert_int_equal(desk.answers.count, 0);
    order_book_set(desk.book, SIDE_ASK, 90, 5);
    paper_broker_on_book(desk.broker, other.id, 3, &desk.answers);
    assert_int_equal(desk.answers.count, 0);
}

/* The steps get finer: places, prices and what was taken go along. */
static void test_rescale(void **state)
{
    struct step_change change = {.price_factor = 10, .qty_factor = 100};
    struct order order = order_of(SIDE_BID, ORDER_MARKET, 102, 4);
    uint64_t seq;

    (void)state;
    send(&order);
    seq = send_limit(SIDE_BID, 100, 5);
    instrument_rescale(&desk.instrument, change);
    order_book_rescale(desk.book, 10, 100);
    paper_broker_rescale(desk.broker, 0, change);
    assert_queue(seq, 1000, 1000);
    order = order_of(SIDE_BID, ORDER_MARKET, 1020, 5000);
    send(&order);
    assert_fill(1, 3, 1020, 600, false); /* 4 of the 10 are gone */
    trade(SIDE_ASK, 999, 1);
    assert_fill(0, seq, 1000, 500, true);
}

#define broker_test(f) cmocka_unit_test_setup_teardown(f, set_up, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        broker_test(test_market_order_walks_the_book_to_its_price),
        broker_test(test_fees_are_of_the_value),
        broker_test(test_fees_round_half_away_from_zero),
        broker_test(test_marketable_limit_takes_then_rests),
        broker_test(test_ioc_never_rests),
        broker_test(test_post_only_that_would_take_is_rejected),
        broker_test(test_crossed_book_fills_nothing),
        broker_test(test_shown_lots_are_taken_once),
        broker_test(test_a_size_that_returns_is_new),
        broker_test(test_taker_stops_short_of_our_own_order),
        broker_test(test_stop_waits_for_the_last_trade),
        broker_test(test_stop_bound_cancels_the_rest),
        broker_test(test_cancel),
        broker_test(test_open_orders_are_bounded),
        broker_test(test_answers_are_bounded),
        broker_test(test_empty_book_cancels_market_and_rests_limit),
        broker_test(test_other_instruments_are_left_alone),
        broker_test(test_rescale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
