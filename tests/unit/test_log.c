/* test_log.c - one event is one line, whatever is in it, and nobody waits for the log. */
#include "unit/cmocka_all.h"

#include "core/base/log.h"

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TS INT64_C(1723161601234567890) /* 2024-08-09T00:00:01.234Z */

static char path[64];
static char content[1 << 20];

static int make_path(void **state)
{
    int fd;

    (void)state;
    snprintf(path, sizeof path, "/tmp/flowdeck-log-XXXXXX");
    fd = mkstemp(path);
    close(fd);
    return unlink(path);
}

static int remove_path(void **state)
{
    (void)state;
    log_close();
    unlink(path);
    return 0;
}

static const char *read_file(const char *name)
{
    FILE *file = fopen(name, "r");
    size_t size;

    assert_non_null(file);
    size = fread(content, 1, sizeof content - 1, file);
    content[size] = '\0';
    fclose(file);
    return content;
}

static void test_text_lines(void **state)
{
    struct stat info;

    (void)state;
    assert_int_equal(log_open(path, LOG_FORMAT_TEXT, LOG_INFO), ERR_OK);
    log_ev(LOG_INFO, TS, 17, "book.live", LOG_TEXT("sym", "BTCUSDT"), LOG_INT("update_id", 5009));
    log_ev(LOG_DEBUG, TS, 0, "not.written", LOG_INT("n", 1));
    log_ev(LOG_WARN, TS, 0, "order.denied", LOG_TEXT("why", "a \"b\" c=d"), LOG_TEXT("none", ""),
           LOG_INT("low", INT64_MIN));
    log_event(LOG_ERROR, TS, 0, "plain", NULL, 0);
    assert_int_equal(log_drain(), 3);
    assert_int_equal(log_drain(), 0);
    assert_string_equal(read_file(path),
                        "2024-08-09T00:00:01.234Z info book.live cid=17 sym=BTCUSDT update_id=5009\n"
                        "2024-08-09T00:00:01.234Z warn order.denied why=\"a \\\"b\\\" c=d\" none=\"\" "
                        "low=-9223372036854775808\n"
                        "2024-08-09T00:00:01.234Z error plain\n");
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

/* A line break in a symbol must not forge a second line. */
static void test_one_event_is_one_line(void **state)
{
    (void)state;
    assert_int_equal(log_open(path, LOG_FORMAT_TEXT, LOG_INFO), ERR_OK);
    log_ev(LOG_INFO, TS, 0, "x", LOG_TEXT("sym", "A\n2026-01-01T00:00:00.000Z error KILLED\x1b[2J"));
    log_drain();
    assert_string_equal(read_file(path), "2024-08-09T00:00:01.234Z info x "
                                         "sym=\"A\\x0a2026-01-01T00:00:00.000Z error KILLED\\x1b[2J\"\n");
}

static void test_json_lines_parse_back(void **state)
{
    json_t *line;

    (void)state;
    assert_int_equal(log_open(path, LOG_FORMAT_JSON, LOG_INFO), ERR_OK);
    log_ev(LOG_INFO, TS, 17, "book.live", LOG_TEXT("sym", "B\"\\\n\xff\xe2\x82\xac"),
           LOG_INT("n", INT64_MAX));
    log_drain();
    line = json_loads(read_file(path), 0, NULL);
    assert_non_null(line);
    assert_string_equal(json_string_value(json_object_get(line, "ts")), "2024-08-09T00:00:01.234Z");
    assert_string_equal(json_string_value(json_object_get(line, "level")), "info");
    assert_string_equal(json_string_value(json_object_get(line, "event")), "book.live");
    assert_int_equal(json_integer_value(json_object_get(line, "cid")), 17);
    assert_string_equal(json_string_value(json_object_get(line, "sym")), "B\"\\\\\\x0a\\xff\xe2\x82\xac");
    assert_int_equal(json_integer_value(json_object_get(line, "n")), INT64_MAX);
    json_decref(line);
}

/* However long: the line ends whole, and says that something is missing. */
static void test_long_events_are_cut_at_a_field(void **state)
{
    char escapes[401], plain[401];

    (void)state;
    memset(escapes, '\x1b', 400);
    memset(plain, 'x', 400);
    escapes[400] = plain[400] = '\0';
    assert_int_equal(log_open(path, LOG_FORMAT_JSON, LOG_INFO), ERR_OK);
    for (size_t size = 0; size <= 400; size++) {
        json_t *line;
        size_t length;

        log_ev(LOG_INFO, TS, INT64_MAX, "e", LOG_INT("first", 1), LOG_TEXT("a", escapes + 400 - size),
               LOG_TEXT("b", plain + 400 - size), LOG_TEXT("c", plain + 400 - size));
        assert_int_equal(log_drain(), 1);
        read_file(path);
        length = strlen(content);
        assert_true(length < LOG_LINE_MAX);
        assert_int_equal(content[length - 1], '\n');
        line = json_loads(content, 0, NULL);
        if (line == NULL)
            fail_msg("not JSON: %s", content);
        assert_int_equal(json_integer_value(json_object_get(line, "first")), 1);
        assert_true((json_object_get(line, "c") != NULL) == (json_object_get(line, "cut") == NULL));
        json_decref(line);
        assert_int_equal(truncate(path, 0), 0);
    }
}

static void test_too_many_fields_are_said(void **state)
{
    struct log_field fields[30];

    (void)state;
    for (int i = 0; i < 30; i++)
        fields[i] = LOG_INT("n", i);
    assert_int_equal(log_open(path, LOG_FORMAT_TEXT, LOG_INFO), ERR_OK);
    log_event(LOG_INFO, TS, 0, "many", fields, 30);
    log_drain();
    assert_non_null(strstr(read_file(path), " n=15 cut=true\n"));
}

/* The configuration decides the format, so what is logged while it is read waits. */
static void test_events_before_open_wait(void **state)
{
    (void)state;
    log_event(LOG_INFO, TS, 0, "early", NULL, 0);
    log_event(LOG_DEBUG, TS, 0, "early.debug", NULL, 0);
    assert_int_equal(log_drain(), 0);
    assert_int_equal(log_open(path, LOG_FORMAT_JSON, LOG_INFO), ERR_OK);
    assert_int_equal(log_open(path, LOG_FORMAT_JSON, LOG_INFO), ERR_STATE);
    log_close(); /* drains */
    assert_string_equal(read_file(path),
                        "{\"ts\":\"2024-08-09T00:00:01.234Z\",\"level\":\"info\",\"event\":\"early\"}\n");
}

/* A full queue loses the newest, and says how many, right behind the ones that were before. */
static void test_a_full_queue_counts_its_losses(void **state)
{
    static struct log_tail_line tail[2];

    (void)state;
    assert_int_equal(log_open(NULL, LOG_FORMAT_TEXT, LOG_INFO), ERR_OK);
    for (int i = 0; i < LOG_QUEUE_MAX + 7; i++)
        log_ev(LOG_INFO, TS, 0, "flood", LOG_INT("i", i));
    assert_int_equal(log_drain(), LOG_QUEUE_MAX + 1);
    assert_int_equal(log_tail(tail, 2), 2);
    assert_string_equal(tail[0].text, "2024-08-09T00:00:01.234Z info flood i=1023");
    assert_string_equal(tail[1].text, "2024-08-09T00:00:01.234Z warn log.lost count=7");
    assert_int_equal(tail[1].seq, tail[0].seq + 1);
    assert_int_equal(tail[1].level, LOG_WARN);
    assert_int_equal(log_drain(), 0);
}

static void test_the_tail_is_text_cut_at_a_character(void **state)
{
    static struct log_tail_line tail[LOG_TAIL_MAX + 10];
    char wide[200];

    (void)state;
    memset(wide, 0, sizeof wide);
    for (int i = 0; i < 60; i++)
        memcpy(wide + (size_t)i * 3, "\xe2\x82\xac", 3);
    assert_int_equal(log_open(NULL, LOG_FORMAT_JSON, LOG_INFO), ERR_OK);
    for (int i = 0; i < LOG_TAIL_MAX; i++)
        log_ev(LOG_INFO, TS, 0, "w", LOG_TEXT("t", wide + (i % 3) * 3), LOG_INT("i", i));
    log_drain();
    assert_int_equal(log_tail(tail, LOG_TAIL_MAX + 10), LOG_TAIL_MAX);
    for (int i = 0; i < LOG_TAIL_MAX; i++) {
        size_t length = strlen(tail[i].text);

        assert_true(length < LOG_TAIL_TEXT && length > LOG_TAIL_TEXT - 5);
        assert_memory_equal(tail[i].text + length - 3, "\xe2\x82\xac", 3);
    }
}

/* logrotate moves the file away and says so. */
static void test_reopen_after_rotation(void **state)
{
    char moved[80];

    (void)state;
    snprintf(moved, sizeof moved, "%s.1", path);
    assert_int_equal(log_reopen(), ERR_STATE);
    assert_int_equal(log_open(path, LOG_FORMAT_TEXT, LOG_INFO), ERR_OK);
    log_event(LOG_INFO, TS, 0, "one", NULL, 0);
    log_drain();
    assert_int_equal(rename(path, moved), 0);
    assert_int_equal(log_reopen(), ERR_OK);
    log_event(LOG_INFO, TS, 0, "two", NULL, 0);
    log_drain();
    assert_string_equal(read_file(moved), "2024-08-09T00:00:01.234Z info one\n");
    assert_string_equal(read_file(path), "2024-08-09T00:00:01.234Z info two\n");
    unlink(moved);
}

/* A link could point at a terminal or at somebody's file; a FIFO without a reader would block. */
static void test_only_a_regular_file_is_written(void **state)
{
    char target[80];

    (void)state;
    snprintf(target, sizeof target, "%s.target", path);
    assert_int_equal(symlink(target, path), 0);
    assert_int_equal(log_open(path, LOG_FORMAT_TEXT, LOG_INFO), ERR_IO);
    assert_int_not_equal(access(target, F_OK), 0);
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(log_open(path, LOG_FORMAT_TEXT, LOG_INFO), ERR_IO);
    assert_int_equal(log_open("/tmp/flowdeck-none/such.log", LOG_FORMAT_TEXT, LOG_INFO), ERR_IO);
    assert_int_equal(log_open("/dev/null", LOG_FORMAT_TEXT, LOG_INFO), ERR_IO);
}

#define WRITERS       4
#define LINES_OF_EACH 20000

static atomic_int writers_left;

static void *write_lines(void *arg)
{
    int64_t writer = *(const int *)arg;

    for (int64_t i = 0; i < LINES_OF_EACH; i++)
        log_ev(LOG_INFO, TS, 0, "t", LOG_INT("w", writer), LOG_INT("i", i), LOG_TEXT("s", "steady"));
    atomic_fetch_sub(&writers_left, 1);
    return NULL;
}

/* Lines of many threads: none torn, each thread's in order, and lines plus counted losses are all. */
static void test_many_threads_tear_and_forget_nothing(void **state)
{
    pthread_t writer[WRITERS];
    int number[WRITERS];
    long long next[WRITERS] = {0}, counted = 0;
    size_t written = 0;
    FILE *file;
    char line[LOG_LINE_MAX];

    (void)state;
    assert_int_equal(log_open(path, LOG_FORMAT_TEXT, LOG_INFO), ERR_OK);
    atomic_store(&writers_left, WRITERS);
    for (int i = 0; i < WRITERS; i++) {
        number[i] = i;
        assert_int_equal(pthread_create(&writer[i], NULL, write_lines, &number[i]), 0);
    }
    while (atomic_load(&writers_left) > 0)
        written += log_drain();
    written += log_drain();
    for (int i = 0; i < WRITERS; i++)
        pthread_join(writer[i], NULL);
    log_close();

    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        long long lost, w, i;
        int end = 0;

        if (sscanf(line, "2024-08-09T00:00:01.234Z warn log.lost count=%lld", &lost) == 1) {
            counted += lost;
            continue;
        }
        assert_int_equal(
            sscanf(line, "2024-08-09T00:00:01.234Z info t w=%lld i=%lld s=steady%n", &w, &i, &end), 2);
        assert_int_equal(line[end], '\n');
        assert_in_range(w, 0, WRITERS - 1);
        assert_true(i >= next[w]);
        next[w] = i + 1;
        counted++;
    }
    fclose(file);
    assert_int_equal(counted, WRITERS * LINES_OF_EACH);
    assert_true(written > 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_path, remove_path)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_events_before_open_wait),
        TEST(test_text_lines),
        TEST(test_one_event_is_one_line),
        TEST(test_json_lines_parse_back),
        TEST(test_long_events_are_cut_at_a_field),
        TEST(test_too_many_fields_are_said),
        TEST(test_a_full_queue_counts_its_losses),
        TEST(test_the_tail_is_text_cut_at_a_character),
        TEST(test_reopen_after_rotation),
        TEST(test_only_a_regular_file_is_written),
        TEST(test_many_threads_tear_and_forget_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
