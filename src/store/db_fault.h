/* db_fault.h - an error of SQLite's: is the file damaged, or could the disk not be read? It calls both malformed. */
#ifndef STORE_DB_FAULT_H
#define STORE_DB_FAULT_H

#include "core/base/err.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/* What the system said when a read of the main file failed; 0: none has failed. */
int db_fault_errno(sqlite3 *handle);
/* One line in why. ERR_BAD_DATA: damaged, what: SQLite's words if NULL; ERR_STORAGE: reading failed. */
enum err db_fault(sqlite3 *handle, const char *path, int code, const char *what, char *why, size_t why_size);

#endif
