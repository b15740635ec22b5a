/*
 * safe_text.h - the one gate for text from outside to screen, log, JSON or CSV. Pure.
 *
 * Keeps printable UTF-8. Control bytes (C0, DEL, C1), bidi controls, zero-width and other
 * format characters, line and paragraph separators, surrogates, overlong and broken UTF-8
 * become a visible escape: \x1b, \u202e. Backslash becomes \\ so that escapes are unambiguous.
 */
#ifndef CORE_BASE_SAFE_TEXT_H
#define CORE_BASE_SAFE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes at most out_size - 1 bytes and a NUL, cut at a whole character or escape; a cut
 * text ends in "..." if there is room. Returns the length written. out_size >= 1.
 */
size_t safe_text(const char *text, size_t text_size, char *out, size_t out_size);

/* Is nothing in it that safe_text() would escape, a backslash apart: shown as it is, it does no harm. */
bool safe_text_is_safe(const char *text, size_t size);

/* Columns of a safe UTF-8 text on a terminal: 0 for combining, 2 for wide (East Asian W/F). */
size_t safe_text_columns(const char *text);

/* Columns of one code point: 0, 1 or 2; -1 for what safe_text() would escape. */
int safe_text_codepoint_columns(unsigned codepoint);

/*
 * Decodes one code point of size bytes left at text. Returns the bytes taken (1..4);
 * broken input takes 1 and yields *codepoint = 0xFFFFFFFF.
 */
size_t safe_text_decode(const char *text, size_t size, unsigned *codepoint);

#endif
