/* What the engine counts of one market. */
#include "unit/pipeline_world.h"

static const struct level crossed_bids[] = {{101, 5}, {99, 5}};
static const struct level asks[] = {{100, 5}, {102, 5}};

/* A snapshot may be taken in a crossed moment; the summary counts applied updates after which the book is
 * crossed, and the snapshot is none. */
static void test_crossed_snapshot_counts_with_its_first_update_only(void **state)
{
    struct world world;
    struct market_state *market;
    struct level gone = {101, 0};
    struct feed_event event = {.kind = FEED_DEPTH, .recv_ns = WORLD_NS, .instrument = &world.instrument};

    (void)state;
    world_init(&world, crossed_bids, 2, asks, 2); /* the bridging update leaves the book crossed */
    market = world.pipeline->market[0];
    assert_true(market->is_crossed);
    assert_int_equal(market->crossed, 1);

    event.depth = (struct depth_update){
        .recv_ns = WORLD_NS, .first_id = 13, .last_id = 13, .levels = {&gone, &gone}, .level_count = {1, 0}};
    pipeline_on_feed(world.pipeline, &event);
    assert_false(market->is_crossed);
    assert_int_equal(market->crossed, 1);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crossed_snapshot_counts_with_its_first_update_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
