/*
 * gateway.h - the seam to a venue: submit, cancel, replace, query; answers in one vocabulary. Pure.
 *
 * The paper broker is one gateway; live ones are others. A gateway never waits and never allocates: what it
 * cannot answer at once comes out of a later call of advance(). Errors are normalised to enum order_error.
 * An answer that will not come is the gateway's own affair until it says so (order_answer_lost by the engine's
 * time-out); a submit is never posted twice: unknown means query.
 */
#ifndef EXEC_GATEWAY_H
#define EXEC_GATEWAY_H

#include "core/domain/order.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GATEWAY_ANSWERS_MAX 1024 /* of one call */

/* Filled by a call, taken by the pipeline in order. Each call clears it first. */
struct gateway_answers {
    size_t count;
    struct order_event event[GATEWAY_ANSWERS_MAX];
};

struct gateway_ops {
    const char *name; /* "paper" */
    void (*submit)(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out);
    void (*cancel)(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out);
    /* order->replace_price_ticks and replace_qty_lots say the new terms. A smaller quantity at the same price
     * keeps its place in the queue, all else loses it. */
    void (*replace)(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out);
    /* What became of an UNKNOWN order. */
    void (*query)(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out);
    /* Messages on their way that are due at or before now_ns. */
    void (*advance)(void *self, int64_t now_ns, struct gateway_answers *out);
    int64_t (*next_due_ns)(const void *self); /* INT64_MAX: nothing is on its way */
};

struct gateway {
    const struct gateway_ops *ops;
    void *self;
};

#endif
