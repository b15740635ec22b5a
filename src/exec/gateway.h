/*
 * gateway.h - the seam to a venue: submit, cancel, replace, query; answers in one vocabulary. Pure.
 *
 * The paper broker is one gateway; live ones are others. A gateway never waits and never allocates: what it
 * cannot answer at once comes out of a later call of advance(). Errors are normalised to enum order_error.
 * An answer that will not come is the gateway's own affair until it says so (order_answer_lost by the engine's
 * time-out); a submit is never posted twice: unknown means query.
 *
 * Fills are told whoever's order it was: one that is not ours, or that the gateway cannot name, has order_seq 0. A query
 * that finds no such order answers REJECTED with ORDER_ERROR_NOT_FOUND as soon as the venue says so; what that means is
 * the engine's to conclude, since a venue says it of what is still on its way, too.
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

/* What the controls ask of a live venue. */
struct gateway_facts {
    bool private_live; /* the stream of our own orders is up, and all that it missed has been asked for */
    bool clock_known;
    int64_t clock_offset_ns;             /* the venue's time minus ours */
    int64_t weight_used, weight_allowed; /* of the venue's window of requests; allowed 0: unknown */
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
    /* What the venue says we hold of an instrument. False: not known now, or something that may change it is on its way
     * between the venue and us. */
    bool (*position)(const void *self, uint16_t instrument_id, int64_t *lots);
    /* NULL: a venue of ours, nothing to ask. */
    void (*facts)(const void *self, struct gateway_facts *out);
    /* Asks the venue anew for what we hold and for trades since the last one told; what was missed comes as answers, an
     * order's terms before its trades: that we have asked for new ones may be forgotten. NULL: nothing can be missed. */
    void (*reconcile)(void *self, int64_t now_ns, struct gateway_answers *out);
};

struct gateway {
    const struct gateway_ops *ops;
    void *self;
};

#endif
