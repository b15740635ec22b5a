/* cli_store.h - options of the commands that read what is stored: journal, verify, backup, restore. */
#ifndef APP_CLI_STORE_H
#define APP_CLI_STORE_H

#include "app/cli.h"

/* *taken: it was one of these. */
enum err cli_store_option(struct cli_store *store, const char *name, const char *value, bool *taken,
                          char why[CONFIG_WHY_SIZE]);
/* "12" or "fd-3-12". */
bool cli_parse_order(const char *text, uint64_t *seq);
/* As time_parse(), with a fraction and Z behind it; "2024-08-09"; "14:07" is of the day of now_ns. */
bool cli_parse_moment(const char *text, int64_t now_ns, int64_t *ns);

/* Of cli.c: one line, "WHAT 'WORD'; ALLOWED". */
enum err cli_refuse(char why[CONFIG_WHY_SIZE], const char *what, const char *word, const char *allowed);

#endif
