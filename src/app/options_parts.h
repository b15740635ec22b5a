/* options_parts.h - what options.c and options_check.c have of each other. Private to them. */
#ifndef APP_OPTIONS_PARTS_H
#define APP_OPTIONS_PARTS_H

#include "app/options.h"

/* All but where each limit comes from: an engine that runs may be reading that. */
enum err options_read_pipeline(const struct config *config, struct pipeline_config *out,
                               char why[CONFIG_WHY_SIZE]);
/* Figures that go together, or not at all: ERR_CONFIG with the first that does not. */
enum err options_check_figures(const struct config *config, char why[CONFIG_WHY_SIZE]);

#endif
