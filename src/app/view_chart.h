/*
 * view_chart.h - screen 2: candles with their averages, the book's heat map, and what stood at the cross.
 *
 * On the engine's thread, when a screen asked: candles at each frame; columns of the heat map once, but the newest two,
 * which are summed again at most twice a second.
 */
#ifndef APP_VIEW_CHART_H
#define APP_VIEW_CHART_H

#include "app/pipeline.h"
#include "core/market/book_heat.h"
#include "view/view.h"

struct chart_column { /* of the heat map, summed into its rows */
    int64_t begin_ms; /* 0: empty */
    uint32_t units[VIEW_CHART_ROWS], traded[VIEW_CHART_ROWS];
    int64_t low_ticks, end_ticks; /* what the ring holds of it: a window around the mid of then */
    struct view_heat_column shown;
};

struct chart_view { /* of one screen; zeroed is ready */
    uint16_t instrument_id;
    uint32_t span_s;
    uint16_t rows;
    int64_t row_ticks, top_ticks; /* as the columns are summed */
    int64_t chosen_row_ticks;     /* once for each instrument */
    bool halves;                  /* it was chosen for rows that stand two in one of the screen */
    int64_t unit_lots;
    uint64_t full_units; /* least of the last step; held still */
    int64_t filled_ns;
    struct chart_column column[VIEW_CHART_COLS]; /* by number of the span, modulo */
};

/* heat NULL: no LIVE book yet. */
void chart_view_fill(struct chart_view *view, const struct pipeline *pipeline,
                     const struct market_state *market, const struct book_heat *heat,
                     const struct view_request *request, struct view_chart *out);

#endif
