/* take_text.h - pieces of a text read by hand: each moves *at behind what it has taken, or leaves it where it was. */
#ifndef CORE_BASE_TAKE_TEXT_H
#define CORE_BASE_TAKE_TEXT_H

#include <stdbool.h>

static inline bool take_char(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    (*at)++;
    return true;
}

/* Exactly so many decimal digits, at most 9; false: there are fewer. */
static inline bool take_digits(const char **at, int digits, int *out)
{
    int number = 0;

    for (int i = 0; i < digits; i++) {
        char c = (*at)[i];

        if (c < '0' || c > '9')
            return false;
        number = number * 10 + (c - '0');
    }
    *at += digits;
    *out = number;
    return true;
}

#endif
