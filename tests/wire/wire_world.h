/*
 * wire_world.h - the real client (net, live feed, decoder, pipeline) on a real loop against the built-in exchange in
 * a child process, over TLS on loopback. Faults and the truth are asked for over the same way.
 *
 * Long forms: FLOWDECK_SOAK=1 (make soak). Everything is seeded; what waits for the wall clock has a named bound.
 */
#ifndef WIRE_WIRE_WORLD_H
#define WIRE_WIRE_WORLD_H

#include "app/demo.h"
#include "app/options.h"
#include "app/pipeline.h"
#include "app/strategy_options.h"
#include "core/base/clock.h"
#include "core/base/decimal.h"
#include "feed/live_feed.h"
#include "net/http_client.h"
#include "unit/cmocka_all.h"

#include <ev.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WIRE_LEVELS_MAX 40000
#define WIRE_TICK_S     0.01

struct wire_copy { /* of a book, to compare with the truth at the same update id */
    uint64_t update_id;
    int64_t low_ticks, high_ticks; /* what the snapshot knew */
    size_t count[SIDE_COUNT];
    struct level level[SIDE_COUNT][WIRE_LEVELS_MAX];
};

struct wire_world {
    char folder[64];
    struct demo exchange;
    struct ev_loop *loop;
    ev_timer tick;
    struct clock clock;
    struct net *net;
    struct live_feed *feed;
    struct pipeline *pipeline;
    struct venue_profile venue;
    void (*on_event)(struct wire_world *world,
                     const struct feed_event *event); /* after the pipeline; NULL: none */
    void (*on_tick)(struct wire_world *world);
    void *arg; /* the test's */
    uint64_t events, bad;
    const char *api_key; /* of the requests that follow; NULL: none */
    /* the last request */
    bool answered;
    int status;
    int64_t took_ns; /* from its sending to its answer */
    char *body;
    size_t size;
};

static inline bool wire_soak(void)
{
    const char *soak = getenv("FLOWDECK_SOAK");

    return soak != NULL && soak[0] != '\0' && soak[0] != '0';
}

/* --- life ---------------------------------------------------------------------------------------------------- */

static inline void wire_start_exchange(struct wire_world *world, uint64_t seed, const char *const *symbols,
                                       size_t symbol_count)
{
    struct demo_config config = {
        .data_dir = world->folder, .seed = seed, .symbols = symbols, .symbol_count = symbol_count};
    char why[512];

    snprintf(world->folder, sizeof(world->folder), "/tmp/flowdeck-wire-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    signal(SIGPIPE, SIG_IGN);
    if (demo_start(&config, &world->exchange, why, sizeof(why)) != ERR_OK)
        fail_msg("the exchange did not start: %s", why);
}

static inline void wire_event(void *arg, const struct feed_event *event)
{
    struct wire_world *world = arg;

    world->events++;
    world->bad += event->kind == FEED_BAD;
    pipeline_on_feed(world->pipeline, event);
    if (event->instrument != NULL && pipeline_needs_snapshot(world->pipeline, event->instrument->id))
        live_feed_need_snapshot(world->feed, event->instrument->id);
    if (world->on_event != NULL)
        world->on_event(world, event);
}

static inline void wire_tick(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct wire_world *world = timer->data;

    (void)loop;
    (void)events;
    if (world->pipeline == NULL)
        return;
    pipeline_on_time(world->pipeline, clock_now_ns(&world->clock));
    for (size_t i = 0; i < world->pipeline->markets; i++)
        if (pipeline_needs_snapshot(world->pipeline, (uint16_t)i))
            live_feed_need_snapshot(world->feed, (uint16_t)i);
    if (world->on_tick != NULL)
        world->on_tick(world);
}

/* A feed configuration for this world's exchange; change it, then wire_open(). */
static inline struct live_feed_config wire_config(struct wire_world *world, enum venue venue,
                                                  const char *const *symbols, size_t symbol_count)
{
    char why[256];

    assert_int_equal(venue_profile_init(&world->venue, venue, NULL), ERR_OK);
    assert_int_equal(venue_profile_set_urls(&world->venue, world->exchange.rest_url,
                                            world->exchange.stream_url, why, sizeof(why)),
                     ERR_OK);
    /* Our own bounds would make thousands of faults last for days. */
    world->venue.weight_share_percent = 100;
    world->venue.depth_limit_deep = world->venue.depth_limit_plain = 500;
    return (struct live_feed_config){.unpaced = true,
                                     .clock = &world->clock,
                                     .venue = &world->venue,
                                     .symbols = symbols,
                                     .symbol_count = symbol_count,
                                     .seed = 1,
                                     .silent_ms = 10000,
                                     .rotate_after_s = 82800,
                                     .backoff_first_ms = 50,
                                     .backoff_max_ms = 1000,
                                     .stable_ms = 1000};
}

static inline struct pipeline *wire_pipeline(bool strategy)
{
    struct config *settings = options_config_new();
    struct pipeline_config made;
    struct pipeline *pipeline;
    char why[512];

    assert_int_equal(options_pipeline(settings, &made, why), ERR_OK);
    config_free(settings);
    made.mode = MODE_SIMULATION;
    strategy_setup_find(&made, "ofi")->on = strategy;
    made.live = true;
    pipeline = pipeline_new(&made, NULL);
    assert_non_null(pipeline);
    return pipeline;
}

/* A loop and a client to ask the exchange with, and no more. */
static inline void wire_open_net(struct wire_world *world, const char *ca_file)
{
    struct net_config net = {.ca_file = ca_file, .user_agent = "flowdeck-test"};
    char why[512];

    net.loop = world->loop = ev_loop_new(EVFLAG_AUTO);
    if (net_new(&net, &world->net, why, sizeof(why)) != ERR_OK)
        fail_msg("net: %s", why);
    ev_timer_init(&world->tick, wire_tick, 0., WIRE_TICK_S); /* waiting is bounded by it */
    world->tick.data = world;
    ev_timer_start(world->loop, &world->tick);
}

/* strategy: `ofi` trades on paper, so that orders on a bad book would show. */
static inline void wire_open(struct wire_world *world, struct live_feed_config *config, bool strategy)
{
    char why[512];

    world->pipeline = wire_pipeline(strategy);
    clock_init_real(&world->clock);
    wire_open_net(world, world->exchange.ca_file);
    config->loop = world->loop;
    config->net = world->net;
    config->on_event = wire_event;
    config->arg = world;
    if (live_feed_new(config, &world->feed, why, sizeof(why)) != ERR_OK)
        fail_msg("feed: %s", why);
    live_feed_start(world->feed);
}

static inline void wire_close(struct wire_world *world)
{
    char command[128];

    if (world->loop != NULL) {
        ev_timer_stop(world->loop, &world->tick);
        live_feed_free(world->feed);
        net_free(world->net);
        pipeline_free(world->pipeline);
        ev_loop_destroy(world->loop);
    }
    demo_stop(&world->exchange);
    free(world->body);
    snprintf(command, sizeof(command), "rm -rf %s", world->folder);
    if (system(command) != 0)
        fail_msg("cannot remove %s", world->folder);
    memset(world, 0, sizeof(*world));
}

/* --- waiting ------------------------------------------------------------------------------------------------- */

/* Runs the loop until done() or the wall time is over; returns whether it was done. */
static inline bool wire_until(struct wire_world *world, bool (*done)(struct wire_world *world),
                              int64_t limit_ms)
{
    int64_t end_ns = clock_monotonic_ns() + limit_ms * INT64_C(1000000);

    while (!done(world)) {
        if (clock_monotonic_ns() >= end_ns)
            return false;
        ev_run(world->loop, EVRUN_ONCE);
    }
    return true;
}

static inline bool wire_never(struct wire_world *world)
{
    (void)world;
    return false;
}

static inline void wire_run_ms(struct wire_world *world, int64_t ms)
{
    wire_until(world, wire_never, ms);
}

static inline bool wire_all_live(struct wire_world *world)
{
    for (size_t i = 0; i < world->pipeline->markets; i++)
        if (book_sync_state(world->pipeline->market[i]->sync) != BOOK_LIVE)
            return false;
    return world->pipeline->markets > 0;
}

/* --- asking the exchange --------------------------------------------------------------------------------------- */

static inline void wire_on_reply(void *arg, const struct http_reply *reply)
{
    struct wire_world *world = arg;

    world->answered = true;
    world->took_ns = reply->received_boot_ns - reply->sent_boot_ns;
    world->status = reply->failure.kind == NET_OK ? reply->status : -1;
    world->size = reply->size;
    free(world->body);
    world->body = malloc(reply->size + 1);
    memcpy(world->body, reply->body != NULL ? reply->body : "", reply->size);
    world->body[reply->size] = '\0';
}

static inline bool wire_answered(struct wire_world *world)
{
    return world->answered;
}

/* "GET", "/sim/stats", NULL. Returns the status, -1 when there is no answer; the reply is in world->body. */
static inline int wire_ask(struct wire_world *world, const char *method, const char *path, const char *body)
{
    char url[1536];
    struct http_header header = {"X-MBX-APIKEY", world->api_key};
    struct http_request request = {.method = method,
                                   .url = url,
                                   .headers = &header,
                                   .header_count = world->api_key != NULL,
                                   .body = body,
                                   .body_size = body == NULL ? 0 : strlen(body),
                                   .body_max = (size_t)32 << 20,
                                   .on_done = wire_on_reply,
                                   .arg = world};

    snprintf(url, sizeof(url), "%s%s", world->exchange.rest_url, path);
    world->answered = false;
    assert_non_null(http_start(world->net, &request));
    assert_true(wire_until(world, wire_answered, 15000));
    return world->status;
}

static inline void wire_fault(struct wire_world *world, const char *fault)
{
    if (wire_ask(world, "POST", "/sim/fault", fault) != 200)
        fail_msg("fault '%s': %d %s", fault, world->status, world->body);
}

/* --- the truth ------------------------------------------------------------------------------------------------- */

static inline void wire_copy_book(const struct market_state *market, struct wire_copy *copy)
{
    copy->update_id = book_sync_update_id(market->sync);
    copy->low_ticks = market->known_low_ticks;
    copy->high_ticks = market->known_high_ticks;
    for (int side = 0; side < SIDE_COUNT; side++)
        copy->count[side] = order_book_top(market->book, (enum side)side, copy->level[side], WIRE_LEVELS_MAX);
}

static inline int64_t wire_steps(const json_t *text, int64_t step_e8)
{
    const char *value = json_string_value(text);
    int64_t e8 = 0;

    assert_non_null(value);
    assert_int_equal(decimal_parse(value, strlen(value), DECIMAL_E8_DIGITS, &e8), ERR_OK);
    assert_int_equal(e8 % step_e8, 0);
    return e8 / step_e8;
}

/* Each level of ours is the truth's, and none of the truth's within what we know is missing. */
static inline void wire_compare_side(const struct instrument *instrument, const struct wire_copy *copy,
                                     enum side side, const json_t *truth)
{
    size_t at = 0, index;
    const json_t *row;

    json_array_foreach(truth, index, row)
    {
        int64_t price = wire_steps(json_array_get(row, 0), instrument->tick_e8);
        int64_t lots = wire_steps(json_array_get(row, 1), instrument->lot_e8);
        bool known = side == SIDE_BID ? price >= copy->low_ticks : price <= copy->high_ticks;
        const struct level *ours = at < copy->count[side] ? &copy->level[side][at] : NULL;

        if (ours != NULL && ours->price_ticks == price) {
            if (ours->qty_lots != lots)
                fail_msg("%s at %lld, id %llu: %lld lots, the truth is %lld", instrument->symbol,
                         (long long)price, (unsigned long long)copy->update_id, (long long)ours->qty_lots,
                         (long long)lots);
            at++;
        } else if (known) {
            fail_msg("%s: no level at %lld, id %llu, where the truth has %lld lots", instrument->symbol,
                     (long long)price, (unsigned long long)copy->update_id, (long long)lots);
        }
    }
    if (at != copy->count[side])
        fail_msg("%s: ghost level at %lld, id %llu", instrument->symbol,
                 (long long)copy->level[side][at].price_ticks, (unsigned long long)copy->update_id);
}

/* Compares a copy with the exchange's own book at the same update id. */
static inline void wire_assert_true_book(struct wire_world *world, const struct instrument *instrument,
                                         const struct wire_copy *copy)
{
    char path[160];
    json_error_t error;
    json_t *truth;

    snprintf(path, sizeof(path), "/sim/truth/%s?update_id=%llu%s", instrument->symbol,
             (unsigned long long)copy->update_id, instrument->venue == VENUE_BINANCE_SPOT ? "" : "&usdm=1");
    if (wire_ask(world, "GET", path, NULL) != 200)
        fail_msg("truth: %d %s", world->status, world->body);
    truth = json_loads(world->body, 0, &error);
    assert_non_null(truth);
    wire_compare_side(instrument, copy, SIDE_BID, json_object_get(truth, "bids"));
    wire_compare_side(instrument, copy, SIDE_ASK, json_object_get(truth, "asks"));
    json_decref(truth);
}

#endif
