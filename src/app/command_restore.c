/* command_restore.c - `flowdeck restore DIR`: copied and verified beside what is there, then put in its place. */
#include "app/backup_beside.h"
#include "app/command_backup.h"
#include "app/command_verify.h"
#include "app/instance_lock.h"
#include "app/kill_latch.h"
#include "app/paths.h"
#include "app/run.h"
#include "store/epoch_floor.h"
#include "store/file_guard.h"
#include "store/journal_accounts.h"
#include "store/journal_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct restore {
    const char *from; /* the backup */
    const char *ring_dir;
    char folder[PATH_TEXT_MAX]; /* the data directory */
    char part[BACKUP_PATH_MAX]; /* in it: the copy, then what was replaced */
    bool replaced;              /* something was */
    uint64_t epoch;             /* of the last leader here; 0: not known */
    int lock_fd;
    char why[RUN_WHY_SIZE];
    struct backup_list list;
};

static const char *const replaced_names[] = {"journal", DB_FILE_NAME "-wal", DB_FILE_NAME "-shm",
                                             DB_FILE_NAME "-journal", DB_FILE_NAME};

static const char *in_folder(const char *folder, const char *name, char out[BACKUP_PATH_MAX])
{
    snprintf(out, BACKUP_PATH_MAX, "%.1200s/%.150s", folder, name);
    return out;
}

static bool is_there(const char *folder, const char *name)
{
    char path[BACKUP_PATH_MAX];
    struct stat at;

    return lstat(in_folder(folder, name, path), &at) == 0;
}

static enum err move(struct restore *restore, const char *from, const char *to, const char *name)
{
    char source[BACKUP_PATH_MAX], target[BACKUP_PATH_MAX];

    if (rename(in_folder(from, name, source), in_folder(to, name, target)) == 0)
        return ERR_OK;
    return file_guard_refuse(source, restore->why, RUN_WHY_SIZE, "cannot be moved to %.600s: %s", target,
                             strerror(errno));
}

/* --- before anything changes --------------------------------------------------------------------------------------- */

static enum err check_target(struct restore *restore, bool force)
{
    struct instance_holder self, before = {.pid = 0};
    enum err err;

    instance_holder_self(&self);
    if (instance_lock_holder(restore->folder, &before))
        restore->epoch = before.epoch; /* of a run that was older than the file that keeps it */
    err = instance_lock_take(restore->folder, &self, 0, &restore->lock_fd, restore->why, RUN_WHY_SIZE);
    if (err != ERR_OK || force)
        return err;
    for (size_t i = 0; i < sizeof(replaced_names) / sizeof(replaced_names[0]); i++)
        if (is_there(restore->folder, replaced_names[i])) {
            file_guard_refuse(restore->folder, restore->why, RUN_WHY_SIZE,
                              "has a %s already; --force moves what is there aside", replaced_names[i]);
            return ERR_USAGE;
        }
    return ERR_OK;
}

static enum err make_account_folders(struct restore *restore)
{
    enum err err = ERR_OK;

    for (size_t i = 0; err == ERR_OK && i < restore->list.count; i++) {
        char folder[sizeof(restore->list.file[i].path)];

        if (strncmp(restore->list.file[i].path, "journal/", 8) != 0)
            continue;
        if (!is_there(restore->part, "journal"))
            err = backup_make_folder(restore->part, "journal", restore->why, RUN_WHY_SIZE);
        snprintf(folder, sizeof(folder), "%s", restore->list.file[i].path);
        *strrchr(folder, '/') = '\0';
        if (err == ERR_OK && !is_there(restore->part, folder))
            err = backup_make_folder(restore->part, folder, restore->why, RUN_WHY_SIZE);
    }
    return err;
}

/* The epochs of the journals before the one that is backed up: a new machine has no other trace of them. */
static enum err take_epoch(struct restore *restore)
{
    char path[BACKUP_PATH_MAX];
    uint64_t epoch;
    enum err err = epoch_floor_read(restore->part, &epoch, restore->why, RUN_WHY_SIZE);

    if (err == ERR_OK && epoch > restore->epoch)
        restore->epoch = epoch;
    (void)unlink(in_folder(restore->part, EPOCH_FLOOR_FILE, path)); /* raised, not put */
    return err;
}

/* Copied, compared with the manifest where it now is, verified: nothing of the data directory has changed until here. */
static enum err copy_and_verify(struct restore *restore)
{
    enum err err;

    in_folder(restore->folder, "restore-XXXXXX", restore->part);
    if (mkdtemp(restore->part) == NULL) {
        err = file_guard_refuse(restore->folder, restore->why, RUN_WHY_SIZE, "cannot make a folder here: %s",
                                strerror(errno));
        restore->part[0] = '\0';
        return err;
    }
    err = make_account_folders(restore);
    for (size_t i = 0; err == ERR_OK && i < restore->list.count; i++)
        err = run_interrupted ? run_tell_interrupted(restore->why)
                              : backup_copy_file(restore->from, restore->part, restore->list.file[i].path,
                                                 UINT64_MAX, restore->why, RUN_WHY_SIZE);
    if (err == ERR_NOT_FOUND)
        err = ERR_BAD_DATA;
    if (err == ERR_OK)
        err = backup_manifest_check(restore->part, &restore->list, restore->why, RUN_WHY_SIZE);
    if (err == ERR_OK)
        err = verify_copy(restore->part, stdout, restore->why, RUN_WHY_SIZE);
    for (size_t i = 0; err == ERR_OK && i < restore->list.count; i++) {
        char folder[sizeof(restore->list.file[i].path)] = ".";

        if (strchr(restore->list.file[i].path, '/') != NULL) {
            snprintf(folder, sizeof(folder), "%s", restore->list.file[i].path);
            *strrchr(folder, '/') = '\0';
        }
        err = backup_sync_folder(restore->part, folder, restore->why, RUN_WHY_SIZE);
    }
    if (err == ERR_OK)
        err = take_epoch(restore);
    return err == ERR_OK && is_there(restore->part, "journal")
               ? backup_sync_folder(restore->part, "journal", restore->why, RUN_WHY_SIZE)
               : err;
}

/* --- putting it in its place --------------------------------------------------------------------------------------- */

/* What a killed engine left in memory is of the journal that goes: a start with the other one would refuse it. */
static enum err keep_ring(struct restore *restore, const char *account)
{
    char path[256], *slash;
    enum err err;

    if (journal_ring_path(restore->ring_dir, restore->folder, account, path, sizeof(path)) != ERR_OK ||
        access(path, F_OK) != 0)
        return ERR_OK;
    slash = strrchr(path, '/');
    *slash = '\0';
    err = backup_copy_file(path, restore->part, slash + 1, UINT64_MAX, restore->why, RUN_WHY_SIZE);
    *slash = '/';
    if (err == ERR_OK)
        err = backup_sync_folder(restore->part, ".", restore->why, RUN_WHY_SIZE);
    if (err == ERR_OK && unlink(path) != 0)
        err = file_guard_refuse(path, restore->why, RUN_WHY_SIZE, "cannot be removed: %s", strerror(errno));
    restore->replaced |= err == ERR_OK;
    return err;
}

static enum err keep_rings(struct restore *restore, const char *data_dir)
{
    struct journal_accounts all;
    enum err err = journal_accounts_read(data_dir, &all, restore->why, RUN_WHY_SIZE);

    if (err == ERR_NOT_FOUND)
        return ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < all.count; i++)
        err = keep_ring(restore, all.name[i]);
    return err;
}

/* In one step where both are there: a start finds the old journal or the new one, never none, which would begin anew. */
static enum err put(struct restore *restore, const char *name)
{
    char ours[BACKUP_PATH_MAX], theirs[BACKUP_PATH_MAX], aside[BACKUP_PATH_MAX];
    bool is_new = is_there(restore->part, name), is_old = is_there(restore->folder, name);

    in_folder(restore->part, name, ours);
    in_folder(restore->folder, name, theirs);
    restore->replaced |= is_old;
    if (is_new && is_old) {
        if (renameat2(AT_FDCWD, ours, AT_FDCWD, theirs, RENAME_EXCHANGE) == 0)
            return ERR_OK;
        snprintf(aside, sizeof(aside), "%.1300s.old", ours); /* a file system that cannot */
        if (rename(theirs, aside) == 0) {
            if (rename(ours, theirs) == 0)
                return ERR_OK;
            (void)rename(aside, theirs);
        }
        return file_guard_refuse(theirs, restore->why, RUN_WHY_SIZE, "cannot be replaced: %s",
                                 strerror(errno));
    }
    if (is_new)
        return move(restore, restore->part, restore->folder, name);
    return is_old ? move(restore, restore->folder, restore->part, name) : ERR_OK;
}

/* Alerts and lines typed are those of the backup's time; a plug-in that ended the process since stays out. */
static enum err put_beside(struct restore *restore)
{
    char path[BACKUP_PATH_MAX];
    enum err err = ERR_OK;

    if (is_there(restore->folder, BACKUP_QUARANTINE))
        (void)unlink(in_folder(restore->part, BACKUP_QUARANTINE, path));
    for (size_t i = 0; err == ERR_OK && i < restore->list.count; i++) {
        const char *name = restore->list.file[i].path;

        if (backup_is_beside(name) && is_there(restore->part, name))
            err = put(restore, name);
    }
    return err;
}

/*
 * Logs of the old database go before it; its rows without them are behind, and a start reads on. The file of the largest
 * epoch stays: the next one is above those of the journal that is replaced.
 */
static enum err put_all(struct restore *restore)
{
    enum err err = epoch_floor_raise(restore->folder, restore->epoch, restore->why, RUN_WHY_SIZE);

    if (err == ERR_OK)
        err = keep_rings(restore, restore->folder);
    if (err == ERR_OK)
        err = keep_rings(restore, restore->part);
    for (size_t i = 0; err == ERR_OK && i < sizeof(replaced_names) / sizeof(replaced_names[0]); i++)
        err = put(restore, replaced_names[i]);
    if (err == ERR_OK)
        err = put_beside(restore);
    if (err == ERR_OK && is_there(restore->part, KILL_LATCH_FILE) &&
        !is_there(restore->folder, KILL_LATCH_FILE))
        err = move(restore, restore->part, restore->folder, KILL_LATCH_FILE);
    return err == ERR_OK ? backup_sync_folder(restore->folder, ".", restore->why, RUN_WHY_SIZE) : err;
}

/* What was replaced gets a name that tells; what is left of the copy alone goes. */
static void name_replaced(struct restore *restore, char out[BACKUP_PATH_MAX])
{
    time_t now = time(NULL);
    struct tm utc;
    char name[48], path[BACKUP_PATH_MAX];

    out[0] = '\0';
    if (!restore->replaced) {
        unlink(in_folder(restore->part, KILL_LATCH_FILE, path));
        rmdir(restore->part);
        return;
    }
    gmtime_r(&now, &utc);
    strftime(name, sizeof(name), "replaced-%Y%m%dT%H%M%SZ", &utc);
    in_folder(restore->folder, name, out);
    if (rename(restore->part, out) != 0)
        snprintf(out, BACKUP_PATH_MAX, "%s", restore->part);
}

static int tell(const struct cli *cli, const struct restore *restore, const char *aside)
{
    if (cli->json)
        printf("{\"restore\":true,\"files\":%zu,\"replaced\":%s}\n", restore->list.count,
               restore->replaced ? "true" : "false");
    else
        printf("restore: %zu files, verified: %s%s%s\n", restore->list.count, restore->folder,
               restore->replaced ? "\nrestore: what was there is in " : "", aside);
    return fflush(stdout) == 0 ? EXIT_CODE_OK : EXIT_CODE_FAILED;
}

int command_restore(const struct cli *cli, const struct config *config)
{
    struct restore restore = {
        .from = cli->file[0], .ring_dir = config_text(config, "journal.ring_dir"), .lock_fd = -1};
    char aside[BACKUP_PATH_MAX];
    bool putting = false;
    int code;
    enum err err;

    run_catch_interrupts();
    err = backup_manifest_read(restore.from, &restore.list, restore.why, RUN_WHY_SIZE);

    if (err == ERR_OK)
        err = backup_manifest_check(restore.from, &restore.list, restore.why, RUN_WHY_SIZE);
    if (err == ERR_OK)
        err = paths_data_dir(config_text(config, "data_dir"), restore.folder, restore.why, RUN_WHY_SIZE);
    if (err == ERR_OK)
        err = check_target(&restore, cli->store.force);
    if (err == ERR_OK)
        err = copy_and_verify(&restore);
    if (err == ERR_OK && run_interrupted)
        err = run_tell_interrupted(restore.why);
    if (err == ERR_OK) { /* from here on to its end, whatever signal comes */
        putting = true;
        err = put_all(&restore);
    }
    if (err == ERR_OK) {
        name_replaced(&restore, aside);
        code = tell(cli, &restore, aside);
    } else {
        if (putting)
            run_interrupted = false; /* not why it failed */
        code = run_fail(err == ERR_NOT_FOUND ? EXIT_CODE_USAGE : run_store_exit_code(err), restore.why);
        if (putting)
            fprintf(stderr, "flowdeck: restore: %s: what was not put in its place is here\n", restore.part);
        else if (restore.part[0] != '\0')
            backup_remove_folder(restore.part);
    }
    backup_list_free(&restore.list);
    instance_lock_drop(restore.lock_fd);
    return code;
}
