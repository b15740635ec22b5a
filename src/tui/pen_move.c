/* The part of pen.h that moves the cursor. */
#include "tui/pen.h"

#include <stdio.h>
#include <string.h>

/* One of at most two sequences of a move: one step over and over, or one sequence with its figure. */
struct step {
    enum terminfo_cap cap; /* CAP_COUNT: a carriage return, or nothing */
    int count;             /* times, or the figure */
    bool over;             /* so many times */
    size_t size;           /* NO_WAY: cannot */
};

#define NO_WAY  ((size_t)1 << 20)
#define NOTHING ((struct step){CAP_COUNT, 0, false, 0})

/* A way to move: the address, or up or down and then along. */
struct way {
    bool address;
    struct step step[3];
    size_t size;
};

void pen_learn_moves(struct pen *pen)
{
    static const enum terminfo_cap caps[PEN_UNITS] = {CAP_RIGHT_1, CAP_LEFT_1, CAP_DOWN_1, CAP_UP_1};

    for (int i = 0; i < PEN_UNITS; i++)
        pen->unit_size[i] = pen->info->cap[caps[i]] == NULL ? 0 : strlen(pen->info->cap[caps[i]]);
}

static size_t digits(int value)
{
    return value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : 4;
}

static size_t figure_size(const struct pen *pen, enum terminfo_cap cap, int figure)
{
    char text[TERMINFO_PARAM_MAX];
    size_t size;

    if (pen->info->cap[cap] == NULL)
        return NO_WAY;
    if (pen->info->standard[cap] != 0)
        return 3 + digits(cap == CAP_COLUMN || cap == CAP_ROW ? figure + 1 : figure);
    size = terminfo_param(pen->info, cap, figure, 0, text);
    return size == 0 ? NO_WAY : size;
}

static void try_figure(const struct pen *pen, struct step *best, enum terminfo_cap cap, int figure)
{
    size_t size = figure_size(pen, cap, figure);

    if (size < best->size)
        *best = (struct step){cap, figure, false, size};
}

static void try_unit(const struct pen *pen, struct step *best, enum pen_unit unit, enum terminfo_cap cap,
                     int count)
{
    size_t size = pen->unit_size[unit] * (size_t)count;

    if (size > 0 && size < best->size && size < PEN_STEP_MAX / 4)
        *best = (struct step){cap, count, true, size};
}

/* Output processing is off, so a line feed keeps its column; nothing goes past the last row. */
static const struct axis {
    enum pen_unit unit_on, unit_back;
    enum terminfo_cap one_on, one_back, on, back, to;
} along_row = {UNIT_RIGHT, UNIT_LEFT, CAP_RIGHT_1, CAP_LEFT_1, CAP_RIGHT, CAP_LEFT, CAP_COLUMN},
  along_column = {UNIT_DOWN, UNIT_UP, CAP_DOWN_1, CAP_UP_1, CAP_DOWN, CAP_UP, CAP_ROW};

static struct step along(const struct pen *pen, const struct axis *axis, int from, int to)
{
    struct step best = {.size = NO_WAY};

    if (from == to)
        return NOTHING;
    if (to == 0 && axis == &along_row)
        return (struct step){CAP_COUNT, 1, false, 1};
    if (to > from) {
        try_unit(pen, &best, axis->unit_on, axis->one_on, to - from);
        try_figure(pen, &best, axis->on, to - from);
    } else {
        try_unit(pen, &best, axis->unit_back, axis->one_back, from - to);
        try_figure(pen, &best, axis->back, from - to);
    }
    try_figure(pen, &best, axis->to, to);
    return best;
}

/* The cursor's address. A figure of one need not be said where the form is ECMA-48's. */
static size_t address(const struct pen *pen, int row, int col, char out[TERMINFO_PARAM_MAX])
{
    if (pen->info->standard[CAP_MOVE] == 'H' && col == 0)
        return (size_t)(row == 0 ? snprintf(out, TERMINFO_PARAM_MAX, "\033[H")
                                 : snprintf(out, TERMINFO_PARAM_MAX, "\033[%dH", row + 1));
    return terminfo_param(pen->info, CAP_MOVE, row, col, out);
}

static size_t address_size(const struct pen *pen, int row, int col)
{
    char text[TERMINFO_PARAM_MAX];

    if (pen->info->standard[CAP_MOVE] == 'H' && col > 0)
        return 4 + digits(row + 1) + digits(col + 1);
    return address(pen, row, col, text);
}

static struct way way_find(const struct pen *pen, int row, int col)
{
    struct way best = {.address = true, .size = address_size(pen, row, col)};
    struct step down, direct, from_start;

    if (pen->col < 0)
        return best;
    down = along(pen, &along_column, pen->row, row);
    if (down.size >= best.size)
        return best;
    direct = along(pen, &along_row, pen->col, col);
    if (down.size + direct.size < best.size)
        best = (struct way){.step = {down, direct, NOTHING}, .size = down.size + direct.size};
    if (pen->info->standard[CAP_COLUMN] != 0)
        return best; /* from the start it is no shorter then */
    from_start = along(pen, &along_row, 0, col);
    if (down.size + 1 + from_start.size < best.size)
        best = (struct way){.step = {down, {CAP_COUNT, 1, false, 1}, from_start},
                            .size = down.size + 1 + from_start.size};
    return best;
}

static void put_step(const struct pen *pen, struct sink *sink, const struct step *step)
{
    char text[TERMINFO_PARAM_MAX];

    if (step->cap == CAP_COUNT)
        sink_text(sink, step->count > 0 ? "\r" : "");
    else if (!step->over)
        sink_put(sink, text, terminfo_param(pen->info, step->cap, step->count, 0, text));
    else
        for (int i = 0; i < step->count; i++)
            sink_text(sink, pen->info->cap[step->cap]);
}

void pen_move(struct pen *pen, struct sink *sink, int row, int col)
{
    char text[TERMINFO_PARAM_MAX];
    struct way way;

    if (pen->col == col && pen->row == row)
        return;
    way = way_find(pen, row, col);
    if (way.address)
        sink_put(sink, text, address(pen, row, col, text));
    for (int i = 0; !way.address && i < 3; i++)
        put_step(pen, sink, &way.step[i]);
    pen->row = row;
    pen->col = col;
}

size_t pen_move_cost(const struct pen *pen, int row, int col)
{
    return pen->col == col && pen->row == row ? 0 : way_find(pen, row, col).size;
}

void pen_advance(struct pen *pen, int columns)
{
    if (pen->col >= 0)
        pen->col += columns;
    if (pen->col >= pen->cols)
        pen->col = -1;
}
