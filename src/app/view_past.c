/* view_past.c - fills and ended orders of today's earlier sessions, in the steps and numbers of this run. */
#include "app/past_reader.h"

#include "core/base/decimal.h"

#include <string.h>

#define OWNER_GONE 0xFFFE /* not configured any more: the lists show `?` */

static const struct market_state *market_of(const struct pipeline *pipeline, const char *symbol)
{
    for (size_t i = 0; i < pipeline->markets; i++)
        if (strcmp(pipeline->market[i]->instrument->symbol, symbol) == 0 &&
            pipeline->market[i]->instrument->tick_e8 > 0 && pipeline->market[i]->instrument->lot_e8 > 0)
            return pipeline->market[i];
    return NULL;
}

static uint16_t owner_of(const struct pipeline *pipeline, const char *name, uint16_t id)
{
    uint16_t owner = name[0] == '\0' ? UINT16_MAX : pipeline_owner_by_name(pipeline, name);

    if (id == OWNER_MANUAL)
        return OWNER_MANUAL;
    return owner == UINT16_MAX ? OWNER_GONE : owner;
}

static bool has_fill(const struct view_lists *lists, uint16_t count, const struct past_fill *fill,
                     uint16_t instrument)
{
    for (uint16_t i = 0; i < count; i++)
        if (lists->fill[i].fill.trade_id == fill->fill.trade_id &&
            lists->fill[i].fill.instrument_id == instrument)
            return true;
    return false;
}

static void add_fills(const struct pipeline *pipeline, const struct past *past, struct view_lists *out)
{
    uint16_t own = out->fills;

    for (size_t i = 0; i < past->fills && out->fills < VIEW_FILLS_MAX; i++) {
        const struct past_fill *from = &past->fill[i];
        const struct market_state *market = market_of(pipeline, from->symbol);
        struct view_fill *row = &out->fill[out->fills];

        if (market == NULL || has_fill(out, own, from, market->instrument->id))
            continue;
        row->fill = from->fill;
        row->fill.instrument_id = market->instrument->id;
        row->fill.owner = owner_of(pipeline, from->owner, from->fill.owner);
        row->fill.price_ticks = from->price_e8 / market->instrument->tick_e8;
        row->fill.qty_lots = from->qty_e8 / market->instrument->lot_e8;
        row->slippage_e8 = from->slippage_e8 == PAST_UNKNOWN ? VIEW_NONE : from->slippage_e8;
        out->fills++;
    }
    out->fills_ever += past->fills_ever;
    out->closed_ever += past->closed_ever;
}

static bool has_order(const struct view_lists *lists, uint16_t count, uint64_t seq)
{
    for (uint16_t i = 0; i < count; i++)
        if (lists->order[i].order.seq == seq)
            return true;
    return false;
}

/* What it got, not its bound. */
static int64_t price_of(const struct past_order *order)
{
    if (order_type_is_market(order->order.intent.type) && order->filled_e8 > 0)
        return decimal_mul_div(order->order.filled_value_e8, DECIMAL_E8, order->filled_e8);
    return order->price_e8;
}

static void add_orders(const struct pipeline *pipeline, const struct past *past, struct view_lists *out)
{
    uint16_t own = out->orders;

    for (size_t i = 0; i < past->orders && out->orders < VIEW_ORDERS_MAX; i++) {
        const struct past_order *from = &past->order[i];
        const struct market_state *market = market_of(pipeline, from->symbol);
        struct view_order *row = &out->order[out->orders];

        if (market == NULL || has_order(out, own, from->order.seq))
            continue;
        row->order = from->order;
        row->instrument_id = row->order.intent.instrument_id = market->instrument->id;
        row->order.intent.owner = owner_of(pipeline, from->owner, from->order.intent.owner);
        row->order.intent.price_ticks = price_of(from) / market->instrument->tick_e8;
        row->order.intent.stop_ticks = from->stop_e8 / market->instrument->tick_e8;
        row->order.intent.qty_lots = from->qty_e8 / market->instrument->lot_e8;
        row->order.filled_lots = from->filled_e8 / market->instrument->lot_e8;
        row->order.queue_expected_lots = row->order.queue_worst_lots = -1;
        row->away_bp_x10 = VIEW_NONE;
        out->orders++;
    }
}

void view_fill_past(const struct pipeline *pipeline, const struct past *past, struct view_lists *out)
{
    add_fills(pipeline, past, out);
    add_orders(pipeline, past, out);
}
