/* Connections replaced while the market goes on: nothing lost, nothing twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "unit/fake_venue.h"

static const struct live_feed_config plain = {.audit_every_s = 0};

/* The new connection as far behind or ahead of the old one as `old_delay` and `new_delay` say, in moves. */
static void rotate_once(enum venue venue, int old_delay, int new_delay, uint64_t torn)
{
    size_t connections = venue == VENUE_BINANCE_USDM ? 2 : 1;
    uint64_t raws, before;

    world_init(&world, venue, 5);
    world.next_delay = old_delay;
    world_start(&world, 5, plain);
    world_run(&world, 10000);
    assert_int_equal(live_books(), 5);
    world.next_delay = new_delay;
    live_feed_rotate(world.feed);
    world_run(&world, 15000);
    assert_int_equal(status()->rotations, connections);
    assert_int_equal(status()->torn, torn);
    assert_int_equal(open_clients(), connections);
    assert_int_equal(fake_net.clients, 2 * connections);
    assert_int_equal(live_books(), 5);
    assert_int_equal(lost_or_doubled(), 0);
    assert_int_equal(world.book[0].link, FEED_LINK_UP); /* nobody noticed */
    assert_int_equal(world.snapshots, 5);
    before = world.book[4].trades;
    raws = world.raws;
    world_run(&world, 1000);
    assert_int_equal(world.book[4].trades, before + 10);
    assert_true(world.raws > raws);
    world_end(&world);
}

static void test_rotation_loses_and_doubles_nothing(void **state)
{
    (void)state;
    for (unsigned venue = VENUE_BINANCE_SPOT; venue <= VENUE_BINANCE_COINM; venue++) {
        if (venue == VENUE_BINANCE_COINM)
            continue; /* its symbols look different; the rules are those of USD-M */
        rotate_once((enum venue)venue, 0, 0, 0);
        rotate_once((enum venue)venue, 0, 3, 0); /* the new one lags */
        rotate_once((enum venue)venue, 4, 0, 0); /* the old one lags: the new one's updates are held */
        rotate_once((enum venue)venue, 2, 1, 0);
    }
}

/* Many rotations, each connection with a lag of its own and jitter on top. */
static void test_many_rotations_lose_and_double_nothing(void **state)
{
    (void)state;
    for (unsigned venue = VENUE_BINANCE_SPOT; venue <= VENUE_BINANCE_USDM; venue++) {
        uint64_t rotations = venue == VENUE_BINANCE_USDM ? 2 : 1;

        world_init(&world, (enum venue)venue, 4);
        world.random = venue + 1;
        world.jitter = 3;
        world_start(&world, 4, plain);
        world_run(&world, 10000);
        for (uint64_t i = 1; i <= 40; i++) {
            world.next_delay = (int)(backoff_random(&world.random) % 5);
            live_feed_rotate(world.feed);
            world_run(&world, 40000);
            assert_int_equal(status()->rotations, i * rotations);
            assert_int_equal(lost_or_doubled(), 0);
        }
        assert_int_equal(status()->torn, 0);
        assert_int_equal(world.snapshots, 4);
        assert_true(status()->duplicates > 0 && world.book[3].trades > 15000);
        world_end(&world);
    }
}

/* Futures cut differently on two connections: switched all the same, said, and the book resyncs. */
static void test_rotation_that_does_not_join(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_USDM, 2);
    world_start(&world, 2, plain);
    world_run(&world, 10000);
    world.odd_cut = true;
    live_feed_rotate(world.feed);
    world_run(&world, 30000);
    assert_int_equal(status()->torn, 2);
    assert_int_equal(status()->rotations, 2);
    assert_int_equal(world.book[0].gaps, 1);
    assert_int_equal(world.snapshots, 4);
    assert_int_equal(live_books(), 2);
    world_end(&world);
}

static void test_rotation_is_planned_and_asked_for_by_the_venue(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 2);
    world_start(&world, 2, (struct live_feed_config){.rotate_after_s = 100});
    world_run(&world, 95000);
    assert_int_equal(status()->rotations, 0);
    world_run(&world, 15000);
    assert_int_equal(status()->rotations, 1);
    fake_ws_text(fake_net.client[1],
                 "{\"stream\":\"!serverShutdown\",\"data\":{\"e\":\"serverShutdown\",\"E\":1}}");
    world_run(&world, 65000);
    assert_int_equal(status()->rotations, 2);
    assert_int_equal(lost_or_doubled(), 0);
    assert_int_equal(world.snapshots, 2);
    world_end(&world);
}

/* The old connection dies in the middle: the new one takes over if it carries data, else it is a loss. */
static void test_old_link_dies_while_rotating(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 2);
    world_start(&world, 2, plain);
    world_run(&world, 10000);
    live_feed_rotate(world.feed);
    world_run(&world, 400);
    assert_int_equal(fake_net.clients, 2);
    assert_true(open_clients() == 2 && world.connection[1].streams == 6);
    fake_ws_reset(fake_net.client[0]);
    assert_int_equal(world.book[0].link, FEED_LINK_UP);
    world_run(&world, 5000);
    assert_int_equal(lost_or_doubled(), 0);
    assert_int_equal(live_books(), 2);
    live_feed_rotate(world.feed);
    world_step(&world); /* the third is only connecting */
    fake_ws_reset(fake_net.client[1]);
    assert_int_equal(world.book[0].link, FEED_LINK_DOWN);
    world_run(&world, 8000);
    assert_int_equal(live_books(), 2);
    assert_int_equal(open_clients(), 1);
    world_end(&world);
}

static void test_new_link_fails_while_rotating(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_USDM, 2);
    world_start(&world, 2, plain);
    world_run(&world, 10000);
    world.refuse = true;
    live_feed_rotate(world.feed);
    world_run(&world, 10000);
    assert_int_equal(status()->rotations, 0);
    assert_int_equal(status()->links, 4);
    assert_int_equal(status()->link[0].state, LINK_ROTATING);
    assert_int_equal(live_books(), 2);
    world.refuse = false;
    world_run(&world, 60000);
    assert_int_equal(status()->rotations, 2);
    assert_int_equal(lost_or_doubled(), 0);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rotation_loses_and_doubles_nothing),
        cmocka_unit_test(test_many_rotations_lose_and_double_nothing),
        cmocka_unit_test(test_rotation_that_does_not_join),
        cmocka_unit_test(test_rotation_is_planned_and_asked_for_by_the_venue),
        cmocka_unit_test(test_old_link_dies_while_rotating),
        cmocka_unit_test(test_new_link_fails_while_rotating),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
