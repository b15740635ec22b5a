/*
 * strategy_options.h - settings of the built-in strategies, made from their manifests: strategy.NAME.PARAMETER.
 *
 * A strategy describes a parameter once, in its manifest; the setting, its environment name, check-config, --help and
 * the manual follow from that.
 */
#ifndef APP_STRATEGY_OPTIONS_H
#define APP_STRATEGY_OPTIONS_H

#include "app/pipeline.h"
#include "core/base/config.h"

/* Writes the settings of all built-in strategies to out, at most max; returns how many. Names and texts are static. */
size_t strategy_options(struct option *out, size_t max);
/* The built-in strategies as configured. */
void strategy_options_read(const struct config *config, struct pipeline_config *out);

#endif
