/* store_parts.h - the inside of a store: for store.c and store_thread.c alone. */
#ifndef STORE_STORE_PARTS_H
#define STORE_STORE_PARTS_H

#include "core/base/triple_buffer.h"
#include "store/db.h"
#include "store/projection.h"
#include "store/store.h"
#include "store/store_journal.h"

#include <pthread.h>
#include <stdatomic.h>

struct store {
    struct store_journal *journal;
    struct db *db; /* store thread, once it runs */
    struct projection *projection;
    bool keeps_journal;
    pthread_t thread;
    uint64_t records, session; /* session: its number in the journal */
    int64_t keep_days[RETENTION_TABLES];
    int64_t sampled_ns, opened_ns,
        retention_ns; /* the start as samples age; monotonic: then, and next look */
    /* What the thread looks at once it sees closing, which is set behind them; before that the opener's. */
    int64_t close_by_ns; /* monotonic */
    int64_t end_ns;      /* event time */
    atomic_bool closing;
    atomic_bool failed; /* latched; failure is written before it, once */
    char failure[STORE_WHY_SIZE];
    atomic_bool snapshot_failed; /* the last try; why under the mutex */
    pthread_mutex_t snapshot_mutex;
    char snapshot_why[STORE_WHY_SIZE];
    int64_t snapshot_ns; /* monotonic; no try before */
    _Atomic int64_t durable_ns;
    void (*job)(void *arg); /* what somebody asked for; written before job_waits */
    void *job_arg;
    atomic_bool job_waits;
    struct store_figures counted;  /* the store thread's */
    struct triple_buffer *figures; /* and what others see of it */
};

/* store_thread.c */
void store_latch_failure(struct store *store, const char *why); /* the first one stays */
bool store_has_failed(const struct store *store);
/* What waits, to disk and, rows_too, into tables. ERR_STATE: another program holds the database, later. */
enum err store_write(struct store *store, bool rows_too, char *why, size_t why_size);
void *store_main(void *store);

#endif
