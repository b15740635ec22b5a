/* execution_cost.c - what getting there cost: booked fill by fill, and its figures for people. */
#include "exec/execution_parts.h"

#include "core/base/decimal.h"
#include "core/market/saturate.h"

#include <inttypes.h>
#include <stdio.h>

/* Paid against mid2 / 2: the value of the fill times (price - mid) / price, by the side. */
static int64_t slippage_e8(const struct fill *fill, int64_t mid2_ticks)
{
    int64_t paid2 = side_sign(fill->side) * (2 * fill->price_ticks - mid2_ticks);

    return decimal_mul_div(fill->value_e8, paid2, 2 * fill->price_ticks);
}

void execution_cost_fill(struct execution_place *place, const struct order *order, const struct fill *fill)
{
    struct execution_cost *cost = &place->cost;
    bool of_goal = place->active && order->intent.parent == place->parent;
    int64_t mid2 = of_goal ? place->arrival_mid2_ticks : fill->arrival_mid2_ticks;
    int64_t since = order->acked_ns != 0 ? order->acked_ns : order->sent_ns;

    cost->fills++;
    cost->maker_fills += fill->maker;
    cost->filled_value_e8 = saturate_add(cost->filled_value_e8, fill->value_e8);
    cost->fees_e8 += fill->fee_e8;
    if (mid2 > 0 && fill->price_ticks > 0 && fill->price_ticks <= INT64_MAX / 4)
        cost->slippage_e8 += slippage_e8(fill, mid2);
    if (fill->maker && order->filled_lots == fill->qty_lots && fill->ts_ns >= since) {
        cost->queue_ns = saturate_add(cost->queue_ns, fill->ts_ns - since);
        cost->queue_orders++;
    }
    if (!of_goal || place->goal.kind != GOAL_TARGET)
        return;
    cost->filled_lots = saturate_add(cost->filled_lots, fill->qty_lots);
    place->wanted_lots -= side_sign(fill->side) * fill->qty_lots;
}

/* What the target before this one still missed the same way was counted then; what it missed otherwise stays
 * counted as not filled. */
void execution_cost_want(struct execution_place *place, int64_t need_lots)
{
    int64_t old = place->wanted_lots, more = need_lots < 0 ? -need_lots : need_lots;

    if ((old > 0) == (need_lots > 0) && old != 0)
        more -= old < 0 ? -old : old;
    if (more > 0)
        place->cost.wanted_lots = saturate_add(place->cost.wanted_lots, more);
    place->wanted_lots = need_lots;
}

int64_t execution_cost_slippage_bp_x100(const struct execution_cost *cost)
{
    return cost->filled_value_e8 > 0 ? decimal_mul_div(cost->slippage_e8, 1000000, cost->filled_value_e8) : 0;
}

int64_t execution_cost_fill_x1000(const struct execution_cost *cost)
{
    return cost->wanted_lots > 0 ? decimal_mul_div(cost->filled_lots, 1000, cost->wanted_lots) : 0;
}

int64_t execution_cost_cancels_x100(const struct execution_cost *cost)
{
    if (cost->fills == 0)
        return 0;
    return decimal_mul_div((int64_t)(cost->cancels + cost->replaces), 100, (int64_t)cost->fills);
}

int64_t execution_cost_queue_ms(const struct execution_cost *cost)
{
    return cost->queue_orders > 0 ? cost->queue_ns / cost->queue_orders / 1000000 : 0;
}

size_t execution_cost_text(const struct execution_cost *cost, char *out, size_t size)
{
    int64_t slip = execution_cost_slippage_bp_x100(cost), filled = execution_cost_fill_x1000(cost);
    int64_t cancels = execution_cost_cancels_x100(cost),
            queue_100ms = (execution_cost_queue_ms(cost) + 50) / 100;
    uint64_t slip_size = slip < 0 ? 0 - (uint64_t)slip : (uint64_t)slip;
    int length;

    if (size == 0)
        return 0;
    length = snprintf(out, size,
                      "slippage %s%" PRIu64 ".%02" PRIu64 " bp, filled %" PRId64 ".%" PRId64 " %%, %" PRId64
                      ".%02" PRId64 " cancels a fill, %" PRId64 ".%" PRId64 " s in queue",
                      slip < 0 ? "-" : "", slip_size / 100, slip_size % 100, filled / 10, filled % 10,
                      cancels / 100, cancels % 100, queue_100ms / 10, queue_100ms % 10);
    if (length < 0)
        return 0;
    return (size_t)length < size ? (size_t)length : size - 1;
}
