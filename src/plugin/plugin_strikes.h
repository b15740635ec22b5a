/*
 * plugin_strikes.h - three strikes in a minute, and a strategy is out. Pure state, event time: a replay decides alike.
 *
 * A strike is a callback over its budget, which enters the engine as COMMAND_STRATEGY_STRIKE (measured live, never in
 * a replay or backtest), or an answer that was refused.
 */
#ifndef PLUGIN_PLUGIN_STRIKES_H
#define PLUGIN_PLUGIN_STRIKES_H

#include "plugin/plugin_guard.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLUGIN_STRIKES           3
#define PLUGIN_STRIKES_WINDOW_NS INT64_C(60000000000)

struct plugin_strikes { /* zeroed: none */
    int64_t at_ns[PLUGIN_STRIKES];
    size_t count;
};

/*
 * Counts one at event time now_ns. True: it is the third within the window, and the strategy is to be disabled; the
 * strikes are then forgotten, for somebody who switches it on again means it. why gets a line either way:
 * "strike 2 of 3 in 60 s: market took 812 us of 500" or "disabled after 3 strikes in 60 s: market took ...".
 */
bool plugin_strike(struct plugin_strikes *strikes, int64_t now_ns, const char *fault, char *why,
                   size_t why_size);
/* "market took 812 us of 500". Returns out. */
const char *plugin_strike_late_text(enum plugin_call call, int64_t took_ns, int64_t budget_ns, char *out,
                                    size_t out_size);

#endif
