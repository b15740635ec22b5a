/*
 * strategy_states.c - the owners' lives: opened, turned on and off, paused, disabled by a control or a fault, replaced by a
 * new version. See pipeline.h.
 */
#include "app/journal_states.h"

#include <stdlib.h>
#include <string.h>

/* --- life --------------------------------------------------------------------------------------------------- */

static bool add_owner(struct pipeline *pipeline, const struct strategy_setup *setup)
{
    struct owner *owner = &pipeline->owner[pipeline->owners];
    char why[160];

    owner->strategy = setup->instance;
    if (owner->strategy == NULL && strategy_instance_new(setup->table, setup->manifest, setup->parameter,
                                                         &owner->strategy, why, sizeof(why)) != ERR_OK) {
        journal_note(pipeline, NOTE_BAD, "%s", why);
        return false;
    }
    snprintf(owner->name, sizeof(owner->name), "%s", setup->manifest->name);
    owner->on = setup->on;
    if (!setup->on)
        snprintf(owner->why_off, sizeof(owner->why_off), "by configuration");
    pipeline->owners++;
    return true;
}

bool strategies_open(struct pipeline *pipeline)
{
    struct owner *manual = &pipeline->owner[pipeline->owners++];

    snprintf(manual->name, sizeof(manual->name), "manual");
    manual->on = true;
    pipeline->feedback = calloc(PIPELINE_FEEDBACK_MAX, sizeof(*pipeline->feedback));
    if (pipeline->feedback == NULL)
        return false;
    for (size_t i = 0; i < pipeline->config.strategies; i++)
        if (!add_owner(pipeline, &pipeline->config.strategy[i]))
            return false;
    return true;
}

void strategies_close(struct pipeline *pipeline)
{
    for (size_t i = 1; i < pipeline->owners; i++)
        if (pipeline->config.strategy[i - 1].instance == NULL)
            strategy_instance_free(pipeline->owner[i].strategy);
    free(pipeline->feedback);
}

/* Is `symbol` one of the comma-separated ones? An empty list has every one. */
static bool is_listed(const char *list, const char *symbol)
{
    size_t length = strlen(symbol);

    if (list[0] == '\0')
        return true;
    for (const char *at = list; (at = strstr(at, symbol)) != NULL; at += length)
        if ((at == list || at[-1] == ',') && (at[length] == '\0' || at[length] == ','))
            return true;
    return false;
}

void strategies_add_instrument(struct pipeline *pipeline, const struct instrument *instrument)
{
    for (size_t i = 0; i < pipeline->config.strategies; i++)
        if (is_listed(pipeline->config.strategy[i].symbols, instrument->symbol))
            (void)strategy_instance_add(pipeline->owner[i + 1].strategy,
                                        instrument); /* full: the first ones are its own */
}

/* --- states ------------------------------------------------------------------------------------------------- */

void strategies_pause(struct pipeline *pipeline, uint16_t owner_id, bool paused, const char *why)
{
    struct owner *owner = &pipeline->owner[owner_id];
    struct strategy_event event = {.kind = paused ? HAPPENED_PAUSE : HAPPENED_RESUME,
                                   .instrument_id = INSTRUMENT_NONE};

    if (owner->strategy == NULL || owner->paused == paused)
        return;
    owner->paused = paused;
    pipeline->risk.strategy_paused[owner_id] = paused;
    if (!owner->disabled) /* why it is disabled outlives a pause */
        snprintf(owner->why_off, sizeof(owner->why_off), "%s", paused ? why : "");
    if (paused)
        execution_clear(pipeline->execution, owner_id, ORDERS_ANY);
    if (owner->started)
        strategies_call(pipeline, owner_id, &event);
}

static void stop(struct pipeline *pipeline, uint16_t owner_id, const char *why)
{
    struct owner *owner = &pipeline->owner[owner_id];
    struct strategy_event event = {.kind = HAPPENED_STOP, .instrument_id = INSTRUMENT_NONE};

    execution_clear(pipeline->execution, owner_id, ORDERS_ANY);
    trading_cancel_all(pipeline, ORDERS_ANY, owner_id, false);
    if (owner->started && !owner->disabled)
        strategies_call(pipeline, owner_id, &event);
    owner->started = false;
    snprintf(owner->why_off, sizeof(owner->why_off), "%s", why);
}

void strategies_disable(struct pipeline *pipeline, uint16_t owner_id, const char *why)
{
    struct owner *owner = &pipeline->owner[owner_id];

    if (owner->strategy == NULL || owner->disabled)
        return;
    owner->disabled = true; /* first: what its end wants is not done */
    snprintf(owner->why_off, sizeof(owner->why_off), "%s",
             why); /* the journal keeps the state with its next record */
    stop(pipeline, owner_id, why);
    journal_decision(pipeline, "strategy-disabled", NULL, NULL, 0, 0, owner->name);
    journal_audit(pipeline, NULL, "strategy.disabled", owner->name, "%s", why);
    journal_note(pipeline, NOTE_BAD, "%s DISABLED: %s", owner->name, why);
    journal_bell_of(pipeline, owner_id, owner->why_off);
}

void strategies_swap(struct pipeline *pipeline, uint16_t owner_id, struct strategy_instance *instance,
                     const char *line)
{
    struct owner *owner = &pipeline->owner[owner_id];

    pipeline->config.strategy[owner_id - 1].instance = instance;
    pipeline->config.strategy[owner_id - 1].manifest =
        strategy_instance_manifest(instance); /* the old one's goes */
    owner->strategy = instance;
    owner->started = false; /* its orders, goal and position stay: they are the owner's */
    journal_decision(pipeline, "strategy-reload", NULL, NULL, 0, 0, owner->name);
    journal_audit(pipeline, NULL, "strategy.reload", owner->name, "%s", line);
}

void strategies_turn(struct pipeline *pipeline, uint16_t owner_id, bool on)
{
    struct owner *owner = &pipeline->owner[owner_id];

    const char *by = pipeline->by[0] != '\0' ? pipeline->by : "by you";
    char why[40];

    snprintf(why, sizeof(why), "off %s", by);
    if (!on)
        stop(pipeline, owner_id, why);
    else
        owner->why_off[0] = '\0';
    owner->on = on;
    owner->paused = owner->disabled = false;
    owner->faults = 0;
    pipeline->risk.strategy_paused[owner_id] = false;
    risk_monitor_enable_owner(&pipeline->monitor, &pipeline->risk, owner_id);
    journal_time(pipeline, owner_id, STORE_TIME_ANEW);
    journal_decision(pipeline, on ? "strategy-on" : "strategy-off", NULL, NULL, 0, 0, owner->name);
    journal_audit(pipeline, NULL, on ? "strategy.on" : "strategy.off", owner->name, "%s", by);
}
