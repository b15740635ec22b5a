#include "sim/balances.h"

#include "core/base/decimal.h"

#include <stdio.h>
#include <string.h>

int asset_find(const struct asset_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->name[i], name) == 0)
            return (int)i;
    return -1;
}

size_t asset_index(struct asset_table *table, const char *name)
{
    int found = asset_find(table, name);

    if (found >= 0)
        return (size_t)found;
    if (table->count == ASSETS_MAX) /* two for each symbol: cannot be reached */
        return ASSETS_MAX - 1;
    snprintf(table->name[table->count], sizeof(table->name[0]), "%s", name);
    return table->count++;
}

bool balances_lock(struct balances *balances, size_t asset, int64_t amount_e8)
{
    if (amount_e8 < 0 || balances->free_e8[asset] < amount_e8)
        return false;
    balances->free_e8[asset] -= amount_e8;
    balances->locked_e8[asset] += amount_e8;
    return true;
}

void balances_unlock(struct balances *balances, size_t asset, int64_t amount_e8)
{
    balances->locked_e8[asset] -= amount_e8;
    balances->free_e8[asset] += amount_e8;
}

void balances_pay(struct balances *balances, size_t asset, int64_t amount_e8, int64_t *locked_e8)
{
    int64_t from_locked = amount_e8 < *locked_e8 ? amount_e8 : *locked_e8;

    *locked_e8 -= from_locked;
    balances->locked_e8[asset] -= from_locked;
    balances->free_e8[asset] -= amount_e8 - from_locked;
}

void balances_receive(struct balances *balances, size_t asset, int64_t amount_e8)
{
    balances->free_e8[asset] += amount_e8;
}

static int64_t value_e8(const struct sim_symbol *symbol, int64_t value, bool up)
{
    unsigned __int128 unit = (unsigned __int128)symbol->tick_e8 * (unsigned __int128)symbol->lot_e8;
    unsigned __int128 product;

    if (value < 0)
        return -value_e8(symbol, -value, up);
    if (unit != 0 && (unsigned __int128)value > ((unsigned __int128)1 << 126) / unit)
        return INT64_MAX;
    product = ((unsigned __int128)value * unit + (up ? DECIMAL_E8 - 1 : 0)) / DECIMAL_E8;
    return product > INT64_MAX ? INT64_MAX : (int64_t)product;
}

int64_t symbol_value_e8(const struct sim_symbol *symbol, int64_t value)
{
    return value_e8(symbol, value, false);
}

int64_t symbol_value_up_e8(const struct sim_symbol *symbol, int64_t value)
{
    return value_e8(symbol, value, true);
}

int64_t symbol_qty_e8(const struct sim_symbol *symbol, int64_t lots)
{
    return lots * symbol->lot_e8;
}

int64_t symbol_price_e8(const struct sim_symbol *symbol, int64_t ticks)
{
    return ticks * symbol->tick_e8;
}
