/*
 * hostile_text.h - what a venue could send to do harm: commands to a terminal, controls, bidi, what hides, broken UTF-8;
 * and the judge of what became of it.
 */
#ifndef UNIT_HOSTILE_TEXT_H
#define UNIT_HOSTILE_TEXT_H

#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/base/safe_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define HOSTILE_MAX  240
#define HOSTILE_MARK "31337" /* in each command: none may come out behind an escape */

static const char *const hostile_piece[] = {
    "\033[31337m",          /* colour */
    "\033[31337;1H",        /* cursor */
    "\033[2J\033[H",        /* clear */
    "\033[?1049l\033[?25h", /* leave the alternate screen */
    "\033]0;31337\a",       /* title */
    "\033]52;c;31337\033\\",
    "\033]8;;http://31337\033\\x\033]8;;\033\\",
    "\033P$q31337\033\\",
    "\033_31337\033\\",
    "\033^31337\033\\",
    "\033X31337\033\\",
    "\033c",
    "\033[6n",
    "\033[c",
    "\033(0",
    "\xc2\x9b"
    "31337m", /* C1 as code points */
    "\xc2\x9d"
    "0;31337\xc2\x9c",
    "\xc2\x90"
    "31337\xc2\x9c",
    "\x9b"
    "31337m", /* C1 as bytes */
    "\x9d"
    "0;31337\x9c",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\b\b\b\b",
    "\v\f",
    "\a",
    "\177",
    "\016",
    "\017",
    "\033",
    "\xe2\x80\xae", /* right to left */
    "\xe2\x80\xad",
    "\xe2\x81\xa6",
    "\xe2\x81\xa9",
    "\xe2\x80\x8b", /* zero width */
    "\xe2\x80\x8d",
    "\xef\xbb\xbf",
    "\xe2\x80\xa8", /* line separator */
    "\xe2\x80\xa9",
    "\xc2\x85", /* next line */
    "\xc2\xad",
    "\xf3\xa0\x80\xa1", /* tag */
    "\xef\xb8\x8f",
    "\xc0\x9b", /* overlong escape */
    "\xe0\x80\x9b",
    "\xf0\x80\x80\x9b",
    "\xc1\x8a",
    "\xed\xa0\x80", /* surrogate */
    "\xf4\x90\x80\x80",
    "\xf8\x88\x80\x80\x80",
    "\xff\xfe",
    "\xe2\x82", /* cut */
    "\xc3",
    "%s%n%x",
    "\\x1b[0m",
    "\\u001b[31337m",
    "\"}",
    "\",\"e\":\"x",
    "'",
    "=cmd|' /C calc'!A0", /* spreadsheets */
    "BTCUSDT",
    "insufficient balance",
    " ",
};
#define HOSTILE_PIECES (sizeof(hostile_piece) / sizeof(hostile_piece[0]))

/* Places in messages of a venue: what stands before the string, and behind it. */
static const char *const hostile_place[][2] = {
    {"{\"stream\":\"", "\",\"data\":{\"e\":\"trade\",\"E\":1,\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"1.0\"}}"},
    {"{\"e\":\"", "\",\"E\":1,\"s\":\"BTCUSDT\"}"},
    {"{\"e\":\"trade\",\"E\":1,\"s\":\"", "\",\"t\":1,\"p\":\"1.00\",\"q\":\"1\",\"T\":1,\"m\":true}"},
    {"{\"e\":\"trade\",\"E\":1,\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"", "\",\"q\":\"1\",\"T\":1,\"m\":true}"},
    {"{\"e\":\"depthUpdate\",\"E\":1,\"s\":\"", "\",\"U\":1,\"u\":2,\"b\":[],\"a\":[]}"},
    {"{\"e\":\"depthUpdate\",\"E\":1,\"s\":\"BTCUSDT\",\"U\":1,\"u\":2,\"b\":[[\"", "\",\"1\"]],\"a\":[]}"},
    {"{\"stream\":\"!exchangeInfo\",\"data\":{\"symbols\":[{\"symbol\":\"BTCUSDT\",\"status\":"
     "\"TRADING\","
     "\"baseAsset\":\"",
     "\",\"quoteAsset\":\"USDT\",\"filters\":[]}]}}"},
    {"{\"stream\":\"!exchangeInfo\",\"data\":{\"symbols\":[{\"symbol\":\"BTCUSDT\",\"status\":\"",
     "\",\"baseAsset\":\"BTC\",\"quoteAsset\":\"USDT\",\"filters\":[]}]}}"},
    {"{\"stream\":\"!exchangeInfo\",\"data\":{\"symbols\":[{\"symbol\":\"",
     "\",\"status\":\"TRADING\",\"baseAsset\":\"BTC\",\"quoteAsset\":\"USDT\",\"filters\":[]}]}}"},
    {"{\"s\":\"BTCUSDT\",\"", "\":1}"},
    {"", ""},
};
#define HOSTILE_PLACES (sizeof(hostile_place) / sizeof(hostile_place[0]))

/* No NUL in it. Returns its length. */
static inline size_t hostile_draw(uint64_t *random, char out[HOSTILE_MAX])
{
    size_t size = 0, pieces = 1 + random_next(random) % 6;

    for (size_t i = 0; i < pieces; i++) {
        const char *piece = hostile_piece[random_next(random) % HOSTILE_PIECES];
        size_t length = strlen(piece);

        if (random_next(random) % 4 == 0) { /* any bytes */
            length = 1 + random_next(random) % 12;
            for (size_t at = 0; at < length && size < HOSTILE_MAX - 1; at++)
                out[size++] = (char)(1 + random_next(random) % 255);
        } else if (size + length < HOSTILE_MAX) {
            memcpy(out + size, piece, length);
            size += length;
        }
    }
    out[size] = '\0';
    return size;
}

/* As a member's value in JSON: each byte that JSON forbids by its escape, the others as they are. */
static inline size_t hostile_json(const char *text, size_t size, char *out, size_t out_size)
{
    size_t used = 0;

    for (size_t i = 0; i < size && used + 8 < out_size; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte < 32 || byte == '"' || byte == '\\')
            used += (size_t)snprintf(out + used, out_size - used, "\\u%04x", byte);
        else
            out[used++] = (char)byte;
    }
    out[used] = '\0';
    return used;
}

/* NULL: harmless, one line of characters that show. Else what is not. ends: a newline at its end is right. */
static inline const char *hostile_harm(const char *text, size_t size, bool ends)
{
    if (ends && (size == 0 || text[size - 1] != '\n'))
        return "no newline at its end";
    size -= ends;
    for (size_t at = 0; at < size;) {
        unsigned code;

        at += safe_text_decode(text + at, size - at, &code);
        if (code == 0xFFFFFFFF)
            return "broken UTF-8";
        if (safe_text_codepoint_columns(code) < 0)
            return code < 32 || code == 127      ? "a control byte"
                   : code >= 0x80 && code < 0xa0 ? "a C1 control"
                                                 : "a character that hides or turns";
    }
    return NULL;
}

static inline void hostile_check(const char *text, size_t size, bool ends, const char *where)
{
    const char *harm = hostile_harm(text, size, ends);
    char shown[2 * HOSTILE_MAX];

    if (harm == NULL)
        return;
    safe_text(text, size, shown, sizeof(shown));
    fail_msg("%s: %s in: %s", where, harm, shown);
}

/* The end of the sequence that begins with the escape there. */
static inline size_t hostile_sequence(const char *bytes, size_t size, size_t at)
{
    char kind = at + 1 < size ? bytes[at + 1] : 0;

    if (kind == '[') {
        for (at += 2; at < size && (unsigned char)bytes[at] < 0x40;)
            at++;
        return at < size ? at + 1 : size;
    }
    if (kind == ']' || kind == 'P' || kind == '_' || kind == '^' || kind == 'X') { /* up to BEL or ST */
        for (at += 2; at < size && bytes[at] != '\a' && bytes[at] != '\033';)
            at++;
        return at + 1 < size ? at + 1 + (bytes[at] == '\033') : size;
    }
    at += kind == '(' || kind == ')' ? 3 : 2;
    return at < size ? at : size;
}

/* Bytes for a terminal: escapes begin sequences of ours, without a mark in them; all else shows, moves or rings. */
static inline void hostile_check_terminal(const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        size_t from = at;

        if (bytes[at] == '\033') {
            at = hostile_sequence(bytes, size, at);
            if (memmem(bytes + from, at - from, HOSTILE_MARK, strlen(HOSTILE_MARK)) != NULL)
                hostile_check(bytes + from, at - from, false, "bytes for the terminal");
        } else if (strchr("\r\n\b\a", bytes[at]) != NULL && bytes[at] != '\0') {
            at++;
        } else {
            unsigned code;

            at += safe_text_decode(bytes + at, size - at, &code);
            if ((code == 0xFFFFFFFF && at + 4 < size) ||
                (code != 0xFFFFFFFF && safe_text_codepoint_columns(code) < 0))
                hostile_check(bytes + from, at - from, false, "bytes for the terminal");
        }
    }
}

#endif
