/*
 * Candles in half cells, and over them as braille dots the day's VWAP, the mean of 20 closes (a dot a cell) and its bands of
 * two deviations (a dot each other cell); then our own working orders and fills. A candle that rose is bold. So lines and
 * candles are told apart without colours, too.
 */
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <string.h>

#define GUIDE_COLS 6 /* between two dots */

struct plot {
    struct canvas *canvas;
    const struct ui *ui;
    struct chart_places at;
    int64_t high, low;
    uint8_t dots[VIEW_CHART_ROWS][VIEW_CHART_COLS]; /* braille, a bit a dot */
    uint8_t line[VIEW_CHART_ROWS][VIEW_CHART_COLS]; /* of enum line, the one drawn last */
};

/* Part of the height from the top, 0..parts - 1. */
static int height_of(const struct plot *plot, int64_t price_ticks, int parts)
{
    int64_t at = (int64_t)((__int128)(plot->high - price_ticks) * parts / (plot->high - plot->low + 1));

    return at < 0 ? -1 : at >= parts ? parts : (int)at;
}

/* --- candles ------------------------------------------------------------------------------------------------ */

static void candle_draw(const struct plot *plot, const struct view_candle *candle, int col)
{
    bool rose = candle->close_ticks >= candle->open_ticks;
    /* the other role has no background: without colours it makes the falling ones dim beside the bold rising ones */
    struct style style = rose ? style_bold(STYLE_PROFIT) : style_on(STYLE_LOSS, ROLE_VOLUME);
    int halves = 2 * plot->at.plot_rows, high = height_of(plot, candle->high_ticks, halves);
    int low = height_of(plot, candle->low_ticks, halves);
    int top = height_of(plot, rose ? candle->close_ticks : candle->open_ticks, halves);
    int bottom = height_of(plot, rose ? candle->open_ticks : candle->close_ticks, halves);

    for (int row = high / 2; row <= low / 2 && row < plot->at.plot_rows; row++) {
        bool upper = 2 * row >= top && 2 * row <= bottom, lower = 2 * row + 1 >= top && 2 * row + 1 <= bottom;

        canvas_text(plot->canvas, plot->at.plot_row + row, plot->at.plot.at + col, style,
                    upper && lower ? GLYPH_FULL_BLOCK
                    : upper        ? GLYPH_HALF_UPPER
                    : lower        ? GLYPH_HALF_LOWER
                                   : GLYPH_RULE_DOWN);
    }
}

/* --- lines -------------------------------------------------------------------------------------------------- */

enum line { LINE_VWAP, LINE_MEAN, LINE_UPPER, LINE_LOWER, LINES };

static const struct {
    enum role role;
    enum glyph_line glyph;
    int every; /* columns of dots, of which two are a cell */
} drawn[LINES] = {
    [LINE_VWAP] = {ROLE_MARK, GLYPH_LINE_MAIN, 1},
    [LINE_MEAN] = {ROLE_WARNING, GLYPH_LINE_MEAN, 2},
    [LINE_UPPER] = {ROLE_DIM, GLYPH_LINE_BAND, 4},
    [LINE_LOWER] = {ROLE_DIM, GLYPH_LINE_BAND, 4},
};

/* Dots of a cell: two columns of four. */
static void dot(struct plot *plot, int x, int y, enum line line)
{
    static const uint8_t bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    int col = x / 2, row = y / 4;

    if (x < 0 || y < 0 || x % drawn[line].every != 0 || col >= plot->at.plot.cols ||
        row >= plot->at.plot_rows)
        return;
    plot->dots[row][col] |= bit[y % 4][x % 2];
    plot->line[row][col] = (uint8_t)line;
}

static void segment(struct plot *plot, int x0, int64_t from_ticks, int x1, int64_t to_ticks, enum line line)
{
    int parts = 4 * plot->at.plot_rows;

    for (int x = x0; x <= x1; x++) {
        int64_t price =
            x1 == x0 ? to_ticks
                     : from_ticks + (int64_t)((__int128)(to_ticks - from_ticks) * (x - x0) / (x1 - x0));
        int y = height_of(plot, price, parts);

        dot(plot, x, y, line);
    }
}

static int64_t line_ticks(const struct view_candle *candle, enum line line)
{
    if (line == LINE_VWAP)
        return candle->vwap_ticks;
    if (candle->mean_ticks == VIEW_NONE)
        return VIEW_NONE;
    return candle->mean_ticks + (line == LINE_UPPER   ? 2 * candle->deviation_ticks
                                 : line == LINE_LOWER ? -2 * candle->deviation_ticks
                                                      : 0);
}

static void line_add(struct plot *plot, enum line line)
{
    const struct view_chart *chart = &ui_view(plot->ui)->chart;
    int64_t before = VIEW_NONE;
    int x0 = 0;

    for (int i = 0; i < chart->candles && i < VIEW_CHART_COLS; i++) {
        int64_t now = line_ticks(&chart->candle[i], line);
        int col = chart_col_of(plot->ui, chart->candle[i].open_ms), x = 2 * col;

        if (now == VIEW_NONE || col < 0) {
            before = VIEW_NONE;
            continue;
        }
        if (before == VIEW_NONE)
            dot(plot, x, height_of(plot, now, 4 * plot->at.plot_rows), line);
        else
            segment(plot, x0, before, x, now, line);
        before = now;
        x0 = x;
    }
}

static void lines_draw(struct plot *plot)
{
    for (enum line line = LINES; line-- > LINE_VWAP;) /* the VWAP last: it goes over the others */
        line_add(plot, line);
    for (int row = 0; row < plot->at.plot_rows; row++)
        for (int col = 0; col < plot->at.plot.cols; col++)
            if (plot->dots[row][col] != 0)
                canvas_put(plot->canvas, plot->at.plot_row + row, plot->at.plot.at + col,
                           style_role(drawn[plot->line[row][col]].role),
                           glyph_of_line(drawn[plot->line[row][col]].glyph, plot->dots[row][col]));
}

/* --- ours --------------------------------------------------------------------------------------------------- */

void chart_own_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_lists *lists = &ui_view(ui)->lists;
    struct chart_places at = chart_places(ui);

    for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX; i++) {
        const struct order *order = &lists->order[i].order;
        int row, col = chart_col_of(ui, order->sent_ns / UI_MILLI_NS);

        if (!order_is_open(order) || lists->order[i].instrument_id != ui->instrument_id ||
            (row = chart_row_of(ui, ui_order_ticks(order))) < 0)
            continue;
        for (col = col < 0 ? 0 : col; col < at.plot.cols; col++)
            canvas_put(canvas, at.plot_row + row, at.plot.at + col, style_role(ROLE_OWN_QUEUE), '=');
    }
    for (int i = 0; i < lists->fills && i < VIEW_FILLS_MAX; i++) {
        const struct fill *fill = &lists->fill[i].fill;
        int row = chart_row_of(ui, fill->price_ticks), col = chart_col_of(ui, fill->ts_ns / UI_MILLI_NS);

        if (row >= 0 && col >= 0 && fill->instrument_id == ui->instrument_id)
            canvas_text(canvas, at.plot_row + row, at.plot.at + col, style_bold(style_role(ROLE_OWN_QUEUE)),
                        fill->side == SIDE_BID ? GLYPH_UP_TRIANGLE : GLYPH_DOWN_TRIANGLE);
    }
}

/* --- the panel ---------------------------------------------------------------------------------------------- */

/* In the styles of what it names: as the dots of the lines, so the shades of the figures beside the plot. */
#define VOLUME_LEGEND_COLS 27
#define LEGEND_CELLS       3

/* Three cells of it, as it stands in the plot. */
static void legend_line(struct brush *pen, enum line line, struct style style, const char *name)
{
    static const uint8_t middle[2] = {0x02, 0x10}; /* of the left and the right column of dots */

    for (int x = 0; x < 2 * LEGEND_CELLS; x += 2) {
        uint8_t dots = 0;

        for (int i = 0; i < 2; i++)
            dots |= (x + i) % drawn[line].every == 0 ? middle[i] : 0;
        canvas_put(pen->canvas, pen->row, pen->col++, style,
                   dots == 0 ? ' ' : glyph_of_line(drawn[line].glyph, dots));
    }
    brush_text(pen, style, name);
}

static void legend_draw(const struct plot *plot)
{
    struct brush pen = brush_at(plot->canvas, plot->at.legend_row, plot->at.plot.at + 1);

    legend_line(&pen, LINE_VWAP, style_role(ROLE_MARK), " VWAP of the day  ");
    legend_line(&pen, LINE_MEAN, style_bold(STYLE_WARNING), " mean of 20  ");
    legend_line(&pen, LINE_UPPER, STYLE_DIM, " 2 \u03c3  ");
    brush_text(&pen, style_role(ROLE_OWN_QUEUE),
               "= my order  " GLYPH_UP_TRIANGLE GLYPH_DOWN_TRIANGLE " my fill");
    if (plot->at.side.cols == 0 ||
        pen.col + VOLUME_LEGEND_COLS > span_end(plot->at.plot) + plot->at.axis.cols)
        return;
    brush_text(&pen, STYLE_DIM, "   volume: ");
    brush_text(&pen, style_bold(STYLE_BRIGHT), "most");
    brush_text(&pen, STYLE_TEXT, "  70 %");
    brush_text(&pen, STYLE_DIM, "  rest");
}

/* Dots at the round prices, so that the eye finds the axis from far. */
static void guides_draw(const struct plot *plot)
{
    int64_t price, step = chart_round_prices(plot->ui, &price);

    for (int i = 0; step > 0 && i < VIEW_CHART_ROWS; i++, price += step) {
        int row = chart_row_of(plot->ui, price);

        for (int col = GUIDE_COLS / 2; row >= 0 && col < plot->at.plot.cols; col += GUIDE_COLS)
            canvas_put(plot->canvas, plot->at.plot_row + row, plot->at.plot.at + col, STYLE_FAINT, 0xb7);
    }
}

void candle_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    struct plot plot = {.canvas = canvas, .ui = ui, .at = chart_places(ui)};

    if (!chart_candle_range(ui, &plot.high, &plot.low)) {
        chart_empty(canvas, ui, "no trade yet");
        return;
    }
    guides_draw(&plot);
    lines_draw(&plot);
    for (int i = 0; i < chart->candles && i < VIEW_CHART_COLS; i++) {
        int col = chart_col_of(ui, chart->candle[i].open_ms);

        if (col >= 0)
            candle_draw(&plot, &chart->candle[i], col);
    }
    chart_own_draw(canvas, ui);
    legend_draw(&plot);
}
