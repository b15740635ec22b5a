/* What makes a verified book doubtful, what its connection does to it, and what the host must ask for. */
#include "unit/pipeline_world.h"

#include <string.h>

#define NS_PER_MS INT64_C(1000000)

static const struct level bids[] = {{6000000, 5}, {5999900, 5}, {5990000, 5}};
static const struct level asks[] = {{6000100, 5}, {6000200, 5}, {6010000, 5}};

static void begin(struct world *world, bool live)
{
    world_live = live;
    world_init(world, bids, 3, asks, 3);
    world_live = false;
}

static struct market_state *market_of(const struct world *world)
{
    return world->pipeline->market[0];
}

static enum book_state state_of(const struct world *world)
{
    struct market_state *market = market_of(world);
    struct market_ref ref = market_state_ref(market, world->now_ns);

    assert_int_equal(ref.book_state, market->book_state); /* what is told is what is traded on */
    return market->book_state;
}

static uint64_t lost(const struct world *world, enum stale_cause cause)
{
    return book_sync_counts(market_of(world)->sync)->lost[cause];
}

static void depth(struct world *world, enum side side, int64_t price, int64_t lots)
{
    struct level level = {price, lots};
    struct feed_event event = {
        .kind = FEED_DEPTH, .recv_ns = world->now_ns, .instrument = &world->instrument};

    event.depth = (struct depth_update){.recv_ns = world->now_ns,
                                        .first_id = world->id + 1,
                                        .last_id = world->id + 1,
                                        .levels = {&level, &level},
                                        .level_count = {side == SIDE_BID, side == SIDE_ASK}};
    world->id++;
    pipeline_on_feed(world->pipeline, &event);
}

static void quote(struct world *world, uint64_t id, int64_t bid, int64_t bid_lots)
{
    struct feed_event event = {
        .kind = FEED_QUOTE, .recv_ns = world->now_ns, .instrument = &world->instrument};

    event.quote = (struct best_quote){
        .recv_ns = world->now_ns, .update_id = id, .level = {{bid, bid_lots}, {6000100, 5}}};
    pipeline_on_feed(world->pipeline, &event);
}

static void snapshot(struct world *world, enum feed_event_kind kind, uint64_t id, const struct level *bid)
{
    struct feed_event event = {.kind = kind, .recv_ns = world->now_ns, .instrument = &world->instrument};

    event.snapshot = (struct depth_snapshot){
        .recv_ns = world->now_ns, .last_id = id, .levels = {bid, asks}, .level_count = {3, 3}};
    pipeline_on_feed(world->pipeline, &event);
}

static void link_is(struct world *world, enum feed_link link, const char *why)
{
    struct feed_event event = {.kind = FEED_LINK, .recv_ns = world->now_ns, .instrument = &world->instrument};

    event.link.state = link;
    event.link.why = why;
    pipeline_on_feed(world->pipeline, &event);
}

static bool needs(const struct world *world)
{
    return pipeline_needs_snapshot(world->pipeline, 0);
}

/* As a host does: a snapshot of now, then the update that joins it. */
static void heal(struct world *world)
{
    world_depth(world, 0, false);
    assert_true(needs(world));
    snapshot(world, FEED_SNAPSHOT, world->id, bids);
    assert_false(needs(world)); /* it waits for its update */
    world_depth(world, 0, false);
    assert_int_equal(state_of(world), BOOK_LIVE);
    assert_false(needs(world));
}

static void assert_noted(const struct world *world, const char *text)
{
    const struct pipeline *pipeline = world->pipeline;

    for (size_t i = 0; i < PIPELINE_NOTES_MAX; i++)
        if (strstr(pipeline->note[i].text, text) != NULL)
            return;
    fail_msg("no line \"%s\"", text);
}

/* At the same update id the venue's best quote is right by definition; at another it may differ and be right. */
static void test_quote_of_the_same_update_contradicts(void **state)
{
    (void)state;
    for (int quote_first = 0; quote_first < 2; quote_first++) {
        struct world world;

        begin(&world, true);
        quote(&world, world.id - 1, 5999900, 1);
        assert_int_equal(state_of(&world), BOOK_LIVE);
        quote(&world, world.id, 6000000, 5);
        assert_int_equal(state_of(&world), BOOK_LIVE);
        if (quote_first == 1)
            quote(&world, world.id + 1, 6000000, 6);
        depth(&world, SIDE_BID, 5999900, 7);
        if (quote_first == 0)
            quote(&world, world.id, 6000000, 6);
        assert_int_equal(state_of(&world), BOOK_STALE);
        assert_int_equal(lost(&world, STALE_QUOTE), 1);
        assert_int_equal(book_sync_counts(market_of(&world)->sync)->gaps, 0);
        assert_noted(&world, "STALE: at 13 the venue's best bid size is 0.00006, the book's 0.00005");
        heal(&world);
        assert_int_equal(book_sync_counts(market_of(&world)->sync)->resyncs, 1);
        pipeline_free(world.pipeline);
    }
}

static void test_crossed_for_more_than_a_moment(void **state)
{
    struct world world;

    (void)state;
    begin(&world, true);
    depth(&world, SIDE_BID, 6000100, 1); /* locked is crossed */
    depth(&world, SIDE_BID, 5999900, 6);
    assert_int_equal(state_of(&world), BOOK_LIVE);
    depth(&world, SIDE_BID, 6000100, 0); /* two updates: a moment */
    assert_int_equal(state_of(&world), BOOK_LIVE);
    for (int i = 0; i < 3; i++)
        depth(&world, SIDE_BID, 6000100, 1 + i);
    assert_int_equal(state_of(&world), BOOK_STALE);
    assert_int_equal(lost(&world, STALE_CROSSED), 1);
    heal(&world);
    depth(&world, SIDE_BID, 6000200, 1); /* one update, and then nothing comes */
    pipeline_on_time(world.pipeline, world.now_ns + 400 * NS_PER_MS);
    assert_int_equal(state_of(&world), BOOK_LIVE);
    pipeline_on_time(world.pipeline, world.now_ns + 700 * NS_PER_MS);
    assert_int_equal(state_of(&world), BOOK_STALE);
    assert_int_equal(lost(&world, STALE_CROSSED), 2);
    pipeline_free(world.pipeline);
}

/* A replay has no venue to ask: what it decides stays what the recording says. */
static void test_a_replay_lives_with_what_only_a_snapshot_heals(void **state)
{
    struct world world;

    (void)state;
    begin(&world, false);
    for (int i = 0; i < 5; i++)
        depth(&world, SIDE_BID, 6000200, 1 + i);
    pipeline_on_time(world.pipeline, world.now_ns + 900 * NS_PER_MS);
    snapshot(&world, FEED_AUDIT, world.id, bids);
    quote(&world, world.id, 6000000, 7);
    quote(&world, world.id + 1, 6000000, 7);
    for (size_t i = 0; i < 3; i++)
        depth(&world, SIDE_BID, bids[i].price_ticks, 0);
    assert_int_equal(state_of(&world), BOOK_LIVE);
    pipeline_free(world.pipeline);
}

/* Behind the outermost price of the snapshot a better price may be hidden. */
static void test_best_price_beyond_the_horizon_is_no_best_price(void **state)
{
    static const struct level many[] = {{6000000, 5}, {5999900, 5}, {5990000, 5}, {5999800, 5}, {5999700, 5}};
    struct world world;

    (void)state;
    world_live = true;
    world_init(&world, many, 5, asks, 3);
    world_live = false;
    depth(&world, SIDE_BID, 5980000, 9); /* beyond it: told, and kept */
    for (size_t i = 3; i < 5; i++)
        depth(&world, SIDE_BID, many[i].price_ticks, 0);
    depth(&world, SIDE_BID, 6000000, 0);
    depth(&world, SIDE_BID, 5999900, 0);
    assert_int_equal(state_of(&world), BOOK_LIVE); /* the outermost known price is known */
    depth(&world, SIDE_BID, 5990000, 0);
    assert_int_equal(state_of(&world), BOOK_STALE);
    assert_int_equal(lost(&world, STALE_HORIZON), 1);
    heal(&world);
    for (size_t i = 0; i < 3; i++) /* a snapshot of fewer levels than any limit had them all */
        depth(&world, SIDE_ASK, asks[i].price_ticks, 0);
    assert_int_equal(state_of(&world), BOOK_LIVE);
    assert_int_equal(lost(&world, STALE_HORIZON), 1);
    pipeline_free(world.pipeline);
}

static void test_audit_finds_one_wrong_level(void **state)
{
    static const struct level wrong[] = {{6000000, 5}, {5999900, 4}, {5990000, 5}};
    struct world world;

    (void)state;
    begin(&world, true);
    snapshot(&world, FEED_AUDIT, world.id, bids);
    assert_int_equal(market_of(&world)->audits.agreed, 1);
    snapshot(&world, FEED_AUDIT, world.id + 1, wrong); /* ahead: it waits */
    assert_int_equal(state_of(&world), BOOK_LIVE);
    depth(&world, SIDE_BID, 6000000, 5);
    assert_int_equal(state_of(&world), BOOK_STALE);
    assert_int_equal(market_of(&world)->audits.differed, 1);
    assert_noted(&world, "audit: bid 59999 holds 0.00005, the venue says 0.00004");
    snapshot(&world, FEED_AUDIT, world.id, wrong); /* no book to look at: it loads nothing */
    assert_int_equal(state_of(&world), BOOK_STALE);
    heal(&world);
    snapshot(&world, FEED_AUDIT, 3, bids);
    assert_int_equal(market_of(&world)->audits.undecided, 1);
    snapshot(&world, FEED_AUDIT, world.id + 100, bids);
    world_depth(&world, 0, true); /* lost while it waits */
    assert_int_equal(market_of(&world)->audits.undecided, 2);
    pipeline_free(world.pipeline);
}

static void test_link_that_breaks_and_comes_back(void **state)
{
    struct world world;
    const struct level level = {5999000, 99};
    struct level best;

    (void)state;
    begin(&world, true);
    link_is(&world, FEED_LINK_UP, NULL);
    assert_int_equal(state_of(&world), BOOK_LIVE);
    link_is(&world, FEED_LINK_SILENT, "no data for 10.0 s");
    assert_int_equal(state_of(&world), BOOK_STALE);
    assert_noted(&world, "STALE: no data for 10.0 s");
    depth(&world, SIDE_BID, level.price_ticks,
          level.qty_lots); /* of the old connection: must come to nothing */
    link_is(&world, FEED_LINK_DOWN, "closed \x1b[2J by the venue");
    assert_string_equal(market_of(&world)->stale_why, "link lost: closed \\x1b[2J by the venue");
    link_is(&world, FEED_LINK_CONNECTING, "");
    assert_int_equal(state_of(&world), BOOK_STALE);
    assert_false(needs(&world));
    snapshot(&world, FEED_SNAPSHOT, world.id - 1, bids); /* was on its way when the link broke */
    link_is(&world, FEED_LINK_UP, NULL);
    assert_int_equal(state_of(&world), BOOK_SYNCING);
    assert_false(needs(&world)); /* no update yet that a snapshot could be too old for */
    heal(&world);
    assert_int_equal(order_book_qty(market_of(&world)->book, SIDE_BID, level.price_ticks), 0);
    assert_true(order_book_best(market_of(&world)->book, SIDE_BID, &best));
    assert_int_equal(best.price_ticks, 6000000);
    assert_int_equal(lost(&world, STALE_LINK), 1);
    assert_int_equal(book_sync_counts(market_of(&world)->sync)->gaps, 0);
    assert_int_equal(book_sync_counts(market_of(&world)->sync)->resyncs, 1);
    pipeline_free(world.pipeline);
}

/* A short resync is no news to wake a person for; two seconds without a book are, once. */
static void test_only_a_long_stale_rings(void **state)
{
    struct world world;
    uint64_t before;

    (void)state;
    begin(&world, true);
    before = world.pipeline->bell_seq;
    link_is(&world, FEED_LINK_DOWN, "maintenance");
    pipeline_on_time(world.pipeline, world.now_ns += 1900 * INT64_C(1000000));
    link_is(&world, FEED_LINK_UP, NULL);
    heal(&world);
    pipeline_on_time(world.pipeline, world.now_ns += 900 * INT64_C(1000000));
    assert_int_equal(world.pipeline->bell_seq, before);
    link_is(&world, FEED_LINK_DOWN, "maintenance");
    pipeline_on_time(world.pipeline, world.now_ns += 1000 * INT64_C(1000000));
    link_is(&world, FEED_LINK_UP, NULL); /* SYNCING: still no book */
    for (int i = 0; i < 50; i++)
        pipeline_on_time(world.pipeline, world.now_ns += 100 * INT64_C(1000000));
    assert_int_equal(world.pipeline->bell_seq, before + 1);
    assert_string_equal(world.pipeline->bell_why, "BTCUSDT book not LIVE for 2 s");
    pipeline_free(world.pipeline);
}

/* After a restart of the venue ids may begin anew: the old quotes must not judge the new book. */
static void test_ids_that_begin_anew(void **state)
{
    struct world world;

    (void)state;
    begin(&world, true);
    quote(&world, 1000, 6000000, 5);
    link_is(&world, FEED_LINK_DOWN, "maintenance");
    link_is(&world, FEED_LINK_UP, NULL);
    world.id = 3;
    heal(&world);
    quote(&world, world.id, 6000000, 6);
    assert_int_equal(lost(&world, STALE_QUOTE), 1); /* it is heard again */
    pipeline_free(world.pipeline);
}

static void test_link_before_there_was_a_book(void **state)
{
    struct world world;
    struct feed_event event = {.kind = FEED_INSTRUMENT, .recv_ns = WORLD_NS, .instrument = &world.instrument};

    (void)state;
    begin(&world, true);
    instrument_init(&world.instrument, "XYZUSDT", VENUE_BINANCE_SPOT, 1);
    world.instrument.tick_e8 = world.instrument.lot_e8 = 1;
    pipeline_on_feed(world.pipeline, &event);
    link_is(&world, FEED_LINK_CONNECTING, "TLS");
    assert_int_equal(world.pipeline->market[1]->book_state, BOOK_CONNECTING);
    link_is(&world, FEED_LINK_DOWN, "refused");
    assert_int_equal(world.pipeline->market[1]->book_state, BOOK_DOWN);
    assert_noted(&world, "XYZUSDT book DOWN: no connection: refused");
    link_is(&world, FEED_LINK_UP, NULL);
    assert_int_equal(world.pipeline->market[1]->book_state, BOOK_SYNCING);
    assert_int_equal(world.pipeline->market[0]->book_state, BOOK_LIVE);
    assert_false(pipeline_needs_snapshot(world.pipeline, 2));
    pipeline_free(world.pipeline);
}

/* As after a gap: what a strategy has resting goes, at once. */
static void test_orders_are_cancelled_when_the_link_breaks(void **state)
{
    struct world world;
    struct order_intent intent = {.owner = 1,
                                  .instrument_id = 0,
                                  .side = SIDE_BID,
                                  .type = ORDER_LIMIT,
                                  .price_ticks = 5999900,
                                  .qty_lots = 100};
    uint64_t seq = 0;

    (void)state;
    begin(&world, true);
    assert_int_equal(trading_intent(world.pipeline, market_of(&world), &intent, &seq).code, RISK_PASS);
    assert_int_equal(world.pipeline->counts.cancelled, 0);
    link_is(&world, FEED_LINK_DOWN, "reset");
    assert_int_equal(world.pipeline->counts.cancelled, 1);
    assert_int_not_equal(trading_intent(world.pipeline, market_of(&world), &intent, &seq).code, RISK_PASS);
    pipeline_free(world.pipeline);
}

static void test_mark_price_and_liquidations(void **state)
{
    struct world world;
    struct feed_event event = {.kind = FEED_MARK, .recv_ns = WORLD_NS, .instrument = &world.instrument};
    uint64_t notes;

    (void)state;
    begin(&world, false);
    event.mark = (struct mark_price){.recv_ns = WORLD_NS, .mark_e8 = 7, .funding_rate_e8 = -3};
    pipeline_on_feed(world.pipeline, &event);
    assert_int_equal(market_of(&world)->mark.mark_e8, 7);
    assert_int_equal(market_of(&world)->mark.funding_rate_e8, -3);
    notes = world.pipeline->note_seq;
    event.kind = FEED_LIQUIDATION;
    event.liquidation = (struct liquidation){
        .recv_ns = WORLD_NS, .side = SIDE_ASK, .price_ticks = 6100000, .qty_lots = 50000};
    for (int i = 0; i < 4; i++)
        pipeline_on_feed(world.pipeline, &event);
    assert_int_equal(market_of(&world)->forced.count, 4);
    assert_int_equal(world.pipeline->note_seq, notes + 1); /* a cascade is one line */
    assert_noted(&world, "BTCUSDT liquidation SELL 0.5 @ 61000");
    event.recv_ns += 6000 * NS_PER_MS;
    pipeline_on_feed(world.pipeline, &event);
    assert_noted(&world, "liquidation SELL 0.5 @ 61000, 3 more before");
    pipeline_free(world.pipeline);
}

/* Nine seconds of updates read at once after a stalled line: each is as old as the venue's time in it, by the measured
 * clock offset. A replay has only its receive times. */
static void test_a_backlog_does_not_look_fresh(void **state)
{
    (void)state;
    for (int live = 0; live <= 1; live++) {
        struct world world;
        struct feed_event event = {.kind = FEED_DEPTH, .instrument = &world.instrument};
        int64_t age_ns;

        begin(&world, live);
        pipeline_set_clock_offset(world.pipeline, 2000); /* the venue's clock is two seconds ahead */
        world.now_ns += 9000 * NS_PER_MS;
        event.recv_ns = world.now_ns;
        event.depth = (struct depth_update){.recv_ns = world.now_ns,
                                            .venue_ms = world.now_ns / NS_PER_MS + 2000 - 8000,
                                            .first_id = world.id + 1,
                                            .last_id = world.id + 1};
        pipeline_on_feed(world.pipeline, &event);
        age_ns = market_state_ref(market_of(&world), world.now_ns).book_age_ns;
        assert_int_equal(age_ns, live ? 8000 * NS_PER_MS : 0);
        event.depth.venue_ms += 7950; /* in time but for what the clocks do not tell */
        event.depth.first_id = event.depth.last_id = world.id + 2;
        pipeline_on_feed(world.pipeline, &event);
        assert_int_equal(market_state_ref(market_of(&world), world.now_ns).book_age_ns, 0);
        pipeline_free(world.pipeline);
    }
}

/* Five levels a side is what was asked for, so there may be more; four are all there is. */
static void test_signals_know_how_far_a_snapshot_reached(void **state)
{
    static const struct level bid[] = {{6000000, 5}, {5999900, 5}, {5999800, 5}, {5999700, 5}, {5999600, 5}};
    static const struct level ask[] = {{6000100, 5}, {6000200, 5}, {6000300, 5}, {6000400, 5}, {6000500, 5}};

    (void)state;
    for (size_t levels = 4; levels <= 5; levels++) {
        struct world world;

        world_init(&world, bid, levels, ask, levels);
        depth(&world, SIDE_BID, 5999000, 500); /* behind both snapshots */
        if (levels == 4)
            assert_true(signals_values(market_of(&world)->signals)->imbalance_20 > 0.9);
        else
            assert_true(signals_values(market_of(&world)->signals)->imbalance_20 == 0.0);
        pipeline_free(world.pipeline);
    }
}

static void instrument_again(struct world *world, bool trading)
{
    struct feed_event event = {
        .kind = FEED_INSTRUMENT, .recv_ns = world->now_ns, .instrument = &world->instrument};

    world->instrument.trading = trading;
    pipeline_on_feed(world->pipeline, &event);
}

/* The venue closes the market: said once, no order passes; opened again, likewise. The book is none the worse. */
static void test_halt_is_told_and_no_order_passes(void **state)
{
    struct order_intent intent = {
        .side = SIDE_BID, .type = ORDER_LIMIT, .tif = TIF_GTC, .price_ticks = 5990000, .qty_lots = 100};
    struct world world;
    uint64_t seq = 0;

    (void)state;
    begin(&world, true);
    instrument_again(&world, false);
    assert_noted(&world, "BTCUSDT: the venue has halted it");
    assert_int_equal(state_of(&world), BOOK_LIVE);
    assert_int_equal(trading_intent(world.pipeline, market_of(&world), &intent, &seq).code,
                     RISK_SYMBOL_STATE);
    instrument_again(&world, true);
    assert_noted(&world, "BTCUSDT: the venue trades it again");
    assert_int_equal(trading_intent(world.pipeline, market_of(&world), &intent, &seq).code, RISK_PASS);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quote_of_the_same_update_contradicts),
        cmocka_unit_test(test_crossed_for_more_than_a_moment),
        cmocka_unit_test(test_a_replay_lives_with_what_only_a_snapshot_heals),
        cmocka_unit_test(test_best_price_beyond_the_horizon_is_no_best_price),
        cmocka_unit_test(test_audit_finds_one_wrong_level),
        cmocka_unit_test(test_link_that_breaks_and_comes_back),
        cmocka_unit_test(test_ids_that_begin_anew),
        cmocka_unit_test(test_only_a_long_stale_rings),
        cmocka_unit_test(test_link_before_there_was_a_book),
        cmocka_unit_test(test_orders_are_cancelled_when_the_link_breaks),
        cmocka_unit_test(test_mark_price_and_liquidations),
        cmocka_unit_test(test_a_backlog_does_not_look_fresh),
        cmocka_unit_test(test_signals_know_how_far_a_snapshot_reached),
        cmocka_unit_test(test_halt_is_told_and_no_order_passes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
