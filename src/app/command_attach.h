/*
 * command_attach.h - flowdeck attach: this terminal as another screen of an engine that runs elsewhere.
 */
#ifndef APP_COMMAND_ATTACH_H
#define APP_COMMAND_ATTACH_H

#include "app/cli.h"
#include "core/base/config.h"

int command_attach(const struct cli *cli, struct config *config);

#endif
