/*
 * bench_journal.c - what it costs the engine to have an event written down before it acts on it: one append to the
 * journal's ring, beside one commit to SQLite (WAL, synchronous = FULL) for each event, in one run.
 *
 * Single calls between two clock reads, the reads included; blocks of 64, which say what a call costs by itself. The
 * ring is where it always is, in /dev/shm, the database in the build folder, on a disk. They promise different things:
 * an append survives kill -9 at once and a power failure after the store thread's next sync; a commit survives both, and
 * the engine waits for it.
 */
#include "core/base/clock.h"
#include "store/journal_ring.h"
#include "store/store.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK       64
#define SAMPLES     20000
#define COMMITS     400
#define DURABLES    200
#define RATIO_LEAST 100 /* of the medians: else something is wrong with the ring */

static const unsigned char id[16] = "journal-of-bench";

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

struct figure {
    double p50, p99, p999;
};

static struct figure figure_of(int64_t *ns, size_t samples, int calls)
{
    qsort(ns, samples, sizeof(ns[0]), by_value);
    return (struct figure){(double)ns[samples / 2] / calls, (double)ns[samples - samples / 100 - 1] / calls,
                           (double)ns[samples - samples / 1000 - 1] / calls};
}

static void fail(const char *what)
{
    fprintf(stderr, "bench_journal: %s\n", what);
    exit(1);
}

/* --- records as in trading --------------------------------------------------------------------------------------- */

static struct store_record order_record(void)
{
    struct store_record record = {.kind = STORE_ORDER,
                                  .ts_ns = INT64_C(1700000000000000000),
                                  .input_seq = 123456,
                                  .symbol = "BTCUSDT",
                                  .owner = "ofi"};

    record.order.order =
        (struct order){.seq = 4711,
                       .intent = {.price_ticks = 6184218, .qty_lots = 150, .correlation_id = 99},
                       .state = ORDER_STATE_WORKING,
                       .sent_ns = record.ts_ns,
                       .updated_ns = record.ts_ns};
    record.order.scale.tick_e8 = record.order.scale.lot_e8 = 1000000;
    record.order.price_e8 = INT64_C(6184218000000);
    return record;
}

static struct store_record fill_record(void)
{
    struct store_record record = {
        .kind = STORE_FILL, .ts_ns = INT64_C(1700000000000000000), .symbol = "BTCUSDT", .owner = "ofi"};

    record.fill.fill =
        (struct fill){.trade_id = 1, .order_seq = 4711, .price_ticks = 6184218, .qty_lots = 150};
    return record;
}

static struct store_record audit_record(void)
{
    struct store_record record = {
        .kind = STORE_AUDIT, .ts_ns = INT64_C(1700000000000000000), .symbol = "BTCUSDT", .owner = "ofi"};

    strcpy(record.audit.event, "denied");
    strcpy(record.audit.text, "BUY 0.00150 at 61842.18: MAX_VALUE 92.76 of 1000.00, order 92.76 > 50.00");
    return record;
}

/* --- the two ------------------------------------------------------------------------------------------------------- */

static struct journal_ring *open_ring(void)
{
    struct journal_ring *ring;
    char path[64], why[512];

    snprintf(path, sizeof(path), "/dev/shm/flowdeck-bench-%ld", (long)getpid());
    if (journal_ring_open(path, id, JOURNAL_RING_BYTES, &ring, why, sizeof(why)) != ERR_OK)
        fail(why);
    journal_ring_start(ring, 1);
    return ring;
}

/* As the store thread does; outside of what is measured. */
static void make_room(struct journal_ring *ring)
{
    while (journal_ring_used(ring) > journal_ring_capacity(ring) / 2) {
        size_t size;

        journal_ring_peek(ring, &size);
        journal_ring_free_to(ring, size);
    }
}

static struct figure ring_figure(struct journal_ring *ring, const struct store_record *record, int calls)
{
    static int64_t ns[SAMPLES];

    for (int i = 0; i < SAMPLES; i++) {
        int64_t from_ns;

        make_room(ring);
        from_ns = clock_monotonic_ns();
        for (int n = 0; n < calls; n++)
            if (!journal_ring_append(ring, record, false))
                fail("the ring is full");
        ns[i] = clock_monotonic_ns() - from_ns;
    }
    return figure_of(ns, SAMPLES, calls);
}

static void run_sql(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(sqlite3_errmsg(db));
}

static sqlite3 *open_db(const char *path)
{
    sqlite3 *db;

    unlink(path);
    if (sqlite3_open(path, &db) != SQLITE_OK)
        fail(path);
    run_sql(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                "CREATE TABLE journal(seq INTEGER PRIMARY KEY, kind INTEGER, ts_ns INTEGER, body BLOB)");
    return db;
}

static struct figure commit_figure(sqlite3 *db, const struct store_record *record)
{
    static int64_t ns[COMMITS];
    unsigned char body[RECORD_BODY_MAX];
    sqlite3_stmt *insert;

    if (sqlite3_prepare_v2(db, "INSERT INTO journal(kind, ts_ns, body) VALUES(?1, ?2, ?3)", -1, &insert,
                           NULL) != SQLITE_OK)
        fail(sqlite3_errmsg(db));
    for (int i = 0; i < COMMITS; i++) {
        int64_t from_ns = clock_monotonic_ns();
        size_t size = record_encode(record, body, sizeof(body));

        sqlite3_bind_int(insert, 1, (int)record->kind);
        sqlite3_bind_int64(insert, 2, record->ts_ns);
        sqlite3_bind_blob(insert, 3, body, (int)size, SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE)
            fail(sqlite3_errmsg(db));
        sqlite3_reset(insert);
        ns[i] = clock_monotonic_ns() - from_ns;
    }
    sqlite3_finalize(insert);
    return figure_of(ns, COMMITS, 1);
}

static struct figure clock_figure(void)
{
    static int64_t ns[SAMPLES];

    for (int i = 0; i < SAMPLES; i++) {
        int64_t from_ns = clock_monotonic_ns();

        ns[i] = clock_monotonic_ns() - from_ns;
    }
    return figure_of(ns, SAMPLES, 1);
}

/* --- from a fill to the disk ------------------------------------------------------------------------------------- */

/* Through the whole store, as the engine has it: pushed and committed, until the durable mark has passed it. */
static void print_durable(const char *build)
{
    static int64_t ns[DURABLES];

    char data_dir[256], why[STORE_WHY_SIZE], command[300];
    struct store_config config = {.data_dir = data_dir,
                                  .account = "bench",
                                  .journal = true,
                                  .start_ns = 1,
                                  .kind = "live",
                                  .mode = "simulation",
                                  .source = "bench",
                                  .version = "bench"};
    struct store_record fill = fill_record(), order = order_record(), instrument = {.kind = STORE_INSTRUMENT};
    struct recovered left;
    struct figure figure;
    struct store *store;

    snprintf(data_dir, sizeof(data_dir), "%s/bench_journal.XXXXXX", build);
    if (mkdtemp(data_dir) == NULL || store_open(&config, &store, &left, why, sizeof(why)) != ERR_OK)
        fail("the store cannot be opened");
    recovered_free(&left);
    instrument_init(&instrument.instrument, "BTCUSDT", VENUE_BINANCE_SPOT, fill.fill.fill.instrument_id);
    fill.fill.qty_e8 = 1;
    order.ts_ns = 500;
    order.order.order.seq = fill.fill.fill.order_seq;
    order.order.order.intent.instrument_id = fill.fill.fill.instrument_id;
    order.order.qty_e8 = order.order.filled_e8 = 1;
    if (!store_push(store, &instrument) || !store_push(store, &order))
        fail("the store takes nothing");
    for (int i = 0; i < DURABLES; i++) {
        int64_t from_ns = clock_monotonic_ns();

        fill.ts_ns = 1000 + i;
        fill.fill.fill.trade_id = (uint64_t)(i + 1);
        if (!store_push(store, &fill) || !store_commit(store))
            fail(store_failed(store, why, sizeof(why)) ? why : "the store takes nothing");
        while (store_durable_ns(store) < fill.ts_ns && !store_failed(store, why, sizeof(why)))
            usleep(100);
        ns[i] = clock_monotonic_ns() - from_ns;
    }
    figure = figure_of(ns, DURABLES, 1);
    printf("fill to durable through the store thread: p50 %.2f ms p99 %.2f ms (the engine waits for none of "
           "it)\n",
           figure.p50 / 1e6, figure.p99 / 1e6);
    store_close(store, 2000000, why, sizeof(why));
    snprintf(command, sizeof(command), "rm -rf '%s'", data_dir);
    if (system(command) != 0) /* NOLINT(cert-env33-c): a fixed command of our own */
        fail("cannot clear up");
}

int main(void)
{
    const char *build = getenv("FLOWDECK_BUILD");
    const struct store_record record[] = {order_record(), fill_record(), audit_record()};
    struct journal_ring *ring = open_ring();
    struct figure clock = clock_figure();
    char path[256];
    bool bad = false;
    sqlite3 *db;

    snprintf(path, sizeof(path), "%s/bench_journal.db", build == NULL ? "build" : build);
    db = open_db(path);
    printf("ring of %zu MiB in /dev/shm, %slocked in memory; two clock reads alone: median %.0f ns\n",
           journal_ring_capacity(ring) >> 20, journal_ring_locked_in_memory(ring) ? "" : "not ", clock.p50);
    ring_figure(ring, &record[0], BLOCK); /* every page touched */
    for (size_t i = 0; i < sizeof(record) / sizeof(record[0]); i++) {
        struct figure append = ring_figure(ring, &record[i], 1), block = ring_figure(ring, &record[i], BLOCK);
        struct figure commit = commit_figure(db, &record[i]);

        printf("%-6s append p50 %4.0f ns p99 %4.0f ns p99.9 %4.0f ns, in blocks %5.0f ns; SQLite commit p50 "
               "%9.0f ns p99 "
               "%9.0f ns; "
               "ratio p50 %.0f p99 %.0f\n",
               record_kind_row((unsigned)record[i].kind)->name, append.p50, append.p99, append.p999,
               block.p50, commit.p50, commit.p99, commit.p50 / append.p50, commit.p99 / append.p99);
        bad |= commit.p50 < RATIO_LEAST * append.p50;
    }
    sqlite3_close(db);
    journal_ring_close(ring, true);
    unlink(path);
    print_durable(build == NULL ? "build" : build);
    if (bad)
        fail("an append costs too much beside a commit");
    return 0;
}
