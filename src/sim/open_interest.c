#include "sim/open_interest.h"

static int64_t *position_of(struct open_interest *interest, uint32_t account)
{
    return &interest->position_lots[account < OPEN_INTEREST_ACCOUNTS ? account : OPEN_INTEREST_ACCOUNTS - 1];
}

void open_interest_trade(struct open_interest *interest, uint32_t buyer, uint32_t seller, int64_t qty_lots)
{
    *position_of(interest, buyer) += qty_lots;
    *position_of(interest, seller) -= qty_lots;
}

/* Every long has its short: the sum of the longs is the number of contracts. */
int64_t open_interest_lots(const struct open_interest *interest)
{
    int64_t lots = 0;

    for (int i = 0; i < OPEN_INTEREST_ACCOUNTS; i++)
        lots += interest->position_lots[i] > 0 ? interest->position_lots[i] : 0;
    return lots;
}
