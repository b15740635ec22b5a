/* A planned new connection in place of the old one: nothing is lost, and no moment without a LIVE book. */
#include "wire/fault_world.h"

static uint64_t turns_not_live;

static void watch_live(struct wire_world *world)
{
    turns_not_live += !wire_all_live(world);
}

/* The second connection is live before the first goes: no event and no turn sees a book that is not LIVE. */
static void rotate(enum venue venue)
{
    int rounds = wire_soak() ? 100 : 3;
    struct wire_world world;
    struct watch watch;

    open_world(&world, &watch, venue, 10000);
    wire_fault(&world, "limits off");
    watch.not_live_events = turns_not_live = 0;
    world.on_tick = watch_live;
    for (int round = 0; round < rounds; round++) {
        uint64_t rotations = live_feed_status(world.feed)->rotations;

        if (round % 2 == 0)
            live_feed_rotate(world.feed);
        else
            wire_fault(&world, "server_shutdown 8");
        for (int i = 0; i < 1000 && live_feed_status(world.feed)->rotations == rotations; i++)
            wire_run_ms(&world, 10);
        assert_true(live_feed_status(world.feed)->rotations > rotations);
        wire_run_ms(&world, 200);
    }
    assert_int_equal(watch.not_live_events, 0);
    assert_int_equal(turns_not_live, 0);
    assert_int_equal(watch.downs, 0);
    assert_back(&world, "rotations");
    wire_close(&world);
}

static void test_rotation_on_spot(void **state)
{
    (void)state;
    rotate(VENUE_BINANCE_SPOT);
}

static void test_rotation_on_futures(void **state)
{
    (void)state;
    rotate(VENUE_BINANCE_USDM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rotation_on_spot),
        cmocka_unit_test(test_rotation_on_futures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
