/* user_order.h - an order of a user as the venue's back office knows it, beyond what its book keeps. */
#ifndef SIM_USER_ORDER_H
#define SIM_USER_ORDER_H

#include "sim/matching.h"

#define CLIENT_ID_SIZE 37 /* 36 characters */

enum order_status {
    ORDER_NEW,
    ORDER_PARTIALLY_FILLED,
    ORDER_FILLED,
    ORDER_CANCELED,
    ORDER_REJECTED,
    ORDER_EXPIRED,
    ORDER_EXPIRED_IN_MATCH
};
enum wire_tif { WIRE_GTC, WIRE_IOC, WIRE_FOK, WIRE_GTX, WIRE_GTD };

/* Why an order ended without the user (spot eR, USD-M er). */
enum expiry_reason {
    EXPIRY_NONE,
    EXPIRY_BY_VENUE,
    EXPIRY_OCO,
    EXPIRY_IOC,
    EXPIRY_FOK,
    EXPIRY_LIQUIDITY,
    EXPIRY_STP
};

struct user_order {
    uint64_t id;      /* as the wire names it; 0: not accepted yet */
    uint64_t book_id; /* in its book: another one after a USD-M modification */
    bool replacing;   /* a modification is under way: the book's events are not the user's */
    uint64_t number;  /* counts up over all orders */
    uint32_t account, symbol;
    uint32_t slot; /* own place; tag - 1 */
    uint64_t list_id;
    bool open, usdm;
    char client_id[CLIENT_ID_SIZE];
    char cancel_id[CLIENT_ID_SIZE]; /* of the cancel or amend that ended or changed it */
    enum side side;
    enum match_type type;
    enum wire_tif tif;
    enum match_stp stp;
    enum order_status status;
    enum expiry_reason expiry;
    int64_t price_ticks, stop_ticks, qty_lots, iceberg_lots, trailing_bips;
    int64_t quote_qty_e8;                   /* quoteOrderQty; 0: by quantity */
    int64_t quote_value;                    /* the same in ticks x lots */
    int64_t lock_ticks;                     /* price by which a buy order holds money; 0: market */
    int64_t engine_lots;                    /* what the book was given: less than qty_lots after a fault */
    int64_t base_lots, base_prevented_lots; /* done and prevented before its present place in the book */
    int64_t executed_lots, executed_value, prevented_lots;
    int64_t quote_e8;  /* paid or got in all */
    int64_t locked_e8; /* spot: what it still holds of the account's money */
    int64_t time_ns, update_ns, working_ns;
    int64_t strategy_id, strategy_type; /* -1: not given */
    bool asked_to_end;                  /* a cancel by the user is under way */
    uint32_t amends;
    /* the newest prevented match */
    uint64_t prevented_id, counter_order_id;
    uint32_t counter_symbol;
    int64_t prevented_last_lots, prevented_price_ticks;
    /* USD-M */
    bool reduce_only;
    int64_t good_till_ms, realised_e8;

    /* owned by order_index.c; UINT32_MAX: none */
    uint32_t next_by_id, next_by_client, older, newer, next_finished;
};

static inline int64_t user_order_left(const struct user_order *order)
{
    return order->qty_lots - order->executed_lots - order->prevented_lots;
}

static inline bool user_order_is_algo(const struct user_order *order)
{
    return order->type == MATCH_STOP_LOSS || order->type == MATCH_STOP_LOSS_LIMIT ||
           order->type == MATCH_TAKE_PROFIT || order->type == MATCH_TAKE_PROFIT_LIMIT;
}

#endif
