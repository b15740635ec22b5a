/*
 * options_outside.h - what settings name outside of the configuration: plug-ins, files, folders, URLs. A start finds out
 * by using them; check-config looks, without running a plug-in.
 */
#ifndef APP_OPTIONS_OUTSIDE_H
#define APP_OPTIONS_OUTSIDE_H

#include "core/base/config.h"

/* Adds one line for each kind that is wrong. */
void options_check_outside(const struct config *config, struct config_faults *faults);

#endif
