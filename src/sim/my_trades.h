/* my_trades.h - the newest trades of one account, oldest falls out. */
#ifndef SIM_MY_TRADES_H
#define SIM_MY_TRADES_H

#include "core/domain/side.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MY_TRADES_KEPT 16384

struct my_trade {
    uint64_t id, order_id, list_id;
    uint32_t symbol;
    enum side side;
    bool maker;
    uint16_t fee_asset;
    int64_t price_ticks, lots;
    int64_t quote_e8, fee_e8, realised_e8;
    int64_t time_ns;
};

struct my_trades {
    uint64_t count; /* ever */
    struct my_trade *ring;
};

bool my_trades_init(struct my_trades *trades); /* false: memory */
void my_trades_free(struct my_trades *trades);
void my_trades_add(struct my_trades *trades, const struct my_trade *trade);
uint64_t my_trades_first(const struct my_trades *trades); /* number of the oldest kept */
const struct my_trade *my_trades_at(const struct my_trades *trades, uint64_t number);

#endif
