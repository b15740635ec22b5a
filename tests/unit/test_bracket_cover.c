/* test_bracket_cover.c - the ways out of a bracket are as large as what is held of it, whatever else opens and closes. */
#include "unit/bracket_world.h"
#include "unit/test_random.h"

#include <stdlib.h>

/* Short 100, bought 200: 100 close and 100 open, and those are protected. */
static void test_an_entry_that_turns_the_position(void **state)
{
    struct world world;

    (void)state;
    start(&world);
    trade(&world, SIDE_ASK, 100);
    buy_bracket(&world, ASK, 200);
    assert_int_equal(held(&world), 100);
    assert_covers(&world, 0, 100);
    wait_ticks(&world, 200);
    assert_covers(&world, 0, 100);
    assert_int_equal(world.pipeline->counts.denied, 0);
    assert_int_equal(notes(&world, "is missing"), 0);
    assert_int_equal(notes(&world, "not protected"), 0);
    pipeline_free(world.pipeline);
}

/* The entry rests and fills bit by bit: first it closes, then what it opens is protected, lot by lot. */
static void test_partial_fills_of_an_entry_that_turns_the_position(void **state)
{
    static const int64_t fills[] = {40, 40, 40, 50, 30}, covered[] = {0, 0, 20, 70, 100};
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    trade(&world, SIDE_ASK, 100);
    entry = buy_bracket(&world, BID + 50, 200);
    for (size_t i = 0; i < sizeof fills / sizeof fills[0]; i++) {
        world_trade(&world, SIDE_ASK, BID + 50, fills[i]);
        wait_ticks(&world, 20);
        assert_int_equal(held(&world), covered[i] > 0 ? covered[i] : -100 + 40 * (int64_t)(i + 1));
        assert_covers(&world, entry, covered[i]);
    }
    assert_int_equal(world.pipeline->counts.denied, 0);
    assert_int_equal(notes(&world, "the bracket ends"), 0);
    pipeline_free(world.pipeline);
}

/* A hand sells part of it and buys again: what he closed is no longer the bracket's. The rest ends with the position. */
static void test_a_position_that_a_hand_makes_smaller(void **state)
{
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    entry = buy_bracket(&world, ASK, 100);
    trade(&world, SIDE_ASK, 40);
    assert_covers(&world, entry, 60);
    trade(&world, SIDE_BID, 40);
    wait_ticks(&world, 20);
    assert_covers(&world, entry, 60);
    trade(&world, SIDE_ASK, 200);
    wait_ticks(&world, 20);
    assert_int_equal(held(&world), -100);
    assert_covers(&world, 0, 0);
    trade(&world, SIDE_BID, 300); /* what was ended stays so */
    wait_ticks(&world, 20);
    assert_covers(&world, 0, 0);
    assert_int_equal(world.pipeline->counts.denied, 0);
    pipeline_free(world.pipeline);
}

static void test_a_flatten_ends_both_ways_out(void **state)
{
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    trade(&world, SIDE_ASK, 100);
    entry = buy_bracket(&world, ASK, 200);
    assert_covers(&world, entry, 100);
    pipeline_on_command(world.pipeline, &(struct command){.kind = COMMAND_FLATTEN});
    wait_ticks(&world, 50);
    assert_int_equal(held(&world), 0);
    assert_covers(&world, 0, 0);
    pipeline_free(world.pipeline);
}

/* Who was there first keeps his protection; one that is done takes nothing from the other. */
static void test_two_brackets_at_one_position(void **state)
{
    struct world world;
    uint64_t first, second;

    (void)state;
    start(&world);
    first = buy_bracket(&world, ASK, 100);
    second = buy_bracket(&world, ASK, 100);
    assert_covers(&world, first, 100);
    assert_covers(&world, second, 100);
    trade(&world, SIDE_ASK, 60);
    wait_ticks(&world, 20);
    assert_covers(&world, first, 100);
    assert_covers(&world, second, 40);
    trade(&world, SIDE_ASK, 60);
    wait_ticks(&world, 20);
    assert_covers(&world, first, 80);
    assert_covers(&world, second, 0);
    assert_int_equal(world.pipeline->counts.denied, 0);
    pipeline_free(world.pipeline);
}

/* On spot, where they share what is locked. */
static void test_two_brackets_on_spot(void **state)
{
    struct world world;
    uint64_t first, second;

    (void)state;
    start_at(&world, VENUE_BINANCE_SPOT);
    first = buy_bracket(&world, ASK, 100);
    second = buy_bracket(&world, ASK, 60);
    wait_ticks(&world, 20);
    assert_covers(&world, first, 100);
    assert_covers(&world, second, 60);
    cancel(&world, first + 1); /* its stop: the trader ends the first */
    wait_ticks(&world, 20);
    assert_covers(&world, first, 0);
    assert_covers(&world, second, 60);
    assert_int_equal(world.pipeline->counts.denied, 0);
    pipeline_free(world.pipeline);
}

static void test_a_bracket_that_is_done_leaves_the_other(void **state)
{
    struct world world;
    uint64_t first, second;

    (void)state;
    start(&world);
    first = give(&world, (struct order_intent){.side = SIDE_BID,
                                               .type = ORDER_LIMIT,
                                               .price_ticks = ASK,
                                               .qty_lots = 100,
                                               .bracket_take_ticks = ASK + 50,
                                               .bracket_stop_ticks = 5940000});
    second = buy_bracket(&world, ASK, 100);
    world_trade(&world, SIDE_BID, ASK + 100, 100000); /* through the first's take-profit */
    wait_ticks(&world, 20);
    assert_int_equal(held(&world), 100);
    assert_covers(&world, first, 0);
    assert_covers(&world, second, 100);
    pipeline_free(world.pipeline);
}

/* What another order was promised cannot be protected too: said, and made good as soon as that order is gone. */
static void test_what_another_order_holds_is_told_and_made_good(void **state)
{
    struct world world;
    uint64_t other, entry;

    (void)state;
    start(&world);
    trade(&world, SIDE_ASK, 100);
    other = rest(&world, SIDE_ASK, 6040000, 40, false);
    entry = buy_bracket(&world, ASK, 200);
    wait_ticks(&world, 20);
    assert_int_equal(held(&world), 100);
    assert_covers(&world, entry, 60);
    assert_int_equal(notes(&world, "not protected: 0.0004"), 1);
    cancel(&world, other);
    wait_ticks(&world, 20);
    assert_covers(&world, entry, 100);
    assert_int_equal(notes(&world, "not protected"), 1);
    assert_int_equal(world.pipeline->counts.denied, 0);
    pipeline_free(world.pipeline);
}

/* The account holds less than the owner: its ways out are cut to the account's position, and grow with it. */
static void test_a_share_against_the_account(void **state)
{
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    strategy_trades(&world, SIDE_BID, 10);
    entry = buy_bracket(&world, ASK, 100);
    strategy_trades(&world, SIDE_ASK, 50); /* the strategy is short now, the hand long */
    wait_ticks(&world, 20);
    assert_int_equal(held(&world), 60);
    assert_int_equal(world.pipeline->market[0]->owned[OWNER_MANUAL].lots, 100);
    assert_covers(&world, entry, 60);
    assert_int_equal(notes(&world, "not protected: 0.0004"), 1);
    strategy_trades(&world, SIDE_BID, 40);
    wait_ticks(&world, 20);
    assert_covers(&world, entry, 100);
    pipeline_free(world.pipeline);
}

/* The ways out are on their way when a hand sells: they are fitted as soon as they are answered, and stay. */
static void test_a_position_shrinks_before_the_ways_out_are_answered(void **state)
{
    struct world world;
    uint64_t entry;

    (void)state;
    world_configure = slow_venue;
    start(&world);
    world_configure = NULL;
    entry = buy_bracket(&world, ASK, 100);
    for (int i = 0; i < 50 && held(&world) == 0; i++)
        wait_ticks(&world, 1);
    assert_int_equal(held(&world), 100);
    trade(&world, SIDE_ASK, 40);
    wait_ticks(&world, 100);
    assert_int_equal(held(&world), 60);
    assert_covers(&world, entry, 60);
    pipeline_free(world.pipeline);
}

/* Of the two ways out of a bracket one goes through: a stop by hand has room for the rest of the position. */
static void test_a_stop_by_hand_beside_a_bracket(void **state)
{
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    entry = buy_bracket(&world, ASK, 100);
    trade(&world, SIDE_BID, 50);
    rest(&world, SIDE_ASK, 6040000, 50, true);
    assert_covers(&world, entry, 100);
    pipeline_on_command(world.pipeline, &(struct command){.kind = COMMAND_ORDER,
                                                          .intent = {.side = SIDE_ASK,
                                                                     .type = ORDER_LIMIT,
                                                                     .price_ticks = 6041000,
                                                                     .qty_lots = 1,
                                                                     .reduce_only = true}});
    assert_int_equal(world.pipeline->counts.denied, 1); /* all of it is promised now */
    pipeline_free(world.pipeline);
}

static int64_t stop_price(const struct world *world)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->pipeline->orders, 0, ORDERS_ANY, open, ORDERS_OPEN_MAX);

    for (size_t i = 0; i < count; i++)
        if (open[i]->intent.type == ORDER_STOP)
            return open[i]->intent.stop_ticks;
    return 0;
}

/* The price of a way out is the trader's: one that ends and comes back stands where he has moved it to. */
static void test_a_moved_way_out_comes_back_where_it_was_moved_to(void **state)
{
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    entry = buy_bracket(&world, BID + 50, 200);
    world_trade(&world, SIDE_ASK, BID + 50, 100);
    wait_ticks(&world, 20);
    assert_covers(&world, entry, 100);
    assert_int_equal(stop_price(&world), 5950000);
    pipeline_on_command(
        world.pipeline,
        &(struct command){.kind = COMMAND_MOVE, .order_seq = entry + 1, .intent = {.price_ticks = 5960000}});
    assert_int_equal(stop_price(&world), 5960000);
    rest(&world, SIDE_ASK, ASK + 10, 100, false);
    world_trade(&world, SIDE_BID, ASK + 50, 100); /* through it */
    wait_ticks(&world, 20);
    assert_covers(&world, entry, 0);
    world_trade(&world, SIDE_ASK, BID + 50, 100);
    wait_ticks(&world, 20);
    assert_covers(&world, entry, 100);
    assert_int_equal(stop_price(&world), 5960000);
    pipeline_free(world.pipeline);
}

/* A stop takes its worst price with it: else it would be beyond the collar upwards, and downwards would fill nothing. */
static void test_a_moved_stop_still_closes(void **state)
{
    static const int64_t stops[] = {5980000, 5800000, 5990000};
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    entry = buy_bracket(&world, ASK, 100);
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        const struct order *stop;

        pipeline_on_command(world.pipeline, &(struct command){.kind = COMMAND_MOVE,
                                                              .order_seq = entry + 1,
                                                              .intent = {.price_ticks = stops[i]}});
        wait_ticks(&world, 20);
        stop = order_manager_find(world.pipeline->orders, entry + 1);
        assert_non_null(stop);
        assert_int_equal(stop->intent.stop_ticks, stops[i]);
        assert_in_range(stop->intent.price_ticks, stops[i] - stops[i] / 200, stops[i] - stops[i] / 201);
    }
    assert_int_equal(world.pipeline->counts.denied, 0);
    pipeline_free(world.pipeline);
}

/* Who cancels one way out ends both: what is left unprotected by that is told, once. A flatten leaves nothing to tell. */
static void test_what_a_cancel_of_a_way_out_leaves_is_told(void **state)
{
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    entry = buy_bracket(&world, ASK, 100);
    wait_ticks(&world, 20);
    cancel(&world, entry + 2); /* its take-profit */
    wait_ticks(&world, 200);
    assert_covers(&world, entry, 0);
    assert_int_equal(held(&world), 100);
    assert_int_equal(notes(&world, "not protected any more: 0.001"), 1);
    buy_bracket(&world, ASK, 100);
    wait_ticks(&world, 20);
    pipeline_on_command(world.pipeline, &(struct command){.kind = COMMAND_FLATTEN});
    wait_ticks(&world, 200);
    assert_int_equal(held(&world), 0);
    assert_int_equal(notes(&world, "not protected any more"), 1);
    pipeline_free(world.pipeline);
}

/* One of a day's trades: a hand's, or the entry of a bracket. The gate may find it too much. */
static void trade_anything(struct world *world, uint64_t *random)
{
    bool less = llabs(held(world)) > 300 || open_lots(world, 0, ORDER_STOP) > 250;
    enum side side = less                                ? held(world) > 0 ? SIDE_ASK : SIDE_BID
                     : random_between(random, 0, 1) == 0 ? SIDE_BID
                                                         : SIDE_ASK;
    int64_t way = side_sign(side);
    struct command command = {.kind = COMMAND_ORDER,
                              .intent = {.side = side,
                                         .type = ORDER_LIMIT,
                                         .price_ticks = side == SIDE_BID ? ASK : BID,
                                         .qty_lots = random_between(random, 1, 60)}};

    if (!less && random_between(random, 0, 2) > 0) {
        command.intent.bracket_take_ticks = (BID + ASK) / 2 + way * 50000;
        command.intent.bracket_stop_ticks = (BID + ASK) / 2 - way * 50000;
    }
    pipeline_on_command(world->pipeline, &command);
}

/* What is held of brackets is protected by as much, and no stop is larger than the position. */
static int64_t assert_protected(const struct world *world)
{
    int64_t stops[SIDE_COUNT] = {0};
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->pipeline->orders, 0, ORDERS_ANY, open, ORDERS_OPEN_MAX);

    for (size_t i = 0; i < count; i++)
        stops[open[i]->intent.side] += open[i]->intent.type == ORDER_STOP ? order_left_lots(open[i]) : 0;
    assert_int_equal(order_groups_unprotected_lots(world->pipeline->groups, 0, OWNER_MANUAL), 0);
    assert_true(stops[SIDE_ASK] <= (held(world) > 0 ? held(world) : 0));
    assert_true(stops[SIDE_BID] <= (held(world) < 0 ? -held(world) : 0));
    return stops[SIDE_ASK] + stops[SIDE_BID];
}

static void test_what_is_held_is_protected_whatever_is_traded(void **state)
{
    uint64_t random = 5;
    int64_t protected_lots = 0;

    (void)state;
    for (int story = 0; story < 40; story++) {
        struct world world;

        world_configure = story % 2 == 0 ? NULL : slow_venue;
        start(&world);
        world_configure = NULL;
        for (int step = 0; step < 25; step++) {
            trade_anything(&world, &random);
            wait_ticks(&world, (int)random_between(&random, 1, 4));
            if (random_between(&random, 0, 1) == 0)
                continue; /* before all is answered */
            wait_ticks(&world, 60);
            protected_lots += assert_protected(&world);
        }
        assert_int_equal(notes(&world, "both filled"), 0);
        pipeline_free(world.pipeline);
    }
    assert_true(protected_lots > 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_entry_that_turns_the_position),
        cmocka_unit_test(test_partial_fills_of_an_entry_that_turns_the_position),
        cmocka_unit_test(test_a_position_that_a_hand_makes_smaller),
        cmocka_unit_test(test_a_flatten_ends_both_ways_out),
        cmocka_unit_test(test_two_brackets_at_one_position),
        cmocka_unit_test(test_two_brackets_on_spot),
        cmocka_unit_test(test_a_bracket_that_is_done_leaves_the_other),
        cmocka_unit_test(test_what_another_order_holds_is_told_and_made_good),
        cmocka_unit_test(test_a_share_against_the_account),
        cmocka_unit_test(test_a_position_shrinks_before_the_ways_out_are_answered),
        cmocka_unit_test(test_a_stop_by_hand_beside_a_bracket),
        cmocka_unit_test(test_a_moved_way_out_comes_back_where_it_was_moved_to),
        cmocka_unit_test(test_a_moved_stop_still_closes),
        cmocka_unit_test(test_what_a_cancel_of_a_way_out_leaves_is_told),
        cmocka_unit_test(test_what_is_held_is_protected_whatever_is_traded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
