/* test_book_events.c - the six events of the book: when they are told, once, and when not. */
#include "unit/signals_market.h"

/* Eighty taker orders of 10 lots, each at its own price, so that sizes have a usual. */
static void usual_takers(struct market *market)
{
    for (int i = 0; i < 80; i++) {
        trade(market, i % 2 == 0 ? SIDE_BID : SIDE_ASK, i % 2 == 0 ? MID + 1 + i / 2 : MID - i / 2, 10);
        wait_ms(market, 50);
    }
}

/* --- book events ---------------------------------------------------------------------------------- */

/* One level of twenty times the usual: told once it has stood, once as long as it stands. */
static void test_wall_is_told_once_while_it_stands(void **state)
{
    struct market market = market_new();
    struct book_event event;

    (void)state;
    flat_book(&market);
    wait_ms(&market, 1000);
    set(&market, SIDE_ASK, MID + 60, 3000);
    wait_ms(&market, 2500);
    assert_int_equal(events_of(&market, BOOK_EVENT_WALL, NULL), 0);
    wait_ms(&market, 60000);
    assert_int_equal(events_of(&market, BOOK_EVENT_WALL, &event), 1);
    assert_int_equal(event.side, SIDE_ASK);
    assert_int_equal(event.price_ticks, MID + 60);
    assert_int_equal(event.lots, 3000);
    assert_near(event.ratio, 30.0, 1e-12);
    assert_true(event.confidence > 0.4 && event.confidence < 0.5);
    set(&market, SIDE_ASK, MID + 60, 100); /* taken away and put back: news each time */
    wait_ms(&market, 1000);
    assert_int_equal(events_of(&market, BOOK_EVENT_WALL, &event), 2);
    assert_true(event.ratio == 0.0 && event.ratio_to == 0.0); /* gone, and no trade took it */
    assert_int_equal(event.lots, 2900);
    assert_int_equal(event.price_ticks, MID + 60);
    assert_true(event.span_ms >= 62000);
    set(&market, SIDE_ASK, MID + 60, 3000);
    wait_ms(&market, 5000);
    assert_int_equal(events_of(&market, BOOK_EVENT_WALL, &event), 3);
    assert_true(event.ratio > 0.0);
    market_free(&market);
}

/* Its share of its side goes up and down as others come and go; another level is the largest for a while: it stands. */
static void test_a_wall_that_stands_is_no_news(void **state)
{
    struct market market = market_new();
    struct book_event event;

    (void)state;
    flat_book(&market);
    wait_ms(&market, 1000);
    set(&market, SIDE_ASK, MID + 60, 3000);
    wait_ms(&market, 4000);
    assert_int_equal(events_of(&market, BOOK_EVENT_WALL, NULL), 1);
    for (int i = 0; i < 10; i++) {
        for (int k = 1; k < 40; k++) /* the others grow: it is no wall by its share */
            set(&market, SIDE_ASK, MID + k, i % 2 == 0 ? 1000 : 100);
        set(&market, SIDE_ASK, MID + 60, 2500 + i * 50);
        wait_ms(&market, 6000);
    }
    assert_int_equal(events_of(&market, BOOK_EVENT_WALL, NULL), 1);
    for (int i = 0; i < 16; i++) { /* takers eat it */
        trade(&market, SIDE_BID, MID + 60, 100);
        set(&market, SIDE_ASK, MID + 60, 2900 - 100 * (i + 1));
        wait_ms(&market, 500);
    }
    assert_int_equal(events_of(&market, BOOK_EVENT_WALL, &event), 2);
    assert_true(event.ratio == 0.0);
    assert_near(event.ratio_to, 1.0, 0.1);
    wait_ms(&market, 20000);
    assert_int_equal(events_of(&market, BOOK_EVENT_WALL, NULL), 2); /* nor is the end told again */
    market_free(&market);
}

/* Size near the touch that goes without a trade is told, with how much and on which side. */
static void test_vanished_depth_is_pulled(void **state)
{
    struct market market = market_new();
    struct book_event event;

    (void)state;
    flat_book(&market);
    wait_ms(&market, 3000);
    set_many(&market, SIDE_BID, MID - 5, 40, 0);
    wait_ms(&market, 3000);
    assert_int_equal(events_of(&market, BOOK_EVENT_PULLED, &event), 1);
    assert_int_equal(event.side, SIDE_BID);
    assert_int_equal(event.lots, 4000);
    assert_near(event.ratio, 40.0 / 60.0, 0.02);
    assert_true(event.price_ticks <= MID - 5 && event.price_ticks > MID - 45);
    market_free(&market);
}

/* The same size taken by trades is no withdrawal. */
static void test_traded_depth_is_not_pulled(void **state)
{
    struct market market = market_new();

    (void)state;
    flat_book(&market);
    wait_ms(&market, 3000);
    for (int64_t i = 0; i < 40; i++)
        trade(&market, SIDE_ASK, MID - i, 100);
    set_many(&market, SIDE_BID, MID, 40, 0);
    wait_ms(&market, 3000);
    assert_int_equal(events_of(&market, BOOK_EVENT_PULLED, NULL), 0);
    market_free(&market);
}

/* A resync is no withdrawal either, though the old levels are gone. */
static void test_resync_is_not_pulled(void **state)
{
    struct market market = market_new();

    (void)state;
    flat_book(&market);
    wait_ms(&market, 3000);
    signals_on_stale(market.signals);
    order_book_clear(market.book);
    set_many(&market, SIDE_BID, MID, 5, 100);
    set_many(&market, SIDE_ASK, MID + 1, 5, 100);
    wait_ms(&market, 3000);
    assert_int_equal(events_of(&market, BOOK_EVENT_PULLED, NULL), 0);
    market_free(&market);
}

/* Five neighbouring prices that fill up are a gathering; one that does is not. */
static void test_gathered_size_is_stacked_and_a_single_level_is_not(void **state)
{
    struct market market = market_new();
    struct book_event event;

    (void)state;
    flat_book(&market);
    wait_ms(&market, 12000);
    set(&market, SIDE_ASK, MID + 13, 3000);
    wait_ms(&market, 12000);
    assert_int_equal(events_of(&market, BOOK_EVENT_STACKED, NULL), 0);
    set_many(&market, SIDE_BID, MID - 10, 5, 700);
    wait_ms(&market, 4000);
    assert_int_equal(events_of(&market, BOOK_EVENT_STACKED, &event), 1);
    assert_int_equal(event.side, SIDE_BID);
    assert_int_equal(event.price_ticks, MID - 10);
    assert_int_equal(event.lots, 3000);
    assert_near(event.ratio, 6.0, 1e-9);
    assert_near(event.confidence, 0.75, 1e-9); /* 6 : 2 */
    market_free(&market);
}

/* The far imbalance goes from one side to the other. */
static void test_change_of_the_far_imbalance_is_a_shift(void **state)
{
    struct market market = market_new();
    struct book_event event;

    (void)state;
    flat_book(&market);
    set_many(&market, SIDE_BID, MID, 100, 250);
    wait_ms(&market, 15000);
    assert_int_equal(events_of(&market, BOOK_EVENT_SHIFT, NULL), 0);
    set_many(&market, SIDE_BID, MID, 100, 80);
    wait_ms(&market, 9000);
    assert_int_equal(events_of(&market, BOOK_EVENT_SHIFT, &event), 1);
    assert_int_equal(event.side, SIDE_ASK);
    assert_near(event.ratio, 150.0 / 350.0, 0.01);
    assert_true(event.ratio_to < 0.15);
    market_free(&market);
}

/* One large order through four prices; small ones and single-price ones are none. */
static void test_large_order_through_prices_is_a_sweep(void **state)
{
    struct market market = market_new();
    struct book_event event;

    (void)state;
    flat_book(&market);
    usual_takers(&market);
    trade(&market, SIDE_BID, MID + 1, 5000); /* large, but one price */
    wait_ms(&market, 200);
    for (int64_t i = 1; i <= 4; i++)
        trade(&market, SIDE_BID, MID + i, 1); /* four prices, but nothing */
    wait_ms(&market, 200);
    assert_int_equal(events_of(&market, BOOK_EVENT_SWEEP, NULL), 0);
    for (int64_t i = 1; i <= 4; i++)
        trade(&market, SIDE_BID, MID + i, 5000);
    wait_ms(&market, 200);
    assert_int_equal(events_of(&market, BOOK_EVENT_SWEEP, &event), 1);
    assert_int_equal(event.side, SIDE_ASK);
    assert_int_equal(event.prices, 4);
    assert_int_equal(event.lots, 20000);
    assert_int_equal(event.price_ticks, MID + 4);
    assert_near(event.confidence, 1.0, 0.02);
    market_free(&market);
}

/* Takers sell into the best bid three times its size and it still stands there. */
static void test_level_that_holds_is_absorbed(void **state)
{
    struct market market = market_new();
    struct book_event event;

    (void)state;
    flat_book(&market);
    usual_takers(&market);
    wait_ms(&market, 15000);
    for (int i = 0; i < 6; i++) {
        trade(&market, SIDE_ASK, MID, 50);
        wait_ms(&market, 150);
    }
    wait_ms(&market, 1000);
    assert_int_equal(events_of(&market, BOOK_EVENT_ABSORBED, &event), 1);
    assert_int_equal(event.side, SIDE_BID);
    assert_int_equal(event.price_ticks, MID);
    assert_int_equal(event.lots, 300);
    assert_near(event.confidence, 3.0 / 4.5, 1e-9); /* 3 : 1.5, and all of it stands */
    market_free(&market);
}

/* The same, but the level is gone in the end: nothing was absorbed. */
static void test_level_that_breaks_is_not_absorbed(void **state)
{
    struct market market = market_new();

    (void)state;
    flat_book(&market);
    usual_takers(&market);
    wait_ms(&market, 15000);
    for (int i = 0; i < 6; i++) {
        trade(&market, SIDE_ASK, MID, 50);
        wait_ms(&market, 150);
    }
    set(&market, SIDE_BID, MID, 0);
    wait_ms(&market, 3000);
    assert_int_equal(events_of(&market, BOOK_EVENT_ABSORBED, NULL), 0);
    market_free(&market);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wall_is_told_once_while_it_stands),
        cmocka_unit_test(test_a_wall_that_stands_is_no_news),
        cmocka_unit_test(test_vanished_depth_is_pulled),
        cmocka_unit_test(test_traded_depth_is_not_pulled),
        cmocka_unit_test(test_resync_is_not_pulled),
        cmocka_unit_test(test_gathered_size_is_stacked_and_a_single_level_is_not),
        cmocka_unit_test(test_change_of_the_far_imbalance_is_a_shift),
        cmocka_unit_test(test_large_order_through_prices_is_a_sweep),
        cmocka_unit_test(test_level_that_holds_is_absorbed),
        cmocka_unit_test(test_level_that_breaks_is_not_absorbed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
