/* The only part of the configuration that touches the disk. */
#include "core/base/config.h"
#include "core/base/read_full.h"
#include "core/base/safe_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHOWN_MAX 256

static enum err refuse(const char *path, const char *what, enum err err, char why[CONFIG_WHY_SIZE])
{
    char shown[SHOWN_MAX];

    safe_text(path, strlen(path), shown, sizeof shown);
    snprintf(why, CONFIG_WHY_SIZE, "%s: %s", shown, what);
    return err;
}

static enum err refuse_errno(const char *path, int number, char why[CONFIG_WHY_SIZE])
{
    const char *text = strerrordesc_np(number); /* as strerror(), but for any thread and locale */

    return refuse(path, text != NULL ? text : "cannot be read", number == ENOENT ? ERR_NOT_FOUND : ERR_IO,
                  why);
}

/* Opens what may be read as a configuration. A FIFO must not hang us: hence O_NONBLOCK. */
static enum err open_config(const char *path, int *out, char why[CONFIG_WHY_SIZE])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    const char *fault = NULL;
    struct stat info;

    if (fd < 0)
        return refuse_errno(path, errno, why);
    if (fstat(fd, &info) != 0)
        fault = "cannot be examined";
    else if (!S_ISREG(info.st_mode))
        fault = "is not a regular file";
    else if ((info.st_mode & S_IWOTH) != 0)
        fault = "is writable by everyone, so anyone could change a limit: chmod o-w";
    else if (info.st_size > CONFIG_FILE_SIZE_MAX)
        fault = "is larger than 1 MiB";
    if (fault != NULL) {
        close(fd);
        return refuse(path, fault, ERR_IO, why);
    }
    *out = fd;
    return ERR_OK;
}

enum err config_load_file(struct config *config, const char *path, char why[CONFIG_WHY_SIZE])
{
    size_t room = CONFIG_FILE_SIZE_MAX + 1; /* one more, to see that it grew past the bound meanwhile */
    char *text;
    ssize_t size;
    int fd = -1, read_errno;
    enum err err = open_config(path, &fd, why);

    if (err != ERR_OK)
        return err;
    text = malloc(room);
    if (text == NULL) {
        close(fd);
        return refuse(path, "out of memory", ERR_MEMORY, why);
    }
    size = read_full(pread, fd, text, room, 0);
    read_errno = errno;
    close(fd);
    if (size < 0)
        err = refuse_errno(path, read_errno, why);
    else
        err = config_load_text(config, text, (size_t)size, path, why);
    free(text);
    return err;
}
