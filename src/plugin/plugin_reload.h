/*
 * plugin_reload.h - a new version while the old one trades: both halves of it, one for each thread (plugin.h).
 */
#ifndef PLUGIN_PLUGIN_RELOAD_H
#define PLUGIN_PLUGIN_RELOAD_H

#include "core/base/err.h"
#include "core/domain/command.h"
#include "plugin/plugin_slots.h"

#include <stdbool.h>
#include <stddef.h>

/* False: the engine's ring is full. */
typedef bool (*plugin_send)(void *arg, const struct command *command);

/*
 * Loading thread: judges, loads and creates the new version, lays it into its slot and asks the engine to take it. The
 * request's must_be is the name of the old one, its settings what the screen shows now. On error nothing has
 * changed and why is one line. command: seq and source are the caller's; kind and owner are filled in.
 */
enum err plugin_reload_ask(struct plugin_slots *slots, const struct plugin_request *request,
                           const struct command *command, plugin_send send, void *arg, char *why,
                           size_t why_size);
/* Loading thread, now and then and after each answer: closes what the engine gave back. True: one was closed. */
bool plugin_reload_tidy(struct plugin_slots *slots, uint16_t owner);

/* Engine thread, on COMMAND_STRATEGY_RELOAD. ERR_OK: *running is the new one, and `start` is due to it. Else it is the
 * old one as before. line is the answer either way. */
enum err plugin_reload_take(struct plugin_slots *slots, uint16_t owner, struct plugin **running, char *line,
                            size_t line_size);

#endif
