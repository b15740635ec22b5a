#include "store/file_guard.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum err file_guard_refuse(const char *path, char *why, size_t why_size, const char *format, ...)
{
    va_list args;
    int used = snprintf(why, why_size, "%s: ", path);

    va_start(args, format);
    if (used >= 0 && (size_t)used < why_size)
        vsnprintf(why + used, why_size - (size_t)used, format, args);
    va_end(args);
    return ERR_STORAGE;
}

enum err file_guard_make_folders(char *folder, char *why, size_t why_size)
{
    for (char *slash = strchr(folder + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash != NULL)
            *slash = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return file_guard_refuse(folder, why, why_size, "cannot make this folder: %s", strerror(errno));
        if (slash == NULL)
            return ERR_OK;
        *slash = '/';
    }
}

enum err file_guard_check_folder(const char *folder, char *why, size_t why_size)
{
    struct stat at;

    if (stat(folder, &at) != 0)
        return file_guard_refuse(folder, why, why_size, "%s", strerror(errno));
    if (!S_ISDIR(at.st_mode))
        return file_guard_refuse(folder, why, why_size, "is not a folder; choose another data directory");
    if (at.st_uid != geteuid() && at.st_uid != 0)
        return file_guard_refuse(folder, why, why_size,
                                 "belongs to user %u, not to you; choose another data directory",
                                 (unsigned)at.st_uid);
    if ((at.st_mode & S_IWOTH) != 0 && (at.st_mode & S_ISVTX) == 0)
        return file_guard_refuse(folder, why, why_size, "every user may write here (mode %04o); chmod o-w it",
                                 (unsigned)at.st_mode & 07777);
    return ERR_OK;
}

enum err file_guard_check_file(const char *path, const struct stat *at, const char *noun, char *why,
                               size_t why_size)
{
    if (S_ISDIR(at->st_mode))
        return file_guard_refuse(path, why, why_size, "is a folder, not %s; choose another path", noun);
    if (S_ISLNK(at->st_mode))
        return file_guard_refuse(path, why, why_size, "is a symbolic link; give the path of the file itself");
    if (!S_ISREG(at->st_mode))
        return file_guard_refuse(path, why, why_size, "is not a plain file; choose another path");
    if (at->st_uid != geteuid())
        return file_guard_refuse(path, why, why_size, "belongs to user %u, not to you; choose another path",
                                 (unsigned)at->st_uid);
    if (at->st_nlink > 1)
        return file_guard_refuse(path, why, why_size,
                                 "has %lu names (hard links); copy it to a file of its own",
                                 (unsigned long)at->st_nlink);
    if ((at->st_mode & S_IWUSR) == 0)
        return file_guard_refuse(path, why, why_size,
                                 "is read-only (mode %04o); chmod u+w it or choose another path",
                                 (unsigned)at->st_mode & 07777);
    if ((at->st_mode & 07177) != 0 && chmod(path, 0600) != 0)
        return file_guard_refuse(path, why, why_size, "others may read it and that cannot be changed: %s",
                                 strerror(errno));
    return ERR_OK;
}
