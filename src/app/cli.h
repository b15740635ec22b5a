/*
 * cli.h - the command line: commands and options by tables, parsed before any side effect.
 *
 * Help, the manual and bash completion are made from the same tables (manual.h).
 */
#ifndef APP_CLI_H
#define APP_CLI_H

#include "core/base/config.h"
#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLI_FILES_MAX   64
#define CLI_FAULTS_MAX  64
#define CLI_OPTIONS_MAX 64 /* bits of those that were given */

enum cli_command {
    CLI_WORKSTATION,
    CLI_REPLAY,
    CLI_RECORD,
    CLI_EXCHANGE,
    CLI_EXPLAIN,
    CLI_ATTACH,
    CLI_KILL,
    CLI_STATUS,
    CLI_CONTROLS,
    CLI_JOURNAL,
    CLI_VERIFY,
    CLI_BACKUP,
    CLI_RESTORE,
    CLI_CHECK_CONFIG,
    CLI_HELP,
    CLI_MANUAL,
    CLI_COMPLETION
};

/* Bits of where an option may stand. */
enum cli_where {
    CLI_IN_WORKSTATION = 1,
    CLI_IN_REPLAY = 2,
    CLI_IN_CHECK = 4,
    CLI_IN_RECORD = 8,
    CLI_IN_EXCHANGE = 16,
    CLI_ON_SCREEN = 7, /* and where the settings of one are checked */
    CLI_LIVE = 9,
    CLI_IN_EXPLAIN = 32,
    CLI_IN_KILL = 64,
    CLI_IN_REPORT = 128, /* status, controls */
    CLI_IN_JOURNAL = 256,
    CLI_IN_VERIFY = 512,
    CLI_IN_BACKUP = 1024,
    CLI_IN_RESTORE = 2048,
    CLI_IN_ATTACH = 4096,
    CLI_A_SCREEN = 4103, /* what draws, whoever runs the engine */
    CLI_ANYWHERE = 8191
};

struct cli_command_info {
    enum cli_command command;
    const char *name;
    const char *arguments; /* "FILE..." */
    const char *summary;
    const char *details; /* a paragraph for help and the manual; NULL: internal, not shown */
};

struct cli_option {
    const char *name;  /* without dashes */
    const char *value; /* "FILE"; NULL: a flag */
    unsigned where;
    const char *setting; /* name in options_table, NULL: the program's own */
    const char *help;
};

struct cli_store {               /* of those that read what is stored */
    const char *account, *owner; /* NULL: not given */
    uint32_t kinds;              /* bits of enum store_record_kind; 0: all */
    uint64_t order_seq;          /* 0: all */
    int64_t since_ns, until_ns;  /* 0: not given */
    bool follow, csv, force;
};

struct cli {
    enum cli_command command;
    size_t file_count;
    const char *file[CLI_FILES_MAX];
    const char *help_topic;  /* of CLI_HELP; what asked for; the page of CLI_MANUAL */
    const char *help_name;   /* help strategy NAME, help glossary WORD; else NULL */
    const char *config_path; /* NULL: not given */
    const char *decisions_path, *execute_path;
    const struct script *script; /* what execute_path holds, checked; NULL: none was given */
    bool headless, json, readonly, ascii, no_color, terminal_curses, show_version, show_help;
    bool speed_given;
    int64_t speed_x1000; /* 0: max */
    bool at_given;
    int64_t at_ns;      /* event time, or of the recording's first day if below 24 h */
    const char *screen; /* attach: NULL: the first */
    bool flatten;       /* kill: positions too */
    bool denials;       /* explain: those, not an order */
    bool demo, standby;
    bool seed_given;
    uint64_t seed;
    int64_t seconds; /* 0: until interrupted */
    /* record */
    const char *out_path;
    int64_t rotate_mb;
    /* exchange */
    const char *listen, *fault_path;
    size_t fault_count;
    const char *fault[CLI_FAULTS_MAX];
    struct cli_store store; /* journal, verify, backup, restore */
    size_t setting_count;
    struct {
        const char *setting, *option, *value;
    } setting[32]; /* in order */
};

extern const struct cli_command_info cli_commands[];
extern const size_t cli_commands_count;
extern const struct cli_option cli_options[];
extern const size_t cli_options_count;

/* Where options of a command may stand. */
unsigned cli_where_of(enum cli_command command);
/* ERR_USAGE with one line in why: the option, the value, what is allowed. */
enum err cli_parse(int argc, char **argv, struct cli *out, char why[CONFIG_WHY_SIZE]);

/* Hands the settings of the command line to config. */
enum err cli_apply(const struct cli *cli, struct config *config, char why[CONFIG_WHY_SIZE]);

/* "1.5", "50", "max" (0); false when it is none of these or outside 0.01..1000. */
bool cli_parse_speed(const char *text, int64_t *speed_x1000);

#endif
