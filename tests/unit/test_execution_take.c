/* test_execution_take.c - the engine where it takes, quotes or is refused, in finer steps, and what it costs. */
#include "unit/execution_desk.h"

/* --- taking --------------------------------------------------------------------------------------------------- */

static void test_take_is_bounded_and_takes_at_once(void **state)
{
    struct world *world = begin();
    struct goal goal = {.kind = GOAL_TARGET, .target_lots = 20, .urgency = URGENCY_TAKE};

    (void)state;
    world_set(world, goal);
    world_step(world, 0);
    assert_int_equal(world->order[0].intent.type, ORDER_MARKET);
    assert_int_equal(world->order[0].intent.tif, TIF_IOC);
    assert_false(world->order[0].intent.post_only);
    assert_int_equal(world->order[0].intent.price_ticks, 1001 + 2); /* 25 bp of 1001 */
    assert_int_equal(world->position_lots, 20);
    world_free(world);
}

static void test_take_stops_at_the_worst_price(void **state)
{
    struct world *world = begin();
    struct goal goal = {.kind = GOAL_TARGET, .target_lots = 80, .worst_ticks = 1001, .urgency = URGENCY_TAKE};

    (void)state;
    world_set(world, goal);
    settle(world);
    assert_int_equal(world->position_lots, 50);
    assert_int_equal(world->intents, 1); /* nothing stands within the worst price any more: it waits */
    world_level(world, SIDE_ASK, 1001, 100);
    settle(world);
    assert_int_equal(world->position_lots, 80);
    world_free(world);
}

/* Swept asks are not paid for: the bound goes by where the touch was. */
static void test_take_waits_out_a_sweep(void **state)
{
    struct world *world = begin();
    struct goal goal = {.kind = GOAL_TARGET, .target_lots = 5, .urgency = URGENCY_TAKE};

    (void)state;
    world_set(world, passive(0));
    settle(world);
    world_level(world, SIDE_ASK, 1001, 0); /* next: 1011, a hundred bp away */
    world_set(world, goal);
    world_step(world, MS_NS);
    assert_int_equal(world->intents, 0);
    settle(world); /* that is the market now */
    assert_int_equal(world->position_lots, 5);
    world_free(world);
}

static void test_taking_in_vain_backs_off(void **state)
{
    struct world *world = begin();
    struct goal goal = {.kind = GOAL_TARGET, .target_lots = 5, .worst_ticks = 1003, .urgency = URGENCY_TAKE};

    (void)state;
    world->way_ns = 50 * MS_NS;
    world_set(world, goal);
    for (int i = 0; i < 64000 / 20; i++) { /* what it sees is gone when it arrives, for 64 s */
        world_level(world, SIDE_ASK, 1001, 50);
        world_step(world, 10 * MS_NS);
        world_level(world, SIDE_ASK, 1001, 0);
        world->now_ns += 10 * MS_NS;
        world_pump(world);
    }
    assert_int_equal(world->position_lots, 0);
    assert_in_range(world->intents, 5, 9); /* 0.5, 1, 2 .. 32 s between them */
    world_level(world, SIDE_ASK, 1001, 50);
    world_pass(world, 40 * SECOND_NS, 100 * MS_NS);
    assert_int_equal(world->position_lots, 5);
    world_free(world);
}

static void test_normal_rests_first_and_takes_at_the_horizon(void **state)
{
    struct world *world = begin();
    struct goal goal = {
        .kind = GOAL_TARGET, .target_lots = 9, .urgency = URGENCY_NORMAL, .horizon_ns = 10 * SECOND_NS};

    (void)state;
    world->way_ns = 5 * MS_NS;
    world_set(world, goal);
    settle(world);
    assert_int_equal(only_order(world, SIDE_BID)->intent.type, ORDER_LIMIT);
    world_trade(world, SIDE_BID, 1000, 54);
    world_pass(world, 8 * SECOND_NS, 10 * MS_NS);
    assert_int_equal(world->position_lots, 4);
    world_pass(world, 2 * SECOND_NS, 10 * MS_NS);
    assert_int_equal(world->position_lots, 9);
    assert_int_equal(world->intents, 2);
    assert_int_equal(world->cancels, 1);
    world_free(world);
}

static void test_reduce_only_stops_at_flat(void **state)
{
    struct world *world = begin();
    struct goal goal = {.kind = GOAL_TARGET, .target_lots = 5, .urgency = URGENCY_TAKE};

    (void)state;
    world_set(world, goal);
    settle(world);
    goal.target_lots = -8;
    goal.reduce_only = true;
    world_set(world, goal);
    settle(world);
    assert_int_equal(world->position_lots, 0);
    assert_true(world->order[world->order_count - 1].intent.reduce_only);
    goal.target_lots = 8; /* away from flat: nothing */
    world_set(world, goal);
    settle(world);
    assert_int_equal(world->position_lots, 0);
    world_free(world);
}

/* --- quotes --------------------------------------------------------------------------------------------------- */

static struct goal quotes(int64_t bid, int64_t ask, int64_t lots)
{
    return (struct goal){.kind = GOAL_QUOTES, .quote = {{bid, lots}, {ask, lots}}};
}

static void test_quotes_stand_where_asked(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, quotes(998, 1004, 6));
    world_step(world, 0);
    assert_int_equal(only_order(world, SIDE_BID)->intent.price_ticks, 998);
    assert_int_equal(only_order(world, SIDE_ASK)->intent.price_ticks, 1004);
    world_set(world, quotes(999, 1005, 6)); /* within the hysteresis */
    settle(world);
    assert_int_equal(world->replaces, 0);
    world_set(world, quotes(996, 1002, 6));
    settle(world);
    assert_int_equal(world->replaces, 2);
    assert_int_equal(world->cancels, 0);
    assert_int_equal(only_order(world, SIDE_BID)->intent.price_ticks, 996);
    world_set(world, quotes(0, 1002, 6));
    settle(world);
    assert_int_equal(world_open(world, SIDE_BID, NULL), 0);
    only_order(world, SIDE_ASK);
    world_free(world);
}

static void test_quotes_never_take(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, quotes(1005, 1007, 6));
    settle(world);
    assert_int_equal(only_order(world, SIDE_BID)->intent.price_ticks, 1000);
    assert_int_equal(world->position_lots, 0);
    world_free(world);
}

static void test_quote_sizes_keep_their_place(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, quotes(1000, 0, 10));
    settle(world);
    world->venue[0].ahead_lots = 3;
    world_set(world, quotes(1000, 0, 8)); /* smaller keeps */
    settle(world);
    assert_int_equal(world->venue[0].ahead_lots, 3);
    world_trade(world, SIDE_BID, 1000, 3 + 2); /* 6 of 8 left: enough */
    settle(world);
    assert_int_equal(world->replaces, 1);
    world_trade(world, SIDE_BID, 1000, 3); /* 3 of 8: topped up */
    settle(world);
    assert_int_equal(world->replaces, 2);
    assert_int_equal(order_left_lots(only_order(world, SIDE_BID)), 8);
    world_free(world);
}

/* Both quotes jump over where the other one stood: never crossing our own. (The world checks each action.) */
static void test_quotes_jump_without_meeting_each_other(void **state)
{
    struct world *world = begin();

    (void)state;
    world->way_ns = 20 * MS_NS;
    for (int i = 0; i < 5; i++)
        world_level(world, SIDE_ASK, 1001 + 10 * i, 0);
    world_level(world, SIDE_ASK, 1100, 50);
    for (int i = 0; i < 40; i++) {
        int64_t by = i % 2 * 20;

        world_set(world, quotes(1010 + by, 1015 + by, 6));
        settle(world);
        assert_int_equal(only_order(world, SIDE_BID)->intent.price_ticks, 1010 + by);
        assert_int_equal(only_order(world, SIDE_ASK)->intent.price_ticks, 1015 + by);
    }
    assert_int_equal(world->replaces, 2 * 39);
    world_free(world);
}

/* --- refusals and bounds --------------------------------------------------------------------------------------- */

static void test_refusals_back_off_and_recover(void **state)
{
    struct world *world = begin();

    (void)state;
    world->refuse_percent = 100;
    world_set(world, passive(7));
    world_pass(world, 63 * SECOND_NS, 10 * MS_NS);
    assert_in_range(world->intents, 6, 8); /* pauses of 0.5, 1, 2, .. 32 s */
    assert_int_equal(world->refused, world->intents);
    world->refuse_percent = 0;
    world_pass(world, 40 * SECOND_NS, 10 * MS_NS);
    only_order(world, SIDE_BID);
    world_free(world);
}

static void test_a_burst_of_refusals_counts_once(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, passive(7));
    world_pass(world, 190 * MS_NS, 10 * MS_NS);
    for (int i = 0; i < 5; i++)
        execution_on_refused(world->execution, WORLD_OWNER, world->instrument.id, world->now_ns);
    world_pass(world, 480 * MS_NS, 10 * MS_NS);
    assert_int_equal(world->intents, 0);
    world_pass(world, 40 * MS_NS, 10 * MS_NS);
    assert_int_equal(world->intents, 1);
    world_free(world);
}

static void test_a_refused_cancel_is_not_repeated_at_once(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, passive(7));
    settle(world);
    world_set(world, (struct goal){.kind = GOAL_NONE});
    world->way_ns = 3600 * SECOND_NS; /* its request stays on the way */
    world_step(world, MS_NS);
    assert_int_equal(world->cancels, 1);
    world->order[0].state = ORDER_STATE_WORKING; /* as after CANCEL_REJECTED */
    world_pass(world, 490 * MS_NS, 10 * MS_NS);
    assert_int_equal(world->cancels, 1);
    world_pass(world, 20 * MS_NS, 10 * MS_NS);
    assert_int_equal(world->cancels, 2);
    world_free(world);
}

/* A replace to more may still reach the venue behind the cancel that followed it, or behind an answer that is lost. */
static void test_a_replace_on_its_way_may_fill_to_its_larger_size(void **state)
{
    static const enum order_state states[] = {ORDER_STATE_PENDING_REPLACE, ORDER_STATE_PENDING_CANCEL,
                                              ORDER_STATE_UNKNOWN};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct world *world = begin();

        world_set(world, passive(5));
        settle(world);
        world->order[0].replace_qty_lots = 20;
        world->order[0].replace_price_ticks = 1000;
        world->order[0].state = states[i];
        world_set(world, passive(20));
        world_pass(world, 400 * MS_NS, 10 * MS_NS);
        assert_int_equal(world->intents, 1);
        world_set(world, passive(30));
        settle(world);
        assert_int_equal(world->intents, 2);
        assert_int_equal(world->order[1].intent.qty_lots, 10);
        world_free(world);
    }
}

static void test_a_small_missing_part_waits_for_the_large(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, passive(40));
    settle(world);
    world_set(world, passive(44)); /* a tenth: no message for it */
    settle(world);
    assert_int_equal(world->intents, 1);
    world_trade(world, SIDE_BID, 1000, 50 + 40); /* the large one is done: now it is what is missing */
    settle(world);
    assert_int_equal(world->intents, 2);
    assert_int_equal(only_order(world, SIDE_BID)->intent.qty_lots, 4);
    world_free(world);
}

static void test_a_crossed_book_is_waited_out(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, passive(7));
    world_pass(world, 190 * MS_NS, 10 * MS_NS);
    world_level(world, SIDE_BID, 1001, 5);
    settle(world);
    assert_int_equal(world->intents, 0);
    world_level(world, SIDE_BID, 1001, 0);
    settle(world);
    assert_int_equal(world->intents, 1);
    world_free(world);
}

static void test_impossible_goals_are_refused(void **state)
{
    struct world *world = begin();
    struct goal pov = {.kind = GOAL_TARGET, .target_lots = 5, .slicing = SLICE_POV};
    struct goal twap = {.kind = GOAL_TARGET, .target_lots = 5, .slicing = SLICE_TWAP};
    struct goal iceberg = {.kind = GOAL_TARGET, .target_lots = 5, .slicing = SLICE_ICEBERG};
    struct goal worst = {.kind = GOAL_TARGET, .target_lots = 5, .worst_ticks = -1};
    struct goal many = {.kind = GOAL_TARGET, .target_lots = INT64_MIN};
    struct goal far = {.kind = GOAL_NONE, .owner = OWNERS_MAX};
    struct market_ref ref = world_ref(world);

    (void)state;
    assert_int_equal(world_set(world, pov), ERR_RANGE);
    assert_int_equal(world_set(world, twap), ERR_RANGE);
    assert_int_equal(world_set(world, iceberg), ERR_RANGE);
    assert_int_equal(world_set(world, worst), ERR_RANGE);
    assert_int_equal(world_set(world, many), ERR_RANGE);
    assert_int_equal(world_set(world, quotes(1001, 1001, 5)), ERR_RANGE);
    assert_int_equal(world_set(world, quotes(1001, 1003, 0)), ERR_RANGE);
    assert_int_equal(world_set(world, quotes(1001, 1003, -1)), ERR_RANGE);
    assert_int_equal(execution_set(world->execution, &far, &ref), ERR_RANGE);
    assert_null(execution_goal(world->execution, WORLD_OWNER, 2));
    world_free(world);
}

static void test_finer_steps_change_nothing_else(void **state)
{
    struct world *world = begin();
    struct step_change change = {.price_factor = 10, .qty_factor = 100};
    const struct goal *goal;

    (void)state;
    world_set(world, quotes(998, 1004, 6));
    execution_rescale(world->execution, 2, change);
    goal = execution_goal(world->execution, WORLD_OWNER, 2);
    assert_int_equal(goal->quote[SIDE_BID].price_ticks, 9980);
    assert_int_equal(goal->quote[SIDE_ASK].qty_lots, 600);
    world_free(world);
}

/* --- cost ------------------------------------------------------------------------------------------------------ */

static void test_cost_is_against_the_mid_when_the_goal_was_set(void **state)
{
    struct world *world = begin();
    struct goal goal = {.kind = GOAL_TARGET, .target_lots = 20, .urgency = URGENCY_TAKE};
    const struct execution_cost *cost = execution_cost(world->execution, WORLD_OWNER, 2);
    char text[160];

    (void)state;
    world_set(world, goal); /* mid 1000.5, buys at 1001: half a tick x 20 lots */
    settle(world);
    assert_int_equal(cost->slippage_e8, instrument_value_e8(&world->instrument, 1, 20) / 2);
    assert_int_equal(cost->wanted_lots, 20);
    assert_int_equal(execution_cost_fill_x1000(cost), 1000);
    assert_int_equal(execution_cost_slippage_bp_x100(cost), 500); /* 0.5 of 1001 */
    goal = passive(12);
    world_set(world, goal);
    settle(world);
    world_trade(world, SIDE_ASK, 1001, 32); /* sells 2 of 8 a second later: half a tick earned */
    settle(world);
    assert_int_equal(cost->slippage_e8, instrument_value_e8(&world->instrument, 1, 18) / 2);
    assert_int_equal(cost->maker_fills, 1);
    assert_int_equal(cost->wanted_lots, 28);
    assert_int_equal(cost->filled_lots, 22);
    assert_int_equal(cost->queue_orders, 1);
    assert_in_range(cost->queue_ns, 500 * MS_NS, 1500 * MS_NS);
    world_set(world, passive(11)); /* one more of the same way: not wanted twice */
    settle(world);
    assert_int_equal(cost->wanted_lots, 29);
    execution_cost_text(cost, text, sizeof text);
    assert_string_equal(text, "slippage 4.09 bp, filled 75.9 %, 0.00 cancels a fill, 1.0 s in queue");
    assert_int_equal(execution_cost_text(cost, text, 10), 9);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_take_is_bounded_and_takes_at_once),
        cmocka_unit_test(test_take_stops_at_the_worst_price),
        cmocka_unit_test(test_take_waits_out_a_sweep),
        cmocka_unit_test(test_taking_in_vain_backs_off),
        cmocka_unit_test(test_normal_rests_first_and_takes_at_the_horizon),
        cmocka_unit_test(test_reduce_only_stops_at_flat),
        cmocka_unit_test(test_quotes_stand_where_asked),
        cmocka_unit_test(test_quotes_never_take),
        cmocka_unit_test(test_quote_sizes_keep_their_place),
        cmocka_unit_test(test_quotes_jump_without_meeting_each_other),
        cmocka_unit_test(test_refusals_back_off_and_recover),
        cmocka_unit_test(test_a_burst_of_refusals_counts_once),
        cmocka_unit_test(test_a_refused_cancel_is_not_repeated_at_once),
        cmocka_unit_test(test_a_replace_on_its_way_may_fill_to_its_larger_size),
        cmocka_unit_test(test_a_small_missing_part_waits_for_the_large),
        cmocka_unit_test(test_a_crossed_book_is_waited_out),
        cmocka_unit_test(test_impossible_goals_are_refused),
        cmocka_unit_test(test_finer_steps_change_nothing_else),
        cmocka_unit_test(test_cost_is_against_the_mid_when_the_goal_was_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
