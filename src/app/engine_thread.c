/*
 * engine_thread.c - the engine on a libev loop of its own thread: commands in, frames out. See engine.h.
 *
 * Each turn: commands first (the kill among them), then what is due of the recording, then frames for the screens
 * that asked for one. The loop sleeps until the next line is due or a command wakes it.
 */
#include "app/engine_state.h"

#include "app/plugins.h"
#include "app/recording_span.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/thread.h"

#include <string.h>

#define WAIT_MAX_S 1.0

static void on_replay_command(struct engine *engine, const struct command *command, int64_t wall_ns)
{
    if (engine->replay == NULL)
        return; /* the market's own clock */
    if (command->kind == COMMAND_REPLAY_HOLD) {
        engine->held = command->flag;
    } else if (command->kind == COMMAND_REPLAY_SPEED) {
        engine->speed_x1000 = command->number < 0 ? 0 : command->number;
    } else if (command->kind == COMMAND_REPLAY_JUMP) {
        engine->seek_ns = command->number;
        engine->seek_from_ns = engine->pipeline->now_ns;
        engine->held = false;
    } else if (command->kind == COMMAND_REPLAY_STEP && !engine->ended) {
        engine->held = true;
        engine_feed_one(engine);
    }
    engine_repace(engine, wall_ns);
}

/* Loaded elsewhere; the answer is in the log once it runs or is refused. */
static void ask_reload(struct engine *engine, const struct command *command, int64_t wall_ns)
{
    (void)wall_ns;
    if (engine->config.plugins == NULL) {
        operator_answer(engine->pipeline, command, NOTE_WARNING,
                        "no plug-in runs here; built-in strategies stay");
        return;
    }
    if (plugins_ask_reload(engine->config.plugins, command->intent.owner))
        operator_answer(engine->pipeline, command, NOTE_INFO, "loading; the log says when it runs");
    else
        operator_answer(engine->pipeline, command, NOTE_WARNING,
                        "it is built in: only a plug-in can be loaded anew");
}

/* Lowered first: a kill that comes while the clear is under way raises it again and kills again. */
static void clear_kill(struct engine *engine, const struct command *command, int64_t wall_ns)
{
    (void)wall_ns;
    atomic_store_explicit(engine->kill_flag, false, memory_order_relaxed);
    engine->kill_seen = false;
    pipeline_on_command(engine->pipeline, command);
    if (engine->pipeline->risk.kill) { /* not cleared */
        atomic_store_explicit(engine->kill_flag, true, memory_order_relaxed);
        engine->kill_seen = true;
    } else if (atomic_exchange_explicit(&engine->kill_lost, false, memory_order_relaxed)) {
        atomic_store_explicit(engine->kill_flag, true, memory_order_relaxed);
    }
}

static void show(struct engine *engine, const struct command *command, int64_t wall_ns)
{
    struct view_builder *builder = engine->screen[command->screen].builder;

    (void)wall_ns;
    view_builder_request(builder, &command->view);
    if (command->screen == engine->control) /* whose instrument's snapshots come first */
        engine_live_show(engine, view_builder_shown(builder));
}

static void clear_visit(struct engine *engine, const struct command *command, int64_t wall_ns)
{
    (void)wall_ns;
    view_builder_clear_visit(engine->screen[command->screen].builder);
}

static void preview(struct engine *engine, const struct command *command, int64_t wall_ns)
{
    (void)wall_ns;
    pipeline_on_command(engine->pipeline, command);
    view_builder_preview(engine->screen[command->screen].builder, engine->pipeline);
}

static void do_kill(struct engine *engine, const struct command *command, int64_t wall_ns)
{
    (void)wall_ns;
    engine_do_kill(engine, command);
}

static void note(struct engine *engine, const struct command *command, int64_t wall_ns)
{
    struct pipeline *pipeline = engine->pipeline;

    (void)wall_ns;
    journal_audit(pipeline, NULL, "note", "-", "%s: %s", command->source, command->text);
    journal_note(pipeline, NOTE_INFO, "note: %.88s", command->text);
    operator_answer(pipeline, command, NOTE_GOOD, "NOTED  %s", command->text);
}

static void alert(struct engine *engine, const struct command *command, int64_t wall_ns)
{
    (void)wall_ns;
    if (engine->screen[command->screen].readonly)
        operator_answer(engine->pipeline, command, NOTE_WARNING, "a read-only screen sets no alerts");
    else
        alert_list_command(&engine->alerts, engine->pipeline, command);
}

static void pass_by(struct engine *engine, const struct command *command, int64_t wall_ns)
{
    (void)engine;
    (void)command;
    (void)wall_ns;
}

void engine_do_command(struct engine *engine, const struct command *command, int64_t wall_ns)
{
    static void (*const of_host[COMMAND_KINDS])(struct engine *, const struct command *, int64_t) = {
        [COMMAND_VIEW] = show,
        [COMMAND_CLEAR_VISIT] = clear_visit,
        [COMMAND_PREVIEW] = preview,
        [COMMAND_REPLAY_HOLD] = on_replay_command,
        [COMMAND_REPLAY_STEP] = on_replay_command,
        [COMMAND_REPLAY_SPEED] = on_replay_command,
        [COMMAND_REPLAY_JUMP] = on_replay_command,
        [COMMAND_CLEAR_KILL] = clear_kill,
        [COMMAND_KILL] = do_kill,
        [COMMAND_STRATEGY_RELOAD] = ask_reload,
        [COMMAND_NOTE] = note,
        [COMMAND_ALERT] = alert,
        [COMMAND_ALERT_DROP] = alert,
        [COMMAND_ALERTS_SEEN] = alert,
        [COMMAND_CONTROL] = pass_by, /* of screens: engine_screens.c */
    };

    engine->commands_taken++;
    if (command->kind >= COMMAND_KINDS)
        return;
    if (of_host[command->kind] != NULL)
        of_host[command->kind](engine, command, wall_ns);
    else
        pipeline_on_command(engine->pipeline, command);
}

static void take_commands(struct engine *engine, int64_t wall_ns)
{
    struct command command;

    for (int count = 0; count < ENGINE_COMMANDS_MAX && spsc_ring_pop(engine->commands, &command); count++)
        engine_take_from(engine, &command, wall_ns);
}

static void turn(struct engine *engine)
{
    int64_t wall_ns = clock_monotonic_ns(), due_ns;
    double wait_s = WAIT_MAX_S;

    if (engine_is_stopping(engine)) {
        ev_break(engine->loop, EVBREAK_ALL);
        return;
    }
    engine_watch_lease(engine, wall_ns); /* after a stop: before anything is judged by the time of before */
    engine_figures_queues(engine);
    take_commands(engine, wall_ns);
    engine_take_notes(engine, wall_ns);
    engine_take_requests(engine, wall_ns);
    engine_take_kill_flag(engine);
    engine_watch_kill(engine);
    engine_watch_plugins(engine);
    due_ns = engine->replay == NULL ? engine_live_turn(engine, wall_ns) : engine_feed_due(engine, wall_ns);
    engine_watch_store(engine);
    engine_watch_attention(engine);
    engine_watch_alerts(engine);
    if (engine->config.reopen_log != NULL &&
        atomic_exchange_explicit(engine->config.reopen_log, false, memory_order_relaxed))
        log_reopen();
    wall_ns = clock_monotonic_ns();
    engine_publish(engine, wall_ns);
    if (engine->config.store == NULL)
        log_drain();
    if (due_ns <= wall_ns) { /* more is due: look at commands, then go on at once */
        ev_timer_stop(engine->loop, &engine->due);
        ev_idle_start(engine->loop, &engine->busy);
        return;
    }
    ev_idle_stop(engine->loop, &engine->busy);
    if (due_ns != INT64_MAX && (double)(due_ns - wall_ns) / 1e9 < wait_s)
        wait_s = (double)(due_ns - wall_ns) / 1e9;
    if (engine_frame_wanted(engine) && wait_s > 0.005)
        wait_s = 0.005;
    engine->due.repeat = wait_s;
    ev_timer_again(engine->loop, &engine->due);
}

static void on_wake(struct ev_loop *loop, ev_async *wake, int events)
{
    (void)loop;
    (void)events;
    turn(wake->data);
}

static void on_due(struct ev_loop *loop, ev_timer *due, int events)
{
    (void)loop;
    (void)events;
    turn(due->data);
}

static void on_busy(struct ev_loop *loop, ev_idle *busy, int events)
{
    (void)loop;
    (void)events;
    turn(busy->data);
}

static void wake_engine(void *arg)
{
    struct engine *engine = arg;

    ev_async_send(engine->loop, &engine->wake);
}

void engine_run_loop(struct engine *engine)
{
    engine->start_wall_ns = clock_monotonic_ns();
    plugins_thread_start(engine->config.plugins);
    ev_idle_start(engine->loop, &engine->busy);
    if (engine->config.plugins != NULL &&
        plugins_watch(engine->config.plugins, wake_engine, engine) != ERR_OK)
        journal_note(engine->pipeline, NOTE_BAD, "plug-ins are not watched: no memory or thread");
    ev_run(engine->loop, 0);
    if (engine->config.live != NULL)
        pipeline_leave(engine->pipeline);
    plugins_stop_watching(engine->config.plugins);
    plugins_thread_end(engine->config.plugins);
    if (engine->config.life != NULL) /* it stands still from here on, and nobody is to be alarmed */
        atomic_store_explicit(&engine->config.life->heartbeat_ns, 0, memory_order_relaxed);
    engine->wall_ns = clock_monotonic_ns() - engine->start_wall_ns;
}

static void *run(void *arg)
{
    struct engine *engine = arg;

    thread_name("engine");
    engine_run_loop(engine);
    if (engine->config.live != NULL)
        pipeline_end(engine->pipeline);
    return NULL;
}

/* Watchers live inside their owner; data is set once. */
static void init_watchers(struct engine *engine)
{
    ev_async_init(&engine->wake, on_wake);
    engine->wake.data = engine;
    ev_async_start(engine->loop, &engine->wake);
    ev_timer_init(&engine->due, on_due, 0., WAIT_MAX_S);
    engine->due.data = engine;
    ev_idle_init(&engine->busy, on_busy);
    engine->busy.data = engine;
}

enum err engine_open_loop(struct engine *engine, bool with_screen, char *why, size_t why_size)
{
    engine->commands = spsc_ring_new(ENGINE_COMMANDS_MAX, sizeof(struct command));
    engine->loop = ev_loop_new(EVFLAG_NOSIGMASK);
    if (engine->commands == NULL || engine->loop == NULL ||
        engine_make_screens(engine, with_screen) != ERR_OK) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    init_watchers(engine);
    atomic_store_explicit(&engine->loop_open, true, memory_order_release);
    return engine->config.live == NULL ? ERR_OK : engine_live_open(engine, why, why_size);
}

void engine_close_loop(struct engine *engine)
{
    if (engine->loop == NULL)
        return;
    ev_async_stop(engine->loop, &engine->wake);
    ev_timer_stop(engine->loop, &engine->due);
    ev_idle_stop(engine->loop, &engine->busy);
    ev_loop_destroy(engine->loop);
    engine->loop = NULL;
}

enum err engine_start(struct engine *engine, bool with_screen, char *why, size_t why_size)
{
    enum err err = engine_open_loop(engine, with_screen, why, why_size);
    int failed;

    if (err != ERR_OK)
        return err;
    if (engine->replay != NULL && with_screen && engine->config.last_ns == 0)
        engine->span = recording_span_start(engine->config.paths, engine->config.path_count);
    failed = thread_start(&engine->thread, NULL, run, engine);
    if (failed != 0) {
        snprintf(why, why_size, "cannot start the engine's thread: %s", strerror(failed));
        return ERR_MEMORY;
    }
    engine->started = true;
    return ERR_OK;
}

void engine_stop(struct engine *engine)
{
    if (!engine->started)
        return;
    atomic_store_explicit(&engine->stopping, true, memory_order_release);
    ev_async_send(engine->loop, &engine->wake);
    pthread_join(engine->thread, NULL);
    engine->started = false;
}

void engine_wake(struct engine *engine)
{
    if (atomic_load_explicit(&engine->loop_open, memory_order_acquire))
        ev_async_send(engine->loop, &engine->wake);
}

bool engine_send(struct engine *engine, const struct command *command)
{
    bool fits;

    if (command->kind == COMMAND_KILL) /* blocks sending at once, and is not lost when the ring is full */
        engine_raise_kill(engine, KILL_BY_KEY);
    fits = spsc_ring_push(engine->commands, command);
    if (!fits && command->kind == COMMAND_KILL) {
        atomic_store_explicit(&engine->kill_lost, true, memory_order_relaxed);
        fits = true;
    }
    ev_async_send(engine->loop, &engine->wake);
    return fits;
}
