/*
 * store_fixture.h - a folder of its own for each test of the store, records to put in, numbers to ask for.
 */
#ifndef UNIT_STORE_FIXTURE_H
#define UNIT_STORE_FIXTURE_H

#include "unit/cmocka_all.h"

#include "store/store.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHY_SIZE 1280

struct folder {
    char path[64];
    char db[128];
};

static inline int folder_setup(void **state)
{
    struct folder *folder = calloc(1, sizeof(*folder));

    strcpy(folder->path, "/tmp/flowdeck-store-XXXXXX");
    if (mkdtemp(folder->path) == NULL)
        return -1;
    snprintf(folder->db, sizeof(folder->db), "%s/data/flowdeck.db", folder->path);
    *state = folder;
    return 0;
}

static inline int folder_teardown(void **state)
{
    struct folder *folder = *state;
    char command[128];

    snprintf(command, sizeof(command), "rm -rf '%s'", folder->path);
    if (system(command) != 0) /* NOLINT(cert-env33-c): a fixed command of our own */
        return -1;
    free(folder);
    return 0;
}

/* The store of a replay: rows without a journal. path: of the database. */
static inline enum err try_store(const char *path, struct store **out, char *why, size_t why_size)
{
    char data_dir[256];
    struct store_config config = {.data_dir = data_dir,
                                  .account = "replay",
                                  .start_ns = 1000,
                                  .kind = "replay",
                                  .mode = "simulation",
                                  .source = "a.jsonl.gz",
                                  .version = "test"};
    struct recovered left;
    enum err err;

    snprintf(data_dir, sizeof(data_dir), "%s", path);
    *strrchr(data_dir, '/') = '\0';
    err = store_open(&config, out, &left, why, why_size);
    recovered_free(&left);
    return err;
}

static inline struct store *open_store(const char *path)
{
    struct store *store = NULL;
    char why[WHY_SIZE] = "";

    if (try_store(path, &store, why, sizeof(why)) != ERR_OK)
        fail_msg("store_open: %s", why);
    return store;
}

/* One that keeps a journal, of a demo, in the folder itself. */
static inline struct store *open_journal(const struct folder *folder)
{
    struct store_config config = {.data_dir = folder->path,
                                  .account = "demo",
                                  .journal = true,
                                  .start_ns = 1000,
                                  .kind = "demo",
                                  .mode = "simulation",
                                  .source = "none",
                                  .version = "test"};
    struct store *store = NULL;
    struct recovered left;
    char why[WHY_SIZE] = "";

    if (store_open(&config, &store, &left, why, sizeof(why)) != ERR_OK)
        fail_msg("store_open: %s", why);
    recovered_free(&left);
    return store;
}

static inline void close_store(struct store *store, int64_t end_ns)
{
    char why[WHY_SIZE] = "";

    if (store_close(store, end_ns, why, sizeof(why)) != ERR_OK)
        fail_msg("store_close: %s", why);
}

static inline void push(struct store *store, const struct store_record *record)
{
    char why[WHY_SIZE] = "";

    while (store_is_crowded(store) && !store_failed(store, why, sizeof(why)))
        usleep(1000);
    if (!store_push(store, record) || !store_commit(store)) {
        store_failed(store, why, sizeof(why));
        fail_msg("store: %s", why);
    }
}

/* In a child process, where cmocka must not jump back into the tests: any failure is exit status 9. */
static inline struct store *child_open(const char *path)
{
    struct store *store = NULL;
    char why[WHY_SIZE] = "";

    if (try_store(path, &store, why, sizeof(why)) == ERR_OK)
        return store;
    fprintf(stderr, "child: %s\n", why);
    _exit(9);
}

static inline void child_push(struct store *store, const struct store_record *record)
{
    char why[WHY_SIZE] = "";

    while (store_is_crowded(store) && !store_failed(store, why, sizeof(why)))
        usleep(1000);
    if (!store_push(store, record) || !store_commit(store)) {
        store_failed(store, why, sizeof(why));
        fprintf(stderr, "child: %s\n", why);
        _exit(9);
    }
}

static inline struct store_record instrument_record(void)
{
    struct store_record record = {.kind = STORE_INSTRUMENT, .ts_ns = 1001, .input_seq = 1};

    instrument_init(&record.instrument, "BTCUSDT", VENUE_BINANCE_SPOT, 0);
    record.instrument.tick_e8 = 1000000;
    record.instrument.lot_e8 = 1000;
    return record;
}

static inline struct store_record order_record(uint64_t seq, enum order_state state)
{
    struct store_record record = {.kind = STORE_ORDER, .ts_ns = 2000 + (int64_t)seq, .input_seq = 10 + seq};

    record.order.order.seq = seq;
    record.order.order.state = state;
    record.order.order.intent.owner = 1;
    record.order.order.intent.side = SIDE_ASK;
    record.order.order.intent.tif = TIF_GTC;
    record.order.order.sent_ns = 2000;
    record.order.order.updated_ns = record.ts_ns;
    record.order.price_e8 = INT64_C(6184218000000);
    record.order.qty_e8 = 150000;
    record.order.filled_e8 = state == ORDER_STATE_FILLED ? 150000 : 0;
    return record;
}

static inline struct store_record fill_record(uint64_t trade_id, uint64_t order_seq)
{
    struct store_record record = {.kind = STORE_FILL, .ts_ns = 3000 + (int64_t)trade_id, .input_seq = 20};

    record.fill.fill = (struct fill){.trade_id = trade_id,
                                     .order_seq = order_seq,
                                     .owner = 1,
                                     .side = SIDE_ASK,
                                     .maker = true,
                                     .ts_ns = record.ts_ns,
                                     .value_e8 = INT64_C(9276327000),
                                     .fee_e8 = -17,
                                     .realised_e8 = -12345};
    record.fill.price_e8 = INT64_C(6184218000000);
    record.fill.qty_e8 = 150000;
    return record;
}

static inline struct store_record audit_record(int64_t ts_ns, const char *text)
{
    struct store_record record = {.kind = STORE_AUDIT, .ts_ns = ts_ns, .input_seq = (uint64_t)ts_ns};

    strcpy(record.audit.event, "denied");
    strcpy(record.audit.owner, "ofi");
    record.audit.instrument_id = UINT16_MAX;
    snprintf(record.audit.text, sizeof(record.audit.text), "%s", text);
    return record;
}

/* The first column of the first row as text: by a connection of its own, as any reader would. */
static inline void query_text(const char *path, const char *sql, char *out, size_t out_size)
{
    sqlite3 *handle;
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    sqlite3_busy_timeout(handle, 10000);
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    snprintf(out, out_size, "%s",
             sqlite3_column_type(statement, 0) == SQLITE_NULL
                 ? "NULL"
                 : (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(handle);
}

static inline int64_t query(const char *path, const char *sql)
{
    char text[64];

    query_text(path, sql, text, sizeof(text));
    return strtoll(text, NULL, 10);
}

static inline void assert_query_text(const char *path, const char *sql, const char *expected)
{
    char text[512];

    query_text(path, sql, text, sizeof(text));
    assert_string_equal(text, expected);
}

#endif
