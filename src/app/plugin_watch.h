/*
 * plugin_watch.h - sees that a plug-in's file was replaced, on a libev loop (inotify by way of ev_stat).
 *
 * A compiler writes a file in many pieces: the word comes once it has stood still for PLUGIN_SETTLE_S. What then
 * lies there is judged by whoever is called (plugins_ask_reload()), never here.
 */
#ifndef APP_PLUGIN_WATCH_H
#define APP_PLUGIN_WATCH_H

#include "core/base/err.h"
#include "plugin/plugin_file.h"

#include <ev.h>
#include <stdint.h>

#define PLUGIN_SETTLE_S 0.3

struct plugin_watch;

typedef void (*plugin_changed)(void *arg, uint16_t owner, const char *path);

struct plugin_watch *plugin_watch_new(struct ev_loop *loop, plugin_changed changed, void *arg);
void plugin_watch_free(struct plugin_watch *watch); /* NULL is allowed */
/* opened: what was loaded; a file that is another one already is told of too. ERR_RANGE, ERR_TOO_LONG, ERR_DUPLICATE. */
enum err plugin_watch_add(struct plugin_watch *watch, uint16_t owner, const char *path,
                          const struct plugin_identity *opened);

#endif
