/* controls_shape.c - do the fields of an order make an order: time in force, triggers, icebergs, brackets. */
#include "risk/controls.h"

static bool malformed(struct risk_verdict *out, const char *why)
{
    return risk_deny_named(out, RISK_UNIT_NONE, why, 0, NULL, 0);
}

bool risk_cannot_rest(const struct order_intent *intent)
{
    return intent->type == ORDER_MARKET || intent->tif == TIF_IOC || intent->tif == TIF_FOK;
}

int64_t risk_notional_ticks(const struct risk_question *q)
{
    const struct order_intent *intent = q->intent;

    if (!q->market)
        return intent->price_ticks;
    if (intent->type != ORDER_MARKET && intent->stop_ticks > 0)
        return intent->stop_ticks;
    return q->mid2_ticks / 2;
}

static bool flags_ok(const struct risk_question *q, struct risk_verdict *out)
{
    const struct order_intent *intent = q->intent;

    if ((unsigned)intent->tif > TIF_GTD)
        return malformed(out, "malformed");
    if (intent->post_only && (intent->type != ORDER_LIMIT || risk_cannot_rest(intent)))
        return malformed(out, "post-only order that cannot rest");
    if (intent->tif == TIF_GTD && intent->expire_ns <= q->ref->now_ns)
        return malformed(out, "its time is over");
    return true;
}

static bool trigger_ok(const struct risk_question *q, struct risk_verdict *out)
{
    const struct order_intent *intent = q->intent;

    if (!q->triggered)
        return true;
    if (intent->type == ORDER_TRAILING_STOP) {
        if (intent->trail_ticks <= 0)
            return risk_deny_named(out, RISK_UNIT_TICKS, "trail", intent->trail_ticks, "min", 1);
        if (intent->stop_ticks < 0)
            return risk_deny_named(out, RISK_UNIT_TICKS, "stop", intent->stop_ticks, "min", 0);
        return true;
    }
    if (intent->stop_ticks <= 0)
        return risk_deny_named(out, RISK_UNIT_TICKS, "stop", intent->stop_ticks, "min", 1);
    return true;
}

/* Each part that shows is an order of its own for the venue's minimum. */
static bool iceberg_ok(const struct risk_question *q, struct risk_verdict *out)
{
    const struct order_intent *intent = q->intent;
    int64_t least = q->instrument->qty_lots_min > 0 ? q->instrument->qty_lots_min : 1;

    if (intent->display_lots == 0)
        return true;
    if (q->market || risk_cannot_rest(intent))
        return malformed(out, "iceberg that cannot rest");
    if (intent->display_lots < least)
        return risk_deny_named(out, RISK_UNIT_LOTS, "display", intent->display_lots, "min", least);
    return true;
}

/* The way out at a profit beyond the entry, the one at a loss short of it, both prices that the venue takes. */
static bool bracket_ok(const struct risk_question *q, struct risk_verdict *out)
{
    const struct order_intent *intent = q->intent;
    int64_t take = intent->bracket_take_ticks, stop = intent->bracket_stop_ticks;
    int64_t entry = risk_notional_ticks(q), least = q->instrument->price_ticks_min;
    int64_t most = q->instrument->price_ticks_max > 0 ? q->instrument->price_ticks_max : INT64_MAX;
    bool buys = intent->side == SIDE_BID;

    if (take == 0 && stop == 0)
        return true;
    if (intent->reduce_only || intent->flatten)
        return malformed(out, "bracket of an exit");
    if (take < 0 || stop < 0 || (take > 0 && (take < least || take > most)) ||
        (stop > 0 && (stop < least || stop > most)))
        return malformed(out, "bracket price out of bounds");
    if (take > 0 && (buys ? take <= entry : take >= entry))
        return risk_deny_named(out, RISK_UNIT_TICKS, "take", take, "entry", entry);
    if (stop > 0 && (buys ? stop >= entry : stop <= entry))
        return risk_deny_named(out, RISK_UNIT_TICKS, "stop", stop, "entry", entry);
    return true;
}

bool risk_shape_ok(const struct risk_question *q, struct risk_verdict *out)
{
    return flags_ok(q, out) && trigger_ok(q, out) && iceberg_ok(q, out) && bracket_ok(q, out);
}
