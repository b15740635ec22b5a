/* command_journal.h - `flowdeck journal`: prints, filters, follows, exports what was recorded. Reads only. */
#ifndef APP_COMMAND_JOURNAL_H
#define APP_COMMAND_JOURNAL_H

#include "app/cli.h"
#include "core/base/config.h"

int command_journal(const struct cli *cli, const struct config *config);

#endif
