/* command_explain.h - `flowdeck explain ORDER`: why this order was filled, or why not, out of the database. */
#ifndef APP_COMMAND_EXPLAIN_H
#define APP_COMMAND_EXPLAIN_H

#include "app/cli.h"
#include "core/base/config.h"

int command_explain(const struct cli *cli, const struct config *config);

#endif
