/* manual_keys.h - help keys and the sections on keys and the prompt, from tui/keymap.h, tui/prompt.h and the settings. */
#ifndef APP_MANUAL_KEYS_H
#define APP_MANUAL_KEYS_H

#include "core/base/config.h"
#include "tui/keymap.h"

#include <stdbool.h>
#include <stdio.h>

void manual_keys(const struct keymap *keys, FILE *out); /* the topic keys, as a configuration has them */
void manual_prompt(FILE *out);                          /* the topic commands */
void manual_keys_roff(FILE *out);                       /* KEYS and PROMPT of flowdeck(1) */
/* One of keys.NAME: so many, and all of one form, that they have a section of their own in flowdeck.conf(5). */
bool manual_is_key_setting(const struct option *option);
void manual_key_settings_roff(const struct option *table, size_t count, FILE *out); /* that section */

#endif
