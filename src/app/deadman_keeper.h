/*
 * deadman_keeper.h - who watches the watcher: a thread that sees the dead man die or stop, and starts another one.
 *
 * He is our child: his death and a stop (SIGSTOP) are told by waitpid() within DEADMAN_LOOK_MS, whatever /proc may hide; he
 * is replaced at once, a stopped one is ended first, for he would keep the data directory's lock after our own end. One
 * that lives and does not look (a debugger, a disk that hangs) is told after DEADMAN_SILENT_MS and left alone.
 */
#ifndef APP_DEADMAN_KEEPER_H
#define APP_DEADMAN_KEEPER_H

#include "app/deadman.h"

#include <stdbool.h>

#define DEADMAN_SILENT_MS 5000
#define DEADMAN_AGAIN_MS  5000 /* after one that could not be started */

struct deadman_keeper;

/* pid: of the running one; config's texts must live as long. NULL: no memory or no thread. */
struct deadman_keeper *deadman_keeper_start(const struct deadman_config *config, pid_t pid);
/* An orderly end: the thread, then the dead man by deadman_stop(). NULL is allowed. */
void deadman_keeper_stop(struct deadman_keeper *keeper);

/* Any thread; none of these waits. */
pid_t deadman_keeper_pid(const struct deadman_keeper *keeper); /* 0: there is none now */
/* How often one was lost; out: what became of the last, "dead man (pid 7) was killed". */
uint64_t deadman_keeper_losses(const struct deadman_keeper *keeper, char *out, size_t size);
/* False: out says what is wrong now. */
bool deadman_keeper_is_well(const struct deadman_keeper *keeper, char *out, size_t size);

#endif
