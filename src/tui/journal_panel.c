/* The rows of screen 7, newest last, and what is known of the chosen one with the life of its order. */
#include "tui/glyphs.h"
#include "tui/key_title.h"
#include "tui/panels.h"

#include <string.h>

#define WHAT_COLS   13
#define OWNER_COLS  7
#define SYMBOL_COLS 10
#define BASE_COLS   5
#define WIDE_COLS   90 /* from here on milliseconds and whole symbols are shown */

struct style trail_style(const struct view_trail_row *row)
{
    if (row->level >= 3)
        return style_bold(style_role(ROLE_BAD));
    if (row->level == 2)
        return style_bold(STYLE_WARNING);
    if (row->level == 1)
        return STYLE_GOOD;
    switch (row->kind) {
    case TRAIL_COMMAND:
        return style_bold(STYLE_BRIGHT);
    case TRAIL_ANSWER:
    case TRAIL_SIGNALS:
    case TRAIL_STORY:
        return STYLE_DIM;
    default:
        return STYLE_TEXT;
    }
}

static bool is_today(const struct ui *ui, int64_t ts_ns)
{
    const int64_t day_ns = INT64_C(86400) * UI_SECOND_NS;

    return ts_ns / day_ns == ui_view(ui)->status.now_ns / day_ns;
}

/* Columns of the time: days are told where one of the page is not today's. */
static int time_cols(const struct ui *ui, bool wide)
{
    for (int i = 0; i < ui->trail->rows && i < TRAIL_PAGE_MAX; i++)
        if (!is_today(ui, ui->trail->row[i].ts_ns))
            return wide ? 14 : 11;
    return wide ? 12 : 8;
}

/* "14:07:32", of another day "11-20 14:07". */
static void time_text(const struct ui *ui, int64_t ts_ns, bool wide, char *out, size_t size)
{
    struct number_text full = journal_time_text(ts_ns, true);

    if (is_today(ui, ts_ns))
        text_print(out, size, "%.*s", wide ? 12 : 8, full.text + 11);
    else
        text_print(out, size, wide ? "%.14s" : "%.11s", full.text + 5);
}

/* "BTC" of "BTCUSDT": what one knows an instrument by where a column is narrow; others of an earlier run as they are. */
static const char *base_of(const struct ui *ui, const char *symbol)
{
    const struct view_status *status = &ui_view(ui)->status;

    for (int i = 0; i < status->instruments && i < INSTRUMENTS_MAX; i++)
        if (strcmp(status->instrument[i].symbol, symbol) == 0)
            return status->instrument[i].base;
    return symbol;
}

/* Sides have their colour where the text begins with one; the rest is plain. */
static void text_draw(struct canvas *canvas, int row, int col, int cols, const struct view_trail_row *trail)
{
    const char *text = trail->text, *side = NULL;
    struct style style = trail->kind == TRAIL_ANSWER || trail->kind == TRAIL_SIGNALS ? STYLE_DIM : STYLE_TEXT;
    size_t size;

    if (trail->kind == TRAIL_ORDER || trail->kind == TRAIL_FILL || trail->kind == TRAIL_COMMAND ||
        trail->kind == TRAIL_DENIED)
        side = strstr(text, "BUY ") != NULL ? strstr(text, "BUY ") : strstr(text, "SELL ");
    if (side == NULL || side - text > 24) {
        canvas_text_cut(canvas, row, col, cols, style, text);
        return;
    }
    size = side[0] == 'B' ? 3 : 4;
    if ((int)(side - text) + (int)size >= cols) {
        canvas_text_cut(canvas, row, col, cols, style, text);
        return;
    }
    canvas_text_n(canvas, row, col, style, text, (size_t)(side - text));
    canvas_text_n(canvas, row, col + (int)(side - text), style_side(size == 3 ? SIDE_BID : SIDE_ASK), side,
                  size);
    canvas_text_cut(canvas, row, col + (int)(side - text) + (int)size, cols - (int)(side - text) - (int)size,
                    style, side + size);
}

static void row_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row,
                     const struct view_trail_row *trail)
{
    bool wide = span.cols >= WIDE_COLS;
    struct brush pen = brush_at(canvas, row, span.at + 1);
    char time[32];
    int symbol_cols;

    time_text(ui, trail->ts_ns, wide, time, sizeof(time));
    brush_printf(&pen, STYLE_DIM, "%-*s ", time_cols(ui, wide), time);
    canvas_text_cut(canvas, row, pen.col, WHAT_COLS - 1, trail_style(trail), trail->what);
    pen.col += WHAT_COLS;
    canvas_text_cut(canvas, row, pen.col, OWNER_COLS - 1, STYLE_DIM, trail->owner);
    pen.col += OWNER_COLS;
    symbol_cols = wide ? SYMBOL_COLS : BASE_COLS;
    canvas_text_cut(canvas, row, pen.col, symbol_cols - 1, STYLE_DIM,
                    wide ? trail->symbol : base_of(ui, trail->symbol));
    pen.col += symbol_cols;
    text_draw(canvas, row, pen.col, span_end(span) - pen.col - 1, trail);
}

static void nothing_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row)
{
    const struct view_trail *trail = ui->trail;
    const char *text = ui->host.trail == NULL           ? "no journal can be read here"
                       : trail->state == TRAIL_FAILED   ? trail->why
                       : trail->state != TRAIL_FOLLOWS  ? "the journal is being read"
                       : ui->journal.filter[0] != '\0'  ? "no row matches; " KEY("Esc") " clears the filter"
                       : ui->journal.tab != JOURNAL_ALL ? "no row of this kind; " KEY("Tab") " shows others"
                                                        : "no row yet";

    char shown[VIEW_TEXT_MAX];

    brush_wrapped(canvas, row, span.at + 1, span.cols - 2, 3, STYLE_DIM,
                  ui_with_keys(ui, text, shown, sizeof(shown)));
}

void journal_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    const struct view_trail *trail = ui->trail;
    const struct view_trail_row *chosen = journal_chosen(ui);
    int count = trail->rows < TRAIL_PAGE_MAX ? trail->rows : TRAIL_PAGE_MAX;
    int at = chosen == NULL ? 0 : (int)(chosen - trail->row), top = count - rows;

    if (chosen == NULL) {
        nothing_draw(canvas, ui, span, row);
        return;
    }
    if (at < top + rows / 4) /* some rows before it stay in sight */
        top = at - rows / 4;
    top = top < 0 ? 0 : top;
    for (int i = top; i < count && i < top + rows; i++) {
        row_draw(canvas, ui, span, row + i - top, &trail->row[i]);
        if (i == at)
            canvas_background(canvas, row + i - top, span.at, 1, span.cols, ROLE_SELECTED);
    }
}

/* --- the chosen one ----------------------------------------------------------------------------------------------- */

static int words_draw(struct canvas *canvas, struct span span, int row, int rows,
                      const struct view_trail_row *chosen)
{
    struct brush pen = brush_at(canvas, row, span.at + 1);
    int used;

    brush_printf(&pen, trail_style(chosen), "%s", chosen->what);
    if (chosen->owner[0] != '\0')
        brush_printf(&pen, STYLE_DIM, "  by %s", chosen->owner);
    if (chosen->symbol[0] != '\0')
        brush_printf(&pen, STYLE_DIM, "  %s", chosen->symbol);
    if (rows < 2)
        return 1;
    used = brush_wrapped(canvas, row + 1, span.at + 1, span.cols - 2, rows > 6 ? 4 : rows - 1, STYLE_TEXT,
                         chosen->text);
    if (rows < used + 2)
        return used + 1;
    pen = brush_at(canvas, row + 1 + used, span.at + 1);
    brush_printf(&pen, STYLE_DIM, "%s  record %llu", journal_time_text(chosen->ts_ns, true).text,
                 (unsigned long long)chosen->seq);
    return used + 2;
}

void journal_detail_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    const struct view_trail_row *chosen = journal_chosen(ui);
    int used;

    if (chosen == NULL)
        return;
    used = words_draw(canvas, span, row, rows, chosen);
    if (chosen->order_seq != 0 && rows - used >= 1 && rows - used < 4)
        chain_line_draw(canvas, ui, span, row + used);
    if (chosen->order_seq == 0 || rows - used < 4)
        return;
    canvas_repeat(canvas, row + used, span.at + 1, span.cols - 2, STYLE_FAINT, 0x2500);
    chain_panel_draw(canvas, ui, span, row + used + 1, rows - used - 1);
}
