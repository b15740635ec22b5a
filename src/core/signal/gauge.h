/*
 * gauge.h - one gauge of the order-flow panel: a mean of the last ticks, its usual size, a word. Pure.
 *
 * Fed each 100 ms. The mean is plain over the last `ticks`; each second |mean| is a sample of the last 15
 * minutes, whose 90th percentile is the colon on the scale. The word changes at `enter` and goes
 * back to even under half of it, so that it does not flicker. Each 5 s the mean of what was shown becomes a point of
 * the history, for eyes alone; seconds in which nothing is known leave a gap there, so that its time axis is true.
 */
#ifndef CORE_SIGNAL_GAUGE_H
#define CORE_SIGNAL_GAUGE_H

#include "core/signal/percentile.h"
#include "core/signal/signals.h"

#define GAUGE_TICKS_MAX   30
#define GAUGE_SAMPLES_MIN 60 /* seconds before a percentile is told */
#define GAUGE_POINTS      SIGNALS_FLOW_POINTS

struct gauge_state {
    size_t ticks; /* 10: 1 s */
    double enter;
    size_t count, next;
    double value[GAUGE_TICKS_MAX];
    unsigned since_sample;   /* ticks since |mean| was a sample */
    struct percentile usual; /* of |mean| x 10^6 */
    unsigned point_ticks;    /* since the last point */
    unsigned point_known;    /* of these, with a value */
    double point_sum;
    size_t points, next_point;
    int32_t point_x1000[GAUGE_POINTS];
};

void gauge_init(struct gauge_state *state, size_t ticks, double enter);
/* Each 100 ms; brings *gauge up to date. */
void gauge_tick(struct gauge_state *state, double value, struct gauge *gauge);
/* Instead, where there is no value: its time passes all the same. */
void gauge_skip(struct gauge_state *state);
/* The newest points, oldest first; returns how many. */
size_t gauge_points(const struct gauge_state *state, int32_t *out_x1000, size_t max);

#endif
