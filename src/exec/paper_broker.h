/*
 * paper_broker.h - fills on paper from the real book and tape. Deterministic, integers only.
 *
 * Market and marketable limit orders walk the visible book, level by level, up to their price; what the
 * book does not hold is cancelled (MARKET, IOC) or rests (LIMIT). A resting order waits behind the size
 * that stood at its price when it arrived; trades at the price eat that first, then fill it; a trade
 * through the price, or the other side's best reaching it, fills it. Cancels ahead are not assumed
 * (risk-averse): the expected place falls with the level's size, the worst does not.
 * Own fills consume each level once until the venue shows it anew; own orders never trade with each
 * other. Latency is zero in this model: an order acts on the book of its event.
 * Fees: ppm of the value, rounded half away from zero to 1e-8 of the quote.
 */
#ifndef EXEC_PAPER_BROKER_H
#define EXEC_PAPER_BROKER_H

#include "core/base/err.h"
#include "core/domain/instrument.h"
#include "core/domain/market_event.h"
#include "core/domain/order.h"
#include "core/market/order_book.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAPER_EVENTS_MAX 1024 /* answers of one call */

struct paper_broker_params {
    int64_t fee_maker_ppm, fee_taker_ppm;
};

/* Answers collected by a call; the pipeline applies them in order. */
struct paper_answers {
    size_t count;
    struct order_event event[PAPER_EVENTS_MAX];
};

struct paper_broker;

struct paper_broker *paper_broker_new(const struct paper_broker_params *params);
void paper_broker_free(struct paper_broker *broker);
/* Each call clears *answers first. `order` is a copy of what was sent. */
void paper_broker_submit(struct paper_broker *broker, const struct instrument *instrument,
                         const struct order_book *book, const struct order *order, int64_t now_ns,
                         struct paper_answers *answers);
void paper_broker_cancel(struct paper_broker *broker, uint64_t order_seq, int64_t now_ns,
                         struct paper_answers *answers);
void paper_broker_on_trade(struct paper_broker *broker, const struct instrument *instrument,
                           const struct order_book *book, const struct trade *trade,
                           struct paper_answers *answers);
/* After the book changed by a depth update or snapshot. */
void paper_broker_on_book(struct paper_broker *broker, const struct instrument *instrument,
                          const struct order_book *book, int64_t now_ns, struct paper_answers *answers);
/* Place in the queue of a resting order, lots ahead; false if it does not rest. */
bool paper_broker_queue(const struct paper_broker *broker, uint64_t order_seq, int64_t *expected_lots,
                        int64_t *worst_lots);
void paper_broker_rescale(struct paper_broker *broker, uint16_t instrument_id, struct step_change change);

#endif
