#include "core/base/file_replace.h"

#include "core/base/write_full.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static bool write_new(int folder, const char *fresh, const void *bytes, size_t size)
{
    int fd = openat(folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600), error = 0;

    if (fd < 0)
        return false;
    if (!write_full(fd, bytes, size) || fsync(fd) != 0)
        error = errno;
    if (close(fd) != 0 && error == 0)
        error = errno;
    errno = error;
    return error == 0;
}

bool file_replace(int folder, const char *fresh, const char *name, const void *bytes, size_t size)
{
    int error;

    if (write_new(folder, fresh, bytes, size) && renameat(folder, fresh, folder, name) == 0)
        return folder == AT_FDCWD || fsync(folder) == 0;
    error = errno;
    unlinkat(folder, fresh, 0);
    errno = error;
    return false;
}
