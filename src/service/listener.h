/*
 * listener.h - a thread of its own that listens on a Unix socket of the data directory (0600), for processes of the same
 * user alone (SO_PEERCRED). It serves them by its loop; who serves what is the host's.
 */
#ifndef SERVICE_LISTENER_H
#define SERVICE_LISTENER_H

#include "core/base/err.h"
#include "service/control_socket.h"

#include <ev.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct listener_host {
    const char *socket; /* its file's name in the data directory */
    const char *thread; /* in words, for what is said where it cannot start */
    /* All on the listener's thread; none waits. */
    void (*came)(void *arg, int fd); /* non-blocking, close-on-exec; the host's from here on */
    void (*refused)(void *arg, int fd, const char *why); /* to be told so; the listener closes it */
    void (*news)(void *arg);                             /* after listener_wake() */
    void (*ends)(void *arg);                             /* the thread's last */
    void *arg;
};

struct listener {
    struct listener_host host;
    struct ev_loop *loop;
    char data_dir[CONTROL_PATH_MAX];
    ev_io listening;
    ev_async news, stop;
    ev_timer pause;
    pthread_t thread;
    bool started;
    int fd;
    int spare; /* given up to tell a caller that there is no descriptor; -1: it is gone */
};

/* Binds the socket, replacing one that is left over (the caller holds the data directory's lock), and makes the loop,
 * to which the host may add before listener_start(). On error why holds one line; listener_close() after either. */
enum err listener_open(struct listener *self, const char *data_dir, const struct listener_host *host,
                       char *why, size_t why_size);
enum err listener_start(struct listener *self, char *why, size_t why_size);
void listener_wake(struct listener *self); /* any thread; never waits */
void listener_stop(
    struct listener *self); /* joins the thread; the loop stands, for the host to take leave of */
/* Stops, removes the socket, frees the loop. After listener_open() alone. */
void listener_close(struct listener *self);

#endif
