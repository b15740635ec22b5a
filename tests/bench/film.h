/*
 * film.h - the pictures a program showed, as canvases that film_draw.h draws once more: bytes for the same cells, like for like.
 *
 * Roles and samples stand for the colours that were seen: as many as there are of both, the rest look like the first.
 */
#ifndef BENCH_FILM_H
#define BENCH_FILM_H

#include "screen/vt_harness.h"
#include "tui/canvas.h"

#include <stdlib.h>

#define FILM_MAX     600 /* pictures */
#define FILM_COLOURS (ROLE_COUNT + THEME_SAMPLES * THEME_SAMPLE_ROLES)

struct film {
    VTermScreenCell *cell;
    int rows, cols, pictures;
    VTermColor colour[FILM_COLOURS];
    int colours;           /* from role 2 on; role 1 is the default */
    bool sixteen, palette; /* all are of the first sixteen, of the 240 after them */
    bool too_many;
    double bytes; /* the program wrote from the first picture to the last */
    uint64_t first_bytes;
};

static inline void film_open(struct film *film, const struct vt *vt)
{
    *film = (struct film){.rows = vt->rows, .cols = vt->cols, .colours = 2, .sixteen = true, .palette = true};
    film->cell = calloc((size_t)FILM_MAX * (size_t)vt->rows * (size_t)vt->cols, sizeof(*film->cell));
    assert_non_null(film->cell);
}

static inline void film_take(struct film *film, const struct vt *vt)
{
    VTermScreenCell *cell = film->cell + (size_t)film->pictures * (size_t)film->rows * (size_t)film->cols;

    if (film->pictures == FILM_MAX)
        return;
    if (film->pictures++ == 0)
        film->first_bytes = vt->bytes;
    film->bytes = (double)(vt->bytes - film->first_bytes);
    for (int row = 0; row < film->rows; row++)
        for (int col = 0; col < film->cols; col++)
            *cell++ = vt_cell(vt, row, col);
}

/* As a terminal has it; libvterm's own greys are others than everybody's. */
static inline uint32_t film_rgb(const struct vt *vt, VTermColor colour)
{
    static const uint32_t level[6] = {0, 95, 135, 175, 215, 255};
    uint32_t i = colour.indexed.idx - 16u;

    if (!VTERM_COLOR_IS_INDEXED(&colour) || colour.indexed.idx < 16)
        return vt_rgb(vt, colour);
    if (i >= 216)
        return (8 + 10 * (i - 216)) * 0x10101u;
    return level[i / 36] << 16 | level[i / 6 % 6] << 8 | level[i % 6];
}

static inline uint8_t film_role(struct film *film, const VTermColor *colour)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(colour) || VTERM_COLOR_IS_DEFAULT_BG(colour))
        return 1;
    for (int i = 2; i < film->colours; i++)
        if (vterm_color_is_equal(&film->colour[i], colour))
            return (uint8_t)i;
    if (film->colours == FILM_COLOURS) {
        film->too_many = true;
        return 2;
    }
    film->palette &= VTERM_COLOR_IS_INDEXED(colour) && colour->indexed.idx >= 16;
    film->sixteen &= VTERM_COLOR_IS_INDEXED(colour) && colour->indexed.idx < 16;
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

/* Foreground and background of a role are one colour: a block, which no theme tries to make readable. */
static inline void film_theme(const struct film *film, const struct vt *vt, struct theme *theme)
{
    const struct theme_entry none = {.fg_rgb = -1, .bg_rgb = -1, .fg_16 = -1, .bg_16 = -1};

    for (int i = 0; i < FILM_COLOURS; i++) {
        struct theme_entry *entry = i < ROLE_COUNT ? &theme->entry[i] : &theme->sample[i - ROLE_COUNT];

        *entry = none;
        if (i < 2 || i >= film->colours)
            continue;
        entry->fg_rgb = entry->bg_rgb = (int32_t)film_rgb(vt, film->colour[i]);
        if (film->sixteen)
            entry->fg_16 = entry->bg_16 = (int8_t)film->colour[i].indexed.idx;
    }
}

static inline enum colour_depth film_depth(const struct film *film)
{
    return film->sixteen ? DEPTH_16 : film->palette ? DEPTH_256 : DEPTH_TRUE;
}

static inline void film_close(struct film *film)
{
    free(film->cell);
    film->cell = NULL;
}

#endif
