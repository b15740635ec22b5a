/*
 * paper_slippage.h - the price of lots beyond the visible book, for books that are cut at some depth. Pure.
 *
 * The visible side has `depth` lots between best and last. LINEAR goes on at the same density of lots a tick.
 * SQUARE_ROOT lets the distance from the best grow with the root of the lots taken, fixed at the last level:
 * distance(q) = (last - best) sqrt(q / depth); B. Toth et al., "Anomalous price impact and the critical nature
 * of liquidity in financial markets", Phys. Rev. X 1 (2011). All lots beyond get the worst price so reached,
 * rounded against us. NONE, the default, is right wherever the book is complete: there is nothing beyond.
 */
#ifndef EXEC_PAPER_SLIPPAGE_H
#define EXEC_PAPER_SLIPPAGE_H

#include "core/market/order_book.h"

#include <stdint.h>

enum paper_slippage { PAPER_SLIPPAGE_NONE, PAPER_SLIPPAGE_LINEAR, PAPER_SLIPPAGE_SQUARE_ROOT };

/* Lots of up to `lots` beyond side `side` of the book that fit within limit_ticks (0: any price), and their
 * price. 0: none. */
int64_t paper_slippage_beyond(enum paper_slippage kind, const struct order_book *book, enum side side,
                              int64_t limit_ticks, int64_t lots, int64_t *price_ticks);

#endif
