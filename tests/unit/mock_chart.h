/*
 * mock_chart.h - screen 2 at the second of the target pictures: candles, a heat map with a wall that is pulled, depth.
 */
#ifndef MOCK_CHART_H
#define MOCK_CHART_H

#include "mock_frame.h"

static inline int64_t mock_wave(int i, int period, int64_t height)
{
    int at = i % period, half = period / 2;

    return height * (at < half ? at : period - at) / half;
}

static inline void mock_candles(struct view_frame *frame, int cols, int span_s)
{
    struct view_chart *chart = &frame->chart;
    int64_t now_ms = frame->status.now_ns / 1000000, before = TICKS(61790), sum = 0;

    memset(chart, 0, sizeof(*chart));
    chart->kind = CHART_CANDLES;
    chart->span_s = (uint32_t)span_s;
    chart->candles = (uint16_t)(cols < 60 ? cols : 60);
    for (int i = 0; i < chart->candles; i++) {
        int64_t to = TICKS(61790) + mock_wave(i, 26, TICKS(70)) + i * TICKS(0.5) - mock_wave(i, 7, TICKS(12));

        sum += to;
        chart->candle[i] = (struct view_candle){
            .open_ms = now_ms - now_ms % (span_s * 1000) - (int64_t)(chart->candles - 1 - i) * span_s * 1000,
            .open_ticks = before,
            .close_ticks = i + 1 < chart->candles ? to : TICKS(61842.18),
            .high_ticks = (before > to ? before : to) + mock_wave(i, 5, TICKS(6)),
            .low_ticks = (before < to ? before : to) - mock_wave(i, 4, TICKS(5)),
            .lots = 100000 + mock_wave(i, 9, 900000),
            .bought_lots = 40000 + mock_wave(i, 9, 500000),
            .vwap_ticks = sum / (i + 1),
            .mean_ticks = i < 19 ? VIEW_NONE : TICKS(61815) + i * TICKS(0.3),
            .deviation_ticks = i < 19 ? VIEW_NONE : TICKS(12)};
        before = to;
    }
}

static inline void mock_heat(struct view_frame *frame, int cols, int rows, int span_s)
{
    struct view_chart *chart = &frame->chart;
    int64_t now_ms = frame->status.now_ns / 1000000;

    memset(chart, 0, sizeof(*chart));
    chart->kind = CHART_HEAT;
    chart->span_s = (uint32_t)span_s;
    chart->columns = (uint16_t)(cols < VIEW_CHART_COLS ? cols : VIEW_CHART_COLS);
    chart->rows = chart->bins = (uint16_t)(rows < VIEW_CHART_ROWS ? rows : VIEW_CHART_ROWS);
    chart->row_ticks = TICKS(10);
    chart->top_ticks = TICKS(61840) + rows / 2 * TICKS(10);
    for (int step = 1; step < VIEW_HEAT_STEPS; step++)
        chart->step_lots[step] = 90000 * (int64_t)step * step;
    for (int i = 0; i < chart->columns; i++) {
        struct view_heat_column *column = &chart->column[i];
        int64_t mid = TICKS(61800) + mock_wave(i, 60, TICKS(60));

        *column = (struct view_heat_column){
            .begin_ms = now_ms - now_ms % (span_s * 1000) - (int64_t)(chart->columns - 1 - i) * span_s * 1000,
            .touch_ticks = {mid - 50, mid + 50},
            .bought_lots = mock_wave(i, 9, 400000),
            .sold_lots = mock_wave(i + 3, 8, 300000),
            .largest_ticks = {mid + 50, mid - 50},
            .largest_lots = {i % 11 == 3 ? 80000 : 500, i % 13 == 5 ? 90000 : 400},
            .known = i != 7};
        for (int row = 0; row < chart->rows; row++)
            chart->step[i][row] =
                (uint8_t)((row * 5 + i / 9) % 4 + (row % 8 == 2 && i < 2 * cols / 3 ? 4 : 0));
    }
    for (int row = 0; row < chart->rows; row++)
        chart->now_lots[row] = 60000 + (row * 37 % 23) * 130000;
}

static inline void mock_depth(struct view_frame *frame, int cols)
{
    struct view_chart *chart = &frame->chart;

    memset(chart, 0, sizeof(*chart));
    chart->kind = CHART_DEPTH;
    chart->bins = (uint16_t)(cols < 64 ? cols : 64);
    chart->bin_ticks = TICKS(4);
    chart->low_ticks = TICKS(61842) - chart->bins / 2 * TICKS(4);
    for (int i = 0; i < chart->bins; i++)
        chart->now_lots[i] = 50000 + (i * 29 % 17) * 20000;
}

/* What the screen has asked for. */
static inline void mock_chart(struct view_frame *frame, const struct view_request *request)
{
    if (request->chart.kind == CHART_CANDLES)
        mock_candles(frame, request->chart.cols, (int)request->point_s);
    else if (request->chart.kind == CHART_HEAT)
        mock_heat(frame, request->chart.cols, request->chart.rows, (int)request->point_s);
    else
        mock_depth(frame, request->chart.cols);
}

#endif
