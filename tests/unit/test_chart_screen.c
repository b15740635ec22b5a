/* Screen 2: its pictures, what it asks the engine for, the cross, its keys. */
#include "golden_screen.h"
#include "mock_chart.h"

static void answer(struct fixture *f)
{
    mock_chart(&f->frame, &fixture_last(f, COMMAND_VIEW)->view);
    fixture_publish(f);
}

static struct fixture *candles_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_key(f, '2');
    answer(f);
    return f;
}

static struct fixture *heat_new(int cols, int rows)
{
    struct fixture *f = candles_new(cols, rows);

    fixture_key(f, 'e');
    f->ui->say.until_ns = 0;
    answer(f);
    return f;
}

static struct fixture *depth_new(int cols, int rows)
{
    struct fixture *f = heat_new(cols, rows);

    fixture_key(f, 'e');
    f->ui->say.until_ns = 0;
    answer(f);
    return f;
}

static void test_pictures(void **state)
{
    (void)state;
    golden_sizes(candles_new, "mock-chart-candles");
    golden_sizes(heat_new, "mock-chart-heat");
    golden_sizes(depth_new, "mock-chart-depth");
}

/* Held on Trade, it has no candles: that is not the market's fault. */
static void test_a_held_picture_has_no_chart(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'Z');
    fixture_key(f, '2');
    for (int view = 0; view < 3; view++) {
        assert_has(fixture_draw(f), "not in the picture that is held; Z thaws");
        fixture_key(f, 'e');
    }
    fixture_key(f, 'Z');
    answer(f);
    assert_has_not(fixture_draw(f), "not in the picture");
    fixture_free(f);
}

static void test_each_view_asks_for_its_own(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    const struct view_request *asked;

    (void)state;
    fixture_key(f, '2');
    asked = &fixture_last(f, COMMAND_VIEW)->view;
    assert_int_equal(asked->screen, SCREEN_CHART);
    assert_int_equal(asked->chart.kind, CHART_CANDLES);
    assert_int_equal(asked->point_s, 15);
    assert_in_range(asked->chart.cols, 40, 50);
    assert_int_equal(asked->chart.rows, 21);
    fixture_key(f, 'e');
    asked = &fixture_last(f, COMMAND_VIEW)->view;
    assert_int_equal(asked->chart.kind, CHART_HEAT);
    assert_int_equal(asked->point_s, 5);
    assert_in_range(asked->chart.cols, 80, 90);
    fixture_key(f, 'e');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.chart.kind, CHART_DEPTH);
    fixture_key(f, 'e');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.chart.kind, CHART_CANDLES);
    fixture_free(f);
}

/* A market seen for a minute fills the plot with shorter candles; whoever has chosen a length keeps it. */
static void test_little_history_begins_with_shorter_candles(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, '2');
    mock_candles(&f->frame, 12, 15);
    fixture_publish(f);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.point_s, 5);
    mock_candles(&f->frame, 3, 5); /* once */
    fixture_publish(f);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.point_s, 5);
    fixture_key(f, '+');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.point_s, 15);
    fixture_free(f);
    f = fixture_new(120, 36);
    fixture_key(f, '2');
    fixture_key(f, '+');
    mock_candles(&f->frame, 3, 60);
    fixture_publish(f);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.point_s, 60);
    fixture_free(f);
}

/* Between two marks the axis has round prices, and a mark says its own. */
static void test_the_axis_of_candles_has_round_prices(void **state)
{
    struct fixture *f = candles_new(120, 36);

    (void)state;
    fixture_draw(f);
    assert_has(f->text, "61820.00");
    assert_has_not(f->text, "61819.");
    fixture_free(f);
}

/* Over several days an hour alone says little: where a day begins stands the day, and a candle of another day has it. */
static void test_the_axis_of_days_names_them(void **state)
{
    struct fixture *f = candles_new(120, 36);

    (void)state;
    for (int i = 0; i < 4; i++)
        fixture_key(f, '+');
    answer(f); /* of an hour each */
    fixture_draw(f);
    assert_has(f->text, "\u250211-21");
    assert_has(f->text, "\u250211-20");
    assert_has_not(f->text, "\u250200:00");
    fixture_key(f, KEY_LEFT);
    for (int i = 0; i < 30; i++)
        fixture_key(f, KEY_LEFT);
    assert_has(fixture_next_row(f), "CROSS 11-20 ");
    fixture_free(f);
}

static void test_time_zoom_and_its_ends(void **state)
{
    static const uint32_t longer[] = {60, 300, 900, 3600, 14400, 86400};
    struct fixture *f = candles_new(120, 36);

    (void)state;
    for (int i = 0; i < 6; i++) {
        fixture_key(f, '+');
        assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.point_s, longer[i]);
    }
    fixture_key(f, '+');
    assert_has(fixture_next_row(f), "1 d is the longest");
    for (int i = 0; i < 8; i++)
        fixture_key(f, '-');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.point_s, 1);
    fixture_key(f, '-');
    assert_has(fixture_next_row(f), "1 s is the shortest");
    fixture_key(f, 'e'); /* the map keeps its own */
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.point_s, 5);
    fixture_key(f, '+');
    fixture_key(f, '+');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.point_s, 60);
    fixture_free(f);
}

/* Where terminal and theme have the colours, two rows of the map stand in one of the screen, and the axis stays round. */
static void test_half_blocks_double_the_rows(void **state)
{
    struct fixture *f = heat_new(120, 36);
    const struct view_request *asked;

    (void)state;
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.chart.halves, 0);
    ui_halves(f->ui, true);
    asked = &fixture_last(f, COMMAND_VIEW)->view;
    assert_int_equal(asked->chart.halves, 1);
    assert_int_equal(asked->chart.rows, 42);
    answer(f);
    f->frame.chart.row_ticks = TICKS(5);
    f->frame.chart.top_ticks = TICKS(61945);
    fixture_publish(f);
    assert_has(fixture_draw(f), "10.00 a row");
    assert_has(f->text, "61940.00 \u2502");
    assert_has(f->text, "61740.00 \u2502");
    assert_int_equal(chart_row_of(f->ui, TICKS(61944)), 0);
    assert_int_equal(chart_map_row_of(f->ui, TICKS(61944)), 1);
    assert_int_equal(chart_row_of(f->ui, TICKS(61939)), 1);
    golden_screen(f, "mock-chart-halves-120x36");
    fixture_key(f, ']'); /* 5, 10, 50: a pair is 10, 20, 100 */
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.chart.row_ticks, TICKS(10));
    assert_has(fixture_next_row(f), "rows of 20.00");
    fixture_key(f, '[');
    fixture_key(f, '[');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.chart.row_ticks, TICKS(1));
    ui_halves(f->ui, false);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.chart.rows, 21);
    fixture_free(f);
}

static void test_rows_of_the_map(void **state)
{
    struct fixture *f = heat_new(120, 36);

    (void)state;
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.chart.row_ticks, 0);
    fixture_key(f, '[');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.chart.row_ticks, TICKS(5));
    fixture_key(f, ']');
    fixture_key(f, ']');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.chart.row_ticks, TICKS(20));
    assert_has(fixture_next_row(f), "rows of 20.00");
    fixture_key(f, 'c');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.chart.row_ticks, 0);
    fixture_key(f, 'e');
    fixture_key(f, '[');
    assert_has(fixture_next_row(f), "belong to the heat map");
    fixture_free(f);
}

/* The arrows make it; it stays at its time and price; the engine is asked what stood there. */
static void test_the_cross(void **state)
{
    struct fixture *f = heat_new(120, 36);
    const struct view_request *asked;

    (void)state;
    fixture_key(f, KEY_LEFT);
    fixture_key(f, KEY_LEFT);
    fixture_key(f, KEY_UP);
    asked = &fixture_last(f, COMMAND_VIEW)->view;
    assert_int_equal(asked->chart.cross_ticks, TICKS(61852.18));
    assert_int_equal(asked->chart.cross_ms, f->frame.chart.column[f->frame.chart.columns - 3].begin_ms);
    f->frame.chart.cross = (struct view_cross){.valid = true,
                                               .begin_ms = asked->chart.cross_ms,
                                               .row_ticks = TICKS(61850),
                                               .side = SIDE_ASK,
                                               .resting_lots = 1127000,
                                               .stood_ms = 105000,
                                               .ended_ms = asked->chart.cross_ms + 5000,
                                               .touch_ticks = TICKS(61853.43)};
    fixture_publish(f);
    assert_has(fixture_next_row(f),
               "11.27 stood 1m45 and was pulled with the touch 3.43 away, nothing traded on it");
    golden_screen(f, "mock-chart-cross-120x36");
    f->frame.chart.cross.traded_lots = 600000;
    fixture_publish(f);
    assert_has(fixture_next_row(f), "was traded, 6 traded on it");
    f->frame.chart.cross.ended_ms = 0;
    fixture_publish(f);
    assert_has(fixture_next_row(f), "11.27 on the ask, there for 1m45");
    fixture_key(f, 'b');
    assert_int_equal(fixture_count(f, COMMAND_ALERT), 1);
    fixture_key(f, 'c');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.chart.cross_ticks, 0);
    fixture_free(f);
}

static void test_back_in_time(void **state)
{
    struct fixture *f = candles_new(120, 36);

    (void)state;
    fixture_key(f, KEY_PAGE_UP);
    assert_in_range(fixture_last(f, COMMAND_VIEW)->view.chart.back, 20, 25);
    answer(f);
    assert_has(fixture_draw(f), " back; c now");
    fixture_key(f, KEY_PAGE_DOWN);
    fixture_key(f, KEY_PAGE_DOWN);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.chart.back, 0);
    for (int i = 0; i < 60; i++)
        fixture_key(f, KEY_LEFT); /* past the left edge the chart goes along */
    assert_true(fixture_last(f, COMMAND_VIEW)->view.chart.back > 0);
    fixture_free(f);
}

/* Nothing has come yet, or only what was asked for before. */
static void test_before_the_answer(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    fixture_key(f, '2');
    assert_has(fixture_draw(f), "no trade yet");
    fixture_key(f, KEY_LEFT);
    assert_has(fixture_next_row(f), "nothing is drawn yet");
    fixture_key(f, 'b');
    assert_has(fixture_next_row(f),
               "no cross yet: \u2191\u2193 set it at a price, then b; or :alert price > FIGURE");
    answer(f);
    fixture_key(f, 'e'); /* candles are still in the frame */
    assert_has(fixture_draw(f), "it begins with the first second");
    fixture_key(f, 'e');
    assert_has(fixture_draw(f), "there is no book that is LIVE");
    assert_whole_picture(f);
    fixture_free(f);
}

/* At every size between the smallest and the greatest nothing is drawn outside, and nothing fails. */
static void test_any_size(void **state)
{
    (void)state;
    for (int cols = 60; cols < 260; cols += 13)
        for (int rows = 15; rows < 120; rows += 11) {
            struct fixture *f = candles_new(cols, rows);

            for (int kind = 0; kind < 3; kind++) {
                fixture_key(f, 'e');
                answer(f);
                fixture_key(f, KEY_LEFT);
                answer(f);
                assert_whole_picture(f);
            }
            fixture_free(f);
        }
}

/* What no market trades: sums and differences stay numbers (the sanitizers say where they do not). */
static void test_volumes_beyond_any_market(void **state)
{
    struct fixture *f = candles_new(120, 36);
    struct view_chart *chart = &f->frame.chart;

    (void)state;
    for (int i = 0; i < chart->candles; i++) {
        chart->candle[i].lots = INT64_MAX;
        chart->candle[i].bought_lots = i % 4 < 2 ? INT64_MAX : 0;
    }
    fixture_publish(f);
    assert_whole_picture(f);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_a_held_picture_has_no_chart),
        cmocka_unit_test(test_each_view_asks_for_its_own),
        cmocka_unit_test(test_little_history_begins_with_shorter_candles),
        cmocka_unit_test(test_the_axis_of_candles_has_round_prices),
        cmocka_unit_test(test_the_axis_of_days_names_them),
        cmocka_unit_test(test_time_zoom_and_its_ends),
        cmocka_unit_test(test_half_blocks_double_the_rows),
        cmocka_unit_test(test_rows_of_the_map),
        cmocka_unit_test(test_the_cross),
        cmocka_unit_test(test_back_in_time),
        cmocka_unit_test(test_before_the_answer),
        cmocka_unit_test(test_any_size),
        cmocka_unit_test(test_volumes_beyond_any_market),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
