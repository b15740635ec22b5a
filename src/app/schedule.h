/*
 * schedule.h - when trading pauses by the calendar: weekly windows, holidays, Shabbat.
 *
 * The wishes are read once, before other threads start (zones come from the C library); compiling them into a table
 * of spans and looking something up is pure and allocates nothing. A pause is never shorter than either reading of
 * its text where clocks are set: a start or an end in an hour that is skipped means the moment of the skip; in an
 * hour that comes twice a start means the first one and an end the second.
 */
#ifndef APP_SCHEDULE_H
#define APP_SCHEDULE_H

#include "core/base/err.h"
#include "core/base/time_zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCHEDULE_WINDOWS_MAX  64 /* a daily one counts as seven */
#define SCHEDULE_HOLIDAYS_MAX 64
#define SCHEDULE_ZONES_MAX    8
#define SCHEDULE_DAYS         400 /* that one table reaches ahead */
#define SCHEDULE_SPANS_MAX    4096
#define SCHEDULE_REASON_SIZE  96
#define SCHEDULE_WHY_SIZE     256
#define SCHEDULE_REASONS_MAX  (SCHEDULE_WINDOWS_MAX + SCHEDULE_HOLIDAYS_MAX + 1)
#define SCHEDULE_YEAR_MIN     2010 /* zones are known from then */
#define SCHEDULE_YEAR_MAX     2060 /* until then */

struct schedule_shabbat {
    double latitude, longitude; /* degrees; north and east are positive; abs(latitude) <= SUN_LATITUDE_MAX */
    int before_sunset_min;      /* on Friday, 0..180 */
    double night_degrees; /* on Saturday it ends when the sun is so far below the horizon; where it does not
                                   sink so deep, at solar midnight */
    int after_sunset_min; /* > 0: or so long after sunset instead */
    const char *zone;     /* whose Friday; "": by the longitude */
};

struct schedule_window {    /* each week, in minutes since Sunday 00:00 local */
    int start_min, end_min; /* end > start; may reach into the next week */
    uint16_t zone, reason;
};

struct schedule_holiday {
    int64_t first_day, last_day; /* since 1970, both included */
    uint16_t zone, reason;
};

struct schedule_span {
    int64_t start_ns, end_ns; /* [start, end) */
    uint16_t reason;
};

struct schedule {
    struct schedule_window window[SCHEDULE_WINDOWS_MAX];
    struct schedule_holiday holiday[SCHEDULE_HOLIDAYS_MAX];
    struct schedule_shabbat shabbat;
    size_t windows, holidays, zones, reasons;
    bool has_shabbat, shabbat_has_zone;
    uint16_t shabbat_zone, shabbat_reason;
    struct time_zone zone[SCHEDULE_ZONES_MAX];
    char reason[SCHEDULE_REASONS_MAX][SCHEDULE_REASON_SIZE];
    /* the compiled table */
    int64_t from_ns, until_ns; /* reaches from .. until */
    size_t spans;
    struct schedule_span span[SCHEDULE_SPANS_MAX]; /* sorted, none overlaps another */
};

void schedule_init(struct schedule *schedule);
/*
 * One wish each. On error nothing is added and why says in one line what is wrong and what is allowed (ERR_BAD_DATA;
 * ERR_NOT_FOUND: the zone; ERR_RANGE; ERR_FULL).
 *   window   "Fri 22:00-Sun 23:00 Europe/Berlin", "Mon 22:00-02:00 UTC" (past midnight), "daily 00:00-00:10 UTC"
 *   holiday  "2026-12-25 Europe/Berlin", "2026-12-24..2026-12-26 Europe/Berlin"
 */
enum err schedule_add_window(struct schedule *schedule, const char *text, char why[SCHEDULE_WHY_SIZE]);
enum err schedule_add_holiday(struct schedule *schedule, const char *text, char why[SCHEDULE_WHY_SIZE]);
enum err schedule_set_shabbat(struct schedule *schedule, const struct schedule_shabbat *shabbat,
                              char why[SCHEDULE_WHY_SIZE]);
bool schedule_is_empty(const struct schedule *schedule);

/*
 * Makes the table from a day before now_ns on for SCHEDULE_DAYS. Where windows overlap the earlier one names the
 * reason. To be called again when the event time comes near until_ns. ERR_RANGE: outside SCHEDULE_YEAR_MIN..MAX;
 * ERR_FULL: more spans than the bound; then the table is empty and schedule_at pauses. Under 5 ms.
 */
enum err schedule_compile(struct schedule *schedule, int64_t now_ns);
/*
 * Is there a pause at now_ns? *reason borrowed, NULL: none; *next_change_ns: when this answer ends (another span may
 * follow at once). Fails closed: outside the table it is a pause with a reason of its own. No pauses wished: never
 * one. O(log n).
 */
bool schedule_at(const struct schedule *schedule, int64_t now_ns, const char **reason,
                 int64_t *next_change_ns);

#endif
