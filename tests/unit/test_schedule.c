/* test_schedule.c - pauses minute by minute against the C library's clock, and sunsets against another formula. */
#include "app/options.h"
#include "app/schedule.h"
#include "app/schedule_options.h"
#include "app/schedule_sun.h"
#include "cmocka_all.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS       INT64_C(1000000000)
#define YEAR_MIN (366 * 1440)
#define WEEK_MIN (7 * 1440)
#define HOLE_MIN 61 /* an hour that comes twice may split a reading; occurrences lie further apart */
#define RADIANS  (3.14159265358979323846 / 180.0)

static struct schedule schedule;
static char why[SCHEDULE_WHY_SIZE];

static int64_t utc(int64_t year, int month, int day)
{
    return time_zone_day_of_date(year, month, day) * 86400;
}

static bool paused_at(int64_t utc_s)
{
    const char *reason;
    int64_t next_ns;
    bool paused = schedule_at(&schedule, utc_s * NS, &reason, &next_ns);

    assert_int_equal(paused, reason != NULL);
    assert_true(next_ns > utc_s * NS);
    return paused;
}

/* --- windows ------------------------------------------------------------------------------------------------- */

static int reading[YEAR_MIN]; /* local minute of the week at each minute of the year */
static bool expected[YEAR_MIN];

static void read_clock(const char *zone, int64_t start_s)
{
    setenv("TZ", zone, 1);
    tzset();
    for (int minute = 0; minute < YEAR_MIN; minute++) {
        time_t at = (time_t)(start_s + minute * INT64_C(60));
        struct tm local;

        localtime_r(&at, &local);
        reading[minute] = local.tm_wday * 1440 + local.tm_hour * 60 + local.tm_min;
    }
    unsetenv("TZ");
    tzset();
}

/* By the clock on the wall: from the first to the last minute of each occurrence that it shows inside. */
static void expect(int start, int length)
{
    int last = -1;

    memset(expected, 0, sizeof expected);
    for (int minute = 0; minute < YEAR_MIN; minute++) {
        if ((reading[minute] - start + WEEK_MIN) % WEEK_MIN >= length)
            continue;
        if (last >= 0 && minute - last <= HOLE_MIN)
            for (int hole = last + 1; hole < minute; hole++)
                expected[hole] = true;
        expected[minute] = true;
        last = minute;
    }
}

/* Each minute of a leap year, both changes of the clocks included. */
static void test_every_minute_of_a_year(void **state)
{
    static const char *const zones[] = {"Europe/Berlin",    "America/New_York",    "Asia/Jerusalem",
                                        "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kolkata"};
    static const struct {
        const char *text;
        int start, length;
    } windows[] = {
        {"Fri 22:00-Sun 23:00", 5 * 1440 + 22 * 60, 49 * 60},
        {"Mon 22:00-23:30", 1440 + 22 * 60, 90},
        {"Sat 22:00-02:00", 6 * 1440 + 22 * 60, 240}, /* ends where hours are skipped and doubled */
        {"Sun 01:30-02:30", 90, 60},
        {"Sun 02:00-03:00", 120, 60},
        {"Sun 02:15-02:45", 135, 30}, /* does not come at all where the hour is skipped */
        {"Sun 02:45-05:00", 165, 135},
        {"Sat 23:00-Sun 01:30", 6 * 1440 + 23 * 60, 150},
        {"Fri 02:10-02:20", 5 * 1440 + 130, 10}, /* Jerusalem's gap is on a Friday */
        {"Thu 23:00-Fri 02:30", 4 * 1440 + 23 * 60, 210},
        {"Sun 00:00-24:00", 0, 1440},
    };
    int64_t start_s = utc(2024, 1, 1);

    (void)state;
    for (size_t z = 0; z < sizeof zones / sizeof zones[0]; z++) {
        read_clock(zones[z], start_s);
        for (size_t w = 0; w < sizeof windows / sizeof windows[0]; w++) {
            char text[96];
            int paused = 0;

            snprintf(text, sizeof text, "%s %s", windows[w].text, zones[z]);
            schedule_init(&schedule);
            assert_int_equal(schedule_add_window(&schedule, text, why), ERR_OK);
            assert_int_equal(schedule_compile(&schedule, start_s * NS), ERR_OK);
            expect(windows[w].start, windows[w].length);
            for (int minute = 90; minute < YEAR_MIN - 90;
                 minute++) { /* an occurrence cut by the year's ends */
                bool is = paused_at(start_s + minute * INT64_C(60));

                paused += is;
                if (is != expected[minute])
                    fail_msg("%s, minute %d: %d", text, minute, is);
            }
            assert_true(paused > 0);
        }
    }
}

static void test_a_window_may_be_all_of_the_week_but_an_hour(void **state)
{
    (void)state;
    schedule_init(&schedule);
    assert_int_equal(schedule_add_window(&schedule, "Sat 20:00-Sat 19:00 UTC", why), ERR_OK);
    assert_int_equal(schedule_compile(&schedule, utc(2026, 7, 1) * NS), ERR_OK);
    for (int hour = 0; hour < 168; hour++) /* from Sunday 2026-07-05 */
        assert_int_equal(paused_at(utc(2026, 7, 5) + hour * 3600), hour != 6 * 24 + 19);
}

static void test_daily_windows_and_their_bound(void **state)
{
    (void)state;
    schedule_init(&schedule);
    for (int i = 0; i < SCHEDULE_WINDOWS_MAX / 7; i++)
        assert_int_equal(schedule_add_window(&schedule, "daily 23:50-00:10 Asia/Kolkata", why), ERR_OK);
    assert_int_equal(schedule_add_window(&schedule, "daily 23:50-00:10 Asia/Kolkata", why), ERR_FULL);
    assert_int_equal(schedule_compile(&schedule, utc(2026, 7, 1) * NS), ERR_OK);
    for (int64_t minute = 0; minute < 30 * 1440; minute++) {
        int64_t local = (minute + 330) % 1440;

        assert_int_equal(paused_at(utc(2026, 7, 1) + minute * 60), local >= 1430 || local < 10);
    }
}

/* --- holidays ------------------------------------------------------------------------------------------------ */

static void test_holidays(void **state)
{
    int64_t berlin_s = utc(2026, 12, 24) - 3600, havana_s = utc(2026, 3, 8) + 5 * 3600;

    (void)state;
    schedule_init(&schedule);
    assert_int_equal(schedule_add_holiday(&schedule, "2026-12-24..2026-12-26 Europe/Berlin", why), ERR_OK);
    assert_int_equal(schedule_add_holiday(&schedule, "2026-03-08 America/Havana", why), ERR_OK);
    assert_int_equal(schedule_compile(&schedule, utc(2026, 2, 1) * NS), ERR_OK);
    for (int64_t minute = -1440; minute < 5 * 1440; minute++)
        assert_int_equal(paused_at(berlin_s + minute * 60), minute >= 0 && minute < 3 * 1440);
    for (int64_t minute = -1440; minute < 3 * 1440; minute++) /* that day has no midnight and 23 hours */
        assert_int_equal(paused_at(havana_s + minute * 60), minute >= 0 && minute < 23 * 60);
}

/* --- the sun ------------------------------------------------------------------------------------------------- */

/* Almanac for Computers (Nautical Almanac Office, 1990), p. B5 to B7: hours UT of the setting of a day; degrees. */
static double almanac_ut(int day_of_year, double latitude, double longitude, double below)
{
    double hours = longitude / 15, t = day_of_year + (18 - hours) / 24, m = 0.9856 * t - 3.289;
    double l = fmod(m + 1.916 * sin(m * RADIANS) + 0.020 * sin(2 * m * RADIANS) + 282.634 + 360, 360);
    double ra = fmod(atan(0.91764 * tan(l * RADIANS)) / RADIANS + 360, 360),
           sine = 0.39782 * sin(l * RADIANS);
    double cosine_h = (cos((90 + below) * RADIANS) - sine * sin(latitude * RADIANS)) /
                      (cos(asin(sine)) * cos(latitude * RADIANS));

    ra = (ra + floor(l / 90) * 90 - floor(ra / 90) * 90) / 15;
    assert_true(fabs(cosine_h) <= 1);
    return acos(cosine_h) / RADIANS / 15 + ra - 0.06571 * t - 6.622 - hours;
}

static const struct {
    const char *name;
    double latitude, longitude;
} places[] = {{"Jerusalem", 31.778, 35.235}, {"New York", 40.713, -74.006}, {"London", 51.507, -0.128},
              {"Sydney", -33.869, 151.209},  {"Quito", -0.18, -78.467},     {"Anchorage", 55.0, -149.9}};

static void test_the_sun_sets_as_in_the_almanac(void **state)
{
    static const double depths[] = {SUN_SET_DEGREES, SUN_NIGHT_DEGREES};
    double worst = 0;

    (void)state;
    for (size_t p = 0; p < sizeof places / sizeof places[0]; p++)
        for (int day = 0; day < 365; day++)
            for (int d = 0; d < 2; d++) {
                int64_t noon_s = utc(2026, 1, 1) + day * 86400 + 43200 - (int64_t)(places[p].longitude * 240),
                        at_s;
                double ut = almanac_ut(day + 1, places[p].latitude, places[p].longitude, depths[d]), away;

                assert_true(sun_sinks(places[p].latitude, places[p].longitude, depths[d], noon_s, &at_s));
                away = remainder((double)(at_s - utc(2026, 1, 1)) / 3600 - ut, 24) * 60;
                worst = fabs(away) > worst ? fabs(away) : worst;
                assert_true(at_s > noon_s && at_s < noon_s + 14 * 3600);
            }
    if (worst > 2)
        fail_msg("%.2f minutes away", worst);
}

/* Published times, local, to the minute. */
static void test_published_sunsets(void **state)
{
    static const struct {
        int place, month, day, hour, minute, zone_h;
    } times[] = {{0, 6, 21, 19, 47, 3},   {0, 12, 21, 16, 39, 2}, {1, 6, 21, 20, 31, -4},
                 {1, 12, 21, 16, 32, -5}, {2, 6, 21, 21, 22, 1},  {2, 12, 21, 15, 53, 0},
                 {3, 6, 21, 16, 54, 10},  {3, 12, 21, 20, 5, 11}};

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        int64_t day_s = utc(2024, times[i].month, times[i].day) - times[i].zone_h * 3600, at_s;
        int64_t told_s = day_s + times[i].hour * 3600 + times[i].minute * 60;

        assert_true(sun_sinks(places[times[i].place].latitude, places[times[i].place].longitude,
                              SUN_SET_DEGREES, day_s + 43200, &at_s));
        if (llabs(at_s - told_s) > 90)
            fail_msg("%s: %d s away", places[times[i].place].name, (int)(at_s - told_s));
    }
}

static void set_shabbat(double latitude, double longitude, int before, int after, const char *zone)
{
    struct schedule_shabbat shabbat = {.latitude = latitude,
                                       .longitude = longitude,
                                       .before_sunset_min = before,
                                       .night_degrees = SUN_NIGHT_DEGREES,
                                       .after_sunset_min = after,
                                       .zone = zone};

    schedule_init(&schedule);
    assert_int_equal(schedule_set_shabbat(&schedule, &shabbat, why), ERR_OK);
    assert_int_equal(schedule_compile(&schedule, utc(2026, 1, 2) * NS), ERR_OK);
}

/* Every minute of a year but the two around each edge, which the two formulas may see differently. */
static void test_every_minute_of_a_year_of_shabbat(void **state)
{
    (void)state;
    for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
        set_shabbat(places[p].latitude, places[p].longitude, 18, 0, "");
        for (int day = 3; day < 360; day++) { /* of January; 2026-01-02 is a Friday */
            int64_t local_s = utc(2026, 1, 1) + (day - 1) * 86400 - (int64_t)(places[p].longitude * 240);
            int weekday = time_zone_weekday(utc(2026, 1, 1) / 86400 + day - 1);
            double depth = weekday == 5 ? SUN_SET_DEGREES : SUN_NIGHT_DEGREES;
            int64_t edge_s =
                utc(2026, 1, 1) + (day - 1) * 86400 +
                (int64_t)(almanac_ut(day, places[p].latitude, places[p].longitude, depth) * 3600);

            while (edge_s < local_s)
                edge_s += 86400;
            while (edge_s >= local_s + 86400)
                edge_s -= 86400;
            edge_s -= weekday == 5 ? 18 * 60 : 0;
            for (int64_t at_s = local_s; at_s < local_s + 86400; at_s += 60)
                if (llabs(at_s - edge_s) > 180)
                    assert_int_equal(paused_at(at_s),
                                     (weekday == 5 && at_s > edge_s) || (weekday == 6 && at_s < edge_s));
        }
    }
}

/* Whose Friday: at the date line the clock's day is not the sun's. */
static void test_the_zone_names_the_day(void **state)
{
    (void)state;
    set_shabbat(-13.83, -171.76, 18, 0, "Pacific/Apia"); /* UTC+13 since 2011 */
    assert_true(paused_at(utc(2026, 6, 5) + 12 * 3600)); /* Saturday 01:00 there */
    assert_false(paused_at(utc(2026, 6, 6) + 12 * 3600));
    set_shabbat(-13.83, -171.76, 18, 0, "");
    assert_false(paused_at(utc(2026, 6, 5) + 12 * 3600));
    assert_true(paused_at(utc(2026, 6, 6) + 12 * 3600));
}

static void test_minutes_after_sunset(void **state)
{
    int64_t sunset_s, end_s = 0;

    (void)state;
    set_shabbat(31.778, 35.235, 40, 72, "Asia/Jerusalem");
    assert_true(sun_sinks(31.778, 35.235, SUN_SET_DEGREES, utc(2026, 6, 6) + 10 * 3600, &sunset_s));
    for (int64_t at_s = utc(2026, 6, 6); at_s < utc(2026, 6, 7); at_s += 60)
        end_s = paused_at(at_s) ? at_s + 60 : end_s;
    assert_in_range(end_s, sunset_s + 72 * 60, sunset_s + 72 * 60 + 60);
}

/* In Helsinki's summer it does not get dark: the pause ends when it is darkest. */
static void test_white_nights(void **state)
{
    int64_t at_s;

    (void)state;
    assert_false(sun_sinks(60.17, 24.94, SUN_NIGHT_DEGREES, utc(2026, 6, 20) + 10 * 3600, &at_s));
    assert_in_range(at_s, utc(2026, 6, 20) + 22 * 3600, utc(2026, 6, 20) + 23 * 3600); /* 01:22 local */
    assert_true(sun_sinks(60.17, 24.94, SUN_SET_DEGREES, utc(2026, 6, 20) + 10 * 3600, &at_s));
    for (int day = 0; day < 366; day++) /* up to the limit it sets on each day */
        for (int south = -1; south <= 1; south += 2)
            assert_true(sun_sinks(south * SUN_LATITUDE_MAX, 20, SUN_SET_DEGREES,
                                  utc(2024, 1, 1) + day * 86400 + 43200, &at_s));
}

/* --- what is wrong, and bounds -------------------------------------------------------------------------------- */

static void test_mistakes_are_told_in_one_line(void **state)
{
    static const char *const windows[] = {"",
                                          "Fri",
                                          "Fri 22:00",
                                          "Fri 22:00-23:00",
                                          "Fri 22:00-23:00 ",
                                          "Fri 22:00-23:00 Europe/Berlino",
                                          "Fry 22:00-23:00 UTC",
                                          "Fri 24:00-23:00 UTC",
                                          "Fri 22:60-23:00 UTC",
                                          "Fri 2:00-23:00 UTC",
                                          "Fri 22:00-24:01 UTC",
                                          "Fri 22:00 - 23:00 UTC",
                                          "daily 22:00-Fri 23:00 UTC",
                                          "Fri 22:00-Sun23:00 UTC",
                                          "Fri 22:00-Sun 23:00 UTC now",
                                          "\x1b[2JFri 22:00-Sun 23:00 UTC"};
    static const char *const holidays[] = {"",
                                           "2026-12-25",
                                           "2026-02-29 UTC",
                                           "2026-13-01 UTC",
                                           "2026-00-01 UTC",
                                           "2026-01-00 UTC",
                                           "26-01-01 UTC",
                                           "2026-12-26..2026-12-25 UTC",
                                           "2026-12-26..2026-12 UTC",
                                           "2026-12-25 Nowhere/City"};

    (void)state;
    schedule_init(&schedule);
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
        why[0] = '\0';
        assert_int_not_equal(schedule_add_window(&schedule, windows[i], why), ERR_OK);
        assert_true(strlen(why) > 20 && strchr(why, '\n') == NULL && strchr(why, '\x1b') == NULL);
    }
    for (size_t i = 0; i < sizeof holidays / sizeof holidays[0]; i++) {
        why[0] = '\0';
        assert_int_not_equal(schedule_add_holiday(&schedule, holidays[i], why), ERR_OK);
        assert_true(strlen(why) > 15 && strchr(why, '\n') == NULL);
    }
    assert_true(schedule_is_empty(&schedule));
    assert_int_equal(schedule_add_holiday(&schedule, "2028-02-29 UTC", why), ERR_OK);
}

static void test_impossible_places_are_refused(void **state)
{
    static const struct schedule_shabbat bad[] = {
        {.latitude = 65.1, .night_degrees = 8.5, .zone = ""},
        {.latitude = -78, .night_degrees = 8.5, .zone = ""},
        {.longitude = 181, .night_degrees = 8.5, .zone = ""},
        {.before_sunset_min = -1, .night_degrees = 8.5, .zone = ""},
        {.after_sunset_min = 181, .night_degrees = 8.5, .zone = ""},
        {.night_degrees = 0, .zone = ""},
        {.night_degrees = 8.5, .zone = "Nowhere"},
    };

    (void)state;
    schedule_init(&schedule);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_not_equal(schedule_set_shabbat(&schedule, &bad[i], why), ERR_OK);
    assert_true(schedule_is_empty(&schedule));
}

static void test_overlaps_and_reasons(void **state)
{
    const char *reason;
    int64_t next_ns, base_s = utc(2026, 7, 3); /* a Friday */

    (void)state;
    schedule_init(&schedule);
    assert_int_equal(schedule_add_window(&schedule, "Fri 10:00-14:00 UTC", why), ERR_OK);
    assert_int_equal(schedule_add_window(&schedule, "Fri 12:00-16:00 UTC", why), ERR_OK);
    assert_int_equal(schedule_add_window(&schedule, "Fri 11:00-13:00 UTC", why), ERR_OK);
    assert_int_equal(schedule_compile(&schedule, base_s * NS), ERR_OK);
    assert_false(schedule_at(&schedule, (base_s + 9 * 3600) * NS, &reason, &next_ns));
    assert_int_equal(next_ns, (base_s + 10 * 3600) * NS);
    assert_true(schedule_at(&schedule, next_ns, &reason, &next_ns));
    assert_string_equal(reason, "window Fri 10:00-14:00 UTC");
    assert_int_equal(next_ns, (base_s + 14 * 3600) * NS);
    assert_true(schedule_at(&schedule, next_ns, &reason, &next_ns));
    assert_string_equal(reason, "window Fri 12:00-16:00 UTC");
    assert_int_equal(next_ns, (base_s + 16 * 3600) * NS);
    assert_true(schedule_at(&schedule, next_ns - 1, &reason, &next_ns));
    assert_false(schedule_at(&schedule, next_ns, &reason, &next_ns));
}

/* Outside its table a schedule pauses rather than guesses; one without wishes never does. */
static void test_reach(void **state)
{
    const char *reason;
    int64_t next_ns, now_ns = utc(2026, 7, 3) * NS;

    (void)state;
    schedule_init(&schedule);
    assert_false(schedule_at(&schedule, now_ns, &reason, &next_ns));
    assert_int_equal(next_ns, INT64_MAX);
    assert_int_equal(schedule_add_window(&schedule, "Fri 10:00-14:00 UTC", why), ERR_OK);
    assert_true(schedule_at(&schedule, now_ns, &reason, &next_ns)); /* not compiled yet */
    assert_int_equal(schedule_compile(&schedule, now_ns), ERR_OK);
    assert_false(schedule_at(&schedule, now_ns, &reason, &next_ns));
    assert_true(schedule_at(&schedule, schedule.until_ns, &reason, &next_ns));
    assert_true(schedule_at(&schedule, schedule.from_ns - 1, &reason, &next_ns));
    assert_int_equal(next_ns, schedule.from_ns);
    assert_int_equal(schedule_compile(&schedule, schedule.until_ns), ERR_OK); /* and again */
    assert_false(schedule_at(&schedule, schedule.from_ns + 1, &reason, &next_ns) && reason == NULL);
    assert_int_equal(schedule_compile(&schedule, 0), ERR_RANGE);
    assert_true(schedule_at(&schedule, now_ns, &reason, &next_ns));
}

/* --- from settings -------------------------------------------------------------------------------------------- */

static enum err load(const char *yaml, char said[CONFIG_WHY_SIZE])
{
    struct config *config = options_config_new();
    enum err err;

    assert_int_equal(config_load_text(config, yaml, strlen(yaml), "a.yaml", said), ERR_OK);
    err = schedule_of_settings(&schedule, config, said);
    config_free(config);
    return err;
}

static void test_settings(void **state)
{
    char said[CONFIG_WHY_SIZE];

    (void)state;
    assert_int_equal(load("theme: dark\n", said), ERR_OK);
    assert_true(schedule_is_empty(&schedule));
    assert_int_equal(load("pause:\n  windows: [Fri 22:00-Sun 23:00 Europe/Berlin, daily 00:00-00:10 UTC]\n"
                          "  holidays: [2026-12-24..2026-12-26 Europe/Berlin]\n"
                          "  shabbat:\n    on: true\n    latitude: 31.778\n    longitude: 35.235\n",
                          said),
                     ERR_OK);
    assert_int_equal(schedule.windows, 8);
    assert_int_equal(schedule.zones, 2);
    assert_int_equal(schedule_compile(&schedule, utc(2026, 6, 1) * NS), ERR_OK);
    assert_true(
        paused_at(utc(2026, 6, 5) + 17 * 3600)); /* Shabbat in Jerusalem, before Berlin's Friday 22:00 */
    assert_false(paused_at(utc(2026, 6, 5) + 15 * 3600));
    assert_true(paused_at(utc(2026, 12, 24)));
    assert_int_equal(load("pause:\n  windows: [Fri 22:00-Sun 23:00 Europe/Berlino]\n", said), ERR_CONFIG);
    assert_non_null(strstr(said, "a.yaml:2: pause.windows: "));
    assert_int_equal(load("pause:\n  shabbat:\n    on: true\n    latitude: 3\n", said), ERR_CONFIG);
    assert_non_null(strstr(said, "pause.shabbat.longitude"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_minute_of_a_year),
        cmocka_unit_test(test_a_window_may_be_all_of_the_week_but_an_hour),
        cmocka_unit_test(test_daily_windows_and_their_bound),
        cmocka_unit_test(test_holidays),
        cmocka_unit_test(test_the_sun_sets_as_in_the_almanac),
        cmocka_unit_test(test_published_sunsets),
        cmocka_unit_test(test_every_minute_of_a_year_of_shabbat),
        cmocka_unit_test(test_the_zone_names_the_day),
        cmocka_unit_test(test_minutes_after_sunset),
        cmocka_unit_test(test_white_nights),
        cmocka_unit_test(test_mistakes_are_told_in_one_line),
        cmocka_unit_test(test_impossible_places_are_refused),
        cmocka_unit_test(test_overlaps_and_reasons),
        cmocka_unit_test(test_reach),
        cmocka_unit_test(test_settings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
