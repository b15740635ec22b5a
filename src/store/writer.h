/*
 * writer.h - records as rows: the prepared statements of one account's sessions.
 *
 * Used on the store thread, inside db_begin() and db_commit(). Text passes safe_text() on its way.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "core/base/err.h"
#include "store/db.h"
#include "store/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WRITER_ACCOUNT_SIZE 32

struct writer;

/*
 * Prepares the statements. Rows go to the account's newest session; a SESSION record begins one. An order of an earlier
 * session is found there.
 */
enum err writer_new(struct db *db, const char *account, struct writer **out, char *why, size_t why_size);
void writer_free(struct writer *writer); /* NULL is allowed */

bool writer_knows(const struct writer *writer); /* there is a session of this account */
/* All rows of the account go. */
enum err writer_forget(struct writer *writer, char *why, size_t why_size);
enum err writer_put(struct writer *writer, const struct store_record *record, char *why, size_t why_size);

#endif
