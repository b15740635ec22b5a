/*
 * paper_account.h - balances at the paper venue: free, locked, and what moved them. Exact integers. Pure.
 *
 * For each asset, always: free + locked = transfers + fills + fees + funding + insurance; free, locked >= 0.
 * Spot: a buy locks value and fee at its limit price in the quote, a sale locks the base; nothing is sold that is
 * not there. Futures: an order locks margin (value / leverage) for what it opens, plus its fee, in the quote; a
 * position locks cost / leverage; profit and loss go to free. A loss beyond all that is there is paid by the
 * insurance, as a venue that liquidates too late would: it has a line of its own.
 * A fee is cut by the 1e-8 or two that the rounding of many partial fills may take beyond what was locked.
 */
#ifndef EXEC_PAPER_ACCOUNT_H
#define EXEC_PAPER_ACCOUNT_H

#include "core/base/err.h"
#include "core/domain/position.h"
#include "exec/paper_fees.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAPER_ASSETS_MAX (2 * INSTRUMENTS_MAX + 2)

struct paper_asset {
    char name[ASSET_SIZE];
    int64_t free_e8, locked_e8;
    int64_t transfers_e8, fills_e8, fees_e8, funding_e8, insurance_e8;
};

struct paper_account {
    bool on; /* off: funds are somebody else's business, nothing is refused or booked */
    int64_t leverage;
    size_t count;
    struct paper_asset asset[PAPER_ASSETS_MAX];
};

/* Of one instrument at the venue. */
struct paper_holding {
    struct position position;
    int64_t margin_e8; /* locked for the position; futures */
};

/* NULL when PAPER_ASSETS_MAX are in use. */
struct paper_asset *paper_account_asset(struct paper_account *account, const char *name);
/* amount < 0 takes out. ERR_RANGE: not that much is free; ERR_FULL; ERR_OVERFLOW. */
enum err paper_account_transfer(struct paper_account *account, const char *name, int64_t amount_e8);

/* Quote money comes in and goes for base: a deposit of worth_e8 and a purchase for all of it. ERR_FULL, ERR_OVERFLOW. */
enum err paper_account_grant(struct paper_account *account, const struct instrument *instrument, int64_t lots,
                             int64_t worth_e8);

/*
 * An asset as an earlier run left it, all of it free: free_e8, transfers_e8, fees_e8 and funding_e8 are given, the rest
 * follows. Below zero is what the insurance paid. ERR_FULL.
 */
enum err paper_account_restore(struct paper_account *account, const struct paper_asset *asset);
/* Locks the margin of a position that was not filled here; futures. */
void paper_account_hold(struct paper_account *account, const struct instrument *instrument,
                        struct paper_holding *holding);

/* Locks what an order of left_lots at price_ticks needs; false when funds do not cover it, nothing is locked. */
bool paper_account_lock(struct paper_account *account, const struct instrument *instrument,
                        const struct paper_holding *holding, const struct order_intent *intent,
                        int64_t left_lots, int64_t fee_ppm, int64_t *locked_e8);
void paper_account_unlock(struct paper_account *account, const struct instrument *instrument,
                          const struct order_intent *intent, int64_t *locked_e8);
/* From free to locked; false: not that much is free, nothing is locked. */
bool paper_account_lock_amount(struct paper_account *account, const char *name, int64_t amount_e8);
/*
 * Books a fill into holding and balances; *locked_e8 is the order's, what left_lots more need stays locked.
 * fee->quote_e8 may come back smaller by a rounding. ERR_OVERFLOW: nothing happened.
 */
enum err paper_account_fill(struct paper_account *account, const struct instrument *instrument,
                            struct paper_holding *holding, const struct order_intent *intent,
                            struct fill *fill, const char *fee_asset, int64_t left_lots, int64_t fee_ppm,
                            int64_t *locked_e8);
/* amount > 0 is received. From free, then margin, then the insurance. */
void paper_account_funding(struct paper_account *account, const struct instrument *instrument,
                           struct paper_holding *holding, int64_t amount_e8);

#endif
