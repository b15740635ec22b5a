/*
 * durations.h - how long something took, many times: counts by length, and percentiles of them. Pure.
 *
 * Lengths are kept to 1/16 of themselves, from a nanosecond on; memory does not grow. A percentile is the upper end of
 * the lengths that were counted with it.
 */
#ifndef CORE_BASE_DURATIONS_H
#define CORE_BASE_DURATIONS_H

#include <stddef.h>
#include <stdint.h>

#define DURATIONS_STEPS   16
#define DURATIONS_OCTAVES 40 /* longest: hours */
#define DURATIONS_ALL     ((size_t)DURATIONS_OCTAVES * DURATIONS_STEPS)

struct durations {
    uint64_t count;
    int64_t max_ns;
    uint64_t step[DURATIONS_ALL];
};

void durations_add(struct durations *durations, int64_t ns); /* below 0 counts as 0 */
/* per_mille: 990 is the 99th percentile. 0: nothing was counted. */
int64_t durations_at(const struct durations *durations, uint32_t per_mille);
/* How many took 2^(first + i) ns and more, in bin[i]; what is shorter is in bin[0], what is longer in the last. */
void durations_octaves(const struct durations *durations, unsigned first, uint32_t *bin, unsigned bins);

#endif
