#include "store/db_file.h"

#include "core/base/clock.h"
#include "store/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_POLL_NS          2000000
#define HEADER_MAGIC          "SQLite format 3"
#define HEADER_APPLICATION_ID 68

__attribute__((format(printf, 4, 5))) static enum err refuse(const char *path, char *why, size_t why_size,
                                                             const char *format, ...)
{
    va_list args;
    int used = snprintf(why, why_size, "%s: ", path);

    va_start(args, format);
    if (used >= 0 && (size_t)used < why_size)
        vsnprintf(why + used, why_size - (size_t)used, format, args);
    va_end(args);
    return ERR_STORAGE;
}

/* The folder of path into out; "." if it names none. */
static void folder_of(const char *path, char out[DB_PATH_MAX + 1])
{
    const char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 0 : (size_t)(slash - path);

    if (slash == path) {
        memcpy(out, "/", 2);
    } else if (size == 0) {
        memcpy(out, ".", 2);
    } else {
        memcpy(out, path, size);
        out[size] = '\0';
    }
}

static enum err make_folders(char *folder, char *why, size_t why_size)
{
    for (char *slash = strchr(folder + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash != NULL)
            *slash = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return refuse(folder, why, why_size, "cannot make this folder: %s", strerror(errno));
        if (slash == NULL)
            return ERR_OK;
        *slash = '/';
    }
}

/* A folder in which others can write lets them put a database of theirs in the place of ours. */
static enum err check_folder(const char *folder, char *why, size_t why_size)
{
    struct stat at;

    if (stat(folder, &at) != 0)
        return refuse(folder, why, why_size, "%s", strerror(errno));
    if (!S_ISDIR(at.st_mode))
        return refuse(folder, why, why_size, "is not a folder; choose another data directory");
    if (at.st_uid != geteuid() && at.st_uid != 0)
        return refuse(folder, why, why_size, "belongs to user %u, not to you; choose another data directory",
                      (unsigned)at.st_uid);
    if ((at.st_mode & S_IWOTH) != 0 && (at.st_mode & S_ISVTX) == 0)
        return refuse(folder, why, why_size, "every user may write here (mode %04o); chmod o-w it",
                      (unsigned)at.st_mode & 07777);
    return ERR_OK;
}

static enum err check_file(const char *path, const struct stat *at, char *why, size_t why_size)
{
    if (S_ISDIR(at->st_mode))
        return refuse(path, why, why_size, "is a folder, not a database file; choose another path");
    if (S_ISLNK(at->st_mode))
        return refuse(path, why, why_size, "is a symbolic link; give the path of the file itself");
    if (!S_ISREG(at->st_mode))
        return refuse(path, why, why_size, "is not a plain file; choose another path");
    if (at->st_uid != geteuid())
        return refuse(path, why, why_size, "belongs to user %u, not to you; choose another path",
                      (unsigned)at->st_uid);
    if (at->st_nlink > 1)
        return refuse(path, why, why_size, "has %lu names (hard links); copy it to a file of its own",
                      (unsigned long)at->st_nlink);
    if ((at->st_mode & S_IWUSR) == 0)
        return refuse(path, why, why_size, "is read-only (mode %04o); chmod u+w it or choose another path",
                      (unsigned)at->st_mode & 07777);
    if ((at->st_mode & 07177) != 0 && chmod(path, 0600) != 0)
        return refuse(path, why, why_size, "others may read it and that cannot be changed: %s",
                      strerror(errno));
    return ERR_OK;
}

/* Without its database a log is all that is left of somebody's data; a new database would wipe it. */
static enum err check_left_over(const char *path, char *why, size_t why_size)
{
    char wal[DB_PATH_MAX + 8];
    struct stat at;

    snprintf(wal, sizeof(wal), "%s-wal", path);
    if (lstat(wal, &at) == 0 && at.st_size > 0)
        return refuse(wal, why, why_size,
                      "is left over without its database; put that back or move this away");
    return ERR_OK;
}

enum err db_file_prepare_folder(const char *path, char *why, size_t why_size)
{
    char folder[DB_PATH_MAX + 1];
    enum err err;

    if (path[0] == '\0' || strlen(path) > DB_PATH_MAX)
        return refuse(path, why, why_size, "a database path has 1 to %d bytes", DB_PATH_MAX);
    folder_of(path, folder);
    err = make_folders(folder, why, why_size);
    return err == ERR_OK ? check_folder(folder, why, why_size) : err;
}

enum err db_file_prepare(const char *path, char *why, size_t why_size)
{
    struct stat at;
    enum err err;
    int fd;

    if (lstat(path, &at) == 0)
        return check_file(path, &at, why, why_size);
    if (errno != ENOENT)
        return refuse(path, why, why_size, "%s", strerror(errno));
    err = check_left_over(path, why, why_size);
    if (err != ERR_OK)
        return err;
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return refuse(path, why, why_size, "cannot be made: %s", strerror(errno));
    close(fd);
    return ERR_OK;
}

enum err db_file_judge_header(const char *path, const unsigned char *header, size_t size, char *why,
                              size_t why_size)
{
    const unsigned char *id = header + HEADER_APPLICATION_ID;
    uint32_t application_id;

    if (size < DB_HEADER_SIZE || memcmp(header, HEADER_MAGIC, sizeof(HEADER_MAGIC)) != 0)
        return refuse(path, why, why_size, "not a flowdeck database; move it away or choose another path");
    application_id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
    if (application_id != SCHEMA_APPLICATION_ID)
        return refuse(path, why, why_size,
                      "a database of another program (application id 0x%08x); choose another path",
                      application_id);
    return ERR_OK;
}

enum err db_file_look(const char *path, char *why, size_t why_size)
{
    unsigned char header[DB_HEADER_SIZE] = {0};
    char folder[DB_PATH_MAX + 1], journal[DB_PATH_MAX + 16];
    struct stat at;
    ssize_t size;
    enum err err;
    int fd;

    if (path[0] == '\0' || strlen(path) > DB_PATH_MAX)
        return refuse(path, why, why_size, "a database path has 1 to %d bytes", DB_PATH_MAX);
    folder_of(path, folder);
    err = check_folder(folder, why, why_size);
    if (err != ERR_OK)
        return err;
    if (lstat(path, &at) != 0)
        return errno == ENOENT ? check_left_over(path, why, why_size)
                               : refuse(path, why, why_size, "%s", strerror(errno));
    err = check_file(path, &at, why, why_size);
    snprintf(journal, sizeof(journal), "%s-journal", path);
    if (err != ERR_OK || at.st_size == 0 || access(journal, F_OK) == 0)
        return err; /* new, or judged after SQLite has rolled it back */
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return refuse(path, why, why_size, "cannot be opened: %s", strerror(errno));
    size = read(fd, header, sizeof(header));
    close(fd);
    return db_file_judge_header(path, header, size < 0 ? 0 : (size_t)size, why, why_size);
}

int db_file_open_lock(const char *path, char *why, size_t why_size)
{
    char lock[DB_PATH_MAX + 8];
    int fd;

    snprintf(lock, sizeof(lock), "%s-lock", path);
    fd = open(lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        refuse(lock, why, why_size, "cannot be opened: %s", strerror(errno));
    return fd;
}

bool db_file_lock(int lock_fd, int wait_ms)
{
    int64_t until_ns = clock_monotonic_ns() + (int64_t)wait_ms * 1000000;

    while (flock(lock_fd, LOCK_EX | LOCK_NB) != 0) {
        if (clock_monotonic_ns() >= until_ns)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = LOCK_POLL_NS}, NULL);
    }
    return true;
}

void db_file_unlock(int lock_fd)
{
    flock(lock_fd, LOCK_UN);
}
