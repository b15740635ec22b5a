/*
 * wire.h - lines of a recording: "<receive ns> <json>" in Binance's spot wire format, gzipped.
 *
 * Lines are given as they happen at the venue, each with the time at which it is received, and are written in
 * the order of receiving. Quotes and trades keep their order; depth and snapshots race with them, as they do
 * on a real line.
 */
#ifndef MARKET_WIRE_H
#define MARKET_WIRE_H

#include "market/lob.h"

#include <stdbool.h>
#include <stdint.h>

struct wire;

struct wire_symbol {
    const char *upper, *lower; /* "BTCUSDT", "btcusdt" */
    const char *base;          /* "BTC" */
    int64_t lot_e8;
    int64_t qty_lots_max;
    int64_t market_lots_max;
};

/* path NULL: nothing is written, sizes are counted. NULL: cannot create the file (errno). */
struct wire *wire_new(const char *path);
/* Writes what is left; false when something could not be written. */
bool wire_close(struct wire *wire, uint64_t *lines, uint64_t *text_bytes);

void wire_exchange_info(struct wire *wire, int64_t venue_ns, int64_t receive_ns,
                        const struct wire_symbol *const *symbols, int count);
void wire_snapshot(struct wire *wire, int64_t receive_ns, const struct wire_symbol *symbol,
                   uint64_t last_update_id, const struct lob_level *const levels[2], const size_t counts[2]);
void wire_depth(struct wire *wire, int64_t venue_ns, int64_t receive_ns, const struct wire_symbol *symbol,
                uint64_t first_id, uint64_t last_id, const struct lob_level *const levels[2],
                const size_t counts[2]);
void wire_quote(struct wire *wire, int64_t receive_ns, const struct wire_symbol *symbol, uint64_t update_id,
                struct lob_level bid, struct lob_level ask);
void wire_trade(struct wire *wire, int64_t venue_ns, int64_t receive_ns, const struct wire_symbol *symbol,
                uint64_t trade_id, int64_t price, int64_t qty, bool buyer_is_maker);

/* Writes every line received at or before now; later calls give only later ones. */
void wire_flush(struct wire *wire, int64_t now_ns);

#endif
