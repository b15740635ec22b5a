/* The rows that a trader reads must be the book, no lot more or less, and sides must never share a row. */
#include "unit/cmocka_all.h"

#include "app/ladder_view.h"
#include "app/volume_profile.h"
#include "core/base/round_step.h"
#include "unit/pipeline_world.h"
#include "unit/test_random.h"

#include <stdlib.h>

#define LEVELS 200

static void random_book(struct world *world, uint64_t *random)
{
    struct level bids[LEVELS], asks[LEVELS];
    int64_t bid = 6184217 - random_between(random, 0, 500), ask = bid + random_between(random, 1, 3);

    for (int i = 0; i < LEVELS; i++) {
        bids[i] = (struct level){bid, random_between(random, 1, 100000)};
        asks[i] = (struct level){ask, random_between(random, 1, 100000)};
        bid -= random_between(random, 1, 60);
        ask += random_between(random, 1, 60);
    }
    world_init(world, bids, LEVELS, asks, LEVELS);
}

static void test_rows_are_the_book_and_sides_never_share_one(void **state)
{
    uint64_t random = 11;

    (void)state;
    for (int round = 0; round < 50; round++) {
        struct world world;
        struct ladder_view *view = calloc(1, sizeof(*view));
        struct view_ladder *out = calloc(1, sizeof(*out));
        int64_t step = round_step_at_least(random_between(&random, 1, 700));
        int64_t bids = 0, asks = 0, bottom;
        struct order_book *book;

        random_book(&world, &random);
        book = world.pipeline->market[0]->book;
        ladder_view_show(view, 0, 41, step, 0);
        ladder_view_fill(view, world.pipeline, out);
        assert_int_equal(out->rows, 41);
        for (int i = 0; i < out->rows; i++) {
            assert_int_equal(out->row[i].price_ticks % step, 0);
            assert_false(out->row[i].bid_lots > 0 && out->row[i].ask_lots > 0);
            bids += out->row[i].bid_lots;
            asks += out->row[i].ask_lots;
        }
        bottom = out->row[out->rows - 1].price_ticks;
        assert_int_equal(bids, order_book_sum_to(book, SIDE_BID, bottom));
        assert_int_equal(asks, order_book_sum_to(book, SIDE_ASK, out->row[0].price_ticks));
        free(view);
        free(out);
        pipeline_free(world.pipeline);
    }
}

static int64_t row_sum(const struct view_ladder *out, bool bought)
{
    int64_t sum = 0;

    for (int i = 0; i < out->rows; i++)
        sum += bought ? out->row[i].bought_lots : out->row[i].sold_lots;
    return sum;
}

/* sold and bought are of this visit: they survive a new row step, and go after a minute away or by X. */
static void test_traded_columns_last_a_visit(void **state)
{
    struct world world;
    struct ladder_view *view = calloc(1, sizeof(*view));
    struct view_ladder *out = calloc(1, sizeof(*out));
    struct trade trade = {.recv_ns = WORLD_NS, .price_ticks = 6184000, .qty_lots = 70, .taker = SIDE_ASK};
    uint64_t random = 5;

    (void)state;
    random_book(&world, &random);
    ladder_view_show(view, 0, 60, 500, 0);
    ladder_view_fill(view, world.pipeline, out);
    ladder_view_trade(view, &trade);
    trade.taker = SIDE_BID;
    trade.qty_lots = 30;
    ladder_view_trade(view, &trade);
    ladder_view_fill(view, world.pipeline, out);
    assert_int_equal(row_sum(out, false), 70);
    assert_int_equal(row_sum(out, true), 30);
    ladder_view_show(view, 0, 60, 1000, 0);
    ladder_view_fill(view, world.pipeline, out);
    assert_int_equal(row_sum(out, false), 70);
    world.pipeline->now_ns += INT64_C(61000000000);
    ladder_view_fill(view, world.pipeline, out);
    assert_int_equal(row_sum(out, false), 0);
    world.pipeline->now_ns -= INT64_C(61000000000);
    ladder_view_clear_visit(view, world.pipeline->now_ns + 1);
    ladder_view_fill(view, world.pipeline, out);
    assert_int_equal(row_sum(out, false) + row_sum(out, true), 0);
    free(view);
    free(out);
    pipeline_free(world.pipeline);
}

/* A replay that plays fast up to a time: trades and a finer tick come before anything was shown. */
static void test_a_finer_tick_before_the_first_picture(void **state)
{
    const struct level bids[] = {{6184000, 1000}}, asks[] = {{6184100, 300}};
    struct ladder_view *view = calloc(1, sizeof(*view));
    struct view_ladder *out = calloc(1, sizeof(*out));
    struct trade trade = {.recv_ns = WORLD_NS, .price_ticks = 618400, .qty_lots = 7, .taker = SIDE_ASK};
    struct world world;

    (void)state;
    world_init(&world, bids, 1, asks, 1);
    ladder_view_trade(view, &trade);
    ladder_view_rescale(view, (struct step_change){.price_factor = 10, .qty_factor = 10});
    ladder_view_show(view, 0, 60, 500, 0);
    ladder_view_fill(view, world.pipeline, out);
    assert_int_equal(row_sum(out, false), 70);
    free(view);
    free(out);
    pipeline_free(world.pipeline);
}

/* Ten seconds on: what vanished without a trade was pulled, what a trade took was not, and what came back was stacked. */
static void test_net_is_what_trades_do_not_explain(void **state)
{
    const struct level bids[] = {{6184000, 1000}, {6183500, 500}, {6183000, 700}}, asks[] = {{6184100, 300}};
    struct feed_event event = {.kind = FEED_DEPTH};
    struct level change[] = {{6183500, 100}, {6183000, 650}};
    struct ladder_view *view = calloc(1, sizeof(*view));
    struct view_ladder *out = calloc(1, sizeof(*out));
    struct trade trade = {.taker = SIDE_ASK};
    struct world world;

    (void)state;
    world_init(&world, bids, 3, asks, 1);
    ladder_view_show(view, 0, 20, 500, 6186000);
    world.pipeline->now_ns = WORLD_NS / 1000000000 * 1000000000 + 700000000;
    trade.recv_ns = world.pipeline->now_ns - 300000000; /* before the look: the rows have it already */
    trade.price_ticks = 6183000;
    trade.qty_lots = 40;
    ladder_view_trade(view, &trade);
    ladder_view_fill(view, world.pipeline, out);
    assert_true(out->row[4].net_10s_lots == VIEW_NONE); /* nothing was seen ten seconds ago */
    event.instrument = &world.instrument;
    event.recv_ns = world.pipeline->now_ns + 1000000;
    event.depth = (struct depth_update){.recv_ns = event.recv_ns, .first_id = 13, .last_id = 14};
    event.depth.levels[SIDE_BID] = change;
    event.depth.level_count[SIDE_BID] = 2;
    pipeline_on_feed(world.pipeline, &event);
    trade.recv_ns = event.recv_ns + 1000000;
    trade.price_ticks = 6183000; /* 30 of the 50 that are gone; 20 were pulled */
    trade.qty_lots = 30;
    ladder_view_trade(view, &trade);
    trade.price_ticks = 6184000; /* taken and stacked again */
    trade.qty_lots = 250;
    ladder_view_trade(view, &trade);
    world.pipeline->now_ns = (WORLD_NS / 1000000000 + 10) * 1000000000 + 100000000;
    ladder_view_fill(view, world.pipeline, out);
    assert_int_equal(out->row[4].price_ticks, 6184000);
    assert_int_equal(out->row[4].net_10s_lots, 250);
    assert_int_equal(out->row[5].net_10s_lots, -400);
    assert_int_equal(out->row[6].net_10s_lots, -20);
    assert_int_equal(out->row[19].net_10s_lots, 0);
    free(view);
    free(out);
    pipeline_free(world.pipeline);
}

/* A spread of many ticks: a step at which the book can be seen. */
static void test_a_wide_spread_has_its_step(void **state)
{
    const struct level bids[] = {{10523, 9}, {10486, 2}}, asks[] = {{10564, 3}, {10571, 5}};
    struct ladder_view *view = calloc(1, sizeof(*view));
    struct view_ladder *out = calloc(1, sizeof(*out));
    struct world world;
    int shown = 0;

    (void)state;
    world_tick_e8 = 10000;
    world_init(&world, bids, 2, asks, 2);
    world_tick_e8 = 0;
    ladder_view_show(view, 0, 0, 0, 0); /* nobody looks yet: a replay on its way to where it begins */
    ladder_view_fill(view, world.pipeline, out);
    ladder_view_show(view, 0, 13, 0, 0);
    ladder_view_fill(view, world.pipeline, out);
    assert_int_equal(out->row_ticks, 20); /* 4 x 41 ticks over 11 rows are 15 */
    for (int i = 0; i < out->rows; i++)
        shown += (out->row[i].bid_lots > 0) + (out->row[i].ask_lots > 0);
    assert_int_equal(shown, 3); /* both asks are in one row */
    free(view);
    free(out);
    pipeline_free(world.pipeline);
}

static void test_steps_are_1_2_5(void **state)
{
    (void)state;
    assert_int_equal(round_step_at_least(1), 1);
    assert_int_equal(round_step_at_least(3), 5);
    assert_int_equal(round_step_at_least(501), 1000);
    assert_int_equal(ladder_step_nearest(618), 500);
    assert_int_equal(ladder_step_nearest(800), 1000);
    assert_int_equal(ladder_step_nearest(13), 10);
}

/* However many prices trade, every lot stays in the profile. */
static void test_volume_profile_widens_and_loses_nothing(void **state)
{
    struct volume_profile *profile = calloc(1, sizeof(*profile));
    int64_t all = 0, rows[4] = {0}, sum = 0;
    uint64_t random = 3;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        int64_t lots = random_between(&random, 1, 50);

        volume_profile_add(profile, random_between(&random, 1000, 90000), lots);
        all += lots;
    }
    assert_true(profile->width_ticks > 1);
    volume_profile_rows(profile, 75000, 25000, 4, rows);
    for (int i = 0; i < 4; i++)
        sum += rows[i];
    assert_int_equal(sum, all);
    free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_the_book_and_sides_never_share_one),
        cmocka_unit_test(test_traded_columns_last_a_visit),
        cmocka_unit_test(test_net_is_what_trades_do_not_explain),
        cmocka_unit_test(test_a_wide_spread_has_its_step),
        cmocka_unit_test(test_a_finer_tick_before_the_first_picture),
        cmocka_unit_test(test_steps_are_1_2_5),
        cmocka_unit_test(test_volume_profile_widens_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
