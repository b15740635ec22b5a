/*
 * How the results of round trips are spread: a column a size, losses left of zero; and by the hour of the close, with a
 * sign in each cell and a colour that rises with what was earned or lost.
 */
#include "core/base/safe_text.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BAR_COLS_MAX 4
#define DAY_COLS     8
#define CELL_COLS    2
#define CELL_WIDE    4
#define SUM_COLS     11
#define HOURS        24

static const struct view_results *ready(const struct ui *ui)
{
    const struct view_results *results = &ui_view(ui)->results;

    return results->period == ui->results.period && results->state != RESULTS_NONE && results->owners > 0
               ? results
               : NULL;
}

/* --- sizes ---------------------------------------------------------------------------------------------------- */

static uint32_t highest(const struct view_results *results, int bins)
{
    uint32_t most = 0;

    for (int i = 0; i < bins; i++)
        most = results->bin[i] > most ? results->bin[i] : most;
    return most;
}

static void column_draw(struct canvas *canvas, int row, int rows, int col, int cols, int eighths,
                        struct style style)
{
    for (int i = rows - 1; i >= 0 && eighths > 0; i--, eighths -= 8)
        for (int k = 0; k < cols; k++)
            canvas_spark(canvas, row + i, col + k, style, eighths > 8 ? 8 : eighths);
}

/* The edges of the first bin, of zero, of the last one. */
static void bins_axis_draw(struct canvas *canvas, const struct view_results *results, int row, int col,
                           int each, int bins, int zero)
{
    int64_t high, span;
    char text[40];
    int used = 0, at;

    if (__builtin_mul_overflow(results->bin_e8, (int64_t)bins, &span) ||
        __builtin_add_overflow(results->bin_low_e8, span, &high))
        return;
    if (zero > 0) {
        text_print(text, sizeof(text), "%s%s", results->bins_under ? GLYPH_LEFT_TRIANGLE : "",
                   number_money(results->bin_low_e8, true).text);
        used = canvas_text(canvas, row, col, STYLE_DIM, text) - col;
    }
    if (zero * each >= used + 1 || zero == 0)
        used = canvas_text(canvas, row, col + zero * each, STYLE_BRIGHT, "0") - col;
    text_print(text, sizeof(text), "%s%s", number_money(high, true).text,
               results->bins_over ? GLYPH_RIGHT_TRIANGLE : "");
    at = bins * each - (int)strlen(number_money(high, true).text) - results->bins_over;
    if (bins > zero)
        canvas_text(canvas, row, col + (at > used + 1 ? at : used + 1), STYLE_DIM, text);
}

void results_bins_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    const struct view_results *results = ready(ui);
    int bins = results == NULL ? 0 : results->bins < VIEW_RESULTS_BINS ? results->bins : VIEW_RESULTS_BINS;
    int each = bins > 0 ? (span.cols - 2) / bins : 0, bar_rows = rows - 1, zero, col;
    uint32_t most = bins > 0 ? highest(results, bins) : 0;

    if (most == 0 || results->bin_e8 <= 0 || each < 1 || bar_rows < 1) {
        canvas_text_cut(canvas, row + 1, span.at + 1, span.cols - 2, STYLE_DIM,
                        results == NULL ? "" : "no round trip has closed in this period");
        return;
    }
    each = each > BAR_COLS_MAX ? BAR_COLS_MAX : each;
    zero = results->bin_low_e8 < 0 ? (int)(-(results->bin_low_e8 / results->bin_e8)) : 0;
    zero = zero < 0 ? 0 : zero > bins ? bins : zero;
    col = span.at + 1 + (span.cols - 2 - bins * each) / 2;
    for (int i = 0; i < bins; i++)
        if (results->bin[i] > 0)
            column_draw(canvas, row, bar_rows, col + i * each, each > 2 ? each - 1 : each,
                        1 + (int)((uint64_t)results->bin[i] * (uint64_t)(8 * bar_rows - 1) / most),
                        i < zero ? STYLE_LOSS : STYLE_PROFIT);
    bins_axis_draw(canvas, results, row + bar_rows, col, each, bins, zero);
}

/* --- hours ---------------------------------------------------------------------------------------------------- */

int results_hours_cols(bool wide)
{
    return DAY_COLS + HOURS * (wide ? CELL_WIDE : CELL_COLS) + SUM_COLS;
}

static int64_t size_of(int64_t value)
{
    return value == INT64_MIN ? INT64_MAX : value < 0 ? -value : value;
}

static int64_t largest(const struct view_results *results, int days)
{
    int64_t most = 0;

    for (int day = 0; day < days; day++)
        for (int i = 0; i < HOURS; i++)
            if (size_of(results->day[day].hour[i].net_e8) > most)
                most = size_of(results->day[day].hour[i].net_e8);
    return most;
}

static void hour_draw(struct canvas *canvas, const struct view_results_hour *hour, int64_t most, int row,
                      int col, int cols)
{
    bool much = size_of(hour->net_e8) > most / 3, rose = hour->net_e8 > 0;
    enum role role = hour->net_e8 == 0 ? ROLE_MAP_FLAT
                     : rose            ? (much ? ROLE_MAP_RISE_2 : ROLE_MAP_RISE_1)
                                       : (much ? ROLE_MAP_FALL_2 : ROLE_MAP_FALL_1);
    char text[16];

    if (hour->trades == 0) {
        canvas_text_right(canvas, row, col + cols, STYLE_FAINT, GLYPH_MIDDLE_DOT);
        return;
    }
    if (cols >= CELL_WIDE && size_of(hour->net_e8) >= 100000000)
        text_print(text, sizeof(text), "%s%s", rose ? "+" : "-",
                   size_of(hour->net_e8) < INT64_C(99950000000)
                       ? number_fixed(size_of(hour->net_e8), 8, 0, false).text
                       : number_compact(size_of(hour->net_e8), 3).text);
    else
        text_print(text, sizeof(text), "%s",
                   hour->net_e8 == 0 ? "="
                   : much            ? (rose ? GLYPH_UP_TRIANGLE : GLYPH_DOWN_TRIANGLE)
                   : rose            ? "+"
                                     : "-");
    canvas_fill(canvas, row, col, 1, cols, style_role(role));
    if ((int)safe_text_columns(text) <= cols)
        canvas_text_right(canvas, row, col + cols, style_role(role), text);
}

static void sum_draw(struct canvas *canvas, const struct view_results_day *day, int row, int col_end)
{
    int64_t sum = 0;
    uint64_t trades = 0;

    for (int i = 0; i < HOURS; i++) {
        trades += day->hour[i].trades;
        if (__builtin_add_overflow(sum, day->hour[i].net_e8, &sum))
            return;
    }
    if (trades > 0)
        canvas_text_right(canvas, row, col_end, style_money(sum), number_money(sum, true).text);
}

void results_hours_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    const struct view_results *results = ready(ui);
    int cols = span.cols >= results_hours_cols(true) ? CELL_WIDE : CELL_COLS;
    int days = results == NULL ? 0 : results->days < VIEW_RESULTS_DAYS ? results->days : VIEW_RESULTS_DAYS;
    int64_t most = days > 0 ? largest(results, days) : 0;

    for (int i = 0; i < HOURS && days > 0; i += cols >= CELL_WIDE ? 1 : 3)
        canvas_printf(canvas, row, span.at + DAY_COLS + i * cols + (cols >= CELL_WIDE ? 2 : 0), STYLE_DIM,
                      "%02d", i);
    for (int day = 0; day < days && day + 1 < rows; day++) {
        canvas_text_cut(canvas, row + 1 + day, span.at + 1, DAY_COLS - 2, STYLE_DIM, results->day[day].label);
        for (int i = 0; i < HOURS; i++)
            hour_draw(canvas, &results->day[day].hour[i], most, row + 1 + day, span.at + DAY_COLS + i * cols,
                      cols);
        sum_draw(canvas, &results->day[day], row + 1 + day, span.at + DAY_COLS + HOURS * cols + SUM_COLS - 1);
    }
}
