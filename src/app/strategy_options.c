#include "app/strategy_options.h"

#include "core/base/decimal.h"
#include "core/strategy/builtin.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OWN_SETTINGS       2 /* on, symbols: of the host, not of the manifest */
#define SETTINGS_MAX       (MANIFEST_PARAMETERS_MAX + OWN_SETTINGS)
#define SETTING_NAME_MAX   64
#define PARAMETER_NAME_MAX 32
#define PRESET_MAX         40
#define ON_BY_DEFAULT      "ofi" /* what a replay runs when nothing is configured */

struct described { /* one built-in strategy and the texts that its settings point at */
    struct strategy_manifest manifest;
    char name[SETTINGS_MAX][SETTING_NAME_MAX];
    char preset[SETTINGS_MAX][PRESET_MAX];
    char on_help[160];
};

static struct described described[PIPELINE_STRATEGIES_MAX];
static size_t described_count;

/* A manifest of our own that does not parse is a defect of the build: told at once, nothing runs. */
static void describe_all(void)
{
    const struct builtin_strategy *const *builtin = builtin_strategies(&described_count);
    char why[256];

    assert(described_count <= PIPELINE_STRATEGIES_MAX);
    if (described[0].manifest.name[0] != '\0')
        return;
    for (size_t i = 0; i < described_count; i++) {
        enum err err = strategy_manifest_parse(builtin[i]->manifest_text, strlen(builtin[i]->manifest_text),
                                               "built-in", &described[i].manifest, why, sizeof(why));

        if (err == ERR_MEMORY) { /* main's first call, before anything else: nobody can do without it */
            fputs("flowdeck: out of memory\n", stderr);
            exit(EXIT_CODE_FAILED);
        }
        assert(err == ERR_OK);
    }
}

static struct option make(struct described *of, size_t slot, const char *parameter, enum option_type type)
{
    /* Both are shorter by their own bounds, which a compiler does not see. */
    snprintf(of->name[slot], SETTING_NAME_MAX, "strategy.%.*s.%.*s", OWNER_NAME_SIZE - 1, of->manifest.name,
             PARAMETER_NAME_MAX, parameter);
    return (struct option){.name = of->name[slot], .type = type, .preset = of->preset[slot]};
}

static enum option_type option_type_of(enum parameter_type type)
{
    switch (type) {
    case PARAMETER_INT:
        return OPTION_INT;
    case PARAMETER_DECIMAL:
        return OPTION_DECIMAL;
    case PARAMETER_BOOL:
        return OPTION_BOOL;
    case PARAMETER_ENUM:
        return OPTION_ENUM;
    }
    return OPTION_INT;
}

static struct option parameter_option(struct described *of, size_t index)
{
    const struct strategy_parameter *parameter = &of->manifest.parameter[index];
    size_t slot = index + OWN_SETTINGS;
    struct option option = make(of, slot, parameter->name, option_type_of(parameter->type));

    strategy_parameter_text(parameter, parameter->preset, of->preset[slot], PRESET_MAX);
    option.help = parameter->help;
    option.unit = parameter->unit[0] == '\0' ? NULL : parameter->unit;
    if (parameter->type == PARAMETER_ENUM)
        option.allowed = parameter->allowed;
    if (parameter->type == PARAMETER_INT || parameter->type == PARAMETER_DECIMAL) {
        option.min = parameter->min;
        option.max = parameter->max;
    }
    return option;
}

size_t strategy_options(struct option *out, size_t max)
{
    size_t count = 0;

    describe_all();
    for (size_t i = 0; i < described_count; i++) {
        struct described *of = &described[i];

        assert(count + of->manifest.parameter_count + OWN_SETTINGS <= max);
        snprintf(of->preset[0], PRESET_MAX, "%s",
                 strcmp(of->manifest.name, ON_BY_DEFAULT) == 0 ? "true" : "false");
        snprintf(of->on_help, sizeof(of->on_help), "is ON at start: %s", of->manifest.about);
        out[count] = make(of, 0, "on", OPTION_BOOL);
        out[count++].help = of->on_help;
        out[count] = make(of, 1, "symbols", OPTION_LIST);
        out[count].max = FD_INSTRUMENTS_MAX;
        out[count].preset = NULL;
        out[count++].help = "trades these instruments alone; unset: whatever is there, the first ones";
        for (size_t p = 0; p < of->manifest.parameter_count; p++)
            out[count++] = parameter_option(of, p);
    }
    (void)max;
    return count;
}

static int64_t value_of(const struct config *config, const struct strategy_parameter *parameter,
                        const char *name)
{
    int64_t value = parameter->preset;
    char why[CONFIG_WHY_SIZE];

    switch (parameter->type) {
    case PARAMETER_INT:
        return config_int(config, name);
    case PARAMETER_DECIMAL:
        return config_decimal_e8(config, name);
    case PARAMETER_BOOL:
        return config_bool(config, name);
    case PARAMETER_ENUM:
        (void)strategy_parameter_parse(parameter, config_text(config, name), &value, why, sizeof(why));
        return value;
    }
    return value;
}

void strategy_options_read(const struct config *config, struct pipeline_config *out)
{
    const struct builtin_strategy *const *builtin;

    describe_all();
    builtin = builtin_strategies(&out->strategies);
    for (size_t i = 0; i < out->strategies; i++) {
        struct described *of = &described[i];
        struct strategy_setup *setup = &out->strategy[i];

        *setup = (struct strategy_setup){
            .table = builtin[i]->table, .manifest = &of->manifest, .on = config_bool(config, of->name[0])};
        snprintf(setup->symbols, sizeof(setup->symbols), "%s", config_text(config, of->name[1]));
        for (size_t p = 0; p < of->manifest.parameter_count; p++)
            setup->parameter[p] = value_of(config, &of->manifest.parameter[p], of->name[p + OWN_SETTINGS]);
    }
}

struct strategy_setup *strategy_setup_find(struct pipeline_config *config, const char *name)
{
    for (size_t i = 0; i < config->strategies; i++)
        if (strcmp(config->strategy[i].manifest->name, name) == 0)
            return &config->strategy[i];
    return NULL;
}

enum err strategy_setup_set(struct strategy_setup *setup, const char *parameter, const char *value, char *why,
                            size_t why_size)
{
    const struct strategy_manifest *manifest = setup->manifest;

    for (size_t i = 0; i < manifest->parameter_count; i++)
        if (strcmp(manifest->parameter[i].name, parameter) == 0)
            return strategy_parameter_parse(&manifest->parameter[i], value, &setup->parameter[i], why,
                                            why_size);
    snprintf(why, why_size, "%s has no parameter %.40s", manifest->name, parameter);
    return ERR_NOT_FOUND;
}
