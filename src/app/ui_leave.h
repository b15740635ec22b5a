/*
 * ui_leave.h - the last that is said when a screen goes: on the terminal where the engine stays, and of a file of commands
 * that is not done.
 */
#ifndef APP_UI_LEAVE_H
#define APP_UI_LEAVE_H

#include "app/engine.h"
#include "service/attach_client.h"
#include "tui/screen.h"
#include "tui/ui.h"

struct ui_detach {
    const char *why; /* what ended the screen */
    bool to_shell;   /* the terminal is still there, its shell wants its prompt back */
};

/* The engine is this process's, and goes on without the terminal: in the background where a shell can have it so. */
void ui_leave_detached(struct screen *screen, struct engine *engine, const char *data_dir,
                       const struct ui_detach *detach);
/* The engine runs elsewhere. *exit_code is 1 where it has ended. */
void ui_leave_attached(struct screen *screen, const struct attach_client *client, const char *data_dir,
                       int *exit_code);
/* What a file of commands (--execute) leaves undone: in the log, and on standard error for whoever still reads that. */
void ui_leave_script(const struct ui *ui);

#endif
