#include "app/ui_paint.h"

#include <stdio.h>
#include <string.h>

#define TITLE_NS                                                                                             \
    INT64_C(1000000000) /* the title changes so often at most: it has no place in the order of painting */

bool ui_paint_open(struct ui_paint *paint, struct screen *screen, struct ui *ui, int64_t bytes_per_s,
                   int64_t now_ns)
{
    *paint = (struct ui_paint){.screen = screen, .ui = ui, .dirty = true, .urgent = true};
    paint->canvas = canvas_new(screen_rows(screen), screen_cols(screen));
    paint->before = canvas_new(screen_rows(screen), screen_cols(screen));
    pace_init(&paint->pace, bytes_per_s, now_ns);
    return paint->canvas != NULL && paint->before != NULL;
}

void ui_paint_start(struct ui_paint *paint, int64_t now_ns)
{
    if (screen_ask(paint->screen))
        pace_asked(&paint->pace, now_ns);
}

void ui_paint_close(struct ui_paint *paint)
{
    canvas_free(paint->canvas);
    canvas_free(paint->before);
    paint->canvas = paint->before = NULL;
}

void ui_paint_changed(struct ui_paint *paint)
{
    paint->dirty = true;
}

void ui_paint_key(struct ui_paint *paint)
{
    paint->dirty = paint->urgent = true;
}

/* --- what is due ------------------------------------------------------------------------------------------------- */

static void size_as_screen(struct ui_paint *paint)
{
    int rows = screen_rows(paint->screen), cols = screen_cols(paint->screen);

    if (paint->canvas->rows == rows && paint->canvas->cols == cols && paint->before->rows == rows &&
        paint->before->cols == cols)
        return;
    canvas_resize(paint->canvas, rows, cols);
    canvas_resize(paint->before, rows, cols);
    paint->urgent = true;
}

/*
 * Parts whose time has not come keep what they showed. Periods are counted on one clock, so that parts of the same or twice the
 * period come in the same frame: a frame apart would be a move, a colour and its report more.
 */
static void hold_parts(struct ui_paint *paint, int64_t now_ns)
{
    struct ui_held part[UI_HELD_MAX];
    size_t count = ui_held(paint->ui, part);
    uint64_t scene = ui_scene(paint->ui);
    bool all = paint->urgent || scene != paint->scene;

    paint->scene = scene;
    paint->held = false;
    for (size_t i = 0; i < count; i++) {
        if (all || part[i].facts != paint->part_facts[i] ||
            now_ns / part[i].period_ns != paint->part_ns[i] / part[i].period_ns) {
            paint->part_ns[i] = now_ns;
            paint->part_facts[i] = part[i].facts;
        } else {
            canvas_copy(paint->canvas, paint->before, part[i].rect);
            paint->held = true;
        }
    }
}

static void draw_picture(struct ui_paint *paint, int64_t now_ns)
{
    struct canvas *drawn;

    size_as_screen(paint);
    ui_draw(paint->ui, paint->canvas, now_ns);
    hold_parts(paint, now_ns);
    drawn = paint->canvas;
    paint->canvas = paint->before;
    paint->before = drawn;
    paint->dirty = paint->urgent = false;
}

/* --- what goes out ----------------------------------------------------------------------------------------------- */

static void put_title(struct ui_paint *paint, int64_t now_ns)
{
    char title[PAINT_TITLE_MAX];
    uint64_t before = screen_stats(paint->screen).bytes;

    if (paint->title_ns != 0 && now_ns - paint->title_ns < TITLE_NS)
        return;
    ui_title(paint->ui, title, sizeof(title));
    if (strcmp(title, paint->title) == 0 || !screen_title(paint->screen, title))
        return;
    snprintf(paint->title, sizeof(paint->title), "%s", title);
    paint->title_ns = now_ns;
    pace_frame(&paint->pace, (size_t)(screen_stats(paint->screen).bytes - before), false, false, now_ns);
}

static void seen(struct ui_paint *paint, int64_t now_ns)
{
    if (!paint->seen_due)
        return;
    paint->seen_due = false;
    ui_frame_left(paint->ui, now_ns);
}

static enum screen_result put_frame(struct ui_paint *paint, int64_t now_ns)
{
    struct ui_first first = ui_first(paint->ui);
    bool ask = pace_asks(&paint->pace) && screen_can_ask(paint->screen);
    struct screen_budget budget = {first.rect, first.count, pace_bytes(&paint->pace, now_ns), ask};
    enum screen_result result = screen_put(paint->screen, paint->before, &budget);
    struct screen_stats stats = screen_stats(paint->screen);

    if (result == SCREEN_GONE || result == SCREEN_BUSY)
        return result;
    paint->unpainted = stats.cut;
    if (stats.first_done >= first.asked)
        paint->seen_due = true;
    if (result != SCREEN_SAME)
        pace_frame(&paint->pace, (size_t)stats.bytes_frame, ask, stats.cut, now_ns);
    if (!paint->pace.blocks && !screen_wants_write(paint->screen))
        seen(paint, now_ns); /* nobody will tell */
    return result;
}

enum screen_result ui_paint_draw(struct ui_paint *paint, int64_t now_ns)
{
    enum screen_result result;

    if (!paint->dirty && !paint->held && !paint->unpainted)
        return SCREEN_SAME;
    if (screen_wants_write(paint->screen))
        return SCREEN_BUSY; /* a terminal that does not keep up loses frames */
    if (!pace_ready(&paint->pace, now_ns))
        return SCREEN_BUSY;
    if (!pace_waits(&paint->pace, now_ns))
        key_decoder_expect_no_status(screen_keys(paint->screen));
    seen(paint, now_ns); /* of the frame before, whose reply came or will not */
    draw_picture(paint, now_ns);
    screen_set_mouse(paint->screen, ui_wants_mouse(paint->ui));
    result = put_frame(paint, now_ns);
    if (result != SCREEN_GONE && !paint->unpainted)
        put_title(paint, now_ns);
    return result;
}

void ui_paint_left(struct ui_paint *paint, int64_t now_ns)
{
    if (!paint->pace.blocks)
        seen(paint, now_ns);
}

bool ui_paint_reply(struct ui_paint *paint, int64_t now_ns)
{
    if (pace_reply(&paint->pace, now_ns) && !screen_wants_write(paint->screen))
        seen(paint, now_ns);
    return !paint->pace.blocks && (paint->unpainted || paint->urgent);
}
