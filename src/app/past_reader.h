/*
 * past_reader.h - the fills and ended orders of today's earlier sessions, read back after a start for the lists.
 *
 * For eyes alone: positions, orders and decisions come from the journal (recovery.h), so nothing is booked twice. Read on a
 * thread of its own, which waits until the database has all of the runs before, looks again a few times in the first
 * minute (orders of theirs end with this start, or are asked for), and is done.
 */
#ifndef APP_PAST_READER_H
#define APP_PAST_READER_H

#include "app/pipeline.h"
#include "store/past_query.h"
#include "view/view.h"

#include <stdint.h>

struct past_reader;

struct past_reader_config {
    const char *data_dir, *account; /* of flowdeck.db; as the store's */
    uint64_t epoch;                 /* of this run */
    int64_t since_ns;               /* 00:00 UTC of today */
};

struct past_reader *past_reader_start(const struct past_reader_config *config); /* NULL: memory, no thread */
void past_reader_stop(struct past_reader *reader); /* before the store is closed; NULL is allowed */

/* What was read last; nothing before. Any one thread: the engine's. */
const struct past *past_reader_newest(struct past_reader *reader);

/* view_past.c: behind what this run has, as far as there is room; what it has itself, and instruments that it does not know,
 * are left out. */
void view_fill_past(const struct pipeline *pipeline, const struct past *past, struct view_lists *out);

#endif
