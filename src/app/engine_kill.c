/* engine_kill.c - the kill as the engine's host sees it: the flag, whoever raised it, its latch on disk, the file KILL. */
#include "app/engine_state.h"

#include "core/base/clock.h"

#include <stdio.h>
#include <string.h>

/* Who it was first: the engine may see the flag before the command that belongs to it. */
void engine_raise_kill(struct engine *engine, enum kill_source source)
{
    int64_t none = 0;
    int nobody = KILL_BY_NONE;

    atomic_compare_exchange_strong_explicit(&engine->kill_source, &nobody, (int)source, memory_order_relaxed,
                                            memory_order_relaxed);
    atomic_store_explicit(engine->kill_flag, true, memory_order_release);
    atomic_compare_exchange_strong_explicit(&engine->kill_raised_ns, &none, clock_monotonic_ns(),
                                            memory_order_relaxed, memory_order_relaxed);
}

void engine_do_kill(struct engine *engine, const struct command *command)
{
    int64_t raised_ns;

    engine->kill_seen = true;
    atomic_store_explicit(&engine->kill_lost, false, memory_order_relaxed);
    atomic_store_explicit(&engine->kill_source, KILL_BY_NONE, memory_order_relaxed);
    pipeline_on_command(engine->pipeline, command);
    raised_ns = atomic_exchange_explicit(&engine->kill_raised_ns, 0, memory_order_relaxed);
    if (raised_ns != 0)
        engine->kill_took_ns = clock_monotonic_ns() - raised_ns;
}

void engine_take_kill_flag(struct engine *engine)
{
    static const char *const sources[] = {"kill flag",   "key",       "socket",
                                          "signal USR1", "file KILL", "attached"};
    struct command kill = {.kind = COMMAND_KILL};

    if (engine->kill_seen || !atomic_load_explicit(engine->kill_flag, memory_order_acquire))
        return;
    if (engine->config.life != NULL && atomic_load(&engine->config.life->crash_kill))
        return; /* another thread has crashed: the dead man clears up */
    snprintf(kill.source, sizeof(kill.source), "%s",
             sources[atomic_load_explicit(&engine->kill_source, memory_order_relaxed)]);
    engine_do_kill(engine, &kill);
}

/* A kill of an earlier run, which nobody has cleared. */
void engine_take_latch(struct engine *engine)
{
    struct kill_latch latch;
    char why[160];

    if (engine->config.keeper == NULL || !kill_keeper_found(engine->config.keeper, &latch))
        return;
    snprintf(why, sizeof(why), "by %.30s, before this start%s%.50s", latch.who,
             latch.why[0] == '\0' ? "" : ": ", latch.why);
    pipeline_start_killed(engine->pipeline, why);
    atomic_store_explicit(engine->kill_flag, true, memory_order_relaxed);
    engine->kill_seen = engine->kill_kept = true;
}

/* The latch is asked for as soon as the state is KILLED, and stays until it is cleared. */
static void keep_latch(struct engine *engine)
{
    struct pipeline *pipeline = engine->pipeline;
    bool killed = pipeline->risk.state == STATE_KILLED;
    struct kill_latch latch = {.at_ns = pipeline->now_ns};

    if (killed == engine->kill_kept)
        return;
    engine->kill_kept = killed;
    engine->kill_failure_told = false;
    if (!killed) {
        kill_keeper_clear(engine->config.keeper);
        return;
    }
    snprintf(latch.who, sizeof(latch.who), "%s",
             pipeline->state_why + (strncmp(pipeline->state_why, "by ", 3) == 0 ? 3 : 0));
    snprintf(latch.why, sizeof(latch.why), "%u orders were open", pipeline->kill.total);
    kill_keeper_set(engine->config.keeper, &latch);
}

void engine_watch_kill(struct engine *engine)
{
    struct command kill = {.kind = COMMAND_KILL, .source = "file KILL"};
    char why[256];

    if (engine->config.life != NULL)
        atomic_store_explicit(&engine->config.life->heartbeat_ns, clock_monotonic_ns(), memory_order_relaxed);
    if (engine->config.keeper == NULL)
        return;
    if (kill_keeper_turn(engine->config.keeper) && engine->pipeline->risk.state != STATE_KILLED) {
        engine_raise_kill(engine, KILL_BY_FILE);
        engine_do_kill(engine, &kill);
    }
    keep_latch(engine);
    if (engine->kill_failure_told ||
        kill_keeper_state(engine->config.keeper, why, sizeof(why)) != KILL_NOT_KEPT)
        return;
    engine->kill_failure_told = true;
    journal_note(engine->pipeline, NOTE_BAD, "%s: %.60s",
                 engine->kill_kept ? "the kill is NOT latched on disk" : "the kill is still latched on disk",
                 why);
    journal_bell(engine->pipeline, "the kill's file");
}

void engine_kill_from_file(struct engine *engine)
{
    engine_raise_kill(engine, KILL_BY_FILE);
    engine_wake(engine);
}

void engine_kill_from_signal(struct engine *engine)
{
    engine_raise_kill(engine, KILL_BY_SIGNAL);
    engine_wake(engine); /* async-signal-safe by libev's documentation */
}
