#include "feed/held_updates.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct held_update {
    struct depth_update update; /* its level pointers are made anew by _front */
    size_t first;               /* in the level ring */
};

struct held_updates {
    size_t updates_max, levels_max;
    size_t head, count; /* oldest update, how many */
    size_t write;       /* where the next levels go */
    struct held_update *update;
    struct level *level;
};

struct held_updates *held_updates_new(size_t updates_max, size_t levels_max)
{
    struct held_updates *held = calloc(1, sizeof(*held));

    if (held == NULL)
        return NULL;
    held->updates_max = updates_max;
    held->levels_max = levels_max;
    held->update = calloc(updates_max, sizeof(*held->update));
    held->level = calloc(levels_max, sizeof(*held->level));
    if (held->update == NULL || held->level == NULL) {
        held_updates_free(held);
        return NULL;
    }
    return held;
}

void held_updates_free(struct held_updates *held)
{
    if (held == NULL)
        return;
    free(held->update);
    free(held->level);
    free(held);
}

void held_updates_clear(struct held_updates *held)
{
    held->head = held->count = held->write = 0;
}

static size_t levels_of(const struct depth_update *update)
{
    return update->level_count[SIDE_BID] + update->level_count[SIDE_ASK];
}

/* Finds `size` levels in one piece; false while the oldest updates stand in the way. One slot stays free
 * behind the writer, so that a full ring does not look like an empty one. */
static bool find_room(struct held_updates *held, size_t size, size_t *first)
{
    size_t oldest;

    if (held->count == 0) {
        held->head = held->write = 0;
        *first = 0;
        return size <= held->levels_max;
    }
    oldest = held->update[held->head].first;
    if (held->write >= oldest) {
        if (size <= held->levels_max - held->write) {
            *first = held->write;
            return true;
        }
        *first = 0;
        return size < oldest;
    }
    *first = held->write;
    return size < oldest - held->write;
}

size_t held_updates_push(struct held_updates *held, const struct depth_update *update)
{
    size_t size = levels_of(update), first, fell = 0;
    struct held_update *slot;
    struct level *level;

    if (size > held->levels_max)
        return 1;
    while (held->count == held->updates_max || !find_room(held, size, &first)) {
        held_updates_pop(held);
        fell++;
    }
    slot = &held->update[(held->head + held->count) % held->updates_max];
    slot->update = *update;
    slot->first = first;
    level = held->level + first;
    for (int side = 0; side < SIDE_COUNT; side++) {
        if (update->level_count[side] > 0)
            memcpy(level, update->levels[side], update->level_count[side] * sizeof(*level));
        level += update->level_count[side];
    }
    held->write = first + size;
    held->count++;
    return fell;
}

bool held_updates_at(const struct held_updates *held, size_t index, struct depth_update *out)
{
    const struct held_update *slot = &held->update[(held->head + index) % held->updates_max];

    if (index >= held->count)
        return false;
    *out = slot->update;
    out->levels[SIDE_BID] = held->level + slot->first;
    out->levels[SIDE_ASK] = out->levels[SIDE_BID] + out->level_count[SIDE_BID];
    return true;
}

bool held_updates_front(const struct held_updates *held, struct depth_update *out)
{
    return held_updates_at(held, 0, out);
}

void held_updates_pop(struct held_updates *held)
{
    assert(held->count > 0);
    held->head = (held->head + 1) % held->updates_max;
    held->count--;
}

size_t held_updates_count(const struct held_updates *held)
{
    return held->count;
}

void held_updates_rescale(struct held_updates *held, int64_t price_factor, int64_t qty_factor)
{
    for (size_t i = 0; i < held->count; i++) {
        const struct held_update *slot = &held->update[(held->head + i) % held->updates_max];
        struct level *level = held->level + slot->first;

        for (size_t at = 0; at < levels_of(&slot->update); at++) {
            level[at].price_ticks *= price_factor;
            level[at].qty_lots *= qty_factor;
        }
    }
}
