/* The depth of this moment: what stands up to a price, summed from the touch outward, bids to the left, asks to the right. */
#include "core/base/round_step.h"
#include "tui/panels.h"

#include <string.h>

struct depth {
    int64_t sum[VIEW_CHART_COLS];
    bool bid[VIEW_CHART_COLS];
    int64_t most;
};

static void add(int64_t *sum, int64_t lots)
{
    if (__builtin_add_overflow(*sum, lots, sum))
        *sum = INT64_MAX;
}

/* A bin is of the side whose best price lies in it or nearer to it. */
static void sum_up(const struct view_chart *chart, const struct view_ladder *ladder, struct depth *out)
{
    int64_t bid = ladder->best[SIDE_BID].price_ticks, sum = 0;
    int count = chart->bins < VIEW_CHART_COLS ? chart->bins : VIEW_CHART_COLS, asks = 0;

    memset(out, 0, sizeof(*out));
    for (int i = 0; i < count; i++) {
        out->bid[i] = chart->low_ticks + i * chart->bin_ticks <= bid;
        asks += out->bid[i];
    }
    for (int i = asks - 1; i >= 0; i--) {
        add(&sum, chart->now_lots[i]);
        out->sum[i] = sum;
    }
    out->most = sum;
    sum = 0;
    for (int i = asks; i < count; i++) {
        add(&sum, chart->now_lots[i]);
        out->sum[i] = sum;
    }
    out->most = sum > out->most ? sum : out->most;
}

/* Round prices under the curve, round sizes beside it. */
static void labels_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at, int left,
                        const struct depth *depth, int rows)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    int64_t bin = chart->bin_ticks > 0 ? chart->bin_ticks : 1, quarter = depth->most / 4;
    int label = (int)strlen(number_price(ui_scale(ui), chart->low_ticks + chart->bins * bin).text) + 3;
    int64_t price_step = round_step_at_least(bin < INT64_MAX / 64 ? label * bin : bin);
    int64_t size_step = round_step_at_least(quarter > 0 ? quarter : 1);
    int64_t from = (chart->low_ticks + price_step - 1) / price_step * price_step - chart->low_ticks;

    for (int64_t off = from; off / bin + label / 2 < chart->bins; off += price_step)
        canvas_printf(canvas, at->plot_row + rows, left + (int)(off / bin), STYLE_DIM, "\u2502%s",
                      number_price(ui_scale(ui), chart->low_ticks + off).text);
    for (int k = 1; k <= 4 && size_step <= depth->most / k; k++)
        canvas_text_right(canvas, at->plot_row + rows - (int)((__int128)k * size_step * rows / depth->most),
                          span_end(at->axis) - 1, STYLE_DIM,
                          number_qty_fit(ui_scale(ui), k * size_step, 2, at->axis.cols - 2).text);
}

static void sides_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at,
                       const struct depth *depth)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    const struct view_scale *scale = ui_scale(ui);
    int64_t bids = 0, asks = 0;
    struct brush pen = brush_at(canvas, at->legend_row, at->plot.at + 1);

    for (int i = 0; i < chart->bins && i < VIEW_CHART_COLS; i++)
        if (depth->bid[i])
            bids = depth->sum[i] > bids ? depth->sum[i] : bids;
        else
            asks = depth->sum[i] > asks ? depth->sum[i] : asks;
    brush_printf(&pen, STYLE_BID, "bids %s", number_qty_fit(scale, bids, 2, 9).text);
    brush_printf(&pen, STYLE_DIM, " down to %s   ", number_price(scale, chart->low_ticks).text);
    brush_printf(&pen, STYLE_ASK, "asks %s", number_qty_fit(scale, asks, 2, 9).text);
    brush_printf(&pen, STYLE_DIM, " up to %s",
                 number_price(scale, chart->low_ticks + chart->bins * chart->bin_ticks).text);
}

void depth_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    struct chart_places at = chart_places(ui);
    int rows = at.time_row - at.plot_row, left = at.plot.at + (at.plot.cols - chart->bins) / 2;
    struct depth depth;

    if (chart->kind != CHART_DEPTH || chart->bins == 0 || rows < 2) {
        chart_empty(canvas, ui, "there is no book that is LIVE");
        return;
    }
    sum_up(chart, &ui_view(ui)->ladder, &depth);
    for (int i = 0; i < chart->bins && i < VIEW_CHART_COLS && depth.most > 0; i++) {
        int height = (int)((__int128)depth.sum[i] * 8 * rows / depth.most);

        for (int row = rows - 1; row >= 0 && height > 0; row--, height -= 8)
            canvas_spark(canvas, at.plot_row + row, left + i,
                         style_role(depth.bid[i] ? ROLE_BID_BAR : ROLE_ASK_BAR), height > 8 ? 8 : height);
    }
    labels_draw(canvas, ui, &at, left, &depth, rows);
    sides_draw(canvas, ui, &at, &depth);
    depth_side_draw(canvas, ui);
}
