/* core_eager.h - parameters by which the built-in strategies trade in a market of noise, for worlds made from a seed. */
#ifndef UNIT_CORE_EAGER_H
#define UNIT_CORE_EAGER_H

#include "app/strategy_options.h"

#include <stdlib.h>

/* Strategies that find something in a market of noise. */
static inline void core_eager(struct pipeline_config *config)
{
    static const char *const rows[][3] = {{"ofi", "threshold", "0.2"},
                                          {"ofi", "exit", "0.05"},
                                          {"ofi", "cooldown_ms", "100"},
                                          {"ofi", "short", "true"},
                                          {"ofi", "volatility_max_bp", "10000"},
                                          {"ofi", "spread_ticks_max", "100000"},
                                          {"momentum", "threshold", "0.1"},
                                          {"momentum", "fast_s", "2"},
                                          {"momentum", "slow_s", "8"},
                                          {"momentum", "volatility_min_bp", "0"},
                                          {"momentum", "spread_ticks_max", "100000"},
                                          {"momentum", "cooldown_ms", "500"},
                                          {"reversion", "window_s", "10"},
                                          {"reversion", "entry_z", "0.8"},
                                          {"reversion", "edge_min_bp", "0"},
                                          {"reversion", "flow_max", "20"},
                                          {"reversion", "spread_ticks_max", "100000"},
                                          {"reversion", "cooldown_ms", "500"},
                                          {"absorption", "threshold", "0.05"},
                                          {"absorption", "spread_ticks_max", "100000"},
                                          {"pairs", "window_s", "30"},
                                          {"pairs", "warm_s", "10"},
                                          {"pairs", "sample_ms", "100"},
                                          {"pairs", "stale_ms", "60000"},
                                          {"pairs", "entry_z", "0.5"},
                                          {"pairs", "exit_z", "0.1"},
                                          {"pairs", "edge_min_bp", "0"},
                                          {"pairs", "fit_min", "0"},
                                          {"pairs", "cooldown_ms", "500"},
                                          {"mm", "volatility_max_bp", "10000"},
                                          {"mm", "spike_max", "100"},
                                          {"mm", "flow_max", "100"},
                                          {"mm", "cover_fees", "false"},
                                          {"mm", "calm_ms", "500"}};
    char why[160];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strategy_setup_set(strategy_setup_find(config, rows[i][0]), rows[i][1], rows[i][2], why,
                               sizeof(why)) != ERR_OK)
            abort();
    for (size_t i = 0; i < config->strategies; i++)
        config->strategy[i].on = true;
}

#endif
