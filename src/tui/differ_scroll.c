/*
 * The part of the differ that moves rows which are on the screen already, but elsewhere: a list that goes up or down by
 * some rows. Whole rows alone, inside a scrolling region that lasts for that one sequence.
 */
#include "tui/differ_parts.h"

#include <stdlib.h>
#include <string.h>

#define CHANGED_LEAST 80 /* cells that differ: below that nobody looks for a shift */
#define ROW_LEAST     8  /* and so many in a row that differs: figures that tick are no list that moves */
#define GAIN_LEAST    40 /* cells that need not be written: more bytes than the shift takes */

/* Rows [top, bottom] go down by `by` rows, up if it is negative. */
struct shift {
    int top, bottom, by;
};

#define HASH_START UINT64_C(14695981039346656037)

_Static_assert(sizeof(struct cell) == 16, "a cell is two words, without a gap");

static uint64_t hash_cell(uint64_t hash, const struct cell *cell)
{
    uint64_t word[2];

    memcpy(word, cell, sizeof(word));
    hash = (hash ^ word[0]) * UINT64_C(1099511628211);
    hash = (hash ^ hash >> 29 ^ word[1]) * UINT64_C(1099511628211);
    return hash;
}

static const struct shown *row_of(const struct differ *differ, int row)
{
    return &differ->shown[(size_t)row * (size_t)differ->cols];
}

static uint64_t hash_shown(const struct differ *differ, int row)
{
    const struct shown *shown = row_of(differ, row);
    uint64_t hash = HASH_START;

    for (int c = 0; c < differ->cols; c++)
        hash = hash_cell(hash, &shown[c].from);
    return hash;
}

static uint64_t hash_wanted(const struct differ *differ, const struct canvas *canvas, int row)
{
    uint64_t hash = HASH_START;

    for (int c = 0; c < differ->cols; c++) {
        const struct cell *cell = canvas_cell(canvas, row, c);

        if (cell != NULL)
            hash = hash_cell(hash, cell);
    }
    return hash;
}

/* The shift that most of the rows which differ have made; by == 0: none. */
static struct shift find(const struct differ *differ, const struct canvas *canvas)
{
    uint64_t have[CANVAS_ROWS_MAX], want[CANVAS_ROWS_MAX];
    uint16_t votes[2 * CANVAS_ROWS_MAX] = {0};
    struct shift best = {.by = 0};
    int most = 2; /* so many rows are no list */

    for (int r = 0; r < differ->rows; r++) {
        have[r] = hash_shown(differ, r);
        want[r] = differ->row_look[r] == ROW_SAME ? have[r] : hash_wanted(differ, canvas, r);
    }
    for (int r = 0; r < differ->rows; r++)
        for (int from = 0; differ->row_look[r] != ROW_SAME && from < differ->rows; from++)
            if (have[from] == want[r] && ++votes[r - from + CANVAS_ROWS_MAX] > most) {
                most = votes[r - from + CANVAS_ROWS_MAX];
                best.by = r - from;
            }
    best.top = differ->rows;
    for (int r = 0; best.by != 0 && r < differ->rows; r++) {
        int from = r - best.by;

        if (from < 0 || from >= differ->rows || differ->row_look[r] == ROW_SAME || have[from] != want[r])
            continue;
        best.top = r < best.top ? r : best.top;
        best.bottom = r;
    }
    best.top -= best.by > 0 ? best.by : 0;
    best.bottom -= best.by < 0 ? best.by : 0;
    return best;
}

/* Cells of the row that look other than in a row that is shown now; of which there is none: that are not blank. */
static int unlike(const struct differ *differ, const struct canvas *canvas, int row, int from)
{
    const struct shown *shown = from < 0 ? NULL : row_of(differ, from);
    int count = 0;

    for (int c = 0; c < differ->cols; c++) {
        const struct cell *cell = canvas_cell(canvas, row, c);

        if (cell != NULL)
            count += shown == NULL ? cell->code != ' ' : !cell_equal(cell, &shown[c].from);
    }
    return count;
}

static int gain(const struct differ *differ, const struct canvas *canvas, const struct shift *shift)
{
    int cells = 0;

    for (int r = shift->top; r <= shift->bottom; r++) {
        int from = r - shift->by;

        cells += unlike(differ, canvas, r, r);
        cells -= unlike(differ, canvas, r, from < shift->top || from > shift->bottom ? -1 : from);
    }
    return cells;
}

/* What the terminal shows after it. */
static void move_shown(struct differ *differ, const struct shift *shift, struct shown blank)
{
    size_t cols = (size_t)differ->cols, count = (size_t)abs(shift->by);
    size_t rows = (size_t)(shift->bottom - shift->top + 1);
    struct shown *first = &differ->shown[(size_t)shift->top * cols], *empty = first;

    if (shift->by > 0) {
        memmove(first + count * cols, first, (rows - count) * cols * sizeof(*first));
    } else {
        memmove(first, first + count * cols, (rows - count) * cols * sizeof(*first));
        empty = first + (rows - count) * cols;
    }
    for (size_t i = 0; i < count * cols; i++)
        empty[i] = blank;
}

static bool can_scroll(const struct differ *differ)
{
    const char *const *cap = differ->pen.info->cap;

    return differ->pen.info->ansi && cap[CAP_REGION] != NULL && cap[CAP_INSERT_LINES] != NULL &&
           cap[CAP_DELETE_LINES] != NULL && differ->rows <= CANVAS_ROWS_MAX;
}

bool job_scroll(struct job *job, size_t changed)
{
    struct differ *differ = job->differ;
    struct shown blank = differ_blank(differ);
    char text[TERMINFO_PARAM_MAX];
    const struct terminfo *info = differ->pen.info;
    struct shift shift;
    size_t rows = 0;

    for (int r = 0; r < differ->rows; r++)
        rows += differ->row_look[r] != ROW_SAME;
    if (changed < CHANGED_LEAST || changed < ROW_LEAST * rows || !can_scroll(differ))
        return false;
    shift = find(differ, job->frame->canvas);
    if (shift.by == 0 || gain(differ, job->frame->canvas, &shift) < GAIN_LEAST)
        return false;
    pen_set(&differ->pen, job->sink, blank.ink);
    sink_put(job->sink, text, terminfo_param(info, CAP_REGION, shift.top, shift.bottom, text));
    differ->pen.col = -1; /* at home on most, and nobody knows on all */
    pen_move(&differ->pen, job->sink, shift.top, 0);
    sink_put(
        job->sink, text,
        terminfo_param(info, shift.by > 0 ? CAP_INSERT_LINES : CAP_DELETE_LINES, abs(shift.by), 0, text));
    sink_put(job->sink, text, terminfo_param(info, CAP_REGION, 0, differ->rows - 1, text));
    differ->pen.col = -1;
    move_shown(differ, &shift, blank);
    return true;
}
