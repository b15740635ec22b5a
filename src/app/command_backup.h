/* command_backup.h - `flowdeck backup DIR` and `flowdeck restore DIR`. */
#ifndef APP_COMMAND_BACKUP_H
#define APP_COMMAND_BACKUP_H

#include "app/cli.h"
#include "core/base/config.h"

int command_backup(const struct cli *cli, const struct config *config);
int command_restore(const struct cli *cli, const struct config *config);

#endif
