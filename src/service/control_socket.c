#include "service/control_socket.h"

#include "core/base/clock.h"
#include "core/base/file_failed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG      16
#define ANSWER_MAX   (1 << 20) /* bytes of one */
#define NS_PER_MS    INT64_C(1000000)
#define ANSWER_FIRST 4096

static enum err complain(const char *data_dir, const char *name, const char *doing, char *why,
                         size_t why_size)
{
    int error = errno;

    file_failed_text(data_dir, name, doing, why, why_size);
    return error == ENOENT || error == ECONNREFUSED ? ERR_NOT_FOUND : ERR_IO;
}

/* The folder's descriptor, through which the address leads; -1: errno. */
static int address_of(const char *data_dir, const char *name, struct sockaddr_un *out)
{
    int folder = open(data_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(out->sun_path, sizeof(out->sun_path), "/proc/self/fd/%d/%s", folder, name);
    return folder;
}

enum err control_socket_listen(const char *data_dir, const char *name, int *fd, char *why, size_t why_size)
{
    struct sockaddr_un address;
    int folder = address_of(data_dir, name, &address);
    bool done;

    *fd = folder < 0 ? -1 : socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0) {
        enum err err = complain(data_dir, name, "opening", why, why_size);

        if (folder >= 0)
            close(folder);
        return err;
    }
    done = (unlinkat(folder, name, 0) == 0 || errno == ENOENT) &&
           bind(*fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
           fchmodat(folder, name, 0600, 0) == 0 && listen(*fd, BACKLOG) == 0;
    if (!done) {
        complain(data_dir, name, "listening", why, why_size);
        close(*fd);
        *fd = -1;
    }
    close(folder);
    return done ? ERR_OK : ERR_IO;
}

void control_socket_remove(const char *data_dir, const char *name)
{
    int folder = open(data_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (folder < 0)
        return;
    unlinkat(folder, name, 0);
    close(folder);
}

bool control_socket_is_ours(int fd)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && size == sizeof(peer) &&
           peer.uid == geteuid();
}

/* --- a client's side ---------------------------------------------------------------------------------------- */

enum err control_socket_connect(const char *data_dir, const char *name, int *fd, char *why, size_t why_size)
{
    struct sockaddr_un address;
    int folder = address_of(data_dir, name, &address);
    enum err err = ERR_OK;

    *fd = folder < 0 ? -1 : socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*fd < 0 || connect(*fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        err = complain(data_dir, name, "connecting", why, why_size);
    } else if (!control_socket_is_ours(*fd)) {
        snprintf(why, why_size, "%s: belongs to another user's process", name);
        err = ERR_IO;
    }
    if (folder >= 0)
        close(folder);
    if (err != ERR_OK && *fd >= 0) {
        close(*fd);
        *fd = -1;
    }
    return err;
}

static bool wait_for(int fd, short events, int64_t by_ns)
{
    struct pollfd ready = {.fd = fd, .events = events};

    for (;;) {
        int64_t left_ms = (by_ns - clock_monotonic_ns()) / NS_PER_MS;
        int got = left_ms <= 0 ? 0 : poll(&ready, 1, (int)left_ms);

        if (got > 0)
            return true;
        if (got == 0 || errno != EINTR)
            return false;
    }
}

static bool send_line(int fd, const char *line, int64_t by_ns)
{
    size_t size = strlen(line);

    while (size > 0) {
        ssize_t sent = wait_for(fd, POLLOUT, by_ns) ? send(fd, line, size, MSG_NOSIGNAL | MSG_DONTWAIT) : -1;

        if (sent < 0 && (errno == EINTR || errno == EAGAIN) && clock_monotonic_ns() < by_ns)
            continue;
        if (sent <= 0)
            return false;
        line += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Reads until a newline; what comes behind it is nobody's. */
static char *read_line(int fd, int64_t by_ns)
{
    size_t room = ANSWER_FIRST, used = 0;
    char *text = malloc(room), *more;

    while (text != NULL && wait_for(fd, POLLIN, by_ns)) {
        ssize_t got = recv(fd, text + used, room - used - 1, MSG_DONTWAIT);
        char *end;

        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got <= 0)
            break;
        end = memchr(text + used, '\n', (size_t)got);
        used += (size_t)got;
        if (end != NULL) {
            *end = '\0';
            return text;
        }
        if (used + 1 < room)
            continue;
        more = room < ANSWER_MAX ? realloc(text, room * 2) : NULL;
        if (more == NULL)
            break;
        text = more;
        room *= 2;
    }
    free(text);
    return NULL;
}

enum err control_socket_ask(int fd, const char *line, int timeout_ms, char **answer, char *why,
                            size_t why_size)
{
    int64_t by_ns = clock_monotonic_ns() + timeout_ms * NS_PER_MS;

    *answer = send_line(fd, line, by_ns) ? read_line(fd, by_ns) : NULL;
    if (*answer != NULL)
        return ERR_OK;
    snprintf(why, why_size, "the running engine did not answer within %d ms", timeout_ms);
    return ERR_IO;
}
