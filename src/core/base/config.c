#include "core/base/config_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct layer *config_layer_new(const struct config *config)
{
    return calloc(1, sizeof(struct layer) + config->count * sizeof(struct slot));
}

static void set_presets(struct config *config)
{
    for (size_t i = 0; i < config->count; i++) {
        const struct option *option = &config->table[i];
        struct slot *slot = &config->layer[OPTION_FROM_DEFAULT]->slot[i];
        char why[CONFIG_WHY_SIZE];
        enum err err;

        assert(option_find(config->table, i, option->name) == NULL); /* named twice */
        if (option->preset == NULL)
            continue;
        err = option_parse(option, option->preset, strlen(option->preset), &slot->value, why, sizeof why);
        assert(err == ERR_OK); /* a default that the option itself refuses */
        slot->is_set = err == ERR_OK;
    }
}

struct config *config_new(const struct option *table, size_t option_count)
{
    struct config *config = calloc(1, sizeof *config);

    assert(option_count <= CONFIG_OPTIONS_MAX);
    if (config == NULL)
        return NULL;
    config->table = table;
    config->count = option_count;
    for (int source = 0; source < SOURCE_COUNT; source++) {
        config->layer[source] = config_layer_new(config);
        if (config->layer[source] == NULL) {
            config_free(config);
            return NULL;
        }
    }
    set_presets(config);
    return config;
}

struct config *config_copy(const struct config *config)
{
    struct config *copy = config_new(config->table, config->count);

    for (int source = 0; copy != NULL && source < SOURCE_COUNT; source++)
        memcpy(copy->layer[source], config->layer[source],
               sizeof(struct layer) + config->count * sizeof(struct slot));
    return copy;
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    for (int source = 0; source < SOURCE_COUNT; source++)
        free(config->layer[source]);
    free(config);
}

/* --- faults --------------------------------------------------------------------------------------- */

void config_faults_add(struct config_faults *faults, const char *why)
{
    size_t kept = faults->count < CONFIG_FAULTS_MAX ? faults->count : CONFIG_FAULTS_MAX;

    for (size_t i = 0; i < kept; i++)
        if (strcmp(faults->why[i], why) == 0)
            return;
    if (kept < CONFIG_FAULTS_MAX)
        snprintf(faults->why[kept], CONFIG_WHY_SIZE, "%s", why);
    faults->count++;
}

void config_gather(struct config *config, struct config_faults *faults)
{
    config->faults = faults;
}

bool config_gathers(const struct config *config)
{
    return config->faults != NULL;
}

/* --- command line --------------------------------------------------------------------------------- */

enum err config_set_cli(struct config *config, const char *name, const char *value, char why[CONFIG_WHY_SIZE])
{
    const struct option *option = option_find(config->table, config->count, name);
    const char *nearest = option == NULL ? option_nearest(config->table, config->count, name) : NULL;
    char text[DETAIL_SIZE], allowed[256];
    const char *dashes, *shown;
    struct slot *slot;
    enum err err;

    if (option == NULL) {
        config_tell_unknown("option", name,
                            nearest != NULL ? option_find(config->table, config->count, nearest) : NULL,
                            nearest, text, sizeof text);
        snprintf(why, CONFIG_WHY_SIZE, "%s", text);
        return ERR_USAGE;
    }
    dashes = option->cli != NULL ? "--" : "";
    shown = option->cli != NULL ? option->cli : option->name;
    if (value == NULL && option->type != OPTION_BOOL) {
        snprintf(why, CONFIG_WHY_SIZE, "%s%s: needs a value; allowed: %s", dashes, shown,
                 option_allowed_text(option, allowed, sizeof allowed));
        return ERR_USAGE;
    }
    if (value == NULL)
        value = "true";
    slot = &config->layer[OPTION_FROM_CLI]->slot[config_index_of(config, option)];
    err = option_parse(option, value, strlen(value), &slot->value, text, sizeof text);
    if (err != ERR_OK) {
        snprintf(why, CONFIG_WHY_SIZE, "%s%s: %s", dashes, shown, text);
        return ERR_USAGE;
    }
    slot->is_set = true;
    return ERR_OK;
}

/* --- while it runs ----------------------------------------------------------------------------------- */

static enum err set_in(struct config *config, enum option_source source, const char *name, const char *value,
                       char why[CONFIG_WHY_SIZE])
{
    const struct option *option = option_find(config->table, config->count, name);
    char text[DETAIL_SIZE];
    struct slot *slot;

    if (option == NULL) {
        const char *nearest = option_nearest(config->table, config->count, name);

        config_tell_unknown("key", name,
                            nearest != NULL ? option_find(config->table, config->count, nearest) : NULL,
                            nearest, text, sizeof text);
        snprintf(why, CONFIG_WHY_SIZE, "%s", text);
        return ERR_CONFIG;
    }
    slot = &config->layer[source]->slot[config_index_of(config, option)];
    if (option_parse(option, value, strlen(value), &slot->value, text, sizeof text) != ERR_OK) {
        snprintf(why, CONFIG_WHY_SIZE, "%s: %s", option->name, text);
        return ERR_CONFIG;
    }
    slot->is_set = true;
    return ERR_OK;
}

enum err config_set_run(struct config *config, const char *name, const char *value, char why[CONFIG_WHY_SIZE])
{
    return set_in(config, OPTION_FROM_RUN, name, value, why);
}

enum err config_set_demo(struct config *config, const char *name, const char *value,
                         char why[CONFIG_WHY_SIZE])
{
    return set_in(config, OPTION_FROM_DEMO, name, value, why);
}

/* --- reading -------------------------------------------------------------------------------------- */

/* The slot that counts, by precedence from this source on; the default's, perhaps unset, when none says anything. */
static const struct slot *slot_from(const struct config *config, const struct option *option,
                                    enum option_source from, enum option_source *source)
{
    size_t index = config_index_of(config, option);
    int at = (int)from;

    while (at > OPTION_FROM_DEFAULT && !config->layer[at]->slot[index].is_set)
        at--;
    if (source != NULL)
        *source = (enum option_source)at;
    return &config->layer[at]->slot[index];
}

static const struct slot *effective_slot(const struct config *config, const struct option *option,
                                         enum option_source *source)
{
    return slot_from(config, option, OPTION_FROM_RUN, source);
}

static const struct option *option_named(const struct config *config, const char *name)
{
    const struct option *option = option_find(config->table, config->count, name);

    assert(option != NULL); /* no such option: our own bug */
    return option;
}

static const struct slot *slot_of_type(const struct config *config, const char *name, enum option_type type)
{
    const struct option *option = option_named(config, name);

    assert(option->type == type);
    return effective_slot(config, option, NULL);
}

bool config_bool(const struct config *config, const char *name)
{
    return slot_of_type(config, name, OPTION_BOOL)->value.number != 0;
}

int64_t config_int(const struct config *config, const char *name)
{
    return slot_of_type(config, name, OPTION_INT)->value.number;
}

int64_t config_decimal_e8(const struct config *config, const char *name)
{
    return slot_of_type(config, name, OPTION_DECIMAL)->value.number;
}

double config_ratio(const struct config *config, const char *name)
{
    return (double)slot_of_type(config, name, OPTION_RATIO)->value.number / 1e8;
}

const char *config_text(const struct config *config, const char *name)
{
    enum option_type type = option_named(config, name)->type;

    assert(type == OPTION_TEXT || type == OPTION_ENUM || type == OPTION_LIST);
    return slot_of_type(config, name, type)->value.text;
}

bool config_unset_run(struct config *config, const char *name)
{
    struct slot *slot =
        &config->layer[OPTION_FROM_RUN]->slot[config_index_of(config, option_named(config, name))];
    bool was = slot->is_set;

    slot->is_set = false;
    return was;
}

const char *config_text_before_run(const struct config *config, const char *name)
{
    return slot_from(config, option_named(config, name), OPTION_FROM_CLI, NULL)->value.text;
}

const char *config_file_text(const struct config *config, const char *name)
{
    const struct slot *slot =
        &config->layer[OPTION_FROM_FILE]->slot[config_index_of(config, option_named(config, name))];

    return slot->is_set ? slot->value.text : NULL;
}

const char *config_value_text(const struct config *config, const char *name)
{
    return effective_slot(config, option_named(config, name), NULL)->value.text;
}

bool config_is_set(const struct config *config, const char *name)
{
    return effective_slot(config, option_named(config, name), NULL)->is_set;
}

enum option_source config_source(const struct config *config, const char *name, const char **file, int *line)
{
    enum option_source source;
    const struct slot *slot = effective_slot(config, option_named(config, name), &source);
    bool from_file = source == OPTION_FROM_FILE;

    if (file != NULL)
        *file = from_file ? config->layer[OPTION_FROM_FILE]->file : NULL;
    if (line != NULL)
        *line = from_file ? slot->line : 0;
    return source;
}

const char *config_source_word(enum option_source source)
{
    static const char *const words[] = {
        [OPTION_FROM_DEFAULT] = "default",  [OPTION_FROM_DEMO] = "demo",
        [OPTION_FROM_FILE] = "file",        [OPTION_FROM_ENVIRON] = "environment",
        [OPTION_FROM_CLI] = "command line", [OPTION_FROM_RUN] = "set"};

    return words[source];
}

const struct option *config_table(const struct config *config, size_t *count)
{
    if (count != NULL)
        *count = config->count;
    return config->table;
}
