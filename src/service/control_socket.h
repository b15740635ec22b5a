/*
 * control_socket.h - a Unix socket in a data directory: listening on it, connecting to it, who is at the other end.
 *
 * The folder is opened and the socket reached through it, so that the path's length does not matter (a socket's own
 * name has 107 bytes at most).
 */
#ifndef SERVICE_CONTROL_SOCKET_H
#define SERVICE_CONTROL_SOCKET_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define CONTROL_PATH_MAX 1200

/* name: of the file in that folder. 0600, non-blocking; one that is there is replaced. ERR_IO with one line in why. */
enum err control_socket_listen(const char *data_dir, const char *name, int *fd, char *why, size_t why_size);
void control_socket_remove(const char *data_dir, const char *name);
/* The peer runs as the user that we run as. */
bool control_socket_is_ours(int fd);

/* --- a client's side, blocking with a bound ------------------------------------------------------------------- */

/* ERR_NOT_FOUND: nobody listens there. ERR_IO: anything else, a socket of somebody else too. */
enum err control_socket_connect(const char *data_dir, const char *name, int *fd, char *why, size_t why_size);
/* Sends one line (its newline included) and waits for one: allocated, without newline, free(). ERR_IO with why. */
enum err control_socket_ask(int fd, const char *line, int timeout_ms, char **answer, char *why,
                            size_t why_size);

#endif
