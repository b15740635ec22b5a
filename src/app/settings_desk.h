/*
 * settings_desk.h - the settings as the screen shows and changes them, and their way back into the file.
 *
 * A copy of those of the start, with what was set since above all other sources. The screen's thread owns it; the file
 * is written in a thread of its own, so that no disk stands between a key and its action.
 */
#ifndef APP_SETTINGS_DESK_H
#define APP_SETTINGS_DESK_H

#include "app/cli.h"
#include "core/base/config.h"

struct settings_desk;

/* NULL when memory is short. config is copied. */
struct settings_desk *settings_desk_new(const struct cli *cli, const struct config *config);
void settings_desk_free(
    struct settings_desk *desk); /* waits for a write, two seconds at most; NULL is allowed */

const struct config *settings_desk_config(const struct settings_desk *desk);
/* Each may refuse: why then holds one line. Checked alone and with the others; then it counts, and :write keeps it. log.level is in force at once. */
bool settings_desk_set(struct settings_desk *desk, const char *name, const char *value, char *why,
                       size_t why_size);
/* As it was before that: by option, environment, file or default; :write puts that back where it was written since. */
bool settings_desk_unset(struct settings_desk *desk, const char *name, char *why, size_t why_size);
/* Begins to write what was set since the last time. False: why not. */
bool settings_desk_write(struct settings_desk *desk, char *why, size_t why_size);
/* True once, when that has ended; said tells how. */
bool settings_desk_written(struct settings_desk *desk, bool *done, char said[CONFIG_WHY_SIZE]);

#endif
