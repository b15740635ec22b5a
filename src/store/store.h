/*
 * store.h - the store thread: the journal to disk, the journal's rows into SQLite, the log to its file.
 *
 * The engine pushes records and commits them in steps (docs/journal.md); what is committed survives a kill. The thread
 * copies it to the journal's segments and syncs: that is what durable means here. Rows follow: SQLite is a read model and
 * may lag behind, as long as another program holds it, without anything waiting. A replay has no journal: its rows are
 * made from the ring, since the recording can be played again.
 *
 * A full ring is reported to the engine, which halts trading (live) or waits (replay). An error of disk or database is
 * latched: store_failed() tells, and the engine halts. A snapshot that cannot be made while the journal can be written is
 * none: a start takes longer, it is told and tried again.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "core/base/durations.h"
#include "core/base/err.h"
#include "store/record.h"
#include "store/recovered.h"
#include "store/retention.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_WHY_SIZE          1280 /* a path and a sentence */
#define STORE_SNAPSHOT_AGAIN_MS 60000

struct store;

struct store_config {
    const char *data_dir; /* of flowdeck.db and journal/; made before */
    const char *account;  /* "binance-spot", "demo"; "replay": no journal */
    bool journal;
    const char *ring_dir;                /* a folder in memory; NULL: JOURNAL_RING_DIR */
    int64_t start_ns;                    /* event time */
    int64_t retain_ns;                   /* of segments; 0: for ever */
    uint64_t segment_bytes;              /* of a file of the journal; 0: JOURNAL_SEGMENT_BYTES */
    uint64_t snapshot_frames;            /* between two snapshots; 0: STORE_JOURNAL_SNAPSHOT_EACH */
    int64_t keep_days[RETENTION_TABLES]; /* of samples; 0: for ever */
    const char *kind;                    /* "replay", "demo", "live" */
    const char *mode;                    /* "simulation" */
    const char *source;                  /* files or venue, safe text */
    const char *version;                 /* build */
    const char *config_sha256;           /* of the settings; NULL: not told */
};

/*
 * Reads the journal, opens or makes the database (0600, application_id, user_version, WAL, foreign keys), writes the
 * session with its new epoch and syncs it, starts the thread. *left: what earlier runs left, the caller's to free. On
 * error why holds one line with the path and what to do.
 */
enum err store_open(const struct store_config *config, struct store **out, struct recovered *left, char *why,
                    size_t why_size);
/*
 * The engine's thread. False: full, or failed where no journal is kept. What is pushed is there with the next commit, all
 * of it or nothing; after an error of the disk, too, and the next start finds it in the ring: whoever is still answered
 * by a halted engine is not answered in vain.
 */
bool store_push(struct store *store, const struct store_record *record);
bool store_commit(struct store *store);
/* Less room than the longest step may need: whoever can wait does. */
bool store_is_crowded(const struct store *store);
/*
 * Runs job(arg) on the store thread, soon, whatever becomes of the database: for the few small files that must be
 * synced. One at a time; false: one is waiting still. Any one thread.
 */
bool store_ask(struct store *store, void (*job)(void *arg), void *arg);
/* Of a job, on a full disk: makes room of the journal's reserve. The journal's next record halts trading. False: there
 * is none, or it was made room of before. */
bool store_free_reserve(struct store *store);
size_t store_queued(const struct store *store);                           /* bytes that are not durable yet */
bool store_failed(const struct store *store, char *why, size_t why_size); /* any thread */
/* The newest snapshot could not be made; tried again each STORE_SNAPSHOT_AGAIN_MS. Any thread, never waits. */
bool store_snapshot_failed(struct store *store, char *why, size_t why_size);
/* Event time up to which all is durable; 0: nothing yet. */
int64_t store_durable_ns(const struct store *store);

struct store_figures {                /* of this run */
    struct durations write;           /* a round: records copied to the journal, sealed, synced */
    uint64_t records;                 /* that are durable */
    uint64_t journal_seq, row_seq;    /* newest record that is durable; that has its rows */
    uint64_t rounds, busy;            /* busy: the database was held by another program */
    char journal_dir[STORE_WHY_SIZE]; /* "": none is kept */
};

/* As they were after the last round; borrowed until the next call. One thread alone, which never waits. */
const struct store_figures *store_figures(struct store *store);
size_t store_ring_bytes(const struct store *store); /* room of what store_queued() counts */
/*
 * Writes all that is committed, ends the session, takes a snapshot, joins the thread, frees the store whatever happens.
 * ERR_STORAGE: not everything is stored, now or earlier; why tells. Waits at most about ten seconds for another program
 * that holds the database; what has no rows then gets them at the next start.
 */
enum err store_close(struct store *store, int64_t end_ns, char *why, size_t why_size);

#endif
