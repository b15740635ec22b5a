/*
 * snapshot_queue.h - whose depth snapshot is fetched next. Pure.
 *
 * One at a time per venue: the shown instrument, then those that are traded (deep), then the rest as they came.
 * Repeated requests for one instrument wait longer each time (SNAPSHOT_WAIT_FIRST_MS, doubled), and never more
 * than SNAPSHOTS_PER_MINUTE go in a minute, however often the book says that the last one was of no use.
 */
#ifndef FEED_SNAPSHOT_QUEUE_H
#define FEED_SNAPSHOT_QUEUE_H

#include "core/domain/instrument.h"

#include <stdbool.h>
#include <stdint.h>

#define SNAPSHOTS_PER_MINUTE   3
#define SNAPSHOT_WAIT_FIRST_MS 1000
#define SNAPSHOT_WAIT_MAX_MS   60000
#define SNAPSHOT_NONE          UINT16_MAX

struct snapshot_queue {
    uint16_t shown;   /* SNAPSHOT_NONE: none */
    uint16_t current; /* under way; SNAPSHOT_NONE: none */
    bool unpaced;     /* no waits: for an exchange of our own, in tests of many resyncs */
    uint64_t order;
    struct {
        bool wanted, deep;
        uint64_t order;                        /* first come, first served */
        uint32_t tries;                        /* in the last minutes, without a minute of calm in between */
        int64_t sent_ns[SNAPSHOTS_PER_MINUTE]; /* the newest first; INT64_MIN / 2: never */
        int64_t not_before_ns;
    } item[INSTRUMENTS_MAX];
};

void snapshot_queue_init(struct snapshot_queue *queue);
/* False: it is in the queue or under way already. */
bool snapshot_queue_want(struct snapshot_queue *queue, uint16_t id);
void snapshot_queue_drop(struct snapshot_queue *queue, uint16_t id); /* not wanted any more */
void snapshot_queue_show(struct snapshot_queue *queue, uint16_t id);
void snapshot_queue_set_deep(struct snapshot_queue *queue, uint16_t id, bool deep);
bool snapshot_queue_is_deep(const struct snapshot_queue *queue, uint16_t id); /* shown is deep */

/* The one to fetch now, of those ready() lets through; SNAPSHOT_NONE: none, or one is under way. */
uint16_t snapshot_queue_next(const struct snapshot_queue *queue, int64_t now_ns,
                             bool (*ready)(void *arg, uint16_t id), void *arg);
void snapshot_queue_sent(struct snapshot_queue *queue, uint16_t id, int64_t now_ns);
/* taken: it was a snapshot; else it is wanted again, later. */
void snapshot_queue_done(struct snapshot_queue *queue, bool taken);
uint32_t snapshot_queue_waiting(const struct snapshot_queue *queue); /* the one under way included */

#endif
