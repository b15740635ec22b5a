/*
 * messages.h - the JSON of each public stream message, keys and their order as recorded at the venue. Facts 3.
 *
 * Each appends one whole message. Times are what clients are told, UTC ms. No printf on these: they run for every
 * change of a book.
 */
#ifndef SIM_MESSAGES_H
#define SIM_MESSAGES_H

#include "sim/klines.h"
#include "sim/market.h"
#include "sim/symbol.h"
#include "sim/text.h"
#include "sim/tickers.h"
#include "sim/trade_tape.h"
#include "sim/truth.h"

/* How one symbol's numbers look on the wire. Spot writes 8 places everywhere; USD-M the places of its steps, prices at
 * least 2. */
struct wire {
    const struct sim_symbol *symbol;
    unsigned price_places, qty_places;
    unsigned money_places; /* quote volumes of tickers and trades; candles add qty_places on USD-M */
};

struct book_top { /* by side; 0: empty */
    int64_t price_ticks[SIDE_COUNT], qty_lots[SIDE_COUNT];
};

void wire_init(struct wire *wire, const struct sim_symbol *symbol);
unsigned wire_places(int64_t step_e8); /* decimal places that a step needs */
/* Numbers in quotes. */
void wire_price(struct sim_text *text, const struct wire *wire, int64_t ticks);
void wire_qty(struct sim_text *text, const struct wire *wire, int64_t lots);
void wire_money(struct sim_text *text, const struct wire *wire, int64_t value, unsigned places);
void wire_e8(struct sim_text *text, int64_t value_e8, unsigned places); /* rounded, half away from zero */
void wire_average(struct sim_text *text, const struct wire *wire, int64_t value, int64_t lots);
unsigned wire_kline_places(const struct wire *wire);
/* ,"key":123 or ,"key":"text"; key with its quotes and colon: ",\"E\":" */
void wire_int(struct sim_text *text, const char *key, int64_t value);
void wire_levels(struct sim_text *text, const struct wire *wire, const struct truth_level *levels,
                 size_t count);

void message_trade(struct sim_text *text, const struct wire *wire, int64_t event_ms, int64_t trade_ms,
                   const struct tape_trade *trade);
void message_agg_trade(struct sim_text *text, const struct wire *wire, int64_t event_ms, int64_t trade_ms,
                       const struct agg_trade *agg);
void message_book_ticker(struct sim_text *text, const struct wire *wire, int64_t event_ms, uint64_t update_id,
                         const struct book_top *top);
struct depth_message {
    uint64_t first_id, last_id, previous_id; /* U u pu */
    int64_t event_ms, change_ms;             /* E T */
    const struct truth_level *levels;        /* ascending keys: bids first */
    size_t count;
};
void message_depth(struct sim_text *text, const struct wire *wire, const struct depth_message *depth);
/* {"lastUpdateId":..,"bids":..,"asks":..}, with E and T on USD-M: the spot partial stream and REST depth. */
void message_snapshot(struct sim_text *text, const struct wire *wire, const struct depth_message *depth);
void message_kline(struct sim_text *text, const struct wire *wire, int64_t event_ms,
                   enum kline_interval interval, const struct kline *kline, bool closed);
void message_mini_ticker(struct sim_text *text, const struct wire *wire, int64_t event_ms,
                         const struct ticker *ticker);
void message_ticker(struct sim_text *text, const struct wire *wire, int64_t event_ms,
                    const struct ticker *ticker, const struct book_top *top);
void message_window_ticker(struct sim_text *text, const struct wire *wire, int64_t event_ms, unsigned minutes,
                           const struct ticker *ticker);
void message_avg_price(struct sim_text *text, const struct wire *wire, int64_t event_ms, int64_t price_e8,
                       int64_t trade_ms);
void message_mark_price(struct sim_text *text, const struct wire *wire, int64_t event_ms,
                        const struct market_mark *mark);

#endif
