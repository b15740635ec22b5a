/*
 * far_levels.h - the levels of one book side that lie outside its window: sorted, in chunks. Pure.
 *
 * A plain sorted array moves a megabyte for one insertion when a side has 65,536 far levels. Here
 * it is cut into chunks of at most 64, with a sorted directory of their first prices: a search is two
 * binary searches, an insertion moves at most one chunk and, on a split, the directory. Two
 * neighbours that would fit into three quarters of a chunk are joined, which bounds their number.
 *
 * Part of struct order_book, whose zeroed memory is a valid empty store; touched as it is used.
 */
#ifndef CORE_MARKET_FAR_LEVELS_H
#define CORE_MARKET_FAR_LEVELS_H

#include "core/domain/market_event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAR_LEVELS_MAX   65536
#define FAR_CHUNK_LEVELS 64
#define FAR_JOIN_LEVELS  48 /* two neighbours together hold more than this, or are joined */
/* So two neighbours hold 49 at least: 2 x 65,536 / 49, and one for a split on the way. */
#define FAR_CHUNKS_MAX 2688

struct far_chunk {
    struct level level[FAR_CHUNK_LEVELS]; /* ascending */
};

struct far_levels {
    size_t count;
    size_t chunks;      /* in the directory */
    size_t chunks_made; /* chunk[0 .. made) were used at some time */
    size_t free_count;
    int64_t first[FAR_CHUNKS_MAX];       /* directory: lowest price of each chunk, ascending */
    uint16_t used[FAR_CHUNKS_MAX];       /* directory: levels in it, >= 1 */
    uint16_t where[FAR_CHUNKS_MAX];      /* directory: index into chunk[] */
    uint16_t free_chunk[FAR_CHUNKS_MAX]; /* chunk[] entries given back */
    struct far_chunk chunk[FAR_CHUNKS_MAX];
};

void far_levels_clear(struct far_levels *far);
/* Quantity at a price; 0 if none. */
int64_t far_levels_lots(const struct far_levels *far, int64_t price_ticks);
/* Sets the quantity at a price (0 removes); returns the one that was there. The caller keeps count below
 * FAR_LEVELS_MAX when it adds. */
int64_t far_levels_put(struct far_levels *far, int64_t price_ticks, int64_t lots);
/* The nearest level strictly above / strictly below; false at the end. */
bool far_levels_above(const struct far_levels *far, int64_t price_ticks, struct level *out);
bool far_levels_below(const struct far_levels *far, int64_t price_ticks, struct level *out);

#endif
