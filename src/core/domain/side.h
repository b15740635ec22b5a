/* side.h - bid or ask: of a book, an order, a taker. Index of two-element arrays. Pure. */
#ifndef CORE_DOMAIN_SIDE_H
#define CORE_DOMAIN_SIDE_H

enum side { SIDE_BID = 0, SIDE_ASK = 1 };

#define SIDE_COUNT 2

static inline enum side side_other(enum side side)
{
    return side == SIDE_BID ? SIDE_ASK : SIDE_BID;
}

/* +1 for a bid (buying), -1 for an ask (selling). */
static inline int side_sign(enum side side)
{
    return side == SIDE_BID ? 1 : -1;
}

static inline const char *side_word(enum side side)
{
    return side == SIDE_BID ? "BUY" : "SELL";
}

#endif
