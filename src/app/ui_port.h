/*
 * ui_port.h - what a screen talks to: the engine of this process, or one that runs elsewhere.
 */
#ifndef APP_UI_PORT_H
#define APP_UI_PORT_H

#include "app/engine.h"
#include "service/attach_client.h"

struct ui_port { /* one of the two */
    struct engine *engine;
    struct attach_client *client;
};

bool ui_port_send(const struct ui_port *port, const struct command *command);
bool ui_port_poll(const struct ui_port *port);
const struct view_frame *ui_port_frame(const struct ui_port *port);
const char *ui_port_ended(const struct ui_port *port); /* why the other end is gone; NULL: it is there */
/* "pts/3": of the terminal on standard input, else of the process. Returns out. */
const char *ui_port_name(char out[VIEW_SCREEN_NAME]);

#endif
