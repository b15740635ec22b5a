/*
 * trade_ids.h - the fills that were booked, so that none is booked twice. Pure.
 *
 * Remembers the newest TRADE_IDS_MAX by instrument, trade id and order (a trade between two of our own orders is
 * a fill of each). O(1), no allocation.
 */
#ifndef EXEC_TRADE_IDS_H
#define EXEC_TRADE_IDS_H

#include "core/domain/order.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRADE_IDS_MAX   4096
#define TRADE_IDS_CELLS (2 * TRADE_IDS_MAX) /* a power of two; at most half are in use */

struct trade_id_key {
    uint64_t trade_id, order_seq;
    uint16_t instrument_id;
};

struct trade_ids {
    struct trade_id_key key[TRADE_IDS_MAX]; /* ring */
    uint32_t next, count;
    uint16_t cell[TRADE_IDS_CELLS]; /* index in key + 1; 0: free */
};

void trade_ids_init(struct trade_ids *ids);
/* Of a FILL. A trade id of 0 is none: it is never known. */
bool trade_ids_known(const struct trade_ids *ids, const struct order_event *ev);
void trade_ids_remember(struct trade_ids *ids, const struct order_event *ev); /* not known yet */

#endif
