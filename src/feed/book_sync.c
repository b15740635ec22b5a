#include "feed/book_sync.h"

#include "feed/held_updates.h"

#include <stdlib.h>
#include <string.h>

struct book_sync {
    bool futures;
    enum book_state state;
    uint64_t id;   /* last update in the book */
    bool was_lost; /* it was LIVE, and is not yet again */
    bool closed;   /* between restart and resume */
    enum stale_cause cause;
    bool rebuilding; /* between SYNC_REBUILD and the end of the held updates */
    bool bridged;    /* within it: the bridging event has been handed out */
    uint64_t gap_after, gap_came;
    struct sync_counts counts;
    struct held_updates *held;
    bool has_snapshot;
    struct depth_snapshot snapshot; /* its level pointers go into level[] */
    struct level level[BOOK_SYNC_SNAPSHOT_MAX];
};

/* What an update is to a book whose last id is known. */
enum order { ORDER_OLD, ORDER_NEXT, ORDER_BEYOND };

struct book_sync *book_sync_new(bool futures_rules)
{
    struct book_sync *sync = calloc(1, sizeof(*sync));

    if (sync == NULL)
        return NULL;
    sync->held = held_updates_new(BOOK_SYNC_EVENTS_MAX, BOOK_SYNC_LEVELS_MAX);
    if (sync->held == NULL) {
        free(sync);
        return NULL;
    }
    sync->futures = futures_rules;
    sync->state = BOOK_SYNCING;
    return sync;
}

void book_sync_free(struct book_sync *sync)
{
    if (sync == NULL)
        return;
    held_updates_free(sync->held);
    free(sync);
}

enum book_state book_sync_state(const struct book_sync *sync)
{
    return sync->state;
}

uint64_t book_sync_update_id(const struct book_sync *sync)
{
    return sync->id;
}

enum stale_cause book_sync_cause(const struct book_sync *sync)
{
    return sync->cause;
}

const char *stale_cause_word(enum stale_cause cause)
{
    static const char *const word[STALE_CAUSES] = {"none",    "gap",     "refused", "quote",
                                                   "crossed", "horizon", "audit",   "link"};

    return (unsigned)cause < STALE_CAUSES ? word[cause] : "?";
}

bool book_sync_needs_snapshot(const struct book_sync *sync)
{
    return sync->state != BOOK_LIVE && !sync->closed && !sync->has_snapshot &&
           held_updates_count(sync->held) > 0;
}

const struct sync_counts *book_sync_counts(const struct book_sync *sync)
{
    return &sync->counts;
}

void book_sync_gap_ids(const struct book_sync *sync, uint64_t *after_id, uint64_t *came_id)
{
    *after_id = sync->gap_after;
    *came_id = sync->gap_came;
}

/* Towards a book that follows its events. Overlap is no loss on spot; futures must link exactly. */
static enum order order_live(const struct book_sync *sync, const struct depth_update *update)
{
    if (update->last_id <= sync->id)
        return ORDER_OLD;
    if (sync->futures)
        return update->has_prev_id && update->prev_id == sync->id ? ORDER_NEXT : ORDER_BEYOND;
    return update->first_id <= sync->id + 1 ? ORDER_NEXT : ORDER_BEYOND;
}

/* Towards a snapshot that no event has joined yet. On futures the bridging event may end exactly at the
 * snapshot, so "old" is strictly less there. */
static enum order order_bridge(const struct book_sync *sync, const struct depth_update *update,
                               uint64_t snapshot_id)
{
    if (sync->futures) {
        if (update->last_id < snapshot_id)
            return ORDER_OLD;
        return update->has_prev_id && update->prev_id <= snapshot_id ? ORDER_NEXT : ORDER_BEYOND;
    }
    if (update->last_id <= snapshot_id)
        return ORDER_OLD;
    return update->first_id <= snapshot_id + 1 ? ORDER_NEXT : ORDER_BEYOND;
}

static void hold(struct book_sync *sync, const struct depth_update *update)
{
    sync->counts.held_lost += held_updates_push(sync->held, update);
}

static void lose(struct book_sync *sync, enum stale_cause cause)
{
    sync->state = BOOK_STALE;
    sync->cause = cause;
    sync->counts.lost[cause]++;
    sync->was_lost = true;
}

static void open_gap(struct book_sync *sync, enum stale_cause cause, uint64_t came_id)
{
    lose(sync, cause);
    sync->counts.gaps++;
    sync->gap_after = sync->id;
    sync->gap_came = came_id;
}

static uint64_t came_id(const struct book_sync *sync, const struct depth_update *update)
{
    return sync->futures ? update->prev_id : update->first_id;
}

/* The update is now in the book. */
static void applied(struct book_sync *sync, const struct depth_update *update)
{
    sync->id = update->last_id;
    sync->counts.applied++;
}

/* Drops held updates that the snapshot contains; they are of no use to any other one that may come either.
 * True: the oldest that stays bridges. *beyond: there is one, and it does not. */
static bool snapshot_bridges(struct book_sync *sync, uint64_t snapshot_id, bool *beyond)
{
    struct depth_update update;

    *beyond = false;
    while (held_updates_front(sync->held, &update)) {
        switch (order_bridge(sync, &update, snapshot_id)) {
        case ORDER_OLD:
            sync->counts.stale++;
            held_updates_pop(sync->held);
            break;
        case ORDER_NEXT:
            return true;
        case ORDER_BEYOND:
            *beyond = true;
            return false;
        }
    }
    return false;
}

static enum sync_action start_rebuild(struct book_sync *sync)
{
    sync->rebuilding = true;
    sync->bridged = false;
    sync->id = sync->snapshot.last_id;
    return SYNC_REBUILD;
}

/* An update while there is no book to follow: SYNCING or STALE. While a snapshot waits, no update does. */
static enum sync_action wait_with(struct book_sync *sync, const struct depth_update *update)
{
    if (!sync->has_snapshot) {
        hold(sync, update);
        return SYNC_HOLD;
    }
    switch (order_bridge(sync, update, sync->snapshot.last_id)) {
    case ORDER_OLD:
        sync->counts.stale++;
        return SYNC_IGNORE;
    case ORDER_NEXT:
        hold(sync, update);
        return start_rebuild(sync);
    case ORDER_BEYOND:
        break;
    }
    sync->has_snapshot = false;
    sync->counts.snapshots_refused++;
    hold(sync, update);
    return SYNC_HOLD;
}

/* The first update behind a gap. A snapshot that came while the book was well heals it at once, or, when it
 * contains the update, with the next one. */
static enum sync_action lost_with(struct book_sync *sync, const struct depth_update *update)
{
    if (sync->has_snapshot && sync->snapshot.last_id > sync->id) {
        switch (order_bridge(sync, update, sync->snapshot.last_id)) {
        case ORDER_OLD:
            sync->counts.stale++;
            return SYNC_GAP;
        case ORDER_NEXT:
            hold(sync, update);
            return start_rebuild(sync);
        case ORDER_BEYOND:
            sync->counts.snapshots_refused++;
            break;
        }
    }
    sync->has_snapshot = false;
    hold(sync, update);
    return SYNC_GAP;
}

static enum sync_action follow(struct book_sync *sync, const struct depth_update *update)
{
    switch (order_live(sync, update)) {
    case ORDER_OLD:
        sync->counts.stale++;
        return SYNC_IGNORE;
    case ORDER_NEXT:
        applied(sync, update);
        return SYNC_APPLY;
    case ORDER_BEYOND:
        break;
    }
    open_gap(sync, STALE_GAP, came_id(sync, update));
    return lost_with(sync, update);
}

enum sync_action book_sync_on_depth(struct book_sync *sync, const struct depth_update *update)
{
    sync->rebuilding = false;
    return sync->state == BOOK_LIVE ? follow(sync, update) : wait_with(sync, update);
}

static void keep_snapshot(struct book_sync *sync, const struct depth_snapshot *snapshot)
{
    struct level *level = sync->level;

    sync->snapshot = *snapshot;
    for (int side = 0; side < SIDE_COUNT; side++) {
        if (snapshot->level_count[side] > 0)
            memcpy(level, snapshot->levels[side], snapshot->level_count[side] * sizeof(*level));
        sync->snapshot.levels[side] = level;
        level += snapshot->level_count[side];
    }
    sync->has_snapshot = true;
}

enum sync_action book_sync_on_snapshot(struct book_sync *sync, const struct depth_snapshot *snapshot)
{
    bool beyond;

    sync->rebuilding = false;
    if (sync->closed ||
        snapshot->level_count[SIDE_BID] + snapshot->level_count[SIDE_ASK] > BOOK_SYNC_SNAPSHOT_MAX) {
        sync->counts.snapshots_refused++;
        return SYNC_IGNORE;
    }
    if (sync->has_snapshot && snapshot->last_id <= sync->snapshot.last_id)
        return SYNC_IGNORE;
    if (sync->state == BOOK_LIVE) {
        if (snapshot->last_id <= sync->id)
            return SYNC_IGNORE;
        keep_snapshot(sync, snapshot);
        return SYNC_HOLD;
    }
    if (snapshot_bridges(sync, snapshot->last_id, &beyond)) {
        keep_snapshot(sync, snapshot);
        return start_rebuild(sync);
    }
    if (beyond) {
        sync->counts.snapshots_refused++;
        return SYNC_IGNORE;
    }
    keep_snapshot(sync, snapshot);
    return SYNC_HOLD;
}

bool book_sync_snapshot(struct book_sync *sync, struct depth_snapshot *out)
{
    if (!sync->rebuilding || sync->bridged)
        return false;
    *out = sync->snapshot;
    return true;
}

/* One update of a rebuild becomes part of the book. */
static void rebuilt_with(struct book_sync *sync, const struct depth_update *update)
{
    if (!sync->bridged) {
        sync->bridged = true;
        sync->has_snapshot = false;
        sync->state = BOOK_LIVE;
        sync->counts.resyncs += sync->was_lost;
        sync->was_lost = false;
        sync->cause = STALE_NONE;
    }
    applied(sync, update);
}

bool book_sync_next_held(struct book_sync *sync, struct depth_update *out)
{
    while (sync->rebuilding && held_updates_front(sync->held, out)) {
        enum order order = sync->bridged ? order_live(sync, out) : order_bridge(sync, out, sync->id);

        if (order == ORDER_BEYOND) { /* the hold itself has a hole: the rest waits for the next snapshot */
            open_gap(sync, STALE_GAP, came_id(sync, out));
            break;
        }
        held_updates_pop(sync->held); /* its levels stay until something is pushed */
        if (order == ORDER_NEXT) {
            rebuilt_with(sync, out);
            return true;
        }
        sync->counts.stale++;
    }
    sync->rebuilding = false;
    return false;
}

void book_sync_break(struct book_sync *sync)
{
    if (sync->rebuilding && !sync->bridged) { /* the snapshot itself could not be used */
        sync->has_snapshot = false;
        sync->counts.snapshots_refused++;
    }
    sync->rebuilding = false;
    if (sync->state == BOOK_LIVE)
        open_gap(sync, STALE_REFUSED, 0);
}

void book_sync_doubt(struct book_sync *sync, enum stale_cause cause)
{
    sync->rebuilding = false;
    if (sync->state == BOOK_LIVE)
        lose(sync, cause);
}

void book_sync_restart(struct book_sync *sync, enum book_state as)
{
    if (sync->state == BOOK_LIVE)
        lose(sync, STALE_LINK);
    held_updates_clear(sync->held);
    sync->rebuilding = sync->has_snapshot = false;
    sync->closed = true;
    sync->cause = STALE_LINK;
    sync->state = as;
}

void book_sync_resume(struct book_sync *sync)
{
    if (!sync->closed)
        return;
    sync->closed = false;
    sync->state = BOOK_SYNCING;
}

void book_sync_rescale(struct book_sync *sync, struct step_change change)
{
    size_t count = sync->snapshot.level_count[SIDE_BID] + sync->snapshot.level_count[SIDE_ASK];

    held_updates_rescale(sync->held, change.price_factor, change.qty_factor);
    if (!sync->has_snapshot)
        return;
    for (size_t i = 0; i < count; i++) {
        sync->level[i].price_ticks *= change.price_factor;
        sync->level[i].qty_lots *= change.qty_factor;
    }
}
