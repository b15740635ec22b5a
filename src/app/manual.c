#include "app/manual.h"

#include "app/cli.h"
#include "app/manual_controls.h"
#include "app/manual_glossary.h"
#include "app/manual_journal.h"
#include "app/manual_keys.h"
#include "app/manual_strategy.h"
#include "app/manual_theme.h"
#include "app/options.h"
#include "app/roff.h"
#include "app/versions.h"
#include "core/base/embedded.h"
#include "service/control_text.h"

#include <flowdeck/version.h>
#include <string.h>

#define HELP_COLUMN 26

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

static const struct roff_term exit_codes[] = {
    /* how it ends; run_exit_code() */
    {"0", "done"},
    {"1", "failed while running"},
    {"2", "wrong usage or configuration"},
    {"3", "input data bad or incomplete: a book that never was LIVE, a gap not healed, bad lines"},
    {"4", "storage failed"},
    {"5", "the venue was never reached, or refused"},
    {"6", "kill: not every cancel is confirmed, or a position that was to be closed is open"},
    {"130", "interrupted"},
};

/* --- help ---------------------------------------------------------------------------------------------------- */

/* What is longer than its column has its words in the next line. */
static void print_row(const char *left, const char *words, FILE *out)
{
    bool fits = strlen(left) <= HELP_COLUMN;

    fprintf(out, "%-*s%s", HELP_COLUMN, left, fits ? "" : "\n");
    if (!fits)
        fprintf(out, "%*s", HELP_COLUMN, "");
    fputc(' ', out);
    manual_wrapped(words, HELP_COLUMN + 1, HELP_COLUMN + 1, out);
}

static void print_option_row(const struct cli_option *option, FILE *out)
{
    char left[64];

    snprintf(left, sizeof(left), "  --%s%s%s", option->name, option->value == NULL ? "" : " ",
             option->value == NULL ? "" : option->value);
    print_row(left, option->help, out);
}

static void print_exit_code(const struct roff_term *code, FILE *out)
{
    char left[16];

    snprintf(left, sizeof(left), "  %s", code->term);
    print_row(left, code->meaning, out);
}

void manual_help(FILE *out)
{
    fprintf(out, "flowdeck %s: a trading workstation in the terminal\n\n", FLOWDECK_VERSION);
    fprintf(out, "usage: flowdeck [COMMAND] [OPTIONS]\n\ncommands:\n");
    for (size_t i = 0; i < cli_commands_count; i++)
        if (cli_commands[i].details != NULL) {
            char left[64];

            snprintf(left, sizeof(left), "  %s %s",
                     cli_commands[i].name[0] == '\0' ? "(none)" : cli_commands[i].name,
                     cli_commands[i].arguments);
            print_row(left, cli_commands[i].summary, out);
        }
    fprintf(out, "\noptions (--name VALUE or --name=VALUE):\n");
    for (size_t i = 0; i < cli_options_count; i++)
        print_option_row(&cli_options[i], out);
    fprintf(out, "\nhelp COMMAND tells more; help keys, commands, settings, controls, glossary,\nstrategies, "
                 "strategy NAME list theirs.\n"
                 "\nexit codes:\n");
    for (size_t i = 0; i < COUNT(exit_codes); i++)
        print_exit_code(&exit_codes[i], out);
}

static bool print_command_help(const char *name, FILE *out)
{
    for (size_t i = 0; i < cli_commands_count; i++) {
        const struct cli_command_info *info = &cli_commands[i];
        unsigned where = cli_where_of(info->command);

        if (info->details == NULL || strcmp(info->name, name) != 0)
            continue;
        fprintf(out, "usage: flowdeck%s%s%s%s [OPTIONS]\n\n%s.\n\n", info->name[0] == '\0' ? "" : " ",
                info->name, info->arguments[0] == '\0' ? "" : " ", info->arguments, info->summary);
        manual_wrapped(info->details, 0, 0, out);
        fputc('\n', out);
        for (size_t o = 0; o < cli_options_count; o++)
            if ((cli_options[o].where & where) != 0)
                print_option_row(&cli_options[o], out);
        return true;
    }
    return false;
}

static void print_settings(FILE *out)
{
    size_t count;
    const struct option *table = options_table(&count);

    for (size_t i = 0; i < count; i++) {
        const struct option *option = &table[i];
        char allowed[256], name[128];

        if (manual_is_key_setting(option)) {
            fprintf(out, "%s\n    %s; default %s\n", option->name, option->help, option->preset);
            continue;
        }
        fprintf(out, "%s\n    %s\n    %s; default %s; %s\n", option->name, option->help,
                option_allowed_text(option, allowed, sizeof(allowed)),
                option->preset == NULL ? "unset" : option->preset,
                option_environ_name(option, name, sizeof(name)));
    }
}

/* The command of that name, and the table that it adds use, source and self-test to. */
static void print_controls(FILE *out)
{
    (void)print_command_help("controls", out);
    fputc('\n', out);
    manual_controls(out);
}

bool manual_topic(const char *topic, const char *name, FILE *out)
{
    struct keymap keys;

    if (strcmp(topic, "glossary") == 0)
        return manual_glossary(name, out);
    if (name != NULL)
        return manual_strategy(name, out);
    if (strcmp(topic, "strategies") == 0 || strcmp(topic, "strategy") == 0)
        return manual_strategies(out);
    if (strcmp(topic, "keys") == 0) {
        keymap_init(&keys, KEYBOARD_US);
        manual_keys(&keys, out);
    } else if (strcmp(topic, "commands") == 0)
        manual_prompt(out);
    else if (strcmp(topic, "settings") == 0)
        print_settings(out);
    else if (strcmp(topic, "controls") == 0)
        print_controls(out);
    else
        return print_command_help(topic, out) || manual_strategy(topic, out);
    return true;
}

void manual_version(FILE *out)
{
    fprintf(out, "flowdeck %s\n", FLOWDECK_VERSION);
    versions_print(out);
}

/* --- manual pages ------------------------------------------------------------------------------------------------ */

static void page_1_commands(FILE *out)
{
    fputs(".SH COMMANDS\n", out);
    for (size_t i = 0; i < cli_commands_count; i++) {
        if (cli_commands[i].details == NULL)
            continue;
        roff_item(cli_commands[i].name[0] == '\0' ? "(none)" : cli_commands[i].name,
                  cli_commands[i].arguments, cli_commands[i].summary, out);
        fputs(".IP\n", out);
        roff(cli_commands[i].details, out);
        fputc('\n', out);
    }
}

static void page_1_options(FILE *out)
{
    fputs(".SH OPTIONS\nLong options take\n.B \\-\\-name VALUE\nand\n.BR \\-\\-name=VALUE .\n", out);
    for (size_t i = 0; i < cli_options_count; i++) {
        char name[64];

        snprintf(name, sizeof(name), "--%s", cli_options[i].name);
        roff_item(name, cli_options[i].value, cli_options[i].help, out);
    }
}

static const struct roff_term signals[] = {
    {"USR1", "kills trading: no order leaves, every open one is cancelled; latched as by the key"},
    {"TERM, INT, QUIT", "end in order"},
    {"HUP", "takes the screen away: trading goes on without one, for flowdeck status and kill (hangup: leave "
            "ends it in "
            "order; a replay always ends). A live engine without a screen reads its configuration anew: "
            "log.level "
            "and tighter limits change at once, what takes a restart is named, a bad file changes nothing. A "
            "replay without "
            "a screen ignores it"},
    {"USR2", "reopens the log"},
    {"TSTP", "is refused, in words: a stopped process is an unmanaged book"},
    {"SEGV, BUS, FPE, ILL, ABRT", "a crash: sending stops, the terminal is given back, one line says what "
                                  "and where to look, the dead man clears "
                                  "up; no core dump unless process.core_dumps says so"},
    {"KILL, STOP",
     "cannot be refused: after KILL the dead man clears up; while stopped nothing is sent, and the dead "
     "man waits"},
};

static const struct roff_term environment[] = {
    {"FLOWDECK_...",
     "each setting by its name in capitals, dots as underscores: FLOWDECK_RISK_MAX_VALUE; one that is "
     "no setting refuses to start"},
    {"FLOWDECK_CONFIG", "configuration to read, unless --config says another"},
    {"FLOWDECK_DATA_DIR", "data directory, unless --data-dir says another"},
    {"XDG_CONFIG_HOME, XDG_STATE_HOME, HOME",
     "where configuration and data directory are when nothing else says so"},
    {"TERM, COLORTERM, TERMINFO, LC_ALL, LC_CTYPE, LANG", "the terminal, its colours and its characters"},
    {"NO_COLOR", "set: no colours"},
    {"TZDIR", "where the time zones of trading pauses are, /usr/share/zoneinfo unless set"},
    {"LD_LIBRARY_PATH, LD_AUDIT", "set: no plug-in is loaded"},
};

static void page_1_socket(FILE *out)
{
    fputs(".SH CONTROL SOCKET\nThe socket control.sock in the data directory of a running engine takes one "
          "JSON "
          "object a line from processes of the same user and answers each with one. Member do is one of",
          out);
    for (int kind = 0; kind < CONTROL_KINDS; kind++)
        fprintf(out, "%s\n.B %s", kind == 0 ? "" : ",", control_kind_words[kind]);
    fputs(
        "\n.PP\nNumbers with decimals are text, exact. What a request lacks or does not know is named. A "
        "member "
        "id comes back as it is. An order needs symbol, side and qty; beside them type (LIMIT, MARKET, STOP, "
        "STOP\\-LIMIT, TAKE\\-PROFIT, TAKE\\-LIMIT, TRAILING), tif (GTC, IOC, FOK, GTD), price, stop, trail, "
        "display (iceberg), take_profit and stop_loss (bracket), expire_ms, post_only, reduce_only, "
        "may_cut, group (OCO: orders of one instrument with one number, used for these alone; what one fills "
        "the others are reduced by), again (the same order once more within risk.duplicate_ms is meant). "
        "move needs order, and price (the "
        "limit, or the trigger of a stop that has none), qty (in all, with what has filled) or both.\n"
        ".PP\n.nf\n{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"qty\":\"0.01\","
        "\"price\":\"61830\",\"tif\":\"FOK\"}\n"
        "{\"do\":\"strategy\",\"strategy\":\"mm\",\"turn\":\"on\"}\n"
        "{\"do\":\"set_limit\",\"limit\":\"risk.max_value\",\"value\":\"500\"}\n.fi\n.PP\n"
        "clear_kill needs the member word (" CONTROL_CLEAR_WORD "); a limit that lets more through needs its "
        "name once more as confirm. MARKET needs its worst price as price; STOP, TAKE\\-PROFIT and TRAILING "
        "may "
        "name one; without it they may only reduce.\n",
        out);
}

static void page_1_standby(FILE *out)
{
    fputs(
        ".SH STANDBY\nOne engine trades with a data directory. A second one with \\-\\-standby waits beside "
        "it: "
        "it reads its journal, watches its heartbeat, and leads as soon as it has ended in order or crashed. "
        "One that is stopped or hangs for lease.term_ms it ends by SIGKILL, once it is sure of pid, start "
        "time and program. Then it starts as after a crash: a new epoch, the journal, positions compared, "
        "orders after that. It stays standby and says why beside a leader on another host or in another pid "
        "namespace, with other settings or of another build, one whose lock file was deleted or replaced and "
        "that "
        "lives still, when it cannot read the journal, within "
        "lease.cooldown_ms of a takeover and after lease.takeovers of them. Several may wait; one leads. To "
        "end trading for good, end the standby first.\n",
        out);
}

static const struct roff_term files[] = {
    {"~/.config/flowdeck/flowdeck.yaml", "configuration, see flowdeck.conf(5)"},
    {"~/.config/flowdeck/themes/", "themes of one's own, see flowdeck-theme(5)"},
    {"~/.local/state/flowdeck/", "data directory, 0700; in it:"},
    {"flowdeck.db", "orders, fills, stories, equity, audit trail; SQLite"},
    {"flowdeck.log", "messages"},
    {"KILLED",
     "trading was killed: when, by whom and why. Written and synced by a kill, read at the start of the "
     "next run, removed by the typed word of :clear-kill alone; one that cannot be read counts"},
    {"KILL", "put there by anybody who may (touch KILL): kills; looked for each 100 ms"},
    {"alerts.ACCOUNT",
     "alerts of the engine that trades there, those that wait and those that have rung; a line each, "
     "written anew with each change"},
    {"attach.sock", "socket of the running engine, 0600, for screens of its user and its build: attach"},
    {"control.sock", "socket of the running engine, 0600, for its own user: JSON lines, see CONTROL SOCKET"},
    {"journal/ACCOUNT/", "the journal, see flowdeck-journal(5): the database is made from it"},
    {"lock", "who uses this directory to trade: pid, start time, program, host, configuration, epoch; the "
             "engine stops "
             "trading when it is deleted or the directory is renamed"},
    {"epoch",
     "the largest epoch that an engine here has begun with; only ever raised, so that no journal of a "
     "backup begins with it again"},
    {"standby-PID", "what a waiting standby says"},
    {"deadman.log",
     "what a small process that outlives the program found and cancelled after it ended without a "
     "goodbye"},
    {"replaced-TIME", "what a restore --force has put aside"},
    {"quarantine",
     "plug-ins that ended the process; they are not loaded again until they change or their line is "
     "removed, see flowdeck-strategy(7)"},
    {"exchange.json, ca.pem, ca.key, server.pem, server.key",
     "of the built-in exchange: addresses and keys, its own certificate authority, its certificate"},
    {"history", "lines typed at the prompt, 0600; nothing secret is kept in it, and it may be deleted"},
    {"export/", "lists of the screen that were written to files (Y, :export), 0600; never overwritten"},
    {"starts", "how often a screen was opened, for the hints of the first three times"},
};

static void page_1(FILE *out)
{
    fprintf(out, ".TH FLOWDECK 1 %s \"flowdeck %s\" \"User Commands\"\n", FLOWDECK_DATE, FLOWDECK_VERSION);
    fputs(".SH NAME\nflowdeck \\- a trading workstation in the terminal\n"
          ".SH SYNOPSIS\n.B flowdeck\n.RI [ COMMAND ]\n.RI [ OPTIONS ]\n"
          ".SH DESCRIPTION\nA market feed becomes an order book, the book becomes order\\-flow signals, "
          "signals become "
          "orders, orders pass the risk gate and reach a paper broker; one screen shows and steers all of "
          "it. "
          "The feed is Binance live, the built\\-in exchange, or a recording.\n.PP\nPrices, quantities and "
          "money are integers from end to "
          "end; the "
          "same recording gives the same decisions, byte for byte.\n",
          out);
    page_1_commands(out);
    page_1_options(out);
    manual_keys_roff(out);
    manual_glossary_roff(out);
    fputs(".SH RISK CONTROLS\nIn the order in which they judge; each denial names one, with the numbers. "
          "gate: of each order before it leaves; monitor: watches over time, then the gate stops orders; "
          "process: looks after the program. Defaults are of simulation.\n",
          out);
    manual_controls_roff(out);
    page_1_socket(out);
    page_1_standby(out);
    roff_terms("SIGNALS", signals, COUNT(signals), out);
    roff_terms("EXIT STATUS", exit_codes, COUNT(exit_codes), out);
    roff_terms("ENVIRONMENT", environment, COUNT(environment), out);
    roff_terms("FILES", files, COUNT(files), out);
    fputs(".SH SEE ALSO\n.BR flowdeck.conf (5),\n.BR flowdeck-journal (5),\n.BR flowdeck-theme (5),\n"
          ".BR flowdeck-strategy (7)\n",
          out);
}

static void page_5(FILE *out)
{
    fprintf(out, ".TH FLOWDECK.CONF 5 %s \"flowdeck %s\" \"File Formats\"\n", FLOWDECK_DATE,
            FLOWDECK_VERSION);
    fputs(".SH NAME\nflowdeck.conf \\- settings of flowdeck (flowdeck.yaml)\n"
          ".SH DESCRIPTION\nYAML. The dots of a name are nesting:\n.PP\n.nf\nrisk:\n  max_value: "
          "1000\nstrategy:\n  ofi:\n"
          "    threshold: 0.80\n.fi\n.PP\nThe command line goes before the environment, the environment "
          "before the file, "
          "the file before the default. An unknown, misspelt, duplicate or out\\-of\\-range key refuses to "
          "start and is "
          "named with file, line and column.\n.B flowdeck check\\-config\ndoes the same without starting.\n"
          ".SH SETTINGS\n",
          out);
    size_t count;
    const struct option *table = options_table(&count);

    for (size_t i = 0; i < count; i++) {
        const struct option *option = &table[i];
        char allowed[256], name[128];

        if (manual_is_key_setting(option))
            continue;
        roff_item(option->name, NULL, option->help, out);
        fputs(".br\n", out);
        roff(option_allowed_text(option, allowed, sizeof(allowed)), out);
        fputs("; default ", out);
        roff(option->preset == NULL ? "unset" : option->preset, out);
        fputs("; environment ", out);
        roff(option_environ_name(option, name, sizeof(name)), out);
        fputc('\n', out);
    }
    manual_key_settings_roff(table, count, out);
    fputs(".SH FILES\n", out);
    roff_item(
        "~/.config/flowdeck/flowdeck.yaml", NULL,
        "read unless --config or FLOWDECK_CONFIG says another; $XDG_CONFIG_HOME/flowdeck/flowdeck.yaml where "
        "that is set",
        out);
    fputs(".SH SEE ALSO\n.BR flowdeck (1),\n.BR flowdeck-theme (5),\n.BR flowdeck-strategy (7)\n", out);
}

bool manual_page(const char *page, FILE *out)
{
    if (strcmp(page, "flowdeck.1") == 0)
        page_1(out);
    else if (strcmp(page, "flowdeck.conf.5") == 0)
        page_5(out);
    else if (strcmp(page, "flowdeck-journal.5") == 0)
        manual_journal_page(out);
    else if (strcmp(page, "flowdeck-theme.5") == 0)
        manual_theme_page(out);
    else if (strcmp(page, "flowdeck-strategy.7") == 0)
        return manual_strategy_page(out);
    else
        return false;
    return true;
}

/* --- completion --------------------------------------------------------------------------------------------------- */

/* "dark|light|...": the themes that are in the program. */
static const char *theme_words(char *out, size_t out_size)
{
    const char folder[] = "themes/", ending[] = ".theme";
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < embedded_file_count; i++) {
        const char *name = embedded_files[i].name;
        size_t size = strlen(name);

        if (strncmp(name, folder, strlen(folder)) != 0 || size < strlen(folder) + strlen(ending))
            continue;
        size -= strlen(folder) + strlen(ending);
        if (used + size + 2 > out_size)
            break;
        used += (size_t)snprintf(out + used, out_size - used, "%s%.*s", used == 0 ? "" : "|", (int)size,
                                 name + strlen(folder));
    }
    return out;
}

static void completion_values(const struct cli_option *option, FILE *out)
{
    size_t count;
    const struct option *table = options_table(&count);
    const struct option *setting =
        option->setting == NULL ? NULL : option_find(table, count, option->setting);
    const char *words = NULL;
    char list[256], themes[200];

    if (setting != NULL && setting->type == OPTION_ENUM)
        words = setting->allowed;
    else if (strcmp(option->name, "terminal") == 0)
        words = option->value;
    else if (strcmp(option->name, "theme") == 0)
        words = theme_words(themes, sizeof(themes));
    else if (strcmp(option->name, "speed") == 0)
        words = "1|10|50|max";
    if (words != NULL) {
        snprintf(list, sizeof(list), "%s", words);
        for (char *bar = list; *bar != '\0'; bar++)
            if (*bar == '|')
                *bar = ' ';
        fprintf(out, "        --%s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", option->name,
                list);
    } else if (option->value != NULL) {
        fprintf(out, "        --%s) COMPREPLY=($(compgen -%s -- \"$cur\")); return ;;\n", option->name,
                strcmp(option->value, "DIR") == 0 ? "d" : "f");
    }
}

void manual_completion(FILE *out)
{
    fputs("# bash completion for flowdeck; made by `make man'\n"
          "_flowdeck()\n{\n    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n    "
          "COMPREPLY=()\n"
          "    case $prev in\n",
          out);
    for (size_t i = 0; i < cli_options_count; i++)
        completion_values(&cli_options[i], out);
    fputs(
        "        help) COMPREPLY=($(compgen -W 'keys commands settings controls glossary strategies strategy",
        out);
    for (size_t i = 0; i < cli_commands_count; i++)
        if (cli_commands[i].details != NULL && cli_commands[i].name[0] != '\0')
            fprintf(out, " %s", cli_commands[i].name);
    fputs("' -- \"$cur\")); return ;;\n    esac\n    if [[ $cur == -* ]]; then\n        COMPREPLY=($(compgen "
          "-W '",
          out);
    for (size_t i = 0; i < cli_options_count; i++)
        fprintf(out, "%s--%s", i == 0 ? "" : " ", cli_options[i].name);
    fputs("' -- \"$cur\"))\n    elif [[ $COMP_CWORD == 1 ]]; then\n        COMPREPLY=($(compgen -W '", out);
    for (size_t i = 0; i < cli_commands_count; i++)
        if (cli_commands[i].details != NULL && cli_commands[i].name[0] != '\0')
            fprintf(out, "%s ", cli_commands[i].name);
    fputs("' -- \"$cur\"))\n    else\n        COMPREPLY=($(compgen -f -- \"$cur\"))\n    fi\n}\n"
          "complete -o filenames -F _flowdeck flowdeck\n",
          out);
}
