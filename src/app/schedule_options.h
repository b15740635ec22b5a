/* schedule_options.h - the schedule of pauses from the settings pause.*. */
#ifndef APP_SCHEDULE_OPTIONS_H
#define APP_SCHEDULE_OPTIONS_H

#include "app/schedule.h"
#include "core/base/config.h"

/* Not compiled yet. Before other threads start (time_zone.h). ERR_CONFIG with one line in why. */
enum err schedule_of_settings(struct schedule *schedule, const struct config *config,
                              char why[CONFIG_WHY_SIZE]);

#endif
