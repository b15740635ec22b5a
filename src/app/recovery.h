/*
 * recovery.h - what an earlier run left, put back into a new engine. Start and start after a crash are one path.
 *
 * The records are the state after the journal's last step (store/journal_state.h). What belongs to nobody in particular
 * is put back before the first event, what belongs to an instrument when it is heard of. Until every instrument with a
 * position or an open order is LIVE and our position is the gateway's, nothing new leaves and no loss is judged.
 *
 * What the configuration says goes ahead of what was changed at run time, if the configuration has changed since.
 */
#ifndef APP_RECOVERY_H
#define APP_RECOVERY_H

#include "core/base/err.h"
#include "store/recovered.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pipeline;
struct market_state;
struct account;

#define RECOVERY_WAIT_NS     INT64_C(30000000000) /* for instruments; then an operator's go leaves them out */
#define RECOVERY_SOURCE_MAX  64
#define RECOVERY_TRADES_BITS 32 /* paper trade ids: epoch, then so many bits of a count */

struct recovery_report {                      /* of this start */
    uint64_t positions, orders, orders_ended; /* left by the run before; ended: with its venue */
    char state[16], why[64];                  /* as it was left; "": nothing was */
    uint64_t missing;                         /* instruments with something open that are not back */
    char missing_symbol[24];                  /* the first one */
    int64_t since_ns;                         /* of the first look for them; event time */
    bool waits_told, left_out;                /* left_out: by an operator */
    bool gone_ended;                          /* orders of what is not back: ended with the paper venue */
    int64_t carried_e8
        [8]; /* by account: what was paid for positions that are not here, and counts as their worth */
};

/* Symbols with a position or an open order: the host sees to it that they are heard of. Returns how many. */
size_t recovery_symbols(const struct recovered *recovered, const char **out, size_t max);

/* As it was known to the run before; NULL: it was not. */
const struct instrument *recovery_instrument_of(const struct recovered *recovered, const char *symbol);
/* Of the built-in market, in the session's record: "built-in exchange, seed 7". False: the last run had none. */
const char *recovery_demo_source(uint64_t seed, char out[RECOVERY_SOURCE_MAX]);
bool recovery_demo_seed(const struct recovered *recovered, uint64_t *seed);

/* Before the first event. */
void recovery_start(struct pipeline *pipeline);
/* recovery_instrument.c. It has been taken in: position, orders and halts that are its own. */
void recovery_instrument(struct pipeline *pipeline, struct market_state *market);
/* The account of a quote asset begins as it was left. False: it is new. */
bool recovery_account(const struct pipeline *pipeline, struct account *account);
/* Its book is LIVE, or it holds nothing and has no order of the run before. */
bool recovery_is_back(const struct pipeline *pipeline, const char *symbol);
/* A book became LIVE: is everything back? */
void recovery_live(struct pipeline *pipeline);
/* Counts what was left and tells it: on the screen, in the log. */
void recovery_report_start(struct pipeline *pipeline, const struct recovered *recovered);
/* The last run did not end in order: when it was last heard of, and what of it this start has taken up. False: it did. */
bool recovery_tell_crash(const struct pipeline *pipeline, char *out, size_t size);
/* Each tick: who is waited for. After RECOVERY_WAIT_NS in vain its paper orders are ended, and if it holds something, or
 * its orders are at a live venue, trading is HALTED, which says so. */
void recovery_on_tick(struct pipeline *pipeline);
/* An operator's go, after that: trading goes on without what is not here. It stays in the journal, and a later start finds
 * it. Nothing where nothing is waited for, or not long enough. */
void recovery_leave_out(struct pipeline *pipeline);
/* What is left out and not here counts in its account: anew when an instrument comes after all. */
void recovery_carry(struct pipeline *pipeline);
/* What was left out, for as long as this run goes on. False: nothing. */
bool recovery_tell_left_out(const struct pipeline *pipeline, char *out, size_t size);
/* What a strategy has saved; 0: nothing. */
size_t recovery_memory(const struct pipeline *pipeline, const char *owner, unsigned char *out, size_t max);

#endif
