/*
 * results_book.h - fills, oldest first, made into round trips, statistics, a histogram and hours. Pure, exact, net of fees.
 *
 * A round trip is of one owner in one instrument, from flat to flat, by the ledger's own arithmetic (core/domain/position.h);
 * who turns from long to short ends one and begins the next. What the hand closes of a strategy's share is booked as the
 * engine books it (holdings.c). All fills are taken, those before the period too: without them nobody knows what was held
 * when it began; what counts is what closed, or was traded, within it.
 *
 * Owners are kept apart as far as there is room, the rest together; trips beyond RESULTS_TRIPS_MAX of a period count in all
 * but the histogram.
 */
#ifndef APP_RESULTS_BOOK_H
#define APP_RESULTS_BOOK_H

#include "core/domain/position.h"
#include "store/results_query.h"
#include "view/view.h"

#include <stdint.h>

#define RESULTS_SYMBOLS_MAX  128
#define RESULTS_TRIPS_MAX    65536
#define RESULTS_SESSIONS_MAX 4096 /* the newest ones: how long somebody watched */

struct results_book;

struct results_book *results_book_new(void); /* NULL: memory */
void results_book_free(struct results_book *book);
/* Nothing is known; the period is [from_ns, to_ns]. */
void results_book_begin(struct results_book *book, int64_t from_ns, int64_t to_ns);
void results_book_session(struct results_book *book, const struct results_session *session);
void results_book_fill(struct results_book *book, const struct results_fill *fill);
/* Owners, bins, days, watched_ns, left_out. known_ns: nothing is known of the time before, no day of it has a row. */
void results_book_end(struct results_book *book, enum results_period period, int64_t known_ns,
                      struct view_results *out);

#endif
