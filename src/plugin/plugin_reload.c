#include "plugin/plugin_reload.h"

#include <stdio.h>

static enum err keep_old(struct plugin *fresh, const char *reason, char *why, size_t why_size)
{
    snprintf(why, why_size, "%s: %s", plugin_about(fresh)->path, reason);
    plugin_close(fresh);
    return ERR_FULL;
}

enum err plugin_reload_ask(struct plugin_slots *slots, const struct plugin_request *request,
                           const struct command *command, plugin_send send, void *arg, char *why,
                           size_t why_size)
{
    struct command asked = *command;
    struct plugin *fresh;
    enum err err;

    plugin_reload_tidy(slots, request->owner);
    err = plugin_open(request, &fresh, why, why_size);
    if (err != ERR_OK)
        return err;
    if (!plugin_slots_offer(slots, fresh))
        return keep_old(fresh, "another reload of it is under way", why, why_size);
    asked.kind = COMMAND_STRATEGY_RELOAD;
    asked.intent.owner = request->owner;
    if (send(arg, &asked))
        return ERR_OK;
    return keep_old(plugin_slots_withdraw(slots, request->owner), "the engine takes no commands now", why,
                    why_size);
}

bool plugin_reload_tidy(struct plugin_slots *slots, uint16_t owner)
{
    struct plugin *loser = plugin_slots_collect(slots, owner);

    plugin_close(loser);
    return loser != NULL;
}

enum err plugin_reload_take(struct plugin_slots *slots, uint16_t owner, struct plugin **running, char *line,
                            size_t line_size)
{
    struct plugin *fresh = plugin_slots_take(slots, owner), *old = *running;
    enum err err;

    if (fresh == NULL || old == NULL) {
        snprintf(line, line_size, "no new version lies ready");
        if (fresh != NULL)
            plugin_slots_give_back(slots, fresh);
        return ERR_NOT_FOUND;
    }
    err = plugin_hand_over(old, fresh, line, line_size);
    if (err == ERR_OK)
        *running = fresh;
    plugin_slots_give_back(slots, err == ERR_OK ? old : fresh);
    return err;
}
