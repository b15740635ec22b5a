/*
 * plugin.h - a plug-in strategy: its file, its library and the one instance of it that runs.
 *
 * Two threads, and each plug-in belongs to one of them at a time:
 *
 *   loading thread  plugin_open()      judges the file, loads, creates, adds the instruments; may block, may allocate
 *        |          plugin_slots_offer() and COMMAND_STRATEGY_RELOAD (plugin_slots.h)
 *   engine thread   plugin_hand_over() state of the old one into the new one; or plugin_adopt() for the first one
 *        |          plugin_call()      callbacks
 *        |          plugin_slots_give_back(): the old one, or the new one that was refused
 *   loading thread  plugin_close()     destroys and unloads
 *
 * Whatever goes wrong with a new version leaves the old one running, with one line that says why. A reload keeps the
 * owner, so open orders and the position stay its own; the new version gets `start` after its state, and the old
 * one no `stop`.
 */
#ifndef PLUGIN_PLUGIN_H
#define PLUGIN_PLUGIN_H

#include "core/base/err.h"
#include "core/domain/instrument.h"
#include "core/strategy/instance.h"
#include "plugin/plugin_file.h"
#include "plugin/plugin_setting.h"

#include <stddef.h>
#include <stdint.h>

struct plugin;

struct plugin_request {
    const char *path;
    const char *pin;          /* SHA-256; NULL or "": any */
    uint16_t owner;           /* 1..OWNERS_MAX - 1 */
    const char *must_be;      /* reload: the name it must keep; NULL: any */
    const char *const *taken; /* names of the built-in strategies and of other plug-ins */
    size_t taken_count;
    const struct plugin_setting *settings; /* what is not named has its default */
    size_t setting_count;
    /* In the order of the configuration; kept as pointers. NULL: they are added later, instrument_count of them or, if
     * that is 0, as many as come. */
    const struct instrument *const *instruments;
    size_t instrument_count;
    const char *quarantine; /* file; NULL: none */
};

/* why: one line, "<path>: <reason>"; PLUGIN_WHY_SIZE is room for it. ERR_STATE: quarantine, rights, refusals of its
 * own; ERR_DUPLICATE: its name; else as plugin_file_open() and plugin_library_open(). */
enum err plugin_open(const struct plugin_request *request, struct plugin **out, char *why, size_t why_size);
/* Loading thread; NULL is allowed. */
void plugin_close(struct plugin *plugin);

struct strategy_instance *plugin_instance(const struct plugin *plugin);
const struct plugin_file *plugin_about(const struct plugin *plugin); /* path, SHA-256, manifest */
uint16_t plugin_owner(const struct plugin *plugin);

/* --- engine thread ---------------------------------------------------------------------------------------- */

/* From now on its code is the owner's on this thread; before its first callback. */
void plugin_adopt(const struct plugin *plugin);
/*
 * State of old into fresh. ERR_OK: fresh runs from now on, old is to be given back; line is "mm 1.0.0 -> 1.1.0, 412
 * bytes of state". Else old goes on and line says why. Refused: a state that fresh does not understand, a parameter
 * that was changed since fresh was made.
 */
enum err plugin_hand_over(struct plugin *old, struct plugin *fresh, char *line, size_t line_size);

/* The callback that answers to what happened. */
enum plugin_call plugin_call_of(enum strategy_happening kind);
/* One callback of any instance, built in or not, under the guard. Nanoseconds that it took; 0: without a clock, as in
 * a replay or backtest (timed false). */
int64_t plugin_call(struct strategy_instance *instance, uint16_t owner, const struct strategy_event *event,
                    bool timed, struct strategy_result *out);
/* strategy_instance_save() and _restore() under the guard. */
size_t plugin_save(struct strategy_instance *instance, uint16_t owner, void *out, size_t max);
bool plugin_restore(struct strategy_instance *instance, uint16_t owner, const void *state, size_t size);
/* strategy_instance_set_parameter() under the guard. */
enum err plugin_set_parameter(struct strategy_instance *instance, uint16_t owner, size_t index, int64_t value,
                              char *why, size_t why_size);

#endif
