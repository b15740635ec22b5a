/*
 * held_updates.h - depth updates kept in order until a snapshot can use them: two bounded rings.
 *
 * Part of book_sync. Levels of one update lie in one piece, bids then asks. When either ring is full the
 * oldest update falls out. Memory is touched from the start again whenever the hold was empty, so that a
 * book which is seldom lost costs few pages.
 */
#ifndef FEED_HELD_UPDATES_H
#define FEED_HELD_UPDATES_H

#include "core/domain/market_event.h"

#include <stdbool.h>
#include <stddef.h>

struct held_updates;

struct held_updates *held_updates_new(size_t updates_max, size_t levels_max); /* NULL: memory */
void held_updates_free(struct held_updates *held);
void held_updates_clear(struct held_updates *held);

/* Copies the update behind the others. Returns how many had to fall out for it (itself, when it alone has
 * more than levels_max levels). */
size_t held_updates_push(struct held_updates *held, const struct depth_update *update);

/* The oldest; its levels are borrowed until the next push. False: empty. */
bool held_updates_front(const struct held_updates *held, struct depth_update *out);
/* The same of the one that is `index` behind the oldest. False: not so many. */
bool held_updates_at(const struct held_updates *held, size_t index, struct depth_update *out);
void held_updates_pop(struct held_updates *held); /* not empty: asserted */
size_t held_updates_count(const struct held_updates *held);

void held_updates_rescale(struct held_updates *held, int64_t price_factor, int64_t qty_factor);

#endif
