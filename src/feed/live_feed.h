/*
 * live_feed.h - a live venue as a feed: connections, subscriptions, snapshots, watchdogs, rotation.
 *
 *   sockets (net) -> this -> decoder -> struct feed_event -> on_event (the pipeline)
 *
 * Runs on the engine's libev loop, in its thread; never blocks, and allocates nothing per message. It keeps no
 * book: who does says when one needs a snapshot (live_feed_need_snapshot), and the feed asks for it in its turn:
 * shown instrument first, within the weight budget, one at a time per venue, refetched with growing waits.
 * on_event and on_raw may call need_snapshot, show, set_deep, add_symbol, remove_symbol, refresh_info and rotate: these only note
 * what is wanted, the next tick does it. They must not call tick or free.
 * FEED_LINK follows the connection that carries depth; on USD-M the state of /market is in the status alone.
 * Before the feed gives an instrument's first message it has given FEED_INSTRUMENT with the steps of exchangeInfo
 * (parsed on a helper thread); when a later reading says other filters or another status, it gives it again.
 *
 * Facts: Binance wire facts 1 to 6. Pure parts in files of their own, testable without a socket:
 * venue_profile.h (names, URLs, weights), backoff.h, weight_budget.h, circuit_breaker.h, stream_plan.h
 * (which stream on which connection, within the message limits).
 */
#ifndef FEED_LIVE_FEED_H
#define FEED_LIVE_FEED_H

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/domain/instrument.h"
#include "feed/circuit_breaker.h"
#include "feed/decoder.h"
#include "feed/venue_profile.h"
#include "net/net.h"

#include <stdbool.h>
#include <stdint.h>

struct live_feed;

#define LIVE_LINKS_MAX                                                                                       \
    4 /* WebSocket connections: spot 1, USD-M 2 (/public, /market), each twice while rotating */
#define LIVE_TEXT_MAX 96
#define LIVE_TICK_MS  20

struct live_feed_config {
    struct net *net;
    struct ev_loop *loop;
    struct clock *clock; /* event time: what recv_ns is made of */
    const struct venue_profile *venue;
    const char *const *symbols; /* upper case, 1..INSTRUMENTS_MAX: the first is shown at start */
    size_t symbol_count;
    const struct instrument *known; /* built-in steps, for a venue whose exchangeInfo cannot be had */
    size_t known_count;
    uint64_t seed;     /* of the jitter */
    int64_t silent_ms; /* no data on a link for this long: SILENT and a new connection (default 10 000) */
    int64_t rotate_after_s;                   /* planned rotation; default 82 800 (23 h) */
    int64_t backoff_first_ms, backoff_max_ms; /* 500, 30 000 */
    int64_t stable_ms;                        /* a link up this long with data resets the back-off; 5 000 */
    int64_t info_every_s;                     /* exchangeInfo is read again: filters, halts; default 300 */
    int64_t audit_every_s; /* a fresh snapshot to compare each LIVE book with; 0: off; default 600 */
    int64_t time_every_s;  /* the venue's clock, and with it one round trip; default 180 */
    int64_t history_s;     /* trades of so long before the start, over REST, for sums and candles; 0: none */
    bool
        unpaced; /* no bound of connects, no waits between snapshots: only for an exchange of our own, in tests */
    bool futures_trades; /* @trade instead of @aggTrade */
    void (*on_event)(void *arg, const struct feed_event *event);
    /* Every raw text of which something is passed on, before its events: a recorder. What the second connection of
     * a rotation repeats is left out, so that a replay sees each message once. stream: what a bare text must be
     * wrapped as ("btcusdt@snapshot", "!exchangeInfo"; "btcusdt@audit" is nothing for a replay), NULL: text is an
     * envelope already. May be NULL. */
    void (*on_raw)(void *arg, int64_t recv_ns, const char *stream, const char *text, size_t size);
    void *arg;
};

enum link_state {
    LINK_DOWN,        /* not wanted */
    LINK_WAITING,     /* back-off or ban: next_try_ns */
    LINK_CONNECTING,  /* name, TCP, TLS, upgrade */
    LINK_SUBSCRIBING, /* up, not every stream confirmed or heard of */
    LINK_LIVE,
    LINK_SILENT,  /* up, pongs perhaps, but no data */
    LINK_ROTATING /* LIVE, and its successor is coming up */
};
const char *link_state_word(enum link_state state);

enum rest_class { REST_TIME, REST_HISTORY, REST_INFO, REST_DEPTH, REST_CLASS_COUNT };
const char *rest_class_word(enum rest_class rest_class); /* "time", "aggTrades", "exchangeInfo", "depth" */

struct link_status {
    char name[16]; /* "stream", "public", "market" */
    enum link_state state;
    char why[LIVE_TEXT_MAX]; /* reason of the state, one safe line: "TLS: certificate has expired" */
    int64_t since_ns;
    int64_t next_try_ns;  /* LINK_WAITING */
    uint32_t attempt;     /* since the last stable time */
    int64_t last_data_ns; /* event time of the last message with data; 0: none */
    uint64_t connects, messages, bytes;
    int64_t pong_delay_max_ns;
    int64_t
        age_ms; /* of the newest message with a venue time, by the measured clock offset; INT64_MIN: unknown */
    int64_t age_worst_ms; /* the worst of the last whole second with data */
    uint32_t streams, streams_confirmed;
};

struct live_status {
    char venue[24];
    char host[64];
    bool ever_connected; /* any link was LIVE since the start */
    size_t links;
    struct link_status link[LIVE_LINKS_MAX];
    struct {
        enum breaker_state state;
        int64_t retry_ns; /* OPEN */
        uint64_t failures;
        char why[LIVE_TEXT_MAX];
    } rest[REST_CLASS_COUNT];
    int64_t weight_used, weight_limit; /* of the running minute; limit from exchangeInfo or the profile */
    int64_t banned_until_ns;           /* 429, 418, 403; 0: not */
    int64_t clock_offset_ms;           /* venue minus ours; INT64_MIN: not measured */
    int64_t round_trip_ns;             /* the one that offset was measured by; 0: not measured */
    int64_t answer_ns;                 /* the newest round trip, ... */
    uint64_t answers;                  /* ... of so many: who counts takes each of them once */
    uint32_t snapshots_waiting, snapshots_taken, snapshots_failed;
    uint64_t rotations, stale_links, audits, audit_failures;
    uint64_t duplicates;     /* messages of an overlap that had come already */
    uint64_t torn;           /* hand-overs of an instrument's depth that did not join: the book resyncs */
    uint64_t silent_streams; /* told: subscribed but silent */
    uint32_t symbols, symbols_unlisted; /* subscribed; refused because the venue does not list them */
    bool info_had;                      /* exchangeInfo is in: steps and filters are the venue's */
    char info_why[LIVE_TEXT_MAX]; /* why not yet, or not again: "steps of the configuration: HTTP 503" */
};

/* On error *why is one line. Starts nothing yet. */
enum err live_feed_new(const struct live_feed_config *config, struct live_feed **out, char *why,
                       size_t why_size);
void live_feed_free(struct live_feed *feed); /* before net_free(); NULL is allowed */
void live_feed_start(struct live_feed *feed);
/* All that time brings; the feed's own timer calls it every LIVE_TICK_MS. Not from inside on_event. */
void live_feed_tick(struct live_feed *feed, int64_t now_ns);
/* The book of this instrument needs a snapshot (it is SYNCING or STALE). Cheap when one is on its way. */
void live_feed_need_snapshot(struct live_feed *feed, uint16_t instrument_id);
/* It goes first from now on, and gets the deep snapshot. */
void live_feed_show(struct live_feed *feed, uint16_t instrument_id);
/* The instrument of FEED events is traded or shown: deep snapshots (spot: 5000 levels). */
void live_feed_set_deep(struct live_feed *feed, uint16_t instrument_id, bool deep);
/* Subscribes or leaves an instrument's streams at run time. ERR_FULL, ERR_DUPLICATE, ERR_NOT_FOUND. */
enum err live_feed_add_symbol(struct live_feed *feed, const char *symbol);
enum err live_feed_remove_symbol(struct live_feed *feed, const char *symbol);
/* Something points to other filters or a halt (a refused order): exchangeInfo is read again soon, not more than once a
 * minute. Silence of a symbol does the same. */
void live_feed_refresh_info(struct live_feed *feed);
void live_feed_rotate(struct live_feed *feed); /* a planned rotation now (key, test) */

const struct live_status *live_feed_status(const struct live_feed *feed);
const struct decoder_counts *live_feed_counts(const struct live_feed *feed);

#endif
