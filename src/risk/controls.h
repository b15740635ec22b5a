/*
 * controls.h - the single controls of the gate, inside the risk layer only. Pure.
 *
 * Each control looks at one question and one quantity. The table (gate.c) calls them in the order of their
 * codes. A control that says no writes its numbers; its code is the table's.
 */
#ifndef RISK_CONTROLS_H
#define RISK_CONTROLS_H

#include "risk/gate.h"

/* One question to the gate, with what several controls need. */
struct risk_question {
    const struct risk_limits *limits;
    const struct risk_state *state;
    const struct risk_instrument *at;
    const struct instrument *instrument;
    const struct market_ref *ref;
    const struct order_intent *intent;
    bool market; /* order_type_is_market(), order_type_is_triggered() of its type */
    bool triggered;
    bool tripped;           /* a monitor's trip stands for this owner, this symbol or everything */
    bool book_ok;           /* LIVE, not crossed, both sides there, young enough */
    int64_t mid2_ticks;     /* twice Ref; 0: none */
    int64_t reducible_lots; /* what our side may still sell of a long or buy of a short; >= 0 */
    int64_t worth_ticks;    /* price that bounds the money of the order from above; 0: overflow or none */
};

/* False: denied, with the numbers in *out. qty_lots may be less than the intent's. */
typedef bool risk_control_fn(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out);

/* May we send at all? */
risk_control_fn risk_control_kill, risk_control_mode, risk_control_halted, risk_control_reducing,
    risk_control_not_leader, risk_control_paused, risk_control_symbol_state, risk_control_stale_book,
    risk_control_clock, risk_control_latency;
/* Is the order sane? */
risk_control_fn risk_control_filter, risk_control_filter_most, risk_control_max_qty, risk_control_max_value,
    risk_control_collar, risk_control_collar_window, risk_control_volatility;
/* What if everything filled? */
risk_control_fn risk_control_max_pos, risk_control_max_gross, risk_control_max_open_value,
    risk_control_max_open_n, risk_control_balance, risk_control_daily_loss, risk_control_drawdown,
    risk_control_reduce_only;
/* How does it look beside our other orders? */
risk_control_fn risk_control_msg_rate, risk_control_req_weight, risk_control_duplicate,
    risk_control_self_trade;
/* Has a monitor tripped? */
risk_control_fn risk_control_repeat, risk_control_reject_storm, risk_control_trade_loss,
    risk_control_loss_streak, risk_control_order_to_trade;

/* `fits` names the controls that a smaller quantity can satisfy: those may cut an order. */
struct risk_control {
    risk_control_fn *judge; /* NULL: not a control of the gate */
    risk_control_fn *fits;
    enum risk_place place;
    const char *word;
    const char *help;
};

/* By enum risk_code: the order of judgement. */
extern const struct risk_control risk_control_table[RISK_CODES];

/* The fields of the order make no order, whatever its size; *out then says which. */
bool risk_shape_ok(const struct risk_question *q, struct risk_verdict *out);
/* Not stopped by what protects strategies and symbols: an operator's bounded way out. */
static inline bool risk_is_flatten(const struct risk_question *q)
{
    return q->intent->flatten && q->intent->price_ticks > 0;
}

/* It cannot stay in the book. */
bool risk_cannot_rest(const struct order_intent *intent);
bool risk_untripped_slow(const struct risk_question *q, int64_t qty_lots, enum risk_code code,
                         struct risk_verdict *out);

/* False: what that code tripped still stands, for this owner, this symbol or everything. */
static inline bool risk_untripped(const struct risk_question *q, int64_t qty_lots, enum risk_code code,
                                  struct risk_verdict *out)
{
    return !q->tripped || risk_untripped_slow(q, qty_lots, code, out);
}

/* Price at which the venue values the order: its limit, else about where it will trade. */
int64_t risk_notional_ticks(const struct risk_question *q);
/* Money of the part of the order that is not a reduction. */
int64_t risk_added_value_e8(const struct risk_question *q, int64_t qty_lots);
/* Price that bounds the money of the order from above. */
int64_t risk_worth_ticks(const struct order_intent *intent, const struct market_ref *ref);
/* Age at which this instrument's book prices nothing. */
int64_t risk_stale_ms(const struct risk_limits *limits, const struct risk_instrument *at);

/* Writes the numbers of a denial and returns false, so that a control can end with it. */
bool risk_deny(struct risk_verdict *out, enum risk_unit unit, int64_t value, int64_t limit);
bool risk_deny_named(struct risk_verdict *out, enum risk_unit unit, const char *name, int64_t value,
                     const char *bound, int64_t limit);

/* Money of qty_lots at price_ticks, rounded up to 1e-8; INT64_MAX when it does not fit: over every limit. */
int64_t risk_value_e8(const struct instrument *instrument, int64_t price_ticks, int64_t qty_lots);
/* a + b and a - b, INT64_MAX or INT64_MIN when it does not fit. */
static inline int64_t risk_add(int64_t a, int64_t b)
{
    int64_t sum;

    if (__builtin_add_overflow(a, b, &sum))
        return a < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

int64_t risk_subtract(int64_t a, int64_t b);

/* The order adds no exposure however our open orders fill. */
static inline bool risk_reduces(const struct risk_question *q, int64_t qty_lots)
{
    return qty_lots <= q->reducible_lots;
}

/* The loss of `now` against `base` is more than bp of base; then *limit_e8 is that, rounded down. */
bool risk_loss_over(int64_t base_e8, int64_t now_e8, int64_t bp, int64_t *loss_e8, int64_t *limit_e8);

#endif
