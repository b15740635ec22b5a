/*
 * Screen 2: the frame, the axes of price and time, what was traded in each column, CVD, and the column at the right. The
 * plot is drawn by the panel of the chart's kind.
 */
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <stdlib.h>
#include <string.h>

#define SECONDS_COLS 9 /* a stroke and 14:07:32 */
#define MINUTES_COLS 6
#define DAY_MS       INT64_C(86400000)

const struct hint *chart_hints(const struct ui *ui)
{
    static const struct hint hints[CHART_KINDS][HINT_ROOM] = {{{"K", "KILL"},
                                                               {"Space", "pause"},
                                                               {"\u2190\u2192\u2191\u2193", "cross"},
                                                               {"-", "+ time"},
                                                               {"PgUp", "earlier"},
                                                               {"e", "heat map"},
                                                               {"c", "now"},
                                                               {"b", "alert"},
                                                               {"n", "next"},
                                                               {"1", "trade"},
                                                               {"q", "back"},
                                                               {"?", "keys"}},
                                                              {{"K", "KILL"},
                                                               {"Space", "pause"},
                                                               {"\u2190\u2192\u2191\u2193", "cross"},
                                                               {"-", "+ time"},
                                                               {"[", "] price"},
                                                               {"e", "depth"},
                                                               {"c", "now"},
                                                               {"b", "alert"},
                                                               {"n", "next"},
                                                               {"1", "trade"},
                                                               {"q", "back"},
                                                               {"?", "keys"}},
                                                              {{"K", "KILL"},
                                                               {"Space", "pause"},
                                                               {"e", "candles"},
                                                               {"n", "next"},
                                                               {"1", "trade"},
                                                               {"q", "back"},
                                                               {"?", "keys"}}};

    return hints[ui->chart.kind % CHART_KINDS];
}

/* --- axes --------------------------------------------------------------------------------------------------- */

static int column_count(const struct view_chart *chart)
{
    int count = chart->kind == CHART_CANDLES ? chart->candles : chart->columns;

    return count < VIEW_CHART_COLS ? count : VIEW_CHART_COLS;
}

static int64_t begin_of(const struct view_chart *chart, int i)
{
    return chart->kind == CHART_CANDLES ? chart->candle[i].open_ms : chart->column[i].begin_ms;
}

/* Seconds between the times that are told: as few as leave some blanks behind each. */
static int64_t time_step_s(const struct view_chart *chart, int each)
{
    static const int64_t round_s[] = {10,   30,   60,    120,   300,   600,    900,
                                      1800, 3600, 14400, 43200, 86400, 604800, 2419200};
    size_t i = 0, last = sizeof(round_s) / sizeof(round_s[0]) - 1;

    while (i < last && (chart->span_s <= 0 || round_s[i] / chart->span_s * each <
                                                  (round_s[i] < 60 ? SECONDS_COLS : MINUTES_COLS) + 3))
        i++;
    return round_s[i];
}

/* A stroke and a time where a round one begins, as close as words have room. */
static void time_axis_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    int count = column_count(chart);
    int64_t step_s = time_step_s(chart, at->each);
    int cols = step_s < 60 ? SECONDS_COLS : MINUTES_COLS;

    for (int i = 0; i < count; i++) {
        int64_t ms = begin_of(chart, i);
        int col = chart_col_of(ui, ms);
        struct number_text clock = number_clock(ms * UI_MILLI_NS);

        if (col < 0 || ms / 1000 % step_s >= chart->span_s || col + cols > at->plot.cols)
            continue;
        if (step_s >= 60 && ms % DAY_MS == 0)
            clock = number_day_clock(ms * UI_MILLI_NS); /* a day begins: month and day */
        if (step_s >= 60)
            clock.text[5] = '\0'; /* hours and minutes */
        canvas_printf(canvas, at->time_row, at->plot.at + col, STYLE_DIM, "%s%s", GLYPH_RULE_DOWN,
                      clock.text);
    }
    canvas_text(canvas, at->time_row, at->axis.at + 1, STYLE_DIM, "UTC");
}

/* --- under the plot ----------------------------------------------------------------------------------------- */

static void traded_of(const struct view_chart *chart, int i, int64_t *bought, int64_t *sold)
{
    if (chart->kind == CHART_CANDLES) {
        *bought = chart->candle[i].bought_lots;
        *sold = chart->candle[i].lots - chart->candle[i].bought_lots;
    } else {
        *bought = chart->column[i].bought_lots;
        *sold = chart->column[i].sold_lots;
    }
}

/* From the row on, upward or downward. */
static void volume_bar(struct canvas *canvas, int row, int col, int cols, int eighths, bool up,
                       struct style style)
{
    for (int i = 0; 8 * i < eighths; i++)
        canvas_repeat(canvas, up ? row - i : row + i, col, cols, style,
                      glyph_part(up ? EDGE_BELOW : EDGE_ABOVE, eighths - 8 * i));
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* A full bar: nine of ten are no longer, so that one great column does not flatten the rest. */
static int64_t full_volume(const struct view_chart *chart, int count)
{
    int64_t lots[2 * VIEW_CHART_COLS];

    for (int i = 0; i < count; i++)
        traded_of(chart, i, &lots[2 * i], &lots[2 * i + 1]);
    if (count == 0)
        return 0;
    qsort(lots, 2 * (size_t)count, sizeof(lots[0]), compare);
    return lots[(2 * count - 1) * 9 / 10];
}

/* What a full bar is, with its unit where the axis has room for it. */
static void full_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at, int64_t full)
{
    const struct view_instrument *of = ui_instrument(ui);
    int room = at->axis.cols - 2, unit = of != NULL ? (int)strlen(of->base) + 1 : 0;
    char text[48];

    if (room - unit < 4)
        unit = 0;
    text_print(text, sizeof(text), "%s%s%s",
               number_qty_fit(ui_scale(ui), full, unit > 0 ? 1 : 2, room - unit).text, unit > 0 ? " " : "",
               unit > 0 ? of->base : "");
    canvas_text_right(canvas, at->volume_row, span_end(at->axis) - 1, STYLE_DIM, text);
}

static void volume_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    int count = column_count(chart), half = at->volume_rows / 2;
    int middle = at->volume_row + half, cols = at->each > 1 ? at->each - 1 : 1;
    int64_t full = full_volume(chart, count), bought, sold;

    for (int i = 0; i < count && full > 0; i++) {
        int col = chart_col_of(ui, begin_of(chart, i));

        if (col < 0)
            continue;
        traded_of(chart, i, &bought, &sold);
        volume_bar(canvas, middle - 1, at->plot.at + col, cols, brush_eighths(bought, full, half), true,
                   style_role(ROLE_BID_BAR));
        volume_bar(canvas, middle, at->plot.at + col, cols, brush_eighths(sold, full, half), false,
                   style_role(ROLE_ASK_BAR));
    }
    if (full > 0)
        full_draw(canvas, ui, at, full);
}

static void cvd_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    int count = column_count(chart), eighths = 8 * at->cvd_rows;
    int64_t value[VIEW_CHART_COLS], sum = 0, least = 0, most = 0, bought, sold;

    for (int i = 0; i < count; i++) {
        traded_of(chart, i, &bought, &sold);
        if (__builtin_add_overflow(sum, bought - sold, &sum))
            sum = bought > sold ? INT64_MAX : INT64_MIN / 2;
        value[i] = sum;
        least = sum < least ? sum : least;
        most = sum > most ? sum : most;
    }
    for (int i = 0; i < count && most > least; i++) {
        int height = 1 + (int)(((__int128)value[i] - least) * (eighths - 1) / ((__int128)most - least));
        int col = chart_col_of(ui, begin_of(chart, i));

        for (int row = at->cvd_rows - 1; row >= 0 && col >= 0; row--, height -= 8)
            for (int k = 0; k < at->each; k++)
                canvas_spark(canvas, at->cvd_row + row, at->plot.at + col + k, style_role(ROLE_SPARK),
                             height < 0   ? 0
                             : height > 8 ? 8
                                          : height);
    }
    if (at->cvd_rows > 1) {
        canvas_text(canvas, at->cvd_row, at->axis.at + 1, STYLE_DIM, "CVD");
        canvas_text(canvas, at->cvd_row + 1, at->axis.at + 1, style_side(sum >= 0 ? SIDE_BID : SIDE_ASK),
                    number_fixed(number_qty_e8(ui_scale(ui), sum), 8, 2, true).text);
    }
}

/* --- at the right ------------------------------------------------------------------------------------------- */

static void pair_draw(struct canvas *canvas, int row, struct span span, const char *label, struct style style,
                      const char *text)
{
    canvas_text(canvas, row, span.at + 1, STYLE_DIM, label);
    canvas_text_right(canvas, row, span_end(span) - 1, style, text);
}

/* What rests in the rows of the map now, as bars away from the axis. */
static void depth_now_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    const struct view_ladder *ladder = &ui_view(ui)->ladder;
    int64_t full = chart->step_lots[VIEW_HEAT_STEPS - 1];
    int bar = at->side.cols - 9, each = chart_rows_each(ui);

    full = full > INT64_MAX / 2 ? full : each * full;

    for (int row = 0; each * row < chart->bins && row < at->plot_rows; row++) {
        int64_t price = chart->top_ticks - (each * row + each - 1) * chart->row_ticks;
        int64_t lots = chart->now_lots[each * row];

        if (each > 1 && each * row + 1 < VIEW_CHART_COLS &&
            __builtin_add_overflow(lots, chart->now_lots[each * row + 1], &lots))
            lots = INT64_MAX;
        bool bid = ladder->best[SIDE_BID].price_ticks >= price;

        if (lots <= 0 || full <= 0)
            continue;
        canvas_bar(canvas, at->plot_row + row, at->side.at, bar,
                   style_role(bid ? ROLE_BID_BAR : ROLE_ASK_BAR),
                   (int)((__int128)lots * 2 * bar / full > 2 * bar + 1 ? 2 * bar + 1
                                                                       : (__int128)lots * 2 * bar / full),
                   BAR_RIGHT);
        canvas_text_right(canvas, at->plot_row + row, span_end(at->side) - 1,
                          style_side(bid ? SIDE_BID : SIDE_ASK),
                          number_qty_fit(ui_scale(ui), lots, 2, 7).text);
    }
}

static void cross_side_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    const struct view_cross *cross = &ui_view(ui)->chart.cross;
    const struct view_scale *scale = ui_scale(ui);
    int row = at->volume_row, end = at->legend_row + 1;
    int64_t away = cross->touch_ticks > 0 ? llabs(cross->touch_ticks - cross->row_ticks) : 0;
    char text[32];

    if (!cross->valid) {
        canvas_text_cut(canvas, row, at->side.at + 1, at->side.cols - 2, STYLE_DIM, "arrows move it");
        return;
    }
    canvas_printf(canvas, row++, at->side.at + 1, STYLE_BRIGHT, "%s %s",
                  number_clock(cross->begin_ms * UI_MILLI_NS).text,
                  number_price(scale, cross->row_ticks).text);
    text_print(text, sizeof(text), "%s %s", number_qty_fit(scale, cross->resting_lots, 2, 7).text,
               cross->side == SIDE_BID ? "bid" : "ask");
    pair_draw(canvas, row++, at->side, "resting", style_side(cross->side), text);
    pair_draw(canvas, row++, at->side, "stood", STYLE_TEXT, number_age(cross->stood_ms * UI_MILLI_NS).text);
    if (cross->ended_ms != 0)
        pair_draw(canvas, row++, at->side,
                  2 * cross->traded_lots >= cross->resting_lots ? "traded" : "pulled",
                  style_bold(STYLE_WARNING), number_clock(cross->ended_ms * UI_MILLI_NS).text);
    pair_draw(canvas, row++, at->side, "traded here", STYLE_TEXT,
              number_qty_fit(scale, cross->traded_lots, 2, 7).text);
    if (row < end && cross->touch_ticks > 0)
        pair_draw(canvas, row++, at->side, "touch", STYLE_TEXT, number_price(scale, cross->touch_ticks).text);
    if (row < end && cross->touch_ticks > 0) {
        text_print(text, sizeof(text), "%s bp",
                   number_fixed(away * 100000 / cross->touch_ticks, 1, 1, false).text);
        pair_draw(canvas, row++, at->side, "away", STYLE_TEXT, text);
    }
}

/* --- the screen --------------------------------------------------------------------------------------------- */

static void title_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    static const char *const name[] = {"candles", "book heat map", "depth"};
    static const char *const beside[] = {"volume at price", "depth now", "how deep"};
    const struct view_chart *chart = &ui_view(ui)->chart;
    const struct layout *l = &ui->layout;
    char note[128] = "";

    if (ui->chart.kind == CHART_CANDLES)
        text_print(note, sizeof(note), "  %s a candle", chart_span_word(ui));
    else if (ui->chart.kind == CHART_HEAT)
        text_print(note, sizeof(note), "  %s a column  %s a row", chart_span_word(ui),
                   number_price(ui_scale(ui), chart_rows_each(ui) * chart->row_ticks).text);
    else if (ui_instrument(ui) != NULL)
        text_print(note, sizeof(note), "  %s up to a price from the touch", ui_instrument(ui)->base);
    if (ui->chart.back > 0)
        text_print(note + strlen(note), sizeof(note) - strlen(note), "  %u back; c now", ui->chart.back);
    if (ui->frozen)
        text_print(note + strlen(note), sizeof(note) - strlen(note), "  FROZEN %s",
                   number_age(ui->now_ns - ui->frozen_ns).text);
    brush_title(canvas, l->title_row, l->framed ? 2 : 1, true, name[ui->chart.kind % CHART_KINDS], note);
    if (at->side.cols > 0)
        brush_title(canvas, l->title_row, at->side.at + 1, false, beside[ui->chart.kind % CHART_KINDS], "");
}

static void frame_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    const struct layout *l = &ui->layout;
    int rule = at->side.at - 1;

    if (!l->framed) {
        canvas_rule_across(canvas, l->title_row, 0, l->cols, STYLE_RULE);
        return;
    }
    canvas_frame(canvas, l->title_row, 0, l->frame_row - l->title_row + 1, l->cols, STYLE_RULE);
    if (at->side.cols == 0)
        return;
    canvas_rule_down(canvas, l->title_row, rule, l->frame_row - l->title_row + 1, STYLE_RULE);
    if (ui->chart.kind == CHART_DEPTH)
        return;
    canvas_rule_across(canvas, at->volume_row - 1, 0, l->cols, STYLE_RULE);
    brush_title(canvas, at->volume_row - 1, 2, false, "traded", "  bought above, sold below");
    brush_title(canvas, at->volume_row - 1, at->side.at + 1, false,
                ui->chart.kind == CHART_HEAT || ui->chart.cross ? "at the cross" : "now", "");
}

static void cross_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    int col = ui->chart.cross ? chart_col_of(ui, ui->chart.cross_ms) : -1;
    int row = ui->chart.cross ? chart_row_of(ui, ui->chart.cross_ticks) : -1;

    if (col < 0)
        return;
    canvas_text(canvas, ui->layout.title_row, at->plot.at + col, style_bold(STYLE_BRIGHT),
                GLYPH_DOWN_TRIANGLE);
    if (row < 0)
        return;
    canvas_put(canvas, at->plot_row + row, at->plot.at + col, style_role(ROLE_CURSOR),
               chart_rows_each(ui) == 1                               ? '+'
               : chart_map_row_of(ui, ui->chart.cross_ticks) % 2 == 0 ? 0x2584 /* what it leaves bright */
                                                                      : 0x2580);
}

void chart_screen_draw(struct canvas *canvas, const struct ui *ui)
{
    struct chart_places at = chart_places(ui);

    status_panel_draw(canvas, ui);
    frame_draw(canvas, ui, &at);
    title_draw(canvas, ui, &at);
    if (ui->chart.kind == CHART_DEPTH) {
        depth_panel_draw(canvas, ui);
        return;
    }
    if (ui->chart.kind == CHART_CANDLES)
        candle_panel_draw(canvas, ui);
    else
        heat_panel_draw(canvas, ui);
    chart_price_axis_draw(canvas, ui);
    time_axis_draw(canvas, ui, &at);
    volume_draw(canvas, ui, &at);
    if (at.cvd_rows > 0)
        cvd_draw(canvas, ui, &at);
    if (ui->chart.kind == CHART_HEAT)
        heat_legend_draw(canvas, ui);
    cross_draw(canvas, ui, &at);
    if (at.side.cols == 0)
        return;
    if (ui->chart.kind == CHART_CANDLES) {
        candle_side_draw(canvas, ui);
    } else {
        depth_now_draw(canvas, ui, &at);
        cross_side_draw(canvas, ui, &at);
    }
}
