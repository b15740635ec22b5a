#include "store/store.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/spsc_ring.h"
#include "core/base/thread.h"
#include "store/db.h"
#include "store/writer.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GROUP_EARLY_ROWS 100                     /* so many waiting rows are written at once */
#define GROUP_AGE_NS     (50 * INT64_C(1000000)) /* and fewer after this time */
#define GROUP_ROWS_MAX   2048                    /* of one transaction */
#define POLL_NS          10000000
#define CLOSE_WAIT_NS    (10 * INT64_C(1000000000)) /* for another program that holds the database */
#define WHY_SIZE         1280                       /* a path and a sentence */

struct store {
    struct spsc_ring *ring; /* engine thread -> store thread */
    struct db *db;          /* store thread, once it runs */
    struct writer *writer;
    pthread_t thread;
    uint64_t records;
    int64_t close_by_ns; /* monotonic; set with closing */
    int64_t end_ns;      /* event time; set with closing */
    atomic_bool closing;
    atomic_bool failed; /* latched; failure is written before it, once */
    char failure[WHY_SIZE];
    _Atomic int64_t durable_ns;
    void (*job)(void *arg); /* what somebody asked for; written before job_waits */
    void *job_arg;
    atomic_bool job_waits;
};

static void latch_failure(struct store *store, const char *why)
{
    if (atomic_load_explicit(&store->failed, memory_order_relaxed))
        return;
    snprintf(store->failure, sizeof(store->failure), "%s", why);
    atomic_store_explicit(&store->failed, true, memory_order_release);
}

static bool has_failed(const struct store *store)
{
    return atomic_load_explicit(&store->failed, memory_order_acquire);
}

/*
 * One transaction of what waits in the ring. ERR_STATE: the database is held by somebody else and nothing was
 * taken. After any other error the rows of this group are not stored and nothing more will be: the connection is
 * not trusted after a failed write.
 */
static enum err write_group(struct store *store, char *why, size_t why_size)
{
    struct store_record record;
    int64_t last_ns = 0;
    uint64_t rows = 0;
    enum err err = db_begin(store->db, why, why_size);

    if (err != ERR_OK)
        return err;
    while (err == ERR_OK && rows < GROUP_ROWS_MAX && spsc_ring_pop(store->ring, &record)) {
        err = writer_put(store->writer, &record, why, why_size);
        last_ns = record.ts_ns;
        rows++;
    }
    if (err != ERR_OK) {
        db_rollback(store->db);
        return err;
    }
    err = db_commit(store->db, why, why_size);
    if (err != ERR_OK)
        return err;
    store->records += rows;
    if (rows > 0)
        atomic_store_explicit(&store->durable_ns, last_ns, memory_order_release);
    return ERR_OK;
}

/* Writes everything that is queued; a database that others hold is waited for until close_by_ns. */
static void write_rest(struct store *store)
{
    char why[WHY_SIZE];
    enum err err = ERR_OK;

    while (!has_failed(store) && spsc_ring_used(store->ring) > 0) {
        err = write_group(store, why, sizeof(why));
        if (err == ERR_STATE && clock_monotonic_ns() < store->close_by_ns)
            continue;
        if (err == ERR_STATE)
            snprintf(why, sizeof(why), "%s: locked by another program; %zu records are not stored",
                     db_path(store->db), spsc_ring_used(store->ring));
        if (err != ERR_OK)
            latch_failure(store, why);
    }
}

static void end_session(struct store *store)
{
    char why[WHY_SIZE];
    enum err err = ERR_STATE;

    while (!has_failed(store) && err == ERR_STATE) {
        err = db_begin(store->db, why, sizeof(why));
        if (err == ERR_STATE && clock_monotonic_ns() >= store->close_by_ns)
            err = db_explain(store->db, "ending the session", SQLITE_BUSY, why, sizeof(why));
        if (err != ERR_OK)
            continue;
        err = writer_end(store->writer, store->end_ns, store->records, why, sizeof(why));
        if (err == ERR_OK)
            err = db_commit(store->db, why, sizeof(why));
        else
            db_rollback(store->db);
    }
    if (err != ERR_OK && err != ERR_STATE)
        latch_failure(store, why);
}

/* Rows wait until there are enough of them for a transaction, or for 50 ms. */
static bool group_is_due(const struct store *store, int64_t *waiting_since_ns)
{
    size_t used = spsc_ring_used(store->ring);
    int64_t now_ns = clock_monotonic_ns();

    if (used == 0) {
        *waiting_since_ns = 0;
        return false;
    }
    if (*waiting_since_ns == 0)
        *waiting_since_ns = now_ns;
    return used >= GROUP_EARLY_ROWS || now_ns - *waiting_since_ns >= GROUP_AGE_NS;
}

static void run_job(struct store *store)
{
    if (!atomic_load_explicit(&store->job_waits, memory_order_acquire))
        return;
    store->job(store->job_arg);
    atomic_store_explicit(&store->job_waits, false, memory_order_release);
}

static void *store_main(void *arg)
{
    struct store *store = arg;
    char why[WHY_SIZE];
    int64_t waiting_since_ns = 0;

    while (!atomic_load_explicit(&store->closing, memory_order_acquire)) {
        run_job(store);
        if (!has_failed(store) && group_is_due(store, &waiting_since_ns)) {
            enum err err = write_group(store, why, sizeof(why));

            if (err == ERR_OK)
                waiting_since_ns = 0;
            else if (err != ERR_STATE)
                latch_failure(store, why);
        } else {
            nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
        }
        log_drain();
    }
    run_job(store);
    write_rest(store);
    end_session(store);
    log_drain();
    return NULL;
}

static void release(struct store *store)
{
    writer_free(store->writer);
    db_close(store->db);
    spsc_ring_free(store->ring);
    free(store);
}

enum err store_open(const char *path, const struct store_session *session, struct store **out, char *why,
                    size_t why_size)
{
    struct store *store = calloc(1, sizeof(*store));
    enum err err = ERR_OK;
    int failed;

    assert(session->kind != NULL && session->mode != NULL && session->source != NULL &&
           session->version != NULL);
    if (store == NULL ||
        (store->ring = spsc_ring_new(STORE_RING_RECORDS, sizeof(struct store_record))) == NULL) {
        free(store);
        snprintf(why, why_size, "%s: out of memory", path);
        return ERR_MEMORY;
    }
    atomic_init(&store->closing, false);
    atomic_init(&store->failed, false);
    atomic_init(&store->durable_ns, 0);
    atomic_init(&store->job_waits, false);
    err = db_open(path, &store->db, why, why_size);
    if (err == ERR_OK)
        err = writer_new(store->db, session, &store->writer, why, why_size);
    if (err == ERR_OK && (failed = thread_start(&store->thread, NULL, store_main, store)) != 0) {
        snprintf(why, why_size, "%s: cannot start the store thread: %s", path, strerror(failed));
        err = ERR_STORAGE;
    }
    if (err != ERR_OK) {
        release(store);
        return err;
    }
    *out = store;
    return ERR_OK;
}

bool store_push(struct store *store, const struct store_record *record)
{
    return !has_failed(store) && spsc_ring_push(store->ring, record);
}

bool store_ask(struct store *store, void (*job)(void *arg), void *arg)
{
    if (atomic_load_explicit(&store->job_waits, memory_order_acquire))
        return false;
    store->job = job;
    store->job_arg = arg;
    atomic_store_explicit(&store->job_waits, true, memory_order_release);
    return true;
}

size_t store_queued(const struct store *store)
{
    return spsc_ring_used(store->ring);
}

bool store_failed(const struct store *store, char *why, size_t why_size)
{
    if (!has_failed(store))
        return false;
    snprintf(why, why_size, "%s", store->failure);
    return true;
}

int64_t store_durable_ns(const struct store *store)
{
    return atomic_load_explicit(&store->durable_ns, memory_order_acquire);
}

enum err store_close(struct store *store, int64_t end_ns, char *why, size_t why_size)
{
    enum err err = ERR_OK;

    store->end_ns = end_ns;
    store->close_by_ns = clock_monotonic_ns() + CLOSE_WAIT_NS;
    atomic_store_explicit(&store->closing, true, memory_order_release);
    pthread_join(store->thread, NULL);
    if (store_failed(store, why, why_size))
        err = ERR_STORAGE;
    release(store);
    return err;
}
