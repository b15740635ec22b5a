/*
 * tape_flow.h - what the takers do: imbalance, cumulative delta, speed. Pure.
 *
 * Time moves by trades and by tape_flow_advance(). Off-market prints must not come here.
 */
#ifndef CORE_SIGNAL_TAPE_FLOW_H
#define CORE_SIGNAL_TAPE_FLOW_H

#include "core/domain/market_event.h"
#include "core/signal/decay.h"
#include "core/signal/percentile.h"
#include "core/signal/vpin.h"

#include <stddef.h>
#include <stdint.h>

#define TAPE_FLOW_SLOTS  100 /* of 100 ms: the last 10 s */
#define TAPE_FLOW_POINTS 60  /* of 5 s: the last 5 minutes */

struct tape_flow {
    int64_t decay_ms;
    int64_t bucket_trades;
    struct decayed taken[SIDE_COUNT]; /* lots by side of the taker */
    int64_t last_ns;                  /* of the last print */
    int64_t cvd_lots;
    uint64_t prints;
    double lots; /* of all prints */
    struct vpin vpin;
    int64_t slot; /* number of the running 100 ms, 0: not begun */
    uint32_t slot_prints[TAPE_FLOW_SLOTS];
    uint32_t prints_10s;
    struct percentile speeds; /* prints_10s each second */
    int64_t points_ns;        /* when the next point is due */
    size_t points, next_point;
    int64_t point[TAPE_FLOW_POINTS]; /* cvd_lots */
};

void tape_flow_init(struct tape_flow *flow, int64_t decay_ms, int64_t bucket_trades, int64_t buckets);
void tape_flow_add(struct tape_flow *flow, const struct trade *trade);
void tape_flow_advance(struct tape_flow *flow, int64_t now_ns);
/* Oldest first; returns how many. */
size_t tape_flow_points(const struct tape_flow *flow, int64_t out[TAPE_FLOW_POINTS]);
/* Of the decayed volumes; 0 when nobody has traded for six time constants. */
double tape_flow_imbalance(const struct tape_flow *flow);
/* Median prints a second; 0 in the first minute. */
double tape_flow_usual_per_s(const struct tape_flow *flow);
void tape_flow_rescale(struct tape_flow *flow, int64_t qty_factor);

#endif
