/*
 * ladder_view.h - one ladder's rows: the book summed into fixed price steps, with what traded there.
 *
 * A bid falls into the row at or below its price, an ask into the row at or above, a trade with the side it took,
 * so best bid and best ask are never in one row.
 */
#ifndef APP_LADDER_VIEW_H
#define APP_LADDER_VIEW_H

#include "app/pipeline.h"
#include "view/view.h"

#define LADDER_TRADES_MAX  8192 /* newest trades kept to fill the columns again after a new row step */
#define LADDER_VISITS_MAX  1024 /* rows with trades of this visit; a power of two */
#define LADDER_SAMPLES_MAX 11   /* one a second: ten seconds back */

struct ladder_trade {
    int64_t ns, price_ticks, lots;
    enum side taker;
};

struct ladder_visit {
    int64_t row; /* price label / row_ticks */
    int64_t sold_lots, bought_lots;
    int64_t last_ns; /* 0: free slot */
};

struct ladder_sample {
    int64_t second; /* 0: empty */
    int64_t ns;     /* when in that second */
    int64_t row_ticks, top_ticks;
    uint16_t rows;
    int64_t lots[VIEW_ROWS_MAX];
};

struct ladder_view {
    uint16_t instrument_id; /* INSTRUMENT_NONE: none */
    uint16_t rows;
    int64_t row_ticks, top_ticks;             /* as asked; 0: choose */
    bool levels;                              /* likewise: prices that have orders */
    int64_t chosen_row_ticks;                 /* chosen once for each instrument and row count */
    int64_t own_top_ticks, own_top_row_ticks; /* top row where the screen named none, and its step */
    bool provisional;
    int64_t filled_ns; /* event time of the last summing */
    uint64_t trade_count;
    struct ladder_trade trade[LADDER_TRADES_MAX];
    int64_t visit_row_ticks;
    int64_t visit_from_ns; /* X: trades before do not count */
    struct ladder_visit visit[LADDER_VISITS_MAX];
    struct ladder_sample sample[LADDER_SAMPLES_MAX];
};

void ladder_view_show(struct ladder_view *view, uint16_t instrument_id, uint16_t rows, int64_t row_ticks,
                      int64_t top_ticks);
void ladder_view_trade(struct ladder_view *view, const struct trade *trade);
void ladder_view_rescale(struct ladder_view *view, struct step_change change);
void ladder_view_clear_visit(struct ladder_view *view, int64_t now_ns);
/* Best prices, sizes and the last trade of this moment; the rows stay as they are. */
void ladder_view_touch(const struct market_state *market, struct view_ladder *out);
void ladder_view_fill(struct ladder_view *view, struct pipeline *pipeline, struct view_ladder *out);
/* The step of round_step.h that is nearest to want by ratio. */
int64_t ladder_step_nearest(int64_t want_ticks);

#endif
