#include "core/domain/position.h"

#include "core/base/decimal.h"

#include <assert.h>
#include <stddef.h>

/* One leg of a fill: it only opens or only closes. */
struct leg {
    int64_t qty_lots; /* > 0 */
    int64_t value_e8;
    int64_t fee_e8;
};

static bool add_to(int64_t *sum, int64_t addend)
{
    return !__builtin_add_overflow(*sum, addend, sum);
}

static bool subtract_from(int64_t *sum, int64_t subtrahend)
{
    return !__builtin_sub_overflow(*sum, subtrahend, sum);
}

/* sign: +1 the leg buys, -1 it sells */
static bool open_leg(struct position *position, int sign, const struct leg *leg)
{
    return add_to(&position->lots, sign * leg->qty_lots) && position->lots != INT64_MIN &&
           add_to(&position->cost_e8, sign * leg->value_e8) && add_to(&position->open_fees_e8, leg->fee_e8) &&
           subtract_from(&position->trip_net_e8, leg->fee_e8);
}

static void end_trip(struct position *position)
{
    position->closed_trips++;
    position->winning_trips += position->trip_net_e8 > 0;
    position->trip_net_e8 = 0;
}

/* The leg takes its share of the cost with it; the last one takes the rest, to the last unit. */
static bool close_leg(struct position *position, int sign, const struct leg *leg, int64_t *realised_e8)
{
    int64_t open_lots = position->lots < 0 ? -position->lots : position->lots;
    int64_t cost_e8 = decimal_mul_div(position->cost_e8, leg->qty_lots, open_lots);
    int64_t fees_e8 = decimal_mul_div(position->open_fees_e8, leg->qty_lots, open_lots);

    assert(leg->qty_lots <= open_lots);
    position->lots += sign * leg->qty_lots; /* towards zero: cannot overflow */
    position->cost_e8 -= cost_e8;           /* a share is never larger than the whole */
    position->open_fees_e8 -= fees_e8;
    if (__builtin_sub_overflow(-sign * leg->value_e8, cost_e8, realised_e8) ||
        !add_to(&position->realised_e8, *realised_e8) || !add_to(&position->trip_net_e8, *realised_e8) ||
        !subtract_from(&position->trip_net_e8, leg->fee_e8))
        return false;
    if (position->lots == 0)
        end_trip(position);
    return true;
}

/* Splits the fill where it crosses zero: *closing gets a share in proportion, *opening the rest. */
static void split_fill(const struct position *position, const struct fill *fill, struct leg *closing,
                       struct leg *opening)
{
    int64_t open_lots = position->lots < 0 ? -position->lots : position->lots;
    bool reduces = position->lots != 0 && (position->lots > 0) == (fill->side == SIDE_ASK);
    int64_t closed = !reduces ? 0 : fill->qty_lots < open_lots ? fill->qty_lots : open_lots;

    closing->qty_lots = closed;
    closing->value_e8 = decimal_mul_div(fill->value_e8, closed, fill->qty_lots);
    closing->fee_e8 = decimal_mul_div(fill->fee_e8, closed, fill->qty_lots);
    opening->qty_lots = fill->qty_lots - closed;
    opening->value_e8 = fill->value_e8 - closing->value_e8;
    opening->fee_e8 = fill->fee_e8 - closing->fee_e8;
}

/* Sums that need no split. */
static bool add_totals(struct position *position, int sign, const struct fill *fill)
{
    int64_t *traded_lots = sign > 0 ? &position->bought_lots : &position->sold_lots;

    position->fills++;
    return subtract_from(&position->cash_e8, sign * fill->value_e8) &&
           add_to(&position->fees_e8, fill->fee_e8) && add_to(traded_lots, fill->qty_lots);
}

enum err position_apply(struct position *position, const struct instrument *instrument, struct fill *fill)
{
    struct position next;
    struct leg closing, opening;
    int64_t realised_e8 = 0;
    int sign = side_sign(fill->side);

    assert(position != NULL && instrument != NULL);
    assert(fill->instrument_id == instrument->id); /* the caller looked the instrument up by this */
    if (fill->qty_lots <= 0 || fill->value_e8 < 0)
        return ERR_BAD_DATA;

    next = *position;
    split_fill(&next, fill, &closing, &opening);
    if (!add_totals(&next, sign, fill) ||
        (closing.qty_lots > 0 && !close_leg(&next, sign, &closing, &realised_e8)) ||
        (opening.qty_lots > 0 && !open_leg(&next, sign, &opening)))
        return ERR_OVERFLOW;
    *position = next;
    fill->realised_e8 = realised_e8;
    return ERR_OK;
}

enum err position_fund(struct position *position, int64_t amount_e8)
{
    struct position after = *position;

    if (__builtin_add_overflow(after.cash_e8, amount_e8, &after.cash_e8) ||
        __builtin_add_overflow(after.realised_e8, amount_e8, &after.realised_e8) ||
        __builtin_add_overflow(after.trip_net_e8, amount_e8, &after.trip_net_e8) ||
        __builtin_add_overflow(after.funding_e8, amount_e8, &after.funding_e8))
        return ERR_OVERFLOW;
    *position = after;
    return ERR_OK;
}

int64_t position_value_e8(const struct position *position, const struct instrument *instrument,
                          int64_t mark_ticks)
{
    return instrument_value_e8(instrument, mark_ticks, position->lots);
}

int64_t position_unrealised_e8(const struct position *position, const struct instrument *instrument,
                               int64_t mark_ticks)
{
    int64_t value_e8 = position_value_e8(position, instrument, mark_ticks);
    int64_t unrealised_e8;

    if (__builtin_sub_overflow(value_e8, position->cost_e8, &unrealised_e8))
        return value_e8 < 0 ? INT64_MIN : INT64_MAX;
    return unrealised_e8;
}

/* money_e8 x 10^8 x factor / (|quantity| x divisor), half away from zero; 0 if it does not fit. */
static int64_t price_of(const struct position *position, const struct instrument *instrument,
                        __int128 money_e8, int64_t divisor_e8)
{
    __int128 qty_e8 = instrument_qty_e8(instrument, position->lots);
    __int128 divisor, price_e8;

    if (qty_e8 < 0)
        qty_e8 = -qty_e8;
    divisor = qty_e8 * divisor_e8;
    if (divisor <= 0 || money_e8 <= 0)
        return 0;
    price_e8 = (money_e8 * DECIMAL_E8 * DECIMAL_E8 + divisor / 2) / divisor;
    return price_e8 > INT64_MAX ? 0 : (int64_t)price_e8;
}

int64_t position_average_e8(const struct position *position, const struct instrument *instrument)
{
    __int128 cost_e8 = position->cost_e8;

    return price_of(position, instrument, position->lots < 0 ? -cost_e8 : cost_e8, DECIMAL_E8);
}

/*
 * A long pays cost + fees in and gets price x quantity x (1 - fee) out; a short got |cost| - fees in and
 * pays price x quantity x (1 + fee) out. The price where both are equal.
 */
int64_t position_even_e8(const struct position *position, const struct instrument *instrument,
                         int64_t taker_fee_e8)
{
    __int128 paid_e8 = (__int128)position->cost_e8 + position->open_fees_e8;

    if (position->lots < 0)
        return price_of(position, instrument, -paid_e8, DECIMAL_E8 + taker_fee_e8);
    return price_of(position, instrument, paid_e8, DECIMAL_E8 - taker_fee_e8);
}

void position_merge(struct position *position, const struct position *other)
{
    position->lots += other->lots;
    position->cost_e8 += other->cost_e8;
    position->cash_e8 += other->cash_e8;
    position->realised_e8 += other->realised_e8;
    position->fees_e8 += other->fees_e8;
    position->open_fees_e8 += other->open_fees_e8;
    position->bought_lots += other->bought_lots;
    position->sold_lots += other->sold_lots;
    position->fills += other->fills;
    position->closed_trips += other->closed_trips;
    position->winning_trips += other->winning_trips;
    position->trip_net_e8 += other->trip_net_e8;
    position->funding_e8 += other->funding_e8;
}

void position_rescale(struct position *position, struct step_change change)
{
    assert(change.qty_factor >= 1);
    /* Saturates rather than wraps; a quantity that fits its e8 form fits any lot that divides it. */
    position->lots = decimal_mul_div(position->lots, change.qty_factor, 1);
    position->bought_lots = decimal_mul_div(position->bought_lots, change.qty_factor, 1);
    position->sold_lots = decimal_mul_div(position->sold_lots, change.qty_factor, 1);
}
