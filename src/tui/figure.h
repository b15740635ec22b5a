/* figure.h - a number that somebody typed: exact, or what is wrong with it and what is allowed. Pure. */
#ifndef TUI_FIGURE_H
#define TUI_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * *out is the value times 10^places. False: why says that it is no number, has too many decimals, is too big or, where
 * only positive ones are wanted, not above 0; *out is untouched.
 */
bool figure_parse(const char *text, size_t text_size, unsigned places, bool positive, int64_t *out, char *why,
                  size_t why_size);
/* Whether it has the form of a number at all, however big. */
bool figure_is_number(const char *text, size_t text_size);

#endif
