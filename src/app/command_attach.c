#include "app/command_attach.h"

#include "app/headless.h"
#include "app/instance_lock.h"
#include "app/paths.h"
#include "app/run.h"
#include "app/ui_loop.h"
#include "tui/screen_names.h"
#include "tui/ui.h"

#include <flowdeck/version.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST_TRIES   100 /* for the first frame with instruments */
#define FIRST_WAIT_NS 30000000

/* The first of the setting `symbols` where --symbol was given; a configuration's list is the engine's matter. */
static void read_symbol(const struct config *config, char out[SYMBOL_SIZE])
{
    const char *file = NULL, *text = config_text(config, "symbols");
    size_t size = strcspn(text, ",");
    int line = 0;

    out[0] = '\0';
    if (config_source(config, "symbols", &file, &line) != OPTION_FROM_CLI || size >= SYMBOL_SIZE)
        return;
    for (size_t i = 0; i < size; i++)
        out[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 'a' + 'A' : text[i]);
    out[size] = '\0';
}

/* An engine that has just begun may not know its instruments yet: then nothing is said against any. */
static bool has_symbol(struct attach_client *client, const char *symbol, char *why)
{
    const struct view_status *status = &attach_client_frame(client)->status;
    size_t used;

    for (int i = 0; i < FIRST_TRIES && status->instruments == 0 && attach_client_ended(client) == NULL; i++) {
        nanosleep(&(struct timespec){.tv_nsec = FIRST_WAIT_NS}, NULL);
        attach_client_poll(client);
    }
    used = (size_t)snprintf(why, RUN_WHY_SIZE, "--symbol: the engine has no %s; it has", symbol);
    for (int i = 0; i < status->instruments; i++) {
        if (strcmp(status->instrument[i].symbol, symbol) == 0)
            return true;
        if (used < RUN_WHY_SIZE - SYMBOL_SIZE - 2)
            used += (size_t)snprintf(why + used, RUN_WHY_SIZE - used, " %s", status->instrument[i].symbol);
    }
    return status->instruments == 0;
}

/* ERR_NOT_FOUND becomes words on what is there instead. */
static enum err open_client(const struct cli *cli, const struct config *config, const char *folder,
                            struct attach_client **out, char *why)
{
    struct attach_hello hello = {.readonly = cli->readonly};
    enum err err;
    pid_t pid;

    attach_build(FLOWDECK_VERSION, hello.build);
    ui_port_name(hello.name);
    read_symbol(config, hello.symbol);
    err = attach_client_open(folder, &hello, out, why, RUN_WHY_SIZE);
    if (err == ERR_NOT_FOUND && !instance_lock_held(folder, &pid))
        snprintf(why, RUN_WHY_SIZE, "no flowdeck trades with the data directory %.400s", folder);
    if (err == ERR_OK && hello.symbol[0] != '\0' && !has_symbol(*out, hello.symbol, why))
        return ERR_USAGE;
    return err;
}

int command_attach(const struct cli *cli, struct config *config)
{
    struct ui_loop_config loop = {.config = config, .cli = cli, .can_detach = true};
    char folder[PATH_TEXT_MAX], why[RUN_WHY_SIZE];
    bool detached;
    enum err err = paths_name_data_dir(config_text(config, "data_dir"), folder, why, sizeof(why));
    int code;

    if (err == ERR_OK && (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0))
        return run_fail(EXIT_CODE_USAGE, "attach: is a screen: needs a terminal; flowdeck status needs none");
    if (err == ERR_OK)
        err = open_client(cli, config, folder, &loop.port.client, why);
    if (err != ERR_OK) {
        attach_client_close(loop.port.client);
        return run_fail(err == ERR_USAGE ? EXIT_CODE_USAGE : EXIT_CODE_FAILED, why);
    }
    headless_hold_signals();
    loop.screen = cli->screen == NULL ? SCREEN_TRADE : ui_screen_named(cli->screen);
    loop.data_dir = folder;
    code = ui_loop_run(&loop, &detached);
    attach_client_close(loop.port.client);
    return code;
}
