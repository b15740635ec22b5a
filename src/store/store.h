/*
 * store.h - the store thread: drains the record ring into SQLite and the log to its file.
 *
 * One connection writes and checkpoints (WAL). Records come through a bounded ring that never drops: a
 * full ring is reported to the engine, which halts trading (live) or waits (replay). A database error is
 * latched: store_failed() tells, and the engine halts. Rows are written in groups: as soon as 100 wait, or
 * after 50 ms; a group is one transaction, synced to disk, so it is there whole or not at all. While another
 * program holds the database nothing is lost: records wait in the ring.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "core/base/err.h"
#include "store/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_RING_RECORDS 16384

struct store;

struct store_session {
    int64_t start_ns;    /* event time */
    const char *kind;    /* "replay", "demo", "live" */
    const char *mode;    /* "simulation" */
    const char *source;  /* files or venue, safe text */
    const char *version; /* build */
};

/* Opens or makes the database (0600, application_id, user_version, WAL, foreign keys), starts the thread and
 * opens a session. On error why holds one line with the path. */
enum err store_open(const char *path, const struct store_session *session, struct store **out, char *why,
                    size_t why_size);
bool store_push(struct store *store,
                const struct store_record *record); /* engine thread; false: full, or failed */
/*
 * Runs job(arg) on the store thread, soon, whatever becomes of the database: for the few small files that must be
 * synced. One at a time; false: one is waiting still. Any one thread.
 */
bool store_ask(struct store *store, void (*job)(void *arg), void *arg);
size_t store_queued(const struct store *store);
bool store_failed(const struct store *store, char *why, size_t why_size); /* any thread */
int64_t
store_durable_ns(const struct store *store); /* event time up to which all is committed; 0: nothing yet */
/*
 * Writes all that is queued, ends the session, checkpoints, joins the thread, frees the store whatever happens.
 * ERR_STORAGE: not everything is stored, now or earlier; why tells. Waits at most about ten seconds for another
 * program that holds the database.
 */
enum err store_close(struct store *store, int64_t end_ns, char *why, size_t why_size);

#endif
