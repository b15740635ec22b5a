#include "plugin/plugin.h"

#include "core/base/safe_text.h"
#include "plugin/plugin_guard.h"
#include "plugin/plugin_house.h"
#include "plugin/plugin_library.h"
#include "plugin/plugin_quarantine.h"

#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SHOWN_MAX  256
#define REASON_MAX 400
#define PAGE_BYTES 65536 /* as large as any page of a Linux */

struct plugin {
    struct plugin_library *library;
    struct strategy_instance *instance;
    uint16_t owner;
    int64_t parameter[MANIFEST_PARAMETERS_MAX]; /* as it was made with */
    unsigned char *state;                       /* FD_STATE_MAX bytes, then a page that nobody may touch */
};

static enum err refuse(const struct plugin_request *request, enum err err, const char *reason, char *why,
                       size_t why_size)
{
    char shown[SHOWN_MAX];

    safe_text(request->path, strlen(request->path), shown, sizeof(shown));
    snprintf(why, why_size, "%s: %s", shown, reason);
    return err;
}

/* --- before any of it runs -------------------------------------------------------------------------------- */

static enum err check_name(const struct plugin_request *request, const char *name, char reason[REASON_MAX])
{
    if (request->must_be != NULL && strcmp(request->must_be, name) != 0) {
        snprintf(reason, REASON_MAX, "is another strategy: its name is '%s', not '%s'", name,
                 request->must_be);
        return ERR_STATE;
    }
    for (size_t i = 0; i < request->taken_count; i++) {
        if (strcmp(request->taken[i], name) != 0)
            continue;
        snprintf(reason, REASON_MAX, "the name '%s' is taken by another strategy", name);
        return ERR_DUPLICATE;
    }
    return ERR_OK;
}

static enum err check_quarantine(const struct plugin_request *request, const char *sha256,
                                 char reason[REASON_MAX])
{
    char since[PLUGIN_REASON_SIZE + 64];
    enum err err = ERR_OK;

    if (request->quarantine == NULL)
        return ERR_OK;
    err = plugin_quarantine_find(request->quarantine, sha256, since, sizeof(since));
    if (err == ERR_STATE)
        snprintf(reason, REASON_MAX, "is in quarantine %s", since);
    else if (err != ERR_OK)
        snprintf(reason, REASON_MAX, "not loaded: %s", since);
    return err;
}

static size_t find_parameter(const struct strategy_manifest *manifest, const char *name)
{
    size_t index = 0;

    while (index < manifest->parameter_count && strcmp(manifest->parameter[index].name, name) != 0)
        index++;
    return index;
}

static enum err take_settings(const struct plugin_request *request, const struct strategy_manifest *manifest,
                              int64_t *out, char reason[REASON_MAX])
{
    char shown[64], wrong[256];

    for (size_t i = 0; i < manifest->parameter_count; i++)
        out[i] = manifest->parameter[i].preset;
    for (size_t i = 0; i < request->setting_count; i++) {
        const struct plugin_setting *setting = &request->settings[i];
        size_t index = find_parameter(manifest, setting->name);
        enum err err;

        if (setting->strategy != NULL && strcmp(setting->strategy, manifest->name) != 0)
            continue;
        safe_text(setting->name, strlen(setting->name), shown, sizeof(shown));
        if (index == manifest->parameter_count) {
            snprintf(reason, REASON_MAX, "%s %s has no parameter '%s'", manifest->name, manifest->version,
                     shown);
            return ERR_CONFIG;
        }
        err = strategy_parameter_parse(&manifest->parameter[index], setting->value, &out[index], wrong,
                                       sizeof(wrong));
        if (err != ERR_OK) {
            snprintf(reason, REASON_MAX, "%s: %s", shown, wrong);
            return err;
        }
    }
    return ERR_OK;
}

static enum err check_instruments(const struct plugin_request *request,
                                  const struct strategy_manifest *manifest, char reason[REASON_MAX])
{
    size_t wanted = manifest->instruments, count = request->instrument_count;

    if (request->instruments == NULL && (count == 0 || count >= wanted))
        return ERR_OK; /* they come later, and it is given as many as it wants */
    if (wanted == 0 ? count >= 1 && count <= FD_INSTRUMENTS_MAX : count == wanted)
        return ERR_OK;
    if (wanted == 0)
        snprintf(reason, REASON_MAX, "trades 1 to %d instruments; %zu are configured", FD_INSTRUMENTS_MAX,
                 count);
    else
        snprintf(reason, REASON_MAX, "trades %zu instruments; %zu are configured", wanted, count);
    return ERR_CONFIG;
}

static enum err judge(const struct plugin_request *request, const struct plugin_file *file,
                      int64_t *parameter, char reason[REASON_MAX])
{
    enum err err = check_quarantine(request, file->sha256, reason);

    if (err == ERR_OK)
        err = check_name(request, file->manifest.name, reason);
    if (err == ERR_OK)
        err = check_instruments(request, &file->manifest, reason);
    if (err == ERR_OK)
        err = take_settings(request, &file->manifest, parameter, reason);
    return err;
}

/* --- made and ended --------------------------------------------------------------------------------------- */

static enum err make_state(struct plugin *plugin, char reason[REASON_MAX])
{
    unsigned char *bytes =
        mmap(NULL, FD_STATE_MAX + PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (bytes != MAP_FAILED && mprotect(bytes + FD_STATE_MAX, PAGE_BYTES, PROT_NONE) == 0) {
        plugin->state = bytes;
        return ERR_OK;
    }
    if (bytes != MAP_FAILED)
        munmap(bytes, FD_STATE_MAX + PAGE_BYTES);
    snprintf(reason, REASON_MAX, "no memory for its state");
    return ERR_MEMORY;
}

static enum err create(struct plugin *plugin, const struct plugin_request *request, char reason[REASON_MAX])
{
    const struct plugin_file *file = plugin_library_file(plugin->library);
    const char *found;
    fenv_t mode;
    enum err err;

    fegetenv(&mode);
    plugin_guard_enter(plugin->owner, PLUGIN_CREATE);
    err = strategy_instance_new(plugin_library_table(plugin->library), &file->manifest, plugin->parameter,
                                &plugin->instance, reason, REASON_MAX);
    plugin_guard_leave();
    fesetenv(&mode);
    for (size_t i = 0; err == ERR_OK && request->instruments != NULL && i < request->instrument_count; i++) {
        err = strategy_instance_add(plugin->instance, request->instruments[i]);
        if (err != ERR_OK)
            snprintf(reason, REASON_MAX, "its instruments cannot be added: %s", err_text(err));
    }
    found = plugin_house_inspect();
    if (err == ERR_OK && found != NULL) {
        snprintf(reason, REASON_MAX, "%s while it was loaded", found);
        err = ERR_STATE;
    }
    return err;
}

enum err plugin_open(const struct plugin_request *request, struct plugin **out, char *why, size_t why_size)
{
    struct plugin *plugin = calloc(1, sizeof(*plugin));
    char reason[REASON_MAX] = "out of memory";
    struct plugin_file file;
    enum err err;

    *out = NULL;
    if (plugin == NULL)
        return refuse(request, ERR_MEMORY, reason, why, why_size);
    plugin->owner = request->owner;
    err = plugin_file_open(request->path, request->pin, &file, why, why_size);
    if (err != ERR_OK) {
        free(plugin);
        return err;
    }
    err = judge(request, &file, plugin->parameter, reason);
    if (err == ERR_OK)
        err = make_state(plugin, reason);
    if (err == ERR_OK && plugin_house_mark() != ERR_OK) {
        snprintf(reason, sizeof(reason), "not loaded: too many open files");
        err = ERR_IO;
    }
    if (err == ERR_OK) {
        err = plugin_library_open(&file, plugin->owner, &plugin->library, why, why_size);
        if (err != ERR_OK) { /* it has said so itself */
            plugin_house_inspect();
            plugin_close(plugin);
            return err;
        }
        err = create(plugin, request, reason);
    }
    if (err != ERR_OK) {
        plugin_file_close(&file);
        plugin_close(plugin);
        return refuse(request, err, reason, why, why_size);
    }
    *out = plugin;
    return ERR_OK;
}

void plugin_close(struct plugin *plugin)
{
    if (plugin == NULL)
        return;
    if (plugin->instance != NULL) {
        const struct plugin_file *file = plugin_about(plugin);

        plugin_guard_know(plugin->owner, file->manifest.name, file->path, file->sha256);
        plugin_guard_enter(plugin->owner, PLUGIN_DESTROY);
        strategy_instance_free(plugin->instance);
        plugin_guard_leave();
    }
    plugin_library_close(plugin->library);
    if (plugin->state != NULL)
        munmap(plugin->state, FD_STATE_MAX + PAGE_BYTES);
    free(plugin);
}

struct strategy_instance *plugin_instance(const struct plugin *plugin)
{
    return plugin->instance;
}

const struct plugin_file *plugin_about(const struct plugin *plugin)
{
    return plugin_library_file(plugin->library);
}

uint16_t plugin_owner(const struct plugin *plugin)
{
    return plugin->owner;
}

/* --- engine thread ---------------------------------------------------------------------------------------- */

void plugin_adopt(const struct plugin *plugin)
{
    const struct plugin_file *file = plugin_about(plugin);

    plugin_guard_know(plugin->owner, file->manifest.name, file->path, file->sha256);
}

/*
 * Fresh was made with the values that were seen when the reload was asked for. One that was changed since would be
 * lost; one that stands at the old default may get the new one.
 */
static bool has_same_parameters(const struct plugin *old, const struct plugin *fresh, char *line,
                                size_t line_size)
{
    const struct strategy_manifest *was = &plugin_about(old)->manifest, *is = &plugin_about(fresh)->manifest;

    for (size_t i = 0; i < was->parameter_count; i++) {
        int64_t value = strategy_instance_parameter(old->instance, i);
        size_t index = find_parameter(is, was->parameter[i].name);
        char text[96], now[96];

        if (value == was->parameter[i].preset || index == is->parameter_count)
            continue;
        strategy_parameter_text(&was->parameter[i], value, text, sizeof(text));
        strategy_parameter_text(&is->parameter[index], strategy_instance_parameter(fresh->instance, index),
                                now, sizeof(now));
        if (strcmp(text, now) == 0)
            continue;
        snprintf(line, line_size,
                 "%s keeps version %s: parameter %s was changed to %s meanwhile; reload again", was->name,
                 was->version, was->parameter[i].name, text);
        return false;
    }
    return true;
}

enum err plugin_hand_over(struct plugin *old, struct plugin *fresh, char *line, size_t line_size)
{
    const struct strategy_manifest *was = &plugin_about(old)->manifest, *is = &plugin_about(fresh)->manifest;
    bool understood = true;
    size_t size;

    if (!has_same_parameters(old, fresh, line, line_size))
        return ERR_STATE;
    size = plugin_save(old->instance, old->owner, old->state, FD_STATE_MAX);
    if (size > 0) {
        plugin_adopt(fresh);
        understood = plugin_restore(fresh->instance, fresh->owner, old->state, size);
    }
    if (!understood) {
        plugin_adopt(old);
        snprintf(line, line_size,
                 "%s keeps version %s: version %s does not understand its state of %zu bytes", was->name,
                 was->version, is->version, size);
        return ERR_BAD_DATA;
    }
    plugin_adopt(fresh);
    if (size > 0)
        snprintf(line, line_size, "%s: version %s -> %s, %zu bytes of state", is->name, was->version,
                 is->version, size);
    else
        snprintf(line, line_size, "%s: version %s -> %s, begins afresh: no state was saved", is->name,
                 was->version, is->version);
    return ERR_OK;
}

enum plugin_call plugin_call_of(enum strategy_happening kind)
{
    switch (kind) {
    case HAPPENED_START:
        return PLUGIN_START;
    case HAPPENED_MARKET:
        return PLUGIN_MARKET;
    case HAPPENED_TRADE:
        return PLUGIN_TRADE;
    case HAPPENED_BOOK_EVENT:
        return PLUGIN_SIGNAL;
    case HAPPENED_FILL:
        return PLUGIN_FILL;
    case HAPPENED_ORDER:
        return PLUGIN_ORDER;
    case HAPPENED_TIMER:
        return PLUGIN_TIMER;
    case HAPPENED_PAUSE:
    case HAPPENED_RESUME:
        return PLUGIN_PAUSE;
    case HAPPENED_STOP:
        return PLUGIN_STOP;
    }
    return PLUGIN_CALLS;
}

int64_t plugin_call(struct strategy_instance *instance, uint16_t owner, const struct strategy_event *event,
                    bool timed, struct strategy_result *out)
{
    int64_t took_ns;

    plugin_guard_enter(owner, plugin_call_of(event->kind));
    strategy_instance_call(instance, event, out);
    took_ns = plugin_guard_leave();
    return timed ? took_ns : 0;
}

size_t plugin_save(struct strategy_instance *instance, uint16_t owner, void *out, size_t max)
{
    size_t size;

    plugin_guard_enter(owner, PLUGIN_SAVE);
    size = strategy_instance_save(instance, out, max);
    plugin_guard_leave();
    return size;
}

bool plugin_restore(struct strategy_instance *instance, uint16_t owner, const void *state, size_t size)
{
    bool understood;

    plugin_guard_enter(owner, PLUGIN_RESTORE);
    understood = strategy_instance_restore(instance, state, size);
    plugin_guard_leave();
    return understood;
}

enum err plugin_set_parameter(struct strategy_instance *instance, uint16_t owner, size_t index, int64_t value,
                              char *why, size_t why_size)
{
    enum err err;

    plugin_guard_enter(owner, PLUGIN_PARAMETER);
    err = strategy_instance_set_parameter(instance, index, value, why, why_size);
    plugin_guard_leave();
    return err;
}
