/*
 * match_lists.h - which live orders belong to one list (OCO).
 *
 * A hash of list ids with chains through the orders. A list holds few orders, so a chain is short.
 */
#ifndef SIM_MATCH_LISTS_H
#define SIM_MATCH_LISTS_H

#include "sim/match_orders.h"

struct match_lists {
    uint32_t *bucket;
    unsigned shift;
};

bool match_lists_init(struct match_lists *lists, size_t orders_max); /* false: no memory */
void match_lists_drop(struct match_lists *lists);

void match_lists_add(struct match_lists *lists, struct match_orders *orders, uint32_t index);
void match_lists_remove(struct match_lists *lists, struct match_orders *orders, uint32_t index);
/* The oldest order of a list that is newer than after_id; 0: none. */
uint32_t match_lists_next(const struct match_lists *lists, const struct match_orders *orders,
                          uint64_t list_id, uint64_t after_id);

#endif
