#include "feed/scan_levels.h"

#include "feed/scan_number.h"

#define LEVEL_OPEN      0x225BU     /* [" as a little-endian word */
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

/* One level as venues write it. It cannot read further than 64 bytes: 2 + 16 + 4 + 16 + 2, and the last
 * word loaded. */
static inline const char *level_usual(const char *text, struct wire_level *out)
{
    uint32_t word;

    if ((scan_load4(text) & 0xFFFF) != LEVEL_OPEN)
        return NULL;
    text = scan_decimal(text + 2, &out->price_e8);
    if (text == NULL)
        return NULL;
    word = scan_load4(text);
    if ((word & 0xFFFFFF) == LEVEL_BETWEEN)
        text += 3;
    else if (word == LEVEL_BETWEEN_1)
        text += 4;
    else
        return NULL;
    text = scan_decimal(text, &out->qty_e8);
    return text != NULL && text[1] == ']' ? text + 2 : NULL;
}

const char *scan_levels(const char *text, const char *end, struct wire_level *out, size_t max, size_t *used)
{
    size_t count = *used;

    text = skip_space(text + 1, end);
    if (text < end && *text == ']')
        return text + 1;
    for (;;) {
        const char *next;

        if (text >= end || count == max)
            return NULL;
        next = level_usual(text, &out[count]);
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
