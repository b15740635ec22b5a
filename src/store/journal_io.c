#include "store/journal_io.h"

#include "core/base/read_full.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int system_open(int dir_fd, const char *name, int flags, mode_t mode)
{
    return openat(dir_fd, name, flags, mode);
}

static int system_allocate(int fd, off_t size)
{
    errno = posix_fallocate(fd, 0, size);
    return errno == 0 ? 0 : -1;
}

static int system_rename(int dir_fd, const char *from, const char *to)
{
    return renameat(dir_fd, from, dir_fd, to);
}

static int system_unlink(int dir_fd, const char *name)
{
    return unlinkat(dir_fd, name, 0);
}

const struct journal_io journal_io_system = {.open = system_open,
                                             .close = close,
                                             .pread = pread,
                                             .pwrite = pwrite,
                                             .fdatasync = fdatasync,
                                             .fsync = fsync,
                                             .ftruncate = ftruncate,
                                             .allocate = system_allocate,
                                             .rename = system_rename,
                                             .unlink = system_unlink};

static const struct journal_io *current = &journal_io_system;

const struct journal_io *journal_io(void)
{
    return current;
}

void journal_io_replace(const struct journal_io *io)
{
    current = io != NULL ? io : &journal_io_system;
}

bool journal_io_write(int fd, const void *bytes, size_t size, uint64_t at)
{
    const unsigned char *next = bytes;

    while (size > 0) {
        ssize_t done = current->pwrite(fd, next, size, (off_t)at);

        if (done < 0 && errno == EINTR)
            continue;
        if (done == 0)
            errno = EIO; /* not in POSIX for a size above 0; it must not become an endless loop */
        if (done <= 0)
            return false;
        next += done;
        at += (uint64_t)done;
        size -= (size_t)done;
    }
    return true;
}

ssize_t journal_io_read(int fd, void *bytes, size_t size, uint64_t at)
{
    return read_full(current->pread, fd, bytes, size, at);
}

bool journal_io_sync_data(int fd)
{
    int result;

    do
        result = current->fdatasync(fd);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

bool journal_io_sync(int fd)
{
    int result;

    do
        result = current->fsync(fd);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

bool journal_io_publish(int dir_fd, const char *from, const char *to)
{
    return current->rename(dir_fd, from, to) == 0 && journal_io_sync(dir_fd);
}

bool journal_io_is_full(int error)
{
    return error == ENOSPC || error == EDQUOT;
}
