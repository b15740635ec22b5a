/*
 * instrument.h - what is traded: names, venue, steps, filters. Pure.
 *
 * tick: smallest price step, lot: smallest quantity step, both in e8 units (1.00 = 10^8).
 * Prices in ticks and quantities in lots are int64_t everywhere behind the feed; money is
 * int64_t in e8 of the quote asset.
 *
 * Steps may come from exchangeInfo, from the configuration, or be derived from what the feed
 * showed (greatest common step). A finer price or quantity refines the step: then every owner of
 * ticks or lots multiplies them by the factors of struct step_change, before the event is used.
 */
#ifndef CORE_DOMAIN_INSTRUMENT_H
#define CORE_DOMAIN_INSTRUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYMBOL_SIZE     24 /* NUL included */
#define ASSET_SIZE      16
#define INSTRUMENTS_MAX 50
#define INSTRUMENT_NONE UINT16_MAX /* an id: of none */

enum venue { VENUE_BINANCE_SPOT, VENUE_BINANCE_USDM, VENUE_BINANCE_COINM };

enum step_source { STEP_UNKNOWN, STEP_DERIVED, STEP_CONFIG, STEP_EXCHANGE_INFO };

struct instrument {
    char symbol[SYMBOL_SIZE]; /* upper case, [A-Z0-9_]: safe to print */
    char base[ASSET_SIZE];
    char quote[ASSET_SIZE];
    enum venue venue;
    uint16_t id; /* index in the engine's table */
    enum step_source step_source;
    int64_t tick_e8; /* > 0 once known; 0 before */
    int64_t lot_e8;
    int64_t qty_lots_min, qty_lots_max;       /* of one order; 0: no bound known */
    int64_t market_qty_lots_max;              /* 0: no bound known */
    int64_t notional_e8_min, notional_e8_max; /* of one order; 0: no bound known */
    int64_t price_ticks_min, price_ticks_max; /* 0: no bound known */
    bool trading;                             /* venue says TRADING (or says nothing) */
    bool inverse;                             /* COIN-M: quantity in contracts; shown, not traded */
};

struct step_change {
    int64_t price_factor; /* >= 1: old tick / new tick */
    int64_t qty_factor;   /* >= 1: old lot / new lot */
};

/* Ticks by price_factor, lots by qty_factor. What does not fit, as a trail as long as a number, is at the far end. */
static inline void step_scale(int64_t *value, int64_t factor)
{
    if (__builtin_mul_overflow(*value, factor, value))
        *value = INT64_MAX;
}

/* "binance-spot", "binance-usdm", "binance-coinm" */
const char *venue_name(enum venue venue);
/* "binance spot" for the status row */
const char *venue_label(enum venue venue);

/* Fills symbol, venue, inverse, base and quote (split at a known quote asset; else the whole and ""). */
void instrument_init(struct instrument *instrument, const char *symbol, enum venue venue, uint16_t id);
void instrument_rescale(struct instrument *instrument, struct step_change change);
bool instrument_same(const struct instrument *a, const struct instrument *b); /* in every field */

/* Ticks and lots to e8; saturates at INT64_MAX (cannot happen with prices the decoder let in). */
int64_t instrument_price_e8(const struct instrument *instrument, int64_t price_ticks);
int64_t instrument_qty_e8(const struct instrument *instrument, int64_t qty_lots);
/* Money of qty_lots at price_ticks, e8 of the quote, rounded half away from zero (Binance keeps 8 places). */
int64_t instrument_value_e8(const struct instrument *instrument, int64_t price_ticks, int64_t qty_lots);
/* Places that show every tick / every lot: 2 for 0.01. */
unsigned instrument_price_decimals(const struct instrument *instrument);
unsigned instrument_qty_decimals(const struct instrument *instrument);

#endif
