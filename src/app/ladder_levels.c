#include "app/ladder_levels.h"

#include <string.h>

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void put(struct view_ladder *out, const struct level *level, enum side side)
{
    struct view_row *row = &out->row[out->rows++];

    row->price_ticks = level->price_ticks;
    if (side == SIDE_BID)
        row->bid_lots = level->qty_lots;
    else
        row->ask_lots = level->qty_lots;
}

/* A row for a price without orders of others. Where all are taken the one farthest away on its side goes. */
static void insert(struct view_ladder *out, uint16_t rows, int64_t price_ticks)
{
    uint16_t at = 0;
    bool above;

    while (at < out->rows && out->row[at].price_ticks > price_ticks)
        at++;
    if (at == 0 || at == out->rows || out->row[at].price_ticks == price_ticks)
        return; /* beyond what is shown, or there already */
    above = out->best[SIDE_ASK].price_ticks > 0 && price_ticks >= out->best[SIDE_ASK].price_ticks;
    if (out->rows < rows) {
        memmove(&out->row[at + 1], &out->row[at], (size_t)(out->rows - at) * sizeof(out->row[0]));
        out->rows++;
    } else if (above) { /* those higher up move up by one, the highest goes */
        at--;
        memmove(&out->row[0], &out->row[1], (size_t)at * sizeof(out->row[0]));
    } else {
        memmove(&out->row[at + 1], &out->row[at], (size_t)(out->rows - at - 1) * sizeof(out->row[0]));
    }
    memset(&out->row[at], 0, sizeof(out->row[0]));
    out->row[at].price_ticks = price_ticks;
}

void ladder_levels_fill(const struct order_book *book, uint16_t rows, const int64_t *also, size_t also_count,
                        struct view_ladder *out)
{
    struct level level[SIDE_COUNT][VIEW_ROWS_MAX];
    size_t max = min_size(rows, VIEW_ROWS_MAX), bids, asks;

    out->levels_only = true;
    out->row_ticks = 1;
    out->rows = 0;
    bids = order_book_top(book, SIDE_BID, level[SIDE_BID], max);
    asks = min_size(order_book_top(book, SIDE_ASK, level[SIDE_ASK], max),
                    max - min_size(bids, max / 2)); /* half of the rows, and those that the bids leave */
    bids = min_size(bids, max - asks);
    for (size_t i = asks; i-- > 0;)
        put(out, &level[SIDE_ASK][i], SIDE_ASK);
    for (size_t i = 0; i < bids; i++)
        put(out, &level[SIDE_BID][i], SIDE_BID);
    for (size_t i = 0; i < also_count; i++)
        if (also[i] > 0)
            insert(out, (uint16_t)max, also[i]);
    for (uint16_t i = 0; i < out->rows; i++)
        out->row[i].net_10s_lots = VIEW_NONE; /* its samples are of steps */
}

struct view_row *ladder_levels_row(struct view_ladder *out, enum side side, int64_t price_ticks)
{
    uint16_t at = 0;

    while (at < out->rows && out->row[at].price_ticks > price_ticks)
        at++;
    if (at < out->rows && out->row[at].price_ticks == price_ticks)
        return &out->row[at];
    if (at == 0 || at == out->rows)
        return NULL;
    return side == SIDE_BID ? &out->row[at] : &out->row[at - 1];
}
