/*
 * instance_lock.h - one trading engine for each data directory: the file `lock`, held by flock, with the holder's pid.
 *
 * The dead man keeps the lock open until it has cleared up after its leader, so a start right after a crash waits for
 * that.
 */
#ifndef APP_INSTANCE_LOCK_H
#define APP_INSTANCE_LOCK_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define INSTANCE_LOCK_FILE "lock"

/* ERR_STATE: held by another; why names its pid. Waits up to wait_ms where the holder's process is gone. */
enum err instance_lock_take(const char *data_dir, int wait_ms, int *fd, char *why, size_t why_size);
void instance_lock_drop(int fd); /* below 0: nothing */
/* Somebody holds it: *pid, 0 if unknown. */
bool instance_lock_held(const char *data_dir, pid_t *pid);

#endif
