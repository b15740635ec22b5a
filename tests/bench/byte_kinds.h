/* byte_kinds.h - what the bytes of a terminal's output are for: moves, colours and attributes, text, and the frame itself. */
#ifndef BENCH_BYTE_KINDS_H
#define BENCH_BYTE_KINDS_H

#include <stddef.h>
#include <string.h>

struct byte_kinds {
    double move;  /* of the cursor */
    double ink;   /* SGR */
    double text;  /* characters, and erasing and repeating in their stead */
    double frame; /* brackets, reports, titles, modes */
};

/* The length of the sequence that begins here with ESC; *final its last byte. */
static inline size_t byte_sequence(const char *bytes, size_t size, char *final)
{
    size_t at = 2;

    *final = size > 1 ? bytes[1] : 0;
    if (*final == '[')
        while (at < size && !(bytes[at] >= '@' && bytes[at] <= '~'))
            at++;
    else if (*final == ']')
        while (at < size && bytes[at] != '\a')
            at++;
    else if (*final == '(' || *final == ')')
        at = 2;
    else
        return 2;
    if (at < size && *final == '[')
        *final = bytes[at];
    return at + 1;
}

static inline struct byte_kinds byte_kinds_of(const char *bytes, size_t size)
{
    struct byte_kinds kinds = {0};

    for (size_t i = 0; i < size;) {
        size_t length = 1;
        char final = 0;

        if (bytes[i] == '\033') {
            length = byte_sequence(bytes + i, size - i, &final);
            if (final == 'm')
                kinds.ink += (double)length;
            else if (final != 0 && strchr("ABCDGHdfM", final) != NULL)
                kinds.move += (double)length;
            else if (final != 0 && strchr("JKLPX@b", final) != NULL)
                kinds.text += (double)length;
            else
                kinds.frame += (double)length;
        } else if (bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\b' || bytes[i] == '\t') {
            kinds.move++;
        } else {
            kinds.text++;
        }
        i += length;
    }
    return kinds;
}

#endif
