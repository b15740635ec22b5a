#include "sim/klines.h"

#include <string.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)
#define MONDAY_MS (4 * DAY_MS) /* 1970-01-05, from which weeks count */

static const struct {
    const char *text;
    int64_t length_ms; /* 0: a calendar month */
} intervals[KLINE_INTERVALS] = {
    [KLINE_1S] = {"1s", SECOND_MS},        [KLINE_1M] = {"1m", MINUTE_MS},
    [KLINE_3M] = {"3m", 3 * MINUTE_MS},    [KLINE_5M] = {"5m", 5 * MINUTE_MS},
    [KLINE_15M] = {"15m", 15 * MINUTE_MS}, [KLINE_30M] = {"30m", 30 * MINUTE_MS},
    [KLINE_1H] = {"1h", HOUR_MS},          [KLINE_2H] = {"2h", 2 * HOUR_MS},
    [KLINE_4H] = {"4h", 4 * HOUR_MS},      [KLINE_6H] = {"6h", 6 * HOUR_MS},
    [KLINE_8H] = {"8h", 8 * HOUR_MS},      [KLINE_12H] = {"12h", 12 * HOUR_MS},
    [KLINE_1D] = {"1d", DAY_MS},           [KLINE_3D] = {"3d", 3 * DAY_MS},
    [KLINE_1W] = {"1w", 7 * DAY_MS},       [KLINE_1MONTH] = {"1M", 0},
};

bool kline_interval_parse(const char *text, enum kline_interval *interval)
{
    for (int i = 0; i < KLINE_INTERVALS; i++)
        if (strcmp(intervals[i].text, text) == 0) {
            *interval = (enum kline_interval)i;
            return true;
        }
    return false;
}

const char *kline_interval_text(enum kline_interval interval)
{
    return intervals[interval].text;
}

static bool leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t month_days(int64_t year, int64_t month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month] + (month == 1 && leap(year) ? 1 : 0);
}

/* Start of the month that holds time_ms, and of the next one; a walk over years is short and never wrong. */
static int64_t month_open_ms(int64_t time_ms, int64_t *next_ms)
{
    int64_t day = time_ms / DAY_MS, year = 1970, month = 0, start = 0;

    while (day - start >= (leap(year) ? 366 : 365))
        start += leap(year++) ? 366 : 365;
    while (day - start >= month_days(year, month))
        start += month_days(year, month++);
    *next_ms = (start + month_days(year, month)) * DAY_MS;
    return start * DAY_MS;
}

int64_t kline_open_ms(enum kline_interval interval, int64_t time_ms)
{
    int64_t length_ms = intervals[interval].length_ms, origin_ms = interval == KLINE_1W ? MONDAY_MS : 0,
            next_ms;

    if (length_ms == 0)
        return month_open_ms(time_ms, &next_ms);
    return time_ms - (time_ms - origin_ms) % length_ms;
}

int64_t kline_close_ms(enum kline_interval interval, int64_t open_ms)
{
    int64_t next_ms = open_ms + intervals[interval].length_ms;

    if (intervals[interval].length_ms == 0)
        month_open_ms(open_ms, &next_ms);
    return next_ms - 1;
}

void klines_init(struct klines *klines)
{
    memset(klines, 0, sizeof(*klines));
    for (int i = 0; i < KLINE_INTERVALS; i++) {
        struct kline_series *series = &klines->series[i];

        series->interval = (enum kline_interval)i;
        series->history.item_size = sizeof(struct kline);
        series->history.max = i == KLINE_1M ? KLINE_MINUTES_KEPT : KLINES_KEPT;
    }
}

void klines_free(struct klines *klines)
{
    for (int i = 0; i < KLINE_INTERVALS; i++)
        history_free(&klines->series[i].history);
}

/* Flat candles between the newest one and the one that opens at open_ms, which is the last of them. */
static void fill(struct kline_series *series, int64_t open_ms)
{
    int64_t close_ticks = ((const struct kline *)history_newest(&series->history))->close_ticks;
    int64_t kept_ms = (int64_t)series->history.max * intervals[series->interval].length_ms;

    if (kept_ms > 0 && series->next_ms < open_ms - kept_ms)
        series->next_ms = open_ms - kept_ms; /* what lies before would be forgotten at once */
    while (series->next_ms <= open_ms) {
        struct kline *kline = history_push(&series->history);

        kline->open_ms = series->next_ms;
        kline->open_ticks = kline->high_ticks = kline->low_ticks = kline->close_ticks = close_ticks;
        series->next_ms = kline_close_ms(series->interval, kline->open_ms) + 1;
    }
}

static struct kline *candle_of(struct kline_series *series, int64_t time_ms)
{
    int64_t open_ms;

    if (series->history.count > 0 && time_ms < series->next_ms)
        return history_newest(&series->history);
    open_ms = kline_open_ms(series->interval, time_ms);
    if (series->history.count > 0) {
        fill(series, open_ms);
    } else {
        struct kline *first = history_push(&series->history);

        if (first == NULL)
            return NULL;
        first->open_ms = open_ms;
        series->next_ms = kline_close_ms(series->interval, open_ms) + 1;
    }
    return history_newest(&series->history);
}

static void add(struct kline *kline, const struct tape_trade *trade)
{
    int64_t value = trade->price_ticks * trade->qty_lots;

    if (kline->trades == 0) {
        kline->first_id = trade->id;
        kline->open_ticks = kline->high_ticks = kline->low_ticks = trade->price_ticks;
    }
    if (trade->price_ticks > kline->high_ticks)
        kline->high_ticks = trade->price_ticks;
    if (trade->price_ticks < kline->low_ticks)
        kline->low_ticks = trade->price_ticks;
    kline->close_ticks = trade->price_ticks;
    kline->last_id = trade->id;
    kline->trades++;
    kline->lots += trade->qty_lots;
    kline->value += value;
    if (!trade->buyer_maker) {
        kline->taker_lots += trade->qty_lots;
        kline->taker_value += value;
    }
}

void klines_add(struct klines *klines, const struct tape_trade *trade)
{
    for (int i = 0; i < KLINE_INTERVALS; i++) {
        struct kline *kline = candle_of(&klines->series[i], trade->time_ms);

        if (kline != NULL)
            add(kline, trade);
    }
}

void klines_roll(struct klines *klines, enum kline_interval interval, int64_t now_ms)
{
    struct kline_series *series = &klines->series[interval];

    if (series->history.count > 0 && now_ms >= series->next_ms)
        fill(series, kline_open_ms(interval, now_ms));
}

size_t klines_count(const struct klines *klines, enum kline_interval interval)
{
    return klines->series[interval].history.count;
}

const struct kline *klines_at(const struct klines *klines, enum kline_interval interval, size_t index)
{
    return history_at(&klines->series[interval].history, index);
}
