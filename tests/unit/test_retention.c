/* test_retention.c - old samples leave the database, a bounded number at a time; what happened stays. */
#include "unit/store_fixture.h"

#include "store/db.h"
#include "store/retention.h"

#define DAY_NS INT64_C(86400000000000)

static void fill(const char *path)
{
    static const char sql[] =
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99)"
        " INSERT INTO equity SELECT 1, i * 86400000000000, 0, 0, 0, 0, 0, 0 FROM n;"
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 11999)"
        " INSERT INTO candles SELECT 1, 'BTCUSDT', i * 60000, 1, 1, 1, 1, 1, 1, 1 FROM n;"
        "INSERT INTO audit(session, ts_ns, input_seq, event, owner, text) VALUES(1, 0, 0, 'a', '-', 'old')";
    sqlite3 *handle;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
}

static void test_old_samples_leave(void **state)
{
    const struct folder *folder = *state;
    int64_t keep_days[RETENTION_TABLES] = {[RETENTION_EQUITY] = 10, [RETENTION_CANDLES] = 0};
    char why[WHY_SIZE];
    int64_t removed;
    struct db *db;

    close_store(open_store(folder->db), 1);
    fill(folder->db);
    assert_int_equal(db_open(folder->db, &db, why, sizeof(why)), ERR_OK);
    assert_int_equal(retention_run(db, keep_days, 99 * DAY_NS, &removed, why, sizeof(why)), ERR_OK);
    assert_int_equal(removed, 89);
    assert_int_equal(retention_run(db, keep_days, 99 * DAY_NS, &removed, why, sizeof(why)), ERR_OK);
    assert_int_equal(removed, 0);
    keep_days[RETENTION_CANDLES] = 1; /* 8.33 days of minutes are there */
    for (int64_t left = 12000 - 1440; left > 0; left -= removed) {
        assert_int_equal(
            retention_run(db, keep_days, 12000 * INT64_C(60000000000), &removed, why, sizeof(why)), ERR_OK);
        assert_int_equal(removed, left < RETENTION_ROWS_MAX ? left : RETENTION_ROWS_MAX);
    }
    db_close(db);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM candles"), 1440);
    assert_int_equal(query(folder->db, "SELECT min(open_ms) FROM candles"), (12000 - 1440) * 60000);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM equity"), 11);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM audit"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_old_samples_leave, folder_setup, folder_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
