#include "store/store.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/thread.h"
#include "core/base/triple_buffer.h"
#include "store/db.h"
#include "store/db_file.h"
#include "store/epoch_floor.h"
#include "store/projection.h"
#include "store/store_journal.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GROUP_BYTES   32768                   /* so much is made rows of at once */
#define GROUP_AGE_NS  (50 * INT64_C(1000000)) /* and less after this time */
#define POLL_NS       5000000
#define RETENTION_NS  (3600 * INT64_C(1000000000))
#define PAUSE_MAX_NS  (7 * 86400 * INT64_C(1000000000)) /* between two runs, as samples age */
#define CLOSE_WAIT_NS (10 * INT64_C(1000000000))        /* for another program that holds the database */

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

/* --- what the thread does ---------------------------------------------------------------------------------------- */

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
static enum err write_some(struct store *store, bool rows_too, char *why, size_t why_size)
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
        latch_failure(store, why);
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

    while (!has_failed(store) && is_behind(store) && (err == ERR_OK || err == ERR_STATE)) {
        err = write_some(store, true, why, sizeof(why));
        if (err != ERR_STATE || clock_monotonic_ns() < store->close_by_ns)
            continue;
        if (store->keeps_journal && store_journal_waiting(store->journal) == 0)
            return; /* all of it is durable: the next start makes the rows */
        snprintf(why, sizeof(why), "%s: locked by another program; %zu bytes of records are not stored",
                 db_path(store->db), store_journal_waiting(store->journal));
        latch_failure(store, why);
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
    if (has_failed(store))
        return;
    if (!push_end(store)) /* the engine's thread is gone: its end of the ring is ours */
        latch_failure(store, "the journal's ring has no room for the session's end");
    write_rest(store);
    if (!has_failed(store) && take_snapshot(store, true, why, sizeof(why)) != ERR_OK)
        latch_failure(store, why);
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
        latch_failure(store, why);
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

static void *store_main(void *arg)
{
    struct store *store = arg;
    char why[STORE_WHY_SIZE];
    int64_t since_ns = 0;

    thread_name("store");
    while (!atomic_load_explicit(&store->closing, memory_order_acquire)) {
        bool due = rows_are_due(store, &since_ns);

        run_job(store);
        if (!has_failed(store) &&
            (due || (store->keeps_journal && store_journal_waiting(store->journal) > 0))) {
            if (write_some(store, due, why, sizeof(why)) == ERR_OK && due)
                since_ns = 0;
        } else {
            if (!has_failed(store))
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

static void release(struct store *store, bool in_order)
{
    projection_free(store->projection);
    db_close(store->db);
    store_journal_close(store->journal, in_order);
    pthread_mutex_destroy(&store->snapshot_mutex);
    triple_buffer_free(store->figures);
    free(store);
}

/* --- opening ----------------------------------------------------------------------------------------------------- */

static enum err open_journal(struct store *store, const struct store_config *config, struct recovered *left,
                             char *why, size_t why_size)
{
    struct store_journal_config journal = {.data_dir = config->journal ? config->data_dir : NULL,
                                           .account = config->account,
                                           .ring_dir = config->ring_dir,
                                           .now_ns = config->start_ns,
                                           .retain_ns = config->retain_ns,
                                           .segment_bytes = config->segment_bytes,
                                           .snapshot_frames = config->snapshot_frames};

    enum err err;

    store->keeps_journal = config->journal;
    err = store_journal_open(&journal, &store->journal, left, why, why_size);
    /* A clock that leapt ahead by decades would have every sample be old: a longer pause counts at the next start. */
    store->sampled_ns = left->last_ns;
    if (left->last_ns != 0)
        store->sampled_ns +=
            config->start_ns - left->last_ns < PAUSE_MAX_NS ? config->start_ns - left->last_ns : PAUSE_MAX_NS;
    return err;
}

static enum err open_database(struct store *store, const struct store_config *config, char *why,
                              size_t why_size)
{
    char path[STORE_JOURNAL_PATH_MAX];
    enum err err;

    snprintf(path, sizeof(path), "%s/" DB_FILE_NAME, config->data_dir);
    err = db_open(path, &store->db, why, why_size);
    if (err != ERR_OK)
        return err;
    err = projection_new(store->db, config->account, store->keeps_journal ? store->journal : NULL,
                         &store->projection, why, why_size);
    if (err == ERR_OK && why[0] != '\0')
        log_ev(LOG_WARN, config->start_ns, 0, "store", LOG_TEXT("text", why));
    return err;
}

/* The epoch is on disk before the first order can carry it: beside the journal first, so that no journal that takes this
 * one's place begins with it again. */
static enum err begin_session(struct store *store, const struct store_config *config,
                              const struct recovered *left, char *why, size_t why_size)
{
    struct store_record record = {.kind = STORE_SESSION, .ts_ns = config->start_ns};
    enum err err = config->journal ? epoch_floor_raise(config->data_dir, left->epoch, why, why_size) : ERR_OK;

    if (err != ERR_OK)
        return err;

    record.session.epoch = left->epoch;
    record.session.session = store->session = left->session;
    record.session.fresh = !config->journal;
    memcpy(record.session.crash_ns, left->crash_ns, sizeof(record.session.crash_ns));
    snprintf(record.session.kind, sizeof(record.session.kind), "%s", config->kind);
    snprintf(record.session.mode, sizeof(record.session.mode), "%s", config->mode);
    snprintf(record.session.source, sizeof(record.session.source), "%s", config->source);
    snprintf(record.session.version, sizeof(record.session.version), "%s", config->version);
    snprintf(record.session.config_sha256, sizeof(record.session.config_sha256), "%s",
             config->config_sha256 == NULL ? "" : config->config_sha256);
    if (!store_push(store, &record) || !store_commit(store)) {
        snprintf(why, why_size, "the journal's ring has no room for a session");
        return ERR_STORAGE;
    }
    store->close_by_ns = clock_monotonic_ns() + CLOSE_WAIT_NS;
    do
        err = write_some(store, true, why, why_size);
    while (err == ERR_STATE && !store->keeps_journal && clock_monotonic_ns() < store->close_by_ns);
    store->records = 0; /* of the session: its own is none of them */
    if (err == ERR_STATE && !store->keeps_journal)
        return ERR_STORAGE;
    return err == ERR_STATE ? ERR_OK : err;
}

enum err store_open(const struct store_config *config, struct store **out, struct recovered *left, char *why,
                    size_t why_size)
{
    struct store *store = calloc(1, sizeof(*store));
    enum err err;
    int failed;

    assert(config->kind != NULL && config->mode != NULL && config->source != NULL && config->version != NULL);
    memset(left, 0, sizeof(*left));
    if (store != NULL)
        store->figures = triple_buffer_new(sizeof(struct store_figures));
    if (store == NULL || store->figures == NULL) {
        free(store);
        snprintf(why, why_size, "%s: out of memory", config->data_dir);
        return ERR_MEMORY;
    }
    atomic_init(&store->closing, false);
    atomic_init(&store->failed, false);
    atomic_init(&store->snapshot_failed, false);
    pthread_mutex_init(&store->snapshot_mutex, NULL);
    atomic_init(&store->durable_ns, 0);
    atomic_init(&store->job_waits, false);
    memcpy(store->keep_days, config->keep_days, sizeof(store->keep_days));
    store->opened_ns = clock_monotonic_ns();
    err = open_journal(store, config, left, why, why_size);
    if (err == ERR_OK && config->journal)
        snprintf(store->counted.journal_dir, sizeof(store->counted.journal_dir), "%s",
                 store_journal_dir(store->journal));
    if (err == ERR_OK)
        err = open_database(store, config, why, why_size);
    if (err == ERR_OK)
        err = begin_session(store, config, left, why, why_size);
    if (err == ERR_OK && (failed = thread_start(&store->thread, NULL, store_main, store)) != 0) {
        snprintf(why, why_size, "%s: cannot start the store thread: %s", config->data_dir, strerror(failed));
        err = ERR_STORAGE;
    }
    if (err != ERR_OK) {
        release(store, false);
        recovered_free(left);
        return err;
    }
    *out = store;
    return ERR_OK;
}

/* The ring of a journal takes on after its disk has failed: it outlives the process, and the next start reads it. */
static bool takes_records(const struct store *store)
{
    return store->keeps_journal || !has_failed(store);
}

bool store_push(struct store *store, const struct store_record *record)
{
    return takes_records(store) && store_journal_push(store->journal, record);
}

bool store_commit(struct store *store)
{
    return store_journal_commit(store->journal) && takes_records(store);
}

bool store_is_crowded(const struct store *store)
{
    return store_journal_is_crowded(store->journal);
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

bool store_free_reserve(struct store *store)
{
    return store_journal_free_reserve(store->journal);
}

size_t store_queued(const struct store *store)
{
    return store_journal_waiting(store->journal);
}

size_t store_ring_bytes(const struct store *store)
{
    return store_journal_room(store->journal);
}

const struct store_figures *store_figures(struct store *store)
{
    triple_buffer_update(store->figures);
    return triple_buffer_front(store->figures);
}

bool store_failed(const struct store *store, char *why, size_t why_size)
{
    if (!has_failed(store))
        return false;
    snprintf(why, why_size, "%s", store->failure);
    return true;
}

bool store_snapshot_failed(struct store *store, char *why, size_t why_size)
{
    if (!atomic_load_explicit(&store->snapshot_failed, memory_order_acquire))
        return false;
    why[0] = '\0';
    if (pthread_mutex_trylock(&store->snapshot_mutex) == 0) {
        snprintf(why, why_size, "%s", store->snapshot_why);
        pthread_mutex_unlock(&store->snapshot_mutex);
    }
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
    release(store, err == ERR_OK);
    return err;
}
