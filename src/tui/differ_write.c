/* The part of the differ that writes runs of cells, the cheapest first. */
#include "tui/differ_parts.h"

#include <string.h>

#define GAP_MAX 8 /* columns written anew instead of jumped over */

bool job_full(struct job *job)
{
    size_t used = job->sink->size - job->start;

    if (job->sink->room - job->sink->size < DIFFER_RESERVE + 2 * PEN_STEP_MAX ||
        (job->frame->bytes_max > 0 && used >= job->frame->bytes_max))
        job->stopped = true;
    return job->stopped;
}

/* --- getting there --------------------------------------------------------------------------------------- */

/*
 * Over a short gap of cells that are right already it may be cheaper to write them again than to jump: the bytes of that, 0
 * if it cannot be or takes as many as there are.
 */
static size_t gap_bytes(const struct differ *differ, int row, int col, size_t than, char out[PEN_STEP_MAX])
{
    const struct pen *pen = &differ->pen;
    const struct shown *shown = &differ->shown[(size_t)row * (size_t)differ->cols];
    char glyph[SHOWN_BYTES_MAX];
    size_t size = 0;

    if (pen->col < 0 || pen->row != row || col <= pen->col || col - pen->col > GAP_MAX)
        return 0;
    for (int c = pen->col; c < col; c++) {
        size_t glyph_size;

        if (!shown_width_trusted(&shown[c]) || !pen_fits(pen, shown[c].ink))
            return 0;
        glyph_size = shown_bytes(&shown[c], glyph);
        if (size + glyph_size > than)
            return 0;
        memcpy(out + size, glyph, glyph_size);
        size += glyph_size;
    }
    return size;
}

static void go_to(struct job *job, int row, int col)
{
    struct pen *pen = &job->differ->pen;
    char bytes[PEN_STEP_MAX];
    size_t size = gap_bytes(job->differ, row, col, pen_move_cost(pen, row, col), bytes);

    if (size == 0) {
        pen_move(pen, job->sink, row, col);
        return;
    }
    sink_put(job->sink, bytes, size);
    pen->col = col;
}

/* --- a run ----------------------------------------------------------------------------------------------- */

/* How many of the cells from `at` on are the same as the one there. */
static int same_count(const struct run *run, int at)
{
    int count = 1;

    while (at + count < run->count && shown_equal(&run->due[at + count], &run->due[at]))
        count++;
    return count;
}

static void take_over(struct differ *differ, const struct run *run, int at, int count)
{
    memcpy(&differ->shown[(size_t)run->row * (size_t)differ->cols + (size_t)(run->col + at)], &run->due[at],
           (size_t)count * sizeof(struct shown));
}

/* A long run of blanks inside the row: erase, and jump over it. Returns the cells done, 0 if that is no gain. */
static int erase_run(struct job *job, const struct run *run, int at)
{
    struct differ *differ = job->differ;
    char text[TERMINFO_PARAM_MAX];
    int count;
    size_t size;

    if (!shown_blank(&run->due[at]) || !pen_can_erase(&differ->pen, run->due[at].ink))
        return 0;
    count = same_count(run, at);
    size = terminfo_param(differ->pen.info, CAP_ERASE_CHARS, count, 0, text);
    if (size == 0 || (size_t)count < 2 * size + 2)
        return 0;
    sink_put(job->sink, text, size);
    return count;
}

/* The cell (or cells) at `at`. Returns the columns done. */
static int put_cells(struct job *job, const struct run *run, int at)
{
    struct differ *differ = job->differ;
    const struct shown *due = &run->due[at];
    char glyph[SHOWN_BYTES_MAX];
    int count;

    go_to(job, run->row, run->col + at);
    count = erase_run(job, run, at);
    if (count == 0) {
        count = due->width == 2 ? 2 : 1;
        sink_put(job->sink, glyph, shown_bytes(due, glyph));
        if (shown_width_trusted(due))
            pen_advance(&differ->pen, count);
        else
            differ->pen.col = -1;
    }
    return count;
}

static void done(struct job *job, struct run *run, int count)
{
    take_over(job->differ, run, 0, count);
    job->cells += (size_t)count;
    run->col += count;
    run->due += count;
    run->count -= count;
}

/* What is left of it when there is no more room stays in the run. */
static void write_run(struct job *job, struct run *run)
{
    struct differ *differ = job->differ;

    if (run->erases) {
        go_to(job, run->row, run->col);
        pen_set(&differ->pen, job->sink, run->ink);
        sink_text(job->sink, differ->pen.info->cap[CAP_ERASE_LINE]);
        done(job, run, run->count);
        return;
    }
    while (run->count > 0 && !job_full(job)) {
        go_to(job, run->row, run->col);
        pen_set(&differ->pen, job->sink, run->ink);
        done(job, run, put_cells(job, run, 0));
    }
}

/* --- the order ------------------------------------------------------------------------------------------- */

static size_t ink_cost(struct differ *differ, const struct run *run)
{
    int number = run->ink_number;

    if (number == DIFFER_INKS - 1)
        return pen_set_cost(&differ->pen, run->ink);
    if (!differ->ink_known[number]) {
        differ->ink_cost[number] = pen_set_cost(&differ->pen, run->ink);
        differ->ink_known[number] = true;
    }
    return differ->ink_cost[number];
}

static size_t way_cost(const struct differ *differ, const struct run *run)
{
    size_t move = pen_move_cost(&differ->pen, run->row, run->col), gap;
    char bytes[PEN_STEP_MAX];

    gap = gap_bytes(differ, run->row, run->col, move, bytes);
    return gap > 0 ? gap : move;
}

/* No way to it is shorter: most runs are out of the question by that alone. */
static size_t least_way(const struct pen *pen, const struct run *run)
{
    int down = run->row - pen->row;
    size_t least = run->col == pen->col ? 0 : 1;

    if (down > 0)
        least += down > 4 ? 4 : (size_t)down;
    else if (down < 0)
        least += 2;
    if (pen->col < 0 || (run->col == 0 && least > 3))
        return 3; /* home */
    return least;
}

/* The run that takes the fewest bytes to begin from where the pen is; the upper left one of equals. */
static int cheapest(struct differ *differ)
{
    size_t best_cost = SIZE_MAX;
    int best = 0;

    if (differ->cost_from != differ->pen.ink) {
        memset(differ->ink_known, 0, sizeof(differ->ink_known));
        differ->cost_from = differ->pen.ink;
    }
    for (int i = 0; i < differ->runs; i++) {
        size_t cost = ink_cost(differ, &differ->run[i]);

        if (cost + least_way(&differ->pen, &differ->run[i]) >= best_cost)
            continue;
        cost += way_cost(differ, &differ->run[i]);
        if (cost < best_cost) {
            best_cost = cost;
            best = i;
        }
    }
    return best;
}

void job_write_runs(struct job *job, bool in_order)
{
    struct differ *differ = job->differ;

    memset(differ->ink_known, 0, sizeof(differ->ink_known));
    differ->cost_from = differ->pen.ink;
    while (differ->runs > 0 && !job_full(job)) {
        int at = in_order ? 0 : cheapest(differ);

        write_run(job, &differ->run[at]);
        if (differ->run[at].count > 0)
            return;
        differ->runs--;
        memmove(&differ->run[at], &differ->run[at + 1], (size_t)(differ->runs - at) * sizeof(struct run));
    }
}
