/*
 * mid_track.h - where the mid was: one entry a second for the last minute. Pure.
 *
 * Gives realised volatility, momentum and range. The mid is kept doubled (bid + ask), a whole number, so
 * a change of steps is exact. Seconds are those since the first mid.
 */
#ifndef CORE_SIGNAL_MID_TRACK_H
#define CORE_SIGNAL_MID_TRACK_H

#include "core/signal/percentile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MID_TRACK_SECONDS 60

struct mid_second {
    int64_t low2, high2, close2;
    double return_squared; /* of its log return */
};

struct mid_track {
    int64_t now2;                  /* the newest; 0: none yet */
    int64_t second_ns;             /* begin of the running second */
    int64_t low2, high2;           /* of the running second */
    int64_t past_low2, past_high2; /* of the seconds kept; 0: none */
    size_t count, next;
    struct mid_second second[MID_TRACK_SECONDS];
    unsigned since_range;      /* seconds since a range became a sample */
    struct percentile ranges2; /* 60 s ranges, one each 10 s: the last 2.5 hours */
    double volatility_bp;
};

/* Time goes on; true when at least one second has ended. */
bool mid_track_advance(struct mid_track *track, int64_t now_ns);
void mid_track_add(struct mid_track *track, int64_t mid2, int64_t now_ns);
/* Of the last 60 s, doubled; false before the first mid. */
bool mid_track_range2(const struct mid_track *track, int64_t *low2, int64_t *high2);
/* Log return in bp from the mid `seconds` (1..60) ago, or the oldest kept; 0 when there is none. */
double mid_track_momentum_bp(const struct mid_track *track, size_t seconds);
/* Whole ticks, rounded up; 0 before the first full minute. */
int64_t mid_track_median_range_ticks(const struct mid_track *track);
void mid_track_rescale(struct mid_track *track, int64_t price_factor);

#endif
