#include "store/db_read.h"

#include "store/schema.h"

#include <stdio.h>

#define BUSY_MS 2000

static enum err check_schema(sqlite3 *handle, const char *path, char *why, size_t why_size)
{
    int application = 0, version = 0;

    if (schema_read_pragma(handle, "application_id", &application) != SQLITE_OK ||
        schema_read_pragma(handle, "user_version", &version) != SQLITE_OK) {
        snprintf(why, why_size, "%s: reading failed: %s", path, sqlite3_errmsg(handle));
        return ERR_STORAGE;
    }
    if (application == SCHEMA_APPLICATION_ID && version == schema_version)
        return ERR_OK;
    snprintf(
        why, why_size,
        "%s: not a database of this version (schema %d, this build reads %d); a start brings it up to date",
        path, version, schema_version);
    return ERR_STORAGE;
}

enum err db_read_open(const char *path, sqlite3 **out, char *why, size_t why_size)
{
    enum err err = ERR_STORAGE;

    if (sqlite3_open_v2(path, out, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, NULL) != SQLITE_OK) {
        snprintf(why, why_size, "%s: reading failed: %s", path, sqlite3_errmsg(*out));
    } else {
        sqlite3_busy_timeout(*out, BUSY_MS);
        sqlite3_db_config(*out, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(*out, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        err = check_schema(*out, path, why, why_size);
    }
    if (err != ERR_OK) {
        sqlite3_close(*out);
        *out = NULL;
    }
    return err;
}
