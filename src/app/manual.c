#include "app/manual.h"

#include "app/cli.h"
#include "app/manual_strategy.h"
#include "app/options.h"
#include "app/roff.h"
#include "app/versions.h"
#include "core/base/embedded.h"
#include "tui/keymap.h"

#include <flowdeck/version.h>
#include <string.h>

#define HELP_COLUMN 26

/* --- help ---------------------------------------------------------------------------------------------------- */

static void print_option_row(const struct cli_option *option, FILE *out)
{
    char left[64];

    snprintf(left, sizeof(left), "  --%s%s%s", option->name, option->value == NULL ? "" : " ",
             option->value == NULL ? "" : option->value);
    fprintf(out, "%-*s %s\n", HELP_COLUMN, left, option->help);
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
            fprintf(out, "%-*s %s\n", HELP_COLUMN, left, cli_commands[i].summary);
        }
    fprintf(out, "\noptions (--name VALUE or --name=VALUE):\n");
    for (size_t i = 0; i < cli_options_count; i++)
        print_option_row(&cli_options[i], out);
    fprintf(
        out,
        "\nhelp COMMAND tells more; help keys lists the keys, help settings the configuration.\n"
        "Exit codes: 0 done, 1 failed while running, 2 wrong usage or configuration, 3 input data bad or\n"
        "incomplete, 4 storage failed, 5 venue unreachable or refused, 130 interrupted.\n");
}

static bool print_command_help(const char *name, FILE *out)
{
    for (size_t i = 0; i < cli_commands_count; i++) {
        const struct cli_command_info *info = &cli_commands[i];
        unsigned where = cli_where_of(info->command);

        if (info->details == NULL || strcmp(info->name, name) != 0)
            continue;
        fprintf(out, "usage: flowdeck %s %s [OPTIONS]\n\n%s.\n%s\n\n", info->name, info->arguments,
                info->summary, info->details);
        for (size_t o = 0; o < cli_options_count; o++)
            if ((cli_options[o].where & where) != 0)
                print_option_row(&cli_options[o], out);
        return true;
    }
    return false;
}

static void print_keys(FILE *out)
{
    fprintf(out, "%-22s %-8s %-18s %s\n", "key", "where", "name", "what it does");
    for (size_t i = 0; i < keymap_count(); i++) {
        const struct key_binding *binding = keymap_at(i);
        char keys[64];

        if (binding->help[0] != '\0') /* another key of the same action has the words */
            fprintf(out, "%-22s %-8s %-18s %s\n",
                    keymap_keys(binding->context, binding->action, keys, sizeof(keys)),
                    key_context_name(binding->context), binding->name, binding->help);
    }
}

static void print_settings(FILE *out)
{
    size_t count;
    const struct option *table = options_table(&count);

    for (size_t i = 0; i < count; i++) {
        const struct option *option = &table[i];
        char allowed[256], name[128];

        fprintf(out, "%s\n    %s\n    %s; default %s; %s\n", option->name, option->help,
                option_allowed_text(option, allowed, sizeof(allowed)),
                option->preset == NULL ? "unset" : option->preset,
                option_environ_name(option, name, sizeof(name)));
    }
}

bool manual_topic(const char *topic, FILE *out)
{
    if (strcmp(topic, "keys") == 0) {
        print_keys(out);
        return true;
    }
    if (strcmp(topic, "settings") == 0) {
        print_settings(out);
        return true;
    }
    return print_command_help(topic, out);
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

static void page_1_keys(FILE *out)
{
    fputs(".SH KEYS\n", out);
    for (size_t i = 0; i < keymap_count(); i++) {
        const struct key_binding *binding = keymap_at(i);
        char keys[64];

        if (binding->help[0] != '\0')
            roff_item(keymap_keys(binding->context, binding->action, keys, sizeof(keys)),
                      key_context_name(binding->context), binding->help, out);
    }
}

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
    page_1_keys(out);
    fputs(".SH SIGNALS\n", out);
    roff_item("USR1", NULL, "kills trading: no order leaves, every open one is cancelled", out);
    roff_item("TERM, INT, QUIT", NULL, "end in order", out);
    roff_item("HUP", NULL,
              "ends in order on a screen; without one it is ignored: a replay keeps its settings", out);
    roff_item("TSTP", NULL, "is refused: a stopped process is an unmanaged book", out);
    roff_item("USR2", NULL, "reopens the log", out);
    roff_item("TSTP", NULL, "is refused: a stopped process is an unmanaged book", out);
    fputs(".SH EXIT STATUS\n", out);
    roff_item("0", NULL, "done", out);
    roff_item("1", NULL, "failed while running", out);
    roff_item("2", NULL, "wrong usage or configuration", out);
    roff_item("3", NULL,
              "input data bad or incomplete: a book that never was LIVE, a gap not healed, bad lines", out);
    roff_item("4", NULL, "storage failed", out);
    roff_item("130", NULL, "interrupted", out);
    fputs(".SH FILES\n", out);
    roff_item("~/.config/flowdeck/flowdeck.yaml", NULL, "configuration, see flowdeck.conf(5)", out);
    roff_item("~/.local/state/flowdeck/", NULL,
              "data directory: flowdeck.db (orders, fills, equity, audit trail; SQLite) and flowdeck.log",
              out);
    fputs(".SH SEE ALSO\n.BR flowdeck.conf (5),\n.BR flowdeck-strategy (7)\n", out);
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

        roff_item(option->name, NULL, option->help, out);
        fputs(".br\n", out);
        roff(option_allowed_text(option, allowed, sizeof(allowed)), out);
        fputs("; default ", out);
        roff(option->preset == NULL ? "unset" : option->preset, out);
        fputs("; environment ", out);
        roff(option_environ_name(option, name, sizeof(name)), out);
        fputc('\n', out);
    }
    fputs(".SH SEE ALSO\n.BR flowdeck (1)\n", out);
}

bool manual_page(const char *page, FILE *out)
{
    if (strcmp(page, "flowdeck.1") == 0)
        page_1(out);
    else if (strcmp(page, "flowdeck.conf.5") == 0)
        page_5(out);
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
    fputs("        help) COMPREPLY=($(compgen -W 'keys settings", out);
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
