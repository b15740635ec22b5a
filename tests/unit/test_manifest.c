/* test_manifest.c - what a strategy says of itself before it runs: read, and refused with place and reason. */
#include "unit/cmocka_all.h"

#include "core/strategy/manifest.h"

#include <stdio.h>
#include <string.h>

#define E8 INT64_C(100000000)

static const char good[] =
    "name: mm\n"
    "version: 1.0.0\n"
    "abi: 1\n"
    "about: quotes both sides around a reservation price\n"
    "parameters:\n"
    "  gamma: {help: risk aversion, default: 0.1, max: 100, min: 0.001, type: decimal}\n"
    "  levels: {type: int, min: -3, max: 20, default: 5, unit: levels, help: how deep}\n"
    "  passive: {type: bool, default: true, help: rests only}\n"
    "  mode: {type: enum, allowed: [slow, fast, both], default: fast, help: how}\n";

static struct strategy_manifest read_good(void)
{
    struct strategy_manifest manifest;
    char why[256] = "";

    if (strategy_manifest_parse(good, sizeof(good) - 1, "mm.so", &manifest, why, sizeof(why)) != ERR_OK)
        fail_msg("refused: %s", why);
    return manifest;
}

static void test_reads_every_field(void **state)
{
    struct strategy_manifest manifest = read_good();

    (void)state;
    assert_string_equal(manifest.name, "mm");
    assert_string_equal(manifest.version, "1.0.0");
    assert_string_equal(manifest.about, "quotes both sides around a reservation price");
    assert_int_equal(manifest.abi, 1);
    assert_int_equal(manifest.instruments, 1);
    assert_int_equal(manifest.parameter_count, 4);
    assert_string_equal(manifest.parameter[0].name, "gamma");
    assert_int_equal(manifest.parameter[0].type, PARAMETER_DECIMAL);
    assert_int_equal(manifest.parameter[0].min, E8 / 1000);
    assert_int_equal(manifest.parameter[0].max, 100 * E8);
    assert_int_equal(manifest.parameter[0].preset, E8 / 10);
    assert_string_equal(manifest.parameter[0].help, "risk aversion");
    assert_int_equal(manifest.parameter[1].min, -3);
    assert_string_equal(manifest.parameter[1].unit, "levels");
    assert_int_equal(manifest.parameter[2].preset, 1);
    assert_int_equal(manifest.parameter[2].max, 1);
    assert_string_equal(manifest.parameter[3].allowed, "slow|fast|both");
    assert_int_equal(manifest.parameter[3].preset, 1);
    assert_int_equal(manifest.parameter[3].max, 2);
}

static void test_values_go_to_text_and_back(void **state)
{
    static const struct {
        size_t index;
        int64_t value;
        const char *text;
    } rows[] = {{0, E8 / 4, "0.25"}, {1, -3, "-3"},  {2, 0, "false"},
                {2, 1, "true"},      {3, 0, "slow"}, {3, 2, "both"}};
    struct strategy_manifest manifest = read_good();

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct strategy_parameter *parameter = &manifest.parameter[rows[i].index];
        char text[64], why[256];
        int64_t value = -99;

        assert_string_equal(strategy_parameter_text(parameter, rows[i].value, text, sizeof(text)),
                            rows[i].text);
        assert_int_equal(strategy_parameter_parse(parameter, text, &value, why, sizeof(why)), ERR_OK);
        assert_int_equal(value, rows[i].value);
    }
}

static void test_a_bad_value_is_told_from_one_out_of_range(void **state)
{
    static const struct {
        size_t index;
        const char *text;
        enum err err;
        const char *why;
    } rows[] = {
        {0, "200", ERR_RANGE, "'200' is out of range; allowed: decimal 0.001..100"},
        {0, "x", ERR_BAD_DATA, "'x' is not a decimal number; allowed: decimal 0.001..100"},
        {0, "0.123456789", ERR_BAD_DATA, "'0.123456789' has more than 8 places; allowed: decimal 0.001..100"},
        {1, "21", ERR_RANGE, "'21' is out of range; allowed: integer -3..20 levels"},
        {1, "1.5", ERR_BAD_DATA, "'1.5' is not an integer; allowed: integer -3..20 levels"},
        {2, "maybe", ERR_BAD_DATA, "'maybe' is not a switch; allowed: true or false"},
        {3, "slowly", ERR_BAD_DATA, "'slowly' is unknown; allowed: one of: slow, fast, both"},
    };
    struct strategy_manifest manifest = read_good();

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char why[256] = "";
        int64_t value = -99;

        assert_int_equal(strategy_parameter_parse(&manifest.parameter[rows[i].index], rows[i].text, &value,
                                                  why, sizeof(why)),
                         rows[i].err);
        assert_string_equal(why, rows[i].why);
        assert_int_equal(value, -99);
    }
}

#define HEAD "name: mm\nversion: 1\nabi: 1\nabout: x\n"

static void test_every_refusal_names_place_and_reason(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", "mm.so:1:1: no name"},
        {"name: mm\nversion: 1\nabi: 1\n", "mm.so:1:1: no about"},
        {"name: Mm\n", "mm.so:1:7: name: 'Mm' must be a-z, 0-9, _ and -, and begin with a letter"},
        {"name: manual\n", "mm.so:1:7: name: 'manual' is the trader's own hand"},
        {"name: abcdefghijklmnop\n",
         "mm.so:1:7: name: 'abcdefghijklmnop' is too long; allowed: text of at most 15 bytes"},
        {"name: [a]\n", "mm.so:1:8: name: expected one value, not a list"},
        {"version: a b\n", "mm.so:1:10: version: 'a b' is not a word like 1.0.0"},
        {"abi: x\n", "mm.so:1:6: abi: 'x' is not an integer; allowed: integer 1..65535"},
        {"name: mm\nnew_word: 3\nabi: 2\n", "mm.so:3:6: needs strategy ABI 2; this flowdeck has ABI 1"},
        {"about: \"a\\x1b[2J\"\n", "mm.so:1:8: about: 'a\\x1b[2J' holds control or invisible characters; "
                                   "allowed: text of at most 119 bytes"},
        {"instruments: 9\n", "mm.so:1:14: instruments: '9' is out of range; allowed: integer 0..8"},
        {"nam: mm\n",
         "mm.so:1:1: unknown key 'nam'; known: name, version, abi, about, instruments, parameters"},
        {"parameters: 3\n", "mm.so:1:13: parameters: expected 'name: {type: ...}'"},
        {"parameters: {a: 3}\n", "mm.so:1:17: a: expected {type: ..., default: ..., help: ...}"},
        {"parameters: {A: {type: int}}\n",
         "mm.so:1:18: parameter 'A': a name is at most 31 of a-z, 0-9 and _, "
         "and begins with a letter"},
        {"parameters: {a: {type: float}}\n", "mm.so:1:24: a: type must be one of: int, decimal, bool, enum"},
        {"parameters: {a: {typ: int}}\n",
         "mm.so:1:18: a: unknown key 'typ'; known: type, min, max, allowed, default, unit, help"},
        {"parameters: {a: {min: [1]}}\n", "mm.so:1:24: a: expected one value, not a list"},
        {"parameters: {a: {allowed: x}}\n", "mm.so:1:27: a: allowed is a list of words: [a, b]"},
        {"parameters: {a: {allowed: [x, x]}}\n", "mm.so:1:31: a: allowed holds a word twice"},
        {"parameters: {a: {allowed: ['x|y']}}\n",
         "mm.so:1:28: a: allowed may hold words of letters, digits and _ . + - only"},
        {HEAD "parameters: {a: {default: 1, help: h}}\n", "mm.so:5:18: a: no type"},
        {HEAD "parameters: {a: {type: int, help: h}}\n", "mm.so:5:18: a: no default"},
        {HEAD "parameters: {a: {type: bool, default: on}}\n", "mm.so:5:18: a: no help"},
        {HEAD "parameters: {a: {type: int, default: 1, help: h}}\n",
         "mm.so:5:18: a: a number needs min and max"},
        {HEAD "parameters: {a: {type: bool, min: 1, default: on, help: h}}\n",
         "mm.so:5:18: a: min and max are for numbers"},
        {HEAD "parameters: {a: {type: enum, default: x, help: h}}\n",
         "mm.so:5:18: a: an enum needs allowed: [a, b]"},
        {HEAD "parameters: {a: {type: bool, allowed: [x], default: on, help: h}}\n",
         "mm.so:5:18: a: allowed is for an enum"},
        {HEAD "parameters: {a: {type: int, min: 5, max: 5, default: 5, help: h}}\n",
         "mm.so:5:42: a: max must be above min"},
        {HEAD "parameters: {a: {type: int, min: 1, max: 5, default: 6, help: h}}\n",
         "mm.so:5:54: a: default '6' is out of range; allowed: integer 1..5"},
        {HEAD "parameters: {a: {type: int, min: 1.5, max: 5, default: 2, help: h}}\n",
         "mm.so:5:34: a: min '1.5' is not an integer; allowed: integer"},
        {HEAD "parameters: {a: {type: enum, allowed: [x], default: y, help: h}}\n",
         "mm.so:5:53: a: default 'y' is unknown; allowed: one of: x"},
        {"name: a\nname: b\n", "mm.so:2:1: duplicate key 'name'; first given in line 1"},
        {"name: *a\n", "mm.so:1:7: aliases (*) are not allowed"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct strategy_manifest manifest;
        char why[256] = "";

        memset(&manifest, 0x5a, sizeof(manifest));
        assert_int_not_equal(
            strategy_manifest_parse(rows[i].text, strlen(rows[i].text), "mm.so", &manifest, why, sizeof(why)),
            ERR_OK);
        assert_string_equal(why, rows[i].why);
        assert_int_equal(manifest.abi, 0x5a5a5a5a);
    }
}

static void test_bounds_of_size_and_count(void **state)
{
    static char text[MANIFEST_SIZE_MAX + 2] = HEAD "parameters:\n";
    struct strategy_manifest manifest;
    char why[256] = "";
    size_t used = strlen(text);

    (void)state;
    for (int i = 0; i < MANIFEST_PARAMETERS_MAX; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used,
                                 "  p%d: {type: bool, default: false, help: h}\n", i);
    assert_int_equal(strategy_manifest_parse(text, used, "mm.so", &manifest, why, sizeof(why)), ERR_OK);
    assert_int_equal(manifest.parameter_count, MANIFEST_PARAMETERS_MAX);

    used += (size_t)snprintf(text + used, sizeof(text) - used, "  q: {type: bool, default: off, help: h}\n");
    assert_int_equal(strategy_manifest_parse(text, used, "mm.so", &manifest, why, sizeof(why)), ERR_BAD_DATA);
    assert_string_equal(why, "mm.so:38:7: more than 32 parameters");

    memset(text, '#', sizeof(text));
    assert_int_equal(
        strategy_manifest_parse(text, MANIFEST_SIZE_MAX + 1, "mm.so", &manifest, why, sizeof(why)),
        ERR_TOO_LONG);
    assert_string_equal(why, "mm.so:1:1: the manifest is longer than 16384 bytes");
}

static void test_no_parameters_is_a_manifest_too(void **state)
{
    static const char *const texts[] = {HEAD, HEAD "parameters: {}\n", HEAD "instruments: 0\n"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct strategy_manifest manifest;
        char why[256] = "";

        assert_int_equal(
            strategy_manifest_parse(texts[i], strlen(texts[i]), "mm.so", &manifest, why, sizeof(why)),
            ERR_OK);
        assert_int_equal(manifest.parameter_count, 0);
        assert_int_equal(manifest.instruments, i == 2 ? 0 : 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_every_field),
        cmocka_unit_test(test_values_go_to_text_and_back),
        cmocka_unit_test(test_a_bad_value_is_told_from_one_out_of_range),
        cmocka_unit_test(test_every_refusal_names_place_and_reason),
        cmocka_unit_test(test_bounds_of_size_and_count),
        cmocka_unit_test(test_no_parameters_is_a_manifest_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
