/*
 * Screen 6: equity with its drawdown, the figures of each owner beside it; under both, how round trips are spread over
 * sizes and hours. A narrow screen shows these on a page of their own.
 */
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <inttypes.h>
#include <string.h>

#define SPREAD_ROWS   9 /* under their titles: a head and seven days, an axis */
#define OWNERS_NARROW 2
#define OWNERS_FRAMED 3
#define OWNERS_WIDE   6

const struct hint *results_hints(const struct ui *ui)
{
    static const struct hint whole[HINT_ROOM] = {{"K", "KILL"},
                                                 {"Space", "pause"},
                                                 {"[", "] period"},
                                                 {"\u2191\u2193", "figure"},
                                                 {"\u2190\u2192", "strategy"},
                                                 {"y", "copy"},
                                                 {"Y", "file"},
                                                 {":", "cmd"},
                                                 {"1", "trade"},
                                                 {"q", "back"},
                                                 {"?", "keys"}};
    static const struct hint curve[HINT_ROOM] = {{"K", "KILL"},
                                                 {"Space", "pause"},
                                                 {"[", "] period"},
                                                 {"e", "spread"},
                                                 {"\u2191\u2193", "figure"},
                                                 {"\u2190\u2192", "strategy"},
                                                 {"y", "copy"},
                                                 {"Y", "file"},
                                                 {"1", "trade"},
                                                 {"q", "back"},
                                                 {"?", "keys"}};
    static const struct hint spread[HINT_ROOM] = {{"K", "KILL"},   {"Space", "pause"}, {"[", "] period"},
                                                  {"e", "equity"}, {"y", "copy"},      {"Y", "file"},
                                                  {"1", "trade"},  {"q", "back"},      {"?", "keys"}};

    return ui->layout.framed ? whole : ui->results.spread ? spread : curve;
}

/* What is open counts here, unlike in the figures: the status row's DAY NET is found again. */
static void equity_note(struct brush *pen, const struct view_results *results, int end)
{
    struct number_text equity, change;
    int64_t change_e8;

    if (results->points == 0 || results->last_e8 == VIEW_NONE || results->first_e8 == VIEW_NONE ||
        __builtin_sub_overflow(results->last_e8, results->first_e8, &change_e8))
        return;
    equity = number_fixed(results->last_e8, 8, 2, false);
    change = number_money(change_e8, true);
    if (pen->col + (int)strlen(equity.text) + (int)strlen(change.text) + 11 >= end)
        return;
    brush_printf(pen, STYLE_DIM, "  equity ");
    brush_printf(pen, STYLE_TEXT, "%s ", equity.text);
    brush_printf(pen, style_money(change_e8), "%s", change.text);
}

/* The periods as tabs, then since when and how long somebody watched. */
static void title_draw(struct canvas *canvas, const struct ui *ui, int row, int col, int end)
{
    const struct view_results *results = &ui_view(ui)->results;
    struct brush pen = brush_at(canvas, row, col);
    char note[96];

    pen.col = brush_title(canvas, row, col, true, "results", "");
    for (enum results_period i = RESULTS_SESSION; i < RESULTS_PERIODS; i++) {
        bool on = i == ui->results.period;

        brush_printf(&pen, on ? style_bold(STYLE_BRIGHT) : STYLE_DIM, on ? "[%s]" : " %s ",
                     results_period_word(i));
    }
    if (results->period == ui->results.period && results->watched_ns > 0 && results->state != RESULTS_NONE) {
        text_print(note, sizeof(note), ui->layout.framed ? "  %s of sessions, net of fees" : " %s",
                   number_age(results->watched_ns).text);
        if (pen.col + (int)strlen(note) + 1 < end)
            brush_text(&pen, STYLE_DIM, note);
        equity_note(&pen, results, end);
    }
    brush_text(&pen, STYLE_TEXT, " ");
    if (ui->frozen)
        brush_printf(&pen, style_bold(STYLE_WARNING), "FROZEN %s ",
                     number_age(ui->now_ns - ui->frozen_ns).text);
    else if (results->state == RESULTS_FAILED)
        brush_text(&pen, style_bold(STYLE_WARNING), "NOT READ ");
    else if (results->left_out > 0)
        brush_printf(&pen, style_bold(STYLE_WARNING), "%" PRIu64 " fills left out ", results->left_out);
}

static void bins_title(struct canvas *canvas, const struct ui *ui, int row, int col)
{
    const struct view_results *results = &ui_view(ui)->results;
    uint32_t most = 0;
    char note[80] = "";

    for (int i = 0; i < results->bins && i < VIEW_RESULTS_BINS; i++)
        most = results->bin[i] > most ? results->bin[i] : most;
    if (results->bins > 0 && results->owners > 0)
        text_print(note, sizeof(note), "  n=%" PRIu64 ", %s %s a bar, top %" PRIu32, results->owner[0].trades,
                   number_trim(results->bin_e8, 8).text, results->quote, most);
    brush_title(canvas, row, col, false, "round trips", note);
}

static void hours_title(struct canvas *canvas, const struct ui *ui, int row, int col)
{
    const struct view_results *results = &ui_view(ui)->results;

    brush_title(canvas, row, col, false, "hours",
                results->days == 0 ? ""
                : results->by_weekday
                    ? "  net by hour of the close, UTC, and weekday; " GLYPH_UP_TRIANGLE GLYPH_DOWN_TRIANGLE
                      " much"
                    : "  net by hour of the close, UTC; " GLYPH_UP_TRIANGLE GLYPH_DOWN_TRIANGLE " much");
}

static void spread_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    int hours_cols = results_hours_cols(ui->layout.wide);
    struct span bins = {span.at, span.cols - hours_cols - 1},
                hours = {span_end(span) - hours_cols, hours_cols};

    canvas_rule_across(canvas, row, 0, ui->layout.cols, STYLE_RULE);
    canvas_rule_down(canvas, row, hours.at - 1, rows + 1, STYLE_RULE);
    bins_title(canvas, ui, row, span.at + 1);
    hours_title(canvas, ui, row, hours.at + 1);
    results_bins_draw(canvas, ui, bins, row + 1, rows - 1);
    results_hours_draw(canvas, ui, hours, row + 1, rows - 1);
}

/* Narrow: sizes above, hours below. */
static void spread_page_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int end)
{
    int hours_row = end - SPREAD_ROWS;

    bins_title(canvas, ui, row, 1);
    results_bins_draw(canvas, ui, span, row + 1, hours_row - row - 1);
    canvas_rule_across(canvas, hours_row, 0, ui->layout.cols, STYLE_RULE);
    hours_title(canvas, ui, hours_row, 1);
    results_hours_draw(canvas, ui, span, hours_row + 1, SPREAD_ROWS - 1);
}

static void top_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int end)
{
    int cols = results_table_cols(ui, ui->layout.wide     ? OWNERS_WIDE
                                      : ui->layout.framed ? OWNERS_FRAMED
                                                          : OWNERS_NARROW);
    struct span table = {span_end(span) - cols, cols}, curve = {span.at, span.cols - cols - 1};

    canvas_rule_down(canvas, row - 1, table.at - 1, end - row + 2, STYLE_RULE);
    results_curve_draw(canvas, ui, curve, row, end - row);
    results_table_draw(canvas, ui, table, row, end - row);
}

void results_screen_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct span span = l->framed ? (struct span){1, l->cols - 2} : (struct span){0, l->cols};
    int row = l->title_row + 1, end = l->framed ? l->frame_row : l->next_row,
        spread_row = end - SPREAD_ROWS - 1;

    status_panel_draw(canvas, ui);
    if (l->framed)
        canvas_frame(canvas, l->title_row, 0, end - l->title_row + 1, l->cols, STYLE_RULE);
    else
        canvas_rule_across(canvas, l->title_row, 0, l->cols, STYLE_RULE);
    if (l->framed) {
        top_draw(canvas, ui, span, row, spread_row);
        spread_draw(canvas, ui, span, spread_row, SPREAD_ROWS + 1);
    } else if (ui->results.spread) {
        spread_page_draw(canvas, ui, span, row, end);
    } else {
        top_draw(canvas, ui, span, row, end);
    }
    title_draw(canvas, ui, l->title_row, l->framed ? 2 : 1, span_end(span));
}
