/*
 * engine_figures.h - how the engine's own machine does: how long each stage of the way takes, how full its queues were.
 *
 * On the engine's thread alone. Counting costs a few additions where something happens that costs far more; what a screen
 * shows of it is made of the counts twice a second, when one asks (view_system.c). Nothing here reaches a decision.
 */
#ifndef APP_ENGINE_FIGURES_H
#define APP_ENGINE_FIGURES_H

#include "core/base/durations.h"
#include "feed/live_feed.h"
#include "view/view.h"

struct engine;
struct feed_event;
struct store_record;

struct engine_figures {
    struct durations lag;    /* live: from the venue's time in a depth update to its receipt, whole ms */
    struct durations answer; /* from an order that was sent to the gateway's answer; event time */
    struct durations rest;   /* live: round trips of REST requests */
    struct durations frame;  /* a frame made for a screen */
    uint64_t answered_seq;   /* the newest order in `answer` */
    size_t commands_most, requests_most, notes_most, ring_most, orders_most; /* waiting at the worst moment */
    struct { /* as of the last look: rates are made of the difference */
        uint64_t messages, bytes;
    } link[LIVE_LINKS_MAX];
    uint64_t events;
    int64_t made_ns; /* monotonic; 0: never */
    struct view_system made;
};

/* offset_ms: the venue's clock less ours; INT64_MIN: not measured, then nothing is counted. */
void engine_figures_lag(struct engine_figures *figures, const struct feed_event *event, int64_t offset_ms);
void engine_figures_record(struct engine_figures *figures, const struct store_record *record);
/* At the begin of a turn, before anything is taken out of the queues. */
void engine_figures_queues(struct engine *engine);

/* view_system.c: what screen 8 shows, made anew twice a second at most. */
void view_fill_system(struct engine *engine, int64_t wall_ns, struct view_system *out);

#endif
