#include "feed/scan_levels.h"

#include "feed/scan_number.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

_Static_assert(sizeof(struct wire_level) == 16, "price and quantity are stored together");

#define LEVEL_OPEN      0x225BU     /* [" as a little-endian word */
#define LEVEL_CLOSE     0x5D22U     /* "] */
#define LEVEL_BETWEEN   0x222C22U   /* "," */
#define LEVEL_BETWEEN_1 0x22202C22U /* ", " as Python's json.dumps writes it */

const char *scan_decimal_slow(const char *text, const char *end, int64_t *e8)
{
    const char *quote = text;

    while (quote < end && ((*quote >= '0' && *quote <= '9') || *quote == '.'))
        quote++;
    if (quote >= end || *quote != '"' ||
        decimal_parse(text, (size_t)(quote - text), DECIMAL_E8_DIGITS, e8) != ERR_OK)
        return NULL;
    return quote;
}

static const char *skip_space(const char *text, const char *end)
{
    while (text < end && (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\r'))
        text++;
    return text;
}

/* A quoted decimal with space before it: to the place behind its quote. */
static const char *level_number(const char *text, const char *end, int64_t *e8)
{
    const char *quote;

    text = skip_space(text, end);
    if (text >= end || *text != '"')
        return NULL;
    quote = scan_decimal(text + 1, e8);
    if (quote == NULL)
        quote = scan_decimal_slow(text + 1, end, e8);
    return quote != NULL ? quote + 1 : NULL;
}

/* One ["price","qty"] written in any way, to the place behind its ']'. Some venues' old snapshots put an
 * empty array as a third element: not taken here, jansson knows it. */
static const char *level_any(const char *text, const char *end, struct wire_level *out)
{
    text = skip_space(text, end);
    if (text >= end || *text != '[')
        return NULL;
    text = level_number(text + 1, end, &out->price_e8);
    if (text == NULL)
        return NULL;
    text = skip_space(text, end);
    if (text >= end || *text != ',')
        return NULL;
    text = level_number(text + 1, end, &out->qty_e8);
    if (text == NULL)
        return NULL;
    text = skip_space(text, end);
    return text < end && *text == ']' ? text + 1 : NULL;
}

/* One level as venues write it. It cannot read further than 64 bytes: 2 + 17 + 4 + 17 + 2, and the last
 * word loaded. */
static inline const char *level_swar(const char *text, struct wire_level *out)
{
    uint32_t word;

    if ((scan_load4(text) & 0xFFFF) != LEVEL_OPEN)
        return NULL;
    text = scan_decimal_swar(text + 2, &out->price_e8);
    if (text == NULL)
        return NULL;
    word = scan_load4(text);
    if ((word & 0xFFFFFF) == LEVEL_BETWEEN)
        text += 3;
    else if (word == LEVEL_BETWEEN_1)
        text += 4;
    else
        return NULL;
    text = scan_decimal_swar(text, &out->qty_e8);
    return text != NULL && text[1] == ']' ? text + 2 : NULL;
}

/* Reads one level; NULL: not written in the usual way. */
typedef const char *(*level_reader)(const char *text, struct wire_level *out);

/* The array, level by level. Always inlined, so that `usual` is inlined into it. */
static inline __attribute__((always_inline)) const char *levels_read(level_reader usual, const char *text,
                                                                     const char *end, struct wire_level *out,
                                                                     size_t max, size_t *used)
{
    size_t count = *used;

    text = skip_space(text + 1, end);
    if (text < end && *text == ']')
        return text + 1;
    for (;;) {
        const char *next;

        if (text >= end || count == max)
            return NULL;
        next = usual(text, &out[count]);
        if (next == NULL)
            next = level_any(text, end, &out[count]);
        if (next == NULL)
            return NULL;
        count++;
        text = next;
        if (*text == ',' && text[1] != ' ') {
            text++;
            continue;
        }
        text = skip_space(text, end);
        if (text >= end)
            return NULL;
        if (*text == ']') {
            *used = count;
            return text + 1;
        }
        if (*text != ',')
            return NULL;
        text = skip_space(text + 1, end);
    }
}

const char *scan_levels_portable(const char *text, const char *end, struct wire_level *out, size_t max,
                                 size_t *used)
{
    return levels_read(level_swar, text, end, out, max, used);
}

#if defined(__x86_64__)

#define WITH_AVX2 __attribute__((target("avx2,bmi,bmi2")))

/* Four words of up to 8 digits each, '\0' where none was written -> price and quantity in e8, 16 bytes. */
WITH_AVX2 static inline __m128i values_avx2(uint64_t whole, uint64_t places, uint64_t whole2,
                                            uint64_t places2)
{
    __m256i digits =
        _mm256_setr_epi64x((long long)whole, (long long)places, (long long)whole2, (long long)places2);
    __m256i value;

    digits = _mm256_subs_epu8(digits, _mm256_set1_epi8('0'));        /* saturates: '\0' is 0 too */
    value = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010A)); /* tens, ones */
    value = _mm256_madd_epi16(value, _mm256_set1_epi32(0x00010064)); /* hundreds, ones */
    value = _mm256_packus_epi32(value, value);
    value = _mm256_madd_epi16(value, _mm256_set1_epi32(0x00012710)); /* ten thousands, ones */
    value = _mm256_add_epi64(_mm256_mul_epu32(value, _mm256_set1_epi64x(100000000)),
                             _mm256_srli_epi64(value, 32));
    return _mm_unpacklo_epi64(_mm256_castsi256_si128(value), _mm256_extracti128_si256(value, 1));
}

WITH_AVX2 static inline uint32_t marks_avx2(const char *text)
{
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)text);
    __m256i digit = _mm256_cmpgt_epi8(_mm256_add_epi8(bytes, _mm256_set1_epi8(0x46)), _mm256_set1_epi8(0x75));

    return ~(uint32_t)_mm256_movemask_epi8(digit);
}

/* One level from one look at 64 bytes, of which 48 are used: no usual level is longer. Number after number, each start would wait for the end of the one
 * before it; here all ends come from one mask of non-digits. Both numbers must have a point. */
WITH_AVX2 static inline const char *level_avx2(const char *text, struct wire_level *out)
{
    uint64_t marks = marks_avx2(text) | (uint64_t)marks_avx2(text + 32) << 32;
    uint64_t at_point = marks & UINT64_C(0xFFFFFFFFFFFC), at_quote, at_point2, at_quote2;
    unsigned point, quote, start, point2, quote2, whole, places, whole2, places2;
    uint32_t between;

    at_quote = at_point & (at_point - 1);
    at_point2 = at_quote & (at_quote + (at_quote & -at_quote)); /* the run of "," goes at once */
    at_quote2 = at_point2 & (at_point2 - 1);
    if (at_quote2 == 0)
        return NULL;
    point = (unsigned)__builtin_ctzll(at_point);
    quote = (unsigned)__builtin_ctzll(at_quote);
    point2 = (unsigned)__builtin_ctzll(at_point2);
    quote2 = (unsigned)__builtin_ctzll(at_quote2);
    between = scan_load4(text + quote);
    start = quote + 3;
    if ((between & 0xFFFFFF) != LEVEL_BETWEEN) {
        if (between != LEVEL_BETWEEN_1)
            return NULL;
        start++;
    }
    whole = point - 2;
    places = quote - point - 1;
    whole2 = point2 - start;
    places2 = quote2 - point2 - 1;
    if (((whole - 1) | (places - 1) | (whole2 - 1) | (places2 - 1)) >= 8 || (marks >> start & 1) != 0 ||
        scan_load2(text) != LEVEL_OPEN || text[point] != '.' || text[point2] != '.' ||
        scan_load2(text + quote2) != LEVEL_CLOSE)
        return NULL;
    _mm_storeu_si128((__m128i *)(void *)out,
                     values_avx2(scan_load8(text + 2) << (-(8U * whole) & 63U),
                                 _bzhi_u64(scan_load8(text + point + 1), UINT64_C(8) * places),
                                 scan_load8(text + start) << (-(8U * whole2) & 63U),
                                 _bzhi_u64(scan_load8(text + point2 + 1), UINT64_C(8) * places2)));
    return text + quote2 + 2;
}

WITH_AVX2 static const char *levels_avx2(const char *text, const char *end, struct wire_level *out,
                                         size_t max, size_t *used)
{
    return levels_read(level_avx2, text, end, out, max, used);
}

const char *scan_levels(const char *text, const char *end, struct wire_level *out, size_t max, size_t *used)
{
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
        return levels_avx2(text, end, out, max, used);
    return scan_levels_portable(text, end, out, max, used);
}

#else

const char *scan_levels(const char *text, const char *end, struct wire_level *out, size_t max, size_t *used)
{
    return scan_levels_portable(text, end, out, max, used);
}

#endif
