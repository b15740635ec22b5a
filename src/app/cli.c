#include "app/cli.h"

#include "app/cli_store.h"
#include "app/options.h"
#include "core/base/decimal.h"
#include "core/base/safe_text.h"

#include <stdio.h>
#include <string.h>

const struct cli_command_info cli_commands[] = {
    {CLI_WORKSTATION, "", "", "the workstation on the configured venue (Binance spot, BTCUSDT)",
     "Connects to the venue's public market data and starts in observation. With --demo it starts the "
     "built-in "
     "exchange in the background, on loopback and over TLS, and trades on paper there: a market that needs "
     "no "
     "network and is not real. Without a connection it says what cannot be reached and keeps trying. With "
     "--headless it runs until it is interrupted and then prints the summary."},
    {CLI_REPLAY, "replay", "FILE...", "the workstation on recordings, or with --headless a summary",
     "FILE is a recording: lines of receive time (nanoseconds or microseconds) and a JSON message, plain or "
     "gzip; "
     "several files are read as one in the order given (parts of a recording: FILE, then FILE with 0001 and "
     "so "
     "on). On a screen it starts in observation, without a screen in "
     "simulation, with the strategies that the configuration has ON. Exit code 3 when a book could not be "
     "made "
     "or had gaps that were not healed, or when lines were bad; the summary is printed all the same."},
    {CLI_RECORD, "record", "--out FILE", "records the raw feed to a recording that replay reads",
     "Writes what the venue sends, with depth snapshots and exchangeInfo at their place, to FILE: lines of "
     "receive "
     "time in nanoseconds and JSON, gzip, flushed each second. With --rotate-mb the next file is FILE with a "
     "number. "
     "A file that is there already is not overwritten."},
    {CLI_EXCHANGE, "exchange", "", "the built-in exchange alone, for tests and for other programs",
     "A market with a matching engine, people and the wire format of Binance (spot and USD-M), on loopback "
     "and over "
     "TLS. Writes exchange.json (addresses, its certificate authority, a key pair) into its data directory "
     "and prints "
     "that file's path. The same seed, symbols and requests give the same market."},
    {CLI_EXPLAIN, "explain", "ORDER | --denials [N]",
     "why this paper order was filled or not; what was denied",
     "Reads the order, its fills and its story out of the database of the data directory: what stood ahead "
     "of it when it "
     "came, how that place moved by trades and by cancels, what filled it, and what the other queue models "
     "would have "
     "done. ORDER is its number (of the newest session that has it), SESSION/NUMBER, or its id "
     "fd-EPOCH-NUMBER. The story is "
     "stored when the order has ended. An order that the risk gate denied has no number of its own: "
     "--denials "
     "tells the newest N of the newest session (20 unless told), each with what was asked, by whom, the "
     "control that denied it, and its numbers."},
    {CLI_ATTACH, "attach", "", "this terminal as another screen of a running flowdeck",
     "The same screen on the engine of the data directory, which runs without one (--headless, or its "
     "terminal was closed) or has one of its own: with an instrument and a screen of its own, several at a "
     "time. One of them is in control: its keys count, the others look, and `:control' takes it over; who "
     "loses it is told. K kills from each. With --readonly it can only look, and kill after a question. q, "
     ":detach or closing the terminal leave the engine as it is. It must be the same build. When the engine "
     "ends, the screen says so: exit code 1."},
    {CLI_KILL, "kill", "", "kills the trading of a running flowdeck",
     "Reaches the engine through the control socket of the data directory: no order leaves any more, every "
     "open one is cancelled. Returns when each cancel is confirmed and the kill is on disk, with what became "
     "of each order; after ten seconds it prints which are NOT cancelled, exit code 6. With --flatten "
     "positions are closed too, at bounded prices, and waited for. It stays killed after a restart, until "
     ":clear-kill and its word. If the engine does not answer, the file KILL is put into the data directory, "
     "which kills as well: `touch' can do that, too."},
    {CLI_STATUS, "status", "", "state of a running flowdeck",
     "Mode, state, kill, each instrument's book, position and result, strategies, open orders. With --json "
     "as one JSON object on one line."},
    {CLI_CONTROLS, "controls", "", "every pre-trade control: limit, use, source, denials, self-test",
     "Of the running flowdeck of the data directory. Where none runs: of the configuration, with a self-test "
     "of "
     "this moment; exit code 1 if a control failed it."},
    {CLI_JOURNAL, "journal", "", "prints the journal: filter, follow one order or a running engine, export",
     "Everything the engine decided or heard, but market data, in order: one line a record. --order follows "
     "one order: its command, states, answers, fills, story. --follow goes on with what a running engine "
     "writes until it is interrupted. Times are UTC: HH:MM[:SS] of today, YYYY-MM-DD, or "
     "YYYY-MM-DDTHH:MM:SS, with a fraction and Z as they are printed. --csv has a column for each field if "
     "--kind names one kind. A damaged journal is "
     "printed as far as it is whole, then exit code 3."},
    {CLI_VERIFY, "verify", "", "walks the journal's hash chain and compares it with the database",
     "Reads every record of each account, checks the chain, makes the tables anew in a private temporary "
     "folder and "
     "compares them with the database row by row as far as that has come, and each snapshot with the "
     "journal. Damage and differences are named, exit code 3. Changes nothing; a running engine is not "
     "disturbed."},
    {CLI_BACKUP, "backup", "DIR", "a consistent copy of journals, snapshots and database to a new folder",
     "Beside a running engine, too: the database by SQLite's own means, the journals up to a seal. The copy "
     "is "
     "verified, and DIR appears when it is whole; it holds a manifest with sizes and SHA-256."},
    {CLI_RESTORE, "restore", "DIR", "puts a backup into the data directory",
     "Every file is compared with the manifest and the journals are verified before anything is changed. "
     "Refused while an "
     "engine holds the data directory, and where it is not empty, unless --force moves what is there aside, "
     "into a folder replaced-TIME beside it, with what a killed engine left in memory. Nothing is deleted."},
    {CLI_CHECK_CONFIG, "check-config", "[FILE]", "validates a configuration by the same code as a start",
     "Prints where each setting comes from. FILE stands for --config FILE. Plug-ins are looked for, not run: "
     "what "
     "strategy.set says of them is checked by a start."},
    {CLI_HELP, "help", "[TOPIC]", "help on the program, a command, or another topic",
     "Topics: each command; keys; settings; controls (of risk, with their limits); strategies; strategy "
     "NAME, or its name alone."},
    {CLI_MANUAL, "internal-man", "PAGE", "", NULL},
    {CLI_COMPLETION, "internal-completion", "", "", NULL},
};
const size_t cli_commands_count = sizeof(cli_commands) / sizeof(cli_commands[0]);

/* Of the design, not of this version: refused with that word instead of "unknown". */
static const char *const absent_commands[] = {"backtest", "report", "doctor"};
static const char *const absent_options[] = {"execute", "live"};

const struct cli_option cli_options[] = {
    {"config", "FILE", CLI_ANYWHERE, NULL, "read settings from FILE"},
    {"symbol", "S[,S...]", CLI_A_SCREEN | CLI_IN_RECORD | CLI_IN_EXCHANGE | CLI_IN_JOURNAL, "symbols",
     "only these instruments; the first is shown first"},
    {"venue", "NAME", CLI_ON_SCREEN | CLI_IN_RECORD, "venue", "binance-spot, binance-usdm or binance-coinm"},
    {"mode", "MODE", CLI_ON_SCREEN, "mode", "observation or simulation"},
    {"demo", NULL, CLI_LIVE, NULL, "on the built-in exchange: needs no network, and is not real"},
    {"seed", "N", CLI_LIVE | CLI_IN_EXCHANGE, NULL,
     "seed of the built-in exchange's market (default: by chance; exchange: 1)"},
    {"standby", NULL, CLI_IN_WORKSTATION, NULL,
     "wait beside the engine of this data directory, lead when it is gone, stopped or hangs"},
    {"speed", "N", CLI_IN_REPLAY | CLI_IN_EXCHANGE, NULL,
     "times real time, 0.01 to 1000, or max (replay: 1 on a screen, max headless; exchange: 1)"},
    {"at", "TIME", CLI_IN_REPLAY, NULL,
     "start pacing at TIME: HH:MM[:SS] of the first day, or YYYY-MM-DDTHH:MM:SS, UTC"},
    {"out", "FILE", CLI_IN_RECORD, NULL, "recording to write, gzip"},
    {"rotate-mb", "N", CLI_IN_RECORD, NULL,
     "a new file after so many megabytes, 1 to 100000 (default: one file)"},
    {"seconds", "N", CLI_LIVE, NULL, "end after N seconds (record, or --headless), 1 to 31536000"},
    {"listen", "ADDRESS:PORT", CLI_IN_EXCHANGE, NULL,
     "loopback address and port, 0 takes a free one (default: 127.0.0.1:0)"},
    {"fault", "\"AT_S VERB ARGS\"", CLI_IN_EXCHANGE, NULL, "a fault at that second; may be given often"},
    {"fault-file", "FILE", CLI_IN_EXCHANGE, NULL, "faults, one each line"},
    {"headless", NULL, CLI_IN_WORKSTATION | CLI_IN_REPLAY, NULL,
     "no screen: run to the end and print the summary"},
    {"json", NULL,
     CLI_IN_WORKSTATION | CLI_IN_REPLAY | CLI_IN_EXPLAIN | CLI_IN_KILL | CLI_IN_REPORT | CLI_IN_JOURNAL |
         CLI_IN_VERIFY | CLI_IN_BACKUP | CLI_IN_RESTORE,
     NULL, "print results as one JSON object on one line (journal: each record)"},
    {"csv", NULL, CLI_IN_JOURNAL, NULL, "print records as comma-separated values"},
    {"account", "NAME", CLI_IN_JOURNAL | CLI_IN_VERIFY, NULL,
     "whose journal: demo, binance-spot, ... (journal: needed if there are several; verify: all)"},
    {"kind", "K[,K]", CLI_IN_JOURNAL, NULL,
     "records of these kinds alone: order, fill, ...; see flowdeck-journal(5)"},
    {"order", "ORDER", CLI_IN_JOURNAL, NULL,
     "what belongs to this order: its number, or its id fd-EPOCH-NUMBER"},
    {"owner", "NAME", CLI_IN_JOURNAL, NULL, "records of this owner alone: manual or a strategy"},
    {"since", "TIME", CLI_IN_JOURNAL, NULL, "records from this time on, UTC"},
    {"until", "TIME", CLI_IN_JOURNAL, NULL, "records up to this time, UTC"},
    {"follow", NULL, CLI_IN_JOURNAL, NULL, "go on with what is being written, until interrupted"},
    {"force", NULL, CLI_IN_RESTORE, NULL, "move what is in the data directory aside"},
    {"flatten", NULL, CLI_IN_KILL, NULL, "close positions too, at bounded prices"},
    {"denials", NULL, CLI_IN_EXPLAIN, NULL, "the newest denials instead of an order; N of them"},
    {"decisions", "FILE", CLI_IN_WORKSTATION | CLI_IN_REPLAY, NULL,
     "also write the lines that decision_sha256 is over to FILE"},
    {"screen", "NAME", CLI_IN_ATTACH, NULL, "shown first: trade, strategy or risk"},
    {"readonly", NULL, CLI_A_SCREEN, NULL, "the screen gives no orders; kill asks first"},
    {"theme", "NAME", CLI_A_SCREEN, "theme",
     "dark, light, high-contrast, colour-blind, mono, red-up, or a theme file"},
    {"ascii", NULL, CLI_A_SCREEN, NULL, "draw with ASCII characters only"},
    {"no-color", NULL, CLI_A_SCREEN, NULL, "draw without colours (also: NO_COLOR is set)"},
    {"terminal", "auto|curses", CLI_A_SCREEN, NULL,
     "how to drive the terminal; curses for those the usual way cannot"},
    {"data-dir", "DIR", CLI_ANYWHERE, "data_dir",
     "folder of journal, database, log, sockets and the exchange's certificates"},
    {"version", NULL, CLI_ANYWHERE, NULL, "print version and libraries"},
    {"help", NULL, CLI_ANYWHERE, NULL, "print help"},
};
const size_t cli_options_count = sizeof(cli_options) / sizeof(cli_options[0]);

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
    struct option names[sizeof(cli_options) / sizeof(cli_options[0])];
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
            return cli_refuse(why, "--seed:", value, "allowed: a whole number, 0 or more");
        cli->seed = (uint64_t)seed;
        cli->seed_given = true;
    } else if (strcmp(name, "seconds") == 0) {
        if (!whole_number(value, 1, 31536000, &cli->seconds))
            return cli_refuse(why, "--seconds:", value, "allowed: 1 to 31536000");
    } else if (strcmp(name, "rotate-mb") == 0) {
        if (!whole_number(value, 1, 100000, &cli->rotate_mb))
            return cli_refuse(why, "--rotate-mb:", value, "allowed: 1 to 100000");
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
        if (!cli_parse_time(value, &cli->at_ns))
            return cli_refuse(why, "--at:", value, "allowed: HH:MM[:SS] or YYYY-MM-DDTHH:MM:SS (UTC)");
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
        if (strcmp(value, "trade") != 0 && strcmp(value, "strategy") != 0 && strcmp(value, "risk") != 0)
            return cli_refuse(why, "--screen:", value, "allowed: trade, strategy or risk");
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
    snprintf(why, CONFIG_WHY_SIZE, "--%s: is empty; %s", option->name, option->help);
    return ERR_USAGE;
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
        return cli_refuse(why, "takes no value: option", argv[*at], "");
    if (option->value != NULL && value == NULL) {
        if (*at + 1 >= argc)
            return cli_refuse(why, "missing value of option", argv[*at], option->help);
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

static enum err take_word(struct cli *cli, const char *word, bool *command_seen, char why[CONFIG_WHY_SIZE])
{
    if (!*command_seen) {
        *command_seen = true;
        for (size_t i = 0; i < cli_commands_count; i++)
            if (cli_commands[i].name[0] != '\0' && strcmp(word, cli_commands[i].name) == 0) {
                cli->command = cli_commands[i].command;
                return ERR_OK;
            }
        if (is_one_of(word, absent_commands, sizeof(absent_commands) / sizeof(absent_commands[0])))
            return cli_refuse(why, "not in this version: command", word, "");
        return cli_refuse(
            why, "unknown command", word,
            "allowed: replay, record, exchange, explain, attach, kill, status, controls, journal, "
            "verify, backup, restore, "
            "check-config, help");
    }
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
                 strcmp(cli->help_topic, "strategy") == 0)
            cli->help_name = word;
        else
            return cli_refuse(why, "unexpected word", word, "");
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
    return cli_refuse(why, "unexpected word", word, "");
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

static const char *name_of(enum cli_command command)
{
    for (size_t i = 0; i < cli_commands_count; i++)
        if (cli_commands[i].command == command)
            return cli_commands[i].name;
    return "";
}

static enum err check_options_fit(const struct cli *cli, uint64_t used, char why[CONFIG_WHY_SIZE])
{
    if (cli->show_help || cli->show_version || cli->command == CLI_HELP)
        return ERR_OK;
    for (size_t i = 0; i < cli_options_count; i++)
        if ((used & (UINT64_C(1) << i)) != 0 && (cli_options[i].where & cli_where_of(cli->command)) == 0) {
            const char *command = name_of(cli->command);

            snprintf(why, CONFIG_WHY_SIZE, "--%s: does not belong to %s; see flowdeck %s%s",
                     cli_options[i].name, command[0] == '\0' ? "the workstation" : command,
                     command[0] == '\0' ? "--help" : "help ", command);
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
        else
            err = take_word(out, argv[at], &command_seen, why);
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
