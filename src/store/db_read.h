/* db_read.h - the database of a data directory for reading, whoever writes it meanwhile. Of this version, or not at all. */
#ifndef STORE_DB_READ_H
#define STORE_DB_READ_H

#include "core/base/err.h"

#include <sqlite3.h>
#include <stddef.h>

/* The caller closes *out. ERR_STORAGE with one line in why: then there is nothing to close. */
enum err db_read_open(const char *path, sqlite3 **out, char *why, size_t why_size);

#endif
