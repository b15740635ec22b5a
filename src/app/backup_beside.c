#include "app/backup_beside.h"

#include "app/alert_file.h"
#include "store/epoch_floor.h"
#include "store/file_guard.h"
#include "store/journal_accounts.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define BESIDE_MAX (JOURNAL_ACCOUNTS_MAX + 3) /* alerts of each account, and the three others */

bool backup_is_beside(const char *name)
{
    size_t prefix = strlen(ALERT_FILE_PREFIX);

    return strcmp(name, BACKUP_HISTORY) == 0 || strcmp(name, BACKUP_QUARANTINE) == 0 ||
           strcmp(name, EPOCH_FLOOR_FILE) == 0 ||
           (strncmp(name, ALERT_FILE_PREFIX, prefix) == 0 && journal_account_is_name(name + prefix));
}

/* A FIFO in its place would be waited for. */
static bool is_plain(const char *folder, const char *name)
{
    char path[BACKUP_PATH_MAX];
    struct stat at;

    snprintf(path, sizeof(path), "%.1200s/%.150s", folder, name);
    return lstat(path, &at) == 0 && S_ISREG(at.st_mode);
}

static enum err copy_one(const char *from, const char *part, const char *name, struct backup_list *list,
                         char *why, size_t why_size)
{
    enum err err = backup_copy_file(from, part, name, UINT64_MAX, why, why_size);

    if (err == ERR_NOT_FOUND)
        return ERR_OK;
    return err == ERR_OK ? backup_list_add(list, part, name, why, why_size) : err;
}

enum err backup_copy_beside(const char *from, const char *part, struct backup_list *list, char *why,
                            size_t why_size)
{
    const struct dirent *entry;
    DIR *folder = opendir(from);
    enum err err = ERR_OK;
    int copied = 0;

    if (folder == NULL)
        return file_guard_refuse(from, why, why_size, "cannot be listed: %s", strerror(errno));
    while (err == ERR_OK && copied < BESIDE_MAX && (entry = readdir(folder)) != NULL) {
        if (!backup_is_beside(entry->d_name) || !is_plain(from, entry->d_name))
            continue;
        err = copy_one(from, part, entry->d_name, list, why, why_size);
        copied++;
    }
    closedir(folder);
    return err;
}
