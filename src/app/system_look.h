/*
 * system_look.h - what the kernel and the disk tell of this process, for screen 8: memory, threads, files, who waits.
 *
 * A thread of its own that sleeps until somebody asks: what it reads may take as long as a disk takes. The engine asks
 * and takes what is there (system_look_ask, system_look_newest: no lock, no waiting).
 */
#ifndef APP_SYSTEM_LOOK_H
#define APP_SYSTEM_LOOK_H

#include "app/view_facts.h"

#define SYSTEM_LOOK_MS 500 /* between two looks at least, however often somebody asks */

struct system_look;

struct system_seen {
    uint64_t looks; /* 0: none yet */
    uint16_t threads;
    struct view_thread thread[VIEW_THREADS_MAX]; /* the busiest first */
    struct fact_list list;                       /* of FACTS_MEMORY, FACTS_STORE, FACTS_INSTANCE */
};

/* data_dir: "" none; journal_dir: "" none. Both are copied. NULL: no memory or no thread, and the screen says `?`. */
struct system_look *system_look_start(const char *data_dir, const char *journal_dir);
void system_look_stop(struct system_look *look); /* NULL is allowed */

void system_look_ask(struct system_look *look);
const struct system_seen *system_look_newest(struct system_look *look); /* borrowed until the next call */

#endif
