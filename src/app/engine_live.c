/*
 * engine_live.c - the live half of the engine's host: sockets and feed on the engine's loop.
 *
 * The feed gives events, the pipeline keeps the books and says which needs a snapshot, and this passes that on.
 */
#include "app/demo.h"
#include "app/engine_state.h"
#include "app/live_words.h"
#include "core/base/durations.h"
#include "core/base/log.h"
#include "feed/live_feed.h"
#include "net/net.h"
#include "service/control.h"

#include <flowdeck/version.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)
#define SAMPLE_NS INT64_C(1000000000)
#define TURN_NS   INT64_C(20000000) /* time passes for timers and monitors at least this often */

struct engine_live {
    struct clock clock;
    struct net *net;
    struct live_feed *feed;
    bool started;
    uint16_t shown;
    bool deep[INSTRUMENTS_MAX];
    int64_t engine_worst_ns;        /* from receipt to decided, of the second that runs */
    struct durations packet, order; /* from receipt: to decided, and to an order that left */
    int64_t sampled_ns;             /* monotonic; of the last latency samples */
    uint64_t answers;               /* round trips that have become samples */
};

/* --- what the feed tells ------------------------------------------------------------------------------------- */

static void ask_snapshot(struct engine *engine, uint16_t id)
{
    if (pipeline_needs_snapshot(engine->pipeline, id))
        live_feed_need_snapshot(engine->live->feed, id);
}

static void on_event(void *arg, const struct feed_event *event)
{
    struct engine *engine = arg;
    uint64_t sent = engine->pipeline->counts.sent;

    if (event->kind == FEED_BAD)
        engine_tell_bad(engine, event->why);
    engine_take_kill_flag(engine); /* a flood may bring thousands of events before the loop turns */
    pipeline_on_feed(engine->pipeline, event);
    if (event->recv_ns != 0) {
        int64_t took_ns = clock_now_ns(&engine->live->clock) - event->recv_ns;

        if (took_ns > engine->live->engine_worst_ns)
            engine->live->engine_worst_ns = took_ns;
        durations_add(&engine->live->packet, took_ns);
        if (engine->pipeline->counts.sent != sent)
            durations_add(&engine->live->order, took_ns);
        engine_figures_lag(&engine->figures, event, live_feed_status(engine->live->feed)->clock_offset_ms);
    }
    engine_screens_on_event(engine, event);
    engine_alerts_on_event(engine, event);
    if (event->instrument != NULL)
        ask_snapshot(engine, event->instrument->id);
}

static void on_raw(void *arg, int64_t recv_ns, const char *stream, const char *text, size_t size)
{
    struct engine *engine = arg;

    recorder_write(engine->config.live->recorder, recv_ns, stream, text, size);
}

/* --- life ---------------------------------------------------------------------------------------------------- */

/* Paper latencies that are drawn from measured ones want many: 12 a minute of a budget of thousands. 0: the usual. */
static int64_t answers_every_s(const struct engine *engine)
{
    const struct paper_latency_params *leg = engine->pipeline->config.paper.latency;

    for (int i = 0; i < PAPER_LEGS; i++)
        if (leg[i].kind == PAPER_LATENCY_MEASURED)
            return 5;
    return 0;
}

static enum err open_feed(struct engine *engine, char *why, size_t why_size)
{
    const struct engine_live_config *config = engine->config.live;
    struct engine_live *live = engine->live;
    struct net_config net = {
        .loop = engine->loop, .ca_file = config->ca_file, .user_agent = "flowdeck/" FLOWDECK_VERSION};
    struct live_feed_config feed = {.loop = engine->loop,
                                    .clock = &live->clock,
                                    .venue = config->venue,
                                    .symbols = config->symbols,
                                    .symbol_count = config->symbol_count,
                                    .known = config->known,
                                    .known_count = config->known_count,
                                    .seed = config->seed,
                                    .silent_ms = config->silent_ms,
                                    .rotate_after_s = config->rotate_after_s,
                                    .audit_every_s = config->audit_every_s,
                                    .info_every_s = config->info_every_s,
                                    .time_every_s = answers_every_s(engine),
                                    .history_s = config->history_s,
                                    .futures_trades = config->futures_trades,
                                    .on_event = on_event,
                                    .on_raw = config->recorder == NULL ? NULL : on_raw,
                                    .arg = engine};
    enum err err = net_new(&net, &live->net, why, why_size);

    if (err != ERR_OK)
        return err;
    feed.net = live->net;
    return live_feed_new(&feed, &live->feed, why, why_size);
}

enum err engine_live_open(struct engine *engine, char *why, size_t why_size)
{
    engine->live = calloc(1, sizeof(*engine->live));
    if (engine->live == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    clock_init_real(&engine->live->clock);
    engine->live->shown = INSTRUMENT_NONE;
    return open_feed(engine, why, why_size);
}

void engine_live_close(struct engine *engine)
{
    struct engine_live *live = engine->live;

    if (live == NULL)
        return;
    live_feed_free(live->feed);
    net_free(live->net);
    free(live);
    engine->live = NULL;
}

/* --- each turn ----------------------------------------------------------------------------------------------- */

/* What is shown or held gets the deep book. */
static void mark_deep(struct engine *engine)
{
    struct engine_live *live = engine->live;

    for (size_t i = 0; i < engine->pipeline->markets; i++) {
        bool deep = i == live->shown || engine->pipeline->market[i]->total.lots != 0;

        if (deep != live->deep[i])
            live_feed_set_deep(live->feed, (uint16_t)i, deep);
        live->deep[i] = deep;
    }
}

static void sample(struct engine *engine, enum risk_latency kind, int64_t ns)
{
    struct command command = {.kind = COMMAND_LATENCY, .source = "clock", .index = kind, .number = ns};

    if (ns >= 0)
        pipeline_on_command(engine->pipeline, &command);
}

/* Once a second what was measured becomes an input: a control may halt on it, paper latency may be drawn from it. */
static void sample_latencies(struct engine *engine, int64_t wall_ns)
{
    struct engine_live *live = engine->live;
    const struct live_status *status = live_feed_status(live->feed);
    size_t markets = engine->pipeline->markets;

    if (wall_ns - live->sampled_ns < SAMPLE_NS)
        return;
    live->sampled_ns = wall_ns;
    sample(engine, RISK_LATENCY_ENGINE, live->engine_worst_ns);
    live->engine_worst_ns = 0;
    if (status->clock_offset_ms != INT64_MIN && markets > 0) {
        /* one line brings them all: without a screen the first stands for it */
        int64_t lag_ms = engine->pipeline->market[live->shown < markets ? live->shown : 0]->lag_ms.shown;

        sample(engine, RISK_LATENCY_FEED, (lag_ms < 0 ? 0 : lag_ms) * NS_PER_MS);
    }
    if (status->answers != live->answers) { /* each once: a distribution of repeats would be none */
        sample(engine, RISK_LATENCY_ANSWER, status->answer_ns);
        durations_add(&engine->figures.rest, status->answer_ns);
    }
    live->answers = status->answers;
}

int64_t engine_live_turn(struct engine *engine, int64_t wall_ns)
{
    struct engine_live *live = engine->live;

    if (!live->started) {
        live->started = true;
        live_feed_start(live->feed);
    }
    if (live_feed_status(live->feed)->clock_offset_ms != INT64_MIN)
        pipeline_set_clock_offset(engine->pipeline, live_feed_status(live->feed)->clock_offset_ms);
    pipeline_on_time(engine->pipeline, clock_now_ns(&live->clock));
    sample_latencies(engine, wall_ns);
    mark_deep(engine);
    for (size_t i = 0; i < engine->pipeline->markets; i++)
        ask_snapshot(engine, (uint16_t)i);
    return wall_ns + TURN_NS;
}

void engine_live_show(struct engine *engine, uint16_t instrument_id)
{
    if (engine->live == NULL || instrument_id == engine->live->shown || instrument_id == INSTRUMENT_NONE)
        return;
    engine->live->shown = instrument_id;
    live_feed_show(engine->live->feed, instrument_id);
}

void engine_live_rotate(struct engine *engine)
{
    if (engine->live != NULL)
        live_feed_rotate(engine->live->feed);
}

/* --- for eyes ------------------------------------------------------------------------------------------------ */

void engine_live_fill(const struct engine *engine, struct view_frame *frame)
{
    frame->status.demo = engine->config.live->demo;
    frame->status.bad_lines = live_feed_counts(engine->live->feed)->bad;
    live_words_fill(live_feed_status(engine->live->feed), engine->pipeline->now_ns, &frame->status);
    live_words_weight(&frame->status, &frame->risk);
    if (demo_has_ended(engine->config.live->demo_fd))
        live_words_demo_ended(&frame->status);
}

const struct live_status *engine_live_status(const struct engine *engine)
{
    return engine->live == NULL ? NULL : live_feed_status(engine->live->feed);
}

static struct control_latency latency_of(const struct durations *durations)
{
    return (struct control_latency){.count = durations->count,
                                    .p50_us = durations_at(durations, 500) / 1000,
                                    .p99_us = durations_at(durations, 990) / 1000,
                                    .max_us = durations->max_ns / 1000};
}

struct engine_stage engine_live_stages(const struct engine *engine)
{
    return engine->live == NULL ? (struct engine_stage){NULL, NULL}
                                : (struct engine_stage){&engine->live->packet, &engine->live->order};
}

void engine_live_latencies(const struct engine *engine, struct control_status *out)
{
    out->packet = out->order_sent = (struct control_latency){0};
    out->key = latency_of(&engine->key);
    out->key_taken_ns = engine->key_taken_ns;
    if (engine->live == NULL)
        return;
    out->packet = latency_of(&engine->live->packet);
    out->order_sent = latency_of(&engine->live->order);
}

const struct decoder_counts *engine_live_counts(const struct engine *engine)
{
    static const struct decoder_counts none;

    return engine->live == NULL ? &none : live_feed_counts(engine->live->feed);
}
