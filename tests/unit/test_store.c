/* test_store.c - what was pushed is in the database, whole, whatever happens around it. */
#include "unit/store_fixture.h"

#include "store/journal_frame.h"
#include "store/journal_io.h"
#include "store/store_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define MANY 1000000 /* more than any ring holds */

/* Each kind of record arrives as it was, and an order keeps its latest state alone. */
static void test_pushed_records_are_found_after_closing(void **state)
{
    const struct folder *folder = *state;
    struct store *store = open_store(folder->db);
    struct store_record instrument = instrument_record();
    struct store_record sent = order_record(7, ORDER_STATE_SENT),
                        filled = order_record(7, ORDER_STATE_FILLED);
    struct store_record fill = fill_record(41, 7), audit = audit_record(1500, "qty above the limit");
    struct store_record equity = {.kind = STORE_EQUITY, .ts_ns = 4000};

    equity.equity.equity_e8 = INT64_MAX;
    equity.equity.drawdown_e8 = INT64_MIN;
    push(store, &instrument);
    push(store, &sent);
    push(store, &filled);
    push(store, &fill);
    push(store, &audit);
    push(store, &equity);
    close_store(store, 5000);

    assert_query_text(folder->db,
                      "SELECT kind||' '||mode||' '||source||' '||version||' '||start_ns||' '||end_ns||' '||"
                      "records FROM sessions",
                      "replay simulation a.jsonl.gz test 1000 5000 6");
    assert_query_text(folder->db,
                      "SELECT symbol||' '||venue||' '||base||' '||quote||' '||tick_e8||' '||lot_e8 FROM"
                      " instruments",
                      "BTCUSDT binance-spot BTC USDT 1000000 1000");
    assert_query_text(
        folder->db,
        "SELECT count(*)||' '||seq||' '||state||' '||side||' '||type||' '||tif||' '||owner||' '||"
        "price_e8||' '||qty_e8||' '||filled_e8||' '||updated_ns||' '||input_seq FROM orders",
        "1 7 filled SELL LIMIT GTC 1 6184218000000 150000 150000 2007 17");
    assert_query_text(
        folder->db,
        "SELECT trade_id||' '||order_seq||' '||side||' '||maker||' '||ts_ns||' '||value_e8||' '||"
        "fee_e8||' '||realised_e8 FROM fills",
        "41 7 SELL 1 3041 9276327000 -17 -12345");
    assert_query_text(folder->db, "SELECT equity_e8||' '||drawdown_e8 FROM equity",
                      "9223372036854775807 -9223372036854775808");
    assert_query_text(folder->db, "SELECT event||' '||owner||' '||text FROM audit",
                      "denied ofi qty above the limit");
    assert_query_text(folder->db, "SELECT instrument FROM audit", "NULL");
}

/* The database holds orders and positions: nobody else reads it, and its folder is made for it alone. */
static void test_files_are_for_the_owner_alone(void **state)
{
    const struct folder *folder = *state;
    struct store *store = open_store(folder->db);
    static const char *const endings[] = {"", "-wal", "-shm", "-lock"};
    struct stat at;
    char path[256];

    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof(path), "%s%s", folder->db, endings[i]);
        assert_int_equal(stat(path, &at), 0);
        assert_int_equal(at.st_mode & 07777, 0600);
    }
    snprintf(path, sizeof(path), "%s/data", folder->path);
    assert_int_equal(stat(path, &at), 0);
    assert_int_equal(at.st_mode & 07777, 0700);
    close_store(store, 1);
}

/* Runs follow each other in one file; each keeps its own instruments and orders of the same numbers. */
static void test_sessions_follow_each_other_in_one_file(void **state)
{
    const struct folder *folder = *state;

    for (int run = 0; run < 3; run++) {
        struct store *store = open_store(folder->db);
        struct store_record instrument = instrument_record(), order = order_record(1, ORDER_STATE_WORKING);

        push(store, &instrument);
        push(store, &order);
        close_store(store, 100 + run);
    }
    assert_int_equal(query(folder->db, "SELECT count(*) FROM sessions WHERE end_ns IS NOT NULL"), 3);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM orders"), 3);
}

/* Rows are on disk soon, not only at the end: the durable mark follows the records. */
static void test_rows_are_durable_while_the_store_is_open(void **state)
{
    const struct folder *folder = *state;
    struct store *store = open_store(folder->db);
    struct store_record audit = audit_record(1777, "first");

    assert_int_equal(store_durable_ns(store), 1000); /* the session */
    push(store, &audit);
    for (int waited = 0; store_durable_ns(store) == 1000 && waited < 10000; waited++)
        usleep(1000);
    assert_int_equal(store_durable_ns(store), 1777);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM audit"), 1);
    close_store(store, 1);
}

/* Text from outside must not reach a terminal or a report through the database. */
static void test_audit_text_is_made_safe(void **state)
{
    const struct folder *folder = *state;
    struct store *store = open_store(folder->db);
    struct store_record audit = audit_record(1, "evil \x1b[2J \xff end");

    push(store, &audit);
    close_store(store, 2);
    assert_query_text(folder->db, "SELECT text FROM audit", "evil \\x1b[2J \\xff end");
}

/* Pushes groups that belong together (an order and its fill) without end; killed by the parent. */
static void endless_child(const char *path, int ready)
{
    struct store *store = child_open(path);
    struct store_record record = instrument_record();
    int64_t first_fill_ns = 0;
    bool told = false;

    child_push(store, &record);
    for (uint64_t seq = 1;; seq++) {
        record = order_record(seq, ORDER_STATE_FILLED);
        child_push(store, &record);
        record = fill_record(seq, seq);
        child_push(store, &record);
        if (seq == 1)
            first_fill_ns = record.ts_ns;
        if (told || store_durable_ns(store) < first_fill_ns) /* a fill is there, however slow the disk */
            continue;
        told = true;
        if (write(ready, "!", 1) != 1)
            _exit(1);
    }
}

/*
 * kill -9 in the middle loses at most what was not yet durable: the file passes its check, there is no fill
 * without its order, what is there is a beginning of what was pushed, and the next run opens it.
 */
static void test_killed_process_leaves_whole_groups(void **state)
{
    const struct folder *folder = *state;

    for (int round = 0; round < 5; round++) {
        int ready[2];
        char byte;
        pid_t child;

        assert_int_equal(pipe(ready), 0);
        child = fork();
        if (child == 0) {
            endless_child(folder->db, ready[1]);
            _exit(0);
        }
        close(ready[1]);
        assert_int_equal(read(ready[0], &byte, 1), 1);
        usleep((useconds_t)(60000 + 13000 * round));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        close(ready[0]);
    }
    assert_query_text(folder->db, "PRAGMA quick_check", "ok");
    assert_int_equal(query(folder->db, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM sessions WHERE end_ns IS NULL"), 5);
    /* A prefix without holes: as many fills as the largest number, at most one order more. */
    assert_int_equal(query(folder->db,
                           "SELECT count(*) FROM (SELECT max(trade_id) - count(*) AS hole FROM fills GROUP"
                           " BY session) WHERE hole != 0"),
                     0);
    assert_int_equal(query(folder->db,
                           "SELECT count(*) FROM sessions s WHERE (SELECT count(*) FROM orders o WHERE"
                           " o.session = s.id) - (SELECT count(*) FROM fills f WHERE f.session = s.id)"
                           " NOT IN (0, 1)"),
                     0);
    assert_true(query(folder->db, "SELECT count(*) FROM fills") > 0);
    close_store(open_store(folder->db), 1);
}

/* Two replays into one database: neither fails, neither loses a row. */
static void test_two_stores_share_one_file(void **state)
{
    const struct folder *folder = *state;
    pid_t child = fork();
    struct store *store;
    int status = 0;

    if (child == 0) {
        char why[WHY_SIZE];

        store = child_open(folder->db);
        for (int i = 0; i < 5000; i++) {
            struct store_record audit = audit_record(i, "child");

            child_push(store, &audit);
        }
        _exit(store_close(store, 1, why, sizeof(why)) == ERR_OK ? 0 : 1);
    }
    store = open_store(folder->db);
    for (int i = 0; i < 5000; i++) {
        struct store_record audit = audit_record(i, "parent");

        push(store, &audit);
    }
    close_store(store, 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM audit WHERE text = 'child'"), 5000);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM audit WHERE text = 'parent'"), 5000);
    assert_query_text(folder->db, "PRAGMA quick_check", "ok");
}

/* A database shell that holds the file delays rows; it loses none, and the ring says how many wait. */
static void test_locked_database_is_waited_for(void **state)
{
    const struct folder *folder = *state;
    struct store *store = open_store(folder->db);
    sqlite3 *shell;

    assert_int_equal(sqlite3_open(folder->db, &shell), SQLITE_OK);
    assert_int_equal(sqlite3_exec(shell, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    for (int i = 0; i < 500; i++) {
        struct store_record audit = audit_record(i + 1, "late");

        push(store, &audit);
    }
    usleep(400000);
    assert_true(store_queued(store) > 500 * FRAME_HEADER_SIZE);
    assert_false(store_failed(store, (char[8]){0}, 8));
    assert_int_equal(sqlite3_exec(shell, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(shell);
    close_store(store, 1);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM audit"), 500);
}

/* A full ring is an answer, not a loss: the writer is told, and what was taken is stored. */
static void test_full_ring_refuses(void **state)
{
    const struct folder *folder = *state;
    struct store *store = open_store(folder->db);
    struct store_record audit = audit_record(1, "many");
    sqlite3 *shell;
    int taken = 0;

    assert_int_equal(sqlite3_open(folder->db, &shell), SQLITE_OK);
    assert_int_equal(sqlite3_exec(shell, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    usleep(20000);
    while (taken < MANY && store_push(store, &audit) && store_commit(store))
        taken++;
    assert_true(taken > 1000 && taken < MANY);
    assert_false(store_push(store, &audit) && store_commit(store));
    assert_int_equal(sqlite3_exec(shell, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(shell);
    close_store(store, 1);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM audit"), taken);
}

/* A disk that fills up halts the store with a reason; what was durable stays readable. */
static void test_full_disk_is_latched_and_said(void **state)
{
    const struct folder *folder = *state;
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        struct rlimit limit = {300000, 300000};
        struct store *store = open_store(folder->db);
        struct store_record audit =
            audit_record(1, "a line of some length, so that the disk is soon full of lines");
        char why[WHY_SIZE] = "";
        bool failed = false;

        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        for (int i = 0; i < 200000 && !failed; i++) {
            if (!store_push(store, &audit) || !store_commit(store))
                usleep(1000);
            failed = store_failed(store, why, sizeof(why));
        }
        if (!failed || strstr(why, folder->db) == NULL || strstr(why, " failed: ") == NULL)
            _exit(2);
        if (store_push(store, &audit) && store_commit(store)) /* nothing more is taken */
            _exit(3);
        why[0] = '\0';
        if (store_close(store, 1, why, sizeof(why)) != ERR_STORAGE || why[0] == '\0')
            _exit(4);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_query_text(folder->db, "PRAGMA quick_check", "ok");
    assert_int_equal(query(folder->db, "SELECT count(*) FROM sessions WHERE end_ns IS NULL"), 1);
    close_store(open_store(folder->db), 1); /* and with room again it goes on */
}

static int io_error_of_a_snapshot(int dir_fd, const char *name, int flags, mode_t mode)
{
    if (strcmp(name, "snapshot.new") != 0)
        return journal_io_system.open(dir_fd, name, flags, mode);
    errno = EIO;
    return -1;
}

/* So much that a snapshot is due, until it has failed. True: the store has, too. */
static bool fail_at_a_snapshot(struct store *store)
{
    struct store_record audit = audit_record(1, "one of many");
    char why[WHY_SIZE] = "";

    for (int i = 0; i < STORE_JOURNAL_SNAPSHOT_EACH + 1000; i++)
        push(store, &audit);
    for (int i = 0; i < 20000 && !store_snapshot_failed(store, why, sizeof(why)); i++) {
        if (store_failed(store, why, sizeof(why)))
            return true;
        usleep(1000);
    }
    assert_non_null(strstr(why, "writing the snapshot"));
    assert_false(store_failed(store, why, sizeof(why)));
    return false;
}

/* A start takes longer without it, and that is all; unless it is the disk that fails. */
static void test_a_snapshot_that_cannot_be_written_halts_nothing(void **state)
{
    const struct folder *folder = *state;
    struct journal_io broken = journal_io_system;
    struct store *store = open_journal(folder);
    struct store_record audit = audit_record(1, "after it");
    char path[200], why[WHY_SIZE];

    snprintf(path, sizeof(path), "%s/journal/demo/snapshot.new", folder->path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(fail_at_a_snapshot(store));
    push(store, &audit);
    assert_int_equal(rmdir(path), 0);
    close_store(store, 9);
    snprintf(path, sizeof(path), "ls '%s'/journal/demo/*.snap > '%s'/list", folder->path, folder->path);
    assert_int_equal(system(path), 0); /* NOLINT(cert-env33-c): tried again at the end */
    broken.open = io_error_of_a_snapshot;
    journal_io_replace(&broken);
    store = open_journal(folder);
    assert_true(fail_at_a_snapshot(store));
    assert_int_equal(store_close(store, 9, why, sizeof(why)), ERR_STORAGE);
    journal_io_replace(NULL);
}

/* A record that breaks a promise (a fill of no order) is our own bug: latched, never stored in part. */
static void test_impossible_record_is_latched(void **state)
{
    const struct folder *folder = *state;
    struct store *store = open_store(folder->db);
    struct store_record audit = audit_record(1, "in the same group"), fill = fill_record(1, 99);
    char why[WHY_SIZE] = "";

    push(store, &audit);
    push(store, &fill);
    assert_int_equal(store_close(store, 1, why, sizeof(why)), ERR_STORAGE);
    assert_non_null(strstr(why, "storing a fill failed"));
    assert_int_equal(query(folder->db, "SELECT count(*) FROM fills"), 0);
}

/* A signal for the program never lands on the store thread: the mask of the opener comes back, too. */
static void test_store_thread_takes_no_signals(void **state)
{
    const struct folder *folder = *state;
    sigset_t before, after;
    struct store *store;

    pthread_sigmask(SIG_SETMASK, NULL, &before);
    store = open_store(folder->db);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    assert_int_equal(sigismember(&after, SIGTERM), sigismember(&before, SIGTERM));
    sigaddset(&after, SIGUSR1);
    pthread_sigmask(SIG_SETMASK, &after, NULL); /* now no thread takes it: it must stay pending */
    kill(getpid(), SIGUSR1);
    usleep(20000);
    sigpending(&after);
    assert_int_equal(sigismember(&after, SIGUSR1), 1);
    signal(SIGUSR1, SIG_IGN);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close_store(store, 1);
}

/* The rate is printed, not judged: a busy machine is no defect. */
static void test_many_records(void **state)
{
    const struct folder *folder = *state;
    const int count = 100000;
    struct store *store = open_store(folder->db);
    struct store_record record = instrument_record();
    struct timespec begin, end;
    double seconds;

    clock_gettime(CLOCK_MONOTONIC, &begin);
    push(store, &record);
    for (int i = 1; i <= count / 2; i++) {
        record = order_record((uint64_t)i, ORDER_STATE_FILLED);
        push(store, &record);
        record = fill_record((uint64_t)i, (uint64_t)i);
        push(store, &record);
    }
    close_store(store, 1);
    clock_gettime(CLOCK_MONOTONIC, &end);
    seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
    print_message("%d records in %.2f s\n", count, seconds);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM fills"), count / 2);
    assert_int_equal(query(folder->db, "SELECT records FROM sessions"), count + 1);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_pushed_records_are_found_after_closing),
        STORE_TEST(test_files_are_for_the_owner_alone),
        STORE_TEST(test_sessions_follow_each_other_in_one_file),
        STORE_TEST(test_rows_are_durable_while_the_store_is_open),
        STORE_TEST(test_audit_text_is_made_safe),
        STORE_TEST(test_killed_process_leaves_whole_groups),
        STORE_TEST(test_two_stores_share_one_file),
        STORE_TEST(test_locked_database_is_waited_for),
        STORE_TEST(test_full_ring_refuses),
        STORE_TEST(test_full_disk_is_latched_and_said),
        STORE_TEST(test_a_snapshot_that_cannot_be_written_halts_nothing),
        STORE_TEST(test_impossible_record_is_latched),
        STORE_TEST(test_store_thread_takes_no_signals),
        STORE_TEST(test_many_records),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
