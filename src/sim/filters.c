#include "sim/filters.h"

#include "core/base/decimal.h"

#define MULTIPLIER_UNIT 10000

bool filter_price(const struct sim_symbol *symbol, int64_t price_e8)
{
    int64_t tick_e8 = symbol->tick_e8;

    return price_e8 % tick_e8 == 0 &&
           (symbol->price_ticks_min == 0 || price_e8 / tick_e8 >= symbol->price_ticks_min) &&
           (symbol->price_ticks_max == 0 || price_e8 / tick_e8 <= symbol->price_ticks_max);
}

bool filter_lot_size(const struct sim_symbol *symbol, int64_t qty_e8)
{
    return qty_e8 % symbol->lot_e8 == 0 && qty_e8 / symbol->lot_e8 >= symbol->qty_lots_min &&
           qty_e8 / symbol->lot_e8 <= symbol->qty_lots_max;
}

static bool percent_price(const struct filter_input *input)
{
    const struct sim_symbol *symbol = input->symbol;
    __int128 price = (__int128)input->price_e8 * MULTIPLIER_UNIT;

    if (input->price_e8 == 0 || input->reference_e8 == 0 || symbol->multiplier_up_x10000 == 0)
        return true;
    return price <= (__int128)input->reference_e8 * symbol->multiplier_up_x10000 &&
           price >= (__int128)input->reference_e8 * symbol->multiplier_down_x10000;
}

static bool notional(const struct filter_input *input)
{
    const struct sim_symbol *symbol = input->symbol;
    int64_t price_e8 = input->price_e8 != 0  ? input->price_e8
                       : input->stop_e8 != 0 ? input->stop_e8
                                             : input->reference_e8;
    int64_t value_e8 =
        input->quote_e8 != 0 ? input->quote_e8 : decimal_mul_div(price_e8, input->qty_e8, DECIMAL_E8);

    if (price_e8 == 0 && input->quote_e8 == 0)
        return true;
    return value_e8 >= symbol->notional_e8_min &&
           (symbol->notional_e8_max == 0 || value_e8 <= symbol->notional_e8_max);
}

static const char *counts(const struct filter_input *input)
{
    if (input->open_symbol + input->new_orders > FILTER_MAX_NUM_ORDERS)
        return "MAX_NUM_ORDERS";
    if (input->new_algo > 0 && input->open_algo + input->new_algo > FILTER_MAX_NUM_ALGO_ORDERS)
        return "MAX_NUM_ALGO_ORDERS";
    if (input->iceberg_e8 > 0 && input->open_iceberg + 1 > FILTER_MAX_NUM_ICEBERG_ORDERS)
        return "MAX_NUM_ICEBERG_ORDERS";
    if (input->new_list && input->open_lists + 1 > FILTER_MAX_NUM_ORDER_LISTS)
        return "MAX_NUM_ORDER_LISTS";
    if (input->open_all + input->new_orders > FILTER_EXCHANGE_MAX_NUM_ORDERS)
        return "EXCHANGE_MAX_NUM_ORDERS";
    if (input->new_algo > 0 && input->open_all_algo + input->new_algo > FILTER_EXCHANGE_MAX_NUM_ALGO)
        return "EXCHANGE_MAX_NUM_ALGO_ORDERS";
    if (input->new_list && input->open_all_lists + 1 > FILTER_EXCHANGE_MAX_NUM_LISTS)
        return "EXCHANGE_MAX_NUM_ORDER_LISTS";
    return NULL;
}

static bool iceberg_parts(const struct filter_input *input)
{
    return input->iceberg_e8 == 0 ||
           (input->qty_e8 + input->iceberg_e8 - 1) / input->iceberg_e8 <= FILTER_ICEBERG_PARTS;
}

const char *filters_fail(const struct filter_input *input)
{
    const struct sim_symbol *symbol = input->symbol;
    int64_t trailing = input->order->trailing_bips;

    if ((input->price_e8 != 0 && !filter_price(symbol, input->price_e8)) ||
        (input->stop_e8 != 0 && !filter_price(symbol, input->stop_e8)))
        return "PRICE_FILTER";
    if (!percent_price(input))
        return "PERCENT_PRICE_BY_SIDE";
    if ((input->qty_e8 != 0 && !filter_lot_size(symbol, input->qty_e8)) ||
        (input->iceberg_e8 != 0 && !filter_lot_size(symbol, input->iceberg_e8)))
        return "LOT_SIZE";
    if (input->price_e8 == 0 && input->qty_e8 != 0 &&
        input->qty_e8 / symbol->lot_e8 > symbol->market_qty_lots_max)
        return "MARKET_LOT_SIZE";
    if (trailing != 0 && (trailing < FILTER_TRAILING_DELTA_MIN || trailing > FILTER_TRAILING_DELTA_MAX))
        return "TRAILING_DELTA";
    if (!iceberg_parts(input))
        return "ICEBERG_PARTS";
    if (!notional(input))
        return "NOTIONAL";
    return counts(input);
}
