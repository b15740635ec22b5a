/* exchangeInfo while the feed runs: read again in time and when something points to a halt; only news is passed on. */
#include "unit/cmocka_all.h"

#include "unit/fake_venue.h"

#define EVERY_MS  300000
#define AGAIN_MS  60000
#define SILENT_MS 10000
#define SLACK_MS  2000

static const struct live_feed_config plain = {.futures_trades = false};

static void start(enum venue venue, size_t books)
{
    world_init(&world, venue, books);
    world_start(&world, books, plain);
    world_run(&world, 10000);
    assert_int_equal(live_books(), books);
    assert_int_equal(world.instruments, books);
    assert_int_equal(world.raw_infos, 1);
}

static size_t readings(void)
{
    size_t count = 0;

    for (size_t i = 0; i < fake_net.calls; i++)
        count += class_of(fake_net.call[i]) == REST_INFO;
    return count;
}

/* A market that closes without falling silent is seen at the next reading. */
static void test_read_again_in_time(void **state)
{
    (void)state;
    for (unsigned venue = VENUE_BINANCE_SPOT; venue <= VENUE_BINANCE_USDM; venue++) {
        start((enum venue)venue, 3);
        world.halted = world.book[1].symbol;
        world_run(&world, EVERY_MS - 10000 - SLACK_MS);
        assert_int_equal(readings(), 1);
        assert_true(world.book[1].trading);
        world_run(&world, 2 * SLACK_MS);
        assert_int_equal(readings(), 2);
        assert_false(world.book[1].trading);
        assert_true(world.book[0].trading && world.book[2].trading);
        assert_int_equal(world.instruments, 4); /* the one that changed */
        assert_int_equal(world.raw_infos, 2);
        world_run(&world, EVERY_MS);
        assert_int_equal(readings(), 3);
        assert_int_equal(world.instruments, 4); /* nothing did */
        assert_int_equal(world.raw_infos, 2);
        assert_int_equal(live_books(), 3);
        assert_int_equal(lost_or_doubled(), 0);
        world_end(&world);
    }
}

/* One that falls silent while the other speaks is asked for at once, and again when it speaks. */
static void test_silence_asks_at_once(void **state)
{
    (void)state;
    start(VENUE_BINANCE_SPOT, 2);
    world_run(&world, AGAIN_MS);
    world.deaf = "abcusdt";
    world.halted = world.book[1].symbol;
    world_run(&world, SILENT_MS - SLACK_MS);
    assert_int_equal(readings(), 1);
    world_run(&world, 2 * SLACK_MS);
    assert_int_equal(readings(), 2);
    assert_false(world.book[1].trading);
    world_run(&world, AGAIN_MS);
    assert_int_equal(readings(), 2); /* silence that goes on is no news */
    world.deaf = world.halted = NULL;
    world_run(&world, SLACK_MS);
    assert_int_equal(readings(), 3);
    assert_true(world.book[1].trading);
    assert_int_equal(open_clients(), 1);
    world_end(&world);
}

/* However often it is asked for, a minute lies between two readings. */
static void test_asked_for_within_bounds(void **state)
{
    (void)state;
    start(VENUE_BINANCE_SPOT, 2);
    for (int i = 0; i < 100; i++) {
        live_feed_refresh_info(world.feed);
        world_run(&world, 1000);
    }
    assert_int_equal(readings(), 2);
    world_run(&world, AGAIN_MS);
    assert_int_equal(readings(), 3);
    world_run(&world, 2 * AGAIN_MS);
    assert_int_equal(readings(), 3);
    world_end(&world);
}

/* What is known stays; the venue is asked again with growing waits. */
static void test_reading_that_fails(void **state)
{
    (void)state;
    start(VENUE_BINANCE_SPOT, 2);
    world.mode[REST_INFO] = HTTP_STATUS;
    world.http_status = 503;
    world.http_retry_s = -1;
    world_run(&world, EVERY_MS + 60000);
    assert_in_range(readings(), 3, 12);
    assert_true(status()->info_had);
    assert_non_null(strstr(status()->info_why, "not read again: HTTP 503"));
    assert_int_equal(live_books(), 2);
    world.mode[REST_INFO] = HTTP_WELL;
    world.halted = world.book[0].symbol;
    world_run(&world, 120000);
    assert_string_equal(status()->info_why, "");
    assert_false(world.book[0].trading);
    world_end(&world);
}

/* One that the venue does not list any more is left, the others stay. */
static void test_symbol_that_is_gone(void **state)
{
    (void)state;
    for (unsigned venue = VENUE_BINANCE_SPOT; venue <= VENUE_BINANCE_USDM; venue++) {
        start((enum venue)venue, 9);
        world.unlisted = world.book[5].symbol;
        world_run(&world, EVERY_MS + 20000);
        assert_int_equal(status()->symbols_unlisted, 1);
        assert_int_equal(world.book[5].link, FEED_LINK_DOWN);
        assert_int_equal(live_books(), 8);
        assert_int_equal(world.instruments, 9);
        world_end(&world);
    }
}

/* A single round trip is told as such and counted, however short another was; more often where many are wanted. */
static void test_round_trips_are_told_one_by_one(void **state)
{
    struct live_feed_config often = plain;

    (void)state;
    often.time_every_s = 5;
    for (int many = 0; many < 2; many++) {
        uint64_t first;

        world_init(&world, VENUE_BINANCE_SPOT, 1);
        world_start(&world, 1, many ? often : plain);
        world_run(&world, 10000);
        first = status()->answers;
        assert_true(first >= 5);
        fake_net.slower_ns =
            90 * NS_PER_MS; /* from now on slower than those that the offset is measured by */
        world_run(&world, 181000);
        assert_in_range(status()->answers - first, many ? 30 : 1, many ? 37 : 1);
        assert_true(status()->answer_ns > 80 * NS_PER_MS);
        if (!many)
            assert_true(status()->round_trip_ns < 30 * NS_PER_MS);
        world_end(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_again_in_time),
        cmocka_unit_test(test_silence_asks_at_once),
        cmocka_unit_test(test_asked_for_within_bounds),
        cmocka_unit_test(test_reading_that_fails),
        cmocka_unit_test(test_symbol_that_is_gone),
        cmocka_unit_test(test_round_trips_are_told_one_by_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
