#include "store/db.h"

#include "core/base/clock.h"
#include "store/db_fault.h"
#include "store/db_file.h"
#include "store/schema.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK_STEP 10000 /* virtual machine steps between two looks at the clock */
#define LENGTH_MAX (1 << 20)

struct db {
    sqlite3 *handle;
    int lock_fd;
    int64_t check_until_ns;
    dev_t device; /* of the open file: the path must go on leading to it */
    ino_t inode;
    char path[DB_PATH_MAX + 1];
};

sqlite3 *db_handle(struct db *db)
{
    return db->handle;
}

const char *db_path(const struct db *db)
{
    return db->path;
}

static enum err refuse_damaged(const struct db *db, const char *what, char *why, size_t why_size)
{
    int error = db_fault_errno(db->handle);

    if (error != 0)
        snprintf(why, why_size, "%s: reading failed: %s", db->path, strerror(error));
    else
        snprintf(why, why_size,
                 "%s: damaged (%.120s); keep it, try `sqlite3 FILE .recover`, or move it away to start anew",
                 db->path, what);
    return ERR_STORAGE;
}

enum err db_explain(const struct db *db, const char *doing, int code, char *why, size_t why_size)
{
    int system_errno = sqlite3_system_errno(db->handle);
    char said[DB_SAID_SIZE];

    switch (code & 0xff) {
    case SQLITE_FULL:
        snprintf(why, why_size, "%s: %s failed: the disk is full; free space and start again", db->path,
                 doing);
        break;
    case SQLITE_NOTADB:
        snprintf(why, why_size, "%s: not a flowdeck database; move it away or choose another path", db->path);
        break;
    case SQLITE_CORRUPT:
        return refuse_damaged(db, db_file_said(sqlite3_errmsg(db->handle), said), why, why_size);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        snprintf(why, why_size, "%s: %s failed: locked by another program for too long", db->path, doing);
        break;
    case SQLITE_READONLY:
        snprintf(why, why_size, "%s: %s failed: the file or its folder is read-only", db->path, doing);
        break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        snprintf(why, why_size, "%s: %s failed: %s (%s)", db->path, doing, sqlite3_errstr(code),
                 system_errno == 0 ? "no system error" : strerror(system_errno));
        break;
    default: /* a rollback since then has cleared SQLite's own words */
        snprintf(why, why_size, "%s: %s failed: %s", db->path, doing,
                 sqlite3_errcode(db->handle) == SQLITE_OK ? sqlite3_errstr(code)
                                                          : db_file_said(sqlite3_errmsg(db->handle), said));
    }
    return ERR_STORAGE;
}

/* --- opening ------------------------------------------------------------------------------------------- */

/*
 * The header, read through SQLite's own descriptor and before SQLite believes anything in it. An empty file is
 * new. A file with a hot journal may have any header: it is judged after SQLite has rolled it back.
 */
static enum err check_header(struct db *db, bool *empty, char *why, size_t why_size)
{
    unsigned char header[DB_HEADER_SIZE];
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;
    char journal[DB_PATH_MAX + 16];

    if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
        file == NULL || file->pMethods == NULL || file->pMethods->xFileSize(file, &size) != SQLITE_OK)
        return db_explain(db, "opening", SQLITE_CANTOPEN, why, why_size);
    *empty = size == 0;
    snprintf(journal, sizeof(journal), "%s-journal", db->path);
    if (*empty || access(journal, F_OK) == 0)
        return ERR_OK;
    if (size < DB_HEADER_SIZE || file->pMethods->xRead(file, header, DB_HEADER_SIZE, 0) != SQLITE_OK)
        size = 0;
    return db_file_judge_header(db->path, header, (size_t)size, why, why_size);
}

static enum err harden(struct db *db, char *why, size_t why_size)
{
    static const struct {
        int option, value;
    } options[] = {{SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                   {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                   {SQLITE_DBCONFIG_DQS_DML, 0},        {SQLITE_DBCONFIG_DQS_DDL, 0},
                   {SQLITE_DBCONFIG_ENABLE_FKEY, 1}};
    int code;

    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        code = sqlite3_db_config(db->handle, options[i].option, options[i].value, NULL);
        if (code != SQLITE_OK)
            return db_explain(db, "hardening", code, why, why_size);
    }
    sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
    sqlite3_limit(db->handle, SQLITE_LIMIT_SQL_LENGTH, LENGTH_MAX);
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_busy_timeout(db->handle, DB_OPEN_WAIT_MS);
    code = sqlite3_exec(db->handle,
                        "PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY", NULL,
                        NULL, NULL);
    return code == SQLITE_OK ? ERR_OK : db_explain(db, "opening", code, why, why_size);
}

static int check_time(void *arg)
{
    const struct db *db = arg;

    return clock_monotonic_ns() > db->check_until_ns;
}

/* A damaged database is found here, not in the middle of a trading day. */
static enum err quick_check(struct db *db, char *why, size_t why_size)
{
    char damage[DB_SAID_SIZE];
    sqlite3_stmt *statement;
    enum err err = ERR_OK;
    int code = sqlite3_prepare_v2(db->handle, "PRAGMA quick_check(1)", -1, &statement, NULL);

    if (code != SQLITE_OK)
        return db_explain(db, "checking", code, why, why_size);
    db->check_until_ns = clock_monotonic_ns() + DB_CHECK_MS * INT64_C(1000000);
    sqlite3_progress_handler(db->handle, CHECK_STEP, check_time, db);
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0) {
        err = refuse_damaged(db, db_file_said((const char *)sqlite3_column_text(statement, 0), damage), why,
                             why_size);
    } else if (code != SQLITE_ROW && code != SQLITE_DONE && (code & 0xff) != SQLITE_INTERRUPT) {
        err = db_explain(db, "checking", code, why, why_size);
    }
    sqlite3_progress_handler(db->handle, 0, NULL, NULL);
    sqlite3_finalize(statement);
    return err;
}

/* How many things a database without an application id holds; ours has none before its first migration. */
static int count_tables(sqlite3 *handle, int *out)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(handle, "SELECT count(*) FROM sqlite_schema", -1, &statement, NULL);

    if (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        *out = sqlite3_column_int(statement, 0);
        code = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    return code;
}

static enum err check_version(struct db *db, bool empty, int *version, char *why, size_t why_size)
{
    int application_id = 0, tables = 0;
    int code = schema_read_pragma(db->handle, "application_id", &application_id);

    if (code == SQLITE_OK)
        code = schema_read_pragma(db->handle, "user_version", version);
    if (code == SQLITE_OK)
        code = count_tables(db->handle, &tables);
    if (code != SQLITE_OK)
        return db_explain(db, "reading", code, why, why_size);
    if (empty)
        return ERR_OK;
    if (application_id != SCHEMA_APPLICATION_ID && (application_id != 0 || *version != 0 || tables != 0)) {
        snprintf(why, why_size,
                 "%s: a database of another program (application id 0x%08x); choose another path", db->path,
                 (unsigned)application_id);
        return ERR_STORAGE;
    }
    if (*version > schema_version) {
        snprintf(
            why, why_size,
            "%s: made by a newer flowdeck (schema %d, this one knows %d); use that flowdeck or another path",
            db->path, *version, schema_version);
        return ERR_STORAGE;
    }
    if (*version < 0) {
        snprintf(why, why_size, "%s: damaged (schema %d); move it away to start anew", db->path, *version);
        return ERR_STORAGE;
    }
    return ERR_OK;
}

/* The schema goes in before WAL mode, so that the header of the file itself says whose it is from the start. */
static enum err set_up(struct db *db, char *why, size_t why_size)
{
    bool empty = false;
    int version = 0, code;
    enum err err = check_header(db, &empty, why, why_size);

    if (err == ERR_OK)
        err = harden(db, why, why_size);
    if (err == ERR_OK)
        err = check_version(db, empty, &version, why, why_size);
    if (err == ERR_OK && !empty)
        err = quick_check(db, why, why_size);
    if (err != ERR_OK)
        return err;
    if (sqlite3_db_readonly(db->handle, "main") != 0)
        return db_explain(db, "opening for writing", SQLITE_READONLY, why, why_size);
    if (version < schema_version) {
        code = schema_migrate(db->handle, schema_steps, schema_version);
        if (code != SQLITE_OK)
            return db_explain(db, "making the tables", code, why, why_size);
    }
    code = sqlite3_exec(db->handle,
                        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                        "PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 67108864",
                        NULL, NULL, NULL);
    return code == SQLITE_OK ? ERR_OK
                             : db_explain(db, "opening the log of the database", code, why, why_size);
}

static enum err check_wal(struct db *db, char *why, size_t why_size)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(db->handle, "PRAGMA journal_mode", -1, &statement, NULL);
    enum err err = ERR_OK;

    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code != SQLITE_ROW) {
        err = db_explain(db, "opening", code, why, why_size);
    } else if (strcmp((const char *)sqlite3_column_text(statement, 0), "wal") != 0) {
        snprintf(why, why_size, "%s: this file system cannot hold a database log (WAL); choose a local disk",
                 db->path);
        err = ERR_STORAGE;
    }
    sqlite3_finalize(statement);
    return err;
}

static enum err open_handle(struct db *db, char *why, size_t why_size)
{
    enum err err = db_file_prepare(db->path, why, why_size);
    int code;

    if (err != ERR_OK)
        return err;
    code = sqlite3_open_v2(db->path, &db->handle,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code != SQLITE_OK)
        return db_explain(db, "opening", code, why, why_size);
    err = set_up(db, why, why_size);
    return err == ERR_OK ? check_wal(db, why, why_size) : err;
}

static enum err remember_file(struct db *db, char *why, size_t why_size)
{
    struct stat at;

    if (stat(db->path, &at) != 0)
        return db_explain(db, "opening", SQLITE_CANTOPEN, why, why_size);
    db->device = at.st_dev;
    db->inode = at.st_ino;
    return ERR_OK;
}

enum err db_open(const char *path, struct db **out, char *why, size_t why_size)
{
    struct db *db;
    enum err err = db_file_prepare_folder(path, why, why_size);

    if (err != ERR_OK)
        return err;
    db = calloc(1, sizeof(*db));
    if (db == NULL) {
        snprintf(why, why_size, "%s: out of memory", path);
        return ERR_MEMORY;
    }
    snprintf(db->path, sizeof(db->path), "%s", path);
    db->lock_fd = db_file_open_lock(path, why, why_size);
    if (db->lock_fd < 0)
        err = ERR_STORAGE;
    else if (!db_file_lock(db->lock_fd, DB_OPEN_WAIT_MS))
        err = db_explain(db, "opening", SQLITE_BUSY, why, why_size);
    else
        err = open_handle(db, why, why_size);
    if (err == ERR_OK)
        err = remember_file(db, why, why_size);
    if (err != ERR_OK) {
        db_close(db);
        return err;
    }
    sqlite3_busy_timeout(db->handle, DB_BEGIN_WAIT_MS);
    db_file_unlock(db->lock_fd);
    *out = db;
    return ERR_OK;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    if (db->handle != NULL) {
        db_file_lock(db->lock_fd, DB_OPEN_WAIT_MS); /* the last one to close checkpoints */
        sqlite3_close_v2(db->handle);
    }
    if (db->lock_fd >= 0)
        close(db->lock_fd);
    free(db);
}

/* --- groups -------------------------------------------------------------------------------------------- */

static bool is_in_place(const struct db *db)
{
    struct stat at;

    return stat(db->path, &at) == 0 && at.st_dev == db->device && at.st_ino == db->inode;
}

enum err db_begin(struct db *db, char *why, size_t why_size)
{
    int code;

    if (!db_file_lock(db->lock_fd, DB_BEGIN_WAIT_MS))
        return ERR_STATE;
    if (!is_in_place(db)) { /* SQLite would go on writing to a file that nobody finds again */
        db_file_unlock(db->lock_fd);
        snprintf(why, why_size, "%s: was deleted or replaced while in use; nothing more is stored", db->path);
        return ERR_STORAGE;
    }
    code = sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        return ERR_OK;
    db_file_unlock(db->lock_fd);
    if ((code & 0xff) == SQLITE_BUSY)
        return ERR_STATE;
    return db_explain(db, "beginning a group", code, why, why_size);
}

enum err db_commit(struct db *db, char *why, size_t why_size)
{
    int code = sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL);
    enum err err = ERR_OK;

    if (code != SQLITE_OK) {
        err = db_explain(db, "storing", code, why, why_size);
        db_rollback(db);
        return err;
    }
    db_file_unlock(db->lock_fd);
    return ERR_OK;
}

void db_rollback(struct db *db)
{
    if (sqlite3_get_autocommit(db->handle) == 0)
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    db_file_unlock(db->lock_fd);
}
