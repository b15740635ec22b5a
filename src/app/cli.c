#include "app/cli.h"

#include "app/cli_store.h"
#include "app/options.h"
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "core/base/time_parse.h"
#include "tui/screen_names.h"
#include "tui/ui.h"

#include <stdio.h>
#include <string.h>

/* Of the design, not of this version: refused with that word instead of "unknown". */
static const char *const absent_commands[] = {"backtest", "report", "doctor"};
static const char *const absent_options[] = {"live"};

static bool is_one_of(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, list[i]) == 0)
            return true;
    return false;
}

enum err cli_refuse(char why[CONFIG_WHY_SIZE], const char *what, const char *word, const char *allowed)
{
    char safe[128];

    safe_text(word, strlen(word), safe, sizeof(safe));
    snprintf(why, CONFIG_WHY_SIZE, "%s '%s'%s%s", what, safe, allowed[0] == '\0' ? "" : "; ", allowed);
    return ERR_USAGE;
}

static const struct cli_option *option_of(const char *name, size_t size)
{
    for (size_t i = 0; i < cli_options_count; i++)
        if (strlen(cli_options[i].name) == size && memcmp(cli_options[i].name, name, size) == 0)
            return &cli_options[i];
    return NULL;
}

/* The closest option name, through the settings' own measure of nearness. */
static enum err unknown_option(const char *word, size_t size, char why[CONFIG_WHY_SIZE])
{
    struct option names[CLI_OPTIONS_MAX];
    char name[64], hint[128] = "see flowdeck --help";
    const char *nearest;

    snprintf(name, sizeof(name), "%.*s", (int)(size < sizeof(name) ? size : sizeof(name) - 1), word);
    if (is_one_of(name, absent_options, sizeof(absent_options) / sizeof(absent_options[0])))
        return cli_refuse(why, "not in this version: option", word - 2, "");
    memset(names, 0, sizeof(names));
    for (size_t i = 0; i < cli_options_count; i++)
        names[i].name = cli_options[i].name;
    nearest = option_nearest(names, cli_options_count, name);
    if (nearest != NULL)
        snprintf(hint, sizeof(hint), "did you mean '--%s'? see flowdeck --help", nearest);
    return cli_refuse(why, "unknown option", word - 2, hint);
}

static bool whole_number(const char *text, int64_t min, int64_t max, int64_t *out)
{
    return decimal_parse(text, strlen(text), 0, out) == ERR_OK && *out >= min && *out <= max;
}

/* Of the feed and the exchange. *taken: it was one of these. */
static enum err set_live_option(struct cli *cli, const char *name, const char *value, bool *taken,
                                char why[CONFIG_WHY_SIZE])
{
    int64_t seed;

    *taken = true;
    if (strcmp(name, "demo") == 0) {
        cli->demo = true;
    } else if (strcmp(name, "standby") == 0) {
        cli->standby = true;
    } else if (strcmp(name, "seed") == 0) {
        if (!whole_number(value, 0, INT64_MAX, &seed))
            return cli_refuse(why, "--seed:", value, "allowed: a whole number, 0 to 9223372036854775807");
        cli->seed = (uint64_t)seed;
        cli->seed_given = true;
    } else if (strcmp(name, "seconds") == 0) {
        if (!whole_number(value, 1, 31536000, &cli->seconds))
            return cli_refuse(why, "--seconds:", value, "allowed: 1 to 31536000");
    } else if (strcmp(name, "rotate-mb") == 0) {
        if (!whole_number(value, 1, 100000, &cli->rotate_mb))
            return cli_refuse(why, "--rotate-mb:", value, "allowed: 1 to 100000");
    } else if (strcmp(name, "execute") == 0) {
        cli->execute_path = value;
    } else if (strcmp(name, "out") == 0) {
        cli->out_path = value;
    } else if (strcmp(name, "listen") == 0) {
        cli->listen = value;
    } else if (strcmp(name, "fault-file") == 0) {
        cli->fault_path = value;
    } else if (strcmp(name, "fault") == 0) {
        if (cli->fault_count == CLI_FAULTS_MAX)
            return cli_refuse(why, "--fault: more than 64 at", value, "put them into a --fault-file");
        cli->fault[cli->fault_count++] = value;
    } else {
        *taken = false;
    }
    return ERR_OK;
}

static enum err set_own_option(struct cli *cli, const struct cli_option *option, const char *value,
                               char why[CONFIG_WHY_SIZE])
{
    const char *name = option->name;
    bool taken;
    enum err err = set_live_option(cli, name, value, &taken, why);

    if (!taken)
        err = cli_store_option(&cli->store, name, value, &taken, why);
    if (taken)
        return err;
    if (strcmp(name, "config") == 0) {
        cli->config_path = value;
    } else if (strcmp(name, "decisions") == 0) {
        cli->decisions_path = value;
    } else if (strcmp(name, "speed") == 0) {
        cli->speed_given = true;
        if (!cli_parse_speed(value, &cli->speed_x1000))
            return cli_refuse(why, "--speed:", value, "allowed: 0.01 to 1000, or max");
    } else if (strcmp(name, "at") == 0) {
        cli->at_given = true;
        if (!time_parse(value, &cli->at_ns))
            return cli_refuse(why, "--at:", value, "allowed: HH:MM[:SS] or YYYY-MM-DDTHH:MM[:SS] (UTC)");
    } else if (strcmp(name, "terminal") == 0) {
        if (strcmp(value, "auto") != 0 && strcmp(value, "curses") != 0)
            return cli_refuse(why, "--terminal:", value, "allowed: auto or curses");
        cli->terminal_curses = strcmp(value, "curses") == 0;
    } else if (strcmp(name, "headless") == 0) {
        cli->headless = true;
    } else if (strcmp(name, "json") == 0) {
        cli->json = true;
    } else if (strcmp(name, "flatten") == 0) {
        cli->flatten = true;
    } else if (strcmp(name, "denials") == 0) {
        cli->denials = true;
    } else if (strcmp(name, "screen") == 0) {
        if ((int)ui_screen_named(value) == 0)
            return cli_refuse(why, "--screen:", value,
                              "allowed: trade, chart, market, strategy, risk, results, journal or system");
        cli->screen = value;
    } else if (strcmp(name, "readonly") == 0) {
        cli->readonly = true;
    } else if (strcmp(name, "ascii") == 0) {
        cli->ascii = true;
    } else if (strcmp(name, "no-color") == 0) {
        cli->no_color = true;
    } else if (strcmp(name, "version") == 0) {
        cli->show_version = true;
    } else if (strcmp(name, "help") == 0) {
        cli->show_help = true;
    }
    return ERR_OK;
}

static enum err empty_value(const struct cli_option *option, char why[CONFIG_WHY_SIZE])
{
    snprintf(why, CONFIG_WHY_SIZE, "--%s: is empty; allowed: --%s %s, %s", option->name, option->name,
             option->value, option->help);
    return ERR_USAGE;
}

static enum err missing_value(const struct cli_option *option, char why[CONFIG_WHY_SIZE])
{
    snprintf(why, CONFIG_WHY_SIZE, "missing value of option --%s %s; %s", option->name, option->value,
             option->help);
    return ERR_USAGE;
}

static enum err needless_value(const struct cli_option *option, const char *value, char why[CONFIG_WHY_SIZE])
{
    char what[64], allowed[64];

    snprintf(what, sizeof(what), "--%s: takes no value, not", option->name);
    snprintf(allowed, sizeof(allowed), "allowed: --%s alone", option->name);
    return cli_refuse(why, what, value, allowed);
}

/* One option at argv[*at]; *at moves over its value. */
static enum err take_option(int argc, char **argv, int *at, struct cli *cli, uint64_t *used,
                            char why[CONFIG_WHY_SIZE])
{
    const char *word = argv[*at] + 2;
    const char *equals = strchr(word, '=');
    size_t size = equals == NULL ? strlen(word) : (size_t)(equals - word);
    const struct cli_option *option = option_of(word, size);
    const char *value = equals == NULL ? NULL : equals + 1;

    if (option == NULL)
        return unknown_option(word, size, why);
    if (option->value == NULL && value != NULL)
        return needless_value(option, value, why);
    if (option->value != NULL && value == NULL) {
        if (*at + 1 >= argc)
            return missing_value(option, why);
        value = argv[++*at];
    }
    if (option->value != NULL &&
        value[0] == '\0') /* of an unset variable of a shell: the default is not what was meant */
        return empty_value(option, why);
    *used |= UINT64_C(1) << (unsigned)(option - cli_options);
    if (option->setting == NULL)
        return set_own_option(cli, option, value == NULL ? "" : value, why);
    if (cli->setting_count == sizeof(cli->setting) / sizeof(cli->setting[0]))
        return cli_refuse(why, "too many options at", argv[*at], "");
    cli->setting[cli->setting_count].setting = option->setting;
    cli->setting[cli->setting_count].option = option->name;
    cli->setting[cli->setting_count++].value = value;
    return ERR_OK;
}

static enum err refuse_command(const char *word, char why[CONFIG_WHY_SIZE])
{
    char allowed[CONFIG_WHY_SIZE / 2] = "allowed:";
    size_t used = strlen(allowed), distance, best = SIZE_MAX;
    const char *nearest = NULL;

    if (is_one_of(word, absent_commands, sizeof(absent_commands) / sizeof(absent_commands[0])))
        return cli_refuse(why, "not in this version: command", word, "");
    for (size_t i = 0; i < cli_commands_count && used < sizeof(allowed); i++)
        if (cli_commands[i].details != NULL && cli_commands[i].name[0] != '\0') {
            used += (size_t)snprintf(allowed + used, sizeof(allowed) - used, "%s %s",
                                     used == strlen("allowed:") ? "" : ",", cli_commands[i].name);
            if (option_is_near(word, cli_commands[i].name, &distance) && distance < best) {
                best = distance;
                nearest = cli_commands[i].name;
            }
        }
    if (nearest != NULL)
        snprintf(allowed, sizeof(allowed), "did you mean '%s'? see flowdeck --help", nearest);
    return cli_refuse(why, "unknown command", word, allowed);
}

static enum err take_command(struct cli *cli, const char *word, char why[CONFIG_WHY_SIZE])
{
    for (size_t i = 0; i < cli_commands_count; i++)
        if (cli_commands[i].name[0] != '\0' && strcmp(cli_commands[i].name, word) == 0) {
            cli->command = cli_commands[i].command;
            return ERR_OK;
        }
    return refuse_command(word, why);
}

static const char *name_of(enum cli_command command)
{
    for (size_t i = 0; i < cli_commands_count; i++)
        if (cli_commands[i].command == command)
            return cli_commands[i].name;
    return "";
}

/* What stands behind the command. */
static enum err take_word(struct cli *cli, const char *word, char why[CONFIG_WHY_SIZE])
{
    char hint[64];

    switch (cli->command) {
    case CLI_REPLAY:
        if (cli->file_count == CLI_FILES_MAX)
            return cli_refuse(why, "more than 64 files at", word, "");
        cli->file[cli->file_count++] = word;
        return ERR_OK;
    case CLI_BACKUP:
    case CLI_RESTORE:
        if (cli->file_count == 1)
            return cli_refuse(why, "only one folder; unexpected", word, "");
        cli->file[cli->file_count++] = word;
        return ERR_OK;
    case CLI_EXPLAIN:
        if (cli->file_count == 1)
            return cli_refuse(why, "only one order; unexpected", word, "");
        cli->file[cli->file_count++] = word;
        return ERR_OK;
    case CLI_CHECK_CONFIG:
        if (cli->config_path != NULL)
            return cli_refuse(why, "only one file; unexpected", word, "");
        cli->config_path = word;
        return ERR_OK;
    case CLI_HELP:
    case CLI_MANUAL:
        if (cli->help_topic == NULL)
            cli->help_topic = word;
        else if (cli->command == CLI_HELP && cli->help_name == NULL &&
                 (strcmp(cli->help_topic, "strategy") == 0 || strcmp(cli->help_topic, "glossary") == 0))
            cli->help_name = word;
        else
            break;
        return ERR_OK;
    case CLI_WORKSTATION:
    case CLI_RECORD:
    case CLI_EXCHANGE:
    case CLI_ATTACH:
    case CLI_KILL:
    case CLI_STATUS:
    case CLI_CONTROLS:
    case CLI_JOURNAL:
    case CLI_VERIFY:
    case CLI_COMPLETION:
        break;
    }
    snprintf(hint, sizeof(hint), "see flowdeck help %s", name_of(cli->command));
    return cli_refuse(why, "unexpected word", word, hint);
}

unsigned cli_where_of(enum cli_command command)
{
    switch (command) {
    case CLI_REPLAY:
        return CLI_IN_REPLAY;
    case CLI_RECORD:
        return CLI_IN_RECORD;
    case CLI_EXCHANGE:
        return CLI_IN_EXCHANGE;
    case CLI_EXPLAIN:
        return CLI_IN_EXPLAIN;
    case CLI_ATTACH:
        return CLI_IN_ATTACH;
    case CLI_KILL:
        return CLI_IN_KILL;
    case CLI_STATUS:
    case CLI_CONTROLS:
        return CLI_IN_REPORT;
    case CLI_JOURNAL:
        return CLI_IN_JOURNAL;
    case CLI_VERIFY:
        return CLI_IN_VERIFY;
    case CLI_BACKUP:
        return CLI_IN_BACKUP;
    case CLI_RESTORE:
        return CLI_IN_RESTORE;
    case CLI_CHECK_CONFIG:
        return CLI_IN_CHECK;
    case CLI_WORKSTATION:
    case CLI_HELP:
    case CLI_MANUAL:
    case CLI_COMPLETION:
        break;
    }
    return CLI_IN_WORKSTATION;
}

static enum err needs(char why[CONFIG_WHY_SIZE], const char *text)
{
    snprintf(why, CONFIG_WHY_SIZE, "%s", text);
    return ERR_USAGE;
}

static enum err check_options_agree(const struct cli *cli, char why[CONFIG_WHY_SIZE])
{
    if (cli->command == CLI_REPLAY && cli->file_count == 0)
        return needs(why, "replay: no FILE given; see flowdeck help replay");
    if (cli->command == CLI_RECORD && cli->out_path == NULL)
        return needs(why, "record: no --out FILE given; see flowdeck help record");
    if (cli->command == CLI_EXPLAIN && cli->file_count == 0 && !cli->denials)
        return needs(why, "explain: no ORDER given; see flowdeck help explain");
    if ((cli->command == CLI_BACKUP || cli->command == CLI_RESTORE) && cli->file_count == 0)
        return needs(why, cli->command == CLI_BACKUP ? "backup: no DIR given; see flowdeck help backup"
                                                     : "restore: no DIR given; see flowdeck help restore");
    if (cli->json && cli->store.csv)
        return needs(why, "--csv: not with --json");
    if (cli->store.until_ns != 0 && cli->store.until_ns < cli->store.since_ns)
        return needs(why, "--until: lies before --since");
    if (cli->json && !cli->headless && (cli_where_of(cli->command) & CLI_ON_SCREEN) != 0)
        return needs(why, "--json: needs --headless");
    if (cli->headless && cli->at_given)
        return needs(why, "--at: is for a screen, not with --headless");
    if (cli->command == CLI_WORKSTATION && cli->seconds > 0 && !cli->headless)
        return needs(why, "--seconds: needs --headless");
    if (cli->command != CLI_EXCHANGE && cli->seed_given && !cli->demo)
        return needs(why, "--seed: is the built-in exchange's; needs --demo");
    if (cli->command == CLI_EXCHANGE && cli->speed_given && cli->speed_x1000 == 0)
        return needs(why, "--speed: 'max' is for a replay; allowed: 0.01 to 1000");
    return ERR_OK;
}

/* "--at: does not belong to the workstation but to replay; see flowdeck --help" */
static void tell_misplaced(enum cli_command command, const struct cli_option *option,
                           char why[CONFIG_WHY_SIZE])
{
    const char *name = name_of(command);
    char places[256] = "";
    size_t used = 0;

    for (size_t i = 0; i < cli_commands_count && used < sizeof(places); i++) {
        const struct cli_command_info *at = &cli_commands[i];

        if (at->details != NULL && at->command != CLI_HELP &&
            (option->where & cli_where_of(at->command)) != 0)
            used += (size_t)snprintf(places + used, sizeof(places) - used, "%s%s", used == 0 ? "" : ", ",
                                     at->name[0] == '\0' ? "the workstation" : at->name);
    }
    snprintf(why, CONFIG_WHY_SIZE, "--%s: does not belong to %s but to %s; see flowdeck %s%s", option->name,
             name[0] == '\0' ? "the workstation" : name, places, name[0] == '\0' ? "--help" : "help ", name);
}

static enum err check_options_fit(const struct cli *cli, uint64_t used, char why[CONFIG_WHY_SIZE])
{
    if (cli->show_help || cli->show_version || cli->command == CLI_HELP)
        return ERR_OK;
    for (size_t i = 0; i < cli_options_count; i++)
        if ((used & (UINT64_C(1) << i)) != 0 && (cli_options[i].where & cli_where_of(cli->command)) == 0) {
            tell_misplaced(cli->command, &cli_options[i], why);
            return ERR_USAGE;
        }
    return check_options_agree(cli, why);
}

enum err cli_parse(int argc, char **argv, struct cli *out, char why[CONFIG_WHY_SIZE])
{
    bool command_seen = false, options_end = false;
    uint64_t used = 0;
    enum err err = ERR_OK;

    memset(out, 0, sizeof(*out));
    for (int at = 1; at < argc && err == ERR_OK; at++) {
        if (!options_end && strcmp(argv[at], "--") == 0)
            options_end = true;
        else if (!options_end && strcmp(argv[at], "-h") == 0)
            out->show_help = true;
        else if (!options_end && strcmp(argv[at], "-V") == 0)
            out->show_version = true;
        else if (!options_end && strncmp(argv[at], "--", 2) == 0)
            err = take_option(argc, argv, &at, out, &used, why);
        else if (!options_end && argv[at][0] == '-' && argv[at][1] != '\0')
            err = cli_refuse(why, "unknown option", argv[at], "see flowdeck --help");
        else if (command_seen)
            err = take_word(out, argv[at], why);
        else
            err = take_command(out, argv[at], why), command_seen = true;
    }
    if (err != ERR_OK)
        return err;
    return check_options_fit(out, used, why);
}

enum err cli_apply(const struct cli *cli, struct config *config, char why[CONFIG_WHY_SIZE])
{
    for (size_t i = 0; i < cli->setting_count; i++) {
        enum err err = config_set_cli(config, cli->setting[i].setting, cli->setting[i].value, why);

        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}
