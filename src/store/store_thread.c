/* store_thread.c - the thread of a store: journal to disk, rows, samples, snapshots, until it is closed. See store.h. */
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/thread.h"
#include "store/store_parts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define GROUP_BYTES  32768                   /* so much is made rows of at once */
#define GROUP_AGE_NS (50 * INT64_C(1000000)) /* and less after this time */
#define POLL_NS      5000000
#define RETENTION_NS (3600 * INT64_C(1000000000))

void store_latch_failure(struct store *store, const char *why)
{
    if (atomic_load_explicit(&store->failed, memory_order_relaxed))
        return;
    snprintf(store->failure, sizeof(store->failure), "%s", why);
    atomic_store_explicit(&store->failed, true, memory_order_release);
}

bool store_has_failed(const struct store *store)
{
    return atomic_load_explicit(&store->failed, memory_order_acquire);
}

static enum err make_row(void *arg, const struct frame_head *head, const unsigned char *body, char *why,
                         size_t why_size)
{
    struct store *store = arg;

    return projection_take(store->projection, head, body, why, why_size);
}

/* Without a journal: what is in the ring becomes rows, in one transaction. */
static enum err write_rows(struct store *store, size_t *frames, char *why, size_t why_size)
{
    enum err err = db_begin(store->db, why, why_size);

    if (err != ERR_OK)
        return err;
    err = store_journal_drain(store->journal, make_row, store, frames, why, why_size);
    if (err == ERR_OK)
        return db_commit(store->db, why, why_size);
    db_rollback(store->db);
    return err == ERR_STATE ? ERR_STORAGE : err;
}

/* One that cannot be made costs the next start time and nothing else, unless the disk or the journal itself is wrong. */
static enum err take_snapshot(struct store *store, bool force, char *why, size_t why_size)
{
    enum err err;

    if (!force && clock_monotonic_ns() < store->snapshot_ns)
        return ERR_OK;
    err = store_journal_snapshot(store->journal, force, why, why_size);
    if (err == ERR_IO || err == ERR_BAD_DATA)
        return err;
    if (err != ERR_OK) {
        store->snapshot_ns = clock_monotonic_ns() + STORE_SNAPSHOT_AGAIN_MS * INT64_C(1000000);
        log_ev(LOG_WARN, store_journal_durable_ns(store->journal), 0, "store", LOG_TEXT("text", why));
        pthread_mutex_lock(&store->snapshot_mutex);
        snprintf(store->snapshot_why, sizeof(store->snapshot_why), "%s", why);
        pthread_mutex_unlock(&store->snapshot_mutex);
    }
    atomic_store_explicit(&store->snapshot_failed, err != ERR_OK, memory_order_release);
    return ERR_OK;
}

static void publish_durable(struct store *store)
{
    atomic_store_explicit(&store->durable_ns, store_journal_durable_ns(store->journal), memory_order_release);
}

/* Durable first, and said at once; rows follow as far as the database is free. */
static enum err write_journal(struct store *store, bool rows_too, size_t *frames, char *why, size_t why_size)
{
    size_t rows;
    int64_t begin_ns = clock_monotonic_ns();
    enum err err = store_journal_drain(store->journal, NULL, NULL, frames, why, why_size);

    publish_durable(store);
    if (*frames > 0)
        durations_add(&store->counted.write, clock_monotonic_ns() - begin_ns);
    if (err == ERR_OK && rows_too) {
        err = take_snapshot(store, false, why, why_size);
        if (err == ERR_OK)
            err = projection_catch_up(store->projection, &rows, why, why_size);
    }
    return err;
}

static void publish_figures(struct store *store, size_t frames, enum err err)
{
    struct store_figures *counted = &store->counted;

    counted->rounds++;
    counted->busy += err == ERR_STATE;
    counted->records += frames;
    if (store->keeps_journal)
        counted->journal_seq = store_journal_point(store->journal).seq;
    counted->row_seq = projection_seq(store->projection);
    memcpy(triple_buffer_back(store->figures), counted, sizeof(*counted));
    triple_buffer_publish(store->figures);
}

/* One round. ERR_STATE: somebody else holds the database, and nothing is lost by it. */
enum err store_write(struct store *store, bool rows_too, char *why, size_t why_size)
{
    size_t frames = 0;
    enum err err = ERR_OK;

    if (store->keeps_journal)
        err = write_journal(store, rows_too, &frames, why, why_size);
    else if (rows_too)
        err = write_rows(store, &frames, why, why_size);
    store->records += frames;
    if (err == ERR_OK && !store->keeps_journal)
        publish_durable(store);
    if (err != ERR_OK && err != ERR_STATE)
        store_latch_failure(store, why);
    publish_figures(store, frames, err);
    return err;
}

static bool is_behind(const struct store *store)
{
    return store_journal_waiting(store->journal) > 0 ||
           (store->keeps_journal &&
            projection_seq(store->projection) < store_journal_point(store->journal).seq);
}

/* A database that others hold is waited for until close_by_ns. */
static void write_rest(struct store *store)
{
    char why[STORE_WHY_SIZE];
    enum err err = ERR_OK;

    while (!store_has_failed(store) && is_behind(store) && (err == ERR_OK || err == ERR_STATE)) {
        err = store_write(store, true, why, sizeof(why));
        if (err != ERR_STATE || clock_monotonic_ns() < store->close_by_ns)
            continue;
        if (store->keeps_journal && store_journal_waiting(store->journal) == 0)
            return; /* all of it is durable: the next start makes the rows */
        snprintf(why, sizeof(why), "%s: locked by another program; %zu bytes of records are not stored",
                 db_path(store->db), store_journal_waiting(store->journal));
        store_latch_failure(store, why);
    }
}

static bool push_end(struct store *store)
{
    struct store_record end = {.kind = STORE_SESSION_END, .ts_ns = store->end_ns};

    end.session_end.session = store->session;
    end.session_end.records = store->records;
    snprintf(end.session_end.why, sizeof(end.session_end.why), "in order");
    return store_journal_push(store->journal, &end) && store_journal_commit(store->journal);
}

static void end_session(struct store *store)
{
    char why[STORE_WHY_SIZE];

    write_rest(store);
    if (store_has_failed(store))
        return;
    if (!push_end(store)) /* the engine's thread is gone: its end of the ring is ours */
        store_latch_failure(store, "the journal's ring has no room for the session's end");
    write_rest(store);
    if (!store_has_failed(store) && take_snapshot(store, true, why, sizeof(why)) != ERR_OK)
        store_latch_failure(store, why);
}

/* Samples that are too old, a little at a time: again at once while there are more. */
static void remove_old(struct store *store)
{
    int64_t now_ns = clock_monotonic_ns(), removed;
    char why[STORE_WHY_SIZE];
    enum err err;

    if (now_ns < store->retention_ns || !store->keeps_journal)
        return;
    err = retention_run(store->db, store->keep_days, store->sampled_ns + (now_ns - store->opened_ns),
                        &removed, why, sizeof(why));
    if (err != ERR_OK && err != ERR_STATE)
        store_latch_failure(store, why);
    if (err == ERR_OK && removed < RETENTION_ROWS_MAX)
        store->retention_ns = now_ns + RETENTION_NS;
}

static void run_job(struct store *store)
{
    if (!atomic_load_explicit(&store->job_waits, memory_order_acquire))
        return;
    store->job(store->job_arg);
    atomic_store_explicit(&store->job_waits, false, memory_order_release);
}

/* Rows wait until there are enough of them for a transaction, or for a while. */
static bool rows_are_due(const struct store *store, int64_t *since_ns)
{
    int64_t now_ns = clock_monotonic_ns();

    if (!is_behind(store)) {
        *since_ns = 0;
        return false;
    }
    if (*since_ns == 0)
        *since_ns = now_ns;
    return store_journal_waiting(store->journal) >= GROUP_BYTES || now_ns - *since_ns >= GROUP_AGE_NS;
}

void *store_main(void *arg)
{
    struct store *store = arg;
    char why[STORE_WHY_SIZE];
    int64_t since_ns = 0;

    thread_name("store");
    while (!atomic_load_explicit(&store->closing, memory_order_acquire)) {
        bool due = rows_are_due(store, &since_ns);

        run_job(store);
        if (!store_has_failed(store) &&
            (due || (store->keeps_journal && store_journal_waiting(store->journal) > 0))) {
            if (store_write(store, due, why, sizeof(why)) == ERR_OK && due)
                since_ns = 0;
        } else {
            if (!store_has_failed(store))
                remove_old(store);
            nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
        }
        log_drain();
    }
    run_job(store);
    end_session(store);
    log_drain();
    return NULL;
}
