/* command_replay.h - `flowdeck replay`: opens everything in order, runs headless or with a screen, closes. */
#ifndef APP_COMMAND_REPLAY_H
#define APP_COMMAND_REPLAY_H

#include "app/cli.h"
#include "core/base/config.h"

/* Returns the exit code. Every error has been told on standard error. */
int command_replay(const struct cli *cli, struct config *config);

#endif
