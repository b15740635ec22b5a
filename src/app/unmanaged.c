/* unmanaged.c - see unmanaged.h. */
#include "app/unmanaged.h"

#include "core/base/decimal.h"

#include <stdio.h>
#include <stdlib.h>

uint16_t unmanaged_in(const struct pipeline *pipeline, uint16_t owner_id, uint16_t first)
{
    const struct owner *owner = &pipeline->owner[owner_id];
    const struct market_state *market = market_at(pipeline, first);

    if (owner_id == OWNER_MANUAL || (owner->on && !owner->disabled && !owner->paused))
        return INSTRUMENT_NONE;
    if (market != NULL && market->owned[owner_id].lots != 0)
        return first;
    for (size_t i = 0; i < pipeline->markets; i++)
        if (pipeline->market[i]->owned[owner_id].lots != 0)
            return (uint16_t)i;
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
