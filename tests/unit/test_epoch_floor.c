/* An epoch never comes twice in a data directory, whatever becomes of its journal. */
#include "unit/store_fixture.h"

#include "store/epoch_floor.h"

#include <sys/stat.h>

static const char *data_dir_of(const struct folder *folder)
{
    static char path[128];

    snprintf(path, sizeof(path), "%s/data", folder->path);
    mkdir(path, 0700);
    return path;
}

static uint64_t floor_of(const char *data_dir)
{
    char why[WHY_SIZE];
    uint64_t floor;

    if (epoch_floor_read(data_dir, &floor, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    return floor;
}

static void put_text(const char *data_dir, const char *text)
{
    char path[160];
    FILE *out;

    snprintf(path, sizeof(path), "%s/" EPOCH_FLOOR_FILE, data_dir);
    out = fopen(path, "we");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static void test_it_is_only_raised(void **state)
{
    const char *data_dir = data_dir_of(*state);
    char why[WHY_SIZE];

    assert_int_equal(floor_of(data_dir), 0);
    assert_int_equal(epoch_floor_raise(data_dir, 3, why, sizeof(why)), ERR_OK);
    assert_int_equal(floor_of(data_dir), 3);
    assert_int_equal(epoch_floor_raise(data_dir, 2, why, sizeof(why)), ERR_OK);
    assert_int_equal(floor_of(data_dir), 3);
    assert_int_equal(epoch_floor_next(1, 3), 4);
    assert_int_equal(epoch_floor_next(7, 3), 8);
    assert_int_equal(epoch_floor_next(0, 0), 1);
}

/* What is no number is not taken for none: a repeated epoch would be the price. */
static void test_no_number_is_refused(void **state)
{
    static const char *const texts[] = {
        "", "\n", "x\n", "12", "12 \n", "-1\n", "1\n2\n", "99999999999999999999\n", "18446744073709551615\n"};
    const char *data_dir = data_dir_of(*state);
    char why[WHY_SIZE];
    uint64_t floor;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        put_text(data_dir, texts[i]);
        assert_int_equal(epoch_floor_read(data_dir, &floor, why, sizeof(why)), ERR_BAD_DATA);
        assert_int_equal(epoch_floor_raise(data_dir, 5, why, sizeof(why)), ERR_BAD_DATA);
        assert_non_null(strstr(why, "/epoch: no number"));
    }
}

/* One session of a real store; the epoch that it had. */
static uint64_t run_once(const struct folder *folder)
{
    struct store_config config = {.data_dir = data_dir_of(folder),
                                  .account = "demo",
                                  .journal = true,
                                  .start_ns = 1000,
                                  .kind = "live",
                                  .mode = "simulation",
                                  .source = "demo",
                                  .version = "test"};
    struct recovered left;
    struct store *store;
    char why[WHY_SIZE] = "";
    uint64_t epoch;

    if (store_open(&config, &store, &left, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    epoch = left.epoch;
    assert_int_equal(floor_of(config.data_dir), epoch); /* before anybody could send with it */
    recovered_free(&left);
    assert_int_equal(store_close(store, 2000, why, sizeof(why)), ERR_OK);
    return epoch;
}

static void shell(const struct folder *folder, const char *what)
{
    char command[512];

    snprintf(command, sizeof(command), "cd '%s' && %s", folder->path, what);
    if (system(command) != 0) /* NOLINT(cert-env33-c): a fixed command of our own */
        fail();
}

static void test_an_older_journal_goes_on_above_the_newer_one(void **state)
{
    const struct folder *folder = *state;

    assert_int_equal(run_once(folder), 1);
    shell(folder, "cp -r data/journal older");
    assert_int_equal(run_once(folder), 2);
    assert_int_equal(run_once(folder), 3);
    shell(folder, "rm -r data/journal && mv older data/journal");
    assert_int_equal(run_once(folder), 4);
    shell(folder, "rm -r data/journal");
    assert_int_equal(run_once(folder), 5);
}

/* Data directories from before the file: the journal alone says it. */
static void test_without_the_file_the_journal_says_it(void **state)
{
    const struct folder *folder = *state;

    assert_int_equal(run_once(folder), 1);
    assert_int_equal(run_once(folder), 2);
    shell(folder, "rm data/epoch");
    assert_int_equal(run_once(folder), 3);
}

#define FOLDER_TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_it_is_only_raised),
        FOLDER_TEST(test_no_number_is_refused),
        FOLDER_TEST(test_an_older_journal_goes_on_above_the_newer_one),
        FOLDER_TEST(test_without_the_file_the_journal_says_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
