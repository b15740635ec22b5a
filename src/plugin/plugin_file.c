#include "plugin/plugin_file.h"

#include "core/base/safe_text.h"
#include "plugin/plugin_elf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3: "to run", where the default may be "not to run" */
#endif

#define SHOWN_MAX  256
#define REASON_MAX 320

/* Where a refusal goes: "<path>: <reason>". */
struct refusal {
    const char *path;
    char *why;
    size_t why_size;
};

__attribute__((format(printf, 3, 4))) static enum err refuse(const struct refusal *to, enum err err,
                                                             const char *format, ...)
{
    char shown[SHOWN_MAX], reason[REASON_MAX];
    va_list args;

    safe_text(to->path, strlen(to->path), shown, sizeof(shown));
    va_start(args, format);
    vsnprintf(reason, sizeof(reason), format, args); /* NOLINT(clang-analyzer-valist.Uninitialized): it is */
    va_end(args);
    snprintf(to->why, to->why_size, "%s: %s", shown, reason);
    return err;
}

static enum err refuse_errno(const struct refusal *to, const char *what, int number)
{
    const char *text = strerrordesc_np(number);

    return refuse(to, number == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", what,
                  text != NULL ? text : "unknown error");
}

/* --- who may have written it ------------------------------------------------------------------------------ */

static bool is_trusted_owner(const struct stat *info)
{
    return info->st_uid == 0 || info->st_uid == geteuid();
}

static bool is_link(int folder, const char *name)
{
    struct stat info;

    return fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode);
}

static enum err check_folder(const struct refusal *to, int fd, const char *name)
{
    struct stat info;

    if (fstat(fd, &info) != 0)
        return refuse_errno(to, "a folder cannot be examined", errno);
    if (!is_trusted_owner(&info))
        return refuse(to, ERR_STATE, "folder '%s' belongs to another user", name);
    if ((info.st_mode & S_IWOTH) != 0 && (info.st_mode & S_ISVTX) == 0)
        return refuse(to, ERR_STATE, "folder '%s' is writable by everyone: chmod o-w", name);
    return ERR_OK;
}

/* Opens the folder that path lies in, component by component; *name is its last one. */
static enum err walk_folders(const struct refusal *to, char *path, int *out, const char **name)
{
    int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    char *at = path + 1, *slash;
    enum err err = fd < 0 ? refuse_errno(to, "/ cannot be opened", errno) : check_folder(to, fd, "/");

    while (err == ERR_OK && (slash = strchr(at, '/')) != NULL) {
        int next, number;

        *slash = '\0';
        next = openat(fd, at, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        number = errno;
        if (next >= 0)
            err = check_folder(to, next, at);
        else if (is_link(fd, at))
            err = refuse(to, ERR_STATE, "folder '%s' is a symbolic link; give the real path", at);
        else
            err = refuse_errno(to, "cannot be opened", number);
        close(fd);
        fd = next;
        at = slash + 1;
    }
    if (err != ERR_OK) {
        if (fd >= 0)
            close(fd);
        return err;
    }
    *name = at;
    *out = fd;
    return ERR_OK;
}

static enum err check_path(const struct refusal *to)
{
    static const char *const forbidden[] = {"LD_LIBRARY_PATH", "LD_AUDIT"};
    const char *path = to->path;
    size_t size = strlen(path);
    char shown[SHOWN_MAX];

    if (getauxval(AT_SECURE) != 0 || getuid() != geteuid())
        return refuse(to, ERR_STATE, "a program that runs with another user's rights loads no plug-in");
    for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
        if (getenv(forbidden[i]) != NULL)
            return refuse(to, ERR_STATE, "%s is set, so its libraries could come from anywhere: unset it",
                          forbidden[i]);
    if (path[0] != '/')
        return refuse(to, ERR_STATE, "must be an absolute path");
    if (size >= PLUGIN_PATH_MAX)
        return refuse(to, ERR_TOO_LONG, "path is longer than %d bytes", PLUGIN_PATH_MAX - 1);
    safe_text(path, size, shown, sizeof(shown));
    if (size < sizeof(shown) && strcmp(shown, path) != 0)
        return refuse(to, ERR_BAD_DATA, "path holds control or invisible characters");
    for (const char *at = path; at != NULL; at = strchr(at + 1, '/')) {
        size_t length = strcspn(at + 1, "/");

        if (length == 0 || (length == 1 && at[1] == '.') || (length == 2 && at[1] == '.' && at[2] == '.'))
            return refuse(to, ERR_STATE, "path holds '//', '.' or '..'; give the plain one");
    }
    return ERR_OK;
}

static enum err check_file(const struct refusal *to, const struct stat *info)
{
    if (!S_ISREG(info->st_mode))
        return refuse(to, ERR_IO, "is not a regular file");
    if (!is_trusted_owner(info))
        return refuse(to, ERR_STATE, "belongs to another user; only yours and root's are loaded");
    if ((info->st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return refuse(to, ERR_STATE, "is writable by others: chmod go-w");
    if (info->st_size <= 0)
        return refuse(to, ERR_BAD_DATA, "is empty");
    if (info->st_size > PLUGIN_SIZE_MAX)
        return refuse(to, ERR_TOO_LONG, "is larger than 16 MiB");
    return ERR_OK;
}

static enum err open_checked(const struct refusal *to, int *out, struct stat *info)
{
    char path[PLUGIN_PATH_MAX];
    const char *name = NULL;
    int folder = -1, fd, number;
    enum err err = check_path(to);

    if (err != ERR_OK)
        return err;
    snprintf(path, sizeof(path), "%s", to->path);
    err = walk_folders(to, path, &folder, &name);
    if (err != ERR_OK)
        return err;
    fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    number = errno;
    if (fd < 0)
        err = is_link(folder, name) ? refuse(to, ERR_STATE, "is a symbolic link; give the real path")
                                    : refuse_errno(to, "cannot be opened", number);
    else if (fstat(fd, info) != 0)
        err = refuse_errno(to, "cannot be examined", errno);
    else
        err = check_file(to, info);
    close(folder);
    if (err != ERR_OK && fd >= 0)
        close(fd);
    *out = fd;
    return err;
}

/* --- the copy --------------------------------------------------------------------------------------------- */

static struct plugin_identity identity_of(const struct stat *info)
{
    return (struct plugin_identity){
        .device = info->st_dev,
        .inode = info->st_ino,
        .size = (uint64_t)info->st_size,
        .changed_ns = info->st_ctim.tv_sec * INT64_C(1000000000) + info->st_ctim.tv_nsec,
        .modified_ns = info->st_mtim.tv_sec * INT64_C(1000000000) + info->st_mtim.tv_nsec,
    };
}

static bool is_same(const struct plugin_identity *a, const struct plugin_identity *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->changed_ns == b->changed_ns && a->modified_ns == b->modified_ns;
}

static int make_image(void)
{
    int fd = memfd_create("flowdeck-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

    return fd >= 0 || errno != EINVAL ? fd : memfd_create("flowdeck-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

static bool read_whole(int fd, unsigned char *to, size_t size)
{
    size_t used = 0;

    while (used < size) {
        ssize_t got = read(fd, to + used, size - used);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        used += (size_t)got;
    }
    return true;
}

static enum err read_manifest(const struct refusal *to, const unsigned char *bytes, size_t size,
                              struct strategy_manifest *out)
{
    const char *text = NULL, *clause = "";
    size_t text_size = 0;
    enum err err = plugin_elf_manifest(bytes, size, &text, &text_size, &clause);
    char reason[REASON_MAX];

    if (err != ERR_OK)
        return refuse(to, err, "%s", clause);
    err = strategy_manifest_parse(text, text_size, "manifest", out, reason, sizeof(reason));
    return err == ERR_OK ? ERR_OK : refuse(to, err, "%s", reason);
}

/* Fills what comes from the bytes themselves. */
static enum err judge_bytes(const struct refusal *to, const unsigned char *bytes, size_t size,
                            const char *pin, struct plugin_file *out)
{
    if (!plugin_hash(bytes, size, out->sha256))
        return refuse(to, ERR_MEMORY, "cannot be hashed");
    if (pin != NULL && pin[0] != '\0' && strcasecmp(pin, out->sha256) != 0)
        return refuse(to, ERR_STATE, "is not the one that was pinned: its SHA-256 is %s", out->sha256);
    return read_manifest(to, bytes, size, &out->manifest);
}

static enum err copy_and_judge(const struct refusal *to, int fd, const char *pin, struct plugin_file *out)
{
    size_t size = (size_t)out->identity.size;
    struct plugin_identity now;
    struct stat info;
    unsigned char *bytes;
    enum err err;

    if (ftruncate(out->image_fd, (off_t)size) != 0)
        return refuse_errno(to, "no memory for a copy", errno);
    bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, out->image_fd, 0);
    if (bytes == MAP_FAILED)
        return refuse_errno(to, "no memory for a copy", errno);
    if (!read_whole(fd, bytes, size) || fstat(fd, &info) != 0) {
        err = refuse(to, ERR_IO, "cannot be read to its end");
    } else {
        now = identity_of(&info);
        err = is_same(&now, &out->identity) ? judge_bytes(to, bytes, size, pin, out)
                                            : refuse(to, ERR_IO, "changed while it was read; try again");
    }
    munmap(bytes, size);
    if (err == ERR_OK &&
        fcntl(out->image_fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        err = refuse_errno(to, "its copy cannot be sealed", errno);
    return err;
}

enum err plugin_file_open(const char *path, const char *pin, struct plugin_file *out, char *why,
                          size_t why_size)
{
    const struct refusal to = {path, why, why_size};
    struct stat info = {0};
    int fd = -1;
    enum err err;

    memset(out, 0, sizeof(*out));
    out->image_fd = -1;
    err = open_checked(&to, &fd, &info);
    if (err != ERR_OK)
        return err;
    snprintf(out->path, sizeof(out->path), "%s", path);
    out->identity = identity_of(&info);
    out->image_fd = make_image();
    err = out->image_fd < 0 ? refuse_errno(&to, "no memory to run it in (vm.memfd_noexec?)", errno)
                            : copy_and_judge(&to, fd, pin, out);
    close(fd);
    if (err != ERR_OK)
        plugin_file_close(out);
    return err;
}

void plugin_file_close(struct plugin_file *file)
{
    if (file->image_fd >= 0)
        close(file->image_fd);
    file->image_fd = -1;
}

enum err plugin_file_spec(const char *spec, char path[PLUGIN_PATH_MAX], char pin[PLUGIN_SHA256_SIZE])
{
    const char *at = strrchr(spec, '@');
    size_t size = strlen(spec);

    pin[0] = '\0';
    if (at != NULL && strlen(at + 1) == PLUGIN_SHA256_SIZE - 1 &&
        strspn(at + 1, "0123456789abcdefABCDEF") == PLUGIN_SHA256_SIZE - 1) {
        memcpy(pin, at + 1, PLUGIN_SHA256_SIZE);
        size = (size_t)(at - spec);
    }
    if (size >= PLUGIN_PATH_MAX)
        return ERR_TOO_LONG;
    memcpy(path, spec, size);
    path[size] = '\0';
    return ERR_OK;
}

struct plugin_identity plugin_file_identity(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 ? identity_of(&info) : (struct plugin_identity){0};
}

bool plugin_file_changed(const char *path, const struct plugin_identity *opened)
{
    struct plugin_identity now = plugin_file_identity(path);

    return now.inode != 0 && !is_same(&now, opened);
}
