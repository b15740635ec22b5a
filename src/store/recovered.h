/*
 * recovered.h - what an earlier run of an account left: the state after the last step of its journal.
 */
#ifndef STORE_RECOVERED_H
#define STORE_RECOVERED_H

#include "store/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct recovered {
    size_t count;
    struct store_record *record;     /* states, in the order in which they were last told */
    uint64_t epoch;                  /* of this run, above all earlier ones, of replaced journals too */
    uint64_t session;                /* likewise, of this journal */
    uint64_t last_order_seq;         /* of all earlier runs */
    uint16_t next_slot;              /* of STORE_TIME */
    bool crashed;                    /* the last run has not ended in order */
    bool safe_mode;                  /* nor have others, within a short time (crash_count.h) */
    int64_t crash_ns[STORE_CRASHES]; /* since the last run that ended in order: the newest, oldest first */
    int64_t last_ns;                 /* event time of the last record */
    uint64_t frames;                 /* read */
    uint64_t from_ring;              /* of these, out of the ring of a run that was killed */
    int64_t took_ns;
    char note[256]; /* what was cut off or passed over; "": nothing */
};

void recovered_free(struct recovered *left); /* what it holds, not itself */

#endif
