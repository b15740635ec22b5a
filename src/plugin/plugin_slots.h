/*
 * plugin_slots.h - where plug-ins change threads: one slot each way for each owner, a pointer and nothing else.
 *
 *   loading thread: plugin_open(), offer(), then wakes the engine
 *   engine thread:  take(), plugin_hand_over(), then give_back() the one that does not run
 *   loading thread: collect(), plugin_close()
 *
 * Whoever takes a pointer out owns it. While one is under way for an owner, a second offer is refused, so
 * give_back() always finds its slot empty. An engine that has ended leaves the plug-in in its slot: withdraw() gets
 * it back.
 */
#ifndef PLUGIN_PLUGIN_SLOTS_H
#define PLUGIN_PLUGIN_SLOTS_H

#include "core/domain/intent.h"
#include "plugin/plugin.h"

#include <stdatomic.h>
#include <stdbool.h>

struct plugin_slots { /* zeroed: empty */
    _Atomic(struct plugin *) offered[OWNERS_MAX], returned[OWNERS_MAX];
    atomic_bool under_way[OWNERS_MAX];
};

/* Loading thread. False: one is under way for that owner; fresh stays the caller's. */
bool plugin_slots_offer(struct plugin_slots *slots, struct plugin *fresh);
struct plugin *plugin_slots_withdraw(struct plugin_slots *slots,
                                     uint16_t owner);                            /* NULL: the engine has it */
struct plugin *plugin_slots_collect(struct plugin_slots *slots, uint16_t owner); /* NULL: nothing there yet */

/* Loading thread, before each reload and at the end: closes what the engine gave back. */
void plugin_slots_tidy(struct plugin_slots *slots, uint16_t owner);

/* Engine thread. NULL: nothing was offered. */
struct plugin *plugin_slots_take(struct plugin_slots *slots, uint16_t owner);
void plugin_slots_give_back(struct plugin_slots *slots, struct plugin *plugin);

#endif
