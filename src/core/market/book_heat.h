/*
 * book_heat.h - what rested at each price over time, and what was traded there: the memory of the heat map. Pure.
 *
 * Way of the data: order book, once a second -> BOOK HEAT -> chart. For eyes alone: nothing of it reaches a decision.
 * A column is a span of time, a cell a span of prices of cell_ticks, numbered from price 0 on. Two rings of columns: of
 * HEAT_FINE_S, and of HEAT_COARSE_S, whose sizes are the mean of their seconds. Sizes are in units of a fixed number of
 * lots, chosen with the first sample; they saturate. The running column has them as they are, one that is over in two
 * bytes a cell: whole under 4096 units, above that right to 1 in 4096, which is finer than any figure on the screen.
 * About 1.4 MB, touched as it fills.
 */
#ifndef CORE_MARKET_BOOK_HEAT_H
#define CORE_MARKET_BOOK_HEAT_H

#include "core/domain/instrument.h"
#include "core/domain/market_event.h"
#include "core/market/order_book.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAT_CELLS    256 /* of a column, the mid in the middle */
#define HEAT_COLUMNS  600 /* of each ring */
#define HEAT_FINE_S   1
#define HEAT_COARSE_S 15

enum heat_ring { HEAT_FINE, HEAT_COARSE, HEAT_RINGS };

struct heat_column {
    int64_t begin_ms;                /* event time */
    int64_t first_cell;              /* number of cell 0 */
    int64_t touch_ticks[SIDE_COUNT]; /* at its end; 0: that side was empty, or the book not LIVE */
    int64_t bought_lots, sold_lots;  /* by takers */
    struct {                         /* the largest trade of each taker's side; lots 0: none */
        int64_t price_ticks, lots;
    } largest[SIDE_COUNT];
    bool known; /* the book was LIVE */
};

struct heat_cells { /* in units */
    uint32_t size[HEAT_CELLS], traded[HEAT_CELLS];
};

struct book_heat;

/* cell_ticks: of the lifetime. NULL: memory, or no such cell. */
struct book_heat *book_heat_new(int64_t cell_ticks);
void book_heat_free(struct book_heat *heat); /* NULL is allowed */
int64_t book_heat_cell_ticks(const struct book_heat *heat);
int64_t book_heat_unit_lots(const struct book_heat *heat); /* 0: nothing was sampled yet */

/* With each event of the instrument: a new second samples the book. live: it may be believed. */
void book_heat_tick(struct book_heat *heat, const struct order_book *book, bool live, int64_t now_ms);
void book_heat_trade(struct book_heat *heat, const struct trade *trade, int64_t now_ms);

size_t book_heat_count(const struct book_heat *heat, enum heat_ring ring); /* columns, the running one too */
/* back 0: the running one, whose sizes are the mean of its seconds so far. False: none there. */
bool book_heat_column(const struct book_heat *heat, enum heat_ring ring, size_t back,
                      struct heat_column *out);
/* Its cells. False, and nothing written: none there. */
bool book_heat_cells(const struct book_heat *heat, enum heat_ring ring, size_t back, struct heat_cells *out);

#endif
