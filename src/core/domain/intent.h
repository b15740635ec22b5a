/* intent.h - what a strategy or the trader wants, before the risk gate. Pure, plain data. */
#ifndef CORE_DOMAIN_INTENT_H
#define CORE_DOMAIN_INTENT_H

#include "core/domain/side.h"

#include <stdbool.h>
#include <stdint.h>

#define OWNERS_MAX      16
#define OWNER_MANUAL    0 /* the trader's own hand; strategies count from 1 */
#define OWNER_NAME_SIZE 16

enum order_type {
    ORDER_LIMIT,  /* rests, or takes what it crosses first */
    ORDER_MARKET, /* walks the book to price_ticks at worst */
    ORDER_STOP    /* a market order once the last trade reaches stop_ticks; reduce-only */
};

enum time_in_force { TIF_GTC, TIF_IOC };

struct order_intent {
    uint16_t instrument_id;
    uint16_t owner;
    enum side side;
    enum order_type type;
    enum time_in_force tif;
    bool post_only;
    bool reduce_only;
    bool may_cut;            /* the gate may answer ADJUSTED with less */
    bool flatten;            /* an operator's flatten: reduce-only, bounded, passes REDUCING */
    int64_t price_ticks;     /* LIMIT: the limit; MARKET: worst price, > 0 */
    int64_t stop_ticks;      /* STOP only */
    int64_t qty_lots;        /* > 0 */
    uint64_t correlation_id; /* of the signal or key that caused it */
};

const char *order_type_word(enum order_type type); /* "LIMIT" ... */

#endif
