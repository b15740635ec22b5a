/* test_paper_entry.c - every kind of order, its refusals, cancels, replaces and queries at the paper broker. */
#include "paper_desk.h"

static int set_up(void **state)
{
    struct paper_broker_params params = {0};

    (void)state;
    desk_open(&params, VENUE_BINANCE_USDM);
    return 0;
}

static struct order stop_of(enum side side, enum order_type type, int64_t stop, int64_t price, int64_t lots)
{
    struct order order = order_of(side, type, price, lots);

    order.intent.stop_ticks = stop;
    return order;
}

static void buy_at_market(int64_t lots)
{
    struct order order = order_of(SIDE_BID, ORDER_MARKET, 110, lots);

    send(&order);
}

static void test_fok_takes_all_or_nothing(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_LIMIT, 103, 31);

    (void)state;
    order.intent.tif = TIF_FOK;
    send(&order);
    assert_answers(2);
    assert_ended(1, ORDER_EVENT_EXPIRED, order.seq, ORDER_ERROR_NOT_FILLED);
    order = order_of(SIDE_BID, ORDER_LIMIT, 103, 30);
    order.intent.tif = TIF_FOK;
    send(&order);
    assert_fill(1, order.seq, 102, 10, false);
    assert_fill(2, order.seq, 103, 20, false);
    assert_answers(3);
}

/* Neither the position nor what one walk holds makes a part of it. */
static void test_fok_never_takes_a_part(void **state)
{
    struct order order;

    (void)state;
    buy_at_market(3);
    order = order_of(SIDE_ASK, ORDER_LIMIT, 98, 8);
    order.intent.tif = TIF_FOK;
    order.intent.reduce_only = true;
    send(&order);
    assert_answers(2);
    assert_ended(1, ORDER_EVENT_EXPIRED, order.seq, ORDER_ERROR_REDUCE_ONLY);
    for (int64_t price = 105; price < 3000; price++)
        order_book_set(desk.book, SIDE_ASK, price, 1);
    order = order_of(SIDE_BID, ORDER_LIMIT, 3000, 2000);
    order.intent.tif = TIF_FOK;
    send(&order);
    assert_answers(2);
    assert_ended(1, ORDER_EVENT_EXPIRED, order.seq, ORDER_ERROR_CAPACITY);
}

static void test_gtd_rests_until_its_time(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_LIMIT, 100, 5);

    (void)state;
    order.intent.tif = TIF_GTD;
    order.intent.expire_ns = 1000;
    send(&order);
    assert_answers(1);
    assert_int_equal(next_due(), 1000);
    advance(999);
    assert_answers(0);
    advance(1000);
    assert_answers(1);
    assert_ended(0, ORDER_EVENT_EXPIRED, order.seq, ORDER_ERROR_TIME);
    assert_int_equal(next_due(), INT64_MAX);
    order = order_of(SIDE_BID, ORDER_LIMIT, 100, 5);
    order.intent.tif = TIF_GTD;
    order.intent.expire_ns = 1000;
    send(&order);
    assert_ended(0, ORDER_EVENT_REJECTED, order.seq, ORDER_ERROR_TIME);
}

static void test_stop_limit_rests_once_set_off(void **state)
{
    struct order order = stop_of(SIDE_BID, ORDER_STOP_LIMIT, 103, 101, 5);

    (void)state;
    send(&order);
    assert_answers(1);
    trade(SIDE_BID, 102, 1);
    assert_answers(0);
    trade(SIDE_BID, 103, 1);
    assert_answers(1);
    assert_answer(0, ORDER_EVENT_TRIGGERED, order.seq);
    assert_int_equal(desk.answers.event[0].price_ticks, 103);
    assert_queue(order.seq, 0, 0);
    trade(SIDE_ASK, 101, 2);
    assert_fill(0, order.seq, 101, 2, true);
}

static void test_take_profits_wait_on_the_other_side(void **state)
{
    struct order sale = stop_of(SIDE_ASK, ORDER_TAKE_PROFIT, 105, 98, 12);
    struct order buy = stop_of(SIDE_BID, ORDER_TAKE_PROFIT_LIMIT, 97, 99, 4);

    (void)state;
    send(&sale);
    send(&buy);
    trade(SIDE_BID, 104, 1);
    assert_answers(0);
    trade(SIDE_BID, 105, 1);
    assert_answer(0, ORDER_EVENT_TRIGGERED, sale.seq);
    assert_fill(1, sale.seq, 100, 10, false);
    assert_fill(2, sale.seq, 99, 2, false);
    assert_answers(3);
    trade(SIDE_ASK, 97, 1);
    assert_answer(0, ORDER_EVENT_TRIGGERED, buy.seq);
    assert_answers(1);
    assert_queue(buy.seq, 20, 20);
}

static void test_trailing_stop_follows_the_best_trade(void **state)
{
    struct order order = order_of(SIDE_ASK, ORDER_TRAILING_STOP, 0, 4);

    (void)state;
    order.intent.trail_ticks = 3;
    send(&order);
    trade(SIDE_BID, 104, 1); /* stop at 101 */
    trade(SIDE_BID, 107, 1); /* at 104 */
    trade(SIDE_ASK, 105, 1);
    assert_answers(0);
    trade(SIDE_ASK, 104, 1);
    assert_answer(0, ORDER_EVENT_TRIGGERED, order.seq);
    assert_fill(1, order.seq, 100, 4, false);
}

static void test_a_trail_as_long_as_a_number(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_TRAILING_STOP, 110, 4);

    (void)state;
    order.intent.trail_ticks = INT64_MAX;
    order.intent.stop_ticks = 110;
    send(&order);
    assert_answer(0, ORDER_EVENT_ACK, order.seq);
    trade(SIDE_BID, 104, 1);
    assert_answers(0);
    assert_int_equal(paper_broker_stop_ticks(desk.broker, &order), 110);
}

/* Neither its stop nor its worst price moves. */
static void test_a_smaller_trailing_stop_keeps_following(void **state)
{
    struct order order = order_of(SIDE_ASK, ORDER_TRAILING_STOP, 98, 4);

    (void)state;
    order.intent.trail_ticks = 3;
    send(&order);
    trade(SIDE_BID, 104, 1); /* stop at 101 */
    assert_int_equal(paper_broker_stop_ticks(desk.broker, &order), 101);
    replace(order.seq, 101, 2); /* as a worst price it would keep it from filling */
    assert_answer(0, ORDER_EVENT_REPLACED, order.seq);
    assert_answers(1);
    trade(SIDE_BID, 107, 1); /* at 104 */
    assert_int_equal(paper_broker_stop_ticks(desk.broker, &order), 104);
    assert_int_equal(paper_broker_story(desk.broker, order.seq)->stop_ticks, 104);
    assert_answers(0);
    trade(SIDE_ASK, 104, 1);
    assert_answer(0, ORDER_EVENT_TRIGGERED, order.seq);
    assert_fill(1, order.seq, 100, 2, false);
}

static void test_a_stop_behind_the_market_is_rejected(void **state)
{
    struct order order;

    (void)state;
    trade(SIDE_BID, 102, 1);
    order = stop_of(SIDE_BID, ORDER_STOP, 102, 110, 1);
    send(&order);
    assert_answers(1);
    assert_ended(0, ORDER_EVENT_REJECTED, order.seq, ORDER_ERROR_WOULD_TRIGGER);
    order = stop_of(SIDE_BID, ORDER_STOP, 103, 110, 1);
    send(&order);
    assert_answer(0, ORDER_EVENT_ACK, order.seq);
}

/* Binance: reduce-only is never more than the position, and ends with it. */
static void test_reduce_only_never_turns_the_position(void **state)
{
    struct order order = order_of(SIDE_ASK, ORDER_LIMIT, 103, 8), second;

    (void)state;
    order.intent.reduce_only = true;
    send(&order);
    assert_ended(0, ORDER_EVENT_REJECTED, order.seq, ORDER_ERROR_REDUCE_ONLY);
    buy_at_market(6);
    order = order_of(SIDE_ASK, ORDER_LIMIT, 103, 8);
    order.intent.reduce_only = true;
    send(&order);
    assert_answers(1);
    second = order_of(SIDE_ASK, ORDER_MARKET, 90, 4);
    second.intent.reduce_only = true;
    send(&second);
    assert_fill(1, second.seq, 100, 4, false);
    trade(SIDE_BID, 104, 50);
    assert_fill(0, order.seq, 103, 2, true);
    assert_ended(1, ORDER_EVENT_EXPIRED, order.seq, ORDER_ERROR_REDUCE_ONLY);
    assert_int_equal(paper_broker_holding(desk.broker, 0)->position.lots, 0);
    buy_at_market(3);
    order = order_of(SIDE_ASK, ORDER_MARKET, 90, 8);
    order.intent.reduce_only = true;
    send(&order);
    assert_fill(1, order.seq, 100, 3, false);
    assert_ended(2, ORDER_EVENT_EXPIRED, order.seq, ORDER_ERROR_REDUCE_ONLY);
}

/* Each part that shows waits at the back: 10 and later 12 others are served between ours. */
static void test_iceberg_joins_the_back_with_each_part(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_LIMIT, 100, 9);

    (void)state;
    order.intent.display_lots = 4;
    send(&order);
    level(SIDE_BID, 100, 22);
    trade(SIDE_ASK, 100, 16); /* 10 ahead, our 4, and 2 more of those behind */
    assert_answers(1);
    assert_fill(0, order.seq, 100, 4, true);
    assert_queue(order.seq, 6, 6); /* 22 - 16 are left of the others */
    level(SIDE_BID, 100, 6);
    trade(SIDE_ASK, 100, 8);
    assert_fill(0, order.seq, 100, 2, true);
    trade(SIDE_ASK, 100, 2);
    assert_fill(0, order.seq, 100, 2, true);
    trade(SIDE_ASK, 99, 1); /* through the price: what hides goes, too */
    assert_fill(0, order.seq, 100, 1, true);
}

static void test_replace_with_less_keeps_the_place(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 100, 20);

    (void)state;
    trade(SIDE_ASK, 100, 12);
    assert_fill(0, seq, 100, 2, true);
    level(SIDE_BID, 100, 30);
    replace(seq, 100, 12);
    assert_answers(1);
    assert_answer(0, ORDER_EVENT_REPLACED, seq);
    assert_int_equal(desk.answers.event[0].price_ticks, 100);
    assert_int_equal(desk.answers.event[0].qty_lots, 12);
    assert_queue(seq, 0, 0);
    trade(SIDE_ASK, 100, 50);
    assert_fill(0, seq, 100, 10, true); /* 12 in all, 2 before */
    replace(seq, 100, 5);
    assert_ended(0, ORDER_EVENT_REPLACE_REJECTED, seq, ORDER_ERROR_NOT_FOUND);
}

static void test_replace_with_more_or_elsewhere_goes_to_the_back(void **state)
{
    uint64_t first = send_limit(SIDE_BID, 100, 5), second = send_limit(SIDE_BID, 100, 5);

    (void)state;
    trade(SIDE_ASK, 100, 9);
    assert_queue(first, 1, 1);
    replace(first, 100, 6);
    assert_answer(0, ORDER_EVENT_REPLACED, first);
    assert_queue(first, 10, 10);
    trade(SIDE_ASK, 100, 3);
    assert_answers(1);
    assert_fill(0, second, 100, 2, true);
    replace(first, 99, 6);
    assert_queue(first, 20, 20);
    replace(first, 102, 12); /* crosses: takes, the rest rests */
    assert_answer(0, ORDER_EVENT_REPLACED, first);
    assert_fill(1, first, 102, 10, false);
    assert_queue(first, 0, 0);
}

static void test_replaces_that_cannot_be_are_refused(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_LIMIT, 100, 20);

    (void)state;
    order.intent.post_only = true;
    send(&order);
    replace(order.seq, 102, 20);
    assert_answers(1);
    assert_ended(0, ORDER_EVENT_REPLACE_REJECTED, order.seq, ORDER_ERROR_WOULD_TAKE);
    trade(SIDE_ASK, 100, 15);
    replace(order.seq, 100, 5); /* all of it has filled already */
    assert_ended(0, ORDER_EVENT_REPLACE_REJECTED, order.seq, ORDER_ERROR_FILTER);
    assert_queue(order.seq, 0, 0);
}

static void test_a_waiting_stop_can_be_moved(void **state)
{
    struct order order = stop_of(SIDE_ASK, ORDER_STOP, 95, 90, 4);

    (void)state;
    send(&order);
    trade(SIDE_ASK, 100, 1);
    replace(order.seq, 99, 3);
    assert_answer(0, ORDER_EVENT_REPLACED, order.seq);
    assert_int_equal(desk.answers.event[0].price_ticks, 99);
    replace(order.seq, 100, 3);
    assert_ended(0, ORDER_EVENT_REPLACE_REJECTED, order.seq, ORDER_ERROR_WOULD_TRIGGER);
    trade(SIDE_ASK, 99, 1);
    assert_fill(1, order.seq, 100, 3, false);
}

static void test_impossible_terms_are_rejected(void **state)
{
    struct order orders[] = {
        order_of(SIDE_BID, ORDER_LIMIT, 0, 5),          order_of(SIDE_BID, ORDER_MARKET, 0, 5),
        order_of(SIDE_BID, ORDER_LIMIT, 100, 0),        stop_of(SIDE_BID, ORDER_STOP, 0, 110, 5),
        stop_of(SIDE_BID, ORDER_STOP_LIMIT, 105, 0, 5), order_of(SIDE_BID, ORDER_TRAILING_STOP, 110, 5)};

    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        send(&orders[i]);
        assert_answers(1);
        assert_ended(0, ORDER_EVENT_REJECTED, orders[i].seq, ORDER_ERROR_FILTER);
    }
    send_limit(SIDE_BID, 100, 5);
    desk.seq--;
    send_limit(SIDE_BID, 100, 5);
    assert_ended(0, ORDER_EVENT_REJECTED, desk.seq, ORDER_ERROR_DUPLICATE_ID);
}

/* No fill on a guess: but a stop can be placed and set off, a cancel always works, a resting order stays. */
static void test_a_book_that_is_not_live(void **state)
{
    struct order stop = stop_of(SIDE_ASK, ORDER_STOP, 100, 90, 4), market;
    uint64_t resting = send_limit(SIDE_BID, 98, 5), other = send_limit(SIDE_BID, 99, 5);
    int64_t expected, worst;

    (void)state;
    desk_state(BOOK_STALE);
    assert_false(paper_broker_queue(desk.broker, resting, &expected, &worst));
    market = order_of(SIDE_BID, ORDER_MARKET, 110, 5);
    send(&market);
    assert_answers(1);
    assert_ended(0, ORDER_EVENT_REJECTED, market.seq, ORDER_ERROR_MARKET_CLOSED);
    send_limit(SIDE_BID, 98, 5);
    assert_ended(0, ORDER_EVENT_REJECTED, desk.seq, ORDER_ERROR_MARKET_CLOSED);
    replace(resting, 99, 5);
    assert_ended(0, ORDER_EVENT_REPLACE_REJECTED, resting, ORDER_ERROR_MARKET_CLOSED);
    cancel(other);
    assert_answer(0, ORDER_EVENT_CANCELLED, other);
    send(&stop);
    assert_answer(0, ORDER_EVENT_ACK, stop.seq);
    trade(SIDE_ASK, 97, 50); /* through our bid, but who knows */
    assert_answers(1);
    assert_answer(0, ORDER_EVENT_TRIGGERED, stop.seq);
    level(SIDE_BID, 100, 3);
    assert_answers(0);
    desk_state(BOOK_LIVE);
    level(SIDE_BID, 98, 12);
    assert_fill(0, stop.seq, 100, 3, false);
    assert_fill(1, stop.seq, 99, 1, false);
    assert_answers(2);
    assert_queue(resting, 12, 12);
}

static void test_query_says_what_became_of_it(void **state)
{
    uint64_t open = send_limit(SIDE_BID, 100, 5), gone = send_limit(SIDE_BID, 100, 5);

    (void)state;
    cancel(gone);
    query(open);
    assert_answer(0, ORDER_EVENT_ACK, open);
    query(gone);
    assert_answer(0, ORDER_EVENT_CANCELLED, gone);
    query(99);
    assert_ended(0, ORDER_EVENT_REJECTED, 99, ORDER_ERROR_NOT_FOUND);
    buy_at_market(1);
    query(desk.seq); /* its fills have said it */
    assert_answers(0);
}

#define entry_test(f) cmocka_unit_test_setup_teardown(f, set_up, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        entry_test(test_fok_takes_all_or_nothing),
        entry_test(test_fok_never_takes_a_part),
        entry_test(test_gtd_rests_until_its_time),
        entry_test(test_stop_limit_rests_once_set_off),
        entry_test(test_take_profits_wait_on_the_other_side),
        entry_test(test_trailing_stop_follows_the_best_trade),
        entry_test(test_a_trail_as_long_as_a_number),
        entry_test(test_a_smaller_trailing_stop_keeps_following),
        entry_test(test_a_stop_behind_the_market_is_rejected),
        entry_test(test_reduce_only_never_turns_the_position),
        entry_test(test_iceberg_joins_the_back_with_each_part),
        entry_test(test_replace_with_less_keeps_the_place),
        entry_test(test_replace_with_more_or_elsewhere_goes_to_the_back),
        entry_test(test_replaces_that_cannot_be_are_refused),
        entry_test(test_a_waiting_stop_can_be_moved),
        entry_test(test_impossible_terms_are_rejected),
        entry_test(test_a_book_that_is_not_live),
        entry_test(test_query_says_what_became_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
