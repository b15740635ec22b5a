#include "store/retention.h"

#include <stdio.h>

#define NS_PER_DAY INT64_C(86400000000000)

static const struct {
    const char *sql;
    int64_t ns; /* of one unit of its time */
} tables[RETENTION_TABLES] = {
    [RETENTION_EQUITY] =
        {"DELETE FROM equity WHERE (session, ts_ns) IN (SELECT session, ts_ns FROM equity WHERE"
         " ts_ns < ?1 LIMIT ?2)",
         1},
    [RETENTION_CANDLES] = {"DELETE FROM candles WHERE (session, symbol, open_ms) IN (SELECT session, symbol,"
                           " open_ms FROM candles WHERE open_ms < ?1 LIMIT ?2)",
                           1000000},
    [RETENTION_SIGNALS] =
        {"DELETE FROM signals WHERE (session, symbol, ts_ns) IN (SELECT session, symbol, ts_ns"
         " FROM signals WHERE ts_ns < ?1 LIMIT ?2)",
         1},
};

static enum err remove_old(struct db *db, enum retention_table table, int64_t before_ns, int64_t *removed,
                           char *why, size_t why_size)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(db_handle(db), tables[table].sql, -1, &statement, NULL);

    if (code != SQLITE_OK)
        return db_explain(db, "removing old samples", code, why, why_size);
    sqlite3_bind_int64(statement, 1, before_ns / tables[table].ns);
    sqlite3_bind_int64(statement, 2, RETENTION_ROWS_MAX - *removed);
    code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (code != SQLITE_DONE)
        return db_explain(db, "removing old samples", code, why, why_size);
    *removed += sqlite3_changes(db_handle(db));
    return ERR_OK;
}

enum err retention_run(struct db *db, const int64_t keep_days[RETENTION_TABLES], int64_t now_ns,
                       int64_t *removed, char *why, size_t why_size)
{
    enum err err = db_begin(db, why, why_size);

    *removed = 0;
    if (err != ERR_OK)
        return err;
    for (int table = 0; table < RETENTION_TABLES && err == ERR_OK && *removed < RETENTION_ROWS_MAX; table++)
        if (keep_days[table] > 0)
            err = remove_old(db, (enum retention_table)table, now_ns - keep_days[table] * NS_PER_DAY, removed,
                             why, why_size);
    if (err == ERR_OK)
        return db_commit(db, why, why_size);
    db_rollback(db);
    return err;
}
