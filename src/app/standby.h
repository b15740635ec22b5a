/*
 * standby.h - waits beside the engine that trades with this data directory, and leads when that one is gone.
 *
 * It tries the lock all the time: an end in order or a crash frees it, once the dead man has cleared up. A leader that is
 * stopped or hangs keeps it, so when its heartbeat is silent for the term, the standby opens its pidfd, makes sure that it
 * is the process that the lock file names, ends it by SIGKILL, and waits for lock and dead man as after a crash. What
 * follows is a start like any other: a new epoch, synced, the journal read, positions compared, then the first order.
 *
 * Silence is a heartbeat that does not change, by our own clock: neither a clock of the leader nor a stop of ours counts.
 * A leader that runs but hangs is its dead man's first (deadman.h), for STANDBY_DEADMAN_MS; one that has not begun to beat
 * or has stopped in order is given STANDBY_START_MS.
 *
 * It stays standby, with an alert, beside a leader that it cannot see or check (another host, boot or pid namespace, a
 * network's disk, a /proc mounted with hidepid that hides it), one with another configuration or program, a journal that it cannot read, and after
 * too many takeovers: none within the cooldown of the last, and no more than so many in STANDBY_WINDOW_MS.
 */
#ifndef APP_STANDBY_H
#define APP_STANDBY_H

#include "app/instance_lock.h"

#include <stdatomic.h>

#define STANDBY_DEADMAN_MS 1000
#define STANDBY_START_MS   60000
#define STANDBY_WINDOW_MS  600000
#define STANDBY_END_MS     10000 /* for a killed leader and its dead man; then an alert */

struct standby_config {
    const char *data_dir, *account;
    struct instance_holder *self; /* its takeovers are written */
    int64_t term_ms, cooldown_ms, takeovers_max;
    const atomic_bool *stop; /* set by a signal */
};

/*
 * ERR_OK: we lead, *fd is the lock, self stands in it. ERR_NOT_FOUND: *stop was set. ERR_CONFIG: the leader that was
 * found at the start has another configuration or program; ERR_STORAGE, ERR_MEMORY. why holds one line.
 */
enum err standby_wait(const struct standby_config *config, int *fd, char *why, size_t why_size);

/* Takeovers that stand against another one now; false: none. why says it. Times since the boot. */
bool standby_must_hold(const struct instance_holder *before, const struct instance_holder *self,
                       const struct standby_config *config, int64_t now_ns, char *why, size_t why_size);
/* Another configuration or program; "" in why: the same. */
bool standby_differs(const struct instance_holder *leader, const struct instance_holder *self, char *why,
                     size_t why_size);

#endif
