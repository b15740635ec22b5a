/*
 * strategy.h - numbers -> intents. Built-in strategies behind one table of functions. Pure.
 *
 * The pipeline calls a strategy after each event of its instrument with the signals, the book
 * facts and what it owns; it answers with intents and cancels, which the risk gate judges. A
 * strategy never sees orders of others and never sends.
 */
#ifndef CORE_STRATEGY_STRATEGY_H
#define CORE_STRATEGY_STRATEGY_H

#include "core/domain/instrument.h"
#include "core/domain/intent.h"
#include "core/domain/market_ref.h"
#include "core/domain/order.h"
#include "core/domain/position.h"
#include "core/signal/signals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STRATEGY_INTENTS_MAX  8 /* of one call */
#define STRATEGY_FEATURES_MAX 8

/* What it sees of one instrument. */
struct strategy_view {
    const struct instrument *instrument;
    struct market_ref ref;
    const struct signal_values *signals;
    const struct position *position;   /* its own */
    const struct order *const *orders; /* its own open orders */
    size_t order_count;
};

struct strategy_actions {
    size_t intent_count;
    struct order_intent intent[STRATEGY_INTENTS_MAX]; /* owner and correlation_id are filled by the host */
    size_t cancel_count;
    uint64_t cancel_seq[STRATEGY_INTENTS_MAX];
};

struct strategy_feature {
    const char *name;   /* static */
    double value;       /* of a feature -1..1: below 0 speaks for selling; of a condition its own figure */
    double weight;      /* share of the score; 0: a condition only */
    bool condition_met; /* a feature: there is enough data for it; all must be met for an entry */
};

/* Why it does what it does: for the screen and the audit trail. */
struct strategy_reason {
    double score;      /* -1..1: below 0 sells */
    double threshold;  /* |score| from which it acts */
    double confidence; /* 0..1: weight of the features that point the way of the score */
    size_t feature_count;
    struct strategy_feature feature[STRATEGY_FEATURES_MAX];
};

/* Name of owner 0 (OWNER_MANUAL), the trader's own hand: an owner without a strategy behind it. */
#define STRATEGY_MANUAL_NAME "manual"

struct strategy; /* state of one strategy over all its instruments */

#define STRATEGY_OFI_VOLATILITY_MAX_BP 60

/*
 * ofi: follows order flow. score = weighted sum of five features of signals.h, each -1..1; it enters with the
 * flow when |score| reaches the threshold, most features agree and every condition holds; leaves by score,
 * time, take profit or stop loss (marked at the price that closes). One entry order at a time, and none while
 * a position is open. Exits are reduce-only market orders with a bound, and may be cut by the gate.
 */
struct strategy_params_ofi {
    int64_t order_value_e8;      /* quote money of one entry */
    int64_t threshold_x100;      /* 80 */
    int64_t exit_x100;           /* 20: leave when the score points against the position by that much */
    int64_t hold_max_ms;         /* 120000 */
    int64_t take_profit_bp_x100; /* 0: off */
    int64_t stop_loss_bp_x100;   /* 3000 = 30 bp */
    int64_t cooldown_ms;         /* 3000 after an exit or a denial */
    int64_t order_life_ms;       /* 5000: a resting entry is taken back after that */
    int64_t spread_ticks_max;    /* 50; no entry in a wider spread */
    int64_t volatility_max_bp;   /* no entry above it (1 min, realised); 0: STRATEGY_OFI_VOLATILITY_MAX_BP */
    bool passive;                /* enter at the touch (post-only) instead of taking */
    bool short_allowed;          /* futures only; spot never */
};

struct strategy *strategy_ofi_new(const struct strategy_params_ofi *params); /* NULL: memory */
void strategy_free(struct strategy *strategy);
const char *strategy_name(const struct strategy *strategy); /* "ofi" */
/* Writes *actions (zeroed by the call). The flatten flag of an intent is the operator's: taken off. */
void strategy_on_event(struct strategy *strategy, const struct strategy_view *view,
                       struct strategy_actions *actions);
void strategy_on_fill(struct strategy *strategy, const struct strategy_view *view, const struct fill *fill);
void strategy_on_denied(struct strategy *strategy, const struct strategy_view *view, const char *code);
/* Paused, turned off or the book is gone: forget what was pending. */
void strategy_reset_instrument(struct strategy *strategy, uint16_t instrument_id);
const struct strategy_reason *strategy_reason(const struct strategy *strategy, uint16_t instrument_id);
void strategy_rescale(struct strategy *strategy, uint16_t instrument_id, struct step_change change);

#endif
