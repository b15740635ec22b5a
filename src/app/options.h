/*
 * options.h - the one table of settings, and what the engine is built from it.
 *
 * YAML keys, environment names, command-line options, check-config, --help and flowdeck.conf(5) all come from
 * options_table().
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include "app/pipeline.h"
#include "core/base/config.h"

/* Every setting, ours and the strategies'; static. The first call makes it: before any thread. */
const struct option *options_table(size_t *count);
/* An empty configuration of it; NULL when memory is short. */
struct config *options_config_new(void);

/* Environment names that are not settings: read by the program itself (see cli.h). */
extern const char *const options_environ_ignored[];

/* All settings, alone and together: what check-config and every start ask. ERR_CONFIG with one line in why. */
enum err options_check(const struct config *config, char why[CONFIG_WHY_SIZE]);
/* The same, with one line for each that is wrong; returns the error of the first. */
enum err options_check_all(const struct config *config, struct config_faults *faults);

/* Says "what" of a setting, with the place where it can be mended: "flowdeck.yaml:12: risk.max_value: ...". */
void options_complain(const struct config *config, const char *name, const char *what,
                      char why[CONFIG_WHY_SIZE]);

/* The engine's configuration from settings. ERR_CONFIG, with one line in why, where two settings contradict. */
enum err options_pipeline(const struct config *config, struct pipeline_config *out,
                          char why[CONFIG_WHY_SIZE]);

enum venue options_venue(const struct config *config); /* of the setting `venue` */

#endif
