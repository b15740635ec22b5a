/* schedule.c - the table of spans: made from the wishes, looked up by time. See schedule.h. */
#include "app/schedule.h"

#include "app/schedule_sun.h"
#include "core/base/sorted_until.h"

#include <assert.h>
#include <string.h>

#define NS_PER_S INT64_C(1000000000)
#define DAY_S    INT64_C(86400)
#define MINUTE_S INT64_C(60)

void schedule_init(struct schedule *schedule)
{
    memset(schedule, 0, sizeof *schedule);
}

bool schedule_is_empty(const struct schedule *schedule)
{
    return schedule->windows == 0 && schedule->holidays == 0 && !schedule->has_shabbat;
}

/* Cut to the table's reach; what lies outside or is empty is left out. */
static bool add_span(struct schedule *schedule, int64_t start_s, int64_t end_s, uint16_t reason)
{
    int64_t start_ns = start_s * NS_PER_S, end_ns = end_s * NS_PER_S;

    if (start_ns < schedule->from_ns)
        start_ns = schedule->from_ns;
    if (end_ns > schedule->until_ns)
        end_ns = schedule->until_ns;
    if (start_ns >= end_ns)
        return true;
    if (schedule->spans == SCHEDULE_SPANS_MAX)
        return false;
    schedule->span[schedule->spans++] =
        (struct schedule_span){.start_ns = start_ns, .end_ns = end_ns, .reason = reason};
    return true;
}

/* The end is what follows the last second inside: one at which a doubled hour begins does not reach through it. */
static bool add_local(struct schedule *schedule, uint16_t zone, int64_t start_local_s, int64_t end_local_s,
                      uint16_t reason)
{
    const struct time_zone *at = &schedule->zone[zone];
    int64_t end_s = time_zone_to_utc_s(at, end_local_s, TIME_ZONE_LAST);
    int64_t last_s = time_zone_to_utc_s(at, end_local_s - 1, TIME_ZONE_LAST);

    return add_span(schedule, time_zone_to_utc_s(at, start_local_s, TIME_ZONE_FIRST),
                    last_s + 1 < end_s ? last_s + 1 : end_s, reason);
}

/* sunday: a day since 1970 that is one. */
static bool add_week(struct schedule *schedule, int64_t sunday)
{
    for (size_t i = 0; i < schedule->windows; i++) {
        const struct schedule_window *window = &schedule->window[i];

        if (!add_local(schedule, window->zone, sunday * DAY_S + window->start_min * MINUTE_S,
                       sunday * DAY_S + window->end_min * MINUTE_S, window->reason))
            return false;
    }
    return true;
}

static int64_t local_noon_s(const struct schedule *schedule, int64_t day)
{
    int64_t noon_s = day * DAY_S + DAY_S / 2;

    if (schedule->shabbat_has_zone)
        return time_zone_to_utc_s(&schedule->zone[schedule->shabbat_zone], noon_s, TIME_ZONE_FIRST);
    return noon_s - (int64_t)(schedule->shabbat.longitude * 240.0);
}

/* To whole minutes, away from the inside: no machine's last bit of a sine moves them. */
static bool add_shabbat(struct schedule *schedule, int64_t friday)
{
    const struct schedule_shabbat *at = &schedule->shabbat;
    int64_t noon_s = local_noon_s(schedule, friday + 1), start_s, end_s;

    sun_sinks(at->latitude, at->longitude, SUN_SET_DEGREES, local_noon_s(schedule, friday), &start_s);
    if (at->after_sunset_min > 0) {
        sun_sinks(at->latitude, at->longitude, SUN_SET_DEGREES, noon_s, &end_s);
        end_s += at->after_sunset_min * MINUTE_S;
    } else {
        sun_sinks(at->latitude, at->longitude, at->night_degrees, noon_s, &end_s);
    }
    start_s = start_s / 60 * 60 - at->before_sunset_min * MINUTE_S;
    end_s = (end_s + 59) / 60 * 60;
    return add_span(schedule, start_s, end_s, schedule->shabbat_reason);
}

/* At one start the longer one comes first. */
static bool comes_before(const struct schedule_span *a, const struct schedule_span *b)
{
    return a->start_ns != b->start_ns ? a->start_ns < b->start_ns : a->end_ns > b->end_ns;
}

/* By insertion: they come week by week, so each has few others to pass; and qsort() may allocate. */
static void sort_spans(struct schedule *schedule)
{
    for (size_t i = 1; i < schedule->spans; i++) {
        struct schedule_span span = schedule->span[i];
        size_t at = i;

        for (; at > 0 && comes_before(&span, &schedule->span[at - 1]); at--)
            schedule->span[at] = schedule->span[at - 1];
        schedule->span[at] = span;
    }
}

/* The one that began earlier stays whole; of the next one what reaches beyond it. */
static void part_overlaps(struct schedule *schedule)
{
    size_t kept = 0;

    sort_spans(schedule);
    for (size_t i = 0; i < schedule->spans; i++) {
        struct schedule_span span = schedule->span[i];

        if (kept > 0 && span.start_ns < schedule->span[kept - 1].end_ns)
            span.start_ns = schedule->span[kept - 1].end_ns;
        if (span.start_ns < span.end_ns)
            schedule->span[kept++] = span;
    }
    schedule->spans = kept;
}

static bool add_all(struct schedule *schedule, int64_t first_day)
{
    int64_t sunday = first_day - time_zone_weekday(first_day) - 14; /* a window may have begun before */

    for (; sunday <= first_day + SCHEDULE_DAYS + 7; sunday += 7)
        if (!add_week(schedule, sunday) || (schedule->has_shabbat && !add_shabbat(schedule, sunday + 5)))
            return false;
    for (size_t i = 0; i < schedule->holidays; i++) {
        const struct schedule_holiday *holiday = &schedule->holiday[i];

        if (!add_local(schedule, holiday->zone, holiday->first_day * DAY_S, (holiday->last_day + 1) * DAY_S,
                       holiday->reason))
            return false;
    }
    return true;
}

enum err schedule_compile(struct schedule *schedule, int64_t now_ns)
{
    int64_t first_day = now_ns / NS_PER_S / DAY_S - 1;

    schedule->spans = 0;
    schedule->from_ns = schedule->until_ns = 0;
    if (first_day < time_zone_day_of_date(SCHEDULE_YEAR_MIN, 1, 3) ||
        first_day + SCHEDULE_DAYS > time_zone_day_of_date(SCHEDULE_YEAR_MAX, 12, 29))
        return ERR_RANGE;
    schedule->from_ns = first_day * DAY_S * NS_PER_S;
    schedule->until_ns = schedule->from_ns + SCHEDULE_DAYS * DAY_S * NS_PER_S;
    if (!add_all(schedule, first_day)) {
        schedule->spans = 0;
        schedule->from_ns = schedule->until_ns = 0;
        return ERR_FULL;
    }
    part_overlaps(schedule);
    return ERR_OK;
}

bool schedule_at(const struct schedule *schedule, int64_t now_ns, const char **reason,
                 int64_t *next_change_ns)
{
    size_t begun;

    *reason = NULL;
    *next_change_ns = INT64_MAX;
    if (schedule_is_empty(schedule))
        return false;
    if (now_ns < schedule->from_ns || now_ns >= schedule->until_ns) {
        *reason = "the schedule of pauses does not reach this time";
        if (now_ns < schedule->from_ns)
            *next_change_ns = schedule->from_ns;
        return true;
    }
    begun = sorted_until(&schedule->span[0].start_ns, sizeof(schedule->span[0]), schedule->spans, now_ns);
    if (begun > 0 && now_ns < schedule->span[begun - 1].end_ns) {
        *reason = schedule->reason[schedule->span[begun - 1].reason];
        *next_change_ns = schedule->span[begun - 1].end_ns;
        return true;
    }
    *next_change_ns = begun < schedule->spans ? schedule->span[begun].start_ns : schedule->until_ns;
    return false;
}
