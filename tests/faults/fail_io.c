/* fail_io.c - a shim for LD_PRELOAD that makes the system calls of a program fail as a test wants it. See io_faults.h. */
#define _GNU_SOURCE
#include "io_faults.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static struct io_faults *page;
static pid_t self;

__attribute__((constructor)) static void begin(void)
{
    const char *name = getenv("IO_FAULTS");
    int fd = name == NULL ? -1 : (int)syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC, 0), none = 0;
    void *at;

    if (fd < 0)
        return;
    at = (void *)syscall(SYS_mmap, NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    if (at == MAP_FAILED)
        return;
    self = getpid();
    page = at;
    atomic_compare_exchange_strong(&page->pid, &none, self);
}

static __attribute__((noreturn)) void die(void)
{
    for (;;)
        syscall(SYS_kill, getpid(), SIGKILL);
}

/* Of an open file, or of a name in a folder. False: it has none. */
static int name_of(int fd, const char *path, char *out, size_t size)
{
    char link[32];
    long used = 0;

    if (path != NULL && (path[0] == '/' || fd < 0))
        return snprintf(out, size, "%s", path) < (int)size;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    used = syscall(SYS_readlinkat, AT_FDCWD, link, out, size - 1);
    if (used <= 0)
        return 0;
    out[used] = '\0';
    if (path != NULL)
        snprintf(out + used, size - (size_t)used, "/%s", path);
    return 1;
}

static int is_meant(enum io_call call, int fd, const char *path)
{
    char name[PATH_MAX];

    return page != NULL && (atomic_load(&page->calls) & call) != 0 && atomic_load(&page->pid) == getpid() &&
           name_of(fd, path, name, sizeof(name)) && strstr(name, page->path) != NULL;
}

/* What is to become of this call; IO_COUNT: it is made. */
static enum io_act meet(enum io_call call, int fd, const char *path)
{
    enum io_act act;
    unsigned long now, at;
    int error = errno;

    if (!is_meant(call, fd, path)) {
        errno = error;
        return IO_COUNT;
    }
    now = atomic_fetch_add(&page->count, 1) + 1;
    at = atomic_load(&page->at);
    act = (enum io_act)atomic_load(&page->act);
    errno = error;
    if (act == IO_COUNT || now < at || (now > at && !atomic_load(&page->on)))
        return IO_COUNT;
    atomic_fetch_add(&page->hits, 1);
    if (act == IO_KILL_BEFORE)
        die();
    if (act == IO_SLOW) {
        struct timespec time = {.tv_sec = atomic_load(&page->sleep_ns) / 1000000000,
                                .tv_nsec = atomic_load(&page->sleep_ns) % 1000000000};

        syscall(SYS_nanosleep, &time, NULL);
        errno = error;
    }
    return act;
}

static long end(enum io_act act, long result)
{
    if (act == IO_KILL_AFTER)
        die();
    return result;
}

static long failed(void)
{
    errno = atomic_load(&page->error);
    return -1;
}

/* A call that writes or reads size bytes, so many of them. */
static size_t cut(enum io_act act, size_t size)
{
    return (act == IO_SHORT || act == IO_KILL_TORN) && size > 1 ? size / 2 : size;
}

#define PASS(act, made)                                                                                      \
    do {                                                                                                     \
        long result_;                                                                                        \
        if ((act) == IO_FAIL)                                                                                \
            return failed();                                                                                 \
        result_ = (made);                                                                                    \
        if ((act) == IO_KILL_TORN)                                                                           \
            die();                                                                                           \
        return end(act, result_);                                                                            \
    } while (0)

/* --- bytes ---------------------------------------------------------------------------------------------------------- */

ssize_t write(int fd, const void *bytes, size_t size)
{
    enum io_act act = meet(IO_WRITE, fd, NULL);

    PASS(act, syscall(SYS_write, fd, bytes, cut(act, size)));
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    enum io_act act = meet(IO_WRITE, fd, NULL);

    PASS(act, syscall(SYS_pwrite64, fd, bytes, cut(act, size), at));
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at) __attribute__((alias("pwrite")));

ssize_t read(int fd, void *bytes, size_t size)
{
    enum io_act act = meet(IO_READ, fd, NULL);

    PASS(act, syscall(SYS_read, fd, bytes, cut(act, size)));
}

ssize_t __read_chk(int fd, void *bytes, size_t size, size_t room)
{
    (void)room;
    return read(fd, bytes, size);
}

ssize_t pread(int fd, void *bytes, size_t size, off_t at)
{
    enum io_act act = meet(IO_READ, fd, NULL);

    PASS(act, syscall(SYS_pread64, fd, bytes, cut(act, size), at));
}

ssize_t pread64(int fd, void *bytes, size_t size, off_t at) __attribute__((alias("pread")));

ssize_t __pread_chk(int fd, void *bytes, size_t size, off_t at, size_t room)
{
    (void)room;
    return pread(fd, bytes, size, at);
}

ssize_t __pread64_chk(int fd, void *bytes, size_t size, off_t at, size_t room)
    __attribute__((alias("__pread_chk")));

/* --- files ---------------------------------------------------------------------------------------------------------- */

static int open_at(int folder, const char *path, int flags, int mode)
{
    enum io_act act = meet(IO_OPEN, folder, path);

    PASS(act, syscall(SYS_openat, folder, path, flags, mode));
}

#define MODE_OF(flags, mode)                                                                                 \
    do {                                                                                                     \
        if (((flags) & (O_CREAT | O_TMPFILE)) != 0) {                                                        \
            va_list list_;                                                                                   \
            va_start(list_, flags);                                                                          \
            (mode) = va_arg(list_, int);                                                                     \
            va_end(list_);                                                                                   \
        }                                                                                                    \
    } while (0)

int open(const char *path, int flags, ...)
{
    int mode = 0;

    MODE_OF(flags, mode);
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int openat(int folder, const char *path, int flags, ...)
{
    int mode = 0;

    MODE_OF(flags, mode);
    return open_at(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) __attribute__((alias("openat")));

int __open_2(const char *path, int flags)
{
    return open_at(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags) __attribute__((alias("__open_2")));

int __openat_2(int folder, const char *path, int flags)
{
    return open_at(folder, path, flags, 0);
}

int __openat64_2(int folder, const char *path, int flags) __attribute__((alias("__openat_2")));

int fsync(int fd)
{
    enum io_act act = meet(IO_SYNC, fd, NULL);

    PASS(act, syscall(SYS_fsync, fd));
}

int fdatasync(int fd)
{
    enum io_act act = meet(IO_SYNC, fd, NULL);

    PASS(act, syscall(SYS_fdatasync, fd));
}

int ftruncate(int fd, off_t size)
{
    enum io_act act = meet(IO_TRUNCATE, fd, NULL);

    PASS(act, syscall(SYS_ftruncate, fd, size));
}

int ftruncate64(int fd, off_t size) __attribute__((alias("ftruncate")));

int fallocate(int fd, int mode, off_t from, off_t size)
{
    enum io_act act = meet(IO_TRUNCATE, fd, NULL);

    PASS(act, syscall(SYS_fallocate, fd, mode, from, size));
}

/* Returns the error itself. */
int posix_fallocate(int fd, off_t from, off_t size)
{
    int kept = errno, result = fallocate(fd, 0, from, size) == 0 ? 0 : errno;

    errno = kept;
    return result;
}

int posix_fallocate64(int fd, off_t from, off_t size) __attribute__((alias("posix_fallocate")));

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    enum io_act act = meet(IO_RENAME, to_folder, to);

    PASS(act, syscall(SYS_renameat, from_folder, from, to_folder, to));
}

int rename(const char *from, const char *to)
{
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int unlinkat(int folder, const char *path, int flags)
{
    enum io_act act = meet(IO_UNLINK, folder, path);

    PASS(act, syscall(SYS_unlinkat, folder, path, flags));
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

void *mmap(void *want, size_t size, int protection, int flags, int fd, off_t at)
{
    enum io_act act = fd < 0 ? IO_COUNT : meet(IO_MMAP, fd, NULL);
    void *made;

    if (act == IO_FAIL) {
        failed();
        return MAP_FAILED;
    }
    made = (void *)syscall(SYS_mmap, want, size, protection, flags, fd, at);
    if (act == IO_KILL_AFTER || act == IO_KILL_TORN)
        die();
    return made;
}

void *mmap64(void *want, size_t size, int protection, int flags, int fd, off_t at)
    __attribute__((alias("mmap")));

/* --- the wall clock --------------------------------------------------------------------------------------------------- */

int clock_gettime(clockid_t id, struct timespec *out)
{
    int result = (int)syscall(SYS_clock_gettime, id, out);
    long wall_ns = page == NULL ? 0 : atomic_load(&page->wall_ns);

    if (result == 0 && id == CLOCK_REALTIME && wall_ns != 0) {
        __int128 now_ns = (__int128)out->tv_sec * 1000000000 + out->tv_nsec + wall_ns;

        out->tv_sec = (time_t)(now_ns / 1000000000);
        out->tv_nsec = (long)(now_ns % 1000000000);
    }
    return result;
}

time_t time(time_t *out)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return 0;
}
