#include "app/engine_state.h"

#include "app/plugins.h"
#include "app/recording_span.h"
#include "app/start_test.h"
#include "app/trail.h"
#include "core/base/clock.h"
#include "core/base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LIVE_WHY_SIZE 256
#define LINE_SIZE     800 /* of what is said of a plug-in */

bool engine_is_stopping(const struct engine *engine)
{
    return atomic_load_explicit(&engine->stopping, memory_order_acquire) ||
           (engine->stop != NULL && atomic_load_explicit(engine->stop, memory_order_relaxed));
}

static void tell_dead_man(struct engine *engine, const struct store_record *record)
{
    if (engine->config.life == NULL)
        return;
    if (record->kind == STORE_INSTRUMENT && record->instrument.id < INSTRUMENTS_MAX)
        snprintf(engine->symbol[record->instrument.id], SYMBOL_SIZE, "%s", record->instrument.symbol);
    else if (record->kind == STORE_ORDER)
        life_page_note_order(engine->config.life, &record->order.order,
                             engine->symbol[record->order.order.intent.instrument_id], record->order.price_e8,
                             record->order.qty_e8 - record->order.filled_e8);
}

/* In a replay the disk may be slower than the run: wait for it rather than lose a record or a decision. A live
 * engine waits for nobody: a full ring halts it. */
static bool push_record(void *arg, const struct store_record *record)
{
    struct engine *engine = arg;
    char why[8];

    tell_dead_man(engine, record);
    engine_figures_record(&engine->figures, record);
    if (engine->config.tap != NULL)
        trail_tap_push(engine->config.tap, record);
    if (engine->config.store == NULL)
        return true;
    while (engine->config.live == NULL && store_is_crowded(engine->config.store)) {
        if (store_failed(engine->config.store, why, sizeof(why)) || engine_is_stopping(engine))
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return store_push(engine->config.store, record);
}

static bool commit_records(void *arg)
{
    struct engine *engine = arg;

    return engine->config.store == NULL || store_commit(engine->config.store);
}

static void enter_callback(void *arg, uint16_t owner)
{
    life_page_enter(arg, owner, clock_monotonic_ns());
}

static void leave_callback(void *arg)
{
    life_page_leave(arg);
}

/* Built-in ones have a name alone: no file of theirs could be left out by the next start. */
static void name_owners(struct engine *engine)
{
    struct life_page *life = engine->config.life;

    for (size_t i = 0; life != NULL && i < engine->pipeline->owners; i++)
        snprintf(life->owner[i].name, sizeof(life->owner[i].name), "%s", engine->pipeline->owner[i].name);
}

/* SELFTEST: a control that does not hold its limit in a dry run holds none: no start. */
static enum err self_test(struct engine *engine, char *why, size_t why_size)
{
    struct clock clock;

    clock_init_real(&clock);
    return start_test_run(engine->pipeline, engine->config.life, clock_now_ns(&clock), why, why_size);
}

/* What is told before the first event is told now, not in 1970. A replay has no time before it. */
static int64_t time_of_start(void)
{
    struct clock clock;

    clock_init_real(&clock);
    return clock_now_ns(&clock);
}

enum err engine_new(const struct engine_config *config, struct engine **out, char *why, size_t why_size)
{
    struct engine *engine = calloc(1, sizeof(*engine));
    struct record_sink sink = {push_record, engine, commit_records};
    struct pipeline_config pipeline = config->pipeline;
    enum err err;

    if (engine == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    engine->config = *config;
    engine->speed_x1000 = config->speed_x1000;
    engine->seek_ns = config->at_ns;
    atomic_init(&engine->own_kill_flag, false);
    engine->kill_flag = config->life == NULL ? &engine->own_kill_flag : &config->life->kill;
    engine->control = SCREEN_NONE;
    atomic_init(&engine->own_left, false);
    atomic_init(&engine->stopping, false);
    atomic_init(&engine->kill_lost, false);
    atomic_init(&engine->kill_raised_ns, 0);
    atomic_init(&engine->kill_source, KILL_BY_NONE);
    atomic_init(&engine->loop_open, false);
    pipeline.external_kill = engine->kill_flag;
    pipeline.start_ns = config->live == NULL ? 0 : time_of_start();
    pipeline.stopwatch = config->live != NULL ? clock_monotonic_ns : NULL;
    if (config->life != NULL)
        pipeline.watch = (struct callback_watch){enter_callback, leave_callback, config->life};
    engine->pipeline = pipeline_new(
        &pipeline, config->store == NULL && config->life == NULL && config->tap == NULL ? NULL : &sink);
    if (engine->pipeline == NULL) {
        engine_free(engine);
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    name_owners(engine);
    engine_take_latch(engine);
    engine_take_alerts(engine);
    err = self_test(engine, why, why_size);
    if (err != ERR_OK || config->live != NULL) {
        if (err != ERR_OK)
            engine_free(engine);
        else
            *out = engine;
        return err;
    }
    err = replay_open(config->paths, config->path_count, config->decoder, &engine->replay, why, why_size);
    if (err != ERR_OK) {
        engine_free(engine);
        return err;
    }
    *out = engine;
    return ERR_OK;
}

void engine_free(struct engine *engine)
{
    if (engine == NULL)
        return;
    engine_live_close(engine);
    engine_close_loop(engine);
    engine_free_screens(engine);
    spsc_ring_free(engine->commands);
    spsc_ring_free(engine->requests);
    recording_span_stop(engine->span);
    replay_close(engine->replay);
    pipeline_free(engine->pipeline);
    free(engine);
}

void engine_tell_bad(struct engine *engine, const char *why)
{
    log_ev(LOG_WARN, engine->pipeline->now_ns, 0, "feed.bad", LOG_TEXT("why", why));
    if (engine->bad_told++ < ENGINE_BAD_TOLD_MAX) {
        if (!engine->config.quiet)
            fprintf(stderr, "flowdeck: %s\n", why);
        else
            journal_note(engine->pipeline, NOTE_WARNING, "%s", why);
    } else if (engine->bad_told == ENGINE_BAD_TOLD_MAX + 1 && !engine->config.quiet) {
        fprintf(stderr, "flowdeck: more bad lines follow; they are counted\n");
    }
}

bool engine_feed_one(struct engine *engine)
{
    bool skipped;

    if (!replay_next(engine->replay, &engine->event)) {
        engine->ended = true;
        pipeline_end(engine->pipeline);
        return false;
    }
    if (engine->event.kind == FEED_BAD)
        engine_tell_bad(engine, engine->event.why);
    skipped = engine->event.recv_ns != 0 && pipeline_skips_to(engine->pipeline, engine->event.recv_ns);
    pipeline_on_feed(engine->pipeline, &engine->event);
    if (skipped && engine->speed_x1000 != 0)
        engine_repace(engine, clock_monotonic_ns());
    engine_screens_on_event(engine, &engine->event);
    engine_alerts_on_event(engine, &engine->event);
    return true;
}

void engine_repace(struct engine *engine, int64_t wall_ns)
{
    engine->pace_wall_ns = wall_ns;
    engine->pace_event_ns = engine->pipeline->now_ns;
}

static int64_t wall_of(const struct engine *engine, int64_t event_ns)
{
    double ahead = (double)(event_ns - engine->pace_event_ns) * 1000.0 / (double)engine->speed_x1000;

    return engine->pace_wall_ns + (int64_t)ahead;
}

static int64_t event_of(const struct engine *engine, int64_t wall_ns)
{
    double ahead = (double)(wall_ns - engine->pace_wall_ns) * (double)engine->speed_x1000 / 1000.0;

    return engine->pace_event_ns + (int64_t)ahead;
}

/* Is the next line to be read now? *due_wall_ns tells when, if not. */
static bool line_is_due(struct engine *engine, int64_t wall_ns, int64_t *due_wall_ns)
{
    int64_t next_ns = replay_peek_ns(engine->replay);

    if (next_ns == 0 || engine->pipeline->now_ns == 0)
        return true;
    if (engine->seek_ns != 0) {
        if (next_ns < engine->seek_ns)
            return true;
        engine->seek_ns = 0;
        engine_repace(engine, wall_ns);
        if (engine->speed_x1000 == 0 && engine_is_watched(engine)) { /* or it would be past it unseen */
            engine->held = true;
            *due_wall_ns = INT64_MAX;
            return false;
        }
    }
    if (engine->speed_x1000 == 0)
        return true;
    if (pipeline_skips_to(engine->pipeline, next_ns)) /* nor does anybody wait for the end of that silence */
        return true;
    if (engine->pace_event_ns == 0)
        engine_repace(engine, wall_ns);
    *due_wall_ns = wall_of(engine, next_ns);
    return *due_wall_ns <= wall_ns;
}

int64_t engine_feed_due(struct engine *engine, int64_t wall_ns)
{
    int64_t due_wall_ns = wall_ns, end_ns = wall_ns + ENGINE_BATCH_NS;

    if (engine->ended || engine->held)
        return INT64_MAX;
    for (int count = 0; count < ENGINE_BATCH_MAX; count++) {
        if (!line_is_due(engine, wall_ns, &due_wall_ns)) {
            int64_t next_ns = replay_peek_ns(engine->replay), passed_ns = event_of(engine, wall_ns);

            /* Time passes between lines: ages grow, timers fire at their own times. */
            if (passed_ns < next_ns)
                pipeline_on_time(engine->pipeline, passed_ns);
            return due_wall_ns;
        }
        if (!engine_feed_one(engine))
            return INT64_MAX;
        if (count % 32 == 31 && clock_monotonic_ns() >= end_ns)
            break;
    }
    return wall_ns;
}

/* A new version that does not come in is bad news whatever stopped it: the hand-over, or already its file. */
static void tell_versions(struct engine *engine)
{
    struct pipeline *pipeline = engine->pipeline;
    char line[LINE_SIZE];
    enum plugins_taken taken = plugins_take(engine->config.plugins, pipeline, line, sizeof(line));

    if (taken == PLUGINS_SWAPPED) {
        journal_note(pipeline, NOTE_GOOD, "%.90s", line);
    } else if (taken == PLUGINS_KEPT || plugins_complaint(engine->config.plugins, line, sizeof(line))) {
        journal_note(pipeline, NOTE_BAD, "NOT RELOADED %.80s", line);
        journal_audit(pipeline, NULL, "strategy.reload", "-", "NOT %.170s", line);
    }
}

void engine_watch_plugins(struct engine *engine)
{
    struct pipeline *pipeline = engine->pipeline;

    for (size_t i = 0; i < pipeline->lates; i++) {
        struct command strike = {.kind = COMMAND_STRATEGY_STRIKE,
                                 .source = "clock",
                                 .number = pipeline->late[i].took_ns,
                                 .index = pipeline->late[i].call};

        strike.intent.owner = pipeline->late[i].owner;
        pipeline_on_command(pipeline, &strike);
    }
    pipeline->lates = 0;
    if (engine->config.plugins == NULL)
        return;
    plugins_inspect(engine->config.plugins, pipeline, clock_monotonic_ns());
    tell_versions(engine);
}

void engine_watch_store(struct engine *engine)
{
    char why[96];

    if (engine->config.store == NULL || engine->store_failure_told ||
        !store_failed(engine->config.store, why, sizeof(why)))
        return;
    engine->store_failure_told = true;
    trading_storage_failed(engine->pipeline, why);
}

static void run_live_headless(struct engine *engine, const atomic_bool *stop)
{
    char why[LIVE_WHY_SIZE];

    engine->stop = stop;
    if (engine_open_loop(engine, false, why, sizeof(why)) != ERR_OK) {
        fprintf(stderr, "flowdeck: %s\n", why);
        engine_live_close(engine); /* so that its status says that there was no feed */
    } else {
        engine_run_loop(engine);
    }
    pipeline_end(engine->pipeline);
    engine->stop = NULL;
}

bool engine_run_headless(struct engine *engine, const atomic_bool *stop)
{
    if (engine->config.live != NULL) {
        run_live_headless(engine, stop);
        return false;
    }
    engine->start_wall_ns = clock_monotonic_ns();
    engine->stop = stop;
    plugins_thread_start(engine->config.plugins);
    if (engine->config.opening != NULL && !engine_play_opening(engine))
        journal_note(engine->pipeline, NOTE_BAD, "no memory for the commands of the start");
    while (!engine->ended && !atomic_load_explicit(stop, memory_order_relaxed)) {
        int64_t wall_ns = clock_monotonic_ns();
        int64_t due_ns = engine_feed_due(engine, wall_ns);

        engine_take_kill_flag(engine);
        engine_watch_kill(engine);
        engine_watch_plugins(engine);
        engine_watch_store(engine);
        engine_watch_alerts(engine);
        if (due_ns != INT64_MAX && due_ns > wall_ns) {
            int64_t wait_ns = due_ns - wall_ns < 20000000 ? due_ns - wall_ns : 20000000;

            nanosleep(&(struct timespec){.tv_nsec = wait_ns}, NULL);
        }
        if (engine->config.reopen_log != NULL &&
            atomic_exchange_explicit(engine->config.reopen_log, false, memory_order_relaxed))
            log_reopen();
        if (engine->config.store == NULL)
            log_drain();
    }
    plugins_thread_end(engine->config.plugins);
    engine->wall_ns = clock_monotonic_ns() - engine->start_wall_ns;
    engine->stop = NULL;
    return engine->ended;
}

const struct pipeline *engine_pipeline(const struct engine *engine)
{
    return engine->pipeline;
}

const struct replay_progress *engine_progress(const struct engine *engine)
{
    static const struct replay_progress none;

    return engine->replay == NULL ? &none : replay_progress(engine->replay);
}

const struct decoder_counts *engine_decoder_counts(const struct engine *engine)
{
    return engine->replay == NULL ? engine_live_counts(engine) : replay_counts(engine->replay);
}

int64_t engine_wall_ns(const struct engine *engine)
{
    return engine->wall_ns;
}
