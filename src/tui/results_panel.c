/*
 * Equity over time as a line of braille dots, under it how far it stood below its peak. Where nothing ran both go on as
 * they were, faint; lesser terminals show the dots as points.
 */
#include "core/base/round_step.h"
#include "core/base/safe_text.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <string.h>

#define BRAILLE          0x2800
#define AXIS_COLS        11
#define ROWS_MAX         CANVAS_ROWS_MAX
#define FALL_ROWS        4
#define LABEL_ROWS       4  /* between two amounts of the axis */
#define LABEL_COLS       12 /* "|14:07:32" */
#define LABEL_COLS_SHORT 9  /* "|14:07", "|21 Nov" */
#define HOUR_S           INT64_C(3600)
#define DAY_S            INT64_C(86400)
#define MONEY_MOST       (INT64_MAX / 8) /* what is drawn: sums of a few stay numbers */

struct plot {
    struct canvas *canvas;
    const struct view_results *results;
    struct span span; /* without the axis */
    int row, rows;
    int64_t low_e8, high_e8;
};

static const char *empty_word(const struct ui *ui)
{
    const struct view_results *results = &ui_view(ui)->results;

    if (results->state == RESULTS_NONE)
        return "this run stores nothing (store.on)";
    if (results->state == RESULTS_FAILED)
        return results->why;
    if (results->state == RESULTS_READING || results->period != ui->results.period)
        return "reading what is stored";
    return "no sample of equity yet: one is taken each second once trading runs";
}

static bool is_there(const struct view_results_point *point)
{
    return point->equity_e8 != VIEW_NONE && point->equity_e8 < MONEY_MOST && point->equity_e8 > -MONEY_MOST;
}

/* The point that a place x of parts shows: the newest one there. */
static const struct view_results_point *point_at(const struct view_results *results, int x, int parts)
{
    int count = results->points < VIEW_RESULTS_POINTS ? results->points : VIEW_RESULTS_POINTS;
    int first = (int)((int64_t)x * count / parts), end = (int)((int64_t)(x + 1) * count / parts);

    for (int i = (end > first ? end : first + 1) - 1; i >= first; i--)
        if (i < count && is_there(&results->point[i]))
            return &results->point[i];
    return NULL;
}

/* --- the line ------------------------------------------------------------------------------------------------- */

static int height_of(const struct plot *plot, int64_t equity_e8, int parts)
{
    int64_t at =
        (int64_t)((__int128)(plot->high_e8 - equity_e8) * (parts - 1) / (plot->high_e8 - plot->low_e8));

    return at < 0 ? 0 : at >= parts ? parts - 1 : (int)at;
}

static void put_dots(uint8_t *cell, int x, int y0, int y1)
{
    static const uint8_t bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

    for (int y = y0 < y1 ? y0 : y1; y <= (y0 < y1 ? y1 : y0); y++)
        cell[y / 4] |= bit[y % 4][x % 2];
}

/* The place, of so many, of a session's start; -1: outside. */
static int start_at(const struct view_results *results, int i, int parts)
{
    int64_t all_ns = results->to_ns - results->from_ns, at_ns = results->start_ns[i] - results->from_ns;

    return all_ns <= 0 || at_ns < 0 || at_ns >= all_ns ? -1 : (int)((__int128)at_ns * parts / all_ns);
}

static bool starts_in(const struct view_results *results, int x, int parts)
{
    for (int i = 0; i < results->starts && i < VIEW_RESULTS_STARTS; i++)
        if (start_at(results, i, parts) == x)
            return true;
    return false;
}

/* From top to bottom, under the line. */
static void starts_draw(const struct plot *plot)
{
    for (int i = 0; i < plot->results->starts && i < VIEW_RESULTS_STARTS; i++) {
        int col = start_at(plot->results, i, plot->span.cols);

        for (int row = 0; row < plot->rows && col >= 0; row++)
            canvas_text(plot->canvas, plot->row + row, plot->span.at + col, STYLE_DIM, GLYPH_RULE_DOWN);
    }
}

/* A column of cells at a time: a dot where equity stood, joined with the one before it in the same session. */
static void line_draw(const struct plot *plot)
{
    int before = -1;
    bool begins = false;

    for (int col = 0; col < plot->span.cols; col++) {
        uint8_t cell[ROWS_MAX] = {0};
        bool any = false;

        for (int half = 0; half < 2; half++) {
            const struct view_results_point *point =
                point_at(plot->results, 2 * col + half, 2 * plot->span.cols);
            int y = point == NULL ? before : height_of(plot, point->equity_e8, 4 * plot->rows);

            begins = begins || starts_in(plot->results, 2 * col + half, 2 * plot->span.cols);
            if (begins && point != NULL) { /* what is between them was not traded */
                begins = false;
                before = -1;
            }
            if (y >= 0)
                put_dots(cell, half, before >= 0 ? before : y, y);
            any = any || point != NULL;
            before = y;
        }
        for (int row = 0; row < plot->rows && row < ROWS_MAX; row++)
            if (cell[row] != 0)
                canvas_put(plot->canvas, plot->row + row, plot->span.at + col,
                           any ? style_role(ROLE_SPARK) : STYLE_FAINT, BRAILLE + cell[row]);
    }
}

/* Where the period began: above it has been earned, below lost. */
static void base_draw(const struct plot *plot)
{
    int row = height_of(plot, plot->results->first_e8, 4 * plot->rows) / 4;

    canvas_repeat(plot->canvas, plot->row + row, plot->span.at, plot->span.cols, STYLE_FAINT, 0x2500);
}

/* So round and so great that amounts stand LABEL_ROWS apart or more, and no two of them read the same. */
static int64_t amount_step(const struct plot *plot, unsigned decimals)
{
    int rows = plot->rows > 0 ? plot->rows : 1;
    int64_t least = (int64_t)((__int128)(plot->high_e8 - plot->low_e8) * LABEL_ROWS / rows);
    int64_t told = decimals == 0 ? 100000000 : 1000000;

    return round_step_at_least(least > told ? least : told);
}

/* Round amounts, and that of the beginning bright. */
static void axis_draw(const struct plot *plot)
{
    int base = height_of(plot, plot->results->first_e8, 4 * plot->rows) / 4;
    int end = span_end(plot->span) + AXIS_COLS - 1;
    unsigned decimals = plot->high_e8 >= INT64_C(10000000) * 100000000 ? 0 : 2;
    int64_t step = amount_step(plot, decimals), low = plot->low_e8 / step * step;

    for (int64_t at = low < plot->low_e8 ? low + step : low; at <= plot->high_e8; at += step) {
        int row = height_of(plot, at, 4 * plot->rows) / 4;

        if (row - base > 1 || base - row > 1)
            canvas_text_right(plot->canvas, plot->row + row, end, STYLE_DIM,
                              number_fixed(at, 8, decimals, false).text);
    }
    canvas_text_right(plot->canvas, plot->row + base, end, STYLE_BRIGHT,
                      number_fixed(plot->results->first_e8, 8, decimals, false).text);
}

/* A range that is not empty, and what stands in it off its edges. */
static bool find_range(struct plot *plot)
{
    const struct view_results *results = plot->results;
    int64_t room;

    if (results->points == 0 || results->first_e8 == VIEW_NONE || results->high_e8 > MONEY_MOST ||
        results->low_e8 < -MONEY_MOST || results->low_e8 > results->high_e8 ||
        results->first_e8 > results->high_e8 || results->first_e8 < results->low_e8)
        return false;
    room = (results->high_e8 - results->low_e8) / 16 + 1000000; /* a cent at least */
    plot->high_e8 = results->high_e8 + room;
    plot->low_e8 = results->low_e8 - room;
    return true;
}

/* --- below the peak ------------------------------------------------------------------------------------------- */

static int fall_halves(int64_t fall_e8, int64_t deepest_e8, int halves)
{
    if (fall_e8 <= 0)
        return 0;
    return fall_e8 >= deepest_e8 ? halves : 1 + (int)((__int128)fall_e8 * (halves - 1) / deepest_e8);
}

static void fall_draw(struct canvas *canvas, const struct view_results *results, struct span span, int row,
                      int rows)
{
    struct style deepest = results->drawdown_e8 > 0 ? STYLE_LOSS : STYLE_DIM;
    int halves = 0;

    for (int col = 0; col < span.cols && results->drawdown_e8 > 0; col++) {
        const struct view_results_point *point = point_at(results, col, span.cols);
        struct style style = point != NULL ? STYLE_LOSS : STYLE_FAINT;

        if (point != NULL)
            halves = fall_halves(point->drawdown_e8, results->drawdown_e8, 2 * rows);
        for (int i = 0; i < rows && 2 * i < halves; i++)
            canvas_text(canvas, row + i, span.at + col, style,
                        point == NULL        ? GLYPH_SHADE_LIGHT
                        : 2 * i + 1 < halves ? GLYPH_FULL_BLOCK
                                             : GLYPH_HALF_UPPER);
    }
    canvas_text_right(canvas, row, span_end(span) + AXIS_COLS - 1, STYLE_DIM, "0.00");
    if (rows > 1)
        canvas_text_right(canvas, row + rows - 1, span_end(span) + AXIS_COLS - 1, deepest,
                          number_money(results->drawdown_e8 > 0 ? -results->drawdown_e8 : 0, false).text);
}

/* --- time ----------------------------------------------------------------------------------------------------- */

static void time_text(int64_t s, int64_t step_s, char *out, size_t size)
{
    static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    /* Days to a date: Howard Hinnant, chrono-compatible low-level date algorithms. */
    int64_t z = s / DAY_S + 719468, era = z / 146097, of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), part = (5 * of_year + 2) / 153;

    if (step_s < DAY_S)
        text_print(out, size, "%.*s", step_s < 60 ? 8 : 5, number_clock(s * UI_SECOND_NS).text);
    else
        text_print(out, size, "%d %s", (int)(of_year - (153 * part + 2) / 5 + 1), month[(part + 2) % 12]);
}

/* The first whole step of the period. */
static int64_t tick_from(int64_t from, int64_t step)
{
    return (from + step - 1) / step * step;
}

/* The smallest of the round steps whose labels have room, and of which one is seen. */
static int64_t time_step(const int64_t *round_s, int steps, int64_t from, int64_t length, int cols)
{
    int i = 0;

    while (i < steps - 1 && round_s[i] * cols / length < (round_s[i] < 60 ? LABEL_COLS : LABEL_COLS_SHORT))
        i++;
    while (i > 0 && (tick_from(from, round_s[i]) - from) * cols / length + LABEL_COLS_SHORT >= cols)
        i--;
    return round_s[i];
}

static void time_axis_draw(struct canvas *canvas, const struct view_results *results, struct span span,
                           int row)
{
    static const int64_t round_s[] = {5,          10,          30,         60,         300,
                                      900,        1800,        HOUR_S,     2 * HOUR_S, 4 * HOUR_S,
                                      6 * HOUR_S, 12 * HOUR_S, DAY_S,      2 * DAY_S,  7 * DAY_S,
                                      14 * DAY_S, 30 * DAY_S,  90 * DAY_S, 365 * DAY_S};
    int64_t from = results->from_ns / UI_SECOND_NS, length = results->to_ns / UI_SECOND_NS - from, step;

    if (length <= 0 || from < 0 || results->to_ns < 0 || length > INT64_C(1000) * 365 * DAY_S)
        return;
    step = time_step(round_s, (int)(sizeof(round_s) / sizeof(round_s[0])), from, length, span.cols);
    for (int64_t s = tick_from(from, step); s < from + length; s += step) {
        int col = (int)((s - from) * span.cols / length);
        char text[16];

        time_text(s, step, text, sizeof(text));
        if (col + (int)strlen(text) + 1 < span.cols)
            canvas_printf(canvas, row, span.at + col, STYLE_DIM, "%s%s", GLYPH_RULE_DOWN, text);
    }
    canvas_text(canvas, row, span_end(span) + AXIS_COLS - 4, STYLE_DIM, "UTC");
}

/* What the rules in the plot are, and what the gaps before them brought: the longest of its forms that has room. */
static void restarts_note(struct canvas *canvas, const struct ui *ui, int row, int col, int end)
{
    const struct view_results *results = &ui_view(ui)->results;
    const char *plural = results->starts_all == 1 ? "" : "s";
    char text[3][96], money[40] = "";

    if (results->starts_all == 0)
        return;
    if (results->between_e8 != VIEW_NONE && results->between_e8 != 0)
        text_print(money, sizeof(money), ": %s", number_money(results->between_e8, true).text);
    text_print(text[0], sizeof(text[0]), " " GLYPH_RULE_DOWN " %d restart%s%s%s ", results->starts_all,
               plural, money,
               money[0] == '\0'         ? ""
               : ui->frame->status.demo ? ", the demo's prices begin anew"
                                        : ", while nothing ran");
    text_print(text[1], sizeof(text[1]), " " GLYPH_RULE_DOWN " %d restart%s%s ", results->starts_all, plural,
               money);
    text_print(text[2], sizeof(text[2]), " " GLYPH_RULE_DOWN " %s ",
               money[0] == '\0' ? "restart" : money + 2);
    for (int i = 0; i < 3; i++) {
        if (col + (int)safe_text_columns(text[i]) > end)
            continue;
        canvas_text_right(canvas, row, end, STYLE_TEXT, text[i]);
        return;
    }
}

void results_curve_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    const struct view_results *results = &ui_view(ui)->results;
    int fall_rows = rows >= 16 ? FALL_ROWS : rows >= 10 ? 3 : 2;
    struct plot plot = {.canvas = canvas,
                        .results = results,
                        .span = {span.at, span.cols - AXIS_COLS},
                        .row = row,
                        .rows = rows - fall_rows - 2};
    char note[64];
    int note_end;

    if (plot.rows < 2 || plot.span.cols < 8)
        return;
    if (results->state == RESULTS_NONE || results->period != ui->results.period || !find_range(&plot)) {
        canvas_text_cut(canvas, row + 1, span.at + 1, span.cols - 2,
                        results->state == RESULTS_FAILED ? style_bold(STYLE_WARNING) : STYLE_DIM,
                        empty_word(ui));
        return;
    }
    base_draw(&plot);
    starts_draw(&plot);
    axis_draw(&plot);
    line_draw(&plot);
    row += plot.rows;
    canvas_rule_across(canvas, row, span.at > 0 ? span.at - 1 : 0, span.cols + (span.at > 0 ? 2 : 1),
                       STYLE_RULE);
    text_print(note, sizeof(note), span.cols >= 60 ? "  %s, %s of the peak" : "  %s, %s",
               results_figure_text(results, 0, FIGURE_DRAWDOWN).text,
               results_figure_text(results, 0, FIGURE_DRAWDOWN_SHARE).text);
    note_end =
        brush_title(canvas, row, span.at + 1, false, "drawdown", results->drawdown_e8 > 0 ? note : "  none");
    restarts_note(canvas, ui, row, note_end, span_end(span));
    fall_draw(canvas, results, plot.span, row + 1, fall_rows);
    time_axis_draw(canvas, results, plot.span, row + 1 + fall_rows);
}
