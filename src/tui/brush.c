#include "tui/brush.h"

#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "tui/glyphs.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void brush_printf(struct brush *pen, struct style style, const char *format, ...)
{
    char text[CANVAS_PRINT_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    brush_text(pen, style, text);
}

void brush_cut(const struct brush *pen, int end)
{
    int col = end - 1;
    const struct cell *cell;

    if (pen->col <= end || end <= 0)
        return;
    while (col > 0 && (cell = canvas_cell(pen->canvas, pen->row, col - 1)) != NULL && cell->code != ' ')
        col--;
    while (col > 0 && (cell = canvas_cell(pen->canvas, pen->row, col - 1)) != NULL && cell->code == ' ')
        col--;
    canvas_fill(pen->canvas, pen->row, col, 1, end - col, STYLE_TEXT);
    canvas_put(pen->canvas, pen->row, col, STYLE_DIM, 0x2026);
}

void brush_right(struct canvas *canvas, int row, struct span span, struct style style, const char *text)
{
    int cols = (int)safe_text_columns(text);

    if (span.cols > 0)
        canvas_text_cut(canvas, row, cols < span.cols ? span_end(span) - cols : span.at, span.cols, style,
                        text);
}

size_t brush_words_that_fit(const char *text, int cols)
{
    size_t fits = 0, comma = 0, at = 0, size = strlen(text);
    int used = 0, comma_cols = 0;

    while (at < size) {
        unsigned code;
        size_t length = safe_text_decode(text + at, size - at, &code);
        char one[8] = {0};

        memcpy(one, text + at, length < sizeof(one) ? length : sizeof(one) - 1);
        if (code == ' ')
            fits = at;
        if (code == ' ' && at > 0 && text[at - 1] == ',') {
            comma = at;
            comma_cols = used;
        }
        used += (int)safe_text_columns(one);
        if (used > cols)
            return comma_cols * 4 > cols * 3 ? comma : fits > 0 ? fits : at;
        at += length;
    }
    return size;
}

int brush_wrapped(struct canvas *canvas, int row, int col, int cols, int rows, struct style style,
                  const char *text)
{
    int used = 0;

    while (*text != '\0' && used < rows && cols > 0) {
        size_t size = used + 1 < rows ? brush_words_that_fit(text, cols) : strlen(text);
        char line[512];

        text_print(line, sizeof(line), "%.*s", (int)(size > 0 ? size : 1), text);
        canvas_text_cut(canvas, row + used++, col, cols, style, line);
        text += size > 0 ? size : 1;
        text += strspn(text, " ");
    }
    return used;
}

const char *brush_row(const char *text, int cols, char *out, size_t size)
{
    size_t fits = brush_words_that_fit(text, cols);

    fits = fits > 0 || *text == '\0' ? fits : 1;
    text_print(out, size, "%.*s", (int)fits, text);
    text += fits;
    text += strspn(text, " ");
    return *text != '\0' ? text : NULL;
}

int brush_title(struct canvas *canvas, int row, int col, bool focus, const char *title, const char *note)
{
    struct brush pen = brush_at(canvas, row, col);

    brush_text(&pen, STYLE_TEXT, " ");
    brush_text(&pen, style_bold(style_role(focus ? ROLE_TITLE_FOCUS : ROLE_TITLE)), title);
    if (note[0] != '\0')
        brush_text(&pen, STYLE_DIM, note);
    brush_text(&pen, STYLE_TEXT, " ");
    return pen.col;
}

struct style style_money(int64_t value_e8)
{
    if (value_e8 == VIEW_NONE || value_e8 == 0)
        return STYLE_TEXT;
    return value_e8 > 0 ? STYLE_PROFIT : STYLE_LOSS;
}

struct style style_side(enum side side)
{
    return side == SIDE_BID ? STYLE_BID : STYLE_ASK;
}

void brush_money(struct brush *pen, int64_t value_e8, bool bold)
{
    struct style style = style_money(value_e8);

    brush_text(pen, bold ? style_bold(style) : style, number_money(value_e8, true).text);
}

int brush_eighths(int64_t part, int64_t whole, int cols)
{
    int64_t eighths;

    if (part == VIEW_NONE || part <= 0 || whole <= 0 || cols <= 0)
        return 0;
    if (part >= whole)
        return 8 * cols;
    eighths = decimal_mul_div(part, (int64_t)8 * cols, whole);
    return eighths < 1 ? 1 : eighths < 8 * cols ? (int)eighths : 8 * cols - 1;
}

void brush_use_bar(struct brush *pen, int cols, int done, int more, enum role role)
{
    struct style track = style_role(ROLE_VOLUME);

    if (more / 8 > done / 8 && done >= 8) /* what is shaded goes on from it without a gap */
        done = done / 8 * 8;
    for (int i = 0; i < cols; i++) {
        int here = done - 8 * i;

        if (here > 0)
            canvas_put(pen->canvas, pen->row, pen->col++, style_role(role), glyph_part(EDGE_LEFT, here));
        else
            brush_text(pen, track, 8 * i + 5 <= more ? GLYPH_SHADE_MEDIUM : GLYPH_MIDDLE_DOT);
    }
}

void brush_spark(struct brush *pen, int cols, const int64_t *value, int count)
{
    int64_t least = 0, most = 0, picked[128];
    int shown = cols < 128 ? cols : 128;

    if (count < shown)
        shown = count;
    for (int i = 0; i < shown; i++) {
        picked[i] = value[shown > 1 ? i * (count - 1) / (shown - 1) : count - 1];
        least = i == 0 || picked[i] < least ? picked[i] : least;
        most = i == 0 || picked[i] > most ? picked[i] : most;
    }
    pen->col += cols - shown; /* young histories grow from the right */
    for (int i = 0; i < shown; i++) {
        int eighths = most == least ? 1 : 1 + (int)((__int128)(picked[i] - least) * 7 / (most - least));

        canvas_spark(pen->canvas, pen->row, pen->col++, style_role(ROLE_SPARK), eighths);
    }
}

/* Eighths of a cell, rounded; at most the whole half. */
static int gauge_eighths(int half, int32_t value_x1000, int32_t scale_x1000)
{
    int64_t twice = (int64_t)llabs(value_x1000) * half * 16 / (scale_x1000 > 0 ? scale_x1000 : 1);
    int64_t eighths = (twice + 1) / 2;

    return eighths < 8 * half ? (int)eighths : 8 * half;
}

void brush_gauge(struct brush *pen, int half, int32_t value_x1000, int32_t scale_x1000, int32_t mark_x1000)
{
    int eighths = gauge_eighths(half, value_x1000, scale_x1000);
    int mark = -1, axis = pen->col + half;
    bool up = value_x1000 > 0;
    struct style bar = up ? STYLE_BID : STYLE_ASK;

    if (mark_x1000 > 0 && scale_x1000 > 0)
        mark = (int)(((int64_t)mark_x1000 * half + scale_x1000 - 1) / scale_x1000) - 1;
    for (int i = 0; i < half; i++) {
        for (int side = -1; side <= 1; side += 2) {
            int here = (side > 0) == up ? eighths - 8 * i : 0;
            int col = axis + side * (i + 1);

            if (i == mark || (i == half - 1 && mark >= half))
                canvas_text(pen->canvas, pen->row, col, style_bold(style_role(ROLE_GAUGE_MARK)), ":");
            else if (here > 0)
                canvas_put(pen->canvas, pen->row, col, bar, glyph_part(up ? EDGE_LEFT : EDGE_RIGHT, here));
            else
                canvas_text(pen->canvas, pen->row, col, STYLE_FAINT, GLYPH_MIDDLE_DOT);
        }
    }
    canvas_text(pen->canvas, pen->row, axis, style_role(ROLE_GAUGE_AXIS), GLYPH_RULE_DOWN);
    pen->col = axis + half + 1;
}
