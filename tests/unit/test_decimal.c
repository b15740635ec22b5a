/* test_decimal.c - exact decimals, at the edges and round trip. */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/base/decimal.h"

#include <stdlib.h>
#include <string.h>

#define UNTOUCHED INT64_C(-424242)

static void assert_parses(const char *text, unsigned scale, int64_t expected)
{
    int64_t value = UNTOUCHED;
    enum err err = decimal_parse(text, strlen(text), scale, &value);

    if (err != ERR_OK || value != expected)
        fail_msg("'%s' at scale %u: err %d, value %lld", text, scale, (int)err, (long long)value);
}

static void assert_refuses(const char *text, unsigned scale, enum err expected)
{
    int64_t value = UNTOUCHED;
    enum err err = decimal_parse(text, strlen(text), scale, &value);

    if (err != expected)
        fail_msg("'%s' at scale %u: err %d, expected %d", text, scale, (int)err, (int)expected);
    assert_int_equal(value, UNTOUCHED);
}

/* What venues and people write. */
static void test_plain_numbers_are_exact(void **state)
{
    (void)state;
    assert_parses("0", 8, 0);
    assert_parses("-0", 8, 0);
    assert_parses("-0.00", 8, 0);
    assert_parses("61842.18000000", 8, INT64_C(6184218000000));
    assert_parses("0.00000001", 8, 1);
    assert_parses("-0.5", 8, -50000000);
    assert_parses("007.50", 2, 750);
    assert_parses("12", 0, 12);
    assert_parses("12.000", 0, 12);
    assert_parses("0.1234567800000000000000000000", 8, 12345678);
    assert_parses("00000000000000000000000000000000000000001", 8, 100000000);
}

/* strtod would take most of these; a wrong limit must not get in by a slip of the pen. */
static void test_anything_else_is_malformed(void **state)
{
    static const char *const malformed[] = {
        "",     "-",    ".",    "-.",    "+1",   "1.",        ".5",    "-.5",
        "1e5",  "1E5",  "0x10", " 1",    "1 ",   "1,5",       "1_000", "nan",
        "inf",  "--1",  "1-",   "1.2.3", "1..2", "\t1",       "1\n",   "\xd9\xa1",
        "1.5e", "1.-5", "5m",   "1/2",   "1:0",  "\302\2401", "1a",    "9999999999999999999999x",
    };

    (void)state;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
        assert_refuses(malformed[i], 8, ERR_BAD_DATA);
}

/* The text has a size and no terminator: what stands behind it must not be read. */
static void test_only_the_named_bytes_count(void **state)
{
    int64_t value = UNTOUCHED;

    (void)state;
    assert_int_equal(decimal_parse("12.5999", 4, 8, &value), ERR_OK);
    assert_int_equal(value, 1250000000);
    assert_int_equal(decimal_parse("1\0", 2, 8, &value), ERR_BAD_DATA);
}

/* Rounding a price would change an order, so a digit that does not fit is an error. */
static void test_a_digit_beyond_the_scale_is_refused(void **state)
{
    (void)state;
    assert_refuses("0.000000001", 8, ERR_TOO_LONG);
    assert_refuses("1.5", 0, ERR_TOO_LONG);
    assert_refuses("0.0000000000000000000000000000000001", 18, ERR_TOO_LONG);
    assert_parses("0.0000000010", 9, 1);
    assert_parses("0.100", 1, 1);
}

/* Each power of two: its neighbours up to 2^63 go through, the first that does not fit is refused. */
static void test_overflow_at_every_power_of_two(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 63; bit++) {
        for (int64_t off = -1; off <= 1; off++) {
            int64_t value = (int64_t)((UINT64_C(1) << bit) + (uint64_t)off);
            char text[DECIMAL_TEXT_SIZE];

            decimal_format_trim(value, 0, text);
            assert_parses(text, 0, value);
            decimal_format_trim(-value, 0, text);
            assert_parses(text, 0, -value);
            for (unsigned scale = 1; scale <= 18; scale++) {
                decimal_format_trim(value, scale, text);
                assert_parses(text, scale, value);
            }
        }
    }
    for (unsigned bit = 63; bit < 100; bit++) {
        char text[DECIMAL_TEXT_SIZE];

        decimal_format_trim_i128((__int128)1 << bit, 0, text);
        assert_refuses(text, 0, ERR_OVERFLOW);
        decimal_format_trim_i128(-((__int128)1 << bit) - 1, 0, text);
        assert_refuses(text, 0, ERR_OVERFLOW);
        for (unsigned scale = 1; scale <= 18; scale++) {
            decimal_format_trim_i128((__int128)1 << bit, scale, text);
            assert_refuses(text, scale, ERR_OVERFLOW);
        }
    }
}

static void test_the_ends_of_int64(void **state)
{
    (void)state;
    assert_parses("9223372036854775807", 0, INT64_MAX);
    assert_parses("-9223372036854775808", 0, INT64_MIN);
    assert_parses("92233720368.54775807", 8, INT64_MAX);
    assert_parses("-92233720368.54775808", 8, INT64_MIN);
    assert_refuses("9223372036854775808", 0, ERR_OVERFLOW);
    assert_refuses("-9223372036854775809", 0, ERR_OVERFLOW);
    assert_refuses("92233720368.54775808", 8, ERR_OVERFLOW);
    assert_refuses("92233720369", 8, ERR_OVERFLOW);
    assert_refuses("18446744073709551616", 0, ERR_OVERFLOW); /* wraps to 0 in 64 bits */
    assert_refuses("184467440737.09551616", 8, ERR_OVERFLOW);
    assert_refuses("99999999999999999999999999999999999999999999", 0, ERR_OVERFLOW);
}

static void assert_trims(int64_t value, unsigned scale, const char *expected)
{
    char text[DECIMAL_TEXT_SIZE];

    assert_int_equal(decimal_format_trim(value, scale, text), strlen(expected));
    assert_string_equal(text, expected);
}

static void test_trimmed_text_is_shortest(void **state)
{
    (void)state;
    assert_trims(0, 8, "0");
    assert_trims(INT64_C(6184218000000), 8, "61842.18");
    assert_trims(-50000000, 8, "-0.5");
    assert_trims(1, 8, "0.00000001");
    assert_trims(100, 0, "100");
    assert_trims(INT64_MIN, 0, "-9223372036854775808");
    assert_trims(INT64_MIN, 18, "-9.223372036854775808");
    assert_trims(INT64_MAX, 8, "92233720368.54775807");
}

static void test_128_bits_fit_the_buffer(void **state)
{
    __int128 lowest = (__int128)((unsigned __int128)1 << 127);
    char text[DECIMAL_TEXT_SIZE];

    (void)state;
    assert_int_equal(decimal_format_trim_i128(lowest, 0, text), 40);
    assert_string_equal(text, "-170141183460469231731687303715884105728");
    assert_int_equal(decimal_format_trim_i128(lowest, 18, text), 41);
    assert_string_equal(text, "-170141183460469231731.687303715884105728");
}

static void assert_fixed(int64_t value, unsigned scale, unsigned decimals, bool sign, const char *expected)
{
    char text[DECIMAL_TEXT_SIZE];

    assert_int_equal(decimal_format_fixed(value, scale, decimals, sign, text), strlen(expected));
    assert_string_equal(text, expected);
}

static void test_fixed_places_round_half_away_from_zero(void **state)
{
    (void)state;
    assert_fixed(INT64_C(6184218000000), 8, 2, false, "61842.18");
    assert_fixed(150000000, 8, 0, false, "2");
    assert_fixed(-150000000, 8, 0, false, "-2");
    assert_fixed(149999999, 8, 0, false, "1");
    assert_fixed(99999999, 8, 2, false, "1.00");
    assert_fixed(5, 0, 3, false, "5.000");
    assert_fixed(-1, 8, 2, false, "0.00"); /* a minus before nothing would alarm */
    assert_fixed(1, 8, 2, true, "0.00");
    assert_fixed(0, 8, 2, true, "0.00");
    assert_fixed(1234500000, 8, 2, true, "+12.35");
    assert_fixed(-1234500000, 8, 2, true, "-12.35");
    assert_fixed(INT64_MAX, 18, 18, true, "+9.223372036854775807");
    assert_fixed(INT64_MIN, 0, 18, false, "-9223372036854775808.000000000000000000");
    assert_fixed(INT64_MIN, 18, 0, false, "-9");
}

/* Format and parse undo each other, at every scale and length of number. */
static void test_round_trip(void **state)
{
    uint64_t random = 1;

    (void)state;
    for (int i = 0; i < 300000; i++) {
        unsigned scale = (unsigned)random_between(&random, 0, 18);
        int64_t value = random_sized(&random, 63);
        char text[DECIMAL_TEXT_SIZE];

        if (random_next(&random) & 1)
            value = -value;
        decimal_format_trim(value, scale, text);
        assert_parses(text, scale, value);
        decimal_format_fixed(value, scale, (unsigned)random_between(&random, scale, 18), false, text);
        assert_parses(text, scale, value);
    }
}

static void test_places_and_gcd(void **state)
{
    (void)state;
    assert_int_equal(decimal_places(0, 8), 0);
    assert_int_equal(decimal_places(500000000, 8), 0);
    assert_int_equal(decimal_places(1000000, 8), 2);
    assert_int_equal(decimal_places(1, 8), 8);
    assert_int_equal(decimal_places(-25000000, 8), 2);
    assert_int_equal(decimal_gcd(0, 0), 0);
    assert_int_equal(decimal_gcd(0, 7), 7);
    assert_int_equal(decimal_gcd(7, 0), 7);
    assert_int_equal(decimal_gcd(12, 18), 6);
    assert_int_equal(decimal_gcd(INT64_MAX, INT64_MAX), INT64_MAX);
    assert_int_equal(decimal_gcd(INT64_MAX, 2), 1);
}

static void test_mul_div_rounds_and_saturates(void **state)
{
    (void)state;
    assert_int_equal(decimal_mul_div(7, 1, 2), 4);
    assert_int_equal(decimal_mul_div(-7, 1, 2), -4);
    assert_int_equal(decimal_mul_div(7, 1, 3), 2);
    assert_int_equal(decimal_mul_div(8, 1, 3), 3);
    assert_int_equal(decimal_mul_div(INT64_MAX, INT64_MAX, INT64_MAX), INT64_MAX);
    assert_int_equal(decimal_mul_div(INT64_MIN, INT64_MAX, INT64_MAX), INT64_MIN);
    assert_int_equal(decimal_mul_div(INT64_MIN, 1, 1), INT64_MIN);
    assert_int_equal(decimal_mul_div(INT64_MAX, 2, 1), INT64_MAX);
    assert_int_equal(decimal_mul_div(INT64_MIN, 2, 1), INT64_MIN);
    assert_int_equal(decimal_mul_div(INT64_MIN, INT64_MIN, 1), INT64_MAX);
    assert_int_equal(decimal_mul_div(INT64_MIN, INT64_MIN, INT64_MAX), INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_numbers_are_exact),
        cmocka_unit_test(test_anything_else_is_malformed),
        cmocka_unit_test(test_only_the_named_bytes_count),
        cmocka_unit_test(test_a_digit_beyond_the_scale_is_refused),
        cmocka_unit_test(test_overflow_at_every_power_of_two),
        cmocka_unit_test(test_the_ends_of_int64),
        cmocka_unit_test(test_trimmed_text_is_shortest),
        cmocka_unit_test(test_128_bits_fit_the_buffer),
        cmocka_unit_test(test_fixed_places_round_half_away_from_zero),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_places_and_gcd),
        cmocka_unit_test(test_mul_div_rounds_and_saturates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
