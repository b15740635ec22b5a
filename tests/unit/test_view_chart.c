/* Screen 2 from the engine's side: candles with their averages, the map's rows and columns, what stood at the cross. */
#include "unit/pipeline_world.h"

#include "app/view_chart.h"

#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define ROWS   11
#define COLS   40

static const struct level bids[] = {{6182000, 3000}, {6180000, 5000}};
static const struct level asks[] = {{6182100, 1000}, {6185000, 4000}};

struct rig {
    struct world world;
    struct book_heat *heat;
    struct chart_view view;
    struct view_request request;
    struct view_chart out;
};

static int make(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));

    assert_non_null(rig);
    world_init(&rig->world, bids, 2, asks, 2);
    rig->heat = book_heat_new(100);
    assert_non_null(rig->heat);
    rig->request = (struct view_request){.screen = SCREEN_CHART, .point_s = 5};
    rig->request.chart.kind = CHART_HEAT;
    rig->request.chart.cols = COLS;
    rig->request.chart.rows = ROWS;
    rig->request.chart.row_ticks = 1000;
    *state = rig;
    return 0;
}

static int drop(void **state)
{
    struct rig *rig = *state;

    pipeline_free(rig->world.pipeline);
    book_heat_free(rig->heat);
    free(rig);
    return 0;
}

static struct market_state *market_of(struct rig *rig)
{
    return rig->world.pipeline->market[0];
}

static void seconds(struct rig *rig, int count)
{
    for (int i = 0; i < count; i++) {
        world_depth(&rig->world, SECOND, false);
        book_heat_tick(rig->heat, market_of(rig)->book, true, rig->world.now_ns / 1000000);
    }
}

static const struct view_chart *fill(struct rig *rig)
{
    memset(&rig->out, 0, sizeof(rig->out));
    chart_view_fill(&rig->view, rig->world.pipeline, market_of(rig), rig->heat, &rig->request, &rig->out);
    return &rig->out;
}

/* Its row on the map. */
static int row_of(const struct view_chart *chart, int64_t price_ticks)
{
    return (int)((chart->top_ticks + chart->row_ticks - 1 - price_ticks) / chart->row_ticks);
}

static void test_rows_hold_the_sizes_of_their_prices(void **state)
{
    struct rig *rig = *state;
    const struct view_chart *chart;

    seconds(rig, 20);
    chart = fill(rig);
    assert_int_equal(chart->rows, ROWS);
    assert_int_equal(chart->row_ticks, 1000);
    assert_in_range(chart->columns, 4, 5);
    assert_int_equal(chart->column[1].begin_ms - chart->column[0].begin_ms, 5000);
    assert_int_equal(chart->now_lots[row_of(chart, 6182100)], 4000); /* bid and ask of one row of ten */
    assert_int_equal(chart->now_lots[row_of(chart, 6180000)], 5000);
    assert_int_equal(chart->now_lots[row_of(chart, 6185000)], 4000);
    assert_int_equal(chart->now_lots[row_of(chart, 6183000)], 0);
    assert_true(chart->step[1][row_of(chart, 6180000)] >= chart->step[1][row_of(chart, 6185000)]);
    assert_true(chart->step[1][row_of(chart, 6185000)] > 0);
    assert_int_equal(chart->step[1][row_of(chart, 6183000)], 0);
    assert_int_equal(chart->column[1].touch_ticks[SIDE_ASK], 6182100);
}

/* The map stands still while the mid moves inside it. */
static void test_the_rows_do_not_follow_the_mid(void **state)
{
    struct rig *rig = *state;
    int64_t top;

    seconds(rig, 10);
    top = fill(rig)->top_ticks;
    order_book_set(market_of(rig)->book, SIDE_ASK, 6182100, 0);
    order_book_set(market_of(rig)->book, SIDE_BID, 6184000, 10);
    market_state_book_changed(market_of(rig), rig->world.now_ns);
    seconds(rig, 5);
    assert_int_equal(fill(rig)->top_ticks, top);
    order_book_set(market_of(rig)->book, SIDE_ASK, 6185000, 0);
    order_book_set(market_of(rig)->book, SIDE_BID, 6199000, 10);
    order_book_set(market_of(rig)->book, SIDE_ASK, 6199100, 10);
    market_state_book_changed(market_of(rig), rig->world.now_ns);
    seconds(rig, 5);
    assert_true(fill(rig)->top_ticks > top);
    assert_in_range(row_of(&rig->out, 6199000), ROWS / 4, ROWS * 3 / 4);
}

/* A wall of 20 seconds that is taken away; another one that is traded away. */
static void test_what_stood_at_the_cross_and_what_became_of_it(void **state)
{
    struct rig *rig = *state;
    struct trade trade = {.price_ticks = 6187000, .qty_lots = 80000, .taker = SIDE_BID};

    seconds(rig, 10);
    order_book_set(market_of(rig)->book, SIDE_ASK, 6187000, 80000);
    seconds(rig, 20);
    rig->request.chart.cross_ms = rig->world.now_ns / 1000000 - 8000;
    rig->request.chart.cross_ticks = 6187000;
    assert_true(fill(rig)->cross.valid);
    assert_int_equal(rig->out.cross.ended_ms, 0);
    order_book_set(market_of(rig)->book, SIDE_ASK, 6187000, 0);
    seconds(rig, 15);
    assert_true(fill(rig)->cross.valid);
    assert_int_equal(rig->out.cross.side, SIDE_ASK);
    assert_in_range(rig->out.cross.resting_lots, 79000, 81000);
    assert_in_range(rig->out.cross.stood_ms, 15000, 25000);
    assert_true(rig->out.cross.ended_ms > 0);
    assert_int_equal(rig->out.cross.traded_lots, 0);
    book_heat_trade(rig->heat, &trade, rig->world.now_ns / 1000000);
    order_book_set(market_of(rig)->book, SIDE_ASK, 6187000, 80000);
    seconds(rig, 10);
    rig->request.chart.cross_ms = rig->world.now_ns / 1000000 - 5000;
    book_heat_trade(rig->heat, &trade, rig->world.now_ns / 1000000);
    order_book_set(market_of(rig)->book, SIDE_ASK, 6187000, 0);
    seconds(rig, 10);
    assert_in_range(fill(rig)->cross.traded_lots, 79000, 161000);
    rig->request.chart.cross_ticks = 1; /* not on the map */
    assert_false(fill(rig)->cross.valid);
}

static void test_without_a_heat_map_nothing_is_drawn(void **state)
{
    struct rig *rig = *state;

    memset(&rig->out, 0, sizeof(rig->out));
    for (int kind = CHART_HEAT; kind < CHART_KINDS; kind++) {
        rig->request.chart.kind = (uint8_t)kind;
        chart_view_fill(&rig->view, rig->world.pipeline, market_of(rig), NULL, &rig->request, &rig->out);
        assert_int_equal(rig->out.columns + rig->out.bins, 0);
        fill(rig); /* a map without a column */
        assert_int_equal(rig->out.columns + rig->out.bins, 0);
    }
}

static void test_the_depth_has_the_mid_in_its_middle(void **state)
{
    struct rig *rig = *state;
    int64_t sum = 0;

    seconds(rig, 3);
    rig->request.chart.kind = CHART_DEPTH;
    fill(rig);
    assert_in_range(rig->out.bins, COLS / 2, COLS);
    for (int i = 0; i < rig->out.bins; i++)
        sum += rig->out.now_lots[i];
    assert_int_equal(sum, 13000);
    assert_in_range(rig->out.low_ticks + rig->out.bins / 2 * rig->out.bin_ticks, 6181000, 6183000);
}

/* A terminal of a few columns asks for none: there are more cells than bins. */
static void test_no_columns_no_depth(void **state)
{
    struct rig *rig = *state;

    seconds(rig, 3);
    rig->request.chart.kind = CHART_DEPTH;
    for (uint16_t cols = 0; cols <= VIEW_CHART_COLS; cols++) {
        rig->request.chart.cols = cols;
        fill(rig);
        assert_true(rig->out.bins <= cols);
        assert_false(rig->out.cross.valid);
    }
}

static void test_candles_with_averages(void **state)
{
    struct rig *rig = *state;
    const struct view_candle *last;

    rig->request.chart.kind = CHART_CANDLES;
    rig->request.point_s = 60;
    for (int i = 0; i < 50; i++) {
        world_trade(&rig->world, i % 2 == 0 ? SIDE_BID : SIDE_ASK, 6180000 + (i % 2) * 200, 10);
        world_depth(&rig->world, 60 * SECOND, false);
    }
    fill(rig);
    assert_int_equal(rig->out.candles, COLS);
    assert_int_equal(rig->out.span_s, 60);
    last = &rig->out.candle[COLS - 1];
    assert_int_equal(last->mean_ticks, 6180100);
    assert_int_equal(last->deviation_ticks, 100);
    assert_in_range(last->vwap_ticks, 6180099, 6180101);
    assert_int_equal(last->lots, 10);
    assert_int_equal(last->bought_lots, 0);
    rig->request.chart.back = 45;
    fill(rig);
    assert_int_equal(rig->out.candles, 5);
    assert_true(rig->out.candle[4].mean_ticks == VIEW_NONE); /* too few before it */
    rig->request.chart.back = 9999;
    assert_int_equal(fill(rig)->candles, 1);
}

/* Rows that stand two in one of the screen: 1 or 5 x 10^n, and the lower one of each pair at an even multiple. */
static void test_half_rows_make_round_pairs(void **state)
{
    struct rig *rig = *state;
    const struct view_chart *chart;
    int64_t row;

    seconds(rig, 5);
    rig->request.chart.row_ticks = 0;
    rig->request.chart.rows = 42;
    rig->request.chart.halves = 1;
    chart = fill(rig);
    row = chart->row_ticks;
    assert_int_equal(chart->rows, 42);
    while (row % 10 == 0)
        row /= 10;
    assert_true(row == 1 || row == 5);
    assert_int_equal((chart->top_ticks - chart->row_ticks) % (2 * chart->row_ticks), 0);
    rig->request.chart.halves = 0; /* a screen without the colours chooses anew */
    rig->request.chart.rows = 21;
    chart = fill(rig);
    assert_int_equal(chart->rows, 21);
}

/* Far from the mid of its time nothing is kept: that is not the same as nothing resting there. */
static void test_what_is_not_held_is_not_empty(void **state)
{
    struct rig *rig = *state;
    const struct view_chart *chart;

    seconds(rig, 10);
    chart = fill(rig);
    assert_int_equal(chart->step[1][row_of(chart, 6183000)], 0); /* beside the mid: known to be empty */
    rig->request.chart.top_ticks = 9000000;
    chart = fill(rig);
    assert_true(chart->columns > 1 && chart->column[1].known);
    assert_int_equal(chart->step[1][0], VIEW_HEAT_UNKNOWN);
}

#define CHART_TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHART_TEST(test_half_rows_make_round_pairs),
        CHART_TEST(test_what_is_not_held_is_not_empty),
        CHART_TEST(test_rows_hold_the_sizes_of_their_prices),
        CHART_TEST(test_the_rows_do_not_follow_the_mid),
        CHART_TEST(test_what_stood_at_the_cross_and_what_became_of_it),
        CHART_TEST(test_without_a_heat_map_nothing_is_drawn),
        CHART_TEST(test_the_depth_has_the_mid_in_its_middle),
        CHART_TEST(test_no_columns_no_depth),
        CHART_TEST(test_candles_with_averages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
