/* engine_state.h - the engine's own struct, shared by the engine_*.c files alone. */
#ifndef APP_ENGINE_STATE_H
#define APP_ENGINE_STATE_H

#include "app/alert_list.h"
#include "app/engine.h"
#include "app/engine_figures.h"
#include "app/view_build.h"
#include "core/base/clock.h"
#include "core/base/durations.h"
#include "core/base/spsc_ring.h"
#include "core/base/triple_buffer.h"
#include "service/attach_server.h"

#include <ev.h>
#include <pthread.h>

/* Whoever comes first. NONE: the flag alone is known, as a crash raises it. */
enum kill_source {
    KILL_BY_NONE,
    KILL_BY_KEY,
    KILL_BY_SOCKET,
    KILL_BY_SIGNAL,
    KILL_BY_FILE,
    KILL_BY_ATTACHED
};

#define ENGINE_SCREENS (1 + ATTACH_SCREENS_MAX) /* the engine's own, then attached ones */
#define SCREEN_NONE    0xFF

struct engine_screen {            /* who looks: what is shown to him and whether he asked for it */
    struct view_builder *builder; /* NULL: there is no such screen in this run */
    struct triple_buffer *frames;
    atomic_bool wanted;
    bool open, readonly;
    uint32_t session;
    char name[VIEW_SCREEN_NAME];
    uint64_t frame_seq;
    int64_t frame_wall_ns;
    unsigned still_frames; /* published since anything changed */
    struct {               /* what the last frame was made of */
        uint64_t input_seq, commands_taken, results;
        int64_t now_ns, durable_ns, replay_last_ns;
        bool ended, store_failed;
    } shown;
};

struct engine {
    struct engine_config config;
    struct pipeline *pipeline;
    struct replay *replay;    /* NULL: live */
    struct engine_live *live; /* NULL: a replay, or not started */
    struct feed_event event;  /* scratch */
    uint64_t bad_told;
    bool ended;
    int64_t seek_ns, seek_from_ns; /* unpaced until here; 0: none. And where that was asked for */
    int64_t start_wall_ns, wall_ns;
    /* pace: event time = pace_event_ns + (wall - pace_wall_ns) x speed */
    int64_t speed_x1000;
    bool held;
    int64_t pace_event_ns, pace_wall_ns;
    struct recording_span *span; /* of a replay on a screen; NULL: nobody asks for its end */
    atomic_bool own_kill_flag;
    atomic_bool *kill_flag; /* read by the sending function: our own, or that of the dead man's page */
    bool kill_kept, kill_failure_told;         /* the file KILLED is asked for; it could not be written */
    char symbol[INSTRUMENTS_MAX][SYMBOL_SIZE]; /* for the dead man */
    bool kill_seen;
    bool store_failure_told, lease_loss_told, attention_told;
    uint32_t unmanaged_told; /* bit of an owner */
    uint64_t deadman_losses; /* told */
    const atomic_bool *stop; /* of a headless run */
    /* screens */
    struct engine_screen screen[ENGINE_SCREENS];
    struct view_history history;
    uint8_t next_screen;            /* whose turn it is to get a frame */
    uint8_t control;                /* the screen that may change things, or SCREEN_NONE */
    struct spsc_ring *notes;        /* of attached screens; NULL: nobody can attach */
    struct attach_server *attached; /* where their frames go */
    atomic_bool own_left;           /* the engine's own screen is gone, the engine goes on */
    struct spsc_ring *commands;     /* of the engine's own screen */
    struct spsc_ring *requests;     /* of the control socket; NULL: there is none */
    struct control_server *service; /* where their answers go */
    _Atomic int64_t
        kill_raised_ns;     /* monotonic, when the flag was raised; 0: it is not, or the kill is done */
    int64_t kill_took_ns;   /* from there until every cancel was handed over; 0: no kill yet */
    atomic_int kill_source; /* enum kill_source: who raised the flag, for the report */
    atomic_bool kill_lost;  /* a kill found its ring full: no clear may pass it by */
    atomic_bool loop_open;  /* it can be woken */
    atomic_bool stopping;
    uint64_t commands_taken;
    struct alert_list alerts;
    uint64_t alerts_kept; /* of their changes, what the keeper knows */
    struct engine_figures figures;
    struct durations key; /* from a key's read to its command here */
    int64_t key_taken_ns; /* monotonic, of the newest; 0: none came */
    struct ev_loop *loop;
    ev_async wake;
    ev_timer due;
    ev_idle busy;
    pthread_t thread;
    bool started;
};

bool engine_is_stopping(const struct engine *engine);
/* A bad line or message: counted, noted, the first ones told. */
void engine_tell_bad(struct engine *engine, const char *why);
/* Feeds what is due at wall_ns, at most a batch; returns the wall time of the next event, INT64_MAX for none. */
int64_t engine_feed_due(struct engine *engine, int64_t wall_ns);
/* One event; false at the end of the recordings. */
bool engine_feed_one(struct engine *engine);
/* Pace starts anew from the current event time. */
void engine_repace(struct engine *engine, int64_t wall_ns);
/* engine_kill.c. A kill of an earlier run, before the first event. */
void engine_take_latch(struct engine *engine);
/* A signal's kill, or one whose command found the ring full. */
void engine_take_kill_flag(struct engine *engine);
/* Raises the flag of the sending function. Any thread, async-signal-safe. */
void engine_raise_kill(struct engine *engine, enum kill_source source);
/* The one way a kill goes to the pipeline: measured from the flag. */
void engine_do_kill(struct engine *engine, const struct command *command);
/* The file KILLED follows the state; a file KILL kills; the dead man hears the loop's heartbeat. */
void engine_watch_kill(struct engine *engine);
/* engine_lease.c: our own heartbeat in the gate, renewed while we are known to lead; a lost lease stops trading. */
void engine_watch_lease(struct engine *engine, int64_t wall_ns);
/* New versions of plug-ins are taken, callbacks over their budget become strikes. */
void engine_watch_plugins(struct engine *engine);
/* A storage failure stops trading, once; cancels go on, and positions may be closed in REDUCING. */
void engine_watch_store(struct engine *engine);
/* Trading goes on, but somebody should look: one line, "" none. The other one tells it, once. */
bool engine_attention(const struct engine *engine, char *out, size_t size);
void engine_watch_attention(struct engine *engine);

/* engine_alerts.c. Those of an earlier run, before the first event. */
void engine_take_alerts(struct engine *engine);
/* After the pipeline's pass: what has come true rings. */
void engine_alerts_on_event(struct engine *engine, const struct feed_event *event);
/* Each turn: the file follows the list. */
void engine_watch_alerts(struct engine *engine);

/* engine_screens.c */
bool engine_is_watched(const struct engine *engine);                /* a screen is open */
enum err engine_make_screens(struct engine *engine, bool with_own); /* ERR_MEMORY */
void engine_free_screens(struct engine *engine);
void engine_screens_on_event(struct engine *engine, const struct feed_event *event);
/* Calls the opening; frames of its own screen, which is closed behind it. False: no memory. */
bool engine_play_opening(struct engine *engine);
/* Coming, going and commands of attached screens. */
void engine_take_notes(struct engine *engine, int64_t wall_ns);
/* A command of a screen: done, or refused if another one is in control. */
void engine_take_from(struct engine *engine, struct command *command, int64_t wall_ns);
/* To one that asked, in turn. */
void engine_publish(struct engine *engine, int64_t wall_ns);
bool engine_frame_wanted(const struct engine *engine);
/* engine_thread.c: one command, whoever sent it. */
void engine_do_command(struct engine *engine, const struct command *command, int64_t wall_ns);
void engine_wake(struct engine *engine); /* any thread */
/* engine_service.c: what came over the control socket. */
void engine_take_requests(struct engine *engine, int64_t wall_ns);

/* engine_thread.c: loop and watchers, with a screen's rings and builder or without. */
enum err engine_open_loop(struct engine *engine, bool with_screen, char *why, size_t why_size);
void engine_close_loop(struct engine *engine);
void engine_run_loop(struct engine *engine); /* until stopping or *stop */

/* engine_live.c: net and feed on the engine's loop, opened before its thread runs, closed after it has ended
 * and nobody looks at an instrument any more (they are the feed's). */
enum err engine_live_open(struct engine *engine, char *why, size_t why_size);
void engine_live_close(struct engine *engine); /* NULL live is allowed */
/* Once a turn: time passes, snapshots are asked for. Returns the wall time of the next turn. */
int64_t engine_live_turn(struct engine *engine, int64_t wall_ns);
void engine_live_show(struct engine *engine, uint16_t instrument_id);
void engine_live_rotate(struct engine *engine);
struct control_status;
struct engine_stage {                       /* of a live engine, from a packet's receipt */
    const struct durations *packet, *order; /* to decided; to an order that left */
};
struct engine_stage engine_live_stages(const struct engine *engine); /* NULL: a replay, or not started */
void engine_live_latencies(const struct engine *engine, struct control_status *out);
const struct decoder_counts *engine_live_counts(const struct engine *engine); /* not started: zeros */
struct view_status;
void engine_live_fill(const struct engine *engine, struct view_frame *frame);

#endif
