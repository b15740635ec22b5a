/*
 * ofi.h - what one change of the best quotes adds to order-flow imbalance. Pure.
 *
 * Cont, Kukanov, Stoikov, "The price impact of order book events" (2014), eq. 3-4:
 *
 *   e = 1{Pb' >= Pb} qb' - 1{Pb' <= Pb} qb  -  1{Pa' <= Pa} qa' + 1{Pa' >= Pa} qa
 *
 * Above 0: demand came or supply went. The first quote has no predecessor and no e.
 */
#ifndef CORE_SIGNAL_OFI_H
#define CORE_SIGNAL_OFI_H

#include "core/domain/market_event.h"

#include <stdint.h>

/* A double: the sum of four quantities could leave int64_t, and it is a signal, not a ledger. */
static inline double ofi_event(const struct level before[SIDE_COUNT], const struct level after[SIDE_COUNT])
{
    int64_t bid = before[SIDE_BID].price_ticks, bid_after = after[SIDE_BID].price_ticks;
    int64_t ask = before[SIDE_ASK].price_ticks, ask_after = after[SIDE_ASK].price_ticks;
    double event = 0.0;

    if (bid_after >= bid)
        event += (double)after[SIDE_BID].qty_lots;
    if (bid_after <= bid)
        event -= (double)before[SIDE_BID].qty_lots;
    if (ask_after <= ask)
        event -= (double)after[SIDE_ASK].qty_lots;
    if (ask_after >= ask)
        event += (double)before[SIDE_ASK].qty_lots;
    return event;
}

/* (bid - ask) / (bid + ask), 0 when both are 0; Gould, Bonart, "Queue imbalance" (2016), eq. 1. */
static inline double queue_imbalance(double bid, double ask)
{
    return bid + ask > 0.0 ? (bid - ask) / (bid + ask) : 0.0;
}

/* The size-weighted cross (Pb qa + Pa qb) / (qa + qb): the first term of Stoikov's micro-price (2018).
 * Written from the bid up so that large prices keep their last digits. */
static inline double weighted_mid(const struct level best[SIDE_COUNT])
{
    double bid = (double)best[SIDE_BID].qty_lots, ask = (double)best[SIDE_ASK].qty_lots;
    double spread = (double)(best[SIDE_ASK].price_ticks - best[SIDE_BID].price_ticks);

    return (double)best[SIDE_BID].price_ticks + spread * (bid / (bid + ask));
}

#endif
