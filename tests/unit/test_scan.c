/* The hot scanner: what it takes, what it leaves to jansson, and that the two read the same. */
#include "feed/decoder.h"
#include "feed/scan.h"
#include "feed/scan_levels.h"
#include "feed/wire_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct scanner scanner;
static struct wire_level levels[WIRE_LEVELS_MAX], more_levels[WIRE_LEVELS_MAX];
static struct wire_message message = {.level = levels};
static char padded[1 << 16];

static bool scan(const char *text)
{
    size_t size = strlen(text);

    memset(padded, '}', sizeof(padded)); /* what stands behind the text must not matter */
    memcpy(padded, text, size);
    return scan_message(&scanner, padded, size, &message);
}

static bool jansson_takes(const char *text)
{
    struct wire_message slow = {.level = more_levels};
    json_t *root, *data;
    char why[WIRE_WHY_SIZE];
    enum err err = wire_json_read(text, strlen(text), &slow, &root, &data, why);

    if (err == ERR_OK)
        json_decref(root);
    return err == ERR_OK && slow.kind != WIRE_OTHER;
}

#define DEPTH(rest) "{\"e\":\"depthUpdate\",\"E\":5,\"s\":\"ABCUSDT\",\"U\":7,\"u\":9," rest "}"
#define TRADE(rest) "{\"e\":\"trade\",\"E\":1,\"s\":\"ABCUSDT\",\"t\":7,\"T\":3,\"m\":true," rest "}"

static void test_depth_goes_straight_to_integers(void **state)
{
    (void)state;
    assert_true(scan("{\"stream\":\"abcusdt@depth@100ms\",\"data\":" DEPTH(
        "\"b\":[[\"61730.17000000\",\"0.00000000\"],[\"1\",\"2.5\"]],\"a\":[[\"0.00000001\",\"99999999."
        "99999999\"]]") "}"));
    assert_int_equal(message.kind, WIRE_DEPTH);
    assert_int_equal(message.first_id, 7);
    assert_int_equal(message.last_id, 9);
    assert_int_equal(message.event_ms, 5);
    assert_int_equal(message.level_count[SIDE_BID], 2);
    assert_int_equal(message.level_count[SIDE_ASK], 1);
    assert_int_equal(levels[0].price_e8, 6173017000000);
    assert_int_equal(levels[0].qty_e8, 0);
    assert_int_equal(levels[1].price_e8, 100000000);
    assert_int_equal(levels[1].qty_e8, 250000000);
    assert_int_equal(levels[2].price_e8, 1);
    assert_int_equal(levels[2].qty_e8, 9999999999999999);
}

/* Key order differs by venue and year, and fields are appended often. */
static void test_any_order_unknown_keys_and_white_space(void **state)
{
    (void)state;
    assert_true(scan(
        " { \"a\" : [ [ \"2.0\" , \"1\" ] ] ,\"nq\":{\"x\":[1,-2.5,null,{\"b\":\"9\"}],\"y\":true}, "
        "\"u\":9,\n"
        "\"b\":[[\"1.90\", \"6.742\"], [\"1.80\", \"3\"]], \"Z\":\"z\", \"s\":\"ABCUSDT\", \"U\":7, \"st\":1,"
        "\"e\":\"depthUpdate\", \"pu\":6 } \r\n"));
    assert_int_equal(message.kind, WIRE_DEPTH);
    assert_int_equal(message.prev_id, 6);
    assert_int_equal(message.level_count[SIDE_BID], 2);
    assert_int_equal(message.level[message.level_first[SIDE_BID]].qty_e8, 674200000);
    assert_int_equal(message.level[message.level_first[SIDE_ASK]].price_e8, 200000000);
}

/* Spot trades of 2023 carry order ids under the names of depth sides. */
static void test_order_ids_of_trades_are_not_levels(void **state)
{
    (void)state;
    assert_true(scan(TRADE("\"p\":\"1.5\",\"q\":\"2\",\"b\":20720542158,\"a\":20720542592,\"M\":true")));
    assert_int_equal(message.kind, WIRE_TRADE);
    assert_int_equal(message.order_id[SIDE_BID], 20720542158);
    assert_int_equal(message.order_id[SIDE_ASK], 20720542592);
    assert_int_equal(message.level_used, 0);
    assert_true(message.buyer_maker);
}

static void test_streams_that_are_not_ours_are_other(void **state)
{
    static const char *const texts[] = {
        "{\"stream\":\"abcusdt@depth5\",\"data\":" DEPTH("\"b\":[],\"a\":[]") "}",
        "{\"stream\":\"abcusdt@rpiDepth@500ms\",\"data\":" DEPTH("\"b\":[],\"a\":[]") "}",
        "{\"stream\":\"abcusdt@depth20@100ms\",\"data\":{\"lastUpdateId\":1,\"bids\":[],\"asks\":[]}}",
        "{\"stream\":\"abcusdt@markPrice@1s\",\"data\":{\"e\":\"markPriceUpdate\",\"p\":\"-0.05\"}}",
        "{\"stream\":\"!ticker@arr\",\"data\":[{\"e\":\"24hrTicker\",\"s\":\"X\",\"b\":\"no\"}]}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_true(scan(texts[i]));
        assert_int_equal(message.kind, WIRE_OTHER);
    }
}

/* Never rounded, never guessed: these are refused by both readers. */
static void test_numbers_that_are_not_exact_are_refused(void **state)
{
    static const char *const prices[] = {
        "\"1.123456789\"",
        "\"1e-8\"",
        "\"-1\"",
        "\"0.1 \"",
        "\" 1\"",
        "\"+1\"",
        "\"\"",
        "\".5\"",
        "\"5.\"",
        "\"1,5\"",
        "\"0x10\"",
        "\"NaN\"",
        "1.5",
        "null",
        "[\"1\"]",
        "\"92233720369\"",
        "\"99999999999999999999999999999999999999999\"",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(prices) / sizeof(prices[0]); i++) {
        char text[512];

        snprintf(text, sizeof(text), TRADE("\"p\":%s,\"q\":\"1\""), prices[i]);
        assert_false(scan(text));
        assert_false(jansson_takes(text));
        snprintf(text, sizeof(text), DEPTH("\"b\":[[\"1\",%s]],\"a\":[]"), prices[i]);
        assert_false(scan(text));
        assert_false(jansson_takes(text));
    }
}

/* Exact, though longer than usual: the scanner's slow number reader or jansson takes them. */
static void test_long_exact_numbers_are_taken(void **state)
{
    (void)state;
    assert_true(scan(TRADE("\"p\":\"92233720368.54775807\",\"q\":\"0.1000000000000000000000\"")));
    assert_int_equal(message.print.price_e8, INT64_MAX);
    assert_int_equal(message.print.qty_e8, 10000000);
    assert_true(scan(TRADE("\"p\":\"00012.5\",\"q\":\"123456789\"")));
    assert_int_equal(message.print.price_e8, 1250000000);
    assert_int_equal(message.print.qty_e8, 12345678900000000);
}

static void test_broken_text_is_refused_by_both(void **state)
{
    static const char *const texts[] = {
        "",
        "{",
        "[",
        "{}x",
        TRADE("\"p\":\"1\",\"q\":\"2\"") "}",
        "{\"e\":\"trade\",\"E\":1,\"s\":\"ABCUSDT\",\"t\":7,\"T\":3,\"m\":true,\"p\":\"1\",\"q\":\"2\"",
        TRADE("\"p\":\"1\",\"p\":\"1\",\"q\":\"2\""),
        TRADE("\"p\":\"1\",\"q\":\"2\",\"zz\":1,\"zz\":1"),
        TRADE("\"p\":\"1\",\"q\":\"2\",\"z\":{\"k\":1,\"k\":2}"),
        TRADE("\"p\":\"1\",\"q\":\"2\",\"z\":01"),
        TRADE("\"p\":\"1\",\"q\":\"2\",\"z\":tru"),
        TRADE("\"p\":\"1\",\"q\":\"2\",\"z\":\"a\tb\""),
        TRADE("\"p\":\"1\",\"q\":\"2\",\"z\":\"\xC3\x28\""),
        TRADE("\"p\":\"1\",\"q\":\"2\","),
        TRADE("\"p\":\"1\" \"q\":\"2\""),
        TRADE("\"p\":\"1\",\"q\":\"2\",\"z\":[1,]"),
        "{\"stream\":\"abcusdt@trade\",\"data\":" DEPTH("\"b\":[],\"a\":[]") "}",
        "{\"stream\":\"xyzusdt@depth\",\"data\":" DEPTH("\"b\":[],\"a\":[]") "}",
        DEPTH("\"b\":[[\"1\"]],\"a\":[]"),
        DEPTH("\"b\":[[\"1\",\"2\"],],\"a\":[]"),
        DEPTH("\"b\":[]"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_false(scan(texts[i]));
        assert_false(jansson_takes(texts[i]));
    }
}

/* Every prefix of a good message is a bad one, whatever lies in memory behind it. */
static void test_cut_off_message_is_never_taken(void **state)
{
    const char *whole = "{\"stream\":\"abcusdt@depth\",\"data\":" DEPTH(
        "\"b\":[[\"61730.17000000\",\"0.00000000\"],[\"1.5\",\"2\"]],\"a\":[[\"2\",\"3.25\"]]") "}";
    size_t size = strlen(whole);

    (void)state;
    for (size_t cut = 0; cut < size; cut++) {
        memset(padded, 0, sizeof(padded));
        memcpy(padded, whole, size); /* the rest of the message is behind it */
        assert_false(scan_message(&scanner, padded, cut, &message));
        memset(padded + cut, '}', 64);
        assert_false(scan_message(&scanner, padded, cut, &message));
    }
}

/* What it declines, jansson takes: escapes, non-ASCII, deep nesting, more digits. */
static void test_declined_is_not_refused(void **state)
{
    static const char *const texts[] = {
        TRADE("\"p\":\"1\",\"q\":\"2\",\"z\":\"\\u0041\""),
        TRADE("\"p\":\"1\",\"q\":\"2\",\"z\":\"\xC3\xA4\""),
        TRADE("\"p\":\"1\",\"q\":\"2\",\"z\":1e5"),
        TRADE("\"p\":\"1\",\"q\":\"2\",\"z\":[[[[[[[[[[[[]]]]]]]]]]]]"),
        "{\"data\":" TRADE("\"p\":\"1\",\"q\":\"2\"") ",\"stream\":\"abcusdt@trade\"}",
        DEPTH("\"b\":[[\"1\",\"2\",[]]],\"a\":[]"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_false(scan(texts[i]));
        assert_true(jansson_takes(texts[i]));
    }
}

static size_t random_number(char *out, uint64_t *seed)
{
    unsigned whole, places;

    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    whole = 1 + (unsigned)(*seed >> 60) % 9;
    places = (unsigned)(*seed >> 50) % 10;
    for (unsigned i = 0; i < whole; i++)
        *out++ = (char)('0' + (*seed >> (3 * i + 7)) % 10);
    if (places > 0)
        *out++ = '.';
    for (unsigned i = 0; i < places; i++)
        *out++ = (char)(i == 8 ? '0' : '0' + (*seed >> (2 * i + 20)) % 10);
    return whole + places + (places > 0);
}

/* One array, two readers: the one for AVX2 must be the plain one in all it does, odd shapes included. */
static void test_level_readers_are_the_same(void **state)
{
    static const char *const between[] = {"\",\"", "\", \"", "\" ,\"", "\",\n\""};
    uint64_t seed = 1;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        size_t size = 0, fast_used = 0, plain_used = 0, count = (size_t)(round % 40);
        const char *fast, *plain;

        padded[size++] = '[';
        for (size_t i = 0; i < count; i++) {
            const char *mid = between[(seed >> 33) % 16 < 13 ? 0 : (seed >> 40) % 4];

            memcpy(padded + size, i > 0 ? ",[\"" : "[\"", i > 0 ? 3 : 2);
            size += i > 0 ? 3 : 2;
            size += random_number(padded + size, &seed);
            memcpy(padded + size, mid, strlen(mid));
            size += strlen(mid);
            size += random_number(padded + size, &seed);
            memcpy(padded + size, "\"]", 2);
            size += 2;
        }
        padded[size++] = ']';
        memset(padded + size, round % 2 ? '7' : 0, 64);
        if (round % 3 == 0) /* and cut off, or damaged */
            padded[(seed >> 20) % size] = (char)(seed >> 12);
        if (padded[0] != '[')
            continue;
        fast = scan_levels(padded, padded + size, levels, WIRE_LEVELS_MAX, &fast_used);
        plain = scan_levels_portable(padded, padded + size, more_levels, WIRE_LEVELS_MAX, &plain_used);
        assert_ptr_equal(fast, plain);
        assert_int_equal(fast_used, plain_used);
        if (round % 3 != 0)
            assert_int_equal(fast_used, count);
        if (fast_used > 0)
            assert_memory_equal(levels, more_levels, fast_used * sizeof(levels[0]));
    }
}

/* The bound on levels holds for both sides together, in both readers. */
static void test_too_many_levels_are_refused(void **state)
{
    const size_t count = WIRE_LEVELS_MAX + 1;
    char *text = malloc(count * 10 + 256), *at = text;

    (void)state;
    at += sprintf(
        at, "{\"e\":\"depthUpdate\",\"E\":5,\"s\":\"ABCUSDT\",\"U\":7,\"u\":9,\"a\":[[\"1\",\"1\"]],\"b\":[");
    for (size_t i = 0; i + 1 < count; i++)
        at += sprintf(at, "%s[\"1\",\"1\"]", i > 0 ? "," : "");
    memcpy(at, "]}", 3);
    memset(at + 3, 0, 64);
    assert_false(scan_message(&scanner, text, (size_t)(at + 2 - text), &message));
    assert_false(jansson_takes(text));
    at -= strlen(",[\"1\",\"1\"]"); /* one less fits */
    memcpy(at, "]}", 3);
    assert_true(scan_message(&scanner, text, (size_t)(at + 2 - text), &message));
    assert_int_equal(message.level_used, WIRE_LEVELS_MAX);
    assert_true(jansson_takes(text));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_depth_goes_straight_to_integers),
        cmocka_unit_test(test_any_order_unknown_keys_and_white_space),
        cmocka_unit_test(test_order_ids_of_trades_are_not_levels),
        cmocka_unit_test(test_streams_that_are_not_ours_are_other),
        cmocka_unit_test(test_numbers_that_are_not_exact_are_refused),
        cmocka_unit_test(test_long_exact_numbers_are_taken),
        cmocka_unit_test(test_broken_text_is_refused_by_both),
        cmocka_unit_test(test_cut_off_message_is_never_taken),
        cmocka_unit_test(test_declined_is_not_refused),
        cmocka_unit_test(test_level_readers_are_the_same),
        cmocka_unit_test(test_too_many_levels_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
