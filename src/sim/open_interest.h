/* open_interest.h - open contracts of one USD-M symbol, from who traded with whom since the market opened. */
#ifndef SIM_OPEN_INTEREST_H
#define SIM_OPEN_INTEREST_H

#include <stdint.h>

#define OPEN_INTEREST_ACCOUNTS 512 /* accounts from here on count as one */

struct open_interest {
    int64_t position_lots[OPEN_INTEREST_ACCOUNTS]; /* signed */
};

void open_interest_trade(struct open_interest *interest, uint32_t buyer, uint32_t seller, int64_t qty_lots);
int64_t open_interest_lots(const struct open_interest *interest);

#endif
