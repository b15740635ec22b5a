/*
 * kill_latch.h - the file KILLED in the data directory: a kill outlives the process until a typed word clears it.
 *
 * Written whole or not at all (a new file, synced, renamed, its folder synced). A latch that cannot be read, or does
 * not say what it should, counts as killed: it is there because something was wrong. These functions wait for the
 * disk: never on the engine's thread.
 */
#ifndef APP_KILL_LATCH_H
#define APP_KILL_LATCH_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KILL_LATCH_FILE "KILLED"
#define KILL_LATCH_TEXT 160

struct kill_latch {
    int64_t at_ns;             /* UTC */
    char who[KILL_LATCH_TEXT]; /* "key K", "signal", "dead man" */
    char why[KILL_LATCH_TEXT]; /* more, one line: "" none */
};

/* True: killed; *out says by whom, or that latch or folder cannot be read. False: there is no latch. */
bool kill_latch_read(const char *data_dir, struct kill_latch *out);
int64_t kill_latch_now_ns(void); /* UTC, for whoever writes one outside of the engine */
/* ERR_STORAGE with one line in why, and errno. Texts are made safe. */
enum err kill_latch_write(const char *data_dir, const struct kill_latch *latch, char *why, size_t why_size);
enum err kill_latch_remove(const char *data_dir, char *why, size_t why_size);

#endif
