/* usual_signals.h - parameters of the signals as the program presets them. */
#ifndef UNIT_USUAL_SIGNALS_H
#define UNIT_USUAL_SIGNALS_H

#include "core/signal/signals.h"

static const struct signal_params usual_signals = {
    .ofi_decay_ms = 10000,
    .tape_decay_ms = 10000,
    .vpin_buckets = 50,
    .vpin_bucket_trades = 200,
    .events = {.window_ms = 10000,
               .absorb_times_x100 = 150,
               .pulled_share_x100 = 60,
               .wall_times_x100 = 500,
               .stacked_times_x100 = 200,
               .shift_x100 = 30,
               .sweep_prices = 3,
               .cooldown_ms = 5000},
};

#endif
