/* test_time_zone.c - tables of zones against the C library, and local times that are skipped or come twice. */
#include "cmocka_all.h"
#include "core/base/time_zone.h"
#include "test_random.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOUR_S 3600

static const char *const names[] = {"Europe/Berlin",    "America/New_York",    "Asia/Jerusalem",
                                    "Australia/Sydney", "Australia/Lord_Howe", "Africa/Casablanca",
                                    "Asia/Kathmandu",   "Pacific/Apia",        "UTC"};

static int64_t from_s, until_s;

static void load(struct time_zone *zone, const char *name)
{
    char why[TIME_ZONE_WHY_SIZE];

    from_s = time_zone_day_of_date(2010, 1, 1) * 86400;
    until_s = time_zone_day_of_date(2061, 1, 1) * 86400;
    assert_int_equal(time_zone_load(zone, name, from_s, until_s, why), ERR_OK);
}

static int32_t library_offset(int64_t utc_s)
{
    time_t at = (time_t)utc_s;
    struct tm local;

    assert_non_null(localtime_r(&at, &local));
    return (int32_t)local.tm_gmtoff;
}

static void test_offsets_are_those_of_the_library(void **state)
{
    static struct time_zone zone;
    uint64_t random = 3;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        load(&zone, names[i]);
        setenv("TZ", names[i], 1);
        tzset();
        for (int n = 0; n < 30000; n++) {
            int64_t at = random_between(&random, from_s, until_s - 1);

            assert_int_equal(time_zone_offset_s(&zone, at), library_offset(at));
        }
        for (size_t n = 0; n < zone.changes; n++) /* to the second */
            for (int64_t at = zone.change[n].from_s - 1; at <= zone.change[n].from_s; at++)
                assert_int_equal(time_zone_offset_s(&zone, at), library_offset(at));
        unsetenv("TZ");
        tzset();
    }
}

/* All moments that show a local time, by trying them out. */
static void test_local_times(void **state)
{
    static struct time_zone zone;
    uint64_t random = 4;
    int skipped = 0, doubled = 0;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        load(&zone, names[i]);
        for (int n = 0; n < 2000; n++) {
            int64_t near = zone.changes == 0
                               ? from_s + 10 * 86400
                               : zone.change[random_between(&random, 0, (int64_t)zone.changes - 1)].from_s;
            int64_t local = near + time_zone_offset_s(&zone, near) + random_between(&random, -30, 30) * 300;
            int64_t first = INT64_MIN, last = INT64_MIN, crossed = INT64_MIN;

            for (int64_t at = near - 30 * HOUR_S; at < near + 30 * HOUR_S; at += 300) {
                if (at + time_zone_offset_s(&zone, at) == local) {
                    first = first == INT64_MIN ? at : first;
                    last = at;
                }
                if (crossed == INT64_MIN && at + time_zone_offset_s(&zone, at) > local)
                    crossed = at;
            }
            skipped += first == INT64_MIN;
            doubled += first != last;
            assert_int_equal(time_zone_to_utc_s(&zone, local, TIME_ZONE_FIRST),
                             first == INT64_MIN ? crossed : first);
            assert_int_equal(time_zone_to_utc_s(&zone, local, TIME_ZONE_LAST),
                             first == INT64_MIN ? crossed : last);
        }
    }
    assert_true(skipped > 100 && doubled > 100);
}

static void test_the_environment_is_as_it_was(void **state)
{
    static struct time_zone zone;

    (void)state;
    setenv("TZ", "Asia/Tokyo", 1);
    load(&zone, "Europe/Berlin");
    assert_string_equal(getenv("TZ"), "Asia/Tokyo");
    assert_int_equal(library_offset(0), 9 * HOUR_S);
    unsetenv("TZ");
    load(&zone, "Europe/Berlin");
    assert_null(getenv("TZ"));
    tzset();
}

static void test_what_is_no_zone_is_refused(void **state)
{
    static const char *const bad[] = {
        "Europe/Berlino",
        "",
        "/etc/passwd",
        "../../etc/passwd",
        "Europe",
        "a b",
        "\x1b[2J",
        "zone.tab",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    static struct time_zone zone;
    char why[TIME_ZONE_WHY_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(time_zone_load(&zone, bad[i], 0, 86400, why), ERR_NOT_FOUND);
        assert_null(strchr(why, '\x1b'));
        assert_null(strchr(why, '\n'));
    }
}

static void test_the_calendar(void **state)
{
    (void)state;
    for (int64_t day = -20000; day < 40000; day++) {
        time_t at = (time_t)(day * 86400);
        struct tm utc;

        gmtime_r(&at, &utc);
        assert_int_equal(time_zone_day_of_date(utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday), day);
        assert_int_equal(time_zone_weekday(day), utc.tm_wday);
        assert_true(utc.tm_mday <= time_zone_month_days(utc.tm_year + 1900, utc.tm_mon + 1));
    }
    assert_int_equal(time_zone_month_days(2000, 2), 29);
    assert_int_equal(time_zone_month_days(2100, 2), 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_offsets_are_those_of_the_library),
        cmocka_unit_test(test_local_times),
        cmocka_unit_test(test_the_environment_is_as_it_was),
        cmocka_unit_test(test_what_is_no_zone_is_refused),
        cmocka_unit_test(test_the_calendar),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
