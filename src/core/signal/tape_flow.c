/* tape_flow.c - sums over the takers' prints. */
#include "core/signal/tape_flow.h"

#include "core/market/saturate.h"
#include "core/signal/ofi.h"

#include <string.h>

#define SLOT_NS           INT64_C(100000000)
#define SLOTS_A_SECOND    10
#define POINT_NS          INT64_C(5000000000)
#define SPEED_SAMPLES_MIN 60
#define SILENT_CONSTANTS  6 /* then less than 0.3 % of the last print is left */

void tape_flow_init(struct tape_flow *flow, int64_t decay_ms, int64_t bucket_trades, int64_t buckets)
{
    *flow = (struct tape_flow){.decay_ms = decay_ms, .bucket_trades = bucket_trades};
    vpin_init(&flow->vpin, buckets < 1 ? 1 : (size_t)buckets);
}

static void slot_begin(struct tape_flow *flow)
{
    uint32_t *prints = &flow->slot_prints[++flow->slot % TAPE_FLOW_SLOTS];

    flow->prints_10s -= *prints;
    *prints = 0;
    if (flow->slot % SLOTS_A_SECOND == 0)
        percentile_add(&flow->speeds, flow->prints_10s);
}

static void point_add(struct tape_flow *flow)
{
    flow->point[flow->next_point] = flow->cvd_lots;
    flow->next_point = (flow->next_point + 1) % TAPE_FLOW_POINTS;
    if (flow->points < TAPE_FLOW_POINTS)
        flow->points++;
}

void tape_flow_advance(struct tape_flow *flow, int64_t now_ns)
{
    int64_t slot = now_ns / SLOT_NS, points;

    if (flow->slot == 0) {
        flow->slot = slot;
        flow->points_ns = now_ns + POINT_NS;
        return;
    }
    if (slot - flow->slot > TAPE_FLOW_SLOTS) /* a hole longer than the memory: nothing is left of it */
        flow->slot = slot - TAPE_FLOW_SLOTS;
    while (flow->slot < slot)
        slot_begin(flow);
    if (now_ns < flow->points_ns)
        return;
    points = (now_ns - flow->points_ns) / POINT_NS + 1;
    flow->points_ns += points * POINT_NS;
    for (int64_t i = 0; i < points && i < TAPE_FLOW_POINTS; i++)
        point_add(flow);
}

void tape_flow_add(struct tape_flow *flow, const struct trade *trade)
{
    double lots = (double)trade->qty_lots;
    bool bought = trade->taker == SIDE_BID;

    tape_flow_advance(flow, trade->recv_ns);
    decayed_add(&flow->taken[trade->taker], trade->recv_ns, flow->decay_ms, lots);
    flow->last_ns = trade->recv_ns;
    if (__builtin_add_overflow(flow->cvd_lots, bought ? trade->qty_lots : -trade->qty_lots, &flow->cvd_lots))
        flow->cvd_lots = bought ? INT64_MAX : -INT64_MAX;
    flow->slot_prints[flow->slot % TAPE_FLOW_SLOTS] += trade_prints(trade);
    flow->prints_10s += trade_prints(trade);
    flow->prints += trade_prints(trade);
    flow->lots += lots;
    if (flow->prints > (uint64_t)flow->bucket_trades) /* before that a mean says little */
        vpin_add(&flow->vpin, bought ? lots : 0.0, bought ? 0.0 : lots,
                 flow->lots / (double)flow->prints * (double)flow->bucket_trades);
}

size_t tape_flow_points(const struct tape_flow *flow, int64_t out[TAPE_FLOW_POINTS])
{
    size_t first = (flow->next_point + TAPE_FLOW_POINTS - flow->points) % TAPE_FLOW_POINTS;

    for (size_t i = 0; i < flow->points; i++)
        out[i] = flow->point[(first + i) % TAPE_FLOW_POINTS];
    return flow->points;
}

double tape_flow_imbalance(const struct tape_flow *flow)
{
    struct decayed bought = flow->taken[SIDE_BID], sold = flow->taken[SIDE_ASK];
    int64_t now_ns = flow->slot * SLOT_NS;

    if (flow->prints == 0 || now_ns - flow->last_ns > SILENT_CONSTANTS * flow->decay_ms * 1000000)
        return 0.0;
    now_ns = bought.ts_ns > sold.ts_ns ? bought.ts_ns : sold.ts_ns; /* both to one moment: the ratio is all */
    decayed_to(&bought, now_ns, flow->decay_ms);
    decayed_to(&sold, now_ns, flow->decay_ms);
    return queue_imbalance(bought.sum, sold.sum);
}

double tape_flow_usual_per_s(const struct tape_flow *flow)
{
    if (flow->speeds.count < SPEED_SAMPLES_MIN)
        return 0.0;
    return (double)percentile_at(&flow->speeds, 0.5) / 10.0;
}

void tape_flow_rescale(struct tape_flow *flow, int64_t qty_factor)
{
    flow->taken[SIDE_BID].sum *= (double)qty_factor;
    flow->taken[SIDE_ASK].sum *= (double)qty_factor;
    flow->cvd_lots = saturate_mul(flow->cvd_lots, qty_factor);
    flow->lots *= (double)qty_factor;
    vpin_rescale(&flow->vpin, (double)qty_factor);
    for (size_t i = 0; i < TAPE_FLOW_POINTS; i++)
        flow->point[i] = saturate_mul(flow->point[i], qty_factor);
}
