/* ladder_levels.h - rows that are prices with orders, not steps: the best ones of both sides, ours, and the one aimed at. */
#ifndef APP_LADDER_LEVELS_H
#define APP_LADDER_LEVELS_H

#include "core/market/order_book.h"
#include "view/view.h"

/*
 * At most `rows` of them into out->row[] with their sizes, highest first; as many of each side as there is room and need for.
 * also[]: prices that have a row in any case, where they lie among the others; 0 is none.
 */
void ladder_levels_fill(const struct order_book *book, uint16_t rows, const int64_t *also, size_t also_count,
                        struct view_ladder *out);

/* The row of a price; else the nearest one below (a bid) or above (an ask); NULL: beyond them. */
struct view_row *ladder_levels_row(struct view_ladder *out, enum side side, int64_t price_ticks);

#endif
