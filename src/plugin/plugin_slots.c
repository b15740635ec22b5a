#include "plugin/plugin_slots.h"

#include <assert.h>

bool plugin_slots_offer(struct plugin_slots *slots, struct plugin *fresh)
{
    uint16_t owner = plugin_owner(fresh);

    assert(owner < OWNERS_MAX);
    if (atomic_exchange(&slots->under_way[owner], true))
        return false;
    atomic_store(&slots->offered[owner], fresh);
    return true;
}

struct plugin *plugin_slots_withdraw(struct plugin_slots *slots, uint16_t owner)
{
    struct plugin *fresh = atomic_exchange(&slots->offered[owner], NULL);

    if (fresh != NULL)
        atomic_store(&slots->under_way[owner], false);
    return fresh;
}

struct plugin *plugin_slots_collect(struct plugin_slots *slots, uint16_t owner)
{
    struct plugin *plugin = atomic_exchange(&slots->returned[owner], NULL);

    if (plugin != NULL)
        atomic_store(&slots->under_way[owner], false);
    return plugin;
}

void plugin_slots_tidy(struct plugin_slots *slots, uint16_t owner)
{
    plugin_close(plugin_slots_collect(slots, owner));
}

struct plugin *plugin_slots_take(struct plugin_slots *slots, uint16_t owner)
{
    return owner < OWNERS_MAX ? atomic_exchange(&slots->offered[owner], NULL) : NULL;
}

void plugin_slots_give_back(struct plugin_slots *slots, struct plugin *plugin)
{
    struct plugin *before = atomic_exchange(&slots->returned[plugin_owner(plugin)], plugin);

    assert(before == NULL);
    (void)before;
}
