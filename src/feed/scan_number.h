/*
 * scan_number.h - digits of JSON text to integers, eight at a time, in plain C.
 *
 * A word of 8 bytes is loaded, all non-digits are found at once, and three multiplications turn up to
 * 8 digits into a number. The length of a number enters as a shift or a mask, never as a branch: the
 * decimals of futures prices vary, and a mispredicted branch costs as much as the whole number.
 * Reads up to 17 bytes past the start of a number: DECODER_PADDING covers it. Little-endian.
 */
#ifndef FEED_SCAN_NUMBER_H
#define FEED_SCAN_NUMBER_H

#include "core/base/decimal.h"

#include <stdint.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first digit must be the lowest byte");

static inline uint64_t scan_load8(const char *text)
{
    uint64_t word;

    memcpy(&word, text, sizeof(word));
    return word;
}

static inline uint32_t scan_load4(const char *text)
{
    uint32_t word;

    memcpy(&word, text, sizeof(word));
    return word;
}

/* Text of 8 characters with '0' taken off each: digits become 0..9. */
static inline uint64_t scan_digits_load(const char *text)
{
    return scan_load8(text) ^ UINT64_C(0x3030303030303030);
}

/* High bit of each byte that is no digit; right up to and including the lowest one (a carry spoils only
 * bytes above it), which is all that anybody looks at. 0: eight digits. */
static inline uint64_t scan_non_digits(uint64_t digits)
{
    return ((digits + UINT64_C(0x7676767676767676)) | digits) & UINT64_C(0x8080808080808080);
}

/* Value of eight digits, first in the lowest byte. */
static inline uint64_t scan_digits_value(uint64_t digits)
{
    const uint64_t pairs = UINT64_C(0x000000FF000000FF);

    digits = digits * 10 + (digits >> 8);
    return (((digits & pairs) * UINT64_C(0x000F424000000064)) +
            (((digits >> 16) & pairs) * UINT64_C(0x0000271000000001))) >>
           32;
}

/* An integer of 1 to 16 digits without a leading zero. Returns its end; NULL: not such a number. */
static inline const char *scan_integer(const char *text, uint64_t *out)
{
    static const uint64_t power[9] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    uint64_t digits = scan_digits_load(text), stop = scan_non_digits(digits), high;
    unsigned count;

    if (stop != 0) {
        count = (unsigned)__builtin_ctzll(stop) >> 3;
        if (count == 0 || (count > 1 && *text == '0'))
            return NULL;
        *out = scan_digits_value(digits << (64 - 8 * count));
        return text + count;
    }
    if (*text == '0')
        return NULL;
    high = scan_digits_value(digits);
    digits = scan_digits_load(text + 8);
    stop = scan_non_digits(digits);
    if (stop == 0) {
        if (text[16] >= '0' && text[16] <= '9')
            return NULL;
        *out = high * power[8] + scan_digits_value(digits);
        return text + 16;
    }
    count = (unsigned)__builtin_ctzll(stop) >> 3;
    /* Two shifts: with no digit left the whole word must go, and a shift by 64 is not defined. */
    *out = high * power[count] + scan_digits_value(digits << (56 - 8 * count) << 8);
    return text + 8 + count;
}

/* A decimal of 1 to 7 digits before and up to 8 after the point, ended by a quote. Returns the place of
 * the quote; NULL: something else, which scan_decimal_slow() may still know. */
static inline const char *scan_decimal(const char *text, int64_t *e8)
{
    uint64_t digits = scan_digits_load(text), stop = scan_non_digits(digits), whole, lowest;
    unsigned count;

    if (stop == 0)
        return NULL;
    count = (unsigned)__builtin_ctzll(stop) >> 3;
    if (count == 0)
        return NULL;
    whole = scan_digits_value(digits << (64 - 8 * count)) * UINT64_C(100000000);
    text += count;
    if (*text != '.') {
        *e8 = (int64_t)whole;
        return *text == '"' ? text : NULL;
    }
    digits = scan_digits_load(text + 1);
    stop = scan_non_digits(digits);
    lowest = stop & -stop;
    count = stop != 0 ? (unsigned)__builtin_ctzll(stop) >> 3 : 8;
    /* Bytes below the first non-digit stay; the zero bytes above stand for the zeros not written. */
    *e8 = (int64_t)(whole + scan_digits_value(digits & ((lowest >> 7) - 1)));
    text += count + 1;
    return *text == '"' && count != 0 ? text : NULL;
}

/* Any decimal text up to a quote before end, as decimal_parse() takes it, if it is not negative. */
const char *scan_decimal_slow(const char *text, const char *end, int64_t *e8);

#endif
