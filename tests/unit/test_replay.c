/* Recordings as files: plain, gzip, in members, cut off, damaged; times, line ends, lengths. */
#include "feed/line_reader.h"
#include "feed/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

static char folder[] = "/tmp/flowdeck-replay-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[16][128];
    static size_t at;

    at = (at + 1) % 16;
    snprintf(path[at], sizeof(path[at]), "%s/%s", folder, name);
    return path[at];
}

static void write_plain(const char *name, const void *data, size_t size)
{
    FILE *file = fopen(path_of(name), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    fclose(file);
}

static void write_text(const char *name, const char *text)
{
    write_plain(name, text, strlen(text));
}

/* mode "wb" begins the file, "ab" adds another member. */
static void write_gzip(const char *name, const char *mode, const char *text)
{
    gzFile file = gzopen(path_of(name), mode);

    assert_non_null(file);
    assert_int_equal(gzwrite(file, text, (unsigned)strlen(text)), strlen(text));
    gzclose(file);
}

static struct replay *open_files(const char *const *paths, size_t count)
{
    struct decoder_config config = {.known = NULL};
    struct replay *replay = NULL;
    char why[256];

    if (replay_open(paths, count, &config, &replay, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    return replay;
}

struct tally {
    size_t quotes, bad, events;
    char why[512]; /* of the last bad one */
    int64_t last_ns;
    uint64_t last_id;
};

static struct tally run(struct replay *replay)
{
    struct tally tally = {0};
    struct feed_event event;

    while (replay_next(replay, &event)) {
        tally.events++;
        tally.quotes += event.kind == FEED_QUOTE;
        if (event.kind == FEED_QUOTE)
            tally.last_id = event.quote.update_id;
        if (event.kind == FEED_BAD) {
            tally.bad++;
            snprintf(tally.why, sizeof(tally.why), "%s", event.why);
        }
        assert_true(event.recv_ns >= tally.last_ns);
        tally.last_ns = event.recv_ns;
    }
    assert_false(replay_next(replay, &event)); /* the end stays the end */
    assert_int_equal(replay_counts(replay)->bad, tally.bad);
    return tally;
}

static struct tally run_file(const char *name)
{
    const char *path = path_of(name);
    struct replay *replay = open_files(&path, 1);
    struct tally tally = run(replay);

    replay_close(replay);
    return tally;
}

#define NS    "1723161253937085768 "
#define US    "1660228022484228 "
#define QUOTE "{\"u\":5,\"s\":\"ABCUSDT\",\"b\":\"1.5\",\"B\":\"1\",\"a\":\"2\",\"A\":\"2\"}"

static void test_lines_as_people_write_them(void **state)
{
    struct tally tally;

    (void)state;
    write_text("a", NS QUOTE "\n" NS QUOTE "\r\n\n\r\n" NS "\t " QUOTE
                             " \r\n" NS QUOTE); /* no newline at the end */
    tally = run_file("a");
    assert_int_equal(tally.quotes, 4);
    assert_int_equal(tally.bad, 0);
    assert_int_equal(tally.last_ns, 1723161253937085768);
}

static void test_microseconds_are_told_by_their_digits(void **state)
{
    (void)state;
    write_text("a", US QUOTE "\n");
    assert_int_equal(run_file("a").last_ns, 1660228022484228000);
}

static void test_bad_lines_are_named_and_do_not_end_it(void **state)
{
    static const char *const lines[] = {
        QUOTE,
        "172316125393708576 " QUOTE,
        "17231612539370857689 " QUOTE,
        NS,
        "9999999999999999999 " QUOTE,
        "9999999999999999 " QUOTE,
        NS "{\"u\":5,",
        "x" NS QUOTE,
        "1723161253937085768" QUOTE,
        "-1723161253937085768 " QUOTE,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char text[1024];
        struct tally tally;

        snprintf(text, sizeof(text), NS QUOTE "\n%s\n" NS QUOTE "\n", lines[i]);
        write_text("bad", text);
        tally = run_file("bad");
        assert_int_equal(tally.quotes, 2);
        assert_int_equal(tally.bad, 1);
        assert_non_null(strstr(tally.why, "/bad:2: "));
    }
}

/* A recorder that was killed leaves half a line: it is bad, and named. */
static void test_cut_last_line_is_bad_with_its_number(void **state)
{
    struct tally tally;

    (void)state;
    write_text("cut", NS QUOTE "\n" NS "{\"u\":5,\"s\":\"ABCU");
    tally = run_file("cut");
    assert_int_equal(tally.quotes, 1);
    assert_int_equal(tally.bad, 1);
    assert_non_null(strstr(tally.why, "/cut:2: "));
}

static void test_time_never_goes_back(void **state)
{
    const char *path = path_of("back");
    atomic_bool stop = true;
    struct replay_span span;
    struct replay *replay;

    (void)state;
    write_text("back", "1723161253937085768 " QUOTE "\n1723161253937085700 " QUOTE
                       "\n1723161253937085769 " QUOTE "\n");
    replay = open_files(&path, 1);
    assert_int_equal(run(replay).quotes, 3);
    assert_int_equal(replay_progress(replay)->out_of_order, 1);
    assert_int_equal(replay_progress(replay)->first_ns, 1723161253937085768);
    assert_int_equal(replay_progress(replay)->now_ns, 1723161253937085769);
    assert_int_equal(replay_progress(replay)->lines, 3);
    assert_true(replay_scan(&path, 1, NULL, &span));
    assert_int_equal(span.first_ns, 1723161253937085768);
    assert_int_equal(span.last_ns, 1723161253937085769);
    assert_false(replay_scan(&path, 1, &stop, &span));
    assert_int_equal(replay_first_ns(&path, 1), 1723161253937085768);
    write_text("none", "no line of it has a time\n");
    path = path_of("none");
    assert_int_equal(replay_first_ns(&path, 1), 0);
    replay_close(replay);
}

/* Several files are one feed: plain and gzip mixed, instruments and steps go on. */
static void test_several_files_are_one_feed(void **state)
{
    const char *paths[3] = {path_of("1"), path_of("2"), path_of("3")};
    struct replay *replay;
    struct tally tally;

    (void)state;
    write_text("1", NS QUOTE "\n");
    write_gzip("2", "wb", NS QUOTE "\n" NS QUOTE);
    write_gzip("2", "ab", "\n" NS QUOTE "\n"); /* a member that begins inside the text */
    write_text("3", "");
    replay = open_files(paths, 3);
    tally = run(replay);
    assert_int_equal(tally.quotes, 4);
    assert_int_equal(tally.events, 5); /* the instrument once */
    replay_close(replay);
}

static char *many_lines(size_t count)
{
    char *text = malloc(count * 128), *at = text;

    for (size_t i = 0; i < count; i++)
        at += sprintf(
            at, NS "{\"u\":%zu,\"s\":\"ABCUSDT\",\"b\":\"1.%02zu\",\"B\":\"1\",\"a\":\"2\",\"A\":\"2\"}\n",
            i + 1, i * 7919 % 100);
    return text;
}

static size_t read_back(const char *name, char *out, size_t max)
{
    FILE *file = fopen(path_of(name), "rb");
    size_t size;

    assert_non_null(file);
    size = fread(out, 1, max, file);
    fclose(file);
    return size;
}

/* All that can be unpacked is delivered, then one line says what is wrong, with the file's name. */
static void test_cut_or_damaged_gzip_gives_what_is_readable(void **state)
{
    enum { LINES = 20000 };
    char *text = many_lines(LINES), *packed = malloc(1 << 21);
    struct tally tally;
    size_t size;

    (void)state;
    write_gzip("whole", "wb", text);
    size = read_back("whole", packed, 1 << 21);
    assert_int_equal(run_file("whole").quotes, LINES);

    write_plain("cut", packed, size / 2);
    tally = run_file("cut");
    assert_in_range(tally.quotes, LINES / 3, LINES - 1);
    assert_int_equal(tally.last_id, tally.quotes); /* none lost in between */
    assert_in_range(tally.bad, 1, 2);              /* the unfinished line may be a second one */
    assert_non_null(strstr(tally.why, "/cut: gzip data is cut off"));

    packed[size - 6] ^= 1; /* the checksum at the end: every line was readable */
    write_plain("sum", packed, size);
    tally = run_file("sum");
    assert_int_equal(tally.quotes, LINES);
    assert_int_equal(tally.bad, 1);
    assert_non_null(strstr(tally.why, "/sum: gzip data is damaged"));

    packed[size - 6] ^= 1;
    memcpy(packed + size, "garbage", 7);
    write_plain("tail", packed, size + 7);
    tally = run_file("tail");
    assert_int_equal(tally.quotes, LINES);
    assert_int_equal(tally.bad, 1);

    memset(packed + size, 0, 512); /* padding of zeros is none */
    write_plain("padded", packed, size + 512);
    assert_int_equal(run_file("padded").bad, 0);
    free(text);
    free(packed);
}

/* A damaged file ends itself, not the replay. */
static void test_next_file_follows_a_damaged_one(void **state)
{
    const char *paths[2];
    struct replay *replay;
    struct tally tally;

    (void)state;
    write_plain("broken", "\x1F\x8B\x08\x00garbage", 11);
    write_text("fine", NS QUOTE "\n");
    paths[0] = path_of("broken");
    paths[1] = path_of("fine");
    replay = open_files(paths, 2);
    tally = run(replay);
    assert_int_equal(tally.bad, 1);
    assert_int_equal(tally.quotes, 1);
    replay_close(replay);
}

static void test_nul_bytes_and_broken_utf8_are_bad(void **state)
{
    static const char text[] =
        NS QUOTE "\n" NS "{\"e\":\0\"trade\"}\n" NS "{\"e\":\"\xFF\xFE\"}\n" NS QUOTE "\n";
    struct tally tally;

    (void)state;
    write_plain("nul", text, sizeof(text) - 1);
    tally = run_file("nul");
    assert_int_equal(tally.quotes, 2);
    assert_int_equal(tally.bad, 2);
}

/* The bound on a line is a bound on memory: longer is refused, the next line is read. */
static void test_line_beyond_the_bound_is_refused(void **state)
{
    const size_t size = DECODER_MESSAGE_MAX + 4096;
    char *text = malloc(size + 512), *at = text;
    struct tally tally;

    (void)state;
    at += sprintf(at, NS QUOTE "\n" NS "{\"e\":\"");
    memset(at, 'x', size);
    at += size;
    at += sprintf(at, "\"}\n" NS QUOTE "\n");
    write_plain("long", text, (size_t)(at - text));
    tally = run_file("long");
    assert_int_equal(tally.quotes, 2);
    assert_int_equal(tally.bad, 1);
    assert_non_null(strstr(tally.why, "/long:2: "));

    at = text; /* and one that just fits is read: not JSON of ours, but JSON */
    at += sprintf(at, NS "{\"e\":\"");
    memset(at, 'x', DECODER_MESSAGE_MAX - 8);
    at += DECODER_MESSAGE_MAX - 8;
    at += sprintf(at, "\"}\n" NS QUOTE "\n");
    write_plain("fits", text, (size_t)(at - text));
    tally = run_file("fits");
    assert_int_equal(tally.quotes, 1);
    assert_int_equal(tally.bad, 0);
    free(text);
}

static void test_peek_tells_the_next_time_and_takes_nothing(void **state)
{
    const char *paths[2] = {path_of("p1"), path_of("p2")};
    struct feed_event event;
    struct replay *replay;

    (void)state;
    write_text("p1", "1723161253000000001 " QUOTE "\n");
    write_text("p2", "1723161253000000002 " QUOTE "\n");
    replay = open_files(paths, 2);
    assert_int_equal(replay_peek_ns(replay), 1723161253000000001);
    assert_true(replay_next(replay, &event));
    assert_int_equal(event.kind, FEED_INSTRUMENT);
    assert_int_equal(replay_peek_ns(replay), 1723161253000000001); /* the quote is still to come */
    assert_true(replay_next(replay, &event));
    assert_int_equal(replay_peek_ns(replay), 1723161253000000002);
    assert_int_equal(replay_peek_ns(replay), 1723161253000000002);
    assert_true(replay_next(replay, &event));
    assert_int_equal(replay_peek_ns(replay), 0);
    assert_false(replay_next(replay, &event));
    replay_close(replay);
}

static void test_bare_snapshot_without_a_symbol_is_named_with_its_file(void **state)
{
    struct tally tally;

    (void)state;
    write_text("alone", NS "{\"lastUpdateId\":5,\"bids\":[],\"asks\":[]}\n");
    tally = run_file("alone");
    assert_int_equal(tally.bad, 1);
    assert_non_null(strstr(tally.why, "/alone: depth snapshot"));
}

static void test_files_that_cannot_be_opened_are_named(void **state)
{
    struct decoder_config config = {.known = NULL};
    const char *paths[2] = {path_of("there"), path_of("not there")};
    struct replay *replay = NULL;
    char why[256] = "";

    (void)state;
    write_text("there", "");
    assert_int_equal(replay_open(paths, 2, &config, &replay, why, sizeof(why)), ERR_NOT_FOUND);
    assert_non_null(strstr(why, "not there"));
    paths[0] = folder;
    assert_int_equal(replay_open(paths, 1, &config, &replay, why, sizeof(why)), ERR_IO);
    assert_int_equal(replay_open(paths, 0, &config, &replay, why, sizeof(why)), ERR_USAGE);
    assert_null(replay);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    static const char *const names[] = {"a",     "bad",  "cut",  "back", "1",      "2",      "3",
                                        "whole", "sum",  "tail", "nul",  "padded", "broken", "fine",
                                        "long",  "fits", "p1",   "p2",   "alone",  "there",  "none"};

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unlink(path_of(names[i]));
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_as_people_write_them),
        cmocka_unit_test(test_microseconds_are_told_by_their_digits),
        cmocka_unit_test(test_bad_lines_are_named_and_do_not_end_it),
        cmocka_unit_test(test_cut_last_line_is_bad_with_its_number),
        cmocka_unit_test(test_time_never_goes_back),
        cmocka_unit_test(test_several_files_are_one_feed),
        cmocka_unit_test(test_cut_or_damaged_gzip_gives_what_is_readable),
        cmocka_unit_test(test_next_file_follows_a_damaged_one),
        cmocka_unit_test(test_nul_bytes_and_broken_utf8_are_bad),
        cmocka_unit_test(test_line_beyond_the_bound_is_refused),
        cmocka_unit_test(test_peek_tells_the_next_time_and_takes_nothing),
        cmocka_unit_test(test_bare_snapshot_without_a_symbol_is_named_with_its_file),
        cmocka_unit_test(test_files_that_cannot_be_opened_are_named),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
