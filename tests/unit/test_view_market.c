/* Screen 3: an instrument's day and trend, from its trades. */
#include "unit/pipeline_world.h"

#include "app/view_panels.h"

#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define HOUR   (3600 * SECOND)

static const struct level bids[] = {{6182000, 3000}};
static const struct level asks[] = {{6182100, 1000}};

static const struct view_market *view_of(struct world *world, uint32_t point_s)
{
    static struct view_market view;

    view_fill_market(world->pipeline, point_s, &view);
    assert_int_equal(view.rows, 1);
    return &view;
}

static int64_t change_of(struct world *world)
{
    return view_change_bp_x10(world->pipeline, world->pipeline->market[0]);
}

static void test_before_the_first_trade_nothing_is_known(void **state)
{
    const struct view_market *view;
    struct world world;

    (void)state;
    world_init(&world, bids, 1, asks, 1);
    view = view_of(&world, 15);
    assert_true(change_of(&world) == VIEW_NONE);
    assert_true(view->row[0].low_ticks == VIEW_NONE && view->row[0].high_ticks == VIEW_NONE);
    assert_int_equal(view->row[0].points, 0);
    assert_true(view->since_ns == VIEW_NONE);
    pipeline_free(world.pipeline);
}

/* 1.00 % up from the day's first trade; one of 25 hours ago counts no more. */
static void test_the_day_is_of_24_hours(void **state)
{
    const struct view_market *view;
    struct world world;

    (void)state;
    world_init(&world, bids, 1, asks, 1);
    world_trade(&world, SIDE_BID, 3000000, 7);
    assert_int_equal(change_of(&world), 0);
    assert_true(view_of(&world, 15)->since_ns != VIEW_NONE);
    world_depth(&world, 2 * HOUR, false);
    world_trade(&world, SIDE_BID, 6000000, 100);
    world_depth(&world, HOUR, false);
    world_trade(&world, SIDE_ASK, 5900000, 100);
    world_depth(&world, HOUR, false);
    world_trade(&world, SIDE_ASK, 6060000, 200);
    assert_int_equal(change_of(&world), 102000); /* 3000000 to 6060000 */
    assert_int_equal(view_of(&world, 15)->row[0].low_ticks, 3000000);
    world_depth(&world, 21 * HOUR, false);
    view = view_of(&world, 15);
    assert_int_equal(change_of(&world), 1000);
    assert_int_equal(view->row[0].low_ticks, 5900000);
    assert_int_equal(view->row[0].high_ticks, 6060000);
    assert_int_equal(view->row[0].volume_lots, 400);
    assert_true(view->row[0].value_e8 == instrument_value_e8(&world.instrument, 6000000, 100) +
                                             instrument_value_e8(&world.instrument, 5900000, 100) +
                                             instrument_value_e8(&world.instrument, 6060000, 200));
    assert_true(view->since_ns == VIEW_NONE);
    pipeline_free(world.pipeline);
}

/* A point each quarter of a minute; where nothing was traded the price before stands. */
static void test_the_trend_carries_prices_over_silence(void **state)
{
    const struct view_market *view;
    struct world world;
    uint16_t points;

    (void)state;
    world_init(&world, bids, 1, asks, 1);
    world_trade(&world, SIDE_BID, 6000000, 1);
    for (int i = 1; i <= 3; i++) {
        world_depth(&world, 60 * SECOND, false);
        world_trade(&world, SIDE_BID, 6000000 + i, 1);
    }
    view = view_of(&world, 15);
    points = view->row[0].points;
    assert_int_equal(view->point_ms, 15000);
    assert_int_equal(points, 13); /* three minutes in quarters, and the one that has begun */
    assert_int_equal(view->row[0].point_ticks[points - 1], 6000003);
    for (int i = 2; i <= 5; i++)
        assert_int_equal(view->row[0].point_ticks[points - i], 6000002);
    assert_int_equal(view->row[0].point_ticks[0], 6000000);
    assert_int_equal(view_of(&world, 60)->row[0].points, 4);
    assert_int_equal(view_of(&world, 7)->point_ms, 60000); /* no candles are so long: minutes */
    pipeline_free(world.pipeline);
}

/* A strategy's net is its day, as the account's is: what it had made before midnight is in both days' start. */
static void test_an_owners_net_is_of_the_day(void **state)
{
    struct view_frame *frame = calloc(1, sizeof(*frame));
    struct market_state *market;
    struct world world;

    (void)state;
    assert_non_null(frame);
    world_init(&world, bids, 1, asks, 1);
    market = world.pipeline->market[0];
    market->owned[OWNER_MANUAL].realised_e8 = 900;
    market->owned[OWNER_MANUAL].fees_e8 = 200;
    market->day_start[OWNER_MANUAL].realised_e8 = 600;
    market->day_start[OWNER_MANUAL].fees_e8 = 100;
    view_panels_fill(world.pipeline, market, frame);
    assert_int_equal(frame->strategy[frame->strategies - 1].owner, OWNER_MANUAL);
    assert_int_equal(frame->strategy[frame->strategies - 1].day_net_e8, 200);
    free(frame);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_before_the_first_trade_nothing_is_known),
        cmocka_unit_test(test_the_day_is_of_24_hours),
        cmocka_unit_test(test_the_trend_carries_prices_over_silence),
        cmocka_unit_test(test_an_owners_net_is_of_the_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
