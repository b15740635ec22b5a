/*
 * control_server.h - the control socket of a running engine: a thread of its own that takes JSON lines.
 *
 * A Unix socket (0600) in the data directory, for processes of the same user alone (SO_PEERCRED). At most
 * CONTROL_CONNECTIONS at a time; a line has CONTROL_LINE_MAX bytes and CONTROL_LINE_S to arrive, an answer
 * CONTROL_ANSWER_S to come and to leave; one request of a connection is under way at a time. A client that does
 * not keep to it is told why and closed. Whoever is slow or silent here delays nobody but himself: the engine is
 * reached by rings that never wait.
 */
#ifndef SERVICE_CONTROL_SERVER_H
#define SERVICE_CONTROL_SERVER_H

#include "core/base/err.h"
#include "service/control.h"

#include <stddef.h>

#define CONTROL_LINE_S   5.0
#define CONTROL_ANSWER_S 5.0
#define CONTROL_IDLE_S   300.0 /* a connection without a request is closed */

struct control_server;

struct control_host { /* who does what is asked */
    /* Service thread; never waits. False: its ring is full. */
    bool (*send)(void *arg, const struct control_request *request);
    /* A file of this name came into the data directory. Service thread; NULL: nobody asks. */
    void (*file_came)(void *arg);
    const char *file_name;
    void *arg;
};

/* Binds the socket, replacing one that is left over: the caller holds the data directory's lock. Starts the thread.
 * On error why holds one line. */
enum err control_server_open(const char *data_dir, const struct control_host *host,
                             struct control_server **out, char *why, size_t why_size);
/* Joins the thread and removes the socket. NULL is allowed. */
void control_server_close(struct control_server *server);

/* Any one thread (the engine's); none of these waits. False: the ring of answers is full. */
bool control_server_answer(struct control_server *server, const struct control_answer *answer);
/* Fill the report, zeroed or not, then publish it: every request up to its seq that waits for one is answered. */
struct control_report *control_server_report(struct control_server *server);
void control_server_publish(struct control_server *server);

#endif
