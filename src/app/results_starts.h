/*
 * results_starts.h - where sessions began in a line of equity, and what the account was worth more or less than when the one
 * before ended: nothing was traded there, a position was only priced anew. Pure.
 */
#ifndef APP_RESULTS_STARTS_H
#define APP_RESULTS_STARTS_H

#include "view/view.h"

#include <stdbool.h>
#include <stdint.h>

#define RESULTS_STARTS_MAX 1024 /* the newest ones; without those before a sum over all is not known */

struct results_start {
    int64_t begin_ns;  /* of the session */
    int64_t before_ns; /* the last sample before it; 0: there was none, or none came yet in it */
    int64_t jump_e8;   /* from there to its first sample */
};

struct results_starts {
    uint16_t count;
    struct results_start at[RESULTS_STARTS_MAX]; /* the earliest first */
    int64_t forgotten_ns;                        /* begin of the newest that had no room; 0: all are here */
    int64_t sample_ns, equity_e8;                /* the newest sample; sample_ns 0: none */
};

/* In the order of time, those known already again: they are passed over. */
void results_starts_session(struct results_starts *starts, int64_t begin_ns);
/* Each sample once, in the order of time, behind the session that it is of. */
void results_starts_sample(struct results_starts *starts, int64_t ts_ns, int64_t equity_e8);
/* Those between two samples of [out->from_ns, out->to_ns], and the sum of their jumps. */
void results_starts_fill(const struct results_starts *starts, struct view_results *out);

#endif
