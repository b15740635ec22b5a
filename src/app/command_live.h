/*
 * command_live.h - `flowdeck`, `flowdeck --demo` and `flowdeck record`: an engine on a live feed.
 */
#ifndef APP_COMMAND_LIVE_H
#define APP_COMMAND_LIVE_H

#include "app/cli.h"
#include "core/base/config.h"

/* Each returns the exit code. Every error has been told on standard error. */
int command_workstation(const struct cli *cli, struct config *config);
int command_record(const struct cli *cli, struct config *config);

#endif
