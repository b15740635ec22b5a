#include "core/base/time_parse.h"

#include "core/base/take_text.h"
#include "core/base/time_zone.h"

#include <stddef.h>
#include <string.h>

#define NS_PER_S      INT64_C(1000000000)
#define SECONDS_A_DAY 86400
#define YEAR_FIRST    1971
#define YEAR_LAST     2200

/* "14:07", "14:07:32", "9:05": the hour may have one digit. */
static bool parse_clock(const char *at, int64_t *seconds)
{
    int hour, minute, second = 0;
    int digits = at[0] != '\0' && at[1] == ':' ? 1 : 2;

    if (!take_digits(&at, digits, &hour) || !take_char(&at, ':') || !take_digits(&at, 2, &minute))
        return false;
    if (take_char(&at, ':') && !take_digits(&at, 2, &second))
        return false;
    *seconds = (int64_t)hour * 3600 + minute * 60 + second;
    return *at == '\0' && hour < 24 && minute < 60 && second < 60;
}

static bool parse_dated(const char *at, int year, int64_t *ns)
{
    int month, day;
    int64_t seconds;

    if (!take_digits(&at, 2, &month) || !take_char(&at, '-') || !take_digits(&at, 2, &day) ||
        (!take_char(&at, 'T') && !take_char(&at, ' ')) || !parse_clock(at, &seconds))
        return false;
    if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12 || day < 1 ||
        day > time_zone_month_days(year, month))
        return false;
    *ns = (time_zone_day_of_date(year, month, day) * SECONDS_A_DAY + seconds) * NS_PER_S;
    return true;
}

bool time_parse(const char *text, int64_t *ns)
{
    const char *at = text;
    int64_t seconds;
    int year;

    if (take_digits(&at, 4, &year) && take_char(&at, '-'))
        return parse_dated(at, year, ns);
    if (!parse_clock(text, &seconds))
        return false;
    *ns = seconds * NS_PER_S;
    return true;
}

bool time_parse_in_year(const char *text, int64_t of_ns, int64_t *ns)
{
    int64_t day = of_ns / TIME_PARSE_DAY_NS, year = 1970 + day / 366;

    if (strlen(text) < 3 || text[2] != '-')
        return time_parse(text, ns);
    while (year < YEAR_LAST && time_zone_day_of_date(year + 1, 1, 1) <= day)
        year++;
    return parse_dated(text, (int)year, ns);
}
