/*
 * strategy_table.h - what a built-in strategy brings: one table of functions. Inside core/strategy only.
 *
 * A strategy's state begins with its struct strategy, so that a pointer to one is a pointer to the other.
 */
#ifndef CORE_STRATEGY_STRATEGY_TABLE_H
#define CORE_STRATEGY_STRATEGY_TABLE_H

#include "core/strategy/strategy.h"

struct strategy_table {
    const char *name;
    void (*on_event)(struct strategy *strategy, const struct strategy_view *view,
                     struct strategy_actions *actions);
    void (*on_fill)(struct strategy *strategy, const struct strategy_view *view, const struct fill *fill);
    void (*on_denied)(struct strategy *strategy, const struct strategy_view *view, const char *code);
    void (*reset_instrument)(struct strategy *strategy, uint16_t instrument_id);
    const struct strategy_reason *(*reason)(const struct strategy *strategy, uint16_t instrument_id);
    void (*rescale)(struct strategy *strategy, uint16_t instrument_id, struct step_change change);
};

struct strategy {
    const struct strategy_table *table;
};

/* Zeroed state of `size` bytes that begins with its struct strategy. NULL: memory. strategy_free() undoes it. */
struct strategy *strategy_new(const struct strategy_table *table, size_t size);

/* The next intent of *actions, zeroed but for what the view knows; NULL when there is no room. */
struct order_intent *strategy_add_intent(struct strategy_actions *actions, const struct strategy_view *view);
void strategy_add_cancel(struct strategy_actions *actions, uint64_t order_seq);

#endif
