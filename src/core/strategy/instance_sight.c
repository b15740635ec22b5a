/* instance_sight.c - from ticks and lots to what a strategy sees: e8, own orders, signals (instance_parts.h). */
#include "core/strategy/instance_parts.h"

#include <string.h>

#define UNKNOWN __builtin_nan("")

_Static_assert(FD_ABSORBED == (int)BOOK_EVENT_ABSORBED && FD_PULLED == (int)BOOK_EVENT_PULLED &&
                   FD_WALL == (int)BOOK_EVENT_WALL && FD_STACKED == (int)BOOK_EVENT_STACKED &&
                   FD_SHIFT == (int)BOOK_EVENT_SHIFT && FD_SWEEP == (int)BOOK_EVENT_SWEEP,
               "book events are told by their number");
_Static_assert(FD_BUY == (int)SIDE_BID && FD_SELL == (int)SIDE_ASK, "sides are told by their number");

static void copy_text(char *out, size_t out_size, const char *text)
{
    size_t length = strnlen(text, out_size - 1);

    memcpy(out, text, length);
    memset(out + length, 0, out_size - length);
}

static void instrument_set(struct fd_instrument *out, const struct instrument *instrument)
{
    out->size = sizeof *out;
    out->tick_e8 = instrument->tick_e8;
    out->lot_e8 = instrument->lot_e8;
    out->qty_min_e8 = instrument_qty_e8(instrument, instrument->qty_lots_min);
    out->qty_max_e8 = instrument_qty_e8(instrument, instrument->qty_lots_max);
    out->value_min_e8 = instrument->notional_e8_min;
}

void seen_market_init(struct strategy_instance *instance, size_t index, const struct instrument *instrument)
{
    struct seen_market *seen = &instance->seen[index];
    struct fd_market *market = &instance->market[index];

    *seen = (struct seen_market){.instrument_id = instrument->id, .source = instrument};
    copy_text(seen->instrument.symbol, sizeof seen->instrument.symbol, instrument->symbol);
    copy_text(seen->instrument.base, sizeof seen->instrument.base, instrument->base);
    copy_text(seen->instrument.quote, sizeof seen->instrument.quote, instrument->quote);
    instrument_set(&seen->instrument, instrument);
    seen->instrument.flags = instrument->venue != VENUE_BINANCE_SPOT ? FD_FUTURES : 0;
    *market = (struct fd_market){.size = sizeof *market,
                                 .instrument = &seen->instrument,
                                 .signals = &seen->signals,
                                 .book_age_ns = INT64_MAX,
                                 .bid.price_e8 = FD_NONE,
                                 .ask.price_e8 = FD_NONE,
                                 .last_e8 = FD_NONE,
                                 .bids = seen->bids,
                                 .asks = seen->asks,
                                 .position.average_e8 = FD_NONE,
                                 .orders = seen->orders};
    seen->signals = (struct fd_signals){.size = sizeof seen->signals};
}

static double known_if(bool known, double value)
{
    return known ? value : UNKNOWN;
}

static void signals_set(struct fd_signals *out, const struct signal_values *values,
                        const struct instrument *instrument)
{
    double tick = (double)instrument->tick_e8 / 1e8, lot = (double)instrument->lot_e8 / 1e8;
    bool book = values->valid, mid_seen = values->mid_ticks > 0.0;

    out->valid = book;
    out->mid = known_if(book, values->mid_ticks * tick);
    out->microprice = known_if(book, values->microprice_ticks * tick);
    out->imbalance_1 = known_if(book, values->imbalance_1);
    out->imbalance_5 = known_if(book, values->imbalance_5);
    out->imbalance_10 = known_if(book, values->imbalance_10);
    out->imbalance_20 = known_if(book, values->imbalance_20);
    out->imbalance_1bp = known_if(book, values->imbalance_1bp);
    out->imbalance_10bp = known_if(book, values->imbalance_10bp);
    out->imbalance_1bp_mean = known_if(book, values->near_1bp.value);
    out->imbalance_10bp_mean = known_if(book, values->far_10bp.value);
    out->ofi_qty = known_if(book, values->ofi_lots * lot);
    out->ofi_sigma = known_if(book && (values->ofi_sigma < 0.0 || values->ofi_sigma > 0.0),
                              values->ofi_sigma); /* exactly 0 before 30 s */
    out->trade_imbalance = values->trade_imbalance;
    out->cvd_qty = (double)values->cvd_lots * lot;
    out->volatility_1m_bp = known_if(mid_seen, values->volatility_1m_bp);
    out->momentum_10s_bp = known_if(mid_seen, values->momentum_10s_bp);
    out->momentum_60s_bp = known_if(mid_seen, values->momentum_60s_bp);
    out->vpin = known_if(values->vpin_valid, values->vpin);
    out->tape_per_s = values->tape_per_s;
    out->tape_usual = known_if(values->tape_usual > 0.0, values->tape_usual);
}

static struct fd_level best_of(const struct strategy_sight *sight, enum side side)
{
    if (sight->ref.best_ticks[side] <= 0)
        return (struct fd_level){.price_e8 = FD_NONE};
    return (struct fd_level){instrument_price_e8(sight->instrument, sight->ref.best_ticks[side]),
                             instrument_qty_e8(sight->instrument, sight->ref.best_lots[side])};
}

/* The average needs a division of 128 bits: made when a fill changed what it is made of. */
static int64_t average_of(struct seen_market *seen, const struct strategy_sight *sight)
{
    const struct position *position = sight->position;

    if (position->lots == 0)
        return FD_NONE;
    if (position->lots != seen->average_lots || position->cost_e8 != seen->average_cost_e8) {
        seen->average_lots = position->lots;
        seen->average_cost_e8 = position->cost_e8;
        seen->average_e8 = position_average_e8(position, sight->instrument);
    }
    return seen->average_e8;
}

static struct fd_position position_of(struct seen_market *seen, const struct strategy_sight *sight)
{
    const struct position *position = sight->position;
    struct fd_position out = {.qty_e8 = instrument_qty_e8(sight->instrument, position->lots),
                              .average_e8 = average_of(seen, sight),
                              .cost_e8 = position->cost_e8,
                              .realised_e8 = position->realised_e8,
                              .fees_e8 = position->fees_e8};

    if (position->lots != 0 && sight->mark_ticks > 0)
        out.unrealised_e8 = position_unrealised_e8(position, sight->instrument, sight->mark_ticks);
    return out;
}

static uint32_t order_state_seen(const struct order *order)
{
    static const uint32_t seen[ORDER_STATES] = {
        [ORDER_STATE_SENT] = FD_ORDER_SENT,
        [ORDER_STATE_WORKING] = FD_ORDER_WORKING,
        [ORDER_STATE_PENDING_CANCEL] = FD_ORDER_ENDING,
        [ORDER_STATE_PENDING_REPLACE] = FD_ORDER_WORKING,
        [ORDER_STATE_FILLED] = FD_ORDER_FILLED,
        [ORDER_STATE_CANCELLED] = FD_ORDER_CANCELLED,
        [ORDER_STATE_EXPIRED] = FD_ORDER_EXPIRED,
        [ORDER_STATE_REJECTED] = FD_ORDER_REJECTED,
        [ORDER_STATE_UNKNOWN] = FD_ORDER_UNKNOWN,
    };

    return order->seq == 0 ? FD_ORDER_DENIED : seen[order->state];
}

struct fd_order seen_order(const struct instrument *instrument, const struct order *order, const char *why)
{
    static const uint32_t types[ORDER_TYPES] = {
        [ORDER_LIMIT] = FD_LIMIT,
        [ORDER_MARKET] = FD_MARKET,
        [ORDER_STOP] = FD_STOP,
        [ORDER_STOP_LIMIT] = FD_STOP_LIMIT,
        [ORDER_TAKE_PROFIT] = FD_TAKE_PROFIT,
        [ORDER_TAKE_PROFIT_LIMIT] = FD_TAKE_PROFIT_LIMIT,
        [ORDER_TRAILING_STOP] = FD_TRAILING_STOP,
    };
    const struct order_intent *intent = &order->intent;

    return (struct fd_order){
        .id = order->seq,
        .side = (uint32_t)intent->side,
        .state = order_state_seen(order),
        .type = types[intent->type],
        .post_only = intent->post_only,
        .reduce_only = intent->reduce_only,
        .price_e8 = instrument_price_e8(instrument, order_shown_ticks(order)),
        .qty_e8 = instrument_qty_e8(instrument, intent->qty_lots),
        .filled_e8 = instrument_qty_e8(instrument, order->filled_lots),
        .ahead_e8 = order->queue_expected_lots < 0
                        ? FD_NONE
                        : instrument_qty_e8(instrument, order->queue_expected_lots),
        .sent_ns = order->sent_ns,
        .why = why != NULL ? why : "",
    };
}

static void orders_set(struct seen_market *seen, struct fd_market *market, const struct strategy_sight *sight)
{
    size_t count = sight->order_count < FD_ORDERS_MAX ? sight->order_count : FD_ORDERS_MAX;

    for (size_t i = 0; i < count; i++)
        seen->orders[i] = seen_order(sight->instrument, sight->orders[i], NULL);
    market->order_count = (uint32_t)count;
}

static void flags_set(struct seen_market *seen, struct fd_market *market, const struct strategy_sight *sight)
{
    market->flags = (sight->ref.book_state == BOOK_LIVE ? FD_BOOK_LIVE : 0u) |
                    (sight->ref.crossed ? FD_BOOK_CROSSED : 0u);
    seen->instrument.flags = (sight->instrument->venue != VENUE_BINANCE_SPOT ? FD_FUTURES : 0u) |
                             (sight->short_allowed ? FD_SHORT_ALLOWED : 0u);
    seen->instrument.maker_fee_ppm = (int32_t)sight->maker_fee_ppm;
    seen->instrument.taker_fee_ppm = (int32_t)sight->taker_fee_ppm;
}

void seen_market_update(struct strategy_instance *instance, size_t index, const struct strategy_sight *sight)
{
    struct seen_market *seen = &instance->seen[index];
    struct fd_market *market = &instance->market[index];

    if (seen->instrument.tick_e8 != sight->instrument->tick_e8 ||
        seen->instrument.lot_e8 != sight->instrument->lot_e8)
        seen->average_lots = 0; /* made of other lots */
    seen->source = sight->instrument;
    seen->book = sight->book;
    seen->levels_old = true;
    instrument_set(&seen->instrument, sight->instrument);
    flags_set(seen, market, sight);
    signals_set(&seen->signals, sight->signals, sight->instrument);
    market->book_age_ns = sight->ref.book_age_ns;
    market->bid = best_of(sight, SIDE_BID);
    market->ask = best_of(sight, SIDE_ASK);
    market->last_e8 =
        sight->ref.last_ticks > 0 ? instrument_price_e8(sight->instrument, sight->ref.last_ticks) : FD_NONE;
    market->position = position_of(seen, sight);
    orders_set(seen, market, sight);
}

static uint32_t levels_load(const struct seen_market *seen, enum side side, struct fd_level *out)
{
    struct level level[FD_LEVELS_MAX];
    size_t count = order_book_top(seen->book, side, level, FD_LEVELS_MAX);

    /* A level of the book was e8 on the wire: the products fit. */
    for (size_t i = 0; i < count; i++)
        out[i] = (struct fd_level){level[i].price_ticks * seen->source->tick_e8,
                                   level[i].qty_lots * seen->source->lot_e8};
    return (uint32_t)count;
}

void seen_markets_load_levels(struct strategy_instance *instance)
{
    for (uint32_t i = 0; i < instance->markets; i++) {
        struct seen_market *seen = &instance->seen[i];

        if (!seen->levels_old)
            continue;
        seen->levels_old = false;
        if (seen->book == NULL)
            continue;
        instance->market[i].bid_count = levels_load(seen, SIDE_BID, seen->bids);
        instance->market[i].ask_count = levels_load(seen, SIDE_ASK, seen->asks);
    }
}
