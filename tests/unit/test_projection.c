/*
 * The database is a read model: whatever happens to it, its rows are those that a projection from the beginning makes.
 */
#include "unit/trading_life.h"

#include "store/projection.h"
#include "store/row_compare.h"
#include "store/store.h"

#include <signal.h>
#include <sys/wait.h>

/* --- projections ---------------------------------------------------------------------------------------------------- */

static void tell(void *arg, const char *line)
{
    (void)arg;
    print_message("%s\n", line);
}

static void catch_up(struct projection *projection)
{
    char why[WHY_SIZE] = "";
    size_t rows;

    do
        if (projection_catch_up(projection, &rows, why, sizeof(why)) != ERR_OK)
            fail_msg("projection_catch_up: %s", why);
    while (rows > 0);
}

static struct projection *project(struct db *db, const struct store_journal *journal, const char *says)
{
    struct projection *projection = NULL;
    char why[WHY_SIZE] = "";

    if (projection_new(db, ACCOUNT, journal, &projection, why, sizeof(why)) != ERR_OK)
        fail_msg("projection_new: %s", why);
    if (strstr(why, says) == NULL || (says[0] == '\0' && why[0] != '\0'))
        fail_msg("wanted \"%s\", got \"%s\"", says, why);
    catch_up(projection);
    assert_int_equal(projection_seq(projection), store_journal_point(journal).seq);
    return projection;
}

static struct db *open_db(const char *path)
{
    struct db *db = NULL;
    char why[WHY_SIZE] = "";

    if (db_open(path, &db, why, sizeof(why)) != ERR_OK)
        fail_msg("db_open: %s", why);
    return db;
}

/* says: what the start of the projection told. */
static void assert_equal_to_anew(const struct life *life, const char *says)
{
    char path[128], why[WHY_SIZE] = "";
    struct db *anew, *db = open_db(life->folder->db);
    struct row_compare compare = {.account = ACCOUNT, .tell = tell};
    struct projection *of_db, *of_anew;

    snprintf(path, sizeof(path), "%s/anew.db", life->folder->path);
    shell("rm -f '%s' '%s-wal'", path, path);
    anew = open_db(path);
    drain(life->journal);
    of_db = project(db, life->journal, says);
    of_anew = project(anew, life->journal, "");
    compare.expected = db_handle(anew);
    compare.found = db_handle(db);
    if (row_compare(&compare, why, sizeof(why)) != ERR_OK)
        fail_msg("row_compare: %s", why);
    assert_int_equal(compare.differences, 0);
    assert_true(compare.rows > 0);
    projection_free(of_db);
    projection_free(of_anew);
    db_close(db);
    db_close(anew);
}

static int64_t query(const char *path, const char *sql)
{
    sqlite3 *handle;
    sqlite3_stmt *row;
    int64_t value;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    sqlite3_busy_timeout(handle, 10000);
    if (sqlite3_prepare_v2(handle, sql, -1, &row, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(handle));
    value = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
    sqlite3_finalize(row);
    sqlite3_close(handle);
    return value;
}

/* --- what happens to a database ------------------------------------------------------------------------------------- */

static void test_a_deleted_database_comes_again(void **state)
{
    struct life life = new_life(state, 1);

    for (int session = 0; session < 4; session++) {
        begin(&life);
        for (int i = 0; i < 200; i++)
            step(&life);
        assert_equal_to_anew(&life, "");
        if (session == 1)
            shell("rm -f '%s' '%s-wal'", life.folder->db, life.folder->db);
        end(&life, session % 2 == 0);
    }
    begin(&life);
    assert_equal_to_anew(&life, "");
    assert_int_equal(query(life.folder->db, "SELECT count(*) FROM sessions"), 5);
    end(&life, true);
}

/* A fill and a story of an order of an earlier session go to where that order is, numbered as that session numbers. */
static void test_a_session_ends_an_order_of_an_earlier_one(void **state)
{
    struct life life = new_life(state, 2);

    begin(&life);
    push_order(&life, 1, ORDER_STATE_SENT);
    commit(life.journal);
    assert_equal_to_anew(&life, "");
    end(&life, false);
    begin(&life);
    push_fill(&life, 1);
    push_order(&life, 1, ORDER_STATE_FILLED);
    push_story(&life, 1);
    commit(life.journal);
    assert_equal_to_anew(&life, "");
    assert_int_equal(query(life.folder->db, "SELECT count(*) FROM orders"), 1);
    assert_int_equal(query(life.folder->db, "SELECT count(*) FROM orders WHERE state = 'filled'"), 1);
    assert_int_equal(
        query(life.folder->db, "SELECT count(*) FROM fills NATURAL JOIN (SELECT session FROM orders)"), 1);
    assert_int_equal(query(life.folder->db, "SELECT count(*) FROM stories"), 1);
    end(&life, true);
}

static void test_a_database_of_another_journal_is_made_anew(void **state)
{
    struct life other = new_life(state, 3), life = new_life(state, 4);

    begin(&other);
    for (int i = 0; i < 50; i++)
        step(&other);
    assert_equal_to_anew(&other, "");
    end(&other, true);
    shell("rm -rf '%s/journal'%s", other.folder->path, "");
    begin(&life);
    for (int i = 0; i < 30; i++)
        step(&life);
    assert_equal_to_anew(&life, "made anew");
    end(&life, true);
}

/* A backup of the journal beside the newer database. */
static void test_a_database_ahead_of_the_journal_is_made_anew(void **state)
{
    struct life life = new_life(state, 5), before;

    begin(&life);
    for (int i = 0; i < 30; i++)
        step(&life);
    end(&life, true);
    before = life;
    shell("cp -r '%s/journal' '%s/kept'", life.folder->path, life.folder->path);
    begin(&life);
    for (int i = 0; i < 300; i++)
        step(&life);
    assert_equal_to_anew(&life, "");
    end(&life, true);
    shell("rm -rf '%s/journal'%s", life.folder->path, "");
    shell("cd '%s' && mv kept journal%s", life.folder->path, "");
    begin(&before);
    for (int i = 0; i < 20; i++)
        step(&before);
    assert_equal_to_anew(&before, "made anew");
    end(&before, true);
}

/* Killed anywhere, also in the middle of a transaction: what is missing is read on from where the rows end. */
static void test_killed_while_it_catches_up(void **state)
{
    struct life life = new_life(state, 6);
    int killed = 0;

    begin(&life);
    for (int i = 0; i < 6000; i++)
        step(&life);
    drain(life.journal);
    for (int i = 0; i < 40; i++) {
        pid_t child = fork();

        assert_true(child >= 0);
        if (child == 0) {
            struct projection *projection;
            struct db *db;
            char why[WHY_SIZE];
            size_t rows = 1;

            if (db_open(life.folder->db, &db, why, sizeof(why)) != ERR_OK ||
                projection_new(db, ACCOUNT, life.journal, &projection, why, sizeof(why)) != ERR_OK)
                _exit(9);
            while (rows > 0)
                if (projection_catch_up(projection, &rows, why, sizeof(why)) != ERR_OK)
                    _exit(9);
            _exit(0);
        }
        usleep((useconds_t)(random_next(&life.random) % 60000));
        kill(child, SIGKILL);
        int status;
        waitpid(child, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
            fail_msg("the child failed");
        killed += WIFSIGNALED(status);
    }
    assert_true(killed > 5);
    assert_equal_to_anew(&life, "");
    end(&life, true);
}

/* Somebody holds the database for longer than anybody waits: what is pushed is durable all the while. */
static void test_a_locked_database_keeps_nothing_waiting(void **state)
{
    struct life life = new_life(state, 7);
    struct store_config config = {.data_dir = life.folder->path,
                                  .account = ACCOUNT,
                                  .journal = true,
                                  .start_ns = NOON_NS,
                                  .kind = "demo",
                                  .mode = "simulation",
                                  .source = "test",
                                  .version = "0"};
    struct store_record audit = {.kind = STORE_AUDIT};
    char why[WHY_SIZE] = "";
    struct recovered left;
    struct store *store;
    sqlite3 *shell_of_another;

    if (store_open(&config, &store, &left, why, sizeof(why)) != ERR_OK)
        fail_msg("store_open: %s", why);
    assert_int_equal(sqlite3_open(life.folder->db, &shell_of_another), SQLITE_OK);
    sqlite3_busy_timeout(shell_of_another, 10000);
    assert_int_equal(sqlite3_exec(shell_of_another, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    audit.audit.instrument_id = UINT16_MAX;
    for (int i = 1; i <= 40; i++) {
        int waited_ms = 0;

        audit.ts_ns = NOON_NS + i * SECOND;
        assert_true(store_push(store, &audit) && store_commit(store));
        for (; store_durable_ns(store) < audit.ts_ns && waited_ms < 5000; waited_ms++)
            usleep(1000);
        if (waited_ms == 5000)
            fail_msg("record %d was not durable within 5 s", i);
        assert_false(store_failed(store, why, sizeof(why)));
        usleep(20000);
    }
    assert_int_equal(query(life.folder->db, "SELECT count(*) FROM audit"), 0);
    assert_int_equal(sqlite3_exec(shell_of_another, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(shell_of_another);
    if (store_close(store, NOON_NS + 50 * SECOND, why, sizeof(why)) != ERR_OK)
        fail_msg("store_close: %s", why);
    recovered_free(&left);
    assert_int_equal(query(life.folder->db, "SELECT count(*) FROM audit"), 40);
    begin(&life);
    assert_equal_to_anew(&life, "");
    end(&life, true);
}

/* A comparison that finds nothing would prove nothing. */
static void test_a_difference_is_found(void **state)
{
    static const char *const damage[] = {
        "UPDATE orders SET filled_e8 = 1 WHERE seq = 3",
        "UPDATE audit SET text = 'other' WHERE id = (SELECT min(id) FROM audit)",
        "DELETE FROM fills WHERE trade_id = 2",
        "UPDATE positions SET owner = 'mm'",
        "UPDATE sessions SET end_ns = 5",
        "INSERT INTO equity VALUES((SELECT id FROM sessions), 5, 1, 2, 3, 4, 5, 6)",
        "DELETE FROM stories",
        "UPDATE instruments SET tick_e8 = tick_e8 + 1 WHERE id = 1"};
    struct life life = new_life(state, 8);
    char path[128], why[WHY_SIZE];

    begin(&life);
    for (int i = 0; i < 100; i++)
        step(&life);
    assert_equal_to_anew(&life, "");
    snprintf(path, sizeof(path), "%s/anew.db", life.folder->path);
    for (size_t i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
        struct row_compare compare = {.account = ACCOUNT, .tell = tell};
        struct db *db, *anew;

        query(life.folder->db, "BEGIN");
        shell("cp '%s' '%s.good'", life.folder->db, life.folder->db);
        query(life.folder->db, damage[i]);
        db = open_db(life.folder->db);
        anew = open_db(path);
        compare.expected = db_handle(anew);
        compare.found = db_handle(db);
        assert_int_equal(row_compare(&compare, why, sizeof(why)), ERR_OK);
        if (compare.differences == 0)
            fail_msg("not found: %s", damage[i]);
        db_close(db);
        db_close(anew);
        shell("rm -f '%s'-wal '%s'-shm", life.folder->db, life.folder->db);
        shell("mv '%s.good' '%s'", life.folder->db, life.folder->db);
    }
    end(&life, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ACCOUNT_TEST(test_a_deleted_database_comes_again),
        ACCOUNT_TEST(test_a_session_ends_an_order_of_an_earlier_one),
        ACCOUNT_TEST(test_a_database_of_another_journal_is_made_anew),
        ACCOUNT_TEST(test_a_database_ahead_of_the_journal_is_made_anew),
        ACCOUNT_TEST(test_killed_while_it_catches_up),
        ACCOUNT_TEST(test_a_locked_database_keeps_nothing_waiting),
        ACCOUNT_TEST(test_a_difference_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
