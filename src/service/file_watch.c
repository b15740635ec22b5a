#include "service/file_watch.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

static bool tells_of(const struct file_watch *watch, const char *events, ssize_t size)
{
    for (ssize_t at = 0; at + (ssize_t)sizeof(struct inotify_event) <= size;) {
        struct inotify_event event;

        memcpy(&event, events + at, sizeof(event));
        if ((event.mask & IN_Q_OVERFLOW) != 0)
            return false; /* whoever polls as well finds it */
        if (event.len > 0 && strcmp(events + at + sizeof(event), watch->name) == 0)
            return true;
        at += (ssize_t)(sizeof(event) + event.len);
    }
    return false;
}

static void on_event(struct ev_loop *loop, ev_io *io, int what)
{
    struct file_watch *watch = io->data;
    alignas(struct inotify_event) char events[4096];
    ssize_t size;

    (void)loop;
    (void)what;
    while ((size = read(watch->io.fd, events, sizeof(events))) > 0)
        if (tells_of(watch, events, size))
            watch->came(watch->arg);
}

bool file_watch_start(struct file_watch *watch, struct ev_loop *loop, const char *folder, const char *name,
                      void (*came)(void *arg), void *arg)
{
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

    watch->loop = NULL;
    if (fd < 0)
        return false;
    if (inotify_add_watch(fd, folder, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR) < 0) {
        close(fd);
        return false;
    }
    snprintf(watch->name, sizeof(watch->name), "%s", name);
    watch->loop = loop;
    watch->came = came;
    watch->arg = arg;
    ev_io_init(&watch->io, on_event, fd, EV_READ);
    watch->io.data = watch;
    ev_io_start(loop, &watch->io);
    return true;
}

void file_watch_stop(struct file_watch *watch)
{
    if (watch->loop == NULL)
        return;
    ev_io_stop(watch->loop, &watch->io);
    close(watch->io.fd);
    watch->loop = NULL;
}
