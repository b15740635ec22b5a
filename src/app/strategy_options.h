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

/* NULL: no such strategy. */
struct strategy_setup *strategy_setup_find(struct pipeline_config *config, const char *name);
/* A parameter as text, as in a setting. ERR_NOT_FOUND, ERR_RANGE, ERR_BAD_DATA with one line in why. */
enum err strategy_setup_set(struct strategy_setup *setup, const char *parameter, const char *value, char *why,
                            size_t why_size);

#endif
