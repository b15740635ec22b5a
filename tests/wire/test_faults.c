/*
 * Each fault that the exchange can make, over real sockets: the client notices, says why, trades on nothing that is
 * not LIVE, and ends with a book that equals the exchange's at the same update id.
 */
#include "core/base/clock.h"
#include "wire/wire_world.h"

#define LIVE_MS 20000 /* longest way back to LIVE: back-off and snapshot */
#define PACE_MS 80000 /* ... in the long form, where a minute's request weight runs out */

static const char *const both[] = {"BTCUSDT", "ETHUSDT"};
static struct wire_copy copy;
static struct order *open_orders[8];

struct watch {
    uint64_t not_live_events; /* given while a book was not LIVE */
    uint64_t downs, silents, ups;
    char why[LIVE_TEXT_MAX];
};

static void watch_event(struct wire_world *world, const struct feed_event *event)
{
    struct watch *watch = world->arg;
    const struct market_state *market =
        event->instrument != NULL && event->instrument->id < world->pipeline->markets
            ? world->pipeline->market[event->instrument->id]
            : NULL;

    if (event->kind == FEED_LINK) {
        watch->downs += event->link.state == FEED_LINK_DOWN;
        watch->silents += event->link.state == FEED_LINK_SILENT;
        watch->ups += event->link.state == FEED_LINK_UP;
        if (event->link.state != FEED_LINK_UP)
            snprintf(watch->why, sizeof(watch->why), "%s", event->link.why);
    }
    if (market == NULL)
        return;
    watch->not_live_events += market->book_state != BOOK_LIVE;
    /* What a strategy had there is cancelled, and nothing new is priced on it. */
    if (market->book_state != BOOK_LIVE)
        assert_int_equal(
            order_manager_open(world->pipeline->orders, event->instrument->id, 1, open_orders, 8), 0);
}

static void open_world(struct wire_world *world, struct watch *watch, enum venue venue, int64_t silent_ms)
{
    struct live_feed_config config;

    memset(world, 0, sizeof(*world));
    memset(watch, 0, sizeof(*watch));
    wire_start_exchange(world, 11, both, 2);
    config = wire_config(world, venue, both, 2);
    config.silent_ms = silent_ms;
    world->on_event = watch_event;
    world->arg = watch;
    wire_open(world, &config, true);
    if (!wire_until(world, wire_all_live, LIVE_MS))
        fail_msg("never LIVE: %s", live_feed_status(world->feed)->link[0].why);
}

/* LIVE again, and what is in the books is what the exchange has. */
static void assert_back(struct wire_world *world, const char *after)
{
    if (!wire_until(world, wire_all_live, wire_soak() ? PACE_MS : LIVE_MS))
        fail_msg("after %s: not LIVE again: %s", after, live_feed_status(world->feed)->link[0].why);
    for (size_t i = 0; i < world->pipeline->markets; i++) {
        wire_copy_book(world->pipeline->market[i], &copy);
        wire_assert_true_book(world, world->pipeline->market[i]->instrument, &copy);
    }
}

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
        wire_run_ms(&world, 600);
        if (strncmp(faults[i], "corrupt", 7) !=
            0) /* a wrong level that nothing contradicts is the audit's to find */
            assert_back(&world, faults[i]);
    }
    assert_true(world.bad > 0);
    wire_close(&world);
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
        uint64_t connects = live_feed_status(world.feed)->link[0].connects;

        wire_fault(&world, faults[i]);
        wire_run_ms(&world, 1500);
        assert_back(&world, faults[i]);
        if (live_feed_status(world.feed)->link[0].connects + live_feed_status(world.feed)->rotations ==
            connects)
            fail_msg("%s: no new connection", faults[i]);
    }
    wire_close(&world);
}

/* The socket is up and answers pings, or is up and answers nothing: silence is noticed within its limit. */
static void test_silence_is_noticed(void **state)
{
    static const char *const faults[] = {"stall 4", "half_open 4"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct wire_world world;
        struct watch watch;
        int64_t before_ns, limit_ns = clock_monotonic_ns();

        open_world(&world, &watch, VENUE_BINANCE_SPOT, 1000);
        wire_fault(&world, faults[i]);
        before_ns = clock_monotonic_ns();
        limit_ns = before_ns + INT64_C(2500000000); /* silent_ms, a turn, and what was on its way */
        while (watch.silents + watch.downs == 0 && clock_monotonic_ns() < limit_ns)
            ev_run(world.loop, EVRUN_ONCE);
        if (watch.silents + watch.downs == 0)
            fail_msg("%s: not noticed", faults[i]);
        assert_true(watch.silents > 0);
        wire_run_ms(&world, 4000);
        assert_back(&world, faults[i]);
        wire_close(&world);
    }
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
        wire_run_ms(&world, 1500);
        assert_back(&world, faults[i]);
    }
    wire_close(&world);
}

/* Levels of the book before a cut must not be in the one after it. */
static void test_no_ghosts_after_reconnects(void **state)
{
    int rounds = wire_soak() ? 1000 : 10;
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

static int64_t stat_of(struct wire_world *world, const char *group, const char *name)
{
    json_error_t error;
    json_t *stats;
    int64_t value;

    assert_int_equal(wire_ask(world, "GET", "/sim/stats", NULL), 200);
    stats = json_loads(world->body, 0, &error);
    assert_non_null(stats);
    value = json_integer_value(json_object_get(json_object_get(stats, group), name));
    json_decref(stats);
    return value;
}

static bool any_link_says(struct wire_world *world, const char *word)
{
    const struct live_status *status = live_feed_status(world->feed);

    for (size_t i = 0; i < status->links; i++)
        if (strstr(status->link[i].why, word) != NULL)
            return true;
    return false;
}

/* Certificates and protocols that must not be taken: the reason is named, no request gets through (that no
 * byte of one is sent is tested with the clients themselves), and what was connected before goes on. */
static void test_bad_certificates_are_refused(void **state)
{
    static const char *const kinds[] = {"expired",     "not_yet",   "wrong_host", "wrong_ip", "unknown_ca",
                                        "self_signed", "no_ca_bit", "tls10",      "tls11"};
    struct wire_world world;
    struct watch watch;

    (void)state;
    open_world(&world, &watch, VENUE_BINANCE_SPOT, 10000);
    wire_fault(&world, "limits off");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        int64_t refused = stat_of(&world, "connections", "handshakes_failed");
        uint64_t rotations = live_feed_status(world.feed)->rotations;
        bool told = false;
        char fault[64];

        snprintf(fault, sizeof(fault), "bad_tls %s", kinds[i]);
        wire_fault(&world, "+1.5 bad_tls off");
        wire_fault(&world, fault);
        live_feed_rotate(world.feed); /* the successor meets it; the old connection goes on */
        for (int turn = 0; turn < 25; turn++) {
            wire_run_ms(&world, 20);
            told |= any_link_says(&world, "TLS");
            assert_true(wire_all_live(&world));
        }
        if (!told)
            fail_msg("%s: its reason is not told", kinds[i]);
        assert_int_equal(live_feed_status(world.feed)->rotations, rotations);
        assert_int_equal(wire_ask(&world, "GET", "/api/v3/ping", NULL), -1);
        wire_run_ms(&world, 1500);
        assert_true(stat_of(&world, "connections", "handshakes_failed") > refused);
        for (int turn = 0; turn < 200 && live_feed_status(world.feed)->rotations == rotations; turn++)
            wire_run_ms(&world, 20);
    }
    wire_close(&world);
}

/* A line that crawls, a venue that refuses, a clock that is off, a market that is closed: each is noticed for what it
 * is, and passes. */
static void test_slow_refused_skewed_and_halted(void **state)
{
    struct wire_world world;
    struct watch watch;

    (void)state;
    open_world(&world, &watch, VENUE_BINANCE_SPOT, 1000);
    wire_fault(&world, "limits off");
    wire_fault(&world, "slow 2000 3");
    wire_run_ms(&world, 3500);
    assert_back(&world, "slow");

    wire_fault(&world, "+0.3 rst streams");
    wire_fault(&world, "refuse 2");
    wire_run_ms(&world, 2500);
    assert_true(watch.downs > 0);
    assert_back(&world, "refuse");

    wire_fault(&world, "halt BTCUSDT"); /* a halted market is silent: that is no fault of the line */
    wire_run_ms(&world, 1500);
    wire_fault(&world, "trade BTCUSDT");
    assert_back(&world, "halt");
    wire_fault(&world, "cancel_only ETHUSDT");
    wire_run_ms(&world, 500);
    wire_fault(&world, "trade ETHUSDT");
    assert_back(&world, "cancel_only");
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
        cmocka_unit_test(test_silence_is_noticed),
        cmocka_unit_test(test_snapshots_refused_late_and_old),
        cmocka_unit_test(test_no_ghosts_after_reconnects),
        cmocka_unit_test(test_rotation_on_spot),
        cmocka_unit_test(test_rotation_on_futures),
        cmocka_unit_test(test_bad_certificates_are_refused),
        cmocka_unit_test(test_slow_refused_skewed_and_halted),
        cmocka_unit_test(test_clock_offset_is_measured),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
