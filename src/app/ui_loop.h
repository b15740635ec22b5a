/*
 * ui_loop.h - the main thread with a screen: keys, signals, frame timer, drawing, on a libev loop.
 *
 * Bytes of the terminal go to the key decoder, its events to the ui, the ui's commands to the engine; frames come
 * from the engine and go through the ui to the canvas and, when the last one has left, to the terminal.
 */
#ifndef APP_UI_LOOP_H
#define APP_UI_LOOP_H

#include "app/cli.h"
#include "app/trail.h"
#include "app/ui_port.h"
#include "core/base/config.h"
#include "feed/replay.h"
#include "tui/ui.h"

/* What one playing of a recording leaves for the next, which its user asked for. */
struct ui_again {
    int64_t wanted_ns;          /* of --at; 0: not given */
    struct replay_span outside; /* where it lies behind the end: the recording's; else zeros */
    bool asked;
    int64_t at_ns; /* unpaced until here */
    int64_t speed_x1000;
    int64_t last_ns; /* of the recording; 0: not known yet */
    enum screen_id screen;
    struct ui_bookmarks bookmarks;
};

struct ui_loop_config {
    struct ui_port port;   /* an engine is not started yet, and stopped when this returns */
    enum screen_id screen; /* shown first; 0: Trade */
    struct config *config; /* what is chosen on the screen is set here */
    const struct cli *cli;
    bool first_start;   /* one of the first three on this data directory: NEXT is the tutor */
    bool can_detach;    /* the engine can be reached without a screen */
    bool hangup_leaves; /* a closed terminal ends it all the same */
    const char *data_dir;
    const char *journal_dir; /* for screen 7; NULL: in data_dir, of the account that is traded */
    struct trail_tap *tap;   /* of a replay; NULL: the journal is read */
    struct ui_again *again;  /* of a replay: bookmarks from before, and the wish; NULL: it is none */
};

/*
 * On an engine that runs elsewhere every way out leaves that one alone, and its end ends the screen: exit code 1.
 *
 * Runs until the user quits, a signal ends it or the terminal is gone. Returns the exit code. *detached: the screen alone is
 * gone, the engine runs on, and signals wait for headless_run().
 */
int ui_loop_run(const struct ui_loop_config *config, bool *detached);

#endif
