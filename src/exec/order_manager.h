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

#include <stddef.h>
#include <stdint.h>

#define ORDERS_OPEN_MAX     256
#define ORDERS_FINISHED_MAX 512 /* newest kept, for the screen */

struct order_manager;

struct order_manager *order_manager_new(void);
void order_manager_free(struct order_manager *manager);
/* A new order in state SENT with the next seq (from 1). NULL when ORDERS_OPEN_MAX are open. Borrowed until
 * it is finished. */
struct order *order_manager_add(struct order_manager *manager, const struct order_intent *intent,
                                int64_t now_ns, int64_t arrival_mid2_ticks);
struct order *order_manager_find(struct order_manager *manager, uint64_t seq); /* open only; NULL */
/*
 * Applies ev. A finished order moves to the history, where late fills and repeated answers still find it;
 * *out (if not NULL) is a copy after the event.
 *   ERR_NOT_FOUND  no such order, or finished so long ago that it fell out of the history
 *   ERR_BAD_DATA   the venue and we disagree (order.h); the order is as before: halt
 */
enum err order_manager_apply(struct order_manager *manager, const struct order_event *ev, struct order *out);
/* Open orders, oldest first. instrument_id or owner 0xFFFF: any. Returns how many were written. */
size_t order_manager_open(const struct order_manager *manager, uint16_t instrument_id, uint16_t owner,
                          struct order **out, size_t max);
size_t order_manager_open_count(const struct order_manager *manager);
/* Finished, newest first. */
size_t order_manager_finished(const struct order_manager *manager, struct order *out, size_t max);
void order_manager_rescale(struct order_manager *manager, uint16_t instrument_id, struct step_change change);

#endif
