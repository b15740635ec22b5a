/*
 * paper_broker.h - a venue on paper: fills from the real book and tape. Deterministic, integers, no wait. Pure.
 *
 * Market and marketable limit orders walk the visible book, level by level, up to their price; what the book
 * does not hold expires (MARKET, IOC), or rests (LIMIT); FOK takes all or nothing. A resting order waits behind
 * the size that stood at its price when it arrived; trades at the price eat that first, then fill it; cancels
 * ahead move it by the chosen model (paper_queue.h); a trade through the price, or the other side's best
 * reaching it, fills it. Own fills consume each shown level once (paper_liquidity.h); own orders never trade with
 * each other: the later one expires with ORDER_ERROR_SELF_TRADE.
 * Stops wait unseen for the last trade. One that this trade would set off is rejected on arrival.
 *
 * A book that is not LIVE: no fill on a guess. What arrives then is rejected in words (ORDER_ERROR_MARKET_CLOSED),
 * but stops and cancels, which need no book; trades set off stops, and these walk the book once it is LIVE.
 * What rests keeps its place, at most what the level shows when the book is back.
 *
 * Latency: paper_latency.h. The host calls advance() to its event time before it applies an event, so that what
 * arrives before the event sees the book before it. With all parts zero an order is answered by the call itself.
 * GTD orders expire in advance().
 */
#ifndef EXEC_PAPER_BROKER_H
#define EXEC_PAPER_BROKER_H

#include "core/base/err.h"
#include "core/domain/instrument.h"
#include "core/domain/market_event.h"
#include "core/domain/order.h"
#include "core/market/order_book.h"
#include "exec/fill_story.h"
#include "exec/gateway.h"
#include "exec/paper_account.h"
#include "exec/paper_fees.h"
#include "exec/paper_latency.h"
#include "exec/paper_queue.h"
#include "exec/paper_slippage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAPER_FUNDINGS_MAX 64 /* not fetched yet; the oldest go */

/* All zero: no fees, no latency, risk-averse queue, no slippage model, no account. */
struct paper_broker_params {
    int64_t fee_maker_ppm, fee_taker_ppm; /* where fees.tiers is 0: flat */
    struct paper_fee_params fees;
    enum queue_model model; /* the one that decides */
    struct paper_queue_params queue;
    struct paper_latency_params latency[PAPER_LEGS];
    uint64_t seed; /* of the latencies */
    /* A trade through the price fills no more than it traded, our orders in turn. Off: it fills all, as whoever
     * traded there would have had to take all of ours first. */
    bool through_by_size;
    enum paper_slippage slippage;
    bool account;     /* balances are kept and refused by; else the gate's business alone */
    int64_t leverage; /* futures, >= 1; 0: 1 */
};

/* A payment of funding, for the ledger of the host. */
struct paper_funding {
    uint16_t instrument_id;
    int64_t ts_ns;
    int64_t lots; /* position at that time */
    int64_t mark_e8, rate_e8;
    int64_t
        amount_e8; /* of the quote, > 0 received: value at mark, then x rate, each rounded half away from 0 */
};

struct paper_broker;

struct paper_broker *paper_broker_new(const struct paper_broker_params *params); /* NULL: memory */
void paper_broker_free(struct paper_broker *broker);                             /* NULL is allowed */
/* Both are borrowed for the broker's life; once for each instrument, before its first order. Its book is DOWN
 * until paper_broker_on_book_state says otherwise. */
void paper_broker_attach(struct paper_broker *broker, const struct instrument *instrument,
                         const struct order_book *book);
struct gateway paper_broker_gateway(struct paper_broker *broker);

/* --- the market; each call clears *out first --------------------------------------------------------- */

void paper_broker_on_trade(struct paper_broker *broker, uint16_t instrument_id, const struct trade *trade,
                           struct gateway_answers *out);
/* After the book changed by a depth update or snapshot. */
void paper_broker_on_book(struct paper_broker *broker, uint16_t instrument_id, int64_t now_ns,
                          struct gateway_answers *out);
void paper_broker_on_book_state(struct paper_broker *broker, uint16_t instrument_id, enum book_state state,
                                int64_t now_ns, struct gateway_answers *out);
/* Funding is settled by the first mark at or after its time, at that mark and the rate told before it. */
void paper_broker_on_mark(struct paper_broker *broker, uint16_t instrument_id, const struct mark_price *mark,
                          struct gateway_answers *out);
void paper_broker_rescale(struct paper_broker *broker, uint16_t instrument_id, struct step_change change);
/* One part of the latency as measured on the live connection (PAPER_LATENCY_MEASURED). */
void paper_broker_latency_sample(struct paper_broker *broker, enum paper_leg leg, int64_t ns);

/* --- what is known ----------------------------------------------------------------------------------- */

/* Place in the queue of a resting order, lots ahead: by the deciding model (proportional where that is
 * risk-averse), and at worst. False if it does not rest or its book is not LIVE. */
bool paper_broker_queue(const struct paper_broker *broker, uint64_t order_seq, int64_t *expected_lots,
                        int64_t *worst_lots);
/* Its trigger as it stands now: a trailing stop's follows the trades, and no answer tells of it. */
int64_t paper_broker_stop_ticks(const struct paper_broker *broker, const struct order *order);
/* Of an open order or one of the newest finished ones; NULL when it is not kept. Borrowed until the next call. */
const struct fill_story *paper_broker_story(const struct paper_broker *broker, uint64_t order_seq);
/* Finished ones, newest first. */
size_t paper_broker_stories(const struct paper_broker *broker, const struct fill_story **out, size_t max);

/* --- money ------------------------------------------------------------------------------------------- */

/* Given, as if it had been bought so, and worth worth_e8; spot. On top of what has been filled here and is not told yet.
 * Errors of position_apply and paper_account_transfer. */
enum err paper_broker_grant(struct paper_broker *broker, uint16_t instrument_id, const struct fill *given,
                            int64_t worth_e8);
/* See paper_account_transfer. */
enum err paper_broker_transfer(struct paper_broker *broker, const char *asset, int64_t amount_e8);
const struct paper_account *paper_broker_account(const struct paper_broker *broker);
/* What an earlier run left, before the first order: see paper_account_restore(). */
enum err paper_broker_restore_asset(struct paper_broker *broker, const struct paper_asset *asset);
/* Trade ids go on behind this one. */
void paper_broker_start_trades(struct paper_broker *broker, uint64_t trade_id);
/* A position that is older than this broker: reduce-only, margin and funding go by it. */
void paper_broker_set_position(struct paper_broker *broker, uint16_t instrument_id,
                               const struct position *position);
const struct paper_holding *paper_broker_holding(const struct paper_broker *broker, uint16_t instrument_id);
/* Payments since the last call, oldest first. */
size_t paper_broker_take_funding(struct paper_broker *broker, struct paper_funding *out, size_t max);

#endif
