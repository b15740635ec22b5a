#include "app/settings.h"

#include "app/demo.h"
#include "app/options.h"
#include "core/base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

enum err settings_load(const struct cli *cli, struct config *config, char path[PATH_TEXT_MAX],
                       char why[CONFIG_WHY_SIZE])
{
    enum err err = paths_config(cli->config_path, path, why, CONFIG_WHY_SIZE), later;
    char also[CONFIG_WHY_SIZE]; /* the first is told */

    if (err == ERR_OK && path[0] != '\0')
        err = config_load_file(config, path, why);
    if (err != ERR_OK && !config_gathers(config))
        return err;
    later = config_load_environ(config, environ, options_environ_ignored, err == ERR_OK ? why : also);
    if (err == ERR_OK)
        err = later;
    if (err == ERR_OK)
        err = cli_apply(cli, config, why);
    return err == ERR_OK && cli->demo ? demo_presets(config, why) : err;
}

#define LINE_SIZE (PATH_TEXT_MAX + 64)

/* "data_dir: /a/b  # comment", with or without quotes, wherever else the file is wrong. False: there is no such line. */
static bool data_dir_line(const char *path, char out[LINE_SIZE])
{
    FILE *file = path[0] == '\0' ? NULL : fopen(path, "re");
    char line[LINE_SIZE];
    bool found = false;

    while (file != NULL && !found && fgets(line, sizeof(line), file) != NULL) {
        char *value = line + strlen("data_dir:"), *end;

        if (strncmp(line, "data_dir:", strlen("data_dir:")) != 0)
            continue;
        value += strspn(value, " \t");
        end = *value == '"' || *value == '\'' ? strchr(value + 1, *value) : value + strcspn(value, "#\r\n");
        if (end == NULL)
            continue;
        if (*value == '"' || *value == '\'')
            value++;
        while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
            end--;
        snprintf(out, LINE_SIZE, "%.*s", (int)(end - value), value);
        found = out[0] != '\0';
    }
    if (file != NULL)
        fclose(file);
    return found;
}

void settings_find_data_dir(const struct cli *cli, struct config *config, const char *path)
{
    const char *value = getenv("FLOWDECK_DATA_DIR");
    char line[LINE_SIZE], why[CONFIG_WHY_SIZE];

    for (size_t i = 0; i < cli->setting_count; i++)
        if (strcmp(cli->setting[i].setting, "data_dir") == 0)
            value = cli->setting[i].value;
    if (value == NULL && !config_is_set(config, "data_dir") && data_dir_line(path, line))
        value = line;
    if (value != NULL)
        (void)config_set_cli(config, "data_dir", value, why);
}

/* --- anew -------------------------------------------------------------------------------------------------------- */

/* What a reload tells: three lists of names. */
struct told {
    char changed[SETTINGS_LINE_SIZE / 3], restart[SETTINGS_LINE_SIZE / 3], word[SETTINGS_LINE_SIZE / 6];
};

static void add_name(char *list, size_t size, const char *name)
{
    size_t used = strlen(list);

    if (used + strlen(name) + 3 < size)
        snprintf(list + used, size - used, "%s%s", used == 0 ? "" : ", ", name);
    else if (used + 5 < size)
        snprintf(list + used, size - used, " ...");
}

static bool differs(const struct config *one, const struct config *other, const char *name)
{
    char before[CONFIG_TEXT_MAX];

    snprintf(before, sizeof(before), "%s", config_value_text(one, name));
    return config_is_set(one, name) != config_is_set(other, name) ||
           strcmp(before, config_value_text(other, name)) != 0;
}

static int64_t limit_value(const struct config *config, const struct risk_limit *row)
{
    return row->decimal ? config_decimal_e8(config, row->option) : config_int(config, row->option);
}

void settings_init(struct settings_live *live, const struct cli *cli, const struct config *at_start)
{
    *live = (struct settings_live){.cli = cli, .at_start = at_start};
    for (int id = 0; id < RISK_LIMITS; id++)
        live->limit[id] = limit_value(at_start, risk_limit_row((enum risk_limit_id)id));
}

/* The engine itself refuses a looser one without its word, however it was set before. */
static void take_limit(struct settings_live *live, const struct config *fresh, enum risk_limit_id id,
                       struct told *told)
{
    const struct risk_limit *row = risk_limit_row(id);
    struct command command = {.kind = COMMAND_SET_LIMIT, .index = (uint32_t)id, .source = "settings"};
    int64_t *before = &live->limit[id];

    command.number = limit_value(fresh, row);
    if (config_is_set(fresh, row->option) != config_is_set(live->at_start, row->option))
        add_name(told->restart, sizeof(told->restart), row->option);
    else if (row->loosens_up ? command.number > *before : command.number < *before)
        add_name(told->word, sizeof(told->word), row->option);
    else if (command.number != *before && live->send(live->arg, &command)) {
        add_name(told->changed, sizeof(told->changed), row->option);
        *before = command.number;
    }
}

static void take(struct settings_live *live, const struct config *fresh, const char *name, struct told *told)
{
    enum risk_limit_id limit = risk_limit_find(name);
    enum log_level level;

    if (limit != RISK_LIMITS) {
        take_limit(live, fresh, limit, told);
    } else if (strcmp(name, "log.level") == 0) {
        if (!differs(live->latest != NULL ? live->latest : live->at_start, fresh, name))
            return;
        if (log_level_of(config_text(fresh, name), &level))
            log_set_level(level);
        add_name(told->changed, sizeof(told->changed), name);
    } else if (strcmp(name, "theme") == 0 || strncmp(name, "layout.", strlen("layout.")) == 0) {
        return; /* of a screen, and it may have chosen another one since the start; without one they do nothing */
    } else if (differs(live->at_start, fresh, name)) {
        add_name(told->restart, sizeof(told->restart), name);
    }
}

static void compose(const struct told *told, char line[SETTINGS_LINE_SIZE])
{
    int used = snprintf(line, SETTINGS_LINE_SIZE, "configuration read: %s%s",
                        told->changed[0] == '\0' ? "nothing changed" : "changed ", told->changed);

    if (told->restart[0] != '\0')
        used +=
            snprintf(line + used, SETTINGS_LINE_SIZE - (size_t)used, "; takes a restart: %s", told->restart);
    if (told->word[0] != '\0')
        snprintf(line + used, SETTINGS_LINE_SIZE - (size_t)used, "; looser, takes its typed word: %s",
                 told->word);
}

enum err settings_reload(struct settings_live *live, char line[SETTINGS_LINE_SIZE])
{
    struct config *fresh = options_config_new();
    char why[CONFIG_WHY_SIZE] = "out of memory", path[PATH_TEXT_MAX];
    struct told told = {.changed = ""};
    size_t count;
    const struct option *table = options_table(&count);

    if (fresh == NULL || settings_load(live->cli, fresh, path, why) != ERR_OK ||
        options_check(fresh, why) != ERR_OK) {
        config_free(fresh);
        snprintf(line, SETTINGS_LINE_SIZE, "configuration NOT read, all is as it was: %s", why);
        return ERR_CONFIG;
    }
    for (size_t i = 0; i < count; i++)
        take(live, fresh, table[i].name, &told);
    config_free(live->latest);
    live->latest = fresh;
    compose(&told, line);
    return ERR_OK;
}

void settings_free(struct settings_live *live)
{
    config_free(live->latest);
    live->latest = NULL;
}
