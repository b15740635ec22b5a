#include "store/db_file.h"

#include "core/base/clock.h"
#include "core/base/safe_text.h"
#include "store/file_guard.h"
#include "store/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_POLL_NS          2000000
#define HEADER_MAGIC          "SQLite format 3"
#define HEADER_APPLICATION_ID 68

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

/* Without its database a log is all that is left of somebody's data; a new database would wipe it. */
static enum err check_left_over(const char *path, char *why, size_t why_size)
{
    char wal[DB_PATH_MAX + 8];
    struct stat at;

    snprintf(wal, sizeof(wal), "%s-wal", path);
    if (lstat(wal, &at) == 0 && at.st_size > 0)
        return file_guard_refuse(wal, why, why_size,
                                 "is left over without its database; put that back or move this away");
    return ERR_OK;
}

enum err db_file_prepare_folder(const char *path, char *why, size_t why_size)
{
    char folder[DB_PATH_MAX + 1];
    enum err err;

    if (path[0] == '\0' || strlen(path) > DB_PATH_MAX)
        return file_guard_refuse(path, why, why_size, "a database path has 1 to %d bytes", DB_PATH_MAX);
    folder_of(path, folder);
    err = file_guard_make_folders(folder, why, why_size);
    return err == ERR_OK ? file_guard_check_folder(folder, why, why_size) : err;
}

enum err db_file_prepare(const char *path, char *why, size_t why_size)
{
    struct stat at;
    enum err err;
    int fd;

    if (lstat(path, &at) == 0)
        return file_guard_check_file(path, &at, "a database file", why, why_size);
    if (errno != ENOENT)
        return file_guard_refuse(path, why, why_size, "%s", strerror(errno));
    err = check_left_over(path, why, why_size);
    if (err != ERR_OK)
        return err;
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return file_guard_refuse(path, why, why_size, "cannot be made: %s", strerror(errno));
    close(fd);
    return ERR_OK;
}

enum err db_file_judge_header(const char *path, const unsigned char *header, size_t size, char *why,
                              size_t why_size)
{
    const unsigned char *id = header + HEADER_APPLICATION_ID;
    uint32_t application_id;

    if (size < DB_HEADER_SIZE || memcmp(header, HEADER_MAGIC, sizeof(HEADER_MAGIC)) != 0)
        return file_guard_refuse(path, why, why_size,
                                 "not a flowdeck database; move it away or choose another path");
    application_id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
    if (application_id != SCHEMA_APPLICATION_ID)
        return file_guard_refuse(path, why, why_size,
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
        return file_guard_refuse(path, why, why_size, "a database path has 1 to %d bytes", DB_PATH_MAX);
    folder_of(path, folder);
    err = file_guard_check_folder(folder, why, why_size);
    if (err != ERR_OK)
        return err;
    if (lstat(path, &at) != 0)
        return errno == ENOENT ? check_left_over(path, why, why_size)
                               : file_guard_refuse(path, why, why_size, "%s", strerror(errno));
    err = file_guard_check_file(path, &at, "a database file", why, why_size);
    snprintf(journal, sizeof(journal), "%s-journal", path);
    if (err != ERR_OK || at.st_size == 0 || access(journal, F_OK) == 0)
        return err; /* new, or judged after SQLite has rolled it back */
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return file_guard_refuse(path, why, why_size, "cannot be opened: %s", strerror(errno));
    size = read(fd, header, sizeof(header));
    close(fd);
    return db_file_judge_header(path, header, size < 0 ? 0 : (size_t)size, why, why_size);
}

const char *db_file_said(const char *said, char out[DB_SAID_SIZE])
{
    const char *last = strrchr(said, '\n'), *text = last == NULL ? said : last + 1;

    safe_text(text, strlen(text), out, DB_SAID_SIZE);
    return out;
}

int db_file_open_lock(const char *path, char *why, size_t why_size)
{
    char lock[DB_PATH_MAX + 8];
    int fd;

    snprintf(lock, sizeof(lock), "%s-lock", path);
    fd = open(lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        file_guard_refuse(lock, why, why_size, "cannot be opened: %s", strerror(errno));
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
