/* test_builtin_mm.c - where mm quotes, how inventory moves it, when it pulls. */
#include "strategy_desk.h"

#define ORDER_LOTS 833 /* 500 USDT at 60000 */

/* A minute of 6 bp: sigma^2 x 60 s is 36 bp^2, times gamma 0.1 is 3.6 bp. k 1: ln(1.1) x 10 is 0.953 bp. */
static int set_up(void **state)
{
    (void)state;
    desk_set_up("mm", 1);
    desk.market[BTC].signals.volatility_1m_bp = 6.0;
    desk_set("k", E8);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_tear_down();
    return 0;
}

/* Time passes in steps of 100 ms until it may quote. */
static void warm_up(void)
{
    for (int i = 0; i <= 600; i++)
        desk_event(BTC, 100);
}

static const struct goal_quote *quotes(void)
{
    assert_int_equal(desk.goal[BTC].kind, GOAL_QUOTES);
    return desk.goal[BTC].quote;
}

static void assert_pulled(void)
{
    assert_int_equal(desk.result.goals, 1);
    assert_int_equal(desk.result.goal[0].kind, GOAL_NONE);
}

/* Half spread 1.8 + 0.953 bp of 60000.005: 16.519. */
static void test_flat_it_quotes_evenly_around_the_fair_price(void **state)
{
    (void)state;
    for (int i = 0; i < 599; i++) {
        const struct strategy_feature *pause, *volatility;

        assert_int_equal(desk_event(BTC, 100), 0);
        volatility = &desk_reason(BTC)->feature[3]; /* measured and below its limit, though it still waits */
        assert_string_equal(volatility->name, "volatility bp");
        assert_true(volatility->met && volatility[1].met);
        pause = &desk_reason(BTC)->feature[desk_reason(BTC)->features - 1];
        assert_string_equal(pause->name, "pause s"); /* why it does not: seconds to go */
        assert_true(pause->value <= 60.0 - i / 10.0 && pause->value >= 59.8 - i / 10.0 && !pause->met);
    }
    warm_up();
    assert_int_equal(quotes()[SIDE_BID].price_ticks, 5998348);
    assert_int_equal(quotes()[SIDE_ASK].price_ticks, 6001653);
    assert_int_equal(quotes()[SIDE_BID].qty_lots, ORDER_LOTS);
    assert_int_equal(quotes()[SIDE_ASK].qty_lots, ORDER_LOTS);
    assert_true(desk_reason(BTC)->score == 0.0);
    assert_true(desk_reason(BTC)->confidence == 1.0);
    assert_int_equal(desk_event(BTC, 100), 0); /* nothing moved: nothing new is wanted */
}

/* One order long: 3.6 bp lower; the ask would stand below the bid of the market and stops in front of it. */
static void test_inventory_leans_against_itself(void **state)
{
    (void)state;
    warm_up();
    desk_hold(BTC, ORDER_LOTS);
    assert_in_range(quotes()[SIDE_BID].price_ticks, 5998348 - 2162, 5998348 - 2156);
    assert_int_equal(quotes()[SIDE_ASK].price_ticks, 6000001);
    assert_true(desk_reason(BTC)->score < -0.99);
    desk_hold(BTC, -2 * ORDER_LOTS);
    assert_in_range(quotes()[SIDE_ASK].price_ticks, 6001653 + 2156, 6001653 + 2162);
    assert_int_equal(quotes()[SIDE_BID].price_ticks, 6000000);
    assert_true(desk_reason(BTC)->score > 0.99);
}

static void test_inventory_ends_at_its_limit(void **state)
{
    int64_t lots = 0;

    (void)state;
    warm_up();
    for (int fills = 0; fills < 20 && quotes()[SIDE_BID].qty_lots > 0; fills++) {
        lots += quotes()[SIDE_BID].qty_lots;
        desk_hold(BTC, quotes()[SIDE_BID].qty_lots);
    }
    assert_int_equal(quotes()[SIDE_BID].price_ticks, 0);
    assert_true(quotes()[SIDE_ASK].qty_lots > 0);
    assert_in_range(lots, 3300, 3340); /* 2000 USDT */
    for (int fills = 0; fills < 20 && quotes()[SIDE_ASK].qty_lots > 0; fills++) {
        lots -= quotes()[SIDE_ASK].qty_lots;
        desk_hold(BTC, -quotes()[SIDE_ASK].qty_lots);
    }
    assert_in_range(-lots, 3300, 3340);
}

static void test_without_short_sales_it_offers_what_it_holds(void **state)
{
    (void)state;
    desk.market[BTC].short_allowed = false;
    warm_up();
    assert_int_equal(quotes()[SIDE_ASK].price_ticks, 0);
    assert_true(desk_reason(BTC)->confidence == 0.5);
    desk_hold(BTC, 300);
    assert_int_equal(quotes()[SIDE_ASK].qty_lots, 300);
    desk.market[BTC].instrument.notional_e8_min = 200 * E8; /* 300 lots are 180 */
    desk_event(BTC, 100);
    assert_int_equal(quotes()[SIDE_ASK].price_ticks, 0);
}

/* 0.5 bp and the maker fee of 2 bp, when the market is so quiet that the paper would quote inside of it. */
static void test_fees_are_earned(void **state)
{
    (void)state;
    desk.market[BTC].signals.volatility_1m_bp = 0.5;
    warm_up();
    assert_int_equal(quotes()[SIDE_BID].price_ticks, 5998500); /* 15.00 off the mid */
    assert_int_equal(quotes()[SIDE_ASK].price_ticks, 6001501);
}

/* Quotes rest: however far inventory moves them, not into the other side. */
static void test_it_never_quotes_through_the_other_side(void **state)
{
    (void)state;
    desk_set("skew", 10 * E8);
    warm_up();
    desk_hold(BTC, 4 * ORDER_LOTS);
    assert_true(quotes()[SIDE_ASK].price_ticks == 6000001);
    desk_hold(BTC, -8 * ORDER_LOTS);
    assert_true(quotes()[SIDE_BID].price_ticks == 6000000);
}

static void test_it_pulls_in_a_wild_market(void **state)
{
    struct signal_values *signals = &desk.market[BTC].signals;

    (void)state;
    warm_up();
    signals->volatility_1m_bp = 41.0;
    desk_event(BTC, 100);
    assert_pulled();
    signals->volatility_1m_bp = 6.0;
    assert_int_equal(desk_event(BTC, 2999), 0); /* and stays away for a while */
    assert_int_equal(desk_event(BTC, 1), 1);
    quotes();
    signals->momentum_10s_bp = -7.5; /* 6 bp x sqrt(1/6) is 2.45 bp: a little over three times */
    desk_event(BTC, 100);
    assert_pulled();
    signals->momentum_10s_bp = 7.3;
    desk_event(BTC, 3000);
    quotes();
    desk.market[BTC].ref.book_age_ns = 2001 * MS;
    desk_event(BTC, 100);
    assert_pulled();
}

static void test_one_sided_flow_pulls_the_side_it_would_run_over(void **state)
{
    (void)state;
    warm_up();
    desk.market[BTC].signals.ofi_sigma = 2.6;
    desk_event(BTC, 100);
    assert_int_equal(quotes()[SIDE_ASK].price_ticks, 0);
    assert_true(quotes()[SIDE_BID].price_ticks > 0);
    desk.market[BTC].signals.ofi_sigma = -2.6;
    desk_event(BTC, 100);
    assert_int_equal(quotes()[SIDE_BID].price_ticks, 0);
    assert_true(quotes()[SIDE_ASK].price_ticks > 0);
}

/* The host takes everything back when the book is doubtful; afterwards the quotes are told anew. */
static void test_quotes_are_told_anew_after_the_book_was_gone(void **state)
{
    (void)state;
    warm_up();
    desk.market[BTC].ref.book_state = BOOK_STALE;
    assert_int_equal(desk_event(BTC, 100), 0);
    desk.market[BTC].ref.book_state = BOOK_LIVE;
    assert_int_equal(desk_event(BTC, 100), 1);
    quotes();
    desk.may_trade = false;
    assert_int_equal(desk_event(BTC, 100), 0);
    desk.may_trade = true;
    assert_int_equal(desk_event(BTC, 100), 1);
    quotes();
}

static void test_a_loss_closes_the_inventory(void **state)
{
    (void)state;
    warm_up();
    desk_hold(BTC, ORDER_LOTS);
    desk_touch(BTC, 5964001, 5964002);
    desk_event(BTC, 100);
    quotes();
    desk_touch(BTC, 5964000, 5964001); /* 60 bp */
    desk_event(BTC, 100);
    assert_true(desk_assert_target(0, URGENCY_TAKE)->reduce_only);
    assert_int_equal(desk_event(BTC, 1999), 0);
    assert_int_equal(desk_event(BTC, 1), 1); /* told again while it stands */
    desk_hold(BTC, -ORDER_LOTS);
    assert_pulled();
    assert_int_equal(desk_event(BTC, 2999), 0);
    desk_event(BTC, 1);
    quotes();
}

static void test_a_denial_is_answered_by_a_pause(void **state)
{
    (void)state;
    warm_up();
    desk_denied(BTC, "MAX_POSITION");
    assert_pulled();
    assert_int_equal(desk_event(BTC, 2999), 0);
    assert_int_equal(desk_event(BTC, 1), 1);
}

/* Takers that trade 2 bp from the mid: k is 0.5, ln(1.2) x 10 is 1.823 bp; that is learnt and survives a restart. */
static void test_arrivals_are_learnt_from_the_tape(void **state)
{
    static unsigned char saved[FD_STATE_MAX];
    const struct trade trade = {.price_ticks = 6001200, .qty_lots = 5, .taker = SIDE_BID};
    size_t size;

    (void)state;
    desk_set("k", 0);
    for (int i = 0; i < 700; i++) {
        desk_event(BTC, 100);
        desk_call(BTC, (struct strategy_event){.kind = HAPPENED_TRADE, .trade = &trade});
    }
    assert_in_range(quotes()[SIDE_BID].price_ticks, 6000000 - 2180, 6000000 - 2165); /* 3.62 bp */
    size = strategy_instance_save(desk.instance, saved, sizeof saved);
    desk_start();
    assert_true(strategy_instance_restore(desk.instance, saved, size));
    assert_int_equal(desk_event(BTC, 100),
                     1); /* nothing rests any more: told anew, and no minute is waited for */
    assert_in_range(quotes()[SIDE_BID].price_ticks, 6000000 - 2180, 6000000 - 2165);
}

static void test_parameters_change_while_it_runs(void **state)
{
    char why[160];

    (void)state;
    warm_up();
    assert_int_equal(strategy_instance_set_parameter(desk.instance, desk_parameter("order_value"), 2001 * E8,
                                                     why, sizeof why),
                     ERR_STATE); /* above the limit on inventory */
    assert_int_equal(strategy_instance_set_parameter(desk.instance, desk_parameter("order_value"), 250 * E8,
                                                     why, sizeof why),
                     ERR_OK);
    assert_int_equal(desk_event(BTC, 100), 1);
    assert_int_equal(quotes()[SIDE_BID].qty_lots, 416);
}

#define mm_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        mm_test(test_flat_it_quotes_evenly_around_the_fair_price),
        mm_test(test_inventory_leans_against_itself),
        mm_test(test_inventory_ends_at_its_limit),
        mm_test(test_without_short_sales_it_offers_what_it_holds),
        mm_test(test_fees_are_earned),
        mm_test(test_it_never_quotes_through_the_other_side),
        mm_test(test_it_pulls_in_a_wild_market),
        mm_test(test_one_sided_flow_pulls_the_side_it_would_run_over),
        mm_test(test_quotes_are_told_anew_after_the_book_was_gone),
        mm_test(test_a_loss_closes_the_inventory),
        mm_test(test_a_denial_is_answered_by_a_pause),
        mm_test(test_arrivals_are_learnt_from_the_tape),
        mm_test(test_parameters_change_while_it_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
