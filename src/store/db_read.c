#include "store/db_read.h"

#include "store/db_fault.h"
#include "store/db_file.h"
#include "store/file_guard.h"
#include "store/schema.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS    2000
#define STOP_STEPS 10000 /* of its virtual machine between two looks at stop */
#define URI_SIZE   (3 * DB_PATH_MAX + 64)

static bool has_log(const char *path)
{
    char log[DB_PATH_MAX + 8];

    snprintf(log, sizeof(log), "%s-wal", path);
    return access(log, F_OK) == 0;
}

/* "file:/a%20b?immutable=1": without a log SQLite would make one, and leave it. */
static void make_uri(const char *path, bool still, char uri[URI_SIZE])
{
    char *at = stpcpy(uri, "file:");

    for (; *path != '\0'; path++)
        at += sprintf(at, strchr("%?#", *path) != NULL ? "%%%02x" : "%c", (unsigned char)*path);
    strcpy(at, still ? "?immutable=1" : "?mode=ro");
}

static enum err check(const struct db_read *read, const char *path, char *why, size_t why_size)
{
    int application = 0, version = 0, code = schema_read_pragma(read->handle, "application_id", &application);
    sqlite3_stmt *row = NULL;
    enum err err = ERR_OK;

    if (code == SQLITE_OK)
        code = schema_read_pragma(read->handle, "user_version", &version);
    if (code != SQLITE_OK)
        return db_fault(read->handle, path, code, NULL, why, why_size);
    if (application != SCHEMA_APPLICATION_ID) {
        file_guard_refuse(path, why, why_size, "not a flowdeck database");
        return ERR_BAD_DATA;
    }
    if (version != schema_version) {
        file_guard_refuse(path, why, why_size,
                          "of schema %d, this flowdeck knows %d; a start brings an older one up to date",
                          version, schema_version);
        return ERR_UNSUPPORTED;
    }
    if (read->trusted)
        return ERR_OK;
    code = sqlite3_prepare_v2(read->handle, "PRAGMA quick_check(1)", -1, &row, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(row);
    if (code != SQLITE_ROW) {
        err = db_fault(read->handle, path, code, NULL, why, why_size);
    } else if (strcmp((const char *)sqlite3_column_text(row, 0), "ok") != 0) {
        err = db_fault(read->handle, path, SQLITE_CORRUPT, (const char *)sqlite3_column_text(row, 0), why,
                       why_size);
    }
    sqlite3_finalize(row);
    return err;
}

static int is_stopped(void *arg)
{
    const struct db_read *read = arg;

    return atomic_load_explicit(read->stop, memory_order_relaxed);
}

enum err db_read_open(const char *path, struct db_read *out, char *why, size_t why_size)
{
    char uri[URI_SIZE];
    struct stat at;
    enum err err;
    int code;

    *out = (struct db_read){.stop = out->stop, .trusted = out->trusted, .still = !has_log(path)};
    if (strlen(path) > DB_PATH_MAX)
        return file_guard_refuse(path, why, why_size, "a database path has at most %d bytes", DB_PATH_MAX);
    if (lstat(path, &at) != 0) {
        file_guard_refuse(path, why, why_size, "%s", strerror(errno));
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_STORAGE;
    }
    make_uri(path, out->still, uri);
    code = sqlite3_open_v2(
        uri, &out->handle,
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE, NULL);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(out->handle, BUSY_MS);
        if (out->stop != NULL)
            sqlite3_progress_handler(out->handle, STOP_STEPS, is_stopped, out);
        sqlite3_db_config(out->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(out->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        code = sqlite3_exec(out->handle, "PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON; BEGIN", NULL,
                            NULL, NULL);
    }
    err = code == SQLITE_OK ? check(out, path, why, why_size)
                            : db_fault(out->handle, path, code, NULL, why, why_size);
    if (err != ERR_OK)
        (void)db_read_close(out);
    return err;
}

bool db_read_close(struct db_read *read)
{
    const char *path = read->handle == NULL ? NULL : sqlite3_db_filename(read->handle, "main");
    bool right = !read->still || path == NULL || !has_log(path);

    sqlite3_close_v2(read->handle);
    read->handle = NULL;
    return right;
}
