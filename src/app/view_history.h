/*
 * view_history.h - what eyes want to see of the past, of each instrument: volume by price, the book over time.
 *
 * One for all screens, on the engine's thread, from its first event on. Nothing here reaches a decision.
 */
#ifndef APP_VIEW_HISTORY_H
#define APP_VIEW_HISTORY_H

#include "app/pipeline.h"
#include "app/volume_profile.h"
#include "core/market/book_heat.h"

struct view_history {
    struct volume_profile *volume[INSTRUMENTS_MAX]; /* of this session; NULL: no trade yet */
    struct book_heat *heat[INSTRUMENTS_MAX];        /* NULL: no LIVE book yet */
};

/* After the pipeline took the event. */
void view_history_on_event(struct view_history *history, const struct pipeline *pipeline,
                           const struct feed_event *event);
void view_history_free(struct view_history *history); /* what it holds */

#endif
