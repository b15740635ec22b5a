#include "risk/gaps.h"

#include "risk/limits.h"

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)

/* Four bins an octave: the two bits under the highest one. */
static unsigned bin_of(int64_t gap_ns)
{
    uint64_t us = gap_ns > 0 ? (uint64_t)(gap_ns / NS_PER_US) : 0;
    unsigned octave, bin;

    if (us < 4)
        return (unsigned)us;
    octave = 63U - (unsigned)__builtin_clzll(us);
    bin = 4 * (octave - 1) + (unsigned)(us >> (octave - 2) & 3U);
    return bin < RISK_GAPS_BINS ? bin : RISK_GAPS_BINS - 1;
}

/* First gap, in ns, that is in a later bin. */
static int64_t edge_ns(unsigned bin)
{
    unsigned octave = bin / 4 + 1;

    if (bin < 4)
        return ((int64_t)bin + 1) * NS_PER_US;
    return ((INT64_C(5) + bin % 4) << (octave - 2)) * NS_PER_US;
}

void risk_gaps_add(struct risk_gaps *gaps, int64_t gap_ns)
{
    gaps->bin[bin_of(gap_ns)]++;
    if (++gaps->count < RISK_GAPS_MANY)
        return;
    gaps->count = 0;
    for (unsigned i = 0; i < RISK_GAPS_BINS; i++) {
        gaps->bin[i] /= 2;
        gaps->count += gaps->bin[i];
    }
}

int64_t risk_gaps_p99_ns(const struct risk_gaps *gaps)
{
    uint32_t above = gaps->count / 100, seen = 0;

    if (gaps->count < RISK_GAPS_LEAST)
        return 0;
    for (unsigned i = RISK_GAPS_BINS; i-- > 0;) {
        seen += gaps->bin[i];
        if (seen > above)
            return edge_ns(i);
    }
    return 0;
}

int64_t risk_gaps_stale_ms(const struct risk_gaps *gaps, int64_t stale_ms)
{
    int64_t p99_ns = risk_gaps_p99_ns(gaps), own_ms;

    if (p99_ns > RISK_STALE_MOST_MS * NS_PER_MS)
        p99_ns = RISK_STALE_MOST_MS * NS_PER_MS;
    own_ms = p99_ns * RISK_GAPS_TIMES / NS_PER_MS;
    if (own_ms < stale_ms)
        own_ms = stale_ms;
    return own_ms < RISK_STALE_MOST_MS ? own_ms : RISK_STALE_MOST_MS;
}
