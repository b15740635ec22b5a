/* plugins_parts.h - the inside of the plug-ins of a run: for plugins.c and plugins_reload.c alone. */
#ifndef APP_PLUGINS_PARTS_H
#define APP_PLUGINS_PARTS_H

#include "app/plugin_watch.h"
#include "app/plugins.h"
#include "plugin/plugin.h"
#include "plugin/plugin_setting.h"
#include "plugin/plugin_slots.h"

#include <ev.h>
#include <pthread.h>
#include <stdatomic.h>

#define SETTINGS_MAX   MANIFEST_PARAMETERS_MAX
#define LINE_SIZE      PLUGIN_WHY_SIZE
#define QUARANTINE_MAX 1200

struct loaded { /* one plug-in */
    char path[PLUGIN_PATH_MAX], pin[PLUGIN_SHA256_SIZE];
    char name[OWNER_NAME_SIZE];
    uint16_t owner;
    struct plugin *running; /* the engine's, while it runs */
    struct plugin_identity identity;
    atomic_bool asked; /* for a reload, by anybody */
};

struct plugins {
    struct plugins_config config;
    char quarantine[QUARANTINE_MAX];
    struct plugin_setting_words words[SETTINGS_MAX + 1]; /* of strategy.set */
    struct plugin_setting setting[SETTINGS_MAX];
    size_t settings;
    char off[SETTINGS_MAX][OWNER_NAME_SIZE]; /* names of those that are off at the start */
    size_t offs;
    bool skipped;                               /* one in quarantine: its name is not known */
    const char *taken[PIPELINE_STRATEGIES_MAX]; /* names of the built-in ones */
    size_t taken_count;
    size_t count;
    struct loaded loaded[PIPELINE_STRATEGIES_MAX];
    struct plugin_slots slots;
    /* the thread that loads */
    pthread_t thread;
    bool has_thread;
    struct ev_loop *loop;
    ev_async wake;
    struct plugin_watch *watch;
    atomic_bool stopping;
    void (*engine_wake)(void *arg);
    void *engine_arg;
    int64_t inspected_ns; /* the engine's */
    bool house_marked;
    char complaint[LINE_SIZE]; /* written before complains, read by the engine after it */
    atomic_bool complains;
};

/* plugins.c: a version of it from its file, with its settings. must_be: its name; NULL: any. *why is one line on error. */
enum err plugins_load(struct plugins *plugins, struct loaded *loaded, const char *must_be,
                      struct plugin **out, char *why, size_t why_size);

#endif
