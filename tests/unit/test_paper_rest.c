/* test_paper_rest.c - what rests at the paper broker: its place in the queue, and the trades that fill it. */
#include "paper_desk.h"

static int set_up(void **state)
{
    struct paper_broker_params params = {.fee_maker_ppm = 1000, .fee_taker_ppm = 2000};

    (void)state;
    desk_open(&params, VENUE_BINANCE_SPOT);
    return 0;
}

/* The queue of 10 at 100 goes first: 7 leave 3; of the next 8, 3 are theirs and 5 ours. */
static void test_trades_eat_the_queue_then_fill(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 100, 20);

    (void)state;
    assert_queue(seq, 10, 10);
    trade(SIDE_ASK, 100, 7);
    assert_int_equal(desk.answers.count, 0);
    assert_queue(seq, 3, 3);
    trade(SIDE_ASK, 100, 8);
    assert_fill(0, seq, 100, 5, true);
    assert_queue(seq, 0, 0);
    trade(SIDE_ASK, 100, 100);
    assert_fill(0, seq, 100, 15, true);
    assert_int_equal(desk.answers.count, 1);
}

/* A buyer at our bid's price met somebody's ask: not a trade against us. */
static void test_trade_of_the_same_side_does_not_fill(void **state)
{
    send_limit(SIDE_BID, 101, 5);
    (void)state;
    trade(SIDE_BID, 101, 50);
    assert_int_equal(desk.answers.count, 0);
}

static void test_trade_through_the_price_fills_all(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 100, 20);

    (void)state;
    trade(SIDE_ASK, 99, 1);
    assert_fill(0, seq, 100, 20, true); /* at our price, not at the print's */
    seq = send_limit(SIDE_ASK, 103, 7);
    trade(SIDE_BID, 104, 1);
    assert_fill(0, seq, 103, 7, true);
}

/* By size: what was traded beyond our price is given once, best price first come. */
static void test_trade_through_by_size(void **state)
{
    struct paper_broker_params params = {.through_by_size = true};
    uint64_t first, second;

    (void)state;
    renew(&params);
    first = send_limit(SIDE_BID, 100, 5);
    second = send_limit(SIDE_BID, 100, 5);
    trade(SIDE_ASK, 99, 7);
    assert_int_equal(desk.answers.count, 2);
    assert_fill(0, first, 100, 5, true);
    assert_fill(1, second, 100, 2, true);
    first = send_limit(SIDE_BID, 101, 2);
    trade(SIDE_ASK, 99, 3);
    assert_fill(0, first, 101, 2, true);
    assert_fill(1, second, 100, 1, true);
}

static void test_a_market_that_does_not_trade(void **state)
{
    (void)state;
    desk.instrument.trading = false;
    send_limit(SIDE_BID, 100, 5);
    assert_int_equal(desk.answers.count, 1);
    assert_answer(0, ORDER_EVENT_REJECTED, desk.seq);
    assert_int_equal(desk.answers.event[0].error, ORDER_ERROR_MARKET_CLOSED);
}

static void test_off_market_prints_fill_nothing(void **state)
{
    struct trade print = {.price_ticks = 50, .qty_lots = 100, .taker = SIDE_ASK, .off_market = true};

    (void)state;
    send_limit(SIDE_BID, 100, 20);
    paper_broker_on_trade(desk.broker, desk.instrument.id, &print, &desk.answers);
    assert_int_equal(desk.answers.count, 0);
}

/* Cancels: half the level gone means half of those ahead, as expected; at worst all were behind us, but never
 * more are ahead than the level shows. */
static void test_expected_place_falls_with_the_level(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 99, 5);

    (void)state;
    level(SIDE_BID, 99, 10);
    assert_queue(seq, 10, 10);
    level(SIDE_BID, 99, 30); /* new ones join behind */
    assert_queue(seq, 10, 10);
    level(SIDE_BID, 99, 15);
    assert_queue(seq, 5, 10);
    level(SIDE_BID, 99, 0);
    assert_queue(seq, 0, 0);
}

/* A part of a lot ahead is a lot ahead: 20 of 30, and 20 left, are 13.3. */
static void test_expected_place_rounds_up(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 99, 5);

    (void)state;
    level(SIDE_BID, 99, 30);
    level(SIDE_BID, 99, 20);
    assert_queue(seq, 14, 20);
}

/* The depth update that shows a trade we already counted is not a second loss. */
static void test_a_trade_and_its_depth_update_count_once(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 99, 5);

    (void)state;
    trade(SIDE_ASK, 99, 4);
    assert_queue(seq, 16, 16);
    level(SIDE_BID, 98, 31); /* some other update first */
    level(SIDE_BID, 99, 16);
    assert_queue(seq, 16, 16);
    level(SIDE_BID, 99, 8); /* this one is cancels */
    assert_queue(seq, 8, 8);
}

/* Time priority among our own: the later order does not overtake, and a lot is given once. */
static void test_own_orders_share_one_trade_in_order(void **state)
{
    uint64_t first = send_limit(SIDE_BID, 100, 5), second = send_limit(SIDE_BID, 100, 5);

    (void)state;
    trade(SIDE_ASK, 100, 17); /* 10 ahead, 5 for the first, 2 for the second */
    assert_int_equal(desk.answers.count, 2);
    assert_fill(0, first, 100, 5, true);
    assert_fill(1, second, 100, 2, true);
}

static void test_a_later_order_never_overtakes(void **state)
{
    uint64_t first, second;

    (void)state;
    first = send_limit(SIDE_BID, 99, 5);
    trade(SIDE_ASK, 99, 5); /* 15 ahead of the first; the level goes on showing 20 */
    second = send_limit(SIDE_BID, 99, 5);
    level(SIDE_BID, 99, 12);
    level(SIDE_BID, 99, 2);
    level(SIDE_BID, 99, 30);
    trade(SIDE_ASK, 99, 4);
    assert_int_equal(desk.answers.count, 1);
    assert_fill(0, first, 99, 2, true);
    assert_queue(second, 0, 0);
    trade(SIDE_ASK, 99, 4); /* 3 for the first, 1 for the second */
    assert_fill(0, first, 99, 3, true);
    assert_fill(1, second, 99, 1, true);
}

/* The other side comes to our price: what it offers there is ours, as maker, at our price. */
static void test_other_side_reaching_us_fills_what_it_offers(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 101, 20);

    (void)state;
    order_book_set(desk.book, SIDE_ASK, 101, 8);
    level(SIDE_BID, 97, 1);
    assert_int_equal(desk.answers.count, 1);
    assert_fill(0, seq, 101, 8, true);
    level(SIDE_BID, 97, 2); /* shown unchanged: nothing more */
    assert_int_equal(desk.answers.count, 0);
    level(SIDE_ASK, 101, 9); /* shown anew */
    assert_fill(0, seq, 101, 9, true);
    level(SIDE_ASK, 101, 50);
    assert_fill(0, seq, 101, 3, true);
}

/* The better price is served first, then the earlier order. */
static void test_price_then_time_among_own_orders(void **state)
{
    uint64_t low = send_limit(SIDE_BID, 100, 5), high = send_limit(SIDE_BID, 101, 5),
             later = send_limit(SIDE_BID, 101, 5);

    (void)state;
    order_book_set(desk.book, SIDE_BID, 100, 0);
    level(SIDE_ASK, 99, 0);
    order_book_set(desk.book, SIDE_BID, 99, 0);
    order_book_set(desk.book, SIDE_BID, 98, 0);
    level(SIDE_ASK, 99, 12);
    assert_int_equal(desk.answers.count, 3);
    assert_fill(0, high, 101, 5, true);
    assert_fill(1, later, 101, 5, true);
    assert_fill(2, low, 100, 2, true);
}

#define broker_test(f) cmocka_unit_test_setup_teardown(f, set_up, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        broker_test(test_trades_eat_the_queue_then_fill),
        broker_test(test_trade_of_the_same_side_does_not_fill),
        broker_test(test_trade_through_the_price_fills_all),
        broker_test(test_trade_through_by_size),
        broker_test(test_a_market_that_does_not_trade),
        broker_test(test_off_market_prints_fill_nothing),
        broker_test(test_expected_place_falls_with_the_level),
        broker_test(test_expected_place_rounds_up),
        broker_test(test_a_trade_and_its_depth_update_count_once),
        broker_test(test_own_orders_share_one_trade_in_order),
        broker_test(test_a_later_order_never_overtakes),
        broker_test(test_other_side_reaching_us_fills_what_it_offers),
        broker_test(test_price_then_time_among_own_orders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
