/*
 * paper_fees.h - what a fill costs: maker and taker tiers by the volume of 30 days, rebates, a fee asset. Pure.
 *
 * Rates in ppm of the fill's value, < 0: a rebate. Fees round half away from zero to 1e-8 of the quote. The
 * volume is the value of all fills of today and the 29 UTC days before, quote assets taken as one. A positive
 * fee may be paid in another asset at a discount, at a fixed rate; the figure in the quote stays beside it.
 */
#ifndef EXEC_PAPER_FEES_H
#define EXEC_PAPER_FEES_H

#include "core/domain/instrument.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAPER_FEE_TIERS_MAX 16
#define PAPER_FEE_DAYS      30

struct paper_fee_tier {
    int64_t volume_e8; /* from this volume on; rising, the first one 0 */
    int64_t maker_ppm, taker_ppm;
};

struct paper_fee_params {
    size_t tiers; /* one: flat */
    struct paper_fee_tier tier[PAPER_FEE_TIERS_MAX];
    char asset[ASSET_SIZE]; /* "": in the quote */
    int64_t asset_rate_e8;  /* one unit of it in the quote, > 0 */
    int64_t discount_ppm;   /* of the fee when paid in it */
};

struct paper_fees {
    struct paper_fee_params params;
    int64_t day_value_e8[PAPER_FEE_DAYS]; /* by UTC day modulo */
    int64_t day;                          /* of the newest */
};

struct paper_fee {
    int64_t quote_e8; /* what it is worth, discount taken */
    int64_t asset_e8; /* what the fee asset pays; 0: the quote pays */
};

void paper_fees_init(struct paper_fees *fees, const struct paper_fee_params *params);
const struct paper_fee_tier *paper_fees_tier(struct paper_fees *fees, int64_t now_ns);
/* The highest rate an order may have to pay now, >= 0: for reserves. */
int64_t paper_fees_reserve_ppm(struct paper_fees *fees, int64_t now_ns);
/* Of one fill; asset_free_e8: what is there of the fee asset, a fee it does not cover is paid in the quote. */
struct paper_fee paper_fees_of(struct paper_fees *fees, bool maker, int64_t value_e8, int64_t asset_free_e8,
                               int64_t now_ns);
void paper_fees_add_volume(struct paper_fees *fees, int64_t value_e8, int64_t now_ns);

#endif
