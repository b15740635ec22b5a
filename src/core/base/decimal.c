#include "core/base/decimal.h"

#include <assert.h>

#define SCALE_MAX  18 /* 10^18 is the largest power of ten in an int64_t */
#define DIGITS_MAX 40 /* of an unsigned __int128: 39 */

static const int64_t power_of_ten[SCALE_MAX + 1] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

struct magnitude {
    uint64_t value;
    bool overflow;
};

static void magnitude_append(struct magnitude *magnitude, unsigned digit)
{
    magnitude->overflow |= __builtin_mul_overflow(magnitude->value, UINT64_C(10), &magnitude->value);
    magnitude->overflow |= __builtin_add_overflow(magnitude->value, (uint64_t)digit, &magnitude->value);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum err decimal_parse(const char *text, size_t text_size, unsigned scale, int64_t *out)
{
    struct magnitude magnitude = {0, false};
    bool negative = text_size > 0 && text[0] == '-';
    bool too_long = false;
    size_t at = negative ? 1 : 0, whole_start = at;
    unsigned places = 0;
    uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);

    assert(scale <= SCALE_MAX);
    for (; at < text_size && is_digit(text[at]); at++)
        magnitude_append(&magnitude, (unsigned)(text[at] - '0'));
    if (at == whole_start)
        return ERR_BAD_DATA;

    if (at < text_size && text[at] == '.') {
        size_t fraction_start = ++at;

        for (; at < text_size && is_digit(text[at]); at++) {
            if (places < scale) {
                magnitude_append(&magnitude, (unsigned)(text[at] - '0'));
                places++;
            } else {
                too_long |= text[at] != '0';
            }
        }
        if (at == fraction_start)
            return ERR_BAD_DATA;
    }
    if (at != text_size) /* after the digits: so "1e5" and "1 " are malformed, not merely long */
        return ERR_BAD_DATA;
    if (too_long)
        return ERR_TOO_LONG;

    for (; places < scale; places++)
        magnitude_append(&magnitude, 0);
    if (magnitude.overflow || magnitude.value > limit)
        return ERR_OVERFLOW;
    /* Through unsigned arithmetic: -2^63 has no positive counterpart. */
    *out = negative ? (int64_t)(UINT64_C(0) - magnitude.value) : (int64_t)magnitude.value;
    return ERR_OK;
}

/* Digits of value, least significant first, at least min of them. Returns how many. */
static size_t digits_of(unsigned __int128 value, size_t min, char digits[DIGITS_MAX])
{
    size_t count = 0;

    while (value > UINT64_MAX) { /* a 128-bit division costs thirty times a 64-bit one */
        digits[count++] = (char)('0' + (unsigned)(value % 10));
        value /= 10;
    }
    for (uint64_t rest = (uint64_t)value; rest > 0; rest /= 10)
        digits[count++] = (char)('0' + (unsigned)(rest % 10));
    while (count < min)
        digits[count++] = '0';
    return count;
}

/* [sign]digits with a point before the last `places` of them. sign 0: none. */
static size_t put_number(unsigned __int128 value, unsigned places, char sign, char out[DECIMAL_TEXT_SIZE])
{
    char digits[DIGITS_MAX];
    size_t count = digits_of(value, (size_t)places + 1, digits);
    size_t length = 0;

    if (sign != 0)
        out[length++] = sign;
    while (count > 0) {
        if (count == places)
            out[length++] = '.';
        out[length++] = digits[--count];
    }
    out[length] = '\0';
    return length;
}

static unsigned __int128 magnitude_of(__int128 value)
{
    return value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
}

size_t decimal_format_trim(int64_t value, unsigned scale, char out[DECIMAL_TEXT_SIZE])
{
    return decimal_format_trim_i128(value, scale, out);
}

size_t decimal_format_trim_i128(__int128 value, unsigned scale, char out[DECIMAL_TEXT_SIZE])
{
    unsigned __int128 magnitude = magnitude_of(value);

    assert(scale <= SCALE_MAX);
    while (scale > 0 && magnitude % 10 == 0) {
        magnitude /= 10;
        scale--;
    }
    return put_number(magnitude, scale, value < 0 ? '-' : 0, out);
}

size_t decimal_format_fixed(int64_t value, unsigned scale, unsigned decimals, bool sign_always,
                            char out[DECIMAL_TEXT_SIZE])
{
    unsigned __int128 magnitude = magnitude_of(value);
    char sign = 0;

    assert(scale <= SCALE_MAX && decimals <= SCALE_MAX);
    if (decimals < scale) {
        uint64_t step = (uint64_t)power_of_ten[scale - decimals];

        magnitude = (magnitude + step / 2) / step;
    } else {
        magnitude *= (uint64_t)power_of_ten[decimals - scale];
    }
    if (value < 0 && magnitude != 0) /* never "-0.00" */
        sign = '-';
    else if (value > 0 && magnitude != 0 && sign_always)
        sign = '+';
    return put_number(magnitude, decimals, sign, out);
}

unsigned decimal_places(int64_t value, unsigned scale)
{
    if (value == 0)
        return 0;
    while (scale > 0 && value % 10 == 0) {
        value /= 10;
        scale--;
    }
    return scale;
}

int64_t decimal_gcd(int64_t a, int64_t b)
{
    assert(a >= 0 && b >= 0);
    while (b != 0) {
        int64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

int64_t decimal_mul_div(int64_t a, int64_t b, int64_t c)
{
    __int128 product = (__int128)a * b;
    unsigned __int128 magnitude = magnitude_of(product);
    unsigned __int128 quotient;

    assert(c > 0);
    quotient = (magnitude + (uint64_t)c / 2) / (uint64_t)c;
    if (product < 0)
        return quotient > (uint64_t)INT64_MAX ? INT64_MIN : -(int64_t)quotient;
    return quotient > (uint64_t)INT64_MAX ? INT64_MAX : (int64_t)quotient;
}
