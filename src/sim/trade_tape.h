/*
 * trade_tape.h - the last trades of one symbol, and the same trades aggregated as the venue does.
 *
 * Spot joins prints of one taker order at one price. USD-M joins neighbouring prints of one price and taker side
 * within 100 ms. Prices are ticks, quantities lots, times UTC ms.
 */
#ifndef SIM_TRADE_TAPE_H
#define SIM_TRADE_TAPE_H

#include "sim/history.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRADES_KEPT          5000
#define AGG_TRADES_KEPT      32768 /* ten busy minutes */
#define AGG_TRADE_USDM_MS    100
#define AGG_TRADE_ID_DIVISOR 2 /* a venue open for years has about two prints to one aggregate */

struct tape_trade {
    uint64_t id;
    int64_t time_ms;
    int64_t price_ticks, qty_lots;
    bool buyer_maker; /* the taker sold */
};

struct agg_trade {
    uint64_t id, first_id, last_id; /* own id; trades in it */
    int64_t time_ms;                /* of its first trade */
    int64_t price_ticks, qty_lots;
    bool buyer_maker;
};

struct trade_tape {
    struct history trades, aggs; /* the newest aggregate may still grow while `open` */
    bool usdm, open;
    uint64_t taker_order_id; /* of the open aggregate */
    uint64_t next_agg_id;
};

void trade_tape_init(struct trade_tape *tape, bool usdm);
void trade_tape_free(struct trade_tape *tape);
/* True: the aggregate that was open is complete now. */
bool trade_tape_add(struct trade_tape *tape, const struct tape_trade *trade, uint64_t taker_order_id);
/* Completes the open aggregate: spot when its order can have no more prints, USD-M when its 100 ms are over. */
void trade_tape_close(struct trade_tape *tape);
const struct tape_trade *trade_tape_at(const struct trade_tape *tape, size_t index); /* 0: oldest */
const struct agg_trade *agg_trade_at(const struct trade_tape *tape, size_t index);
const struct tape_trade *trade_tape_newest(const struct trade_tape *tape); /* NULL: none */
/* First index whose id is >= id; count if none. */
size_t trade_tape_find(const struct trade_tape *tape, uint64_t id);
size_t agg_trade_find(const struct trade_tape *tape, uint64_t id);

#endif
