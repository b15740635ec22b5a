/* key_options.h - the settings keys.layout and keys.NAME, one for each name of tui/keymap.h, and the keys they make. */
#ifndef APP_KEY_OPTIONS_H
#define APP_KEY_OPTIONS_H

#include "core/base/config.h"
#include "tui/keymap.h"

/* Writes them behind what the table has; static. Returns how many. */
size_t key_options(struct option *out, size_t max);
/* The keys of a configuration. ERR_CONFIG with one line in why: what, where it was set, what is allowed; *out is then the
 * list without settings. */
enum err key_options_read(const struct config *config, struct keymap *out, char why[CONFIG_WHY_SIZE]);

#endif
