/*
 * scan_number.h - digits of JSON text to integers, eight at a time, in plain C.
 *
 * A word of 8 bytes is loaded, all non-digits are found at once, and three multiplications turn up to
 * 8 digits into a number. The length of a number enters as a shift or a mask, never as a branch: the
 * decimals of futures prices vary, and a mispredicted branch costs as much as the whole number.
 * Reads up to 48 bytes past the start of a number: DECODER_PADDING covers it. Little-endian. Where the
 * machine has SSE2 (every x86-64 has), points and quotes of a whole number or level are found at once.
 */
#ifndef FEED_SCAN_NUMBER_H
#define FEED_SCAN_NUMBER_H

#include "core/base/decimal.h"

#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

static inline uint16_t scan_load2(const char *text)
{
    uint16_t word;

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

/* Value in e8 of `whole` digits (1 to 8) at text and `places` digits (0 to 8) at fraction. The digits leave
 * by a shift; zero bytes stand for places that were not written. */
static inline int64_t scan_e8(const char *text, unsigned whole, const char *fraction, unsigned places)
{
    uint64_t high = scan_digits_load(text) << (64 - 8 * whole);
    uint64_t low = places == 8 ? scan_digits_load(fraction)
                               : scan_digits_load(fraction) & ((UINT64_C(1) << (8 * places)) - 1);

    return (int64_t)(scan_digits_value(high) * UINT64_C(100000000) + scan_digits_value(low));
}

/* A decimal of 1 to 7 digits before and up to 8 after the point, ended by a quote. Returns the place of
 * the quote; NULL: something else, which scan_decimal_slow() may still know. */
static inline const char *scan_decimal_swar(const char *text, int64_t *e8)
{
    uint64_t stop = scan_non_digits(scan_digits_load(text));
    const char *fraction;
    unsigned whole, places;

    if (stop == 0)
        return NULL;
    whole = (unsigned)__builtin_ctzll(stop) >> 3;
    if (whole == 0)
        return NULL;
    if (text[whole] != '.') {
        *e8 = scan_e8(text, whole, text, 0);
        return text[whole] == '"' ? text + whole : NULL;
    }
    fraction = text + whole + 1;
    stop = scan_non_digits(scan_digits_load(fraction));
    places = stop != 0 ? (unsigned)__builtin_ctzll(stop) >> 3 : 8;
    *e8 = scan_e8(text, whole, fraction, places);
    return fraction[places] == '"' && places != 0 ? fraction + places : NULL;
}

#if defined(__SSE2__)

/* Bit i: text[i] is no digit; of 16 bytes. '0'..'9' become 0x76..0x7F, the highest signed bytes. */
static inline unsigned scan_marks16(const char *text)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i digit = _mm_cmpgt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8(0x46)), _mm_set1_epi8(0x75));

    return (unsigned)_mm_movemask_epi8(digit) ^ 0xFFFFU;
}

static inline const char *scan_decimal(const char *text, int64_t *e8)
{
    unsigned marks = scan_marks16(text) | scan_marks16(text + 16) << 16, rest = marks & (marks - 1);
    unsigned whole, places, quote;

    if (rest == 0)
        return NULL;
    whole = (unsigned)__builtin_ctz(marks);
    quote = (unsigned)__builtin_ctz(rest);
    if (text[whole] != '.') {
        if (whole - 1 >= 8 || text[whole] != '"')
            return NULL;
        *e8 = scan_e8(text, whole, text, 0);
        return text + whole;
    }
    places = quote - whole - 1;
    if (((whole - 1) | (places - 1)) >= 8 || text[quote] != '"')
        return NULL;
    *e8 = scan_e8(text, whole, text + whole + 1, places);
    return text + quote;
}

#else

static inline const char *scan_decimal(const char *text, int64_t *e8)
{
    return scan_decimal_swar(text, e8);
}

#endif

/* Any decimal text up to a quote before end, as decimal_parse() takes it, if it is not negative. */
const char *scan_decimal_slow(const char *text, const char *end, int64_t *e8);

#endif
