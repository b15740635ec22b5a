/*
 * brush.h - writes pieces of one row one after another, each in its style.
 *
 *     struct brush pen = brush_at(canvas, 3, 0);
 *     brush_text(&pen, STYLE_DIM, "lag ");
 *     brush_printf(&pen, STYLE_TEXT, "%dms", lag);
 */
#ifndef TUI_BRUSH_H
#define TUI_BRUSH_H

#include "tui/canvas.h"
#include "tui/layout.h"
#include "tui/number_text.h"

struct brush {
    struct canvas *canvas;
    int row, col;
};

static inline struct brush brush_at(struct canvas *canvas, int row, int col)
{
    return (struct brush){canvas, row, col};
}

static inline void brush_text(struct brush *pen, struct style style, const char *text)
{
    pen->col = canvas_text(pen->canvas, pen->row, pen->col, style, text);
}

/* After the last piece: what went past column `end` is marked, as canvas_text_cut() does it. Half a figure is another. */
void brush_cut(const struct brush *pen, int end);

void brush_printf(struct brush *pen, struct style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Bytes of the words that fit in cols columns: up to a comma near the end, else to a blank, else what fits. */
size_t brush_words_that_fit(const char *text, int cols);

/* The first row of a text wrapped like that, into out; returns where the next one begins, NULL: there is none. */
const char *brush_row(const char *text, int cols, char *out, size_t size);

/* Over at most `rows` rows of `cols` columns, broken at blanks; the last one is cut. Returns the rows used. */
int brush_wrapped(struct canvas *canvas, int row, int col, int cols, int rows, struct style style,
                  const char *text);

/* Right-aligned in the columns of a span. */
void brush_right(struct canvas *canvas, int row, struct span span, struct style style, const char *text);

/* "- title  note " on a rule that was drawn: title bold, note dim. Returns the column after it. */
int brush_title(struct canvas *canvas, int row, int col, bool focus, const char *title, const char *note);

/* Money with its sign's role: +7.98 as profit, -0.36 as loss, 0.00 plain. */
void brush_money(struct brush *pen, int64_t value_e8, bool bold);
struct style style_money(int64_t value_e8);
struct style style_side(enum side side);

/* Eighths of a cell that `part` of `whole` fills in cols cells: some for anything, all of them only for all of it. */
int brush_eighths(int64_t part, int64_t whole, int cols);

/* A horizontal bar of use: done eighths of a cell full, up to more of them shaded, the rest a dotted track. */
void brush_use_bar(struct brush *pen, int cols, int done, int more, enum role role);

/* Values as a sparkline of cols columns between their least and greatest. */
void brush_spark(struct brush *pen, int cols, const int64_t *value, int count);

/*
 * A gauge with zero in the middle: half cells wide to both sides of an axis, value_x1000 of scale_x1000 fills one
 * side, in eighths of a cell; colons at mark_x1000 (0: none).
 */
void brush_gauge(struct brush *pen, int half, int32_t value_x1000, int32_t scale_x1000, int32_t mark_x1000);

#endif
