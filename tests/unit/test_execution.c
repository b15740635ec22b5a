/* test_execution.c - the engine on the way to a position with resting orders: where they stand, and when they move. */
#include "unit/execution_desk.h"

/* --- resting -------------------------------------------------------------------------------------------------- */

static void test_passive_rests_at_the_touch_and_stops_at_the_target(void **state)
{
    struct world *world = begin();
    const struct order *order;

    (void)state;
    assert_int_equal(world_set(world, passive(7)), ERR_OK);
    world_step(world, 0);
    assert_int_equal(world->intents, 0); /* nobody knows yet how long the touch has stood */
    settle(world);
    order = only_order(world, SIDE_BID);
    assert_int_equal(order->intent.price_ticks, 1000);
    assert_int_equal(order->intent.qty_lots, 7);
    assert_true(order->intent.post_only);
    assert_int_equal(order->intent.type, ORDER_LIMIT);
    world_trade(world, SIDE_BID, 1000, 53); /* 50 ahead, 3 of ours */
    settle(world);
    assert_int_equal(world->position_lots, 3);
    world_trade(world, SIDE_BID, 1000, 100);
    settle(world);
    assert_int_equal(world->position_lots, 7);
    assert_int_equal(world_open(world, SIDE_BID, NULL) + world_open(world, SIDE_ASK, NULL), 0);
    assert_int_equal(world->intents, 1);
    assert_int_equal(world->cancels + world->replaces, 0);
    world_free(world);
}

static void test_sells_as_it_buys(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, passive(-5));
    settle(world);
    assert_int_equal(only_order(world, SIDE_ASK)->intent.price_ticks, 1001);
    world_trade(world, SIDE_ASK, 1001, 1000);
    settle(world);
    assert_int_equal(world->position_lots, -5);
    world_free(world);
}

static void test_follows_only_beyond_the_hysteresis_and_behind_a_poor_place(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, passive(7));
    settle(world);
    world_level(world, SIDE_ASK, 1001, 0);
    world_level(world, SIDE_BID, 1001, 30); /* one tick: stays */
    settle(world);
    assert_int_equal(world->replaces, 0);
    world_level(world, SIDE_BID, 1003, 30); /* three: it stood at the end, so nothing is lost */
    world_pass(world, 150 * MS_NS, 10 * MS_NS);
    assert_int_equal(world->replaces, 0); /* not stable yet */
    settle(world);
    assert_int_equal(world->replaces, 1);
    assert_int_equal(world->cancels, 0);
    assert_int_equal(only_order(world, SIDE_BID)->intent.price_ticks, 1003);
    world_free(world);
}

static void test_moves_of_one_order_are_apart(void **state)
{
    static struct world world;
    struct execution_params with = params();

    (void)state;
    with.flicker_ns = 0;
    world_init(&world, &with);
    world_level(&world, SIDE_BID, 1000, 50);
    world_level(&world, SIDE_ASK, 5000, 50);
    world_set(&world, passive(7));
    for (int i = 0; i < 100; i++) { /* runs away by five ticks each 50 ms, for 5 s */
        world_level(&world, SIDE_BID, 1005 + 5 * i, 50);
        world_pass(&world, 50 * MS_NS, 10 * MS_NS);
    }
    assert_in_range(world.replaces, 17, 20);
    world_free(&world);
}

/* First in its queue it is worth half the spread, and is let go only for more than that. */
static void test_a_good_place_in_the_queue_is_kept(void **state)
{
    struct world *world = begin();

    (void)state;
    world_level(world, SIDE_ASK, 1001, 0); /* 1000 / 1011: spread 11, half of it 5 */
    world_set(world, passive(7));
    settle(world);
    world->venue[0].ahead_lots = 0;
    world_level(world, SIDE_BID, 1004, 30); /* spread 7: worth 3, plus 1 of hysteresis: 4 are not enough */
    settle(world);
    assert_int_equal(world->replaces, 0);
    world_level(world, SIDE_BID, 1006, 30); /* spread 5: worth 2 */
    settle(world);
    assert_in_range(world->replaces, 1, 2);
    assert_int_equal(only_order(world, SIDE_BID)->intent.price_ticks, 1006);
    world_free(world);
}

static void test_a_place_at_the_end_is_worth_nothing(void **state)
{
    struct world *world = begin();

    (void)state;
    world_level(world, SIDE_ASK, 1001, 0);
    world_set(world, passive(7));
    settle(world);
    world_level(world, SIDE_BID, 1004, 30);
    settle(world);
    assert_int_equal(world->replaces, 1);
    world_free(world);
}

static void test_steps_back_when_alone_in_front(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, passive(7));
    settle(world);
    world_level(world, SIDE_BID, 1000, 0); /* the next one stands at 990 */
    world_pass(world, 150 * MS_NS, 10 * MS_NS);
    assert_int_equal(world->replaces, 0);
    settle(world);
    assert_int_equal(only_order(world, SIDE_BID)->intent.price_ticks, 990);
    assert_int_equal(world->replaces, 1);
    world_free(world);
}

static void test_one_tick_in_front_is_no_reason_to_step_back(void **state)
{
    struct world *world = begin();

    (void)state;
    world_level(world, SIDE_BID, 999, 20);
    world_set(world, passive(7));
    settle(world);
    world_level(world, SIDE_BID, 1000, 0);
    settle(world);
    assert_int_equal(world->replaces, 0);
    world_free(world);
}

/* A live book shows our order: alone at the touch it must see the level behind, and never itself. */
static void test_never_follows_itself(void **state)
{
    struct world *world = begin();

    (void)state;
    world->show_own = true;
    world_set(world, passive(7));
    settle(world);
    world_level(world, SIDE_BID, 1000, 57);
    settle(world);
    assert_int_equal(world->replaces, 0);
    world_level(world, SIDE_BID, 1000, 7);
    for (int i = 0; i < 50 && world->replaces == 0; i++)
        world_step(world, 10 * MS_NS);
    assert_int_equal(world->replaces, 1);
    world_level(world, SIDE_BID, 1000, 0);
    world_level(world, SIDE_BID, 990, 57);
    settle(world);
    assert_int_equal(world->replaces, 1);
    assert_int_equal(only_order(world, SIDE_BID)->intent.price_ticks, 990);
    world_free(world);
}

static void test_a_flickering_level_moves_nothing(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, passive(7));
    settle(world);
    world_level(world, SIDE_ASK, 1001, 0);
    for (int i = 0; i < 100; i++) { /* better for 100 ms, gone for 100 ms; and 1000 itself for 60 ms */
        world_level(world, SIDE_BID, 1005, i % 2 == 0 ? 40 : 0);
        world_pass(world, 40 * MS_NS, 10 * MS_NS);
        world_level(world, SIDE_BID, 1000, 0);
        world_pass(world, 60 * MS_NS, 10 * MS_NS);
        world_level(world, SIDE_BID, 1000, 50);
    }
    assert_int_equal(world->intents, 1);
    assert_int_equal(world->replaces + world->cancels, 0);
    world_free(world);
}

static void test_no_order_beyond_the_worst_price(void **state)
{
    struct world *world = begin();
    struct goal goal = passive(7);

    (void)state;
    goal.worst_ticks = 995;
    world_set(world, goal);
    settle(world);
    assert_int_equal(only_order(world, SIDE_BID)->intent.price_ticks, 995);
    goal.worst_ticks = 994; /* within the hysteresis, but not allowed any more */
    world_set(world, goal);
    settle(world);
    assert_int_equal(only_order(world, SIDE_BID)->intent.price_ticks, 994);
    assert_int_equal(world->replaces, 1);
    world_free(world);
}

static void test_dust_is_left_alone(void **state)
{
    struct world *world = begin();

    (void)state;
    world->instrument.qty_lots_min = 3;
    world_set(world, passive(2));
    settle(world);
    assert_int_equal(world->intents, 0);
    world->instrument.notional_e8_min = instrument_value_e8(&world->instrument, 1000, 5) + 1;
    world_set(world, passive(5));
    settle(world);
    assert_int_equal(world->intents, 0);
    world_set(world, passive(6));
    settle(world);
    assert_int_equal(world->intents, 1);
    world_free(world);
}

static void test_parts_leave_no_dust(void **state)
{
    struct world *world = begin();

    (void)state;
    world->instrument.qty_lots_min = 3;
    world->instrument.qty_lots_max = 10;
    world_set(world, passive(21));
    settle(world);
    world_trade(world, SIDE_BID, 990, 10000);
    settle(world);
    world_trade(world, SIDE_BID, 990, 10000);
    settle(world);
    assert_int_equal(world->position_lots, 21);
    world_free(world);
}

/* --- a changed goal ------------------------------------------------------------------------------------------- */

static void test_a_smaller_target_keeps_the_place(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, passive(9));
    settle(world);
    world->venue[0].ahead_lots = 4;
    world_set(world, passive(5));
    settle(world);
    assert_int_equal(world->replaces, 1);
    assert_int_equal(only_order(world, SIDE_BID)->intent.qty_lots, 5);
    assert_int_equal(world->venue[0].ahead_lots, 4);
    world_free(world);
}

static void test_the_wrong_way_is_taken_back_first(void **state)
{
    struct world *world = begin();

    (void)state;
    world->way_ns = 30 * MS_NS;
    world_set(world, passive(9));
    settle(world);
    world_set(world, passive(-9));
    world_step(world, MS_NS);
    assert_int_equal(world->actions.cancels, 1);
    world_step(world, MS_NS);
    assert_int_equal(world->actions.cancels, 0); /* asked for once */
    settle(world);
    assert_int_equal(world_open(world, SIDE_BID, NULL), 0);
    assert_int_equal(only_order(world, SIDE_ASK)->intent.qty_lots, 9);
    world_free(world);
}

static void test_the_same_goal_again_starts_nothing(void **state)
{
    struct world *world = begin();
    uint64_t parent;

    (void)state;
    for (int i = 0; i < 50; i++) {
        world_set(world, passive(9));
        world_step(world, 10 * MS_NS);
    }
    parent = only_order(world, SIDE_BID)->intent.parent;
    assert_int_not_equal(parent, 0);
    assert_int_equal(world->intents, 1);
    assert_int_equal(execution_cost(world->execution, WORLD_OWNER, 2)->goals, 1);
    world_set(world, passive(20)); /* the missing part is a child of another goal */
    settle(world);
    assert_int_equal(world->intents, 2);
    assert_int_not_equal(world->order[1].intent.parent, parent);
    world_free(world);
}

static void test_no_goal_takes_all_back_and_keeps_the_position(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, passive(9));
    settle(world);
    world_trade(world, SIDE_BID, 1000, 52);
    settle(world);
    world_set(world, (struct goal){.kind = GOAL_NONE});
    settle(world);
    assert_int_equal(world->position_lots, 2);
    assert_int_equal(world_open(world, SIDE_BID, NULL), 0);
    assert_int_equal(world->cancels, 1);
    world_free(world);
}

static void test_without_a_live_book_nothing_rests(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, passive(9));
    settle(world);
    world->book_state = BOOK_STALE;
    settle(world);
    assert_int_equal(world_open(world, SIDE_BID, NULL), 0);
    assert_int_equal(world->intents, 1);
    world->book_state = BOOK_LIVE;
    world_pass(world, 100 * MS_NS, 10 * MS_NS);
    assert_int_equal(world->intents, 1); /* the touch is new again */
    settle(world);
    assert_int_equal(world->intents, 2);
    world_free(world);
}

static void test_a_cleared_goal_does_nothing(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, passive(9));
    execution_clear(world->execution, WORLD_OWNER, ORDERS_ANY);
    assert_null(execution_goal(world->execution, WORLD_OWNER, 2));
    settle(world);
    assert_int_equal(world->intents, 0);
    world_set(world, passive(9));
    execution_clear(world->execution, ORDERS_ANY, 1); /* another instrument */
    assert_non_null(execution_goal(world->execution, WORLD_OWNER, 2));
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_passive_rests_at_the_touch_and_stops_at_the_target),
        cmocka_unit_test(test_sells_as_it_buys),
        cmocka_unit_test(test_follows_only_beyond_the_hysteresis_and_behind_a_poor_place),
        cmocka_unit_test(test_moves_of_one_order_are_apart),
        cmocka_unit_test(test_a_good_place_in_the_queue_is_kept),
        cmocka_unit_test(test_a_place_at_the_end_is_worth_nothing),
        cmocka_unit_test(test_steps_back_when_alone_in_front),
        cmocka_unit_test(test_one_tick_in_front_is_no_reason_to_step_back),
        cmocka_unit_test(test_never_follows_itself),
        cmocka_unit_test(test_a_flickering_level_moves_nothing),
        cmocka_unit_test(test_no_order_beyond_the_worst_price),
        cmocka_unit_test(test_dust_is_left_alone),
        cmocka_unit_test(test_parts_leave_no_dust),
        cmocka_unit_test(test_a_smaller_target_keeps_the_place),
        cmocka_unit_test(test_the_wrong_way_is_taken_back_first),
        cmocka_unit_test(test_the_same_goal_again_starts_nothing),
        cmocka_unit_test(test_no_goal_takes_all_back_and_keeps_the_position),
        cmocka_unit_test(test_without_a_live_book_nothing_rests),
        cmocka_unit_test(test_a_cleared_goal_does_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
