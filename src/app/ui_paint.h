/*
 * ui_paint.h - from the ui's picture to the terminal at the pace of both: how often each part of it is looked at, how much of
 * it goes out at once, and when it was seen.
 *
 * Parts keep what they showed until they are due (ui_held()); what a key changes is due at once. Frames go when
 * tui/pace.h lets them, the most important part first.
 */
#ifndef APP_UI_PAINT_H
#define APP_UI_PAINT_H

#include "tui/pace.h"
#include "tui/screen.h"
#include "tui/ui.h"

#define PAINT_TITLE_MAX 96

struct ui_paint {
    struct screen *screen; /* both borrowed */
    struct ui *ui;
    struct canvas *canvas, *before; /* being drawn; what went out last */
    struct pace pace;
    int64_t part_ns[UI_HELD_MAX]; /* when each part was last let through */
    uint64_t part_facts[UI_HELD_MAX];
    int64_t title_ns;
    uint64_t scene;
    bool dirty;     /* the picture may have changed */
    bool held;      /* a part waits for its time */
    bool unpainted; /* the last frame was cut */
    bool urgent;    /* a key was typed: all of it is due, and as soon as can be */
    bool seen_due;  /* ui_frame_left() is to be called when what was asked has been seen */
    char title[PAINT_TITLE_MAX];
};

/* screen and ui are borrowed. False: out of memory. */
bool ui_paint_open(struct ui_paint *paint, struct screen *screen, struct ui *ui, int64_t bytes_per_s,
                   int64_t now_ns);
/* When answers will be read at once: the first one tells how far away the terminal is. */
void ui_paint_start(struct ui_paint *paint, int64_t now_ns);
void ui_paint_close(struct ui_paint *paint); /* of one that is all zeros too */

void ui_paint_changed(struct ui_paint *paint); /* something */
void ui_paint_key(struct ui_paint *paint);     /* by a key or a new size */

/* For the timer of frames, and after keys. */
enum screen_result ui_paint_draw(struct ui_paint *paint, int64_t now_ns);
/* The bytes that waited have left. */
void ui_paint_left(struct ui_paint *paint, int64_t now_ns);
/* A status report came (KEY_REPLY_STATUS). True: call ui_paint_draw(), more waits. */
bool ui_paint_reply(struct ui_paint *paint, int64_t now_ns);

#endif
