/*
 * paper_parts.h - the inside of the paper broker, shared by its files: paper_broker.c (life, calls), paper_entry.c
 * (what arrives), paper_take.c (taking from the book), paper_match.c (what the market does to what rests),
 * paper_answer.c (what goes back, and when). Pure.
 */
#ifndef EXEC_PAPER_PARTS_H
#define EXEC_PAPER_PARTS_H

#include "exec/paper_broker.h"
#include "exec/paper_liquidity.h"
#include "exec/paper_order.h"
#include "exec/paper_story.h"

#define PAPER_REQUESTS_MAX 1024 /* on their way to the venue */
#define PAPER_ANSWERS_MAX  4096 /* on their way back */
#define PAPER_GHOSTS_MAX   64   /* filled orders that another model has not filled yet */
#define PAPER_GHOST_NS     INT64_C(600000000000)
#define PAPER_ENDS_MAX     512 /* last words of finished orders, for a query */

struct paper_market {
    const struct instrument *instrument; /* NULL: not attached */
    const struct order_book *book;
    enum book_state state;
    int64_t last_ticks; /* trade; 0: none yet */
    struct paper_holding holding;
    struct mark_price mark; /* the last one */
    bool moved;             /* the position, since reduce-only orders were looked at */
    bool set_off;           /* stops that have not walked the book yet */
};

enum paper_request_kind { PAPER_SUBMIT, PAPER_CANCEL, PAPER_REPLACE, PAPER_QUERY };

struct paper_request {
    int64_t due_ns;
    int64_t delay_ns; /* of its answers, after due_ns */
    enum paper_request_kind kind;
    struct order order;
};

struct paper_answer {
    int64_t due_ns;
    uint16_t instrument_id;
    struct order_event event;
};

struct paper_broker {
    struct paper_broker_params params;
    struct paper_market market[INSTRUMENTS_MAX];
    uint64_t last_trade_id;
    size_t count;
    struct paper_order order[ORDERS_OPEN_MAX]; /* as they came: time priority among our own */
    size_t ghosts;
    struct paper_order ghost[PAPER_GHOSTS_MAX];
    int64_t next_expire_ns; /* of GTD orders, not later than the first; INT64_MAX: none */
    struct paper_liquidity liquidity;
    struct paper_latency latency;
    struct paper_fees fees;
    struct paper_account account;
    struct paper_stories stories;
    /* Rings, first in, first out: a connection keeps its messages in order. */
    uint64_t request_head, request_tail, answer_head, answer_tail;
    struct paper_request request[PAPER_REQUESTS_MAX];
    struct paper_answer answer[PAPER_ANSWERS_MAX];
    uint64_t ends;
    struct order_event end[PAPER_ENDS_MAX]; /* FILL: filled */
    uint64_t fundings, fundings_taken;
    struct paper_funding funding[PAPER_FUNDINGS_MAX];
};

#define PAPER_NOT_DRAWN (-1)

/* What one call works on. */
struct paper_call {
    struct paper_broker *broker;
    struct paper_market *market;
    uint16_t instrument_id;
    int64_t now_ns;
    bool ended;       /* some order has */
    int64_t delay_ns; /* of answers; PAPER_NOT_DRAWN: drawn with the first one */
    struct gateway_answers *out;
    /* the event at work, for stories */
    enum story_cause cause;
    int64_t event_price_ticks, event_lots;
    uint64_t event_trade_id;
};

/* Why an order or a request ends. */
struct paper_why {
    enum order_error error; /* ORDER_ERROR_NONE: it does not */
    const char *text;
};

#define PAPER_ROOM_MIN 6 /* answers that one order may cause beside its walk through the book */
#define PAPER_NO_MORE  ((struct paper_why){ORDER_ERROR_NOT_FILLED, "nothing more up to its price"})

/* On spot only the other orders of its group can have taken what it was to sell (paper_pair.c). */
static inline struct paper_why paper_nothing_left(const struct paper_call *call)
{
    return (struct paper_why){ORDER_ERROR_REDUCE_ONLY,
                              call->market->instrument->venue == VENUE_BINANCE_SPOT
                                  ? "nothing left to sell: another order of its group has sold it"
                                  : "nothing left to reduce"};
}

static inline void paper_set_cause(struct paper_call *call, enum story_cause cause, int64_t price_ticks,
                                   int64_t lots)
{
    call->cause = cause;
    call->event_price_ticks = price_ticks;
    call->event_lots = lots;
    call->event_trade_id = 0;
}

static inline bool paper_is_here(const struct paper_call *call, const struct paper_order *order)
{
    return order->intent.instrument_id == call->instrument_id && !order->ended;
}

/* --- paper_answer.c ---------------------------------------------------------------------------------- */

/* Answers that still fit in this call. Each loop that answers asks before each order. */
size_t paper_room(const struct paper_call *call);
void paper_tell(struct paper_call *call, const struct order_event *event);
/* ACK, TRIGGERED, CANCEL_REJECTED ...: an answer of that kind alone. */
void paper_tell_kind(struct paper_call *call, enum order_event_kind kind, uint64_t seq, struct paper_why why);
void paper_tell_fill(struct paper_call *call, struct paper_order *order, int64_t price_ticks, int64_t lots,
                     bool maker);
/* CANCELLED, EXPIRED, REJECTED: funds are free again, the order is swept later. */
void paper_tell_end(struct paper_call *call, struct paper_order *order, enum order_event_kind kind,
                    struct paper_why why);
struct fill_story *paper_story_of(struct paper_call *call, const struct paper_order *order);
/* Answers due at or before now_ns, while *out has room. */
void paper_answers_arrive(struct paper_broker *broker, int64_t now_ns, struct gateway_answers *out);

/* --- paper_take.c ----------------------------------------------------------------------------------- */

/* Best price at which one of our own rests on `side`; 0: none. */
int64_t paper_own_best(const struct paper_call *call, enum side side);
/* Lots by which a reduce-only order may still reduce, on spot one of a group; others: all. */
int64_t paper_reducible(const struct paper_call *call, const struct paper_order *order);
/* Takes what the other side offers; why the order ends, if it must. */
struct paper_why paper_take(struct paper_call *call, struct paper_order *order);

/* --- paper_pair.c ----------------------------------------------------------------------------------- */

/* Lots that an order of a shared lock may still sell; others: all. */
int64_t paper_pair_lots(const struct paper_call *call, const struct paper_order *order);
/* Before an order's lock changes: frees its siblings' locks. All that the group had locked, its own too. */
int64_t paper_pair_open(struct paper_call *call, const struct paper_order *order);
/* After it: the group holds pool_e8 at most; the siblings lock again what the order does not. */
void paper_pair_close(struct paper_call *call, struct paper_order *order, int64_t pool_e8);

/* --- paper_match.c ----------------------------------------------------------------------------------- */

void paper_market_trade(struct paper_call *call, const struct trade *trade);
void paper_market_book(struct paper_call *call);
/* Ended orders leave the list; filled ones that another model has not filled stay as ghosts. */
void paper_sweep(struct paper_call *call);
/* After fills: reduce-only orders with nothing left to reduce end; then what has ended is swept. */
void paper_settle(struct paper_call *call);

/* --- paper_entry.c ----------------------------------------------------------------------------------- */

void paper_arrive(struct paper_call *call, const struct paper_request *request);
/* GTD orders whose time has come. */
void paper_expire(struct paper_broker *broker, int64_t now_ns, struct gateway_answers *out);
/* An order that takes, now: what is left rests or expires. `call->market` is LIVE. */
void paper_place(struct paper_call *call, struct paper_order *order);
struct paper_order *paper_find(struct paper_broker *broker, uint64_t seq); /* NULL: none */

#endif
