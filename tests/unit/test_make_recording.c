/*
 * test_make_recording.c - the made market keeps the promises of a real feed.
 *
 * Reads what build/make-recording writes, with a JSON parser and a book of its own, so that nothing passes
 * because maker and test share a mistake.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define LINE_SIZE  (1 << 18)
#define SPAN       (1 << 21) /* ticks around the first price */
#define PENDING    64
#define HELD       16
#define HISTORY    256 /* quotes: they overtake depth events */
#define SIZE_BOUND 12000000

struct quote {
    json_int_t id;
    int64_t price[2], qty[2];
};

/* One symbol as a consumer sees it. */
struct watched {
    const char *name;
    int64_t base;       /* price of slot 0, ticks */
    int64_t *level[2];  /* quantity by slot, e8 */
    int64_t best[2];    /* slots */
    json_int_t book_id; /* 0: no snapshot yet */
    json_int_t depth_id;
    json_t *held[HELD]; /* depth events from before the snapshot */
    size_t held_count;
    struct quote quote; /* the last */
    struct quote history[HISTORY];
    struct quote pending[PENDING]; /* tops of the book that wait for a later quote */
    size_t pending_count;
    json_int_t trade_id;
    bool after_quote;
    uint64_t depths, quotes, trades, compared, one_tick;
};

static char directory[] = "/tmp/flowdeck-recording-XXXXXX";

static int64_t e8_of(const json_t *text)
{
    const char *at = json_string_value(text), *point;
    int64_t value;

    assert_non_null(at);
    value = strtoll(at, NULL, 10) * 100000000;
    point = strchr(at, '.');
    assert_non_null(point);
    assert_int_equal(strlen(point + 1), 8);
    return value + strtoll(point + 1, NULL, 10);
}

static int64_t ticks_of(const json_t *text)
{
    int64_t value = e8_of(text);

    assert_int_equal(value % 1000000, 0);
    return value / 1000000;
}

static void level_set(struct watched *of, int side, const json_t *pair)
{
    int64_t slot = ticks_of(json_array_get(pair, 0)) - of->base;
    int64_t step = side == 0 ? -1 : 1;

    assert_in_range(slot, 1, SPAN - 2);
    of->level[side][slot] = e8_of(json_array_get(pair, 1));
    if (of->level[side][slot] > 0 && (slot - of->best[side]) * step < 0)
        of->best[side] = slot;
    while (of->best[side] > 0 && of->best[side] < SPAN - 1 && of->level[side][of->best[side]] == 0)
        of->best[side] += step;
}

static void levels_set(struct watched *of, int side, const json_t *levels)
{
    size_t i;
    json_t *pair;

    assert_true(json_is_array(levels));
    json_array_foreach(levels, i, pair) level_set(of, side, pair);
}

/* The last quote with an id up to this one; NULL: too old, or none yet. */
static const struct quote *quote_at(const struct watched *of, json_int_t id)
{
    for (uint64_t back = 1; back <= of->quotes && back <= HISTORY; back++) {
        const struct quote *quote = &of->history[(of->quotes - back) % HISTORY];

        if (quote->id <= id)
            return quote;
    }
    return NULL;
}

/* A top of the book can be compared once a later quote has come. */
static void compare_pending(struct watched *of, json_int_t before_id)
{
    size_t kept = 0;

    for (size_t i = 0; i < of->pending_count; i++) {
        struct quote top = of->pending[i];
        const struct quote *quote = quote_at(of, top.id);

        if (top.id >= before_id) {
            of->pending[kept++] = top;
            continue;
        }
        if (quote == NULL)
            continue;
        for (int side = 0; side < 2; side++) {
            assert_int_equal(top.price[side], quote->price[side]);
            assert_int_equal(top.qty[side], quote->qty[side]);
        }
        of->compared++;
    }
    of->pending_count = kept;
}

static void apply_depth(struct watched *of, const json_t *data)
{
    json_int_t first = json_integer_value(json_object_get(data, "U"));
    struct quote top = {.id = json_integer_value(json_object_get(data, "u"))};

    if (top.id <= of->book_id)
        return;
    assert_true(first <= of->book_id + 1);
    levels_set(of, 0, json_object_get(data, "b"));
    levels_set(of, 1, json_object_get(data, "a"));
    of->book_id = top.id;
    assert_true(of->best[0] < of->best[1]); /* never crossed, never locked */
    for (int side = 0; side < 2; side++) {
        top.price[side] = of->base + of->best[side];
        top.qty[side] = of->level[side][of->best[side]];
    }
    assert_true(of->pending_count < PENDING);
    of->pending[of->pending_count++] = top;
}

static void on_snapshot(struct watched *of, const json_t *data)
{
    int64_t middle = ticks_of(json_array_get(json_array_get(json_object_get(data, "bids"), 0), 0));

    assert_int_equal(of->book_id, 0);
    of->base = middle - SPAN / 2;
    for (int side = 0; side < 2; side++) {
        of->level[side] = calloc(SPAN, sizeof(int64_t));
        assert_non_null(of->level[side]);
    }
    of->best[0] = 0;
    of->best[1] = SPAN - 1;
    assert_in_range(json_array_size(json_object_get(data, "bids")), 500, 5000);
    assert_in_range(json_array_size(json_object_get(data, "asks")), 500, 5000);
    levels_set(of, 0, json_object_get(data, "bids"));
    levels_set(of, 1, json_object_get(data, "asks"));
    of->book_id = json_integer_value(json_object_get(data, "lastUpdateId"));
    assert_true(of->book_id > 0);
    assert_true(of->held_count >
                1); /* the demo shows the bridge: events before, over and after the snapshot */
    for (size_t i = 0; i < of->held_count; i++) {
        apply_depth(of, of->held[i]);
        json_decref(of->held[i]);
    }
}

/* Before the snapshot events wait, as the venue's rules for a local book say. */
static void on_depth(struct watched *of, json_t *data)
{
    json_int_t first = json_integer_value(json_object_get(data, "U"));
    json_int_t last = json_integer_value(json_object_get(data, "u"));

    assert_true(first <= last);
    if (of->depth_id != 0)
        assert_int_equal(first, of->depth_id + 1);
    of->depth_id = last;
    of->depths++;
    if (of->book_id != 0) {
        apply_depth(of, data);
        return;
    }
    assert_true(of->held_count < HELD);
    of->held[of->held_count++] = json_incref(data);
}

static void on_quote(struct watched *of, const json_t *data)
{
    struct quote quote = {.id = json_integer_value(json_object_get(data, "u"))};

    assert_true(quote.id > of->quote.id);
    compare_pending(of, quote.id);
    quote.price[0] = ticks_of(json_object_get(data, "b"));
    quote.price[1] = ticks_of(json_object_get(data, "a"));
    quote.qty[0] = e8_of(json_object_get(data, "B"));
    quote.qty[1] = e8_of(json_object_get(data, "A"));
    assert_true(quote.price[0] < quote.price[1]);
    assert_true(quote.qty[0] > 0 && quote.qty[1] > 0);
    of->one_tick += quote.price[1] - quote.price[0] == 1;
    of->history[of->quotes++ % HISTORY] = quote;
    of->quote = quote;
    of->after_quote = true;
}

/* A taker's first print is at the price that was quoted; its next ones there or behind. */
static void on_trade(struct watched *of, const json_t *data)
{
    json_int_t id = json_integer_value(json_object_get(data, "t"));
    int64_t price = ticks_of(json_object_get(data, "p"));
    int side = json_is_true(json_object_get(data, "m")) ? 0 : 1;
    int64_t behind = side == 0 ? of->quote.price[0] - price : price - of->quote.price[1];

    assert_true(of->trade_id == 0 || id == of->trade_id + 1);
    assert_true(e8_of(json_object_get(data, "q")) > 0);
    assert_true(json_integer_value(json_object_get(data, "T")) <=
                json_integer_value(json_object_get(data, "E")));
    if (of->quote.id != 0) {
        assert_true(behind >= 0);
        if (of->after_quote)
            assert_int_equal(behind, 0);
    }
    of->after_quote = false;
    of->trade_id = id;
    of->trades++;
}

static const json_t *filter_of(const json_t *symbol, const char *type)
{
    size_t i;
    json_t *filter;

    json_array_foreach(json_object_get(symbol, "filters"), i, filter)
    {
        if (strcmp(json_string_value(json_object_get(filter, "filterType")), type) == 0)
            return filter;
    }
    return NULL;
}

static void check_exchange_info(const json_t *data)
{
    static const char *const names[2] = {"BTCUSDT", "ETHUSDT"};
    static const int64_t lot_e8[2] = {1000, 10000};

    for (size_t i = 0; i < 2; i++) {
        const json_t *symbol = json_array_get(json_object_get(data, "symbols"), i);

        assert_string_equal(json_string_value(json_object_get(symbol, "symbol")), names[i]);
        assert_string_equal(json_string_value(json_object_get(symbol, "status")), "TRADING");
        assert_int_equal(e8_of(json_object_get(filter_of(symbol, "PRICE_FILTER"), "tickSize")), 1000000);
        assert_int_equal(e8_of(json_object_get(filter_of(symbol, "LOT_SIZE"), "stepSize")), lot_e8[i]);
        assert_non_null(filter_of(symbol, "NOTIONAL"));
    }
}

static void on_line(struct watched watched[2], const char *line, int64_t *last_ns)
{
    char *rest;
    int64_t ns = strtoll(line, &rest, 10);
    json_t *root = json_loads(rest, JSON_REJECT_DUPLICATES, NULL);
    json_t *data = json_object_get(root, "data");
    const char *stream = json_string_value(json_object_get(root, "stream"));
    struct watched *of;

    assert_int_equal(rest - line, 19);
    assert_non_null(stream);
    assert_true(ns >= *last_ns);
    if (*last_ns == 0) {
        assert_string_equal(stream, "!exchangeInfo");
        check_exchange_info(data);
    } else {
        of = stream[0] == 'b' ? &watched[0] : &watched[1];
        assert_int_equal(strncmp(stream, of->name, 7), 0);
        stream += 7;
        if (strcmp(stream, "@snapshot") == 0)
            on_snapshot(of, data);
        else if (strcmp(stream, "@depth@100ms") == 0)
            on_depth(of, data);
        else if (strcmp(stream, "@bookTicker") == 0)
            on_quote(of, data);
        else if (strcmp(stream, "@trade") == 0)
            on_trade(of, data);
        else
            fail_msg("unknown stream %s", stream);
    }
    *last_ns = ns;
    json_decref(root);
}

static void make(const char *name, const char *options, char path[256])
{
    const char *build = getenv("FLOWDECK_BUILD");
    char command[768];

    snprintf(path, 256, "%s/%s", directory, name);
    snprintf(command, sizeof(command), "'%s/make-recording' %s --out '%s'", build == NULL ? "build" : build,
             options, path);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a fixed command of our own */
}

static long size_of(const char *path)
{
    struct stat stat_;

    assert_int_equal(stat(path, &stat_), 0);
    return (long)stat_.st_size;
}

static bool same_bytes(const char *path_a, const char *path_b)
{
    FILE *a = fopen(path_a, "rb"), *b = fopen(path_b, "rb");
    int byte_a, byte_b;

    assert_non_null(a);
    assert_non_null(b);
    do {
        byte_a = getc(a);
        byte_b = getc(b);
    } while (byte_a == byte_b && byte_a != EOF);
    fclose(a);
    fclose(b);
    return byte_a == byte_b;
}

/* A demo that differs from run to run cannot be compared with a golden screen. */
static void test_same_seed_gives_same_bytes(void **state)
{
    char first[256], again[256], other[256];

    (void)state;
    make("first.gz", "--seed 7 --seconds 20", first);
    make("again.gz", "--seed 7 --seconds 20", again);
    make("other.gz", "--seed 8 --seconds 20", other);
    assert_true(same_bytes(first, again));
    assert_false(same_bytes(first, other));
    unlink(first);
    unlink(again);
    unlink(other);
}

/* Continuity, consistency and size of the whole demo, as a consumer would find them. */
static void test_demo_is_a_feed_that_holds_together(void **state)
{
    static char line[LINE_SIZE];
    struct watched watched[2] = {{.name = "btcusdt"}, {.name = "ethusdt"}};
    int64_t first_ns = 0, last_ns = 0;
    char path[256];
    gzFile file;

    (void)state;
    make("demo.gz", "--seed 1", path);
    assert_true(size_of(path) < SIZE_BOUND);
    file = gzopen(path, "rb");
    assert_non_null(file);
    while (gzgets(file, line, sizeof(line)) != NULL) {
        on_line(watched, line, &last_ns);
        if (first_ns == 0)
            first_ns = last_ns;
    }
    gzclose(file);
    unlink(path);
    assert_true(last_ns - first_ns > INT64_C(595000000000));
    for (int i = 0; i < 2; i++) {
        struct watched *of = &watched[i];

        assert_true(of->book_id > 0);
        assert_true(of->depths > 5500);
        assert_true(of->trades > 2000);
        assert_true(of->quotes > 10000);
        assert_true(of->compared > 5000);
        assert_true(of->one_tick >
                    of->quotes * 3 / 4); /* an open spread is the exception, even among changes */
        free(of->level[0]);
        free(of->level[1]);
    }
}

/* A wrong command line writes nothing and says how it should look. */
static void test_wrong_options_are_refused(void **state)
{
    const char *build = getenv("FLOWDECK_BUILD");
    char command[512];

    (void)state;
    snprintf(command, sizeof(command), "'%s/make-recording' --seconds 0 --out /dev/null 2>/dev/null",
             build == NULL ? "build" : build);
    assert_int_not_equal(system(command), 0); /* NOLINT(cert-env33-c) */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed_gives_same_bytes),
        cmocka_unit_test(test_demo_is_a_feed_that_holds_together),
        cmocka_unit_test(test_wrong_options_are_refused),
    };
    int failed;

    if (mkdtemp(directory) == NULL)
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(directory);
    return failed;
}
