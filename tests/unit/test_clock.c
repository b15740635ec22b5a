/* test_clock.c - event time and its text. */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

static void test_a_fake_clock_stands_still(void **state)
{
    struct clock clock;

    (void)state;
    clock_init_fake(&clock, 1000);
    assert_int_equal(clock_now_ns(&clock), 1000);
    assert_int_equal(clock_now_ns(&clock), 1000);
    clock_fake_advance(&clock, 5);
    assert_int_equal(clock_now_ns(&clock), 1005);
}

static void test_the_real_clock_starts_at_the_wall_clock_and_goes_on(void **state)
{
    struct timespec wall;
    struct clock clock;
    int64_t before, wall_ns;

    (void)state;
    clock_init_real(&clock);
    before = clock_now_ns(&clock);
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &wall), 0);
    wall_ns = wall.tv_sec * NS_PER_S + wall.tv_nsec;
    assert_in_range(wall_ns - before + NS_PER_S, 0, 2 * NS_PER_S);
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_now_ns(&clock);

        assert_true(now >= before);
        before = now;
    }
    before = clock_monotonic_ns();
    assert_true(before > 0 && clock_monotonic_ns() >= before);
}

static void assert_iso(int64_t ns, const char *expected)
{
    char text[32];

    clock_format_iso(ns, text);
    assert_string_equal(text, expected);
}

static void test_iso_text_at_the_edges(void **state)
{
    (void)state;
    assert_iso(0, "1970-01-01T00:00:00.000Z");
    assert_iso(-1, "1969-12-31T23:59:59.999Z");
    assert_iso(INT64_C(1723161601234567890), "2024-08-09T00:00:01.234Z");
    assert_iso(INT64_C(1709164800000000000), "2024-02-29T00:00:00.000Z");
    assert_iso(INT64_C(951868799999999999), "2000-02-29T23:59:59.999Z");
    assert_iso(INT64_C(4107542400000000000), "2100-03-01T00:00:00.000Z");
    assert_iso(INT64_MAX, "2262-04-11T23:47:16.854Z");
    assert_iso(INT64_MIN, "1677-09-21T00:12:43.145Z");
}

/* Against the C library, over the whole range. */
static void test_iso_text_agrees_with_gmtime(void **state)
{
    uint64_t random = 1;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        int64_t ns = (int64_t)random_next(&random);
        time_t seconds = (time_t)(ns / NS_PER_S - (ns % NS_PER_S < 0));
        char expected[64], hms[16];
        struct tm tm;

        assert_non_null(gmtime_r(&seconds, &tm));
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S", &tm);
        snprintf(expected + 19, sizeof expected - 19, ".%03dZ",
                 (int)((ns - (int64_t)seconds * NS_PER_S) / 1000000));
        assert_iso(ns, expected);
        clock_format_hms(ns, hms);
        assert_memory_equal(hms, expected + 11, 8);
        assert_int_equal(strlen(hms), 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fake_clock_stands_still),
        cmocka_unit_test(test_the_real_clock_starts_at_the_wall_clock_and_goes_on),
        cmocka_unit_test(test_iso_text_at_the_edges),
        cmocka_unit_test(test_iso_text_agrees_with_gmtime),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
