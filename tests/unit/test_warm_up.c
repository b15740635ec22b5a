/* Trades of the time before the start: pages as the venue gives them, and sums that know each trade once. */
#include "feed/decoder.h"
#include "unit/pipeline_world.h"

#include <inttypes.h>
#include <string.h>

#define FIRST_ID UINT64_C(1000)
#define TRADES   1500 /* of the whole tape, one each 200 ms; the stream begins within */
#define MID      INT64_C(6000000)

static const struct level bids[] = {{MID, 5000}, {MID - 1, 5}};
static const struct level asks[] = {{MID + 1, 5000}, {MID + 2, 5}};

/* The i-th trade of the tape. */
static struct trade tape_trade(uint64_t i)
{
    int64_t ns = WORLD_NS - INT64_C(300000000000) + (int64_t)i * INT64_C(200000000);

    return (struct trade){.recv_ns = ns,
                          .venue_ms = ns / 1000000,
                          .id = FIRST_ID + i,
                          .price_ticks = MID + (int64_t)(i * 7 % 11) - 5,
                          .qty_lots = 1 + (int64_t)(i % 13),
                          .taker = i % 3 == 0 ? SIDE_ASK : SIDE_BID};
}

static void stream(struct world *world, uint64_t from, uint64_t to)
{
    for (uint64_t i = from; i < to; i++) {
        struct feed_event event = {.kind = FEED_TRADE, .instrument = &world->instrument};

        event.trade = tape_trade(i);
        event.recv_ns = event.trade.recv_ns;
        pipeline_on_feed(world->pipeline, &event);
        world->now_ns = event.recv_ns;
    }
}

static void page(struct world *world, uint64_t from, uint64_t to, bool complete)
{
    static struct trade trades[TRADES];
    struct feed_event event = {
        .kind = FEED_HISTORY, .recv_ns = world->now_ns, .instrument = &world->instrument};

    for (uint64_t i = from; i < to; i++)
        trades[i - from] = tape_trade(i);
    event.history = (struct trade_history){
        .recv_ns = world->now_ns, .trade = trades, .count = to - from, .complete = complete};
    pipeline_on_feed(world->pipeline, &event);
}

static struct market_state *market_of(const struct world *world)
{
    return world->pipeline->market[0];
}

/* A market whose book is LIVE at the time of a trade of the tape, and that has seen nothing of the tape yet. */
static void begin(struct world *world, uint64_t at)
{
    struct feed_event event = {.kind = FEED_INSTRUMENT, .instrument = &world->instrument};
    struct config *config = options_config_new();
    struct pipeline_config made;
    char why[CONFIG_WHY_SIZE];

    assert_int_equal(options_pipeline(config, &made, why), ERR_OK);
    config_free(config);
    made.mode = MODE_SIMULATION;
    world->pipeline = pipeline_new(&made, NULL);
    world->now_ns = event.recv_ns = tape_trade(at).recv_ns - 50000000;
    instrument_init(&world->instrument, "BTCUSDT", VENUE_BINANCE_SPOT, 0);
    world->instrument.tick_e8 = 1000000;
    world->instrument.lot_e8 = 1000;
    pipeline_on_feed(world->pipeline, &event);
    event.kind = FEED_SNAPSHOT;
    event.snapshot = (struct depth_snapshot){
        .recv_ns = event.recv_ns, .last_id = 10, .levels = {bids, asks}, .level_count = {2, 2}};
    pipeline_on_feed(world->pipeline, &event);
    event.kind = FEED_DEPTH;
    event.depth = (struct depth_update){.recv_ns = event.recv_ns, .first_id = 10, .last_id = 12};
    pipeline_on_feed(world->pipeline, &event);
    assert_int_equal(market_of(world)->book_state, BOOK_LIVE);
}

static void assert_same_sums(const struct market_state *a, const struct market_state *b)
{
    const struct tape_totals *x = tape_totals(a->tape), *y = tape_totals(b->tape);
    const struct signal_values *v = signals_values(a->signals), *w = signals_values(b->signals);

    assert_int_equal(x->count, y->count);
    assert_int_equal(x->first_id, y->first_id);
    assert_int_equal(x->last_id, y->last_id);
    assert_int_equal(x->base_lots, y->base_lots);
    assert_int_equal(x->taker_buy_lots, y->taker_buy_lots);
    assert_true(x->quote_tick_lots == y->quote_tick_lots);
    assert_int_equal(x->open_ticks, y->open_ticks);
    assert_int_equal(x->high_ticks, y->high_ticks);
    assert_int_equal(x->low_ticks, y->low_ticks);
    for (int frame = 0; frame < CANDLE_FRAMES; frame++) {
        size_t count = candles_count(a->candles, (enum candle_frame)frame);

        assert_int_equal(count, candles_count(b->candles, (enum candle_frame)frame));
        for (size_t i = 0; i < count; i++)
            assert_memory_equal(candles_at(a->candles, (enum candle_frame)frame, i),
                                candles_at(b->candles, (enum candle_frame)frame, i), sizeof(struct candle));
    }
    assert_int_equal(v->cvd_lots, w->cvd_lots);
    assert_true(v->trade_imbalance == w->trade_imbalance);
    assert_true(v->tape_per_s == w->tape_per_s);
    assert_true(v->tape_usual == w->tape_usual && v->tape_usual > 0.0);
    assert_true(v->tape_10s.p90 == w->tape_10s.p90 && v->tape_10s.p90 > 0.0);
    assert_true(v->vpin_valid == w->vpin_valid && v->vpin == w->vpin);
    assert_int_equal(v->cvd_points, w->cvd_points);
}

/* One that watched all along, and one that came in the middle and asked: the same sums, however the two overlap. */
static void test_asked_for_is_as_if_watched(void **state)
{
    struct world all;

    (void)state;
    begin(&all, 0);
    stream(&all, 0, TRADES);
    for (int order = 0; order < 3; order++) {
        struct world late;
        struct feed_event tick = {.kind = FEED_OTHER, .recv_ns = all.now_ns};

        begin(&late, 1000);
        if (order ==
            0) { /* the stream's first trades come before, between and after the pages, which overlap them */
            stream(&late, 1000, 1100);
            page(&late, 0, 700, false);
            stream(&late, 1100, 1200);
            page(&late, 700, 1180, true);
            stream(&late, 1200, TRADES);
        } else if (order == 1) { /* the pages bring what the stream tells again */
            world_depth(&late, 0, false);
            late.now_ns = tape_trade(1049).recv_ns;
            page(&late, 0, 1050, true);
            stream(&late, 1000, TRADES);
        } else { /* a page twice, and one more behind the last */
            stream(&late, 1000, 1001);
            page(&late, 0, 600, false);
            page(&late, 0, 600, false);
            page(&late, 600, 1000, true);
            page(&late, 600, 1000, true);
            stream(&late, 1001, TRADES);
        }
        pipeline_on_feed(late.pipeline, &tick);
        assert_same_sums(market_of(&late), market_of(&all));
        pipeline_free(late.pipeline);
    }
    pipeline_free(all.pipeline);
}

/* An own order that those trades would have filled is not filled, nobody sends, and the book is as it was. */
static void test_nobody_acts_on_the_time_before(void **state)
{
    struct command order = {.kind = COMMAND_ORDER, .source = "test"};
    struct world world;
    uint64_t sent, fills, id;

    (void)state;
    begin(&world, 1400);
    order.intent = (struct order_intent){
        .instrument_id = 0, .side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = MID - 3, .qty_lots = 100};
    pipeline_on_command(world.pipeline, &order);
    world_depth(&world, INT64_C(500000000), false);
    sent = world.pipeline->counts.sent;
    fills = world.pipeline->counts.fills;
    id = book_sync_update_id(market_of(&world)->sync);
    assert_int_equal(sent, 1);
    page(&world, 0, 1400, true);
    assert_int_equal(tape_totals(market_of(&world)->tape)->count, 1400);
    assert_int_equal(world.pipeline->counts.sent, sent);
    assert_int_equal(world.pipeline->counts.fills, fills);
    assert_int_equal(book_sync_update_id(market_of(&world)->sync), id);
    assert_int_equal(order_book_count(market_of(&world)->book, SIDE_BID), 2);
    pipeline_free(world.pipeline);
}

/* More of the stream than is kept: it goes on without the time before, and loses nothing of its own. */
static void test_too_late_is_done_without(void **state)
{
    struct world world;

    (void)state;
    begin(&world, 0);
    stream(&world, 0, WARM_UP_KEPT_MAX + 10);
    page(&world, 0, 500, true);
    page(&world, 0, 500, true);
    assert_int_equal(tape_totals(market_of(&world)->tape)->count, WARM_UP_KEPT_MAX + 10);
    assert_int_equal(tape_totals(market_of(&world)->tape)->first_id, FIRST_ID);
    stream(&world, WARM_UP_KEPT_MAX + 10, WARM_UP_KEPT_MAX + 20);
    assert_int_equal(tape_totals(market_of(&world)->tape)->count, WARM_UP_KEPT_MAX + 20);
    pipeline_free(world.pipeline);
}

/* --- pages ------------------------------------------------------------------------------------------------------- */

#define ROW_1                                                                                                \
    "{\"a\":50,\"p\":\"100.01\",\"q\":\"2.5\",\"f\":200,\"l\":203,\"T\":1700000000100,\"m\":true,\"M\":"     \
    "true}"
#define ROW_2 "{\"a\":51,\"p\":\"100.02\",\"q\":\"1\",\"f\":204,\"l\":204,\"T\":1700000000200,\"m\":false}"

static struct decoder *decoder_of_one(enum venue venue)
{
    struct decoder_config config = {.known = NULL};
    struct decoder *decoder = decoder_new(&config);
    struct feed_event event;

    assert_non_null(decoder);
    assert_int_equal(decoder_add_instrument(decoder, WORLD_NS, "BTCUSDT", venue), ERR_OK);
    while (decoder_next(decoder, &event))
        continue;
    return decoder;
}

/* The last event of a page; steps may come before it. */
static struct feed_event push(struct decoder *decoder, bool recorded, bool by_print, const char *rows)
{
    struct feed_event event = {.kind = FEED_NONE};
    static char text[4096];

    memset(text, 0, sizeof(text));
    if (recorded) {
        snprintf(text, sizeof(text), "{\"stream\":\"btcusdt@%s\",\"data\":%s}",
                 by_print ? "history" : "aggHistory", rows);
        decoder_push(decoder, WORLD_NS + 1000000000, text, strlen(text));
    } else {
        decoder_push_history(decoder, WORLD_NS + 1000000000, "BTCUSDT", by_print, rows, strlen(rows));
    }
    while (decoder_next(decoder, &event))
        continue;
    return event;
}

static void test_a_page_has_the_ids_of_its_stream(void **state)
{
    (void)state;
    for (int recorded = 0; recorded < 2; recorded++)
        for (int by_print = 0; by_print < 2; by_print++) {
            struct decoder *decoder = decoder_of_one(by_print ? VENUE_BINANCE_SPOT : VENUE_BINANCE_USDM);
            struct feed_event event = push(decoder, recorded, by_print, "[" ROW_1 "," ROW_2 "]");
            const struct trade *trade = event.history.trade;

            assert_int_equal(event.kind, FEED_HISTORY);
            assert_int_equal(event.history.count, 2);
            assert_int_equal(event.history.next_id, 52);
            assert_true(event.history.complete);
            assert_int_equal(trade[0].id, by_print ? 200 : 50);
            assert_int_equal(trade_last_id(&trade[0]), by_print ? 203 : 50);
            assert_int_equal(trade[0].taker, SIDE_ASK);
            assert_int_equal(trade[1].taker, SIDE_BID);
            assert_int_equal(instrument_price_e8(event.instrument, trade[0].price_ticks), 10001000000);
            assert_int_equal(instrument_qty_e8(event.instrument, trade[0].qty_lots), 250000000);
            assert_int_equal(trade[0].recv_ns, INT64_C(1700000000100000000));
            decoder_free(decoder);
        }
}

static void test_an_empty_page_is_the_end(void **state)
{
    struct decoder *decoder = decoder_of_one(VENUE_BINANCE_SPOT);
    struct feed_event event = push(decoder, false, true, "[]");

    (void)state;
    assert_int_equal(event.kind, FEED_HISTORY);
    assert_int_equal(event.history.count, 0);
    assert_true(event.history.complete);
    decoder_free(decoder);
}

static void test_bad_pages_are_refused(void **state)
{
    static const char *const pages[] = {
        "{}",
        "",
        "[1]",
        "[{}]",
        "[" ROW_2 "," ROW_1 "]",
        "[" ROW_1 "," ROW_1 "]",
        "[{\"a\":50,\"p\":\"0\",\"q\":\"1\",\"f\":1,\"l\":1,\"T\":1700000000100,\"m\":true}]",
        "[{\"a\":50,\"p\":\"1\",\"q\":\"-1\",\"f\":1,\"l\":1,\"T\":1700000000100,\"m\":true}]",
        "[{\"a\":50,\"p\":\"1\",\"q\":\"1\",\"f\":2,\"l\":1,\"T\":1700000000100,\"m\":true}]",
        "[{\"a\":50,\"p\":\"1\",\"q\":\"1\",\"f\":1,\"l\":1,\"T\":9223372036854775807,\"m\":true}]",
        "[{\"a\":50,\"p\":\"1\",\"q\":\"1\",\"f\":1,\"l\":1,\"T\":1700000000100,\"m\":1}]",
    };
    struct decoder *decoder = decoder_of_one(VENUE_BINANCE_SPOT);

    (void)state;
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
        assert_int_equal(push(decoder, false, true, pages[i]).kind, FEED_BAD);
    assert_int_equal(push(decoder, true, true, "{}").kind, FEED_BAD);
    assert_int_equal(decoder_counts(decoder)->bad, sizeof(pages) / sizeof(pages[0]) + 1);
    decoder_free(decoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_asked_for_is_as_if_watched),
        cmocka_unit_test(test_nobody_acts_on_the_time_before),
        cmocka_unit_test(test_too_late_is_done_without),
        cmocka_unit_test(test_a_page_has_the_ids_of_its_stream),
        cmocka_unit_test(test_an_empty_page_is_the_end),
        cmocka_unit_test(test_bad_pages_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
