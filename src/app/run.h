/*
 * run.h - what every way of running an engine opens and closes: settings, instruments, log, database, signals.
 *
 * The commands (command_replay.c, command_live.c) open in the order of these functions and close by run_close().
 */
#ifndef APP_RUN_H
#define APP_RUN_H

#include "app/cli.h"
#include "app/deadman_keeper.h"
#include "app/engine.h"
#include "app/instance_holder.h"
#include "app/paths.h"
#include "app/script_run.h"
#include "core/base/config.h"
#include "feed/instruments_file.h"
#include "store/store.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/types.h>

#define RUN_WHY_SIZE 512

struct run { /* what is open, in the order of opening */
    const struct cli *cli;
    struct config *config;
    char data_dir[PATH_TEXT_MAX]; /* "": nothing is stored */
    struct instrument known[INSTRUMENTS_FILE_MAX];
    size_t known_count;
    char symbols_text[CONFIG_TEXT_MAX];
    const char *symbols[INSTRUMENTS_MAX];
    size_t symbol_count;
    char open_symbol[INSTRUMENTS_MAX][SYMBOL_SIZE]; /* what an earlier run left open */
    struct decoder_config decoder;
    struct pipeline_config pipeline;
    struct schedule *schedule; /* of trading pauses */
    FILE *decisions;
    struct store *store;
    struct results_reader *results; /* what it holds, for screen 6 */
    struct past_reader *past;       /* and for the lists */
    struct recovered left;          /* by earlier runs */
    uint64_t left_in_ring; /* frames that the first reading of the journal took out of a killed run's ring */
    int64_t left_took_ns;  /* it took */
    char left_note[256];   /* and said */
    int lock_fd;           /* of the data directory; 0: not taken */
    struct instance_holder self;
    struct lease *lease;
    bool stood_down; /* a standby was ended by a signal */
    struct kill_keeper *keeper;
    struct alert_keeper *alerts;
    struct control_server *service;
    struct attach_server *attached;
    char screen_name[VIEW_SCREEN_NAME]; /* of its own screen */
    struct life_page *life;
    struct plugins *plugins;
    struct system_look *look;         /* for screen 8 */
    struct trail_tap *tap;            /* of a replay: for screen 7 */
    int64_t at_ns;                    /* where its pacing starts; 0: at its first line */
    struct ui_again *again;           /* what the playing before it left; NULL: no replay */
    char journal_dir[STORE_WHY_SIZE]; /* likewise, of a live engine; "": none is kept */
    pid_t deadman;                    /* the first one, until the keeper has him */
    struct deadman_config deadman_config;
    char reserve[PATH_TEXT_MAX + 128]; /* for that */
    struct deadman_keeper *watcher;
    struct engine *engine;
    struct script_run *script; /* --execute without a screen; NULL: none */
    enum ui_script_state script_state;
};

extern atomic_bool run_interrupted, run_reopen_log; /* set by signals of a run without a screen */

int run_fail(enum exit_code code, const char *why); /* tells it on standard error */
enum exit_code run_exit_code(enum err err);
/* Of the commands that read what is stored; 130 where a signal stopped it. */
enum exit_code run_store_exit_code(enum err err);
enum err run_tell_interrupted(char *why); /* ERR_STATE */
/* On one line of standard output; takes the reference. Returns the exit code; NULL: out of memory. */
int run_print_json(json_t *root);
/* Settings that belong together, built-in instruments, wanted symbols. */
enum err run_prepare(struct run *run, char *why);
/* run->data_dir, made if missing. Refused before anything is put into it: a folder or database that is not ours. */
enum err run_choose_data_dir(struct run *run, char *why);
enum err run_open_log(struct run *run, char *why);
/* account: whose journal goes on; NULL: none, a replay's can be played again. */
enum err run_open_log_and_store(struct run *run, const char *kind, const char *account, const char *source,
                                char *why);
/* Who reads what is stored, for screen 6 and the lists; after every fork. Without a store: nobody. */
enum err run_open_results(struct run *run, const char *account, char *why);
/* The process that outlives this one: before any thread, socket and database. */
enum err run_start_deadman(struct run *run, const char *account, char *why);
enum err run_keep_deadman(struct run *run, char *why); /* after the forks: from now on he is watched, too */
/* Plug-in strategies, behind the built-in ones; a crash in them names them. */
enum err run_open_plugins(struct run *run, char *why);
/* The thread that looks at memory, threads and files for screen 8; after the store. Without it the screen says `?`. */
void run_open_look(struct run *run);
/* run_instances.c. Nobody else trades with this data directory, or with --standby: not any more; before the dead man, who
 * keeps the lock until he has cleared up. account: whose journal is read meanwhile. */
enum err run_lock_data_dir(struct run *run, const char *account, char *why);
void run_name_life(struct run *run); /* the page that a standby sees */
/* Others read our epoch in the lock file, and somebody watches that it stays ours; after the store. */
enum err run_open_lease(struct run *run, char *why);
/* run_service.c. The control socket and the one of attached screens, each on a thread of its own; after the engine was made, before it runs. */
enum err run_open_service(struct run *run, char *why);
/* The file KILLED; after the store. */
enum err run_open_keeper(struct run *run, char *why);
/* The file of the alerts; after the store, without which there is none. */
enum err run_open_alerts(struct run *run, const char *account, char *why);
enum err run_open_decisions(struct run *run, char *why);
/* INT, TERM, HUP, QUIT set run_interrupted, for a command that clears up behind itself. */
void run_catch_interrupts(void);
/* INT, TERM, QUIT, ALRM (--seconds), USR1, USR2 of a run without a screen; a screen has its own. */
void run_catch_signals(struct engine *engine);
int run_screen(struct run *run);
/* A live engine that was started: until a signal or --seconds. detached: its screen is gone. */
int run_without_screen(struct run *run, bool detached);
/* Everything is closed on every way out; a failed store turns success into exit code 4. */
int run_close(struct run *run, int code);

#endif
