/* config_load.c - whole sources of settings: a file's text and the environment, read or refused as one. See config.h. */
#include "core/base/config_parts.h"
#include "core/base/safe_text.h"
#include "core/base/yaml_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One load on its way. */
struct loader {
    const struct config *config;
    struct layer *layer;
    bool faulty; /* told already, in config->faults */
    char file_shown[OPTION_SHOWN_MAX];
};

/* Swaps in what was loaded, or drops it. */
static enum err finish_load(struct config *config, enum option_source source, struct loader *loader,
                            enum err err, char why[CONFIG_WHY_SIZE])
{
    if (err != ERR_OK && config->faults != NULL)
        config_faults_add(config->faults, why);
    if (loader->faulty) {
        snprintf(why, CONFIG_WHY_SIZE, "%s", config->faults->why[0]);
        err = err == ERR_OK ? ERR_CONFIG : err;
    }
    if (err == ERR_OK) {
        free(config->layer[source]);
        config->layer[source] = loader->layer;
        return ERR_OK;
    }
    free(loader->layer);
    return err == ERR_MEMORY ? ERR_MEMORY : ERR_CONFIG;
}

/* Whether the load goes on behind this one. */
static enum err note_fault(struct loader *loader, enum err err, const char *why)
{
    struct config_faults *faults = loader->config->faults;

    if (err == ERR_OK || err == ERR_MEMORY || faults == NULL)
        return err;
    config_faults_add(faults, why);
    loader->faulty = true;
    return ERR_OK;
}

/* --- file ----------------------------------------------------------------------------------------- */

/* "flowdeck.yaml:7:14: <what>" */
static enum err refuse_at(const struct loader *loader, int line, int column, const char *what, char *why,
                          size_t why_size)
{
    snprintf(why, why_size, "%s:%d:%d: %s", loader->file_shown, line, column, what);
    return ERR_CONFIG;
}

static enum err refuse_value_at(const struct loader *loader, const struct yaml_scalar *scalar,
                                const char *what, char *why, size_t why_size)
{
    char text[CONFIG_WHY_SIZE];

    snprintf(text, sizeof text, "%s: %s", scalar->path, what); /* the path is a name of the table: safe */
    return refuse_at(loader, scalar->line, scalar->column, text, why, why_size);
}

void config_tell_unknown(const char *kind, const char *name, const struct option *near, const char *near_name,
                         char *out, size_t out_size)
{
    char shown[OPTION_SHOWN_MAX], allowed[256];

    safe_text(name, strlen(name), shown, sizeof shown);
    if (near == NULL)
        snprintf(out, out_size, "unknown %s '%s'; flowdeck help settings lists them", kind, shown);
    else
        snprintf(out, out_size, "unknown %s '%s'; did you mean '%s'? (allowed: %s)", kind, shown, near_name,
                 option_allowed_text(near, allowed, sizeof allowed));
}

/* Is path a section, that is, does an option's name go on behind it? */
static bool is_section(const struct config *config, const char *path)
{
    size_t size = strlen(path);

    for (size_t i = 0; i < config->count; i++)
        if (strncmp(config->table[i].name, path, size) == 0 && config->table[i].name[size] == '.')
            return true;
    return false;
}

static enum err on_unknown_key(const struct loader *loader, const struct yaml_scalar *scalar, char *why,
                               size_t why_size)
{
    const struct config *config = loader->config;
    const char *nearest = option_nearest(config->table, config->count, scalar->path);
    const struct option *near = nearest != NULL ? option_find(config->table, config->count, nearest) : NULL;
    char text[DETAIL_SIZE];

    if (is_section(config, scalar->path)) {
        if (scalar->value_size == 0 && !scalar->quoted && !(scalar->empty_collection && scalar->in_sequence))
            return ERR_OK; /* a section with nothing in it, all keys commented out */
        snprintf(text, sizeof text, "'%s' is a section: its keys go below it, indented", scalar->path);
    } else {
        config_tell_unknown("key", scalar->path, near, nearest, text, sizeof text);
    }
    return refuse_at(loader, scalar->key_line, scalar->key_column, text, why, why_size);
}

static bool is_null_word(const struct yaml_scalar *scalar)
{
    return !scalar->quoted &&
           (scalar->value_size == 0 || strcmp(scalar->value, "~") == 0 || strcmp(scalar->value, "null") == 0);
}

static bool wants_plain(enum option_type type)
{
    return type == OPTION_BOOL || type == OPTION_INT || type == OPTION_DECIMAL || type == OPTION_RATIO;
}

/* What is wrong with the form of the value, before its text is read; NULL: nothing. */
static const char *form_fault(const struct option *option, const struct yaml_scalar *scalar)
{
    if (scalar->in_sequence && option->type != OPTION_LIST)
        return "takes one value, not a list";
    if (scalar->empty_collection)
        return scalar->in_sequence ? NULL : "takes a value, not a section";
    if (is_null_word(scalar))
        return "has no value";
    if (scalar->quoted && wants_plain(option->type))
        return "is in quotes";
    return NULL;
}

static enum err take_scalar(struct loader *loader, const struct yaml_scalar *scalar, char *why,
                            size_t why_size)
{
    const struct config *config = loader->config;
    const struct option *option = option_find(config->table, config->count, scalar->path);
    const char *fault;
    char text[DETAIL_SIZE], allowed[256];
    struct slot *slot;
    enum err err = ERR_OK;

    if (option == NULL)
        return on_unknown_key(loader, scalar, why, why_size);
    fault = form_fault(option, scalar);
    if (fault != NULL) {
        snprintf(text, sizeof text, "%s; allowed: %s", fault,
                 option_allowed_text(option, allowed, sizeof allowed));
        return refuse_value_at(loader, scalar, text, why, why_size);
    }
    slot = &loader->layer->slot[config_index_of(config, option)];
    if (!scalar->in_sequence)
        err = option_parse(option, scalar->value, scalar->value_size, &slot->value, text, sizeof text);
    else if (!scalar->empty_collection)
        err = option_append_item(option, scalar->value, scalar->value_size, &slot->value, text, sizeof text);
    if (err != ERR_OK)
        return refuse_value_at(loader, scalar, text, why, why_size);
    if (!slot->is_set)
        slot->line = scalar->line;
    slot->is_set = true;
    return ERR_OK;
}

static enum err on_scalar(void *arg, const struct yaml_scalar *scalar, char *why, size_t why_size)
{
    return note_fault(arg, take_scalar(arg, scalar, why, why_size), why);
}

enum err config_load_text(struct config *config, const char *text, size_t size, const char *file_name,
                          char why[CONFIG_WHY_SIZE])
{
    struct loader loader = {.config = config};
    enum err err;

    safe_text(file_name, strlen(file_name), loader.file_shown, sizeof loader.file_shown);
    if (size > CONFIG_FILE_SIZE_MAX) {
        snprintf(why, CONFIG_WHY_SIZE, "%s: larger than %d bytes", loader.file_shown, CONFIG_FILE_SIZE_MAX);
        return ERR_CONFIG;
    }
    loader.layer = config_layer_new(config);
    if (loader.layer == NULL) {
        snprintf(why, CONFIG_WHY_SIZE, "%s: out of memory", loader.file_shown);
        return ERR_MEMORY;
    }
    snprintf(loader.layer->file, sizeof loader.layer->file, "%s", file_name);
    err = yaml_walk(text, size, file_name, on_scalar, &loader, why, CONFIG_WHY_SIZE);
    return finish_load(config, OPTION_FROM_FILE, &loader, err, why);
}

/* --- environment ---------------------------------------------------------------------------------- */

static bool is_ignored(const char *const *ignored, const char *name)
{
    for (; ignored != NULL && *ignored != NULL; ignored++)
        if (strcmp(*ignored, name) == 0)
            return true;
    return false;
}

static const struct option *find_environ(const struct config *config, const char *name)
{
    char environ_name[ENVIRON_NAME_SIZE];

    for (size_t i = 0; i < config->count; i++)
        if (strcmp(option_environ_name(&config->table[i], environ_name, sizeof environ_name), name) == 0)
            return &config->table[i];
    return NULL;
}

static enum err refuse_environ_name(const struct config *config, const char *name, char why[CONFIG_WHY_SIZE])
{
    const struct option *near = NULL;
    char near_name[ENVIRON_NAME_SIZE] = "", text[DETAIL_SIZE];
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < config->count; i++) {
        char candidate[ENVIRON_NAME_SIZE];
        size_t distance;

        option_environ_name(&config->table[i], candidate, sizeof candidate);
        /* The common prefix is no likeness: only what stands behind it counts. */
        if (option_is_near(name + strlen(ENVIRON_PREFIX), candidate + strlen(ENVIRON_PREFIX), &distance) &&
            distance < best) {
            best = distance;
            near = &config->table[i];
            snprintf(near_name, sizeof near_name, "%s", candidate);
        }
    }
    config_tell_unknown("name", name, near, near_name, text, sizeof text);
    snprintf(why, CONFIG_WHY_SIZE, "environment: %s", text);
    return ERR_CONFIG;
}

static enum err load_environ_entry(struct loader *loader, const char *name, const char *value,
                                   char why[CONFIG_WHY_SIZE])
{
    const struct option *option = find_environ(loader->config, name);
    char text[DETAIL_SIZE];
    struct slot *slot;
    enum err err;

    if (option == NULL)
        return refuse_environ_name(loader->config, name, why);
    slot = &loader->layer->slot[config_index_of(loader->config, option)];
    if (slot->is_set) {
        snprintf(why, CONFIG_WHY_SIZE, "environment: %s: given twice", name);
        return ERR_CONFIG;
    }
    err = option_parse(option, value, strlen(value), &slot->value, text, sizeof text);
    if (err != ERR_OK)
        snprintf(why, CONFIG_WHY_SIZE, "environment: %.100s: %s", name, text);
    slot->is_set = err == ERR_OK;
    return err;
}

enum err config_load_environ(struct config *config, char **environ_, const char *const *ignored,
                             char why[CONFIG_WHY_SIZE])
{
    struct loader loader = {.config = config, .layer = config_layer_new(config)};
    enum err err = ERR_OK;

    if (loader.layer == NULL) {
        snprintf(why, CONFIG_WHY_SIZE, "environment: out of memory");
        return ERR_MEMORY;
    }
    for (; *environ_ != NULL && err == ERR_OK; environ_++) {
        const char *equals = strchr(*environ_, '=');
        char name[ENVIRON_NAME_SIZE];

        if (equals == NULL || strncmp(*environ_, ENVIRON_PREFIX, strlen(ENVIRON_PREFIX)) != 0)
            continue;
        /* A name cut here is longer than any of ours: still unknown. */
        snprintf(name, sizeof name, "%.*s",
                 (int)(equals - *environ_ < ENVIRON_NAME_SIZE ? equals - *environ_ : ENVIRON_NAME_SIZE),
                 *environ_);
        if (!is_ignored(ignored, name))
            err = note_fault(&loader, load_environ_entry(&loader, name, equals + 1, why), why);
    }
    return finish_load(config, OPTION_FROM_ENVIRON, &loader, err, why);
}
