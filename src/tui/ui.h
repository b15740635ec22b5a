/*
 * ui.h - the screen as a state machine: keys and frames in, commands and a canvas out.
 *
 * No socket, no terminal, no clock in here: time is a parameter, commands leave through a callback, drawing
 * goes to a canvas. So tests drive it directly and the app's loop only carries bytes.
 */
#ifndef TUI_UI_H
#define TUI_UI_H

#include "core/domain/command.h"
#include "tui/canvas.h"
#include "tui/key_decoder.h"
#include "view/view.h"

#include <stdbool.h>
#include <stdint.h>

struct ui;

struct ui_config {
    int64_t size_presets_e8[5]; /* order sizes of - and +, base units */
    bool bell;
    bool mouse;
    bool readonly;
    bool attached;         /* to an engine that runs elsewhere: leaving leaves that alone */
    enum screen_id screen; /* shown first; 0: Trade */
    bool first_start;      /* rule 22: NEXT is the tutor */
    const char *version;
};

/* What the ui wants of its host. */
struct ui_host {
    void *arg;
    /* Sends a command; false when the ring is full (the ui says so). command->seq is set by the ui. */
    bool (*send)(void *arg, const struct command *command);
    void (*quit)(void *arg);   /* leave the program: after COMMAND_QUIT where orders are at stake */
    void (*redraw)(void *arg); /* Ctrl-L: forget what the terminal shows */
    void (*bell)(void *arg);
    void (*copy)(void *arg, const char *text, size_t size); /* OSC 52; NULL: this terminal cannot */
    /* Another theme; on error why says what is wrong. NULL: themes cannot be changed while it runs. */
    bool (*theme)(void *arg, const char *name, char *why, size_t why_size);
    void (*detach)(void *arg); /* leave the engine running without a screen; NULL: not in this version */
};

enum screen_id ui_screen_named(const char *name); /* "market"; 0: there is none */

struct ui *ui_new(const struct ui_config *config, const struct ui_host *host); /* NULL: memory */
void ui_free(struct ui *ui);
void ui_key(struct ui *ui, const struct key_event *key, int64_t now_ns);      /* now_ns: monotonic */
void ui_frame(struct ui *ui, const struct view_frame *frame, int64_t now_ns); /* borrowed until the next */
void ui_resize(struct ui *ui, int cols, int rows, int64_t now_ns);
/* Time passes: questions expire, arming ends, answers fade. True if the picture changed. */
bool ui_tick(struct ui *ui, int64_t now_ns);
/* The frame drawn last has left the terminal's buffer (questions count from here). */
void ui_frame_left(struct ui *ui, int64_t now_ns);
void ui_draw(struct ui *ui, struct canvas *canvas, int64_t now_ns);

#define UI_FIRST_MAX 16
#define UI_HELD_MAX  6

/* What of the picture drawn last matters most, for lines that cannot take all at once (SCREENS.md, rule 17). */
struct ui_first {
    struct canvas_rect rect[UI_FIRST_MAX];
    size_t count;
    size_t
        asked; /* the first so many hold the answer to a key or the question: it is seen when they are painted */
};
struct ui_first ui_first(const struct ui *ui);

/* Parts of it that need not be looked at more often than this; all else changes at once. */
struct ui_held {
    struct canvas_rect rect;
    int64_t period_ns;
};
size_t ui_held(const struct ui *ui, struct ui_held out[UI_HELD_MAX]);
/* Reports of the mouse: `:mouse off` gives it back to the terminal, which then selects text with it. */
bool ui_wants_mouse(const struct ui *ui);
/* A number that changes when the picture becomes another one: then nothing of it is held. */
uint64_t ui_scene(const struct ui *ui);

/* "SIM BTCUSDT LONG +7.98", for the terminal's title. Returns out. */
const char *ui_title(const struct ui *ui, char *out, size_t out_size);

#endif
