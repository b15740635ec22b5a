/*
 * lease.h - are we still the leader? A thread that looks at the lock file, so that the engine's never waits for a disk.
 *
 * The lock itself cannot be lost, but its file can be deleted, its folder renamed or replaced: whoever starts next finds
 * another one. The engine renews its own heartbeat in the gate (NOT_LEADER) only while this thread has looked within half
 * of the term: after a stop (SIGSTOP, a suspended machine) nothing leaves until it has looked anew.
 */
#ifndef APP_LEASE_H
#define APP_LEASE_H

#include "app/instance_lock.h"
#include "app/lease_gate.h"

#define LEASE_LOOK_MS 250

struct lease;

struct lease_config {
    const char *data_dir;
    int lock_fd;
    const struct instance_holder *self; /* copied */
    int64_t term_ms;
};

/* Looks once, then starts the thread. NULL: why says it. */
struct lease *lease_start(const struct lease_config *config, char *why, size_t why_size);
void lease_stop(struct lease *lease); /* NULL is allowed */

/* Any thread; none of these waits. */
int64_t lease_term_ns(const struct lease *lease);
bool lease_holds(const struct lease *lease, int64_t monotonic_ns);
bool lease_is_lost(const struct lease *lease, char *why, size_t why_size); /* for good */

#endif
