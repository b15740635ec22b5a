/*
 * core_market.h - random markets for the whole engine: books that wander, gaps, silences, steps that get finer, marks and
 * funding, venues that halt. Made from a seed alone.
 */
#ifndef UNIT_CORE_MARKET_H
#define UNIT_CORE_MARKET_H

#include "app/pipeline.h"
#include "unit/test_random.h"

#define CORE_LEVELS  12
#define CORE_MARKETS 3
#define CORE_MS      INT64_C(1000000)
#define CORE_SECOND  (1000 * CORE_MS)

struct core_market {
    struct instrument instrument;
    uint64_t id, trade_id;
    int64_t mid, unit; /* ticks; unit: distance of levels */
    int64_t shown_mid; /* of the levels that the book has */
    int64_t book_ns;   /* last event that the engine could take for its book */
    bool snapshot_sent;
    int64_t common_seen;
    int finer; /* times that steps got finer */
    int64_t funding_ms;
};

typedef void (*core_feed)(void *arg, const struct feed_event *event);

struct core_markets {
    uint64_t random;
    int64_t now_ns;
    int64_t common_ppm; /* what moves all of them: pairs are there to be found */
    struct core_market market[CORE_MARKETS];
    core_feed feed;
    void *arg;
};

static inline int64_t core_pick(struct core_markets *markets, int64_t min, int64_t max)
{
    return random_between(&markets->random, min, max);
}

static inline bool core_chance(struct core_markets *markets, int64_t of)
{
    return core_pick(markets, 1, of) == 1;
}

static inline struct feed_event core_event(struct core_markets *markets, struct core_market *market,
                                           enum feed_event_kind kind)
{
    return (struct feed_event){.kind = kind, .recv_ns = markets->now_ns, .instrument = &market->instrument};
}

/* Spot and futures of one quote asset, and spot of another. */
static inline void core_markets_open(struct core_markets *markets, uint64_t seed, int64_t now_ns,
                                     core_feed feed, void *arg)
{
    static const struct {
        const char *symbol, *base, *quote;
        enum venue venue;
        int64_t mid;
    } rows[CORE_MARKETS] = {{"BTCUSDT", "BTC", "USDT", VENUE_BINANCE_SPOT, 600000},
                            {"ETHUSDT", "ETH", "USDT", VENUE_BINANCE_USDM, 30000},
                            {"SOLUSDC", "SOL", "USDC", VENUE_BINANCE_SPOT, 100000}};

    *markets = (struct core_markets){.random = seed, .now_ns = now_ns, .feed = feed, .arg = arg};
    for (uint16_t i = 0; i < CORE_MARKETS; i++) {
        struct core_market *market = &markets->market[i];
        struct feed_event event = core_event(markets, market, FEED_INSTRUMENT);

        *market = (struct core_market){.id = 100, .mid = rows[i].mid, .unit = 1 + rows[i].mid / 60000};
        market->shown_mid = market->mid;
        market->funding_ms = now_ns / CORE_MS + core_pick(markets, 5000, 60000);
        instrument_init(&market->instrument, rows[i].symbol, rows[i].venue, i);
        snprintf(market->instrument.base, sizeof(market->instrument.base), "%s", rows[i].base);
        snprintf(market->instrument.quote, sizeof(market->instrument.quote), "%s", rows[i].quote);
        market->instrument.tick_e8 = 10000000; /* 0.1 */
        market->instrument.lot_e8 = 10000;     /* 0.0001 */
        market->instrument.qty_lots_min = 1;
        market->instrument.notional_e8_min = INT64_C(500000000);
        feed(arg, &event);
    }
}

static inline int64_t core_price(const struct core_market *market, enum side side, int64_t mid, int i)
{
    return mid - side_sign(side) * market->unit * (1 + 2 * i);
}

static inline int64_t core_lots(struct core_markets *markets, const struct core_market *market)
{
    int64_t scale = market->finer > 0 ? 10 : 1;

    return core_pick(markets, 1, 6000) * scale;
}

static inline void core_snapshot(struct core_markets *markets, struct core_market *market)
{
    struct level levels[SIDE_COUNT][CORE_LEVELS];
    struct feed_event event = core_event(markets, market, FEED_SNAPSHOT);

    for (int side = 0; side < SIDE_COUNT; side++)
        for (int i = 0; i < CORE_LEVELS; i++)
            levels[side][i] = (struct level){core_price(market, (enum side)side, market->shown_mid, i),
                                             core_lots(markets, market)};
    event.snapshot = (struct depth_snapshot){.recv_ns = markets->now_ns,
                                             .last_id = market->id,
                                             .levels = {levels[0], levels[1]},
                                             .level_count = {CORE_LEVELS, CORE_LEVELS}};
    market->snapshot_sent = true;
    market->book_ns = markets->now_ns;
    markets->feed(markets->arg, &event);
}

/* The old levels go, the new ones come. Now and then an update before it is lost, or the book is crossed for one. */
static inline void core_depth(struct core_markets *markets, struct core_market *market)
{
    struct level levels[SIDE_COUNT][2 * CORE_LEVELS];
    struct feed_event event = core_event(markets, market, FEED_DEPTH);
    int64_t step = core_chance(markets, 40) ? 60 : 6, crossed = core_chance(markets, 400) ? 4 : 0;

    market->id += core_chance(markets, 300) ? 3 : 0;
    event.depth = (struct depth_update){.recv_ns = markets->now_ns,
                                        .venue_ms = markets->now_ns / CORE_MS,
                                        .first_id = market->id + 1,
                                        .last_id = market->id + 2,
                                        .prev_id = market->id,
                                        .has_prev_id = market->instrument.venue != VENUE_BINANCE_SPOT};
    market->id += 2;
    markets->common_ppm += core_pick(markets, -100, 100);
    market->mid += market->mid * (markets->common_ppm - market->common_seen) / 1000000;
    market->common_seen = markets->common_ppm;
    market->mid += core_pick(markets, -step, step) * market->unit;
    for (int side = 0; side < SIDE_COUNT; side++) {
        for (int i = 0; i < CORE_LEVELS; i++) {
            levels[side][i] = (struct level){core_price(market, (enum side)side, market->shown_mid, i), 0};
            levels[side][CORE_LEVELS + i] = (struct level){
                core_price(market, (enum side)side, market->mid, i) + side_sign((enum side)side) * crossed,
                core_lots(markets, market)};
        }
        event.depth.levels[side] = levels[side];
        event.depth.level_count[side] = (size_t)2 * CORE_LEVELS;
    }
    market->shown_mid = market->mid;
    market->book_ns = markets->now_ns;
    markets->feed(markets->arg, &event);
    if (crossed != 0) { /* and these levels go again */
        event.depth.first_id = market->id + 1;
        event.depth.last_id = market->id + 2;
        event.depth.prev_id = market->id;
        market->id += 2;
        for (int side = 0; side < SIDE_COUNT; side++)
            for (int i = 0; i < CORE_LEVELS; i++) {
                levels[side][i] = (struct level){levels[side][CORE_LEVELS + i].price_ticks, 0};
                levels[side][CORE_LEVELS + i] = (struct level){
                    core_price(market, (enum side)side, market->mid, i), core_lots(markets, market)};
            }
        markets->feed(markets->arg, &event);
    }
}

static inline void core_trade(struct core_markets *markets, struct core_market *market)
{
    struct feed_event event = core_event(markets, market, FEED_TRADE);
    enum side taker = core_chance(markets, 2) ? SIDE_BID : SIDE_ASK;

    event.trade = (struct trade){
        .recv_ns = markets->now_ns,
        .venue_ms = markets->now_ns / CORE_MS,
        .id = ++market->trade_id,
        .price_ticks = core_price(market, side_other(taker), market->shown_mid,
                                  core_chance(markets, 5) ? (int)core_pick(markets, 1, 3) : 0),
        .qty_lots = core_lots(markets, market),
        .taker = taker,
        .off_market = market->instrument.venue == VENUE_BINANCE_USDM && core_chance(markets, 30)};
    markets->feed(markets->arg, &event);
}

static inline void core_mark(struct core_markets *markets, struct core_market *market)
{
    struct feed_event event = core_event(markets, market, FEED_MARK);

    if (market->instrument.venue == VENUE_BINANCE_SPOT)
        return;
    if (markets->now_ns / CORE_MS >= market->funding_ms)
        market->funding_ms += 20000;
    event.mark = (struct mark_price){.recv_ns = markets->now_ns,
                                     .venue_ms = markets->now_ns / CORE_MS,
                                     .mark_e8 = instrument_price_e8(&market->instrument, market->mid),
                                     .index_e8 = instrument_price_e8(&market->instrument, market->mid),
                                     .funding_rate_e8 = core_pick(markets, -100000, 100000),
                                     .next_funding_ms = market->funding_ms};
    markets->feed(markets->arg, &event);
}

/* A price between the ticks was seen: all counts are of finer steps from here on. */
static inline void core_finer(struct core_markets *markets, struct core_market *market)
{
    struct feed_event event = core_event(markets, market, FEED_STEPS);

    if (market->finer == 1)
        return;
    market->finer++;
    event.steps = (struct step_change){10, 10};
    instrument_rescale(&market->instrument, event.steps);
    market->mid *= 10;
    market->shown_mid *= 10;
    market->unit *= 10;
    markets->feed(markets->arg, &event);
}

/* The venue stops trading it, or goes on. */
static inline void core_halt(struct core_markets *markets, struct core_market *market)
{
    struct feed_event event = core_event(markets, market, FEED_INSTRUMENT);

    market->instrument.trading = !market->instrument.trading;
    markets->feed(markets->arg, &event);
}

static inline void core_market_step(struct core_markets *markets)
{
    struct core_market *market = &markets->market[core_pick(markets, 0, CORE_MARKETS - 1)];
    int64_t what = core_pick(markets, 0, 999);

    if (what < 2)
        markets->now_ns += core_pick(markets, 2, 20) * CORE_SECOND; /* silence */
    else
        markets->now_ns += core_pick(markets, 0, 60) * CORE_MS;
    if (!market->snapshot_sent || what < 10)
        core_snapshot(markets, market);
    else if (what == 11)
        core_finer(markets, market);
    else if (what == 12 || !market->instrument.trading)
        core_halt(markets, market);
    else if (what < 40)
        core_mark(markets, market);
    else if (what < 600)
        core_depth(markets, market);
    else
        core_trade(markets, market);
}

#endif
