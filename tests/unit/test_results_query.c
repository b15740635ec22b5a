/* Screen 6's rows out of a database that a store has written, and the thread that reads them. */
#include "unit/store_fixture.h"

#include "app/results_reader.h"
#include "store/results_query.h"

#define E8     INT64_C(100000000)
#define SECOND INT64_C(1000000000)
#define BEGIN  (1763373600 * SECOND) /* 17 November 2025, 10:00 UTC */

struct found {
    int fills, samples, sessions;
    struct results_fill fill[8];
    struct results_sample last;
    struct results_session session;
};

static void take_fill(void *arg, const struct results_fill *fill)
{
    struct found *found = arg;

    found->fill[found->fills++ % 8] = *fill;
}

static void take_sample(void *arg, const struct results_sample *sample)
{
    struct found *found = arg;

    found->samples++;
    found->last = *sample;
}

static void take_session(void *arg, const struct results_session *session)
{
    struct found *found = arg;

    found->sessions++;
    found->session = *session;
}

static void put_fill(struct store *store, uint64_t trade_id, int64_t ts_ns, enum side side, int64_t price,
                     int64_t mid2)
{
    struct store_record order = order_record(trade_id, ORDER_STATE_FILLED),
                        fill = fill_record(trade_id, trade_id);

    order.order.order.intent.side = fill.fill.fill.side = side;
    push(store, &order);
    snprintf(fill.owner, sizeof(fill.owner), "ofi");
    fill.fill.scale = (struct store_scale){E8 / 100, E8 / 100000};
    fill.fill.price_e8 = price * E8;
    fill.fill.qty_e8 = E8;
    fill.fill.fill.ts_ns = fill.ts_ns = ts_ns;
    fill.fill.fill.value_e8 = price * E8;
    fill.fill.fill.qty_lots = 100000;
    fill.fill.fill.arrival_mid2_ticks = mid2;
    fill.fill.fill.fee_e8 = E8 / 10;
    push(store, &fill);
}

static void put_equity(struct store *store, int64_t ts_ns, int64_t equity_e8)
{
    struct store_record record = {.kind = STORE_EQUITY, .ts_ns = ts_ns, .input_seq = 5};

    record.equity.equity_e8 = equity_e8;
    push(store, &record);
}

/* Bought at 100, half a unit over the mid; sold at 103, whose mid nobody knew: +3.00 - 0.20. */
static void put_trip(struct store *store, uint64_t trade_id, int64_t ts_ns)
{
    struct store_record instrument = instrument_record();

    instrument.instrument.tick_e8 = E8 / 100;
    instrument.instrument.lot_e8 = E8 / 100000;
    push(store, &instrument);
    put_equity(store, ts_ns, 1000 * E8);
    put_fill(store, trade_id, ts_ns, SIDE_BID, 100, 19900);
    put_fill(store, trade_id + 1, ts_ns + 60 * SECOND, SIDE_ASK, 103, 0);
    put_equity(store, ts_ns + 61 * SECOND, 1000 * E8 + 28 * E8 / 10);
}

static void read_all(const struct folder *folder, const struct results_scope *scope, int64_t after_ns,
                     struct found *found)
{
    struct results_take take = {take_fill, take_sample, take_session, found};
    struct db_read read = {.stop = NULL};
    char why[256] = "", path[128];

    snprintf(path, sizeof(path), "%s/flowdeck.db", folder->path);
    memset(found, 0, sizeof(*found));
    assert_int_equal(db_read_open(path, &read, why, sizeof(why)), ERR_OK);
    for (int again = 0; again < 2; again++) { /* each in a transaction of its own */
        memset(found, 0, sizeof(*found));
        assert_int_equal(results_query(&read, scope, after_ns, &take, why, sizeof(why)), ERR_OK);
    }
    (void)db_read_close(&read);
}

static void test_rows_of_all_sessions(void **state)
{
    const struct folder *folder = *state;
    struct results_scope scope = {"demo", "USDT", false};
    struct found found;
    struct store *store = open_journal(folder);

    put_trip(store, 1, BEGIN);
    close_store(store, BEGIN + 100 * SECOND);
    store = open_journal(folder);
    put_trip(store, 11, BEGIN + 3600 * SECOND);
    close_store(store, BEGIN + 3700 * SECOND);
    read_all(folder, &scope, 0, &found);
    assert_int_equal(found.fills, 4);
    assert_string_equal(found.fill[0].symbol, "BTCUSDT");
    assert_string_equal(found.fill[0].owner, "ofi");
    assert_true(found.fill[0].side == SIDE_BID && found.fill[1].side == SIDE_ASK);
    assert_true(found.fill[0].slippage_e8 == E8 / 2);
    assert_true(found.fill[1].slippage_e8 == RESULTS_UNKNOWN);
    assert_true(found.fill[3].ts_ns == BEGIN + 3660 * SECOND);
    assert_int_equal(found.samples, 4);
    assert_true(found.last.equity_e8 == 10028 * E8 / 10);
    assert_int_equal(found.sessions, 2);
    assert_true(found.session.end_ns == BEGIN + 3700 * SECOND);
    read_all(folder, &scope, BEGIN + 61 * SECOND, &found);
    assert_int_equal(found.samples, 2); /* the newer ones */
    scope.last_session = true;
    read_all(folder, &scope, 0, &found);
    assert_int_equal(found.fills, 2);
    assert_int_equal(found.samples, 2);
    assert_int_equal(found.sessions, 1);
    scope.quote = "USDC";
    read_all(folder, &scope, 0, &found);
    assert_int_equal(found.fills, 0);
    scope.account = "binance-spot";
    read_all(folder, &scope, 0, &found);
    assert_int_equal(found.sessions + found.samples, 0);
}

/* A recording tells its time only when it is read: its session is not as old as the clock's zero. */
static void test_a_replay_begins_with_its_first_sample(void **state)
{
    const struct folder *folder = *state;
    struct store_config config = {.data_dir = folder->path,
                                  .account = "replay",
                                  .kind = "replay",
                                  .mode = "simulation",
                                  .source = "a.jsonl.gz",
                                  .version = "test"};
    struct results_scope scope = {"replay", "USDT", true};
    struct store *store = NULL;
    struct recovered left;
    struct found found;
    char why[WHY_SIZE] = "";

    assert_int_equal(store_open(&config, &store, &left, why, sizeof(why)), ERR_OK);
    recovered_free(&left);
    put_trip(store, 1, BEGIN);
    close_store(store, BEGIN + 100 * SECOND);
    read_all(folder, &scope, 0, &found);
    assert_int_equal(found.sessions, 1);
    assert_true(found.session.start_ns == BEGIN);
    assert_true(found.session.end_ns == BEGIN + 100 * SECOND);
}

/* Asks as a screen does, until it is told; a loaded machine takes its time. */
static const struct view_results *wait_for(struct results_reader *reader, enum results_period period,
                                           int64_t now_ns, uint64_t trades)
{
    for (int i = 0; i < 3000; i++) {
        const struct view_results *found;

        results_reader_ask(reader, period, now_ns, "USDT");
        found = results_reader_newest(reader, period);
        if (found->state == RESULTS_READY && found->owners > 0 && found->owner[0].trades == trades)
            return found;
        usleep(10000);
    }
    fail_msg("%d trades never came", (int)trades);
    return NULL;
}

/* What earlier sessions brought is there at once, and what happens now soon after, while the store goes on writing. */
static void test_the_reader_follows(void **state)
{
    const struct folder *folder = *state;
    struct results_reader_config config = {.data_dir = folder->path, .account = "demo"};
    const int64_t now_ns = BEGIN + 26 * 3600 * SECOND;
    const struct view_results *found;
    struct results_reader *reader;
    struct store *store = open_journal(folder);

    put_trip(store, 1, BEGIN);
    close_store(store, BEGIN + 100 * SECOND);
    store = open_journal(folder);
    reader = results_reader_start(&config);
    assert_non_null(reader);
    assert_int_equal(results_reader_newest(reader, RESULTS_ALL)->state, RESULTS_READING);
    found = wait_for(reader, RESULTS_ALL, now_ns, 1);
    assert_true(found->owner[0].won_e8 == 28 * E8 / 10);
    assert_string_equal(found->quote, "USDT");
    (void)wait_for(reader, RESULTS_DAY, now_ns, 0); /* that was yesterday */
    put_trip(store, 11, BEGIN + 25 * 3600 * SECOND);
    found = wait_for(reader, RESULTS_DAY, now_ns, 1);
    assert_string_equal(found->day[0].label, "18 Nov");
    assert_int_equal(found->day[0].hour[11].trades, 1);
    assert_true(found->first_e8 == 1000 * E8 && found->drawdown_e8 == 0);
    found = wait_for(reader, RESULTS_7_DAYS, now_ns, 2);
    assert_true(found->watched_ns > 0 && results_reader_count(reader) >= 4);
    results_reader_stop(reader);
    close_store(store, now_ns);
}

/* No database: said, tried again, and found when there is one. */
static void test_no_database_is_said(void **state)
{
    const struct folder *folder = *state;
    struct results_reader_config config = {.data_dir = folder->path, .account = "demo"};
    struct results_reader *reader = results_reader_start(&config);
    const struct view_results *found = NULL;
    struct store *store;

    assert_non_null(reader);
    for (int i = 0; i < 3000 && (found == NULL || found->state == RESULTS_READING); i++) {
        results_reader_ask(reader, RESULTS_ALL, BEGIN, "USDT");
        found = results_reader_newest(reader, RESULTS_ALL);
        usleep(10000);
    }
    assert_int_equal(found->state, RESULTS_FAILED);
    assert_non_null(strstr(found->why, "flowdeck.db"));
    store = open_journal(folder);
    put_trip(store, 1, BEGIN);
    (void)wait_for(reader, RESULTS_ALL, BEGIN + 3600 * SECOND, 1);
    results_reader_stop(reader);
    close_store(store, BEGIN + 3600 * SECOND);
    results_reader_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows_of_all_sessions, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_a_replay_begins_with_its_first_sample, folder_setup,
                                        folder_teardown),
        cmocka_unit_test_setup_teardown(test_the_reader_follows, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_no_database_is_said, folder_setup, folder_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
