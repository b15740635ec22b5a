/*
 * key_rows.h - which keys work in a place, and which row of the tables tells what one does there in a state.
 */
#ifndef SCREEN_KEY_ROWS_H
#define SCREEN_KEY_ROWS_H

#include "screen/key_states.h"

#include <string.h>

static inline const struct effect *row_in(const struct effect *rows, size_t count, enum key_context context,
                                          enum key_action action)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].context == context && rows[i].action == action)
            return &rows[i];
    return NULL;
}

/* The state's own, or that of every state. */
static const struct effect *row_of(const struct key_state *state, enum key_context context,
                                   enum key_action action)
{
    const struct effect *own = row_in(state->rows, state->row_count, context, action);

    return own != NULL ? own : row_in(effects, COUNT(effects), context, action);
}

static inline bool of_everywhere(const struct key_binding *binding)
{
    return binding->context == CONTEXT_ALL || binding->context == CONTEXT_REPLAY;
}

/* These mean in a field, a question and a page what they mean elsewhere. */
static inline bool always(enum key_action action)
{
    return action == ACT_KILL || action == ACT_PAUSE || action == ACT_REDRAW || action == ACT_STOP_REFUSED;
}

/* Under 60x15 there is one place, and all else is as good as no key. */
static inline const struct effect *effect_when_small(const struct key_state *state,
                                                     const struct key_binding *binding)
{
    const struct effect *own = binding->context == CONTEXT_ALL
                                   ? row_in(state->rows, state->row_count, KEY_CONTEXTS, binding->action)
                                   : NULL;

    return own != NULL ? own : row_of(state, KEY_CONTEXTS, ACT_NONE);
}

static const struct effect *effect_of(const struct key_state *state, const struct place *place,
                                      const struct key_binding *binding)
{
    const struct effect *own = row_of(state, place->context, binding->action), *other = NULL;

    if (state->small)
        return effect_when_small(state, binding);
    if (own != NULL)
        return own;
    if (of_everywhere(binding) && place->title != NULL && !always(binding->action) &&
        binding->action != ACT_HELP)
        return row_of(state, place->context, ACT_NONE);
    other = row_of(state, binding->context, binding->action);
    return other != NULL ? other : row_of(state, KEY_CONTEXTS, binding->action);
}

/* Each key once, as what it is everywhere if it is something there. */
static inline bool works_when_small(const struct key_binding *binding)
{
    const struct key_binding *all = keymap_find(CONTEXT_ALL, binding->key);

    for (size_t i = 0; all == NULL && keymap_at(i) != binding; i++)
        if (keymap_at(i)->key == binding->key)
            return false;
    return all == NULL || all == binding;
}

static inline bool works(const struct key_state *state, const struct place *place,
                         const struct key_binding *binding)
{
    bool trade = place->context == CONTEXT_LADDER || place->context == CONTEXT_LIST;

    if (state->small)
        return works_when_small(binding);
    /* the place's own meaning of the key goes before that of around it */
    if (binding->context != place->context && keymap_find(place->context, binding->key) != NULL)
        return false;
    if (binding->context == CONTEXT_ALL && trade && keymap_find(CONTEXT_TRADE, binding->key) != NULL)
        return false;
    return binding->context == place->context || of_everywhere(binding) ||
           (binding->context == CONTEXT_TRADE &&
            (trade || (place->title == NULL && state->also != ACT_NONE && binding->action == state->also)));
}

/* As it is entered in this state. */
static inline const struct place *place_of(const struct key_state *state, const struct place *place)
{
    for (size_t i = 0; i < state->place_count; i++)
        if (strcmp(state->places[i].name, place->name) == 0)
            return &state->places[i];
    return place;
}

#endif
