/*
 * event_log.h - book events that were told, newest last, and the judge of what is news. Pure.
 *
 * The same kind on the same side within 1 bp of a price is not told again within the cooldown:
 * one tick beside is the same thing to a trader.
 */
#ifndef CORE_SIGNAL_EVENT_LOG_H
#define CORE_SIGNAL_EVENT_LOG_H

#include "core/domain/instrument.h"
#include "core/signal/book_event.h"

#include <stdbool.h>
#include <stddef.h>

struct event_log {
    uint64_t ever;
    struct book_event ring[BOOK_EVENTS_KEPT_MAX]; /* the newest is ring[(ever - 1) % max] */
};

/* False: the cooldown keeps it back. */
bool event_log_tell(struct event_log *log, int64_t cooldown_ms, const struct book_event *event);
/* Newest first. */
size_t event_log_recent(const struct event_log *log, struct book_event *out, size_t max);
void event_log_rescale(struct event_log *log, struct step_change change);

/* The confidence of a measure that must reach `needed`: 0.5 there, 0.9 at nine times it. Read as odds: measured
 * to needed. */
static inline double confidence_of(double measured, double needed)
{
    return measured > 0.0 ? measured / (measured + needed) : 0.0;
}

#endif
