/*
 * The book over time: a column a span, a row a price, the size that rested there as one of eight steps; over it the
 * touch, the larger taker orders, our own orders and fills. Without colours the steps are glyphs.
 */
#include "core/base/round_step.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <stdlib.h>
#include <string.h>

#define DOTS_PER_10 3 /* of ten columns have so many of the largest trades a dot */

static int step_at(const struct view_chart *chart, int column, int map_row)
{
    return map_row < chart->rows && map_row < VIEW_CHART_ROWS ? chart->step[column][map_row] & 7 : 0;
}

/* What is drawn over a cell stands on its greater step. */
static struct style on_step(const struct ui *ui, int column, int row, struct style style)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    int each = chart_rows_each(ui), upper = step_at(chart, column, each * row);
    int lower = step_at(chart, column, each * row + each - 1);

    return style_on(style, (enum role)(ROLE_HEAT_0 + (upper > lower ? upper : lower)));
}

static void cell_draw(struct canvas *canvas, const struct view_chart *chart, int row, int col, int column,
                      int map_row, int each)
{
    enum role upper = (enum role)(ROLE_HEAT_0 + step_at(chart, column, map_row));
    enum role lower = (enum role)(ROLE_HEAT_0 + step_at(chart, column, map_row + each - 1));
    bool kept = (chart->step[column][map_row] & VIEW_HEAT_UNKNOWN) == 0;

    if (chart->column[column].known && !kept) {
        if ((col + 2 * row) % 6 == 0) /* here and there: it is no news, but it is not nothing either */
            canvas_put(canvas, row, col, STYLE_FAINT, '?');
        return;
    }
    if (!chart->column[column].known)
        canvas_put(canvas, row, col, STYLE_FAINT, '?');
    else if (upper == lower)
        canvas_put(canvas, row, col, style_role(upper), glyph_heat((int)(upper - ROLE_HEAT_0)));
    else
        canvas_put(canvas, row, col, style_on(style_role(upper), lower), 0x2580);
}

static void cells_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    int each = chart_rows_each(ui);

    for (int i = 0; i < chart->columns && i < VIEW_CHART_COLS; i++) {
        int col = chart_col_of(ui, chart->column[i].begin_ms);

        for (int row = 0; each * row < chart->rows && row < at->plot_rows && col >= 0; row++)
            cell_draw(canvas, chart, at->plot_row + row, at->plot.at + col, i, each * row, each);
    }
}

static void touch_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    const struct view_chart *chart = &ui_view(ui)->chart;

    for (int i = 0; i < chart->columns && i < VIEW_CHART_COLS; i++) {
        int64_t bid = chart->column[i].touch_ticks[SIDE_BID], ask = chart->column[i].touch_ticks[SIDE_ASK];
        int col = chart_col_of(ui, chart->column[i].begin_ms);
        int row = bid > 0 && ask > 0 ? chart_row_of(ui, bid / 2 + ask / 2) : -1;

        if (col >= 0 && row >= 0)
            canvas_put(canvas, at->plot_row + row, at->plot.at + col,
                       on_step(ui, i, row, style_role(ROLE_TOUCH)), 0x2500);
    }
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* The least trade that has a dot: 1, 2 or 5 x 10^n, so that it can be printed. */
static int64_t dot_lots(const struct view_chart *chart)
{
    int64_t lots[2 * VIEW_CHART_COLS];
    int count = 0;

    for (int i = 0; i < chart->columns && i < VIEW_CHART_COLS; i++)
        for (int side = 0; side < SIDE_COUNT; side++)
            if (chart->column[i].largest_lots[side] > 0)
                lots[count++] = chart->column[i].largest_lots[side];
    if (count == 0)
        return 0;
    qsort(lots, (size_t)count, sizeof(lots[0]), compare);
    return round_step_at_most(lots[count - 1 - (count - 1) * DOTS_PER_10 / 20]);
}

static void trades_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    int64_t least = dot_lots(chart);

    for (int i = 0; i < chart->columns && i < VIEW_CHART_COLS && least > 0; i++) {
        int col = chart_col_of(ui, chart->column[i].begin_ms);

        for (int side = 0; side < SIDE_COUNT; side++) {
            int row = chart_row_of(ui, chart->column[i].largest_ticks[side]);
            enum role role = side == SIDE_BID ? ROLE_TRADE_BUY : ROLE_TRADE_SELL;

            if (col >= 0 && row >= 0 && chart->column[i].largest_lots[side] >= least)
                canvas_text(canvas, at->plot_row + row, at->plot.at + col,
                            on_step(ui, i, row, style_role(role)),
                            side == SIDE_BID ? GLYPH_DOT_ON : GLYPH_DOT_OFF);
        }
    }
}

void heat_legend_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    struct chart_places at = chart_places(ui);
    struct brush pen = brush_at(canvas, at.legend_row, at.plot.at + 1);
    int end = span_end(at.axis),
        each = end - at.plot.at < 96 ? 2 : 1; /* fewer steps where the dots need the room */

    if (chart->columns == 0)
        return;
    brush_printf(&pen, STYLE_DIM, "%s%.8s ", each == 1 ? "size " : "",
                 ui_instrument(ui) != NULL ? ui_instrument(ui)->base : "");
    for (int step = 1; step < VIEW_HEAT_STEPS && pen.col + 8 < end; step += each) {
        char glyph[8] = {0};

        glyph_encode(glyph_heat(step), glyph);
        brush_text(&pen, style_role((enum role)(ROLE_HEAT_0 + step)), glyph);
        brush_printf(&pen, STYLE_DIM, "%s ", number_qty_fit(ui_scale(ui), chart->step_lots[step], 1, 5).text);
    }
    if (dot_lots(chart) == 0)
        return;
    brush_text(&pen, style_role(ROLE_TRADE_BUY), " " GLYPH_DOT_ON " bought ");
    brush_text(&pen, style_role(ROLE_TRADE_SELL), GLYPH_DOT_OFF " sold ");
    if (pen.col + 10 < end)
        brush_printf(&pen, STYLE_DIM, "from %s", number_qty_fit(ui_scale(ui), dot_lots(chart), 2, 6).text);
    if (pen.col + 9 < end)
        brush_text(&pen, style_role(ROLE_OWN_QUEUE), "  = mine");
    if (pen.col + 13 < end)
        brush_text(&pen, style_role(ROLE_OWN_QUEUE), "  " GLYPH_UP_TRIANGLE GLYPH_DOWN_TRIANGLE " my fill");
}

void heat_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    struct chart_places at = chart_places(ui);

    if (chart->kind != CHART_HEAT || chart->columns == 0) {
        chart_empty(canvas, ui, "it begins with the first second of a book that is LIVE");
        return;
    }
    cells_draw(canvas, ui, &at);
    touch_draw(canvas, ui, &at);
    trades_draw(canvas, ui, &at);
    chart_own_draw(canvas, ui);
}
