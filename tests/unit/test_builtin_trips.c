/* test_builtin_trips.c - momentum, reversion and absorption: what makes each of them enter and leave. */
#include "strategy_desk.h"

static int tear_down(void **state)
{
    (void)state;
    desk_tear_down();
    return 0;
}

/* Steps of 100 ms; the mid goes `ticks` each. Returns how many goals were set meanwhile. */
static size_t drift(int steps, int64_t ticks)
{
    struct market_ref *ref = &desk.market[BTC].ref;
    size_t before = desk.goals_set;

    for (int i = 0; i < steps; i++) {
        desk_touch(BTC, ref->best_ticks[SIDE_BID] + ticks, ref->best_ticks[SIDE_ASK] + ticks);
        desk_event(BTC, 100);
    }
    return desk.goals_set - before;
}

static void jump(int64_t ticks)
{
    struct market_ref *ref = &desk.market[BTC].ref;

    desk_touch(BTC, ref->best_ticks[SIDE_BID] + ticks, ref->best_ticks[SIDE_ASK] + ticks);
}

/* Holds what was wanted. */
static void reach(void)
{
    assert_int_equal(desk.goal[BTC].kind, GOAL_TARGET);
    desk_hold(BTC, desk.goal[BTC].target_lots);
    desk_event(BTC, 1);
    assert_int_equal(desk.goal[BTC].kind, GOAL_NONE);
}

static void assert_leaves(void)
{
    assert_int_equal(desk.goal[BTC].kind, GOAL_TARGET);
    assert_int_equal(desk.goal[BTC].target_lots, 0);
    assert_true(desk.goal[BTC].reduce_only);
}

/* --- momentum --------------------------------------------------------------------------------------------- */

static int momentum_set_up(void **state)
{
    (void)state;
    desk_set_up("momentum", 1);
    desk.market[BTC].signals.volatility_1m_bp = 5.0;
    return 0;
}

/* 90 s of nothing, then up by 0.2 bp each 100 ms, and takers that pay for it. */
static void trend(int64_t ticks)
{
    assert_int_equal(drift(901, 0), 0);
    desk.market[BTC].signals.momentum_60s_bp = ticks > 0 ? 6.0 : -6.0;
    desk.market[BTC].signals.trade_imbalance = ticks > 0 ? 0.8 : -0.8;
    assert_int_equal(drift(50, ticks), 1);
}

static void test_momentum_goes_with_the_trend(void **state)
{
    (void)state;
    trend(120);
    assert_int_equal(desk.goal[BTC].urgency, URGENCY_TAKE);
    assert_in_range(desk.goal[BTC].target_lots, 820, 840);
    assert_true(desk_reason(BTC)->score >= 0.6);
    reach();
    assert_int_equal(drift(50, 120), 0);
}

static void test_momentum_sells_a_falling_market(void **state)
{
    (void)state;
    trend(-120);
    assert_in_range(-desk.goal[BTC].target_lots, 820, 840);
}

static void test_momentum_waits_until_its_average_is_warm(void **state)
{
    (void)state;
    desk.market[BTC].signals.momentum_60s_bp = 6.0;
    desk.market[BTC].signals.trade_imbalance = 0.8;
    assert_int_equal(drift(890, 12), 0);
    assert_int_equal(drift(20, 12), 1);
}

static void test_momentum_leaves_a_dead_market_alone(void **state)
{
    (void)state;
    desk.market[BTC].signals.volatility_1m_bp = 1.9;
    assert_int_equal(drift(901, 0), 0);
    desk.market[BTC].signals.momentum_60s_bp = 6.0;
    desk.market[BTC].signals.trade_imbalance = 0.8;
    assert_int_equal(drift(50, 120), 0);
    assert_true(desk_reason(BTC)->score > 0.6);
}

/* The best was 120 ticks a step higher and higher; 20 bp behind it is the end. */
static void test_momentum_trails_its_stop(void **state)
{
    (void)state;
    trend(120);
    reach();
    drift(50, 120);
    jump(-11900); /* 19.8 bp */
    assert_int_equal(desk_event(BTC, 1), 0);
    jump(-300);
    assert_int_equal(desk_event(BTC, 1), 1);
    assert_leaves();
}

static void test_momentum_leaves_when_the_score_turns(void **state)
{
    (void)state;
    trend(120);
    reach();
    desk.market[BTC].signals.momentum_60s_bp = -6.0;
    desk.market[BTC].signals.trade_imbalance = -1.0;
    desk_event(BTC, 1);
    assert_true(drift(300, 0) > 0); /* the averages meet */
    assert_leaves();
}

/* --- reversion -------------------------------------------------------------------------------------------- */

static int reversion_set_up(void **state)
{
    (void)state;
    desk_set_up("reversion", 1);
    desk_set("reference", 1); /* ema */
    return 0;
}

/* Two minutes around 60000 with a deviation of some 3 bp. */
static void swing(void)
{
    for (int i = 0; i < 150; i++) {
        jump(i == 0 ? 1800 : i % 2 == 0 ? 3600 : -3600);
        assert_int_equal(drift(10, 0), 0);
    }
    jump(1800);
    desk_event(BTC, 100);
}

static void test_reversion_fades_a_stray_price(void **state)
{
    (void)state;
    swing();
    jump(6000); /* 10 bp up: it sells */
    assert_int_equal(desk_event(BTC, 100), 1);
    assert_int_equal(desk.goal[BTC].urgency, URGENCY_PASSIVE);
    assert_in_range(-desk.goal[BTC].target_lots, 820, 840);
    assert_true(desk_reason(BTC)->score <= -0.5);
    reach();
    jump(-6000); /* back */
    assert_int_equal(desk_event(BTC, 100), 1);
    assert_leaves();
}

static void test_reversion_buys_below(void **state)
{
    (void)state;
    swing();
    jump(-6000);
    assert_int_equal(desk_event(BTC, 100), 1);
    assert_in_range(desk.goal[BTC].target_lots, 820, 840);
}

static void test_reversion_does_not_stand_in_the_way_of_flow(void **state)
{
    (void)state;
    swing();
    desk.market[BTC].signals.ofi_sigma = 2.1; /* buyers run */
    jump(6000);
    assert_int_equal(desk_event(BTC, 100), 0);
    desk.market[BTC].signals.ofi_sigma = -2.1; /* they went home */
    assert_int_equal(desk_event(BTC, 100), 1);
}

static void test_reversion_waits_until_its_window_is_warm(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        jump(i % 2 == 0 ? 1800 : -1800);
        drift(10, 0);
    }
    jump(3600);
    assert_int_equal(desk_event(BTC, 100), 0); /* 100 s of 120 */
    assert_false(desk_reason(BTC)->feature[0].met);
}

static void test_reversion_needs_an_edge(void **state)
{
    (void)state;
    desk_set("edge_min_bp", 12 * E8);
    swing();
    jump(6000);
    assert_int_equal(desk_event(BTC, 100), 0);
    assert_false(desk_reason(BTC)->feature[1].met);
    jump(1800);
    assert_int_equal(desk_event(BTC, 100), 1);
}

static void test_reversion_gives_up_when_it_runs_on(void **state)
{
    (void)state;
    swing();
    jump(6000);
    desk_event(BTC, 100);
    reach();
    jump(10000);
    assert_int_equal(desk_event(BTC, 100), 1);
    assert_leaves();
}

/* An entry that rests and has lost its reason is taken back. */
static void test_reversion_takes_back_a_late_entry(void **state)
{
    (void)state;
    swing();
    jump(6000);
    desk_event(BTC, 100);
    jump(-5000);
    assert_int_equal(desk_event(BTC, 100), 1);
    assert_int_equal(desk.goal[BTC].kind, GOAL_NONE);
}

/* By volume: one large trade far above moves the reference, small ones do not. */
static void test_reversion_by_volume(void **state)
{
    struct trade trade = {.price_ticks = 6000000, .qty_lots = 1000, .taker = SIDE_BID};

    (void)state;
    desk_set("reference", 0);
    desk_call(BTC, (struct strategy_event){.kind = HAPPENED_TRADE, .trade = &trade});
    swing();
    desk_call(BTC, (struct strategy_event){.kind = HAPPENED_TRADE, .trade = &trade});
    trade.qty_lots = 100000;
    trade.price_ticks = 6006000;
    desk_call(BTC, (struct strategy_event){.kind = HAPPENED_TRADE, .trade = &trade});
    desk_event(BTC, 100); /* the price by volume is 10 bp above the mid now: it buys */
    assert_true(desk_reason(BTC)->score > 0.5);
    assert_true(desk.goal[BTC].target_lots > 0);
}

/* --- absorption ------------------------------------------------------------------------------------------- */

static int absorption_set_up(void **state)
{
    (void)state;
    desk_set_up("absorption", 1);
    for (int i = 0; i < 30; i++) {
        order_book_set(desk.market[BTC].book, SIDE_BID, 6000000 - i, 500000);
        order_book_set(desk.market[BTC].book, SIDE_ASK, 6000001 + i, 500000);
    }
    return 0;
}

static size_t absorbed(enum side side, int64_t price_ticks, double confidence)
{
    const struct book_event event = {.kind = BOOK_EVENT_ABSORBED,
                                     .side = side,
                                     .price_ticks = price_ticks,
                                     .lots = 1000000,
                                     .confidence = confidence};

    desk_call(BTC, (struct strategy_event){.kind = HAPPENED_BOOK_EVENT, .book_event = &event});
    return desk.result.goals;
}

static void test_absorption_joins_the_absorbing_side(void **state)
{
    (void)state;
    assert_int_equal(desk_event(BTC, 100), 0);
    assert_int_equal(absorbed(SIDE_BID, 6000000, 0.8), 1);
    assert_in_range(desk.goal[BTC].target_lots, 820, 840);
    assert_true(desk_reason(BTC)->score > 0.79);
    reach();
    assert_int_equal(desk_event(BTC, 20000), 0); /* the event is forgotten, the position is not */
}

static void test_absorption_sells_under_an_absorbing_ask(void **state)
{
    (void)state;
    assert_int_equal(absorbed(SIDE_ASK, 6000001, 0.8), 1);
    assert_in_range(-desk.goal[BTC].target_lots, 820, 840);
}

static void test_absorption_needs_confidence_a_near_level_and_what_is_left_of_it(void **state)
{
    (void)state;
    assert_int_equal(absorbed(SIDE_BID, 6000000, 0.39), 0);
    assert_int_equal(absorbed(SIDE_BID, 5997000, 0.9), 0); /* 5 bp away */
    assert_false(desk_reason(BTC)->feature[1].met);
    order_book_set(desk.market[BTC].book, SIDE_BID, 5999995, 90000); /* 9 % is left */
    assert_int_equal(absorbed(SIDE_BID, 5999995, 0.9), 0);
    assert_false(desk_reason(BTC)->feature[2].met);
    order_book_set(desk.market[BTC].book, SIDE_BID, 5999995, 100000);
    assert_int_equal(desk_event(BTC, 100), 1);
}

static void test_absorption_fades(void **state)
{
    (void)state;
    desk.may_trade = false; /* it looks on */
    absorbed(SIDE_BID, 6000000, 0.8);
    desk.may_trade = true;
    assert_int_equal(desk_event(BTC, 5100), 0); /* 0.8 x 0.49 is left */
    assert_int_equal(absorbed(SIDE_BID, 6000000, 0.8), 1);
}

/* The stop stands 2 bp behind the level: 12.00 under 60000. */
static void test_absorption_leaves_when_the_level_breaks(void **state)
{
    (void)state;
    absorbed(SIDE_BID, 6000000, 0.8);
    reach();
    desk_touch(BTC, 5998800, 5998801);
    assert_int_equal(desk_event(BTC, 100), 0);
    desk_touch(BTC, 5998799, 5998800);
    assert_int_equal(desk_event(BTC, 100), 1);
    assert_leaves();
}

static void test_absorption_leaves_when_the_other_side_absorbs(void **state)
{
    (void)state;
    absorbed(SIDE_BID, 6000000, 0.8);
    reach();
    desk.now_ns += S;
    assert_int_equal(absorbed(SIDE_ASK, 6000001, 0.8), 1);
    assert_leaves();
}

static void test_absorption_keeps_its_stop_over_a_restart(void **state)
{
    static unsigned char saved[FD_STATE_MAX];
    size_t size;

    (void)state;
    absorbed(SIDE_BID, 6000000, 0.8);
    reach();
    size = strategy_instance_save(desk.instance, saved, sizeof saved);
    desk_start();
    assert_true(strategy_instance_restore(desk.instance, saved, size));
    desk.market[BTC].ref.book_state = BOOK_STALE;
    desk_event(BTC, 100);
    desk.market[BTC].ref.book_state = BOOK_LIVE;
    desk_touch(BTC, 5998799, 5998800);
    assert_int_equal(desk_event(BTC, 100), 1);
    assert_leaves();
}

#define momentum_test(f)   cmocka_unit_test_setup_teardown(f, momentum_set_up, tear_down)
#define reversion_test(f)  cmocka_unit_test_setup_teardown(f, reversion_set_up, tear_down)
#define absorption_test(f) cmocka_unit_test_setup_teardown(f, absorption_set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        momentum_test(test_momentum_goes_with_the_trend),
        momentum_test(test_momentum_sells_a_falling_market),
        momentum_test(test_momentum_waits_until_its_average_is_warm),
        momentum_test(test_momentum_leaves_a_dead_market_alone),
        momentum_test(test_momentum_trails_its_stop),
        momentum_test(test_momentum_leaves_when_the_score_turns),
        reversion_test(test_reversion_fades_a_stray_price),
        reversion_test(test_reversion_buys_below),
        reversion_test(test_reversion_does_not_stand_in_the_way_of_flow),
        reversion_test(test_reversion_waits_until_its_window_is_warm),
        reversion_test(test_reversion_needs_an_edge),
        reversion_test(test_reversion_gives_up_when_it_runs_on),
        reversion_test(test_reversion_takes_back_a_late_entry),
        reversion_test(test_reversion_by_volume),
        absorption_test(test_absorption_joins_the_absorbing_side),
        absorption_test(test_absorption_sells_under_an_absorbing_ask),
        absorption_test(test_absorption_needs_confidence_a_near_level_and_what_is_left_of_it),
        absorption_test(test_absorption_fades),
        absorption_test(test_absorption_leaves_when_the_level_breaks),
        absorption_test(test_absorption_leaves_when_the_other_side_absorbs),
        absorption_test(test_absorption_keeps_its_stop_over_a_restart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
