/* The file KILLED: written whole, read back, damaged in every way, removed by nobody but a clear. */
#include "unit/cmocka_all.h"
#include "unit/own_folder.h"

#include "app/kill_latch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHY_SIZE 256

static int make_folder(void **state)
{
    (void)state;
    return own_folder_make("latch");
}

static const char *path_of(const char *name)
{
    static char path[128];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void put(const char *text, size_t size)
{
    FILE *out = fopen(path_of(KILL_LATCH_FILE), "we");

    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
}

static void write_latch(const char *who, const char *why)
{
    struct kill_latch latch = {.at_ns = INT64_C(1732179600123456789)};
    char said[WHY_SIZE] = "";

    snprintf(latch.who, sizeof(latch.who), "%s", who);
    snprintf(latch.why, sizeof(latch.why), "%s", why);
    if (kill_latch_write(folder, &latch, said, sizeof(said)) != ERR_OK)
        fail_msg("%s", said);
}

static void test_a_latch_is_read_back_as_written(void **state)
{
    struct kill_latch latch;
    struct stat file;

    (void)state;
    assert_false(kill_latch_read(folder, &latch));
    write_latch("key K", "3 orders were open");
    assert_true(kill_latch_read(folder, &latch));
    assert_int_equal(latch.at_ns, INT64_C(1732179600123456789));
    assert_string_equal(latch.who, "key K");
    assert_string_equal(latch.why, "3 orders were open");
    assert_int_equal(stat(path_of(KILL_LATCH_FILE), &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_int_equal(access(path_of(KILL_LATCH_FILE ".new"), F_OK), -1);
}

/* A text with a newline could otherwise write lines of its own. */
static void test_texts_stay_on_their_lines(void **state)
{
    struct kill_latch latch;

    (void)state;
    write_latch("a\nwhy b", "c\nd\033[2J");
    assert_true(kill_latch_read(folder, &latch));
    assert_null(strpbrk(latch.who, "\n\033"));
    assert_null(strpbrk(latch.why, "\n\033"));
    assert_non_null(strstr(latch.why, "d"));
}

static void test_a_second_kill_replaces_the_first(void **state)
{
    struct kill_latch latch;

    (void)state;
    write_latch("key K", "");
    write_latch("socket", "1 orders were open");
    assert_true(kill_latch_read(folder, &latch));
    assert_string_equal(latch.who, "socket");
}

/* Every beginning of a good latch, and each byte of it flipped, is a kill: only what it says may be lost. */
static void test_a_damaged_latch_counts_as_killed(void **state)
{
    char whole[1024];
    struct kill_latch latch;
    FILE *in;
    size_t size;

    (void)state;
    write_latch("key K", "3 orders were open");
    in = fopen(path_of(KILL_LATCH_FILE), "re");
    assert_non_null(in);
    size = fread(whole, 1, sizeof(whole), in);
    fclose(in);
    for (size_t cut = 0; cut < size; cut++) {
        put(whole, cut);
        assert_true(kill_latch_read(folder, &latch));
        if (cut + 1 < size)
            assert_non_null(strstr(latch.why, cut < 40 ? "damaged" : ""));
    }
    for (size_t at = 0; at < size; at++) {
        whole[at] = (char)(whole[at] ^ 0x55);
        put(whole, size);
        assert_true(kill_latch_read(folder, &latch));
        whole[at] = (char)(whole[at] ^ 0x55);
    }
    memset(whole, 'x', sizeof(whole));
    put(whole, sizeof(whole));
    assert_true(kill_latch_read(folder, &latch));
    assert_non_null(strstr(latch.why, "damaged"));
}

/* What stands in its place is not followed, opened for ever, or taken for "not killed". */
static void test_what_is_no_file_counts_as_killed(void **state)
{
    struct kill_latch latch;

    (void)state;
    assert_int_equal(mkfifo(path_of(KILL_LATCH_FILE), 0600), 0);
    assert_true(kill_latch_read(folder, &latch));
    unlink(path_of(KILL_LATCH_FILE));
    assert_int_equal(symlink("/dev/null", path_of(KILL_LATCH_FILE)), 0);
    assert_true(kill_latch_read(folder, &latch));
    unlink(path_of(KILL_LATCH_FILE));
    assert_int_equal(mkdir(path_of(KILL_LATCH_FILE), 0700), 0);
    assert_true(kill_latch_read(folder, &latch));
}

/* A folder that cannot be looked into may hold a latch; one that is not there holds none. */
static void test_a_folder_that_cannot_be_read_counts_as_killed(void **state)
{
    struct kill_latch latch;
    FILE *out = fopen(path_of("plain"), "we");

    (void)state;
    assert_non_null(out);
    fclose(out);
    assert_true(kill_latch_read(path_of("plain"), &latch));
    assert_false(kill_latch_read(path_of("absent"), &latch));
}

static void test_failures_are_told_and_change_nothing(void **state)
{
    struct kill_latch latch = {.at_ns = 1, .who = "key K"};
    char why[WHY_SIZE] = "";

    (void)state;
    assert_int_equal(kill_latch_write(path_of("absent"), &latch, why, sizeof(why)), ERR_STORAGE);
    assert_non_null(strstr(why, "KILLED"));
    assert_int_equal(mkdir(path_of(KILL_LATCH_FILE), 0700), 0);
    why[0] = '\0';
    assert_int_equal(kill_latch_write(folder, &latch, why, sizeof(why)), ERR_STORAGE);
    assert_int_equal(kill_latch_remove(folder, why, sizeof(why)), ERR_STORAGE);
    assert_non_null(strstr(why, "removing"));
    assert_true(kill_latch_read(folder, &latch));
}

static void test_removal_is_final_and_may_be_repeated(void **state)
{
    struct kill_latch latch;
    char why[WHY_SIZE] = "";

    (void)state;
    write_latch("signal", "");
    assert_int_equal(kill_latch_remove(folder, why, sizeof(why)), ERR_OK);
    assert_false(kill_latch_read(folder, &latch));
    assert_int_equal(kill_latch_remove(folder, why, sizeof(why)), ERR_OK);
}

#define LATCH_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, own_folder_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LATCH_TEST(test_a_latch_is_read_back_as_written),
        LATCH_TEST(test_texts_stay_on_their_lines),
        LATCH_TEST(test_a_second_kill_replaces_the_first),
        LATCH_TEST(test_a_damaged_latch_counts_as_killed),
        LATCH_TEST(test_what_is_no_file_counts_as_killed),
        LATCH_TEST(test_a_folder_that_cannot_be_read_counts_as_killed),
        LATCH_TEST(test_failures_are_told_and_change_nothing),
        LATCH_TEST(test_removal_is_final_and_may_be_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
