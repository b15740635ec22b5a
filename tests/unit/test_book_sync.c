/* Continuity of one book: tables of update ids, spot and futures, and what must come of each. */
#include "feed/book_sync.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One step of a story. D: depth update first..last (prev for futures). S: snapshot at last. B: break.
 * Q: doubt. X: restart as CONNECTING. U: resume. */
struct step {
    char kind;
    uint64_t first, last, prev;
    enum sync_action action;
    enum book_state state;
    uint64_t id; /* book_sync_update_id() afterwards */
};

static const struct level one_level = {100, 1};

static struct depth_update update_of(const struct step *step, bool futures)
{
    struct depth_update update = {
        .first_id = step->first, .last_id = step->last, .prev_id = step->prev, .has_prev_id = futures};

    update.levels[SIDE_BID] = update.levels[SIDE_ASK] = &one_level;
    update.level_count[SIDE_BID] = 1;
    return update;
}

static struct depth_snapshot snapshot_of(uint64_t last_id)
{
    struct depth_snapshot snapshot = {.last_id = last_id};

    snapshot.levels[SIDE_BID] = snapshot.levels[SIDE_ASK] = &one_level;
    snapshot.level_count[SIDE_BID] = 1;
    return snapshot;
}

/* Does what a caller has to do, and returns how many held updates came out. */
static size_t drain(struct book_sync *sync)
{
    struct depth_snapshot snapshot;
    struct depth_update update;
    size_t count = 0;

    assert_true(book_sync_snapshot(sync, &snapshot));
    assert_int_equal(snapshot.level_count[SIDE_BID], 1);
    while (book_sync_next_held(sync, &update)) {
        assert_int_equal(update.levels[SIDE_BID][0].price_ticks, 100);
        count++;
    }
    return count;
}

static enum sync_action feed(struct book_sync *sync, const struct step *step, bool futures)
{
    struct depth_update update = update_of(step, futures);
    struct depth_snapshot snapshot = snapshot_of(step->last);

    if (step->kind == 'D')
        return book_sync_on_depth(sync, &update);
    if (step->kind == 'S')
        return book_sync_on_snapshot(sync, &snapshot);
    if (step->kind == 'B')
        book_sync_break(sync);
    else if (step->kind == 'Q')
        book_sync_doubt(sync, STALE_QUOTE);
    else if (step->kind == 'X')
        book_sync_restart(sync, BOOK_CONNECTING);
    else
        book_sync_resume(sync);
    return SYNC_IGNORE;
}

static struct sync_counts tell(const struct step *step, size_t count, bool futures)
{
    struct book_sync *sync = book_sync_new(futures);
    struct sync_counts counts;

    assert_non_null(sync);
    for (size_t i = 0; i < count; i++) {
        enum sync_action action = feed(sync, &step[i], futures);

        if (action != step[i].action)
            fail_msg("step %zu: action %d, not %d", i, (int)action, (int)step[i].action);
        if (action == SYNC_REBUILD)
            drain(sync);
        if (book_sync_state(sync) != step[i].state || book_sync_update_id(sync) != step[i].id)
            fail_msg("step %zu: state %s, id %llu", i, book_state_word(book_sync_state(sync)),
                     (unsigned long long)book_sync_update_id(sync));
    }
    counts = *book_sync_counts(sync);
    book_sync_free(sync);
    return counts;
}

#define TELL(steps, futures) tell(steps, sizeof(steps) / sizeof(steps[0]), futures)

/* The documented way: updates wait, the snapshot comes, those it contains are dropped, the rest follows. */
static void test_spot_snapshot_joins_held_updates(void **state)
{
    static const struct step steps[] = {
        {'D', 10, 12, 0, SYNC_HOLD, BOOK_SYNCING, 0}, {'D', 13, 15, 0, SYNC_HOLD, BOOK_SYNCING, 0},
        {'D', 16, 20, 0, SYNC_HOLD, BOOK_SYNCING, 0}, {'D', 21, 22, 0, SYNC_HOLD, BOOK_SYNCING, 0},
        {'S', 0, 18, 0, SYNC_REBUILD, BOOK_LIVE, 22}, {'D', 23, 23, 0, SYNC_APPLY, BOOK_LIVE, 23},
        {'D', 23, 23, 0, SYNC_IGNORE, BOOK_LIVE, 23}, /* twice */
        {'D', 20, 25, 0, SYNC_APPLY, BOOK_LIVE, 25},  /* overlap is no loss */
    };
    struct sync_counts counts = TELL(steps, false);

    (void)state;
    assert_int_equal(counts.applied, 4);
    assert_int_equal(counts.stale, 3);
    assert_int_equal(counts.gaps, 0);
}

/* U == lastUpdateId + 1 bridges although [U;u] does not contain lastUpdateId: the venue's own words are too
 * narrow, and a recorded market has exactly this. */
static void test_spot_bridge_may_begin_right_behind_snapshot(void **state)
{
    static const struct step steps[] = {
        {'S', 0, 18, 0, SYNC_HOLD, BOOK_SYNCING, 0},
        {'D', 15, 18, 0, SYNC_IGNORE, BOOK_SYNCING, 0},
        {'D', 19, 20, 0, SYNC_REBUILD, BOOK_LIVE, 20},
    };

    (void)state;
    assert_int_equal(TELL(steps, false).applied, 1);
}

static void test_spot_snapshot_too_old_is_refused(void **state)
{
    static const struct step steps[] = {
        {'D', 20, 22, 0, SYNC_HOLD, BOOK_SYNCING, 0},
        {'S', 0, 18, 0, SYNC_IGNORE, BOOK_SYNCING, 0},
        {'S', 0, 21, 0, SYNC_REBUILD, BOOK_LIVE, 22},
    };

    (void)state;
    assert_int_equal(TELL(steps, false).snapshots_refused, 1);
}

/* One gap, and no other until a snapshot has healed it: what follows is held, not applied, not counted. */
static void test_spot_gap_is_one_until_healed(void **state)
{
    static const struct step steps[] = {
        {'S', 0, 10, 0, SYNC_HOLD, BOOK_SYNCING, 0}, {'D', 11, 12, 0, SYNC_REBUILD, BOOK_LIVE, 12},
        {'D', 14, 15, 0, SYNC_GAP, BOOK_STALE, 12},  {'D', 16, 16, 0, SYNC_HOLD, BOOK_STALE, 12},
        {'D', 17, 18, 0, SYNC_HOLD, BOOK_STALE, 12}, {'S', 0, 13, 0, SYNC_REBUILD, BOOK_LIVE, 18},
        {'D', 19, 19, 0, SYNC_APPLY, BOOK_LIVE, 19}, {'D', 30, 31, 0, SYNC_GAP, BOOK_STALE, 19},
    };
    struct sync_counts counts = TELL(steps, false);

    (void)state;
    assert_int_equal(counts.gaps, 2);
    assert_int_equal(counts.resyncs, 1);
    assert_int_equal(counts.applied, 5);
}

/* Reordered updates are a loss: the late one is held and never goes into the book out of order. */
static void test_spot_reordered_update_is_a_gap(void **state)
{
    static const struct step steps[] = {
        {'S', 0, 10, 0, SYNC_HOLD, BOOK_SYNCING, 0}, {'D', 11, 12, 0, SYNC_REBUILD, BOOK_LIVE, 12},
        {'D', 15, 16, 0, SYNC_GAP, BOOK_STALE, 12},  {'D', 13, 14, 0, SYNC_HOLD, BOOK_STALE, 12},
        {'S', 0, 16, 0, SYNC_HOLD, BOOK_STALE, 12},  {'D', 17, 17, 0, SYNC_REBUILD, BOOK_LIVE, 17},
    };
    struct sync_counts counts = TELL(steps, false);

    (void)state;
    assert_int_equal(counts.gaps, 1);
    assert_int_equal(counts.resyncs, 1);
    assert_int_equal(counts.stale, 2);
}

/* A loss among held updates is found when they are let go: a gap at the hole, the rest waits on. */
static void test_hole_among_held_updates_is_a_gap(void **state)
{
    static const struct step steps[] = {
        {'D', 10, 12, 0, SYNC_HOLD, BOOK_SYNCING, 0}, {'D', 15, 16, 0, SYNC_HOLD, BOOK_SYNCING, 0},
        {'D', 17, 17, 0, SYNC_HOLD, BOOK_SYNCING, 0}, {'S', 0, 11, 0, SYNC_REBUILD, BOOK_STALE, 12},
        {'D', 18, 18, 0, SYNC_HOLD, BOOK_STALE, 12},  {'S', 0, 15, 0, SYNC_REBUILD, BOOK_LIVE, 18},
    };
    struct sync_counts counts = TELL(steps, false);

    (void)state;
    assert_int_equal(counts.gaps, 1);
    assert_int_equal(counts.resyncs, 1);
    assert_int_equal(counts.applied, 4);
}

/* A snapshot that came while the book was well heals the next gap at once, if it covers it. */
static void test_snapshot_held_while_live_heals_at_once(void **state)
{
    static const struct step steps[] = {
        {'S', 0, 10, 0, SYNC_HOLD, BOOK_SYNCING, 0},   {'D', 11, 12, 0, SYNC_REBUILD, BOOK_LIVE, 12},
        {'S', 0, 12, 0, SYNC_IGNORE, BOOK_LIVE, 12}, /* nothing new */
        {'S', 0, 20, 0, SYNC_HOLD, BOOK_LIVE, 12},     {'D', 13, 14, 0, SYNC_APPLY, BOOK_LIVE, 14},
        {'D', 18, 22, 0, SYNC_REBUILD, BOOK_LIVE, 22}, {'D', 23, 24, 0, SYNC_APPLY, BOOK_LIVE, 24},
    };
    struct sync_counts counts = TELL(steps, false);

    (void)state;
    assert_int_equal(counts.gaps, 1);
    assert_int_equal(counts.resyncs, 1);
}

static void test_snapshot_held_while_live_covers_or_is_refused(void **state)
{
    static const struct step contained[] = {
        {'S', 0, 10, 0, SYNC_HOLD, BOOK_SYNCING, 0},   {'D', 11, 12, 0, SYNC_REBUILD, BOOK_LIVE, 12},
        {'S', 0, 20, 0, SYNC_HOLD, BOOK_LIVE, 12},     {'D', 15, 18, 0, SYNC_GAP, BOOK_STALE, 12},
        {'D', 19, 21, 0, SYNC_REBUILD, BOOK_LIVE, 21},
    };
    static const struct step in_the_hole[] = {
        {'S', 0, 10, 0, SYNC_HOLD, BOOK_SYNCING, 0},  {'D', 11, 12, 0, SYNC_REBUILD, BOOK_LIVE, 12},
        {'S', 0, 14, 0, SYNC_HOLD, BOOK_LIVE, 12},    {'D', 18, 19, 0, SYNC_GAP, BOOK_STALE, 12},
        {'S', 0, 18, 0, SYNC_REBUILD, BOOK_LIVE, 19},
    };

    (void)state;
    assert_int_equal(TELL(contained, false).resyncs, 1);
    assert_int_equal(TELL(in_the_hole, false).snapshots_refused, 1);
}

/* Futures: before the bridge only u < lastUpdateId is old; u == lastUpdateId bridges (seen in recordings). */
static void test_futures_bridge_may_end_at_snapshot(void **state)
{
    static const struct step steps[] = {
        {'D', 5, 9, 4, SYNC_HOLD, BOOK_SYNCING, 0},    {'D', 12, 18, 9, SYNC_HOLD, BOOK_SYNCING, 0},
        {'S', 0, 18, 0, SYNC_REBUILD, BOOK_LIVE, 18},  {'D', 40, 50, 18, SYNC_APPLY, BOOK_LIVE, 50},
        {'D', 40, 50, 18, SYNC_IGNORE, BOOK_LIVE, 50},
    };
    struct sync_counts counts = TELL(steps, true);

    (void)state;
    assert_int_equal(counts.stale, 2);
    assert_int_equal(counts.applied, 2);
}

/* U says nothing on futures: a snapshot between pu and U bridges, and U far behind pu is no loss. */
static void test_futures_link_by_pu_alone(void **state)
{
    static const struct step steps[] = {
        {'D', 30, 40, 20, SYNC_HOLD, BOOK_SYNCING, 0}, {'S', 0, 25, 0, SYNC_REBUILD, BOOK_LIVE, 40},
        {'D', 41, 50, 39, SYNC_GAP, BOOK_STALE, 40},   {'D', 60, 70, 50, SYNC_HOLD, BOOK_STALE, 40},
        {'S', 0, 50, 0, SYNC_REBUILD, BOOK_LIVE, 70},
    };
    struct sync_counts counts = TELL(steps, true);

    (void)state;
    assert_int_equal(counts.gaps, 1);
    assert_int_equal(counts.resyncs, 1);
}

static void test_futures_snapshot_before_the_link_is_refused(void **state)
{
    static const struct step steps[] = {
        {'D', 30, 40, 20, SYNC_HOLD, BOOK_SYNCING, 0},
        {'S', 0, 19, 0, SYNC_IGNORE, BOOK_SYNCING, 0},
        {'S', 0, 20, 0, SYNC_REBUILD, BOOK_LIVE, 40},
    };

    (void)state;
    assert_int_equal(TELL(steps, true).snapshots_refused, 1);
}

/* The book refused an update, or the line went dead: stale until a snapshot, however well the ids fit. */
static void test_break_needs_a_snapshot(void **state)
{
    static const struct step steps[] = {
        {'S', 0, 10, 0, SYNC_HOLD, BOOK_SYNCING, 0}, {'D', 11, 12, 0, SYNC_REBUILD, BOOK_LIVE, 12},
        {'B', 0, 0, 0, SYNC_IGNORE, BOOK_STALE, 12}, {'B', 0, 0, 0, SYNC_IGNORE, BOOK_STALE, 12},
        {'D', 13, 14, 0, SYNC_HOLD, BOOK_STALE, 12}, {'S', 0, 13, 0, SYNC_REBUILD, BOOK_LIVE, 14},
    };
    struct sync_counts counts = TELL(steps, false);

    (void)state;
    assert_int_equal(counts.gaps, 1);
    assert_int_equal(counts.resyncs, 1);
}

static void test_gap_ids_tell_expected_and_came(void **state)
{
    struct book_sync *sync = book_sync_new(false);
    struct step step = {'S', 0, 10, 0, SYNC_HOLD, BOOK_SYNCING, 0};
    uint64_t after, came;

    (void)state;
    feed(sync, &step, false);
    step = (struct step){'D', 11, 12, 0, SYNC_REBUILD, BOOK_LIVE, 12};
    feed(sync, &step, false);
    drain(sync);
    step = (struct step){'D', 17, 18, 0, SYNC_GAP, BOOK_STALE, 12};
    feed(sync, &step, false);
    book_sync_gap_ids(sync, &after, &came);
    assert_int_equal(after, 12);
    assert_int_equal(came, 17);
    book_sync_free(sync);
}

/* The hold is bounded: the oldest fall out and are counted, and the newest can still be joined. */
static void test_hold_overflow_drops_the_oldest(void **state)
{
    struct book_sync *sync = book_sync_new(false);
    const uint64_t extra = 50, total = BOOK_SYNC_EVENTS_MAX + extra;
    struct step step = {'D', 0, 0, 0, SYNC_HOLD, BOOK_SYNCING, 0};

    (void)state;
    for (uint64_t id = 1; id <= total; id++) {
        step.first = step.last = id;
        assert_int_equal(feed(sync, &step, false), SYNC_HOLD);
    }
    assert_int_equal(book_sync_counts(sync)->held_lost, extra);
    step = (struct step){'S', 0, extra - 1, 0, SYNC_IGNORE, BOOK_SYNCING, 0};
    assert_int_equal(feed(sync, &step, false), SYNC_IGNORE);
    step.last = extra;
    assert_int_equal(feed(sync, &step, false), SYNC_REBUILD);
    assert_int_equal(drain(sync), BOOK_SYNC_EVENTS_MAX);
    assert_int_equal(book_sync_state(sync), BOOK_LIVE);
    book_sync_free(sync);
}

/* Levels have their own bound; updates of many sizes wrap around it and come back whole. */
static void test_held_levels_survive_wrapping(void **state)
{
    enum { LEVELS = 3000 };
    struct level *levels = calloc(LEVELS, sizeof(*levels));
    struct book_sync *sync = book_sync_new(false);
    struct depth_snapshot snapshot = snapshot_of(0);
    struct depth_update update = {.first_id = 1};
    uint64_t id, came = 0;

    (void)state;
    for (id = 1; id <= 300; id++) {
        size_t bids = (size_t)(id * 37 % 1400), asks = (size_t)(id * 91 % 1500);

        for (size_t i = 0; i < bids + asks; i++)
            levels[i] = (struct level){(int64_t)(id * 10000 + i), (int64_t)i};
        update = (struct depth_update){.first_id = id, .last_id = id};
        update.levels[SIDE_BID] = levels;
        update.levels[SIDE_ASK] = levels + bids;
        update.level_count[SIDE_BID] = bids;
        update.level_count[SIDE_ASK] = asks;
        assert_int_equal(book_sync_on_depth(sync, &update), SYNC_HOLD);
    }
    assert_true(book_sync_counts(sync)->held_lost > 0);
    book_sync_rescale(sync, (struct step_change){10, 5});
    snapshot.last_id = book_sync_counts(sync)->held_lost;
    assert_int_equal(book_sync_on_snapshot(sync, &snapshot), SYNC_REBUILD);
    assert_true(book_sync_snapshot(sync, &snapshot));
    while (book_sync_next_held(sync, &update)) {
        size_t bids = (size_t)(update.last_id * 37 % 1400), asks = (size_t)(update.last_id * 91 % 1500);

        assert_int_equal(update.level_count[SIDE_BID], bids);
        assert_int_equal(update.level_count[SIDE_ASK], asks);
        for (size_t i = 0; i < asks; i++) {
            assert_int_equal(update.levels[SIDE_ASK][i].price_ticks,
                             (update.last_id * 10000 + bids + i) * 10);
            assert_int_equal(update.levels[SIDE_ASK][i].qty_lots, (bids + i) * 5);
        }
        came++;
    }
    assert_int_equal(came + book_sync_counts(sync)->held_lost, 300);
    book_sync_free(sync);
    free(levels);
}

static void test_snapshot_beyond_its_bound_is_refused(void **state)
{
    struct level *levels = calloc(BOOK_SYNC_SNAPSHOT_MAX + 1, sizeof(*levels));
    struct book_sync *sync = book_sync_new(false);
    struct depth_snapshot snapshot = {.last_id = 5};

    (void)state;
    snapshot.levels[SIDE_BID] = snapshot.levels[SIDE_ASK] = levels;
    snapshot.level_count[SIDE_BID] = BOOK_SYNC_SNAPSHOT_MAX;
    snapshot.level_count[SIDE_ASK] = 1;
    assert_int_equal(book_sync_on_snapshot(sync, &snapshot), SYNC_IGNORE);
    assert_int_equal(book_sync_counts(sync)->snapshots_refused, 1);
    snapshot.level_count[SIDE_ASK] = 0;
    assert_int_equal(book_sync_on_snapshot(sync, &snapshot), SYNC_HOLD);
    book_sync_free(sync);
    free(levels);
}

/* Ids are in order, but what they made is not believed: only a snapshot that is no older helps. */
static void test_doubt_needs_a_snapshot(void **state)
{
    static const struct step steps[] = {
        {'Q', 0, 0, 0, SYNC_IGNORE, BOOK_SYNCING, 0}, /* no book, nothing to doubt */
        {'S', 0, 9, 0, SYNC_HOLD, BOOK_SYNCING, 0},   {'D', 10, 12, 0, SYNC_REBUILD, BOOK_LIVE, 12},
        {'Q', 0, 0, 0, SYNC_IGNORE, BOOK_STALE, 12},  {'Q', 0, 0, 0, SYNC_IGNORE, BOOK_STALE, 12},
        {'D', 13, 13, 0, SYNC_HOLD, BOOK_STALE, 12},  {'S', 0, 11, 0, SYNC_IGNORE, BOOK_STALE, 12},
        {'D', 14, 15, 0, SYNC_HOLD, BOOK_STALE, 12},  {'S', 0, 14, 0, SYNC_REBUILD, BOOK_LIVE, 15},
        {'D', 16, 16, 0, SYNC_APPLY, BOOK_LIVE, 16},
    };
    struct sync_counts counts = TELL(steps, false);

    (void)state;
    assert_int_equal(counts.lost[STALE_QUOTE], 1);
    assert_int_equal(counts.gaps, 0);
    assert_int_equal(counts.resyncs, 1);
    assert_int_equal(counts.snapshots_refused, 1);
}

/* Ghosts: 13 was held from the old connection and would bridge the new snapshot to nothing that followed it. */
static void test_nothing_held_survives_a_restart(void **state)
{
    static const struct step steps[] = {
        {'S', 0, 9, 0, SYNC_HOLD, BOOK_SYNCING, 0},
        {'D', 10, 12, 0, SYNC_REBUILD, BOOK_LIVE, 12},
        {'D', 14, 14, 0, SYNC_GAP, BOOK_STALE, 12},
        {'X', 0, 0, 0, SYNC_IGNORE, BOOK_CONNECTING, 12},
        {'S', 0, 20, 0, SYNC_IGNORE, BOOK_CONNECTING, 12}, /* asked for before it broke */
        {'D', 30, 31, 0, SYNC_HOLD, BOOK_CONNECTING, 12},  /* of the new one, already */
        {'U', 0, 0, 0, SYNC_IGNORE, BOOK_SYNCING, 12},
        {'U', 0, 0, 0, SYNC_IGNORE, BOOK_SYNCING, 12},
        {'S', 0, 13, 0, SYNC_IGNORE, BOOK_SYNCING, 12},
        {'S', 0, 30, 0, SYNC_REBUILD, BOOK_LIVE, 31},
        {'U', 0, 0, 0, SYNC_IGNORE, BOOK_LIVE, 31},
        {'X', 0, 0, 0, SYNC_IGNORE, BOOK_CONNECTING, 31},
        {'U', 0, 0, 0, SYNC_IGNORE, BOOK_SYNCING, 31},
        {'S', 0, 2, 0, SYNC_HOLD, BOOK_SYNCING, 31}, /* the venue's ids began anew */
        {'D', 3, 3, 0, SYNC_REBUILD, BOOK_LIVE, 3},
    };
    struct sync_counts counts = TELL(steps, false);

    (void)state;
    assert_int_equal(counts.gaps, 1);
    assert_int_equal(counts.lost[STALE_GAP], 1);
    assert_int_equal(counts.lost[STALE_LINK], 1); /* the first time it was lost already */
    assert_int_equal(counts.resyncs, 2);
}

/* Asked for when an update waits that a snapshot may be joined to, and not twice. */
static void test_when_a_snapshot_is_needed(void **state)
{
    static const struct step first = {.kind = 'D', .first = 10, .last = 10}, old = {.kind = 'S', .last = 5},
                             right = {.kind = 'S', .last = 10}, next = {.kind = 'D', .first = 11, .last = 11};
    struct book_sync *sync = book_sync_new(false);

    (void)state;
    assert_false(book_sync_needs_snapshot(sync));
    feed(sync, &first, false);
    assert_true(book_sync_needs_snapshot(sync));
    feed(sync, &old, false); /* cannot be joined */
    assert_true(book_sync_needs_snapshot(sync));
    feed(sync, &right, false);
    assert_false(book_sync_needs_snapshot(sync));
    assert_int_equal(feed(sync, &next, false), SYNC_REBUILD);
    drain(sync);
    assert_int_equal(book_sync_cause(sync), STALE_NONE);
    assert_false(book_sync_needs_snapshot(sync));
    book_sync_restart(sync, BOOK_DOWN);
    assert_int_equal(book_sync_cause(sync), STALE_LINK);
    feed(sync, &first, false);
    assert_false(book_sync_needs_snapshot(sync)); /* nobody could answer */
    book_sync_resume(sync);
    assert_true(book_sync_needs_snapshot(sync));
    book_sync_free(sync);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spot_snapshot_joins_held_updates),
        cmocka_unit_test(test_spot_bridge_may_begin_right_behind_snapshot),
        cmocka_unit_test(test_spot_snapshot_too_old_is_refused),
        cmocka_unit_test(test_spot_gap_is_one_until_healed),
        cmocka_unit_test(test_spot_reordered_update_is_a_gap),
        cmocka_unit_test(test_hole_among_held_updates_is_a_gap),
        cmocka_unit_test(test_snapshot_held_while_live_heals_at_once),
        cmocka_unit_test(test_snapshot_held_while_live_covers_or_is_refused),
        cmocka_unit_test(test_futures_bridge_may_end_at_snapshot),
        cmocka_unit_test(test_futures_link_by_pu_alone),
        cmocka_unit_test(test_futures_snapshot_before_the_link_is_refused),
        cmocka_unit_test(test_break_needs_a_snapshot),
        cmocka_unit_test(test_doubt_needs_a_snapshot),
        cmocka_unit_test(test_nothing_held_survives_a_restart),
        cmocka_unit_test(test_when_a_snapshot_is_needed),
        cmocka_unit_test(test_gap_ids_tell_expected_and_came),
        cmocka_unit_test(test_hold_overflow_drops_the_oldest),
        cmocka_unit_test(test_held_levels_survive_wrapping),
        cmocka_unit_test(test_snapshot_beyond_its_bound_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
