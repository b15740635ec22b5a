/*
 * gaps.h - how long one book is usually silent: the 99th percentile of the gaps between its events. Pure.
 *
 * A histogram of four bins an octave, whose counts are halved when they are many, so that it follows the day.
 * Adding is O(1), asking passes over all bins: ask once a second. Right to a quarter octave, upwards.
 */
#ifndef RISK_GAPS_H
#define RISK_GAPS_H

#include <stdint.h>

#define RISK_GAPS_BINS  128  /* from 1 us to over an hour */
#define RISK_GAPS_LEAST 200  /* gaps before the percentile is believed */
#define RISK_GAPS_MANY  8192 /* then all counts are halved */
#define RISK_GAPS_TIMES 5

struct risk_gaps {
    uint32_t count;
    uint16_t bin[RISK_GAPS_BINS];
};

/* Zeroed memory is a valid empty one. Below 0 counts as 0. */
void risk_gaps_add(struct risk_gaps *gaps, int64_t gap_ns);
/* Upper edge of the bin; 0 while there are too few. */
int64_t risk_gaps_p99_ns(const struct risk_gaps *gaps);
/* STALE_BOOK's limit of the instrument: max(stale_ms, 5 times p99), at most RISK_STALE_MOST_MS. */
int64_t risk_gaps_stale_ms(const struct risk_gaps *gaps, int64_t stale_ms);

#endif
