/*
 * order.h - one order and the events of its life. Pure.
 *
 * Words: denied (our gate), rejected (venue), unknown (sent, answer lost) are different things.
 *
 *   SENT -> WORKING -> FILLED            any fill may come before the acknowledgement
 *     |        |-----> CANCELLED         PENDING_CANCEL, PENDING_REPLACE stand between request and answer
 *     |        |-----> EXPIRED           by its own terms
 *     |-> REJECTED  UNKNOWN
 *
 * Every transition is one cell of the table in order.c. A finished order stays as it is, but for a late fill,
 * which is legal on CANCELLED and EXPIRED and is booked. What a venue may tell in one order it may tell in any:
 * all of them are legal and end with the same fills. Where two words name one end the first stays.
 */
#ifndef CORE_DOMAIN_ORDER_H
#define CORE_DOMAIN_ORDER_H

#include "core/base/err.h"
#include "core/domain/instrument.h"
#include "core/domain/intent.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORDERS_ANY UINT16_MAX /* instrument or owner of orders: all of them */

/* A submit may reach the venue for as long as its window of time (5 s) lasts, by a clock that may be 1 s off, and be at work
 * there for 10 s: "no such order" is believed from then on alone. */
#define ORDER_CONCLUDE_NS INT64_C(16000000000)

enum order_state {
    ORDER_STATE_SENT,
    ORDER_STATE_WORKING,
    ORDER_STATE_PENDING_CANCEL,
    ORDER_STATE_PENDING_REPLACE,
    ORDER_STATE_FILLED,
    ORDER_STATE_CANCELLED, /* because somebody asked */
    ORDER_STATE_EXPIRED,   /* by its own terms or the venue's: IOC, FOK, GTD, self-trade prevention, halt */
    ORDER_STATE_REJECTED,
    ORDER_STATE_UNKNOWN,
    ORDER_STATES
};

/* What a venue may answer, in words that are the same for all of them. */
enum order_error {
    ORDER_ERROR_NONE,
    ORDER_ERROR_FUNDS,         /* not enough free balance or margin */
    ORDER_ERROR_FILTER,        /* tick, lot, notional, price band */
    ORDER_ERROR_WOULD_TAKE,    /* post-only */
    ORDER_ERROR_WOULD_TRIGGER, /* a stop that would be set off at once */
    ORDER_ERROR_REDUCE_ONLY,
    ORDER_ERROR_NOT_FOUND, /* cancel or replace of what is no longer there */
    ORDER_ERROR_DUPLICATE_ID,
    ORDER_ERROR_RATE_LIMIT,
    ORDER_ERROR_MARKET_CLOSED,
    ORDER_ERROR_SELF_TRADE,
    ORDER_ERROR_NOT_FILLED, /* IOC and FOK: nothing more up to its price */
    ORDER_ERROR_TIME,       /* GTD is over; a request's time is outside the venue's window */
    ORDER_ERROR_CAPACITY,   /* a bound of ours or theirs: open orders */
    ORDER_ERROR_KILLED,     /* ours, right before the send */
    ORDER_ERROR_UNREACHABLE,
    ORDER_ERROR_OTHER,
    ORDER_ERRORS
};

struct order {
    uint64_t seq; /* client order id is fd-<epoch>-<seq>; never repeats; 0: empty slot */
    struct order_intent intent;
    enum order_state state;
    int64_t sent_ns;
    int64_t updated_ns;
    int64_t filled_lots;
    int64_t filled_value_e8;    /* sum of price x quantity of the fills */
    int64_t arrival_mid2_ticks; /* twice the mid when sent, for slippage */
    /* Place in the queue, kept by the paper broker while the order rests; lots. -1: unknown. */
    int64_t queue_expected_lots;
    int64_t queue_worst_lots;
    int64_t acked_ns, first_fill_ns; /* 0: not yet */
    int64_t asked_ns;         /* when the newest of submit, cancel (its first try) and replace was sent */
    int64_t replace_asked_ns; /* when the newest replace was sent */
    int64_t queried_ns;       /* when the venue was last asked what became of it; 0: never */
    int64_t replaced_ns;      /* of the newest REPLACED that counted: an older one is late */
    int64_t replace_price_ticks, replace_qty_lots; /* what a replace on its way asks for; 0: there is none */
    uint32_t cancels;                              /* times that its cancel was asked for */
    bool triggered;                                /* a stop or take-profit that was set off */
    enum order_error error;                        /* why it ended, REJECTED and EXPIRED */
};

struct fill {
    uint64_t trade_id; /* distinct for each fill */
    uint64_t order_seq;
    uint16_t instrument_id;
    uint16_t owner;
    enum side side;
    bool maker;
    int64_t ts_ns;
    int64_t price_ticks;
    int64_t qty_lots;
    int64_t value_e8;
    int64_t fee_e8; /* of the quote asset, >= 0 pays, < 0 a rebate */
    int64_t arrival_mid2_ticks;
    int64_t realised_e8; /* filled in by the ledger: profit this fill closed, fees apart */
    int64_t
        fee_asset_e8; /* paid in the venue's fee asset instead; fee_e8 is what it is worth. 0: in the quote */
};

enum order_event_kind {
    ORDER_EVENT_ACK,
    ORDER_EVENT_FILL,
    ORDER_EVENT_CANCELLED,
    ORDER_EVENT_REJECTED,
    ORDER_EVENT_EXPIRED,
    ORDER_EVENT_TRIGGERED,
    ORDER_EVENT_REPLACED,        /* price_ticks, qty_lots: the terms from now on */
    ORDER_EVENT_CANCEL_REJECTED, /* the order is as it was, or its end is on the way */
    ORDER_EVENT_REPLACE_REJECTED,
    ORDER_EVENT_KINDS
};

/* What a gateway (or the paper broker) answers. */
struct order_event {
    enum order_event_kind kind;
    uint64_t order_seq;
    int64_t ts_ns;      /* when it happened, as the venue says; a repeated answer has the same */
    struct fill fill;   /* FILL only */
    const char *reason; /* static text; what ends an order or refuses a request, else NULL */
    enum order_error error;
    int64_t price_ticks,
        qty_lots; /* REPLACED: new terms (order_terms_ticks()) and new total quantity; TRIGGERED: the trade's price */
};

/*
 * The state machine: applies ev to *order. Late and repeated answers in any order are legal
 * where a venue can send them (a fill before its ack, a fill after a cancel). A repeated fill is not seen here:
 * the order manager knows trade ids.
 *   ERR_BAD_DATA  the venue and we disagree (overfill, a fill of what it rejected), *order is as before: halt
 *   ERR_OVERFLOW  a sum does not fit, likewise
 */
enum err order_apply(struct order *order, const struct order_event *ev);

/* A cancel was asked for: PENDING_CANCEL; again is allowed. ERR_STATE when the order is finished. */
enum err order_cancel_sent(struct order *order, int64_t now_ns);
/* New terms were asked for: PENDING_REPLACE. qty_lots is the new total, fills included. ERR_STATE unless it is
 * WORKING; ERR_RANGE: no price, or not more than has filled. A trailing stop takes the quantity alone. */
enum err order_replace_sent(struct order *order, int64_t price_ticks, int64_t qty_lots, int64_t now_ns);
/* The answer to a submit, a cancel or a replace is overdue or its connection died: UNKNOWN, to be asked for at
 * the venue. What a query finds is told in this order: the terms it has (REPLACED), its fills, an ack or the end.
 * ERR_STATE when the order is finished. */
enum err order_answer_lost(struct order *order, int64_t now_ns);

bool order_is_open(const struct order *order);        /* may still fill */
const char *order_error_word(enum order_error error); /* "insufficient funds", ... */
const char *order_state_word(enum order_state state); /* "working", "filled", ... */
/* Its instrument's steps became finer. */
void order_rescale(struct order *order, struct step_change change);
int64_t order_left_lots(const struct order *order); /* of its terms; never below 0 */
/* What would be left of it on other terms: qty_lots is of the whole order, as a replace names it. */
struct order_intent order_moved(const struct order *order, int64_t price_ticks, int64_t qty_lots);
/* The most that may still fill: a replace on its way counts where it asks for more. 0 once it is finished. */
int64_t order_open_lots(const struct order *order);
/* order_intent_ticks(); once set off into a limit order it is called by that limit. */
int64_t order_shown_ticks(const struct order *order);

#endif
