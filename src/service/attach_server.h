/*
 * attach_server.h - screens of other terminals on this engine: a thread of its own at a Unix socket, attach.h on it.
 *
 * The socket (0600, in the data directory) is for processes of the same user alone (SO_PEERCRED) and for the same build.
 * At most ATTACH_SCREENS_MAX at a time. A screen gets a frame only when it asked for one, the newest one there is, and
 * only when the last one has left: one that is slow or stopped costs the engine nothing and holds one frame here. One
 * that reads nothing of it for ATTACH_SLOW_S is told and dropped. Of each ATTACH_PACE_MAX messages, or pieces of them, are
 * taken in a tenth of a second at most; what is more waits in that screen's own socket. So do those who come, beyond
 * ATTACH_COME_MAX.
 */
#ifndef SERVICE_ATTACH_SERVER_H
#define SERVICE_ATTACH_SERVER_H

#include "service/attach.h"

#define ATTACH_HELLO_S  5.0
#define ATTACH_SLOW_S   20.0
#define ATTACH_STILL_S  300.0 /* one that asks for nothing so long is stopped, and gives its place up */
#define ATTACH_PACE_MAX 32
#define ATTACH_COME_MAX 4 /* in a tenth of a second: each coming is noted and journaled */

struct attach_server;

struct attach_host { /* the engine; service thread, none of these waits */
    void *arg;
    const char *version;                                     /* of the program; part of its build's name */
    bool (*note)(void *arg, const struct attach_note *note); /* false: its ring is full */
    void (*want)(void *arg, unsigned screen);                /* a frame */
    const struct view_frame *(*frame)(void *arg, unsigned screen); /* NULL: none newer than the one before */
};

/* As control_server_open(): the caller holds the data directory's lock. On error why holds one line. */
enum err attach_server_open(const char *data_dir, const struct attach_host *host, struct attach_server **out,
                            char *why, size_t why_size);
/* Tells each screen that the engine has ended, joins the thread, removes the socket. NULL is allowed. */
void attach_server_close(struct attach_server *server);
/* A frame is there for one of them. Any thread. */
void attach_server_wake(struct attach_server *server);

#endif
