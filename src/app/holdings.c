/*
 * holdings.c - keeps open orders and the owners' shares in line with the position. See holdings.h.
 *
 * A venue knows one position of an instrument; several owners may hold shares of it, and a share may stand
 * against the others (a strategy short beside the trader's long). Two rules keep that sound:
 *   - an order that may only reduce never outlives what it would reduce: it shrinks, or is cancelled;
 *   - who closes by hand more than is his takes the strategies' shares over: they are booked as closed at that
 *     price, since the position that they were part of is gone.
 */
#include "app/holdings.h"
#include "app/journal_states.h"

#include "core/base/decimal.h"
#include "core/base/smaller.h"

#include <stdlib.h>

#define TRIM_ROUNDS 4 /* an order that is sent again may fill at once, and another be too large then */

struct trim { /* one order that is larger than what it may reduce */
    uint64_t seq;
    int64_t room_lots;
    struct order_intent intent;
};

static bool may_only_reduce(const struct pipeline *pipeline, const struct order_intent *intent)
{
    bool unbounded = order_type_is_triggered(intent->type) && order_type_is_market(intent->type) &&
                     intent->price_ticks == 0; /* the gate lets such a one out as a way out alone */

    return intent->reduce_only || unbounded || risk_state_only_reduces(&pipeline->risk);
}

/* Orders of one group cancel each other: together they take as much as the largest of them; so far that is it. */
static int64_t taken_by_group(struct order *const *open, const int64_t *took_lots, size_t before,
                              const struct order *order)
{
    int64_t most = 0;

    for (size_t i = 0; i < before && order->intent.group != 0; i++)
        if (open[i]->intent.group == order->intent.group && open[i]->intent.side == order->intent.side &&
            took_lots[i] > most)
            most = took_lots[i];
    return most;
}

/* Fitted is what a bracket's group keeps to the right size by itself: of it counts what the bracket holds, not what its
 * children have not been cut to yet. */
void holdings_share_room(struct pipeline *pipeline, const struct market_state *market,
                         struct holdings_room *out)
{
    struct order *open[ORDERS_OPEN_MAX];
    int64_t took_lots[ORDERS_OPEN_MAX] = {0};
    size_t count =
        order_manager_open(pipeline->orders, market->instrument->id, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    enum side closing = market->total.lots > 0 ? SIDE_ASK : SIDE_BID;
    int64_t room = llabs(market->total.lots);

    out->claims = 0;
    for (size_t i = 0; i < count; i++) {
        const struct order *order = open[i];
        int64_t left = order_left_lots(order), held = left;
        int64_t shared = taken_by_group(open, took_lots, i, order);
        int64_t mine = order->intent.side != closing ? 0 : room + shared;
        bool fitted;

        if (!may_only_reduce(pipeline, &order->intent) || order->state == ORDER_STATE_PENDING_CANCEL)
            continue;
        fitted = order_groups_held_lots(pipeline->groups, order->intent.group, &held);
        out->claim[out->claims++] = (struct holdings_claim){order, left, mine, fitted};
        took_lots[i] = smaller(smaller(left, held), mine);
        if (took_lots[i] > shared)
            room -= took_lots[i] - shared;
    }
    out->position_lots = market->total.lots;
    out->left_over_lots = room;
}

int64_t holdings_room_lots(const struct holdings_room *room, const struct group_bracket *bracket)
{
    for (size_t i = 0; i < room->claims; i++)
        if (room->claim[i].order->intent.group == bracket->id)
            return room->claim[i].room_lots;
    return side_sign(bracket->side) * room->position_lots < 0 ? room->left_over_lots : 0;
}

static size_t find_too_large(struct pipeline *pipeline, const struct market_state *market,
                             struct trim out[ORDERS_OPEN_MAX])
{
    struct holdings_room room;
    size_t found = 0;

    holdings_share_room(pipeline, market, &room);
    for (size_t i = 0; i < room.claims; i++) {
        const struct holdings_claim *claim = &room.claim[i];

        if (claim->left_lots > claim->room_lots && !claim->fitted)
            out[found++] = (struct trim){claim->order->seq, claim->room_lots, claim->order->intent};
    }
    return found;
}

/* Fewer lots at the same price keep their place. False: not as it is, it may be on its way to an end. */
static bool make_smaller(struct pipeline *pipeline, const struct trim *trim)
{
    const struct order *order = order_manager_find(pipeline->orders, trim->seq);

    return trim->room_lots > 0 && order != NULL && order->state == ORDER_STATE_WORKING &&
           trading_replace(pipeline, trim->seq, order_terms_ticks(&trim->intent),
                           order->filled_lots + trim->room_lots)
                   .answer != RISK_ANSWER_DENIED;
}

/* What cannot be made smaller is cancelled, and a smaller one passes the gate like any other. */
static void shrink(struct pipeline *pipeline, struct market_state *market, struct trim *trim)
{
    uint64_t order_seq;

    if (make_smaller(pipeline, trim))
        return;
    trading_cancel(pipeline, trim->seq);
    journal_audit(pipeline, market, "order.trimmed", pipeline->owner[trim->intent.owner].name,
                  "order %llu: the position is smaller than it", (unsigned long long)trim->seq);
    if (trim->room_lots <= 0 || pipeline->risk.state >= STATE_HALTED)
        return;
    trim->intent.qty_lots = trim->room_lots;
    trading_intent(pipeline, market, &trim->intent, &order_seq);
}

static void tell_groups(struct pipeline *pipeline, const struct market_state *market)
{
    pipeline->room_moved |= UINT64_C(1) << market->instrument->id;
    for (uint16_t i = 0; i < (uint16_t)pipeline->owners; i++)
        order_groups_hold(pipeline->groups, market->instrument->id, i, market->owned[i].lots);
}

void holdings_trim(struct pipeline *pipeline, struct market_state *market)
{
    struct trim trim[ORDERS_OPEN_MAX];
    size_t count;

    tell_groups(pipeline, market);
    if (pipeline->trimming)
        return; /* called by its own fills: the next round sees them */
    pipeline->trimming = true;
    for (int round = 0; round < TRIM_ROUNDS; round++) {
        count = find_too_large(pipeline, market, trim);
        for (size_t i = 0; i < count; i++)
            shrink(pipeline, market, &trim[i]);
        if (count == 0)
            break;
    }
    pipeline->trimming = false;
}

/* One share goes over to the other side's owner, without a fee: both move towards flat. */
static void transfer(struct pipeline *pipeline, struct market_state *market, uint16_t from, uint16_t to,
                     int64_t lots, int64_t price_ticks)
{
    enum side closing = market->owned[from].lots > 0 ? SIDE_ASK : SIDE_BID;
    struct fill out = {.instrument_id = market->instrument->id,
                       .owner = from,
                       .side = closing,
                       .ts_ns = pipeline->now_ns,
                       .price_ticks = price_ticks,
                       .qty_lots = lots,
                       .value_e8 = instrument_value_e8(market->instrument, price_ticks, lots)};
    struct fill in = out;
    struct position before = market->owned[from];
    char qty[DECIMAL_TEXT_SIZE];

    in.owner = to;
    in.side = side_other(closing);
    if (position_apply(&market->owned[from], market->instrument, &out) != ERR_OK)
        return;
    if (position_apply(&market->owned[to], market->instrument, &in) != ERR_OK) {
        market->owned[from] = before;
        return;
    }
    decimal_format_trim(instrument_qty_e8(market->instrument, lots), DECIMAL_E8_DIGITS, qty);
    journal_audit(pipeline, market, "position.netted", pipeline->owner[from].name, "%s with %s", qty,
                  pipeline->owner[to].name);
    journal_note(pipeline, NOTE_INFO, "%s: %s %s closed against %s", market->instrument->symbol,
                 pipeline->owner[from].name, qty, pipeline->owner[to].name);
}

static bool stand_against(int64_t a, int64_t b)
{
    return (a > 0 && b < 0) || (a < 0 && b > 0);
}

void holdings_take_over(struct pipeline *pipeline, struct market_state *market, int64_t added_lots,
                        int64_t price_ticks)
{
    for (uint16_t i = 1; i < (uint16_t)pipeline->owners && added_lots > 0; i++) {
        int64_t lots = smaller(added_lots, llabs(market->owned[i].lots));

        if (!stand_against(market->owned[OWNER_MANUAL].lots, market->owned[i].lots))
            continue;
        transfer(pipeline, market, i, OWNER_MANUAL, lots, price_ticks);
        added_lots -= lots;
    }
}

void holdings_net(struct pipeline *pipeline, struct market_state *market)
{
    int64_t bid = market->mark_ticks[SIDE_BID], ask = market->mark_ticks[SIDE_ASK];
    int64_t price_ticks = bid + (ask - bid) / 2;

    for (uint16_t i = 0; i < (uint16_t)pipeline->owners; i++)
        for (uint16_t j = (uint16_t)(i + 1); j < (uint16_t)pipeline->owners; j++)
            if (stand_against(market->owned[i].lots, market->owned[j].lots))
                transfer(pipeline, market, j, i,
                         smaller(llabs(market->owned[i].lots), llabs(market->owned[j].lots)), price_ticks);
    tell_groups(pipeline, market);
    journal_money(pipeline, market);
}
