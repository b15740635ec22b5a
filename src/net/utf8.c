#include "net/utf8.h"

#include <stdint.h>
#include <string.h>

static bool tail(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* Bytes of the well-formed character at text, 0: none. */
static size_t character(const unsigned char *text, size_t size)
{
    unsigned char lead = text[0];

    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return size >= 2 && tail(text[1]) ? 2 : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
        if (size < 3 || !tail(text[1]) || !tail(text[2]))
            return 0;
        if ((lead == 0xe0 && text[1] < 0xa0) || (lead == 0xed && text[1] > 0x9f))
            return 0; /* overlong, surrogate */
        return 3;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        if (size < 4 || !tail(text[1]) || !tail(text[2]) || !tail(text[3]))
            return 0;
        if ((lead == 0xf0 && text[1] < 0x90) || (lead == 0xf4 && text[1] > 0x8f))
            return 0; /* overlong, above U+10FFFF */
        return 4;
    }
    return 0;
}

bool utf8_valid(const char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t at = 0;

    while (at < size) {
        uint64_t eight;
        size_t step;

        if (size - at >= sizeof(eight)) { /* markets speak ASCII: eight at a time */
            memcpy(&eight, bytes + at, sizeof(eight));
            if ((eight & 0x8080808080808080U) == 0) {
                at += sizeof(eight);
                continue;
            }
        }
        step = character(bytes + at, size - at);
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}
