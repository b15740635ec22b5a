/*
 * Lost, doubled and swapped depth messages between the exchange and the engine, in virtual time and without sockets:
 * the publisher's own messages through decoder and pipeline. Each loss is noticed at the next message, the book that
 * comes back equals the exchange's at the same update id, and nothing is sent while it is not LIVE.
 */
#include "app/options.h"
#include "app/pipeline.h"
#include "core/base/decimal.h"
#include "sim/exchange.h"
#include "sim/publisher.h"
#include "wire/wire_world.h"

#define OPEN_NS       INT64_C(1800000000000000000)
#define STEP_NS       INT64_C(50000000)
#define SNAPSHOT_NS   INT64_C(120000000) /* a request's way there and back */
#define COMPARE_EVERY 16                 /* books that came back, compared with the truth */

struct world {
    struct exchange *exchange;
    struct decoder *decoder;
    struct pipeline *pipeline;
    struct sim_stream *stream[3];
    bool futures;
    size_t symbol; /* of the exchange */
    uint64_t random;
    int64_t snapshot_due_ns; /* 0: none is asked for */
    bool lost;               /* a depth message since the last one that was given */
    uint64_t gaps, doubled, swapped, compared, live_again, late;
    char *held; /* a depth message that its successor overtakes */
    size_t held_size;
    struct wire_copy copy;
};

static uint64_t next_random(struct world *world)
{
    world->random ^= world->random << 13;
    world->random ^= world->random >> 7;
    world->random ^= world->random << 17;
    return world->random;
}

static struct market_state *market_of(const struct world *world)
{
    return world->pipeline->markets > 0 ? world->pipeline->market[0] : NULL;
}

static bool is_live(const struct world *world)
{
    return market_of(world) != NULL && book_sync_state(market_of(world)->sync) == BOOK_LIVE;
}

static void drain(struct world *world)
{
    struct feed_event event;

    while (decoder_next(world->decoder, &event)) {
        bool was_live = is_live(world);
        uint64_t sent = world->pipeline->counts.sent;

        assert_int_not_equal(event.kind, FEED_BAD);
        pipeline_on_feed(world->pipeline, &event);
        if (!was_live && !is_live(world))
            assert_int_equal(world->pipeline->counts.sent, sent);
        if (event.kind == FEED_DEPTH) { /* the one after a loss must have shown it */
            world->late += world->lost && was_live && is_live(world);
            world->lost = false;
        }
    }
    if (market_of(world) != NULL && world->snapshot_due_ns == 0 &&
        pipeline_needs_snapshot(world->pipeline, 0))
        world->snapshot_due_ns = world->exchange->now_ns + SNAPSHOT_NS;
}

/* The stream's envelope around it, with the padding that scanners may touch. */
static void give(struct world *world, const char *name, const char *json, size_t size)
{
    size_t room = size + strlen(name) + 32 + DECODER_PADDING;
    char *text = calloc(1, room);
    int used = snprintf(text, room, "{\"stream\":\"%s\",\"data\":%.*s}", name, (int)size, json);

    decoder_push(world->decoder, world->exchange->now_ns, text, (size_t)used);
    drain(world);
    free(text);
}

/* One in three depth messages of a LIVE book is lost, some are doubled or swapped with the next. */
static void on_message(void *arg, struct sim_stream *stream, const char *json, size_t size)
{
    struct world *world = arg;
    const char *name = sim_stream_name(stream);
    unsigned chance = (unsigned)(next_random(world) >> 32) % 100;

    if (!sim_stream_is_depth(stream)) {
        give(world, name, json, size);
        return;
    }
    if (is_live(world) && world->held == NULL && !world->lost && chance < 33) {
        world->gaps++;
        world->lost = true;
        return;
    }
    if (is_live(world) && world->held == NULL && !world->lost && chance < 36) {
        world->swapped++;
        world->held = malloc(size);
        memcpy(world->held, json, size);
        world->held_size = size;
        return;
    }
    give(world, name, json, size);
    if (world->held != NULL) {
        give(world, name, world->held, world->held_size);
        free(world->held);
        world->held = NULL;
    }
    if (chance >= 90) {
        world->doubled++;
        give(world, name, json, size);
    }
}

static void take_snapshot(struct world *world)
{
    const char *path = world->futures ? "/fapi/v1/depth" : "/api/v3/depth";
    struct sim_request request = {"GET", path, "symbol=BTCUSDT&limit=1000", "", "", "127.0.0.1"};
    struct sim_reply reply = {0};

    for (const struct sim_route *route = rest_market_routes; route->method != NULL; route++)
        if (strcmp(route->path, path) == 0) {
            route->handle(world->exchange, &request, &reply);
            break;
        }
    assert_int_equal(reply.status, 200);
    sim_text_add_size(&reply.body,
                      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                      DECODER_PADDING);
    decoder_push_snapshot(world->decoder, world->exchange->now_ns, "BTCUSDT", reply.body.at,
                          reply.body.size - DECODER_PADDING);
    sim_text_free(&reply.body);
    drain(world);
}

static void compare(struct world *world)
{
    struct sim_text text = {0};
    json_error_t error;
    json_t *truth;

    wire_copy_book(market_of(world), &world->copy);
    assert_true(publisher_truth(world->exchange->publisher, world->symbol, world->copy.update_id, &text));
    truth = json_loads(text.at, 0, &error);
    assert_non_null(truth);
    wire_compare_side(market_of(world)->instrument, &world->copy, SIDE_BID, json_object_get(truth, "bids"));
    wire_compare_side(market_of(world)->instrument, &world->copy, SIDE_ASK, json_object_get(truth, "asks"));
    json_decref(truth);
    sim_text_free(&text);
    world->compared++;
}

static void open_world(struct world *world, bool futures, uint64_t seed)
{
    static const char *const symbols[] = {"BTCUSDT"};
    struct exchange_config config = {.seed = seed, .symbols = symbols, .symbol_count = 1};
    struct config *settings = options_config_new();
    enum stream_path book = futures ? PATH_USDM_PUBLIC : PATH_SPOT;
    struct publisher_sink sink = {on_message, world};
    struct decoder_config decoder = {.known = NULL};
    struct pipeline_config made;
    char why[512];

    world->futures = futures;
    world->random = seed * 2654435761U + 1;
    assert_int_equal(exchange_new(&config, &world->exchange, why, sizeof(why)), 0);
    assert_int_equal(exchange_open(world->exchange, OPEN_NS), 0);
    world->symbol = (size_t)exchange_symbol(world->exchange, "BTCUSDT", futures);
    assert_true(world->symbol < world->exchange->symbols);
    assert_int_equal(options_pipeline(settings, &made, why), ERR_OK);
    config_free(settings);
    made.mode = MODE_SIMULATION;
    made.live = true;
    world->pipeline = pipeline_new(&made, NULL);
    world->decoder = decoder_new(&decoder);
    publisher_set_sink(world->exchange->publisher, &sink);
    world->stream[0] = publisher_open(world->exchange->publisher, book, "btcusdt@depth@100ms");
    world->stream[1] = publisher_open(world->exchange->publisher, book, "btcusdt@bookTicker");
    world->stream[2] = publisher_open(world->exchange->publisher, futures ? PATH_USDM_MARKET : PATH_SPOT,
                                      futures ? "btcusdt@aggTrade" : "btcusdt@trade");
    for (int i = 0; i < 3; i++)
        assert_non_null(world->stream[i]);
    assert_int_equal(decoder_add_instrument(world->decoder, OPEN_NS, "BTCUSDT",
                                            futures ? VENUE_BINANCE_USDM : VENUE_BINANCE_SPOT),
                     ERR_OK);
    drain(world);
}

static void close_world(struct world *world)
{
    decoder_free(world->decoder);
    pipeline_free(world->pipeline);
    exchange_free(world->exchange);
    free(world->held);
    memset(world, 0, sizeof(*world));
}

static void run(bool futures, uint64_t seed, uint64_t gaps)
{
    static struct world world;

    open_world(&world, futures, seed);
    for (int64_t step = 1; world.gaps < gaps; step++) {
        bool was_live = is_live(&world);

        assert_true(step < (int64_t)gaps * 200); /* a book that never comes back would run for ever */
        exchange_advance(world.exchange, OPEN_NS + step * STEP_NS);
        pipeline_on_time(world.pipeline, world.exchange->now_ns);
        drain(&world);
        if (world.snapshot_due_ns != 0 && world.exchange->now_ns >= world.snapshot_due_ns) {
            world.snapshot_due_ns = 0;
            take_snapshot(&world);
        }
        if (!was_live && is_live(&world) && ++world.live_again % COMPARE_EVERY == 0)
            compare(&world);
    }
    print_message("%llu messages lost, %llu swapped, %llu doubled; %llu times LIVE again, %llu compared\n",
                  (unsigned long long)world.gaps, (unsigned long long)world.swapped,
                  (unsigned long long)world.doubled, (unsigned long long)world.live_again,
                  (unsigned long long)world.compared);
    assert_int_equal(world.late, 0);
    assert_true(book_sync_counts(market_of(&world)->sync)->gaps >= gaps);
    close_world(&world);
}

static void test_every_gap_is_noticed_on_spot(void **state)
{
    (void)state;
    run(false, 7, wire_soak() ? 10000 : 1000);
}

static void test_every_gap_is_noticed_on_futures(void **state)
{
    (void)state;
    run(true, 8, wire_soak() ? 10000 : 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_gap_is_noticed_on_spot),
        cmocka_unit_test(test_every_gap_is_noticed_on_futures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
