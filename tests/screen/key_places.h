/*
 * key_places.h - every key of the table in every place it works and every state, in a terminal, at three sizes on different kinds
 * of terminal. A binding without a row fails. FLOWDECK_SOAK=1: every kill key in every place, not two of them, and each state in
 * all places, not what is its own on the ladder.
 */
#ifndef SCREEN_KEY_PLACES_H
#define SCREEN_KEY_PLACES_H

#include "screen/key_trial.h"
#include "unit/own_folder.h"

static int tried;

static inline int make_folder(void **state)
{
    find_program(state);
    return own_folder_make("key");
}

/* Where it is no soak: two of the kill keys, and in a state of its own what differs there from every other. */
static inline bool is_for_a_soak(const struct trial *trial, const struct key_binding *binding)
{
    const struct key_state *state = trial->state;
    bool own = trial->effect >= state->rows && trial->effect < state->rows + state->row_count,
         near = binding->context == CONTEXT_ALL || binding->context == CONTEXT_LADDER;

    if (getenv("FLOWDECK_SOAK") != NULL)
        return false;
    if (binding->action == ACT_KILL)
        return binding->key != 'K' && (binding->key != KEY_F12 || state->rows != NULL);
    return state->rows != NULL && (!own || (state->small && !near)) && binding->action != ACT_SCREEN_2;
}

static inline void start_trial(struct trial *trial, size_t turn)
{
    const struct key_state *state = trial->state;
    const char *const more[] = {"--mode", state->mode, "--at", "14:05", "--speed", "0.5", NULL};

    for (int i = 0; i < SIZES; i++) {
        char data[96];
        const char *const env[] = {data, NULL};

        snprintf(data, sizeof(data), "FLOWDECK_DATA_DIR=%s/%zu-%d", folder, turn, i);
        trial->all.kind[i] = kind_at(turn + (size_t)i);
        trial->all.vt[i] =
            start_kind(trial->all.kind[i],
                       (struct vt_options){.rows = sizes[i][0], .cols = sizes[i][1], .env = env}, more);
    }
    for (int i = 0; i < SIZES; i++) {
        if (state->gap)
            vt_expect(trial->all.vt[i], state->stands, START_MS);
        else
            await_there(trial->all.vt[i],
                        strcmp(state->mode, "simulation") == 0 ? "SIMULATION" : "OBSERVATION");
        if (strcmp(state->mode, "simulation") == 0)
            vt_expect(trial->all.vt[i], "NEXT", START_MS);
    }
    trial->all.what = state->name;
    hold(trial);
    if (state->small)
        resize(trial, true);
}

/* By the key that would enter it, which says why. */
static inline void try_closed(struct trial *trial)
{
    snprintf(trial->what, sizeof(trial->what), "%s: %s is closed", trial->state->name, trial->place->name);
    trial->all.what = trial->what;
    if (trial->place->context == CONTEXT_MOVE && trial->state->enter != NULL && trial->state->asks == NULL)
        own_order(trial); /* so that there is one */
    enter_state(trial);
    all_send(&trial->all, trial->place->enter[0][0]);
    all_want(&trial->all, trial->place->enter[0][1]);
    if (trial->place->ends)
        all_expect(&trial->all,
                   &(struct wanted){.text = trial->state->stands + 1, .place = STATUS, .gone = true});
}

/* Whatever is open goes, to try the next one. */
static inline void recover(struct trial *trial)
{
    for (int i = 0; i < 4; i++) {
        all_send(&trial->all, ESC);
        all_play(&trial->all, 600);
    }
    all_send(&trial->all, "1");
    until_quiet(&trial->all);
}

static inline void try_open(struct trial *trial)
{
    const struct key_binding *last = NULL;

    if (trial->place->context == CONTEXT_MOVE)
        own_order(trial);
    for (size_t i = 0; i < keymap_count(); i++) {
        const struct key_binding *binding = keymap_at(i);
        char name[32];
        int before = missed;

        if (!works(trial->state, trial->place, binding))
            continue;
        snprintf(trial->what, sizeof(trial->what), "%s: %s (%s) in %s", trial->state->name,
                 key_to_name(binding->key, name), binding->name, trial->place->name);
        trial->binding = binding;
        trial->effect = effect_of(trial->state, trial->place, binding);
        if (trial->effect == NULL)
            fail_msg("%s has no row", trial->what);
        if (is_for_a_soak(trial, binding))
            continue;
        tried++;
        if (trial->effect->outcome == ENDS)
            last = binding;
        else
            try_key(trial);
        if (missed != before)
            recover(trial);
    }
    if (last == NULL) {
        all_leave(&trial->all);
        return;
    }
    trial->binding = last;
    try_end(trial);
}

static inline void try_place(const struct key_state *state, const struct place *place, size_t turn)
{
    struct trial trial = {.state = state, .place = place_of(state, place)};

    start_trial(&trial, turn);
    if (trial.place->closed) {
        try_closed(&trial);
        all_leave(&trial.all);
    } else {
        try_open(&trial);
    }
}

static inline bool chosen(const char *variable, const char *name)
{
    const char *part = getenv(variable);

    return part == NULL || strstr(name, part) != NULL;
}

/* The places of these names, one after another, in a state; NULL: all. */
static inline void try_places(const struct key_state *state, const char *const *names)
{
    tried = 0;
    for (size_t i = 0; i < PLACES; i++) {
        bool named = names == NULL;

        for (const char *const *name = names; name != NULL && *name != NULL; name++)
            named = named || strcmp(places[i].name, *name) == 0;
        if (named && chosen("FLOWDECK_PLACE", places[i].name) && (!state->small || i == 0))
            try_place(state, &places[i], i);
    }
    if (goes_on())
        fprintf(stderr, "%s: %d keys tried, %d missed\n", state->name, tried, missed);
    if (tried == 0 && getenv("FLOWDECK_PLACE") == NULL)
        fail_msg("%s: no key was tried", state->name);
    if (missed > 0)
        fail();
}

/* Of each state from this row to before that one: all places, or the ladder where it is no soak. */
static inline void try_states(size_t from, size_t end)
{
    static const char *const few[] = {"the ladder", NULL};

    for (size_t i = from; i < end; i++)
        if (chosen("FLOWDECK_STATE", states[i].name))
            try_places(&states[i], getenv("FLOWDECK_SOAK") != NULL ? NULL : few);
}

#endif
