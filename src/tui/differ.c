#include "tui/differ.h"

#include "tui/shown.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_RESERVE (2 * PEN_STEP_MAX)
/*
 * Before a picture from nothing: a terminal that takes our UTF-8 for bytes found a control string in it (0x90 in a half block), and
 * would swallow the clearing and all behind it.
 */
#define STRING_END "\033\\"
#define SYNC_ON    "\033[?2026h"
#define SYNC_OFF   "\033[?2026l"

struct differ {
    struct pen pen;
    struct theme theme;
    enum glyph_tier tier;
    int rows, cols;
    bool clear_first;  /* nothing is known of the screen */
    bool cursor_shown; /* the terminal's cursor is visible */
    int cursor_row, cursor_col;
    int rest_row;        /* where painting of the rest stopped */
    struct shown *shown; /* rows x cols */
    struct shown *next;  /* one row, being compared */
};

/* One call of differ_draw(). */
struct job {
    struct differ *differ;
    const struct differ_frame *frame;
    struct sink *sink;
    size_t start;
    size_t cells;
    bool stopped; /* budget or room is used up */
};

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
    free(differ);
}

bool differ_resize(struct differ *differ, int rows, int cols)
{
    struct shown *shown, *next;

    assert(rows > 0 && cols > 0);
    shown = calloc((size_t)rows * (size_t)cols, sizeof(*shown));
    next = calloc((size_t)cols, sizeof(*next));
    if (shown == NULL || next == NULL) {
        free(shown);
        free(next);
        return false;
    }
    free(differ->shown);
    free(differ->next);
    differ->shown = shown;
    differ->next = next;
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

/* --- cells ----------------------------------------------------------------------------------------------- */

static ink style_ink(struct differ *differ, struct style style)
{
    return pen_style_ink(&differ->pen, &differ->theme, style);
}

/* On lesser tiers a wide character is `?` and a blank, and marks are left out. */
static struct shown cell_shown(struct differ *differ, const struct cell *cell)
{
    struct shown shown = {.from = *cell, .ink = style_ink(differ, cell->style), .width = cell->width};

    if (differ->tier == TIER_UTF8 || cell->width == 1)
        shown.code = glyph_map(differ->tier, cell->code);
    else
        shown.code = cell->width == 2 ? '?' : ' ';
    if (differ->tier == TIER_UTF8)
        memcpy(shown.mark, cell->mark, sizeof(shown.mark));
    else
        shown.width = 1;
    if (shown.code == ' ' && shown.width == 1 && shown.mark[0] == 0)
        shown.ink = ink_blank(shown.ink);
    return shown;
}

/* The canvas's row as the terminal would show it, into differ->next. False if nothing in it differs. */
static bool row_resolve(struct differ *differ, const struct canvas *canvas, int row)
{
    static const struct cell blank = {.code = ' ', .style = {.fg = ROLE_TEXT}, .width = 1};
    const struct shown *shown = &differ->shown[(size_t)row * (size_t)differ->cols];
    bool differs = false;

    for (int c = 0; c < differ->cols; c++) {
        const struct cell *cell = canvas_cell(canvas, row, c);

        if (cell == NULL || (cell->width == 2 && c == differ->cols - 1))
            cell = &blank;
        if (cell_equal(cell, &shown[c].from)) {
            differ->next[c] = shown[c];
            continue;
        }
        differ->next[c] = cell_shown(differ, cell);
        differs |= !shown_equal(&differ->next[c], &shown[c]);
    }
    return differs;
}

/* --- writing --------------------------------------------------------------------------------------------- */

static bool job_full(struct job *job)
{
    size_t used = job->sink->size - job->start;

    if (job->sink->room - job->sink->size < FRAME_RESERVE + 2 * PEN_STEP_MAX ||
        (job->frame->bytes_max > 0 && used >= job->frame->bytes_max))
        job->stopped = true;
    return job->stopped;
}

/* Over a short gap of cells that are right already it may be cheaper to write them again than to jump. */
static bool gap_write(struct job *job, int row, int col)
{
    struct differ *differ = job->differ;
    struct pen *pen = &differ->pen;
    const struct shown *shown = &differ->shown[(size_t)row * (size_t)differ->cols];
    char bytes[PEN_STEP_MAX], glyph[SHOWN_BYTES_MAX];
    size_t size = 0, cost;

    if (pen->col < 0 || pen->row != row || col <= pen->col || col - pen->col > 8)
        return false;
    cost = pen_move_cost(pen, row, col);
    for (int c = pen->col; c < col; c++) {
        size_t glyph_size;

        if (!shown_width_trusted(&shown[c]) || !pen_fits(pen, shown[c].ink))
            return false;
        glyph_size = shown_bytes(&shown[c], glyph);
        if (size + glyph_size > cost)
            return false;
        memcpy(bytes + size, glyph, glyph_size);
        size += glyph_size;
    }
    sink_put(job->sink, bytes, size);
    pen->col = col;
    return true;
}

static void go_to(struct job *job, int row, int col)
{
    if (!gap_write(job, row, col))
        pen_move(&job->differ->pen, job->sink, row, col);
}

/* How many of the cells from col on, up to end, are the same plain character as the one there. */
static int run_length(const struct differ *differ, int col, int end)
{
    int count = 1;

    while (col + count < end && shown_equal(&differ->next[col + count], &differ->next[col]))
        count++;
    return count;
}

static void take_over(struct differ *differ, int row, int col, int count)
{
    memcpy(&differ->shown[(size_t)row * (size_t)differ->cols + (size_t)col], &differ->next[col],
           (size_t)count * sizeof(struct shown));
}

/* A long run of blanks inside the row: erase, and jump over it. Returns the cells done, 0 if that is no gain. */
static int erase_run(struct job *job, int col, int end)
{
    struct differ *differ = job->differ;
    char text[TERMINFO_PARAM_MAX];
    int count;
    size_t size;

    if (!shown_blank(&differ->next[col]) || !pen_can_erase(&differ->pen, differ->next[col].ink))
        return 0;
    count = run_length(differ, col, end);
    size = terminfo_param(differ->pen.info, CAP_ERASE_CHARS, count, 0, text);
    if (size == 0 || (size_t)count < 2 * size + 2)
        return 0;
    sink_put(job->sink, text, size);
    return count;
}

/* The cell (or run of cells) at col. Returns the columns done. */
static int put_cells(struct job *job, int row, int col, int end)
{
    struct differ *differ = job->differ;
    const struct shown *next = &differ->next[col];
    char glyph[SHOWN_BYTES_MAX];
    int count;

    go_to(job, row, col);
    pen_set(&differ->pen, job->sink, next->ink);
    count = erase_run(job, col, end);
    if (count == 0) {
        count = next->width == 2 ? 2 : 1;
        sink_put(job->sink, glyph, shown_bytes(next, glyph));
        if (shown_width_trusted(next))
            pen_advance(&differ->pen, count);
        else
            differ->pen.col = -1;
    }
    take_over(differ, row, col, count);
    job->cells += (size_t)count;
    return count;
}

/* On a terminal that wraps at once, the corner that would scroll the screen. It stays as it is. */
static bool is_corner(const struct differ *differ, int row, int col)
{
    return differ->pen.info->wraps_at_once && row == differ->rows - 1 && col == differ->cols - 1;
}

/* From where on the row can be erased to its end with gain; cols: nowhere. */
static int erase_from(const struct differ *differ, int row)
{
    const struct shown *shown = &differ->shown[(size_t)row * (size_t)differ->cols];
    const struct shown *last = &differ->next[differ->cols - 1];
    int from = differ->cols, first = differ->cols;
    size_t changed = 0;

    if (differ->pen.info->cap[CAP_ERASE_LINE] == NULL || !shown_blank(last) ||
        !pen_can_erase(&differ->pen, last->ink))
        return differ->cols;
    while (from > 0 && shown_equal(&differ->next[from - 1], last)) {
        from--;
        if (!shown_equal(&differ->next[from], &shown[from])) {
            first = from;
            changed++;
        }
    }
    return changed > strlen(differ->pen.info->cap[CAP_ERASE_LINE]) ? first : differ->cols;
}

static void erase_to_end(struct job *job, int row, int col)
{
    struct differ *differ = job->differ;

    go_to(job, row, col);
    pen_set(&differ->pen, job->sink, differ->next[col].ink);
    sink_text(job->sink, differ->pen.info->cap[CAP_ERASE_LINE]);
    job->cells += (size_t)(differ->cols - col);
    take_over(differ, row, col, differ->cols - col);
}

/* Columns [left, right) of a row. Wide characters at the edges are taken whole. */
static void paint_row(struct job *job, int row, int left, int right)
{
    struct differ *differ = job->differ;
    const struct shown *shown = &differ->shown[(size_t)row * (size_t)differ->cols];
    int erase = differ->cols, c;

    if (!row_resolve(differ, job->frame->canvas, row))
        return;
    while (left > 0 && (differ->next[left].width == 0 || shown[left].width == 0))
        left--;
    while (right < differ->cols && (differ->next[right].width == 0 || shown[right].width == 0))
        right++;
    if (right == differ->cols)
        erase = erase_from(differ, row);
    if (erase < left)
        erase = differ->cols;
    for (c = left; c < right && c < erase;) {
        if (shown_equal(&differ->next[c], &shown[c])) {
            take_over(differ, row, c, 1); /* looks the same, from another cell: remember that one */
            c++;
            continue;
        }
        if (differ->next[c].width == 0 && c > 0) /* the first half was right, the second not: both again */
            c--;
        if (is_corner(differ, row, c)) {
            take_over(differ, row, c, 1);
            break;
        }
        if (job_full(job))
            return;
        c += put_cells(job, row, c, right < erase ? right : erase);
    }
    if (erase < right && !job_full(job))
        erase_to_end(job, row, erase);
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

/* --- the frame ------------------------------------------------------------------------------------------- */

/* Nothing is known: clear with the theme's background, where the terminal can. */
static void clear_screen(struct job *job)
{
    struct differ *differ = job->differ;
    ink blank = ink_blank(style_ink(differ, STYLE_TEXT));
    struct shown shown = {.from = {.code = 0, .width = 0xff}, .code = ' ', .width = 1};

    pen_lost(&differ->pen);
    shown.ink = pen_can_erase(&differ->pen, blank) ? blank : ink_pack(INK_ANY, INK_DEFAULT, 0);
    pen_set(&differ->pen, job->sink, shown.ink);
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

/* Cheap look for something to do, before a byte is written. */
static bool anything_differs(struct job *job)
{
    struct differ *differ = job->differ;

    if (differ->clear_first || !cursor_is_right(job))
        return true;
    for (int row = 0; row < differ->rows; row++)
        if (row_resolve(differ, job->frame->canvas, row))
            return true;
    return false;
}

struct differ_result differ_draw(struct differ *differ, const struct differ_frame *frame, struct sink *sink)
{
    struct job job = {.differ = differ, .frame = frame, .sink = sink, .start = sink->size};
    size_t first_done = 0;

    if (sink->room - sink->size < FRAME_RESERVE + 2 * PEN_STEP_MAX)
        return (struct differ_result){.complete = false};
    if (!anything_differs(&job))
        return (struct differ_result){.first_done = frame->first_count, .complete = true};
    if (differ->clear_first && differ->pen.info->ansi)
        sink_text(sink, STRING_END);
    if (frame->sync)
        sink_text(sink, SYNC_ON);
    if (differ->cursor_shown)
        cursor_hide(&job);
    if (differ->clear_first)
        clear_screen(&job);
    for (size_t i = 0; i < frame->first_count && !job.stopped; i++) {
        paint_rect(&job, frame->first[i]);
        first_done += job.stopped ? 0 : 1;
    }
    if (!job.stopped)
        paint_rest(&job);
    cursor_place(&job);
    if (frame->sync)
        sink_text(sink, SYNC_OFF);
    return (struct differ_result){job.cells, first_done, !job.stopped};
}
