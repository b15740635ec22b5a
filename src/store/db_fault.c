#include "store/db_fault.h"

#include "store/file_guard.h"

#include <string.h>

int db_fault_errno(sqlite3 *handle)
{
    int error = 0;

    return sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &error) == SQLITE_OK ? error : 0;
}

const char *db_fault_words(const unsigned char *text)
{
    const char *words = (const char *)text, *below = strchr(words, '\n');

    return below == NULL ? words : below + 1;
}

enum err db_fault(sqlite3 *handle, const char *path, int code, const char *what, char *why, size_t why_size)
{
    bool damaged = (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
    int error = damaged ? db_fault_errno(handle) : 0;

    if (error != 0)
        return file_guard_refuse(path, why, why_size, "reading failed: %s", strerror(error));
    file_guard_refuse(path, why, why_size, "%s: %.200s", damaged ? "damaged" : "reading failed",
                      what == NULL ? sqlite3_errmsg(handle) : what);
    return damaged ? ERR_BAD_DATA : ERR_STORAGE;
}
