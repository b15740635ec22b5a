/* read_full.h - reading a file until there is enough of it or no more: interrupted and short reads go on. */
#ifndef CORE_BASE_READ_FULL_H
#define CORE_BASE_READ_FULL_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* read_at: pread(), or what stands for it. As much as there is up to size; -1 with errno. */
static inline ssize_t read_full(ssize_t (*read_at)(int fd, void *bytes, size_t size, off_t at), int fd,
                                void *bytes, size_t size, uint64_t at)
{
    size_t had = 0;

    while (had < size) {
        ssize_t got = read_at(fd, (unsigned char *)bytes + had, size - had, (off_t)(at + had));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        had += (size_t)got;
    }
    return (ssize_t)had;
}

#endif
