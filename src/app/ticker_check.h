/*
 * ticker_check.h - does the book agree with the venue's own best quotes?
 *
 * For each applied depth event with update id u, the best quote with the largest id <= u is compared with
 * the book's best prices and sizes. The two streams race on the wire: a comparison is decided when a quote
 * with a larger id has come, or at the end.
 */
#ifndef APP_TICKER_CHECK_H
#define APP_TICKER_CHECK_H

#include "core/domain/instrument.h"
#include "core/domain/market_event.h"

#include <stdbool.h>
#include <stdint.h>

#define TICKER_CHECK_QUOTES_MAX 4096 /* quotes remembered for a depth event that comes late */
#define TICKER_CHECK_DEPTHS_MAX 4096 /* depth events waiting for a larger quote id */

struct ticker_best { /* in e8, so that a refined step changes nothing */
    uint64_t update_id;
    int64_t price_e8[SIDE_COUNT]; /* 0: empty side */
    int64_t qty_e8[SIDE_COUNT];
};

struct ticker_check {
    uint64_t compared, differed;
    uint64_t dropped; /* waited too long: a bound was reached */
    uint64_t last_differed_id;
    uint64_t quote_count, depth_head, depth_tail; /* ever; slot = index mod MAX */
    struct ticker_best quote[TICKER_CHECK_QUOTES_MAX];
    struct ticker_best depth[TICKER_CHECK_DEPTHS_MAX];
};

void ticker_check_quote(struct ticker_check *check, const struct ticker_best *quote);
void ticker_check_depth(struct ticker_check *check, const struct ticker_best *book);
/* The remembered quote of exactly this id, NULL: none. */
const struct ticker_best *ticker_check_at(const struct ticker_check *check, uint64_t update_id);
bool ticker_best_same(const struct ticker_best *a, const struct ticker_best *b); /* prices and sizes */
void ticker_check_restart(struct ticker_check *check); /* a new connection: ids may begin anew */
void ticker_check_end(struct ticker_check *check);     /* decides all that wait */

#endif
