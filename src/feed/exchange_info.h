/*
 * exchange_info.h - the venue's table of symbols: steps, filters, trading status.
 *
 * Way of the data: "!exchangeInfo" message, read by jansson (tens of milliseconds: never on the hot path of
 * live trading) -> EXCHANGE INFO -> decoder, which gives it to the instruments it knows or will meet. Keeps
 * what the message said in e8, because ticks and lots of an instrument may become finer later.
 */
#ifndef FEED_EXCHANGE_INFO_H
#define FEED_EXCHANGE_INFO_H

#include "core/base/err.h"
#include "core/domain/instrument.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>

#define EXCHANGE_INFO_SYMBOLS_MAX 8192

struct exchange_symbol {
    char symbol[SYMBOL_SIZE];
    char base[ASSET_SIZE], quote[ASSET_SIZE];
    enum venue venue;
    bool trading;
    int64_t tick_e8, lot_e8;            /* 0: not said */
    int64_t price_e8_min, price_e8_max; /* 0: no bound */
    int64_t qty_e8_min, qty_e8_max;
    int64_t market_qty_e8_max;
    int64_t notional_e8_min, notional_e8_max;
};

struct exchange_info {
    struct exchange_symbol *symbol;
    size_t count;
    size_t refused;       /* entries that could not be used */
    int64_t weight_limit; /* of requests in a minute; 0: not said */
};

/* Reads the message. On ERR_OK *out is new (release it); else untouched. Entries without a usable symbol are
 * counted as refused; a filter that cannot be used counts as not said.
 *   ERR_BAD_DATA  no symbols   ERR_TOO_LONG  more than EXCHANGE_INFO_SYMBOLS_MAX   ERR_MEMORY */
enum err exchange_info_read(const json_t *message, struct exchange_info *out);
/* The same from text, bare as REST gives it or in an envelope. No state is shared: any thread may call it. */
enum err exchange_info_parse_text(const char *text, size_t size, struct exchange_info *out);
void exchange_info_release(struct exchange_info *info); /* empty is allowed */

/* NULL: not listed. */
const struct exchange_symbol *exchange_info_find(const struct exchange_info *info, const char *symbol,
                                                 enum venue venue);

/* Assets, status and filters into *instrument, in its own ticks and lots (bounds rounded to the inside).
 * Leaves the steps alone. */
void exchange_symbol_apply(const struct exchange_symbol *entry, struct instrument *instrument);

/* Upper case letters, digits and '_', short enough for struct instrument. */
bool symbol_is_valid(const char *text, size_t size);

/* COIN-M symbols are told by their form: BTCUSD_PERP, BTCUSD_240927. */
bool symbol_is_coin_margined(const char *text, size_t size);

#endif
