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
 * network's disk, a /proc that hides it), one with another configuration or program, a journal that it cannot read, and
 * after too many takeovers: none within the cooldown of the last, and no more than so many in STANDBY_WINDOW_MS. A lock
 * that is free beside a leader that lives is no takeover either: somebody has deleted its file or exchanged its folder.
 */
#ifndef APP_STANDBY_H
#define APP_STANDBY_H

#include "app/standby_judge.h"

/*
 * ERR_OK: we lead, *fd is the lock, self stands in it. ERR_NOT_FOUND: *stop was set. ERR_CONFIG: the leader that was
 * found at the start has another configuration or program; ERR_STORAGE, ERR_MEMORY. why holds one line.
 */
enum err standby_wait(const struct standby_config *config, int *fd, char *why, size_t why_size);

#endif
