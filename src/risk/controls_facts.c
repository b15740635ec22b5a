/* controls_facts.c - what others found out: leadership, clock, weight, volatility, and what monitors tripped. */
#include "risk/controls.h"

/*
 * A strategy that was disabled, a symbol that was halted: nothing of theirs but the operator's flatten. Where
 * a monitor halted everything, `reduce` opens the way out, and only that.
 */
bool risk_untripped_slow(const struct risk_question *q, int64_t qty_lots, enum risk_code code,
                         struct risk_verdict *out)
{
    const struct risk_state *state = q->state;

    if (risk_is_flatten(q))
        return true;
    if (q->intent->owner >= OWNERS_MAX || q->instrument->id >= INSTRUMENTS_MAX)
        return risk_deny_named(out, RISK_UNIT_NONE, "unknown owner or instrument", 0, NULL, 0);
    if (state->owner_disabled[q->intent->owner] == code)
        return risk_deny_named(out, RISK_UNIT_NONE, "this strategy is disabled", 0, NULL, 0);
    if (state->symbol_halted[q->instrument->id] == code)
        return risk_deny_named(out, RISK_UNIT_NONE, "this instrument is halted", 0, NULL, 0);
    if (state->halted_by == code && !(risk_state_only_reduces(state) && risk_reduces(q, qty_lots)))
        return risk_deny_named(out, RISK_UNIT_NONE, "halted everything", 0, NULL, 0);
    return true;
}

bool risk_control_latency(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    return risk_untripped(q, qty_lots, RISK_LATENCY, out);
}

bool risk_control_collar_window(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    return risk_untripped(q, qty_lots, RISK_COLLAR_WINDOW, out);
}

bool risk_control_repeat(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    return risk_untripped(q, qty_lots, RISK_REPEAT, out);
}

bool risk_control_reject_storm(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    return risk_untripped(q, qty_lots, RISK_REJECT_STORM, out);
}

bool risk_control_trade_loss(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    return risk_untripped(q, qty_lots, RISK_TRADE_LOSS, out);
}

bool risk_control_loss_streak(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    return risk_untripped(q, qty_lots, RISK_LOSS_STREAK, out);
}

bool risk_control_order_to_trade(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    return risk_untripped(q, qty_lots, RISK_ORDER_TO_TRADE, out);
}

/* Without a lease only live mode is stopped: elsewhere nobody else could send the same. */
bool risk_control_not_leader(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    const struct risk_state *state = q->state;
    int64_t age_ns;

    (void)qty_lots;
    if (state->leader_term_ns == 0 && state->mode == MODE_SIMULATION)
        return true;
    if (state->leader_term_ns <= 0)
        return risk_deny_named(out, RISK_UNIT_NONE, "no lease", 0, NULL, 0);
    if (__builtin_sub_overflow(q->ref->now_ns, state->leader_beat_ns, &age_ns) || age_ns < 0)
        return risk_deny_named(out, RISK_UNIT_NONE, "heartbeat from the future", 0, NULL, 0);
    if (age_ns < state->leader_term_ns / 2)
        return true;
    return risk_deny_named(out, RISK_UNIT_MS, "heartbeat", age_ns / 1000000, NULL,
                           state->leader_term_ns / 2000000);
}

bool risk_control_clock(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    int64_t offset_ns = q->state->clock_offset_ns, limit_ns;

    (void)qty_lots;
    if (q->state->mode != MODE_LIVE || risk_is_flatten(q))
        return true;
    if (!q->state->clock_known || offset_ns == INT64_MIN)
        return risk_deny_named(out, RISK_UNIT_NONE, "offset unknown", 0, NULL, 0);
    if (offset_ns < 0)
        offset_ns = -offset_ns;
    if (!__builtin_mul_overflow(q->limits->clock_ms, INT64_C(1000000), &limit_ns) && offset_ns <= limit_ns)
        return true;
    return risk_deny_named(out, RISK_UNIT_MS, "offset", offset_ns / 1000000 + (offset_ns % 1000000 > 0), NULL,
                           q->limits->clock_ms);
}

/* One order weighs one. A flatten may use what is kept for cancels. */
bool risk_control_req_weight(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    const struct risk_state *state = q->state;
    int64_t percent = risk_is_flatten(q) ? 100 : q->limits->req_weight_percent;
    int64_t used = risk_add(state->weight_used, 1);
    __int128 most = (__int128)state->weight_allowed * percent;

    (void)qty_lots;
    if (state->weight_allowed == 0 && state->mode == MODE_SIMULATION)
        return true;
    if (state->weight_allowed > 0 && state->weight_used >= 0 && used < INT64_MAX &&
        (__int128)used * 100 <= most)
        return true;
    return risk_deny_named(out, RISK_UNIT_COUNT, "weight", used, NULL, most > 0 ? (int64_t)(most / 100) : 0);
}

/*
 * Above the limit what an order adds shrinks in proportion: twice the volatility, half of max_value; above
 * four times the limit nothing is added at all.
 */
bool risk_control_volatility(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    int64_t volatility_bp = q->at->volatility_bp, limit_bp = q->limits->volatility_bp, added;
    __int128 most;

    if (!risk_untripped(q, qty_lots, RISK_VOLATILITY, out))
        return false;
    if ((volatility_bp >= 0 && volatility_bp <= limit_bp) || risk_is_flatten(q) || risk_reduces(q, qty_lots))
        return true;
    if (volatility_bp < 0)
        return risk_deny_named(out, RISK_UNIT_NONE, "cannot be told", 0, NULL, 0);
    if (limit_bp <= 0 || volatility_bp / 4 > limit_bp ||
        (volatility_bp / 4 == limit_bp && volatility_bp % 4 > 0))
        return risk_deny_named(out, RISK_UNIT_BP, "volatility", volatility_bp, NULL, limit_bp);
    added = risk_added_value_e8(q, qty_lots);
    most = (__int128)q->limits->max_value_e8 * limit_bp;
    if (added < INT64_MAX && (__int128)added * volatility_bp <= most)
        return true;
    return risk_deny(out, RISK_UNIT_MONEY, added, (int64_t)(most / volatility_bp));
}
