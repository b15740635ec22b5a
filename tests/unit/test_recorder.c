/* The recorder: what was written is what is read, whatever ends the writing. */
#include "unit/cmocka_all.h"

#include "feed/decoder.h"
#include "feed/line_reader.h"
#include "feed/recorder.h"
#include "unit/test_random.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES (1 << 20)
#define FIRST_NS       INT64_C(1700000000000000000)

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/flowdeck-recorder-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    DIR *files = opendir(folder);
    struct dirent *file;

    (void)state;
    while (files != NULL && (file = readdir(files)) != NULL)
        if (file->d_name[0] != '.')
            unlinkat(dirfd(files), file->d_name, 0);
    if (files != NULL)
        closedir(files);
    return rmdir(folder);
}

static const char *path_of(const char *name)
{
    static char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void pause_ms(long ms)
{
    struct timespec pause = {0, ms * 1000000};

    nanosleep(&pause, NULL);
}

static struct recorder *open_recorder(const char *name, uint64_t rotate_bytes, size_t ring_bytes)
{
    struct recorder_config config = {
        .path = path_of(name), .rotate_bytes = rotate_bytes, .flush_ms = 1, .ring_bytes = ring_bytes};
    struct recorder *recorder = NULL;
    char why[256];

    if (recorder_open(&config, &recorder, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    return recorder;
}

/* All lines of a file, each with a newline; *whole: nothing was damaged. */
static char *read_file(const char *path, size_t *size, bool *whole)
{
    struct line_reader *reader = line_reader_new(LINE_MAX_BYTES);
    char *text = NULL;
    const char *line;
    size_t line_size;
    enum line_kind kind;

    *size = 0;
    *whole = true;
    assert_int_equal(line_reader_open(reader, path), ERR_OK);
    while ((kind = line_reader_next(reader, &line, &line_size)) != LINE_END) {
        assert_int_not_equal(kind, LINE_TOO_LONG);
        if (kind == LINE_DAMAGED) {
            *whole = false;
            continue;
        }
        text = realloc(text, *size + line_size + 2);
        memcpy(text + *size, line, line_size);
        *size += line_size;
        text[(*size)++] = '\n';
        text[*size] = '\0';
    }
    line_reader_free(reader);
    return text;
}

static void append(char **text, size_t *size, const char *more, size_t more_size)
{
    *text = realloc(*text, *size + more_size + 1);
    memcpy(*text + *size, more, more_size);
    *size += more_size;
    (*text)[*size] = '\0';
}

/* --- what is written is what is read ------------------------------------------------------------------------ */

/* Random texts, large and small, some with line ends, through a small ring many times over. */
static void test_what_is_read_is_what_was_written(void **state)
{
    enum { MESSAGES = 3000, TEXT_MAX = 3000 };
    struct recorder *recorder = open_recorder("same.jsonl.gz", 0, 1 << 21);
    struct recorder_status status;
    uint64_t random = 7;
    char *expected = NULL, *got;
    size_t expected_size = 0, size;
    bool whole;

    (void)state;
    for (int i = 0; i < MESSAGES; i++) {
        char text[TEXT_MAX + 8], line[TEXT_MAX + 128];
        int64_t ns = FIRST_NS + i * INT64_C(1000);
        size_t length = (size_t)random_between(&random, 2, TEXT_MAX), line_size;
        bool bare = random_between(&random, 0, 9) == 0;

        for (size_t at = 0; at < length; at++)
            text[at] = (char)random_between(&random, ' ', '~');
        for (int ends = 0; bare && ends < 4; ends++)
            text[random_between(&random, 0, (int64_t)length - 1)] = ends % 2 == 0 ? '\n' : '\r';
        while (!recorder_write(recorder, ns, bare ? "btcusdt@snapshot" : NULL, text, length))
            fail_msg("lost message %d", i);
        line_size = (size_t)snprintf(line, sizeof(line), "%" PRId64 " %s%.*s%s\n", ns,
                                     bare ? "{\"stream\":\"btcusdt@snapshot\",\"data\":" : "", (int)length,
                                     text, bare ? "}" : "");
        for (size_t at = 0; at + 1 < line_size; at++)
            if (line[at] == '\n' || line[at] == '\r')
                line[at] = ' ';
        append(&expected, &expected_size, line, line_size);
        do { /* as much as a busy market and a slow disk would leave in it */
            recorder_status(recorder, &status);
            if (status.ring_used > (1 << 20))
                pause_ms(1);
        } while (status.ring_used > (1 << 20));
    }
    assert_int_equal(recorder_close(recorder, &status), ERR_OK);
    assert_false(status.stopped);
    assert_int_equal(status.messages, MESSAGES);
    assert_int_equal(status.text_bytes, expected_size);
    assert_int_equal(status.lost, 0);
    got = read_file(path_of("same.jsonl.gz"), &size, &whole);
    assert_true(whole);
    assert_int_equal(size, expected_size);
    assert_memory_equal(got, expected, size);
    free(got);
    free(expected);
}

static void test_files_are_private_and_never_overwritten(void **state)
{
    struct recorder *recorder = open_recorder("once.jsonl.gz", 0, 0), *second = NULL;
    struct recorder_config config = {.path = path_of("once.jsonl.gz")};
    struct stat stat_of;
    char why[256];

    (void)state;
    assert_int_equal(stat(config.path, &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 0777, 0600);
    assert_int_equal(recorder_open(&config, &second, why, sizeof(why)), ERR_IO);
    assert_non_null(strstr(why, "once.jsonl.gz: it exists already, and no recording is overwritten"));
    assert_int_equal(recorder_close(recorder, NULL), ERR_OK);
    config.path = "/nowhere/at/all.gz";
    assert_int_equal(recorder_open(&config, &second, why, sizeof(why)), ERR_IO);
    assert_null(strchr(why, '\n'));
}

/* --- rotation ------------------------------------------------------------------------------------------------ */

static void test_names_of_rotated_files(void **state)
{
    char out[RECORDER_PATH_MAX];

    (void)state;
    recorder_file_path("a/out.jsonl.gz", 0, out);
    assert_string_equal(out, "a/out.jsonl.gz");
    recorder_file_path("a/out.jsonl.gz", 1, out);
    assert_string_equal(out, "a/out.0001.jsonl.gz");
    recorder_file_path("out.gz", 12, out);
    assert_string_equal(out, "out.0012.gz");
    recorder_file_path("out", 12, out);
    assert_string_equal(out, "out.0012");
}

static const char info_text[] = "{\"timezone\":\"UTC\",\n\"symbols\":[{\"symbol\":\"BTCUSDT\"}]}";
static const char info_behind[] = " {\"stream\":\"!exchangeInfo\",\"data\":{\"timezone\":\"UTC\", "
                                  "\"symbols\":[{\"symbol\":\"BTCUSDT\"}]}}\n";

/* Lines go on from file to file, none lost, none twice; each file starts with the symbol table. */
static void test_files_follow_each_other(void **state)
{
    enum { MESSAGES = 2000 };
    struct recorder *recorder = open_recorder("turn.jsonl.gz", 4000, 0);
    struct recorder_status status;
    uint64_t random = 3, next = 0, packed = 0;

    (void)state;
    recorder_write(recorder, FIRST_NS, "!exchangeInfo", info_text, sizeof(info_text) - 1);
    for (int i = 0; i < MESSAGES; i++) {
        char text[128];
        int size = snprintf(text, sizeof(text), "{\"n\":%d,\"x\":%" PRIu64 "}", i, random_next(&random));

        assert_true(recorder_write(recorder, FIRST_NS + i, NULL, text, (size_t)size));
    }
    assert_int_equal(recorder_close(recorder, &status), ERR_OK);
    assert_in_range(status.files, 4, 40);
    for (uint32_t i = 0; i < status.files; i++) {
        char path[RECORDER_PATH_MAX];
        struct stat stat_of;
        size_t size;
        bool whole;
        char *text, *at, stamp[32];

        recorder_file_path(path_of("turn.jsonl.gz"), i, path);
        assert_int_equal(stat(path, &stat_of), 0);
        assert_int_equal(stat_of.st_mode & 0777, 0600);
        packed += (uint64_t)stat_of.st_size;
        assert_in_range(stat_of.st_size, 1, 20000);
        text = read_file(path, &size, &whole);
        assert_true(whole);
        snprintf(stamp, sizeof(stamp), "%" PRId64, FIRST_NS + (next == 0 ? 0 : (int64_t)next - 1));
        assert_memory_equal(text, stamp, strlen(stamp)); /* time does not go back */
        assert_memory_equal(text + strlen(stamp), info_behind, sizeof(info_behind) - 1);
        for (at = strchr(text, '\n') + 1; *at != '\0'; at = strchr(at, '\n') + 1) {
            snprintf(stamp, sizeof(stamp), "{\"n\":%" PRIu64 ",", next);
            at = strchr(at, ' ') + 1;
            assert_memory_equal(at, stamp, strlen(stamp));
            next++;
        }
        free(text);
    }
    assert_int_equal(next, MESSAGES);
    assert_int_equal(packed, status.file_bytes);
    recorder_file_path(path_of("turn.jsonl.gz"), status.files, status.path);
    assert_int_equal(access(status.path, F_OK), -1);
}

/* The next file is somebody else's: the recording ends, and what is there stays. */
static void test_next_file_that_exists_ends_the_recording(void **state)
{
    struct recorder *recorder;
    struct recorder_status status;
    char text[600];
    size_t size;
    bool whole;
    int fd = open(path_of("taken.0001.jsonl.gz"), O_WRONLY | O_CREAT, 0600);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    recorder = open_recorder("taken.jsonl.gz", 100, 0);
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('0' + (i * i * 31 / 7) % 64);
    for (int i = 0; i < 3; i++)
        recorder_write(recorder, FIRST_NS + i, NULL, text, sizeof(text));
    assert_int_equal(recorder_close(recorder, &status), ERR_IO);
    assert_non_null(strstr(status.why, "taken.0001.jsonl.gz: it exists already"));
    free(read_file(path_of("taken.jsonl.gz"), &size, &whole));
    assert_true(whole);
    assert_int_equal(size, 20 + sizeof(text) + 1);
    free(read_file(path_of("taken.0001.jsonl.gz"), &size, &whole));
    assert_int_equal(size, 0);
}

/* --- what goes wrong ----------------------------------------------------------------------------------------- */

/* A full ring never makes the engine wait; all before is kept, and the end says that it is not the end. */
static void test_full_ring_ends_the_recording(void **state)
{
    struct recorder *recorder = open_recorder("full.jsonl.gz", 0, 1 << 16);
    struct recorder_status status;
    static char large[1 << 16];
    size_t size;
    bool whole;
    char *text;

    (void)state;
    memset(large, 'x', sizeof(large));
    assert_true(recorder_write(recorder, FIRST_NS, NULL, "{\"a\":1}", 7));
    assert_false(recorder_write(recorder, FIRST_NS + 1, NULL, large, sizeof(large)));
    assert_false(recorder_write(recorder, FIRST_NS + 2, NULL, "{\"a\":2}", 7)); /* no hole in the middle */
    assert_int_equal(recorder_close(recorder, &status), ERR_IO);
    assert_true(status.stopped);
    assert_non_null(strstr(status.why, "the disk does not keep up"));
    assert_int_equal(status.messages, 1);
    assert_int_equal(status.lost, 2);
    text = read_file(path_of("full.jsonl.gz"), &size, &whole);
    assert_true(whole);
    assert_string_equal(text,
                        "1700000000000000000 {\"a\":1}\n"
                        "1700000000000000001 {\"stream\":\"!lost\",\"data\":{\"why\":\"the disk did not "
                        "keep up\"}}\n"
                        "1700000000000000001 {\"stream\":\"!lost\",\"data\":{\"messages\":2}}\n");
    free(text);
}

/* The marker is a line as any other to a replay: of no stream that it reads. */
static void test_marker_is_no_bad_line(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct decoder *decoder = decoder_new(&config);
    static const char marker[128] = "{\"stream\":\"!lost\",\"data\":{\"messages\":2}}";
    struct feed_event event;

    (void)state;
    decoder_push(decoder, 1, marker, strlen(marker));
    assert_true(decoder_next(decoder, &event));
    assert_int_equal(event.kind, FEED_OTHER);
    decoder_free(decoder);
}

/* In a child: the disk takes LIMIT bytes and no more. */
static void write_to_a_full_disk(int limit)
{
    struct rlimit bound = {(rlim_t)limit, (rlim_t)limit};
    struct recorder_config config = {.path = path_of("disk.jsonl.gz"), .flush_ms = 1};
    struct recorder *recorder = NULL;
    struct recorder_status status;
    uint64_t random = 11;
    char why[256];
    int i = 0;

    signal(SIGXFSZ, SIG_IGN);
    if (recorder_open(&config, &recorder, why, sizeof(why)) != ERR_OK || setrlimit(RLIMIT_FSIZE, &bound) != 0)
        _exit(10);
    for (; i < 100000; i++) {
        char text[256];
        int size = snprintf(text, sizeof(text), "{\"n\":%d,\"x\":\"%" PRIx64 "%" PRIx64 "\"}", i,
                            random_next(&random), random_next(&random));

        if (!recorder_write(recorder, FIRST_NS + i, NULL, text, (size_t)size))
            break;
        if (i % 50 == 0)
            pause_ms(1);
    }
    if (recorder_close(recorder, &status) != ERR_IO)
        _exit(11);
    if (!status.stopped || strstr(status.why, "recording stops, cannot write") == NULL)
        _exit(12);
    _exit(status.lost > 0 ? 0 : 13);
}

/* All lines of the recording in their order; returns how many. */
static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (const char *at = text; at != NULL && *at != '\0'; at = strchr(at, '\n') + 1) {
        char want[64];

        snprintf(want, sizeof(want), "%" PRId64 " {\"n\":%zu,", FIRST_NS + (int64_t)count, count);
        assert_memory_equal(at, want, strlen(want));
        assert_int_equal(strchr(at, '\n')[-1], '}');
        count++;
    }
    return count;
}

static void test_full_disk_leaves_whole_lines(void **state)
{
    enum { LIMIT = 100000 };
    struct stat stat_of;
    int status = 0;
    size_t size;
    bool whole;
    char *text;
    pid_t child;

    (void)state;
    fflush(stdout);
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        write_to_a_full_disk(LIMIT);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(stat(path_of("disk.jsonl.gz"), &stat_of), 0);
    assert_in_range(stat_of.st_size, LIMIT / 10, LIMIT);
    text = read_file(path_of("disk.jsonl.gz"), &size, &whole);
    assert_true(whole); /* cut back to the last whole member */
    assert_true(count_lines(text) > 100);
    free(text);
}

static void write_until_killed(void)
{
    struct recorder_config config = {.path = path_of("kill.jsonl.gz"), .flush_ms = 1};
    struct recorder *recorder = NULL;
    uint64_t random = 5;
    char why[256];

    if (recorder_open(&config, &recorder, why, sizeof(why)) != ERR_OK)
        _exit(10);
    for (int i = 0;; i++) {
        char text[256];
        int size = snprintf(text, sizeof(text), "{\"n\":%d,\"x\":\"%" PRIx64 "\"}", i, random_next(&random));

        if (!recorder_write(recorder, FIRST_NS + i, NULL, text, (size_t)size))
            _exit(11);
        if (i % 20 == 0)
            pause_ms(1);
    }
}

/* kill -9 in the middle: what had been written for a while is there, in whole lines. */
static void test_kill_leaves_whole_lines(void **state)
{
    struct stat stat_of;
    int status = 0;
    size_t size, lines;
    bool whole;
    char *text;
    pid_t child;

    (void)state;
    fflush(stdout);
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        write_until_killed();
    for (int i = 0; i < 5000; i++) { /* some members are in the file */
        if (stat(path_of("kill.jsonl.gz"), &stat_of) == 0 && stat_of.st_size > 20000)
            break;
        pause_ms(1);
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    text = read_file(path_of("kill.jsonl.gz"), &size, &whole);
    if (!whole) { /* killed within a write: its last line may be half, which no JSON reader takes for a whole one */
        char *last = text;

        for (char *at = text; at != NULL && at[0] != '\0'; at = strchr(at, '\n') + 1)
            last = at;
        if (strchr(last, '\n')[-1] != '}')
            *last = '\0';
    }
    lines = count_lines(text);
    assert_true(lines > 100);
    free(text);
}

/* A file of many members, cut anywhere: each member before the cut is whole, and the reader says that it is cut. */
static void test_file_cut_anywhere_gives_all_whole_members(void **state)
{
    static const char *const name = "cut.jsonl.gz";
    struct recorder *recorder = open_recorder(name, 0, 0);
    char *all, whole_path[256];
    struct stat stat_of;
    size_t size, before = 0;
    bool whole;

    (void)state;
    for (int i = 0; i < 60; i++) {
        char text[64];
        struct recorder_status status;
        uint64_t bytes;
        int text_size = snprintf(text, sizeof(text), "{\"n\":%d,\"y\":0}", i);

        recorder_status(recorder, &status);
        bytes = status.file_bytes;
        assert_true(recorder_write(recorder, FIRST_NS + i, NULL, text, (size_t)text_size));
        for (int wait = 0; i % 10 == 9 && status.file_bytes == bytes && wait < 5000; wait++) {
            pause_ms(1);
            recorder_status(recorder, &status);
        }
    }
    assert_int_equal(recorder_close(recorder, NULL), ERR_OK);
    snprintf(whole_path, sizeof(whole_path), "%s", path_of(name));
    assert_int_equal(stat(whole_path, &stat_of), 0);
    all = read_file(whole_path, &size, &whole);
    assert_true(whole);
    assert_int_equal(count_lines(all), 60);
    before = size;
    for (off_t cut = stat_of.st_size - 1; cut >= 2; cut -= cut > 50 ? 3 : 1) {
        size_t got;
        char *text;

        assert_int_equal(truncate(whole_path, cut), 0);
        text = read_file(whole_path, &got, &whole);
        if (cut == stat_of.st_size - 1) {
            assert_false(whole);
            assert_int_equal(got, size); /* a check sum alone is missing */
        }
        assert_true(got <= before);
        if (got > 0)
            assert_memory_equal(text, all, got - 1); /* the last line may be half */
        before = got;
        free(text);
    }
    assert_int_equal(before, 0); /* nothing of the first member's head */
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_read_is_what_was_written),
        cmocka_unit_test(test_files_are_private_and_never_overwritten),
        cmocka_unit_test(test_names_of_rotated_files),
        cmocka_unit_test(test_files_follow_each_other),
        cmocka_unit_test(test_next_file_that_exists_ends_the_recording),
        cmocka_unit_test(test_full_ring_ends_the_recording),
        cmocka_unit_test(test_marker_is_no_bad_line),
        cmocka_unit_test(test_full_disk_leaves_whole_lines),
        cmocka_unit_test(test_kill_leaves_whole_lines),
        cmocka_unit_test(test_file_cut_anywhere_gives_all_whole_members),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
