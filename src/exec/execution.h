/*
 * execution.h - goals -> orders: places, follows the top of book with few cancels, slices, measures its cost. Pure.
 *
 * Apart from alpha: a strategy says what it wants (core/domain/goal.h), this finds the orders that get it there.
 * One goal for each owner and instrument. Deterministic: the same events give the same orders. It never sends:
 * its actions go through the risk gate like any other intent, and a denial comes back.
 *
 *   target   wanted = target - position - what may still fill. Sent, cancelling and unknown orders may fill, a
 *            replace may fill to the larger of its sizes: so a target is never overshot by an order of ours. What
 *            points the wrong way is taken back first; less than the venue's least order is left alone.
 *   passive  post-only at the stable touch (execution_touch.c); moves only when execution_follow.c says so
 *   taking   MARKET IOC up to the worst price and take_bound_bp; the next one waits retry_ns, doubled while
 *            nothing fills
 *   quotes   one order a side at the asked price, at most hysteresis_ticks from it, never through the touch or
 *            our own other side; a change is a replace
 *   slices   execution_slice.c; a slice moves the position that is wanted by now, all else stays the same
 *
 * Without a LIVE book nothing is sent and what rests is taken back: nobody follows it. While the book is crossed
 * nothing is done. Cost: O(own orders there), below 100 ns while there is nothing to do (bench_execution).
 */
#ifndef EXEC_EXECUTION_H
#define EXEC_EXECUTION_H

#include "core/base/err.h"
#include "core/domain/goal.h"
#include "core/domain/instrument.h"
#include "core/domain/market_ref.h"
#include "core/domain/order.h"
#include "core/market/order_book.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXECUTION_ACTIONS_MAX 16 /* of one call */

struct execution_params {
    int64_t flicker_ns;       /* a level that stood for less does not count as the touch: 200 ms */
    int64_t reprice_min_ns;   /* between two moves of one order: 250 ms */
    int64_t hysteresis_ticks; /* an order this close to where it should be stays: 1 */
    /* Of a target's price, where that is more than the ticks: 50, half a basis point. On recorded BTCUSDT it saves
     * a third of the moves and costs 0 to 2 % of the fills; a tick there is a 30th to a 300th of it. */
    int64_t hysteresis_ppm;
    int32_t queue_keep_x1000; /* a place in the first share of the queue is worth a tick or more: 300 */
    int64_t retry_ns;         /* after a denial or a rejection; doubles, at most 64 times: 500 ms */
    /* A taking order goes at most so far beyond the touch of the last flicker_ns, and never beyond the goal's worst
     * price: 25, half the gate's collar. */
    int64_t take_bound_bp;
};

/* What it sees at each event of one owner and instrument. */
struct execution_view {
    const struct instrument *instrument;
    struct market_ref ref;
    const struct order_book *book;     /* NULL: nothing known */
    int64_t position_lots;             /* the owner's */
    const struct order *const *orders; /* the owner's open ones here, oldest first: execution_placed() */
    size_t order_count;
    bool book_shows_own; /* live: our resting orders are part of the book we see; on paper they are not */
};

struct execution_actions {
    size_t intents, cancels, replaces;
    struct order_intent intent[EXECUTION_ACTIONS_MAX];
    uint64_t cancel_seq[EXECUTION_ACTIONS_MAX];
    struct {
        uint64_t seq;
        int64_t price_ticks, qty_lots; /* new total quantity */
    } replace[EXECUTION_ACTIONS_MAX];
};

/* What getting there cost: of one owner and instrument, since the start. */
struct execution_cost {
    uint64_t goals, orders, cancels, replaces, fills, maker_fills;
    int64_t wanted_lots, filled_lots; /* of targets */
    int64_t filled_value_e8;          /* of all fills: what the basis points are of */
    int64_t slippage_e8;              /* against the mid when the goal was set; > 0: paid */
    int64_t fees_e8;
    int64_t queue_ns, queue_orders; /* time from arrival to the first fill of resting orders, how many */
};

struct execution;

struct execution_params execution_params_default(void);
struct execution *execution_new(const struct execution_params *params); /* NULL: memory */
void execution_free(struct execution *execution);                       /* NULL is allowed */
/* Takes the place of the goal before it. ERR_RANGE: impossible (negative quantities, POV without a share). */
enum err execution_set(struct execution *execution, const struct goal *goal, const struct market_ref *ref);
/* After each event of the instrument and each tick: what to do now; clears *out first. */
void execution_run(struct execution *execution, uint16_t owner, const struct execution_view *view,
                   struct execution_actions *out);
void execution_on_trade(struct execution *execution, uint16_t instrument_id, int64_t qty_lots); /* POV */
/* order: after the fill was applied to it. Any order of the owner: what this engine did not place is left out. */
void execution_on_fill(struct execution *execution, const struct order *order, const struct fill *fill);
/* Placed by this engine (the parent says so): what belongs into a view. */
bool execution_placed(const struct order_intent *intent);
/* Of the actions of its last call so many never left: they cost nothing, and it waits before it tries again. */
void execution_on_denied(struct execution *execution, uint16_t owner, uint16_t instrument_id, uint64_t orders,
                         uint64_t replaces, int64_t now_ns);
/* Denied by the gate or rejected by the venue: it waits before it tries again. */
void execution_on_refused(struct execution *execution, uint16_t owner, uint16_t instrument_id,
                          int64_t now_ns);
/* Paused, off, killed or the book is gone: the goal is forgotten; ORDERS_ANY: any. */
void execution_clear(struct execution *execution, uint16_t owner, uint16_t instrument_id);
/* NULL: no goal. */
const struct goal *execution_goal(const struct execution *execution, uint16_t owner, uint16_t instrument_id);
const struct execution_cost *execution_cost(const struct execution *execution, uint16_t owner,
                                            uint16_t instrument_id);
/* Figures of a cost; 0 where there is nothing to divide by. A replace gives the place in the queue up: a cancel. */
int64_t execution_cost_slippage_bp_x100(const struct execution_cost *cost);
int64_t execution_cost_fill_x1000(const struct execution_cost *cost);   /* of what targets wanted */
int64_t execution_cost_cancels_x100(const struct execution_cost *cost); /* for each fill */
int64_t execution_cost_queue_ms(const struct execution_cost *cost);     /* mean */
/* "slippage 0.31 bp, filled 92.0 %, 1.40 cancels a fill, 3.2 s in queue"; returns the length, cut to size. */
size_t execution_cost_text(const struct execution_cost *cost, char *out, size_t size);
void execution_rescale(struct execution *execution, uint16_t instrument_id, struct step_change change);

#endif
