/* test_store_clock.c - what a store makes of a wall clock that is wrong for a while. */
#include "unit/account_fixture.h"

#include "store/journal_files.h"
#include "store/journal_verify.h"
#include "store/store.h"

#include <sqlite3.h>

#define DAY      (86400 * SECOND)
#define DECADES  (30 * 365 * DAY)
#define KEPT_DAY 10

static struct store *start(const struct folder *folder, int64_t start_ns, struct recovered *left)
{
    struct store_config config = {.data_dir = folder->path,
                                  .account = ACCOUNT,
                                  .journal = true,
                                  .start_ns = start_ns,
                                  .keep_days = {[RETENTION_EQUITY] = KEPT_DAY},
                                  .kind = "demo",
                                  .mode = "simulation",
                                  .source = "test",
                                  .version = "0"};
    char why[WHY_SIZE] = "";
    struct store *store;

    if (store_open(&config, &store, left, why, sizeof(why)) != ERR_OK)
        fail_msg("store_open: %s", why);
    return store;
}

/* A run of one sample. */
static void run(const struct folder *folder, int64_t start_ns)
{
    struct store_record equity = {.kind = STORE_EQUITY, .ts_ns = start_ns + 1};
    struct recovered left;
    struct store *store = start(folder, start_ns, &left);
    char why[WHY_SIZE] = "";

    assert_true(store_push(store, &equity) && store_commit(store));
    while (store_durable_ns(store) != start_ns + 1)
        usleep(1000);
    usleep(200000); /* for the rows, and for those that are old to go */
    if (store_close(store, start_ns + 2, why, sizeof(why)) != ERR_OK)
        fail_msg("store_close: %s", why);
    recovered_free(&left);
}

static int64_t samples(const struct folder *folder)
{
    sqlite3_stmt *row;
    sqlite3 *db;
    int64_t count;

    assert_int_equal(sqlite3_open(folder->db, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM equity", -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    count = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    sqlite3_close(db);
    return count;
}

static void tell(void *arg, const char *line)
{
    (void)arg;
    print_message("%s\n", line);
}

static uint64_t differences(const struct folder *folder)
{
    struct journal_verify verify = {.data_dir = folder->path, .account = ACCOUNT, .tell = tell};
    char why[WHY_SIZE] = "";

    if (journal_verify(&verify, why, sizeof(why)) != ERR_OK)
        fail_msg("journal_verify: %s", why);
    assert_true(verify.rows > 0);
    return verify.differences;
}

static int64_t time_of_first_file(const struct folder *folder)
{
    struct journal_header header;
    char name[JOURNAL_NAME_SIZE], why[WHY_SIZE] = "";
    int dir_fd = journal_open_folder(folder->dir);

    journal_file_name(1, JOURNAL_SEGMENT_END, name);
    if (journal_read_header(folder->dir, dir_fd, name, JOURNAL_MAGIC_SEGMENT, &header, why, sizeof(why)) !=
        ERR_OK)
        fail_msg("%s", why);
    close(dir_fd);
    return header.time_ns;
}

/* By which its age is known later. */
static void test_a_file_has_the_time_of_its_first_records(void **state)
{
    const struct folder *folder = *state;

    run(folder, NOON_NS);
    assert_int_equal(time_of_first_file(folder), NOON_NS);
}

static void test_samples_outlive_a_clock_that_leaps_ahead(void **state)
{
    const struct folder *folder = *state;

    run(folder, NOON_NS);
    run(folder, NOON_NS + DECADES);
    assert_int_equal(samples(folder), 2);
    run(folder, NOON_NS + DAY);
    assert_int_equal(samples(folder), 3);
}

static void test_samples_become_old(void **state)
{
    const struct folder *folder = *state;

    run(folder, NOON_NS);
    run(folder, NOON_NS + 6 * DAY);
    assert_int_equal(samples(folder), 2);
    run(folder, NOON_NS + 12 * DAY);
    assert_int_equal(samples(folder), 2);
    run(folder, NOON_NS + 100 * DAY); /* so long a pause counts at the next start */
    run(folder, NOON_NS + 100 * DAY + MINUTE);
    assert_int_equal(samples(folder), 2);
    assert_int_equal(differences(folder), 0); /* that they are gone is none */
}

/* The newest record tells the time of a crash, in a snapshot, too, and whatever earlier ones said. */
static void test_the_time_of_the_newest_record(void **state)
{
    const struct folder *folder = *state;
    struct recovered left;
    struct store_journal *journal;

    run(folder, NOON_NS + DECADES);
    journal = open_journal_at(folder, NOON_NS, &left);
    assert_int_equal(left.last_ns, NOON_NS + DECADES + 2);
    begin_session(journal, &left, NOON_NS);
    drain(journal);
    assert_int_equal(store_journal_durable_ns(journal), NOON_NS);
    store_journal_close(journal, false); /* it crashes */
    recovered_free(&left);
    journal = open_journal_at(folder, NOON_NS + DAY, &left);
    assert_int_equal(left.crash_ns[STORE_CRASHES - 1], NOON_NS);
    store_journal_close(journal, false);
    recovered_free(&left);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ACCOUNT_TEST(test_a_file_has_the_time_of_its_first_records),
        ACCOUNT_TEST(test_samples_outlive_a_clock_that_leaps_ahead),
        ACCOUNT_TEST(test_samples_become_old),
        ACCOUNT_TEST(test_the_time_of_the_newest_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
