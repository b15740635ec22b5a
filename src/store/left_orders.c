#include "store/left_orders.h"

#include "store/db.h"

#include <stdio.h>

/* The last session that did not end in order. */
#define SESSION "(SELECT id FROM sessions WHERE end_ns IS NULL ORDER BY id DESC LIMIT 1)"

static const char audit[] =
    "INSERT INTO audit(session, ts_ns, input_seq, event, owner, instrument, text) "
    "SELECT session, updated_ns, input_seq, 'order.left', '-', instrument, "
    "'order ' || seq || ' was ' || state || ' when the process died: cancelled; ' || ?1 FROM orders "
    "WHERE session = " SESSION " AND state IN ('sent', 'working', 'cancelling', 'replacing', 'unknown')";
static const char cancel[] =
    "UPDATE orders SET state = 'cancelled' "
    "WHERE session = " SESSION " AND state IN ('sent', 'working', 'cancelling', 'replacing', 'unknown')";

static int run(sqlite3 *handle, const char *sql, const char *cause)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(handle, sql, -1, &statement, NULL);

    if (code != SQLITE_OK)
        return code;
    if (sqlite3_bind_parameter_count(statement) > 0)
        sqlite3_bind_text(statement, 1, cause, -1, SQLITE_STATIC);
    code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

enum err left_orders_cancel(const char *path, const char *cause, char *why, size_t why_size)
{
    struct db *db;
    int code;
    enum err err = db_open(path, &db, why, why_size);

    if (err != ERR_OK)
        return err;
    err = db_begin(db, why, why_size);
    if (err == ERR_OK) {
        code = run(db_handle(db), audit, cause);
        if (code == SQLITE_OK)
            code = run(db_handle(db), cancel, cause);
        if (code == SQLITE_OK) {
            err = db_commit(db, why, why_size);
        } else {
            err = db_explain(db, "marking orders as cancelled", code, why, why_size);
            db_rollback(db);
        }
    }
    db_close(db);
    return err;
}
