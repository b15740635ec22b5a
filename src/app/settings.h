/*
 * settings.h - the settings of a run: command line before environment before file before the demo's own before default; and
 * read anew.
 */
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H

#include "app/cli.h"
#include "app/paths.h"
#include "core/base/config.h"
#include "core/base/err.h"
#include "core/domain/command.h"
#include "risk/limits.h"

#define SETTINGS_LINE_SIZE 1024

/* path: of the file that was read, "" none. */
enum err settings_load(const struct cli *cli, struct config *config, char path[PATH_TEXT_MAX],
                       char why[CONFIG_WHY_SIZE]);

/*
 * After settings_load() failed, for what only asks a running engine: a fault in a file must not stand between an operator
 * and a kill. Finds the data directory alone: of the command line, the environment, the file's own line, the default.
 */
void settings_find_data_dir(const struct cli *cli, struct config *config, const char *path);

/* Where the settings of a running engine come from, and what the last reading of them was. */
struct settings_live {
    const struct cli *cli;
    const struct config *at_start; /* borrowed: what needs a restart is compared with this */
    struct config *latest;         /* own; NULL: not read anew yet */
    int64_t limit[RISK_LIMITS];    /* as the configuration last made them; a looser one waits for its word */
    bool (*send)(void *arg, const struct command *command); /* to the engine; false: it is full */
    void *arg;
};

void settings_init(struct settings_live *live, const struct cli *cli, const struct config *at_start);
/*
 * Reads everything anew, by the code that a start uses. A fault leaves all as it was: ERR_CONFIG, line says what it is.
 * Else what can change while it runs does (log.level, a limit that becomes tighter), and line names it, and what
 * takes a restart or, a looser limit, a typed word.
 */
enum err settings_reload(struct settings_live *live, char line[SETTINGS_LINE_SIZE]);
void settings_free(struct settings_live *live);

#endif
