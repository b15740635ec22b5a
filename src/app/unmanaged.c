/* unmanaged.c - see unmanaged.h. */
#include "app/unmanaged.h"

#include "core/base/decimal.h"

#include <stdio.h>
#include <stdlib.h>

/* A flatten pauses who holds something first, then it closes: it waits for cancels, or its order is on its way. */
static bool is_being_closed(const struct pipeline *pipeline, uint16_t owner, uint16_t instrument)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count;

    if ((pipeline->closing >> instrument & 1) != 0)
        return true;
    count = order_manager_open(pipeline->orders, instrument, owner, open, ORDERS_OPEN_MAX);
    for (size_t i = 0; i < count; i++)
        if (open[i]->intent.flatten)
            return true;
    return false;
}

static bool is_left(const struct pipeline *pipeline, uint16_t owner, uint16_t instrument)
{
    const struct market_state *market = market_at(pipeline, instrument);

    return market != NULL && market->owned[owner].lots != 0 && !is_being_closed(pipeline, owner, instrument);
}

uint16_t unmanaged_in(const struct pipeline *pipeline, uint16_t owner_id, uint16_t first)
{
    const struct owner *owner = &pipeline->owner[owner_id];

    if (owner_id == OWNER_MANUAL || (owner->on && !owner->disabled && !owner->paused))
        return INSTRUMENT_NONE;
    if (is_left(pipeline, owner_id, first))
        return first;
    for (uint16_t i = 0; i < pipeline->markets; i++)
        if (is_left(pipeline, owner_id, i))
            return i;
    return INSTRUMENT_NONE;
}

bool unmanaged_text(const struct pipeline *pipeline, uint16_t owner_id, char *out, size_t size)
{
    const struct owner *owner = &pipeline->owner[owner_id];
    const struct market_state *market =
        market_at(pipeline, unmanaged_in(pipeline, owner_id, INSTRUMENT_NONE));
    char qty[DECIMAL_TEXT_SIZE];
    int64_t lots;

    if (market == NULL)
        return false;
    lots = market->owned[owner_id].lots;
    decimal_format_trim(instrument_qty_e8(market->instrument, llabs(lots)), DECIMAL_E8_DIGITS, qty);
    snprintf(out, size, "%s %s leaves %s %s %s to you: f closes it", owner->name,
             owner->disabled ? "DISABLED"
             : owner->on     ? "PAUSED"
                             : "OFF",
             lots > 0 ? "LONG" : "SHORT", qty, market->instrument->symbol);
    return true;
}
