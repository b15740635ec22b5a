/*
 * Fifty instruments on one feed, paced as with a real venue: each gets its snapshot, the shown one in front of the
 * others, all are LIVE and equal the exchange's books, nothing is refused for its rate, and the memory stays within what
 * is promised.
 */
#include "core/base/clock.h"
#include "wire/own_use.h"
#include "wire/wire_world.h"

#define FIFTY          50
#define NAMED          10
#define SHOWN          7 /* not the first */
#define LIVE_MS        60000
#define MEMORY_MAX     (INT64_C(100) << 20)
#define DEPTH_REQUESTS 60 /* a snapshot each, and few that came too early for their stream */

static const char *const named[NAMED] = {"BTCUSDT",  "ETHUSDT",  "SOLUSDT", "BNBUSDT", "XRPUSDT",
                                         "DOGEUSDT", "PEPEUSDT", "BNBBTC",  "ETHBTC",  "BTCJPY"};
static char small[FIFTY - NAMED][16];
static const char *symbols[FIFTY];
static struct wire_copy copy;

struct snapshots {
    uint64_t count;
    bool shown_heard, shown_taken; /* its first update, before which no snapshot would fit; its snapshot */
    uint64_t before_shown;         /* of others, after it was heard of */
};

static void note_snapshot(struct wire_world *world, const struct feed_event *event)
{
    struct snapshots *snapshots = world->arg;
    bool shown;

    /* As the engine does for what its screen shows, once the instrument is known. */
    if (event->kind == FEED_INSTRUMENT && strcmp(event->instrument->symbol, symbols[SHOWN]) == 0)
        live_feed_show(world->feed, event->instrument->id);
    if (event->instrument == NULL)
        return;
    shown = strcmp(event->instrument->symbol, symbols[SHOWN]) == 0;
    snapshots->shown_heard |= shown && event->kind == FEED_DEPTH;
    if (event->kind != FEED_SNAPSHOT)
        return;
    snapshots->count++;
    snapshots->shown_taken |= shown;
    snapshots->before_shown += snapshots->shown_heard && !snapshots->shown_taken;
}

static void name_symbols(void)
{
    for (size_t i = 0; i < FIFTY; i++) {
        if (i >= NAMED)
            snprintf(small[i - NAMED], sizeof(small[0]), "TOK%02zuUSDT", i - NAMED + 1);
        symbols[i] = i < NAMED ? named[i] : small[i - NAMED];
    }
}

/* Weights, shares and waits as with the venue itself. */
static struct live_feed_config paced_config(struct wire_world *world)
{
    struct live_feed_config config = wire_config(world, VENUE_BINANCE_SPOT, symbols, FIFTY);
    struct venue_profile venue;

    assert_int_equal(venue_profile_init(&venue, VENUE_BINANCE_SPOT, NULL), ERR_OK);
    world->venue.weight_share_percent = venue.weight_share_percent;
    world->venue.depth_limit_deep = venue.depth_limit_deep;
    config.unpaced = false;
    return config;
}

static uint64_t replies(const json_t *stats, const char *status)
{
    const json_t *count = json_object_get(json_object_get(stats, "by_status"), status);

    return count == NULL ? 0 : (uint64_t)json_integer_value(count);
}

static void assert_nothing_refused(struct wire_world *world)
{
    static const char *const bad[] = {"403", "418", "429", "500", "503"};
    json_error_t error;
    json_t *stats;

    assert_int_equal(wire_ask(world, "GET", "/sim/stats", NULL), 200);
    stats = json_loads(world->body, 0, &error);
    assert_non_null(stats);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (replies(stats, bad[i]) != 0)
            fail_msg("%llu times HTTP %s", (unsigned long long)replies(stats, bad[i]), bad[i]);
    json_decref(stats);
}

static void test_fifty_instruments(void **state)
{
    struct wire_world world = {0};
    struct live_feed_config config;
    struct snapshots snapshots = {0};
    const struct live_status *status;
    int64_t start_ns, live_ns;

    (void)state;
    name_symbols();
    wire_start_exchange(&world, 13, symbols, FIFTY);
    config = paced_config(&world);
    world.arg = &snapshots;
    world.on_event = note_snapshot;
    start_ns = clock_monotonic_ns();
    wire_open(&world, &config, true);
    if (!wire_until(&world, wire_all_live, LIVE_MS))
        fail_msg("not all LIVE: %s", live_feed_status(world.feed)->link[0].why);
    assert_int_equal(world.pipeline->markets, FIFTY);
    live_ns = clock_monotonic_ns() - start_ns;
    status = live_feed_status(world.feed);
    print_message("%d books LIVE in %.1f s with %llu snapshots, %llu before the shown one; weight %lld of "
                  "%lld; memory %.1f MB, %.0f "
                  "ms of processor\n",
                  FIFTY, (double)live_ns * 1e-9, (unsigned long long)snapshots.count,
                  (unsigned long long)snapshots.before_shown, (long long)status->weight_used,
                  (long long)status->weight_limit, (double)memory_anonymous_bytes(0) * 1e-6,
                  (double)thread_cpu_ns() * 1e-6);
    assert_true(snapshots.shown_taken && snapshots.before_shown <= 1); /* the one that was under way */
    assert_int_equal(status->banned_until_ns, 0);
    assert_int_equal(status->snapshots_failed, 0);
    assert_true(snapshots.count <= DEPTH_REQUESTS);
    assert_true(memory_within(memory_anonymous_bytes(0), MEMORY_MAX));
    for (size_t i = 0; i < FIFTY; i++) {
        wire_copy_book(world.pipeline->market[i], &copy);
        wire_assert_true_book(&world, world.pipeline->market[i]->instrument, &copy);
    }
    assert_int_equal(world.bad, 0);
    assert_nothing_refused(&world);
    wire_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fifty_instruments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
