#include "feed/scan_skip.h"

#include "feed/scan_text.h"

#include <string.h>

bool scan_keys_add(struct scan_keys *keys, const char *key, size_t size)
{
    if (size == 1) {
        uint64_t *letters = &keys->letters[(unsigned char)*key >> 6 & 1];
        uint64_t bit = UINT64_C(1) << ((unsigned char)*key & 63);

        if (*letters & bit)
            return false;
        *letters |= bit;
        return true;
    }
    for (size_t i = 0; i < keys->count; i++)
        if (keys->word[i].size == size && memcmp(keys->word[i].at, key, size) == 0)
            return false;
    if (keys->count == SCAN_LONG_KEYS_MAX)
        return false;
    keys->word[keys->count++] = (struct wire_text){key, size};
    return true;
}

void scan_keys_clear(struct scan_keys *keys)
{
    keys->letters[0] = keys->letters[1] = 0;
    keys->count = 0;
}

/* A number as JSON writes it, without an exponent and short enough for any reader. */
static const char *skip_number(const char *text, const char *end)
{
    const char *start;

    if (*text == '-')
        text++;
    start = text;
    while (text < end && *text >= '0' && *text <= '9')
        text++;
    if (text == start || text - start > 16 || (*start == '0' && text - start > 1))
        return NULL;
    if (text < end && *text == '.') {
        start = ++text;
        while (text < end && *text >= '0' && *text <= '9')
            text++;
        if (text == start || text - start > 32)
            return NULL;
    }
    return text < end && (*text == 'e' || *text == 'E') ? NULL : text;
}

const char *scan_word(const char *text, const char *end, const char *word, size_t size)
{
    return (size_t)(end - text) >= size && memcmp(text, word, size) == 0 ? text + size : NULL;
}

static const char *skip_array(struct scanner *scanner, const char *text, const char *end, unsigned depth)
{
    text = scan_skip_space(text + 1, end);
    if (text < end && *text == ']')
        return text + 1;
    for (;;) {
        text = scan_skip_value(scanner, text, end, depth + 1);
        if (text == NULL)
            return NULL;
        text = scan_skip_space(text, end);
        if (text >= end)
            return NULL;
        if (*text == ']')
            return text + 1;
        if (*text != ',')
            return NULL;
        text = scan_skip_space(text + 1, end);
    }
}

static const char *skip_object(struct scanner *scanner, const char *text, const char *end, unsigned depth)
{
    struct scan_keys *keys = &scanner->nested[depth];

    scan_keys_clear(keys);
    text = scan_skip_space(text + 1, end);
    if (text < end && *text == '}')
        return text + 1;
    for (;;) {
        const char *key = text + 1;

        if (text >= end || *text != '"')
            return NULL;
        text = scan_string_end(key, end);
        if (text == NULL || !scan_keys_add(keys, key, (size_t)(text - key)))
            return NULL;
        text = scan_skip_space(text + 1, end);
        if (text >= end || *text != ':')
            return NULL;
        text = scan_skip_value(scanner, scan_skip_space(text + 1, end), end, depth + 1);
        if (text == NULL)
            return NULL;
        text = scan_skip_space(text, end);
        if (text >= end)
            return NULL;
        if (*text == '}')
            return text + 1;
        if (*text != ',')
            return NULL;
        text = scan_skip_space(text + 1, end);
    }
}

/* Any value that is none of ours, to the place behind it. */
const char *scan_skip_value(struct scanner *scanner, const char *text, const char *end, unsigned depth)
{
    if (text >= end || depth >= SCAN_DEPTH_MAX)
        return NULL;
    switch (*text) {
    case '"':
        text = scan_string_end(text + 1, end);
        return text != NULL ? text + 1 : NULL;
    case '{':
        return skip_object(scanner, text, end, depth);
    case '[':
        return skip_array(scanner, text, end, depth);
    case 't':
        return scan_word(text, end, "true", 4);
    case 'f':
        return scan_word(text, end, "false", 5);
    case 'n':
        return scan_word(text, end, "null", 4);
    default:
        return skip_number(text, end);
    }
}
