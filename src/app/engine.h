/*
 * engine.h - the engine's host: feeds recordings or a live venue to the pipeline, takes commands, publishes frames.
 *
 * A replay and a recording without a screen run in the caller's thread (engine_run_headless). Else it has a thread of its
 * own on a libev loop: a screen talks to it through a command ring and a triple buffer, and can stall as long as it
 * likes. What is decided depends on the recording and the commands alone, not on pace or screen.
 */
#ifndef APP_ENGINE_H
#define APP_ENGINE_H

#include "app/alert_keeper.h"
#include "app/kill_keeper.h"
#include "app/life_page.h"
#include "app/pipeline.h"
#include "feed/recorder.h"
#include "feed/replay.h"
#include "feed/venue_profile.h"
#include "store/store.h"
#include "view/view.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define ENGINE_COMMANDS_MAX 256 /* waiting commands; the screen says when they are full */
#define ENGINE_BATCH_MAX    512 /* events between two looks at commands and clock */
#define ENGINE_BATCH_NS     INT64_C(2000000)
#define ENGINE_BAD_TOLD_MAX 20 /* bad lines told one by one on standard error */

struct engine;
struct live_status;
struct plugins;
struct system_look;
struct trail_tap;
struct lease;
struct results_reader;
struct past_reader;
struct control_server;
struct control_request;
struct attach_note;
struct attach_server;

struct engine_live_config {
    const struct venue_profile *venue;
    const char *const *symbols; /* 1..INSTRUMENTS_MAX, upper case */
    size_t symbol_count;
    const struct instrument *known; /* steps for a venue whose exchangeInfo cannot be had */
    size_t known_count;
    const char *ca_file; /* NULL: the system's roots */
    uint64_t seed;       /* of back-off jitter */
    int64_t silent_ms, rotate_after_s, audit_every_s, info_every_s, history_s;
    bool futures_trades;
    struct recorder *recorder; /* borrowed; NULL: nothing is recorded */
    bool demo;                 /* the built-in exchange: said on every screen */
    int demo_fd;               /* hangs up when that exchange ends (demo.h); -1: none */
};

struct engine_config {
    const struct engine_live_config *live; /* NULL: a replay of paths */
    const char *const *paths;
    size_t path_count;
    const struct decoder_config *decoder;
    struct pipeline_config pipeline;
    struct store *store;            /* NULL: nothing is stored */
    struct results_reader *results; /* of it, for screen 6; NULL: likewise */
    struct past_reader *past;       /* of it, for the lists; NULL: likewise, or a replay */
    struct kill_keeper *keeper;     /* NULL: a kill ends with the run */
    struct alert_keeper *alerts;    /* NULL: alerts end with the run */
    struct life_page *life;         /* of the dead man; NULL: nobody watches */
    struct deadman_keeper *watcher; /* of the dead man; NULL: nobody */
    struct lease *lease;            /* of the data directory; NULL: nobody else could lead */
    struct plugins *plugins;        /* NULL: none */
    struct trail_tap *tap;          /* of a replay: its records for screen 7; NULL: nobody reads them */
    struct system_look *look;       /* for screen 8; NULL: it knows the engine's own figures alone */
    int64_t speed_x1000;            /* 0: max */
    int64_t at_ns;            /* of a replay: run unpaced until this event time; 0: paced from the first */
    int64_t last_ns;          /* of a replay: of its latest line; 0: not known, a screen finds out */
    const char *first_symbol; /* shown first; NULL: the first that is heard of */
    atomic_bool *reopen_log;  /* headless: set by a signal, the log file is opened anew; NULL: none */
    /* A replay without a screen: called with frames as soon as an instrument is known, events held, until it is false. */
    bool (*opening)(void *arg, const struct view_frame *frame);
    void *opening_arg;
    const char *screen_name; /* of the terminal that its own screen is on; NULL: none */
    bool quiet;              /* bad lines are not told on standard error (a screen owns the terminal) */
};

/* On error why holds one line; the exit code belongs to err. Allocates all that the run needs. */
enum err engine_new(const struct engine_config *config, struct engine **out, char *why, size_t why_size);
void engine_free(struct engine *engine); /* NULL is allowed; after engine_stop() if it was started */

/* Runs to the end of the recordings, or until *stop; a live feed has no end. Returns true when it reached the end. */
bool engine_run_headless(struct engine *engine, const atomic_bool *stop);
/* Of the opening, in its thread: taken at once. */
void engine_take_now(struct engine *engine, const struct command *command);

/* Its own thread. Without a screen nobody sends commands but the caller, and there are no frames. */
enum err engine_start(struct engine *engine, bool with_screen, char *why, size_t why_size);
void engine_stop(struct engine *engine); /* asks, wakes and joins */

/* Any one thread (the screen's): false when the ring is full. */
bool engine_send(struct engine *engine, const struct command *command);
/* Requests of a control socket are taken; before the engine starts. NULL: makes their ring alone. ERR_MEMORY. */
enum err engine_serve(struct engine *engine, struct control_server *server);
/* The socket's thread: false when that ring is full. A kill blocks sending at once in any case. */
bool engine_send_request(struct engine *engine, const struct control_request *request);
/* Screens of other terminals may come; before the engine starts. NULL: makes what they need alone. ERR_MEMORY. */
enum err engine_serve_screens(struct engine *engine, struct attach_server *server);
/* Their thread: false when the ring is full. A kill blocks sending at once in any case. */
bool engine_note(struct engine *engine, const struct attach_note *note);
void engine_want_frame(struct engine *engine, unsigned screen);
const struct view_frame *engine_newest_frame(struct engine *engine, unsigned screen); /* NULL: none newer */
/* The screen's thread: nobody looks here any more, the engine goes on; what is sent from now on comes from no screen. */
void engine_leave_screen(struct engine *engine);
/* Asks for a frame; true when a newer one is there, which engine_frame() then returns (borrowed). */
bool engine_poll_frame(struct engine *engine);
const struct view_frame *engine_frame(const struct engine *engine);
/* Somebody put the file KILL there: as a signal's, but it says so. Any thread. */
void engine_kill_from_file(struct engine *engine);
/* Async-signal-safe: the flag that the sending function reads, and a wake-up. */
void engine_kill_from_signal(struct engine *engine);

/* After the run, in the thread that ran it (or after engine_stop). Of a live feed progress and end are empty. */
const struct pipeline *engine_pipeline(const struct engine *engine);
const struct replay_progress *engine_progress(const struct engine *engine);
const struct decoder_counts *engine_decoder_counts(const struct engine *engine);
int64_t engine_wall_ns(const struct engine *engine);
const struct live_status *
engine_live_status(const struct engine *engine); /* NULL: a replay, or not started */

#endif
