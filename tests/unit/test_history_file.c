/* Lines typed before: kept, bounded, and whatever else lies in their place tolerated. */
#include "app/history_file.h"
#include "app/history_writer.h"

#include "unit/cmocka_all.h"

#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct taken {
    int count;
    char first[HISTORY_LINE_MAX], last[HISTORY_LINE_MAX];
};

static char dir[64], path[96];

static void take(void *arg, const char *line)
{
    struct taken *taken = arg;

    if (taken->count++ == 0)
        snprintf(taken->first, sizeof(taken->first), "%s", line);
    snprintf(taken->last, sizeof(taken->last), "%s", line);
}

static struct taken load(void)
{
    struct taken taken = {0};

    history_file_load(dir, take, &taken);
    return taken;
}

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/flowdeck-history-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/history", dir);
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    unlink(path);
    rmdir(path);
    return rmdir(dir);
}

static void put(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void test_what_was_typed_comes_back(void **state)
{
    struct stat info;

    (void)state;
    assert_int_equal(load().count, 0);
    history_file_append(dir, "size 0.02");
    history_file_append(dir, "cancel buys");
    assert_int_equal(load().count, 2);
    assert_string_equal(load().first, "size 0.02");
    assert_string_equal(load().last, "cancel buys");
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void test_it_is_bounded(void **state)
{
    char line[HISTORY_LINE_MAX];
    struct stat info;

    (void)state;
    for (int i = 0; i < 5000; i++) {
        snprintf(line, sizeof(line), "note %0100d", i);
        history_file_append(dir, line);
    }
    assert_int_equal(load().count, HISTORY_LINES_MAX);
    snprintf(line, sizeof(line), "note %0100d", 4999);
    assert_string_equal(load().last, line);
    assert_int_equal(stat(path, &info), 0);
    assert_true(info.st_size < HISTORY_BYTES_MAX); /* the first load has made it small */
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void test_damage_costs_the_damaged_lines_alone(void **state)
{
    static const char bytes[] = "size 1\n\033[2Jevil\nsize 2\n\0\0\0\nsize \xff\n\n\nsize 3\nsize 4 torn";
    static char long_line[70000];

    (void)state;
    put(bytes, sizeof(bytes) - 1);
    assert_int_equal(load().count, 4);
    assert_string_equal(load().last, "size 4 torn");
    history_file_append(dir, "size 5"); /* in a line of its own, though the last one had no end */
    assert_string_equal(load().last, "size 5");
    assert_int_equal(load().count, 5);
    memset(long_line, 'x', sizeof(long_line));
    put(long_line, sizeof(long_line));
    assert_int_equal(load().count, 0);
    history_file_append(dir, "size 6");
    assert_string_equal(load().last, "size 6");
    history_file_append(dir, "two\nlines");
    history_file_append(dir, "");
    assert_int_equal(load().count, 1);
}

/* Random bytes: never more than the bounds, never a control character. */
static void check_line(void *arg, const char *line)
{
    (void)arg;
    assert_true(strlen(line) > 0 && strlen(line) < HISTORY_LINE_MAX);
    for (; *line != '\0'; line++)
        assert_true(*line >= ' ' && *line <= '~');
}

static void test_any_bytes(void **state)
{
    static char bytes[100000];
    uint64_t seed = 3;

    (void)state;
    for (int round = 0; round < 200; round++) {
        size_t size = (size_t)(round * 500);

        for (size_t i = 0; i < size; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            bytes[i] = (seed >> 60) == 0 ? '\n' : (char)(seed >> 40);
            if ((seed >> 58 & 3) != 0)
                bytes[i] = (char)(' ' + (bytes[i] & 63));
        }
        put(bytes, size);
        history_file_load(dir, check_line, NULL);
        history_file_load(dir, check_line, NULL);
    }
}

static void test_what_is_no_file_is_left_alone(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(load().count, 0);
    history_file_append(dir, "size 1"); /* does not hang */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/null", path), 0);
    history_file_append(dir, "size 1");
    assert_int_equal(load().count, 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    history_file_append(dir, "size 1");
    assert_int_equal(load().count, 0);
}

/* --- the thread ----------------------------------------------------------------------------------------------------- */

static sem_t begun, may_write;

static void append_slowly(const char *data_dir, const char *line)
{
    sem_post(&begun);
    while (sem_wait(&may_write) != 0)
        ;
    history_file_append(data_dir, line);
}

/* While the disk hangs with the first line, whoever types goes on; what has no room is not kept, the rest comes in order. */
static void test_a_disk_that_hangs_holds_nobody(void **state)
{
    struct history_writer *writer;
    char line[HISTORY_LINE_MAX];

    (void)state;
    sem_init(&begun, 0, 0);
    sem_init(&may_write, 0, 0);
    writer = history_writer_new(append_slowly, dir);
    assert_non_null(writer);
    assert_true(history_writer_put(writer, "size 0"));
    while (sem_wait(&begun) != 0)
        ;
    for (int i = 1; i <= 2 * HISTORY_WAITING_MAX; i++) {
        snprintf(line, sizeof(line), "size %d", i);
        assert_int_equal(history_writer_put(writer, line), i <= HISTORY_WAITING_MAX);
    }
    for (int i = 0; i <= HISTORY_WAITING_MAX; i++)
        sem_post(&may_write);
    history_writer_free(writer);
    assert_int_equal(load().count, 1 + HISTORY_WAITING_MAX);
    assert_string_equal(load().first, "size 0");
    snprintf(line, sizeof(line), "size %d", HISTORY_WAITING_MAX);
    assert_string_equal(load().last, line);
    history_writer_free(history_writer_new(append_slowly, dir)); /* nothing was typed */
    history_writer_free(NULL);
    sem_destroy(&begun);
    sem_destroy(&may_write);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_was_typed_comes_back, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_it_is_bounded, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_damage_costs_the_damaged_lines_alone, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_any_bytes, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_what_is_no_file_is_left_alone, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_a_disk_that_hangs_holds_nobody, make_dir, remove_dir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
