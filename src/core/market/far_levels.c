/*
 * far_levels.c - a two-level sorted store: a directory over chunks.
 *
 *   directory  first[]  |100|180|350|          position in the directory: d
 *                         |   |   |
 *   chunk[where[d]]     100.. 180.. 350..      position in a chunk: i
 */
#include "core/market/far_levels.h"

#include <assert.h>
#include <string.h>

void far_levels_clear(struct far_levels *far)
{
    far->count = far->chunks = far->chunks_made = far->free_count = 0;
}

static struct level *levels_of(struct far_levels *far, size_t d)
{
    return far->chunk[far->where[d]].level;
}

static const struct level *levels_in(const struct far_levels *far, size_t d)
{
    return far->chunk[far->where[d]].level;
}

/* The chunk a price belongs to: the last that begins at or below it, else the first. */
static size_t find_chunk(const struct far_levels *far, int64_t price_ticks)
{
    size_t low = 0, high = far->chunks;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (far->first[middle] <= price_ticks)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Index of the first level of chunk d that is not below the price. */
static size_t find_level(const struct far_levels *far, size_t d, int64_t price_ticks)
{
    const struct level *level = levels_in(far, d);
    size_t low = 0, high = far->used[d];

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (level[middle].price_ticks < price_ticks)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void directory_insert(struct far_levels *far, size_t d, size_t used)
{
    size_t behind = far->chunks - d;
    uint16_t where;

    assert(far->chunks < FAR_CHUNKS_MAX);
    where = far->free_count > 0 ? far->free_chunk[--far->free_count] : (uint16_t)far->chunks_made++;
    memmove(&far->first[d + 1], &far->first[d], behind * sizeof(far->first[0]));
    memmove(&far->used[d + 1], &far->used[d], behind * sizeof(far->used[0]));
    memmove(&far->where[d + 1], &far->where[d], behind * sizeof(far->where[0]));
    far->where[d] = where;
    far->used[d] = (uint16_t)used;
    far->chunks++;
}

static void directory_remove(struct far_levels *far, size_t d)
{
    size_t behind = far->chunks - d - 1;

    far->free_chunk[far->free_count++] = far->where[d];
    memmove(&far->first[d], &far->first[d + 1], behind * sizeof(far->first[0]));
    memmove(&far->used[d], &far->used[d + 1], behind * sizeof(far->used[0]));
    memmove(&far->where[d], &far->where[d + 1], behind * sizeof(far->where[0]));
    far->chunks--;
}

static void split(struct far_levels *far, size_t d)
{
    size_t kept = far->used[d] / 2, moved = far->used[d] - kept;

    directory_insert(far, d + 1, moved);
    memcpy(levels_of(far, d + 1), levels_of(far, d) + kept, moved * sizeof(struct level));
    far->used[d] = (uint16_t)kept;
    far->first[d + 1] = levels_of(far, d + 1)[0].price_ticks;
}

/* Joins chunk d + 1 into chunk d if the two are small. Tried wherever a chunk has shrunk, so that the
 * bound FAR_CHUNKS_MAX holds. */
static bool join(struct far_levels *far, size_t d)
{
    if (d + 1 >= far->chunks || far->used[d] + far->used[d + 1] > FAR_JOIN_LEVELS)
        return false;
    memcpy(levels_of(far, d) + far->used[d], levels_of(far, d + 1), far->used[d + 1] * sizeof(struct level));
    far->used[d] = (uint16_t)(far->used[d] + far->used[d + 1]);
    directory_remove(far, d + 1);
    return true;
}

static void insert(struct far_levels *far, size_t d, struct level level)
{
    struct level *levels;
    size_t i;

    assert(far->count < FAR_LEVELS_MAX);
    if (far->chunks == 0) {
        directory_insert(far, 0, 0);
    } else if (far->used[d] == FAR_CHUNK_LEVELS) {
        split(far, d);
        (void)join(far, d + 1); /* a half may now fit together with a small neighbour */
        if (d > 0)
            (void)join(far, d - 1);
        d = find_chunk(far, level.price_ticks);
    }
    i = find_level(far, d, level.price_ticks);
    levels = levels_of(far, d);
    memmove(&levels[i + 1], &levels[i], (far->used[d] - i) * sizeof(levels[0]));
    levels[i] = level;
    far->used[d]++;
    far->first[d] = levels[0].price_ticks;
    far->count++;
}

static void erase(struct far_levels *far, size_t d, size_t i)
{
    struct level *levels = levels_of(far, d);

    far->used[d]--;
    far->count--;
    if (far->used[d] == 0) {
        directory_remove(far, d);
        if (d > 0)
            (void)join(far, d - 1);
        return;
    }
    memmove(&levels[i], &levels[i + 1], (far->used[d] - i) * sizeof(levels[0]));
    far->first[d] = levels[0].price_ticks;
    if (!join(far, d) && d > 0)
        (void)join(far, d - 1);
}

int64_t far_levels_lots(const struct far_levels *far, int64_t price_ticks)
{
    size_t d, i;

    if (far->count == 0)
        return 0;
    d = find_chunk(far, price_ticks);
    i = find_level(far, d, price_ticks);
    if (i == far->used[d] || levels_in(far, d)[i].price_ticks != price_ticks)
        return 0;
    return levels_in(far, d)[i].qty_lots;
}

int64_t far_levels_put(struct far_levels *far, int64_t price_ticks, int64_t lots)
{
    struct level level = {price_ticks, lots};
    size_t d = 0, i = 0;
    int64_t old;

    if (far->count > 0) {
        d = find_chunk(far, price_ticks);
        i = find_level(far, d, price_ticks);
    }
    if (far->count == 0 || i == far->used[d] || levels_of(far, d)[i].price_ticks != price_ticks) {
        if (lots != 0)
            insert(far, d, level);
        return 0;
    }
    old = levels_of(far, d)[i].qty_lots;
    if (lots != 0)
        levels_of(far, d)[i].qty_lots = lots;
    else
        erase(far, d, i);
    return old;
}

bool far_levels_above(const struct far_levels *far, int64_t price_ticks, struct level *out)
{
    size_t d, i;

    if (far->count == 0 || price_ticks == INT64_MAX)
        return false;
    d = find_chunk(far, price_ticks + 1);
    i = find_level(far, d, price_ticks + 1);
    if (i == far->used[d]) {
        if (++d == far->chunks)
            return false;
        i = 0;
    }
    *out = levels_in(far, d)[i];
    return true;
}

bool far_levels_below(const struct far_levels *far, int64_t price_ticks, struct level *out)
{
    size_t d, i;

    if (far->count == 0)
        return false;
    d = find_chunk(far, price_ticks);
    i = find_level(far, d, price_ticks);
    if (i == 0) { /* the chunk begins at or above the price */
        if (d == 0)
            return false;
        d--;
        i = far->used[d];
    }
    *out = levels_in(far, d)[i - 1];
    return true;
}
