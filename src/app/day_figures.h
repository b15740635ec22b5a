/*
 * day_figures.h - what the controls have counted on this UTC day: denials, trips, the largest single order. See pipeline.h.
 *
 * Counted in risk_state and risk_worst as it happens; told to the journal each tick, and put back by the next start, so that
 * "today" means the day and not the run. Where a part of the day cannot be known (nothing is kept, or a version that did not
 * keep it ran before), since_ns says from when it is counted.
 */
#ifndef APP_DAY_FIGURES_H
#define APP_DAY_FIGURES_H

#include "risk/gate.h"
#include "risk/limits.h"

#include <stdbool.h>
#include <stdint.h>

struct pipeline;
struct store_record;

struct day_figures {
    int64_t day;      /* days since the epoch that is counted; 0: none yet */
    int64_t since_ns; /* 0: all of it */
    /* what the journal has */
    uint64_t denials[RISK_CODES], trips[RISK_CODES];
    int64_t largest[RISK_LIMITS];
};

/* One record of the run before; in any order. */
void day_figures_put_back(struct pipeline *pipeline, const struct store_record *record);
/* Each tick, and once a run ends: zeroes at 00:00 UTC, tells what has changed. */
void day_figures_on_tick(struct pipeline *pipeline);
/* Does that limit judge a single order, so that its largest one of the day is what there is to say of its use? */
bool day_figures_has_largest(enum risk_limit_id id);
/* Orders denied today: the sum of what the controls say. */
uint64_t day_figures_denied(const struct pipeline *pipeline);

#endif
