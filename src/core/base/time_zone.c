#include "core/base/time_zone.h"

#include "core/base/sorted_until.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_S  INT64_C(86400)
#define STEP_S (2 * DAY_S) /* no zone has changed twice within two days */

/* --- the system's zone data ------------------------------------------------------------------------------------- */

static bool name_is_sound(const char *name)
{
    size_t size = strlen(name);

    return size > 0 && size < TIME_ZONE_NAME_SIZE && name[0] != '/' && strstr(name, "..") == NULL &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == size;
}

/* The C library takes a name that it does not know for UTC: so the file is looked for. */
static bool zone_file_exists(const char *name)
{
    const char *folder = getenv("TZDIR");
    char path[512], magic[4] = {0};
    FILE *file;
    bool found;

    if (folder == NULL || folder[0] == '\0')
        folder = "/usr/share/zoneinfo";
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return false;
    file = fopen(path, "rbe");
    if (file == NULL)
        return false;
    found = fread(magic, 1, sizeof magic, file) == sizeof magic && memcmp(magic, "TZif", 4) == 0;
    fclose(file);
    return found;
}

static int32_t library_offset_s(int64_t utc_s)
{
    time_t at = (time_t)utc_s;
    struct tm local;

    return localtime_r(&at, &local) == NULL ? 0 : (int32_t)local.tm_gmtoff;
}

/* First second in (low, high] with another offset than at low; the offsets at both ends differ. */
static int64_t find_change(int64_t low, int64_t high)
{
    int32_t offset_s = library_offset_s(low);

    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;

        if (library_offset_s(middle) == offset_s)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static enum err scan(struct time_zone *zone)
{
    int32_t offset_s = library_offset_s(zone->from_s);

    zone->offset_s = offset_s;
    for (int64_t at = zone->from_s; at < zone->until_s - 1;) {
        int64_t next = at + STEP_S < zone->until_s - 1 ? at + STEP_S : zone->until_s - 1;

        if (library_offset_s(next) != offset_s) {
            next = find_change(at, next);
            offset_s = library_offset_s(next);
            if (zone->changes == TIME_ZONE_CHANGES_MAX)
                return ERR_TOO_LONG;
            zone->change[zone->changes++] = (struct time_zone_change){.from_s = next, .offset_s = offset_s};
        }
        at = next;
    }
    return ERR_OK;
}

static enum err scan_in_zone(struct time_zone *zone)
{
    const char *set = getenv("TZ");
    char *before = set == NULL ? NULL : strdup(set);
    enum err err;

    if (set != NULL && before == NULL)
        return ERR_MEMORY;
    setenv("TZ", zone->name, 1);
    tzset();
    err = scan(zone);
    if (before != NULL)
        setenv("TZ", before, 1);
    else
        unsetenv("TZ");
    tzset();
    free(before);
    return err;
}

enum err time_zone_load(struct time_zone *zone, const char *name, int64_t from_s, int64_t until_s,
                        char why[TIME_ZONE_WHY_SIZE])
{
    enum err err;

    assert(from_s < until_s);
    memset(zone, 0, sizeof *zone);
    zone->from_s = from_s;
    zone->until_s = until_s;
    if (!name_is_sound(name)) {
        snprintf(why, TIME_ZONE_WHY_SIZE,
                 "not the name of a time zone; allowed: one like Europe/Berlin, or UTC");
        return ERR_NOT_FOUND;
    }
    snprintf(zone->name, sizeof zone->name, "%s", name);
    if (strcmp(name, "UTC") == 0)
        return ERR_OK;
    if (!zone_file_exists(name)) {
        snprintf(why, TIME_ZONE_WHY_SIZE, "the system has no time zone '%s' (package tzdata)", name);
        return ERR_NOT_FOUND;
    }
    err = scan_in_zone(zone);
    if (err != ERR_OK)
        snprintf(why, TIME_ZONE_WHY_SIZE, "time zone '%s' changes too often", name);
    return err;
}

/* --- the table -------------------------------------------------------------------------------------------------- */

/* How many changes are at or before utc_s. */
static size_t changes_until(const struct time_zone *zone, int64_t utc_s)
{
    return sorted_until(&zone->change[0].from_s, sizeof(zone->change[0]), zone->changes, utc_s);
}

static int32_t offset_after(const struct time_zone *zone, size_t changes)
{
    return changes == 0 ? zone->offset_s : zone->change[changes - 1].offset_s;
}

int32_t time_zone_offset_s(const struct time_zone *zone, int64_t utc_s)
{
    return offset_after(zone, changes_until(zone, utc_s));
}

/*
 * Between two changes local time runs evenly, so each stretch of the table has at most one moment for it. The
 * stretches around it are looked at in turn; where none has it, the clocks skipped it at a change.
 */
int64_t time_zone_to_utc_s(const struct time_zone *zone, int64_t local_s, enum time_zone_fold fold)
{
    size_t first = changes_until(zone, local_s - 2 * DAY_S), last = changes_until(zone, local_s + 2 * DAY_S);
    int64_t found = INT64_MIN;

    for (size_t i = first; i <= last; i++) {
        int64_t from_s = i == 0 ? INT64_MIN : zone->change[i - 1].from_s;
        int64_t until_s = i == zone->changes ? INT64_MAX : zone->change[i].from_s;
        int64_t utc_s = local_s - offset_after(zone, i);

        if (found != INT64_MIN && fold == TIME_ZONE_FIRST)
            break;
        if (utc_s >= from_s && utc_s < until_s)
            found = utc_s;
    }
    for (size_t i = first; i < last && found == INT64_MIN; i++) {
        int64_t at_s = zone->change[i].from_s;

        if (local_s >= at_s + offset_after(zone, i) && local_s < at_s + offset_after(zone, i + 1))
            found = at_s;
    }
    return found == INT64_MIN ? local_s - offset_after(zone, last) : found;
}

/* --- the calendar ----------------------------------------------------------------------------------------------- */

/* Source: Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil. */
int64_t time_zone_day_of_date(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

int time_zone_month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

int time_zone_weekday(int64_t day)
{
    int64_t weekday = (day + 4) % 7; /* 1970-01-01 was a Thursday */

    return (int)(weekday < 0 ? weekday + 7 : weekday);
}
