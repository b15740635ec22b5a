#include "store/past_query.h"

#include "store/db_file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* ?1 account, ?2 epoch, ?3 since. */
#define BEFORE(table)                                                                                        \
    " FROM " table " AS t JOIN sessions AS s ON s.id = t.session WHERE s.account = ?1 AND s.epoch < ?2"
#define BEFORE_WITH_SYMBOL(table)                                                                            \
    " FROM " table " AS t JOIN sessions AS s ON s.id = t.session JOIN instruments AS i ON i.session ="       \
    " t.session AND i.id = t.instrument WHERE s.account = ?1 AND s.epoch < ?2"

static const char whole_sql[] = "SELECT count(*) FROM sessions WHERE account = ?1 AND epoch >= ?2 AND ?3 = 0";
static const char count_sql[] =
    "SELECT count(*), coalesce(sum(realised_e8 <> 0), 0)" BEFORE("fills") " AND t.ts_ns >= ?3";
static const char fills_sql[] =
    "SELECT i.symbol, t.owner_name, t.owner, t.trade_id, t.order_seq, t.side, t.maker, t.ts_ns, t.value_e8,"
    " t.fee_e8, t.realised_e8, t.price_e8, t.qty_e8, t.slippage_e8" BEFORE_WITH_SYMBOL(
        "fills") " AND t.ts_ns >= ?3 ORDER BY t.ts_ns DESC, t.trade_id DESC LIMIT 64";
static const char orders_sql[] =
    "SELECT i.symbol, t.owner_name, t.owner, t.seq, t.side, t.type, t.tif, t.state, t.error, t.post_only,"
    " t.reduce_only, t.sent_ns, t.updated_ns, t.filled_value_e8, t.price_e8, t.stop_e8, t.qty_e8,"
    " t.filled_e8" BEFORE_WITH_SYMBOL(
        "orders") " AND t.updated_ns >= ?3 AND t.state IN ('filled', 'cancelled', 'expired', 'rejected')"
                  " ORDER BY t.updated_ns DESC, t.seq DESC LIMIT 48";

struct query {
    struct db_read *read;
    const char *account;
    uint64_t epoch;
    int64_t since_ns;
    struct past *out;
    char *why;
    size_t why_size;
};

static enum err complain(const struct query *query)
{
    char said[DB_SAID_SIZE];

    snprintf(query->why, query->why_size, "reading what was before failed: %s",
             db_file_said(sqlite3_errmsg(query->read->handle), said));
    return ERR_STORAGE;
}

static void take_text(sqlite3_stmt *row, int column, char *out, size_t size)
{
    const unsigned char *text = sqlite3_column_text(row, column);

    snprintf(out, size, "%s", text == NULL ? "" : (const char *)text);
}

static bool says(sqlite3_stmt *row, int column, const char *word)
{
    const unsigned char *text = sqlite3_column_text(row, column);

    return text != NULL && strcmp((const char *)text, word) == 0;
}

static enum side side_of(sqlite3_stmt *row, int column)
{
    return says(row, column, "BUY") ? SIDE_BID : SIDE_ASK;
}

/* NOLINTBEGIN(bugprone-macro-parentheses): a type is no expression */
/* Words of a column as the program's numbers; the first one where it knows none. */
#define WORD_OF(type, last, word_of)                                                                         \
    static enum type type##_of(sqlite3_stmt *row, int column)                                                \
    {                                                                                                        \
        for (int i = 0; i <= (int)(last); i++)                                                               \
            if (says(row, column, word_of((enum type)i)))                                                    \
                return (enum type)i;                                                                         \
        return (enum type)0;                                                                                 \
    }

/* NOLINTEND(bugprone-macro-parentheses) */

WORD_OF(order_type, ORDER_TYPES - 1, order_type_word)
WORD_OF(time_in_force, TIF_GTD, time_in_force_word)
WORD_OF(order_state, ORDER_STATES - 1, order_state_word)
WORD_OF(order_error, ORDER_ERRORS - 1, order_error_word)

static void take_fill(const struct query *query, sqlite3_stmt *row)
{
    struct past_fill *fill;

    if (query->out->fills == PAST_FILLS_MAX)
        return;
    fill = &query->out->fill[query->out->fills++];
    *fill = (struct past_fill){.fill = {.owner = (uint16_t)sqlite3_column_int(row, 2),
                                        .trade_id = (uint64_t)sqlite3_column_int64(row, 3),
                                        .order_seq = (uint64_t)sqlite3_column_int64(row, 4),
                                        .side = side_of(row, 5),
                                        .maker = sqlite3_column_int(row, 6) != 0,
                                        .ts_ns = sqlite3_column_int64(row, 7),
                                        .value_e8 = sqlite3_column_int64(row, 8),
                                        .fee_e8 = sqlite3_column_int64(row, 9),
                                        .realised_e8 = sqlite3_column_int64(row, 10)},
                               .price_e8 = sqlite3_column_int64(row, 11),
                               .qty_e8 = sqlite3_column_int64(row, 12),
                               .slippage_e8 = sqlite3_column_type(row, 13) == SQLITE_NULL
                                                  ? PAST_UNKNOWN
                                                  : sqlite3_column_int64(row, 13)};
    take_text(row, 0, fill->symbol, sizeof(fill->symbol));
    take_text(row, 1, fill->owner, sizeof(fill->owner));
}

static void take_order(const struct query *query, sqlite3_stmt *row)
{
    struct past_order *order;

    if (query->out->orders == PAST_ORDERS_MAX)
        return;
    order = &query->out->order[query->out->orders++];
    *order = (struct past_order){.order = {.seq = (uint64_t)sqlite3_column_int64(row, 3),
                                           .intent = {.owner = (uint16_t)sqlite3_column_int(row, 2),
                                                      .side = side_of(row, 4),
                                                      .type = order_type_of(row, 5),
                                                      .tif = time_in_force_of(row, 6),
                                                      .post_only = sqlite3_column_int(row, 9) != 0,
                                                      .reduce_only = sqlite3_column_int(row, 10) != 0},
                                           .state = order_state_of(row, 7),
                                           .error = order_error_of(row, 8),
                                           .sent_ns = sqlite3_column_int64(row, 11),
                                           .updated_ns = sqlite3_column_int64(row, 12),
                                           .filled_value_e8 = sqlite3_column_int64(row, 13)},
                                 .price_e8 = sqlite3_column_int64(row, 14),
                                 .stop_e8 = sqlite3_column_int64(row, 15),
                                 .qty_e8 = sqlite3_column_int64(row, 16),
                                 .filled_e8 = sqlite3_column_int64(row, 17)};
    take_text(row, 0, order->symbol, sizeof(order->symbol));
    take_text(row, 1, order->owner, sizeof(order->owner));
}

static void take_count(const struct query *query, sqlite3_stmt *row)
{
    query->out->fills_ever = (uint64_t)sqlite3_column_int64(row, 0);
    query->out->closed_ever = (uint64_t)sqlite3_column_int64(row, 1);
}

static enum err rows(const struct query *query, const char *sql,
                     void (*take)(const struct query *query, sqlite3_stmt *row))
{
    sqlite3_stmt *statement;
    int code;

    if (sqlite3_prepare_v2(query->read->handle, sql, -1, &statement, NULL) != SQLITE_OK)
        return complain(query);
    sqlite3_bind_text(statement, 1, query->account, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)query->epoch);
    sqlite3_bind_int64(statement, 3, query->since_ns);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        take(query, statement);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? ERR_OK : complain(query);
}

static enum err begin(const struct query *query)
{
    const char *sql = sqlite3_get_autocommit(query->read->handle) ? "BEGIN" : "COMMIT; BEGIN";

    return sqlite3_exec(query->read->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : complain(query);
}

static void end(const struct query *query)
{
    (void)sqlite3_exec(query->read->handle, "COMMIT", NULL, NULL,
                       NULL); /* else the log could not be emptied */
}

enum err past_is_whole(struct db_read *read, const char *account, uint64_t epoch, bool *whole, char *why,
                       size_t why_size)
{
    struct past count = {.fills = 0};
    struct query query = {read, account, epoch, 0, &count, why, why_size};
    enum err err = begin(&query);

    if (err == ERR_OK)
        err = rows(&query, whole_sql, take_count);
    end(&query);
    *whole = count.fills_ever > 0;
    return err;
}

enum err past_query(struct db_read *read, const char *account, uint64_t epoch, int64_t since_ns,
                    struct past *out, char *why, size_t why_size)
{
    struct query query = {read, account, epoch, since_ns, out, why, why_size};
    enum err err = begin(&query);

    out->fills = out->orders = 0;
    if (err == ERR_OK)
        err = rows(&query, count_sql, take_count);
    if (err == ERR_OK)
        err = rows(&query, fills_sql, take_fill);
    if (err == ERR_OK)
        err = rows(&query, orders_sql, take_order);
    end(&query);
    return err;
}
