/* plugins_reload.c - the thread that loads plug-ins anew: when their file changes, or when somebody asks. See plugins.h. */
#include "app/plugins_parts.h"
#include "core/base/thread.h"
#include "plugin/plugin_guard.h"

#include <stdio.h>

static void complain(struct plugins *plugins, const char *line)
{
    if (atomic_load_explicit(&plugins->complains, memory_order_acquire))
        return; /* the engine has not told the last one yet */
    snprintf(plugins->complaint, sizeof(plugins->complaint), "%s", line);
    atomic_store_explicit(&plugins->complains, true, memory_order_release);
    plugins->engine_wake(plugins->engine_arg);
}

static void reload(struct plugins *plugins, struct loaded *loaded)
{
    struct plugin *fresh;
    char why[LINE_SIZE];

    plugin_slots_tidy(&plugins->slots, loaded->owner);
    if (plugins_load(plugins, loaded, loaded->name, &fresh, why, sizeof(why)) != ERR_OK) {
        complain(plugins, why);
        return;
    }
    if (plugin_slots_offer(&plugins->slots, fresh)) {
        plugins->engine_wake(plugins->engine_arg); /* it looks into the slots each turn */
        return;
    }
    plugin_close(fresh);
    snprintf(why, sizeof(why), "%s: another reload of it is under way", loaded->name);
    complain(plugins, why);
}

static void on_changed(void *arg, uint16_t owner, const char *path)
{
    (void)path;
    (void)plugins_ask_reload(arg, owner);
}

static void on_wake(struct ev_loop *loop, ev_async *wake, int events)
{
    struct plugins *plugins = wake->data;

    (void)events;
    if (atomic_load_explicit(&plugins->stopping, memory_order_acquire)) {
        ev_break(loop, EVBREAK_ALL);
        return;
    }
    for (size_t i = 0; i < plugins->count; i++)
        if (atomic_exchange_explicit(&plugins->loaded[i].asked, false, memory_order_acq_rel))
            reload(plugins, &plugins->loaded[i]);
}

static void *loading_thread(void *arg)
{
    struct plugins *plugins = arg;

    thread_name("plug-ins");
    if (plugin_guard_thread_start(false) == ERR_OK) {
        ev_run(plugins->loop, 0);
        plugin_guard_thread_end();
    }
    return NULL;
}

enum err plugins_watch(struct plugins *plugins, void (*wake)(void *arg), void *arg)
{
    plugins->engine_wake = wake;
    plugins->engine_arg = arg;
    plugins->loop = ev_loop_new(EVFLAG_NOSIGMASK);
    if (plugins->loop == NULL)
        return ERR_MEMORY;
    plugins->watch = plugin_watch_new(plugins->loop, on_changed, plugins);
    if (plugins->watch == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < plugins->count; i++)
        (void)plugin_watch_add(plugins->watch, plugins->loaded[i].owner, plugins->loaded[i].path,
                               &plugins->loaded[i].identity);
    ev_async_init(&plugins->wake, on_wake);
    plugins->wake.data = plugins;
    ev_async_start(plugins->loop, &plugins->wake);
    plugins->has_thread = thread_start(&plugins->thread, NULL, loading_thread, plugins) == 0;
    return plugins->has_thread ? ERR_OK : ERR_MEMORY;
}

void plugins_stop_watching(struct plugins *plugins)
{
    if (plugins == NULL || plugins->loop == NULL)
        return;
    if (plugins->has_thread) {
        atomic_store_explicit(&plugins->stopping, true, memory_order_release);
        ev_async_send(plugins->loop, &plugins->wake);
        pthread_join(plugins->thread, NULL);
        plugins->has_thread = false;
    }
    plugin_watch_free(plugins->watch);
    ev_loop_destroy(plugins->loop);
    plugins->loop = NULL;
    plugins->watch = NULL;
}

bool plugins_ask_reload(struct plugins *plugins, uint16_t owner)
{
    bool found = false;

    for (size_t i = 0; i < plugins->count; i++)
        if (plugins->loaded[i].owner == owner) {
            atomic_store_explicit(&plugins->loaded[i].asked, true, memory_order_release);
            found = true;
        }
    if (found && plugins->loop != NULL)
        ev_async_send(plugins->loop, &plugins->wake);
    return found;
}
