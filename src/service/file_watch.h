/* file_watch.h - hears at once that a file of some name came into a folder, by inotify on a libev loop. */
#ifndef SERVICE_FILE_WATCH_H
#define SERVICE_FILE_WATCH_H

#include <ev.h>
#include <stdbool.h>

#define FILE_WATCH_NAME 32

struct file_watch {
    ev_io io; /* its data is the watch: do not move it */
    struct ev_loop *loop;
    char name[FILE_WATCH_NAME];
    void (*came)(void *arg); /* made, or moved there; on the loop's thread */
    void *arg;
};

/* False: the system has no room for another watch, nothing is watched. */
bool file_watch_start(struct file_watch *watch, struct ev_loop *loop, const char *folder, const char *name,
                      void (*came)(void *arg), void *arg);
void file_watch_stop(struct file_watch *watch); /* one that was not started, zeroed, is allowed */

#endif
