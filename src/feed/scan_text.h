/*
 * scan_text.h - strings and white space of JSON, eight bytes at a time, in plain C.
 *
 * Part of the hot scanner. Reads up to 8 bytes past end: DECODER_PADDING covers it.
 */
#ifndef FEED_SCAN_TEXT_H
#define FEED_SCAN_TEXT_H

#include "feed/scan_number.h"

#include <stddef.h>
#include <stdint.h>

#define SCAN_EVERY_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))
#define SCAN_HIGH_BITS        SCAN_EVERY_BYTE(0x80)

/* High bit of each zero byte; right up to and including the lowest one, as a borrow spoils only bytes above. */
static inline uint64_t scan_zero_bytes(uint64_t word)
{
    return (word - SCAN_EVERY_BYTE(0x01)) & ~word & SCAN_HIGH_BITS;
}

static inline const char *scan_skip_space(const char *text, const char *end)
{
    while (text < end && (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\r'))
        text++;
    return text;
}

/* Most JSON of venues has no space at all: one compare. */
static inline const char *scan_skip_any_space(const char *text, const char *end)
{
    return *text > ' ' ? text : scan_skip_space(text, end);
}

/* text stands behind the opening quote. Returns the closing quote; NULL: none before end, or an escape, a
 * control or a non-ASCII byte came first. */
static inline const char *scan_string_end(const char *text, const char *end)
{
    for (; text < end; text += 8) {
        uint64_t word = scan_load8(text);
        uint64_t quote = scan_zero_bytes(word ^ SCAN_EVERY_BYTE('"'));
        uint64_t escape = scan_zero_bytes(word ^ SCAN_EVERY_BYTE('\\'));
        uint64_t control = (word - SCAN_EVERY_BYTE(0x20)) & ~word & SCAN_HIGH_BITS;
        uint64_t stop = quote | escape | control | (word & SCAN_HIGH_BITS);

        if (stop != 0) {
            text += __builtin_ctzll(stop) >> 3;
            return *text == '"' && text < end ? text : NULL;
        }
    }
    return NULL;
}

#endif
