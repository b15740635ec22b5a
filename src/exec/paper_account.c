#include "exec/paper_account.h"

#include "core/base/decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PPM          INT64_C(1000000)
#define ROUNDINGS_E8 2 /* of value and fee */

static bool is_spot(const struct instrument *instrument)
{
    return instrument->venue == VENUE_BINANCE_SPOT;
}

struct paper_asset *paper_account_asset(struct paper_account *account, const char *name)
{
    struct paper_asset *asset;

    for (size_t i = 0; i < account->count; i++)
        if (strcmp(account->asset[i].name, name) == 0)
            return &account->asset[i];
    if (account->count == PAPER_ASSETS_MAX)
        return NULL;
    asset = &account->asset[account->count++];
    *asset = (struct paper_asset){0};
    snprintf(asset->name, sizeof asset->name, "%s", name);
    return asset;
}

enum err paper_account_transfer(struct paper_account *account, const char *name, int64_t amount_e8)
{
    struct paper_asset *asset = paper_account_asset(account, name);
    int64_t free_e8;

    if (asset == NULL)
        return ERR_FULL;
    if (__builtin_add_overflow(asset->free_e8, amount_e8, &free_e8))
        return ERR_OVERFLOW;
    if (free_e8 < 0)
        return ERR_RANGE;
    asset->free_e8 = free_e8;
    asset->transfers_e8 += amount_e8;
    return ERR_OK;
}

/* --- locks ------------------------------------------------------------------------------------------- */

/* The one an order's lock is in. */
static struct paper_asset *order_asset(struct paper_account *account, const struct instrument *instrument,
                                       const struct order_intent *intent)
{
    bool base = is_spot(instrument) && intent->side == SIDE_ASK;

    return paper_account_asset(account, base ? instrument->base : instrument->quote);
}

static int64_t worst_price(const struct order_intent *intent)
{
    return intent->price_ticks > intent->stop_ticks ? intent->price_ticks : intent->stop_ticks;
}

static int64_t divide_up(int64_t value, int64_t by)
{
    return value / by + (value % by != 0);
}

/* Saturates at INT64_MAX, which nothing covers. */
static int64_t need_of(const struct paper_account *account, const struct instrument *instrument,
                       const struct paper_holding *holding, const struct order_intent *intent,
                       int64_t left_lots, int64_t fee_ppm)
{
    int64_t opens = left_lots, value_e8, fee_e8, need_e8;

    if (left_lots <= 0)
        return 0;
    if (is_spot(instrument) && intent->side == SIDE_ASK)
        return instrument_qty_e8(instrument, left_lots);
    if (!is_spot(instrument)) {
        int64_t closes = -side_sign(intent->side) * holding->position.lots;

        if (intent->reduce_only || closes >= opens)
            return 0;
        opens -= closes > 0 ? closes : 0;
    }
    value_e8 = instrument_value_e8(instrument, worst_price(intent), opens);
    fee_e8 = decimal_mul_div(value_e8, fee_ppm, PPM);
    if (!is_spot(instrument))
        value_e8 = divide_up(value_e8, account->leverage);
    if (__builtin_add_overflow(value_e8, fee_e8, &need_e8) ||
        __builtin_add_overflow(need_e8, ROUNDINGS_E8, &need_e8))
        return INT64_MAX;
    return need_e8;
}

bool paper_account_lock(struct paper_account *account, const struct instrument *instrument,
                        const struct paper_holding *holding, const struct order_intent *intent,
                        int64_t left_lots, int64_t fee_ppm, int64_t *locked_e8)
{
    struct paper_asset *asset;
    int64_t need_e8;

    if (!account->on)
        return true;
    asset = order_asset(account, instrument, intent);
    need_e8 = need_of(account, instrument, holding, intent, left_lots, fee_ppm);
    if (asset == NULL || need_e8 > asset->free_e8)
        return false;
    asset->free_e8 -= need_e8;
    asset->locked_e8 += need_e8;
    *locked_e8 += need_e8;
    return true;
}

bool paper_account_lock_amount(struct paper_account *account, const char *name, int64_t amount_e8)
{
    struct paper_asset *asset = paper_account_asset(account, name);

    if (asset == NULL || amount_e8 > asset->free_e8)
        return false;
    asset->free_e8 -= amount_e8;
    asset->locked_e8 += amount_e8;
    return true;
}

void paper_account_unlock(struct paper_account *account, const struct instrument *instrument,
                          const struct order_intent *intent, int64_t *locked_e8)
{
    struct paper_asset *asset;

    if (!account->on || *locked_e8 == 0)
        return;
    asset = order_asset(account, instrument, intent);
    if (asset == NULL) /* never: what is locked was locked in one */
        return;
    asset->locked_e8 -= *locked_e8;
    asset->free_e8 += *locked_e8;
    *locked_e8 = 0;
}

/* What the rest of the order needs, or what is there of it. */
static void lock_rest(struct paper_account *account, const struct instrument *instrument,
                      const struct paper_holding *holding, const struct order_intent *intent,
                      int64_t left_lots, int64_t fee_ppm, int64_t *locked_e8)
{
    struct paper_asset *asset = order_asset(account, instrument, intent);
    int64_t need_e8 = need_of(account, instrument, holding, intent, left_lots, fee_ppm);

    if (need_e8 > asset->free_e8)
        need_e8 = asset->free_e8;
    asset->free_e8 -= need_e8;
    asset->locked_e8 += need_e8;
    *locked_e8 = need_e8;
}

/* --- fills ------------------------------------------------------------------------------------------- */

/* Takes what free lacks out of the position's margin, then out of the insurance. */
static void cover(struct paper_asset *asset, struct paper_holding *holding)
{
    int64_t lack_e8 = -asset->free_e8, part_e8;

    if (lack_e8 <= 0)
        return;
    part_e8 = lack_e8 < holding->margin_e8 ? lack_e8 : holding->margin_e8;
    holding->margin_e8 -= part_e8;
    asset->locked_e8 -= part_e8;
    asset->free_e8 += part_e8;
    asset->insurance_e8 += lack_e8 - part_e8;
    asset->free_e8 += lack_e8 - part_e8;
}

static void pay_fee(struct paper_account *account, struct paper_asset *quote, struct fill *fill,
                    const char *fee_asset)
{
    struct paper_asset *asset = fill->fee_asset_e8 > 0 ? paper_account_asset(account, fee_asset) : NULL;

    if (asset != NULL) {
        asset->free_e8 -= fill->fee_asset_e8;
        asset->fees_e8 -= fill->fee_asset_e8;
        return;
    }
    if (quote->free_e8 < fill->fee_e8)
        fill->fee_e8 = quote->free_e8;
    quote->free_e8 -= fill->fee_e8;
    quote->fees_e8 -= fill->fee_e8;
}

static void fill_spot(struct paper_account *account, const struct instrument *instrument, struct fill *fill,
                      const char *fee_asset)
{
    struct paper_asset *base = paper_account_asset(account, instrument->base);
    struct paper_asset *quote = paper_account_asset(account, instrument->quote);
    int64_t qty_e8 = side_sign(fill->side) * instrument_qty_e8(instrument, fill->qty_lots);

    if (base == NULL || quote == NULL)
        return; /* the lock made both: cannot happen */
    base->free_e8 += qty_e8;
    base->fills_e8 += qty_e8;
    quote->free_e8 -= side_sign(fill->side) * fill->value_e8;
    quote->fills_e8 -= side_sign(fill->side) * fill->value_e8;
    if (quote->free_e8 < 0) { /* the roundings of many small fills: the fee gives way */
        fill->fee_e8 = quote->free_e8;
        quote->fees_e8 -= quote->free_e8;
        quote->free_e8 = 0;
        return;
    }
    pay_fee(account, quote, fill, fee_asset);
}

/* All of the position's margin, and what is needed now back again, as far as there is. */
static void lock_margin(struct paper_asset *quote, struct paper_holding *holding, int64_t margin_e8)
{
    int64_t more_e8 = margin_e8 < quote->free_e8 ? margin_e8 : quote->free_e8;

    quote->free_e8 -= more_e8;
    quote->locked_e8 += more_e8;
    holding->margin_e8 = more_e8;
}

static int64_t margin_of(const struct paper_account *account, const struct paper_holding *holding)
{
    return divide_up(llabs(holding->position.cost_e8), account->leverage);
}

static void fill_futures(struct paper_account *account, const struct instrument *instrument,
                         struct paper_holding *holding, struct fill *fill, int64_t realised_e8,
                         const char *fee_asset)
{
    struct paper_asset *quote = paper_account_asset(account, instrument->quote);
    int64_t margin_e8 = margin_of(account, holding);

    if (quote == NULL)
        return; /* the lock made it: cannot happen */
    quote->free_e8 += holding->margin_e8;
    quote->locked_e8 -= holding->margin_e8;
    holding->margin_e8 = 0;
    quote->free_e8 += realised_e8;
    quote->fills_e8 += realised_e8;
    cover(quote, holding);
    pay_fee(account, quote, fill, fee_asset);
    lock_margin(quote, holding, margin_e8);
}

enum err paper_account_grant(struct paper_account *account, const struct instrument *instrument, int64_t lots,
                             int64_t worth_e8)
{
    struct paper_asset *base = paper_account_asset(account, instrument->base), *quote;
    int64_t qty_e8 = instrument_qty_e8(instrument, lots);
    enum err err = base == NULL ? ERR_FULL : paper_account_transfer(account, instrument->quote, worth_e8);

    if (err != ERR_OK)
        return err;
    quote = paper_account_asset(account, instrument->quote);
    if (quote == NULL)
        return ERR_FULL; /* the transfer made it: cannot happen */
    quote->free_e8 -= worth_e8;
    quote->fills_e8 -= worth_e8;
    base->free_e8 += qty_e8;
    base->fills_e8 += qty_e8;
    return ERR_OK;
}

enum err paper_account_restore(struct paper_account *account, const struct paper_asset *asset)
{
    struct paper_asset *mine = paper_account_asset(account, asset->name);

    if (mine == NULL)
        return ERR_FULL;
    *mine = *asset;
    mine->locked_e8 = 0;
    mine->insurance_e8 = asset->free_e8 < 0 ? -asset->free_e8 : 0;
    mine->free_e8 += mine->insurance_e8;
    mine->fills_e8 =
        mine->free_e8 - mine->transfers_e8 - mine->fees_e8 - mine->funding_e8 - mine->insurance_e8;
    return ERR_OK;
}

void paper_account_hold(struct paper_account *account, const struct instrument *instrument,
                        struct paper_holding *holding)
{
    struct paper_asset *quote = paper_account_asset(account, instrument->quote);

    if (!account->on || instrument->venue == VENUE_BINANCE_SPOT || quote == NULL)
        return;
    quote->free_e8 += holding->margin_e8;
    quote->locked_e8 -= holding->margin_e8;
    lock_margin(quote, holding, margin_of(account, holding));
}

enum err paper_account_fill(struct paper_account *account, const struct instrument *instrument,
                            struct paper_holding *holding, const struct order_intent *intent,
                            struct fill *fill, const char *fee_asset, int64_t left_lots, int64_t fee_ppm,
                            int64_t *locked_e8)
{
    struct fill booked = *fill;
    enum err err = position_apply(&holding->position, instrument, &booked);

    if (err != ERR_OK || !account->on)
        return err;
    paper_account_unlock(account, instrument, intent, locked_e8);
    if (is_spot(instrument))
        fill_spot(account, instrument, fill, fee_asset);
    else
        fill_futures(account, instrument, holding, fill, booked.realised_e8, fee_asset);
    lock_rest(account, instrument, holding, intent, left_lots, fee_ppm, locked_e8);
    return ERR_OK;
}

void paper_account_funding(struct paper_account *account, const struct instrument *instrument,
                           struct paper_holding *holding, int64_t amount_e8)
{
    struct paper_asset *quote;

    if (!account->on)
        return;
    quote = paper_account_asset(account, instrument->quote);
    if (quote == NULL)
        return;
    quote->free_e8 += amount_e8;
    quote->funding_e8 += amount_e8;
    cover(quote, holding);
}
