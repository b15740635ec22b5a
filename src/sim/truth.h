/*
 * truth.h - every level change of every book, in order: what depth messages are made of, and the true book of a
 * moment ago.
 *
 * A change keeps price, side and the quantity before it, so the book after any kept update id is the book of now with
 * the later changes undone. A symbol keeps TRUTH_CHANGES_MAX; all of them together keep TRUTH_CHUNKS_ALL chunks, and
 * when these are used up the symbol with the most gives its oldest.
 */
#ifndef SIM_TRUTH_H
#define SIM_TRUTH_H

#include "sim/matching.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRUTH_CHANGES_MAX   (1u << 20) /* of one symbol */
#define TRUTH_CHUNK_CHANGES 4096
#define TRUTH_CHUNKS_MAX                                                                                     \
    (TRUTH_CHANGES_MAX / TRUTH_CHUNK_CHANGES + 1) /* of one symbol; one is being filled */
#define TRUTH_CHUNKS_ALL 1536                     /* 96 MB: 6 million changes */
#define TRUTH_MARKS_MAX  1024                     /* times of changes, for "the book of 3 s ago" */
#define TRUTH_MARK_MS    50

struct truth;

/* One level at one moment. key orders a book: bids are -price_ticks, asks +price_ticks, so ascending keys are all
 * bids, best first, then all asks, best first. */
struct truth_level {
    int64_t key;
    int64_t lots;
};

static inline enum side truth_side(int64_t key)
{
    return key < 0 ? SIDE_BID : SIDE_ASK;
}

static inline int64_t truth_ticks(int64_t key)
{
    return key < 0 ? -key : key;
}

struct truth *truth_new(size_t symbols); /* NULL: memory */
void truth_free(struct truth *truth);
/* Ids that do not follow each other, or no memory, start a symbol's history anew. */
void truth_record(struct truth *truth, size_t symbol, const struct match_event *level);

/* Oldest id whose book is known; 0: nothing changed yet, or all was lost. */
uint64_t truth_oldest(const struct truth *truth, size_t symbol);
/* Newest id at or before time_ns, as far as marks reach (50 ms steps); 0: older than all of them. */
uint64_t truth_id_at(const struct truth *truth, size_t symbol, int64_t time_ns);
/* The newest id that was recorded; 0: none. */
uint64_t truth_newest(const struct truth *truth, size_t symbol);

/* Levels that changed after from_id up to now, ascending keys, each once, with the quantity they had right after
 * from_id. Borrowed until the next call. False: from_id is not known any more, or no memory. */
bool truth_changed(struct truth *truth, size_t symbol, uint64_t from_id, const struct truth_level **levels,
                   size_t *count);
/* Puts what stands in the book now into the `count` levels that truth_changed() has just given. */
void truth_set_now(struct truth *truth, const struct match_book *book, size_t count);
/* The whole book right after update_id, ascending keys; at most `limit` levels a side. Borrowed likewise. */
bool truth_book(struct truth *truth, size_t symbol, const struct match_book *book, uint64_t update_id,
                size_t limit, const struct truth_level **levels, size_t *count);

#endif
