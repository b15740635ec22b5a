/*
 * order_index.h - orders of all users by id and by client id, open ones and, within a bound, finished ones.
 *
 * All room is taken in order_index_new(). The oldest finished order of an account falls out when its bound is full.
 */
#ifndef SIM_ORDER_INDEX_H
#define SIM_ORDER_INDEX_H

#include "sim/user_order.h"

#define INDEX_ACCOUNTS_MAX   8
#define OPEN_ORDERS_MAX      1000 /* of one account: EXCHANGE_MAX_NUM_ORDERS */
#define FINISHED_ORDERS_KEPT 4096 /* of one account */

struct order_index;

struct order_index *order_index_new(void); /* NULL: memory */
void order_index_free(struct order_index *index);
/* A cleared open order of the account (0..INDEX_ACCOUNTS_MAX - 1); NULL: OPEN_ORDERS_MAX are open. */
struct user_order *order_index_take(struct order_index *index, uint32_t account_slot);
void order_index_drop(struct order_index *index, struct user_order *order);     /* was never accepted */
void order_index_accepted(struct order_index *index, struct user_order *order); /* id and client id are set */
void order_index_finished(struct order_index *index, struct user_order *order); /* open becomes false */
void order_index_rename(struct order_index *index, struct user_order *order, const char *client_id);

struct user_order *order_index_slot(struct order_index *index, uint64_t slot); /* NULL: out of range */
struct user_order *order_index_by_id(struct order_index *index, uint32_t account, uint32_t symbol,
                                     uint64_t id);
/* The open one, else the newest. */
struct user_order *order_index_by_client(struct order_index *index, uint32_t account, uint32_t symbol,
                                         const char *client_id);
/* Of one account in the order of acceptance; NULL: end. */
struct user_order *order_index_oldest(struct order_index *index, uint32_t account_slot);
struct user_order *order_index_newer(struct order_index *index, const struct user_order *order);

#endif
