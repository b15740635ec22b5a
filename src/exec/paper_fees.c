#include "exec/paper_fees.h"

#include "core/base/decimal.h"

#include <string.h>

#define NS_PER_DAY INT64_C(86400000000000)
#define PPM        INT64_C(1000000)

void paper_fees_init(struct paper_fees *fees, const struct paper_fee_params *params)
{
    memset(fees, 0, sizeof *fees);
    fees->params = *params;
    if (fees->params.tiers == 0)
        fees->params.tiers = 1; /* zero fees */
    if (fees->params.asset_rate_e8 <= 0)
        fees->params.asset[0] = '\0';
}

/* Days that have passed hold nothing any more. */
static void turn_to(struct paper_fees *fees, int64_t now_ns)
{
    int64_t day = now_ns / NS_PER_DAY;

    if (day - fees->day >= PAPER_FEE_DAYS) {
        memset(fees->day_value_e8, 0, sizeof fees->day_value_e8);
        fees->day = day;
    }
    while (fees->day < day)
        fees->day_value_e8[++fees->day % PAPER_FEE_DAYS] = 0;
}

void paper_fees_add_volume(struct paper_fees *fees, int64_t value_e8, int64_t now_ns)
{
    int64_t *today;

    turn_to(fees, now_ns);
    today = &fees->day_value_e8[fees->day % PAPER_FEE_DAYS];
    if (__builtin_add_overflow(*today, value_e8, today))
        *today = INT64_MAX;
}

const struct paper_fee_tier *paper_fees_tier(struct paper_fees *fees, int64_t now_ns)
{
    const struct paper_fee_params *params = &fees->params;
    __int128 volume_e8 = 0;
    size_t tier = 0;

    if (params->tiers == 1)
        return &params->tier[0];
    turn_to(fees, now_ns);
    for (int i = 0; i < PAPER_FEE_DAYS; i++)
        volume_e8 += fees->day_value_e8[i];
    while (tier + 1 < params->tiers && volume_e8 >= params->tier[tier + 1].volume_e8)
        tier++;
    return &params->tier[tier];
}

int64_t paper_fees_reserve_ppm(struct paper_fees *fees, int64_t now_ns)
{
    const struct paper_fee_tier *tier = paper_fees_tier(fees, now_ns);
    int64_t ppm = tier->maker_ppm > tier->taker_ppm ? tier->maker_ppm : tier->taker_ppm;

    return ppm > 0 ? ppm : 0;
}

struct paper_fee paper_fees_of(struct paper_fees *fees, bool maker, int64_t value_e8, int64_t asset_free_e8,
                               int64_t now_ns)
{
    const struct paper_fee_params *params = &fees->params;
    const struct paper_fee_tier *tier = paper_fees_tier(fees, now_ns);
    struct paper_fee fee = {decimal_mul_div(value_e8, maker ? tier->maker_ppm : tier->taker_ppm, PPM), 0};
    int64_t cut_e8, asset_e8;

    if (fee.quote_e8 <= 0 || params->asset[0] == '\0')
        return fee;
    cut_e8 = decimal_mul_div(fee.quote_e8, PPM - params->discount_ppm, PPM);
    asset_e8 = decimal_mul_div(cut_e8, DECIMAL_E8, params->asset_rate_e8);
    if (asset_e8 > 0 && asset_e8 <= asset_free_e8)
        fee = (struct paper_fee){cut_e8, asset_e8};
    return fee;
}
