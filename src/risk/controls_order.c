/* controls_order.c - is the order itself sane: venue filters, size, value, price collar. */
#include "risk/controls.h"

/* Exact money times 10^8 (so times 10^16 in all), for compares without rounding. False: does not fit. */
static bool value_e16(const struct instrument *instrument, int64_t price_ticks, int64_t qty_lots,
                      __int128 *out)
{
    int64_t price_e8, qty_e8;

    if (__builtin_mul_overflow(price_ticks, instrument->tick_e8, &price_e8) ||
        __builtin_mul_overflow(qty_lots, instrument->lot_e8, &qty_e8))
        return false;
    *out = (__int128)price_e8 * qty_e8;
    return true;
}

/* The upper bounds: those that a smaller quantity can satisfy. */
bool risk_control_filter_most(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    const struct instrument *instrument = q->instrument;
    __int128 notional;

    if (instrument->qty_lots_max > 0 && qty_lots > instrument->qty_lots_max)
        return risk_deny_named(out, RISK_UNIT_LOTS, "qty", qty_lots, "max", instrument->qty_lots_max);
    if (q->market && instrument->market_qty_lots_max > 0 && qty_lots > instrument->market_qty_lots_max)
        return risk_deny_named(out, RISK_UNIT_LOTS, "market_qty", qty_lots, "max",
                               instrument->market_qty_lots_max);
    if (instrument->notional_e8_max > 0 &&
        (!value_e16(instrument, risk_notional_ticks(q), qty_lots, &notional) ||
         notional > (__int128)instrument->notional_e8_max * 100000000))
        return risk_deny_named(out, RISK_UNIT_MONEY, "notional",
                               risk_value_e8(instrument, risk_notional_ticks(q), qty_lots), "max",
                               instrument->notional_e8_max);
    return true;
}

static bool filter_least(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    const struct instrument *instrument = q->instrument;
    __int128 notional;

    if (qty_lots <= 0)
        return risk_deny_named(out, RISK_UNIT_LOTS, "qty", qty_lots, "min", 1);
    if (qty_lots < instrument->qty_lots_min)
        return risk_deny_named(out, RISK_UNIT_LOTS, "qty", qty_lots, "min", instrument->qty_lots_min);
    if (instrument->notional_e8_min > 0 &&
        (!value_e16(instrument, risk_notional_ticks(q), qty_lots, &notional) ||
         notional < (__int128)instrument->notional_e8_min * 100000000))
        return risk_deny_named(out, RISK_UNIT_MONEY, "notional",
                               risk_value_e8(instrument, risk_notional_ticks(q), qty_lots), "min",
                               instrument->notional_e8_min);
    return true;
}

static bool venue_price_ok(const struct instrument *instrument, int64_t price, struct risk_verdict *out)
{
    if (instrument->price_ticks_min > 0 && price < instrument->price_ticks_min)
        return risk_deny_named(out, RISK_UNIT_TICKS, "price", price, "min", instrument->price_ticks_min);
    if (instrument->price_ticks_max > 0 && price > instrument->price_ticks_max)
        return risk_deny_named(out, RISK_UNIT_TICKS, "price", price, "max", instrument->price_ticks_max);
    return true;
}

/* The bound of what becomes a market order is our own, the venue never sees it. */
static bool filter_price(const struct risk_question *q, struct risk_verdict *out)
{
    const struct order_intent *intent = q->intent;
    int64_t least = q->market && intent->type != ORDER_MARKET ? 0 : 1;

    if (intent->price_ticks < least)
        return risk_deny_named(out, RISK_UNIT_TICKS, "price", intent->price_ticks, "min", least);
    if (intent->stop_ticks > 0 && q->triggered && !venue_price_ok(q->instrument, intent->stop_ticks, out))
        return false;
    return q->market || venue_price_ok(q->instrument, intent->price_ticks, out);
}

bool risk_control_filter(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    return risk_shape_ok(q, out) && filter_price(q, out) && filter_least(q, qty_lots, out) &&
           risk_control_filter_most(q, qty_lots, out);
}

/* max_value over Ref, in lots, rounded down; for the text of a denial. */
static int64_t qty_lots_of_value(const struct risk_question *q)
{
    __int128 lot_e16 = (__int128)q->instrument->tick_e8 * q->instrument->lot_e8;
    __int128 lots;

    if (q->mid2_ticks <= 0 || lot_e16 > ((__int128)1 << 126) / q->mid2_ticks)
        return 0;
    lots = (__int128)q->limits->max_value_e8 * 200000000 / (lot_e16 * q->mid2_ticks);
    return lots > INT64_MAX ? INT64_MAX : (int64_t)lots;
}

bool risk_control_max_qty(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    int64_t qty_e8, twice_max;
    __int128 twice_value;

    if (q->intent->flatten)
        return true;
    if (q->limits->max_qty_e8 > 0) {
        if (!__builtin_mul_overflow(qty_lots, q->instrument->lot_e8, &qty_e8) &&
            qty_e8 <= q->limits->max_qty_e8)
            return true;
        return risk_deny(out, RISK_UNIT_LOTS, qty_lots, q->limits->max_qty_e8 / q->instrument->lot_e8);
    }
    if (q->state->mode != MODE_SIMULATION) /* live has no default: not set means nothing may go */
        return risk_deny(out, RISK_UNIT_LOTS, qty_lots, 0);
    if (!__builtin_mul_overflow(q->limits->max_value_e8, 2, &twice_max) && q->mid2_ticks > 0 &&
        value_e16(q->instrument, q->mid2_ticks, qty_lots, &twice_value) &&
        twice_value <= (__int128)twice_max * 100000000)
        return true;
    return risk_deny(out, RISK_UNIT_LOTS, qty_lots, qty_lots_of_value(q));
}

bool risk_control_max_value(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    int64_t value = risk_value_e8(q->instrument, q->worth_ticks, qty_lots);

    if (q->intent->flatten || (value <= q->limits->max_value_e8 && value < INT64_MAX))
        return true;
    return risk_deny(out, RISK_UNIT_MONEY, value, q->limits->max_value_e8);
}

/* |price - reference / 2^halves| in basis points of it, rounded up, so that a trifle over 200 reads 201. */
static int64_t away_bp(__int128 difference, int64_t reference)
{
    __int128 bp = (difference * 10000 + reference - 1) / reference;

    return bp > INT64_MAX ? INT64_MAX : (int64_t)bp;
}

/* reference2 is twice the reference price. */
static bool collar_limit(const struct risk_question *q, int64_t price, int64_t reference2, const char *name,
                         struct risk_verdict *out)
{
    __int128 difference = (__int128)price * 2 - reference2;

    if (difference < 0)
        difference = -difference;
    if (difference * 10000 <= (__int128)q->limits->collar_limit_bp * reference2)
        return true;
    return risk_deny_named(out, RISK_UNIT_BP, name, away_bp(difference, reference2), NULL,
                           q->limits->collar_limit_bp);
}

/* How far beyond `from` the worst price lies, in the direction that costs us. */
static bool collar_market(const struct risk_question *q, int64_t worst, int64_t from,
                          struct risk_verdict *out)
{
    __int128 difference = ((__int128)worst - from) * side_sign(q->intent->side);

    if (difference * 10000 <= (__int128)q->limits->collar_market_bp * from)
        return true;
    return risk_deny_named(out, RISK_UNIT_BP, "slippage", away_bp(difference, from), NULL,
                           q->limits->collar_market_bp);
}

/*
 * A limit on either side of Ref and of the last trade (once there is one: a quiet market starts without); a
 * market order from the touch it takes; a stop's bound, where it has one, from its stop price. A stop itself
 * may stand as far away as the trader likes.
 */
bool risk_control_collar(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    const struct order_intent *intent = q->intent;
    int64_t last = q->ref->last_ticks, last2;

    (void)qty_lots;
    switch (intent->type) {
    case ORDER_LIMIT:
        if (!q->book_ok) /* a flatten at a typed price: STALE_BOOK lets nothing else come here */
            return true;
        if (!collar_limit(q, intent->price_ticks, q->mid2_ticks, "from_mid", out))
            return false;
        if (last == 0)
            return true;
        if (__builtin_mul_overflow(last, 2, &last2) || last2 <= 0)
            return risk_deny_named(out, RISK_UNIT_BP, "from_last", INT64_MAX, NULL,
                                   q->limits->collar_limit_bp);
        return collar_limit(q, intent->price_ticks, last2, "from_last", out);
    case ORDER_MARKET:
        return collar_market(q, intent->price_ticks, q->ref->best_ticks[side_other(intent->side)], out);
    case ORDER_STOP_LIMIT: /* from where it goes off */
    case ORDER_TAKE_PROFIT_LIMIT:
        return collar_market(q, intent->price_ticks, intent->stop_ticks, out);
    case ORDER_STOP:
    case ORDER_TAKE_PROFIT:
    case ORDER_TRAILING_STOP:
        return intent->price_ticks == 0 || intent->stop_ticks == 0 ||
               collar_market(q, intent->price_ticks, intent->stop_ticks, out);
    case ORDER_TYPES:
        break;
    }
    return risk_deny_named(out, RISK_UNIT_NONE, "malformed", 0, NULL, 0);
}
