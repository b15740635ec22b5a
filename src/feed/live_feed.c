#include "feed/live_feed_parts.h"

#include "core/base/log.h"
#include "core/base/safe_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SILENT_MS        10000
#define ROTATE_AFTER_S   82800
#define BACKOFF_FIRST_MS 500
#define BACKOFF_MAX_MS   30000
#define STABLE_MS        5000
#define INFO_EVERY_S     300
#define KINDS_PER_PATH   5 /* streams of one symbol on one connection, at most */

/* --- symbols ------------------------------------------------------------------------------------------------ */

static struct live_symbol *find_symbol(struct live_feed *feed, const char *name)
{
    for (size_t i = 0; i < feed->symbols; i++)
        if (feed->symbol[i].state != SYMBOL_FREE && strcmp(feed->symbol[i].symbol, name) == 0)
            return &feed->symbol[i];
    return NULL;
}

/* A slot without an instrument may be used again; ids of instruments stay for good. */
static struct live_symbol *free_slot(struct live_feed *feed)
{
    for (size_t i = 0; i < feed->symbols; i++)
        if (feed->symbol[i].state == SYMBOL_FREE ||
            (feed->symbol[i].state == SYMBOL_UNLISTED && feed->symbol[i].instrument == NULL))
            return &feed->symbol[i];
    return feed->symbols < INSTRUMENTS_MAX ? &feed->symbol[feed->symbols++] : NULL;
}

static size_t streams_with(const struct live_feed *feed, size_t symbols)
{
    size_t most = 0;

    for (size_t path = 0; path < feed->venue.paths; path++) {
        char name[STREAM_NAME_MAX];
        size_t kinds = 0, on;

        for (unsigned kind = STREAM_DEPTH; kind <= STREAM_LIQUIDATION; kind++)
            if (kind != (feed->config.futures_trades ? STREAM_AGG_TRADE : STREAM_TRADE) || path == 0)
                kinds +=
                    venue_stream_name(&feed->venue, (enum stream_kind)kind, "A", name, &on) && on == path;
        most = kinds > most ? kinds : most;
    }
    return (most < KINDS_PER_PATH ? most : KINDS_PER_PATH) * symbols;
}

static size_t subscribed(const struct live_feed *feed)
{
    size_t count = 0;

    for (size_t i = 0; i < feed->symbols; i++)
        count += (feed->symbol[i].state == SYMBOL_NEW || feed->symbol[i].state == SYMBOL_READY) &&
                 !feed->symbol[i].leave_wanted;
    return count;
}

enum err live_feed_add_symbol(struct live_feed *feed, const char *symbol)
{
    struct live_symbol *slot;

    if (!symbol_is_valid(symbol, strlen(symbol)))
        return ERR_NOT_FOUND;
    slot = find_symbol(feed, symbol);
    if (slot != NULL && slot->leave_wanted) { /* left in this very tick: stays */
        slot->leave_wanted = false;
        return ERR_OK;
    }
    if (slot != NULL && (slot->state == SYMBOL_NEW || slot->state == SYMBOL_READY))
        return ERR_DUPLICATE;
    if (slot == NULL)
        slot = free_slot(feed);
    if (slot == NULL)
        return ERR_FULL;
    snprintf(slot->symbol, sizeof(slot->symbol), "%s", symbol);
    feed->names[slot - feed->symbol] = slot->symbol;
    slot->state = SYMBOL_NEW;
    slot->info_had = false;
    slot->new_ns = clock_now_ns(feed->config.clock);
    return ERR_OK;
}

enum err live_feed_remove_symbol(struct live_feed *feed, const char *symbol)
{
    struct live_symbol *slot = find_symbol(feed, symbol);

    if (slot == NULL || slot->leave_wanted || (slot->state != SYMBOL_NEW && slot->state != SYMBOL_READY))
        return ERR_NOT_FOUND;
    slot->leave_wanted = true; /* the next tick does it: this may be a call from inside on_event */
    return ERR_OK;
}

void live_make_ready(struct live_feed *feed, uint16_t slot, int64_t now_ns)
{
    struct live_symbol *symbol = &feed->symbol[slot];
    const struct instrument *all[INSTRUMENTS_MAX];
    enum err err =
        decoder_add_instrument(feed->decoder, live_stamp(feed, now_ns), symbol->symbol, feed->venue.venue);
    size_t count = decoder_instruments(feed->decoder, all, INSTRUMENTS_MAX);

    for (size_t i = 0; err == ERR_OK && i < count; i++)
        if (strcmp(all[i]->symbol, symbol->symbol) == 0)
            symbol->instrument = all[i];
    if (err != ERR_OK || symbol->instrument == NULL) {
        log_ev(LOG_ERROR, now_ns, 0, "feed.symbol", LOG_TEXT("sym", symbol->symbol),
               LOG_TEXT("why", err_text(err)));
        symbol->state = SYMBOL_UNLISTED;
        return;
    }
    feed->slot_of[symbol->instrument->id] = slot;
    symbol->state = SYMBOL_READY;
    symbol->told = false;
    symbol->audit_ns = 0;
    log_ev(LOG_INFO, now_ns, 0, "feed.symbol", LOG_TEXT("sym", symbol->symbol), LOG_TEXT("state", "wanted"),
           LOG_TEXT("steps", symbol->info_had ? "exchangeInfo" : "configuration"));
    live_drain(feed);
    live_subscribe(feed, slot, now_ns);
}

static void leave(struct live_feed *feed, uint16_t slot, enum symbol_state state, const char *why,
                  int64_t now_ns)
{
    struct live_symbol *symbol = &feed->symbol[slot];

    log_ev(state == SYMBOL_LEFT ? LOG_INFO : LOG_ERROR, now_ns, 0, "feed.symbol",
           LOG_TEXT("sym", symbol->symbol), LOG_TEXT("why", why));
    if (symbol->state == SYMBOL_READY) {
        live_unsubscribe(feed, slot, now_ns);
        live_tell_link(feed, symbol, FEED_LINK_DOWN, why);
    }
    snapshot_queue_drop(&feed->queue, slot);
    symbol->leave_wanted = false;
    symbol->state = state == SYMBOL_LEFT && symbol->instrument == NULL ? SYMBOL_FREE : state;
    if (symbol->instrument == NULL)
        feed->names[slot] = "";
}

void live_unlisted(struct live_feed *feed, uint16_t slot, int64_t now_ns)
{
    leave(feed, slot, SYMBOL_UNLISTED, "the venue does not list it", now_ns);
}

static void tick_symbols(struct live_feed *feed, int64_t now_ns)
{
    for (uint16_t i = 0; i < feed->symbols; i++) {
        struct live_symbol *symbol = &feed->symbol[i];

        if (symbol->leave_wanted)
            leave(feed, i, SYMBOL_LEFT, "left", now_ns);
        else if (symbol->state == SYMBOL_NEW && now_ns - symbol->new_ns >= INFO_WAIT_NS) {
            if (feed->status.info_why[0] == '\0')
                snprintf(feed->status.info_why, LIVE_TEXT_MAX,
                         "steps of the configuration: no exchangeInfo yet");
            log_ev(LOG_WARN, now_ns, 0, "feed.info", LOG_TEXT("sym", symbol->symbol),
                   LOG_TEXT("why", feed->status.info_why));
            live_make_ready(feed, i, now_ns);
        }
    }
}

/* --- the tick ----------------------------------------------------------------------------------------------- */

static void fill_status(struct live_feed *feed, int64_t now_ns)
{
    struct live_status *status = &feed->status;

    status->links = 0;
    status->symbols_unlisted = 0;
    for (size_t i = 0; i < feed->venue.paths; i++) {
        struct live_path *path = &feed->path[i];
        struct link_status *row = &status->link[status->links++];

        link_fill_status(&path->link[path->current], row);
        status->ever_connected = status->ever_connected || row->state == LINK_LIVE;
        if (!path->rotating)
            continue;
        if (row->state == LINK_LIVE)
            row->state = LINK_ROTATING;
        link_fill_status(&path->link[path->current ^ 1U], &status->link[status->links++]);
    }
    status->symbols = (uint32_t)subscribed(feed);
    for (size_t i = 0; i < feed->symbols; i++)
        status->symbols_unlisted += feed->symbol[i].state == SYMBOL_UNLISTED;
    live_fill_rest_status(feed, now_ns);
}

void live_feed_tick(struct live_feed *feed, int64_t now_ns)
{
    if (!feed->started || feed->in_event)
        return;
    if (feed->last_tick_ns != 0 && now_ns - feed->last_tick_ns >= STALL_NS)
        live_paths_stalled(feed, now_ns);
    feed->last_tick_ns = now_ns;
    tick_symbols(feed, now_ns);
    live_rest_tick(feed, now_ns);
    live_paths_tick(feed, now_ns);
    fill_status(feed, now_ns);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct live_feed *feed = timer->data;

    (void)loop;
    (void)events;
    live_feed_tick(feed, clock_now_ns(feed->config.clock));
}

static void on_info_ready(void *arg)
{
    struct live_feed *feed = arg;

    live_feed_tick(feed, clock_now_ns(feed->config.clock));
}

/* --- life --------------------------------------------------------------------------------------------------- */

static void use_defaults(struct live_feed_config *config)
{
    if (config->silent_ms <= 0)
        config->silent_ms = SILENT_MS;
    if (config->rotate_after_s <= 0)
        config->rotate_after_s = ROTATE_AFTER_S;
    if (config->backoff_first_ms <= 0)
        config->backoff_first_ms = BACKOFF_FIRST_MS;
    if (config->backoff_max_ms <= 0)
        config->backoff_max_ms = BACKOFF_MAX_MS;
    if (config->backoff_max_ms < config->backoff_first_ms)
        config->backoff_max_ms = config->backoff_first_ms;
    if (config->stable_ms <= 0)
        config->stable_ms = STABLE_MS;
    if (config->info_every_s <= 0)
        config->info_every_s = INFO_EVERY_S;
    if (config->time_every_s <= 0)
        config->time_every_s = TIME_EVERY_S;
    if (config->audit_every_s < 0)
        config->audit_every_s = 0;
}

/* The host of scheme://host[:port]. */
static size_t host_of(const char *url, const char **host)
{
    const char *at = strstr(url, "://");

    *host = at != NULL ? at + 3 : url;
    return (*host)[0] == '[' ? strcspn(*host, "]") : strcspn(*host, ":/"); /* an address without its ']' */
}

static void name_hosts(struct live_feed *feed)
{
    const char *rest, *stream;
    size_t rest_size = host_of(feed->venue.rest_url, &rest);
    size_t stream_size = host_of(feed->venue.stream_url, &stream);

    feed->one_host = rest_size == stream_size && memcmp(rest, stream, rest_size) == 0;
    safe_text(stream, stream_size, feed->status.host, sizeof(feed->status.host));
    snprintf(feed->status.venue, sizeof(feed->status.venue), "%s", venue_name(feed->venue.venue));
}

static enum err take_symbols(struct live_feed *feed, char *why, size_t why_size)
{
    const struct live_feed_config *config = &feed->config;
    char safe[64];

    if (config->symbol_count == 0 || config->symbol_count > INSTRUMENTS_MAX) {
        snprintf(why, why_size, "%zu symbols: allowed are 1 to %d", config->symbol_count, INSTRUMENTS_MAX);
        return ERR_RANGE;
    }
    for (size_t i = 0; i < config->symbol_count; i++) {
        enum err err = live_feed_add_symbol(feed, config->symbols[i]);

        if (err == ERR_OK)
            continue;
        safe_text(config->symbols[i], strlen(config->symbols[i]), safe, sizeof(safe));
        snprintf(why, why_size, "symbol \"%s\": %s", safe,
                 err == ERR_DUPLICATE ? "given twice" : "upper-case letters, digits and _ are allowed");
        return err == ERR_DUPLICATE ? err : ERR_BAD_DATA;
    }
    return ERR_OK;
}

static enum err make_parts(struct live_feed *feed)
{
    struct decoder_config decoder = {.known = feed->config.known,
                                     .known_count = feed->config.known_count,
                                     .symbols = feed->names,
                                     .symbol_count = INSTRUMENTS_MAX};

    feed->decoder = decoder_new(&decoder);
    feed->info = info_fetch_new(feed->config.loop, on_info_ready, feed);
    feed->hold = text_hold_new();
    return feed->decoder != NULL && feed->info != NULL && feed->hold != NULL ? ERR_OK : ERR_MEMORY;
}

static enum err check_bounds(const struct live_feed *feed, char *why, size_t why_size)
{
    const struct venue_profile *venue = &feed->venue;
    size_t streams = streams_with(feed, feed->config.symbol_count);

    if (streams > venue->streams_per_link || streams > PLAN_STREAMS_MAX) {
        snprintf(why, why_size, "%zu symbols are %zu streams on a connection; allowed are %u",
                 feed->config.symbol_count, streams, venue->streams_per_link);
        return ERR_FULL;
    }
    if (venue->connects_per_5min < 1 || venue->connects_per_5min > CONNECT_BOUND_MAX ||
        venue->commands_per_s < 2 || venue->commands_per_s > PLAN_RATE_MAX || venue->weight_limit < 1 ||
        venue->weight_share_percent < 1 || venue->weight_share_percent > 100 || venue->paths < 1 ||
        venue->paths > VENUE_PATHS_MAX) {
        snprintf(why, why_size, "venue profile: a limit is out of range (connects 1..%d, commands 2..%d)",
                 CONNECT_BOUND_MAX, PLAN_RATE_MAX);
        return ERR_RANGE;
    }
    return ERR_OK;
}

enum err live_feed_new(const struct live_feed_config *config, struct live_feed **out, char *why,
                       size_t why_size)
{
    struct live_feed *feed = calloc(1, sizeof(*feed));
    enum err err;

    if (feed == NULL) {
        snprintf(why, why_size, "no memory for the live feed");
        return ERR_MEMORY;
    }
    feed->config = *config;
    feed->venue = *config->venue;
    feed->seed = config->seed;
    use_defaults(&feed->config);
    for (size_t i = 0; i < INSTRUMENTS_MAX; i++)
        feed->names[i] = "";
    err = check_bounds(feed, why, why_size);
    if (err == ERR_OK)
        err = take_symbols(feed, why, why_size);
    if (err == ERR_OK) {
        err = make_parts(feed);
        if (err != ERR_OK)
            snprintf(why, why_size, "no memory for the live feed");
    }
    if (err != ERR_OK) {
        live_feed_free(feed);
        return err;
    }
    connect_bound_init(&feed->connects, feed->venue.connects_per_5min);
    weight_budget_init(&feed->weight, feed->venue.weight_limit, feed->venue.weight_share_percent);
    snapshot_queue_init(&feed->queue);
    feed->queue.unpaced = feed->config.unpaced;
    snapshot_queue_show(&feed->queue, 0);
    feed->status.clock_offset_ms = INT64_MIN;
    name_hosts(feed);
    live_rest_init(feed);
    live_paths_init(feed);
    fill_status(feed, clock_now_ns(config->clock));
    *out = feed;
    return ERR_OK;
}

void live_feed_free(struct live_feed *feed)
{
    if (feed == NULL)
        return;
    if (feed->started) {
        ev_timer_stop(feed->config.loop, &feed->timer);
        live_paths_stop(feed);
        live_rest_stop(feed);
    }
    info_fetch_free(feed->info);
    decoder_free(feed->decoder);
    text_hold_free(feed->hold);
    free(feed);
}

void live_feed_start(struct live_feed *feed)
{
    int64_t now_ns = clock_now_ns(feed->config.clock);

    if (feed->started)
        return;
    feed->started = true;
    for (size_t i = 0; i < feed->symbols; i++)
        feed->symbol[i].new_ns = now_ns;
    live_paths_start(feed, now_ns);
    ev_timer_init(&feed->timer, on_timer, 0., LIVE_TICK_MS / 1000.);
    feed->timer.data = feed;
    ev_timer_start(feed->config.loop, &feed->timer);
}

/* --- what the owner wants ----------------------------------------------------------------------------------- */

static uint16_t slot_of(const struct live_feed *feed, uint16_t instrument_id)
{
    uint16_t slot = instrument_id < INSTRUMENTS_MAX ? feed->slot_of[instrument_id] : INSTRUMENTS_MAX;

    if (slot >= feed->symbols || feed->symbol[slot].instrument == NULL ||
        feed->symbol[slot].instrument->id != instrument_id)
        return SNAPSHOT_NONE;
    return slot;
}

void live_feed_need_snapshot(struct live_feed *feed, uint16_t instrument_id)
{
    uint16_t slot = slot_of(feed, instrument_id);

    if (slot == SNAPSHOT_NONE || feed->symbol[slot].state != SYMBOL_READY ||
        (feed->queue.current == slot && !feed->rest.depth_audit))
        return;
    snapshot_queue_want(&feed->queue, slot);
}

void live_feed_show(struct live_feed *feed, uint16_t instrument_id)
{
    uint16_t slot = slot_of(feed, instrument_id);

    if (slot != SNAPSHOT_NONE)
        snapshot_queue_show(&feed->queue, slot);
}

void live_feed_set_deep(struct live_feed *feed, uint16_t instrument_id, bool deep)
{
    uint16_t slot = slot_of(feed, instrument_id);

    if (slot != SNAPSHOT_NONE)
        snapshot_queue_set_deep(&feed->queue, slot, deep);
}

const struct live_status *live_feed_status(const struct live_feed *feed)
{
    return &feed->status;
}

const struct decoder_counts *live_feed_counts(const struct live_feed *feed)
{
    return decoder_counts(feed->decoder);
}
