/*
 * book_sync.h - continuity of one instrument's book, as a pure state machine.
 *
 * It sees only update ids and keeps what must wait; the pipeline does what it answers. Rules: Binance
 * "How to manage a local order book", spot (facts 4) and USD-M/COIN-M (facts 5), with their traps:
 *   spot     bridging event: U <= lastUpdateId + 1 (not "[U;u] contains it"); drop u <= lastUpdateId;
 *            then U must be <= id + 1, u <= id is old and ignored
 *   futures  before the bridge drop u < lastUpdateId (not <=); bridging event: pu <= lastUpdateId <= u;
 *            then pu must equal the last u; U says nothing about continuity
 *
 *   SYNCING --snapshot + bridging event--> LIVE --lost events--> STALE --snapshot + bridge--> LIVE
 *      any --restart (the connection is not up)--> DOWN, CONNECTING or STALE --resume--> SYNCING
 *
 * A book can also be doubted while its ids are in order (enum stale_cause): STALE as after a gap.
 * Events and one snapshot are held while they cannot be used: bounded, the oldest events fall out.
 * A snapshot that comes while LIVE is held; it heals at once if a gap follows that it covers.
 */
#ifndef FEED_BOOK_SYNC_H
#define FEED_BOOK_SYNC_H

#include "core/domain/instrument.h"
#include "core/domain/market_event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOOK_SYNC_EVENTS_MAX   10000  /* held updates */
#define BOOK_SYNC_LEVELS_MAX   131072 /* levels of held updates, both sides */
#define BOOK_SYNC_SNAPSHOT_MAX 32768  /* levels of the held snapshot, both sides: all of one message */

enum sync_action {
    SYNC_IGNORE, /* old: counted as stale, book untouched */
    SYNC_HOLD,   /* kept for later; nothing to do */
    SYNC_APPLY,  /* apply this update to the book now */
    SYNC_GAP,    /* updates were lost: the book is STALE from here; this update is held */
    SYNC_REBUILD /* take book_sync_snapshot(), then each book_sync_next_held() in order */
};

/* Why a book that was LIVE is not any more. */
enum stale_cause {
    STALE_NONE,
    STALE_GAP,     /* updates were lost */
    STALE_REFUSED, /* the book could not take an update */
    STALE_QUOTE,   /* the venue's best quote contradicts it at the same update id */
    STALE_CROSSED, /* bid >= ask for longer than a moment */
    STALE_HORIZON, /* the best price left what the snapshot knew */
    STALE_AUDIT,   /* a fresh snapshot contradicts it */
    STALE_LINK,    /* the connection broke or fell silent */
    STALE_CAUSES
};

/* "gap", "refused", "quote", "crossed", "horizon", "audit", "link" */
const char *stale_cause_word(enum stale_cause cause);

struct sync_counts {
    /* gaps: of ids, and updates that the book refused; resyncs: LIVE again after it was lost, for any cause */
    uint64_t applied, stale, gaps, resyncs;
    uint64_t lost[STALE_CAUSES]; /* times that a LIVE book was lost, by cause */
    uint64_t snapshots_refused;  /* too old to bridge, or unusable */
    uint64_t held_lost;          /* fell out of the bounded hold */
};

struct book_sync;

struct book_sync *book_sync_new(bool futures_rules); /* NULL: memory; touched as used */
void book_sync_free(struct book_sync *sync);
enum book_state book_sync_state(const struct book_sync *sync);
enum stale_cause book_sync_cause(const struct book_sync *sync); /* of the last loss; NONE when LIVE */
uint64_t book_sync_update_id(const struct book_sync *sync);     /* of the book; 0 before the first */
const struct sync_counts *book_sync_counts(const struct book_sync *sync);
/* For SYNC_GAP, and as long as STALE: ids of the hole, for people: expected and what came. */
void book_sync_gap_ids(const struct book_sync *sync, uint64_t *after_id, uint64_t *came_id);

enum sync_action book_sync_on_depth(struct book_sync *sync, const struct depth_update *update);
enum sync_action book_sync_on_snapshot(struct book_sync *sync, const struct depth_snapshot *snapshot);
/* After SYNC_REBUILD: the snapshot to load (borrowed until the next call that changes sync), then the held
 * updates that follow it; false at the end, when the state is LIVE (or still SYNCING/STALE if the hold itself
 * has a hole). Each counts as applied or stale by itself. */
bool book_sync_snapshot(struct book_sync *sync, struct depth_snapshot *out);
bool book_sync_next_held(struct book_sync *sync, struct depth_update *out);
/* The book refused an update (full, bad data): STALE, counted as a gap. */
void book_sync_break(struct book_sync *sync);
/* What the book says is not to be trusted although its ids are in order: STALE. Nothing unless LIVE. */
void book_sync_doubt(struct book_sync *sync, enum stale_cause cause);
/* The connection is not up: all that is held goes, so that nothing old can bridge to what comes after. The state
 * is `as` until book_sync_resume(); updates that come before that are held, snapshots refused. */
void book_sync_restart(struct book_sync *sync, enum book_state as);
void book_sync_resume(struct book_sync *sync); /* up again: SYNCING; nothing unless restarted */
/* No book, no snapshot that may still bridge, and updates that wait for one. */
bool book_sync_needs_snapshot(const struct book_sync *sync);
void book_sync_rescale(struct book_sync *sync, struct step_change change); /* held levels */

#endif
