/* test_db.c - a file that is not what it should be is refused in one clear line, and is left as it was. */
#include "unit/store_fixture.h"

#include "store/db.h"
#include "store/schema.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Fails to open, with a line that names path and holds what. */
static void assert_refused(const char *path, const char *what)
{
    struct db *db = NULL;
    char why[WHY_SIZE] = "";

    assert_int_equal(db_open(path, &db, why, sizeof(why)), ERR_STORAGE);
    assert_null(db);
    if (strstr(why, what) == NULL || strchr(why, '\n') != NULL || why[0] != '/')
        fail_msg("wanted \"%s\" in: %s", what, why);
}

static void make_folder(const struct folder *folder)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/data", folder->path);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void write_file(const char *path, const char *text, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, size), size);
    close(fd);
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *handle;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
}

static void make_ours(const struct folder *folder)
{
    struct store *store = open_store(folder->db);

    for (int i = 0; i < 2000; i++) {
        struct store_record audit = audit_record(i, "something happened that takes some room in the file");

        push(store, &audit);
    }
    close_store(store, 1);
}

static void test_text_file_is_refused_and_kept(void **state)
{
    const struct folder *folder = *state;
    char text[32] = "";
    int fd;

    make_folder(folder);
    write_file(folder->db, "my notes, not a database\n", 25);
    assert_refused(folder->db, "not a flowdeck database");
    fd = open(folder->db, O_RDONLY);
    assert_int_equal(read(fd, text, sizeof(text)), 25);
    close(fd);
    assert_memory_equal(text, "my notes", 8);
}

/* A database of a browser or of another trading program must not get our tables. */
static void test_foreign_database_is_refused(void **state)
{
    const struct folder *folder = *state;

    make_folder(folder);
    run_sql(folder->db, "PRAGMA application_id = 77; CREATE TABLE theirs(x)");
    assert_refused(folder->db, "a database of another program (application id 0x0000004d)");
    unlink(folder->db);
    run_sql(folder->db, "CREATE TABLE anonymous(x)");
    assert_refused(folder->db, "a database of another program (application id 0x00000000)");
    assert_int_equal(query(folder->db, "SELECT count(*) FROM sqlite_schema"), 1);
}

/* After a downgrade the old program must not write what the new one cannot read. */
static void test_newer_schema_is_refused(void **state)
{
    const struct folder *folder = *state;

    make_ours(folder);
    run_sql(folder->db, "PRAGMA user_version = 99");
    assert_refused(folder->db, "made by a newer flowdeck (schema 99, this one knows 4)");
    run_sql(folder->db, "PRAGMA user_version = -3");
    assert_refused(folder->db, "damaged (schema -3)");
}

static void test_truncated_database_is_refused(void **state)
{
    const struct folder *folder = *state;
    struct stat at;

    make_ours(folder);
    assert_int_equal(stat(folder->db, &at), 0);
    assert_int_equal(truncate(folder->db, at.st_size / 2), 0);
    assert_refused(folder->db, "damaged");
    assert_int_equal(truncate(folder->db, 60), 0);
    assert_refused(folder->db, "not a flowdeck database");
}

/* One wrong byte anywhere is refused or harmless; it is never a crash, and never a write into damage. */
static void test_damaged_pages_never_crash(void **state)
{
    const struct folder *folder = *state;
    struct stat at;
    uint64_t random = 1;
    int refused = 0, fd;

    make_ours(folder);
    assert_int_equal(stat(folder->db, &at), 0);
    fd = open(folder->db, O_RDWR);
    for (int round = 0; round < 60; round++) {
        struct db *db = NULL;
        unsigned char before[64], noise[64];
        char why[WHY_SIZE];
        off_t where;

        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        where = (off_t)(random >> 33) % (at.st_size - 64) & ~(off_t)63;
        assert_int_equal(pread(fd, before, sizeof(before), where), sizeof(before));
        for (size_t i = 0; i < sizeof(noise); i++)
            noise[i] = (unsigned char)(before[i] ^ (random >> (i % 40)));
        assert_int_equal(pwrite(fd, noise, sizeof(noise), where), sizeof(noise));
        if (db_open(folder->db, &db, why, sizeof(why)) != ERR_OK)
            refused++;
        db_close(db);
        assert_int_equal(pwrite(fd, before, sizeof(before), where), sizeof(before));
    }
    close(fd);
    assert_true(refused > 0);
    close_store(open_store(folder->db), 1); /* put back, it is whole again */
}

static void test_tables_that_are_not_ours_are_refused(void **state)
{
    const struct folder *folder = *state;
    struct store *store = NULL;
    char why[WHY_SIZE] = "";

    make_ours(folder);
    run_sql(folder->db, "DROP TABLE fills; CREATE TABLE fills(x)");
    assert_int_equal(try_store(folder->db, &store, why, sizeof(why)), ERR_STORAGE);
    assert_non_null(strstr(why, "reading the tables failed"));
}

static void test_folder_in_place_of_the_file_is_refused(void **state)
{
    const struct folder *folder = *state;

    make_folder(folder);
    assert_int_equal(mkdir(folder->db, 0700), 0);
    assert_refused(folder->db, "is a folder, not a database file");
}

/* The mode counts even for root, who could write: somebody protected this file. */
static void test_read_only_file_is_refused(void **state)
{
    const struct folder *folder = *state;

    make_ours(folder);
    assert_int_equal(chmod(folder->db, 0400), 0);
    assert_refused(folder->db, "is read-only (mode 0400)");
}

/* What another user may put or see where the database goes. */
static void test_planted_links_and_open_folders_are_refused(void **state)
{
    const struct folder *folder = *state;
    char other[160], data[128];

    make_ours(folder);
    snprintf(data, sizeof(data), "%s/data", folder->path);
    snprintf(other, sizeof(other), "%s/other.db", folder->path);
    assert_int_equal(symlink(folder->db, other), 0);
    assert_refused(other, "is a symbolic link");
    unlink(other);
    assert_int_equal(link(folder->db, other), 0);
    assert_refused(folder->db, "has 2 names");
    unlink(other);
    assert_int_equal(chmod(data, 0777), 0);
    assert_refused(folder->db, "every user may write here (mode 0777)");
    assert_int_equal(chmod(data, 0700), 0);
    assert_int_equal(chmod(folder->db, 0666), 0); /* too open is mended, not refused */
    close_store(open_store(folder->db), 1);
}

/* A log without its database is somebody's data: a new database would wipe it. */
static void test_left_over_log_is_refused(void **state)
{
    const struct folder *folder = *state;
    char wal[160];

    make_folder(folder);
    snprintf(wal, sizeof(wal), "%s-wal", folder->db);
    write_file(wal, "x", 1);
    assert_refused(folder->db, "is left over without its database");
}

static void test_no_room_for_the_tables_is_said(void **state)
{
    const struct folder *folder = *state;
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        struct rlimit limit = {8192, 8192};
        struct db *db = NULL;
        char why[WHY_SIZE] = "";

        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        if (db_open(folder->db, &db, why, sizeof(why)) != ERR_STORAGE)
            _exit(2);
        _exit(strstr(why, "making the tables failed: ") == NULL ? 3 : 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    close_store(open_store(folder->db), 1); /* the half-made file is not in the way afterwards */
}

/* A migration is old or new, nothing between. */
static void test_failed_migration_changes_nothing(void **state)
{
    static const char *const good[] = {"CREATE TABLE a(x INTEGER) STRICT",
                                       "ALTER TABLE a ADD COLUMN y INTEGER"};
    static const char *const bad[] = {"", "CREATE TABLE b(x INTEGER) STRICT; INSERT INTO nowhere VALUES(1)"};
    sqlite3 *handle;
    int version = -1;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &handle), SQLITE_OK);
    assert_int_equal(schema_migrate(handle, good, 1), SQLITE_OK);
    assert_int_equal(schema_read_pragma(handle, "user_version", &version), SQLITE_OK);
    assert_int_equal(version, 1);
    assert_int_not_equal(schema_migrate(handle, bad, 2), SQLITE_OK);
    assert_int_equal(schema_read_pragma(handle, "user_version", &version), SQLITE_OK);
    assert_int_equal(version, 1);
    assert_int_not_equal(sqlite3_exec(handle, "SELECT * FROM b", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(schema_migrate(handle, good, 2), SQLITE_OK); /* only the missing step is taken */
    assert_int_equal(sqlite3_exec(handle, "SELECT x, y FROM a", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
}

/* A database of the first release keeps its orders and fills through the step to the second schema. */
static void test_first_schema_keeps_its_rows(void **state)
{
    sqlite3 *handle;
    int rows = 0;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &handle), SQLITE_OK);
    sqlite3_exec(handle, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    assert_int_equal(schema_migrate(handle, schema_steps, 1), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(
            handle,
            "INSERT INTO sessions(id, kind, mode, source, version, start_ns) VALUES(1,'live','m','s','v',1);"
            "INSERT INTO instruments VALUES(1, 0, 'BTCUSDT', 'binance-spot', 'BTC', 'USDT', 1, 1, 1);"
            "INSERT INTO orders VALUES(1, 7, 0, 1, 9, 'BUY', 'LIMIT', 'GTC', 0, 0, 'filled', 5, 0, 3, 3, 15, "
            "1, 2, 3);"
            "INSERT INTO fills VALUES(1, 11, 7, 0, 1, 'BUY', 1, 2, 5, 3, 15, 0, 0, 3)",
            NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(schema_migrate(handle, schema_steps, schema_version), SQLITE_OK);
    assert_int_equal(schema_read_pragma(handle, "foreign_keys", &rows), SQLITE_OK);
    assert_int_equal(rows, 1); /* on again */
    assert_int_equal(
        sqlite3_exec(handle,
                     "INSERT INTO stories SELECT session, seq, 0, state || correlation FROM orders"
                     " WHERE seq = (SELECT order_seq FROM fills) AND error = 'none' AND parent = 0;"
                     "DELETE FROM fills WHERE order_seq = (SELECT order_seq FROM stories"
                     " WHERE text = 'filled9')",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_changes(handle), 1);
    assert_int_not_equal(
        sqlite3_exec(handle, "INSERT INTO stories VALUES(1, 8, 0, 'of no order')", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(handle);
}

/* Types are enforced by the database, too: text in a number column is refused. */
static void test_tables_are_strict(void **state)
{
    const struct folder *folder = *state;

    make_ours(folder);
    assert_int_equal(query(folder->db,
                           "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE"
                           " 'sqlite_%' AND NOT strict"),
                     0);
    assert_int_equal(
        query(folder->db, "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND strict"), 11);
}

#define DB_TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DB_TEST(test_text_file_is_refused_and_kept),
        DB_TEST(test_foreign_database_is_refused),
        DB_TEST(test_newer_schema_is_refused),
        DB_TEST(test_truncated_database_is_refused),
        DB_TEST(test_damaged_pages_never_crash),
        DB_TEST(test_tables_that_are_not_ours_are_refused),
        DB_TEST(test_folder_in_place_of_the_file_is_refused),
        DB_TEST(test_read_only_file_is_refused),
        DB_TEST(test_planted_links_and_open_folders_are_refused),
        DB_TEST(test_left_over_log_is_refused),
        DB_TEST(test_no_room_for_the_tables_is_said),
        cmocka_unit_test(test_failed_migration_changes_nothing),
        cmocka_unit_test(test_first_schema_keeps_its_rows),
        DB_TEST(test_tables_are_strict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
