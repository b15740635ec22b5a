/*
 * engine_live.c - the live half of the engine's host: sockets and feed on the engine's loop.
 *
 * The feed gives events, the pipeline keeps the books and says which needs a snapshot, and this passes that on.
 */
#include "app/engine_state.h"

#include "core/base/log.h"
#include "feed/live_feed.h"
#include "net/net.h"

#include <flowdeck/version.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define TURN_NS     INT64_C(20000000) /* time passes for timers and monitors at least this often */
#define NS_PER_S    INT64_C(1000000000)
#define HOPELESS_NS (3 * NS_PER_S) /* without any connection this long after the start: the demo is named */

struct engine_live {
    struct clock clock;
    struct net *net;
    struct live_feed *feed;
    bool started;
    int64_t start_ns;
    uint16_t shown;
    bool deep[INSTRUMENTS_MAX];
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

    if (event->kind == FEED_BAD)
        engine_tell_bad(engine, event->why);
    pipeline_on_feed(engine->pipeline, event);
    if (engine->builder != NULL)
        view_builder_on_event(engine->builder, engine->pipeline, event);
    if (event->instrument != NULL)
        ask_snapshot(engine, event->instrument->id);
}

static void on_raw(void *arg, int64_t recv_ns, const char *stream, const char *text, size_t size)
{
    struct engine *engine = arg;

    recorder_write(engine->config.live->recorder, recv_ns, stream, text, size);
}

/* --- life ---------------------------------------------------------------------------------------------------- */

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
    sigset_t all, before;
    enum err err;

    engine->live = calloc(1, sizeof(*engine->live));
    if (engine->live == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    clock_init_real(&engine->live->clock);
    engine->live->shown = 0xFFFF;
    sigfillset(&all); /* helper threads start in here: signals stay the main thread's */
    pthread_sigmask(SIG_BLOCK, &all, &before);
    err = open_feed(engine, why, why_size);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return err;
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

int64_t engine_live_turn(struct engine *engine, int64_t wall_ns)
{
    struct engine_live *live = engine->live;

    if (!live->started) {
        live->started = true;
        live->start_ns = clock_now_ns(&live->clock);
        live_feed_start(live->feed);
    }
    if (live_feed_status(live->feed)->clock_offset_ms != INT64_MIN)
        pipeline_set_clock_offset(engine->pipeline, live_feed_status(live->feed)->clock_offset_ms);
    pipeline_on_time(engine->pipeline, clock_now_ns(&live->clock));
    mark_deep(engine);
    for (size_t i = 0; i < engine->pipeline->markets; i++)
        ask_snapshot(engine, (uint16_t)i);
    return wall_ns + TURN_NS;
}

void engine_live_show(struct engine *engine, uint16_t instrument_id)
{
    if (engine->live == NULL || instrument_id == engine->live->shown || instrument_id == 0xFFFF)
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

/* The link in the worst state; links come in the order of the venue's paths. */
static const struct link_status *worst_link(const struct live_status *status)
{
    const struct link_status *worst = NULL;
    static const uint8_t badness[] = {
        [LINK_DOWN] = 0, [LINK_WAITING] = 6, [LINK_CONNECTING] = 5, [LINK_SUBSCRIBING] = 3,
        [LINK_LIVE] = 0, [LINK_SILENT] = 4,  [LINK_ROTATING] = 1};

    for (size_t i = 0; i < status->links; i++)
        if (badness[status->link[i].state] > 0 &&
            (worst == NULL || badness[status->link[i].state] > badness[worst->state]))
            worst = &status->link[i];
    return worst;
}

static void tell_link(const struct engine *engine, const struct live_status *status,
                      const struct link_status *link, struct view_status *out)
{
    int64_t now_ns = engine->pipeline->now_ns,
            wait_s = (link->next_try_ns - now_ns + NS_PER_S - 1) / NS_PER_S;
    char next[48] = "";

    if (link->state == LINK_WAITING)
        snprintf(next, sizeof(next), ", try %" PRIu32 " in %" PRId64 " s", link->attempt + 1,
                 wait_s > 0 ? wait_s : 0);
    out->feed_sick = link->state == LINK_ROTATING || link->state == LINK_SUBSCRIBING ? 1 : 2;
    if (!status->ever_connected && now_ns - engine->live->start_ns > HOPELESS_NS)
        snprintf(out->feed_why, sizeof(out->feed_why),
                 "no way to %.30s: %.44s%.30s. flowdeck --demo needs no network", status->host, link->why,
                 next);
    else
        snprintf(out->feed_why, sizeof(out->feed_why), "%s %s%s%.80s%.40s", link->name,
                 link_state_word(link->state), link->why[0] == '\0' ? "" : ": ", link->why, next);
}

/* A REST class that is open, or a ban: snapshots wait for it. */
static void tell_rest(const struct engine *engine, const struct live_status *status, struct view_status *out)
{
    int64_t now_ns = engine->pipeline->now_ns;

    if (status->banned_until_ns > now_ns) {
        char until[16];

        clock_format_hms(status->banned_until_ns, until);
        out->feed_sick = 2;
        snprintf(out->feed_why, sizeof(out->feed_why), "rate limited until %s (%" PRId64 " s)", until,
                 (status->banned_until_ns - now_ns + NS_PER_S - 1) / NS_PER_S);
        return;
    }
    for (int i = 0; i < REST_CLASS_COUNT; i++)
        if (status->rest[i].state != BREAKER_CLOSED && out->feed_sick < 2) {
            out->feed_sick = 1;
            snprintf(out->feed_why, sizeof(out->feed_why), "REST %s %s: %s",
                     rest_class_word((enum rest_class)i), breaker_state_word(status->rest[i].state),
                     status->rest[i].why);
            return;
        }
}

void engine_live_fill(const struct engine *engine, struct view_status *out)
{
    const struct live_status *status = live_feed_status(engine->live->feed);
    const struct link_status *link = worst_link(status);

    out->live = true;
    out->demo = engine->config.live->demo;
    out->clock_offset_ms = status->clock_offset_ms == INT64_MIN ? VIEW_NONE : status->clock_offset_ms;
    out->weight_used = status->weight_used;
    out->weight_limit = status->weight_limit;
    out->bad_lines = live_feed_counts(engine->live->feed)->bad;
    snprintf(out->venue_host, sizeof(out->venue_host), "%s", status->host);
    if (link != NULL)
        tell_link(engine, status, link, out);
    tell_rest(engine, status, out);
}

const struct live_status *engine_live_status(const struct engine *engine)
{
    return engine->live == NULL ? NULL : live_feed_status(engine->live->feed);
}

const struct decoder_counts *engine_live_counts(const struct engine *engine)
{
    static const struct decoder_counts none;

    return engine->live == NULL ? &none : live_feed_counts(engine->live->feed);
}
