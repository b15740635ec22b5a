/*
 * percentile.h - percentiles of the last 900 samples (15 minutes of seconds), in bounded time. Pure.
 *
 * A ring of samples and a histogram of their values in 32 bins an octave: adding one is O(1), a percentile passes
 * over the octaves and then over the bins of one, right to 1.6 %. Values are integers of any unit, so a change of
 * steps is exact: the samples are multiplied and the histogram made anew.
 */
#ifndef CORE_SIGNAL_PERCENTILE_H
#define CORE_SIGNAL_PERCENTILE_H

#include <stddef.h>
#include <stdint.h>

#define PERCENTILE_SAMPLES_MAX 900
#define PERCENTILE_OCTAVE_BINS 32
#define PERCENTILE_OCTAVES     59
#define PERCENTILE_BINS        ((size_t)PERCENTILE_OCTAVES * PERCENTILE_OCTAVE_BINS)

struct percentile {
    size_t count;
    size_t next; /* where the next sample goes */
    int64_t sample[PERCENTILE_SAMPLES_MAX];
    uint16_t octave[PERCENTILE_OCTAVES]; /* sums of the bins of each */
    uint16_t bin[PERCENTILE_BINS];
};

/* Zeroed memory is a valid empty one. A negative value counts as 0. */
void percentile_add(struct percentile *percentile, int64_t value);
/* The value that share of the samples (0..1) do not exceed; 0 when there is none. */
int64_t percentile_at(const struct percentile *percentile, double share);
/* Share of the samples in lower bins than value, 0..1; 0 when there is none. */
double percentile_rank(const struct percentile *percentile, int64_t value);
void percentile_rescale(struct percentile *percentile, int64_t factor);

#endif
