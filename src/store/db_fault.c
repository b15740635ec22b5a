#include "store/db_fault.h"

#include "store/db_file.h"
#include "store/file_guard.h"

#include <string.h>

int db_fault_errno(sqlite3 *handle)
{
    int error = 0;

    return sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &error) == SQLITE_OK ? error : 0;
}

enum err db_fault(sqlite3 *handle, const char *path, int code, const char *what, char *why, size_t why_size)
{
    bool damaged = (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
    char said[DB_SAID_SIZE];
    int error = damaged ? db_fault_errno(handle) : 0;

    if (error != 0)
        return file_guard_refuse(path, why, why_size, "reading failed: %s", strerror(error));
    file_guard_refuse(path, why, why_size, "%s: %s", damaged ? "damaged" : "reading failed",
                      db_file_said(what == NULL ? sqlite3_errmsg(handle) : what, said));
    return damaged ? ERR_BAD_DATA : ERR_STORAGE;
}
