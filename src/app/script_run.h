/*
 * script_run.h - a file of commands (--execute) where there is no screen: the screen's own machine without a terminal.
 *
 * What each line did, or why the rest is not run, is told on standard error. One thread.
 */
#ifndef APP_SCRIPT_RUN_H
#define APP_SCRIPT_RUN_H

#include "app/cli.h"
#include "core/base/config.h"
#include "core/domain/command.h"
#include "tui/ui.h"

struct script_run;

/* Of cli->script. send: to the engine; false: it is full. NULL when memory is short. */
struct script_run *script_run_new(const struct cli *cli, const struct config *config,
                                  bool (*send)(void *arg, const struct command *command), void *arg);
/* Tells what it leaves undone, on standard error and in the log. NULL is allowed. */
void script_run_free(struct script_run *run);
/* With each frame, until it does not say UI_SCRIPT_RUNS any more. */
enum ui_script_state script_run_frame(struct script_run *run, const struct view_frame *frame, int64_t now_ns);

#endif
