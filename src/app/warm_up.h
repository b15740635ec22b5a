/*
 * warm_up.h - sums, candles and speeds of one instrument as if it had been watched before the start.
 *
 * Trades of the time before (FEED_HISTORY) come in pages while the stream's own trades already flow. They are told in
 * order to a tape, candles and signals of their own; when they reach the present, the stream's trades since the start,
 * which were kept for this, are told after them, and all of it takes the place of what the market has. Nobody acts on
 * any of this: no order fills, no strategy runs, no book changes. A trade that both bring is counted once, by its id.
 */
#ifndef APP_WARM_UP_H
#define APP_WARM_UP_H

#include "core/domain/market_event.h"
#include "core/signal/signals.h"

#define WARM_UP_KEPT_MAX 4096 /* trades of the stream; more of them and the time before is done without */

struct market_state;
struct warm_up;

struct warm_up *warm_up_new(const struct signal_params *params); /* NULL: memory */
void warm_up_free(struct warm_up *warm_up);
/* A trade of the stream. True: the time before had it already, and the sums know it. */
bool warm_up_knows(struct warm_up *warm_up, const struct trade *trade);
enum warm_up_result { WARM_UP_GOES_ON, WARM_UP_DONE, WARM_UP_GIVEN_UP };
/* A page. DONE: the market knows it now. GIVEN_UP: it never will; told once. */
enum warm_up_result warm_up_page(struct warm_up *warm_up, struct market_state *market,
                                 const struct trade_history *page, int64_t now_ns);
uint64_t warm_up_trades(const struct warm_up *warm_up); /* of the time before, taken */
void warm_up_rescale(struct warm_up *warm_up, struct step_change change);

#endif
