/*
 * Recordings of real venues through replay, decoder and book_sync, against counts that an independent program
 * made in decimal arithmetic. Skipped where the recordings are absent (FLOWDECK_SHARED, default ../shared).
 */
#include "feed/book_sync.h"
#include "feed/replay.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FILES_MAX 4
#define NO_LINE   SIZE_MAX

static const char *shared(void)
{
    const char *folder = getenv("FLOWDECK_SHARED");

    return folder != NULL ? folder : "../shared";
}

static json_t *load_expected(void)
{
    char path[512];
    json_t *expected;

    snprintf(path, sizeof(path), "%s/data/expected.json", shared());
    expected = json_load_file(path, 0, NULL);
    if (expected == NULL)
        printf("skipped: no %s\n", path);
    return expected;
}

struct paths {
    size_t count;
    char text[FILES_MAX][512];
    const char *list[FILES_MAX];
};

static void paths_of(const json_t *set, struct paths *out)
{
    const json_t *files = json_object_get(set, "files");

    out->count = json_array_size(files);
    assert_in_range(out->count, 1, FILES_MAX);
    for (size_t i = 0; i < out->count; i++) {
        snprintf(out->text[i], sizeof(out->text[i]), "%s/data/recordings/%s", shared(),
                 json_string_value(json_array_get(files, i)));
        out->list[i] = out->text[i];
    }
}

static struct replay *open_replay(const struct paths *paths, bool fallback_only)
{
    struct decoder_config config = {.fallback_only = fallback_only};
    struct replay *replay;
    char why[256];

    if (replay_open(paths->list, paths->count, &config, &replay, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    return replay;
}

static void drain(struct book_sync *sync)
{
    struct depth_snapshot snapshot;
    struct depth_update update;

    assert_true(book_sync_snapshot(sync, &snapshot));
    while (book_sync_next_held(sync, &update))
        ;
}

static uint64_t count_of(const json_t *set, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(json_object_get(set, "counts"), key));
}

/* Runs one set through one book; leaves out the depth event number `without` (from 0). Returns the sync. */
static struct book_sync *run_without(const struct paths *paths, size_t without, struct decoder_counts *counts,
                                     uint64_t *at_gap)
{
    struct replay *replay = open_replay(paths, false);
    struct book_sync *sync = NULL;
    struct feed_event event;
    size_t depth = 0;

    while (replay_next(replay, &event)) {
        enum sync_action action = SYNC_IGNORE;

        if (event.kind == FEED_INSTRUMENT) {
            assert_null(sync);
            sync = book_sync_new(event.instrument->venue != VENUE_BINANCE_SPOT);
        } else if (event.kind == FEED_STEPS) {
            book_sync_rescale(sync, event.steps);
        } else if (event.kind == FEED_SNAPSHOT) {
            action = book_sync_on_snapshot(sync, &event.snapshot);
        } else if (event.kind == FEED_DEPTH && depth++ != without) {
            action = book_sync_on_depth(sync, &event.depth);
            if (action == SYNC_GAP)
                *at_gap = depth - 1;
        } else if (event.kind == FEED_BAD) {
            fail_msg("%s", event.why);
        }
        if (action == SYNC_REBUILD)
            drain(sync);
    }
    *counts = *replay_counts(replay);
    replay_close(replay);
    return sync;
}

/* The counts are the proof that continuity, snapshots between events and both venues' rules are right. */
static void test_counts_of_recordings_are_the_expected_ones(void **state)
{
    json_t *expected = load_expected(), *set;
    const char *name;

    (void)state;
    if (expected == NULL)
        skip();
    json_object_foreach(expected, name, set)
    {
        struct decoder_counts counts;
        struct paths paths;
        uint64_t at_gap = 0;
        struct book_sync *sync;
        const struct sync_counts *got;
        bool live = json_object_get(set, "book_state") == NULL;

        paths_of(set, &paths);
        sync = run_without(&paths, NO_LINE, &counts, &at_gap);
        got = book_sync_counts(sync);
        assert_int_equal(counts.depth, count_of(set, "depth"));
        assert_int_equal(counts.bad, 0);
        assert_int_equal(counts.fallback, 0);
        assert_int_equal(got->gaps, 0);
        assert_int_equal(book_sync_state(sync), live ? BOOK_LIVE : BOOK_SYNCING);
        if (live) {
            assert_int_equal(counts.book_ticker, count_of(set, "bookTicker"));
            assert_int_equal(counts.trade, count_of(set, "trade"));
            assert_int_equal(got->applied, count_of(set, "applied"));
            assert_int_equal(got->stale, count_of(set, "dropped_stale"));
            assert_int_equal(book_sync_update_id(sync), json_integer_value(json_object_get(set, "final_u")));
        } else {
            assert_int_equal(got->applied, 0);
        }
        book_sync_free(sync);
    }
    json_decref(expected);
}

/* Any lost event must be seen at the next one, once, and the book must never come back by itself. */
static void test_one_deleted_depth_line_is_one_gap(void **state)
{
    json_t *expected = load_expected();
    static const char *const sets[] = {"usdm_btcusdt_220811", "usdm_btcusdt_230404", "spot_btcusdt_240808"};

    (void)state;
    if (expected == NULL)
        skip();
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        const json_t *set = json_object_get(expected, sets[i]);
        size_t depth = count_of(set, "depth"), first = depth - count_of(set, "applied") + 1;
        size_t step = (depth - first) / 4;
        struct paths paths;

        paths_of(set, &paths);
        for (size_t without = first; without + 1 < depth; without += step) {
            struct decoder_counts counts;
            uint64_t at_gap = 0;
            struct book_sync *sync = run_without(&paths, without, &counts, &at_gap);

            assert_int_equal(book_sync_counts(sync)->gaps, 1);
            assert_int_equal(book_sync_counts(sync)->resyncs, 0);
            assert_int_equal(book_sync_state(sync), BOOK_STALE);
            if (at_gap != 0) /* 0: it was lost while events were held, and found when they were let go */
                assert_int_equal(at_gap, without + 1);
            book_sync_free(sync);
        }
    }
    json_decref(expected);
}

static void assert_same_levels(const struct level *a, const struct level *b, size_t count)
{
    if (count > 0)
        assert_memory_equal(a, b, count * sizeof(*a));
}

static void assert_same_event(const struct feed_event *a, const struct feed_event *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->recv_ns, b->recv_ns);
    switch (a->kind) {
    case FEED_DEPTH:
        assert_int_equal(a->depth.first_id, b->depth.first_id);
        assert_int_equal(a->depth.last_id, b->depth.last_id);
        assert_int_equal(a->depth.prev_id, b->depth.prev_id);
        assert_int_equal(a->depth.has_prev_id, b->depth.has_prev_id);
        assert_int_equal(a->depth.venue_ms, b->depth.venue_ms);
        for (int side = 0; side < SIDE_COUNT; side++) {
            assert_int_equal(a->depth.level_count[side], b->depth.level_count[side]);
            assert_same_levels(a->depth.levels[side], b->depth.levels[side], a->depth.level_count[side]);
        }
        break;
    case FEED_SNAPSHOT:
        assert_int_equal(a->snapshot.last_id, b->snapshot.last_id);
        for (int side = 0; side < SIDE_COUNT; side++) {
            assert_int_equal(a->snapshot.level_count[side], b->snapshot.level_count[side]);
            assert_same_levels(a->snapshot.levels[side], b->snapshot.levels[side],
                               a->snapshot.level_count[side]);
        }
        break;
    case FEED_QUOTE:
        assert_int_equal(a->quote.update_id, b->quote.update_id);
        assert_same_levels(a->quote.level, b->quote.level, SIDE_COUNT);
        break;
    case FEED_TRADE:
        assert_int_equal(a->trade.id, b->trade.id);
        assert_int_equal(a->trade.venue_ms, b->trade.venue_ms);
        assert_int_equal(a->trade.taker_order_id, b->trade.taker_order_id);
        assert_int_equal(a->trade.price_ticks, b->trade.price_ticks);
        assert_int_equal(a->trade.qty_lots, b->trade.qty_lots);
        assert_int_equal(a->trade.taker, b->trade.taker);
        assert_int_equal(a->trade.off_market, b->trade.off_market);
        break;
    case FEED_STEPS:
        assert_int_equal(a->steps.price_factor, b->steps.price_factor);
        assert_int_equal(a->steps.qty_factor, b->steps.qty_factor);
        break;
    case FEED_NONE:
    case FEED_INSTRUMENT:
    case FEED_OTHER:
    case FEED_BAD:
    case FEED_LINK:
    case FEED_MARK:
    case FEED_LIQUIDATION:
    case FEED_AUDIT:
    case FEED_HISTORY:
        break;
    }
}

/* What the hot scanner reads must be what a whole JSON library reads, on every message of every recording. */
static void test_hot_scanner_and_jansson_see_the_same(void **state)
{
    json_t *expected = load_expected(), *set;
    const char *name;

    (void)state;
    if (expected == NULL)
        skip();
    json_object_foreach(expected, name, set)
    {
        struct paths paths;
        struct replay *hot, *slow;
        struct feed_event a, b;

        if (strcmp(name, "spot_btcusdt_240808") == 0) /* the longer set begins with it */
            continue;
        paths_of(set, &paths);
        hot = open_replay(&paths, false);
        slow = open_replay(&paths, true);
        while (replay_next(hot, &a)) {
            assert_true(replay_next(slow, &b));
            assert_same_event(&a, &b);
        }
        assert_false(replay_next(slow, &b));
        assert_int_equal(replay_counts(hot)->fallback, 0);
        assert_true(replay_counts(slow)->fallback > 0);
        replay_close(hot);
        replay_close(slow);
    }
    json_decref(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_of_recordings_are_the_expected_ones),
        cmocka_unit_test(test_one_deleted_depth_line_is_one_gap),
        cmocka_unit_test(test_hot_scanner_and_jansson_see_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
