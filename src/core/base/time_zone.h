/*
 * time_zone.h - local time of named zones ("Europe/Berlin"), as a table of its changes. Not for pure layers' start-up
 * part: time_zone_load() reads the system's zone data; all else is pure.
 *
 * Seconds are UTC since 1970; local seconds count the same way by the local clock.
 */
#ifndef CORE_BASE_TIME_ZONE_H
#define CORE_BASE_TIME_ZONE_H

#include "core/base/err.h"

#include <stddef.h>
#include <stdint.h>

#define TIME_ZONE_NAME_SIZE   48
#define TIME_ZONE_CHANGES_MAX 256
#define TIME_ZONE_WHY_SIZE    160

struct time_zone_change {
    int64_t from_s;
    int32_t offset_s; /* local less UTC, from then on */
};

struct time_zone {
    char name[TIME_ZONE_NAME_SIZE];
    int64_t from_s, until_s; /* the table covers [from, until) */
    int32_t offset_s;        /* at from_s */
    size_t changes;
    struct time_zone_change change[TIME_ZONE_CHANGES_MAX];
};

/* Which moment a local time means that the clocks showed twice. */
enum time_zone_fold { TIME_ZONE_FIRST, TIME_ZONE_LAST };

/*
 * Fills the table by asking the C library. It sets TZ and sets it back: only before other threads start, since the
 * environment is everybody's. "UTC" is known without zone data; all else is a file under TZDIR or
 * /usr/share/zoneinfo (package tzdata).
 *   ERR_NOT_FOUND  no such zone
 *   ERR_TOO_LONG   more than TIME_ZONE_CHANGES_MAX changes in the span
 * why (TIME_ZONE_WHY_SIZE) says it in words.
 */
enum err time_zone_load(struct time_zone *zone, const char *name, int64_t from_s, int64_t until_s,
                        char why[TIME_ZONE_WHY_SIZE]);
/* Outside the table: as at its end. O(log n). */
int32_t time_zone_offset_s(const struct time_zone *zone, int64_t utc_s);
/* A local time that the clocks skipped means the moment at which they skipped it. */
int64_t time_zone_to_utc_s(const struct time_zone *zone, int64_t local_s, enum time_zone_fold fold);

/* Days since 1970-01-01 of the proleptic Gregorian calendar; month 1..12, day 1..31. */
int64_t time_zone_day_of_date(int64_t year, int month, int day);
int time_zone_month_days(int64_t year, int month);
/* 0: Sunday ... 6: Saturday. */
int time_zone_weekday(int64_t day);

#endif
