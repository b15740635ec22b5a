#include "app/script_run.h"

#include "app/settings_desk.h"
#include "app/ui_leave.h"

#include <flowdeck/version.h>
#include <stdio.h>
#include <stdlib.h>

#define COLS 120 /* of the screen that there is not: rows of a ladder are asked for by its size */
#define ROWS 36

struct script_run {
    struct ui *ui;
    struct settings_desk *desk;
    bool (*send)(void *arg, const struct command *command);
    void *arg;
};

static bool host_send(void *arg, const struct command *command)
{
    struct script_run *run = arg;

    return run->send(run->arg, command);
}

static void host_nothing(void *arg)
{
    (void)arg;
}

static const struct config *host_settings(void *arg)
{
    return settings_desk_config(((struct script_run *)arg)->desk);
}

static bool host_set(void *arg, const char *name, const char *value, char *why, size_t why_size)
{
    return settings_desk_set(((struct script_run *)arg)->desk, name, value, why, why_size);
}

static bool host_unset(void *arg, const char *name, char *why, size_t why_size)
{
    return settings_desk_unset(((struct script_run *)arg)->desk, name, why, why_size);
}

static void host_executed(void *arg, bool good, const char *text)
{
    (void)arg;
    fprintf(stderr, "flowdeck: %s%s\n", good ? "" : "NOT EXECUTED, nor what follows it: ", text);
}

struct script_run *script_run_new(const struct cli *cli, const struct config *config,
                                  bool (*send)(void *arg, const struct command *command), void *arg)
{
    struct script_run *run = calloc(1, sizeof(*run));
    const struct ui_config ui_config = {.readonly = cli->readonly, .version = FLOWDECK_VERSION};
    const struct ui_host host = {.arg = run,
                                 .send = host_send,
                                 .quit = host_nothing,
                                 .redraw = host_nothing,
                                 .bell = host_nothing,
                                 .settings = host_settings,
                                 .set = host_set,
                                 .unset = host_unset,
                                 .executed = host_executed};

    if (run == NULL)
        return NULL;
    run->send = send;
    run->arg = arg;
    run->desk = settings_desk_new(cli, config);
    run->ui = ui_new(&ui_config, &host);
    if (run->desk == NULL || run->ui == NULL) {
        script_run_free(run);
        return NULL;
    }
    ui_resize(run->ui, COLS, ROWS, 0);
    ui_execute(run->ui, cli->script);
    return run;
}

void script_run_free(struct script_run *run)
{
    if (run == NULL)
        return;
    if (run->ui != NULL)
        ui_leave_script(run->ui);
    ui_free(run->ui);
    settings_desk_free(run->desk);
    free(run);
}

enum ui_script_state script_run_frame(struct script_run *run, const struct view_frame *frame, int64_t now_ns)
{
    if (frame != NULL)
        ui_frame(run->ui, frame, now_ns);
    return ui_script_state(run->ui);
}
