/*
 * positions.h - one USD-M position (cross, one-way), exact: quantity in lots, cost in ticks x lots. Pure.
 *
 * A reduction takes its share of the cost, rounded; what is left stays with the position, so that the profit of a
 * round trip is exact to the last unit.
 */
#ifndef SIM_POSITIONS_H
#define SIM_POSITIONS_H

#include "core/domain/side.h"

#include <stdbool.h>
#include <stdint.h>

#define LEVERAGE_DEFAULT 20
#define LEVERAGE_MAX     125

struct position {
    int64_t lots;       /* signed: below zero is short */
    int64_t cost_value; /* ticks x lots of entry, never negative */
    int64_t realised_e8, update_ns;
    int leverage;
    bool isolated;
};

/* One fill; returns the realised profit in ticks x lots. */
int64_t position_fill(struct position *position, enum side side, int64_t price_ticks, int64_t lots);

#endif
