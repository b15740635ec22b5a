/*
 * projection.h - the journal as rows of the database: a read model, made from frames and from nothing else.
 *
 * The database remembers for each account how far it has come, in the transaction that brought it there; so what is
 * missing after a crash is read from the journal, and a database that is gone or not of this journal is made anew.
 * Runs on the store thread.
 */
#ifndef STORE_PROJECTION_H
#define STORE_PROJECTION_H

#include "core/base/err.h"
#include "store/db.h"
#include "store/store_journal.h"

struct projection;

#define PROJECTION_ROWS_MAX 2048 /* of one transaction */

/* account: "binance-spot"; journal: NULL for frames that are given by projection_take() alone. Both are borrowed. why
 * says on ERR_OK, too, what was made anew, or is empty. */
enum err projection_new(struct db *db, const char *account, const struct store_journal *journal,
                        struct projection **out, char *why, size_t why_size);
void projection_free(struct projection *projection); /* NULL is allowed */

/*
 * A transaction of what is durable and has no rows yet. *rows: how many; 0: nothing is behind. ERR_STATE: somebody else
 * holds the database, later. ERR_STORAGE, ERR_BAD_DATA: no more.
 */
enum err projection_catch_up(struct projection *projection, size_t *rows, char *why, size_t why_size);

/* Without a journal: inside db_begin() and db_commit(). */
enum err projection_take(struct projection *projection, const struct frame_head *head,
                         const unsigned char *body, char *why, size_t why_size);
uint64_t projection_seq(const struct projection *projection); /* rows up to here are committed */

#endif
