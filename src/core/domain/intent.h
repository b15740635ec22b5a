/* intent.h - what a strategy or the trader wants, before the risk gate. Pure, plain data. */
#ifndef CORE_DOMAIN_INTENT_H
#define CORE_DOMAIN_INTENT_H

#include "core/domain/side.h"

#include <stdbool.h>
#include <stdint.h>

#define OWNERS_MAX      16
#define OWNER_MANUAL    0 /* the trader's own hand; strategies count from 1 */
#define OWNER_NAME_SIZE 16

/* A triggered type waits unseen until the last trade reaches stop_ticks, then becomes what it says. */
enum order_type {
    ORDER_LIMIT,             /* rests, or takes what it crosses first */
    ORDER_MARKET,            /* walks the book to price_ticks at worst */
    ORDER_STOP,              /* then MARKET: a buy at or above stop_ticks, a sale at or below */
    ORDER_STOP_LIMIT,        /* then LIMIT at price_ticks */
    ORDER_TAKE_PROFIT,       /* then MARKET: a buy at or below stop_ticks, a sale at or above */
    ORDER_TAKE_PROFIT_LIMIT, /* then LIMIT at price_ticks */
    ORDER_TRAILING_STOP,     /* a STOP that follows the best trade since at trail_ticks; stop_ticks: where it
                                stands now (0: from the first trade on) */
    ORDER_TYPES
};

enum time_in_force {
    TIF_GTC,
    TIF_IOC, /* what does not fill at once expires */
    TIF_FOK, /* all at once or nothing */
    TIF_GTD  /* rests until expire_ns */
};

struct order_intent {
    uint16_t instrument_id;
    uint16_t owner;
    enum side side;
    enum order_type type;
    enum time_in_force tif;
    bool post_only;
    bool reduce_only;
    bool may_cut;         /* the gate may answer ADJUSTED with less */
    bool unasked;         /* by hand, but no screen asked first: DUPLICATE judges it; not kept in the order */
    bool flatten;         /* an operator's flatten: reduce-only, bounded, passes REDUCING */
    int64_t price_ticks;  /* LIMIT: the limit; MARKET and what becomes one: worst price, > 0 */
    int64_t stop_ticks;   /* triggered types: the trade price that sets it off */
    int64_t trail_ticks;  /* TRAILING_STOP: distance, > 0 */
    int64_t qty_lots;     /* > 0 */
    int64_t display_lots; /* iceberg: most that shows at a time; 0: all of it */
    int64_t expire_ns;    /* GTD: event time */
    /* Bracket: once it fills, a reduce-only take-profit limit and a stop for what filled, each other's OCO. 0: none. */
    int64_t bracket_take_ticks, bracket_stop_ticks;
    uint64_t group;  /* OCO: orders of one group cancel each other; 0: none */
    uint64_t parent; /* children of one larger order or quote share it: DUPLICATE lets them be; 0: none */
    uint64_t correlation_id; /* of the signal or key that caused it */
};

/* STOP, STOP_LIMIT, TAKE_PROFIT, TAKE_PROFIT_LIMIT, TRAILING_STOP: waits for a trade. */
bool order_type_is_triggered(enum order_type type);
/* MARKET, or what becomes one when set off: it takes and never rests at a price. */
bool order_type_is_market(enum order_type type);
/*
 * The two prices of an intent that others ask for; all of them ask here.
 * Its terms are what a replace names and moves: the trigger of STOP and TAKE_PROFIT, the limit of all else. A
 * trailing stop stands where the market took it: it names none (0), and only its size changes. With a trigger the bound
 * behind it moves in proportion: left behind, it would be beyond the collar, or on the side where nothing fills.
 */
int64_t order_terms_ticks(const struct order_intent *intent);
void order_intent_move(struct order_intent *intent, int64_t price_ticks);
/* What it is called by, shown and valued at: the trigger it waits for, where it has one yet, else the limit. */
int64_t order_intent_ticks(const struct order_intent *intent);
const char *order_type_word(enum order_type type);      /* "LIMIT" ... */
const char *time_in_force_word(enum time_in_force tif); /* "GTC" ... */

#endif
