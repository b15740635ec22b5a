/*
 * plugin_setting.h - "template.threshold=0.25" of the configuration (strategy.set), for a strategy whose manifest is not
 * read yet: which parameters there are and what they may be is known once the plug-in is opened.
 */
#ifndef PLUGIN_PLUGIN_SETTING_H
#define PLUGIN_PLUGIN_SETTING_H

#include "core/base/err.h"
#include "core/strategy/manifest.h"

#include <stddef.h>

#define PLUGIN_VALUE_SIZE 96

struct plugin_setting {
    const char *name, *value;
    const char *strategy; /* NULL: whichever is opened; else only that one takes it */
};

struct plugin_setting_words { /* the same with room of its own */
    char strategy[OWNER_NAME_SIZE];
    char name[32];
    char value[PLUGIN_VALUE_SIZE];
};

/* ERR_CONFIG with one line in why: a part is missing or too long. */
enum err plugin_setting_read(const char *item, struct plugin_setting_words *out, char *why, size_t why_size);

static inline struct plugin_setting plugin_setting_of(const struct plugin_setting_words *words)
{
    return (struct plugin_setting){.name = words->name, .value = words->value, .strategy = words->strategy};
}

#endif
