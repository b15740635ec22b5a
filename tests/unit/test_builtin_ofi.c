/* test_builtin_ofi.c - when ofi enters, what it takes back, when it leaves, and what it says about it. */
#include "strategy_desk.h"

/* Flow as strong as it gets: every feature at 0.9. */
static void flow(double strength)
{
    struct signal_values *signals = &desk.market[BTC].signals;

    signals->ofi_sigma = 2.0 * strength;
    signals->trade_imbalance = strength;
    signals->near_1bp.value = strength;
    signals->far_10bp.value = strength;
    signals->volatility_1m_bp = 4.0;
    signals->momentum_10s_bp = 2.0 * strength;
}

static int set_up(void **state)
{
    (void)state;
    desk_set_up("ofi", 1);
    flow(0.9);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_tear_down();
    return 0;
}

/* 500 USDT at the worst price of 60030.01 are 832 lots; its bound is 5 bp beyond the ask. */
static void test_strong_flow_buys(void **state)
{
    const struct goal *goal;

    (void)state;
    desk_event(BTC, 0);
    goal = desk_assert_target(832, URGENCY_TAKE);
    assert_int_equal(goal->worst_ticks, 6003001);
    assert_int_equal(goal->instrument_id, 2);
    assert_true(goal->may_cut);
    assert_false(goal->reduce_only);
    assert_string_equal(desk.result.said, "BTCUSDT: buys, score +1.00");
}

static void test_passive_entry_joins_the_touch(void **state)
{
    (void)state;
    desk_set("passive", 1);
    desk_event(BTC, 0);
    desk_assert_target(833, URGENCY_PASSIVE);
}

/* It goes short only where the venue and the parameters allow it. */
static void test_selling_short_needs_leave(void **state)
{
    (void)state;
    flow(-0.9);
    desk.market[BTC].short_allowed = false;
    assert_int_equal(desk_event(BTC, 0), 0);
    desk.market[BTC].short_allowed = true;
    desk_event(BTC, 0);
    assert_int_equal(desk_assert_target(-833, URGENCY_TAKE)->worst_ticks, 5997000);
    desk_set("short", 0);
    assert_int_equal(desk_event(BTC, 0), 0);
}

/* Full strength 0.9 scores 1; a threshold acts where it says. 0.8 / 1.2 is 0.66666... */
static void test_threshold_is_where_it_says(void **state)
{
    (void)state;
    flow(0.6666);
    assert_int_equal(desk_event(BTC, 0), 0);
    assert_true(desk_reason(BTC)->score > 0.79);
    flow(0.6667);
    assert_int_equal(desk_event(BTC, 0), 1);
}

/* One loud feature against the others is no case. */
static void test_disagreeing_features_do_not_enter(void **state)
{
    (void)state;
    desk_set("threshold", 30 * E8 / 100);
    flow(0.0);
    desk.market[BTC].signals.ofi_sigma = 9.0;
    assert_int_equal(desk_event(BTC, 0), 0);
    assert_true(desk_reason(BTC)->score > 0.30);
    assert_true(desk_reason(BTC)->confidence < 0.31);
}

/* One entry at a time, each given up at once, so that the next may come. */
static bool enters(void)
{
    bool enters = desk_event(BTC, 0) == 1 && desk.result.goal[0].kind == GOAL_TARGET;

    desk_start();
    return enters;
}

static void test_each_condition_stops_an_entry(void **state)
{
    struct signal_values *signals = &desk.market[BTC].signals;
    struct market_ref *ref = &desk.market[BTC].ref;

    (void)state;
    assert_true(enters());
    ref->best_ticks[SIDE_ASK] = 6000051;
    assert_false(enters());
    ref->best_ticks[SIDE_ASK] = 6000050;
    assert_true(enters());
    signals->volatility_1m_bp = 60.1;
    signals->momentum_10s_bp = 60.0;
    assert_false(enters());
    signals->volatility_1m_bp = 60.0;
    assert_true(enters());
    signals->ofi_sigma = 0.0; /* no deviation before 30 s */
    signals->trade_imbalance = signals->near_1bp.value = signals->far_10bp.value = 1.0;
    assert_false(enters());
    flow(0.9);
    signals->valid = false;
    desk_event(BTC, 0);
    assert_true(desk_reason(BTC)->score == 0.0);
    assert_int_equal(desk.result.goals, 0);
    signals->valid = true;
    ref->book_state = BOOK_STALE;
    assert_false(enters());
    ref->book_state = BOOK_LIVE;
    ref->crossed = true;
    assert_false(enters());
    ref->crossed = false;
    ref->best_ticks[SIDE_BID] = 0;
    assert_false(enters());
    ref->best_ticks[SIDE_BID] = 6000000;
    desk.may_trade = false;
    assert_false(enters());
}

static void test_one_entry_at_a_time(void **state)
{
    (void)state;
    assert_int_equal(desk_event(BTC, 0), 1);
    assert_int_equal(desk_event(BTC, 100), 0);
    desk_hold(BTC, 832);
    desk_event(BTC, 100); /* there: nothing more is wanted */
    assert_int_equal(desk.result.goal[0].kind, GOAL_NONE);
    assert_int_equal(desk_event(BTC, 100), 0);
}

static void test_entry_is_taken_back_in_time(void **state)
{
    (void)state;
    desk_event(BTC, 0);
    assert_int_equal(desk_event(BTC, 4999), 0);
    assert_int_equal(desk_event(BTC, 1), 1);
    assert_int_equal(desk.result.goal[0].kind, GOAL_NONE);
}

static void test_entry_is_taken_back_when_its_reason_is_gone(void **state)
{
    (void)state;
    desk_event(BTC, 0);
    flow(0.34); /* a score of 0.408, over half the threshold */
    assert_int_equal(desk_event(BTC, 1), 0);
    flow(0.33);
    assert_int_equal(desk_event(BTC, 1), 1);
    assert_int_equal(desk.result.goal[0].kind, GOAL_NONE);
    assert_int_equal(desk_event(BTC, 1), 0);
}

static const struct goal *assert_leaves(int64_t ms)
{
    const struct goal *goal;

    desk_event(BTC, ms);
    goal = desk_assert_target(0, URGENCY_TAKE);
    assert_true(goal->reduce_only && goal->may_cut);
    return goal;
}

static void test_leaves_when_the_score_turns(void **state)
{
    (void)state;
    desk_hold(BTC, 832);
    flow(-0.166); /* a score of -0.1992 */
    assert_int_equal(desk_event(BTC, 1), 0);
    flow(-0.167);
    assert_int_equal(assert_leaves(1)->worst_ticks, 5982000); /* 30 bp under the bid */
    assert_string_equal(desk.result.said, "BTCUSDT: out at +0.00 bp, the flow turned");
}

static void test_leaves_after_its_time(void **state)
{
    (void)state;
    desk_hold(BTC, 832);
    assert_int_equal(desk_event(BTC, 119999), 0);
    assert_leaves(1);
}

/* Marked at the price that closes: the bid for a long. 30 bp of 60000.00 are 180.00. */
static void test_leaves_at_the_stop_loss(void **state)
{
    (void)state;
    desk_hold(BTC, 832);
    desk_touch(BTC, 5982001, 5982002);
    assert_int_equal(desk_event(BTC, 1), 0);
    desk_touch(BTC, 5982000, 5982001);
    assert_leaves(1);
    assert_string_equal(desk.result.said, "BTCUSDT: out at -30.00 bp, stop loss");
}

static void test_leaves_at_the_take_profit(void **state)
{
    (void)state;
    desk_set("take_profit_bp", 20 * E8);
    desk_hold(BTC, 832);
    desk_touch(BTC, 6011999, 6012001);
    assert_int_equal(desk_event(BTC, 1), 0);
    desk_touch(BTC, 6012000, 6012001);
    assert_leaves(1);
}

static void test_a_short_leaves_by_buying(void **state)
{
    (void)state;
    flow(-0.9);
    desk_hold(BTC, -832);
    assert_int_equal(desk_event(BTC, 1), 0);
    desk_touch(BTC, 6017999, 6018000); /* 30 bp against it */
    assert_int_equal(assert_leaves(1)->worst_ticks, 6036054);
}

/* An entry under way that has filled in part turns into an exit: one goal, the newest. */
static void test_exit_takes_the_place_of_the_entry(void **state)
{
    (void)state;
    desk_event(BTC, 0);
    desk_hold(BTC, 400);
    flow(-0.9);
    assert_leaves(1);
}

/* An exit under way stands; it is told again, for the price may have gone. Flat ends it. */
static void test_exit_is_told_again_until_flat(void **state)
{
    (void)state;
    desk_hold(BTC, 400);
    flow(-0.9);
    assert_leaves(1);
    flow(0.9);
    assert_int_equal(desk_event(BTC, 1999), 0);
    assert_leaves(1);
    desk_hold(BTC, -400);
    desk_event(BTC, 1);
    assert_int_equal(desk.result.goals, 1);
    assert_int_equal(desk.result.goal[0].kind, GOAL_NONE);
}

/* A reason that lasts must not flood the journal: the pauses double, up to 64 s. */
static void test_denied_exits_back_off(void **state)
{
    int attempts = 0;

    (void)state;
    desk_hold(BTC, 400);
    flow(-0.9);
    for (int ms = 0; ms < 600000; ms += 100)
        if (desk_event(BTC, 100) == 1) {
            attempts++;
            desk_denied(BTC, "STALE_BOOK");
        }
    assert_in_range(attempts, 8, 20);
    desk_hold(BTC, -100); /* something went through: the way is open again */
    assert_int_equal(desk_event(BTC, 64000), 1);
    desk_denied(BTC, "MSG_RATE");
    assert_int_equal(desk_event(BTC, 499), 0);
    assert_int_equal(desk_event(BTC, 1), 1);
}

static void test_rests_after_an_exit_and_after_a_denial(void **state)
{
    (void)state;
    desk_hold(BTC, 400);
    desk_event(BTC, 1);
    desk_hold(BTC, -400);
    assert_int_equal(desk_event(BTC, 1), 0);
    assert_int_equal(desk_event(BTC, 2999), 0);
    assert_int_equal(desk_event(BTC, 1), 1);
    desk_denied(BTC, "BALANCE"); /* the entry is taken back */
    assert_int_equal(desk.result.goal[0].kind, GOAL_NONE);
    assert_int_equal(desk_event(BTC, 2999), 0);
    assert_int_equal(desk_event(BTC, 1), 1);
}

/* Less than the venue takes cannot be sold: it must not block the strategy, and goes with the next exit. */
static void test_dust_does_not_block(void **state)
{
    (void)state;
    desk.market[BTC].instrument.notional_e8_min = 5 * E8;
    desk_hold(BTC, 8); /* 4.80 */
    flow(-0.5);
    assert_int_equal(desk_event(BTC, 1), 0);
    flow(0.9);
    desk_event(BTC, 1);
    desk_assert_target(840, URGENCY_TAKE);
    desk_hold(BTC, 832);
    flow(-0.9);
    assert_leaves(1);
}

static void test_too_small_an_order_is_not_wanted(void **state)
{
    (void)state;
    desk.market[BTC].instrument.qty_lots_min = 833;
    assert_int_equal(desk_event(BTC, 0), 0);
    desk.market[BTC].instrument.qty_lots_min = 0;
    desk.market[BTC].instrument.notional_e8_min = 501 * E8;
    assert_int_equal(desk_event(BTC, 0), 0);
    desk.market[BTC].instrument.notional_e8_min = 0;
    desk_set("order_value", E8 / 10);
    assert_int_equal(desk_event(BTC, 0), 0);
}

static void test_a_pause_forgets_what_was_pending(void **state)
{
    (void)state;
    desk_denied(BTC, "BALANCE");
    assert_int_equal(desk_event(BTC, 1), 0);
    desk_call(BTC, (struct strategy_event){.kind = HAPPENED_PAUSE});
    desk_call(BTC, (struct strategy_event){.kind = HAPPENED_RESUME});
    assert_int_equal(desk_event(BTC, 1), 1);
    desk_call(BTC, (struct strategy_event){.kind = HAPPENED_PAUSE}); /* the host forgets the goal with it */
    assert_int_equal(desk_event(BTC, 1), 1);
}

/* The bound is in ticks as they were: a finer tick makes more of them. */
static void test_finer_ticks_move_the_spread_bound(void **state)
{
    (void)state;
    desk_set("threshold", E8); /* it looks, and does not enter */
    desk_event(BTC, 0);
    instrument_rescale(&desk.market[BTC].instrument,
                       (struct step_change){.price_factor = 10, .qty_factor = 1});
    desk_touch(BTC, 60000000, 60000500);
    desk_event(BTC, 0);
    assert_true(desk_reason(BTC)->feature[5].met);
    desk_touch(BTC, 60000000, 60000501);
    desk_event(BTC, 0);
    assert_false(desk_reason(BTC)->feature[5].met);
}

/* The screen shows why: named features with weights that sum to 1, and the conditions. */
static void test_reason_tells_all(void **state)
{
    const struct strategy_reason *reason = desk_reason(BTC);
    double weights = 0.0, sum = 0.0;

    (void)state;
    flow(-0.5);
    desk_event(BTC, 0);
    reason = desk_reason(BTC);
    assert_true(reason->set);
    assert_int_equal(reason->features, 8);
    for (size_t i = 0; i < reason->features; i++) {
        assert_true(strlen(reason->feature[i].name) > 0);
        assert_true(reason->feature[i].met);
        weights += reason->feature[i].weight;
        sum += reason->feature[i].weight * reason->feature[i].value;
    }
    assert_true(weights > 0.999999 && weights < 1.000001);
    assert_true(sum > -0.500001 && sum < -0.499999);
    assert_true(reason->score > -0.61 && reason->score < -0.59);
    assert_true(reason->threshold == 0.8);
    assert_true(reason->confidence > 0.99);
}

/* Numbers that are not numbers say nothing, and never reach an order. */
static void test_bad_numbers_say_nothing(void **state)
{
    (void)state;
    desk.market[BTC].signals.trade_imbalance = __builtin_nan("");
    desk.market[BTC].signals.near_1bp.value = 1e300;
    desk.market[BTC].signals.far_10bp.value = -1e300;
    desk_event(BTC, 0);
    assert_true(desk_reason(BTC)->score <= 1.0);
    assert_true(desk_reason(BTC)->feature[1].value == 0.0);
}

static void test_parameters_change_while_it_runs(void **state)
{
    char why[160];

    (void)state;
    desk_set("threshold", 9 * E8 / 10);
    flow(0.7); /* 0.84 */
    assert_int_equal(desk_event(BTC, 0), 0);
    assert_int_equal(
        strategy_instance_set_parameter(desk.instance, desk_parameter("exit"), E8, why, sizeof why),
        ERR_STATE); /* above the threshold */
    assert_int_equal(strategy_instance_set_parameter(desk.instance, desk_parameter("threshold"), 8 * E8 / 10,
                                                     why, sizeof why),
                     ERR_OK);
    assert_int_equal(desk_event(BTC, 0), 1);
}

/* A restart knows when the position was opened. */
static void test_state_survives_a_restart(void **state)
{
    static unsigned char saved[FD_STATE_MAX];
    size_t size;

    (void)state;
    desk_hold(BTC, 832);
    desk_event(BTC, 100000);
    size = strategy_instance_save(desk.instance, saved, sizeof saved);
    assert_true(size > 0);
    desk_start();
    assert_false(strategy_instance_restore(desk.instance, saved, size - 1));
    assert_true(strategy_instance_restore(desk.instance, saved, size));
    assert_int_equal(desk_event(BTC, 19999), 0);
    assert_leaves(1);
    saved[0] ^= 1; /* of another strategy */
    assert_false(strategy_instance_restore(desk.instance, saved, size));
}

/* The instruments of the configuration may have changed: a place belongs to its symbol. Nor does a time that has not
 * come yet count. */
static void test_state_of_another_instrument_or_time_is_not_taken(void **state)
{
    static unsigned char saved[FD_STATE_MAX];
    size_t size;

    (void)state;
    desk_hold(BTC, 832);
    desk_event(BTC, 100000);
    size = strategy_instance_save(desk.instance, saved, sizeof saved);
    memcpy(desk.market[BTC].instrument.symbol, "XRP", 3);
    desk_start();
    assert_true(strategy_instance_restore(desk.instance, saved, size));
    assert_int_equal(desk_event(BTC, 20000), 0);
    assert_int_equal(desk_event(BTC, 119999), 0);
    assert_leaves(1);
    memcpy(desk.market[BTC].instrument.symbol, "BTC", 3);
    desk_start();
    assert_true(strategy_instance_restore(desk.instance, saved, size));
    desk.now_ns = 900 * S; /* a replay of the past */
    assert_int_equal(desk_event(BTC, 20000), 0);
    assert_int_equal(desk_event(BTC, 119999), 0);
    assert_leaves(1);
}

#define ofi_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ofi_test(test_strong_flow_buys),
        ofi_test(test_passive_entry_joins_the_touch),
        ofi_test(test_selling_short_needs_leave),
        ofi_test(test_threshold_is_where_it_says),
        ofi_test(test_disagreeing_features_do_not_enter),
        ofi_test(test_each_condition_stops_an_entry),
        ofi_test(test_one_entry_at_a_time),
        ofi_test(test_entry_is_taken_back_in_time),
        ofi_test(test_entry_is_taken_back_when_its_reason_is_gone),
        ofi_test(test_leaves_when_the_score_turns),
        ofi_test(test_leaves_after_its_time),
        ofi_test(test_leaves_at_the_stop_loss),
        ofi_test(test_leaves_at_the_take_profit),
        ofi_test(test_a_short_leaves_by_buying),
        ofi_test(test_exit_takes_the_place_of_the_entry),
        ofi_test(test_exit_is_told_again_until_flat),
        ofi_test(test_denied_exits_back_off),
        ofi_test(test_rests_after_an_exit_and_after_a_denial),
        ofi_test(test_dust_does_not_block),
        ofi_test(test_too_small_an_order_is_not_wanted),
        ofi_test(test_a_pause_forgets_what_was_pending),
        ofi_test(test_finer_ticks_move_the_spread_bound),
        ofi_test(test_reason_tells_all),
        ofi_test(test_bad_numbers_say_nothing),
        ofi_test(test_parameters_change_while_it_runs),
        ofi_test(test_state_survives_a_restart),
        ofi_test(test_state_of_another_instrument_or_time_is_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
