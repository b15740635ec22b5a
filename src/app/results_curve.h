/*
 * results_curve.h - samples of equity, one a second, as a line with a bounded number of points and its drawdown. Pure.
 *
 * A bucket keeps what two neighbours can be made one of without a loss: last, highest, lowest, and the deepest fall in it.
 * A curve that grows without an end doubles its buckets when they are full; one that rolls forgets those that are over.
 */
#ifndef APP_RESULTS_CURVE_H
#define APP_RESULTS_CURVE_H

#include "view/view.h"

#include <stdbool.h>
#include <stdint.h>

struct curve_bucket {
    int64_t begin_ns; /* VIEW_NONE: no sample in it */
    int64_t first_e8, last_e8, high_e8, low_e8;
    int64_t fall_e8, fall_peak_e8, fall_ns; /* the deepest, below which peak, when */
};

struct results_curve {
    int64_t roll_ns; /* keeps so much; 0: all since from_ns */
    int64_t from_ns; /* samples before it are not taken; moves on where it rolls */
    int64_t step_ns;
    uint16_t count; /* buckets up to the newest sample */
    struct curve_bucket bucket[VIEW_RESULTS_POINTS];
    bool any;
};

/* From from_ns on (it may be in the future); roll_ns > 0: the last roll_ns alone. */
void results_curve_begin(struct results_curve *curve, int64_t from_ns, int64_t roll_ns);
/* In the order of time; one that is older than the newest bucket is passed over. */
void results_curve_add(struct results_curve *curve, int64_t ts_ns, int64_t equity_e8);
/* Points, extremes and drawdown; from_ns and to_ns of the view become those of the points. */
void results_curve_fill(const struct results_curve *curve, struct view_results *out);

#endif
