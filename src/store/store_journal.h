/*
 * store_journal.h - the journal of one account as a whole: read at the start, written while it runs (docs/journal.md).
 *
 * The engine's thread pushes and commits, the store thread drains and snapshots. Without a folder (a replay) the ring is
 * plain memory, nothing is read and nothing is kept.
 */
#ifndef STORE_STORE_JOURNAL_H
#define STORE_STORE_JOURNAL_H

#include "core/base/err.h"
#include "store/journal_reader.h"
#include "store/recovered.h"

#define STORE_JOURNAL_PATH_MAX      1100
#define STORE_JOURNAL_SNAPSHOT_EACH 100000 /* frames: so many at most are read behind a snapshot */

struct store_journal;

struct store_journal_config {
    const char *data_dir; /* NULL: in memory alone */
    const char *account;  /* "binance-spot": a folder's name */
    const char *ring_dir; /* a folder in memory; NULL: JOURNAL_RING_DIR */
    int64_t now_ns;       /* of the start: is it one of many crashes? */
    int64_t retain_ns;    /* older segments that no start needs are removed; 0: never */
    /* 0: as the constants say; a test has little of everything, so that each of them ends. */
    size_t ring_bytes;
    uint64_t segment_bytes, reserve_bytes, snapshot_frames;
};

/*
 * Reads what is there; *left is the caller's to free. On return the journal goes on where it ended: what the ring of a
 * killed run held is on disk. ERR_STORAGE, ERR_BAD_DATA, ERR_UNSUPPORTED, ERR_MEMORY with one line in why that says what
 * to do; then nothing was changed but a torn end.
 */
enum err store_journal_open(const struct store_journal_config *config, struct store_journal **out,
                            struct recovered *left, char *why, size_t why_size);
/* What is there, for a look before the start; *left is the caller's to free. Errors as of store_journal_open(). */
enum err store_journal_look(const struct store_journal_config *config, struct recovered *left, char *why,
                            size_t why_size);
/* in_order: all was drained; the ring's file goes. NULL is allowed. */
void store_journal_close(struct store_journal *journal, bool in_order);

/* The engine's thread. False: no room. What is pushed is there with the next commit, all of it or nothing. */
bool store_journal_push(struct store_journal *journal, const struct store_record *record);
bool store_journal_commit(struct store_journal *journal);
bool store_journal_is_crowded(
    const struct store_journal *journal); /* less room than the longest step may need */

/*
 * The store thread: copies what is committed to disk, syncs, folds it into the state. In memory alone: gives it to visit
 * instead. What comes meanwhile is for the next call: a busy engine must not keep one going for ever. *frames: how many.
 * After an error nothing more is written; visit's error is passed on and its frames come again.
 */
typedef enum err store_journal_visit(void *arg, const struct frame_head *head, const unsigned char *body,
                                     char *why, size_t why_size);
enum err store_journal_drain(struct store_journal *journal, store_journal_visit *visit, void *arg,
                             size_t *frames, char *why, size_t why_size);
/* When enough has come since the last one, or force. Retention goes with it. ERR_STORAGE, ERR_MEMORY: the journal is not
 * touched by it, a start only reads more; ERR_IO, ERR_BAD_DATA: the disk or the journal itself is wrong. */
enum err store_journal_snapshot(struct store_journal *journal, bool force, char *why, size_t why_size);

/* See journal_segment_free_reserve(). */
bool store_journal_free_reserve(struct store_journal *journal);
const char *store_journal_dir(const struct store_journal *journal);            /* "": in memory alone */
const unsigned char *store_journal_id(const struct store_journal *journal);    /* JOURNAL_ID_SIZE bytes */
struct journal_point store_journal_point(const struct store_journal *journal); /* durable up to here */
int64_t store_journal_durable_ns(const struct store_journal *journal); /* event time of its newest frame */
size_t store_journal_waiting(const struct store_journal *journal);     /* bytes in the ring; any thread */
size_t store_journal_room(const struct store_journal *journal);        /* of the ring, bytes */

#endif
