/* pipeline_world.h - a pipeline with one instrument and a verified book, for tests of what looks at it. */
#ifndef UNIT_PIPELINE_WORLD_H
#define UNIT_PIPELINE_WORLD_H

#include "app/options.h"
#include "app/pipeline.h"
#include "unit/cmocka_all.h"

#define WORLD_NS INT64_C(1700000000000000000)

struct world {
    struct pipeline *pipeline;
    struct instrument instrument;
    uint64_t id;
    int64_t now_ns;
};

/* Set before world_init(): a venue that can be asked for snapshots. */
static bool world_live;
/* Likewise: not the paper broker but this venue, live. */
static const struct gateway *world_gateway;
/* Likewise: what else its configuration is to be; NULL: as it is. */
static void (*world_configure)(struct pipeline_config *config);
/* Likewise: its symbol, tick and lot; NULL, 0: BTCUSDT, 0.01 and 0.00001. */
static const char *world_symbol;
static int64_t world_tick_e8, world_lot_e8;

/* The configuration is that of the program's defaults, in simulation. */
static inline void world_init_venue(struct world *world, enum venue venue, const struct level *bids,
                                    size_t bid_count, const struct level *asks, size_t ask_count)
{
    struct config *config = options_config_new();
    struct pipeline_config made;
    char why[CONFIG_WHY_SIZE];
    struct feed_event event = {
        .kind = FEED_INSTRUMENT, .recv_ns = WORLD_NS, .instrument = &world->instrument};

    assert_int_equal(options_pipeline(config, &made, why), ERR_OK);
    config_free(config);
    made.mode = MODE_SIMULATION;
    made.live = world_live;
    if (world_gateway != NULL) {
        made.gateway = world_gateway;
        made.mode = MODE_LIVE;
        made.limits.max_qty_e8 = INT64_C(100000000);
    }
    if (world_configure != NULL)
        world_configure(&made);
    world->pipeline = pipeline_new(&made, NULL);
    world->now_ns = WORLD_NS;
    world->id = 10;
    instrument_init(&world->instrument, world_symbol != NULL ? world_symbol : "BTCUSDT", venue, 0);
    world->instrument.tick_e8 = world_tick_e8 > 0 ? world_tick_e8 : 1000000;
    world->instrument.lot_e8 = world_lot_e8 > 0 ? world_lot_e8 : 1000;
    pipeline_on_feed(world->pipeline, &event);
    event.kind = FEED_SNAPSHOT;
    event.snapshot = (struct depth_snapshot){.recv_ns = WORLD_NS,
                                             .last_id = world->id,
                                             .levels = {bids, asks},
                                             .level_count = {bid_count, ask_count}};
    pipeline_on_feed(world->pipeline, &event);
    event.kind = FEED_DEPTH;
    event.depth = (struct depth_update){.recv_ns = WORLD_NS, .first_id = 10, .last_id = 12};
    event.depth.has_prev_id = venue != VENUE_BINANCE_SPOT;
    event.depth.prev_id = 9;
    world->id = 12;
    pipeline_on_feed(world->pipeline, &event);
    assert_int_equal(book_sync_state(world->pipeline->market[0]->sync), BOOK_LIVE);
}

static inline void world_init(struct world *world, const struct level *bids, size_t bid_count,
                              const struct level *asks, size_t ask_count)
{
    world_init_venue(world, VENUE_BINANCE_SPOT, bids, bid_count, asks, ask_count);
}

/* Time passes, and an update that changes nothing keeps the book fresh; lose: one before it got lost. */
static inline void world_depth(struct world *world, int64_t after_ns, bool lose)
{
    struct feed_event event = {.kind = FEED_DEPTH, .instrument = &world->instrument};

    world->now_ns += after_ns;
    world->id += lose ? 5 : 0;
    event.recv_ns = world->now_ns;
    event.depth = (struct depth_update){.recv_ns = world->now_ns,
                                        .first_id = world->id + 1,
                                        .last_id = world->id + 1,
                                        .prev_id = world->id,
                                        .has_prev_id = world->instrument.venue != VENUE_BINANCE_SPOT};
    world->id++;
    pipeline_on_feed(world->pipeline, &event);
}

static inline void world_trade(struct world *world, enum side taker, int64_t price_ticks, int64_t lots)
{
    static uint64_t trade_id;
    struct feed_event event = {
        .kind = FEED_TRADE, .recv_ns = world->now_ns, .instrument = &world->instrument};

    event.trade = (struct trade){.recv_ns = world->now_ns,
                                 .venue_ms = world->now_ns / 1000000,
                                 .id = ++trade_id,
                                 .price_ticks = price_ticks,
                                 .qty_lots = lots,
                                 .taker = taker};
    pipeline_on_feed(world->pipeline, &event);
}

#endif
