#include "app/backup_beside.h"

#include "core/base/clock.h"
#include "core/base/safe_text.h"
#include "store/file_guard.h"
#include "store/journal_accounts.h"
#include "store/journal_io.h"

#include <errno.h>
#include <fcntl.h>
#include <flowdeck/version.h>
#include <ftw.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK  (1U << 20)
#define FORMAT 2 /* 1 had nothing beside journal, database and kill */

static const char *join(const char *folder, const char *name, char out[BACKUP_PATH_MAX])
{
    snprintf(out, BACKUP_PATH_MAX, "%.1200s/%.150s", folder, name);
    return out;
}

static enum err fail(const char *path, const char *doing, char *why, size_t why_size)
{
    int error = errno;

    file_guard_refuse(path, why, why_size, "%s failed: %s", doing, strerror(error));
    return error == ENOENT ? ERR_NOT_FOUND : ERR_STORAGE;
}

/* --- files --------------------------------------------------------------------------------------------------------- */

static bool pump(int in, int out, uint64_t bytes, unsigned char *buffer)
{
    uint64_t at = 0;

    while (at < bytes) {
        size_t wanted = bytes - at < CHUNK ? (size_t)(bytes - at) : CHUNK;
        ssize_t got = journal_io_read(in, buffer, wanted, at);

        if (got < 0 || !journal_io_write(out, buffer, (size_t)got, at))
            return false;
        at += (uint64_t)got;
        if ((size_t)got < wanted) {
            errno = EIO; /* shorter than what was to be copied */
            return bytes == UINT64_MAX;
        }
    }
    return true;
}

enum err backup_copy_file(const char *from, const char *to, const char *path, uint64_t bytes, char *why,
                          size_t why_size)
{
    char source[BACKUP_PATH_MAX], target[BACKUP_PATH_MAX];
    unsigned char *buffer = malloc(CHUNK);
    enum err err = ERR_OK;
    int in, out = -1;

    if (buffer == NULL)
        return file_guard_refuse(to, why, why_size, "out of memory"), ERR_MEMORY;
    in = open(join(from, path, source), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (in < 0)
        err = fail(source, "opening", why, why_size);
    else if ((out = open(join(to, path, target), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                         0600)) < 0)
        err = file_guard_refuse(target, why, why_size, "cannot be made: %s", strerror(errno));
    else if (!pump(in, out, bytes, buffer) || !journal_io_sync(out))
        err = file_guard_refuse(target, why, why_size, "copying failed: %s", strerror(errno));
    if (in >= 0)
        close(in);
    if (out >= 0 && close(out) != 0 && err == ERR_OK)
        err = file_guard_refuse(target, why, why_size, "copying failed: %s", strerror(errno));
    if (err != ERR_OK && out >= 0)
        unlink(target);
    free(buffer);
    return err;
}

static enum err hash_file(const char *path, struct backup_file *file, char *why, size_t why_size)
{
    unsigned char *buffer = malloc(CHUNK);
    struct sha256 *sha = sha256_new();
    int in = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    enum err err = ERR_OK;
    ssize_t got = 1;

    file->bytes = 0;
    if (buffer == NULL || sha == NULL) {
        file_guard_refuse(path, why, why_size, "out of memory");
        err = ERR_MEMORY;
    } else if (in < 0) {
        err = fail(path, "opening", why, why_size);
    }
    while (err == ERR_OK && got > 0) {
        got = journal_io_read(in, buffer, CHUNK, file->bytes);
        if (got < 0)
            err = fail(path, "reading", why, why_size);
        else
            sha256_add(sha, buffer, (size_t)got);
        file->bytes += got > 0 ? (uint64_t)got : 0;
    }
    if (err == ERR_OK)
        sha256_hex(sha, file->sha256);
    if (in >= 0)
        close(in);
    sha256_free(sha);
    free(buffer);
    return err;
}

static struct backup_file *grow(struct backup_list *list)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
        struct backup_file *file = realloc(list->file, capacity * sizeof(*file));

        if (file == NULL)
            return NULL;
        list->file = file;
        list->capacity = capacity;
    }
    return &list->file[list->count++];
}

enum err backup_list_add(struct backup_list *list, const char *folder, const char *path, char *why,
                         size_t why_size)
{
    struct backup_file *file = grow(list);
    char whole[BACKUP_PATH_MAX];

    if (file == NULL)
        return file_guard_refuse(folder, why, why_size, "out of memory"), ERR_MEMORY;
    snprintf(file->path, sizeof(file->path), "%s", path);
    return hash_file(join(folder, path, whole), file, why, why_size);
}

void backup_list_free(struct backup_list *list)
{
    free(list->file);
    *list = (struct backup_list){.count = 0};
}

static int remove_one(const char *path, const struct stat *at, int kind, struct FTW *where)
{
    (void)at;
    (void)kind;
    (void)where;
    (void)remove(path);
    return 0;
}

void backup_remove_folder(const char *folder)
{
    (void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

enum err backup_make_folder(const char *folder, const char *name, char *why, size_t why_size)
{
    char path[BACKUP_PATH_MAX];

    if (mkdir(join(folder, name, path), 0700) == 0)
        return ERR_OK;
    return file_guard_refuse(path, why, why_size, "cannot make this folder: %s", strerror(errno));
}

enum err backup_sync_folder(const char *folder, const char *name, char *why, size_t why_size)
{
    char path[BACKUP_PATH_MAX];
    int fd = open(join(folder, name, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err err =
        fd >= 0 && journal_io_sync(fd)
            ? ERR_OK
            : file_guard_refuse(path, why, why_size, "syncing this folder failed: %s", strerror(errno));

    if (fd >= 0)
        close(fd);
    return err;
}

/* --- the manifest -------------------------------------------------------------------------------------------------- */

static char *manifest_text(const struct backup_list *list)
{
    json_t *files = json_array(), *all;
    struct clock clock;
    char now[32], *text;
    bool whole = true;

    for (size_t i = 0; i < list->count; i++)
        whole &= json_array_append_new(files, json_pack("{s:s,s:I,s:s}", "path", list->file[i].path, "bytes",
                                                        (json_int_t)list->file[i].bytes, "sha256",
                                                        list->file[i].sha256)) == 0;
    clock_init_real(&clock);
    clock_format_iso(clock_now_ns(&clock), now);
    all = json_pack("{s:i,s:s,s:s,s:o}", "format", FORMAT, "made", now, "version", FLOWDECK_VERSION, "files",
                    files);
    text = all == NULL || !whole ? NULL : json_dumps(all, JSON_INDENT(1));
    json_decref(all);
    return text;
}

enum err backup_manifest_write(const char *folder, const struct backup_list *list, char *why, size_t why_size)
{
    char path[BACKUP_PATH_MAX], *text = manifest_text(list);
    int fd = text == NULL ? -1
                          : open(join(folder, BACKUP_MANIFEST, path),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    enum err err = ERR_OK;

    if (text == NULL)
        err = (file_guard_refuse(folder, why, why_size, "out of memory"), ERR_MEMORY);
    else if (fd < 0 || !journal_io_write(fd, text, strlen(text), 0) || !journal_io_sync(fd))
        err = file_guard_refuse(path, why, why_size, "cannot be written: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
    free(text);
    return err;
}

/* "flowdeck.db", "KILLED", "alerts.ACCOUNT", "journal/ACCOUNT/NAME": a manifest that somebody changed leads nowhere else. */
static bool is_path(const char *path)
{
    char account[JOURNAL_ACCOUNT_SIZE];
    const char *name = strncmp(path, "journal/", 8) == 0 ? strchr(path + 8, '/') : NULL;

    if (strcmp(path, DB_FILE_NAME) == 0 || strcmp(path, "KILLED") == 0 || backup_is_beside(path))
        return true;
    if (name == NULL || strlen(path) >= sizeof(((struct backup_file *)0)->path) ||
        name - (path + 8) >= (ptrdiff_t)sizeof(account))
        return false;
    snprintf(account, sizeof(account), "%.*s", (int)(name - (path + 8)), path + 8);
    name++;
    return journal_account_is_name(account) &&
           (strcmp(name, "retired") == 0 ||
            (strspn(name, "0123456789") == 20 &&
             (strcmp(name + 20, JOURNAL_SEGMENT_END) == 0 || strcmp(name + 20, JOURNAL_SNAPSHOT_END) == 0)));
}

static enum err take_files(const json_t *all, struct backup_list *list)
{
    const json_t *files = json_object_get(all, "files"), *entry;
    size_t i;

    json_array_foreach(files, i, entry)
    {
        const char *path = json_string_value(json_object_get(entry, "path"));
        const char *sha256 = json_string_value(json_object_get(entry, "sha256"));
        const json_t *bytes = json_object_get(entry, "bytes");
        struct backup_file *file;

        if (path == NULL || sha256 == NULL || !is_path(path) || strlen(sha256) != SHA256_HEX_SIZE - 1 ||
            !json_is_integer(bytes) || json_integer_value(bytes) < 0)
            return ERR_BAD_DATA;
        file = grow(list);
        if (file == NULL)
            return ERR_MEMORY;
        snprintf(file->path, sizeof(file->path), "%s", path);
        snprintf(file->sha256, sizeof(file->sha256), "%s", sha256);
        file->bytes = (uint64_t)json_integer_value(bytes);
    }
    return list->count > 0 ? ERR_OK : ERR_BAD_DATA;
}

enum err backup_manifest_read(const char *folder, struct backup_list *list, char *why, size_t why_size)
{
    char path[BACKUP_PATH_MAX];
    json_error_t fault;
    json_t *all = json_load_file(join(folder, BACKUP_MANIFEST, path), JSON_REJECT_DUPLICATES, &fault);
    enum err err = ERR_OK;

    if (all == NULL && access(path, F_OK) != 0)
        return file_guard_refuse(path, why, why_size, "is not there: no backup of flowdeck"), ERR_NOT_FOUND;
    if (all == NULL)
        return file_guard_refuse(path, why, why_size, "cannot be read, line %d", fault.line), ERR_BAD_DATA;
    if (json_integer_value(json_object_get(all, "format")) > FORMAT) {
        file_guard_refuse(path, why, why_size, "made by a newer flowdeck");
        err = ERR_UNSUPPORTED;
    } else {
        err = take_files(all, list);
        if (err != ERR_OK)
            file_guard_refuse(path, why, why_size, err == ERR_MEMORY ? "out of memory" : "is damaged");
    }
    json_decref(all);
    return err;
}

enum err backup_manifest_check(const char *folder, const struct backup_list *list, char *why, size_t why_size)
{
    char path[BACKUP_PATH_MAX];

    for (size_t i = 0; i < list->count; i++) {
        struct backup_file is;
        enum err err = hash_file(join(folder, list->file[i].path, path), &is, why, why_size);

        if (err == ERR_NOT_FOUND)
            return ERR_BAD_DATA;
        if (err != ERR_OK)
            return err;
        if (is.bytes != list->file[i].bytes || strcmp(is.sha256, list->file[i].sha256) != 0) {
            file_guard_refuse(path, why, why_size, "is not what the manifest says: damaged or changed");
            return ERR_BAD_DATA;
        }
    }
    return ERR_OK;
}
