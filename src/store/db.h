/*
 * db.h - one SQLite connection that writes: opened with every guard, refused in plain words.
 *
 * Guards: defensive mode, no trusted schema, no triggers or views, cell size checks, no memory map, no ATTACH;
 * quick_check at open, bounded in time; WAL with synchronous=FULL, so that a commit survives a power failure.
 *
 * Writers of this program also take turns by flock() on PATH-lock, held for a group of rows and its checkpoint:
 * SQLite before 3.51.3 can damage a WAL when two connections write and reset it at once (Debian 12 has 3.40.1).
 * Other programs (a shell, a backup) are waited for by SQLite's own locks.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "core/base/err.h"

#include <sqlite3.h>
#include <stddef.h>

#define DB_OPEN_WAIT_MS  10000 /* for another program that holds the database */
#define DB_CHECK_MS      2000  /* quick_check takes no longer; a larger database is checked in part */
#define DB_BEGIN_WAIT_MS 100

struct db;

/* On error nothing is open and why holds one line: the path, what is wrong, what to do. */
enum err db_open(const char *path, struct db **out, char *why, size_t why_size);
void db_close(struct db *db); /* NULL is allowed; checkpoints if nobody else has the file open */

sqlite3 *db_handle(struct db *db);
const char *db_path(const struct db *db);

/*
 * A group of rows. ERR_STATE from begin: somebody else holds the database, try again later. ERR_STORAGE: the
 * connection is not to be used again; why tells. Commit and rollback end the turn.
 */
enum err db_begin(struct db *db, char *why, size_t why_size);
enum err db_commit(struct db *db, char *why, size_t why_size);
void db_rollback(struct db *db);

/* One line for an SQLite code: "PATH: storing a fill failed: disk full ...". Returns ERR_STORAGE. */
enum err db_explain(const struct db *db, const char *doing, int code, char *why, size_t why_size);

#endif
