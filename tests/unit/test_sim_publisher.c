/*
 * The publisher against the books themselves: depth messages, quotes, candles, tickers and the truth, under random
 * order flow; stream names; and the keys of every message against recordings (FLOWDECK_SHARED, default ../shared).
 */
#include "sim/klines.h"
#include "sim/messages.h"
#include "sim/publisher.h"
#include "sim/stream_names.h"
#include "sim/tickers.h"
#include "unit/sim_world.h"

#include <unistd.h>

#define MIRROR_PRICES (4 * WORLD_SPREAD)
#define MIRROR_FIRST  (WORLD_PRICE - 2 * WORLD_SPREAD)
#define COPIES_MAX    400
#define COPY_EVERY    37
#define TRADES_MAX    4096

struct mirror { /* a book as LEVEL events tell it, and copies of it on the way */
    int64_t lots[SIDE_COUNT][MIRROR_PRICES];
    uint64_t id;
    size_t copies, trades;
    struct {
        uint64_t id;
        int64_t lots[SIDE_COUNT][MIRROR_PRICES];
    } copy[COPIES_MAX];
    struct {
        uint64_t id;
        int64_t ms, ticks, lots;
        bool buyer_maker;
    } trade[TRADES_MAX];
};

static void mirror_event(void *arg, const struct match_event *event)
{
    struct mirror *mirror = arg;

    if (event->kind == MATCH_EVENT_TRADE && mirror->trades < TRADES_MAX) {
        size_t i = mirror->trades++;

        mirror->trade[i].id = event->trade_id;
        mirror->trade[i].ms = event->time_ns / WORLD_MS;
        mirror->trade[i].ticks = event->price_ticks;
        mirror->trade[i].lots = event->qty_lots;
        mirror->trade[i].buyer_maker = event->side == SIDE_ASK;
    }
    if (event->kind != MATCH_EVENT_LEVEL)
        return;
    assert_true(event->price_ticks >= MIRROR_FIRST && event->price_ticks < MIRROR_FIRST + MIRROR_PRICES);
    mirror->lots[event->side][event->price_ticks - MIRROR_FIRST] = event->qty_lots;
    mirror->id = event->update_id;
    if (event->update_id % COPY_EVERY == 0 && mirror->copies < COPIES_MAX) {
        mirror->copy[mirror->copies].id = event->update_id;
        memcpy(mirror->copy[mirror->copies++].lots, mirror->lots, sizeof(mirror->lots));
    }
}

static struct mirror *mirror_new(struct world *world, size_t symbol)
{
    struct mirror *mirror = calloc(1, sizeof(*mirror));

    assert_non_null(mirror);
    assert_true(match_listen(world->exchange.book[symbol], mirror_event, mirror));
    return mirror;
}

/* Sets the levels of one JSON side in lots[]; checks that they come best first. */
static void apply_side(const struct sim_symbol *symbol, const json_t *levels, enum side side, int64_t *lots)
{
    int64_t last = 0;

    assert_true(json_is_array(levels));
    for (size_t i = 0; i < json_array_size(levels); i++) {
        int64_t price_e8 = world_e8(json_array_get(json_array_get(levels, i), 0));
        int64_t qty_e8 = world_e8(json_array_get(json_array_get(levels, i), 1));

        assert_int_equal(price_e8 % symbol->tick_e8, 0);
        assert_int_equal(qty_e8 % symbol->lot_e8, 0);
        assert_true(i == 0 || (side == SIDE_BID ? price_e8 < last : price_e8 > last));
        last = price_e8;
        lots[price_e8 / symbol->tick_e8 - MIRROR_FIRST] = qty_e8 / symbol->lot_e8;
    }
}

static void load_truth(struct world *world, size_t symbol, uint64_t id,
                       int64_t lots[SIDE_COUNT][MIRROR_PRICES])
{
    struct sim_text text = {0};
    json_t *json;

    memset(lots, 0, sizeof(int64_t[SIDE_COUNT][MIRROR_PRICES]));
    assert_true(publisher_truth(world->exchange.publisher, symbol, id, &text));
    json = world_json(text.at, text.size);
    if (id != 0)
        assert_int_equal(world_int(json, "update_id"), id);
    apply_side(&world->exchange.symbol[symbol], json_object_get(json, "bids"), SIDE_BID, lots[SIDE_BID]);
    apply_side(&world->exchange.symbol[symbol], json_object_get(json, "asks"), SIDE_ASK, lots[SIDE_ASK]);
    json_decref(json);
    sim_text_free(&text);
}

/* --- depth ------------------------------------------------------------------------------------------------------- */

struct follower { /* a client of one depth stream */
    struct world *world;
    size_t symbol;
    struct sim_stream *stream;
    int64_t period_ms;
    uint64_t id;
    size_t messages, levels;
    int64_t lots[SIDE_COUNT][MIRROR_PRICES];
};

struct followers {
    struct follower one[8];
    size_t count;
};

static void follow(void *arg, struct sim_stream *stream, const char *json_text, size_t size)
{
    struct followers *all = arg;
    static int64_t truth[SIDE_COUNT][MIRROR_PRICES];

    for (size_t i = 0; i < all->count; i++) {
        struct follower *one = &all->one[i];
        const struct exchange *exchange = &one->world->exchange;
        const struct sim_symbol *symbol = &exchange->symbol[one->symbol];
        json_t *json;

        if (one->stream != stream)
            continue;
        json = world_json(json_text, size);
        assert_string_equal(json_string_value(json_object_get(json, "e")), "depthUpdate");
        assert_string_equal(json_string_value(json_object_get(json, "s")), symbol->name);
        assert_int_equal(world_int(json, "E"), exchange->now_ns / WORLD_MS);
        assert_int_equal(world_int(json, "E") % one->period_ms, 0);
        assert_int_equal(world_int(json, "U"), one->id + 1);
        assert_true(world_int(json, "u") >= world_int(json, "U"));
        if (symbol->usdm) {
            assert_int_equal(world_int(json, "pu"), one->id);
            assert_true(world_int(json, "T") <= world_int(json, "E"));
        }
        one->id = (uint64_t)world_int(json, "u");
        one->levels +=
            json_array_size(json_object_get(json, "b")) + json_array_size(json_object_get(json, "a"));
        apply_side(symbol, json_object_get(json, "b"), SIDE_BID, one->lots[SIDE_BID]);
        apply_side(symbol, json_object_get(json, "a"), SIDE_ASK, one->lots[SIDE_ASK]);
        load_truth(one->world, one->symbol, one->id, truth);
        assert_memory_equal(truth, one->lots, sizeof(truth));
        one->messages++;
        json_decref(json);
    }
}

static void add_follower(struct followers *all, struct world *world, enum stream_path path, const char *name,
                         int64_t period_ms)
{
    struct follower *one = &all->one[all->count];

    one->world = world;
    one->stream = publisher_open(world->exchange.publisher, path, name);
    assert_non_null(one->stream);
    assert_string_equal(sim_stream_name(one->stream), name);
    assert_true(sim_stream_is_depth(one->stream));
    one->symbol = (size_t)sim_stream_symbol(one->stream);
    one->period_ms = period_ms;
    one->id = match_update_id(world->exchange.book[one->symbol]);
    load_truth(world, one->symbol, 0, one->lots);
    all->count++;
}

static void test_depth_messages_rebuild_the_true_book(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct world *world = world_new(seed);
        struct followers *all = calloc(1, sizeof(*all));
        struct publisher_sink sink = {follow, all};

        publisher_set_sink(world->exchange.publisher, &sink);
        for (int i = 0; i < 200; i++) /* a book that stood before anybody listened */
            world_act(world, (size_t)i % WORLD_SYMBOLS);
        add_follower(all, world, PATH_SPOT, "btcusdt@depth@100ms", 100);
        add_follower(all, world, PATH_SPOT, "btcusdt@depth", 1000);
        add_follower(all, world, PATH_SPOT, "ethusdt@depth@100ms", 100);
        add_follower(all, world, PATH_USDM_PUBLIC, "btcusdt@depth@0ms", 50);
        add_follower(all, world, PATH_USDM_PUBLIC, "btcusdt@depth@100ms", 100);
        add_follower(all, world, PATH_USDM_PUBLIC, "btcusdt@depth", 250);
        add_follower(all, world, PATH_USDM_PUBLIC, "btcusdt@depth@500ms", 500);
        for (int step = 0; step < 2500; step++) {
            world_act(world, (size_t)random_between(&world->random, 0, 1) * 2);
            if (random_between(&world->random, 0, 2) == 0)
                world_advance(world, random_between(&world->random, 1, 30) * WORLD_MS);
        }
        world_advance(world, 1000 * WORLD_MS);
        for (size_t i = 0; i < all->count; i++) {
            assert_int_equal(all->one[i].id, match_update_id(world->exchange.book[all->one[i].symbol]));
            /* Nothing happens to ETH: a message comes only when something changed. */
            assert_true(all->one[i].symbol == WORLD_SPOT_ETH ? all->one[i].messages == 0
                                                             : all->one[i].messages > 5);
        }
        free(all);
        world_free(world);
    }
}

/* A level that comes and goes between two messages must not keep the ids from joining. */
static void test_changes_that_undo_each_other_are_covered(void **state)
{
    struct world *world = world_new(9);
    struct followers *all = calloc(1, sizeof(*all));
    struct publisher_sink sink = {follow, all};
    uint64_t id;

    (void)state;
    publisher_set_sink(world->exchange.publisher, &sink);
    add_follower(all, world, PATH_SPOT, "btcusdt@depth@100ms", 100);
    world_order(world, WORLD_SPOT_BTC, SIDE_BID, MATCH_LIMIT, WORLD_PRICE, 5, &id);
    match_cancel(world->exchange.book[WORLD_SPOT_BTC], world->exchange.now_ns, id);
    world_advance(world, 100 * WORLD_MS);
    assert_int_equal(all->one[0].messages, 1);
    assert_int_equal(all->one[0].id, match_update_id(world->exchange.book[WORLD_SPOT_BTC]));
    world_advance(world, 1000 * WORLD_MS);
    assert_int_equal(all->one[0].messages, 1);
    free(all);
    world_free(world);
}

/* --- quotes, trades, aggregates ------------------------------------------------------------------------------------ */

struct watcher {
    struct world *world;
    const struct mirror *mirror;
    size_t symbol;
    struct sim_stream *quote, *trade, *agg, *top;
    size_t quotes, trades, aggs, tops;
    uint64_t next_trade, quote_id;
    int64_t last_quote[4];
};

static int64_t best_of(const int64_t *lots, enum side side)
{
    for (int i = 0; i < MIRROR_PRICES; i++) {
        int at = side == SIDE_BID ? MIRROR_PRICES - 1 - i : i;

        if (lots[at] != 0)
            return at + MIRROR_FIRST;
    }
    return 0;
}

static void watch_quote(struct watcher *watcher, const json_t *json)
{
    const struct sim_symbol *symbol = &watcher->world->exchange.symbol[watcher->symbol];
    static const char *const keys[4] = {"b", "B", "a", "A"};
    int64_t now[4], truth[SIDE_COUNT][MIRROR_PRICES];

    watcher->quotes++;
    assert_true((uint64_t)world_int(json, "u") > watcher->quote_id);
    watcher->quote_id = (uint64_t)world_int(json, "u");
    /* Told from inside the book: the truth of this id is the book of this moment. */
    load_truth(watcher->world, watcher->symbol, watcher->quote_id, truth);
    for (int i = 0; i < 4; i++) {
        enum side side = (enum side)(i / 2);
        int64_t best = best_of(truth[side], side);

        now[i] = world_e8(json_object_get(json, keys[i]));
        if (i % 2 == 0)
            assert_int_equal(now[i], best * symbol->tick_e8);
        else
            assert_int_equal(now[i], best == 0 ? 0 : truth[side][best - MIRROR_FIRST] * symbol->lot_e8);
    }
    assert_memory_not_equal(now, watcher->last_quote, sizeof(now));
    memcpy(watcher->last_quote, now, sizeof(now));
    assert_int_equal(json_object_get(json, "e") != NULL, symbol->usdm);
}

static void watch_trade(struct watcher *watcher, const json_t *json)
{
    const struct sim_symbol *symbol = &watcher->world->exchange.symbol[watcher->symbol];

    /* The mirror listens behind the publisher: it knows all trades but this one. */
    assert_int_equal(watcher->trades++, watcher->mirror->trades);
    if (watcher->mirror->trades > 0)
        assert_int_equal(world_int(json, "t"), watcher->mirror->trade[watcher->mirror->trades - 1].id + 1);
    assert_int_equal(world_int(json, "T"), world_int(json, "E"));
    assert_true(world_e8(json_object_get(json, "p")) % symbol->tick_e8 == 0);
    assert_int_equal(json_object_get(json, "X") != NULL, symbol->usdm);
}

static void watch_agg(struct watcher *watcher, const json_t *json)
{
    const struct sim_symbol *symbol = &watcher->world->exchange.symbol[watcher->symbol];
    uint64_t first = (uint64_t)world_int(json, "f"), last = (uint64_t)world_int(json, "l");
    int64_t lots = 0;

    watcher->aggs++;
    if (watcher->next_trade != 0)
        assert_int_equal(first, watcher->next_trade);
    watcher->next_trade = last + 1;
    for (size_t i = 0; i < watcher->mirror->trades; i++)
        if (watcher->mirror->trade[i].id >= first && watcher->mirror->trade[i].id <= last) {
            lots += watcher->mirror->trade[i].lots;
            assert_int_equal(watcher->mirror->trade[i].ticks * symbol->tick_e8,
                             world_e8(json_object_get(json, "p")));
            assert_int_equal(watcher->mirror->trade[i].buyer_maker, json_is_true(json_object_get(json, "m")));
        }
    assert_int_equal(lots * symbol->lot_e8, world_e8(json_object_get(json, "q")));
}

static void watch_top(struct watcher *watcher, const json_t *json)
{
    const struct sim_symbol *symbol = &watcher->world->exchange.symbol[watcher->symbol];
    int64_t lots[SIDE_COUNT][MIRROR_PRICES] = {{0}}, truth[SIDE_COUNT][MIRROR_PRICES];
    const char *keys[2][2] = {{"bids", "asks"}, {"b", "a"}};
    uint64_t id = (uint64_t)world_int(json, symbol->usdm ? "u" : "lastUpdateId");

    watcher->tops++;
    load_truth(watcher->world, watcher->symbol, id, truth);
    for (int side = 0; side < SIDE_COUNT; side++) {
        const json_t *levels = json_object_get(json, keys[symbol->usdm][side]);
        size_t count = json_array_size(levels), stand = 0;
        int64_t best = best_of(truth[side], (enum side)side);

        assert_true(count <= 5);
        apply_side(symbol, levels, (enum side)side, lots[side]);
        for (size_t i = 0; i < MIRROR_PRICES; i++) {
            stand += truth[side][i] != 0;
            if (lots[side][i] != 0)
                assert_int_equal(lots[side][i], truth[side][i]);
        }
        assert_int_equal(count, stand < 5 ? stand : 5);
        assert_true(best == 0 || lots[side][best - MIRROR_FIRST] != 0);
    }
}

static void watch(void *arg, struct sim_stream *stream, const char *text, size_t size)
{
    struct watcher *watcher = arg;
    json_t *json = world_json(text, size);

    if (stream == watcher->quote)
        watch_quote(watcher, json);
    else if (stream == watcher->trade)
        watch_trade(watcher, json);
    else if (stream == watcher->agg)
        watch_agg(watcher, json);
    else if (stream == watcher->top)
        watch_top(watcher, json);
    else
        fail_msg("a stream that nobody opened: %s", sim_stream_name(stream));
    json_decref(json);
}

static void watch_symbol(size_t symbol, uint64_t seed)
{
    struct world *world = world_new(seed);
    struct publisher *publisher = world->exchange.publisher;
    struct mirror *mirror = mirror_new(world, symbol);
    bool usdm = world->exchange.symbol[symbol].usdm;
    struct watcher watcher = {.world = world, .mirror = mirror, .symbol = symbol};
    struct publisher_sink sink = {watch, &watcher};

    publisher_set_sink(publisher, &sink);
    watcher.quote = publisher_open(publisher, usdm ? PATH_USDM_PUBLIC : PATH_SPOT, "btcusdt@bookTicker");
    watcher.trade = publisher_open(publisher, usdm ? PATH_USDM_PUBLIC : PATH_SPOT, "btcusdt@trade");
    watcher.agg = publisher_open(publisher, usdm ? PATH_USDM_MARKET : PATH_SPOT, "btcusdt@aggTrade");
    watcher.top = publisher_open(publisher, usdm ? PATH_USDM_PUBLIC : PATH_SPOT, "btcusdt@depth5@100ms");
    for (int step = 0; step < 3000; step++) {
        world_act(world, symbol);
        for (int side = 0; side < SIDE_COUNT; side++) { /* the newest quote is never behind the book */
            int64_t ticks = 0, lots = 0;

            match_best(world->exchange.book[symbol], (enum side)side, &ticks, &lots);
            assert_int_equal(watcher.last_quote[2 * side], ticks * world->exchange.symbol[symbol].tick_e8);
            assert_int_equal(watcher.last_quote[2 * side + 1], lots * world->exchange.symbol[symbol].lot_e8);
        }
        if (random_between(&world->random, 0, 3) == 0)
            world_advance(world, random_between(&world->random, 1, 30) * WORLD_MS);
    }
    world_advance(world, 200 * WORLD_MS);
    assert_int_equal(watcher.trades, mirror->trades);
    assert_true(mirror->trades > 100 && mirror->trades < TRADES_MAX);
    assert_true(watcher.aggs > 50 && watcher.aggs <= watcher.trades);
    assert_int_equal(watcher.next_trade, mirror->trade[mirror->trades - 1].id + 1);
    assert_true(watcher.quotes > 100 && watcher.tops > 50);
    world_free(world);
    free(mirror);
}

static void test_quotes_trades_and_aggregates_agree_with_the_book(void **state)
{
    (void)state;
    watch_symbol(WORLD_SPOT_BTC, 11);
    watch_symbol(WORLD_USDM_BTC, 12);
}

/* Spot joins the prints of one order at one price and nothing else. */
static void test_spot_aggregates_one_order_at_one_price(void **state)
{
    struct world *world = world_new(3);
    struct mirror *mirror = mirror_new(world, WORLD_SPOT_BTC);
    struct watcher watcher = {.world = world, .mirror = mirror, .symbol = WORLD_SPOT_BTC};
    struct publisher_sink sink = {watch, &watcher};
    uint64_t id;

    (void)state;
    publisher_set_sink(world->exchange.publisher, &sink);
    watcher.agg = publisher_open(world->exchange.publisher, PATH_SPOT, "btcusdt@aggTrade");
    for (int i = 0; i < 3; i++)
        world_order(world, WORLD_SPOT_BTC, SIDE_ASK, MATCH_LIMIT, WORLD_PRICE, 10, &id);
    world_order(world, WORLD_SPOT_BTC, SIDE_ASK, MATCH_LIMIT, WORLD_PRICE + 1, 10, &id);
    world_order(world, WORLD_SPOT_BTC, SIDE_BID, MATCH_MARKET, 0, 15, &id); /* two prints, one aggregate */
    world_order(world, WORLD_SPOT_BTC, SIDE_BID, MATCH_MARKET, 0, 20,
                &id); /* 15 at the price and 5 behind it */
    world_advance(world, WORLD_MS);
    assert_int_equal(mirror->trades, 5);
    assert_int_equal(watcher.aggs, 3);
    world_free(world);
    free(mirror);
}

/* --- the truth ----------------------------------------------------------------------------------------------------- */

static void test_truth_equals_copies_taken_on_the_way(void **state)
{
    struct world *world = world_new(21);
    struct mirror *mirror = mirror_new(world, WORLD_SPOT_BTC);
    static int64_t lots[SIDE_COUNT][MIRROR_PRICES];
    struct sim_text text = {0};
    uint64_t oldest = match_update_id(world->exchange.book[WORLD_SPOT_BTC]);

    (void)state;
    for (int step = 0; step < 9000; step++)
        world_act(world, WORLD_SPOT_BTC);
    assert_true(mirror->copies > 200);
    for (size_t i = 0; i < mirror->copies; i++) {
        load_truth(world, WORLD_SPOT_BTC, mirror->copy[i].id, lots);
        assert_memory_equal(lots, mirror->copy[i].lots, sizeof(lots));
    }
    load_truth(world, WORLD_SPOT_BTC, 0, lots);
    assert_memory_equal(lots, mirror->lots, sizeof(lots));
    load_truth(world, WORLD_SPOT_BTC, oldest, lots); /* the empty book of the beginning */
    assert_int_equal(best_of(lots[SIDE_BID], SIDE_BID), 0);
    assert_false(publisher_truth(world->exchange.publisher, WORLD_SPOT_BTC, mirror->id + 1, &text));
    assert_false(publisher_truth(world->exchange.publisher, WORLD_SPOT_BTC, oldest - 1, &text));
    assert_false(publisher_truth(world->exchange.publisher, 99, 0, &text));
    sim_text_free(&text);
    world_free(world);
    free(mirror);
}

/* After more changes than are kept: the newest are known, the oldest are said to be unknown. */
static void test_truth_forgets_the_oldest(void **state)
{
    struct truth *truth = truth_new(2);
    struct match_event event = {.kind = MATCH_EVENT_LEVEL, .price_ticks = 5, .update_id = 100};
    const struct truth_level *levels;
    size_t count;

    (void)state;
    assert_non_null(truth);
    for (uint32_t i = 0; i < TRUTH_CHANGES_MAX + 3 * TRUTH_CHUNK_CHANGES; i++) {
        event.qty_before_lots = (int64_t)i;
        event.price_ticks = 5 + i % 3;
        event.side = (enum side)(i % 2);
        event.time_ns = (int64_t)i * 1000;
        truth_record(truth, 1, &event);
        event.update_id++;
    }
    assert_int_equal(truth_newest(truth, 1), event.update_id - 1);
    assert_true(truth_newest(truth, 1) - truth_oldest(truth, 1) >= TRUTH_CHANGES_MAX);
    assert_true(truth_oldest(truth, 1) > 100);
    assert_true(truth_changed(truth, 1, truth_newest(truth, 1) - TRUTH_CHANGES_MAX, &levels, &count));
    assert_int_equal(count, 6);
    assert_int_equal(levels[0].key, -7);
    assert_int_equal(levels[5].key, 7);
    assert_false(truth_changed(truth, 1, truth_oldest(truth, 1) - 1, &levels, &count));
    assert_true(truth_changed(truth, 1, event.update_id - 2, &levels, &count));
    assert_int_equal(count, 1);
    assert_int_equal(levels[0].lots, event.qty_before_lots);
    event.update_id += 7; /* ids that do not join: all before is unknown */
    truth_record(truth, 1, &event);
    assert_int_equal(truth_oldest(truth, 1), event.update_id - 1);
    assert_int_equal(truth_oldest(truth, 0), 0);
    truth_free(truth);
}

static void test_old_snapshot_is_the_book_of_that_time(void **state)
{
    struct world *world = world_new(31);
    struct sim_text text = {0};
    static int64_t then[SIDE_COUNT][MIRROR_PRICES], lots[SIDE_COUNT][MIRROR_PRICES];
    const struct sim_symbol *symbol = &world->exchange.symbol[WORLD_SPOT_BTC];
    uint64_t then_id;
    json_t *json;

    (void)state;
    for (int i = 0; i < 300; i++)
        world_act(world, WORLD_SPOT_BTC);
    then_id = match_update_id(world->exchange.book[WORLD_SPOT_BTC]);
    load_truth(world, WORLD_SPOT_BTC, 0, then);
    world_advance(world, 3000 * WORLD_MS);
    for (int i = 0; i < 300; i++)
        world_act(world, WORLD_SPOT_BTC);
    assert_true(publisher_old_snapshot(world->exchange.publisher, WORLD_SPOT_BTC, 2000, 5000, &text));
    json = world_json(text.at, text.size);
    assert_int_equal(world_int(json, "lastUpdateId"), then_id);
    apply_side(symbol, json_object_get(json, "bids"), SIDE_BID, lots[SIDE_BID]);
    apply_side(symbol, json_object_get(json, "asks"), SIDE_ASK, lots[SIDE_ASK]);
    assert_memory_equal(lots, then, sizeof(lots));
    json_decref(json);
    sim_text_free(&text);
    world_free(world);
}

/* --- candles and tickers --------------------------------------------------------------------------------------------- */

static void test_klines_equal_naive_sums(void **state)
{
    struct klines klines;
    struct tape_trade trade[2000];
    uint64_t random = 77;
    int64_t ms = WORLD_OPEN_NS / WORLD_MS + 1234, checked = 0;

    (void)state;
    klines_init(&klines);
    for (size_t i = 0; i < 2000; i++) {
        ms += random_between(&random, 0, i % 100 == 0 ? 5000000 : 3000);
        trade[i] = (struct tape_trade){.id = 1000 + i,
                                       .time_ms = ms,
                                       .price_ticks = random_between(&random, 900, 1100),
                                       .qty_lots = random_between(&random, 1, 50),
                                       .buyer_maker = random_between(&random, 0, 1) == 1};
        klines_add(&klines, &trade[i]);
    }
    for (int interval = 0; interval < KLINE_INTERVALS; interval++) {
        size_t count = klines_count(&klines, (enum kline_interval)interval);
        int64_t last_close = 0, next_ms = 0;

        klines_roll(&klines, (enum kline_interval)interval, ms);
        assert_int_equal(klines_count(&klines, (enum kline_interval)interval), count);
        for (size_t k = 0; k < count; k++) {
            const struct kline *kline = klines_at(&klines, (enum kline_interval)interval, k);
            int64_t end_ms = kline_close_ms((enum kline_interval)interval, kline->open_ms);
            struct kline naive = {.open_ms = kline->open_ms};

            assert_int_equal(kline_open_ms((enum kline_interval)interval, end_ms), kline->open_ms);
            assert_true(k == 0 || kline->open_ms == next_ms);
            next_ms = end_ms + 1;
            for (size_t i = 0; i < 2000; i++) {
                if (trade[i].time_ms < kline->open_ms || trade[i].time_ms > end_ms)
                    continue;
                if (naive.trades++ == 0) {
                    naive.first_id = trade[i].id;
                    naive.open_ticks = naive.high_ticks = naive.low_ticks = trade[i].price_ticks;
                }
                naive.high_ticks =
                    trade[i].price_ticks > naive.high_ticks ? trade[i].price_ticks : naive.high_ticks;
                naive.low_ticks =
                    trade[i].price_ticks < naive.low_ticks ? trade[i].price_ticks : naive.low_ticks;
                naive.close_ticks = trade[i].price_ticks;
                naive.last_id = trade[i].id;
                naive.lots += trade[i].qty_lots;
                naive.value += trade[i].qty_lots * trade[i].price_ticks;
                naive.taker_lots += trade[i].buyer_maker ? 0 : trade[i].qty_lots;
                naive.taker_value += trade[i].buyer_maker ? 0 : trade[i].qty_lots * trade[i].price_ticks;
            }
            if (naive.trades == 0) { /* nothing happened: flat */
                assert_true(k == 0 || kline->open_ticks == last_close || last_close == 0);
                naive.open_ticks = naive.high_ticks = naive.low_ticks = naive.close_ticks =
                    kline->close_ticks;
            }
            assert_memory_equal(&naive, kline, offsetof(struct kline, trades) + sizeof(naive.trades));
            last_close = kline->close_ticks;
            checked++;
        }
    }
    assert_true(checked > 3000);
    klines_free(&klines);
}

static void test_calendar_of_klines(void **state)
{
    const int64_t day = 86400000, ms = INT64_C(1709251199999); /* 2024-02-29T23:59:59.999Z, a Thursday */

    (void)state;
    assert_int_equal(kline_open_ms(KLINE_1MONTH, ms), INT64_C(1706745600000));  /* 2024-02-01 */
    assert_int_equal(kline_close_ms(KLINE_1MONTH, INT64_C(1706745600000)), ms); /* 29 days */
    assert_int_equal(kline_open_ms(KLINE_1MONTH, ms + 1), ms + 1);              /* 2024-03-01 */
    assert_int_equal(kline_open_ms(KLINE_1W, ms), INT64_C(1708905600000));      /* Monday 2024-02-26 */
    assert_int_equal(kline_open_ms(KLINE_1D, ms), ms + 1 - day);
    assert_int_equal(kline_open_ms(KLINE_3D, INT64_C(1502841600000)),
                     INT64_C(1502841600000)); /* the first one */
}

static void test_tickers_equal_naive_sums(void **state)
{
    struct klines klines;
    struct ticker ticker;
    int64_t minute = 60000, start = INT64_C(1763700000000), lots = 0, value = 0, high = 0, low = 1 << 30,
            open = 0;
    uint64_t random = 5, count = 0, first = 0;

    (void)state;
    klines_init(&klines);
    ticker_window(&klines, 60, start, &ticker);
    assert_int_equal(ticker.trades, 0);
    assert_int_equal(ticker.last_ticks, 0);
    for (int i = 0; i < 600; i++) { /* ten hours, a trade a minute; the last four hours count */
        struct tape_trade trade = {.id = (uint64_t)i + 1,
                                   .time_ms = start + i * minute + random_between(&random, 0, 59999),
                                   .price_ticks = random_between(&random, 800, 1200),
                                   .qty_lots = random_between(&random, 1, 9)};

        klines_add(&klines, &trade);
        if (trade.time_ms < start + 359 * minute)
            continue;
        if (count++ == 0) {
            open = trade.price_ticks;
            first = trade.id;
        }
        lots += trade.qty_lots;
        value += trade.qty_lots * trade.price_ticks;
        high = trade.price_ticks > high ? trade.price_ticks : high;
        low = trade.price_ticks < low ? trade.price_ticks : low;
    }
    ticker_window(&klines, 240, start + 599 * minute + 59999, &ticker);
    assert_int_equal(ticker.open_ms, start + 359 * minute);
    assert_int_equal(ticker.trades, count);
    assert_int_equal(ticker.first_id, first);
    assert_int_equal(ticker.last_id, 600);
    assert_int_equal(ticker.open_ticks, open);
    assert_int_equal(ticker.high_ticks, high);
    assert_int_equal(ticker.low_ticks, low);
    assert_int_equal(ticker.lots, lots);
    assert_int_equal(ticker.value, value);
    ticker = (struct ticker){.open_ticks = 3, .last_ticks = 4};
    assert_int_equal(ticker_change_percent_e8(&ticker), 3333300000); /* 33.333 % */
    klines_free(&klines);
}

struct candle_client {
    size_t closed, open;
    int64_t next_open_ms, last_e8, sum_e8;
};

static void take_candle(void *arg, struct sim_stream *stream, const char *text, size_t size)
{
    struct candle_client *client = arg;
    json_t *json = world_json(text, size), *k = json_object_get(json, "k");

    (void)stream;
    if (json_is_true(json_object_get(k, "x"))) {
        if (client->closed++ > 0)
            assert_int_equal(world_int(k, "t"), client->next_open_ms);
        client->next_open_ms = world_int(k, "T") + 1;
        client->sum_e8 += world_e8(json_object_get(k, "v"));
        assert_true(world_int(k, "T") < world_int(json, "E"));
    } else {
        client->open++;
        assert_true(world_int(k, "T") >= world_int(json, "E"));
    }
    json_decref(json);
}

/* Every candle is told closed exactly once, in order, and together they hold everything that was traded. */
static void test_kline_stream_closes_every_candle_once(void **state)
{
    struct world *world = world_new(41);
    struct candle_client client = {0};
    struct publisher_sink sink = {take_candle, &client};
    struct mirror *mirror = mirror_new(world, WORLD_SPOT_BTC);
    int64_t lots = 0;

    (void)state;
    publisher_set_sink(world->exchange.publisher, &sink);
    assert_non_null(publisher_open(world->exchange.publisher, PATH_SPOT, "btcusdt@kline_1s"));
    for (int step = 0; step < 2000; step++) {
        world_act(world, WORLD_SPOT_BTC);
        if (step % 2 == 0)
            world_advance(world, random_between(&world->random, 1, step % 100 == 0 ? 4000 : 30) * WORLD_MS);
    }
    world_advance(world, 2000 * WORLD_MS);
    for (size_t i = 0; i < mirror->trades; i++)
        lots += mirror->trade[i].lots;
    assert_true(client.closed > 20);
    assert_int_equal(client.sum_e8, lots * world->exchange.symbol[WORLD_SPOT_BTC].lot_e8);
    world_free(world);
    free(mirror);
}

/* --- names ----------------------------------------------------------------------------------------------------------- */

static void test_stream_names(void **state)
{
    struct world *world = world_new(1);
    struct stream_name name;
    static const char *const spot[] = {
        "btcusdt@trade",      "btcusdt@aggTrade", "btcusdt@depth",     "btcusdt@depth@100ms",
        "btcusdt@depth5",     "ethusdt@depth10",  "btcusdt@depth20",   "btcusdt@depth5@100ms",
        "btcusdt@bookTicker", "btcusdt@kline_1s", "btcusdt@kline_1M",  "btcusdt@kline_8h",
        "btcusdt@miniTicker", "btcusdt@ticker",   "btcusdt@ticker_1h", "btcusdt@ticker_4h",
        "btcusdt@ticker_1d",  "btcusdt@avgPrice", "!miniTicker@arr",   "!ticker_1h@arr",
        "!ticker_4h@arr",     "!ticker_1d@arr"};
    static const char *const public[] = {
        "btcusdt@depth",         "btcusdt@depth@500ms", "btcusdt@depth@100ms",
        "btcusdt@depth@0ms",     "btcusdt@depth5",      "btcusdt@depth20@100ms",
        "btcusdt@depth10@500ms", "btcusdt@bookTicker",  "!bookTicker"};
    static const char *const market[] = {"btcusdt@aggTrade", "btcusdt@markPrice",  "btcusdt@markPrice@1s",
                                         "!markPrice@arr",   "!markPrice@arr@1s",  "btcusdt@kline_1m",
                                         "btcusdt@ticker",   "btcusdt@miniTicker", "btcusdt@forceOrder"};
    static const char *const nonsense[] = {
        "",
        "@",
        "btcusdt",
        "btcusdt@",
        "BTCUSDT@trade",
        "btcusdt@Trade",
        "@trade",
        "xyz@trade",
        "btcusdt@depth7",
        "btcusdt@depth@10ms",
        "btcusdt@kline_",
        "btcusdt@kline_7m",
        "!trade",
        "!ticker@arr",
        "btcusdt@kline_1Y",
        "btcusdt@trade@",
        "btcusdt@!ticker_1h@arr",
        "!bookTicker",
        "btcusdt@markPrice",
        "btcusdt@depth@0ms",
        "btcusdt@ticker_2h",
        " btcusdt@trade",
        "btcusdt@depth@100ms@100ms@100ms@100ms@100ms@100ms@100ms@100ms@100ms"};

    (void)state;
    for (size_t i = 0; i < sizeof(spot) / sizeof(spot[0]); i++)
        assert_true(stream_name_parse(&world->exchange, PATH_SPOT, spot[i], &name) && !name.silent);
    for (size_t i = 0; i < sizeof(public) / sizeof(public[0]); i++) {
        assert_true(stream_name_parse(&world->exchange, PATH_USDM_PUBLIC, public[i], &name) && !name.silent);
        assert_true(stream_name_parse(&world->exchange, PATH_USDM_MARKET, public[i], &name) && name.silent);
    }
    for (size_t i = 0; i < sizeof(market) / sizeof(market[0]); i++) {
        assert_true(stream_name_parse(&world->exchange, PATH_USDM_MARKET, market[i], &name) && !name.silent);
        assert_true(stream_name_parse(&world->exchange, PATH_USDM_PUBLIC, market[i], &name) && name.silent);
    }
    for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++)
        assert_null(publisher_open(world->exchange.publisher, PATH_SPOT, nonsense[i]));
    assert_null(publisher_open(world->exchange.publisher, PATH_USDM_PUBLIC, "ethusdt@depth")); /* spot only */
    assert_null(publisher_open(world->exchange.publisher, PATH_USDM_MARKET, "btcusdt@kline_1s"));
    assert_null(publisher_open(world->exchange.publisher, PATH_USDM_MARKET, "btcusdt@avgPrice"));
    world_free(world);
}

static void count_message(void *arg, struct sim_stream *stream, const char *text, size_t size)
{
    (void)stream;
    (void)text;
    (void)size;
    (*(size_t *)arg)++;
}

/* One stream for all who want it; silence on the wrong path, and after the last one has gone. */
static void test_streams_are_shared_and_end(void **state)
{
    struct world *world = world_new(2);
    struct publisher *publisher = world->exchange.publisher;
    size_t messages = 0, before;
    struct publisher_sink sink = {count_message, &messages};
    struct sim_stream *first, *second, *silent;

    (void)state;
    publisher_set_sink(publisher, &sink);
    assert_int_equal(publisher_next_ns(publisher), INT64_MAX);
    silent = publisher_open(publisher, PATH_USDM_MARKET, "btcusdt@bookTicker");
    assert_non_null(silent);
    assert_non_null(publisher_open(publisher, PATH_USDM_MARKET, "btcusdt@forceOrder"));
    for (int i = 0; i < 50; i++)
        world_act(world, WORLD_USDM_BTC);
    world_advance(world, 3000 * WORLD_MS);
    assert_int_equal(messages, 0);
    first = publisher_open(publisher, PATH_USDM_PUBLIC, "btcusdt@bookTicker");
    second = publisher_open(publisher, PATH_USDM_PUBLIC, "btcusdt@bookTicker");
    assert_ptr_equal(first, second);
    assert_ptr_not_equal(first, silent);
    publisher_close(publisher, second);
    for (int i = 0; i < 50; i++)
        world_act(world, WORLD_USDM_BTC);
    assert_true(messages > 0);
    before = messages;
    publisher_close(publisher, first);
    for (int i = 0; i < 50; i++)
        world_act(world, WORLD_USDM_BTC);
    world_advance(world, 1000 * WORLD_MS);
    assert_int_equal(messages, before);
    assert_int_equal(publisher_next_ns(publisher), INT64_MAX);
    world_free(world);
}

/* --- letter by letter: order of keys, places of numbers ---------------------------------------------------------- */

struct letters {
    char text[4096]; /* all messages, a line each */
};

static void append_message(void *arg, struct sim_stream *stream, const char *text, size_t size)
{
    struct letters *letters = arg;
    size_t used = strlen(letters->text);

    (void)stream;
    assert_true(used + size + 2 < sizeof(letters->text));
    memcpy(letters->text + used, text, size);
    memcpy(letters->text + used + size, "\n", 2);
}

/* Sums of a coin worth a thousandth of a cent, and rounding on USD-M. */
static void test_numbers_beyond_64_bits_and_rounding(void **state)
{
    struct sim_symbol coin = {.tick_e8 = 1, .lot_e8 = 100000000},
                      contract = {.usdm = true, .tick_e8 = 10000000, .lot_e8 = 100000};
    struct wire wire;
    struct sim_text text = {0};

    (void)state;
    wire_init(&wire, &coin);
    wire_qty(&text, &wire, 12345678901234);
    wire_qty(&text, &wire, 92141578000);
    wire_money(&text, &wire, INT64_MAX, 8); /* ticks x lots of 0.00000001 */
    wire_e8(&text, -123456, 3);
    wire_e8(&text, -49999, 3);
    wire_e8(&text, 199950000, 3);
    wire_init(&wire, &contract);
    wire_money(&text, &wire, 618000005, wire.money_places); /* 61800.0005 */
    wire_money(&text, &wire, 618000005, wire_kline_places(&wire));
    wire_average(&text, &wire, 20, 3); /* 0.6666 */
    assert_string_equal(text.at, "\"12345678901234.00000000\"\"92141578000.00000000\"\"92233720368.54775807\""
                                 "\"-0.001\"\"0.000\"\"2.000\"\"61800.00\"\"61800.00050\"\"0.67\"");
    sim_text_free(&text);
}

static void three_orders(struct world *world, size_t symbol)
{
    uint64_t id;

    world_order(world, symbol, SIDE_BID, MATCH_LIMIT, 6180001, 1500, &id);
    world_order(world, symbol, SIDE_ASK, MATCH_LIMIT, 6180010, 20, &id);
    world_order(world, symbol, SIDE_ASK, MATCH_MARKET, 0, 500, &id);
    world_advance(world, 250 * WORLD_MS);
}

static void test_messages_letter_by_letter(void **state)
{
    struct world *world = world_new(1);
    struct publisher *publisher = world->exchange.publisher;
    struct letters letters = {{0}};
    struct publisher_sink sink = {append_message, &letters};

    (void)state;
    publisher_set_sink(publisher, &sink);
    publisher_open(publisher, PATH_SPOT, "btcusdt@bookTicker");
    publisher_open(publisher, PATH_SPOT, "btcusdt@trade");
    publisher_open(publisher, PATH_SPOT, "btcusdt@depth@100ms");
    three_orders(world, WORLD_SPOT_BTC);
    assert_string_equal(
        letters.text,
        "{\"u\":50093239188,\"s\":\"BTCUSDT\",\"b\":\"61800.01000000\",\"B\":\"0.01500000\",\"a\":"
        "\"0.00000000\",\"A\":\"0.00000000\"}\n"
        "{\"u\":50093239189,\"s\":\"BTCUSDT\",\"b\":\"61800.01000000\",\"B\":\"0.01500000\",\"a\":"
        "\"61800.10000000\",\"A\":\"0.00020000\"}\n"
        "{\"e\":\"trade\",\"E\":1763700000000,\"s\":\"BTCUSDT\",\"t\":3735683259,\"p\":\"61800.01000000\","
        "\"q\":\"0.00500000\",\"T\":1763700000000,\"m\":true,\"M\":true}\n"
        "{\"u\":50093239190,\"s\":\"BTCUSDT\",\"b\":\"61800.01000000\",\"B\":\"0.01000000\",\"a\":"
        "\"61800.10000000\",\"A\":\"0.00020000\"}\n"
        "{\"e\":\"depthUpdate\",\"E\":1763700000100,\"s\":\"BTCUSDT\",\"U\":50093239188,\"u\":50093239190,"
        "\"b\":[[\"61800.01000000\",\"0.01000000\"]],\"a\":[[\"61800.10000000\",\"0.00020000\"]]}\n");
    letters.text[0] = '\0';
    publisher_open(publisher, PATH_USDM_MARKET, "btcusdt@aggTrade");
    publisher_open(publisher, PATH_USDM_PUBLIC, "btcusdt@bookTicker");
    publisher_open(publisher, PATH_USDM_PUBLIC, "btcusdt@trade");
    publisher_open(publisher, PATH_USDM_PUBLIC, "btcusdt@depth@500ms");
    three_orders(world, WORLD_USDM_BTC);
    assert_string_equal(
        letters.text,
        "{\"e\":\"bookTicker\",\"u\":50093239190,\"s\":\"BTCUSDT\",\"b\":\"618000.10\",\"B\":\"1.500\","
        "\"a\":\"0.00\",\"A\":\"0.000\",\"T\":1763700000250,\"E\":1763700000250}\n"
        "{\"e\":\"bookTicker\",\"u\":50093239191,\"s\":\"BTCUSDT\",\"b\":\"618000.10\",\"B\":\"1.500\","
        "\"a\":\"618001.00\",\"A\":\"0.020\",\"T\":1763700000250,\"E\":1763700000250}\n"
        "{\"e\":\"trade\",\"E\":1763700000250,\"T\":1763700000250,\"s\":\"BTCUSDT\",\"t\":3735683261,"
        "\"p\":\"618000.10\",\"q\":\"0.500\",\"X\":\"MARKET\",\"m\":true}\n"
        "{\"e\":\"bookTicker\",\"u\":50093239192,\"s\":\"BTCUSDT\",\"b\":\"618000.10\",\"B\":\"1.000\","
        "\"a\":\"618001.00\",\"A\":\"0.020\",\"T\":1763700000250,\"E\":1763700000250}\n"
        "{\"e\":\"aggTrade\",\"E\":1763700000300,\"s\":\"BTCUSDT\",\"a\":1867841630,\"p\":\"618000.10\","
        "\"q\":\"0.500\",\"f\":3735683261,\"l\":3735683261,\"T\":1763700000250,\"m\":true}\n"
        "{\"e\":\"depthUpdate\",\"E\":1763700000500,\"T\":1763700000250,\"s\":\"BTCUSDT\",\"U\":50093239190,"
        "\"u\":50093239192,\"pu\":50093239189,\"b\":[[\"618000.10\",\"1.000\"]],\"a\":[[\"618001.00\","
        "\"0.020\"]]}\n");
    world_free(world);
}

/* --- against recordings ------------------------------------------------------------------------------------------------ */

struct kept {
    const char *name; /* of the stream, '#' in front for USD-M */
    json_t *data;
};

struct keeper {
    struct kept kept[40];
    size_t count;
};

static void keep(void *arg, struct sim_stream *stream, const char *text, size_t size)
{
    struct keeper *keeper = arg;

    for (size_t i = 0; i < keeper->count; i++)
        if (strcmp(keeper->kept[i].name, sim_stream_name(stream)) == 0) {
            json_decref(keeper->kept[i].data);
            keeper->kept[i].data = world_json(text, size);
            return;
        }
    assert_true(keeper->count < 40);
    keeper->kept[keeper->count].name = sim_stream_name(stream);
    keeper->kept[keeper->count++].data = world_json(text, size);
}

static json_type kind_of(const json_t *value)
{
    return json_is_false(value) ? JSON_TRUE : json_typeof(value);
}

/* Same keys, same JSON types, the objects in them included; b and a of trades are order ids that ended in 2023. */
static size_t same_keys(const char *where, const json_t *ours, const json_t *theirs)
{
    const char *key;
    json_t *value;
    bool trade = json_object_get(theirs, "t") != NULL && json_object_get(theirs, "M") != NULL;
    size_t keys = 0;

    json_object_foreach((json_t *)(uintptr_t)theirs, key, value)
    {
        const json_t *mine = json_object_get(ours, key);

        if (trade && (strcmp(key, "b") == 0 || strcmp(key, "a") == 0))
            continue;
        keys++;
        if (mine == NULL || kind_of(mine) != kind_of(value))
            fail_msg("%s: the venue has \"%s\", we do not, or of another type", where, key);
        if (json_is_object(value))
            same_keys(where, mine, value);
    }
    json_object_foreach((json_t *)(uintptr_t)ours, key, value)
    {
        if (json_object_get(theirs, key) == NULL)
            fail_msg("%s: we have \"%s\", the venue has not", where, key);
    }
    return keys;
}

static size_t compare_file(const char *path, const struct keeper *keeper, bool usdm)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0, compared = 0;

    assert_non_null(file);
    while (getline(&line, &room, file) > 0) {
        json_t *outer = world_json(line, strlen(line)), *inner, *data, *test = json_object_get(outer, "test");
        const char *raw = json_string_value(json_object_get(outer, "raw")), *stream, *kind;

        inner = raw == NULL ? json_incref(outer) : world_json(raw, strlen(raw));
        stream = json_string_value(json_object_get(inner, "stream"));
        data = json_object_get(inner, "data");
        /* Lines of a vector file say which market they are of; the other one is spot. */
        if (stream != NULL && data != NULL &&
            (test == NULL ? !usdm : strcmp(json_string_value(test), usdm ? "linear_swap" : "spot") == 0)) {
            if (json_is_array(data))
                data = json_array_get(data, 0);
            kind = strchr(stream, '@');
            for (size_t i = 0; i < keeper->count && kind != NULL; i++) {
                const char *mine = strchr(keeper->kept[i].name, '@');

                if (strcmp(mine, kind) == 0 ||
                    (strncmp(mine, "@kline_", 7) == 0 && strncmp(kind, "@kline_", 7) == 0)) {
                    same_keys(stream, keeper->kept[i].data, data);
                    compared++;
                }
            }
        }
        json_decref(inner);
        json_decref(outer);
    }
    free(line);
    fclose(file);
    return compared;
}

static void keys_of_market(bool usdm, const char *const *names, size_t names_count, const char *shared,
                           size_t compared_min)
{
    struct world *world = world_new(51);
    struct keeper keeper = {0};
    struct publisher_sink sink = {keep, &keeper};
    size_t symbol = usdm ? WORLD_USDM_BTC : WORLD_SPOT_BTC, compared = 0;
    char path[512];

    publisher_set_sink(world->exchange.publisher, &sink);
    for (size_t i = 0; i < names_count; i++) {
        enum stream_path way = usdm ? PATH_USDM_PUBLIC : PATH_SPOT;
        struct stream_name name;

        assert_true(stream_name_parse(&world->exchange, way, names[i], &name));
        assert_non_null(
            publisher_open(world->exchange.publisher, name.silent ? PATH_USDM_MARKET : way, names[i]));
    }
    for (int step = 0; step < 500; step++) {
        world_act(world, symbol);
        world_advance(world, 20 * WORLD_MS);
    }
    assert_int_equal(keeper.count, names_count); /* every stream has spoken */
    snprintf(path, sizeof(path), "%s/data/fixtures/crypto_msg_parser_binance_vectors.jsonl", shared);
    compared += compare_file(path, &keeper, usdm);
    if (!usdm) {
        snprintf(path, sizeof(path), "%s/data/fixtures/gocryptotrader_binance_ws.jsonl", shared);
        compared += compare_file(path, &keeper, false);
    }
    assert_true(compared >= compared_min);
    for (size_t i = 0; i < keeper.count; i++)
        json_decref(keeper.kept[i].data);
    world_free(world);
}

static void test_keys_of_messages_as_recorded(void **state)
{
    static const char *const spot[] = {"btcusdt@aggTrade",    "btcusdt@trade",      "btcusdt@depth",
                                       "btcusdt@depth@100ms", "btcusdt@depth20",    "btcusdt@ticker",
                                       "btcusdt@kline_1m",    "btcusdt@miniTicker", "btcusdt@bookTicker",
                                       "btcusdt@ticker_1h",   "btcusdt@avgPrice"};
    static const char *const usdm[] = {"btcusdt@aggTrade", "btcusdt@trade",      "btcusdt@depth@100ms",
                                       "btcusdt@depth20",  "btcusdt@bookTicker", "btcusdt@ticker",
                                       "btcusdt@kline_1m", "btcusdt@markPrice",  "btcusdt@miniTicker"};
    const char *shared = getenv("FLOWDECK_SHARED");
    char path[512];

    (void)state;
    shared = shared == NULL ? "../shared" : shared;
    snprintf(path, sizeof(path), "%s/data/fixtures/gocryptotrader_binance_ws.jsonl", shared);
    if (access(path, R_OK) != 0) {
        print_message("skipped: no %s\n", path);
        skip();
    }
    keys_of_market(false, spot, sizeof(spot) / sizeof(spot[0]), shared, 8);
    keys_of_market(true, usdm, sizeof(usdm) / sizeof(usdm[0]), shared, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_depth_messages_rebuild_the_true_book),
        cmocka_unit_test(test_changes_that_undo_each_other_are_covered),
        cmocka_unit_test(test_quotes_trades_and_aggregates_agree_with_the_book),
        cmocka_unit_test(test_spot_aggregates_one_order_at_one_price),
        cmocka_unit_test(test_truth_equals_copies_taken_on_the_way),
        cmocka_unit_test(test_truth_forgets_the_oldest),
        cmocka_unit_test(test_old_snapshot_is_the_book_of_that_time),
        cmocka_unit_test(test_klines_equal_naive_sums),
        cmocka_unit_test(test_calendar_of_klines),
        cmocka_unit_test(test_tickers_equal_naive_sums),
        cmocka_unit_test(test_kline_stream_closes_every_candle_once),
        cmocka_unit_test(test_stream_names),
        cmocka_unit_test(test_streams_are_shared_and_end),
        cmocka_unit_test(test_numbers_beyond_64_bits_and_rounding),
        cmocka_unit_test(test_messages_letter_by_letter),
        cmocka_unit_test(test_keys_of_messages_as_recorded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
