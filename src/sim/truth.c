#include "sim/truth.h"

#include "sim/history.h"

#include <stdlib.h>
#include <string.h>

struct chunk {
    struct truth_level change[TRUTH_CHUNK_CHANGES]; /* lots: before the change */
};

struct mark {
    int64_t time_ns;
    uint64_t id; /* newest one at that time */
};

struct change_log {
    struct chunk *chunk[TRUTH_CHUNKS_MAX]; /* number n of the symbol lies at n % TRUTH_CHUNKS_MAX */
    size_t first, end;                     /* numbers of the chunks there are: first <= n < end */
    uint64_t base;                         /* the id before chunk 0's first change */
    uint64_t newest;
    struct history marks;
};

struct scratch {
    struct truth_level *at;
    size_t room;
};

struct truth {
    size_t symbols, chunks; /* chunks in use, of all */
    struct scratch changed, book;
    struct change_log log[];
};

struct truth *truth_new(size_t symbols)
{
    struct truth *truth = calloc(1, sizeof(*truth) + symbols * sizeof(truth->log[0]));

    if (truth == NULL)
        return NULL;
    truth->symbols = symbols;
    for (size_t i = 0; i < symbols; i++) {
        truth->log[i].marks.item_size = sizeof(struct mark);
        truth->log[i].marks.max = TRUTH_MARKS_MAX;
    }
    return truth;
}

static struct chunk *take_oldest(struct change_log *log)
{
    size_t slot = log->first++ % TRUTH_CHUNKS_MAX;
    struct chunk *chunk = log->chunk[slot];

    log->chunk[slot] = NULL;
    return chunk;
}

static void forget(struct truth *truth, struct change_log *log)
{
    while (log->first < log->end) {
        free(take_oldest(log));
        truth->chunks--;
    }
    log->first = log->end = 0;
    history_free(&log->marks);
}

void truth_free(struct truth *truth)
{
    if (truth == NULL)
        return;
    for (size_t i = 0; i < truth->symbols; i++)
        forget(truth, &truth->log[i]);
    free(truth->changed.at);
    free(truth->book.at);
    free(truth);
}

static struct change_log *longest(struct truth *truth)
{
    struct change_log *most = &truth->log[0];

    for (size_t i = 1; i < truth->symbols; i++)
        if (truth->log[i].end - truth->log[i].first > most->end - most->first)
            most = &truth->log[i];
    return most;
}

static bool add_chunk(struct truth *truth, struct change_log *log)
{
    struct chunk *chunk;

    if (log->end - log->first == TRUTH_CHUNKS_MAX) {
        chunk = take_oldest(log);
    } else if (truth->chunks == TRUTH_CHUNKS_ALL) {
        chunk = take_oldest(longest(truth));
    } else {
        chunk = malloc(sizeof(*chunk));
        truth->chunks += chunk != NULL;
    }
    if (chunk == NULL)
        return false;
    log->chunk[log->end++ % TRUTH_CHUNKS_MAX] = chunk;
    return true;
}

static struct truth_level *change_of(const struct change_log *log, uint64_t id)
{
    uint64_t index = id - log->base - 1;

    return &log->chunk[index / TRUTH_CHUNK_CHANGES % TRUTH_CHUNKS_MAX]->change[index % TRUTH_CHUNK_CHANGES];
}

static void mark_time(struct change_log *log, int64_t time_ns, uint64_t id)
{
    const int64_t step_ns = TRUTH_MARK_MS * INT64_C(1000000);
    struct mark *mark = history_newest(&log->marks);

    if (mark == NULL || mark->time_ns / step_ns != time_ns / step_ns)
        mark = history_push(&log->marks);
    if (mark != NULL)
        *mark = (struct mark){.time_ns = time_ns, .id = id};
}

void truth_record(struct truth *truth, size_t symbol, const struct match_event *level)
{
    struct change_log *log = &truth->log[symbol];
    struct truth_level *change;

    if (log->end != 0 && level->update_id != log->newest + 1)
        forget(truth, log);
    if (log->end == 0)
        log->base = log->newest = level->update_id - 1;
    if ((level->update_id - log->base - 1) % TRUTH_CHUNK_CHANGES == 0 && !add_chunk(truth, log)) {
        forget(truth, log);
        return;
    }
    change = change_of(log, level->update_id);
    change->key = level->side == SIDE_BID ? -level->price_ticks : level->price_ticks;
    change->lots = level->qty_before_lots;
    log->newest = level->update_id;
    mark_time(log, level->time_ns, level->update_id);
}

uint64_t truth_oldest(const struct truth *truth, size_t symbol)
{
    const struct change_log *log = &truth->log[symbol];

    return log->end == 0 ? 0 : log->base + log->first * TRUTH_CHUNK_CHANGES;
}

uint64_t truth_newest(const struct truth *truth, size_t symbol)
{
    return truth->log[symbol].end == 0 ? 0 : truth->log[symbol].newest;
}

uint64_t truth_id_at(const struct truth *truth, size_t symbol, int64_t time_ns)
{
    const struct history *marks = &truth->log[symbol].marks;

    for (size_t i = marks->count; i > 0; i--) {
        const struct mark *mark = history_at(marks, i - 1);

        if (mark->time_ns <= time_ns)
            return mark->id;
    }
    return 0;
}

/* --- sorting without memory of its own: the order is (key, lots), which callers choose to be unique ------------- */

static bool before(const struct truth_level *a, const struct truth_level *b)
{
    return a->key < b->key || (a->key == b->key && a->lots < b->lots);
}

static void sift(struct truth_level *level, size_t at, size_t count)
{
    struct truth_level moved = level[at];

    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        child += child + 1 < count && before(&level[child], &level[child + 1]);
        if (!before(&moved, &level[child]))
            break;
        level[at] = level[child];
        at = child;
    }
    level[at] = moved;
}

static void sort(struct truth_level *level, size_t count)
{
    for (size_t i = count / 2; i > 0; i--)
        sift(level, i - 1, count);
    for (size_t end = count; end > 1; end--) {
        struct truth_level last = level[end - 1];

        level[end - 1] = level[0];
        level[0] = last;
        sift(level, 0, end - 1);
    }
}

static bool reserve(struct scratch *scratch, size_t count)
{
    size_t room = scratch->room == 0 ? 1024 : scratch->room;
    struct truth_level *at;

    while (room < count)
        room *= 2;
    if (room == scratch->room)
        return true;
    at = realloc(scratch->at, room * sizeof(*at));
    if (at == NULL)
        return false;
    scratch->at = at;
    scratch->room = room;
    return true;
}

bool truth_changed(struct truth *truth, size_t symbol, uint64_t from_id, const struct truth_level **levels,
                   size_t *count)
{
    const struct change_log *log = &truth->log[symbol];
    struct truth_level *level;
    size_t changes, kept = 0;

    *count = 0;
    if (log->end == 0 || from_id < truth_oldest(truth, symbol) || from_id > log->newest)
        return false;
    changes = (size_t)(log->newest - from_id);
    if (!reserve(&truth->changed, changes))
        return false;
    level = truth->changed.at;
    for (size_t i = 0; i < changes; i++)
        level[i] = (struct truth_level){.key = change_of(log, from_id + 1 + i)->key, .lots = (int64_t)i};
    sort(level, changes);
    for (size_t i = 0; i < changes; i++) {
        if (kept > 0 && level[kept - 1].key == level[i].key)
            continue;
        /* The first change after from_id knows what stood there. */
        level[kept].key = level[i].key;
        level[kept++].lots = change_of(log, from_id + 1 + (uint64_t)level[i].lots)->lots;
    }
    *levels = level;
    *count = kept;
    return true;
}

void truth_set_now(struct truth *truth, const struct match_book *book, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct truth_level *level = &truth->changed.at[i];

        level->lots = match_qty_at(book, truth_side(level->key), truth_ticks(level->key));
    }
}

/* The side of the book of now, merged with what its changed levels were. */
static bool add_side(struct truth *truth, const struct match_book *book, enum side side,
                     const struct truth_level *old, size_t old_count, size_t limit, size_t *count)
{
    int64_t ticks = 0, lots = 0, sign = side == SIDE_BID ? -1 : 1;
    bool more = match_best(book, side, &ticks, &lots);
    size_t taken = 0, next = 0;

    while (taken < limit && (more || next < old_count)) {
        struct truth_level level;

        if (next < old_count && (!more || old[next].key <= sign * ticks)) {
            level = old[next++];
            if (more && level.key == sign * ticks)
                more = match_next(book, side, ticks, &ticks, &lots);
        } else {
            level = (struct truth_level){.key = sign * ticks, .lots = lots};
            more = match_next(book, side, ticks, &ticks, &lots);
        }
        if (level.lots == 0)
            continue;
        if (!reserve(&truth->book, *count + 1))
            return false;
        truth->book.at[(*count)++] = level;
        taken++;
    }
    return true;
}

bool truth_book(struct truth *truth, size_t symbol, const struct match_book *book, uint64_t update_id,
                size_t limit, const struct truth_level **levels, size_t *count)
{
    const struct truth_level *old = NULL;
    size_t changed = 0, bids = 0;

    *count = 0;
    if (update_id != match_update_id(book) && !truth_changed(truth, symbol, update_id, &old, &changed))
        return false;
    while (bids < changed && old[bids].key < 0)
        bids++;
    if (!add_side(truth, book, SIDE_BID, old, bids, limit, count) ||
        !add_side(truth, book, SIDE_ASK, old == NULL ? NULL : old + bids, changed - bids, limit, count))
        return false;
    *levels = truth->book.at;
    return true;
}
