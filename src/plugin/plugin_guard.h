/*
 * plugin_guard.h - who is to blame: what runs of a plug-in, for how long, and what happens when it never returns.
 *
 * The host says before each call into a plug-in whose code runs, and takes the time after it. A crash, abort() or
 * exit() in between names the plug-in, sets the kill flag, writes the quarantine line and lets the process die: nobody
 * can know what a crashed library left behind in memory, so the process ends and another one tidies up. A watcher
 * thread does the same for a call that has not come back after late_ms. What no handler can see (_exit(), the kernel's
 * out-of-memory kill) is left in the page: whoever survives finds `running` set there.
 *
 * One guard for the process, two threads at most: the engine's calls go to `running`; those of one other thread, which
 * loads, creates and destroys, go to `loading`, so that both may be inside plug-ins at the same time.
 */
#ifndef PLUGIN_PLUGIN_GUARD_H
#define PLUGIN_PLUGIN_GUARD_H

#include "core/base/err.h"
#include "core/domain/intent.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLUGIN_BUDGET_US 500  /* of one callback; over it is a strike (plugin_strikes.h) */
#define PLUGIN_LATE_MS   5000 /* a call that takes longer ends the process */

enum plugin_call {
    PLUGIN_LOAD,
    PLUGIN_CREATE,
    PLUGIN_DESTROY,
    PLUGIN_START,
    PLUGIN_MARKET,
    PLUGIN_TRADE,
    PLUGIN_SIGNAL,
    PLUGIN_FILL,
    PLUGIN_ORDER,
    PLUGIN_TIMER,
    PLUGIN_PAUSE,
    PLUGIN_STOP,
    PLUGIN_PARAMETER,
    PLUGIN_SAVE,
    PLUGIN_RESTORE,
    PLUGIN_CALLS
};

const char *plugin_call_word(enum plugin_call call); /* "market" */

/* Words in memory that outlives the process, best a page shared with the dead man. NULL: kept inside. */
struct plugin_page {
    _Atomic uint32_t *running;   /* owner whose code the engine thread runs now; 0: none */
    _Atomic int64_t *running_ns; /* since, CLOCK_MONOTONIC */
    _Atomic uint32_t *loading;   /* owner whose code the loading thread runs */
    _Atomic int32_t *crash_signal;
    _Atomic uint32_t *crash_owner;
    atomic_bool *kill; /* the flag that the sending function reads */
};

struct plugin_guard_config {
    struct plugin_page page;
    const char *quarantine;   /* file; copied; NULL: none is kept */
    void (*last_act)(void);   /* async-signal-safe: gives the terminal back; NULL: nothing to do */
    int64_t late_ms, look_ms; /* 0: PLUGIN_LATE_MS, a tenth of a second; the watcher's */
    int64_t budget_ns;        /* of one call; 0: PLUGIN_BUDGET_US */
};

/* By main, once, before the first plug-in. ERR_FULL, ERR_STATE: installed already, ERR_IO. */
enum err plugin_guard_install(const struct plugin_guard_config *config);
void plugin_guard_remove(void); /* the old handlers come back; the watcher must be stopped */
/* Each thread that runs plug-in code: a stack for the handler, so that endless recursion is named too. */
enum err plugin_guard_thread_start(bool is_engine);
void plugin_guard_thread_end(void);
/* A thread that counts looks, not hours: a stopped or sleeping machine makes nobody late. */
enum err plugin_guard_watch_start(void);
void plugin_guard_watch_stop(void);

/* Whose code owner is, for the calling thread's lane; before its first line runs there. */
void plugin_guard_know(uint16_t owner, const char *name, const char *path, const char *sha256);
void plugin_guard_enter(uint16_t owner, enum plugin_call call);
/* Nanoseconds since enter. In the minute after a call over the budget: without the time for which a busy machine took the
 * processor away. */
int64_t plugin_guard_leave(void);

#endif
