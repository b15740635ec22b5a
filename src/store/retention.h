/*
 * retention.h - samples that have become old leave the database. Orders, fills, positions, audit and sessions stay: they
 * are what happened. A table made anew from the journal gets its old samples back, and loses them again.
 */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "core/base/err.h"
#include "store/db.h"

#include <stddef.h>
#include <stdint.h>

#define RETENTION_ROWS_MAX 5000 /* of one transaction: nobody waits long for it */

enum retention_table { RETENTION_EQUITY, RETENTION_CANDLES, RETENTION_SIGNALS, RETENTION_TABLES };

/* keep_days: of each table; 0: for ever. *removed: at most RETENTION_ROWS_MAX; 0: nothing is old. ERR_STATE: somebody else
 * holds the database. ERR_STORAGE with one line in why. */
enum err retention_run(struct db *db, const int64_t keep_days[RETENTION_TABLES], int64_t now_ns,
                       int64_t *removed, char *why, size_t why_size);

#endif
