/*
 * key_trial.h - one key in one place and state: typed as that terminal sends it, judged by cells alone. The recording's clock is
 * held, so that what changes was changed by the key.
 */
#ifndef SCREEN_KEY_TRIAL_H
#define SCREEN_KEY_TRIAL_H

#include "screen/key_pictures.h"
#include "screen/key_rows.h"
#include "screen/three_orders.h"

#define TRIES 3

struct trial {
    struct three all;
    const struct key_state *state;
    const struct place *place;
    const struct key_binding *binding;
    const struct effect *effect;
    char what[128];
};

static inline void type(struct trial *trial)
{
    char bytes[16];

    for (int i = 0; i < SIZES; i++)
        vt_send(trial->all.vt[i], key_bytes(trial->all.kind[i], trial->binding->key, bytes));
}

/* The cursor on the order of ours: the keys before may have led it away. */
static inline void to_own_order(struct three *all)
{
    for (int i = 0; i < SIZES; i++)
        if (!vt_shows(all->vt[i], "x moves"))
            vt_send(all->vt[i], "0");
    for (int row = 0; row < 12; row++) {
        bool there = true;

        until_quiet(all);
        for (int i = 0; i < SIZES; i++)
            if (!vt_shows(all->vt[i], "x moves")) {
                there = false;
                vt_send(all->vt[i], "j");
            }
        if (there)
            return;
    }
}

static inline void own_order(struct trial *trial);
static inline void hold(struct trial *trial);

static inline bool all_have(struct three *all, const char *text)
{
    bool have = true;

    for (int i = 0; i < SIZES; i++)
        have = have && vt_shows(all->vt[i], text);
    return have;
}

/* Where the state does not stand: a key before may have ended it. */
static inline void enter_state(struct trial *trial)
{
    const struct key_state *state = trial->state;
    struct three *all = &trial->all;
    bool line = state->enter != NULL && state->enter[0] == ':', lacks = false;

    for (int i = 0; state->enter != NULL && i < SIZES; i++) {
        const char *shown = state->stands[0] == '^' ? vt_row(all->vt[i], 0) : vt_text(all->vt[i]);

        if (strstr(shown, state->stands + (state->stands[0] == '^')) != NULL)
            continue;
        lacks = true;
        if (!line)
            vt_send(all->vt[i], state->enter);
    }
    if (lacks && line)
        all_run(all, state->enter + 1);
    if (lacks && state->asks != NULL) {
        all_show(all, state->asks);
        all_yes(all, state->asks);
    }
    if (lacks)
        until_quiet(all);
    if (state->stands != NULL)
        all_want(all, state->stands);
}

/* It is entered where the place is, not before. */
static inline bool state_comes_after(const struct trial *trial)
{
    return trial->state->after && trial->place->title == NULL && trial->place->enter[0][0] != NULL;
}

static inline void enter(struct trial *trial)
{
    if (!state_comes_after(trial))
        enter_state(trial);
    if (trial->place->context == CONTEXT_MOVE) {
        to_own_order(&trial->all);
        if (!all_have(&trial->all, "x moves")) /* one has filled while the clock ran */
            own_order(trial);
    }
    for (int i = 0; i < STEPS && trial->place->enter[i][0] != NULL; i++) {
        all_send(&trial->all, trial->place->enter[i][0]);
        all_show(&trial->all, trial->place->enter[i][1]);
    }
    if (state_comes_after(trial)) {
        until_quiet(&trial->all);
        enter_state(trial);
    }
    if (trial->effect->before != NULL) {
        until_quiet(&trial->all);
        all_send(&trial->all, trial->effect->before);
    }
    until_quiet(&trial->all);
}

static inline const char *home_of(const struct trial *trial)
{
    return trial->state->home != NULL ? trial->state->home : HOME;
}

static inline void leave_place(struct trial *trial)
{
    struct three *all = &trial->all;

    if (trial->effect->back != NULL && trial->effect->outcome != TURNS) {
        until_quiet(all);
        all_send(all, trial->effect->back);
    }
    if (trial->effect->then != NULL)
        all_want(all, trial->effect->then);
    until_quiet(all);
    for (int i = 0; state_comes_after(trial) && i < SIZES; i++) /* so that the next picture is another */
        if (vt_shows(all->vt[i], trial->state->stands))
            vt_send(all->vt[i], trial->state->enter);
    if (trial->place->title == NULL)
        all_send(all, trial->place->leave);
    for (int i = 0; trial->place->title != NULL && i < SIZES; i++)
        if (vt_shows(all->vt[i], trial->place->title))
            vt_send(all->vt[i], trial->place->leave);
    if (trial->place->title != NULL)
        all_lose(all, trial->place->title);
    if (trial->state->small) { /* and nothing stands of what a key brought */
        all_send(all, "\014");
        all_show(all, "drawn anew");
    } else {
        all_show(all, home_of(trial));
    }
    until_quiet(all);
}

/* Another picture, and the very one again: an event of the market between may spoil it, three do not. */
static inline void try_turn(struct trial *trial)
{
    bool again = false;
    int at = 0;

    for (int i = 0; i < TRIES && !again; i++) {
        struct pictures before = take(&trial->all, false);

        type(trial);
        if (!until_like(&trial->all, &before, false, ANSWER_MS, &at))
            miss(&trial->all, at, "the picture", "has not changed");
        until_quiet(&trial->all);
        all_send(&trial->all, trial->effect->back);
        again = until_like(&trial->all, &before, true, 1500, &at);
        drop(&before);
    }
    if (!again)
        miss(&trial->all, at, "the picture", "does not come again by the keys back");
}

static inline void try_same(struct trial *trial)
{
    bool same = false;
    int at = 0;

    for (int i = 0; i < TRIES && !same; i++) {
        struct pictures before = take(&trial->all, false);

        type(trial);
        until_quiet(&trial->all);
        same = until_like(&trial->all, &before, true, 1, &at);
        drop(&before);
    }
    if (!same)
        miss(&trial->all, at, "the picture", "has changed");
}

static inline void try_change(struct trial *trial)
{
    struct pictures before = take(&trial->all, trial->effect->outcome == ANSWERS);
    int at;

    type(trial);
    if (!until_like(&trial->all, &before, false, ANSWER_MS, &at))
        miss(&trial->all, at, "the picture", "has not changed");
    drop(&before);
}

static inline void try_letter(struct trial *trial)
{
    char want[24], letter[16];

    if (trial->binding->key > 0x7f) /* by its place on the keyboard, or another key */
        return;
    snprintf(want, sizeof(want), "ha%s_", key_bytes(&kinds[0], trial->binding->key, letter));
    type(trial);
    all_show(&trial->all, want);
}

/* The recording's clock stands, and all is as in a market that runs. */
static inline void hold(struct trial *trial)
{
    all_run(&trial->all, "halt"); /* where trading is halted Space holds the clock alone */
    all_state(&trial->all, "HALTED");
    all_send(&trial->all, " ");
    all_show(&trial->all, "\u2551 held");
    all_run(&trial->all, "go");
    all_state(&trial->all, "ACTIVE");
}

static inline void let_go(struct trial *trial)
{
    all_play(&trial->all, 1600); /* until then it could be the second half of a nervous double tap */
    all_send(&trial->all, " ");
    all_lose(&trial->all, "\u2551 held");
}

/* One that can be picked up. */
static inline void own_order(struct trial *trial)
{
    for (int i = 0; i < SIZES; i++) /* or it would not ask */
        if (strstr(vt_row(trial->all.vt[i], 0), " ARMED") != NULL)
            vt_send(trial->all.vt[i], "a");
    let_go(trial);
    all_rest(&trial->all);
    hold(trial);
}

static inline void resize(struct trial *trial, bool small)
{
    for (int i = 0; i < SIZES; i++)
        vt_resize(trial->all.vt[i], small ? 14 : sizes[i][0], small ? 59 : sizes[i][1]);
    all_show(&trial->all, small ? "60x15" : "touch ");
}

static inline void revive(struct trial *trial)
{
    if (trial->state->small)
        resize(trial, false);
    all_revive(&trial->all);
    hold(trial);
    if (trial->place->context == CONTEXT_MOVE)
        own_order(trial);
    if (trial->state->small)
        resize(trial, true);
}

/* The clock goes on, and with the next it is held and strategies pause. */
static inline void try_pause(struct trial *trial)
{
    struct three *all = &trial->all;

    all_play(all, 1600);
    type(trial);
    all_lose(all, "\u2551 held");
    if (!trial->state->small)
        all_state(all, trial->state->resumed);
    type(trial);
    all_want(all, trial->effect->outcome == STATES ? "^PAUSED" : "PAUSED");
    if (trial->state->small)
        resize(trial, false);
    else
        leave_place(trial);
    all_run(all, "resume");
    all_lose(all, "\u2551 held");
    hold(trial);
    if (trial->state->small)
        resize(trial, true);
}

/* An order is taken only while the clock runs. */
static inline void try_order(struct trial *trial)
{
    leave_place(trial);
    let_go(trial);
    all_send(&trial->all, "0jjjjj"); /* where it rests */
    enter(trial);
    all_yes(&trial->all, trial->place->title);
    all_show(&trial->all, "orders 1");
    all_cancelled(&trial->all);
    hold(trial);
}

/* y is nothing before the question has been seen for 250 ms. */
static inline void try_yes(struct trial *trial)
{
    if (strcmp(trial->effect->want, "orders 1") == 0) {
        try_order(trial);
        return;
    }
    all_play(&trial->all, 350);
    type(trial);
    if (trial->effect->outcome == SHOWS)
        all_show(&trial->all, trial->effect->want);
    else
        all_say(&trial->all, trial->effect->want);
}

static inline void try_state(struct trial *trial)
{
    type(trial);
    if (trial->effect->outcome == STATES)
        all_state(&trial->all, trial->effect->want);
    else
        all_show(&trial->all, trial->effect->want);
    if (trial->effect->gone != NULL)
        all_expect(&trial->all, &(struct wanted){.text = trial->effect->gone, .place = STATUS, .gone = true});
    if (trial->binding->action == ACT_KILL)
        revive(trial);
}

static inline void try_end(struct trial *trial)
{
    enter(trial);
    type(trial);
    for (int i = 0; i < SIZES; i++) {
        struct vt *vt = trial->all.vt[i];

        assert_true(vt_wait_exit(vt, ANSWER_MS));
        assert_int_equal(vt_exit_code(vt), 0);
        assert_true(vt_is_sane(vt));
        vt_free(vt);
    }
}

/* What everywhere else is one key may not be in a field: K is a letter, its Alt and F12 are not. */
static inline bool is_letter_there(const struct trial *trial)
{
    return trial->place->context == CONTEXT_TEXT && trial->binding->key < KEY_FIRST;
}

static inline void try_key(struct trial *trial)
{
    enum outcome outcome = is_letter_there(trial) ? TYPED : trial->effect->outcome;

    trial->all.what = trial->what;
    enter(trial);
    if (trial->binding->action == ACT_YES)
        try_yes(trial);
    else if (trial->binding->action == ACT_PAUSE && (outcome == STATES || outcome == SHOWS))
        try_pause(trial);
    else if (trial->binding->action == ACT_KILL && outcome == SHOWS)
        try_state(trial);
    else if (outcome == TURNS)
        try_turn(trial);
    else if (outcome == SAME)
        try_same(trial);
    else if (outcome == CHANGES || outcome == ANSWERS)
        try_change(trial);
    else if (outcome == TYPED)
        try_letter(trial);
    else if (outcome == STATES)
        try_state(trial);
    else {
        type(trial);
        if (outcome == SHOWS)
            all_show(&trial->all,
                     strcmp(trial->effect->want, HOME) == 0 ? home_of(trial) : trial->effect->want);
        else
            all_say(&trial->all, trial->effect->want);
        if (trial->effect->gone != NULL)
            all_expect(&trial->all,
                       &(struct wanted){.text = trial->effect->gone, .place = STATUS, .gone = true});
    }
    leave_place(trial);
}

#endif
