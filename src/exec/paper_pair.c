/*
 * paper_pair.c - sales of one group on spot share their funds, as the venue's order lists do: only one of them can
 * fill, so what is locked is what the largest needs, and together they never sell more than that.
 */
#include "exec/paper_parts.h"

static bool is_paired(const struct paper_call *call, const struct order_intent *intent)
{
    return intent->group != 0 && intent->side == SIDE_ASK &&
           call->market->instrument->venue == VENUE_BINANCE_SPOT;
}

static bool is_sibling(const struct paper_call *call, const struct paper_order *order,
                       const struct paper_order *other)
{
    return other->seq != order->seq && paper_is_here(call, other) &&
           other->intent.group == order->intent.group && other->intent.side == order->intent.side &&
           other->intent.owner == order->intent.owner;
}

int64_t paper_pair_lots(const struct paper_call *call, const struct paper_order *order)
{
    const struct paper_broker *broker = call->broker;
    int64_t pool_e8 = order->locked_e8, lots;

    if (!broker->account.on || !is_paired(call, &order->intent))
        return order->left_lots;
    for (size_t i = 0; i < broker->count; i++)
        if (is_sibling(call, order, &broker->order[i]))
            pool_e8 += broker->order[i].locked_e8;
    lots = pool_e8 / instrument_qty_e8(call->market->instrument, 1);
    return lots < order->left_lots ? lots : order->left_lots;
}

int64_t paper_pair_open(struct paper_call *call, const struct paper_order *order)
{
    struct paper_broker *broker = call->broker;
    int64_t pool_e8 = order->locked_e8;

    if (!broker->account.on || !is_paired(call, &order->intent))
        return 0;
    for (size_t i = 0; i < broker->count; i++) {
        struct paper_order *other = &broker->order[i];

        if (!is_sibling(call, order, other))
            continue;
        pool_e8 += other->locked_e8;
        paper_account_unlock(&broker->account, call->market->instrument, &other->intent, &other->locked_e8);
    }
    return pool_e8;
}

/* A fill locks what is left of the order, which may be more than its group has left to sell. */
static void trim(struct paper_call *call, struct paper_order *order, int64_t pool_e8)
{
    struct paper_account *account = &call->broker->account;
    const struct instrument *instrument = call->market->instrument;

    if (order->locked_e8 <= pool_e8)
        return;
    paper_account_unlock(account, instrument, &order->intent, &order->locked_e8);
    if (paper_account_lock_amount(account, instrument->base, pool_e8))
        order->locked_e8 = pool_e8;
}

void paper_pair_close(struct paper_call *call, struct paper_order *order, int64_t pool_e8)
{
    struct paper_broker *broker = call->broker;
    const struct instrument *instrument = call->market->instrument;
    int64_t held_e8;

    if (!broker->account.on || !is_paired(call, &order->intent))
        return;
    trim(call, order, pool_e8);
    held_e8 = order->locked_e8;
    for (size_t i = 0; i < broker->count; i++) {
        struct paper_order *other = &broker->order[i];
        int64_t more_e8 = instrument_qty_e8(instrument, other->left_lots);

        if (!is_sibling(call, order, other))
            continue;
        more_e8 = (more_e8 < pool_e8 ? more_e8 : pool_e8) - held_e8;
        if (more_e8 > 0 && paper_account_lock_amount(&broker->account, instrument->base, more_e8)) {
            other->locked_e8 = more_e8;
            held_e8 += more_e8;
        }
    }
}
