#include "app/ui_port.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool ui_port_send(const struct ui_port *port, const struct command *command)
{
    return port->client != NULL ? attach_client_send(port->client, command)
                                : engine_send(port->engine, command);
}

bool ui_port_poll(const struct ui_port *port)
{
    return port->client != NULL ? attach_client_poll(port->client) : engine_poll_frame(port->engine);
}

const struct view_frame *ui_port_frame(const struct ui_port *port)
{
    return port->client != NULL ? attach_client_frame(port->client) : engine_frame(port->engine);
}

const char *ui_port_ended(const struct ui_port *port)
{
    return port->client != NULL ? attach_client_ended(port->client) : NULL;
}

const char *ui_port_name(char out[VIEW_SCREEN_NAME])
{
    char path[64];
    size_t size;

    if (ttyname_r(STDIN_FILENO, path, sizeof(path)) != 0 || strncmp(path, "/dev/", 5) != 0) {
        snprintf(out, VIEW_SCREEN_NAME, "pid %d", (int)getpid());
        return out;
    }
    size = strlen(path + 5);
    snprintf(out, VIEW_SCREEN_NAME, "%s",
             path + 5 + (size < VIEW_SCREEN_NAME ? 0 : size - VIEW_SCREEN_NAME + 1));
    return out;
}
