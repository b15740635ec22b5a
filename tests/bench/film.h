/*
 * film.h - the pictures another program showed, drawn once more by our differ: bytes for the same cells, like for like.
 *
 * Roles stand for the colours that were seen: as many as there are roles, the rest look like the first.
 */
#ifndef BENCH_FILM_H
#define BENCH_FILM_H

#include "screen/vt_harness.h"
#include "tui/differ.h"

#include <stdlib.h>

#define FILM_MAX 300 /* pictures */

struct film {
    VTermScreenCell *cell;
    int rows, cols, pictures;
    VTermColor colour[ROLE_COUNT];
    int colours; /* from role 2 on; role 1 is the default */
    bool indexed, too_many;
};

static inline void film_open(struct film *film, const struct vt *vt)
{
    *film = (struct film){.rows = vt->rows, .cols = vt->cols, .colours = 2, .indexed = true};
    film->cell = calloc((size_t)FILM_MAX * (size_t)vt->rows * (size_t)vt->cols, sizeof(*film->cell));
    assert_non_null(film->cell);
}

static inline void film_take(struct film *film, const struct vt *vt)
{
    VTermScreenCell *cell = film->cell + (size_t)film->pictures * (size_t)film->rows * (size_t)film->cols;

    if (film->pictures == FILM_MAX)
        return;
    film->pictures++;
    for (int row = 0; row < film->rows; row++)
        for (int col = 0; col < film->cols; col++)
            *cell++ = vt_cell(vt, row, col);
}

static inline uint8_t film_role(struct film *film, const VTermColor *colour)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(colour) || VTERM_COLOR_IS_DEFAULT_BG(colour))
        return 1;
    for (int i = 2; i < film->colours; i++)
        if (vterm_color_is_equal(&film->colour[i], colour))
            return (uint8_t)i;
    if (film->colours == ROLE_COUNT) {
        film->too_many = true;
        return 2;
    }
    film->indexed &= VTERM_COLOR_IS_INDEXED(colour) && colour->indexed.idx < 16;
    film->colour[film->colours] = *colour;
    return (uint8_t)film->colours++;
}

static inline void film_canvas(struct film *film, int picture, struct canvas *canvas)
{
    const VTermScreenCell *cell = film->cell + (size_t)picture * (size_t)film->rows * (size_t)film->cols;

    canvas_clear(canvas);
    for (int row = 0; row < film->rows; row++)
        for (int col = 0; col < film->cols; col++, cell++) {
            struct style style = {film_role(film, &cell->fg), film_role(film, &cell->bg),
                                  (uint8_t)((cell->attrs.bold ? ATTR_BOLD : 0) |
                                            (cell->attrs.underline ? ATTR_UNDERLINE : 0) |
                                            (cell->attrs.reverse ? ATTR_REVERSE : 0))};

            if (cell->chars[0] != (uint32_t)-1)
                canvas_put(canvas, row, col, style, cell->chars[0] == 0 ? ' ' : cell->chars[0]);
        }
}

static inline void film_theme(const struct film *film, const struct vt *vt, struct theme *theme)
{
    const struct theme_entry none = {.fg_rgb = -1, .bg_rgb = -1, .fg_16 = -1, .bg_16 = -1};

    for (int i = 0; i < ROLE_COUNT; i++)
        theme->entry[i] = none;
    for (int i = 2; i < film->colours; i++) {
        struct theme_entry *entry = &theme->entry[i];

        entry->fg_rgb = entry->bg_rgb = (int32_t)vt_rgb(vt, film->colour[i]);
        if (film->indexed)
            entry->fg_16 = entry->bg_16 = (int8_t)film->colour[i].indexed.idx;
    }
}

/* Bytes our differ needs from the first picture to the last. Frees the film. */
static inline double film_redraw(struct film *film, const struct vt *vt)
{
    static struct terminfo info;
    struct theme theme = {.name = "film"};
    struct canvas *canvas = canvas_new(film->rows, film->cols);
    size_t room = (size_t)film->rows * (size_t)film->cols * DIFFER_CELL_BYTES + DIFFER_EXTRA_BYTES;
    struct sink sink = {malloc(room), 0, room};
    struct differ *differ;
    char why[TERMINFO_WHY_SIZE];
    double bytes = 0;

    for (int i = 0; i < film->pictures; i++)
        film_canvas(film, i, canvas); /* to know all colours */
    film_theme(film, vt, &theme);
    assert_int_equal(terminfo_load("xterm-256color", &info, why), ERR_OK);
    differ =
        differ_new(&info, &theme, film->indexed ? DEPTH_16 : DEPTH_TRUE, TIER_UTF8, film->rows, film->cols);
    assert_true(canvas != NULL && sink.bytes != NULL && differ != NULL);
    for (int i = 0; i < film->pictures; i++) {
        struct differ_frame frame = {.canvas = canvas, .cursor_row = -1};

        film_canvas(film, i, canvas);
        sink.size = 0;
        assert_true(differ_draw(differ, &frame, &sink).complete);
        bytes += i > 0 ? (double)sink.size : 0;
    }
    differ_free(differ);
    canvas_free(canvas);
    free(sink.bytes);
    free(film->cell);
    return bytes;
}

#endif
