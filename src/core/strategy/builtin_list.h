/* builtin_list.h - one object for each strategy that comes with the program. Inside core/strategy only. */
#ifndef CORE_STRATEGY_BUILTIN_LIST_H
#define CORE_STRATEGY_BUILTIN_LIST_H

#include "core/strategy/builtin.h"

extern const struct builtin_strategy builtin_ofi, builtin_momentum, builtin_reversion, builtin_absorption,
    builtin_mm, builtin_pairs;

#endif
