/*
 * order.h - one order and the events of its life. Pure.
 *
 * Words: denied (our gate), rejected (venue), unknown (sent, answer lost) are different things.
 *
 *   SENT -> WORKING -> FILLED            any fill may come before the acknowledgement
 *     |        |-----> CANCELLED         PENDING_CANCEL stands between request and answer
 *     |-> REJECTED  UNKNOWN
 *
 *   state           ACK       FILL (part/whole)   CANCELLED   REJECTED
 *   SENT            WORKING   WORKING / FILLED    CANCELLED   REJECTED
 *   WORKING         same      same / FILLED       CANCELLED   bad data
 *   PENDING_CANCEL  same      same / FILLED       CANCELLED   REJECTED, bad data once filled in part
 *   UNKNOWN         WORKING   WORKING / FILLED    CANCELLED   REJECTED, bad data once filled in part
 *   FILLED          same      bad data            bad data    bad data
 *   CANCELLED       same      same / FILLED       same        bad data
 *   REJECTED        bad data  bad data            bad data    same
 */
#ifndef CORE_DOMAIN_ORDER_H
#define CORE_DOMAIN_ORDER_H

#include "core/base/err.h"
#include "core/domain/intent.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum order_state {
    ORDER_STATE_SENT,
    ORDER_STATE_WORKING,
    ORDER_STATE_PENDING_CANCEL,
    ORDER_STATE_FILLED,
    ORDER_STATE_CANCELLED,
    ORDER_STATE_REJECTED,
    ORDER_STATE_UNKNOWN
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
};

enum order_event_kind { ORDER_EVENT_ACK, ORDER_EVENT_FILL, ORDER_EVENT_CANCELLED, ORDER_EVENT_REJECTED };

/* What a gateway (or the paper broker) answers. */
struct order_event {
    enum order_event_kind kind;
    uint64_t order_seq;
    int64_t ts_ns;
    struct fill fill;   /* FILL only */
    const char *reason; /* static text; REJECTED and CANCELLED */
};

/*
 * The state machine: applies ev to *order. Late and repeated answers in any order are legal
 * where a venue can send them (a fill before its ack, a fill after a cancel).
 *   ERR_BAD_DATA  the venue and we disagree (overfill, answer to a finished order): halt
 */
enum err order_apply(struct order *order, const struct order_event *ev);

/* A cancel was asked for: PENDING_CANCEL. ERR_STATE when the order is finished. */
enum err order_cancel_sent(struct order *order, int64_t now_ns);
/* The answer to a submit or a cancel is overdue or its connection died: UNKNOWN, to be asked for at the
 * venue. ERR_STATE when the order is finished. */
enum err order_answer_lost(struct order *order, int64_t now_ns);

bool order_is_open(const struct order *order); /* may still fill: SENT, WORKING, PENDING_CANCEL, UNKNOWN */
const char *order_state_word(enum order_state state); /* "working", "filled", ... */
int64_t order_left_lots(const struct order *order);

#endif
