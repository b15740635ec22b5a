/*
 * full_disk.h - mounts of a test's own, and a file system filled to its last byte.
 */
#ifndef UNIT_FULL_DISK_H
#define UNIT_FULL_DISK_H

#include "unit/cmocka_all.h"

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <unistd.h>

/* False: the kernel allows none. */
static inline bool own_mounts(void)
{
    static bool done, allowed;

    if (!done)
        allowed = unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
                  mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    done = true;
    return allowed;
}

/* By a file of that path; to the last byte: also what a file system keeps for small files. */
static inline void fill_disk(const char *path)
{
    char text[4096] = "";
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    for (size_t size = sizeof(text); size > 0; size /= 2)
        while (write(fd, text, size) == (ssize_t)size)
            continue;
    close(fd);
}

#endif
