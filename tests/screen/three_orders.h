/*
 * three_orders.h - what several tests do by keys at three sizes at once before they try what they are about: say yes, have an
 * order of ours rest under the cursor, come back from a kill.
 */
#ifndef SCREEN_THREE_ORDERS_H
#define SCREEN_THREE_ORDERS_H

#include "screen/three_sizes.h"

/* A text anywhere; with ^ before it in the first row. */
static inline void all_want(struct three *all, const char *want)
{
    if (want[0] == '^')
        all_state(all, want + 1);
    else
        all_show(all, want);
}

/* Keys, or a line of the prompt. */
static inline void all_give(struct three *all, const char *keys)
{
    if (keys[0] == ':' && keys[1] != '\0')
        all_run(all, keys + 1);
    else
        all_send(all, keys);
}

/* Until the question, the form of this title is answered everywhere. */
static inline void all_yes(struct three *all, const char *title)
{
    bool stands = true;

    for (int i = 0; i < 20 && stands; i++) {
        all_play(all, 350); /* y counts when the question has been seen for 250 ms */
        stands = false;
        for (int at = 0; at < SIZES; at++)
            if (vt_shows(all->vt[at], title)) {
                vt_send(all->vt[at], "y");
                stands = true;
            }
    }
    all_lose(all, title);
}

static inline void all_cancelled(struct three *all)
{
    all_send(all, "U");
    all_show(all, "orders 0");
}

/* One order of ours, under the cursor; needs a clock that runs. */
static inline void all_rest(struct three *all)
{
    all_cancelled(all);
    all_send(all, "0jjjjj");
    all_play(all, 200);
    all_send(all, "i");
    all_show(all, "SEND THIS ORDER?");
    all_yes(all, "SEND THIS ORDER?");
    all_show(all, "orders 1");
}

static inline void all_revive(struct three *all)
{
    all_run(all, "clear-kill");
    all_show(all, "CLEAR THE KILL?");
    all_enter(all, "resume");
    all_state(all, "PAUSED");
    all_run(all, "resume");
    all_expect(all, &(struct wanted){.text = "PAUSED", .place = STATUS, .gone = true});
    all_run(all, "go");
    all_state(all, "ACTIVE");
}

#endif
