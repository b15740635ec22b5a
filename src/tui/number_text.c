#include "tui/number_text.h"

#include "core/base/clock.h"
#include "core/base/decimal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)
#define MINUTE_NS (60 * SECOND_NS)
#define HOUR_NS   (60 * MINUTE_NS)
#define GREAT_E8  (100000 * DECIMAL_E8) /* from sizes like this on a column has a unit: 8.51M, 247k */
#define DAY_NS    (24 * HOUR_NS)

char *text_print(char *out, size_t size, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(out, size, format, args);
    va_end(args);
    return out;
}

static struct number_text number_copy(const char *text)
{
    struct number_text out;

    text_print(out.text, sizeof(out.text), "%.*s", NUMBER_TEXT_SIZE - 1, text);
    return out;
}

static int64_t saturated(__int128 value)
{
    if (value > INT64_MAX)
        return INT64_MAX;
    if (value < -INT64_MAX)
        return -INT64_MAX;
    return (int64_t)value;
}

int64_t number_price_e8(const struct view_scale *scale, int64_t ticks)
{
    return saturated((__int128)ticks * scale->tick_e8);
}

int64_t number_qty_e8(const struct view_scale *scale, int64_t lots)
{
    return saturated((__int128)lots * scale->lot_e8);
}

struct number_text number_fixed(int64_t value, unsigned scale, unsigned places, bool plus)
{
    char text[DECIMAL_TEXT_SIZE];
    struct number_text out;

    if (value == VIEW_NONE)
        return number_copy("-");
    decimal_format_fixed(value, scale, places, plus, text);
    if (value != INT64_MAX)
        return number_copy(text);
    text_print(out.text, sizeof(out.text), ">%s", text); /* where sums end: what is meant is more */
    return out;
}

struct number_text number_trim(int64_t value, unsigned scale)
{
    char text[DECIMAL_TEXT_SIZE];

    if (value == VIEW_NONE)
        return number_copy("-");
    decimal_format_trim(value, scale, text);
    return number_copy(text);
}

struct number_text number_price(const struct view_scale *scale, int64_t ticks)
{
    if (ticks == VIEW_NONE)
        return number_copy("-");
    return number_fixed(number_price_e8(scale, ticks), DECIMAL_E8_DIGITS, scale->price_decimals, false);
}

struct number_text number_price_short(const struct view_scale *scale, int64_t ticks)
{
    if (ticks == VIEW_NONE)
        return number_copy("-");
    return number_trim(number_price_e8(scale, ticks), DECIMAL_E8_DIGITS);
}

struct number_text number_price_whole(const struct view_scale *scale, int64_t ticks)
{
    int64_t price_e8;

    if (ticks == VIEW_NONE)
        return number_copy("-");
    price_e8 = number_price_e8(scale, ticks);
    return number_fixed(price_e8, DECIMAL_E8_DIGITS,
                        price_e8 >= 10000 * DECIMAL_E8 ? 0 : scale->price_decimals, false);
}

struct number_text number_qty(const struct view_scale *scale, int64_t lots, unsigned places)
{
    if (lots == VIEW_NONE)
        return number_copy("-");
    if (places > scale->qty_decimals)
        places = scale->qty_decimals;
    return number_fixed(number_qty_e8(scale, lots), DECIMAL_E8_DIGITS, places, false);
}

struct number_text number_qty_full(const struct view_scale *scale, int64_t lots)
{
    return number_qty(scale, lots, scale->qty_decimals);
}

struct number_text number_qty_short(const struct view_scale *scale, int64_t lots)
{
    if (lots == VIEW_NONE)
        return number_copy("-");
    return number_trim(number_qty_e8(scale, lots), DECIMAL_E8_DIGITS);
}

struct number_text number_compact(int64_t value_e8, int cols)
{
    static const char suffix[] = {'k', 'M', 'G', 'T'};
    struct number_text out;

    for (unsigned i = 0; i < sizeof(suffix); i++, value_e8 /= 1000) {
        for (unsigned places = 3; places-- > 0;) { /* 6.07M, 60.7M, 607M */
            struct number_text number = number_fixed(value_e8, DECIMAL_E8_DIGITS + 3, places, false);
            size_t size = strlen(number.text);

            if (strspn(number.text, "-0.") == size || (number.text[0] == '0' && i > 0))
                break;                                                         /* too great a unit */
            if (size > 4 || (int)size + 1 > cols || (places == 0 && size > 3)) /* 1196k is 1.20M */
                continue;
            text_print(out.text, sizeof(out.text), "%.*s%c", (int)size, number.text, suffix[i]);
            return out;
        }
    }
    return number_copy("#");
}

struct number_text number_qty_fit(const struct view_scale *scale, int64_t lots, unsigned places, int cols)
{
    struct number_text out = number_qty(scale, lots, places);

    while (places > 0 && strlen(out.text) > (size_t)cols)
        out = number_qty(scale, lots, --places);
    if (strlen(out.text) <= (size_t)cols || lots == VIEW_NONE)
        return out;
    return number_compact(number_qty_e8(scale, lots), cols);
}

struct number_text number_money(int64_t value_e8, bool plus)
{
    return number_fixed(value_e8, DECIMAL_E8_DIGITS, 2, plus);
}

struct size_form number_size_form(const struct view_scale *scale, int64_t great_lots, int cols)
{
    int64_t great_e8 = number_qty_e8(scale, great_lots), in_units = great_e8;
    struct size_form form = {0, 0};
    unsigned digits;

    if (great_e8 < GREAT_E8) {
        form.places = great_e8 < DECIMAL_E8 / 10     ? 4
                      : great_e8 < DECIMAL_E8        ? 3
                      : great_e8 < 10 * DECIMAL_E8   ? 2
                      : great_e8 < 100 * DECIMAL_E8  ? (cols >= 5 ? 2 : 1) /* 12.40 */
                      : great_e8 < 1000 * DECIMAL_E8 ? 1
                                                     : 0;
        form.places = form.places < scale->qty_decimals ? form.places : scale->qty_decimals;
        return form;
    }
    while (in_units >= 1000 * DECIMAL_E8 && form.unit < 4) {
        in_units /= 1000;
        form.unit++;
    }
    form.places = in_units < 10 * DECIMAL_E8 ? 2 : 1;
    digits = in_units < 10 * DECIMAL_E8 ? 2 : in_units < 100 * DECIMAL_E8 ? 3 : 4; /* a longer bar's too */
    while (form.places > 0 && (int)(digits + 1 + form.places + 1) > cols + 1)
        form.places--;
    return form;
}

struct number_text number_size(const struct view_scale *scale, int64_t lots, struct size_form form, int cols)
{
    static const char suffix[] = {' ', 'k', 'M', 'G', 'T'};
    int64_t value_e8 = number_qty_e8(scale, lots);
    struct number_text out;

    if (form.unit == 0 || lots == VIEW_NONE)
        return number_qty_fit(scale, lots, form.places, cols);
    for (unsigned unit = 1; unit < form.unit; unit++)
        value_e8 /= 1000;
    out = number_fixed(value_e8, DECIMAL_E8_DIGITS + 3, form.places, false);
    if (form.places == 0 && strlen(out.text) == 1) /* no room for a point under points: 0.4M is not nothing */
        out = number_fixed(value_e8, DECIMAL_E8_DIGITS + 3, 1, false);
    if ((int)strlen(out.text) + 1 > cols)
        return number_compact(number_qty_e8(scale, lots), cols);
    text_print(out.text + strlen(out.text), 2, "%c", suffix[form.unit]);
    return out;
}

struct number_text number_size_some(const struct view_scale *scale, int64_t lots, unsigned places, int cols)
{
    struct number_text out = number_qty_fit(scale, lots, places, cols);
    int64_t value = number_qty_e8(scale, lots);
    int power = -DECIMAL_E8_DIGITS;

    if (value <= 0 || !number_is_zero(&out))
        return out;
    out = number_bare(number_qty_fit(scale, lots, scale->qty_decimals, cols + 1));
    if (!number_is_zero(&out) && (int)strlen(out.text) <= cols)
        return out;
    for (; value % 10 == 0 || value >= 100; value /= 10)
        power++;
    text_print(out.text, sizeof(out.text), "%llde%d", (long long)value, power);
    return out;
}

/* One end of a place in the queue: nothing ahead is "0", and nothing else reads so. */
static struct number_text queue_end(const struct view_scale *scale, int64_t lots, int cols)
{
    unsigned places = number_qty_e8(scale, lots) >= 100 * DECIMAL_E8 ? 0 : 1;
    struct number_text out = number_qty_fit(scale, lots, places, cols);

    if (lots == 0)
        return number_copy("0");
    return !number_is_zero(&out) ? out
                                 : number_copy(cols > 2 && strchr(out.text, '.') != NULL ? "<.1" : "<1");
}

struct number_text number_queue(const struct view_scale *scale, int64_t expected_lots, int64_t worst_lots,
                                int cols)
{
    const int two_dots = 2, most = cols < 5 ? cols : 5; /* of one end: "123.4", "12.3k" */
    struct number_text from = queue_end(scale, expected_lots, most), to = queue_end(scale, worst_lots, most);
    struct number_text out;

    if (strcmp(from.text, to.text) == 0)
        return to;
    if ((int)(strlen(from.text) + strlen(to.text)) + two_dots > cols)
        from = number_bare(from);
    if ((int)(strlen(from.text) + strlen(to.text)) + two_dots > cols)
        return to;
    text_print(out.text, sizeof(out.text), "%s..%s", from.text, to.text);
    return out;
}

struct number_text number_bare(struct number_text number)
{
    char *point = strchr(number.text, '.');

    if (point != NULL && point > number.text && point[-1] == '0' &&
        (point - 1 == number.text || point[-2] == '-' || point[-2] == '+'))
        memmove(point - 1, point, strlen(point) + 1);
    return number;
}

bool number_is_zero(const struct number_text *number)
{
    return strpbrk(number->text, "123456789") == NULL;
}

struct number_text number_age(int64_t age_ns)
{
    struct number_text out;

    if (age_ns < MINUTE_NS || age_ns >= 10 * MINUTE_NS) /* VIEW_NONE, too */
        return number_age_short(age_ns);
    text_print(out.text, sizeof(out.text), "%lldm%02lld", (long long)(age_ns / MINUTE_NS),
               (long long)(age_ns % MINUTE_NS / SECOND_NS));
    return out;
}

struct number_text number_age_short(int64_t age_ns)
{
    struct number_text out;

    if (age_ns == VIEW_NONE)
        return number_copy("-");
    if (age_ns < 0)
        age_ns = 0;
    if (age_ns < MINUTE_NS)
        text_print(out.text, sizeof(out.text), "%llds", (long long)(age_ns / SECOND_NS));
    else if (age_ns < 100 * MINUTE_NS)
        text_print(out.text, sizeof(out.text), "%lldm", (long long)(age_ns / MINUTE_NS));
    else if (age_ns < 100 * HOUR_NS)
        text_print(out.text, sizeof(out.text), "%lldh", (long long)(age_ns / HOUR_NS));
    else
        text_print(out.text, sizeof(out.text), "%lldd", (long long)(age_ns / DAY_NS));
    return out;
}

struct number_text number_age_tenths(int64_t age_ns)
{
    if (age_ns == VIEW_NONE)
        return number_copy("-");
    if (age_ns < 0)
        age_ns = 0;
    if (age_ns >= 10 * SECOND_NS)
        return number_fixed(age_ns / SECOND_NS, 0, 0, false);
    return number_fixed(age_ns, 9, 1, false);
}

static int64_t time_of_day_ns(int64_t ts_ns)
{
    int64_t in_day = ts_ns % DAY_NS;

    return in_day < 0 ? in_day + DAY_NS : in_day;
}

struct number_text number_clock(int64_t ts_ns)
{
    struct number_text out;
    int64_t ns = ts_ns == VIEW_NONE ? 0 : time_of_day_ns(ts_ns);

    if (ts_ns == VIEW_NONE)
        return number_copy("--:--:--");
    text_print(out.text, sizeof(out.text), "%02d:%02d:%02d", (int)(ns / HOUR_NS),
               (int)(ns % HOUR_NS / MINUTE_NS), (int)(ns % MINUTE_NS / SECOND_NS));
    return out;
}

struct number_text number_moment(int64_t ts_ns, int64_t now_ns)
{
    struct number_text out = number_clock(ts_ns);
    char iso[32];

    if (ts_ns == VIEW_NONE || ts_ns / DAY_NS == now_ns / DAY_NS)
        return out;
    clock_format_iso(ts_ns, iso);
    text_print(out.text, sizeof(out.text), "%.5s %.5s", iso + 5, iso + 11);
    return out;
}

struct number_text number_clock_ms(int64_t ts_ns)
{
    struct number_text out = number_clock(ts_ns);
    size_t used = strlen(out.text);

    if (ts_ns != VIEW_NONE)
        text_print(out.text + used, sizeof(out.text) - used, ".%03d",
                   (int)(time_of_day_ns(ts_ns) % SECOND_NS / 1000000));
    return out;
}

struct number_text number_day_clock(int64_t ts_ns)
{
    struct number_text out = number_clock(ts_ns);
    char iso[32];

    if (ts_ns == VIEW_NONE)
        return out;
    clock_format_iso(ts_ns, iso);
    text_print(out.text, sizeof(out.text), "%.5s %.8s", iso + 5, iso + 11);
    return out;
}

struct number_text number_duration(int64_t ns)
{
    static const struct {
        int64_t ns;
        const char *word;
    } unit[] = {{INT64_C(1000000000), "s"}, {1000000, "ms"}, {1000, "us"}};
    struct number_text out = {"-"};

    if (ns == VIEW_NONE)
        return out;
    if (ns >= 100 * unit[0].ns)
        return number_age(ns);
    for (size_t i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
        int64_t hundredths;
        unsigned places;

        if (ns < unit[i].ns)
            continue;
        hundredths = ns / (unit[i].ns / 100);
        places = hundredths < 1000 ? 2 : hundredths < 10000 ? 1 : 0;
        hundredths -= hundredths % (places == 2 ? 1 : places == 1 ? 10 : 100); /* "999us", never "1000us" */
        text_print(out.text, sizeof(out.text), "%s%s", number_fixed(hundredths, 2, places, false).text,
                   unit[i].word);
        return out;
    }
    text_print(out.text, sizeof(out.text), ns <= 0 ? "0" : "%lldns", (long long)ns);
    return out;
}

struct number_text number_bytes(uint64_t bytes)
{
    static const char *const unit[] = {"kB", "MB", "GB", "TB"};
    struct number_text out;
    size_t at = 0;

    if (bytes < 1024) {
        text_print(out.text, sizeof(out.text), "%llu B", (unsigned long long)bytes);
        return out;
    }
    for (; bytes >= 1024 * 1024 && at + 1 < sizeof(unit) / sizeof(unit[0]); at++)
        bytes /= 1024;
    text_print(out.text, sizeof(out.text), "%llu.%llu %s", (unsigned long long)(bytes / 1024),
               (unsigned long long)(bytes % 1024 * 10 / 1024), unit[at]);
    return out;
}

struct number_text number_percent(int64_t part, int64_t whole)
{
    if (whole <= 0 || part == VIEW_NONE)
        return number_copy("-");
    return number_fixed(decimal_mul_div(part, 100, whole), 0, 0, false);
}

struct number_text number_order_id(uint64_t seq)
{
    struct number_text out;

    /* the epoch counts starts of an account with a venue; paper has none */
    text_print(out.text, sizeof(out.text), "fd-0-%llu", (unsigned long long)seq);
    return out;
}

unsigned number_size_places(const struct view_scale *scale, int64_t lots)
{
    unsigned places = decimal_places(number_qty_e8(scale, lots), DECIMAL_E8_DIGITS);

    if (places < 3)
        places = 3;
    return places < scale->qty_decimals ? places : scale->qty_decimals;
}
