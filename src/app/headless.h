/*
 * headless.h - the main thread beside a live engine that has no screen, or has lost it: signals, a clock, nothing else.
 *
 * TERM, INT and QUIT end in order, HUP reads the configuration anew (settings.h), USR1 kills, USR2 reopens the log, TSTP is
 * refused. With no signal the thread sleeps: a closed terminal costs nothing.
 */
#ifndef APP_HEADLESS_H
#define APP_HEADLESS_H

#include "app/engine.h"
#include "app/script_run.h"
#include "app/settings.h"

struct headless_config {
    struct engine *engine; /* started; stopped when this returns */
    struct settings_live *settings;
    int64_t seconds;           /* 0: until a signal */
    struct script_run *script; /* commands of the start; the engine has a screen for them. NULL: none */
    bool detached;             /* a screen was here: its terminal is gone */
};

/* Returns the exit code. */
int headless_run(const struct headless_config *config);

void headless_catch_kill(struct engine *engine); /* USR1; of a screen, too; the engine outlives it */
/* Signals that end, reload or refuse wait until somebody watches them again, or for ever: none is the default's. */
void headless_hold_signals(void);
void headless_release_signals(void); /* once they are watched; a parent may have left them blocked */

#endif
