/*
 * instance_lock.h - one trading engine for each data directory: the file `lock`, held by flock, with its holder in it.
 *
 * The dead man keeps the lock open until it has cleared up after its leader, so a start right after a crash waits for
 * that. The journal's folder is locked by its writer as well (store/journal_segment.h): a lock file that somebody
 * deletes lets no second one write.
 */
#ifndef APP_INSTANCE_LOCK_H
#define APP_INSTANCE_LOCK_H

#include "app/instance_holder.h"
#include "core/base/err.h"

#define INSTANCE_LOCK_FILE "lock"
#define INSTANCE_LEFT_MAX  240

/* ERR_STATE: held by another; why names its pid. Waits up to wait_ms where the holder's process is gone. The takeovers of
 * before stay known. */
enum err instance_lock_take(const char *data_dir, struct instance_holder *self, int wait_ms, int *fd,
                            char *why, size_t why_size);
/* Of a holder that is gone while the lock is held: by whom, and what to do about it. */
void instance_lock_tell_left(const struct instance_holder *holder, char *out, size_t size);
/* At once; before: who stands in it, also where it is free, pid 0: nobody. Nothing is written. ERR_STATE: held. */
enum err instance_lock_try(const char *data_dir, struct instance_holder *before, int *fd, char *why,
                           size_t why_size);
enum err instance_lock_write(int fd, const struct instance_holder *self, char *why, size_t why_size);
void instance_lock_drop(int fd); /* below 0: nothing */
/* Somebody holds it: *pid, 0 if unknown. */
bool instance_lock_held(const char *data_dir, pid_t *pid);
/* Who stands in it, holding it or not. False: nobody that can be read. */
bool instance_lock_holder(const char *data_dir, struct instance_holder *out);
/* The lock that we hold is the one that others find. ERR_STATE: it is not, why says what happened; ERR_IO: not known. */
enum err instance_lock_check(const char *data_dir, int fd, const struct instance_holder *self, char *why,
                             size_t why_size);
/* On a disk of another machine, whose locks cannot be trusted here. */
bool instance_lock_is_remote(const char *data_dir);

#endif
