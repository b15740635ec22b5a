#include "app/book_audit.h"

#include "feed/held_updates.h"

#include <stdlib.h>
#include <string.h>

struct book_audit {
    struct held_updates *recent;
    uint64_t loaded_id;
    bool fell_out; /* of recent, since the book was loaded */
    bool waits;
    uint64_t snapshot_id;
    size_t count[SIDE_COUNT];
    struct level *side[SIDE_COUNT]; /* into level[], best first */
    struct level level[BOOK_AUDIT_SNAPSHOT_MAX];
    size_t touched_count;
    int64_t touched[BOOK_AUDIT_LEVELS_MAX]; /* prices of one side, rising */
};

struct book_audit *book_audit_new(void)
{
    struct book_audit *audit = calloc(1, sizeof(*audit));

    if (audit == NULL)
        return NULL;
    audit->recent = held_updates_new(BOOK_AUDIT_UPDATES_MAX, BOOK_AUDIT_LEVELS_MAX);
    if (audit->recent == NULL) {
        free(audit);
        return NULL;
    }
    return audit;
}

void book_audit_free(struct book_audit *audit)
{
    if (audit == NULL)
        return;
    held_updates_free(audit->recent);
    free(audit);
}

void book_audit_rescale(struct book_audit *audit, struct step_change change)
{
    held_updates_rescale(audit->recent, change.price_factor, change.qty_factor);
    for (size_t i = 0; audit->waits && i < audit->count[SIDE_BID] + audit->count[SIDE_ASK]; i++) {
        audit->level[i].price_ticks *= change.price_factor;
        audit->level[i].qty_lots *= change.qty_factor;
    }
}

void book_audit_loaded(struct book_audit *audit, uint64_t id)
{
    held_updates_clear(audit->recent);
    audit->loaded_id = id;
    audit->fell_out = false;
}

void book_audit_applied(struct book_audit *audit, const struct depth_update *update)
{
    if (update->level_count[SIDE_BID] + update->level_count[SIDE_ASK] > BOOK_AUDIT_LEVELS_MAX)
        book_audit_loaded(audit, update->last_id); /* it cannot be kept: as if the book began behind it */
    else
        audit->fell_out |= held_updates_push(audit->recent, update) > 0;
}

enum audit_result book_audit_lost(struct book_audit *audit)
{
    bool waited = audit->waits;

    audit->waits = false;
    return waited ? AUDIT_UNDECIDED : AUDIT_WAITS;
}

static int best_first_bid(const void *left, const void *right)
{
    const struct level *a = left, *b = right;

    return (a->price_ticks < b->price_ticks) - (a->price_ticks > b->price_ticks);
}

static int best_first_ask(const void *left, const void *right)
{
    return -best_first_bid(left, right);
}

static int rising(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

enum audit_result book_audit_take(struct book_audit *audit, const struct depth_snapshot *snapshot)
{
    enum audit_result before = book_audit_lost(audit);
    struct level *out = audit->level;

    if (snapshot->level_count[SIDE_BID] + snapshot->level_count[SIDE_ASK] > BOOK_AUDIT_SNAPSHOT_MAX)
        return AUDIT_UNDECIDED;
    for (int side = 0; side < SIDE_COUNT; side++) {
        audit->side[side] = out;
        for (size_t i = 0; i < snapshot->level_count[side]; i++)
            if (snapshot->levels[side][i].qty_lots > 0) /* an empty level is none */
                *out++ = snapshot->levels[side][i];
        audit->count[side] = (size_t)(out - audit->side[side]);
        qsort(audit->side[side], audit->count[side], sizeof(*out),
              side == SIDE_BID ? best_first_bid : best_first_ask);
    }
    audit->snapshot_id = snapshot->last_id;
    audit->waits = true;
    return before;
}

/* Are all updates behind the snapshot kept? */
static bool reaches_back(const struct book_audit *audit)
{
    struct depth_update oldest;

    if (!audit->fell_out)
        return audit->snapshot_id >= audit->loaded_id;
    return held_updates_front(audit->recent, &oldest) && oldest.last_id <= audit->snapshot_id;
}

/* An update that straddles the snapshot's id may be in it or not: its levels count as touched. */
static void find_touched(struct book_audit *audit, enum side side)
{
    struct depth_update update;

    audit->touched_count = 0;
    for (size_t i = 0; held_updates_at(audit->recent, i, &update); i++)
        for (size_t at = 0; update.last_id > audit->snapshot_id && at < update.level_count[side]; at++)
            audit->touched[audit->touched_count++] = update.levels[side][at].price_ticks;
    qsort(audit->touched, audit->touched_count, sizeof(audit->touched[0]), rising);
}

static bool is_touched(const struct book_audit *audit, int64_t price_ticks)
{
    return bsearch(&price_ticks, audit->touched, audit->touched_count, sizeof(price_ticks), rising) != NULL;
}

/* The next level of the book from *at outward, within the limit and untouched. */
static bool next_of_book(const struct book_audit *audit, const struct order_book *book, enum side side,
                         int64_t limit_ticks, struct level *at, bool first)
{
    bool found = first ? order_book_best(book, side, at) : order_book_next(book, side, at->price_ticks, at);

    while (found && is_touched(audit, at->price_ticks))
        found = order_book_next(book, side, at->price_ticks, at);
    return found && side_sign(side) * (at->price_ticks - limit_ticks) >= 0;
}

static bool next_of_venue(const struct book_audit *audit, enum side side, int64_t limit_ticks, size_t *at)
{
    while (*at < audit->count[side] && is_touched(audit, audit->side[side][*at].price_ticks))
        ++*at;
    return *at < audit->count[side] &&
           side_sign(side) * (audit->side[side][*at].price_ticks - limit_ticks) >= 0;
}

/* Both from the best outward to the nearer of the two horizons. True: equal. */
static bool side_agrees(struct book_audit *audit, const struct order_book *book, enum side side,
                        int64_t known_ticks, struct audit_difference *out)
{
    int64_t sign = side_sign(side), limit_ticks;
    struct level mine = {0, 0};
    bool has_mine, has_theirs;
    size_t at = 0;

    if (audit->count[side] == 0)
        return true; /* it says nothing of this side */
    limit_ticks = audit->side[side][audit->count[side] - 1].price_ticks;
    if (known_ticks != 0 && sign * (known_ticks - limit_ticks) > 0)
        limit_ticks = known_ticks;
    find_touched(audit, side);
    has_mine = next_of_book(audit, book, side, limit_ticks, &mine, true);
    has_theirs = next_of_venue(audit, side, limit_ticks, &at);
    while (has_mine || has_theirs) {
        struct level theirs = has_theirs ? audit->side[side][at] : (struct level){0, 0};

        if (has_mine && has_theirs && mine.price_ticks == theirs.price_ticks &&
            mine.qty_lots == theirs.qty_lots) {
            at++;
            has_mine = next_of_book(audit, book, side, limit_ticks, &mine, false);
            has_theirs = next_of_venue(audit, side, limit_ticks, &at);
            continue;
        }
        out->side = side;
        out->price_ticks = !has_theirs || (has_mine && sign * (mine.price_ticks - theirs.price_ticks) > 0)
                               ? mine.price_ticks
                               : theirs.price_ticks;
        out->book_lots = order_book_qty(book, side, out->price_ticks);
        out->venue_lots = has_theirs && theirs.price_ticks == out->price_ticks ? theirs.qty_lots : 0;
        return false;
    }
    return true;
}

enum audit_result book_audit_decide(struct book_audit *audit, const struct order_book *book, uint64_t book_id,
                                    int64_t known_low_ticks, int64_t known_high_ticks,
                                    struct audit_difference *out)
{
    if (!audit->waits || book_id < audit->snapshot_id)
        return AUDIT_WAITS;
    audit->waits = false;
    if (!reaches_back(audit))
        return AUDIT_UNDECIDED;
    return side_agrees(audit, book, SIDE_BID, known_low_ticks, out) &&
                   side_agrees(audit, book, SIDE_ASK, known_high_ticks, out)
               ? AUDIT_AGREES
               : AUDIT_DIFFERS;
}
