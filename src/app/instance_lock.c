#include "app/instance_lock.h"

#include "app/life_page.h"
#include "core/base/clock.h"
#include "core/base/safe_text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <time.h>
#include <unistd.h>

#define PATH_SIZE 1200
#define NS_PER_MS INT64_C(1000000)
#define NAP_NS    20000000
#define SAFE_SIZE 256

static void path_of(const char *data_dir, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "%s/" INSTANCE_LOCK_FILE, data_dir);
}

static int open_lock(const char *data_dir, int flags)
{
    char path[PATH_SIZE];

    path_of(data_dir, path);
    return open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static bool read_holder(int fd, struct instance_holder *out)
{
    char text[INSTANCE_TEXT_MAX];
    ssize_t size = pread(fd, text, sizeof(text) - 1, 0);

    text[size > 0 ? size : 0] = '\0';
    if (instance_holder_read(text, out))
        return true;
    out->pid = 0; /* half of it is nobody */
    return false;
}

/* Another file may have come to that name between our opening it and locking it. */
static bool is_at_its_name(const char *data_dir, int fd)
{
    struct stat here, there;
    char path[PATH_SIZE];

    path_of(data_dir, path);
    return fstat(fd, &here) == 0 && lstat(path, &there) == 0 && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}

static enum err tell_errno(const char *data_dir, char *why, size_t why_size)
{
    int error = errno;
    char safe[SAFE_SIZE];

    safe_text(data_dir, strlen(data_dir), safe, sizeof(safe));
    snprintf(why, why_size, "%s/" INSTANCE_LOCK_FILE ": %s", safe, strerror(error));
    return ERR_STORAGE;
}

enum err instance_lock_try(const char *data_dir, struct instance_holder *before, int *fd, char *why,
                           size_t why_size)
{
    memset(before, 0, sizeof(*before));
    for (;;) {
        int lock = open_lock(data_dir, O_RDWR | O_CREAT);

        *fd = -1;
        if (lock < 0)
            return tell_errno(data_dir, why, why_size);
        read_holder(lock, before);
        if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
            bool held = errno == EWOULDBLOCK;

            if (!held)
                tell_errno(data_dir, why, why_size);
            close(lock);
            return held ? ERR_STATE : ERR_STORAGE;
        }
        if (!is_at_its_name(data_dir, lock)) {
            close(lock);
            continue;
        }
        read_holder(lock, before);
        *fd = lock;
        return ERR_OK;
    }
}

enum err instance_lock_write(int fd, const struct instance_holder *self, char *why, size_t why_size)
{
    char text[INSTANCE_TEXT_MAX];
    size_t size = instance_holder_write(self, text, sizeof(text));

    errno = ENAMETOOLONG;
    if (size > 0 && pwrite(fd, text, size, 0) == (ssize_t)size && ftruncate(fd, (off_t)size) == 0)
        return ERR_OK;
    snprintf(why, why_size, "cannot write the data directory's file " INSTANCE_LOCK_FILE ": %s",
             strerror(errno));
    return ERR_STORAGE;
}

static bool is_gone(const struct instance_holder *holder)
{
    struct proc_look look;
    char why[128];
    bool gone;

    return holder->pid == 0 || (!instance_holder_lives(holder, &look, &gone, why, sizeof(why)) && gone);
}

void instance_lock_tell_left(const struct instance_holder *holder, char *out, size_t size)
{
    struct life_page *page = life_page_watch(holder->life);
    int pid = page == NULL ? 0 : (int)atomic_load(&page->watcher_pid);
    struct proc_look look;

    life_page_free(page);
    if (pid == 0)
        snprintf(out, size, "pid %d is gone, but its lock is held still: by its dead man?", (int)holder->pid);
    else if (proc_look(pid, &look) && proc_is_stopped(look.state))
        snprintf(out, size,
                 "pid %d is gone, its dead man (pid %d) holds the lock and is stopped: kill -CONT %d lets "
                 "him clear "
                 "up; kill -9 %d frees the lock, and what was left open is not looked after",
                 (int)holder->pid, pid, pid, pid);
    else
        snprintf(out, size,
                 "pid %d is gone, its dead man (pid %d) holds the lock until he has cleared up; if he hangs: "
                 "kill -9 "
                 "%d",
                 (int)holder->pid, pid, pid);
}

/* Who stands in a free lock and lives holds another one: this data directory is a copy of his. */
static bool holds_another(const struct instance_holder *holder, const struct instance_holder *self)
{
    struct proc_look look;
    char why[128];
    bool gone;

    return holder->pid != 0 && !instance_holder_same(holder, self) &&
           instance_holder_lives(holder, &look, &gone, why, sizeof(why));
}

/* As instance_lock_try(), but what a living one's copy has is not taken. */
static enum err try_own(const char *data_dir, const struct instance_holder *self,
                        struct instance_holder *holder, int *fd, bool *copied, char *why, size_t why_size)
{
    enum err err = instance_lock_try(data_dir, holder, fd, why, why_size);

    *copied = err == ERR_OK && holds_another(holder, self);
    if (!*copied)
        return err;
    close(*fd);
    *fd = -1;
    return ERR_STATE;
}

enum err instance_lock_take(const char *data_dir, struct instance_holder *self, int wait_ms, int *fd,
                            char *why, size_t why_size)
{
    int64_t by_ns = clock_monotonic_ns() + wait_ms * NS_PER_MS;
    struct instance_holder holder;
    char safe[SAFE_SIZE], left[INSTANCE_LEFT_MAX];
    bool copied;
    enum err err;

    while ((err = try_own(data_dir, self, &holder, fd, &copied, why, why_size)) == ERR_STATE &&
           clock_monotonic_ns() < by_ns && (copied || is_gone(&holder)))
        nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
    safe_text(data_dir, strlen(data_dir), safe, sizeof(safe));
    if (copied) {
        snprintf(
            why, why_size,
            "%s: a copy of the data directory of pid %d, which is alive; stop that one, or give --data-dir "
            "DIR of its own",
            safe, (int)holder.pid);
    } else if (err == ERR_STATE && holder.pid != 0 && is_gone(&holder)) {
        instance_lock_tell_left(&holder, left, sizeof(left));
        snprintf(why, why_size, "%s: %s", safe, left);
    } else if (err == ERR_STATE) {
        snprintf(why, why_size,
                 "%s: another flowdeck (pid %d) trades with this data directory; give --data-dir DIR, or "
                 "--standby to wait and take over from it",
                 safe, (int)holder.pid);
    }
    if (err == ERR_OK) {
        instance_holder_keep_takeovers(self, &holder);
        life_page_remove(holder.life);
    }
    if (err == ERR_OK && (err = instance_lock_write(*fd, self, why, why_size)) != ERR_OK) {
        close(*fd);
        *fd = -1;
    }
    return err;
}

void instance_lock_drop(int fd)
{
    if (fd >= 0)
        close(fd);
}

bool instance_lock_held(const char *data_dir, pid_t *pid)
{
    struct instance_holder holder;
    int fd = open_lock(data_dir, O_RDONLY);
    bool held;

    *pid = 0;
    if (fd < 0)
        return false;
    held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (held && read_holder(fd, &holder))
        *pid = holder.pid;
    close(fd);
    return held;
}

bool instance_lock_holder(const char *data_dir, struct instance_holder *out)
{
    int fd = open_lock(data_dir, O_RDONLY);
    bool known = fd >= 0 && read_holder(fd, out);

    if (fd >= 0)
        close(fd);
    return known;
}

enum err instance_lock_check(const char *data_dir, int fd, const struct instance_holder *self, char *why,
                             size_t why_size)
{
    struct instance_holder holder;
    struct stat here, there;
    char path[PATH_SIZE];

    path_of(data_dir, path);
    if (fstat(fd, &here) != 0)
        return tell_errno(data_dir, why, why_size);
    if (lstat(path, &there) != 0) {
        if (errno != ENOENT && errno != ENOTDIR && errno != ESTALE)
            return ERR_IO;
        snprintf(why, why_size, "%s",
                 access(data_dir, F_OK) == 0 ? "its lock file was deleted"
                                             : "the data directory was renamed or deleted");
        return ERR_STATE;
    }
    if (here.st_dev != there.st_dev || here.st_ino != there.st_ino) {
        snprintf(why, why_size, "its lock file, or the data directory, was replaced");
        return ERR_STATE;
    }
    if (read_holder(fd, &holder) && !instance_holder_same(&holder, self)) {
        snprintf(why, why_size, "its lock file names pid %d", (int)holder.pid);
        return ERR_STATE;
    }
    return ERR_OK;
}

bool instance_lock_is_remote(const char *data_dir)
{
    /* NFS, SMB, CIFS, 9P, Ceph, AFS */
    static const uint32_t remote[] = {NFS_SUPER_MAGIC, 0x517B,     0xFF534D42,     0xFE534D42,
                                      V9FS_MAGIC,      0x00C36400, AFS_SUPER_MAGIC};
    struct statfs status;

    if (statfs(data_dir, &status) != 0)
        return true;
    for (size_t i = 0; i < sizeof(remote) / sizeof(remote[0]); i++)
        if ((uint32_t)status.f_type == remote[i])
            return true;
    return false;
}
