/*
 * workstation.h - the whole program in a terminal on the demo recording, driven by keys alone and judged by cells alone.
 *
 * Waits are bounded; nothing depends on how fast the machine is, but that it gets there.
 */
#ifndef SCREEN_WORKSTATION_H
#define SCREEN_WORKSTATION_H

#include "screen/vt_harness.h"

#define START_MS  15000
#define ANSWER_MS 8000

static char program[512], demo[512];

static inline struct vt *start(int rows, int cols, const char *const *more, const char *const *env)
{
    static const char *argv[32];
    const char *const store[] = {"FLOWDECK_STORE_ON=false", NULL};
    struct vt *vt;
    int count = 0;

    argv[count++] = program;
    argv[count++] = "replay";
    argv[count++] = demo;
    for (int i = 0; more != NULL && more[i] != NULL; i++)
        argv[count++] = more[i];
    argv[count] = NULL;
    vt = vt_start(
        &(struct vt_options){.rows = rows, .cols = cols, .argv = argv, .env = env == NULL ? store : env});
    assert_non_null(vt);
    return vt;
}

/* In simulation, paced, five minutes into the market: everything has figures. */
static const char *const trading[] = {"--mode", "simulation", "--at", "14:05", NULL};

static inline void await_trading(struct vt *vt)
{
    vt_expect(vt, "SIMULATION", START_MS);
    vt_expect(vt, "LIVE", START_MS);
    vt_expect(vt, vt->cols < 100 ? "56 %" : "14:05:", START_MS); /* there, not on the way */
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
