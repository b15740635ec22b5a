#include "app/settings_desk.h"

#include "app/config_write.h"
#include "app/options.h"
#include "core/base/log.h"
#include "core/base/thread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LEAVE_S 2 /* a disk that hangs does not hold up the end */

struct settings_desk {
    struct config *config;
    bool changed[CONFIG_OPTIONS_MAX]; /* by index in the table: set and not written yet */
    bool written[CONFIG_OPTIONS_MAX]; /* the file has another value than it was read with */
    struct config_text file;          /* the writer's while one runs */
    bool has_file;                    /* its path is known and it could be read */
    char file_why[CONFIG_WHY_SIZE];
    /* the write that is under way */
    bool writing;
    pthread_t writer;
    atomic_bool ended;
    enum err err;
    char why[CONFIG_WHY_SIZE];
    size_t count;
    struct config_change change[CONFIG_OPTIONS_MAX];
};

struct settings_desk *settings_desk_new(const struct cli *cli, const struct config *config)
{
    struct settings_desk *desk = calloc(1, sizeof(*desk));
    char path[PATH_TEXT_MAX];

    if (desk == NULL)
        return NULL;
    desk->config = config_copy(config);
    if (desk->config == NULL) {
        free(desk);
        return NULL;
    }
    atomic_init(&desk->ended, false);
    if (!paths_name_config(cli->config_path, path))
        snprintf(desk->file_why, sizeof(desk->file_why),
                 "there is no place for a configuration: HOME is not set");
    else
        desk->has_file = config_text_read(&desk->file, path, desk->file_why) == ERR_OK;
    return desk;
}

void settings_desk_free(struct settings_desk *desk)
{
    if (desk == NULL)
        return;
    if (desk->writing && !thread_join_within(desk->writer, LEAVE_S))
        return; /* its thread goes on with it: what it holds is left to it */
    config_text_free(&desk->file);
    config_free(desk->config);
    free(desk);
}

const struct config *settings_desk_config(const struct settings_desk *desk)
{
    return desk->config;
}

static void take_log_level(const struct settings_desk *desk, const char *name)
{
    enum log_level level;

    if (strcmp(name, "log.level") == 0 && log_level_of(config_text(desk->config, name), &level))
        log_set_level(level);
}

/* These settings from now on, if they agree with each other; else they are freed, and why says more. */
static bool take(struct settings_desk *desk, struct config *with, const char *name, bool changed,
                 char why[CONFIG_WHY_SIZE])
{
    size_t count;
    const struct option *table = config_table(desk->config, &count);

    if (options_check(with, why) != ERR_OK) {
        config_free(with);
        return false;
    }
    config_free(desk->config);
    desk->config = with;
    desk->changed[option_find(table, count, name) - table] = changed;
    take_log_level(desk, name);
    return true;
}

static bool took(bool done, const char *said, char *why, size_t why_size)
{
    if (!done)
        snprintf(why, why_size, "%s", said);
    return done;
}

bool settings_desk_set(struct settings_desk *desk, const char *name, const char *value, char *why,
                       size_t why_size)
{
    struct config *with = config_copy(desk->config);
    char said[CONFIG_WHY_SIZE] = "out of memory";

    if (with != NULL && config_set_run(with, name, value, said) == ERR_OK)
        return took(take(desk, with, name, true, said), said, why, why_size);
    config_free(with);
    return took(false, said, why, why_size);
}

bool settings_desk_unset(struct settings_desk *desk, const char *name, char *why, size_t why_size)
{
    char said[CONFIG_WHY_SIZE];
    size_t count;
    const struct option *table = config_table(desk->config, &count),
                        *option = option_find(table, count, name);
    struct config *with = config_copy(desk->config);

    if (with == NULL)
        snprintf(why, why_size, "out of memory");
    else if (option == NULL)
        snprintf(why, why_size, "no such setting");
    else if (desk->writing)
        snprintf(why, why_size, "the file is being written");
    else if (!config_unset_run(with, name))
        snprintf(why, why_size, "%s was not set since the start", name);
    else /* what :write has kept is to be put back by the next one */
        return took(take(desk, with, name, desk->written[option - table], said), said, why, why_size);
    config_free(with);
    return false;
}

/* --- writing ------------------------------------------------------------------------------------------------- */

static void *write_file(void *arg)
{
    struct settings_desk *desk = arg;

    thread_name("settings");
    desk->err = config_write(&desk->file, desk->change, desk->count, desk->why);
    atomic_store_explicit(&desk->ended, true, memory_order_release);
    return NULL;
}

static void collect(struct settings_desk *desk)
{
    size_t options;
    const struct option *table = config_table(desk->config, &options);

    desk->count = 0;
    for (size_t i = 0; i < options; i++) {
        struct config_change *change = &desk->change[desk->count];

        if (!desk->changed[i])
            continue;
        change->option = &table[i];
        snprintf(change->value, sizeof(change->value), "%s", config_value_text(desk->config, table[i].name));
        desk->count++;
    }
}

bool settings_desk_write(struct settings_desk *desk, char *why, size_t why_size)
{
    if (desk->writing) {
        snprintf(why, why_size, "the file is being written");
        return false;
    }
    if (!desk->has_file) {
        snprintf(why, why_size, "%s", desk->file_why);
        return false;
    }
    collect(desk);
    if (desk->count == 0) {
        snprintf(why, why_size, "nothing was changed by :set since the file was read");
        return false;
    }
    atomic_store_explicit(&desk->ended, false, memory_order_relaxed);
    if (thread_start(&desk->writer, NULL, write_file, desk) != 0) {
        snprintf(why, why_size, "no thread to write the file");
        return false;
    }
    desk->writing = true;
    return true;
}

/* A value that was set anew while the file was written is not in it. */
static void forget_written(struct settings_desk *desk)
{
    size_t options;
    const struct option *table = config_table(desk->config, &options);

    for (size_t i = 0; i < desk->count; i++) {
        size_t at = (size_t)(desk->change[i].option - table);

        desk->written[at] = true;
        if (strcmp(desk->change[i].value, config_value_text(desk->config, table[at].name)) == 0)
            desk->changed[at] = false;
    }
}

bool settings_desk_written(struct settings_desk *desk, bool *done, char said[CONFIG_WHY_SIZE])
{
    size_t used;

    if (!desk->writing || !atomic_load_explicit(&desk->ended, memory_order_acquire))
        return false;
    pthread_join(desk->writer, NULL);
    desk->writing = false;
    *done = desk->err == ERR_OK;
    if (!*done) {
        snprintf(said, CONFIG_WHY_SIZE, "%s", desk->why);
        return true;
    }
    forget_written(desk);
    used = (size_t)snprintf(said, CONFIG_WHY_SIZE, "%.300s has", desk->file.path);
    for (size_t i = 0; i < desk->count && used + 60 < CONFIG_WHY_SIZE; i++)
        used += (size_t)snprintf(said + used, CONFIG_WHY_SIZE - used, "%s %s", i == 0 ? "" : ",",
                                 desk->change[i].option->name);
    return true;
}
