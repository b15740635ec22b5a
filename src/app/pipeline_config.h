/* pipeline_config.h - what an engine is made of and what it is connected to. See pipeline.h. */
#ifndef APP_PIPELINE_CONFIG_H
#define APP_PIPELINE_CONFIG_H

#include "app/paper_base.h"
#include "app/schedule.h"
#include "core/signal/signals.h"
#include "core/strategy/instance.h"
#include "exec/execution.h"
#include "exec/order_group.h"
#include "exec/paper_broker.h"
#include "risk/limits.h"
#include "store/record.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PIPELINE_STRATEGIES_MAX (OWNERS_MAX - 1)

struct strategy_setup { /* one strategy, built in or plug-in */
    const struct fd_strategy *table;
    struct strategy_instance *instance; /* of a plug-in, the host's; NULL: made of table */
    const struct strategy_manifest *manifest;
    int64_t parameter[MANIFEST_PARAMETERS_MAX];
    bool on; /* at start */
    bool plugin;
    char symbols[128]; /* comma-separated; "": whatever is there */
};

/* Told before and after each callback of a strategy, so that a process that outlives this one can name whose code ran.
 * The host's: no decision depends on it. NULL: nobody is told. */
struct callback_watch {
    void (*enter)(void *arg, uint16_t owner);
    void (*leave)(void *arg);
    void *arg;
};

struct pipeline_config {
    enum trading_mode mode;
    bool demo; /* the market is made from the seed, and begins with the run */
    uint64_t demo_seed;
    struct risk_limits limits;
    struct signal_params signals;
    size_t strategies;
    struct strategy_setup strategy[PIPELINE_STRATEGIES_MAX];
    struct execution_params execution;
    struct paper_broker_params paper;
    struct order_group_params groups;
    struct schedule *schedule;  /* of trading pauses; borrowed, compiled anew as time goes on; NULL: none */
    int64_t account_start_e8;   /* of the quote asset */
    int64_t fee_asset_start_e8; /* of the asset that fees are paid in, where one is named */
    size_t paper_bases;         /* paper.base */
    struct paper_base paper_base[PAPER_BASES_MAX];
    bool pause_keeps_orders;    /* pause.orders: keep */
    int64_t callback_budget_ns; /* of a strategy; judged by the host, told by COMMAND_STRATEGY_STRIKE */
    bool exit_keeps_orders;     /* exit.orders: keep */
    bool recovery_cancels;      /* recovery.orders: cancel */
    struct callback_watch watch;
    int64_t (*stopwatch)(
        void);          /* ns; how long the gate takes is measured by it. NULL: a replay, not measured */
    bool kill_flattens; /* kill.flatten: on */
    int64_t deadman_ms; /* of its watch over the engine's loop; 0: nobody watches */
    const char *const
        *limit_source;    /* by enum risk_limit_id: "default", "flowdeck.yaml:12"; NULL: not told */
    bool live;            /* a snapshot can be asked for: more may make a book STALE (book_trust.c) */
    bool dry;             /* of a self-test: its notes are not logged */
    FILE *decisions_copy; /* NULL: none */
    const struct gateway
        *gateway; /* to a live venue, borrowed for the engine's life; NULL: the paper broker */
    const struct recovered *recovered; /* what an earlier run left (recovery.h); NULL: nothing */
    int64_t start_ns; /* what is told before the first event is told then; 0: a replay has no time yet */
    const atomic_bool *external_kill; /* set by a signal, read right before each send; NULL: none */
};

/*
 * Where records of the engine go (the store). Both: false when it cannot take more. commit: what was pushed since the last
 * one is there from now on, whatever happens, all of it or nothing; NULL: at once. NULL sink: nowhere.
 */
struct record_sink {
    bool (*push)(void *arg, const struct store_record *record);
    void *arg;
    bool (*commit)(void *arg);
};

#endif
