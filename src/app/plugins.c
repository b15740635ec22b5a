#include "app/plugins.h"

#include "app/plugins_parts.h"
#include "plugin/plugin_guard.h"
#include "plugin/plugin_house.h"
#include "plugin/plugin_quarantine.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INSPECT_NS INT64_C(1000000000)

/* --- settings ----------------------------------------------------------------------------------------------- */

/* "NAME.on=false": the last word on it counts. */
static bool turn(struct plugins *plugins, const struct plugin_setting_words *words, char *why,
                 size_t why_size)
{
    bool off = strcmp(words->value, "false") == 0;
    size_t at = 0;

    while (at < plugins->offs && strcmp(plugins->off[at], words->strategy) != 0)
        at++;
    if ((!off && strcmp(words->value, "true") != 0) || at == SETTINGS_MAX) {
        snprintf(why, why_size, "strategy.set: %s.on=%.40s; allowed: true or false, of at most %d",
                 words->strategy, words->value, SETTINGS_MAX);
        return false;
    }
    if (off && at == plugins->offs)
        memcpy(plugins->off[plugins->offs++], words->strategy, OWNER_NAME_SIZE);
    else if (!off && at < plugins->offs)
        memmove(plugins->off[at], plugins->off[--plugins->offs], OWNER_NAME_SIZE);
    return true;
}

/* "NAME.on=false" is the host's; all else are parameters. */
static enum err read_settings(struct plugins *plugins, char *why, size_t why_size)
{
    char text[CONFIG_TEXT_MAX];
    char *rest = text, *item;
    enum err err = ERR_OK;

    snprintf(text, sizeof(text), "%s", config_text(plugins->config.config, "strategy.set"));
    while (err == ERR_OK && text[0] != '\0' && (item = strsep(&rest, ",")) != NULL) {
        struct plugin_setting_words *words = &plugins->words[plugins->settings];

        if (plugins->settings == SETTINGS_MAX) {
            snprintf(why, why_size, "strategy.set: more than %d", SETTINGS_MAX);
            return ERR_CONFIG;
        }
        err = plugin_setting_read(item, words, why, why_size);
        if (err != ERR_OK)
            return err;
        if (strcmp(words->name, "on") == 0) { /* kept apart from those that a plug-in sees */
            if (!turn(plugins, words, why, why_size))
                return ERR_CONFIG;
            continue;
        }
        plugins->setting[plugins->settings] = plugin_setting_of(words);
        plugins->settings++;
    }
    return err;
}

/* A plug-in is ON unless it is said otherwise: who names its file wants it to trade. */
static bool is_on(const struct plugins *plugins, const char *name)
{
    for (size_t i = 0; i < plugins->offs; i++)
        if (strcmp(plugins->off[i], name) == 0)
            return false;
    return true;
}

/* How many instruments there will be; 0: a recording without a list may bring any number. */
static size_t instruments_of(const struct config *config)
{
    const char *list = config_text(config, "symbols");
    size_t count = list[0] != '\0';

    for (; *list != '\0'; list++)
        count += *list == ',';
    return count;
}

/* --- loading ------------------------------------------------------------------------------------------------ */

enum err plugins_load(struct plugins *plugins, struct loaded *loaded, const char *must_be,
                      struct plugin **out, char *why, size_t why_size)
{
    const char *taken[PIPELINE_STRATEGIES_MAX];
    struct plugin_request request = {.path = loaded->path,
                                     .pin = loaded->pin,
                                     .owner = loaded->owner,
                                     .must_be = must_be,
                                     .instrument_count = instruments_of(plugins->config.config),
                                     .taken = taken,
                                     .settings = plugins->setting,
                                     .setting_count = plugins->settings,
                                     .quarantine =
                                         plugins->quarantine[0] == '\0' ? NULL : plugins->quarantine};

    for (size_t i = 0; i < plugins->taken_count; i++)
        if (plugins->taken[i] != loaded->name) /* at a reload: by itself */
            taken[request.taken_count++] = plugins->taken[i];
    return plugin_open(&request, out, why, why_size);
}

static void tell_dead_man(struct plugins *plugins, const struct loaded *loaded, const struct plugin *plugin)
{
    struct life_owner *owner;

    if (plugins->config.life == NULL)
        return;
    owner = &plugins->config.life->owner[loaded->owner];
    snprintf(owner->name, sizeof(owner->name), "%s", loaded->name);
    snprintf(owner->path, sizeof(owner->path), "%s", loaded->path);
    snprintf(owner->sha256, sizeof(owner->sha256), "%s", plugin_about(plugin)->sha256);
}

static enum err add(struct plugins *plugins, const char *spec, struct pipeline_config *pipeline, char *why,
                    size_t why_size)
{
    struct loaded *loaded = &plugins->loaded[plugins->count];
    struct strategy_setup *setup = &pipeline->strategy[pipeline->strategies];
    enum err err;

    if (pipeline->strategies == PIPELINE_STRATEGIES_MAX) {
        snprintf(why, why_size, "strategy.plugins: more than %d strategies", PIPELINE_STRATEGIES_MAX);
        return ERR_CONFIG;
    }
    if (plugin_file_spec(spec, loaded->path, loaded->pin) != ERR_OK) {
        snprintf(why, why_size, "strategy.plugins: a path is too long");
        return ERR_CONFIG;
    }
    loaded->owner = (uint16_t)(pipeline->strategies + 1);
    loaded->identity = plugin_file_identity(loaded->path);
    err = plugins_load(plugins, loaded, NULL, &loaded->running, why, why_size);
    if (err == ERR_STATE && strstr(why, ": is in quarantine ") != NULL) { /* the start goes on without it */
        fprintf(stderr, "flowdeck: %s; skipped\n", why);
        plugins->skipped = true;
        return ERR_OK;
    }
    if (err != ERR_OK)
        return ERR_CONFIG;
    snprintf(loaded->name, sizeof(loaded->name), "%s", plugin_about(loaded->running)->manifest.name);
    tell_dead_man(plugins, loaded, loaded->running);
    plugins->taken[plugins->taken_count++] = loaded->name;
    *setup = (struct strategy_setup){.instance = plugin_instance(loaded->running),
                                     .manifest = &plugin_about(loaded->running)->manifest,
                                     .on = is_on(plugins, loaded->name),
                                     .plugin = true};
    pipeline->strategies++;
    plugins->count++;
    return ERR_OK;
}

static enum err install_guard(struct plugins *plugins, int64_t budget_ns, char *why, size_t why_size)
{
    struct life_page *life = plugins->config.life;
    struct plugin_guard_config guard = {.quarantine =
                                            plugins->quarantine[0] == '\0' ? NULL : plugins->quarantine,
                                        .last_act = plugins->config.last_act,
                                        .budget_ns = budget_ns};

    if (life != NULL) {
        guard.page.running = &life->in_callback;
        guard.page.running_ns = &life->in_callback_ns;
        guard.page.crash_signal = &life->crash_signal;
        guard.page.crash_owner = &life->crash_owner;
        guard.page.kill = &life->kill;
    }
    if (plugin_guard_install(&guard) == ERR_OK && plugin_house_mark() == ERR_OK &&
        plugin_guard_thread_start(false) == ERR_OK && (life != NULL || plugin_guard_watch_start() == ERR_OK))
        return ERR_OK;
    snprintf(why, why_size, "cannot guard the plug-ins: no memory, descriptor or thread is left");
    return ERR_MEMORY;
}

static bool is_loaded(const struct plugins *plugins, const char *name)
{
    for (size_t i = 0; i < plugins->count; i++)
        if (strcmp(plugins->loaded[i].name, name) == 0)
            return true;
    return false;
}

/* A setting for a strategy that is not there would be lost without a word: a misspelt "off" would let it trade. */
static enum err check_settings(const struct plugins *plugins, char *why, size_t why_size)
{
    const char *name = NULL;

    for (size_t i = 0; i < plugins->settings && name == NULL; i++)
        name = is_loaded(plugins, plugins->words[i].strategy) ? NULL : plugins->words[i].strategy;
    for (size_t i = 0; i < plugins->offs && name == NULL; i++)
        name = is_loaded(plugins, plugins->off[i]) ? NULL : plugins->off[i];
    if (name == NULL || plugins->skipped)
        return ERR_OK;
    for (size_t i = 0; i < plugins->taken_count; i++)
        if (strcmp(plugins->taken[i], name) == 0) {
            snprintf(why, why_size, "strategy.set: '%s' is no plug-in; allowed: strategy.%s.PARAMETER: VALUE",
                     name, name);
            return ERR_CONFIG;
        }
    snprintf(why, why_size, "strategy.set: no plug-in of strategy.plugins is named '%s'", name);
    return ERR_CONFIG;
}

enum err plugins_open(const struct plugins_config *config, struct pipeline_config *pipeline,
                      struct plugins **out, char *why, size_t why_size)
{
    char list[CONFIG_TEXT_MAX];
    char *rest = list, *word;
    struct plugins *plugins;
    enum err err;

    *out = NULL;
    snprintf(list, sizeof(list), "%s", config_text(config->config, "strategy.plugins"));
    if (list[0] == '\0' && config_text(config->config, "strategy.set")[0] == '\0')
        return ERR_OK;
    plugins = calloc(1, sizeof(*plugins));
    if (plugins == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    plugins->config = *config;
    if (config->data_dir[0] != '\0')
        snprintf(plugins->quarantine, sizeof(plugins->quarantine), "%s/" PLUGIN_QUARANTINE_NAME,
                 config->data_dir);
    err = read_settings(plugins, why, why_size);
    for (size_t i = 0; i < pipeline->strategies; i++)
        plugins->taken[plugins->taken_count++] = pipeline->strategy[i].manifest->name;
    if (err == ERR_OK)
        err = install_guard(plugins, pipeline->callback_budget_ns, why, why_size);
    while (err == ERR_OK && list[0] != '\0' && (word = strsep(&rest, ",")) != NULL)
        err = add(plugins, word, pipeline, why, why_size);
    if (err == ERR_OK)
        err = check_settings(plugins, why, why_size);
    if (err != ERR_OK) {
        plugins_close(plugins);
        return err;
    }
    *out = plugins;
    return ERR_OK;
}

void plugins_close(struct plugins *plugins)
{
    if (plugins == NULL)
        return;
    plugins_stop_watching(plugins);
    for (size_t i = 0; i < plugins->count; i++) {
        plugin_slots_tidy(&plugins->slots, plugins->loaded[i].owner);
        plugin_close(plugin_slots_withdraw(&plugins->slots, plugins->loaded[i].owner));
        plugin_close(plugins->loaded[i].running);
    }
    plugin_guard_thread_end();
    plugin_guard_remove();
    plugin_house_forget();
    free(plugins);
}

/* --- the engine's thread -------------------------------------------------------------------------------------- */

void plugins_thread_start(struct plugins *plugins)
{
    if (plugins == NULL)
        return;
    (void)plugin_guard_thread_start(
        true); /* without the stack endless recursion dies unnamed, and is not saved */
    for (size_t i = 0; i < plugins->count; i++)
        plugin_adopt(plugins->loaded[i].running);
}

void plugins_thread_end(struct plugins *plugins)
{
    if (plugins != NULL)
        plugin_guard_thread_end();
}

/* What was changed since the start, by name, into the new version. What it does not take is told by the hand-over. */
static void keep_parameters(struct plugin *old, struct plugin *fresh)
{
    const struct strategy_manifest *was = &plugin_about(old)->manifest, *is = &plugin_about(fresh)->manifest;
    char text[sizeof(was->parameter[0].allowed)], why[LINE_SIZE];

    plugin_adopt(fresh);
    for (size_t i = 0; i < was->parameter_count; i++) {
        int64_t value = strategy_instance_parameter(plugin_instance(old), i);

        if (value == was->parameter[i].preset)
            continue;
        strategy_parameter_text(&was->parameter[i], value, text, sizeof(text));
        for (size_t n = 0; n < is->parameter_count; n++)
            if (strcmp(is->parameter[n].name, was->parameter[i].name) == 0 &&
                strategy_parameter_parse(&is->parameter[n], text, &value, why, sizeof(why)) == ERR_OK &&
                value != strategy_instance_parameter(plugin_instance(fresh), n))
                (void)plugin_set_parameter(plugin_instance(fresh), plugin_owner(fresh), n, value, why,
                                           sizeof(why));
    }
    plugin_adopt(old);
}

static enum plugins_taken swap(struct plugins *plugins, struct loaded *loaded, struct pipeline *pipeline,
                               char *line, size_t line_size)
{
    struct plugin *fresh = plugin_slots_take(&plugins->slots, loaded->owner), *old = loaded->running;
    enum err err;

    if (fresh == NULL)
        return PLUGINS_NOTHING;
    tell_dead_man(plugins, loaded, fresh); /* its code runs from here on */
    for (size_t i = 0; i < pipeline->markets;
         i++) /* what the old one trades; no room: the first ones are its own */
        if (strategy_instance_trades(plugin_instance(old), pipeline->market[i]->instrument->id))
            (void)strategy_instance_add(plugin_instance(fresh), pipeline->market[i]->instrument);
    keep_parameters(old, fresh);
    err = plugin_hand_over(old, fresh, line, line_size);
    if (err == ERR_OK) {
        loaded->running = fresh;
        strategies_swap(pipeline, loaded->owner, plugin_instance(fresh), line);
    } else {
        tell_dead_man(plugins, loaded, old); /* else a crash of the old one would shut the new one out */
    }
    plugin_slots_give_back(&plugins->slots, err == ERR_OK ? old : fresh);
    return err == ERR_OK ? PLUGINS_SWAPPED : PLUGINS_KEPT;
}

enum plugins_taken plugins_take(struct plugins *plugins, struct pipeline *pipeline, char *line,
                                size_t line_size)
{
    enum plugins_taken taken = PLUGINS_NOTHING;

    for (size_t i = 0; i < plugins->count && taken == PLUGINS_NOTHING; i++)
        taken = swap(plugins, &plugins->loaded[i], pipeline, line, line_size);
    return taken;
}

void plugins_inspect(struct plugins *plugins, struct pipeline *pipeline, int64_t now_ns)
{
    const char *touched;

    if (plugins->inspected_ns == 0)
        plugins->inspected_ns = now_ns;
    if (now_ns - plugins->inspected_ns < INSPECT_NS)
        return;
    plugins->inspected_ns = now_ns;
    if (!plugins
             ->house_marked) { /* by now the host has set its own signals; loading was inspected by itself */
        plugins->house_marked = plugin_house_mark() == ERR_OK;
        return;
    }
    for (size_t i = 0; i < plugins->count; i++) /* what is being loaded meanwhile may be half way through */
        if (atomic_load_explicit(&plugins->slots.under_way[plugins->loaded[i].owner], memory_order_acquire))
            return;
    touched = plugin_house_inspect();
    if (touched == NULL)
        return;
    for (size_t i = 0; i < plugins->count; i++) { /* nobody knows which one it was */
        char why[96];

        snprintf(why, sizeof(why), "a plug-in %s", touched);
        strategies_disable(pipeline, plugins->loaded[i].owner, why);
    }
}

bool plugins_complaint(struct plugins *plugins, char *line, size_t line_size)
{
    if (!atomic_load_explicit(&plugins->complains, memory_order_acquire))
        return false;
    snprintf(line, line_size, "%s", plugins->complaint);
    atomic_store_explicit(&plugins->complains, false, memory_order_release);
    return true;
}
