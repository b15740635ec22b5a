/*
 * ui_loop_state.h - the screen's loop: what its own file (keys, frames, signals, life) and ui_loop_host.c (what the ui asks of it)
 * share. Private to the two.
 */
#ifndef APP_UI_LOOP_STATE_H
#define APP_UI_LOOP_STATE_H

#include "app/settings_desk.h"
#include "app/ui_loop.h"
#include "app/ui_paint.h"
#include "app/ui_theme.h"
#include "tui/screen.h"
#include "tui/ui.h"

#include <ev.h>

#define UI_LOOP_ENDINGS 4 /* signals that end it, HUP the screen alone perhaps */

struct export_file;
struct history_writer;
struct trail;

struct ui_loop {
    const struct ui_loop_config *config;
    const struct ui_port *port;
    struct ev_loop *loop;
    struct screen *screen;
    struct ui *ui;
    struct settings_desk *desk; /* of an attached screen: its own; those of the engine are that program's */
    struct ui_paint paint;
    ev_io readable, writable;
    ev_timer frame, rest; /* rest: the end of that behind an order (pace.h) */
    struct ui_theme theme;
    unsigned frames;
    ev_signal resized, ended[UI_LOOP_ENDINGS], reopen, refused, resumed, kill;
    int64_t read_ns;                /* when the keys that are being done were read; 0: none are */
    bool more;                      /* what was just read is a reason to draw at once */
    bool kill_left;                 /* and it is to be told */
    bool gone;                      /* the terminal is closed */
    struct export_file *saving;     /* NULL: none */
    struct history_writer *history; /* NULL: nothing was typed at the prompt yet */
    const char *detaching;          /* why the screen alone ends; NULL: it does not */
    bool by_user;                   /* who is still at the terminal, and wants it back */
    int exit_code;
    struct trail *trail; /* NULL: screen 7 was not looked at yet */
};

/* To the engine. A kill that does not get through goes by the file, as that of `flowdeck kill`: false all the same. */
bool ui_loop_send(struct ui_loop *self, const struct command *command);
void ui_loop_tell_left(struct ui_loop *self); /* that it went by the file, if it did */
/* What the ui may ask of this loop. False: out of memory. */
bool ui_loop_host(struct ui_loop *self, struct ui_host *out);
/* For each frame: what threads that were asked have brought. */
void ui_loop_host_look(struct ui_loop *self, int64_t now_ns);
/* Waits for what is being written, for a few seconds at most. */
void ui_loop_host_end(struct ui_loop *self);

#endif
