/*
 * writer.h - records as rows: the prepared statements of one session.
 *
 * Used on the store thread, inside db_begin() and db_commit(). Text passes safe_text() on its way.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "core/base/err.h"
#include "store/db.h"
#include "store/record.h"
#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

struct writer;

/* Prepares the statements and adds the session's row, in a group of its own. */
enum err writer_new(struct db *db, const struct store_session *session, struct writer **out, char *why,
                    size_t why_size);
void writer_free(struct writer *writer); /* NULL is allowed */

enum err writer_put(struct writer *writer, const struct store_record *record, char *why, size_t why_size);
/* The session ended in order, with this many records in all. */
enum err writer_end(struct writer *writer, int64_t end_ns, uint64_t records, char *why, size_t why_size);

#endif
