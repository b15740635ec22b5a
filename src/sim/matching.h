/*
 * matching.h - the matching engine of the built-in exchange: one book, price-time priority, order by order.
 *
 * The truth of the made market. Prices are ticks, quantities lots, money ticks x lots (exact). Time is given with
 * each call and only stamps events. All room is taken in match_book_new(); a full pool rejects. Deterministic.
 *
 * What happens is told to listeners in the order in which it happens, from inside the call that caused it; they
 * must not call back into the book (queue it). Each change of a visible level takes the next update id: spot's
 * U/u count these, and a depth message is the difference of the true book between two of them. A fill and the next
 * slice of an iceberg are one change; where they cancel out nothing visible changed and no LEVEL is told.
 *
 * Semantics: Binance spot ("Order types", "STP FAQ", "Order amend keep priority"), USD-M where it differs (GTX).
 */
#ifndef SIM_MATCHING_H
#define SIM_MATCHING_H

#include "core/domain/side.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MATCH_LISTENERS_MAX 4
#define MATCH_ORDERS_MAX    131072 /* resting and waiting orders of one book */

enum match_type {
    MATCH_LIMIT,
    MATCH_MARKET,
    MATCH_LIMIT_MAKER, /* and futures GTX: rejected if it would take */
    MATCH_STOP_LOSS,   /* market when triggered */
    MATCH_STOP_LOSS_LIMIT,
    MATCH_TAKE_PROFIT,
    MATCH_TAKE_PROFIT_LIMIT
};
enum match_tif { MATCH_GTC, MATCH_IOC, MATCH_FOK };
enum match_stp {
    MATCH_STP_NONE,
    MATCH_STP_EXPIRE_TAKER,
    MATCH_STP_EXPIRE_MAKER,
    MATCH_STP_EXPIRE_BOTH,
    MATCH_STP_DECREMENT
};

enum match_reject {
    MATCH_OK,
    MATCH_WOULD_TAKE,    /* LIMIT_MAKER: -2010 "Order would immediately match and take." */
    MATCH_WOULD_TRIGGER, /* stop already passed: -2010 "Stop price would trigger immediately." */
    MATCH_BAD_ORDER,     /* price, quantity or mix of fields impossible: callers check first */
    MATCH_CLOSED,        /* match_set_status() */
    MATCH_FULL,
    MATCH_UNKNOWN_ORDER,    /* cancel, amend: -2011 */
    MATCH_AMEND_NOT_SMALLER /* amend may only reduce, and must leave something */
};

enum match_status { MATCH_TRADING, MATCH_CANCEL_ONLY, MATCH_HALTED };

struct match_request {
    uint32_t account; /* whose; same account = self-trade */
    uint64_t tag;     /* the caller's, told back in every event (e.g. index of a client id) */
    /* Orders of one non-zero list: one cancels the other (OCO); submitted one after another. One side, one account,
     * at most one that is no stop kind, none MARKET: else BAD_ORDER. */
    uint64_t list_id;
    enum side side;
    enum match_type type;
    enum match_tif tif;
    enum match_stp stp;
    int64_t price_ticks;   /* limit kinds */
    int64_t qty_lots;      /* 0 with quote_value: market by quote */
    int64_t quote_value;   /* ticks x lots to spend or get, market only */
    int64_t stop_ticks;    /* stop and take-profit kinds */
    int64_t trailing_bips; /* trailingDelta, 0: none; with stop_ticks it follows the price from there on */
    int64_t iceberg_lots;  /* visible part, 0: all */
};

struct match_order { /* copy of what the book knows; also of a dead order inside its last event */
    uint64_t id;
    struct match_request request;
    int64_t left_lots;                 /* unfilled; by quote: what its value still buys at the best price */
    int64_t visible_lots;              /* of it in the book now; 0 while waiting for its trigger */
    int64_t filled_lots, filled_value; /* ticks x lots */
    int64_t prevented_lots;            /* by STP */
    int64_t time_ns, working_ns;       /* accepted; became working (0: not yet) */
    bool triggered;                    /* stop kinds: no longer waiting */
};

enum match_event_kind {
    MATCH_EVENT_NEW,       /* accepted: working or waiting for its trigger */
    MATCH_EVENT_TRIGGERED, /* a stop became working */
    MATCH_EVENT_TRADE,     /* one print; order is the taker, maker the other */
    MATCH_EVENT_PREVENTED, /* STP took prevented_lots from order and/or maker */
    MATCH_EVENT_CANCELED,  /* asked for, or by its list */
    MATCH_EVENT_EXPIRED,   /* IOC, FOK or market rest, STP, or match_expire() */
    MATCH_EVENT_AMENDED,
    MATCH_EVENT_LEVEL /* a visible level changed */
};

struct match_event {
    enum match_event_kind kind;
    struct match_book *book;
    int64_t time_ns;
    const struct match_order *order; /* all but LEVEL; borrowed */
    const struct match_order *maker; /* TRADE, PREVENTED */
    uint64_t trade_id;               /* TRADE */
    int64_t price_ticks, qty_lots; /* TRADE; LEVEL: price and new visible quantity; PREVENTED: price, and what
                                        was prevented of order (EXPIRE_MAKER: of maker) */
    int64_t qty_before_lots;       /* LEVEL */
    enum side side;                /* LEVEL: of the book; TRADE: of the taker */
    uint64_t update_id;            /* LEVEL */
    bool by_stp;                   /* EXPIRED */
};

struct match_book_config {
    uint32_t symbol;         /* the caller's index, told by match_symbol() */
    int64_t price_ticks_max; /* highest price that may rest; memory does not grow with it */
    uint64_t first_update_id, first_trade_id, first_order_id; /* what the first ones get; 0 is 1 */
    size_t orders_max;                                        /* 0: MATCH_ORDERS_MAX, which is the most */
};

struct match_book;

struct match_book *match_book_new(const struct match_book_config *config); /* NULL: memory */
void match_book_free(struct match_book *book);
bool match_listen(struct match_book *book, void (*on_event)(void *arg, const struct match_event *event),
                  void *arg);
uint32_t match_symbol(const struct match_book *book);

/* *order_id is set when it was accepted, also if it is dead again on return (filled, expired). */
enum match_reject match_submit(struct match_book *book, int64_t now_ns, const struct match_request *request,
                               uint64_t *order_id);
enum match_reject match_cancel(struct match_book *book, int64_t now_ns, uint64_t order_id);
/* Amend keep priority: a smaller total quantity, place in the queue kept. */
enum match_reject match_amend(struct match_book *book, int64_t now_ns, uint64_t order_id,
                              int64_t new_qty_lots);
enum match_reject match_expire(struct match_book *book, int64_t now_ns, uint64_t order_id); /* by the venue */
void match_set_status(struct match_book *book, enum match_status status);
enum match_status match_get_status(const struct match_book *book);

bool match_find(const struct match_book *book, uint64_t order_id,
                struct match_order *out); /* live orders only */
/* Quantity that stands before it at its price, visible and hidden; -1: not resting. */
int64_t match_queue_ahead(const struct match_book *book, uint64_t order_id);
/* Best price of a side and what is visible there; false: empty. */
bool match_best(const struct match_book *book, enum side side, int64_t *price_ticks, int64_t *qty_lots);
/* Next worse visible level behind price_ticks; false: none. */
bool match_next(const struct match_book *book, enum side side, int64_t price_ticks, int64_t *next_ticks,
                int64_t *qty_lots);
int64_t match_qty_at(const struct match_book *book, enum side side, int64_t price_ticks);
/* Orders at a price, first in the queue first; returns how many there are. */
size_t match_orders_at(const struct match_book *book, enum side side, int64_t price_ticks, uint64_t *out,
                       size_t max);
/* What a market order of qty would take in all (price walk), without doing it; *got_lots <= qty_lots. */
int64_t match_walk_value(const struct match_book *book, enum side taker, int64_t qty_lots, int64_t *got_lots);
int64_t match_last_ticks(const struct match_book *book); /* last trade; 0: none */
uint64_t match_update_id(const struct match_book *book); /* of the newest LEVEL */
size_t match_order_count(const struct match_book *book);

#endif
