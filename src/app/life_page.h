/*
 * life_page.h - one page of memory that outlives a crash: what the dead-man process must know of the engine.
 *
 * Shared memory, made before the dead-man process is forked; with a name in /dev/shm a standby sees it as well
 * (standby.h). The engine's side writes with plain stores and relaxed atomics (no system call, no lock, no disk); the
 * dead man reads once the process is gone, and the few words it watches meanwhile are atomic. Times are CLOCK_MONOTONIC.
 */
#ifndef APP_LIFE_PAGE_H
#define APP_LIFE_PAGE_H

#include "core/domain/intent.h"
#include "core/domain/order.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define LIFE_ORDERS_MAX 256 /* as many as may be open */
#define LIFE_PATH_MAX   512
#define LIFE_WHY_MAX    160
#define LIFE_SHARED     "/dev/shm/flowdeck-life-" /* how the name of a shared one begins */

struct life_owner { /* of a plug-in; written before it first runs */
    char name[OWNER_NAME_SIZE];
    char path[LIFE_PATH_MAX]; /* "": built in */
    char sha256[65];
};

struct life_order {       /* seq is written last, and zeroed first */
    _Atomic uint64_t seq; /* 0: free */
    char symbol[24];
    uint16_t owner;
    enum side side;
    int64_t price_e8, left_e8;
};

enum life_watcher { LIFE_NOBODY, LIFE_WATCHES, LIFE_FAILED };

struct life_page {
    _Atomic int32_t watcher; /* enum life_watcher; written by the dead man after a test of himself */
    _Atomic int32_t watcher_pid;
    _Atomic int64_t watcher_ns;   /* of his last look */
    _Atomic int64_t heartbeat_ns; /* of the engine's loop, each turn */
    atomic_bool kill;             /* read by the sending function beside the engine's own flag */
    atomic_bool crash_kill;       /* ... raised by the crash handler alone: nobody asked for a kill */
    atomic_bool has_screen; /* a screen of the leader's has the terminal: whoever gives it back, unsets it */
    atomic_bool clean_end;  /* set last by an orderly end: the dead man has nothing to do */
    _Atomic uint32_t in_callback;   /* owner whose code runs now; 0: none */
    _Atomic int64_t in_callback_ns; /* since */
    _Atomic int32_t taken_by;       /* pid of the standby that ends us; 0: none */
    _Atomic int32_t crash_signal;   /* written by the crash handler; 0: none */
    _Atomic uint32_t crash_owner;   /* whose code ran then; 0: ours */
    struct life_owner owner[OWNERS_MAX];
    struct life_order order[LIFE_ORDERS_MAX];
};

/* NULL: no memory. Inherited by children; unmapped by life_page_free(). */
struct life_page *life_page_new(void);
void life_page_free(struct life_page *page);
/* The same as a file of this name; NULL: it cannot be. All of it is there from the start: no store faults later. */
struct life_page *life_page_share(const char *path);
void life_page_remove(const char *path); /* its name; others are left alone */
/* That of another process of ours; NULL: it is not there, or is not one. */
struct life_page *life_page_watch(const char *path);
/* After each change of an order: open ones are kept, ended ones leave. False: no room (never, by the bound). */
bool life_page_note_order(struct life_page *page, const struct order *order, const char *symbol,
                          int64_t price_e8, int64_t left_e8);

static inline void life_page_enter(struct life_page *page, uint16_t owner, int64_t now_ns)
{
    atomic_store_explicit(&page->in_callback_ns, now_ns, memory_order_relaxed);
    atomic_store_explicit(&page->in_callback, owner, memory_order_release);
}

static inline void life_page_leave(struct life_page *page)
{
    atomic_store_explicit(&page->in_callback, 0, memory_order_release);
}

#endif
