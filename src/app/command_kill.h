/* command_kill.h - kill, status, controls: a running engine asked through the control socket of its data directory. */
#ifndef APP_COMMAND_KILL_H
#define APP_COMMAND_KILL_H

#include "app/cli.h"
#include "core/base/config.h"

/* Returns when every cancel is confirmed and the kill is on disk; else exit code 6, with what is still open. */
int command_kill(const struct cli *cli, const struct config *config);
int command_status(const struct cli *cli, const struct config *config);
/* Without a running engine: the configured limits, and a self-test of this moment. */
int command_controls(const struct cli *cli, const struct config *config);

#endif
