/*
 * Faults of messages, connections and snapshots, over real sockets: the client notices, says why, trades on nothing that
 * is not LIVE, and ends with a book that equals the exchange's at the same update id.
 */
#include "wire/fault_world.h"

static void book_is_true(enum venue venue)
{
    struct wire_world world;
    struct watch watch;

    open_world(&world, &watch, venue, 10000);
    for (int i = 0; i < 5; i++) {
        wire_run_ms(&world, 300);
        assert_back(&world, "a while");
    }
    assert_int_equal(world.bad, 0);
    assert_int_equal(watch.downs, 0);
    wire_close(&world);
}

static void test_spot_book_is_the_exchange_s(void **state)
{
    (void)state;
    book_is_true(VENUE_BINANCE_SPOT);
}

static void test_futures_book_is_the_exchange_s(void **state)
{
    (void)state;
    book_is_true(VENUE_BINANCE_USDM);
}

/* Faults of messages: noticed by the book or the decoder, healed without a new connection. */
static void test_messages_lost_doubled_swapped_and_spoilt(void **state)
{
    static const char *const faults[] = {"gap 3",
                                         "dup 5",
                                         "reorder 2",
                                         "corrupt 1",
                                         "wrong_symbol 3",
                                         "garbage truncated 2",
                                         "garbage number 2",
                                         "garbage deep 2",
                                         "garbage nul 2"};
    struct wire_world world;
    struct watch watch;

    (void)state;
    open_world(&world, &watch, VENUE_BINANCE_SPOT, 10000);
    wire_fault(&world, "limits off");
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        wire_fault(&world, faults[i]);
        let_it_happen(&world);
        if (strncmp(faults[i], "corrupt", 7) !=
            0) /* a wrong level that nothing contradicts is the audit's to find */
            assert_back(&world, faults[i]);
    }
    assert_true(world.bad > 0);
    wire_close(&world);
}

static uint64_t connects_before;

static uint64_t connects(struct wire_world *world)
{
    return live_feed_status(world->feed)->link[0].connects + live_feed_status(world->feed)->rotations;
}

static bool has_new_connection(struct wire_world *world)
{
    return connects(world) > connects_before;
}

/* Faults of the connection: it is given up, a new one comes, the old book's levels are gone. */
static void test_connections_cut_and_closed(void **state)
{
    static const char *const faults[] = {"rst streams",      "fin streams",      "garbage utf8 1",
                                         "garbage binary 1", "oversize 5000000", "server_shutdown 1"};
    struct wire_world world;
    struct watch watch;

    (void)state;
    open_world(&world, &watch, VENUE_BINANCE_SPOT, 10000);
    wire_fault(&world, "limits off");
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        connects_before = connects(&world);
        wire_fault(&world, faults[i]);
        if (!wire_until(&world, has_new_connection, LIVE_MS))
            fail_msg("%s: no new connection", faults[i]);
        assert_back(&world, faults[i]);
    }
    wire_close(&world);
}

/* Faults of REST: the snapshot that a gap needs does not come at once. */
static void test_snapshots_refused_late_and_old(void **state)
{
    static const char *const faults[] = {"http:500 2 /api/v3/depth", "captive 1", "snapshot_old 1",
                                         "http:429 1 /api/v3/depth retry_after 2"};
    struct wire_world world;
    struct watch watch;

    (void)state;
    open_world(&world, &watch, VENUE_BINANCE_SPOT, 10000);
    wire_fault(&world, "limits off");
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        wire_fault(&world, faults[i]);
        wire_fault(&world, "gap 1 BTCUSDT");
        let_it_happen(&world);
        assert_back(&world, faults[i]);
    }
    wire_close(&world);
}

/* Levels of the book before a cut must not be in the one after it. */
static void test_no_ghosts_after_reconnects(void **state)
{
    int rounds = wire_soak() ? 1000 : 6;
    struct wire_world world;
    struct watch watch;

    (void)state;
    open_world(&world, &watch, VENUE_BINANCE_SPOT, 10000);
    wire_fault(&world, "limits off");
    for (int round = 0; round < rounds; round++) {
        uint64_t downs = watch.downs;

        wire_fault(&world, "rst streams");
        for (int i = 0; i < 1000 && watch.downs == downs; i++)
            wire_run_ms(&world, 5);
        assert_true(watch.downs > downs);
        assert_back(&world, "a reset");
    }
    wire_close(&world);
}

/* The offset is measured when the feed starts, by half the round trip. */
static void test_clock_offset_is_measured(void **state)
{
    struct live_feed_config config;
    struct wire_world world;
    struct watch watch;

    (void)state;
    open_world(&world, &watch, VENUE_BINANCE_SPOT, 10000);
    assert_in_range(live_feed_status(world.feed)->clock_offset_ms + 200, 0, 400);
    wire_fault(&world, "clock_skew 3000");
    live_feed_free(world.feed);
    config = wire_config(&world, VENUE_BINANCE_SPOT, both, 2);
    config.net = world.net;
    config.loop = world.loop;
    config.on_event = wire_event;
    config.arg = &world;
    world.on_event = NULL;
    pipeline_free(world.pipeline);
    world.pipeline = wire_pipeline(false);
    {
        char why[256];

        assert_int_equal(live_feed_new(&config, &world.feed, why, sizeof(why)), ERR_OK);
    }
    live_feed_start(world.feed);
    assert_true(wire_until(&world, wire_all_live, LIVE_MS));
    assert_in_range(live_feed_status(world.feed)->clock_offset_ms, 2800, 3200);
    wire_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spot_book_is_the_exchange_s),
        cmocka_unit_test(test_futures_book_is_the_exchange_s),
        cmocka_unit_test(test_messages_lost_doubled_swapped_and_spoilt),
        cmocka_unit_test(test_connections_cut_and_closed),
        cmocka_unit_test(test_snapshots_refused_late_and_old),
        cmocka_unit_test(test_no_ghosts_after_reconnects),
        cmocka_unit_test(test_clock_offset_is_measured),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
