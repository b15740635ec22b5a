/*
 * stats.h - what the made market looks like, in the figures by which real recordings were measured.
 *
 * Fed with what the venue publishes. Every function takes NULL for "not asked for".
 */
#ifndef MARKET_STATS_H
#define MARKET_STATS_H

#include "market/lob.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct stats;

struct stats_symbol {
    const char *name;
    double lot;        /* of the base asset */
    int64_t row_ticks; /* height of a row of the row-size line */
};

struct stats *stats_new(const struct stats_symbol symbols[2], int64_t start_ns);
void stats_free(struct stats *stats);

void stats_quote(struct stats *stats, int symbol, int64_t at_ns, struct lob_level bid, struct lob_level ask);
void stats_trade(struct stats *stats, int symbol, int64_t at_ns, int64_t price, int64_t qty,
                 enum lob_side taker);
void stats_taker_done(struct stats *stats, int symbol); /* the prints since the last call were one order's */
void stats_vanished(struct stats *stats, int symbol, int64_t qty, bool cancelled); /* near the touch */
void stats_depth(struct stats *stats, int symbol, int64_t at_ns, size_t levels, const struct lob *lob);

void stats_print(struct stats *stats, int64_t end_ns, FILE *out);

#endif
