#include "app/results_spread.h"

#include "core/base/round_step.h"
#include "core/base/smaller.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_S    INT64_C(1000000000)
#define NS_PER_HOUR (3600 * NS_PER_S)
#define NS_PER_DAY  (24 * NS_PER_HOUR)
#define MANY        50              /* trips from which on the farthest are put together */
#define FAR_PART    50              /* one of so many, at either end */
#define MONEY_MOST  (INT64_MAX / 4) /* so that bins of it can be added up */

/* --- sizes ---------------------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* Bins from zero to the value, at least one where it is not zero. */
static int64_t bins_to(int64_t value_e8, int64_t bin_e8)
{
    int64_t size = value_e8 < 0 ? -value_e8 : value_e8;

    return size / bin_e8 + (size % bin_e8 != 0);
}

static int64_t choose_bin(int64_t low_e8, int64_t high_e8)
{
    int64_t bin = 1;

    while (bins_to(low_e8, bin) + bins_to(high_e8, bin) > VIEW_RESULTS_BINS - 1)
        bin = round_step_at_least(bin + 1);
    return bin;
}

/* Toward lower values, so that the bin of a loss holds what is below its upper edge; nothing earned is no win. */
static int64_t bin_of(int64_t net_e8, int64_t bin_e8)
{
    int64_t at = net_e8 / bin_e8;

    return net_e8 < 0 && net_e8 % bin_e8 != 0 ? at - 1 : at;
}

void results_spread_bins(const struct results_trip *trip, size_t count, struct view_results *out)
{
    int64_t *net = calloc(count > 0 ? count : 1, sizeof(*net)), low, high, first;
    size_t far = count >= MANY ? count / FAR_PART : 0;

    out->bins = 0;
    out->bins_under = out->bins_over = false;
    memset(out->bin, 0, sizeof(out->bin));
    if (net == NULL || count == 0) {
        free(net);
        return;
    }
    for (size_t i = 0; i < count; i++)
        net[i] = larger(-MONEY_MOST, smaller(trip[i].net_e8, MONEY_MOST));
    qsort(net, count, sizeof(*net), compare);
    low = net[far] < 0 ? net[far] : 0;
    high = net[count - 1 - far] > 0 ? net[count - 1 - far] : 0;
    out->bin_e8 = choose_bin(low, high);
    first = -bins_to(low, out->bin_e8);
    out->bins = (uint16_t)(bin_of(high, out->bin_e8) - first + 1);
    out->bin_low_e8 = first * out->bin_e8;
    for (size_t i = 0; i < count; i++) {
        int64_t at = bin_of(net[i], out->bin_e8) - first;

        out->bins_under |= at < 0;
        out->bins_over |= at >= out->bins;
        out->bin[at < 0 ? 0 : at >= out->bins ? out->bins - 1 : at]++;
    }
    free(net);
}

/* --- hours ---------------------------------------------------------------------------------------------------- */

/* From Monday, 0..6; the epoch was a Thursday. */
static int weekday_of(int64_t day)
{
    return (int)((day + 3) % 7);
}

static void name_day(int64_t day, char out[8])
{
    static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t at = (time_t)(day * (NS_PER_DAY / NS_PER_S));
    struct tm parts;

    out[0] = '\0';
    if (gmtime_r(&at, &parts) != NULL)
        snprintf(out, 8, "%d %.3s", parts.tm_mday % 100, month[parts.tm_mon % 12]);
}

void results_spread_hours(const struct results_trip *trip, size_t count, enum results_period period,
                          int64_t from_ns, int64_t to_ns, struct view_results *out)
{
    static const char *const weekday[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    int64_t last = to_ns / NS_PER_DAY;
    int64_t first = smaller(from_ns / NS_PER_DAY, last); /* the clock may have gone back: still one day */

    out->by_weekday =
        period == RESULTS_30_DAYS || period == RESULTS_ALL || last - first >= VIEW_RESULTS_DAYS + 1;
    if (last - first >= VIEW_RESULTS_DAYS)
        first = last - VIEW_RESULTS_DAYS + 1; /* seven days that end now begin within an eighth one */
    out->days = (uint16_t)(out->by_weekday ? 7 : last - first + 1);
    memset(out->day, 0, sizeof(out->day));
    for (int i = 0; i < out->days; i++) {
        if (out->by_weekday)
            snprintf(out->day[i].label, sizeof(out->day[i].label), "%s", weekday[i]);
        else
            name_day(first + i, out->day[i].label);
    }
    for (size_t i = 0; i < count; i++) {
        int64_t day = trip[i].closed_ns / NS_PER_DAY, row = out->by_weekday ? weekday_of(day) : day - first;
        struct view_results_hour *hour;

        if (row < 0 || row >= out->days)
            continue; /* of the eighth */
        hour = &out->day[row].hour[trip[i].closed_ns % NS_PER_DAY / NS_PER_HOUR];
        if (__builtin_add_overflow(hour->net_e8, trip[i].net_e8, &hour->net_e8))
            hour->net_e8 = trip[i].net_e8 < 0 ? -INT64_MAX : INT64_MAX;
        hour->trades++;
    }
}
