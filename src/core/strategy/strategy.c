#include "core/strategy/strategy_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct strategy *strategy_new(const struct strategy_table *table, size_t size)
{
    struct strategy *strategy;

    assert(size >= sizeof *strategy);
    strategy = calloc(1, size);
    if (strategy != NULL)
        strategy->table = table;
    return strategy;
}

void strategy_free(struct strategy *strategy)
{
    free(strategy);
}

const char *strategy_name(const struct strategy *strategy)
{
    return strategy->table->name;
}

struct order_intent *strategy_add_intent(struct strategy_actions *actions, const struct strategy_view *view)
{
    struct order_intent *intent;

    if (actions->intent_count == STRATEGY_INTENTS_MAX)
        return NULL;
    intent = &actions->intent[actions->intent_count++];
    memset(intent, 0, sizeof *intent);
    intent->instrument_id = view->instrument->id;
    return intent;
}

void strategy_add_cancel(struct strategy_actions *actions, uint64_t order_seq)
{
    if (actions->cancel_count < STRATEGY_INTENTS_MAX)
        actions->cancel_seq[actions->cancel_count++] = order_seq;
}

void strategy_on_event(struct strategy *strategy, const struct strategy_view *view,
                       struct strategy_actions *actions)
{
    assert(strategy != NULL && view != NULL && actions != NULL);
    assert(view->instrument->id < INSTRUMENTS_MAX);
    actions->intent_count = 0;
    actions->cancel_count = 0;
    strategy->table->on_event(strategy, view, actions);
    for (size_t i = 0; i < actions->intent_count; i++)
        actions->intent[i].flatten = false; /* opens doors in the gate: the operator's word alone */
}

void strategy_on_fill(struct strategy *strategy, const struct strategy_view *view, const struct fill *fill)
{
    strategy->table->on_fill(strategy, view, fill);
}

void strategy_on_denied(struct strategy *strategy, const struct strategy_view *view, const char *code)
{
    strategy->table->on_denied(strategy, view, code);
}

void strategy_reset_instrument(struct strategy *strategy, uint16_t instrument_id)
{
    assert(instrument_id < INSTRUMENTS_MAX);
    strategy->table->reset_instrument(strategy, instrument_id);
}

const struct strategy_reason *strategy_reason(const struct strategy *strategy, uint16_t instrument_id)
{
    assert(instrument_id < INSTRUMENTS_MAX);
    return strategy->table->reason(strategy, instrument_id);
}

void strategy_rescale(struct strategy *strategy, uint16_t instrument_id, struct step_change change)
{
    assert(instrument_id < INSTRUMENTS_MAX);
    strategy->table->rescale(strategy, instrument_id, change);
}
