#include "tui/canvas.h"

#include "core/base/safe_text.h"
#include "tui/glyphs.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE_REPLACEMENT 0xfffdu

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static struct cell cell_blank(struct style style)
{
    return (struct cell){.code = ' ', .style = style, .width = 1};
}

bool cell_equal(const struct cell *a, const struct cell *b)
{
    return a->code == b->code && a->mark[0] == b->mark[0] && a->mark[1] == b->mark[1] &&
           a->width == b->width && a->style.fg == b->style.fg && a->style.bg == b->style.bg &&
           a->style.attr == b->style.attr;
}

/* The cell at a place of the region that lies inside it. */
static struct cell *cell_at(const struct canvas *canvas, int row, int col)
{
    return &canvas->cells[(canvas->top + row) * canvas->cols_all + canvas->left + col];
}

static bool inside(const struct canvas *canvas, int row, int col)
{
    return row >= 0 && row < canvas->rows && col >= 0 && col < canvas->cols;
}

struct canvas *canvas_new(int rows, int cols)
{
    struct canvas *canvas = calloc(1, sizeof(*canvas));

    if (canvas != NULL && !canvas_resize(canvas, rows, cols)) {
        free(canvas);
        return NULL;
    }
    return canvas;
}

void canvas_free(struct canvas *canvas)
{
    if (canvas == NULL)
        return;
    free(canvas->cells);
    free(canvas);
}

bool canvas_resize(struct canvas *canvas, int rows, int cols)
{
    struct cell *cells;

    assert(canvas->rows == canvas->rows_all && canvas->cols == canvas->cols_all); /* not a region */
    rows = clamp(rows, 1, CANVAS_ROWS_MAX);
    cols = clamp(cols, 1, CANVAS_COLS_MAX);
    cells = calloc((size_t)rows * (size_t)cols, sizeof(*cells));
    if (cells == NULL)
        return false;
    for (int i = 0; i < rows * cols; i++) /* directly: drawing looks at what is there */
        cells[i] = cell_blank(STYLE_TEXT);
    free(canvas->cells);
    *canvas = (struct canvas){rows, cols, cells, 0, 0, rows, cols};
    return true;
}

struct canvas canvas_region(const struct canvas *canvas, int row, int col, int rows, int cols)
{
    struct canvas region = *canvas;
    int top = clamp(row, 0, canvas->rows), left = clamp(col, 0, canvas->cols);
    int64_t bottom = (int64_t)row + rows, right = (int64_t)col + cols;

    region.top += top;
    region.left += left;
    region.rows = bottom > canvas->rows ? canvas->rows - top : bottom > top ? (int)bottom - top : 0;
    region.cols = right > canvas->cols ? canvas->cols - left : right > left ? (int)right - left : 0;
    return region;
}

const struct cell *canvas_cell(const struct canvas *canvas, int row, int col)
{
    return inside(canvas, row, col) ? cell_at(canvas, row, col) : NULL;
}

void canvas_copy(struct canvas *canvas, const struct canvas *from, struct canvas_rect rect)
{
    struct canvas part = canvas_region(canvas, rect.row, rect.col, rect.rows, rect.cols);

    if (from->rows != canvas->rows || from->cols != canvas->cols || part.cols == 0)
        return;
    for (int row = 0; row < part.rows; row++) {
        struct cell *to =
            &canvas->cells[(size_t)(part.top + row) * (size_t)canvas->cols_all + (size_t)part.left];
        const struct cell *end = to + part.cols;
        bool more = part.left + part.cols < canvas->cols_all;

        if (to->width == 0) /* its first half stays, alone */
            to[-1] = cell_blank(to[-1].style);
        if (more && end->width == 0)
            to[part.cols] = cell_blank(end->style);
        memcpy(to, &from->cells[(size_t)(part.top + row) * (size_t)from->cols_all + (size_t)part.left],
               (size_t)part.cols * sizeof(*to));
        if (to->width == 0)
            *to = cell_blank(to->style);
        if (end[-1].width == 2)
            to[part.cols - 1] = cell_blank(to[part.cols - 1].style);
    }
}

/*
 * Makes room for a character of this width: a wide character of which a half is overwritten loses the other
 * half too. That half may lie beside the region, never outside the canvas, since it was drawn there whole.
 */
static void cell_unsplit(struct cell *cell, int width)
{
    struct cell *last = cell + width - 1;

    if (cell->width == 0)
        cell[-1] = cell_blank(cell[-1].style);
    if (last->width == 2)
        last[1] = cell_blank(last[1].style);
}

/* One character inside the clip. False if it is outside; a wide one that half fits leaves a blank. */
static struct cell *cell_put(struct canvas *canvas, int row, int col, struct style style, uint32_t code,
                             int width)
{
    struct cell *cell;

    if (width == 2 && (col == -1 || col == canvas->cols - 1)) {
        col = col < 0 ? 0 : col;
        code = ' ';
        width = 1;
    }
    if (!inside(canvas, row, col))
        return NULL;
    cell = cell_at(canvas, row, col);
    cell_unsplit(cell, width);
    *cell = (struct cell){.code = code, .style = style, .width = (uint8_t)width};
    if (width == 2)
        cell[1] = (struct cell){.code = 0, .style = style, .width = 0};
    return cell;
}

static void cell_mark(struct cell *cell, uint32_t mark)
{
    for (int i = 0; i < CANVAS_MARKS; i++)
        if (cell->mark[i] == 0) {
            cell->mark[i] = mark;
            return;
        }
}

/* Columns of a code point; what must not be shown becomes U+FFFD in *code. */
static int code_columns(uint32_t *code)
{
    int columns;

    if (*code >= ' ' && *code < 0x7f)
        return 1;
    columns = safe_text_codepoint_columns(*code);
    if (columns >= 0)
        return columns;
    *code = CODE_REPLACEMENT;
    return 1;
}

int canvas_text_n(struct canvas *canvas, int row, int col, struct style style, const char *text, size_t size)
{
    struct cell *last = NULL;

    for (size_t i = 0; i < size;) {
        unsigned code = (unsigned char)text[i];
        int columns;

        i += code < 0x80 ? 1 : safe_text_decode(text + i, size - i, &code);
        columns = code_columns(&code);
        if (columns == 0) {
            if (last != NULL)
                cell_mark(last, code);
            continue;
        }
        last = cell_put(canvas, row, col, style, code, columns);
        if (last != NULL && last->code != code) /* half of it fitted: marks have nothing to stand on */
            last = NULL;
        if (col < INT32_MAX - 2)
            col += columns;
    }
    return col;
}

int canvas_text(struct canvas *canvas, int row, int col, struct style style, const char *text)
{
    return canvas_text_n(canvas, row, col, style, text, strlen(text));
}

/* Columns of text as canvas_text() draws it, and in *cut_size how many bytes stay within cols columns. */
static int text_columns(const char *text, size_t size, int cols, size_t *cut_size)
{
    int total = 0;

    *cut_size = 0;
    for (size_t i = 0; i < size;) {
        unsigned code;

        i += safe_text_decode(text + i, size - i, &code);
        total += code_columns(&code);
        if (total <= cols)
            *cut_size = i;
    }
    return total;
}

/* Half a word is none and half a figure is another figure: goes back to the last blank, with the point that stood
 * before it, unless more than half of the room would stay empty. */
static size_t whole_words(const char *text, size_t cut, int cols)
{
    size_t end = cut, unused;

    if (text[cut] != ' ')
        while (end > 0 && text[end - 1] != ' ')
            end--;
    while (end > 0 && strchr(" ,;:(@-", text[end - 1]) != NULL)
        end--;
    return 2 * text_columns(text, end, 0, &unused) >= cols ? end : cut;
}

int canvas_text_cut(struct canvas *canvas, int row, int col, int cols, struct style style, const char *text)
{
    size_t size = strlen(text), cut;

    if (cols <= 0)
        return col;
    if (text_columns(text, size, cols, &cut) <= cols)
        return canvas_text_n(canvas, row, col, style, text, size);
    text_columns(text, size, cols - 1, &cut);
    cut = whole_words(text, cut, cols);
    col = canvas_text_n(canvas, row, col, style, text, cut);
    canvas_put(canvas, row, col, style, 0x2026);
    return col + 1;
}

int canvas_text_right(struct canvas *canvas, int row, int col_end, struct style style, const char *text)
{
    size_t size = strlen(text), cut;
    int col = col_end - text_columns(text, size, 0, &cut);

    canvas_text_n(canvas, row, col, style, text, size);
    return col;
}

int canvas_text_middle(struct canvas *canvas, int row, int col, int cols, struct style style,
                       const char *text)
{
    size_t size = strlen(text), cut;
    int first = col + (cols - text_columns(text, size, 0, &cut)) / 2;

    canvas_text_n(canvas, row, first, style, text, size);
    return first;
}

int canvas_printf(struct canvas *canvas, int row, int col, struct style style, const char *format, ...)
{
    char text[CANVAS_PRINT_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return canvas_text(canvas, row, col, style, text);
}

int canvas_printf_right(struct canvas *canvas, int row, int col_end, struct style style, const char *format,
                        ...)
{
    char text[CANVAS_PRINT_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return canvas_text_right(canvas, row, col_end, style, text);
}

void canvas_put(struct canvas *canvas, int row, int col, struct style style, uint32_t code)
{
    int columns = glyph_is_line(code) ? 1 : code_columns(&code);

    if (columns > 0)
        cell_put(canvas, row, col, style, code, columns);
}

void canvas_repeat(struct canvas *canvas, int row, int col, int count, struct style style, uint32_t code)
{
    int columns = code_columns(&code);

    if (columns == 0 || row < 0 || row >= canvas->rows)
        return;
    if (columns == 1 && col < 0) { /* a long run far to the left costs nothing */
        count = count + col > 0 ? count + col : 0;
        col = 0;
    }
    for (int i = 0; i < count && col < canvas->cols; i++, col += columns)
        cell_put(canvas, row, col, style, code, columns);
}

void canvas_fill(struct canvas *canvas, int row, int col, int rows, int cols, struct style style)
{
    struct canvas region = canvas_region(canvas, row, col, rows, cols);

    for (int r = 0; r < region.rows; r++)
        for (int c = 0; c < region.cols; c++)
            cell_put(&region, r, c, style, ' ', 1);
}

void canvas_clear(struct canvas *canvas)
{
    canvas_fill(canvas, 0, 0, canvas->rows, canvas->cols, STYLE_TEXT);
}

/* A background does not go over one that is there. */
static struct style style_behind(struct style style, uint8_t background)
{
    if (style.bg == ROLE_NONE && !role_has_background((enum role)style.fg))
        style.bg = background;
    return style;
}

/*
 * Sets the style (or only its background) of a range. A wide character half inside is changed as a whole: its halves
 * are one character and can have but one style.
 */
static void restyle(struct canvas *canvas, struct canvas_rect at, struct style style, bool background_only)
{
    struct canvas region = canvas_region(canvas, at.row, at.col, at.rows, at.cols);

    for (int r = 0; r < region.rows; r++)
        for (int c = 0; c < region.cols; c++) {
            struct cell *cell = cell_at(&region, r, c);
            struct style new_style = background_only ? style_behind(cell->style, style.bg) : style;

            cell->style = new_style;
            if (cell->width == 2)
                cell[1].style = new_style;
            else if (cell->width == 0)
                cell[-1].style = new_style;
        }
}

void canvas_background(struct canvas *canvas, int row, int col, int rows, int cols, enum role background)
{
    restyle(canvas, (struct canvas_rect){row, col, rows, cols}, style_on(STYLE_TEXT, background), true);
}

void canvas_restyle(struct canvas *canvas, int row, int col, int rows, int cols, struct style style)
{
    restyle(canvas, (struct canvas_rect){row, col, rows, cols}, style, false);
}
