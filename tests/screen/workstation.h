/*
 * workstation.h - the whole program in a terminal on the demo recording, driven by keys alone and judged by cells alone.
 *
 * Waits are bounded; nothing depends on how fast the machine is, but that it gets there.
 */
#ifndef SCREEN_WORKSTATION_H
#define SCREEN_WORKSTATION_H

#include "screen/vt_harness.h"

#define START_MS  30000
#define ANSWER_MS 15000

static char program[512], demo[512];

static const char *const no_store[] = {"FLOWDECK_STORE_ON=false", NULL};

/* As asked for, on the recording; without an environment of its own nothing is stored. */
static inline struct vt *start_in(struct vt_options options, const char *const *more)
{
    const char *argv[32] = {program, "replay", demo};
    struct vt *vt;
    int count = 3;

    for (int i = 0; more != NULL && more[i] != NULL; i++)
        argv[count++] = more[i];
    options.argv = argv;
    if (options.env == NULL)
        options.env = no_store;
    vt = vt_start(&options);
    assert_non_null(vt);
    return vt;
}

static inline struct vt *start(int rows, int cols, const char *const *more, const char *const *env)
{
    return start_in((struct vt_options){.rows = rows, .cols = cols, .env = env}, more);
}

/* In simulation, paced, five minutes into the market: everything has figures. */
static const char *const trading[] = {"--mode", "simulation", "--at", "14:05", NULL};

/* Seconds of the day; 0: it is none. */
static inline int clock_s(const char *text)
{
    int hour, minute, second;

    return text != NULL && sscanf(text, "%2d:%2d:%2d", &hour, &minute, &second) == 3
               ? (hour * 60 + minute) * 60 + second
               : 0;
}

/* At 14:05 or later: the second row begins with the time of the replay. */
static inline bool is_at_five_past(struct vt *vt, void *arg)
{
    const char *row = vt_row(vt, 1);

    (void)arg;
    return clock_s(row + strspn(row, " ")) >= 14 * 3600 + 5 * 60 - 1; /* of the newest line before it */
}

static inline void await_there(struct vt *vt, const char *mode)
{
    vt_expect(vt, mode, START_MS);
    vt_expect(vt, "LIVE", START_MS);
    if (!vt_wait_until(vt, is_at_five_past, NULL, START_MS)) /* there, not on the way */
        fail_msg("it is not 14:05 within %d ms; the screen is:\n%s", START_MS, vt_text(vt));
}

static inline void await_trading(struct vt *vt)
{
    await_there(vt, "SIMULATION");
}

static inline struct vt *start_trading(int rows, int cols)
{
    struct vt *vt = start(rows, cols, trading, NULL);

    await_trading(vt);
    return vt;
}

/* ... and the order that a key would ask for stands below; until then a line tells the last fill. */
static inline struct vt *start_ready(int rows, int cols)
{
    struct vt *vt = start_trading(rows, cols);

    vt_expect(vt, "NEXT", START_MS);
    return vt;
}

/* A market that plays is never silent: for so long. */
static inline void play(struct vt *vt, int ms)
{
    vt_settle(vt, ms, ms);
}

static inline void leave(struct vt *vt)
{
    kill(vt->pid, SIGTERM);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_true(vt_is_sane(vt));
    vt_free(vt);
}

static inline int find_program(void **state)
{
    const char *build = getenv("FLOWDECK_BUILD");

    (void)state;
    snprintf(program, sizeof(program), "%s/flowdeck", build == NULL ? "build" : build);
    snprintf(demo, sizeof(demo), "%s/demo.jsonl.gz", build == NULL ? "build" : build);
    return 0;
}

#endif
