#include "app/plugin_watch.h"

#include "core/domain/intent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct watched {
    struct plugin_watch *watch;
    uint16_t owner;
    char path[PLUGIN_PATH_MAX];
    struct plugin_identity told; /* what was loaded or told of last */
    struct plugin_identity seen; /* when it last moved */
    ev_stat stat;
    ev_timer settle;
};

struct plugin_watch {
    struct ev_loop *loop;
    plugin_changed changed;
    void *arg;
    struct watched watched[OWNERS_MAX]; /* path "": not watched */
};

static void on_stat(struct ev_loop *loop, ev_stat *stat, int events)
{
    struct watched *watched = stat->data;

    (void)events;
    ev_timer_again(loop, &watched->settle);
}

static void on_settled(struct ev_loop *loop, ev_timer *settle, int events)
{
    struct watched *watched = settle->data;
    struct plugin_identity now = plugin_file_identity(watched->path);

    (void)events;
    if (memcmp(&now, &watched->seen, sizeof(now)) != 0) { /* still being written */
        watched->seen = now;
        return;
    }
    ev_timer_stop(loop, settle);
    if (!plugin_file_changed(watched->path, &watched->told))
        return;
    watched->told = now;
    watched->watch->changed(watched->watch->arg, watched->owner, watched->path);
}

struct plugin_watch *plugin_watch_new(struct ev_loop *loop, plugin_changed changed, void *arg)
{
    struct plugin_watch *watch = calloc(1, sizeof(*watch));

    if (watch != NULL) {
        watch->loop = loop;
        watch->changed = changed;
        watch->arg = arg;
    }
    return watch;
}

void plugin_watch_free(struct plugin_watch *watch)
{
    if (watch == NULL)
        return;
    for (size_t i = 0; i < OWNERS_MAX; i++) {
        if (watch->watched[i].path[0] == '\0')
            continue;
        ev_stat_stop(watch->loop, &watch->watched[i].stat);
        ev_timer_stop(watch->loop, &watch->watched[i].settle);
    }
    free(watch);
}

enum err plugin_watch_add(struct plugin_watch *watch, uint16_t owner, const char *path,
                          const struct plugin_identity *opened)
{
    struct watched *watched;

    if (owner >= OWNERS_MAX)
        return ERR_RANGE;
    if (strlen(path) >= PLUGIN_PATH_MAX || path[0] == '\0')
        return ERR_TOO_LONG;
    watched = &watch->watched[owner];
    if (watched->path[0] != '\0')
        return ERR_DUPLICATE;
    watched->watch = watch;
    watched->owner = owner;
    watched->told = *opened;
    snprintf(watched->path, sizeof(watched->path), "%s", path);
    ev_stat_init(&watched->stat, on_stat, watched->path, 0.0);
    ev_timer_init(&watched->settle, on_settled, 0.0, PLUGIN_SETTLE_S);
    watched->stat.data = watched->settle.data = watched;
    ev_stat_start(watch->loop, &watched->stat);
    ev_timer_again(watch->loop, &watched->settle); /* it may be another one already */
    return ERR_OK;
}
