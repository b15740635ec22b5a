/*
 * steps.h - wire numbers (e8) to ticks and lots of one instrument, and back to finer steps when needed.
 *
 * Way of the data: wire message -> STEPS -> market event. Every price is a whole number of ticks: a price
 * that is not makes the tick finer (the greatest common divisor of both), never the price rounder. Zero
 * prices and quantities say nothing about a step. A step that nothing has told yet stands at 1.00 and is
 * replaced, not divided, by the first that comes: nothing but zeros was counted in it.
 */
#ifndef FEED_STEPS_H
#define FEED_STEPS_H

#include "core/base/exact_div.h"
#include "core/domain/instrument.h"
#include "core/domain/market_event.h"
#include "feed/wire.h"

#include <stdbool.h>
#include <stddef.h>

struct steps {
    int64_t tick_e8, lot_e8; /* always > 0 */
    bool tick_known, lot_known;
    struct exact_div price, qty;
};

/* Greatest common step of what was seen; 0: nothing but zeros. */
struct step_hint {
    int64_t tick_e8, lot_e8;
};

void steps_init(struct steps *steps, int64_t tick_e8, int64_t lot_e8); /* 0: not known */

/* What came out of a conversion: a set of flags. */
#define STEPS_EXACT      0U
#define STEPS_FINER      1U /* a price or quantity lies between the steps: *out is not usable */
#define STEPS_ZERO_PRICE 2U /* a price is 0 */

/* Hot path. */
unsigned steps_convert(const struct steps *steps, const struct wire_level *in, size_t count,
                       struct level *out);

/* Adds levels to a hint. */
void step_hint_add(struct step_hint *hint, const struct wire_level *in, size_t count);

/* Makes the steps fit the hint. True: something changed, and *change says by which factors older ticks
 * and lots must be multiplied (1, 1 when an unknown step became known). */
bool steps_refine(struct steps *steps, struct step_hint hint, struct step_change *change);

#endif
