#include "store/row_compare.h"

#include "core/base/safe_text.h"
#include "store/db_fault.h"
#include "store/db_file.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define TEXT_SIZE 160
#define LINE_SIZE 640

/*
 * Rows in the order of their keys, which are the first columns. ?1 account; ?2 the first session that both have; ?3 the
 * last order of the sessions before: what later sessions did to those orders is where they are; ?4 the oldest sample in
 * the database: those before it have become old. owner_name and slippage_e8 are left out: rows of before schema 4 have none.
 */
struct table {
    const char *name;
    int keys;
    const char *sql;
};

#define JOIN(table) " FROM " table " AS t JOIN sessions AS s ON s.id = t.session"
#define OURS        " WHERE s.account = ?1 AND s.number >= ?2 AND ?3 >= 0"

static const struct table tables[] = {
    {"sessions", 1,
     "SELECT s.number AS session, kind, mode, source, version, start_ns, end_ns, records, epoch"
     " FROM sessions AS s" OURS " ORDER BY 1"},
    {"instruments", 2,
     "SELECT s.number AS session, t.id, symbol, venue, base, quote, tick_e8, lot_e8, updated_ns" JOIN(
         "instruments") OURS " ORDER BY 1, 2"},
    {"orders", 2,
     "SELECT s.number AS session, seq, instrument, owner, correlation, parent, oco_group, side, type, tif,"
     " post_only, reduce_only, state, error, price_e8, stop_e8, qty_e8, display_e8, filled_e8,"
     " filled_value_e8, expire_ns, sent_ns, updated_ns, input_seq" JOIN("orders") OURS
     " AND seq > ?3 ORDER BY 1, 2"},
    {"fills", 2,
     "SELECT s.number AS session, trade_id, order_seq, instrument, owner, side, maker, ts_ns, price_e8,"
     " qty_e8, value_e8, fee_e8, realised_e8, input_seq" JOIN("fills") OURS
     " AND order_seq > ?3 ORDER BY 1, 2"},
    {"stories", 3,
     "SELECT s.number AS session, order_seq, line, text" JOIN("stories") OURS
     " AND order_seq > ?3 ORDER BY 1, 2, 3"},
    {"equity", 2,
     "SELECT s.number AS session, ts_ns, equity_e8, cash_e8, realised_e8, unrealised_e8, fees_e8,"
     " drawdown_e8" JOIN("equity") OURS " AND ts_ns >= ?4 ORDER BY 1, 2"},
    {"audit", 2,
     "SELECT s.number AS session, row_number() OVER (PARTITION BY s.number ORDER BY t.id) AS line, ts_ns,"
     " input_seq, event, owner, instrument, text" JOIN("audit") OURS " ORDER BY 1, 2"},
    {"positions", 3,
     "SELECT s.number AS session, symbol, owner, qty_e8, cost_e8, realised_e8, fees_e8, funding_e8, fills,"
     " updated_ns" JOIN("positions") OURS " ORDER BY 1, 2, 3"},
};

static enum err complain(sqlite3 *handle, int code, char *why, size_t why_size)
{
    const char *path = sqlite3_db_filename(handle, "main");

    return db_fault(handle, path == NULL ? "" : path, code, NULL, why, why_size);
}

/* --- values -------------------------------------------------------------------------------------------------------- */

static const char *value_text(sqlite3_stmt *row, int column, char out[TEXT_SIZE])
{
    if (sqlite3_column_type(row, column) == SQLITE_NULL)
        snprintf(out, TEXT_SIZE, "nothing");
    else if (sqlite3_column_type(row, column) == SQLITE_INTEGER)
        snprintf(out, TEXT_SIZE, "%" PRId64, (int64_t)sqlite3_column_int64(row, column));
    else
        safe_text((const char *)sqlite3_column_text(row, column), (size_t)sqlite3_column_bytes(row, column),
                  out, TEXT_SIZE);
    return out;
}

static int compare_values(sqlite3_stmt *left, sqlite3_stmt *right, int column)
{
    int type = sqlite3_column_type(left, column), other = sqlite3_column_type(right, column), size, result;
    const unsigned char *a, *b;

    if (type != other)
        return type < other ? -1 : 1;
    if (type == SQLITE_NULL)
        return 0;
    if (type == SQLITE_INTEGER) {
        int64_t x = sqlite3_column_int64(left, column), y = sqlite3_column_int64(right, column);

        return x < y ? -1 : x > y;
    }
    a = sqlite3_column_text(left, column);
    b = sqlite3_column_text(right, column);
    size = sqlite3_column_bytes(left, column) - sqlite3_column_bytes(right, column);
    if (a == NULL || b == NULL)
        return a == b ? 0 : a == NULL ? -1 : 1;
    result = memcmp(
        a, b, (size_t)(size < 0 ? sqlite3_column_bytes(left, column) : sqlite3_column_bytes(right, column)));
    return result != 0 ? result : size;
}

static int compare_keys(const struct table *table, sqlite3_stmt *left, sqlite3_stmt *right)
{
    int result = 0;

    for (int i = 0; i < table->keys && result == 0; i++)
        result = compare_values(left, right, i);
    return result;
}

/* --- telling ------------------------------------------------------------------------------------------------------- */

/* "orders: session 3, seq 12" */
static size_t name_row(const struct table *table, sqlite3_stmt *row, char line[LINE_SIZE])
{
    size_t used = (size_t)snprintf(line, LINE_SIZE, "%s:", table->name);
    char text[TEXT_SIZE];

    for (int i = 0; i < table->keys && used < LINE_SIZE; i++)
        used += (size_t)snprintf(line + used, LINE_SIZE - used, "%s %s %s", i == 0 ? "" : ",",
                                 sqlite3_column_name(row, i), value_text(row, i, text));
    return used < LINE_SIZE ? used : LINE_SIZE - 1;
}

static void tell_row(struct row_compare *compare, const struct table *table, sqlite3_stmt *row,
                     const char *what)
{
    char line[LINE_SIZE];
    size_t used;

    if (compare->differences++ >= ROW_COMPARE_NAMED)
        return;
    used = name_row(table, row, line);
    snprintf(line + used, LINE_SIZE - used, ": %s", what);
    compare->tell(compare->arg, line);
}

static void compare_row(struct row_compare *compare, const struct table *table, sqlite3_stmt *expected,
                        sqlite3_stmt *found)
{
    for (int i = table->keys; i < sqlite3_column_count(expected); i++) {
        char line[LINE_SIZE], is[TEXT_SIZE], should[TEXT_SIZE];
        size_t used;

        if (compare_values(expected, found, i) == 0 || compare->differences++ >= ROW_COMPARE_NAMED)
            continue;
        used = name_row(table, expected, line);
        snprintf(line + used, LINE_SIZE - used, ": %s is %s, the journal says %s",
                 sqlite3_column_name(expected, i), value_text(found, i, is), value_text(expected, i, should));
        compare->tell(compare->arg, line);
    }
}

/* --- tables -------------------------------------------------------------------------------------------------------- */

struct cursor {
    sqlite3 *handle;
    sqlite3_stmt *row;
    int code;
};

static void next(struct cursor *cursor)
{
    if (cursor->code == SQLITE_ROW)
        cursor->code = sqlite3_step(cursor->row);
}

/* Where rows begin that are compared. */
struct bounds {
    int64_t last_order, first_sample_ns;
};

static void begin(struct cursor *cursor, const struct row_compare *compare, const struct table *table,
                  const struct bounds *bounds)
{
    cursor->code = sqlite3_prepare_v2(cursor->handle, table->sql, -1, &cursor->row, NULL);
    if (cursor->code != SQLITE_OK)
        return;
    sqlite3_bind_text(cursor->row, 1, compare->account, -1, SQLITE_STATIC);
    sqlite3_bind_int64(cursor->row, 2, compare->first_number);
    sqlite3_bind_int64(cursor->row, 3, bounds->last_order);
    sqlite3_bind_int64(cursor->row, 4, bounds->first_sample_ns);
    cursor->code = sqlite3_step(cursor->row);
}

static void merge(struct row_compare *compare, const struct table *table, struct cursor *expected,
                  struct cursor *found)
{
    while (expected->code == SQLITE_ROW || found->code == SQLITE_ROW) {
        int order = expected->code != SQLITE_ROW ? 1
                    : found->code != SQLITE_ROW  ? -1
                                                 : compare_keys(table, expected->row, found->row);

        if ((expected->code != SQLITE_ROW && expected->code != SQLITE_DONE) ||
            (found->code != SQLITE_ROW && found->code != SQLITE_DONE))
            return;
        if (order < 0)
            tell_row(compare, table, expected->row, "missing in the database");
        else if (order > 0)
            tell_row(compare, table, found->row, "in the database, but not in the journal");
        else
            compare_row(compare, table, expected->row, found->row);
        compare->rows++;
        if (order <= 0)
            next(expected);
        if (order >= 0)
            next(found);
    }
}

static enum err compare_table(struct row_compare *compare, const struct table *table,
                              const struct bounds *bounds, char *why, size_t why_size)
{
    struct cursor expected = {.handle = compare->expected}, found = {.handle = compare->found};
    enum err err = ERR_OK;

    begin(&expected, compare, table, bounds);
    begin(&found, compare, table, bounds);
    merge(compare, table, &expected, &found);
    if (expected.code != SQLITE_DONE)
        err = complain(expected.handle, expected.code, why, why_size);
    else if (found.code != SQLITE_DONE)
        err = complain(found.handle, found.code, why, why_size);
    sqlite3_finalize(expected.row);
    sqlite3_finalize(found.row);
    return err;
}

static enum err ask(sqlite3 *handle, const char *sql, const char *account, int64_t number, int64_t *out,
                    char *why, size_t why_size)
{
    sqlite3_stmt *row;
    int code = sqlite3_prepare_v2(handle, sql, -1, &row, NULL);

    if (code != SQLITE_OK)
        return complain(handle, code, why, why_size);
    sqlite3_bind_text(row, 1, account, -1, SQLITE_STATIC);
    sqlite3_bind_int64(row, 2, number);
    code = sqlite3_step(row);
    *out = code == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
    sqlite3_finalize(row);
    return code == SQLITE_ROW ? ERR_OK : complain(handle, code, why, why_size);
}

/* A start looks at pages and types alone; an index that does not fit its table hides rows, or shows others. */
static enum err check_whole(sqlite3 *handle, char *why, size_t why_size)
{
    char said[DB_SAID_SIZE];
    sqlite3_stmt *row = NULL;
    int code = sqlite3_prepare_v2(handle, "PRAGMA integrity_check(1)", -1, &row, NULL);
    enum err err = ERR_OK;

    if (code == SQLITE_OK)
        code = sqlite3_step(row);
    if (code != SQLITE_ROW) {
        err = complain(handle, code, why, why_size);
    } else if (strcmp((const char *)sqlite3_column_text(row, 0), "ok") != 0) {
        snprintf(why, why_size, "%s: damaged (%s)", sqlite3_db_filename(handle, "main"),
                 db_file_said((const char *)sqlite3_column_text(row, 0), said));
        err = ERR_BAD_DATA;
    }
    sqlite3_finalize(row);
    return err;
}

enum err row_compare(struct row_compare *compare, char *why, size_t why_size)
{
    struct bounds bounds = {0};
    enum err err = check_whole(compare->found, why, why_size);

    compare->rows = compare->differences = 0;
    if (err != ERR_OK)
        return err;
    err =
        ask(compare->expected, "SELECT coalesce(min(number), 1) FROM sessions WHERE account = ?1 AND ?2 = 0",
            compare->account, 0, &compare->first_number, why, why_size);
    if (err == ERR_OK)
        err = ask(compare->found,
                  "SELECT coalesce(max(seq), 0)" JOIN("orders") " WHERE s.account = ?1 AND s.number < ?2",
                  compare->account, compare->first_number, &bounds.last_order, why, why_size);
    if (err == ERR_OK) /* those of other accounts have become old by the same time */
        err = ask(compare->found, "SELECT coalesce(min(ts_ns), 0) FROM equity WHERE ?1 <> '' AND ?2 = 0",
                  compare->account, 0, &bounds.first_sample_ns, why, why_size);
    for (size_t i = 0; err == ERR_OK && i < sizeof(tables) / sizeof(tables[0]); i++)
        err = compare_table(compare, &tables[i], &bounds, why, why_size);
    return err;
}
