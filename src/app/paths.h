/*
 * paths.h - where files are: data directory, configuration: option, environment, XDG folder, home.
 */
#ifndef APP_PATHS_H
#define APP_PATHS_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define PATH_TEXT_MAX 1024

/* Where it is, and no more: of an engine that runs there, also on a disk that has turned read-only. */
enum err paths_name_data_dir(const char *given, char out[PATH_TEXT_MAX], char *why, size_t why_size);
/* given ("" or NULL: not), else $XDG_STATE_HOME/flowdeck, else ~/.local/state/flowdeck. Makes it (0700) with its
 * parents; on error why holds one line with the path and what to do. */
enum err paths_data_dir(const char *given, char out[PATH_TEXT_MAX], char *why, size_t why_size);

/* given, else $FLOWDECK_CONFIG, else $XDG_CONFIG_HOME/flowdeck/flowdeck.yaml or ~/.config/flowdeck/flowdeck.yaml
 * if that exists, else "" (built-in defaults). A file that was asked for must exist: ERR_NOT_FOUND. */
enum err paths_config(const char *given, char out[PATH_TEXT_MAX], char *why, size_t why_size);

/* Where it would be, whether it is there or not: where :write puts it. False: nowhere. */
bool paths_name_config(const char *given, char out[PATH_TEXT_MAX]);
bool paths_make(char *path); /* the folder and those it is in, 0700; false: errno */
/* Where themes of one's own are: $XDG_CONFIG_HOME/flowdeck/themes or ~/.config/flowdeck/themes; "" without a home. */
void paths_themes(char out[PATH_TEXT_MAX]);
/* What theme_load() takes for a theme's name: a path stays one, a name is one of the program or NAME.theme in that
 * folder. Returns out. */
const char *paths_theme(const char *name, char out[PATH_TEXT_MAX]);

/* Counts the starts with a screen on this data directory (file "starts"); returns the new count, 0 if it cannot
 * be kept. */
int paths_count_start(const char *data_dir);

#endif
