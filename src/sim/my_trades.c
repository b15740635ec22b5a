#include "sim/my_trades.h"

#include <stdlib.h>

bool my_trades_init(struct my_trades *trades)
{
    trades->count = 0;
    trades->ring = calloc(MY_TRADES_KEPT, sizeof(*trades->ring));
    return trades->ring != NULL;
}

void my_trades_free(struct my_trades *trades)
{
    free(trades->ring);
    trades->ring = NULL;
}

void my_trades_add(struct my_trades *trades, const struct my_trade *trade)
{
    trades->ring[trades->count++ % MY_TRADES_KEPT] = *trade;
}

uint64_t my_trades_first(const struct my_trades *trades)
{
    return trades->count > MY_TRADES_KEPT ? trades->count - MY_TRADES_KEPT : 0;
}

const struct my_trade *my_trades_at(const struct my_trades *trades, uint64_t number)
{
    return &trades->ring[number % MY_TRADES_KEPT];
}
