#include "app/key_options.h"

#include "app/options.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define NAME_SIZE 32
#define HELP_SIZE 128

static struct {
    char name[NAME_SIZE], preset[KEYMAP_TEXT_SIZE], help[HELP_SIZE];
} described[KEYMAP_MAX];

/* Its first key, which has the words; none of what guards against slips. */
static bool is_first(size_t at)
{
    const struct key_binding *binding = keymap_at(at);

    return binding->help[0] != '\0' && !keymap_is_fixed(binding->action);
}

size_t key_options(struct option *out, size_t max)
{
    struct keymap map;
    size_t count = 0;

    keymap_init(&map, KEYBOARD_US);
    for (size_t i = 0; i < keymap_count(); i++) {
        const struct key_binding *binding = keymap_at(i);
        char keys[KEYMAP_TEXT_SIZE];

        if (!is_first(i))
            continue;
        assert(count < max && count < KEYMAP_MAX);
        snprintf(described[count].name, NAME_SIZE, "keys.%s", binding->name);
        snprintf(described[count].preset, KEYMAP_TEXT_SIZE, "%s", keymap_setting(&map, binding->name, keys));
        snprintf(described[count].help, HELP_SIZE, "keys, %s: %s%s", key_context_place(binding->context),
                 binding->help, binding->action == ACT_KILL ? "; more keys, these stay" : "");
        out[count] = (struct option){.name = described[count].name,
                                     .type = OPTION_LIST,
                                     .max = KEYMAP_KEYS_MAX,
                                     .preset = described[count].preset,
                                     .help = described[count].help};
        count++;
    }
    (void)max;
    return count;
}

static enum err refuse(const struct config *config, const char *name, const char *what,
                       char why[CONFIG_WHY_SIZE])
{
    char option[NAME_SIZE];

    snprintf(option, sizeof(option), "keys.%s", name);
    options_complain(config, option, what, why);
    return ERR_CONFIG;
}

enum err key_options_read(const struct config *config, struct keymap *out, char why[CONFIG_WHY_SIZE])
{
    enum keyboard keyboard = keyboard_named(config_text(config, "keys.layout"));
    char what[KEYMAP_WHY_SIZE], option[NAME_SIZE];
    const char *name = NULL;

    keymap_init(out, keyboard);
    for (size_t i = 0; i < keymap_count() && name == NULL; i++) {
        if (!is_first(i))
            continue;
        snprintf(option, sizeof(option), "keys.%s", keymap_at(i)->name);
        if (config_source(config, option, NULL, NULL) != OPTION_FROM_DEFAULT &&
            !keymap_rebind(out, keymap_at(i)->name, config_text(config, option), what))
            name = keymap_at(i)->name;
    }
    if (name == NULL)
        name = keymap_conflict(out, what);
    if (name == NULL)
        return ERR_OK;
    (void)refuse(config, name, what, why);
    keymap_init(out, keyboard);
    return ERR_CONFIG;
}
