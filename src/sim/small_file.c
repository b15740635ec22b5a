#include "sim/small_file.h"
#include "core/base/write_full.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool small_file_read(const char *path, struct sim_text *out)
{
    char piece[4096];
    ssize_t got;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        return false;
    sim_text_clear(out);
    while ((got = read(fd, piece, sizeof(piece))) > 0 && out->size <= SMALL_FILE_MAX)
        sim_text_add_size(out, piece, (size_t)got);
    close(fd);
    return got == 0 && out->size > 0 && out->size <= SMALL_FILE_MAX && !out->failed;
}

bool small_file_write(const char *path, mode_t mode, const char *bytes, size_t size)
{
    char beside[SIM_PATH_SIZE];
    int fd, written = snprintf(beside, sizeof(beside), "%s.%ld", path, (long)getpid());
    bool ok;

    if (written < 0 || (size_t)written >= sizeof(beside)) {
        errno = ENAMETOOLONG;
        return false;
    }
    unlink(beside); /* of an earlier run that died here */
    fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return false;
    ok = fchmod(fd, mode) == 0 && write_full(fd, bytes, size) && fsync(fd) == 0;
    if (close(fd) != 0 || !ok || rename(beside, path) != 0) {
        int saved = errno;

        unlink(beside);
        errno = saved;
        return false;
    }
    return true;
}
