/*
 * paper_story.h - recording of fill stories: open orders and the newest finished ones. Inside exec only. Pure.
 */
#ifndef EXEC_PAPER_STORY_H
#define EXEC_PAPER_STORY_H

#include "exec/fill_story.h"
#include "exec/order_manager.h"
#include "exec/paper_order.h"

#define PAPER_STORIES_FINISHED 64
#define PAPER_STORIES_MAX      (ORDERS_OPEN_MAX + PAPER_STORIES_FINISHED)

struct paper_stories {
    uint16_t count; /* slots ever used */
    uint16_t next;  /* where to look for a finished one */
    struct fill_story story[PAPER_STORIES_MAX];
};

/* A slot for the order; when all are in use that of a finished one, in turn. */
uint16_t paper_stories_begin(struct paper_stories *stories, const struct paper_order *order, int64_t sent_ns,
                             int64_t arrived_ns, enum queue_model model);
/* NULL when it is not kept any more. */
const struct fill_story *paper_stories_find(const struct paper_stories *stories, uint64_t seq);
/* Newest first by end; returns how many were written. */
size_t paper_stories_finished(const struct paper_stories *stories, const struct fill_story **out, size_t max);
void paper_stories_rescale(struct paper_stories *stories, uint16_t instrument_id, struct step_change change);

/* The queue stands like this now. */
void paper_story_sample(struct fill_story *story, const struct paper_queue *queue, enum story_cause cause,
                        int64_t ts_ns);
void paper_story_fill(struct fill_story *story, const struct story_fill *fill);
/* The model has served something of the order; done: all of it. */
void paper_story_would(struct fill_story *story, enum queue_model model, bool done, int64_t ts_ns);
/* A trade came while it waited, with its stop there now: it set it off, or came so near. */
void paper_story_stop(struct fill_story *story, int64_t stop_ticks, int64_t trade_ticks, bool set_off,
                      int64_t ts_ns);
void paper_story_end(struct fill_story *story, int64_t ts_ns, const char *why); /* why NULL: filled */

#endif
