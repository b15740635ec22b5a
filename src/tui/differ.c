#include "tui/differ_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/*
 * Before a picture from nothing: a terminal that takes our UTF-8 for bytes found a control string in it (0x90 in a half
 * block), and would swallow the clearing and all behind it.
 */
#define STRING_END "\033\\"
#define SYNC_ON    "\033[?2026h"
#define SYNC_OFF   "\033[?2026l"
#define SYNC_LEAST 256 /* bytes: less arrives in one piece, and the brackets have sixteen */

struct differ *differ_new(const struct terminfo *info, const struct theme *theme, enum colour_depth depth,
                          enum glyph_tier tier, int rows, int cols)
{
    struct differ *differ = calloc(1, sizeof(*differ));

    if (differ == NULL)
        return NULL;
    pen_init(&differ->pen, info, depth);
    differ->theme = *theme;
    differ->tier = tier;
    differ->cursor_shown = true; /* as a shell leaves it */
    if (!differ_resize(differ, rows, cols)) {
        free(differ);
        return NULL;
    }
    return differ;
}

void differ_free(struct differ *differ)
{
    if (differ == NULL)
        return;
    free(differ->shown);
    free(differ->next);
    free(differ->due);
    free(differ->row_look);
    free(differ);
}

bool differ_resize(struct differ *differ, int rows, int cols)
{
    size_t cells = (size_t)rows * (size_t)cols;
    struct shown *shown, *next, *due;
    enum row_look *row_look;

    assert(rows > 0 && cols > 0 && cols <= DIFFER_COLUMNS);
    shown = calloc(cells, sizeof(*shown));
    next = calloc((size_t)cols, sizeof(*next));
    due = calloc(cells, sizeof(*due));
    row_look = calloc((size_t)rows, sizeof(*row_look));
    if (shown == NULL || next == NULL || due == NULL || row_look == NULL) {
        free(shown);
        free(next);
        free(due);
        free(row_look);
        return false;
    }
    free(differ->shown);
    free(differ->next);
    free(differ->due);
    free(differ->row_look);
    differ->shown = shown;
    differ->next = next;
    differ->due = due;
    differ->row_look = row_look;
    differ->rows = differ->pen.rows = rows;
    differ->cols = differ->pen.cols = cols;
    differ->rest_row = 0;
    differ_invalidate(differ);
    return true;
}

void differ_invalidate(struct differ *differ)
{
    differ->clear_first = true;
}

void differ_set_theme(struct differ *differ, const struct theme *theme)
{
    differ->theme = *theme;
    pen_forget_styles(&differ->pen);
    differ_invalidate(differ);
}

void differ_set_tier(struct differ *differ, enum glyph_tier tier)
{
    differ->tier = tier;
    differ_invalidate(differ);
}

enum colour_depth differ_depth(const struct differ *differ)
{
    return differ->pen.depth;
}

enum glyph_tier differ_tier(const struct differ *differ)
{
    return differ->tier;
}

/* --- the frame ------------------------------------------------------------------------------------------- */

struct shown differ_blank(struct differ *differ)
{
    ink blank = ink_blank(differ_style_ink(differ, STYLE_TEXT));

    if (!pen_can_erase(&differ->pen, blank))
        blank = ink_pack(INK_ANY, INK_DEFAULT, 0);
    return (struct shown){.from = {.code = 0, .width = 0xff}, .ink = blank, .code = ' ', .width = 1};
}

/* Nothing is known: clear with the theme's background, where the terminal can. */
static void clear_screen(struct job *job)
{
    struct differ *differ = job->differ;
    struct shown shown = differ_blank(differ);
    char text[TERMINFO_PARAM_MAX];

    pen_lost(&differ->pen);
    pen_set(&differ->pen, job->sink, shown.ink);
    if (differ->pen.info->cap[CAP_REGION] != NULL) /* what was cut before may have left one */
        sink_put(job->sink, text, terminfo_param(differ->pen.info, CAP_REGION, 0, differ->rows - 1, text));
    sink_text(job->sink, differ->pen.info->cap[CAP_CLEAR]);
    differ->pen.row = differ->pen.col = 0;
    for (int i = 0; i < differ->rows * differ->cols; i++)
        differ->shown[i] = shown;
    differ->clear_first = false;
}

static void cursor_hide(struct job *job)
{
    sink_text(job->sink, job->differ->pen.info->cap[CAP_CURSOR_HIDE]);
    job->differ->cursor_shown = false;
}

static bool cursor_wanted(const struct job *job)
{
    return job->frame->cursor_row >= 0 && job->frame->cursor_row < job->differ->rows &&
           job->frame->cursor_col >= 0 && job->frame->cursor_col < job->differ->cols;
}

/* Terminals that cannot hide the cursor have it parked in the corner of the status row. */
static void cursor_place(struct job *job)
{
    struct differ *differ = job->differ;

    if (cursor_wanted(job)) {
        pen_move(&differ->pen, job->sink, job->frame->cursor_row, job->frame->cursor_col);
        if (!differ->cursor_shown)
            sink_text(job->sink, differ->pen.info->cap[CAP_CURSOR_SHOW]);
        differ->cursor_shown = true;
        differ->cursor_row = job->frame->cursor_row;
        differ->cursor_col = job->frame->cursor_col;
    } else if (differ->pen.info->cap[CAP_CURSOR_HIDE] == NULL) {
        pen_move(&differ->pen, job->sink, 0, 0);
    }
}

static bool cursor_is_right(const struct job *job)
{
    const struct differ *differ = job->differ;

    if (!cursor_wanted(job))
        return !differ->cursor_shown || differ->pen.info->cap[CAP_CURSOR_HIDE] == NULL;
    return differ->cursor_shown && differ->cursor_row == job->frame->cursor_row &&
           differ->cursor_col == job->frame->cursor_col;
}

/* Cells that differ, before a byte is written. */
static size_t look(struct job *job)
{
    struct differ *differ = job->differ;
    size_t count = 0;

    for (int row = 0; row < differ->rows; row++)
        count += differ_look(differ, job->frame->canvas, row);
    return count;
}

/* --- painting -------------------------------------------------------------------------------------------- */

static void write_gathered(struct job *job, bool in_order)
{
    job_write_runs(job, in_order);
    job->differ->runs = job->differ->due_cells = job->differ->ink_count = 0;
}

/* Columns [left, right) of a row by themselves. */
static void paint_row(struct job *job, int row, int left, int right)
{
    struct differ *differ = job->differ;

    if (differ->row_look[row] == ROW_SAME)
        return;
    differ_gather(differ, job->frame->canvas, row, left, right);
    write_gathered(job, differ->row_look[row] == ROW_DISPUTED);
}

static void paint_rect(struct job *job, struct canvas_rect rect)
{
    struct differ *differ = job->differ;
    int top = rect.row < 0 ? 0 : rect.row, left = rect.col < 0 ? 0 : rect.col;
    int64_t bottom = (int64_t)rect.row + rect.rows, right = (int64_t)rect.col + rect.cols;

    if (bottom > differ->rows)
        bottom = differ->rows;
    if (right > differ->cols)
        right = differ->cols;
    if (left >= right)
        return;
    for (int row = top; row < bottom && !job->stopped; row++)
        paint_row(job, row, left, (int)right);
}

/* All that was not first, from where the last frame was cut. */
static void paint_rest(struct job *job)
{
    struct differ *differ = job->differ;
    int from = differ->rest_row;

    for (int i = 0; i < differ->rows; i++) {
        int row = (from + i) % differ->rows;

        paint_row(job, row, 0, differ->cols);
        if (job->stopped) {
            differ->rest_row = row;
            return;
        }
    }
    differ->rest_row = 0;
}

/* All of it arrives together: in whatever order takes the fewest bytes. */
static void paint_all(struct job *job)
{
    struct differ *differ = job->differ;

    for (int row = 0; row < differ->rows && !job->stopped; row++)
        if (differ->row_look[row] == ROW_DISPUTED)
            paint_row(job, row, 0, differ->cols);
    for (int row = 0; row < differ->rows && !job->stopped; row++) {
        if (differ->row_look[row] == ROW_DIFFERS)
            differ_gather(differ, job->frame->canvas, row, 0, differ->cols);
        if (differ->runs >= DIFFER_RUNS)
            write_gathered(job, false);
    }
    if (!job->stopped)
        write_gathered(job, false);
}

/* In the order of what matters. Returns how many of the first rectangles are done. */
static size_t paint_by_rank(struct job *job)
{
    const struct differ_frame *frame = job->frame;
    size_t done = 0;

    for (size_t i = 0; i < frame->first_count && !job->stopped; i++) {
        paint_rect(job, frame->first[i]);
        done += job->stopped ? 0 : 1;
    }
    if (!job->stopped)
        paint_rest(job);
    return done;
}

/* --- the frame ------------------------------------------------------------------------------------------- */

/* A frame that came out small goes without its brackets. */
static void sync_end(struct job *job)
{
    struct sink *sink = job->sink;
    size_t on = strlen(SYNC_ON), size = sink->size - job->start - on;

    if (size >= SYNC_LEAST) {
        sink_text(sink, SYNC_OFF);
        return;
    }
    memmove(sink->bytes + job->start, sink->bytes + job->start + on, size);
    sink->size -= on;
}

struct differ_result differ_draw(struct differ *differ, const struct differ_frame *frame, struct sink *sink)
{
    struct job job = {.differ = differ, .frame = frame, .sink = sink, .start = sink->size};
    size_t first_done = frame->first_count, changed = 0;

    if (sink->room - sink->size < DIFFER_RESERVE + 2 * PEN_STEP_MAX)
        return (struct differ_result){.complete = false};
    if (!differ->clear_first && (changed = look(&job)) == 0 && cursor_is_right(&job))
        return (struct differ_result){.first_done = frame->first_count, .complete = true};
    if (differ->clear_first && differ->pen.info->ansi)
        sink_text(sink, STRING_END);
    if (frame->sync)
        sink_text(sink, SYNC_ON);
    if (differ->cursor_shown)
        cursor_hide(&job);
    if (differ->clear_first) {
        clear_screen(&job);
        changed = look(&job);
    } else if (job_scroll(&job, changed)) {
        changed = look(&job);
    }
    if (frame->bytes_max == 0 || changed * DIFFER_CELL_BYTES <= frame->bytes_max)
        paint_all(&job);
    else
        first_done = paint_by_rank(&job);
    cursor_place(&job);
    if (frame->sync)
        sync_end(&job);
    return (struct differ_result){job.cells, first_done, !job.stopped};
}
