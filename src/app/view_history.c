#include "app/view_history.h"

#include <stdlib.h>

#define CELLS_PER_PRICE 33333 /* a cell is at most 0.3 bp */
#define NS_PER_MS       INT64_C(1000000)

static void add_volume(struct view_history *history, const struct feed_event *event)
{
    struct volume_profile **profile = &history->volume[event->instrument->id];

    if (event->kind == FEED_STEPS && *profile != NULL)
        volume_profile_rescale(*profile, event->steps);
    if (event->kind != FEED_TRADE || event->trade.off_market)
        return;
    if (*profile == NULL)
        *profile = calloc(1, sizeof(**profile)); /* once for each instrument */
    if (*profile != NULL)
        volume_profile_add(*profile, event->trade.price_ticks, event->trade.qty_lots);
}

/* 1 or 5 x 10^n: rows of 1, 2 and 5 x 10^n that are as large consist of whole cells. */
static int64_t cell_for(int64_t price_ticks)
{
    int64_t most = price_ticks / CELLS_PER_PRICE, cell = 1;

    while (cell <= most / 10)
        cell *= 10;
    return cell <= most / 5 ? 5 * cell : cell;
}

/* The cells are a share of the first price; other steps of price begin anew. */
static void add_heat(struct view_history *history, const struct market_state *market,
                     const struct feed_event *event)
{
    struct book_heat **heat = &history->heat[market->instrument->id];
    bool live = book_sync_state(market->sync) == BOOK_LIVE;
    struct level best;

    if (event->kind == FEED_STEPS) {
        book_heat_free(*heat);
        *heat = NULL;
    }
    if (*heat == NULL && live && order_book_best(market->book, SIDE_BID, &best))
        *heat = book_heat_new(cell_for(best.price_ticks));
    if (*heat == NULL)
        return;
    book_heat_tick(*heat, market->book, live, event->recv_ns / NS_PER_MS);
    if (event->kind == FEED_TRADE)
        book_heat_trade(*heat, &event->trade, event->recv_ns / NS_PER_MS);
}

void view_history_on_event(struct view_history *history, const struct pipeline *pipeline,
                           const struct feed_event *event)
{
    if (event->instrument == NULL || event->instrument->id >= INSTRUMENTS_MAX)
        return;
    add_volume(history, event);
    if (event->instrument->id < pipeline->markets)
        add_heat(history, pipeline->market[event->instrument->id], event);
}

void view_history_free(struct view_history *history)
{
    for (size_t i = 0; i < INSTRUMENTS_MAX; i++) {
        free(history->volume[i]);
        book_heat_free(history->heat[i]);
    }
}
