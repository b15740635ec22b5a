/*
 * A day of market in virtual time and without sockets: the exchange's own messages of three symbols through decoder,
 * books, signals and the paper broker, midnight included. Every book goes on without a loss of messages, equals the
 * exchange's each hour, and what the process holds does not grow. The short form is some minutes of that day.
 */
#include "app/options.h"
#include "app/pipeline.h"
#include "app/strategy_options.h"
#include "core/base/clock.h"
#include "sim/exchange.h"
#include "sim/publisher.h"
#include "wire/own_use.h"
#include "wire/wire_world.h"

#include <malloc.h>

#define OPEN_NS     INT64_C(1800000000000000000) /* 08:00 UTC */
#define SECOND_NS   INT64_C(1000000000)
#define STEP_NS     INT64_C(50000000)
#define SNAPSHOT_NS INT64_C(120000000) /* a request's way there and back */
#define DAY_S       86400
#define SHORT_S     240
#define SYMBOLS     3
#define STREAMS     3          /* of each symbol */
#define TEXT_ROOM   (64 << 10) /* of one message */
#define ACCOUNT_E8  (INT64_C(1000000) * 100000000)
#define LIVE_S_MAX  10 /* from a loss, or the start, to LIVE again */

/* The client's own from a sixth of the time on: what it needs it has by then. Telling what is allocated takes time, so
 * in the long form only one second of each minute is weighed. */
#define CLIENT_GROWTH_MAX (INT64_C(64) << 10)
#define WEIGH_EVERY_S     60
/* Of the whole process, in the long form: the exchange keeps every change of its books until that log is full (96 MB,
 * in the first hour), candles for a week and what its lists hold. */
#define GROWTH_MAX (INT64_C(8) << 20)

static const char *const symbols[SYMBOLS] = {"BTCUSDT", "ETHUSDT", "SOLUSDT"};

struct world {
    struct exchange *exchange;
    struct decoder *decoder;
    struct pipeline *pipeline;
    int64_t snapshot_due_ns[SYMBOLS]; /* 0: none is asked for */
    int64_t not_live_ns[SYMBOLS];     /* since when; 0: it is LIVE */
    char text[TEXT_ROOM];
    uint64_t messages, bad, snapshots, compared;
    bool weighing;
    int64_t client_bytes; /* allocated less freed inside decoder and pipeline, while weighing */
    struct wire_copy copy;
};

static size_t index_of(const struct instrument *instrument)
{
    size_t i = 0;

    while (i < SYMBOLS && strcmp(instrument->symbol, symbols[i]) != 0)
        i++;
    assert_true(i < SYMBOLS);
    return i;
}

static int64_t allocated_bytes(const struct world *world)
{
    struct mallinfo2 info;

    if (!world->weighing)
        return 0;
    info = mallinfo2();
    return (int64_t)(info.uordblks + info.hblkhd);
}

static void drain(struct world *world, int64_t allocated_before)
{
    struct feed_event event;

    while (decoder_next(world->decoder, &event)) {
        if (event.kind == FEED_BAD)
            world->bad++;
        pipeline_on_feed(world->pipeline, &event);
    }
    world->client_bytes += allocated_bytes(world) - allocated_before;
}

static void pass_time(struct world *world)
{
    int64_t before = allocated_bytes(world);

    pipeline_on_time(world->pipeline, world->exchange->now_ns);
    world->client_bytes += allocated_bytes(world) - before;
}

/* In the stream's envelope, with the padding that scanners may touch. */
static void on_message(void *arg, struct sim_stream *stream, const char *json, size_t size)
{
    struct world *world = arg;
    int64_t before = allocated_bytes(world);
    int used = snprintf(world->text, sizeof(world->text), "{\"stream\":\"%s\",\"data\":%.*s}",
                        sim_stream_name(stream), (int)size, json);

    assert_true(used > 0 && (size_t)used + DECODER_PADDING < sizeof(world->text));
    memset(world->text + used, 0, DECODER_PADDING);
    world->messages++;
    decoder_push(world->decoder, world->exchange->now_ns, world->text, (size_t)used);
    drain(world, before);
}

/* --- snapshots -------------------------------------------------------------------------------------------------- */

static void take_snapshot(struct world *world, size_t symbol)
{
    static const char padding[DECODER_PADDING];
    char query[64];
    struct sim_request request = {"GET", "/api/v3/depth", query, "", "", "127.0.0.1"};
    struct sim_reply reply = {0};
    int64_t before;

    snprintf(query, sizeof(query), "symbol=%s&limit=1000", symbols[symbol]);
    for (const struct sim_route *route = rest_market_routes; route->method != NULL; route++)
        if (strcmp(route->path, request.path) == 0) {
            route->handle(world->exchange, &request, &reply);
            break;
        }
    assert_int_equal(reply.status, 200);
    sim_text_add_size(&reply.body, padding, DECODER_PADDING);
    before = allocated_bytes(world);
    decoder_push_snapshot(world->decoder, world->exchange->now_ns, symbols[symbol], reply.body.at,
                          reply.body.size - DECODER_PADDING);
    drain(world, before);
    sim_text_free(&reply.body);
    world->snapshots++;
}

static void watch_books(struct world *world)
{
    int64_t now_ns = world->exchange->now_ns;

    for (size_t i = 0; i < world->pipeline->markets; i++) {
        const struct market_state *market = world->pipeline->market[i];
        size_t symbol = index_of(market->instrument);

        if (world->snapshot_due_ns[symbol] != 0 && now_ns >= world->snapshot_due_ns[symbol]) {
            world->snapshot_due_ns[symbol] = 0;
            take_snapshot(world, symbol);
        } else if (world->snapshot_due_ns[symbol] == 0 &&
                   pipeline_needs_snapshot(world->pipeline, (uint16_t)i)) {
            world->snapshot_due_ns[symbol] = now_ns + SNAPSHOT_NS;
        }
        if (book_sync_state(market->sync) == BOOK_LIVE)
            world->not_live_ns[symbol] = 0;
        else if (world->not_live_ns[symbol] == 0)
            world->not_live_ns[symbol] = now_ns;
        else if (now_ns - world->not_live_ns[symbol] > LIVE_S_MAX * SECOND_NS)
            fail_msg("%s is not LIVE for %d s", symbols[symbol], LIVE_S_MAX);
    }
}

/* --- life ------------------------------------------------------------------------------------------------------- */

static void open_streams(struct world *world, size_t symbol)
{
    static const char *const kinds[STREAMS] = {"depth@100ms", "bookTicker", "trade"};

    for (size_t kind = 0; kind < STREAMS; kind++) {
        char name[64];
        size_t i;

        for (i = 0; symbols[symbol][i] != '\0'; i++)
            name[i] = (char)(symbols[symbol][i] - 'A' + 'a');
        snprintf(name + i, sizeof(name) - i, "@%s", kinds[kind]);
        assert_non_null(publisher_open(world->exchange->publisher, PATH_SPOT, name));
    }
    assert_int_equal(decoder_add_instrument(world->decoder, OPEN_NS, symbols[symbol], VENUE_BINANCE_SPOT),
                     ERR_OK);
    drain(world, allocated_bytes(world));
}

static void open_world(struct world *world, uint64_t seed)
{
    struct exchange_config config = {.seed = seed, .symbols = symbols, .symbol_count = SYMBOLS};
    struct config *settings = options_config_new();
    struct publisher_sink sink = {on_message, world};
    struct decoder_config decoder = {.known = NULL};
    struct pipeline_config made;
    char why[512];

    assert_int_equal(exchange_new(&config, &world->exchange, why, sizeof(why)), 0);
    assert_int_equal(exchange_open(world->exchange, OPEN_NS), 0);
    assert_int_equal(options_pipeline(settings, &made, why), ERR_OK);
    config_free(settings);
    made.mode = MODE_SIMULATION;
    strategy_setup_find(&made, "ofi")->on = true;
    made.account_start_e8 =
        ACCOUNT_E8; /* it may lose all day long: an early halt would leave a day without orders */
    made.limits.daily_loss_bp = made.limits.drawdown_bp = 10000;
    made.live = true;
    world->pipeline = pipeline_new(&made, NULL);
    world->decoder = decoder_new(&decoder);
    assert_non_null(world->pipeline);
    assert_non_null(world->decoder);
    publisher_set_sink(world->exchange->publisher, &sink);
    for (size_t i = 0; i < SYMBOLS; i++)
        open_streams(world, i);
}

static void close_world(struct world *world)
{
    pipeline_free(world->pipeline);
    decoder_free(world->decoder);
    exchange_free(world->exchange);
}

/* --- the day ---------------------------------------------------------------------------------------------------- */

static void compare(struct world *world)
{
    for (size_t i = 0; i < world->pipeline->markets; i++) {
        const struct market_state *market = world->pipeline->market[i];
        int symbol = exchange_symbol(world->exchange, market->instrument->symbol, false);
        struct sim_text text = {0};
        json_error_t error;
        json_t *truth;

        if (book_sync_state(market->sync) != BOOK_LIVE)
            continue;
        wire_copy_book(market, &world->copy);
        assert_true(symbol >= 0);
        assert_true(
            publisher_truth(world->exchange->publisher, (size_t)symbol, world->copy.update_id, &text));
        truth = json_loads(text.at, 0, &error);
        assert_non_null(truth);
        wire_compare_side(market->instrument, &world->copy, SIDE_BID, json_object_get(truth, "bids"));
        wire_compare_side(market->instrument, &world->copy, SIDE_ASK, json_object_get(truth, "asks"));
        json_decref(truth);
        sim_text_free(&text);
        world->compared++;
    }
}

/* A best price that walks out of what the snapshot knew is no error: that costs a new snapshot. */
static void assert_no_errors(const struct world *world)
{
    const struct decoder_counts *counts = decoder_counts(world->decoder);

    assert_int_equal(world->pipeline->markets, SYMBOLS);
    assert_int_equal(world->bad, 0);
    assert_int_equal(counts->bad, 0);
    assert_int_equal(world->pipeline->counts.errors, 0);
    assert_int_equal(world->pipeline->risk.state, STATE_ACTIVE);
    for (size_t i = 0; i < SYMBOLS; i++) {
        const struct sync_counts *sync = book_sync_counts(world->pipeline->market[i]->sync);

        for (int cause = 0; cause < STALE_CAUSES; cause++)
            if (cause != STALE_HORIZON && sync->lost[cause] != 0)
                fail_msg("%s: %llu times lost: %s", symbols[i], (unsigned long long)sync->lost[cause],
                         stale_cause_word((enum stale_cause)cause));
        assert_int_equal(sync->gaps, 0);
        assert_int_equal(sync->held_lost, 0);
    }
}

static void tell(const struct world *world, int64_t seconds, int64_t start_ns)
{
    uint64_t horizon = 0;

    for (size_t i = 0; i < world->pipeline->markets; i++)
        horizon += book_sync_counts(world->pipeline->market[i]->sync)->lost[STALE_HORIZON];
    print_message(
        "%lld s of market in %.1f s: %llu messages, %llu orders sent (%s%s%s), %llu snapshots (%llu for the "
        "horizon), %llu books compared; the client grew by %lld kB of what was weighed, the process %.1f "
        "MB\n",
        (long long)seconds, (double)(clock_monotonic_ns() - start_ns) * 1e-9,
        (unsigned long long)world->messages, (unsigned long long)world->pipeline->counts.sent,
        trading_state_word(world->pipeline->risk.state), world->pipeline->state_why[0] == '\0' ? "" : ": ",
        world->pipeline->state_why, (unsigned long long)world->snapshots, (unsigned long long)horizon,
        (unsigned long long)world->compared, (long long)world->client_bytes / 1000,
        (double)memory_anonymous_bytes(0) * 1e-6);
}

static void run_second(struct world *world, int64_t second)
{
    for (int64_t step = 1; step <= SECOND_NS / STEP_NS; step++) {
        exchange_advance(world->exchange, OPEN_NS + (second - 1) * SECOND_NS + step * STEP_NS);
        pass_time(world);
        watch_books(world);
    }
}

static void test_a_day_without_growth(void **state)
{
    static struct world world;
    int64_t seconds = wire_soak() ? DAY_S : SHORT_S, hour_s = seconds / 24, mark_s = hour_s * 4;
    int64_t memory = 0, client = 0, start_ns = clock_monotonic_ns();
    uint64_t sent_by_mark = 0;

    (void)state;
    world.weighing = !wire_soak();
    open_world(&world, 5);
    for (int64_t second = 1; second <= seconds; second++) {
        world.weighing = !wire_soak() || second % WEIGH_EVERY_S == 0;
        run_second(&world, second);
        if (second == mark_s) {
            memory = memory_anonymous_bytes(0);
            client = world.client_bytes;
            sent_by_mark = world.pipeline->counts.sent;
        }
        if (second % hour_s == 0)
            compare(&world);
        if (second % (hour_s * 4) == 0)
            tell(&world, second, start_ns);
    }
    assert_no_errors(&world);
    assert_true(world.compared > 24);
    assert_true(world.pipeline->counts.sent > sent_by_mark);
    assert_true(world.client_bytes - client <= CLIENT_GROWTH_MAX);
    if (wire_soak())
        assert_true(memory_within(memory_anonymous_bytes(0) - memory, GROWTH_MAX));
    close_world(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_day_without_growth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
