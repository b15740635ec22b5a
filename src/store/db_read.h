/* db_read.h - the database for those who only read it: nothing is made beside it, nothing in it changes. */
#ifndef STORE_DB_READ_H
#define STORE_DB_READ_H

#include "core/base/err.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct db_read {
    const atomic_bool
        *stop; /* given to db_read_open(): what is under way fails once it is set; NULL: nothing stops it */
    bool
        trusted; /* likewise: the store of this process has it open, and checked it; else a whole look comes first */
    sqlite3 *handle;
    bool still; /* nobody wrote when it was opened: no log stands beside it */
};

/* A whole database of ours, in one read transaction. ERR_NOT_FOUND: there is none; ERR_UNSUPPORTED: of an older or a newer
 * schema; ERR_BAD_DATA: damaged or not ours; ERR_STORAGE. One line in why. */
enum err db_read_open(const char *path, struct db_read *out, char *why, size_t why_size);
/* False: somebody began to write to a database that nobody wrote to. What was read may be wrong. */
bool db_read_close(struct db_read *read);

#endif
