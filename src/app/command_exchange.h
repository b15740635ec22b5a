/* command_exchange.h - `flowdeck exchange`: the built-in exchange alone, until interrupted. */
#ifndef APP_COMMAND_EXCHANGE_H
#define APP_COMMAND_EXCHANGE_H

#include "app/cli.h"
#include "core/base/config.h"

int command_exchange(const struct cli *cli, struct config *config); /* the exit code */

#endif
