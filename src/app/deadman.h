/*
 * deadman.h - a small process that outlives the engine's: it ends a hung one and clears up after a dead one.
 *
 * The first is forked before threads, sockets and database; one that is lost is replaced (deadman_keeper.h) by a fork of
 * them all, which keeps none of their descriptors and takes none of their locks. It sleeps on the leader's pidfd and looks four times a second at the
 * shared page (life_page.h):
 *   - a plug-in's callback that has run for DEADMAN_LATE_MS, or a loop that has not turned for heartbeat_ms: sets the
 *     page's kill flag and ends the leader by SIGKILL. A leader that is stopped (SIGSTOP, a debugger) is left alone
 *     while it is stopped: it cannot send either. A standby does end it (standby.h), and is told of as the cause.
 *   - the leader is gone without its mark of a clean end: what it left open is cancelled at the gateway, a plug-in that
 *     ran is put into the quarantine, the kill is latched, the terminal is made sane, one line says what happened.
 * On paper the only venue was in the dead process: its orders are gone, and the next start writes their end. It takes no
 * lock of the leader, and ends at once after a clean end. A kill that was under way is latched; without one a plain
 * death on paper is not: nothing is left at any venue.
 */
#ifndef APP_DEADMAN_H
#define APP_DEADMAN_H

#include "app/life_page.h"
#include "core/base/err.h"

#include <stddef.h>
#include <sys/types.h>

#define DEADMAN_LATE_MS 5000
#define DEADMAN_LOOK_MS 250

/* How what was left is cancelled; called in the dead man's process for each order. False: not confirmed. */
struct deadman_gateway {
    bool (*cancel)(void *arg, const struct life_order *order);
    void *arg;
};

struct deadman_config {
    struct life_page *page;
    const char *page_path; /* of a shared one: removed when all is cleared up; NULL: none */
    const char *data_dir;  /* "": nothing is written */
    const char *reserve;   /* the journal's: made room of for the latch on a full disk; NULL: none */
    int heartbeat_ms;      /* 0: a hung loop is not ended */
    int late_ms;           /* of a callback; 0: DEADMAN_LATE_MS */
    int keep_fd;           /* stays open until all is cleared up (the instance lock); 0: none */
    bool live;             /* what is left is at a venue: the kill is latched whatever the end was */
    struct deadman_gateway gateway;
};

/* Forks, and waits until the dead man has tested himself. *pid is his. On error why holds one line. */
enum err deadman_start(const struct deadman_config *config, pid_t *pid, char *why, size_t why_size);
/* The leader ends in order: the dead man is let go and waited for. */
void deadman_stop(struct life_page *page, pid_t pid);

#endif
