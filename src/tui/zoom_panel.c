/*
 * An enlarged panel: its lines under one another, as many rows each as there is room for. A second row says what the
 * figure means; where there is one row the meaning stands behind it, as far as it goes, and NEXT says it of the chosen one.
 */
#include "tui/limit_use.h"
#include "tui/zoom.h"

#include "core/base/safe_text.h"
#include "tui/glyphs.h"
#include "tui/key_title.h"

#include <string.h>

#define LABEL_COLS    11
#define LINE_ROWS_MAX 4
#define MEANING_COLS  24 /* fewer say nothing */
#define COURSE_COLS   16
#define EXTRA_ROWS    4 /* under the lines, its title too, before a line gets a second row */
#define EQUITY_COLS   44
#define FILL_ROW_COLS 70
#define BESIDE_COLS                                                                                          \
    150 /* from here on what belongs to the lines stands beside them, unless their courses do */
#define LINES_COLS     96
#define LINES_COLS_MAX 114 /* the longest meaning in one row */

struct zoom_columns {
    struct span all;
    struct span beside;           /* cols 0: what belongs to the lines stands under them */
    int bars, figure, note, rest; /* where each begins; bars 0: none */
    int bar_cols, half;
    bool course;
    int line_rows, first, shown; /* of the lines */
};

static struct span zoom_span(const struct ui *ui)
{
    return ui->layout.framed ? ui->layout.main : (struct span){0, ui->layout.cols};
}

static int most_cols(const struct zoom_page *page, bool note)
{
    int most = 0;

    for (int i = 0; i < page->count; i++) {
        int cols = (int)safe_text_columns(note ? page->line[i].note : page->line[i].figure);

        most = cols > most ? cols : most;
    }
    return most;
}

static int chosen_of(const struct ui *ui, const struct zoom_page *page)
{
    return ui->zoom_line < page->count ? ui->zoom_line : page->count > 0 ? page->count - 1 : 0;
}

/* Where the lines and their parts stand; the figures are as wide as this page's. */
static struct zoom_columns columns_of(const struct ui *ui, const struct zoom_page *page)
{
    struct zoom_columns c = {.all = zoom_span(ui)};
    int rows = ui->layout.list_rows, count = page->count > 0 ? page->count : 1,
        at = c.all.at + 1 + LABEL_COLS;
    bool bars = false;

    for (int i = 0; i < page->count; i++) {
        bars = bars || page->line[i].gauge != NULL || page->line[i].limit != NULL;
        c.course = c.course || page->line[i].points > 0;
    }
    if (!c.course && c.all.cols >= BESIDE_COLS) {
        int room = c.all.cols - FILL_ROW_COLS - 1, cols = room < LINES_COLS       ? LINES_COLS
                                                          : room > LINES_COLS_MAX ? LINES_COLS_MAX
                                                                                  : room;

        c.beside = (struct span){c.all.at + cols + 1, c.all.cols - cols - 1};
        c.all.cols = cols;
    }
    c.half = ui->layout.framed ? 9 : 5;
    if (bars) {
        c.bars = at;
        c.bar_cols = 2 * c.half + 1;
        at += c.bar_cols + 1;
    }
    c.figure = at;
    c.note = c.figure + most_cols(page, false) + 2;
    c.rest = c.note + most_cols(page, true) + 2;
    c.line_rows = (rows - (c.beside.cols > 0 ? 0 : EXTRA_ROWS)) / count;
    c.line_rows = c.line_rows < 1 ? 1 : c.line_rows > LINE_ROWS_MAX ? LINE_ROWS_MAX : c.line_rows;
    c.shown = rows / c.line_rows < page->count ? rows / c.line_rows : page->count;
    c.first = chosen_of(ui, page) - c.shown / 2;
    if (c.first > page->count - c.shown)
        c.first = page->count - c.shown;
    if (c.first < 0)
        c.first = 0;
    return c;
}

/* --- courses over time --------------------------------------------------------------------------------------------- */

/* How high a point stands in eighths of a row, at least one. */
static int course_eighths(int64_t value, int64_t least, int64_t most, int rows)
{
    if (value < least)
        value = least;
    if (value > most)
        value = most;
    return most <= least ? 1 : 1 + (int)((__int128)(value - least) * (rows * 8 - 1) / (most - least));
}

static void course_column(struct canvas *canvas, int row, int rows, int col, struct style style, int eighths)
{
    for (int i = 0; i < rows; i++) { /* from the lowest row up */
        int here = eighths - 8 * i;

        if (here > 0)
            canvas_spark(canvas, row + rows - 1 - i, col, style, here > 8 ? 8 : here);
    }
}

/* The newest at the right; few points grow from there, one column each. scale > 0: sides in their colours. */
static void course_draw(struct canvas *canvas, int row, int rows, struct span span, const int64_t *point,
                        int count, int64_t scale)
{
    int cols = count < span.cols ? count : span.cols;
    int64_t least = -scale, most = scale;

    for (int i = 0, known = 0; scale == 0 && i < count; i++) {
        if (point[i] == VIEW_NONE)
            continue;
        least = known == 0 || point[i] < least ? point[i] : least;
        most = known == 0 || point[i] > most ? point[i] : most;
        known++;
    }
    for (int i = 0; i < cols; i++) {
        int64_t value = point[cols > 1 ? (int64_t)i * (count - 1) / (cols - 1) : count - 1];
        struct style style;

        if (value == VIEW_NONE) /* a gap: nothing was known then */
            continue;
        style = scale == 0  ? style_role(ROLE_SPARK)
                : value > 0 ? STYLE_BID
                : value < 0 ? STYLE_ASK
                            : STYLE_DIM;

        course_column(canvas, row, rows, span_end(span) - cols + i, style,
                      course_eighths(value, least, most, rows));
    }
}

/* --- lines --------------------------------------------------------------------------------------------------------- */

static void bar_draw(struct brush pen, const struct zoom_columns *c, const struct zoom_line *line)
{
    const struct view_gauge *gauge = line->gauge;
    const struct view_limit *limit = line->limit;

    if (gauge != NULL && gauge->valid)
        brush_gauge(&pen, c->half, gauge->value_x1000, gauge->scale_x1000, gauge->p90_x1000);
    else if (gauge != NULL)
        brush_gauge(&pen, c->half, 0, 1000, 0);
    if (limit != NULL)
        limit_bar_draw(&pen, c->bar_cols, limit);
}

/* What it means: under it where there is a row for it, else behind it. */
static void meaning_draw(struct canvas *canvas, const struct zoom_columns *c, const struct zoom_line *line,
                         int row)
{
    int end = span_end(c->all) - 1, at = c->rest;

    if (c->line_rows > 1) {
        at = c->all.at + 1 + LABEL_COLS;
        if (c->course && c->line_rows > 2) /* it stands beside the course, else under it */
            end = c->rest - 2;
        brush_wrapped(canvas, row + 1, at, end - at, c->line_rows - 1, STYLE_DIM, line->what);
    } else if (!c->course && end - at >= MEANING_COLS) {
        canvas_text_cut(canvas, row, at, end - at, STYLE_DIM, line->what);
    }
}

static void line_draw(struct canvas *canvas, const struct zoom_columns *c, const struct zoom_line *line,
                      int row, bool chosen)
{
    int end = span_end(c->all) - 1;

    canvas_text_cut(canvas, row, c->all.at + 1, LABEL_COLS - 1,
                    chosen ? style_bold(style_role(ROLE_TITLE_FOCUS)) : STYLE_DIM, line->label);
    if (c->bars > 0)
        bar_draw(brush_at(canvas, row, c->bars), c, line);
    canvas_text_cut(canvas, row, c->figure, end - c->figure, line->style, line->figure);
    canvas_text_cut(canvas, row, c->note, end - c->note, STYLE_DIM, line->note);
    meaning_draw(canvas, c, line, row);
    if (line->points > 0 && end - c->rest >= COURSE_COLS)
        course_draw(canvas, row, c->line_rows > 1 ? c->line_rows - 1 : 1,
                    (struct span){c->rest, end - c->rest}, line->point, line->points, line->scale);
    if (chosen)
        canvas_background(canvas, row, c->all.at, 1, c->all.cols, ROLE_SELECTED);
}

/* --- what belongs to it, in the rows that are left ------------------------------------------------------------------- */

/* Under the lines it goes from edge to edge, beside them from the rule down to the frame. */
static void rule(struct canvas *canvas, const struct ui *ui, struct span span, int row, const char *title,
                 const char *note)
{
    int at = span.at > 1 ? span.at - 1 : 0;

    canvas_rule_across(canvas, row, at, ui->layout.cols - at, STYLE_RULE);
    brush_title(canvas, row, span.at + 1, false, title, note);
}

static void events_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int end)
{
    const struct view_lists *lists = &ui_view(ui)->lists;
    const struct view_scale *scale = ui_scale(ui);

    if (lists->events == 0)
        canvas_text(canvas, row, span.at + 1, STYLE_DIM, "none yet");
    for (int i = 0; i < lists->events && i < VIEW_EVENTS_MAX && row < end; i++, row++) {
        const struct view_book_event *event = &lists->event[i];
        struct brush pen = brush_at(canvas, row, span.at + 1);
        char text[96];

        brush_printf(&pen, STYLE_DIM, "%s %5s  ", number_clock(event->ts_ns).text,
                     number_age(ui_view(ui)->status.now_ns - event->ts_ns).text);
        brush_text(&pen, style_side(event->side), list_event_text(event, scale, text, sizeof(text)));
        brush_printf(&pen, STYLE_DIM, "  confidence %s",
                     number_fixed(event->confidence_x100, 2, 2, false).text);
    }
}

/* The newest of this instrument. */
static void fills_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int end)
{
    const struct view_lists *lists = &ui_view(ui)->lists;
    const struct view_instrument *at = ui_instrument(ui);
    bool any = false;

    for (int i = 0; i < lists->fills && i < VIEW_FILLS_MAX && row < end; i++) {
        if (lists->fill[i].fill.instrument_id != ui->instrument_id)
            continue;
        fill_row_draw(canvas, ui, row++, span, &lists->fill[i]);
        any = true;
    }
    if (!any)
        canvas_printf(canvas, row, span.at + 1, STYLE_DIM, "no fill of %s yet",
                      at != NULL ? at->symbol : "it");
}

static void equity_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int end)
{
    const struct view_position *position = &ui_view(ui)->position;
    int count = position->spark_count < VIEW_SPARK_MAX ? position->spark_count : VIEW_SPARK_MAX;

    course_draw(canvas, row, end - row, (struct span){span.at + 1, span.cols - 2}, position->spark_equity_e8,
                count, 0);
}

/* The course of the equity and the fills: one above the other, or under the lines beside each other if both have room. */
static void money_draw(struct canvas *canvas, const struct ui *ui, struct span span, bool beside, int row,
                       int end)
{
    if (beside) {
        equity_draw(canvas, ui, span, row, row + (end - row) / 3);
        row += (end - row) / 3;
        rule(canvas, ui, span, row, "fills", "");
    } else if (span.cols >= EQUITY_COLS + FILL_ROW_COLS) {
        rule(canvas, ui, span, row, "equity", "");
        equity_draw(canvas, ui, (struct span){span.at, EQUITY_COLS}, row + 1, end);
        span = (struct span){span.at + EQUITY_COLS, span.cols - EQUITY_COLS};
        brush_title(canvas, row, span.at, false, "fills", "");
    } else {
        rule(canvas, ui, span, row, "fills", "");
    }
    fills_draw(canvas, ui, span, row + 1, end);
}

static void under_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int end)
{
    if (end - row < 2)
        return;
    if (ui->zoom == ZOOM_POSITION) {
        money_draw(canvas, ui, span, false, row, end);
    } else if (ui->zoom == ZOOM_FLOW) {
        rule(canvas, ui, span, row, "book events", "");
        events_draw(canvas, ui, span, row + 1, end);
    } else {
        rule(canvas, ui, span, row, "denied", "  newest first");
        denial_panel_draw(canvas, ui, span, row + 1, end - row - 1);
    }
}

static void beside_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int end)
{
    canvas_rule_down(canvas, row - 1, span.at - 1, end - row + 2, STYLE_RULE);
    brush_title(canvas, row - 1, span.at + 1, false, ui->zoom == ZOOM_POSITION ? "equity" : "denied",
                ui->zoom == ZOOM_POSITION ? "" : "  newest first");
    if (ui->zoom == ZOOM_POSITION)
        money_draw(canvas, ui, span, true, row, end);
    else
        denial_panel_draw(canvas, ui, span, row, end - row);
}

/* --- the panel ------------------------------------------------------------------------------------------------------- */

static const struct {
    enum layout_zoom zoom;
    const char *name;
} panels[] = {{ZOOM_POSITION, "position"}, {ZOOM_FLOW, "order flow"}, {ZOOM_RISK, "risk"}};
#define PANELS ((int)(sizeof(panels) / sizeof(panels[0])))

static int panel_index(const struct ui *ui)
{
    for (int i = 0; i < PANELS; i++)
        if (panels[i].zoom == ui->zoom)
            return i;
    return 0;
}

static void tabs_draw(struct canvas *canvas, const struct ui *ui)
{
    struct span span = zoom_span(ui);
    struct brush pen = brush_at(canvas, ui->layout.tabs_row, span.at + 1);

    brush_text(&pen, STYLE_TEXT, " ");
    for (int i = 0; i < PANELS; i++) {
        bool on = panels[i].zoom == ui->zoom;

        brush_text(&pen, STYLE_DIM, i > 0 ? "  " : "");
        brush_printf(&pen, on ? style_bold(style_role(ROLE_TITLE_FOCUS)) : STYLE_DIM, on ? "[%s]" : "%s",
                     panels[i].name);
    }
    if (ui->zoom == ZOOM_FLOW)
        brush_text(&pen, STYLE_DIM, "  15 min, CVD 5  : = own 90 %");
    else if (ui->zoom == ZOOM_RISK)
        brush_text(&pen, STYLE_DIM, "  " GLYPH_SHADE_MEDIUM " = with open orders");
    brush_text(&pen, STYLE_TEXT, " ");
}

void zoom_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    struct zoom_page page;
    struct zoom_columns c;
    int row = ui->layout.list_row, end = row + ui->layout.list_rows;

    zoom_lines(ui, &page);
    c = columns_of(ui, &page);
    tabs_draw(canvas, ui);
    for (int i = c.first; i < c.first + c.shown; i++, row += c.line_rows)
        line_draw(canvas, &c, &page.line[i], row, i == chosen_of(ui, &page));
    if (c.beside.cols > 0)
        beside_draw(canvas, ui, c.beside, ui->layout.list_row, end);
    else
        under_draw(canvas, ui, c.all, row, end);
}

/* --- keys -------------------------------------------------------------------------------------------------------------- */

void zoom_next_text(const struct ui *ui, char *out, size_t size)
{
    struct zoom_page page;
    const struct zoom_line *line;

    zoom_lines(ui, &page);
    line = &page.line[chosen_of(ui, &page)];
    if (page.count == 0)
        text_print(out, size, "no instrument is shown yet");
    else
        text_print(out, size, "%s  %s%s%s", line->label, line->what, line->from[0] != '\0' ? " \u00b7 " : "",
                   line->from);
}

static void explain(struct ui *ui)
{
    struct zoom_page page;
    const struct zoom_line *line;

    zoom_lines(ui, &page);
    if (page.count == 0)
        return;
    line = &page.line[chosen_of(ui, &page)];
    detail_open(ui, line->label);
    detail_add(ui, "%s %s", line->figure, line->note);
    detail_add(ui, "%s", line->what);
    if (line->from[0] != '\0')
        detail_add(ui, "%s: %s", line->limit != NULL ? "control" : "source", line->from);
    if (line->where[0] != '\0')
        detail_add(ui, "also on: %s", line->where);
}

static void choose(struct ui *ui, int rows)
{
    struct zoom_page page;
    int at;

    zoom_lines(ui, &page);
    at = chosen_of(ui, &page) + rows;
    at = at >= page.count ? page.count - 1 : at;
    ui->zoom_line = (uint8_t)(at > 0 ? at : 0);
}

bool zoom_refuses(const struct ui *ui, enum key_action action)
{
    if (ui->focus != FOCUS_PANEL || ui->screen != SCREEN_TRADE)
        return false;
    switch ((int)action) {
    case ACT_CANCEL:
    case ACT_FOLLOW:
    case ACT_SORT:
    case ACT_SORT_TURN:
    case ACT_COPY:
    case ACT_EXPORT:
    case ACT_FIND:
    case ACT_VIEW_NEXT:
        return true;
    default:
        return false;
    }
}

bool zoom_act(struct ui *ui, enum key_action action)
{
    int rows = keymap_rows(action, ZOOM_LINES_MAX), step = action == ACT_TAB_PREV ? PANELS - 1 : 1;

    if (rows != 0) {
        choose(ui, rows);
        return true;
    }
    switch ((int)action) {
    case ACT_TAB_NEXT:
    case ACT_TAB_PREV:
        zoom_set(ui, panels[(panel_index(ui) + step) % PANELS].zoom);
        return true;
    case ACT_WHY:
        explain(ui);
        return true;
    case ACT_CANCEL:
        ui_say(ui, 1, "",
               "no order stands in this panel; " KEY("v") " goes to the ladder, " KEY(
                   "U") " cancels all of this instrument");
        return true;
    default:
        if (!zoom_refuses(ui, action))
            return false;
        ui_say(ui, 1, "", "this panel is no list; " KEY("v") " goes on, " KEY("z") " gives the screen back");
        return true;
    }
}

void zoom_key(struct ui *ui)
{
    if (ui->screen != SCREEN_TRADE && ui->screen != SCREEN_CHART)
        ui_say(ui, 1, "", "this screen is one panel; chart and the parts of Trade are enlarged");
    else if (ui->zoom != ZOOM_NONE)
        zoom_set(ui, ZOOM_NONE);
    else if (ui->screen == SCREEN_CHART && !ui->layout.framed)
        ui_say(ui, 1, "", "the chart has all of a screen of this size already");
    else
        zoom_set(ui, ui->screen == SCREEN_CHART ? ZOOM_CHART
                     : ui->focus == FOCUS_LIST  ? ZOOM_LIST
                                                : ZOOM_LADDER);
}

void zoom_focus_next(struct ui *ui)
{
    enum layout_zoom next = ui->zoom == ZOOM_LADDER ? ZOOM_LIST
                            : ui->zoom == ZOOM_LIST ? ZOOM_POSITION
                                                    : ZOOM_LADDER;

    ui->focus = next == ZOOM_LIST ? FOCUS_LIST : FOCUS_LADDER;
    zoom_set(ui, next);
}

void zoom_click(struct ui *ui, int row)
{
    struct zoom_page page;
    struct zoom_columns c;
    int at;

    zoom_lines(ui, &page);
    c = columns_of(ui, &page);
    at = c.first + row / c.line_rows;
    ui->focus = FOCUS_PANEL;
    if (at < c.first + c.shown)
        ui->zoom_line = (uint8_t)at;
}
