/* percentile.c - a ring with a histogram beside it. */
#include "core/signal/percentile.h"

#include "core/market/saturate.h"

#include <string.h>

#define SUB_BITS 5 /* 32 bins an octave */
#define SUB_BINS PERCENTILE_OCTAVE_BINS

_Static_assert(SUB_BINS == 1 << SUB_BITS, "bins of an octave");

/* 0..31 have a bin each; from there on each doubling has 32. */
static size_t bin_of(int64_t value)
{
    unsigned log2;

    if (value < SUB_BINS)
        return (size_t)value;
    log2 = 63 - (unsigned)__builtin_clzll((uint64_t)value);
    return (size_t)SUB_BINS * (log2 - SUB_BITS + 1) + (size_t)(value >> (log2 - SUB_BITS) & (SUB_BINS - 1));
}

static int64_t middle_of(size_t bin)
{
    unsigned shift;

    if (bin < SUB_BINS)
        return (int64_t)bin;
    shift = (unsigned)(bin / SUB_BINS) - 1;
    return ((int64_t)(SUB_BINS + bin % SUB_BINS) << shift) + (((int64_t)1 << shift) >> 1);
}

static void count_bin(struct percentile *percentile, int64_t value, int by)
{
    size_t bin = bin_of(value);

    percentile->bin[bin] = (uint16_t)(percentile->bin[bin] + by);
    percentile->octave[bin / SUB_BINS] = (uint16_t)(percentile->octave[bin / SUB_BINS] + by);
}

void percentile_add(struct percentile *percentile, int64_t value)
{
    value = value < 0 ? 0 : value;
    if (percentile->count == PERCENTILE_SAMPLES_MAX)
        count_bin(percentile, percentile->sample[percentile->next], -1);
    else
        percentile->count++;
    percentile->sample[percentile->next] = value;
    count_bin(percentile, value, 1);
    percentile->next = (percentile->next + 1) % PERCENTILE_SAMPLES_MAX;
}

int64_t percentile_at(const struct percentile *percentile, double share)
{
    size_t needed = (size_t)(share * (double)percentile->count), seen = 0, octave = 0;

    if (percentile->count == 0)
        return 0;
    needed = needed < 1 ? 1 : needed;
    while (octave < PERCENTILE_OCTAVES - 1 && seen + percentile->octave[octave] < needed)
        seen += percentile->octave[octave++];
    for (size_t bin = octave * (size_t)SUB_BINS; bin < PERCENTILE_BINS; bin++) {
        seen += percentile->bin[bin];
        if (seen >= needed)
            return middle_of(bin);
    }
    return INT64_MAX;
}

double percentile_rank(const struct percentile *percentile, int64_t value)
{
    size_t below = 0, end = bin_of(value < 0 ? 0 : value);

    if (percentile->count == 0)
        return 0.0;
    for (size_t octave = 0; octave < end / SUB_BINS; octave++)
        below += percentile->octave[octave];
    for (size_t bin = end / SUB_BINS * SUB_BINS; bin < end; bin++)
        below += percentile->bin[bin];
    return (double)below / (double)percentile->count;
}

void percentile_rescale(struct percentile *percentile, int64_t factor)
{
    memset(percentile->bin, 0, sizeof(percentile->bin));
    memset(percentile->octave, 0, sizeof(percentile->octave));
    for (size_t i = 0; i < percentile->count; i++) {
        percentile->sample[i] = saturate_mul(percentile->sample[i], factor);
        count_bin(percentile, percentile->sample[i], 1);
    }
}
