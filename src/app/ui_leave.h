/*
 * ui_leave.h - the last thing that a terminal shows when its screen goes and the engine stays.
 */
#ifndef APP_UI_LEAVE_H
#define APP_UI_LEAVE_H

#include "app/engine.h"
#include "service/attach_client.h"
#include "tui/screen.h"

/* The engine is this process's, and goes on without the terminal. why: what ended the screen. */
void ui_leave_detached(struct screen *screen, struct engine *engine, const char *data_dir, const char *why);
/* The engine runs elsewhere. *exit_code is 1 where it has ended. */
void ui_leave_attached(struct screen *screen, const struct attach_client *client, int *exit_code);

#endif
