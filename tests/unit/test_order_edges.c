/*
 * test_order_edges.c - prices, sizes and numbers at the ends of their type, given to the engine: denied or taken, no sum goes
 * round. Under `make ubsan` each overflow is an end.
 */
#include "unit/bracket_world.h"
#include "unit/test_random.h"

#define SEEDS 60
#define STEPS 200

static int64_t edge(uint64_t *random, int64_t usual)
{
    static const int64_t edges[] = {0,
                                    1,
                                    -1,
                                    INT64_MAX,
                                    INT64_MIN,
                                    INT64_MAX / 2,
                                    INT64_MAX / 1000,
                                    INT64_MAX / 1000000,
                                    INT64_C(92233720368),
                                    INT64_C(9223372036854)};
    int64_t which = random_between(random, 0, 30);

    if (which < (int64_t)(sizeof edges / sizeof edges[0]))
        return edges[which];
    return which < 14 ? random_sized(random, 63) : usual;
}

static struct order_intent any_intent(const struct world *world, uint64_t *random)
{
    struct order_intent intent = {.side = (enum side)random_between(random, 0, 1),
                                  .type = (enum order_type)random_between(random, 0, ORDER_TYPES - 1),
                                  .tif = (enum time_in_force)random_between(random, 0, 3),
                                  .price_ticks = edge(random, BID + random_between(random, -50, 50)),
                                  .qty_lots = edge(random, random_between(random, 1, 50)),
                                  .stop_ticks = edge(random, BID + random_between(random, -9000, 9000)),
                                  .trail_ticks = edge(random, 0),
                                  .reduce_only = random_between(random, 0, 4) == 0,
                                  .may_cut = random_between(random, 0, 1) == 0,
                                  .expire_ns = edge(random, world->now_ns + 10 * TICK_NS)};

    if (random_between(random, 0, 5) == 0)
        intent.display_lots = edge(random, 5);
    if (random_between(random, 0, 2) == 0)
        intent.bracket_take_ticks = edge(random, BID + 9000);
    if (random_between(random, 0, 2) == 0)
        intent.bracket_stop_ticks = edge(random, BID - 9000);
    return intent;
}

static void ask_anything(struct world *world, uint64_t *random)
{
    static const enum command_kind kinds[] = {
        COMMAND_ORDER, COMMAND_ORDER,  COMMAND_ORDER,   COMMAND_ORDER,   COMMAND_PREVIEW,  COMMAND_MOVE,
        COMMAND_MOVE,  COMMAND_CANCEL, COMMAND_FLATTEN, COMMAND_REVERSE, COMMAND_SET_STATE};
    uint64_t last = order_manager_last_seq(world->pipeline->orders);
    struct command command = {
        .kind = kinds[random_between(random, 0, (int64_t)(sizeof kinds / sizeof kinds[0]) - 1)],
        .number = edge(random, 50),
        .order_seq = (uint64_t)random_between(random, 0, (int64_t)last + 1),
        .state = STATE_ACTIVE,
        .intent = any_intent(world, random)};

    pipeline_on_command(world->pipeline, &command);
}

/* As wide as they can be set. */
static void widest_limits(struct risk_limits *limits)
{
    int64_t most_e8 = INT64_C(100000000000000000);

    limits->max_qty_e8 = limits->max_value_e8 = limits->max_position_value_e8 = most_e8;
    limits->max_open_value_e8 = limits->max_gross_value_e8 = most_e8;
    limits->collar_limit_bp = 5000;
    limits->collar_market_bp = 1000;
}

static void test_numbers_at_their_ends(void **state)
{
    uint64_t random = 3;
    uint64_t sent = 0;

    (void)state;
    for (int seed = 0; seed < SEEDS; seed++) {
        struct world world;

        start_at(&world, seed % 3 == 0 ? VENUE_BINANCE_SPOT : VENUE_BINANCE_USDM);
        if (seed % 2 == 0)
            widest_limits(&world.pipeline->config.limits);
        for (int i = 0; i < STEPS; i++) {
            ask_anything(&world, &random);
            world_trade(&world, (enum side)random_between(&random, 0, 1),
                        BID + random_between(&random, -9000, 9000), random_between(&random, 1, 90));
            wait_ticks(&world, (int)random_between(&random, 0, 2));
        }
        sent += world.pipeline->counts.sent;
        assert_int_equal(world.pipeline->counts.errors, 0);
        assert_true(held(&world) > -1000000 && held(&world) < 1000000);
        pipeline_free(world.pipeline);
    }
    assert_true(sent > 300);
}

/* Its type waits for no trade: the price of one is no part of what it is worth. */
static void test_a_stop_price_of_an_order_that_has_none(void **state)
{
    struct world world;
    struct order_exposure open;
    uint64_t seq;

    (void)state;
    start(&world);
    seq = give(&world, (struct order_intent){.side = SIDE_BID,
                                             .type = ORDER_LIMIT,
                                             .price_ticks = BID - 10,
                                             .qty_lots = 10,
                                             .stop_ticks = INT64_MAX,
                                             .trail_ticks = INT64_MIN});
    assert_int_equal(order_manager_find(world.pipeline->orders, seq)->intent.stop_ticks, 0);
    order_manager_exposure(world.pipeline->orders, &world.instrument, ORDERS_ANY, 0, &open);
    assert_int_equal(open.open_value_e8[SIDE_BID], instrument_value_e8(&world.instrument, BID - 10, 10));
    trade(&world, SIDE_BID, 10);
    assert_int_equal(held(&world), 10);
    pipeline_free(world.pipeline);
}

/* Nothing bounds a price where the venue does not: the worst price of the stop is as far away as there is. */
static void test_a_bracket_whose_stop_is_at_the_end_of_all_prices(void **state)
{
    struct world world;
    struct order *open[1];

    (void)state;
    start(&world);
    give(&world, (struct order_intent){.side = SIDE_ASK,
                                       .type = ORDER_LIMIT,
                                       .price_ticks = BID,
                                       .qty_lots = 10,
                                       .bracket_stop_ticks = INT64_MAX});
    wait_ticks(&world, 300);
    assert_int_equal(held(&world), -10);
    if (order_manager_open(world.pipeline->orders, 0, ORDERS_ANY, open, 1) > 0)
        assert_int_equal(open[0]->intent.price_ticks, INT64_MAX);
    else /* or it is too much for a limit, and that is said */
        assert_true(notes(&world, "not protected") > 0);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_at_their_ends),
        cmocka_unit_test(test_a_stop_price_of_an_order_that_has_none),
        cmocka_unit_test(test_a_bracket_whose_stop_is_at_the_end_of_all_prices),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
