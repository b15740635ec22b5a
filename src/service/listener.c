#include "service/listener.h"

#include "core/base/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACCEPTS_MAX 8   /* in one turn */
#define PAUSE_S     0.2 /* of accepting, while there is no descriptor for anybody */

/* --- who comes ---------------------------------------------------------------------------------------------- */

static int open_spare(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static int take(const struct listener *self)
{
    return accept4(self->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

static void send_away(struct listener *self, int fd, const char *why)
{
    self->host.refused(self->host.arg, fd, why);
    close(fd);
}

/*
 * No descriptor for the one who calls: with the spare one he is told and sent away, or he would be announced for ever.
 * Where even that fails nobody is listened to for a while.
 */
static void do_without(struct listener *self)
{
    int fd = -1;

    if (self->spare >= 0) {
        close(self->spare);
        fd = take(self);
        if (fd >= 0)
            send_away(self, fd, "no file descriptor is left");
        self->spare = open_spare();
    }
    if (fd >= 0)
        return;
    ev_io_stop(self->loop, &self->listening);
    ev_timer_again(self->loop, &self->pause);
}

static void on_pause_over(struct ev_loop *loop, ev_timer *pause, int events)
{
    struct listener *self = pause->data;

    (void)events;
    if (self->spare < 0)
        self->spare = open_spare();
    ev_timer_stop(loop, pause);
    ev_io_start(loop, &self->listening);
}

static void on_connect(struct ev_loop *loop, ev_io *io, int events)
{
    struct listener *self = io->data;

    (void)loop;
    (void)events;
    for (int i = 0; i < ACCEPTS_MAX; i++) {
        int fd = take(self);

        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)) {
            do_without(self);
            return;
        }
        if (fd < 0)
            return;
        if (control_socket_is_ours(fd))
            self->host.came(self->host.arg, fd);
        else
            send_away(self, fd, "another user's process");
    }
}

/* --- the thread --------------------------------------------------------------------------------------------- */

static void on_news(struct ev_loop *loop, ev_async *news, int events)
{
    struct listener *self = news->data;

    (void)loop;
    (void)events;
    self->host.news(self->host.arg);
}

static void on_stop(struct ev_loop *loop, ev_async *stop, int events)
{
    (void)stop;
    (void)events;
    ev_break(loop, EVBREAK_ALL);
}

static void *run(void *arg)
{
    struct listener *self = arg;

    thread_name(self->host.socket);
    ev_run(self->loop, 0);
    self->host.ends(self->host.arg);
    return NULL;
}

void listener_wake(struct listener *self)
{
    ev_async_send(self->loop, &self->news);
}

/* --- life --------------------------------------------------------------------------------------------------- */

enum err listener_open(struct listener *self, const char *data_dir, const struct listener_host *host,
                       char *why, size_t why_size)
{
    enum err err;

    *self = (struct listener){.host = *host, .fd = -1, .spare = -1};
    snprintf(self->data_dir, sizeof(self->data_dir), "%s", data_dir);
    err = control_socket_listen(data_dir, host->socket, &self->fd, why, why_size);
    if (err != ERR_OK)
        return err;
    self->loop = ev_loop_new(EVFLAG_NOSIGMASK);
    if (self->loop == NULL) {
        snprintf(why, why_size, "cannot make the loop of %s: out of memory", host->thread);
        return ERR_MEMORY;
    }
    self->spare = open_spare();
    ev_async_init(&self->news, on_news);
    ev_async_init(&self->stop, on_stop);
    ev_io_init(&self->listening, on_connect, self->fd, EV_READ);
    ev_init(&self->pause, on_pause_over);
    self->pause.repeat = PAUSE_S;
    self->news.data = self->stop.data = self->listening.data = self->pause.data = self;
    ev_async_start(self->loop, &self->news);
    ev_async_start(self->loop, &self->stop);
    ev_io_start(self->loop, &self->listening);
    return ERR_OK;
}

enum err listener_start(struct listener *self, char *why, size_t why_size)
{
    int failed = thread_start(&self->thread, NULL, run, self);

    self->started = failed == 0;
    if (failed == 0)
        return ERR_OK;
    snprintf(why, why_size, "cannot start %s: %s", self->host.thread, strerror(failed));
    return ERR_MEMORY;
}

void listener_stop(struct listener *self)
{
    if (!self->started)
        return;
    ev_async_send(self->loop, &self->stop);
    pthread_join(self->thread, NULL);
    self->started = false;
}

void listener_close(struct listener *self)
{
    listener_stop(self);
    if (self->fd >= 0) {
        control_socket_remove(self->data_dir, self->host.socket);
        close(self->fd);
    }
    if (self->spare >= 0)
        close(self->spare);
    if (self->loop != NULL)
        ev_loop_destroy(self->loop);
}
