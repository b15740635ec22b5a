#include "core/base/durations.h"

#define STEP_BITS 4 /* of DURATIONS_STEPS */

static size_t step_of(uint64_t ns)
{
    size_t shift;

    if (ns < DURATIONS_STEPS)
        return (size_t)ns;
    shift = 63U - (size_t)__builtin_clzll(ns) - STEP_BITS;
    if (shift + 2 > DURATIONS_OCTAVES)
        return DURATIONS_ALL - 1;
    return (shift + 1) * DURATIONS_STEPS + (size_t)(ns >> shift) - DURATIONS_STEPS;
}

/* The longest that is counted there. */
static int64_t longest_of(size_t step)
{
    size_t shift = step / DURATIONS_STEPS;

    if (shift == 0)
        return (int64_t)step;
    if (step == DURATIONS_ALL - 1)
        return INT64_MAX; /* and all that is longer */
    return (int64_t)(((step % DURATIONS_STEPS + DURATIONS_STEPS + 1) << (shift - 1)) - 1);
}

void durations_add(struct durations *durations, int64_t ns)
{
    if (ns < 0)
        ns = 0;
    durations->count++;
    durations->step[step_of((uint64_t)ns)]++;
    if (ns > durations->max_ns)
        durations->max_ns = ns;
}

int64_t durations_at(const struct durations *durations, uint32_t per_mille)
{
    uint64_t wanted = (durations->count * per_mille + 999) / 1000, seen = 0;

    for (size_t step = 0; wanted > 0 && step < DURATIONS_ALL; step++) {
        seen += durations->step[step];
        if (seen >= wanted)
            return longest_of(step) < durations->max_ns ? longest_of(step) : durations->max_ns;
    }
    return durations->max_ns;
}

/* Steps below DURATIONS_STEPS are single nanoseconds; from there on DURATIONS_STEPS of them are an octave. */
static unsigned octave_of(size_t step)
{
    if (step < DURATIONS_STEPS)
        return step < 2 ? 0 : 63U - (unsigned)__builtin_clzll(step);
    return (unsigned)(step / DURATIONS_STEPS) + STEP_BITS - 1;
}

void durations_octaves(const struct durations *durations, unsigned first, uint32_t *bin, unsigned bins)
{
    for (unsigned i = 0; i < bins; i++)
        bin[i] = 0;
    for (size_t step = 0; step < DURATIONS_ALL; step++) {
        unsigned octave = octave_of(step), at = octave < first ? 0 : octave - first;
        uint64_t sum;

        at = at < bins ? at : bins - 1;
        sum = bin[at] + durations->step[step];
        bin[at] = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
    }
}
