#include "core/base/clock.h"

#include <assert.h>
#include <stddef.h>
#include <time.h>

#define NS_PER_S    INT64_C(1000000000)
#define NS_PER_MS   INT64_C(1000000)
#define S_PER_DAY   INT64_C(86400)
#define YEAR_DIGITS 4

static int64_t system_clock_ns(clockid_t id)
{
    struct timespec now;

    /* Cannot fail for the clocks we ask: Linux has them all since 2.6.39. */
    if (clock_gettime(id, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * NS_PER_S + (int64_t)now.tv_nsec;
}

static int64_t real_now_ns(struct clock *clock)
{
    return clock->origin_ns + system_clock_ns(CLOCK_BOOTTIME);
}

static int64_t fake_now_ns(struct clock *clock)
{
    return clock->origin_ns;
}

void clock_init_real(struct clock *clock)
{
    assert(clock != NULL);
    clock->now_ns = real_now_ns;
    clock->origin_ns = system_clock_ns(CLOCK_REALTIME) - system_clock_ns(CLOCK_BOOTTIME);
}

void clock_init_fake(struct clock *clock, int64_t start_ns)
{
    assert(clock != NULL);
    clock->now_ns = fake_now_ns;
    clock->origin_ns = start_ns;
}

void clock_fake_advance(struct clock *clock, int64_t step_ns)
{
    assert(clock->now_ns == fake_now_ns);
    assert(step_ns >= 0); /* event time never goes back */
    clock->origin_ns += step_ns;
}

int64_t clock_now_ns(struct clock *clock)
{
    return clock->now_ns(clock);
}

int64_t clock_of_boot_ns(struct clock *clock, int64_t boot_ns)
{
    return clock->now_ns == real_now_ns ? clock->origin_ns + boot_ns : clock_now_ns(clock);
}

int64_t clock_monotonic_ns(void)
{
    return system_clock_ns(CLOCK_MONOTONIC);
}

struct civil_date {
    int64_t year;
    int64_t month, day; /* from 1 */
};

/*
 * Days since 1970-01-01 to a date of the Gregorian calendar. Years start in March here, so that
 * the leap day is the last of a year; an era is 400 years of 146097 days.
 */
static struct civil_date date_of_days(int64_t days)
{
    int64_t shifted = days + 719468; /* days since 0000-03-01 */
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    struct civil_date date;

    date.day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    date.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    date.year = year_of_era + era * 400 + (date.month <= 2);
    return date;
}

/* Writes width digits of value at out, zero-padded; returns behind them. */
static char *put_digits(char *out, int64_t value, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + width;
}

static char *put_hms(char *out, int64_t second_of_day)
{
    out = put_digits(out, second_of_day / 3600, 2);
    *out++ = ':';
    out = put_digits(out, second_of_day / 60 % 60, 2);
    *out++ = ':';
    return put_digits(out, second_of_day % 60, 2);
}

/* Quotient rounded down, so that times before 1970 come out right too. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

void clock_format_iso(int64_t event_ns, char out[32])
{
    int64_t seconds = floor_div(event_ns, NS_PER_S);
    int64_t days = floor_div(seconds, S_PER_DAY);
    struct civil_date date = date_of_days(days); /* int64_t nanoseconds reach from 1677 to 2262 */
    char *at = put_digits(out, date.year, YEAR_DIGITS);

    *at++ = '-';
    at = put_digits(at, date.month, 2);
    *at++ = '-';
    at = put_digits(at, date.day, 2);
    *at++ = 'T';
    at = put_hms(at, seconds - days * S_PER_DAY);
    *at++ = '.';
    at = put_digits(at, floor_div(event_ns, NS_PER_MS) - seconds * 1000, 3);
    *at++ = 'Z';
    *at = '\0';
}

void clock_format_hms(int64_t event_ns, char out[16])
{
    int64_t seconds = floor_div(event_ns, NS_PER_S);

    *put_hms(out, seconds - floor_div(seconds, S_PER_DAY) * S_PER_DAY) = '\0';
}
