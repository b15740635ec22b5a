/*
 * link.h - one WebSocket connection's life: wait, connect, subscribe, listen, and the reason for each step.
 *
 *   DOWN --start--> WAITING --> CONNECTING --up--> SUBSCRIBING --all confirmed, data--> LIVE
 *                      ^------ lost, refused: back-off -----|            no data: SILENT --> CONNECTING
 *
 * The owner ticks it, decides when a connect is allowed (bans, own bound) and is told what happens. A link that
 * fell silent is dropped and made anew: data alone counts, neither pongs nor answers. A market that really is that
 * quiet gets twice the patience each time, up to LINK_SILENT_SCALE_MAX times, until it was calm for a while.
 */
#ifndef FEED_LINK_H
#define FEED_LINK_H

#include "feed/backoff.h"
#include "feed/control_text.h"
#include "feed/live_feed.h"
#include "feed/stream_plan.h"
#include "net/ws_client.h"

#define LINK_SILENT_SCALE_MAX 8
#define LINK_CALM_NS          INT64_C(300000000000) /* without silence: patience goes back to normal */
#define LINK_REFUSED_TOLD_MAX 8                     /* refused streams named in the log, a connection */

struct link;

struct link_host {
    /* No connect before this time (ban, own bound), and why; INT64_MIN: now. */
    int64_t (*connect_free_ns)(void *arg, const char **why);
    void (*on_connecting)(void *arg, struct link *link);
    void (*on_up)(void *arg, struct link *link);
    /* Data: not an answer. link_heard() says that it was understood as such. */
    void (*on_data)(void *arg, struct link *link, int64_t recv_boot_ns, const char *text, size_t size);
    /* The state is WAITING or SILENT already, with the reason in link->why. failure NULL: our own decision. */
    void (*on_lost)(void *arg, struct link *link, const struct net_failure *failure);
    void (*on_shutdown)(void *arg, struct link *link); /* the venue asks for a new connection */
    void *arg;
};

struct link_config {
    struct net *net;
    struct clock *clock;
    const struct venue_profile *venue;
    size_t path;
    uint64_t seed;
    int64_t silent_ms, backoff_first_ms, backoff_max_ms, stable_ms;
    struct link_host host;
};

struct link {
    struct link_config config;
    enum link_state state;
    struct ws_client *client;
    struct stream_plan plan;
    struct backoff backoff;
    char why[LIVE_TEXT_MAX];
    int64_t since_ns, next_try_ns;
    int64_t up_ns;         /* 0: not up */
    int64_t quiet_from_ns; /* the last data, or when data could first be expected */
    int64_t last_data_ns;  /* event time; kept over connections */
    bool heard;            /* data on this connection */
    uint32_t silent_scale;
    int64_t silent_ns; /* when it fell silent last */
    uint32_t refused_told;
    uint64_t connects, messages, bytes, silences;
    int64_t pong_delay_max_ns;
    int64_t age_ms, age_worst_ms; /* message age: see struct link_status */
    int64_t age_from_ns, age_worst_now_ms;
};

void link_init(struct link *link, const struct link_config *config);
void link_start(struct link *link, int64_t now_ns, const char *why); /* connects at the next tick */
void link_stop(struct link *link, int64_t now_ns, const char *why);  /* to DOWN, without a callback */
/* Not from inside the link's own callbacks. */
void link_tick(struct link *link, int64_t now_ns);
bool link_is_up(const struct link *link); /* SUBSCRIBING or later */
/* A message was decoded; venue_ms 0: it tells no time. offset_ms INT64_MIN: not known. */
void link_note_age(struct link *link, int64_t recv_ns, int64_t venue_ms, int64_t offset_ms);
void link_fill_status(const struct link *link, struct link_status *out);

#endif
