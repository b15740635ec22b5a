#include "sim/margin.h"

#include <string.h>

static int64_t magnitude(int64_t value)
{
    return value < 0 ? -value : value;
}

static void compute_symbol(const struct accounts *accounts, const struct account *account, size_t index,
                           struct margin_symbol *out)
{
    const struct sim_symbol *symbol = &accounts->exchange->symbol[index];
    const struct position *position = &account->position[index];
    int64_t cost_e8 = symbol_value_e8(symbol, position->cost_value), most_e8, long_e8, short_e8;

    out->notional_e8 = (int64_t)((__int128)accounts_mark_e8(accounts, index) * position->lots *
                                 symbol->lot_e8 / INT64_C(100000000));
    if (position->lots != 0)
        out->unrealised_e8 = out->notional_e8 - (position->lots < 0 ? -cost_e8 : cost_e8);
    out->maintenance_e8 = (int64_t)((__int128)magnitude(out->notional_e8) * MAINTENANCE_MILLIONTHS / 1000000);
    long_e8 = magnitude(out->notional_e8 + out->buys_e8);
    short_e8 = magnitude(out->notional_e8 - out->sells_e8);
    most_e8 = long_e8 > short_e8 ? long_e8 : short_e8;
    out->position_e8 = magnitude(out->notional_e8) / position->leverage;
    out->orders_e8 = most_e8 / position->leverage - out->position_e8;
}

static void compute_with(struct accounts *accounts, const struct account *account, uint32_t extra_symbol,
                         enum side extra_side, int64_t extra_e8, struct margin *out)
{
    struct user_order *order = order_index_oldest(accounts->orders, account->slot);

    memset(out, 0, sizeof(*out));
    for (; order != NULL; order = order_index_newer(accounts->orders, order)) {
        struct margin_symbol *at = &out->symbol[order->symbol];
        int64_t value_e8;

        if (!order->open || order->id == 0 || !order->usdm || order->reduce_only)
            continue;
        value_e8 = symbol_value_e8(&accounts->exchange->symbol[order->symbol],
                                   order->price_ticks * user_order_left(order));
        *(order->side == SIDE_BID ? &at->buys_e8 : &at->sells_e8) += value_e8;
    }
    *(extra_side == SIDE_BID ? &out->symbol[extra_symbol].buys_e8 : &out->symbol[extra_symbol].sells_e8) +=
        extra_e8;
    for (size_t i = 0; i < accounts->exchange->symbols; i++) {
        if (!accounts->exchange->symbol[i].usdm)
            continue;
        compute_symbol(accounts, account, i, &out->symbol[i]);
        out->position_e8 += out->symbol[i].position_e8;
        out->orders_e8 += out->symbol[i].orders_e8;
        out->unrealised_e8 += out->symbol[i].unrealised_e8;
        out->maintenance_e8 += out->symbol[i].maintenance_e8;
    }
    out->available_e8 = account->wallet_e8 + out->unrealised_e8 - out->position_e8 - out->orders_e8;
}

void margin_compute(struct accounts *accounts, const struct account *account, struct margin *out)
{
    compute_with(accounts, account, 0, SIDE_BID, 0, out);
}

bool margin_allows(struct accounts *accounts, const struct account *account, uint32_t symbol, enum side side,
                   int64_t value_e8)
{
    struct margin before, after;
    int64_t fee_e8 = (int64_t)((__int128)value_e8 * USDM_TAKER_FEE_MILLIONTHS / 1000000);

    compute_with(accounts, account, symbol, side, 0, &before);
    compute_with(accounts, account, symbol, side, value_e8, &after);
    return after.orders_e8 <= before.orders_e8 || after.available_e8 >= fee_e8;
}
