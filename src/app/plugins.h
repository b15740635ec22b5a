/*
 * plugins.h - the plug-in strategies of a run: loaded at the start, replaced while they trade.
 *
 * plugins_open() loads what strategy.plugins names, on main's thread and before the engine's. Later a thread of its own
 * watches the files, loads a new version when one has been written or was asked for, and offers it; the engine's thread
 * looks for offers each turn and swaps (plugin/plugin_slots.h). A new version that fails in any way leaves the old
 * one running and says why.
 */
#ifndef APP_PLUGINS_H
#define APP_PLUGINS_H

#include "app/life_page.h"
#include "app/pipeline.h"
#include "core/base/config.h"
#include "core/base/err.h"

#include <stdbool.h>

struct plugins;

enum plugins_taken {
    PLUGINS_NOTHING, /* nothing was offered */
    PLUGINS_SWAPPED, /* the new version trades */
    PLUGINS_KEPT     /* the hand-over failed: the old one goes on */
};

struct plugins_config {
    const struct config *config;
    const char *data_dir;   /* of the quarantine; "": none is kept */
    struct life_page *life; /* of the dead man; NULL: nobody watches from outside, so a thread does */
    void (*last_act)(void); /* async-signal-safe: gives the terminal back */
};

/*
 * *out NULL when none is configured. Fills the entries behind the built-in strategies of *pipeline. A plug-in in
 * quarantine is left out, with a line on standard error; any other that cannot be loaded refuses the start: ERR_CONFIG
 * with one line in why.
 */
enum err plugins_open(const struct plugins_config *config, struct pipeline_config *pipeline,
                      struct plugins **out, char *why, size_t why_size);
/* After the engine has ended. NULL is allowed. */
void plugins_close(struct plugins *plugins);

/* Watches the files from now on; wake: tells the engine's loop that an offer is there. Any thread may ask for a reload. */
enum err plugins_watch(struct plugins *plugins, void (*wake)(void *arg), void *arg);
void plugins_stop_watching(struct plugins *plugins);              /* before the engine's loop goes */
bool plugins_ask_reload(struct plugins *plugins, uint16_t owner); /* false: the owner is no plug-in */

/* --- engine thread ---------------------------------------------------------------------------------------- */

void plugins_thread_start(struct plugins *plugins); /* before the first callback; NULL is allowed */
void plugins_thread_end(struct plugins *plugins);
/* Each turn: takes what is offered; *line is what to tell people, unless nothing was. */
enum plugins_taken plugins_take(struct plugins *plugins, struct pipeline *pipeline, char *line,
                                size_t line_size);
/* Now and then: has one of them changed what belongs to the process? Then all of them are disabled. */
void plugins_inspect(struct plugins *plugins, struct pipeline *pipeline, int64_t now_ns);
/* A line about a new version that could not be loaded; false: none. */
bool plugins_complaint(struct plugins *plugins, char *line, size_t line_size);

#endif
