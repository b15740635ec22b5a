/* controls_exposure.c - what if everything filled: position, gross, open value, funds, losses. */
#include "risk/controls.h"

/* At the limit passes; INT64_MAX stands for a sum that did not fit and passes no limit at all. */
static bool within(int64_t value, int64_t limit)
{
    return value <= limit && value < INT64_MAX;
}

/* Half of value, rounded up; the mark of "does not fit" stays. */
static int64_t half_up(int64_t value)
{
    return value == INT64_MAX ? INT64_MAX : value / 2 + value % 2;
}

/*
 * What one strategy holds and offers everywhere, and what this adds to it: measured by its own position, so
 * that it cannot hide behind that of another.
 */
static bool owner_pos_ok(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    uint16_t owner = q->intent->owner;
    enum side side = q->intent->side;
    int64_t added, value;

    if (owner == OWNER_MANUAL || q->intent->flatten)
        return true;
    if (owner >= OWNERS_MAX)
        return risk_deny_named(out, RISK_UNIT_NONE, "unknown owner", 0, NULL, 0);
    added = qty_lots - risk_reducible_lots(q->at->owner_position_lots, q->at->owner_open_lots[side], side);
    if (added <= 0)
        return true;
    value =
        risk_add(q->state->owner[owner].gross_value_e8, risk_value_e8(q->instrument, q->worth_ticks, added));
    return within(value, q->limits->max_position_owner_e8) ||
           risk_deny_named(out, RISK_UNIT_MONEY, "strategy", value, NULL, q->limits->max_position_owner_e8);
}

/* In our own direction only: the limit must not stop an order that reduces. Valued at Ref. */
bool risk_control_max_pos(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    enum side side = q->intent->side;
    int64_t toward, worst_lots, value = INT64_MAX;

    if (!__builtin_mul_overflow(q->at->position_lots, (int64_t)side_sign(side), &toward) &&
        !__builtin_add_overflow(toward, q->at->open_lots[side], &worst_lots) &&
        !__builtin_add_overflow(worst_lots, qty_lots, &worst_lots)) {
        if (worst_lots <= 0)
            return owner_pos_ok(q, qty_lots, out);
        /* Twice Ref halved: the mid lies between two ticks. */
        if (q->mid2_ticks > 0)
            value = half_up(risk_value_e8(q->instrument, q->mid2_ticks, worst_lots));
        if (q->intent->flatten && risk_reduces(q, qty_lots))
            return true;
    }
    if (within(value, q->limits->max_position_value_e8))
        return owner_pos_ok(q, qty_lots, out);
    return risk_deny(out, RISK_UNIT_MONEY, value, q->limits->max_position_value_e8);
}

int64_t risk_added_value_e8(const struct risk_question *q, int64_t qty_lots)
{
    if (risk_reduces(q, qty_lots))
        return 0;
    return risk_value_e8(q->instrument, q->worth_ticks, qty_lots - q->reducible_lots);
}

bool risk_control_max_gross(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    int64_t gross;

    if (risk_reduces(q, qty_lots))
        return true;
    gross = risk_add(q->state->gross_value_e8, risk_added_value_e8(q, qty_lots));
    if (within(gross, q->limits->max_gross_value_e8))
        return true;
    return risk_deny(out, RISK_UNIT_MONEY, gross, q->limits->max_gross_value_e8);
}

bool risk_control_max_open_value(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    int64_t value;

    if (q->intent->flatten || (risk_cannot_rest(q->intent) && risk_reduces(q, qty_lots)))
        return true;
    value = risk_add(q->at->open_value_e8[SIDE_BID], q->at->open_value_e8[SIDE_ASK]);
    value = risk_add(value, risk_value_e8(q->instrument, q->worth_ticks, qty_lots));
    if (within(value, q->limits->max_open_value_e8))
        return true;
    return risk_deny(out, RISK_UNIT_MONEY, value, q->limits->max_open_value_e8);
}

/* A bracket's ways out will be open orders too. */
bool risk_control_max_open_n(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    int64_t adds = 1 + (q->intent->bracket_take_ticks > 0) + (q->intent->bracket_stop_ticks > 0);
    int64_t here = risk_add(q->at->open_orders, adds), all = risk_add(q->state->open_orders_total, adds);

    if (q->intent->flatten || (risk_cannot_rest(q->intent) && risk_reduces(q, qty_lots)))
        return true;
    if (!within(here, q->limits->max_open_orders))
        return risk_deny(out, RISK_UNIT_COUNT, here, q->limits->max_open_orders);
    if (!within(all, q->limits->max_open_orders_total))
        return risk_deny_named(out, RISK_UNIT_COUNT, "total", all, NULL, q->limits->max_open_orders_total);
    return true;
}

/* With the dearer of the two fees: a limit order may take or rest. Rounded up. */
static int64_t with_fee(const struct risk_question *q, int64_t value_e8)
{
    int64_t ppm = q->limits->fee_taker_ppm > q->limits->fee_maker_ppm ? q->limits->fee_taker_ppm
                                                                      : q->limits->fee_maker_ppm;
    unsigned __int128 product, fee;

    if (ppm <= 0)
        return value_e8;
    product = (unsigned __int128)value_e8 * (unsigned __int128)ppm + 999999U;
    if ((product >> 64) == 0) /* the usual size: a multiplication instead of a library call */
        return risk_add(value_e8, (int64_t)((uint64_t)product / 1000000U));
    fee = product / 1000000U;
    return fee > INT64_MAX ? INT64_MAX : risk_add(value_e8, (int64_t)fee);
}

/*
 * Spot: a sale must be held and not promised to another open sale; a purchase and its fee must be free
 * cash. Futures: all exposure, unlevered, must be covered by equity; a reduction frees margin and passes.
 */
bool risk_control_balance(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    int64_t need;

    if (q->instrument->venue == VENUE_BINANCE_SPOT) {
        if (q->intent->side == SIDE_ASK)
            return risk_reduces(q, qty_lots) ||
                   risk_deny_named(out, RISK_UNIT_LOTS, "sell", qty_lots, "held", q->reducible_lots);
        need = with_fee(q, risk_value_e8(q->instrument, q->worth_ticks, qty_lots));
        return within(need, q->state->free_quote_e8) ||
               risk_deny_named(out, RISK_UNIT_MONEY, "cost", need, "free", q->state->free_quote_e8);
    }
    if (risk_reduces(q, qty_lots))
        return true;
    need = risk_add(q->state->gross_value_e8, with_fee(q, risk_added_value_e8(q, qty_lots)));
    return within(need, q->state->equity_e8) ||
           risk_deny_named(out, RISK_UNIT_MONEY, "margin", need, "equity", q->state->equity_e8);
}

bool risk_loss_over(int64_t base_e8, int64_t now_e8, int64_t bp, int64_t *loss_e8, int64_t *limit_e8)
{
    __int128 limit;

    *loss_e8 = risk_subtract(base_e8, now_e8);
    if ((__int128)*loss_e8 * 10000 <= (__int128)base_e8 * bp && *loss_e8 < INT64_MAX)
        return false;
    limit = (__int128)base_e8 * bp / 10000; /* for the text alone, so divided only here */
    *limit_e8 = limit > INT64_MAX ? INT64_MAX : (int64_t)limit;
    return true;
}

/* A baseline that is not known denies; what reduces always may. */
static bool loss_allows(const struct risk_question *q, int64_t qty_lots, int64_t base_e8, int64_t bp,
                        struct risk_verdict *out)
{
    int64_t loss, limit;

    if (risk_reduces(q, qty_lots))
        return true;
    if (base_e8 <= 0)
        return risk_deny_named(out, RISK_UNIT_NONE, "no baseline", 0, NULL, 0);
    if (!risk_loss_over(base_e8, q->state->equity_e8, bp, &loss, &limit))
        return true;
    return risk_deny_named(out, RISK_UNIT_MONEY, "loss", loss, NULL, limit);
}

static bool net_allows(const struct risk_question *q, int64_t qty_lots, int64_t net_e8, int64_t limit_e8,
                       const char *name, struct risk_verdict *out)
{
    int64_t loss = risk_subtract(0, net_e8);

    return within(loss, limit_e8) || risk_reduces(q, qty_lots) ||
           risk_deny_named(out, RISK_UNIT_MONEY, name, loss, NULL, limit_e8);
}

bool risk_control_daily_loss(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    uint16_t owner = q->intent->owner;

    return loss_allows(q, qty_lots, q->state->equity_start_day_e8, q->limits->daily_loss_bp, out) &&
           (owner == OWNER_MANUAL || owner >= OWNERS_MAX ||
            net_allows(q, qty_lots, q->state->owner[owner].day_net_e8, q->limits->daily_loss_owner_e8,
                       "strategy_loss", out)) &&
           net_allows(q, qty_lots, q->at->day_net_e8, q->limits->daily_loss_symbol_e8, "symbol_loss", out) &&
           risk_untripped(q, qty_lots, RISK_DAILY_LOSS, out);
}

bool risk_control_drawdown(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    return loss_allows(q, qty_lots, q->state->equity_peak_e8, q->limits->drawdown_bp, out) &&
           risk_untripped(q, qty_lots, RISK_DRAWDOWN, out);
}

/* What becomes a market order and has no bound of its own may only be a way out; a flatten always is. */
bool risk_control_reduce_only(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    bool unbounded = q->market && q->intent->price_ticks <= 0;

    if (!q->intent->reduce_only && !q->intent->flatten && !unbounded)
        return true;
    if (risk_reduces(q, qty_lots))
        return true;
    return risk_deny(out, RISK_UNIT_LOTS, qty_lots, q->reducible_lots);
}
