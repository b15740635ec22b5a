/*
 * key_pictures.h - what a screen shows, cell by cell, to tell whether a key has changed it.
 */
#ifndef SCREEN_KEY_PICTURES_H
#define SCREEN_KEY_PICTURES_H

#include "screen/three_sizes.h"

#define QUIET_MS 60

struct pictures {
    char *text[SIZES];
    bool answers; /* the answers' row belongs to them */
};

/* Characters and how they are painted, without the rows of the state and the clock, and that of the answers if they do not count. */
static inline char *panels_of(struct vt *vt, bool answers)
{
    size_t cell_size = 4 * VTERM_MAX_CHARS_PER_CELL + 3, used = 0;
    char *text = malloc((size_t)vt->rows * (size_t)vt->cols * cell_size + 1);

    assert_non_null(text);
    for (int row = 2; row < vt->rows - (answers ? 1 : 2); row++) {
        used += vt_row_into(vt, row, text + used);
        for (int col = 0; col < vt->cols; col++) {
            VTermScreenCell cell = vt_cell(vt, row, col);
            bool blank = cell.chars[0] == 0 || cell.chars[0] == ' '; /* a bold one looks like any */
            uint32_t colours = (uint32_t)vt_rgb(vt, cell.bg) * 31u +
                               (blank ? 0 : (uint32_t)vt_rgb(vt, cell.fg) * 2654435761u);

            text[used++] = (char)('a' + (cell.attrs.reverse | (!blank && cell.attrs.bold ? 2 : 0)));
            text[used++] = (char)('a' + (colours >> 8) % 26);
            text[used++] = (char)('a' + (colours >> 20) % 26);
        }
    }
    text[used] = '\0';
    return text;
}

static inline void until_quiet(struct three *all)
{
    int64_t end_ms = vt_now_ms() + 1000, heard_ms = vt_now_ms();

    while (vt_now_ms() < end_ms && vt_now_ms() - heard_ms < QUIET_MS)
        for (int i = 0; i < SIZES; i++)
            if (vt_pump(all->vt[i], 3))
                heard_ms = vt_now_ms();
}

static inline struct pictures take(struct three *all, bool answers)
{
    struct pictures taken = {.answers = answers};

    until_quiet(all);
    for (int i = 0; i < SIZES; i++)
        taken.text[i] = panels_of(all->vt[i], answers);
    return taken;
}

static inline void drop(struct pictures *taken)
{
    for (int i = 0; i < SIZES; i++)
        free(taken->text[i]);
}

/* True as soon as each picture is that one, or is not; false after the time, with the first that will not. */
static inline bool until_like(struct three *all, const struct pictures *taken, bool like, int limit_ms,
                              int *at)
{
    int64_t end_ms = vt_now_ms() + limit_ms;

    for (*at = 0; *at < SIZES;) {
        char *now = panels_of(all->vt[*at], taken->answers);
        bool same = strcmp(now, taken->text[*at]) == 0;

        free(now);
        if (same == like) {
            (*at)++;
            continue;
        }
        if (vt_now_ms() >= end_ms)
            return false;
        for (int i = 0; i < SIZES; i++)
            vt_pump(all->vt[i], 5);
    }
    return true;
}

#endif
