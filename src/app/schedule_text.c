/* schedule_text.c - the wishes of a schedule from text, one line for each mistake. See schedule.h. */
#include "app/schedule.h"

#include "app/schedule_sun.h"
#include "core/base/safe_text.h"
#include "core/base/take_text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DAY_MIN    1440
#define WEEK_MIN   (7 * DAY_MIN)
#define SHOWN_SIZE 96

static const char *const day_words[7] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/* "'text' what": returns err. */
__attribute__((format(printf, 4, 5))) static enum err refuse(char why[SCHEDULE_WHY_SIZE], enum err err,
                                                             const char *text, const char *format, ...)
{
    char shown[SHOWN_SIZE], what[160];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    safe_text(text, strlen(text), shown, sizeof shown);
    snprintf(why, SCHEDULE_WHY_SIZE, "'%.60s' %s", shown, what);
    return err;
}

/* --- pieces of text: each moves *at behind what it read, or leaves it ------------------------------------------- */

static bool read_weekday(const char **at, int *out)
{
    for (int i = 0; i < 7; i++)
        if (strncmp(*at, day_words[i], 3) == 0) {
            *at += 3;
            *out = i;
            return take_char(at, ' ');
        }
    return false;
}

/* HH:MM, 24:00 included. */
static bool read_time(const char **at, int *minutes)
{
    int hour, minute;

    if (!take_digits(at, 2, &hour) || !take_char(at, ':') || !take_digits(at, 2, &minute))
        return false;
    *minutes = hour * 60 + minute;
    return minute < 60 && *minutes <= DAY_MIN;
}

static bool read_date(const char **at, int64_t *day)
{
    int year, month, day_of_month;

    if (!take_digits(at, 4, &year) || !take_char(at, '-') || !take_digits(at, 2, &month) ||
        !take_char(at, '-') || !take_digits(at, 2, &day_of_month))
        return false;
    if (month < 1 || month > 12 || day_of_month < 1 || day_of_month > time_zone_month_days(year, month))
        return false;
    *day = time_zone_day_of_date(year, month, day_of_month);
    return true;
}

/* --- zones and reasons ------------------------------------------------------------------------------------------ */

static enum err find_zone(struct schedule *schedule, const char *name, const char *text, uint16_t *out,
                          char why[SCHEDULE_WHY_SIZE])
{
    char zone_why[TIME_ZONE_WHY_SIZE];

    for (size_t i = 0; i < schedule->zones; i++)
        if (strcmp(schedule->zone[i].name, name) == 0) {
            *out = (uint16_t)i;
            return ERR_OK;
        }
    if (schedule->zones == SCHEDULE_ZONES_MAX)
        return refuse(why, ERR_FULL, text, "names one time zone too many; allowed: %d", SCHEDULE_ZONES_MAX);
    if (time_zone_load(&schedule->zone[schedule->zones], name,
                       time_zone_day_of_date(SCHEDULE_YEAR_MIN, 1, 1) * 86400,
                       time_zone_day_of_date(SCHEDULE_YEAR_MAX + 1, 1, 1) * 86400, zone_why) != ERR_OK)
        return refuse(why, ERR_NOT_FOUND, text, "%s", zone_why);
    *out = (uint16_t)schedule->zones++;
    return ERR_OK;
}

static uint16_t add_reason(struct schedule *schedule, const char *kind, const char *text)
{
    snprintf(schedule->reason[schedule->reasons], SCHEDULE_REASON_SIZE, "%s %.72s", kind, text);
    return (uint16_t)schedule->reasons++;
}

/* --- wishes ------------------------------------------------------------------------------------------------------ */

/* "Fri 22:00-Sun 23:00 ", "Mon 22:00-23:30 ", "daily 22:00-02:00 "; an end not after its start is the next
 * day's, or where it names a day the next week's. */
static bool read_window(const char **at, bool *daily, int *start_min, int *end_min)
{
    int start_day = 0, end_day, span_min = DAY_MIN;

    *daily = strncmp(*at, "daily ", 6) == 0;
    if (*daily)
        *at += 6;
    else if (!read_weekday(at, &start_day))
        return false;
    end_day = start_day;
    if (!read_time(at, start_min) || *start_min == DAY_MIN || !take_char(at, '-'))
        return false;
    if (!*daily && (**at < '0' || **at > '9')) {
        span_min = WEEK_MIN;
        if (!read_weekday(at, &end_day))
            return false;
    }
    if (!read_time(at, end_min) || !take_char(at, ' '))
        return false;
    *start_min += start_day * DAY_MIN;
    *end_min += end_day * DAY_MIN;
    if (*end_min <= *start_min)
        *end_min += span_min;
    return true;
}

enum err schedule_add_window(struct schedule *schedule, const char *text, char why[SCHEDULE_WHY_SIZE])
{
    const char *at = text;
    struct schedule_window window = {0};
    bool daily;
    enum err err;

    if (!read_window(&at, &daily, &window.start_min, &window.end_min))
        return refuse(
            why, ERR_BAD_DATA, text,
            "is no window; allowed: like 'Fri 22:00-Sun 23:00 Europe/Berlin', 'Mon 22:00-02:00 UTC', "
            "'daily 00:00-00:10 UTC'");
    if (schedule->windows + (daily ? 7 : 1) > SCHEDULE_WINDOWS_MAX)
        return refuse(why, ERR_FULL, text, "is one window too many; allowed: %d, a daily one counts as seven",
                      SCHEDULE_WINDOWS_MAX);
    err = find_zone(schedule, at, text, &window.zone, why);
    if (err != ERR_OK)
        return err;
    window.reason = add_reason(schedule, "window", text);
    for (int day = 0; day < (daily ? 7 : 1); day++) {
        schedule->window[schedule->windows++] = window;
        window.start_min += DAY_MIN;
        window.end_min += DAY_MIN;
    }
    return ERR_OK;
}

enum err schedule_add_holiday(struct schedule *schedule, const char *text, char why[SCHEDULE_WHY_SIZE])
{
    const char *at = text;
    struct schedule_holiday holiday = {0};
    bool sound = read_date(&at, &holiday.first_day);
    enum err err;

    holiday.last_day = holiday.first_day;
    if (sound && strncmp(at, "..", 2) == 0) {
        at += 2;
        sound = read_date(&at, &holiday.last_day);
    }
    if (!sound || !take_char(&at, ' '))
        return refuse(why, ERR_BAD_DATA, text,
                      "is no holiday; allowed: like '2026-12-25 Europe/Berlin', "
                      "'2026-12-24..2026-12-26 Europe/Berlin'");
    if (holiday.last_day < holiday.first_day)
        return refuse(why, ERR_RANGE, text, "ends before it begins");
    if (schedule->holidays == SCHEDULE_HOLIDAYS_MAX)
        return refuse(why, ERR_FULL, text, "is one holiday too many; allowed: %d", SCHEDULE_HOLIDAYS_MAX);
    err = find_zone(schedule, at, text, &holiday.zone, why);
    if (err != ERR_OK)
        return err;
    holiday.reason = add_reason(schedule, "holiday", text);
    schedule->holiday[schedule->holidays++] = holiday;
    return ERR_OK;
}

enum err schedule_set_shabbat(struct schedule *schedule, const struct schedule_shabbat *shabbat,
                              char why[SCHEDULE_WHY_SIZE])
{
    char place[64];
    uint16_t zone = 0;
    enum err err;

    snprintf(place, sizeof place, "%.4f %.4f", shabbat->latitude, shabbat->longitude);
    if (!(fabs(shabbat->latitude) <= SUN_LATITUDE_MAX))
        return refuse(why, ERR_RANGE, place,
                      "is too far north or south: beyond latitude %.0f there are days without "
                      "a sunset; name the hours as a window",
                      SUN_LATITUDE_MAX);
    if (!(fabs(shabbat->longitude) <= 180.0))
        return refuse(why, ERR_RANGE, place, "is no place; allowed: longitude -180 to 180");
    if (shabbat->before_sunset_min < 0 || shabbat->before_sunset_min > 180 || shabbat->after_sunset_min < 0 ||
        shabbat->after_sunset_min > 180)
        return refuse(why, ERR_RANGE, place, "has minutes outside 0 to 180");
    if (!(shabbat->night_degrees >= SUN_SET_DEGREES && shabbat->night_degrees <= 18.0))
        return refuse(why, ERR_RANGE, place, "has a nightfall outside 0.833 to 18 degrees");
    if (shabbat->zone[0] != '\0') {
        err = find_zone(schedule, shabbat->zone, shabbat->zone, &zone, why);
        if (err != ERR_OK)
            return err;
    }
    schedule->shabbat = *shabbat;
    schedule->shabbat.zone = NULL; /* borrowed */
    schedule->shabbat_has_zone = shabbat->zone[0] != '\0';
    schedule->shabbat_zone = zone;
    if (!schedule->has_shabbat)
        schedule->shabbat_reason = add_reason(schedule, "Shabbat", "(sunset to nightfall)");
    schedule->has_shabbat = true;
    return ERR_OK;
}
