/*
 * results_spread.h - how the results of round trips are spread: over sizes, over the hours of the day. Pure.
 */
#ifndef APP_RESULTS_SPREAD_H
#define APP_RESULTS_SPREAD_H

#include "view/view.h"

#include <stddef.h>
#include <stdint.h>

struct results_trip {
    int64_t net_e8, closed_ns;
};

/*
 * Bins of 1, 2 or 5 x 10^n, an edge at zero, as many as fit. The farthest fiftieth of many trips at either end goes into
 * the last bin there, so that one great loss does not make all others one column.
 */
void results_spread_bins(const struct results_trip *trip, size_t count, struct view_results *out);

/* Rows: the days of a short period, newest last, else weekdays; 24 hours, UTC, of the close. */
void results_spread_hours(const struct results_trip *trip, size_t count, enum results_period period,
                          int64_t from_ns, int64_t to_ns, struct view_results *out);

#endif
