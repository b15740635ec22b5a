/*
 * order_manager.h - all orders of this run: open ones in a pool, finished ones in a bounded history.
 *
 * Applies order events by the state machine of core/domain/order.h. Allocates in _new alone. Iteration
 * goes by sequence, so equal histories give equal order.
 */
#ifndef EXEC_ORDER_MANAGER_H
#define EXEC_ORDER_MANAGER_H

#include "core/base/err.h"
#include "core/domain/instrument.h"
#include "core/domain/order.h"
#include "exec/order_sums.h"

#include <stddef.h>
#include <stdint.h>

#define ORDERS_FINISHED_MAX   512                 /* newest kept, for the screen and late answers */
#define ORDER_EXPIRE_AGAIN_NS INT64_C(1000000000) /* between two cancels of an order whose GTD time is over */

#define ORDER_CANCEL_AGAIN_NS  INT64_C(500000000)
#define ORDER_CANCEL_DOUBLINGS 5                   /* of that time, one a try */
#define ORDER_QUERY_AGAIN_NS   INT64_C(5000000000) /* between two queries of an UNKNOWN order */

struct order_manager;

struct order_manager_counts {
    uint64_t duplicate_fills; /* told again, not booked again */
    uint64_t late_fills;      /* of finished orders */
    uint64_t lost_answers;    /* requests that were not answered in time */
};

struct order_manager *order_manager_new(void);
void order_manager_free(struct order_manager *manager);
/* A new order in state SENT with the next seq (from 1). NULL when ORDERS_OPEN_MAX are open. Borrowed until
 * it is finished. */
struct order *order_manager_add(struct order_manager *manager, const struct order_intent *intent,
                                int64_t now_ns, int64_t arrival_mid2_ticks);
/* Before the first order: this seq and all below have been given by earlier runs. */
void order_manager_start_after(struct order_manager *manager, uint64_t seq);
uint64_t order_manager_last_seq(const struct order_manager *manager); /* 0: none was given yet */
/* An open order of an earlier run, with its own seq: UNKNOWN, to be asked for at once. ERR_FULL; ERR_DUPLICATE. */
enum err order_manager_adopt(struct order_manager *manager, const struct order *left);
struct order *order_manager_find(struct order_manager *manager, uint64_t seq); /* open only; NULL */
/*
 * Applies ev. A finished order moves to the history, where late fills and repeated answers still find it;
 * *out (if not NULL) is a copy after the event, seq 0 where there is no such order.
 *   ERR_NOT_FOUND  no such order, or finished so long ago that it fell out of the history
 *   ERR_DUPLICATE  this fill was booked before (one of the last TRADE_IDS_MAX): counted, nothing else; no fault
 *   ERR_BAD_DATA   the venue and we disagree (order.h), an overfill too; the order is as before: halt
 * A fill has happened whatever we think of it: refused or not, the same one is a duplicate from then on.
 */
enum err order_manager_apply(struct order_manager *manager, const struct order_event *ev, struct order *out);
/* order_cancel_sent and its kin by seq, so that the sums stay true. ERR_NOT_FOUND: not open. */
enum err order_manager_cancel_sent(struct order_manager *manager, uint64_t seq, int64_t now_ns);
enum err order_manager_replace_sent(struct order_manager *manager, uint64_t seq, int64_t price_ticks,
                                    int64_t qty_lots, int64_t now_ns);
enum err order_manager_answer_lost(struct order_manager *manager, uint64_t seq, int64_t now_ns);
/* Somebody changed an open order through its pointer (a trailing stop has moved): counts it anew. */
void order_manager_touched(struct order_manager *manager, const struct order *order);

/*
 * Requests without an answer for timeout_ns: each becomes UNKNOWN, updated_ns says when, and is to be queried; an order
 * that stays UNKNOWN comes again every ORDER_QUERY_AGAIN_NS, or timeout_ns if that is less. Oldest first, at most max; the rest comes with the next call. Walks the
 * open orders: for a timer, not for each event.
 */
size_t order_manager_overdue(struct order_manager *manager, int64_t now_ns, int64_t timeout_ns,
                             struct order **out, size_t max);
/* When the next GTD order is due to be cancelled by us (a venue may not know GTD); INT64_MAX: none. O(1). */
int64_t order_manager_next_expiry_ns(const struct order_manager *manager);
/* GTD orders whose time is over and whose cancel is not on its way, oldest first; a refused cancel comes again
 * after ORDER_EXPIRE_AGAIN_NS. Nothing to do and O(1) before next_expiry. */
size_t order_manager_expired(struct order_manager *manager, int64_t now_ns, struct order **out, size_t max);

/* Orders that work though their cancel was asked for: it was lost, or refused. Each comes again after ORDER_CANCEL_AGAIN_NS,
 * twice that, ..., and then at the longest of these times for as long as it works: what is wanted gone is never let be. */
size_t order_manager_uncancelled(struct order_manager *manager, int64_t now_ns, struct order **out,
                                 size_t max);

/* What the open orders amount to (order_sums.h), as if order without_seq were not there (0: all of them). O(1) but
 * for the best price. */
void order_manager_exposure(struct order_manager *manager, const struct instrument *instrument,
                            uint16_t owner, uint64_t without_seq, struct order_exposure *out);
struct order_manager_counts order_manager_counts(const struct order_manager *manager);
/* Open orders, oldest first. instrument_id or owner ORDERS_ANY: any. Returns how many were written. */
size_t order_manager_open(const struct order_manager *manager, uint16_t instrument_id, uint16_t owner,
                          struct order **out, size_t max);
size_t order_manager_open_count(const struct order_manager *manager);
/* Finished, newest first. */
size_t order_manager_finished(const struct order_manager *manager, struct order *out, size_t max);
void order_manager_rescale(struct order_manager *manager, uint16_t instrument_id, struct step_change change);

#endif
