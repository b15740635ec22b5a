#include "app/market_state.h"

#include <stdlib.h>

#define NS_PER_S INT64_C(1000000000)

struct market_state *market_state_new(const struct instrument *instrument, const struct signal_params *params)
{
    struct market_state *market = calloc(1, sizeof(*market));

    if (market == NULL)
        return NULL;
    market->instrument = instrument;
    market->book_state = BOOK_SYNCING;
    market->trading = instrument->trading;
    market->book = order_book_new();
    market->sync = book_sync_new(instrument->venue != VENUE_BINANCE_SPOT);
    market->tape = tape_new();
    market->candles = candles_new();
    market->signals = signals_new(params);
    market->warm_up = warm_up_new(params);
    if (market->book == NULL || market->sync == NULL || market->tape == NULL || market->candles == NULL ||
        market->signals == NULL || market->warm_up == NULL) {
        market_state_free(market);
        return NULL;
    }
    return market;
}

void market_state_free(struct market_state *market)
{
    if (market == NULL)
        return;
    order_book_free(market->book);
    book_sync_free(market->sync);
    tape_free(market->tape);
    candles_free(market->candles);
    signals_free(market->signals);
    warm_up_free(market->warm_up);
    book_audit_free(market->audit);
    free(market);
}

void market_state_rescale(struct market_state *market, struct step_change change)
{
    step_scale(&market->close.worst_ticks, change.price_factor);
    step_scale(&market->close.other_lots, change.qty_factor);
    order_book_rescale(market->book, change.price_factor, change.qty_factor);
    book_sync_rescale(market->sync, change);
    if (market->audit != NULL)
        book_audit_rescale(market->audit, change);
    tape_rescale(market->tape, change);
    candles_rescale(market->candles, change);
    signals_rescale(market->signals, change);
    warm_up_rescale(market->warm_up, change);
    position_rescale(&market->total, change);
    for (int owner = 0; owner < OWNERS_MAX; owner++)
        position_rescale(&market->owned[owner], change);
    for (int side = 0; side < SIDE_COUNT; side++)
        market->mark_ticks[side] *= change.price_factor;
    market->known_low_ticks *= change.price_factor;
    market->known_high_ticks *= change.price_factor;
    market->forced.last.price_ticks *= change.price_factor;
    market->forced.last.qty_lots *= change.qty_factor;
}

struct market_ref market_state_ref(const struct market_state *market, int64_t now_ns)
{
    struct market_ref ref = {.now_ns = now_ns, .book_state = book_sync_state(market->sync)};
    const struct tape_totals *totals = tape_totals(market->tape);

    ref.crossed = market->is_crossed;
    ref.book_age_ns = market->book_ns == 0 ? INT64_MAX : now_ns - market->book_ns;
    ref.last_ticks = totals->last_ticks;
    for (int side = 0; side < SIDE_COUNT; side++) {
        struct level best;

        if (order_book_best(market->book, (enum side)side, &best)) {
            ref.best_ticks[side] = best.price_ticks;
            ref.best_lots[side] = best.qty_lots;
        }
    }
    return ref;
}

bool market_state_knows_best(const struct market_state *market, enum side side)
{
    int64_t known = side == SIDE_BID ? market->known_low_ticks : market->known_high_ticks;
    struct level best;

    if (!market->is_cut[side])
        return true; /* the snapshot had all of this side */
    return order_book_best(market->book, side, &best) && side_sign(side) * (best.price_ticks - known) >= 0;
}

int64_t market_state_mark(const struct market_state *market, int64_t lots)
{
    if (lots == 0)
        return 0;
    return market->mark_ticks[lots > 0 ? SIDE_BID : SIDE_ASK];
}

struct ticker_best market_state_best(const struct market_state *market, uint64_t update_id)
{
    struct ticker_best best = {.update_id = update_id};

    for (int side = 0; side < SIDE_COUNT; side++) {
        struct level level;

        if (order_book_best(market->book, (enum side)side, &level)) {
            best.price_e8[side] = instrument_price_e8(market->instrument, level.price_ticks);
            best.qty_e8[side] = instrument_qty_e8(market->instrument, level.qty_lots);
        }
    }
    return best;
}

void market_state_book_changed(struct market_state *market, int64_t now_ns)
{
    market->book_ns = now_ns - market->behind_ns;
    market->is_crossed = order_book_crossed(market->book);
    for (int side = 0; side < SIDE_COUNT; side++) {
        struct level best;

        if (order_book_best(market->book, (enum side)side, &best))
            market->mark_ticks[side] = best.price_ticks;
    }
}

void worst_of_second_add(struct worst_of_second *worst, int64_t now_ns, int64_t value)
{
    int64_t second = now_ns / NS_PER_S;

    if (second != worst->second) {
        worst->shown = worst->running;
        worst->running = value;
        worst->second = second;
    } else if (value > worst->running) {
        worst->running = value;
    }
    if (worst->running > worst->shown)
        worst->shown = worst->running;
}
