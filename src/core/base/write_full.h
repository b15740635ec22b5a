/* write_full.h - writing all of something: interrupted and short writes go on. */
#ifndef CORE_BASE_WRITE_FULL_H
#define CORE_BASE_WRITE_FULL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

/* False: errno says why, and a part of it may be written. Async-signal-safe. */
static inline bool write_full(int fd, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;

    while (size > 0) {
        ssize_t done = write(fd, at, size);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        size -= (size_t)done;
    }
    return true;
}

#endif
