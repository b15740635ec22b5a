/*
 * lease_gate.h - what is known of the lease, and what the engine makes of it: the gate's NOT_LEADER, and the end of trading.
 *
 * Pure, as the engine is: lease.c looks at the machine, a simulation at its own.
 */
#ifndef APP_LEASE_GATE_H
#define APP_LEASE_GATE_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct pipeline;

struct lease_sight {
    int64_t seen_ns; /* it was ours then; monotonic */
    bool lost;       /* for good */
};

/* After a look that began at that time: ERR_OK, it is ours; ERR_STATE, it is not; else nothing is known. */
struct lease_sight lease_sight_after(struct lease_sight sight, enum err looked, int64_t at_ns);
bool lease_sight_holds(struct lease_sight sight, int64_t term_ns, int64_t now_ns);

/* Before anything else of a turn. */
void lease_renew(struct pipeline *pipeline, int64_t term_ns, bool holds);
/* Once: open orders are cancelled, trading is HALTED. */
void lease_give_up(struct pipeline *pipeline, const char *what);

#endif
