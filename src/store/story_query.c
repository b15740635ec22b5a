#include "store/story_query.h"

#include "store/db_file.h"
#include "store/db_read.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static const char order_sql[] =
    "SELECT orders.session, symbol, quote, side, type, tif, state, error, price_e8, stop_e8, qty_e8, "
    "filled_e8, sent_ns,"
    " orders.updated_ns FROM orders JOIN instruments ON instruments.session = orders.session AND id = "
    "instrument"
    " WHERE seq = ?1 AND (?2 = 0 OR orders.session = ?2) ORDER BY orders.session DESC LIMIT 1";
static const char fills_sql[] =
    "SELECT ts_ns, price_e8, qty_e8, fee_e8, trade_id, maker FROM fills WHERE session = ?2 AND order_seq = ?1"
    " ORDER BY ts_ns, trade_id";
static const char lines_sql[] =
    "SELECT text FROM stories WHERE session = ?2 AND order_seq = ?1 ORDER BY line";

struct query {
    sqlite3 *handle;
    const char *path;
    struct story_query *out;
    char *why;
    size_t why_size;
};

static enum err complain(struct query *query)
{
    char said[DB_SAID_SIZE];

    snprintf(query->why, query->why_size, "%s: reading failed: %s", query->path,
             db_file_said(sqlite3_errmsg(query->handle), said));
    return ERR_STORAGE;
}

static void take_text(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    const unsigned char *text = sqlite3_column_text(statement, column);

    snprintf(out, size, "%s", text == NULL ? "" : (const char *)text);
}

static void take_order(sqlite3_stmt *statement, struct story_query *out)
{
    out->session = sqlite3_column_int64(statement, 0);
    take_text(statement, 1, out->symbol, sizeof(out->symbol));
    take_text(statement, 2, out->quote, sizeof(out->quote));
    take_text(statement, 3, out->side, sizeof(out->side));
    take_text(statement, 4, out->type, sizeof(out->type));
    take_text(statement, 5, out->tif, sizeof(out->tif));
    take_text(statement, 6, out->state, sizeof(out->state));
    take_text(statement, 7, out->error, sizeof(out->error));
    out->price_e8 = sqlite3_column_int64(statement, 8);
    out->stop_e8 = sqlite3_column_int64(statement, 9);
    out->qty_e8 = sqlite3_column_int64(statement, 10);
    out->filled_e8 = sqlite3_column_int64(statement, 11);
    out->sent_ns = sqlite3_column_int64(statement, 12);
    out->updated_ns = sqlite3_column_int64(statement, 13);
}

static void take_fill(sqlite3_stmt *statement, struct story_query *out)
{
    struct story_query_fill *fill;

    out->fills_ever++;
    if (out->fills == STORY_QUERY_FILLS_MAX)
        return;
    fill = &out->fill[out->fills++];
    fill->ts_ns = sqlite3_column_int64(statement, 0);
    fill->price_e8 = sqlite3_column_int64(statement, 1);
    fill->qty_e8 = sqlite3_column_int64(statement, 2);
    fill->fee_e8 = sqlite3_column_int64(statement, 3);
    fill->trade_id = (uint64_t)sqlite3_column_int64(statement, 4);
    fill->maker = sqlite3_column_int(statement, 5) != 0;
}

static void take_line(sqlite3_stmt *statement, struct story_query *out)
{
    if (out->lines < STORY_QUERY_LINES_MAX)
        take_text(statement, 0, out->line[out->lines++], STORY_QUERY_TEXT);
}

static enum err rows(struct query *query, const char *sql, int64_t session,
                     void (*take)(sqlite3_stmt *statement, struct story_query *out), size_t *count)
{
    sqlite3_stmt *statement;
    int code;

    *count = 0;
    if (sqlite3_prepare_v2(query->handle, sql, -1, &statement, NULL) != SQLITE_OK)
        return complain(query);
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)query->out->seq);
    sqlite3_bind_int64(statement, 2, session);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        take(statement, query->out);
        ++*count;
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? ERR_OK : complain(query);
}

static enum err ask(struct query *query, int64_t session)
{
    size_t count;
    enum err err = rows(query, order_sql, session, take_order, &count);

    if (err != ERR_OK)
        return err;
    if (count == 0) {
        snprintf(query->why, query->why_size, "%s: there is no order %" PRIu64 "%s", query->path,
                 query->out->seq, session == 0 ? "" : " in that session");
        return ERR_NOT_FOUND;
    }
    err = rows(query, fills_sql, query->out->session, take_fill, &count);
    if (err == ERR_OK)
        err = rows(query, lines_sql, query->out->session, take_line, &count);
    return err;
}

enum err story_query(const char *path, int64_t session, uint64_t seq, struct story_query *out, char *why,
                     size_t why_size)
{
    struct query query = {.path = path, .out = out, .why = why, .why_size = why_size};
    struct db_read read = {.stop = NULL};
    enum err err;

    memset(out, 0, sizeof(*out));
    out->seq = seq;
    err = db_read_open(path, &read, why, why_size);
    if (err != ERR_OK)
        return err;
    query.handle = read.handle;
    err = ask(&query, session);
    (void)db_read_close(&read); /* what began to write meanwhile only adds */
    return err;
}
