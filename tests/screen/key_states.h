/*
 * key_states.h - the state table of the keys (KEYS.md) in a terminal, at three sizes on different kinds of terminal: each state by
 * every key of each class, what comes of it read from the cells. An order of ours rests under the cursor, so that a cancel has one.
 * A question, a field and a picked-up order are test_keys_*.c, a book that is not LIVE is test_book_not_live.c.
 */
#ifndef SCREEN_KEY_STATES_H
#define SCREEN_KEY_STATES_H

#include "screen/three_sizes.h"

enum key_class { ASKED, STOPPED, CANCELLED, CLOSED, PAUSES, KILLS, SWITCHES, CLASSES };

#define KEYS_MAX 8

static const char *const class_keys[CLASSES][KEYS_MAX] = {
    [ASKED] = {"i", "M"}, [STOPPED] = {"t", "R"},      [CANCELLED] = {"u", "U"},     [CLOSED] = {"f"},
    [PAUSES] = {" "},     [KILLS] = {"K", "\033[24~"}, [SWITCHES] = {"2", "5", "8"},
};

/* Of each class: what comes (^: in the first row), after that goes again by Esc; NULL: a cancel, there is no order left. */
struct state_row {
    const char *name;
    const char *enter, *there, *leave,
        *gone; /* keys or a line, what they bring; keys back, what is left then */
    const char *want[CLASSES];
    bool armed; /* sent at once: nothing to answer */
};

#define SWITCHED "\001" /* another screen is there */

static const struct state_row states[] = {
    {"not armed",
     "",
     "orders 1",
     "",
     "order flow",
     {"SEND THIS ORDER?", "no position", NULL, "FLATTEN?", "^PAUSED", "^KILLED", SWITCHED},
     false},
    {"PAUSED",
     ":pause",
     "^PAUSED",
     ":resume",
     "^ACTIVE",
     {"SEND THIS ORDER?", "no position", NULL, "FLATTEN?", "^ACTIVE", "^KILLED", SWITCHED},
     false},
    {"REDUCING",
     ":reduce",
     "^REDUCING",
     ":go",
     "^ACTIVE",
     {"SEND THIS ORDER?", "no position", NULL, "no position", "^PAUSED", "^KILLED", SWITCHED},
     false},
    {"HALTED",
     ":halt",
     "^HALTED",
     ":go",
     "^ACTIVE",
     {"HALTED: only cancels", "HALTED: only cancels", NULL, ":reduce", "nothing is sent anyway", "^KILLED",
      SWITCHED},
     false},
    {"FROZEN",
     "Z",
     "FROZEN",
     "Z",
     "picture moves again",
     {"the picture is FROZEN", "the picture is FROZEN", NULL, "FLATTEN?", "^PAUSED", "^KILLED", SWITCHED},
     false},
};

static inline void show(struct three *all, const char *want)
{
    if (want[0] == '^')
        all_state(all, want + 1);
    else
        all_show(all, want);
}

/* Keys, or a line of the prompt. */
static inline void give(struct three *all, const char *keys)
{
    if (keys[0] == ':')
        all_run(all, keys + 1);
    else
        all_send(all, keys);
}

static inline void until_sent(struct three *all)
{
    bool there = false;

    for (int i = 0; i < 20 && !there; i++) {
        all_play(all, 350); /* y counts when the question has been seen for 250 ms */
        there = true;
        for (int at = 0; at < SIZES; at++)
            if (vt_shows(all->vt[at], "SEND THIS ORDER?")) {
                there = false;
                vt_send(all->vt[at], "y");
            }
    }
    all_show(all, "orders 1");
}

/* An order of ours rests under the cursor. */
static inline void own_order(struct three *all)
{
    bool rests = true;

    for (int i = 0; i < SIZES; i++)
        rests = rests && vt_shows(all->vt[i], "orders 1");
    if (rests)
        return;
    all_send(all, "U");
    all_show(all, "orders 0");
    all_send(all, "0jjjjj");
    all_play(all, 200);
    all_send(all, "i");
    all_show(all, "SEND THIS ORDER?");
    until_sent(all);
    all_show(all, "x moves");
}

static inline void revive(struct three *all)
{
    all_run(all, "clear-kill");
    all_show(all, "CLEAR THE KILL?");
    all_enter(all, "resume");
    all_state(all, "PAUSED");
    all_run(all, "go");
    all_state(all, "ACTIVE");
}

/* From PAUSED and a held clock to a market that runs. */
static inline void go_on(struct three *all)
{
    all_play(all, 1600); /* until then it could be the second half of a nervous double tap */
    all_run(all, "resume");
    all_state(all, "ACTIVE");
    all_lose(all, "\u2551 held");
}

static inline void enter(struct three *all, const struct state_row *state)
{
    own_order(all);
    give(all, state->enter);
    show(all, state->there);
    all_play(all, 100);
}

static inline void leave_state(struct three *all, const struct state_row *state)
{
    give(all, state->leave);
    show(all, state->gone);
}

static inline void expect_switch(struct three *all, const char *key)
{
    static const char *const shown[] = {['2'] = "\u2500 candles", ['5'] = "\u2500 limits", ['8'] = "y copy"};

    all_show(all, shown[(unsigned char)key[0]]);
    all_send(all, "1");
    all_show(all, "order flow");
}

/* What the key brought is there: back to the state as it was before. */
static inline void take_back(struct three *all, const struct state_row *state, enum key_class class,
                             const char *want)
{
    switch (class) {
    case ASKED:
    case STOPPED:
    case CLOSED:
        all_send(all, strchr(want, '?') != NULL ? "\033" : "\014"); /* any key takes an answer away */
        all_lose(all, want);
        leave_state(all, state);
        break;
    case PAUSES:
        if (strcmp(want, "^PAUSED") == 0) {
            if (strcmp(state->enter, "Z") == 0)
                leave_state(all, state);
            go_on(all);
        } else if (want[0] != '^') {
            leave_state(all, state);
        }
        break;
    case KILLS:
        revive(all);
        break;
    case CANCELLED:
    case SWITCHES:
        leave_state(all, state);
        break;
    case CLASSES:
        break;
    }
}

static inline void try_key(struct three *all, const struct state_row *state, enum key_class class,
                           const char *key)
{
    const char *want = state->want[class], *orders;
    char what[64];

    snprintf(what, sizeof(what), "%s, `%s`", state->name, key);
    all->what = what;
    enter(all, state);
    orders = vt_shows(all->vt[0], "orders 1") ? "orders 1" : "orders 0"; /* some states cancel it */
    if (class == PAUSES && strcmp(want, "^ACTIVE") == 0)
        all_play(all, 1600); /* until then it could be the second half of a nervous double tap */
    all_send(all, key);
    if (want == NULL)
        all_show(all, "cancelled");
    else if (strcmp(want, SWITCHED) == 0)
        expect_switch(all, key);
    else
        show(all, want);
    take_back(all, state, class, want);
    if (class == CANCELLED)
        all_show(all, "orders 0"); /* a picture that was held shows it now */
    else if (class == ASKED || class == STOPPED || class == CLOSED)
        all_show(all, orders); /* nothing was sent, and nothing cancelled */
}

#define STATES (sizeof(states) / sizeof(states[0]))

/* Of each state from this row to before that one. */
static inline void try_states(size_t from, size_t end)
{
    struct three all;

    for (size_t s = from; s < end; s++) {
        all_start(&all, s + 5, trading, no_store);
        all.what = states[s].name;
        all_show(&all, "NEXT");
        for (int class = 0; class < CLASSES; class ++)
            for (int k = 0; k < KEYS_MAX && class_keys[class][k] != NULL; k++)
                try_key(&all, &states[s], (enum key_class) class, class_keys[class][k]);
        all_leave(&all);
    }
}

/* --- the others ---------------------------------------------------------------------------------------------------------- */

struct step {
    const char *key, *want; /* ^: in the first row */
};

static inline void take_steps(struct three *all, const struct step *step)
{
    for (; step->key != NULL; step++) {
        all->what = step->key;
        give(all, step->key);
        show(all, step->want);
        all_play(all, 100);
    }
}

#endif
