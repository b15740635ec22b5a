/*
 * The real recordings against what an independent program made of them: the whole way from bytes to the summary.
 * Skipped, with a line, where the recordings are absent.
 */
#include "unit/cmocka_all.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#define COMMAND_SIZE 4096

static const char *shared(void)
{
    const char *path = getenv("FLOWDECK_SHARED");

    return path == NULL || path[0] == '\0' ? "../shared" : path;
}

static const char *program(void)
{
    static char path[512];
    const char *build = getenv("FLOWDECK_BUILD");

    snprintf(path, sizeof(path), "%s/flowdeck", build == NULL ? "build" : build);
    return path;
}

static json_t *load_expected(void)
{
    char path[512];
    json_t *expected;

    snprintf(path, sizeof(path), "%s/data/expected.json", shared());
    expected = json_load_file(path, 0, NULL);
    if (expected == NULL)
        print_message("skipped: no %s\n", path);
    return expected;
}

/* Runs a headless replay of `files`; the summary, and the exit code in *code. */
static json_t *replay(const char *files, int *code)
{
    static char text[1 << 22];
    char command[COMMAND_SIZE];
    FILE *pipe;
    size_t size;
    int status;

    snprintf(command, sizeof(command),
             "FLOWDECK_STORE_ON=false %s replay %s --headless --speed max --json 2>/dev/null", program(),
             files);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    size = fread(text, 1, sizeof(text) - 1, pipe);
    text[size] = '\0';
    status = pclose(pipe);
    assert_true(WIFEXITED(status));
    *code = WEXITSTATUS(status);
    return json_loads(text, 0, NULL);
}

static void recording_paths(json_t *set, char *out, size_t out_size)
{
    size_t index;
    json_t *file;

    out[0] = '\0';
    json_array_foreach(json_object_get(set, "files"), index, file)
    {
        size_t used = strlen(out);

        snprintf(out + used, out_size - used, "%s/data/recordings/%s ", shared(), json_string_value(file));
    }
}

/* Both without trailing zeros: "61602.01000000" is "61602.01". */
static void assert_same_number(const char *what, const char *ours, const char *theirs)
{
    char a[64], b[64];
    char *texts[] = {a, b};

    snprintf(a, sizeof(a), "%s", ours);
    snprintf(b, sizeof(b), "%s", theirs);
    for (int i = 0; i < 2; i++) {
        char *end = texts[i] + strlen(texts[i]);

        if (strchr(texts[i], '.') == NULL)
            continue;
        while (end > texts[i] && end[-1] == '0')
            *--end = '\0';
        if (end > texts[i] && end[-1] == '.')
            end[-1] = '\0';
    }
    if (strcmp(a, b) != 0)
        fail_msg("%s: %s, expected %s", what, ours, theirs);
}

static void assert_same_integer(const char *what, json_t *ours, json_t *theirs)
{
    if (json_integer_value(ours) != json_integer_value(theirs))
        fail_msg("%s: %lld, expected %lld", what, (long long)json_integer_value(ours),
                 (long long)json_integer_value(theirs));
}

static void compare_levels(const char *what, json_t *ours, json_t *theirs)
{
    assert_int_equal(json_array_size(ours), json_array_size(theirs));
    for (size_t i = 0; i < json_array_size(ours); i++)
        for (size_t field = 0; field < 2; field++)
            assert_same_number(what, json_string_value(json_array_get(json_array_get(ours, i), field)),
                               json_string_value(json_array_get(json_array_get(theirs, i), field)));
}

static void compare_candles(json_t *ours, json_t *theirs)
{
    assert_int_equal(json_array_size(ours), json_array_size(theirs));
    for (size_t i = 0; i < json_array_size(ours); i++)
        for (size_t field = 0; field < 8; field++) {
            json_t *a = json_array_get(json_array_get(ours, i), field);
            json_t *b = json_array_get(json_array_get(theirs, i), field);

            if (json_is_integer(b))
                assert_same_integer("candle", a, b);
            else
                assert_same_number("candle", json_string_value(a), json_string_value(b));
        }
}

static void compare_book(json_t *book, json_t *set, json_t *counts)
{
    assert_string_equal(json_string_value(json_object_get(book, "state")), "LIVE");
    assert_same_integer("update_id", json_object_get(book, "update_id"), json_object_get(set, "final_u"));
    assert_same_integer("applied", json_object_get(book, "applied"), json_object_get(counts, "applied"));
    assert_same_integer("stale", json_object_get(book, "stale"), json_object_get(counts, "dropped_stale"));
    assert_same_integer("crossed", json_object_get(book, "crossed"), json_object_get(counts, "cross"));
    assert_int_equal(json_integer_value(json_object_get(book, "gaps")), 0);
    assert_same_integer("bids", json_object_get(json_object_get(book, "levels"), "bid"),
                        json_object_get(json_object_get(set, "levels"), "bids"));
    assert_same_integer("asks", json_object_get(json_object_get(book, "levels"), "ask"),
                        json_object_get(json_object_get(set, "levels"), "asks"));
    compare_levels("bid", json_object_get(book, "bids"), json_object_get(set, "top10_bids"));
    compare_levels("ask", json_object_get(book, "asks"), json_object_get(set, "top10_asks"));
    assert_string_equal(json_string_value(json_object_get(book, "sha256")),
                        json_string_value(json_object_get(set, "book_sha256")));
}

static void compare_trades(json_t *trades, json_t *expected)
{
    static const char *const numbers[] = {"base_volume", "quote_volume", "taker_buy_base", "high", "low"};

    assert_same_integer("trades", json_object_get(trades, "count"), json_object_get(expected, "n"));
    assert_same_integer("first_id", json_object_get(trades, "first_id"),
                        json_object_get(expected, "first_id"));
    assert_same_integer("last_id", json_object_get(trades, "last_id"), json_object_get(expected, "last_id"));
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        assert_same_number(numbers[i], json_string_value(json_object_get(trades, numbers[i])),
                           json_string_value(json_object_get(expected, numbers[i])));
}

/* position, cash and fees must add up in what is printed too. */
static void check_money(json_t *pnl)
{
    double total = atof(json_string_value(json_object_get(pnl, "total")));
    double sum = atof(json_string_value(json_object_get(pnl, "realised"))) +
                 atof(json_string_value(json_object_get(pnl, "unrealised"))) -
                 atof(json_string_value(json_object_get(pnl, "fees")));
    double equity = atof(json_string_value(json_object_get(pnl, "equity")));

    assert_true(total - sum < 1e-7 && sum - total < 1e-7);
    assert_true(equity - 10000 - total < 1e-7 && total - equity + 10000 < 1e-7);
}

static void compare_set(const char *name, json_t *set)
{
    char files[COMMAND_SIZE / 2];
    json_t *counts = json_object_get(set, "counts"), *summary, *messages, *instrument;
    int code;

    recording_paths(set, files, sizeof(files));
    print_message("%s\n", name);
    summary = replay(files, &code);
    assert_non_null(summary);
    messages = json_object_get(summary, "messages");
    assert_same_integer("depth", json_object_get(messages, "depth"), json_object_get(counts, "depth"));
    assert_int_equal(json_integer_value(json_object_get(messages, "bad")), 0);
    assert_int_equal(json_array_size(json_object_get(summary, "instruments")), 1);
    instrument = json_array_get(json_object_get(summary, "instruments"), 0);
    if (json_object_get(set, "exit_code") != NULL) { /* no snapshot: it can only say what it lacks */
        assert_int_equal(code, json_integer_value(json_object_get(set, "exit_code")));
        assert_string_equal(json_string_value(json_object_get(json_object_get(instrument, "book"), "state")),
                            json_string_value(json_object_get(set, "book_state")));
        assert_int_equal(json_integer_value(json_object_get(json_object_get(summary, "orders"), "sent")), 0);
        json_decref(summary);
        return;
    }
    assert_int_equal(code, 0);
    assert_same_integer("bookTicker", json_object_get(messages, "bookTicker"),
                        json_object_get(counts, "bookTicker"));
    assert_same_integer("trade", json_object_get(messages, "trade"), json_object_get(counts, "trade"));
    compare_book(json_object_get(instrument, "book"), set, counts);
    compare_trades(json_object_get(instrument, "trades"), json_object_get(set, "trades"));
    compare_candles(json_object_get(instrument, "candles_1m"),
                    json_object_get(set, "bars_1m_by_T_market_only"));
    check_money(json_object_get(instrument, "pnl"));
    json_decref(summary);
}

static void test_every_set_of_expected_json_comes_out_equal(void **state)
{
    json_t *expected = load_expected(), *set;
    const char *name;

    (void)state;
    if (expected == NULL)
        skip();
    json_object_foreach(expected, name, set) compare_set(name, set);
    json_decref(expected);
}

static void assert_ticker(const char *files, long compared, long differed)
{
    char paths[COMMAND_SIZE / 2] = "", copy[512];
    char *rest = copy, *word;
    json_t *summary, *ticker;
    int code;

    snprintf(copy, sizeof(copy), "%s", files);
    while ((word = strsep(&rest, " ")) != NULL) {
        size_t used = strlen(paths);

        snprintf(paths + used, sizeof(paths) - used, "%s/data/recordings/%s ", shared(), word);
    }
    summary = replay(paths, &code);
    ticker = json_object_get(json_array_get(json_object_get(summary, "instruments"), 0), "ticker");
    assert_int_equal(json_integer_value(json_object_get(ticker, "compared")), compared);
    assert_int_equal(json_integer_value(json_object_get(ticker, "differed")), differed);
    json_decref(summary);
}

/* The venue left a quote out twice on spot, never on futures. */
static void test_best_quotes_agree_with_the_book(void **state)
{
    json_t *expected = load_expected();

    (void)state;
    if (expected == NULL)
        skip();
    json_decref(expected);
    assert_ticker("hft_spot_btcusdt_20240808.jsonl.gz hft_spot_btcusdt_20240809.jsonl.gz", 6493, 2);
    assert_ticker("hft_usdm_btcusdt_20240808.jsonl.gz", 6547, 0);
}

/* Writes the recording without its n-th depth line (from 1) to path. */
static void copy_without_depth(const char *from, const char *path, long without)
{
    static char line[1 << 20];
    gzFile in = gzopen(from, "rb");
    FILE *out = fopen(path, "w");
    long depth = 0;

    assert_non_null(in);
    assert_non_null(out);
    while (gzgets(in, line, sizeof(line)) != NULL)
        if (strstr(line, "\"e\":\"depthUpdate\"") == NULL || ++depth != without)
            assert_true(fputs(line, out) >= 0);
    gzclose(in);
    assert_int_equal(fclose(out), 0);
}

/* Any lost update must be noticed at the next one, once, and nothing may trade on what is left. */
static void test_each_deleted_depth_line_is_one_gap(void **state)
{
    static const struct {
        const char *file;
        long without;
    } cases[] = {
        {"collect_usdm_btcusdt_20220811.jsonl.gz", 10}, {"collect_usdm_btcusdt_20220811.jsonl.gz", 205},
        {"play_usdm_btcusdt_20230404.jsonl.gz", 2000},  {"hft_spot_btcusdt_20240808.jsonl.gz", 4},
        {"hft_spot_btcusdt_20240808.jsonl.gz", 3450},   {"hft_usdm_btcusdt_20240808.jsonl.gz", 3000}};
    json_t *expected = load_expected();

    (void)state;
    if (expected == NULL)
        skip();
    json_decref(expected);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char from[512], path[] = "/tmp/flowdeck-gap-XXXXXX";
        int fd = mkstemp(path), code;
        json_t *summary, *book;

        assert_true(fd >= 0);
        close(fd);
        snprintf(from, sizeof(from), "%s/data/recordings/%s", shared(), cases[i].file);
        copy_without_depth(from, path, cases[i].without);
        summary = replay(path, &code);
        assert_non_null(summary);
        book = json_object_get(json_array_get(json_object_get(summary, "instruments"), 0), "book");
        assert_int_equal(code, 3);
        assert_int_equal(json_integer_value(json_object_get(book, "gaps")), 1);
        assert_string_equal(json_string_value(json_object_get(book, "state")), "STALE");
        json_decref(summary);
        unlink(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_set_of_expected_json_comes_out_equal),
        cmocka_unit_test(test_best_quotes_agree_with_the_book),
        cmocka_unit_test(test_each_deleted_depth_line_is_one_gap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
