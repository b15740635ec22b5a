/*
 * server.h - the sockets of the built-in exchange: TLS, HTTP, WebSocket streams and API, limits, faults.
 *
 * Loopback only. Shares no code with net/: nothing may pass because both ends share a mistake.
 */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "core/base/err.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_FAULTS_MAX      256    /* that wait for their time */
#define SIM_SPEED_MAX_X1000 100000 /* 100 times as fast */

struct sim_server_config {
    const char *listen;   /* "127.0.0.1:0"; only loopback addresses */
    const char *data_dir; /* existing folder, 0700: CA, key, exchange.json */
    uint64_t seed;
    const char *const *symbols;
    size_t symbol_count;
    int64_t history_s;   /* market that has passed when it opens, so that its trades can be asked for; less
                                * of it where that would take more than two seconds */
    int64_t speed_x1000; /* market time per wall time */
    const char *const *faults; /* "AT_S VERB ARGS" */
    size_t fault_count;
    const char *fault_file; /* one such line each; NULL: none */
    bool
        die_with_parent; /* --demo: PR_SET_PDEATHSIG, and it ends when parent_pid is not its parent any more */
    int64_t parent_pid;  /* getpid() before the fork; 0: not looked at */
    int ready_fd; /* -1: none; the path of exchange.json and '\n' is written here once its market is open */
    /* Once it listens and nothing of the settings is wrong, before its market is made; "127.0.0.1:PORT". NULL: not told. */
    void (*listening)(void *arg, const char *address);
    void *arg;
    const atomic_bool *stop;
};

/* Runs until *stop, in this thread. *why is one line on error: ERR_USAGE (address, fault), ERR_IO, ERR_MEMORY. */
enum err sim_server_run(const struct sim_server_config *config, char *why, size_t why_size);

#endif
