/*
 * execution_parts.h - what the parts of the execution engine share. Inside exec/execution*.c alone. Pure.
 *
 * Prices along a side are "signed": times side_sign, so that higher is always closer to trading.
 */
#ifndef EXEC_EXECUTION_PARTS_H
#define EXEC_EXECUTION_PARTS_H

#include "exec/execution.h"

#define TOUCH_PAST_MAX        8 /* of a window: steps that still bound it */
#define EXECUTION_CHILDREN    4 /* resting at a time on one side */
#define EXECUTION_CANCELS_MAX 8 /* remembered, so that a refused cancel is not repeated at once */
#define EXECUTION_DOUBLINGS   6 /* of a pause: 64 times */

/* --- the touch (execution_touch.c) --------------------------------------------------------------------------- */

struct touch_past {
    int64_t value;    /* signed price that was the best */
    int64_t until_ns; /* when it ceased to be */
};

struct touch_window { /* values rise, ends rise: the first is the extreme of the window's past */
    size_t count;
    struct touch_past past[TOUCH_PAST_MAX];
};

struct touch_side {
    bool seen;
    int64_t first_ns; /* watched without a break since */
    int64_t value;    /* now */
    struct touch_window low, high;
};

struct touch {
    struct touch_side side[SIDE_COUNT];
};

/* Signed prices between which the touch of one side has been over the last flicker_ns. */
struct touch_band {
    bool known;   /* watched for that long; else both are what was seen so far */
    int64_t low;  /* somebody stood here or better all the time: the stable touch */
    int64_t high; /* the foremost that anybody stood */
};

void touch_reset(struct touch *touch);
/* price_ticks 0: that side is empty, its past is forgotten. */
void touch_see(struct touch *touch, enum side side, int64_t price_ticks, int64_t now_ns, int64_t window_ns);
/* False: the side is empty. */
bool touch_band(const struct touch *touch, enum side side, int64_t now_ns, int64_t window_ns,
                struct touch_band *out);
void touch_rescale(struct touch *touch, int64_t price_factor);

/* --- slices (execution_slice.c) ------------------------------------------------------------------------------ */

struct slice_plan {
    bool begun;
    enum side side;     /* direction it was made for */
    int64_t total_lots; /* to trade, from the position at the start */
    int64_t start_ns;
    int64_t slices;       /* TWAP */
    int64_t quantum_lots; /* POV: released in steps of this */
    int64_t traded_lots;  /* POV: of the market since the start */
    int64_t mark_ns;      /* POV: last look at what is late */
    int64_t mark_lots, late_lots;
};

/* Cumulative from the start: what may be out by now, and of that what should have filled already. */
struct slice_due {
    int64_t due_lots, late_lots;
};

void slice_begin(struct slice_plan *plan, const struct goal *goal, enum side side, int64_t total_lots,
                 int64_t least_lots, int64_t now_ns);
struct slice_due slice_due(struct slice_plan *plan, const struct goal *goal, int64_t now_ns);
/* Without slices: the time to rest is over, what is left is taken. */
bool slice_is_over(const struct slice_plan *plan, const struct goal *goal, int64_t now_ns);

/* --- one owner and instrument -------------------------------------------------------------------------------- */

struct execution_place {
    bool active;
    struct goal goal;
    uint64_t goals;  /* set here, ever: the low part of parent */
    uint64_t parent; /* of the orders of this goal */
    int64_t set_ns;
    int64_t arrival_mid2_ticks;
    int64_t filled_lots; /* since this goal's plan began, in its direction */
    int64_t wanted_lots; /* signed: what a target still misses, for the cost */
    struct slice_plan plan;
    struct touch touch;
    int64_t moved_ns[SIDE_COUNT]; /* last order placed or moved there; INT64_MIN: never */
    int64_t hold_ns;              /* nothing but cancels before */
    int64_t refused_ns;
    unsigned refusals; /* in a row */
    int64_t take_ns;   /* next taking order not before */
    int64_t take_position_lots;
    unsigned takes_in_vain;
    bool took;
    size_t next_cancel;
    struct {
        uint64_t seq;
        int64_t ts_ns;
    } cancelled[EXECUTION_CANCELS_MAX];
    struct execution_cost cost;
};

struct execution {
    struct execution_params params;
    struct execution_place place[OWNERS_MAX][INSTRUMENTS_MAX];
};

/* What one call works on. */
struct execution_call {
    const struct execution_params *params;
    struct execution_place *place;
    const struct execution_view *view;
    struct execution_actions *out;
    bool may_place; /* not held back by a refusal */
    int64_t
        own_limit[SIDE_COUNT]; /* signed by the other side: an order of `side` stays below; INT64_MAX: free */
};

static inline int64_t signed_price(enum side side, int64_t price_ticks)
{
    return side_sign(side) * price_ticks;
}

/* An order that rests or will, placed by this engine. */
bool execution_rests(const struct order *order);
/* What of it may still fill, at worst: a replace on its way counts with the larger size. */
int64_t execution_may_fill(const struct order *order);
/* What is meant to stay: nothing of an order that is being cancelled. */
int64_t execution_stays(const struct order *order);

/* Actions; false: not possible now (bounds, a cancel that was just asked for). */
bool execution_cancel(struct execution_call *call, const struct order *order);
/* left_lots: unfilled quantity from then on. */
bool execution_replace(struct execution_call *call, const struct order *order, int64_t price_ticks,
                       int64_t left_lots);
/* Goal's terms filled in; type, price and quantity are the caller's. NULL: full. */
struct order_intent *execution_intent(struct execution_call *call, enum side side);
/* Signed price moved back, where needed, so that it neither takes nor crosses our own; false: nowhere. */
bool execution_clear_price(const struct execution_call *call, enum side side, int64_t *signed_ticks);
/* Smallest order that the venue takes at that price. */
int64_t execution_least_lots(const struct instrument *instrument, int64_t price_ticks);
/* As much of lots as one order may have, so that what is left is nothing or an order of its own. */
int64_t execution_part_lots(int64_t lots, int64_t most_lots, int64_t least_lots);
bool execution_side_rested(const struct execution_call *call, enum side side); /* reprice_min_ns is over */

/* --- following (execution_follow.c) -------------------------------------------------------------------------- */

/* Where a new order of that side goes, signed; false: no stable touch, or nothing within the worst price. */
bool execution_follow_price(const struct execution_call *call, enum side side, int64_t *signed_ticks);
/* The larger of hysteresis_ticks and hysteresis_ppm of the price. */
int64_t execution_hysteresis_ticks(const struct execution_call *call, int64_t price_ticks);
/* True: the order should move there. forced: it stands beyond the worst price and may not wait. */
bool execution_follow(const struct execution_call *call, const struct order *order, int64_t *signed_ticks,
                      bool *forced);

/* --- kinds of goals ------------------------------------------------------------------------------------------ */

void execution_target_run(struct execution_call *call, bool market_known);
void execution_take_back(struct execution_call *call); /* all that rests */
void execution_quote_run(struct execution_call *call);

/* --- cost (execution_cost.c) --------------------------------------------------------------------------------- */

void execution_cost_fill(struct execution_place *place, const struct order *order, const struct fill *fill);
/* A target misses need_lots (signed) now that it is set. */
void execution_cost_want(struct execution_place *place, int64_t need_lots);

#endif
