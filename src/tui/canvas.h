/*
 * canvas.h - a rectangle of cells that panels draw into and tests compare as text.
 *
 * Way of the picture: view -> panels -> CANVAS -> screen_put() -> differ -> terminal.
 * A cell holds one character (a base code point and at most CANVAS_MARKS combining marks), its width and a
 * style of roles (tui/theme.h). Panels always draw with the UTF-8 design glyphs of tui/glyphs.h; what a terminal
 * cannot show is mapped at output.
 *
 * Everything is clipped: nothing is ever written outside the canvas (or region), any row and column may be
 * negative or too large. Text is UTF-8; control, format, bidi and broken characters come out as U+FFFD (`?` in
 * ASCII), so no byte of outside text can reach the terminal as a command. (Outside text should pass
 * safe_text() first, which shows what they were.) A wide character is never split: where its second column
 * does not fit a blank is drawn; a write over one half blanks the other, and that blank is the one thing that
 * may fall just outside a region.
 *
 * Allocates in canvas_new() and canvas_resize() alone. One thread. Coordinates are from 0, in cells.
 */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include "tui/theme.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CANVAS_MARKS    2   /* combining marks kept per cell, more are dropped */
#define CANVAS_ROWS_MAX 512 /* larger terminals are drawn in their upper left part */
#define CANVAS_COLS_MAX 1024

/* 16 bytes. The second column of a wide character has width 0 and code 0. */
struct cell {
    uint32_t code; /* base code point; blank is ' ' */
    uint32_t mark[CANVAS_MARKS];
    struct style style;
    uint8_t width; /* 1, 2, or 0 for the second half of a wide character */
};

/*
 * A canvas, or a region of one: a small value, copied freely, that borrows the cells of the canvas it was cut
 * from until that is resized or freed. Panels read rows and cols, all else goes through functions.
 */
struct canvas {
    int rows, cols;     /* what may be drawn into */
    struct cell *cells; /* of the whole canvas */
    int top, left;      /* of this region in the whole */
    int rows_all, cols_all;
};

struct canvas_rect {
    int row, col, rows, cols;
};

/* Blank, ROLE_TEXT. Sizes are clamped to 1..CANVAS_*_MAX. NULL when memory is short. */
struct canvas *canvas_new(int rows, int cols);
void canvas_free(struct canvas *canvas); /* NULL is allowed */

/* Blanks everything. False when memory is short: the canvas is as before. Not for a region. */
bool canvas_resize(struct canvas *canvas, int rows, int cols);

/* A part of it with its own origin; clipped to the parent, so perhaps smaller or of no cells at all. */
struct canvas canvas_region(const struct canvas *canvas, int row, int col, int rows, int cols);

void canvas_clear(struct canvas *canvas); /* blanks with ROLE_TEXT */

/* Blanks in this style. */
void canvas_fill(struct canvas *canvas, int row, int col, int rows, int cols, struct style style);

/*
 * Gives what is drawn there the background of a role, and keeps text and foreground: marked rows, chosen rows. What
 * has a background already (a style with a bg role, or a role with its own: badges, own orders, inside prices, key
 * chips; role_has_background()) keeps it. So draw first, mark the row after.
 */
void canvas_background(struct canvas *canvas, int row, int col, int rows, int cols, enum role background);

/* Draws all there in one style and keeps the text: dimming a stale panel, the focused answer. */
void canvas_restyle(struct canvas *canvas, int row, int col, int rows, int cols, struct style style);

/*
 * Text from (row, col) to the right. Returns the column after the last character as if nothing were clipped, so
 * that pieces can be drawn one after another: col = canvas_text(c, 0, col, ...). A newline is a control
 * character like any other.
 */
int canvas_text(struct canvas *canvas, int row, int col, struct style style, const char *text);
int canvas_text_n(struct canvas *canvas, int row, int col, struct style style, const char *text, size_t size);

/* The same, but not past `cols` columns; what is cut ends after a whole word where one is, in `…`. Returns the column
 * after it. */
int canvas_text_cut(struct canvas *canvas, int row, int col, int cols, struct style style, const char *text);

/* So that the text ends just before col_end. Returns its first column. */
int canvas_text_right(struct canvas *canvas, int row, int col_end, struct style style, const char *text);

/* In the middle of [col, col + cols). Returns its first column. */
int canvas_text_middle(struct canvas *canvas, int row, int col, int cols, struct style style,
                       const char *text);

/* printf into the row, at most CANVAS_PRINT_MAX bytes. Same return value as canvas_text(). */
#define CANVAS_PRINT_MAX 1024
int canvas_printf(struct canvas *canvas, int row, int col, struct style style, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
int canvas_printf_right(struct canvas *canvas, int row, int col_end, struct style style, const char *format,
                        ...) __attribute__((format(printf, 5, 6)));

/* One character or one cell of a line (glyph_of_line()), or a run of the same one. */
void canvas_put(struct canvas *canvas, int row, int col, struct style style, uint32_t code);
void canvas_repeat(struct canvas *canvas, int row, int col, int count, struct style style, uint32_t code);

/*
 * Rules and frames. A rule that meets one already drawn becomes the right crossing (├ ┬ ┼ ...). A rule down may come
 * before or after those it crosses or ends at; a rule across that ends at a rule down comes after it.
 */
void canvas_rule_across(struct canvas *canvas, int row, int col, int cols, struct style style);
void canvas_rule_down(struct canvas *canvas, int row, int col, int rows, struct style style);
/* Joins a rule across to those of the same colour that end just above it: what is laid over half a screen. */
void canvas_rule_meet(struct canvas *canvas, int row, int col, int cols, struct style style);
void canvas_frame(struct canvas *canvas, int row, int col, int rows, int cols, struct style style);

/*
 * A bar of half_cells half cells inside cols columns that start at col. BAR_RIGHT starts at the left edge and
 * grows right (`██▌   `), BAR_LEFT the other way (`   ▐██`). Longer than the room: the outermost cell is ► or ◄
 * in ROLE_BRIGHT bold. Cells of the room it does not fill are left as they are.
 */
enum bar_grow { BAR_RIGHT, BAR_LEFT };
void canvas_bar(struct canvas *canvas, int row, int col, int cols, struct style style, int half_cells,
                enum bar_grow grow);

/* A column of the row's height in eighths (0 blank .. 8 full): `▁▂▃▄▅▆▇█`. */
void canvas_spark(struct canvas *canvas, int row, int col, struct style style, int eighths);

/* The same cells of another canvas of the same size; a wide character that is cut at an edge becomes a blank. */
void canvas_copy(struct canvas *canvas, const struct canvas *from, struct canvas_rect rect);

/* The cell there, or NULL outside. Borrowed until the canvas is resized or freed. */
const struct cell *canvas_cell(const struct canvas *canvas, int row, int col);

bool cell_equal(const struct cell *a, const struct cell *b);

/*
 * For golden tests: the rows as UTF-8, each with its newline, all columns kept (trailing blanks too). Writes at
 * most out_size - 1 bytes and a NUL. Returns the bytes the whole text has; canvas_text_size() is enough room.
 */
size_t canvas_to_text(const struct canvas *canvas, char *out, size_t out_size);
size_t canvas_text_size(const struct canvas *canvas);

/*
 * The styles of the same rows, a letter a cell, given in the order in which styles first appear (`.` is plain
 * text, `#` what comes after the 61st), then a legend: `a bid on row-mark bold`. Return value as above;
 * canvas_text_size() is enough room for it too.
 */
size_t canvas_to_styles(const struct canvas *canvas, char *out, size_t out_size);

#endif
