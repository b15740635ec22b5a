#include "app/config_write.h"

#include "app/options.h"
#include "core/base/config_edit.h"
#include "core/base/read_full.h"
#include "core/base/safe_text.h"
#include "core/base/write_full.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW_FILE                                                                                             \
    "# Begun by :write. Every key with its range and default: flowdeck help settings, flowdeck.conf(5).\n"

static enum err tell(enum err err, const char *path, const char *what, char why[CONFIG_WHY_SIZE])
{
    char shown[300];

    safe_text(path, strlen(path), shown, sizeof(shown));
    snprintf(why, CONFIG_WHY_SIZE, "%s: %.200s", shown, what);
    return err;
}

static enum err tell_errno(const char *path, const char *what, int number, char why[CONFIG_WHY_SIZE])
{
    char text[160];

    snprintf(text, sizeof(text), "%s: %s", what, strerrordesc_np(number));
    return tell(ERR_IO, path, text, why);
}

/* --- reading -------------------------------------------------------------------------------------------------- */

/* *info: of the very file that was read. A size of 0 and no file: st_ino 0. */
static enum err read_whole(const char *path, char **text, size_t *size, struct stat *info,
                           char why[CONFIG_WHY_SIZE])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), number;
    ssize_t got;

    *text = NULL;
    *size = 0;
    memset(info, 0, sizeof(*info));
    if (fd < 0)
        return errno == ENOENT ? ERR_OK : tell_errno(path, "cannot be read", errno, why);
    *text = malloc(CONFIG_FILE_SIZE_MAX + 1);
    if (*text == NULL || fstat(fd, info) != 0 || !S_ISREG(info->st_mode)) {
        close(fd);
        free(*text);
        *text = NULL;
        return tell(ERR_IO, path, "cannot be read: no regular file, or out of memory", why);
    }
    got = read_full(pread, fd, *text, CONFIG_FILE_SIZE_MAX + 1, 0);
    number = errno;
    close(fd);
    if (got < 0 || got > CONFIG_FILE_SIZE_MAX) {
        free(*text);
        *text = NULL;
        return got < 0 ? tell_errno(path, "cannot be read", number, why)
                       : tell(ERR_IO, path, "is larger than 1 MiB", why);
    }
    *size = (size_t)got;
    return ERR_OK;
}

enum err config_text_read(struct config_text *file, const char *path, char why[CONFIG_WHY_SIZE])
{
    struct stat info;
    enum err err;

    memset(file, 0, sizeof(*file));
    snprintf(file->path, sizeof(file->path), "%s", path);
    err = read_whole(path, &file->text, &file->size, &info, why);
    file->there = err == ERR_OK && info.st_ino != 0;
    return err;
}

void config_text_free(struct config_text *file)
{
    free(file->text);
    file->text = NULL;
    file->size = 0;
}

/* --- the new text ------------------------------------------------------------------------------------------- */

static const struct config_change *change_of(const struct config_change *change, size_t count,
                                             const struct option *option)
{
    for (size_t i = 0; i < count; i++)
        if (change[i].option == option)
            return &change[i];
    return NULL;
}

/* All as before but for the changes: what an edit got wrong is never written. */
static enum err compare(const struct config *before, const struct config *after,
                        const struct config_change *change, size_t count, const char *path,
                        char why[CONFIG_WHY_SIZE])
{
    size_t options;
    const struct option *table = config_table(before, &options);

    for (size_t i = 0; i < options; i++) {
        const struct config_change *wanted = change_of(change, count, &table[i]);
        const char *was = wanted != NULL ? wanted->value : config_file_text(before, table[i].name);
        const char *is = config_file_text(after, table[i].name);
        char text[128];

        if ((was == NULL) == (is == NULL) && (was == NULL || strcmp(was, is) == 0))
            continue;
        snprintf(text, sizeof(text), "its form is beyond :write at %s; change it by hand", table[i].name);
        return tell(ERR_UNSUPPORTED, path, text, why);
    }
    return ERR_OK;
}

static enum err check(const struct config_text *file, const char *text, size_t size,
                      const struct config_change *change, size_t count, char why[CONFIG_WHY_SIZE])
{
    struct config *before = options_config_new(), *after = options_config_new();
    enum err err =
        before == NULL || after == NULL ? tell(ERR_MEMORY, file->path, "out of memory", why) : ERR_OK;

    if (err == ERR_OK)
        err = config_load_text(before, file->text == NULL ? "" : file->text, file->size, file->path, why);
    if (err == ERR_OK)
        err = config_load_text(after, text, size, file->path, why);
    if (err == ERR_OK)
        err = compare(before, after, change, count, file->path, why);
    config_free(before);
    config_free(after);
    return err;
}

static enum err make_text(const struct config_text *file, const struct config_change *change, size_t count,
                          char **out, size_t *out_size, char why[CONFIG_WHY_SIZE])
{
    const char *begin = file->there ? file->text : NEW_FILE;
    size_t size = file->there ? file->size : strlen(NEW_FILE);
    char *text = malloc(size + 1);
    enum err err = text == NULL ? tell(ERR_MEMORY, file->path, "out of memory", why) : ERR_OK;

    if (text != NULL) {
        memcpy(text, begin, size);
        text[size] = '\0';
    }
    for (size_t i = 0; i < count && err == ERR_OK; i++) {
        char *next = NULL;

        err = config_edit(text, size, change[i].option, change[i].value, &next, &size);
        if (err != ERR_OK)
            err = tell(err, file->path, "is not in a form that :write can change; change it by hand", why);
        free(text);
        text = next;
    }
    if (err == ERR_OK)
        err = check(file, text, size, change, count, why);
    if (err != ERR_OK) {
        free(text);
        return err;
    }
    *out = text;
    *out_size = size;
    return ERR_OK;
}

/* --- onto the disk --------------------------------------------------------------------------------------------- */

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void sync_folder(const char *path)
{
    char folder[PATH_TEXT_MAX];
    char *slash;
    int fd;

    snprintf(folder, sizeof(folder), "%s", path);
    slash = strrchr(folder, '/');
    if (slash == NULL)
        snprintf(folder, sizeof(folder), ".");
    else
        slash[slash == folder] = '\0';
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

/* A change between our reading and the renaming: a window of microseconds is left, as with any editor. */
static enum err put_in_place(const char *fresh, const char *path, const struct stat *was,
                             char why[CONFIG_WHY_SIZE])
{
    struct stat now;

    memset(&now, 0, sizeof(now));
    if (stat(path, &now) != 0 && errno != ENOENT)
        return tell_errno(path, "cannot be looked at", errno, why);
    if (!same_file(was, &now))
        return tell(ERR_STATE, path, "is being changed by another hand: nothing is written", why);
    if (rename(fresh, path) != 0)
        return tell_errno(path, "cannot be replaced", errno, why);
    sync_folder(path);
    return ERR_OK;
}

/* The group that the file had, where we may; another one gets none of its rights. */
static bool take_rights(int fd, const struct stat *was)
{
    mode_t mode = was->st_mode & 07777;

    if (was->st_ino == 0)
        return true;
    if (was->st_gid != getegid() && fchown(fd, (uid_t)-1, was->st_gid) != 0)
        mode &= ~(mode_t)(S_IRWXG | S_ISGID);
    return fchmod(fd, mode) == 0;
}

static enum err write_beside(const char *path, const struct stat *was, const char *text, size_t size,
                             char why[CONFIG_WHY_SIZE])
{
    char fresh[PATH_TEXT_MAX + 16];
    enum err err = ERR_OK;
    int fd, number = 0;
    bool whole;

    snprintf(fresh, sizeof(fresh), "%s.XXXXXX", path);
    fd = mkostemp(fresh, O_CLOEXEC);
    if (fd < 0)
        return tell_errno(path, "nothing can be written beside it", errno, why);
    whole = write_full(fd, text, size) && take_rights(fd, was) && fsync(fd) == 0;
    if (!whole)
        number = errno;
    if (close(fd) != 0 && whole) {
        number = errno;
        whole = false;
    }
    if (!whole)
        err = tell_errno(path, "cannot be written", number, why);
    if (err == ERR_OK)
        err = put_in_place(fresh, path, was, why);
    if (err != ERR_OK)
        unlink(fresh);
    return err;
}

/* Through links to the file itself; a folder that is not there yet is made. */
static enum err real_path(const struct config_text *file, char out[PATH_TEXT_MAX], char why[CONFIG_WHY_SIZE])
{
    char *whole = realpath(file->path, NULL);
    char folder[PATH_TEXT_MAX];
    char *slash;

    snprintf(out, PATH_TEXT_MAX, "%s", whole == NULL ? file->path : whole);
    free(whole);
    if (file->there)
        return ERR_OK;
    snprintf(folder, sizeof(folder), "%s", out);
    slash = strrchr(folder, '/');
    if (slash == NULL || slash == folder)
        return ERR_OK;
    *slash = '\0';
    return paths_make(folder) ? ERR_OK : tell_errno(folder, "cannot be made", errno, why);
}

enum err config_write(struct config_text *file, const struct config_change *change, size_t count,
                      char why[CONFIG_WHY_SIZE])
{
    char path[PATH_TEXT_MAX], *now = NULL, *text = NULL;
    size_t now_size = 0, size = 0;
    struct stat info;
    enum err err = real_path(file, path, why);

    if (err == ERR_OK)
        err = read_whole(path, &now, &now_size, &info, why);
    if (err != ERR_OK)
        return err;
    if (file->there != (info.st_ino != 0) || now_size != file->size ||
        (now_size > 0 && memcmp(now, file->text, now_size) != 0)) {
        free(file->text);
        file->text = now;
        file->size = now_size;
        file->there = info.st_ino != 0;
        return tell(ERR_STATE, file->path,
                    "was changed by another hand since it was read: nothing is written; :write once more "
                    "puts the settings into what is there now",
                    why);
    }
    free(now);
    if (file->there && ((info.st_mode & S_IWUSR) == 0 || access(path, W_OK) != 0))
        return tell(ERR_IO, file->path, "is read only: nothing is written", why);
    err = make_text(file, change, count, &text, &size, why);
    if (err == ERR_OK)
        err = write_beside(path, &info, text, size, why);
    if (err != ERR_OK) {
        free(text);
        return err;
    }
    free(file->text);
    file->text = text;
    file->size = size;
    file->there = true;
    return ERR_OK;
}
