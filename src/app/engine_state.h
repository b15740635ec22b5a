/* engine_state.h - the engine's own struct, shared by engine.c and engine_thread.c alone. */
#ifndef APP_ENGINE_STATE_H
#define APP_ENGINE_STATE_H

#include "app/engine.h"
#include "app/view_build.h"
#include "core/base/spsc_ring.h"
#include "core/base/triple_buffer.h"

#include <ev.h>
#include <pthread.h>

struct engine {
    struct engine_config config;
    struct pipeline *pipeline;
    struct replay *replay;
    struct feed_event event; /* scratch */
    uint64_t bad_told;
    bool ended;
    bool seek_done;
    int64_t seek_ns; /* unpaced until here; 0: none */
    int64_t start_wall_ns, wall_ns;
    /* pace: event time = pace_event_ns + (wall - pace_wall_ns) x speed */
    int64_t speed_x1000;
    bool held;
    int64_t pace_event_ns, pace_wall_ns;
    int64_t last_ns;       /* of the recording, scanned ahead; 0: unknown */
    atomic_bool kill_flag; /* read by the sending function */
    bool kill_seen;
    bool store_failure_told;
    const atomic_bool *stop; /* of a headless run */
    /* the screen */
    struct view_builder *builder;
    struct spsc_ring *commands;
    struct triple_buffer *frames;
    atomic_bool frame_wanted;
    atomic_bool stopping;
    uint64_t frame_seq;
    int64_t frame_wall_ns;
    unsigned still_frames; /* published since anything changed */
    uint64_t commands_taken;
    struct { /* what the last frame was made of */
        uint64_t input_seq, commands_taken;
        int64_t now_ns, durable_ns;
        bool ended, store_failed;
    } shown;
    struct ev_loop *loop;
    ev_async wake;
    ev_timer due;
    ev_idle busy;
    pthread_t thread;
    bool started;
};

/* Feeds what is due at wall_ns, at most a batch; returns the wall time of the next event, INT64_MAX for none. */
int64_t engine_feed_due(struct engine *engine, int64_t wall_ns);
/* One event; false at the end of the recordings. */
bool engine_feed_one(struct engine *engine);
/* Pace starts anew from the current event time. */
void engine_repace(struct engine *engine, int64_t wall_ns);
/* A signal's kill, or one whose command found the ring full. */
void engine_take_kill_flag(struct engine *engine);
/* A storage failure stops trading, once; cancels go on, and positions may be closed in REDUCING. */
void engine_watch_store(struct engine *engine);

#endif
