/*
 * goal.h - what a strategy wants to hold or to offer; the execution engine (exec) finds the orders. Pure, plain data.
 *
 * A goal stands until the same owner sets another one for the same instrument.
 */
#ifndef CORE_DOMAIN_GOAL_H
#define CORE_DOMAIN_GOAL_H

#include "core/domain/side.h"

#include <stdbool.h>
#include <stdint.h>

enum goal_kind {
    GOAL_NONE,   /* nothing wanted: its orders are taken back, the position stays */
    GOAL_TARGET, /* a position */
    GOAL_QUOTES  /* resting orders on one or both sides */
};

enum goal_urgency {
    URGENCY_PASSIVE, /* rests at the touch (post-only), follows it, never takes */
    URGENCY_NORMAL,  /* rests first, takes what is left when the horizon ends */
    URGENCY_TAKE     /* takes at once up to the worst price */
};

enum goal_slicing {
    SLICE_NONE,
    SLICE_TWAP,   /* equal parts over horizon_ns */
    SLICE_POV,    /* share_x1000 of what the market trades */
    SLICE_ICEBERG /* display_lots at a time */
};

struct goal_quote {
    int64_t price_ticks; /* 0: no quote on this side */
    int64_t qty_lots;
};

struct goal {
    uint16_t instrument_id;
    uint16_t owner;
    enum goal_kind kind;
    bool may_cut;     /* the gate may let less through */
    bool reduce_only; /* TARGET: never beyond flat, whatever fills meanwhile */
    /* TARGET */
    int64_t target_lots; /* > 0 long, < 0 short, 0 flat */
    int64_t worst_ticks; /* no order beyond; 0: the gate's collar alone */
    enum goal_urgency urgency;
    enum goal_slicing slicing;
    int64_t horizon_ns;   /* NORMAL and TWAP: time to be done in */
    int32_t share_x1000;  /* POV */
    int64_t display_lots; /* ICEBERG */
    /* QUOTES */
    struct goal_quote quote[SIDE_COUNT];
    uint64_t correlation_id;
};

#endif
