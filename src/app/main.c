/*
 * main.c - flowdeck: the command line, the settings, then the command. Nothing has a side effect before both
 * have been read and found right.
 */
#include "app/cli.h"
#include "app/cli_store.h"
#include "app/command_attach.h"
#include "app/command_backup.h"
#include "app/command_exchange.h"
#include "app/command_explain.h"
#include "app/command_journal.h"
#include "app/command_kill.h"
#include "app/command_live.h"
#include "app/command_replay.h"
#include "app/command_verify.h"
#include "app/crash.h"
#include "app/key_options.h"
#include "app/manual.h"
#include "app/manual_keys.h"
#include "app/options.h"
#include "app/options_outside.h"
#include "app/paths.h"
#include "app/process.h"
#include "app/settings.h"
#include "tui/script.h"
#include "tui/terminal.h"

#include <errno.h>
#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LARGE_BLOCK (128 * 1024)

static int refuse(const char *why)
{
    fprintf(stderr, "flowdeck: %s\n", why);
    return EXIT_CODE_USAGE;
}

static int print_settings(const struct config *config, const char *path)
{
    size_t count;
    const struct option *table = options_table(&count);

    printf("%s: ok\n", path[0] == '\0' ? "no configuration file, built-in defaults" : path);
    for (size_t i = 0; i < count; i++) {
        const char *file = NULL, *name = table[i].name;
        int line = 0;
        enum option_source source = config_source(config, name, &file, &line);

        if (source == OPTION_FROM_FILE)
            printf("%-32s from line %d\n", name, line);
        else if (source != OPTION_FROM_DEFAULT)
            printf("%-32s from the %s\n", name, config_source_word(source));
    }
    return fflush(stdout) == 0 ? EXIT_CODE_OK : EXIT_CODE_FAILED;
}

/* A kill must reach what runs, whatever has been written into the settings since it started; and what is stored can be
 * read. */
static bool only_asks(const struct cli *cli)
{
    return (cli_where_of(cli->command) & (CLI_IN_JOURNAL | CLI_IN_VERIFY | CLI_IN_BACKUP | CLI_IN_RESTORE)) !=
               0 ||
           cli->command == CLI_KILL || cli->command == CLI_STATUS || cli->command == CLI_ATTACH;
}

static int run_with(const struct cli *cli, struct config *config)
{
    switch (cli->command) {
    case CLI_REPLAY:
        return command_replay(cli, config);
    case CLI_RECORD:
        return command_record(cli, config);
    case CLI_EXCHANGE:
        return command_exchange(cli, config);
    case CLI_EXPLAIN:
        return command_explain(cli, config);
    case CLI_ATTACH:
        return command_attach(cli, config);
    case CLI_KILL:
        return command_kill(cli, config);
    case CLI_STATUS:
        return command_status(cli, config);
    case CLI_CONTROLS:
        return command_controls(cli, config);
    case CLI_JOURNAL:
        return command_journal(cli, config);
    case CLI_VERIFY:
        return command_verify(cli, config);
    case CLI_BACKUP:
        return command_backup(cli, config);
    case CLI_RESTORE:
        return command_restore(cli, config);
    case CLI_WORKSTATION:
    case CLI_CHECK_CONFIG: /* runs nothing */
    case CLI_HELP:
    case CLI_MANUAL:
    case CLI_COMPLETION:
        break;
    }
    return command_workstation(cli, config);
}

/* Every line of it is right before anything is begun. */
static bool read_script(struct cli *cli, char why[CONFIG_WHY_SIZE])
{
    static char text[SCRIPT_BYTES_MAX + 2];
    FILE *file = fopen(cli->execute_path, "re");
    struct script *script;
    size_t size;

    if (file == NULL) {
        (void)cli_refuse(why, "--execute: cannot read", cli->execute_path, strerror(errno));
        return false;
    }
    size = fread(text, 1, SCRIPT_BYTES_MAX + 1, file);
    if (ferror(file) != 0) {
        (void)cli_refuse(why, "--execute: cannot read", cli->execute_path, strerror(errno));
        fclose(file);
        return false;
    }
    fclose(file);
    script = script_parse(cli->execute_path, text, size, why);
    cli->script = script;
    return script != NULL;
}

/* All that is wrong at once: whoever mends a file would not run this once a line. */
static int check_config(const struct cli *cli)
{
    static struct config_faults faults;
    struct config *config = options_config_new();
    char why[CONFIG_WHY_SIZE], path[PATH_TEXT_MAX] = "";
    int code = EXIT_CODE_USAGE;

    if (config == NULL) {
        fprintf(stderr, "flowdeck: out of memory\n");
        return EXIT_CODE_FAILED;
    }
    config_gather(config, &faults);
    if (settings_load(cli, config, path, why) != ERR_OK) {
        config_faults_add(&faults, why);
    } else {
        (void)options_check_all(config, &faults);
        options_check_outside(config, &faults);
    }
    for (size_t i = 0; i < faults.count && i < CONFIG_FAULTS_MAX; i++)
        fprintf(stderr, "flowdeck: %s\n", faults.why[i]);
    if (faults.count > CONFIG_FAULTS_MAX)
        fprintf(stderr, "flowdeck: and %zu more\n", faults.count - CONFIG_FAULTS_MAX);
    if (faults.count == 0)
        code = print_settings(config, path);
    config_free(config);
    return code;
}

static int run_command(const struct cli *cli)
{
    struct config *config = options_config_new();
    char why[CONFIG_WHY_SIZE], path[PATH_TEXT_MAX] = "";
    enum err err;
    int code;

    if (config == NULL) {
        fprintf(stderr, "flowdeck: out of memory\n");
        return EXIT_CODE_FAILED;
    }
    err = settings_load(cli, config, path, why);
    if (err != ERR_OK && only_asks(cli)) {
        fprintf(stderr, "flowdeck: warning: %s; asking all the same\n", why);
        settings_find_data_dir(cli, config, path);
        err = ERR_OK;
    }
    if (err != ERR_OK || (!only_asks(cli) && options_check(config, why) != ERR_OK)) {
        code = refuse(why);
    } else {
        if (config_bool(config, "process.core_dumps"))
            process_allow_core_dumps();
        code = run_with(cli, config);
    }
    config_free(config);
    return code;
}

/* A full disk or a closed pipe must not look like success. */
static int print_result(bool known, const char *what)
{
    if (!known)
        return refuse(what);
    return fflush(stdout) == 0 && ferror(stdout) == 0 ? EXIT_CODE_OK : EXIT_CODE_FAILED;
}

static int refuse_topic(const struct cli *cli)
{
    bool word = cli->help_name != NULL && strcmp(cli->help_topic, "glossary") == 0;
    char why[CONFIG_WHY_SIZE];

    if (word)
        (void)cli_refuse(why, "help glossary: no entry", cli->help_name, "see flowdeck help glossary");
    else if (cli->help_name != NULL)
        (void)cli_refuse(why, "help: no built-in strategy", cli->help_name, "see flowdeck help strategies");
    else
        (void)cli_refuse(why, "help: no topic", cli->help_topic,
                         "allowed: a command, keys, commands, settings, controls, glossary, strategies, "
                         "strategy NAME");
    return refuse(why);
}

/* As the configuration has them; where that is wrong and nobody asked for it, as the program does: help helps. */
static int help_keys(const struct cli *cli)
{
    struct config *config = options_config_new();
    char why[CONFIG_WHY_SIZE] = "out of memory", path[PATH_TEXT_MAX];
    struct keymap keys;

    keymap_init(&keys, KEYBOARD_US);
    if (config == NULL || settings_load(cli, config, path, why) != ERR_OK ||
        key_options_read(config, &keys, why) != ERR_OK) {
        config_free(config);
        if (cli->config_path != NULL)
            return refuse(why);
        fprintf(stderr, "flowdeck: warning: %s; the keys as they are without settings\n", why);
        manual_keys(&keys, stdout);
        return print_result(true, "");
    }
    config_free(config);
    manual_keys(&keys, stdout);
    return print_result(true, "");
}

int main(int argc, char **argv)
{
    static struct cli cli;
    char why[CONFIG_WHY_SIZE];

    process_begin();
    crash_catch(terminal_restore_signal_safe);
    /* Books are large and sparse. In pages of their own only what is touched counts; out of an arena, glibc clears
     * and so touches all of it, and after the first large free() it would take them from there. */
    mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
    umask(077);              /* what it writes is its user's alone */
    setlocale(LC_CTYPE, ""); /* only characters: a decimal comma never gets in */
    if (cli_parse(argc, argv, &cli, why) != ERR_OK)
        return refuse(why);
    if (cli.show_version) {
        manual_version(stdout);
        return print_result(true, "");
    }
    if (cli.show_help && cli.command != CLI_WORKSTATION) {
        for (size_t i = 0; i < cli_commands_count; i++)
            if (cli_commands[i].command == cli.command)
                return print_result(manual_topic(cli_commands[i].name, NULL, stdout), "no such command");
    }
    if (cli.show_help || (cli.command == CLI_HELP && cli.help_topic == NULL)) {
        manual_help(stdout);
        return print_result(true, "");
    }
    if (cli.command == CLI_HELP && strcmp(cli.help_topic, "keys") == 0)
        return help_keys(&cli);
    if (cli.command == CLI_HELP && !manual_topic(cli.help_topic, cli.help_name, stdout))
        return refuse_topic(&cli);
    if (cli.command == CLI_HELP)
        return print_result(true, "");
    if (cli.command == CLI_MANUAL)
        return print_result(cli.help_topic != NULL && manual_page(cli.help_topic, stdout),
                            "internal-man: flowdeck.1, flowdeck.conf.5, flowdeck-journal.5, flowdeck-theme.5 "
                            "or flowdeck-strategy.7");
    if (cli.command == CLI_COMPLETION) {
        manual_completion(stdout);
        return print_result(true, "");
    }
    if (cli.execute_path != NULL && !read_script(&cli, why))
        return refuse(why);
    return cli.command == CLI_CHECK_CONFIG ? check_config(&cli) : run_command(&cli);
}
