#include "store/journal_accounts.h"

#include "store/file_guard.h"
#include "store/journal_retain.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool journal_account_is_name(const char *name)
{
    size_t size = strlen(name);

    return size > 0 && size < JOURNAL_ACCOUNT_SIZE &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == size;
}

bool journal_account_dir(const char *data_dir, const char *account, char out[JOURNAL_PATH_MAX])
{
    int size = snprintf(out, JOURNAL_PATH_MAX, "%s/journal/%s", data_dir, account);

    return size > 0 && size < JOURNAL_PATH_MAX;
}

static int by_name(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* A folder that a start made before it was refused has no file yet. */
static bool has_journal(int parent_fd, const char *name)
{
    struct journal_list list = {.seq = NULL};
    int dir_fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool has =
        dir_fd >= 0 && (journal_list_read(&list, dir_fd, JOURNAL_SEGMENT_END) != ERR_OK || list.count > 0);

    if (dir_fd >= 0 && !has)
        has = journal_list_read(&list, dir_fd, JOURNAL_SNAPSHOT_END) != ERR_OK || list.count > 0;
    journal_list_free(&list);
    if (dir_fd >= 0)
        close(dir_fd);
    return has;
}

enum err journal_accounts_read(const char *data_dir, struct journal_accounts *out, char *why, size_t why_size)
{
    char path[JOURNAL_PATH_MAX];
    const struct dirent *entry;
    enum err err = ERR_OK;
    DIR *dir;

    out->count = 0;
    if (snprintf(path, sizeof(path), "%s/journal", data_dir) >= (int)sizeof(path))
        return file_guard_refuse(data_dir, why, why_size, "the path is too long for a journal");
    dir = opendir(path);
    if (dir == NULL) {
        err = errno == ENOENT ? ERR_NOT_FOUND : ERR_STORAGE;
        file_guard_refuse(path, why, why_size, "%s",
                          err == ERR_NOT_FOUND ? "there is no journal" : strerror(errno));
        return err;
    }
    while (err == ERR_OK && (entry = readdir(dir)) != NULL) {
        if (!journal_account_is_name(entry->d_name) || !has_journal(dirfd(dir), entry->d_name))
            continue;
        if (out->count == JOURNAL_ACCOUNTS_MAX) {
            file_guard_refuse(path, why, why_size, "more than %d accounts", JOURNAL_ACCOUNTS_MAX);
            err = ERR_FULL;
        } else {
            snprintf(out->name[out->count++], JOURNAL_ACCOUNT_SIZE, "%.31s", entry->d_name);
        }
    }
    closedir(dir);
    qsort(out->name, out->count, JOURNAL_ACCOUNT_SIZE, by_name);
    if (err == ERR_OK && out->count == 0) {
        file_guard_refuse(path, why, why_size, "there is no journal");
        err = ERR_NOT_FOUND;
    }
    return err;
}

enum err journal_reader_open_first(const char *dir, struct journal_reader **out, uint64_t *retired, char *why,
                                   size_t why_size)
{
    struct journal_point point = {.seq = 0};
    enum err err = journal_reader_open(dir, &point, out, why, why_size);

    *retired = 0;
    if (err != ERR_STATE)
        return err;
    err = journal_retired(dir, &point, why, why_size);
    *retired = point.seq;
    return err == ERR_OK ? journal_reader_open(dir, &point, out, why, why_size) : err;
}
