/*
 * decay.h - a sum that forgets: it falls by e^-1 in its time constant. Pure.
 *
 * Event time only; time that goes back decays nothing. fmath_exp(), so the same on every machine.
 */
#ifndef CORE_SIGNAL_DECAY_H
#define CORE_SIGNAL_DECAY_H

#include "core/base/fmath.h"

#include <stdint.h>

struct decayed {
    double sum;
    int64_t ts_ns; /* sum is of this moment; 0: nothing was added yet */
};

/* What is left of 1 after span_ns. */
static inline double decay_factor(int64_t span_ns, int64_t constant_ms)
{
    return span_ns <= 0 ? 1.0 : fmath_exp(-(double)span_ns / ((double)constant_ms * 1e6));
}

static inline void decayed_to(struct decayed *decayed, int64_t now_ns, int64_t constant_ms)
{
    if (decayed->ts_ns != 0)
        decayed->sum *= decay_factor(now_ns - decayed->ts_ns, constant_ms);
    if (now_ns > decayed->ts_ns)
        decayed->ts_ns = now_ns;
}

static inline void decayed_add(struct decayed *decayed, int64_t now_ns, int64_t constant_ms, double value)
{
    decayed_to(decayed, now_ns, constant_ms);
    decayed->sum += value;
}

#endif
