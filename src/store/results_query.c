#include "store/results_query.h"

#include "store/db_file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* ?1 account, ?2 the newest session alone. */
#define OURS                                                                                                 \
    " s.account = ?1 AND (?2 = 0 OR s.id = (SELECT max(id) FROM sessions WHERE sessions.account = ?1))"

/* A replay's session is opened before its recording has told the time: it begins with its first sample. */
static const char sessions_sql[] =
    "SELECT coalesce(nullif(start_ns, 0), (SELECT min(ts_ns) FROM equity WHERE equity.session = s.id), 0),"
    " coalesce(end_ns, (SELECT max(ts_ns) FROM equity WHERE equity.session = s.id), start_ns)"
    " FROM sessions AS s WHERE" OURS " ORDER BY s.id";
static const char samples_sql[] =
    "SELECT e.ts_ns, e.equity_e8 FROM equity AS e JOIN sessions AS s ON s.id = e.session"
    " WHERE e.ts_ns > ?3 AND" OURS " ORDER BY e.ts_ns";
static const char fills_sql[] =
    "SELECT f.ts_ns, i.symbol, f.owner_name, f.owner, f.side, f.maker, f.price_e8, f.qty_e8, f.value_e8,"
    " f.fee_e8, f.slippage_e8 FROM fills AS f JOIN sessions AS s ON s.id = f.session"
    " JOIN instruments AS i ON i.session = f.session AND i.id = f.instrument"
    " WHERE i.quote = ?3 AND" OURS " ORDER BY f.ts_ns, f.trade_id";

struct query {
    struct db_read *read;
    const struct results_scope *scope;
    const struct results_take *take;
    char *why;
    size_t why_size;
};

static enum err complain(const struct query *query)
{
    char said[DB_SAID_SIZE];

    snprintf(query->why, query->why_size, "reading the results failed: %s",
             db_file_said(sqlite3_errmsg(query->read->handle), said));
    return ERR_STORAGE;
}

static void take_text(sqlite3_stmt *row, int column, char *out, size_t size)
{
    const unsigned char *text = sqlite3_column_text(row, column);

    snprintf(out, size, "%s", text == NULL ? "" : (const char *)text);
}

static void take_fill(const struct results_take *take, sqlite3_stmt *row)
{
    struct results_fill fill = {.ts_ns = sqlite3_column_int64(row, 0),
                                .owner_id = (uint16_t)sqlite3_column_int(row, 3),
                                .maker = sqlite3_column_int(row, 5) != 0,
                                .price_e8 = sqlite3_column_int64(row, 6),
                                .qty_e8 = sqlite3_column_int64(row, 7),
                                .value_e8 = sqlite3_column_int64(row, 8),
                                .fee_e8 = sqlite3_column_int64(row, 9)};
    char side[8];

    take_text(row, 1, fill.symbol, sizeof(fill.symbol));
    take_text(row, 2, fill.owner, sizeof(fill.owner));
    take_text(row, 4, side, sizeof(side));
    fill.side = strcmp(side, "BUY") == 0 ? SIDE_BID : SIDE_ASK;
    fill.slippage_e8 =
        sqlite3_column_type(row, 10) == SQLITE_NULL ? RESULTS_UNKNOWN : sqlite3_column_int64(row, 10);
    take->fill(take->arg, &fill);
}

static void take_sample(const struct results_take *take, sqlite3_stmt *row)
{
    struct results_sample sample = {sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1)};

    take->sample(take->arg, &sample);
}

static void take_session(const struct results_take *take, sqlite3_stmt *row)
{
    struct results_session session = {sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1)};

    take->session(take->arg, &session);
}

/* after_ns or the quote asset is the third parameter, where there is one. */
static enum err rows(const struct query *query, const char *sql, const char *quote, int64_t after_ns,
                     void (*take)(const struct results_take *take, sqlite3_stmt *row))
{
    sqlite3_stmt *statement;
    int code;

    if (sqlite3_prepare_v2(query->read->handle, sql, -1, &statement, NULL) != SQLITE_OK)
        return complain(query);
    sqlite3_bind_text(statement, 1, query->scope->account, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 2, query->scope->last_session);
    if (quote != NULL)
        sqlite3_bind_text(statement, 3, quote, -1, SQLITE_STATIC);
    else if (sqlite3_bind_parameter_count(statement) == 3)
        sqlite3_bind_int64(statement, 3, after_ns);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        take(query->take, statement);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? ERR_OK : complain(query);
}

enum err results_query(struct db_read *read, const struct results_scope *scope, int64_t after_ns,
                       const struct results_take *take, char *why, size_t why_size)
{
    struct query query = {read, scope, take, why, why_size};
    enum err err = ERR_OK;

    if (sqlite3_exec(read->handle, sqlite3_get_autocommit(read->handle) ? "BEGIN" : "COMMIT; BEGIN", NULL,
                     NULL, NULL) != SQLITE_OK)
        return complain(&query);
    if (take->session != NULL)
        err = rows(&query, sessions_sql, NULL, 0, take_session);
    if (err == ERR_OK && take->sample != NULL)
        err = rows(&query, samples_sql, NULL, after_ns, take_sample);
    if (err == ERR_OK && take->fill != NULL)
        err = rows(&query, fills_sql, scope->quote, 0, take_fill);
    (void)sqlite3_exec(read->handle, "COMMIT", NULL, NULL, NULL); /* else the log could not be emptied */
    return err;
}
