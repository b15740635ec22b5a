#include "app/command_backup.h"

#include "app/backup_beside.h"
#include "app/command_verify.h"
#include "app/kill_latch.h"
#include "app/paths.h"
#include "app/run.h"
#include "store/db_read.h"
#include "store/file_guard.h"
#include "store/journal_accounts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGES 1024 /* of the database, between two looks for a signal */
#define TRIES 5    /* a running engine may retire a segment while it is copied */

struct backup {
    const char *from;           /* the data directory */
    const char *target;         /* DIR */
    char part[BACKUP_PATH_MAX]; /* where it is made; it gets its name when it is whole */
    char why[RUN_WHY_SIZE];
    struct backup_list list;
};

/* --- the database, first: rows never go ahead of the journal ------------------------------------------------------ */

static enum err copy_pages(struct backup *backup, sqlite3 *from, const char *path)
{
    sqlite3_backup *copy = NULL;
    sqlite3 *to = NULL;
    int code =
        sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, NULL);

    if (code == SQLITE_OK && (copy = sqlite3_backup_init(to, "main", from, "main")) == NULL)
        code = sqlite3_errcode(to);
    while (copy != NULL && code == SQLITE_OK)
        code = run_interrupted ? SQLITE_INTERRUPT : sqlite3_backup_step(copy, PAGES);
    (void)sqlite3_backup_finish(copy); /* its error is that of the last step */
    if (code != SQLITE_DONE)
        file_guard_refuse(path, backup->why, RUN_WHY_SIZE, "copying the database failed: %s",
                          sqlite3_errstr(code));
    sqlite3_close(to);
    return code == SQLITE_DONE ? ERR_OK : ERR_STORAGE;
}

static enum err copy_database(struct backup *backup)
{
    char from[BACKUP_PATH_MAX], to[BACKUP_PATH_MAX];
    struct db_read read = {.stop = &run_interrupted};
    enum err err;

    snprintf(from, sizeof(from), "%.1300s/" DB_FILE_NAME, backup->from);
    snprintf(to, sizeof(to), "%.1300s/" DB_FILE_NAME, backup->part);
    err = db_read_open(from, &read, backup->why, RUN_WHY_SIZE);
    if (err == ERR_NOT_FOUND)
        return ERR_OK; /* the journal makes it */
    if (err == ERR_OK)
        err = copy_pages(backup, read.handle, to);
    if (err == ERR_OK && !db_read_close(&read)) {
        file_guard_refuse(from, backup->why, RUN_WHY_SIZE,
                          "somebody began to write to it meanwhile; do it again");
        return ERR_STATE;
    }
    return err == ERR_OK
               ? backup_list_add(&backup->list, backup->part, DB_FILE_NAME, backup->why, RUN_WHY_SIZE)
               : err;
}

/* --- journals ------------------------------------------------------------------------------------------------------ */

static enum err copy_one(struct backup *backup, const char *account, const char *name, uint64_t bytes)
{
    char path[128];
    enum err err;

    snprintf(path, sizeof(path), "journal/%s/%s", account, name);
    if (run_interrupted)
        return run_tell_interrupted(backup->why);
    err = backup_copy_file(backup->from, backup->part, path, bytes, backup->why, RUN_WHY_SIZE);
    return err == ERR_OK ? backup_list_add(&backup->list, backup->part, path, backup->why, RUN_WHY_SIZE)
                         : err;
}

static enum err list_files(struct backup *backup, const char *dir, const char *ending,
                           struct journal_list *list)
{
    int dir_fd = journal_open_folder(dir);
    enum err err = dir_fd < 0 ? ERR_STORAGE : journal_list_read(list, dir_fd, ending);

    if (err != ERR_OK)
        file_guard_refuse(dir, backup->why, RUN_WHY_SIZE, "cannot be listed: %s", strerror(errno));
    if (dir_fd >= 0)
        close(dir_fd);
    return err;
}

/* Snapshots first: none of them is then ahead of the segments. One that goes meanwhile has a newer one in its place. */
static enum err copy_snapshots(struct backup *backup, const char *account, const char *dir)
{
    struct journal_list list = {.seq = NULL};
    enum err err = list_files(backup, dir, JOURNAL_SNAPSHOT_END, &list);

    for (size_t i = 0; err == ERR_OK && i < list.count; i++) {
        char name[JOURNAL_NAME_SIZE];

        journal_file_name(list.seq[i], JOURNAL_SNAPSHOT_END, name);
        err = copy_one(backup, account, name, UINT64_MAX);
    }
    journal_list_free(&list);
    return err;
}

/* Up to the last seal that a reader finds, whole files before it. */
static enum err copy_segments(struct backup *backup, const char *account, const char *dir)
{
    struct journal_list list = {.seq = NULL};
    struct journal_place place = {.file_seq = 0};
    struct journal_reader *reader;
    struct journal_frame frame;
    uint64_t retired;
    enum err err = journal_reader_open_first(dir, &reader, &retired, backup->why, RUN_WHY_SIZE);

    if (err != ERR_OK)
        return err;
    while ((err = journal_reader_next(reader, &frame, backup->why, RUN_WHY_SIZE)) == ERR_OK &&
           !run_interrupted)
        ;
    if (err == ERR_OK)
        err = run_tell_interrupted(backup->why);
    place = journal_reader_place(reader);
    journal_reader_close(reader);
    err = err == ERR_NOT_FOUND ? list_files(backup, dir, JOURNAL_SEGMENT_END, &list) : err;
    for (size_t i = 0; err == ERR_OK && i < list.count; i++) {
        char name[JOURNAL_NAME_SIZE];

        journal_file_name(list.seq[i], JOURNAL_SEGMENT_END, name);
        if (list.seq[i] > retired && list.seq[i] <= place.file_seq)
            err = copy_one(backup, account, name, list.seq[i] == place.file_seq ? place.end_at : UINT64_MAX);
    }
    journal_list_free(&list);
    return err;
}

static enum err copy_account(struct backup *backup, const char *account)
{
    char folder[64], dir[JOURNAL_PATH_MAX];
    enum err err;

    snprintf(folder, sizeof(folder), "journal/%s", account);
    if (!journal_account_dir(backup->from, account, dir))
        return file_guard_refuse(backup->from, backup->why, RUN_WHY_SIZE, "the path is too long");
    err = backup_make_folder(backup->part, folder, backup->why, RUN_WHY_SIZE);
    if (err == ERR_OK)
        err = copy_snapshots(backup, account, dir);
    if (err == ERR_OK)
        err = copy_one(backup, account, "retired", UINT64_MAX);
    if (err == ERR_OK || err == ERR_NOT_FOUND)
        err = copy_segments(backup, account, dir);
    return err == ERR_OK ? backup_sync_folder(backup->part, folder, backup->why, RUN_WHY_SIZE) : err;
}

static enum err copy_journals(struct backup *backup)
{
    struct journal_accounts all;
    enum err err = journal_accounts_read(backup->from, &all, backup->why, RUN_WHY_SIZE);

    if (err == ERR_NOT_FOUND && backup->list.count > 0)
        return ERR_OK; /* replays alone */
    if (err == ERR_OK)
        err = backup_make_folder(backup->part, "journal", backup->why, RUN_WHY_SIZE);
    for (size_t i = 0; err == ERR_OK && i < all.count; i++)
        err = copy_account(backup, all.name[i]);
    return err == ERR_OK ? backup_sync_folder(backup->part, "journal", backup->why, RUN_WHY_SIZE) : err;
}

/* --- the whole ----------------------------------------------------------------------------------------------------- */

static void remove_part(struct backup *backup)
{
    if (backup->part[0] != '\0')
        backup_remove_folder(backup->part);
    backup->part[0] = '\0';
    backup_list_free(&backup->list);
}

static enum err copy_all(struct backup *backup)
{
    enum err err;

    snprintf(backup->part, sizeof(backup->part), "%.1300s.XXXXXX", backup->target);
    if (mkdtemp(backup->part) == NULL) {
        backup->part[0] = '\0';
        return file_guard_refuse(backup->target, backup->why, RUN_WHY_SIZE, "cannot be made: %s",
                                 strerror(errno));
    }
    err = copy_database(backup);
    if (err == ERR_OK)
        err = copy_journals(backup);
    if (err == ERR_OK) {
        err = backup_copy_file(backup->from, backup->part, KILL_LATCH_FILE, UINT64_MAX, backup->why,
                               RUN_WHY_SIZE);
        if (err == ERR_OK)
            err = backup_list_add(&backup->list, backup->part, KILL_LATCH_FILE, backup->why, RUN_WHY_SIZE);
        else if (err == ERR_NOT_FOUND)
            err = ERR_OK; /* nobody has killed it */
    }
    if (err == ERR_OK)
        err = backup_copy_beside(backup->from, backup->part, &backup->list, backup->why, RUN_WHY_SIZE);
    if (err == ERR_OK)
        err = verify_copy(backup->part, stdout, backup->why, RUN_WHY_SIZE);
    if (err == ERR_OK)
        err = backup_manifest_write(backup->part, &backup->list, backup->why, RUN_WHY_SIZE);
    return err == ERR_OK ? backup_sync_folder(backup->part, ".", backup->why, RUN_WHY_SIZE) : err;
}

static int print_result(const struct cli *cli, const struct backup_list *list, const char *target)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < list->count; i++)
        bytes += list->file[i].bytes;
    if (cli->json)
        printf("{\"backup\":true,\"files\":%zu,\"bytes\":%" PRIu64 "}\n", list->count, bytes);
    else
        printf("backup: %zu files, %" PRIu64 " bytes, verified: %s\n"
               "backup: not in it: the configuration and themes, which are elsewhere; logs, export/; the "
               "built-in exchange's keys, which are made anew\n",
               list->count, bytes, target);
    return fflush(stdout) == 0 ? EXIT_CODE_OK : EXIT_CODE_FAILED;
}

/* Nothing, or an empty folder, which rename() puts the whole one in the place of. */
static enum err choose_target(const char *given, char target[PATH_TEXT_MAX], char *why)
{
    size_t size = strlen(given);
    const struct dirent *entry;
    struct stat at;
    DIR *folder;
    bool empty;

    while (size > 1 && given[size - 1] == '/')
        size--;
    snprintf(target, PATH_TEXT_MAX, "%.*s", (int)size, given);
    if (size == 0 || size >= PATH_TEXT_MAX) {
        snprintf(why, RUN_WHY_SIZE, "backup: the path of DIR has 1 to %d bytes", PATH_TEXT_MAX - 1);
        return ERR_USAGE;
    }
    if (lstat(target, &at) != 0)
        return ERR_OK; /* whatever is wrong above it is told when it is made */
    folder = S_ISDIR(at.st_mode) ? opendir(target) : NULL;
    empty = folder != NULL;
    while (empty && (entry = readdir(folder)) != NULL)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    if (folder != NULL)
        closedir(folder);
    if (empty)
        return ERR_OK;
    file_guard_refuse(target, why, RUN_WHY_SIZE, "is there already, and not an empty folder; give another");
    return ERR_USAGE;
}

/* Under its name for good. */
static enum err name_it(struct backup *backup)
{
    char above[PATH_TEXT_MAX], *slash;

    if (rename(backup->part, backup->target) != 0)
        return file_guard_refuse(backup->target, backup->why, RUN_WHY_SIZE, "cannot be made: %s",
                                 strerror(errno));
    backup->part[0] = '\0';
    snprintf(above, sizeof(above), "%s", backup->target);
    slash = strrchr(above, '/');
    if (slash != NULL)
        slash[slash == above] = '\0';
    return backup_sync_folder(slash == NULL ? "." : above, ".", backup->why, RUN_WHY_SIZE);
}

int command_backup(const struct cli *cli, const struct config *config)
{
    char folder[PATH_TEXT_MAX], target[PATH_TEXT_MAX];
    struct backup backup = {.from = folder, .target = target};
    int code;
    enum err err = paths_name_data_dir(config_text(config, "data_dir"), folder, backup.why, RUN_WHY_SIZE);

    if (err == ERR_OK)
        err = choose_target(cli->file[0], target, backup.why);
    run_catch_interrupts();
    for (int i = 0; err == ERR_OK && i < TRIES; i++) {
        err = copy_all(&backup);
        if (err == ERR_OK || i + 1 == TRIES || run_interrupted || (err != ERR_NOT_FOUND && err != ERR_STATE))
            break;
        remove_part(&backup);
        err = ERR_OK;
    }
    if (err == ERR_OK)
        err = name_it(&backup);
    code = err == ERR_OK ? print_result(cli, &backup.list, target)
                         : run_fail(run_store_exit_code(err), backup.why);
    remove_part(&backup);
    return code;
}
