/*
 * instrument_table.h - instruments the feed has met, found by symbol and market for each message.
 *
 * Part of the decoder. Ids are given in the order of first sight; nothing depends on the order in the hash.
 */
#ifndef FEED_INSTRUMENT_TABLE_H
#define FEED_INSTRUMENT_TABLE_H

#include "core/domain/instrument.h"
#include "feed/steps.h"
#include "feed/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INSTRUMENT_TABLE_SLOTS 256 /* power of two, several times 2 x INSTRUMENTS_MAX */

struct feed_instrument {
    struct instrument info;
    struct steps steps;
    enum wire_market market;
    uint32_t source; /* the source that showed it last */
};

struct instrument_table {
    size_t count;
    struct feed_instrument item[INSTRUMENTS_MAX];
    uint8_t slot[INSTRUMENT_TABLE_SLOTS]; /* index + 1; 0: empty */
};

/* symbol.at must have SYMBOL_SIZE readable bytes. NULL: not met. */
struct feed_instrument *instrument_table_find(struct instrument_table *table, struct wire_text symbol,
                                              enum wire_market market);

/* symbol is valid (symbol_is_valid) and not in the table. NULL: INSTRUMENTS_MAX reached. */
struct feed_instrument *instrument_table_add(struct instrument_table *table, const char *symbol,
                                             enum wire_market market, enum venue venue);

#endif
