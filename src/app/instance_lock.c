#include "app/instance_lock.h"

#include "core/base/clock.h"
#include "core/base/safe_text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define PATH_SIZE 1200
#define NS_PER_MS INT64_C(1000000)
#define NAP_NS    20000000

static int open_lock(const char *data_dir, int flags)
{
    char path[PATH_SIZE];

    snprintf(path, sizeof(path), "%s/" INSTANCE_LOCK_FILE, data_dir);
    return open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static pid_t holder_of(int fd)
{
    char text[32], *end;
    ssize_t size = pread(fd, text, sizeof(text) - 1, 0);
    long pid;

    if (size <= 0)
        return 0;
    text[size] = '\0';
    pid = strtol(text, &end, 10);
    return *end == '\n' && pid > 0 ? (pid_t)pid : 0;
}

enum err instance_lock_take(const char *data_dir, int wait_ms, int *fd, char *why, size_t why_size)
{
    int64_t by_ns = clock_monotonic_ns() + wait_ms * NS_PER_MS;
    char text[32], safe[256];
    int size, lock = open_lock(data_dir, O_RDWR | O_CREAT);
    pid_t holder;

    *fd = -1;
    safe_text(data_dir, strlen(data_dir), safe, sizeof(safe));
    if (lock < 0) {
        snprintf(why, why_size, "%s/" INSTANCE_LOCK_FILE ": %s", safe, strerror(errno));
        return ERR_STORAGE;
    }
    while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        holder = holder_of(lock);
        if (clock_monotonic_ns() < by_ns && (holder == 0 || (kill(holder, 0) != 0 && errno == ESRCH))) {
            nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
            continue;
        }
        snprintf(why, why_size,
                 "%s: another flowdeck (pid %d) trades with this data directory; give --data-dir DIR", safe,
                 (int)holder);
        close(lock);
        return ERR_STATE;
    }
    size = snprintf(text, sizeof(text), "%d\n", (int)getpid());
    if (ftruncate(lock, 0) != 0 || pwrite(lock, text, (size_t)size, 0) != size) {
        snprintf(why, why_size, "%s/" INSTANCE_LOCK_FILE ": %s", safe, strerror(errno));
        close(lock);
        return ERR_STORAGE;
    }
    *fd = lock;
    return ERR_OK;
}

void instance_lock_drop(int fd)
{
    if (fd >= 0)
        close(fd);
}

bool instance_lock_held(const char *data_dir, pid_t *pid)
{
    int fd = open_lock(data_dir, O_RDONLY);
    bool held;

    *pid = 0;
    if (fd < 0)
        return false;
    held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (held)
        *pid = holder_of(fd);
    close(fd);
    return held;
}
