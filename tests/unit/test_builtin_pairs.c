/* test_builtin_pairs.c - when pairs enters, that no leg stays alone, when it leaves. */
#include "core/strategy/strategy_regression.h"
#include "strategy_desk.h"

static uint32_t noise;

/* -1, 0 or 1, the same in each run. */
static int64_t wobble(void)
{
    noise = noise * 1664525u + 1013904223u;
    return (int64_t)(noise >> 24) % 3 - 1;
}

static int set_up(void **state)
{
    (void)state;
    noise = 7;
    desk_set_up("pairs", 2);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_tear_down();
    return 0;
}

/* BTC walks by up to 1.5 bp a second, ETH follows within 1.7 bp: a deviation of 1.4 bp. At the end it is on the line. */
static void walk(int seconds)
{
    static int64_t step;

    for (int i = 0; i < seconds; i++) {
        int64_t btc, eth;

        step = i == 0 ? 0 : step + wobble();
        btc = 6000000 + step * 900;
        eth = 300000 + step * 45 + (i + 1 < seconds ? wobble() * 50 : 0);
        desk_touch(BTC, btc, btc + 1);
        desk_touch(ETH, eth, eth + 1);
        desk_see(ETH);
        desk_event(BTC, 500);
        desk_event(ETH, 500);
    }
    assert_int_equal(desk.goals_set, 0);
}

/* ETH is dear (ticks > 0) or cheap by that much; one event. */
static size_t eth_moves(int64_t ticks)
{
    struct market_ref *ref = &desk.market[ETH].ref;

    desk_touch(ETH, ref->best_ticks[SIDE_BID] + ticks, ref->best_ticks[SIDE_ASK] + ticks);
    return desk_event(ETH, 10);
}

/* y = 2 + 3 x, half a unit to and fro; what came long before is forgotten. */
static void test_the_line_through_points(void **state)
{
    struct regression points = {.last_ns = 0};
    struct regression_line line;

    (void)state;
    for (int i = 0; i < 100; i++)
        regression_add(&points, i, -7.0 * i, S + i * S, 50.0);
    for (int i = 0; i < 1000; i++)
        regression_add(&points, i % 10, 2.0 + 3.0 * (i % 10) + (i / 10 % 2 == 0 ? 0.5 : -0.5),
                       200 * S + i * S, 50.0);
    line = regression_line(&points);
    assert_true(line.b > 2.9 && line.b < 3.1);
    assert_true(line.deviation > 0.48 && line.deviation < 0.52);
    assert_true(line.fit > 0.98 && line.fit < 1.0);
    assert_true(regression_apart(&points, &line, 4.0, 15.0) > 0.8);
    assert_true(regression_apart(&points, &line, 4.0, 15.0) < 1.2);
}

static void test_the_dear_one_is_sold_and_the_cheap_one_bought(void **state)
{
    (void)state;
    walk(200);
    assert_int_equal(eth_moves(100), 2); /* 3.3 bp */
    assert_int_equal(desk.goal[ETH].kind, GOAL_TARGET);
    assert_int_equal(desk.goal[ETH].urgency, URGENCY_TAKE);
    assert_in_range(-desk.goal[ETH].target_lots, 1600, 1720); /* 500 USDT at 3000 */
    assert_in_range(desk.goal[BTC].target_lots, 780, 900);    /* as much, the hedge ratio is near 1 */
    assert_true(desk_reason(ETH)->score <= -0.5);
    assert_true(desk_reason(ETH)->feature[1].value > 0.9 && desk_reason(ETH)->feature[1].value < 1.1);
}

static void test_the_other_way_round(void **state)
{
    (void)state;
    walk(200);
    assert_int_equal(eth_moves(-100), 2);
    assert_true(desk.goal[ETH].target_lots > 0);
    assert_true(desk.goal[BTC].target_lots < 0);
}

static void test_too_early_too_near_too_old(void **state)
{
    (void)state;
    walk(110);
    assert_int_equal(eth_moves(100), 0); /* warm_s is 120 */
    eth_moves(-100);
    walk(100);
    assert_int_equal(eth_moves(30), 0); /* 1 bp is nothing unusual */
    eth_moves(-30);
    desk.now_ns += 6 * S; /* BTC was not heard of */
    assert_int_equal(eth_moves(100), 0);
    assert_false(desk_reason(ETH)->feature[4].met);
}

static void test_a_distance_must_be_worth_four_fees(void **state)
{
    (void)state;
    desk_set("edge_min_bp", 5 * E8);
    walk(200);
    assert_int_equal(eth_moves(100), 0);
    assert_false(desk_reason(ETH)->feature[3].met);
    assert_int_equal(eth_moves(60), 2);
}

static void enter_both(void)
{
    walk(200);
    assert_int_equal(eth_moves(100), 2);
    desk_hold(ETH, desk.goal[ETH].target_lots);
    desk_hold(BTC, desk.goal[BTC].target_lots);
    desk_event(ETH, 10);
    assert_int_equal(desk.goal[BTC].kind, GOAL_NONE); /* both are there: the goals have served */
    assert_int_equal(desk.goal[ETH].kind, GOAL_NONE);
}

static void assert_leaves(int market)
{
    assert_int_equal(desk.goal[market].kind, GOAL_TARGET);
    assert_int_equal(desk.goal[market].target_lots, 0);
    assert_true(desk.goal[market].reduce_only);
}

static void test_it_leaves_when_the_paths_meet(void **state)
{
    (void)state;
    enter_both();
    assert_int_equal(eth_moves(-30), 0);
    assert_int_equal(eth_moves(-70), 2);
    assert_string_equal(desk.result.said, "BTCUSDT and ETHUSDT: out, the paths met");
    assert_leaves(BTC);
    assert_leaves(ETH);
    desk_hold(ETH, -desk.market[ETH].position.lots);
    desk_hold(BTC, -desk.market[BTC].position.lots);
    desk_event(BTC, 10);
    assert_int_equal(desk.goal[BTC].kind, GOAL_NONE);
    assert_int_equal(eth_moves(100), 0); /* the pause */
    assert_false(desk_reason(ETH)->feature[5].met);
}

static void test_it_gives_up_when_they_part(void **state)
{
    (void)state;
    enter_both();
    assert_int_equal(eth_moves(500), 2);
    assert_leaves(BTC);
    assert_leaves(ETH);
}

/* Only one filled in time: it is closed, and the other is no longer wanted. */
static void test_a_lone_leg_is_unwound(void **state)
{
    (void)state;
    walk(200);
    eth_moves(100);
    desk_hold(ETH, desk.goal[ETH].target_lots);
    assert_int_equal(desk_event(BTC, 2900), 0);
    assert_int_equal(desk_event(BTC, 100), 2);
    assert_leaves(ETH);
    assert_int_equal(desk.goal[BTC].kind, GOAL_NONE);
}

static void test_nothing_filled_in_time_is_taken_back(void **state)
{
    (void)state;
    walk(200);
    eth_moves(100);
    assert_int_equal(desk_event(BTC, 3000), 2);
    assert_int_equal(desk.goal[BTC].kind, GOAL_NONE);
    assert_int_equal(desk.goal[ETH].kind, GOAL_NONE);
}

static void test_a_denied_leg_takes_the_other_with_it(void **state)
{
    (void)state;
    walk(200);
    eth_moves(100);
    desk_hold(ETH, desk.goal[ETH].target_lots);
    desk_denied(BTC, "MAX_VALUE");
    assert_leaves(ETH);
    assert_int_equal(desk.goal[BTC].kind, GOAL_NONE);
}

/* Closed by the trader's hand, or by the venue: the other follows. */
static void test_a_leg_that_disappears_takes_the_other_with_it(void **state)
{
    (void)state;
    enter_both();
    desk_hold(BTC, -desk.market[BTC].position.lots);
    assert_int_equal(desk_event(BTC, 10), 2);
    assert_leaves(ETH);
    assert_int_equal(desk.goal[BTC].kind, GOAL_NONE);
}

/* The lone leg is closed although the other one's book is gone. */
static void test_a_lone_leg_does_not_wait_for_the_other_book(void **state)
{
    (void)state;
    walk(200);
    eth_moves(100);
    desk_hold(ETH, desk.goal[ETH].target_lots);
    desk.market[BTC].ref.book_state = BOOK_STALE;
    desk_event(BTC, 100);
    assert_int_equal(desk_event(ETH, 3000), 1);
    assert_leaves(ETH);
}

static void test_without_short_sales_it_buys_the_cheap_one_alone(void **state)
{
    (void)state;
    desk.market[BTC].short_allowed = desk.market[ETH].short_allowed = false;
    walk(200);
    assert_int_equal(eth_moves(100), 1);
    assert_in_range(desk.goal[BTC].target_lots, 780, 900);
    assert_int_equal(desk.goal[ETH].kind, GOAL_NONE);
    desk_hold(BTC, desk.goal[BTC].target_lots);
    desk_event(ETH, 10);
    assert_int_equal(eth_moves(-10), 0); /* one leg is all there is: it is not alone */
    eth_moves(-90);
    assert_leaves(BTC);
}

static void test_it_leaves_after_its_time(void **state)
{
    (void)state;
    desk_set("hold_max_ms", 5000);
    enter_both();
    for (int i = 0; i < 4; i++) {
        assert_int_equal(desk_event(BTC, 500), 0);
        assert_int_equal(desk_event(ETH, 500), 0);
    }
    assert_int_equal(desk_event(BTC, 1000), 2);
    assert_leaves(BTC);
    assert_leaves(ETH);
}

/* What it learnt and what it holds go on. */
static void test_state_survives_a_restart(void **state)
{
    static unsigned char saved[FD_STATE_MAX];
    size_t size;

    (void)state;
    enter_both();
    size = strategy_instance_save(desk.instance, saved, sizeof saved);
    desk_start();
    assert_true(strategy_instance_restore(desk.instance, saved, size));
    desk_event(BTC, 10);
    assert_int_equal(desk_event(ETH, 10), 0);
    desk_event(BTC, 10);
    eth_moves(-100);
    assert_leaves(BTC);
    assert_leaves(ETH);
}

/* It needs two: with one it does nothing. */
static void test_one_instrument_is_no_pair(void **state)
{
    (void)state;
    desk_tear_down();
    desk_set_up("pairs", 1);
    for (int i = 0; i < 300; i++)
        assert_int_equal(desk_event(BTC, 1000), 0);
}

#define pairs_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        pairs_test(test_the_line_through_points),
        pairs_test(test_the_dear_one_is_sold_and_the_cheap_one_bought),
        pairs_test(test_the_other_way_round),
        pairs_test(test_too_early_too_near_too_old),
        pairs_test(test_a_distance_must_be_worth_four_fees),
        pairs_test(test_it_leaves_when_the_paths_meet),
        pairs_test(test_it_gives_up_when_they_part),
        pairs_test(test_a_lone_leg_is_unwound),
        pairs_test(test_nothing_filled_in_time_is_taken_back),
        pairs_test(test_a_denied_leg_takes_the_other_with_it),
        pairs_test(test_a_leg_that_disappears_takes_the_other_with_it),
        pairs_test(test_a_lone_leg_does_not_wait_for_the_other_book),
        pairs_test(test_without_short_sales_it_buys_the_cheap_one_alone),
        pairs_test(test_it_leaves_after_its_time),
        pairs_test(test_state_survives_a_restart),
        pairs_test(test_one_instrument_is_no_pair),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
