/*
 * mock_market.h - screen 3 at the second of the target pictures: five instruments of one day.
 */
#ifndef MOCK_MARKET_H
#define MOCK_MARKET_H

#include "mock_frame.h"

static inline void mock_market_row(struct view_frame *frame, const char *symbol, const char *base,
                                   double last, double change_percent, double value, int decimals)
{
    uint16_t i = frame->market.rows++;
    struct view_instrument *at = &frame->status.instrument[i];
    struct view_market_row *row = &frame->market.row[i];
    int64_t ticks;

    memset(row, 0, sizeof(*row));
    if (i >= frame->status.instruments) {
        *at = frame->status.instrument[0];
        snprintf(at->symbol, sizeof(at->symbol), "%s", symbol);
        snprintf(at->base, sizeof(at->base), "%s", base);
        at->scale.price_decimals = (uint8_t)decimals;
        at->scale.tick_e8 = 1;
        for (int k = 0; k < 8 - decimals; k++)
            at->scale.tick_e8 *= 10;
        at->last_ticks = (int64_t)(last * 1e8 + 0.5) / at->scale.tick_e8;
        at->best_ticks[SIDE_BID] = at->last_ticks - 1;
        at->best_ticks[SIDE_ASK] = at->last_ticks + 1;
        at->position_lots = 0;
        frame->status.instruments = (uint16_t)(i + 1);
    }
    ticks = at->last_ticks;
    at->change_bp_x10 = (int64_t)(change_percent * 1000);
    at->imbalance_x1000 = (int32_t)(i * 350) - 500;
    at->imbalance_known = true;
    row->low_ticks = ticks - ticks / 40;
    row->high_ticks = ticks + ticks / (20 + 40 * i);
    row->value_e8 = (int64_t)(value * 1e8);
    row->volume_lots = 1000000;
    row->volatility_bp_x10 = 21 + 7 * i;
    row->prints_x10 = 412 / (i + 1);
    row->points = VIEW_SPARK_MAX;
    for (int k = 0; k < VIEW_SPARK_MAX; k++)
        row->point_ticks[k] = ticks + (int64_t)((k * (13 + i) % 17) * (change_percent > 0 ? k : 60 - k));
}

static inline void mock_market(struct view_frame *frame)
{
    frame->market.rows = 0;
    frame->market.point_ms = 15000;
    frame->market.since_ns = VIEW_NONE;
    mock_market_row(frame, "BTCUSDT", "BTC", 61842.18, 1.284, 1.84e9, 2);
    mock_market_row(frame, "ETHUSDT", "ETH", 3391.77, -0.418, 9.1e8, 2);
    mock_market_row(frame, "SOLUSDT", "SOL", 147.03, 4.913, 3.3e8, 2);
    mock_market_row(frame, "PEPEUSDT", "PEPE", 0.00000921, -6.27, 7.7e7, 8);
    mock_market_row(frame, "XRPUSDT", "XRP", 0.5312, 0.02, 1.2e8, 4);
    frame->status.instrument[3].book_state = BOOK_SYNCING;
}

#endif
