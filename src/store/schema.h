/*
 * schema.h - tables of the database and the way from one version to the next.
 *
 * PRAGMA application_id says whose file it is, PRAGMA user_version which schema it has. Step i leads from
 * version i to i + 1; a migration is one transaction: the file is old or new, nothing between. A released step is never edited.
 *
 * Units: *_ns event time in nanoseconds, *_e8 decimals times 10^8. Times and ids are 64-bit integers.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <sqlite3.h>
#include <stddef.h>

#define SCHEMA_APPLICATION_ID 0x666c6463 /* "fldc" */

extern const char *const schema_steps[];
extern const int schema_version; /* what this build writes: count of steps */

/*
 * Takes the steps from the file's user_version up to `count` in one transaction. Returns an SQLite code; on an error nothing has changed.
 */
int schema_migrate(sqlite3 *handle, const char *const *steps, int count);

/* PRAGMA name as a number; an SQLite code. */
int schema_read_pragma(sqlite3 *handle, const char *name, int *out);

#endif
