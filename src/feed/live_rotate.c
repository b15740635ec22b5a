#include "feed/live_feed_parts.h"

#include "core/base/log.h"

#include <stdio.h>
#include <string.h>

static struct live_path *path_of(struct live_feed *feed, const struct link *link)
{
    return &feed->path[link->config.path];
}

static struct link *successor_of(struct live_path *path)
{
    return &path->link[path->current ^ 1U];
}

struct link *live_link(struct live_feed *feed, size_t path)
{
    return &feed->path[path].link[feed->path[path].current];
}

static bool is_current(struct live_feed *feed, const struct link *link)
{
    return link == live_link(feed, link->config.path);
}

size_t live_depth_path(const struct live_feed *feed)
{
    char name[STREAM_NAME_MAX];
    size_t path = 0;

    venue_stream_name(&feed->venue, STREAM_DEPTH, "A", name, &path);
    return path;
}

/* --- streams ------------------------------------------------------------------------------------------------ */

static bool wants_kind(const struct live_feed *feed, enum stream_kind kind)
{
    bool prints = feed->venue.venue == VENUE_BINANCE_SPOT || feed->config.futures_trades;

    if (kind == STREAM_TRADE)
        return prints;
    return kind != STREAM_AGG_TRADE || !prints;
}

static void plan_symbol(struct live_feed *feed, struct link *link, uint16_t symbol, int64_t now_ns)
{
    char name[STREAM_NAME_MAX];
    size_t path;

    for (unsigned kind = STREAM_DEPTH; kind <= STREAM_LIQUIDATION; kind++)
        if (wants_kind(feed, (enum stream_kind)kind) &&
            venue_stream_name(&feed->venue, (enum stream_kind)kind, feed->symbol[symbol].symbol, name,
                              &path) &&
            path == link->config.path)
            plan_add(&link->plan, symbol, (enum stream_kind)kind, name, now_ns);
}

void live_subscribe(struct live_feed *feed, uint16_t symbol, int64_t now_ns)
{
    for (size_t i = 0; i < feed->venue.paths; i++) {
        struct live_path *path = &feed->path[i];

        overlap_init(&feed->symbol[symbol].overlap[i], feed->venue.venue != VENUE_BINANCE_SPOT);
        plan_symbol(feed, live_link(feed, i), symbol, now_ns);
        if (!path->rotating)
            continue;
        plan_symbol(feed, successor_of(path), symbol, now_ns);
        overlap_begin(&feed->symbol[symbol].overlap[i], i == live_depth_path(feed));
    }
}

void live_unsubscribe(struct live_feed *feed, uint16_t symbol, int64_t now_ns)
{
    for (size_t i = 0; i < feed->venue.paths; i++) {
        plan_leave(&live_link(feed, i)->plan, symbol, now_ns);
        if (feed->path[i].rotating)
            plan_leave(&successor_of(&feed->path[i])->plan, symbol, now_ns);
    }
}

void live_hear(struct live_feed *feed, struct link *link, uint16_t symbol, enum stream_kind kind,
               int64_t now_ns)
{
    plan_heard(&link->plan, symbol, kind, now_ns);
    /* The other path's plan learns that the symbol is alive: a silent /market shows beside a speaking /public. */
    for (size_t i = 0; i < feed->venue.paths; i++)
        live_link(feed, i)->plan.symbol_heard_ns[symbol] = now_ns;
}

static void tell_all(struct live_feed *feed, enum feed_link state, const char *why)
{
    for (size_t i = 0; i < feed->symbols; i++)
        if (feed->symbol[i].state == SYMBOL_READY)
            live_tell_link(feed, &feed->symbol[i], state, why);
}

/* --- rotation ----------------------------------------------------------------------------------------------- */

static void begin_overlap(struct live_feed *feed, size_t path)
{
    for (size_t i = 0; i < feed->symbols; i++)
        overlap_begin(&feed->symbol[i].overlap[path], path == live_depth_path(feed));
    feed->path[path].both_ns = 0;
    live_forget_held(feed, path);
}

static void log_rotate(struct live_feed *feed, size_t path, int64_t now_ns, const char *step, const char *why)
{
    log_ev(LOG_INFO, now_ns, 0, "feed.rotate", LOG_TEXT("link", feed->venue.path[path].name),
           LOG_TEXT("step", step), LOG_TEXT("why", why));
}

static void rotate_begin(struct live_feed *feed, size_t index, int64_t now_ns)
{
    struct live_path *path = &feed->path[index];
    struct link *old = live_link(feed, index), *next = successor_of(path);
    struct link_config config = old->config;

    config.seed = backoff_random(&feed->seed);
    link_init(next, &config);
    for (uint16_t i = 0; i < feed->symbols; i++)
        if (feed->symbol[i].state == SYMBOL_READY)
            plan_symbol(feed, next, i, now_ns);
    for (size_t i = 0; i < old->plan.count; i++) { /* what a new connection did not heal asks for no other */
        const struct plan_stream *stream = &old->plan.stream[i];

        if (stream->state != PLAN_FREE && stream->renewal_asked &&
            next->plan.slot[stream->symbol][stream->kind] > 0)
            next->plan.stream[next->plan.slot[stream->symbol][stream->kind] - 1].renewal_asked = true;
    }
    path->rotating = true;
    begin_overlap(feed, index);
    log_rotate(feed, index, now_ns, "begin", path->rotate_why);
    link_start(next, now_ns, path->rotate_why);
    path->rotate_why = NULL;
    path->rotate_next_ns = now_ns + ROTATE_RETRY_NS;
}

/* Depth that had not joined is switched all the same. */
static void force_switch(struct live_feed *feed, size_t path, int64_t now_ns)
{
    for (uint16_t i = 0; i < feed->symbols; i++) {
        if (feed->symbol[i].state != SYMBOL_READY)
            continue;
        if (overlap_force(&feed->symbol[i].overlap[path])) {
            feed->status.torn++;
            log_ev(LOG_WARN, now_ns, 0, "feed.rotate", LOG_TEXT("sym", feed->symbol[i].symbol),
                   LOG_TEXT("step", "torn"),
                   LOG_TEXT("why", "the two connections did not join: book resyncs"));
        }
        live_release_held(feed, i, path);
    }
}

/* The successor takes the old link's place; carries: it brings data already. */
static void promote(struct live_feed *feed, size_t index, bool carries, int64_t now_ns, const char *why)
{
    struct live_path *path = &feed->path[index];
    struct link *old = live_link(feed, index), *next = successor_of(path);

    if (carries)
        force_switch(feed, index, now_ns);
    for (size_t i = 0; i < feed->symbols; i++)
        overlap_end(&feed->symbol[i].overlap[index]);
    live_forget_held(feed, index);
    next->connects += old->connects; /* the path's figures go on */
    next->messages += old->messages;
    next->bytes += old->bytes;
    next->silences += old->silences;
    if (old->last_data_ns > next->last_data_ns)
        next->last_data_ns = old->last_data_ns;
    if (old->pong_delay_max_ns > next->pong_delay_max_ns)
        next->pong_delay_max_ns = old->pong_delay_max_ns;
    link_stop(old, now_ns, why);
    path->current ^= 1U;
    path->rotating = false;
    log_rotate(feed, index, now_ns, "done", why);
}

static bool all_settled(const struct live_feed *feed, size_t path)
{
    for (size_t i = 0; i < feed->symbols; i++)
        if (feed->symbol[i].state == SYMBOL_READY && !overlap_settled(&feed->symbol[i].overlap[path]))
            return false;
    return true;
}

static void rotate_tick(struct live_feed *feed, size_t index, int64_t now_ns)
{
    struct live_path *path = &feed->path[index];

    link_tick(successor_of(path), now_ns);
    if (!path->rotating || successor_of(path)->state != LINK_LIVE)
        return;
    if (path->both_ns == 0)
        path->both_ns = now_ns;
    if (now_ns - path->both_ns < OVERLAP_MIN_NS ||
        (!all_settled(feed, index) && now_ns - path->both_ns < OVERLAP_MAX_NS))
        return;
    feed->status.rotations++;
    promote(feed, index, true, now_ns, "the new connection carries everything");
}

static void want_rotation(struct live_path *path, const char *why)
{
    if (path->rotate_why == NULL)
        path->rotate_why = why;
}

static void maybe_rotate(struct live_feed *feed, size_t index, int64_t now_ns)
{
    struct live_path *path = &feed->path[index];
    const struct link *link = live_link(feed, index);

    if (link_is_up(link) && now_ns - link->up_ns >= feed->config.rotate_after_s * NS_PER_S)
        want_rotation(path, "planned: connections live for a day");
    if (path->rotate_why == NULL || path->rotating)
        return;
    if (!link_is_up(link)) /* a new one is coming anyway */
        path->rotate_why = NULL;
    else if (now_ns >= path->rotate_next_ns)
        rotate_begin(feed, index, now_ns);
}

void live_feed_rotate(struct live_feed *feed)
{
    for (size_t i = 0; i < feed->venue.paths; i++) {
        want_rotation(&feed->path[i], "asked for");
        feed->path[i].rotate_next_ns = 0; /* a person may ask at any time */
    }
}

/* --- the links' callbacks ----------------------------------------------------------------------------------- */

static int64_t on_connect_free_ns(void *arg, const char **why)
{
    struct live_feed *feed = arg;
    int64_t free_ns = connect_bound_free_ns(&feed->connects);

    *why = "own bound of connects in 5 minutes";
    if (feed->stream_ban.until_ns > free_ns && feed->stream_ban.until_ns > 0) {
        free_ns = feed->stream_ban.until_ns;
        *why = feed->stream_ban.status == 429 ? "HTTP 429: the venue wants no request for now"
                                              : "the venue has banned this address";
    }
    return free_ns;
}

static void on_connecting(void *arg, struct link *link)
{
    struct live_feed *feed = arg;

    if (!feed->config.unpaced)
        connect_bound_count(&feed->connects, clock_now_ns(feed->config.clock));
    if (is_current(feed, link) && link->config.path == live_depth_path(feed))
        tell_all(feed, FEED_LINK_CONNECTING, link->why);
}

static void on_up(void *arg, struct link *link)
{
    (void)arg;
    (void)link; /* FEED_LINK_UP waits until an instrument's depth is confirmed */
}

static void on_data(void *arg, struct link *link, int64_t recv_boot_ns, const char *text, size_t size)
{
    struct live_feed *feed = arg;

    live_on_data(feed, link->config.path, !is_current(feed, link), recv_boot_ns, text, size);
}

static void on_shutdown(void *arg, struct link *link)
{
    struct live_feed *feed = arg;
    struct live_path *path = path_of(feed, link);

    /* What serves now is going: not the time to keep a minute between rotations. The successor's own notice waits. */
    if (is_current(feed, link) && !path->rotating)
        path->rotate_next_ns -= ROTATE_RETRY_NS - ROTATE_AGAIN_NS;
    want_rotation(path, "the venue shuts this server down");
}

static void take_ban(struct live_feed *feed, const struct net_failure *failure, int64_t now_ns)
{
    if (failure == NULL ||
        !host_ban_take(&feed->stream_ban, now_ns, failure->http_status, failure->retry_after_s))
        return;
    if (feed->one_host)
        host_ban_take(&feed->weight.ban, now_ns, failure->http_status, failure->retry_after_s);
    log_ev(LOG_ERROR, now_ns, 0, "feed.ban", LOG_TEXT("host", "streams"),
           LOG_INT("status", failure->http_status),
           LOG_INT("seconds", (feed->stream_ban.until_ns - now_ns) / NS_PER_S));
}

static void on_lost(void *arg, struct link *link, const struct net_failure *failure)
{
    struct live_feed *feed = arg;
    struct live_path *path = path_of(feed, link);
    int64_t now_ns = clock_now_ns(feed->config.clock);
    bool silent = link->state == LINK_SILENT;

    take_ban(feed, failure, now_ns);
    if (!is_current(feed, link)) { /* a successor: it tries again, and what had switched goes back */
        begin_overlap(feed, link->config.path);
        return;
    }
    feed->status.stale_links += silent;
    if (path->rotating) {
        bool carries = link_is_up(successor_of(path)) && successor_of(path)->heard;

        promote(feed, link->config.path, carries, now_ns, "the old connection was lost");
        if (carries)
            return;
    }
    for (size_t i = 0; i < feed->symbols; i++)
        overlap_lost(&feed->symbol[i].overlap[link->config.path]);
    if (link->config.path == live_depth_path(feed))
        tell_all(feed, silent ? FEED_LINK_SILENT : FEED_LINK_DOWN, link->why);
}

/* --- life --------------------------------------------------------------------------------------------------- */

void live_paths_init(struct live_feed *feed)
{
    const struct live_feed_config *config = &feed->config;
    struct link_config link = {
        .net = config->net,
        .clock = config->clock,
        .venue = &feed->venue,
        .silent_ms = config->silent_ms,
        .backoff_first_ms = config->backoff_first_ms,
        .backoff_max_ms = config->backoff_max_ms,
        .stable_ms = config->stable_ms,
        .host = {on_connect_free_ns, on_connecting, on_up, on_data, on_lost, on_shutdown, feed}};

    for (size_t i = 0; i < feed->venue.paths; i++) {
        link.path = i;
        for (size_t k = 0; k < 2; k++) {
            link.seed = backoff_random(&feed->seed);
            link_init(&feed->path[i].link[k], &link);
        }
    }
}

void live_paths_start(struct live_feed *feed, int64_t now_ns)
{
    for (size_t i = 0; i < feed->venue.paths; i++)
        link_start(live_link(feed, i), now_ns, "start");
}

void live_paths_stop(struct live_feed *feed)
{
    int64_t now_ns = clock_now_ns(feed->config.clock);

    for (size_t i = 0; i < feed->venue.paths; i++)
        for (size_t k = 0; k < 2; k++)
            link_stop(&feed->path[i].link[k], now_ns, "stopped");
}

void live_paths_stalled(struct live_feed *feed, int64_t now_ns)
{
    log_ev(LOG_WARN, now_ns, 0, "feed.stall", LOG_INT("ms", (now_ns - feed->last_tick_ns) / NS_PER_MS));
    for (size_t i = 0; i < feed->venue.paths; i++)
        for (size_t k = 0; k < 2; k++)
            feed->path[i].link[k].quiet_from_ns = now_ns;
}

/* One stream is silent while others of its symbol speak: said by name, asked for again, then a new link. */
static void mind_silent_streams(struct live_feed *feed, size_t index, int64_t now_ns)
{
    const struct plan_stream *stream;
    enum plan_silence silence;

    while ((silence = plan_next_silent(&live_link(feed, index)->plan, now_ns, &stream)) != PLAN_HEARD_ALL) {
        const char *then = silence == PLAN_RESUBSCRIBE ? "subscribed again"
                           : silence == PLAN_RENEW     ? "new connection"
                                                       : "left as it is";

        log_ev(LOG_WARN, now_ns, 0, "feed.stream", LOG_TEXT("link", feed->venue.path[index].name),
               LOG_TEXT("stream", stream->name), LOG_TEXT("why", "subscribed but silent"),
               LOG_TEXT("then", then));
        snprintf(live_link(feed, index)->why, LIVE_TEXT_MAX, "%.48s: subscribed but silent, %s", stream->name,
                 then);
        feed->status.silent_streams++;
        if (silence == PLAN_RENEW)
            want_rotation(&feed->path[index], "a stream is silent");
    }
}

static void tell_confirmed(struct live_feed *feed)
{
    const struct link *link = live_link(feed, live_depth_path(feed));

    for (uint16_t i = 0; i < feed->symbols; i++) {
        if (feed->symbol[i].state == SYMBOL_READY && !feed->symbol[i].told && !link_is_up(link))
            live_tell_link(feed, &feed->symbol[i],
                           link->state == LINK_CONNECTING ? FEED_LINK_CONNECTING : FEED_LINK_DOWN, link->why);
    }
    if (!link_is_up(link))
        return;
    for (uint16_t i = 0; i < feed->symbols; i++) {
        const struct plan_stream *depth;

        if (feed->symbol[i].state != SYMBOL_READY || feed->symbol[i].leave_wanted)
            continue;
        depth = plan_find(&link->plan, i, STREAM_DEPTH);
        if (depth != NULL && depth->state == PLAN_CONFIRMED)
            live_tell_link(feed, &feed->symbol[i], FEED_LINK_UP, "subscribed");
        else if (!feed->symbol[i].told)
            live_tell_link(feed, &feed->symbol[i], FEED_LINK_CONNECTING, "subscribing");
    }
}

void live_paths_tick(struct live_feed *feed, int64_t now_ns)
{
    for (size_t i = 0; i < feed->venue.paths; i++) {
        link_tick(live_link(feed, i), now_ns);
        if (feed->path[i].rotating)
            rotate_tick(feed, i, now_ns);
        if (link_is_up(live_link(feed, i)))
            mind_silent_streams(feed, i, now_ns);
        maybe_rotate(feed, i, now_ns);
    }
    tell_confirmed(feed);
}
