/*
 * A flood of order messages at the exchange, over real sockets: the client keeps up, its book ends equal to the
 * exchange's, its memory stays, pings are answered, and the engine gives its frames. The figures are printed; what is
 * asserted has room for a machine that does other things too.
 */
#include "core/base/clock.h"
#include "wire/own_use.h"
#include "wire/wire_world.h"

#define LIVE_MS 20000
#define FLOOD_PER_S                                                                                          \
    130000 /* orders and cancels in each of two books: more than 100,000 messages a second come out */
#define CALM_MS     1000 /* before the figures begin: pools and buffers have their size */
#define AFTER_MS    1000 /* the flood's own orders go at its pace */
#define GROWTH_MAX  (INT64_C(8) << 20)
#define MS_NS       INT64_C(1000000)
#define PONG_MAX_NS (1000 * MS_NS)

/* The pong must come within three times that. */
#define PING "ping 0.5"

static const char *const both[] = {"BTCUSDT", "ETHUSDT"};
static struct wire_copy copy;

static int flood_seconds(void)
{
    return wire_soak() ? 60 : 2;
}

static void start_flood(struct wire_world *world)
{
    char fault[64];

    for (size_t i = 0; i < 2; i++) {
        snprintf(fault, sizeof(fault), "flood %d %d %s", FLOOD_PER_S, flood_seconds(), both[i]);
        wire_fault(world, fault);
    }
}

static json_int_t stat_of(const json_t *stats, const char *group, const char *name)
{
    const json_t *value = json_object_get(group == NULL ? stats : json_object_get(stats, group), name);

    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

/* Nobody was too slow, sent too much or answered a ping too late. */
static void assert_nobody_was_closed(struct wire_world *world)
{
    json_error_t error;
    json_t *stats;

    assert_int_equal(wire_ask(world, "GET", "/sim/stats", NULL), 200);
    stats = json_loads(world->body, 0, &error);
    assert_non_null(stats);
    assert_int_equal(stat_of(stats, "closed", "slow"), 0);
    assert_int_equal(stat_of(stats, "closed", "messages"), 0);
    assert_int_equal(stat_of(stats, "closed", "pong"), 0);
    print_message("the exchange: %" JSON_INTEGER_FORMAT
                  " messages out, its send queue at most %" JSON_INTEGER_FORMAT
                  " kB, its memory %" JSON_INTEGER_FORMAT " MB\n",
                  stat_of(stats, NULL, "messages_out"), stat_of(stats, NULL, "queue_bytes_max") / 1000,
                  stat_of(stats, NULL, "rss_bytes") / 1000000);
    json_decref(stats);
}

/* --- the feed ------------------------------------------------------------------------------------------------- */

struct ages {             /* of messages when they were read, by the one clock of this machine */
    uint64_t count, late; /* older than 50 ms */
    int64_t worst_ms;
    uint64_t downs;
};

static void note_age(struct wire_world *world, const struct feed_event *event)
{
    struct ages *ages = world->arg;
    int64_t venue_ms = event->kind == FEED_DEPTH   ? event->depth.venue_ms
                       : event->kind == FEED_TRADE ? event->trade.venue_ms
                                                   : 0;
    int64_t age_ms = event->recv_ns / MS_NS - venue_ms;

    ages->downs += event->kind == FEED_LINK && event->link.state != FEED_LINK_UP;
    if (venue_ms == 0)
        return;
    ages->count++;
    ages->late += age_ms > 50;
    if (age_ms > ages->worst_ms)
        ages->worst_ms = age_ms;
}

static void assert_books_true(struct wire_world *world)
{
    for (size_t i = 0; i < world->pipeline->markets; i++) {
        wire_copy_book(world->pipeline->market[i], &copy);
        wire_assert_true_book(world, world->pipeline->market[i]->instrument, &copy);
    }
}

struct flood_figures {
    int64_t wall_ns, cpu_ns, memory;
    uint64_t calm, messages, bytes; /* calm: of CALM_MS */
};

static void run_flood(struct wire_world *world, struct flood_figures *figures)
{
    const struct link_status *link = &live_feed_status(world->feed)->link[0];

    figures->calm = link->messages;
    wire_run_ms(world, CALM_MS);
    figures->calm = link->messages - figures->calm;
    figures->memory = memory_anonymous_bytes(0);
    figures->messages = link->messages;
    figures->bytes = link->bytes;
    memset(world->arg, 0, sizeof(struct ages));
    start_flood(world);
    figures->wall_ns = clock_monotonic_ns();
    figures->cpu_ns = thread_cpu_ns();
    wire_run_ms(world, flood_seconds() * 1000);
    figures->cpu_ns = thread_cpu_ns() - figures->cpu_ns;
    figures->wall_ns = clock_monotonic_ns() - figures->wall_ns;
    figures->messages = link->messages - figures->messages;
    figures->bytes = link->bytes - figures->bytes;
    wire_run_ms(world, AFTER_MS);
    assert_true(wire_until(world, wire_all_live, LIVE_MS));
    assert_books_true(world);
    figures->memory = memory_anonymous_bytes(0) - figures->memory;
}

static void tell(const struct wire_world *world, const struct flood_figures *figures)
{
    const struct ages *ages = world->arg;
    double seconds = (double)figures->wall_ns * 1e-9;

    print_message(
        "%.1f s: %.0f messages/s, %.1f MB/s (before: %llu/s), %.0f%% of a core; memory grew by %lld kB\n",
        seconds, (double)figures->messages / seconds, (double)figures->bytes * 1e-6 / seconds,
        (unsigned long long)figures->calm, (double)figures->cpu_ns * 1e-7 / seconds,
        (long long)figures->memory / 1000);
    print_message("%llu messages with a time, %llu older than 50 ms, the oldest %lld ms; pong at most %.2f "
                  "ms after its "
                  "ping\n",
                  (unsigned long long)ages->count, (unsigned long long)ages->late, (long long)ages->worst_ms,
                  (double)live_feed_status(world->feed)->link[0].pong_delay_max_ns * 1e-6);
}

static void test_the_book_is_true_under_a_flood(void **state)
{
    struct wire_world world = {0};
    struct live_feed_config config;
    struct flood_figures figures;
    struct ages ages = {0};
    const struct link_status *link;

    (void)state;
    wire_start_exchange(&world, 11, both, 2);
    config = wire_config(&world, VENUE_BINANCE_SPOT, both, 2);
    world.arg = &ages;
    wire_open(&world, &config, true);
    assert_true(wire_until(&world, wire_all_live, LIVE_MS));
    wire_fault(&world, PING);
    world.on_event = note_age;
    run_flood(&world, &figures);
    tell(&world, &figures);
    link = &live_feed_status(world.feed)->link[0];
    assert_true(figures.messages > 4 * figures.calm); /* it was one */
    assert_int_equal(world.bad, 0);
    assert_int_equal(ages.downs, 0);
    assert_int_equal(link->connects, 1);
    for (size_t i = 0; i < world.pipeline->markets; i++) {
        const struct sync_counts *counts = book_sync_counts(world.pipeline->market[i]->sync);

        assert_int_equal(counts->gaps + counts->resyncs + counts->held_lost, 0);
    }
    assert_true(link->pong_delay_max_ns > 0 && link->pong_delay_max_ns < PONG_MAX_NS);
    assert_true(memory_within(figures.memory, GROWTH_MAX));
    assert_nobody_was_closed(&world);
    wire_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_book_is_true_under_a_flood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
