/*
 * journal_state.h - the state after a prefix of the journal: the last state record of each key. And its snapshot file.
 *
 * Fixed room, allocated at the start. The store thread keeps one up to date as frames pass and writes it to disk now and
 * then (tmp, fsync, rename, fsync of the folder); recovery loads the newest snapshot that is whole and reads on from its
 * point. Snapshots are a short cut, never the truth: with all of them gone the journal gives the same state.
 */
#ifndef STORE_JOURNAL_STATE_H
#define STORE_JOURNAL_STATE_H

#include "core/base/err.h"
#include "store/journal_reader.h"

#define JOURNAL_STATE_KEYS     8192
#define JOURNAL_SNAPSHOTS_KEPT 2

struct journal_state;

struct journal_state *journal_state_new(void);        /* NULL: memory; about 12 MB */
void journal_state_free(struct journal_state *state); /* NULL is allowed */
void journal_state_clear(struct journal_state *state);
/* Events are passed over; a fresh SESSION clears first. Frames in sequence. ERR_FULL: more keys than the room; ERR_BAD_DATA */
enum err journal_state_apply(struct journal_state *state, const struct frame_head *head,
                             const unsigned char *body, char *why, size_t why_size);
size_t journal_state_count(const struct journal_state *state);
uint64_t journal_state_seq(const struct journal_state *state); /* of the last frame applied */
/* In the order in which the keys were last written. kind 0: all. Returns false from visit to stop. */
void journal_state_each(const struct journal_state *state, unsigned kind,
                        bool (*visit)(void *arg, const struct store_record *record), void *arg);

/* DIR/<seq, 20 digits>.snap; older ones but JOURNAL_SNAPSHOTS_KEPT are removed. As journal_snapshot_write(). */
enum err journal_state_save(const struct journal_state *state, const char *dir,
                            const struct journal_point *at, const unsigned char journal_id[JOURNAL_ID_SIZE],
                            char *why, size_t why_size);
/* The newest whole one of this journal; ERR_NOT_FOUND: none, *state is empty. Broken ones are told in why and skipped. */
enum err journal_state_load(struct journal_state *state, const char *dir, struct journal_point *at,
                            unsigned char journal_id[JOURNAL_ID_SIZE], char *why, size_t why_size);

/* Of exactly this seq. ERR_NOT_FOUND and as journal_snapshot_read(). */
enum err journal_state_load_one(struct journal_state *state, const char *dir, uint64_t seq,
                                struct journal_point *at, unsigned char journal_id[JOURNAL_ID_SIZE],
                                char *why, size_t why_size);
/* False: what says which record differs first. */
bool journal_state_equals(const struct journal_state *left, const struct journal_state *right, char *what,
                          size_t what_size);

#endif
