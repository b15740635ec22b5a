#include "store/store.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/thread.h"
#include "store/db_file.h"
#include "store/epoch_floor.h"
#include "store/store_parts.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAUSE_MAX_NS  (7 * 86400 * INT64_C(1000000000)) /* between two runs, as samples age */
#define CLOSE_WAIT_NS (10 * INT64_C(1000000000))        /* for another program that holds the database */

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
        err = store_write(store, true, why, why_size);
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
    return store->keeps_journal || !store_has_failed(store);
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
    if (!store_has_failed(store))
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
