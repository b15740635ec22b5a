/*
 * mock_trail.h - screen 7 at the second of the target pictures: the end of a day's trail, with two runs, a denial, a kill
 * of the day before, and the life of the order 214.
 */
#ifndef MOCK_TRAIL_H
#define MOCK_TRAIL_H

#include "mock_frame.h"

#include "view/trail.h"

static inline struct view_trail_row mock_trail_row(uint64_t seq, int64_t ts_ns, enum trail_kind kind,
                                                   int level, const char *what, const char *owner,
                                                   uint64_t order_seq, const char *text)
{
    struct view_trail_row row;

    memset(&row, 0, sizeof(row));
    row.seq = seq;
    row.ts_ns = ts_ns;
    row.input_seq = seq * 3;
    row.kind = (uint8_t)kind;
    row.level = (uint8_t)level;
    row.order_seq = order_seq;
    snprintf(row.what, sizeof(row.what), "%s", what);
    snprintf(row.owner, sizeof(row.owner), "%s", owner);
    snprintf(row.symbol, sizeof(row.symbol), "%s", order_seq != 0 ? "BTCUSDT" : "");
    snprintf(row.text, sizeof(row.text), "%s", text);
    return row;
}

static inline void mock_trail_add(struct view_trail *trail, int64_t ts_ns, enum trail_kind kind, int level,
                                  const char *what, const char *owner, uint64_t order_seq, const char *text)
{
    uint64_t seq = 120300U + trail->rows;

    trail->row[trail->rows++] = mock_trail_row(seq, ts_ns, kind, level, what, owner, order_seq, text);
}

static inline void mock_trail_step(struct view_trail *trail, int64_t ts_ns, enum trail_kind kind, int level,
                                   const char *what, const char *owner, const char *text)
{
    trail->step[trail->steps] =
        mock_trail_row(120280U + trail->steps, ts_ns, kind, level, what, owner, 214, text);
    trail->steps++;
}

static inline void mock_trail_life(struct view_trail *trail)
{
    int64_t at = mock_at(14, 3, 24, 120);

    trail->order_seq = 214;
    trail->whole = true;
    trail->steps = 0;
    mock_trail_step(trail, at - 4120000000, TRAIL_SIGNALS, 0, "signals", "",
                    "mid 61798.2, near +0.62, far +0.31, ofi +1.9 sigma, takers +0.44, 60 s +1.2 bp");
    mock_trail_step(trail, at, TRAIL_GATE, 0, "gate", "", "all controls passed");
    mock_trail_step(trail, at, TRAIL_ORDER, 0, "sent", "ofi",
                    "#214 BUY 0.02 LIMIT @ 61796.40 GTC, post only");
    mock_trail_step(trail, at + 23000000, TRAIL_ANSWER, 0, "at work", "ofi", "#214");
    mock_trail_step(trail, at + 3214000000, TRAIL_FILL, 1, "fill", "ofi",
                    "#214 BUY 0.01 @ 61796.40 fee 0.6179 maker");
    mock_trail_step(trail, at + 8000000000, TRAIL_ORDER, 0, "cancelling", "ofi",
                    "#214 BUY 0.02 LIMIT @ 61796.40 GTC, post only");
    mock_trail_step(trail, at + 8021000000, TRAIL_ANSWER, 0, "cancelled", "ofi", "#214 as asked");
    mock_trail_step(trail, at + 8021000000, TRAIL_STORY, 0, "", "",
                    "BUY 0.02 @ 61796.40: filled 0.01 of 0.02 after 3.2 s, ended after 8.0 s: as asked");
    mock_trail_step(trail, at + 8021000000, TRAIL_STORY, 0, "", "",
                    "queue: 0.31 ahead on arrival; 0.24 traded at the price, 0.09 cancelled ahead");
}

static inline void mock_trail(struct view_trail *trail)
{
    const int64_t day_ns = INT64_C(86400000000000);
    int64_t yesterday = mock_at(16, 40, 2, 310) - day_ns, today = mock_at(14, 3, 24, 120);

    memset(trail, 0, sizeof(*trail));
    trail->state = TRAIL_FOLLOWS;
    trail->percent = 100;
    trail->records = 120331;
    trail->above = 412;
    snprintf(trail->source, sizeof(trail->source), "journal binance-spot");
    mock_trail_add(trail, yesterday, TRAIL_COMMAND, 3, "kill", "key", 0, "");
    mock_trail_add(trail, yesterday + 210000000, TRAIL_STATE, 3, "kill", "", 0,
                   "by key K orders=4 confirmed=4");
    mock_trail_add(trail, yesterday + 730000000000, TRAIL_RUN, 0, "run ends", "", 0,
                   "run 11, in order, 5120 records");
    mock_trail_add(trail, mock_at(13, 2, 9, 0), TRAIL_RUN, 1, "run begins", "", 0,
                   "run 12, epoch 7, live, simulation, stream.binance.com, flowdeck 0.1.0");
    mock_trail_add(trail, mock_at(13, 2, 9, 40), TRAIL_SYSTEM, 0, "recovery", "", 0,
                   "epoch 7, after an orderly end, 120211 frames, 31 states, 64 ms");
    mock_trail_add(trail, mock_at(13, 2, 10, 0), TRAIL_BOOK, 0, "book.live", "", 0, "update_id=50093239202");
    mock_trail_add(trail, mock_at(13, 2, 31, 0), TRAIL_COMMAND, 0, "strategy-on", "key", 0, "ofi");
    mock_trail_add(trail, mock_at(13, 2, 31, 0), TRAIL_STRATEGY, 0, "on", "ofi", 0, "by you");
    mock_trail_add(trail, today, TRAIL_ORDER, 0, "sent", "ofi", 214,
                   "#214 BUY 0.02 LIMIT @ 61796.40 GTC, post only");
    mock_trail_add(trail, today + 23000000, TRAIL_ANSWER, 0, "at work", "ofi", 214, "#214");
    mock_trail_add(trail, today + 3214000000, TRAIL_FILL, 1, "fill", "ofi", 214,
                   "#214 BUY 0.01 @ 61796.40 fee 0.6179 maker");
    mock_trail_add(trail, today + 8000000000, TRAIL_ORDER, 0, "cancelling", "ofi", 214,
                   "#214 BUY 0.02 LIMIT @ 61796.40 GTC, post only");
    mock_trail_add(trail, today + 8021000000, TRAIL_ANSWER, 0, "cancelled", "ofi", 214, "#214 as asked");
    mock_trail_add(trail, mock_at(14, 5, 12, 8), TRAIL_COMMAND, 0, "order", "key", 0,
                   "BUY 0.02 LIMIT @ 61842.00");
    mock_trail_add(trail, mock_at(14, 5, 12, 8), TRAIL_DENIED, 2, "DENIED", "manual", 0,
                   "MAX_VALUE BUY 0.02 LIMIT GTC @ 61842.00, by you: value=1236.84 limit=1000.00, denial 1");
    mock_trail_add(trail, mock_at(14, 6, 41, 0), TRAIL_LIMIT, 0, "limit", "", 0,
                   "risk.max_value 1000 -> 900 by you, tighter");
    mock_trail_add(trail, mock_at(14, 7, 19, 4), TRAIL_COMMAND, 0, "order", "key", 219,
                   "SELL 0.01 LIMIT @ 61865.00");
    mock_trail_add(trail, mock_at(14, 7, 19, 4), TRAIL_ORDER, 0, "sent", "manual", 219,
                   "#219 SELL 0.01 LIMIT @ 61865.00 GTC");
    mock_trail_add(trail, mock_at(14, 7, 19, 21), TRAIL_ANSWER, 0, "at work", "manual", 219, "#219");
}

#endif
