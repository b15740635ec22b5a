/*
 * row_compare.h - the rows of one account in two databases, table by table: which differ, and in which column.
 *
 * Ids of sessions and audit lines are each database's own: rows are known by the session's number in the journal, and by
 * their place among its lines.
 */
#ifndef STORE_ROW_COMPARE_H
#define STORE_ROW_COMPARE_H

#include "core/base/err.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#define ROW_COMPARE_NAMED 20 /* so many differences are told in words */

struct row_compare {
    const char *account;
    sqlite3 *expected, *found; /* made anew from the journal; the database */
    /* Each of the first ROW_COMPARE_NAMED differences: one line of safe text. */
    void (*tell)(void *arg, const char *line);
    void *arg;
    /* the result */
    uint64_t rows, differences;
    int64_t
        first_number; /* sessions before it are only in the database: the journal's beginning is retired */
};

/* ERR_OK: compared, see differences. ERR_BAD_DATA: a database is damaged; ERR_STORAGE. One line in why. */
enum err row_compare(struct row_compare *compare, char *why, size_t why_size);

#endif
