#include "tui/glyphs.h"

#include "core/base/safe_text.h"

#include <string.h>

struct glyph_row {
    uint32_t code;
    uint32_t console; /* on a console with the glyphs of code page 437 */
    char ascii;
};

/* By code, for the binary search. The ASCII column is the design's map. */
static const struct glyph_row glyph_table[] = {
    {0x00a0, ' ', ' '},    {0x00b0, 0x00b0, 'o'}, {0x00b1, 0x00b1, '~'}, {0x00b5, 0x00b5, 'u'},
    {0x00b7, 0x00b7, '.'}, {0x00d7, 'x', 'x'},    {0x0394, 'D', 'D'},    {0x03bc, 0x00b5, 'u'},
    {0x03c3, 0x03c3, 's'}, {0x2013, '-', '-'},    {0x2014, '-', '-'},    {0x2018, '\'', '\''},
    {0x2019, '\'', '\''},  {0x201c, '"', '"'},    {0x201d, '"', '"'},    {0x2022, 0x2022, '*'},
    {0x2026, '~', '~'},    {0x2190, 0x2190, '<'}, {0x2191, 0x2191, '^'}, {0x2192, 0x2192, '>'},
    {0x2193, 0x2193, 'v'}, {0x2212, '-', '-'},    {0x2248, 0x2248, '~'}, {0x2264, 0x2264, '<'},
    {0x2265, 0x2265, '>'}, {0x2500, 0x2500, '-'}, {0x2502, 0x2502, '|'}, {0x250c, 0x250c, '+'},
    {0x2510, 0x2510, '+'}, {0x2514, 0x2514, '+'}, {0x2518, 0x2518, '+'}, {0x251c, 0x251c, '+'},
    {0x2524, 0x2524, '+'}, {0x252c, 0x252c, '+'}, {0x2534, 0x2534, '+'}, {0x253c, 0x253c, '+'},
    {0x2551, 0x2551, '='}, {0x2580, 0x2580, '='}, {0x2581, '_', '_'},    {0x2582, '_', '_'},
    {0x2583, 0x2584, '.'}, {0x2584, 0x2584, '-'}, {0x2585, 0x2584, '='}, {0x2586, 0x2588, '+'},
    {0x2587, 0x2588, '*'}, {0x2588, 0x2588, '#'}, {0x258c, 0x258c, '='}, {0x2590, 0x2590, '='},
    {0x2591, 0x2591, ':'}, {0x2592, 0x2592, '+'}, {0x2593, 0x2593, '%'}, {0x25a0, 0x25a0, '#'},
    {0x25b2, 0x25b2, '^'}, {0x25b6, 0x25ba, '>'}, {0x25ba, 0x25ba, '>'}, {0x25bc, 0x25bc, 'v'},
    {0x25c0, 0x25c4, '<'}, {0x25c4, 0x25c4, '<'}, {0x25cb, 0x25cb, 'o'}, {0x25cf, 0x2022, '*'},
    {0xfffd, '?', '?'},
};

static const struct glyph_row *glyph_find(uint32_t code)
{
    size_t low = 0, high = sizeof(glyph_table) / sizeof(glyph_table[0]);

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (glyph_table[middle].code == code)
            return &glyph_table[middle];
        if (glyph_table[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Letters of code page 437 beside the table: what a console font holds for names of western Europe. */
static bool console_letter(uint32_t code)
{
    static const uint8_t held[] = {0xa1, 0xa2, 0xa3, 0xa5, 0xaa, 0xab, 0xac, 0xb2, 0xba, 0xbb, 0xbc, 0xbd,
                                   0xbf, 0xc4, 0xc5, 0xc6, 0xc7, 0xc9, 0xd1, 0xd6, 0xdc, 0xdf, 0xe0, 0xe1,
                                   0xe2, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee,
                                   0xef, 0xf1, 0xf2, 0xf3, 0xf4, 0xf6, 0xf7, 0xf9, 0xfa, 0xfb, 0xfc, 0xff};

    return code <= 0xff && memchr(held, (int)code, sizeof(held)) != NULL;
}

/* Parts of a cell by eighths; those of "legacy computing" no common font has. */
static const uint32_t part_right[8] = {' ', 0x2595, 0x1fb87, 0x1fb88, 0x2590, 0x1fb89, 0x1fb8a, 0x1fb8b};
static const uint32_t part_above[8] = {' ', 0x2594, 0x1fb82, 0x1fb83, 0x2580, 0x1fb84, 0x1fb85, 0x1fb86};

uint32_t glyph_part(enum glyph_edge edge, int eighths)
{
    if (eighths <= 0)
        return ' ';
    if (eighths >= 8)
        return 0x2588;
    switch (edge) {
    case EDGE_LEFT:
        return 0x2590 - (uint32_t)eighths;
    case EDGE_RIGHT:
        return part_right[eighths];
    case EDGE_BELOW:
        return 0x2580 + (uint32_t)eighths;
    case EDGE_ABOVE:
        break;
    }
    return part_above[eighths];
}

/* Eighths of such a part from the left, the right or above; 0: it is none, or a half, which every font has. */
static int part_eighths(uint32_t code, enum glyph_edge *edge)
{
    if (code < 0x2589 || (code > 0x2595 && code < 0x1fb82) || code > 0x1fb8b)
        return 0;
    for (int i = 1; i < 8; i++) {
        *edge = part_right[i] == code ? EDGE_RIGHT : EDGE_ABOVE;
        if (i != 4 && (part_right[i] == code || part_above[i] == code))
            return i;
    }
    *edge = EDGE_LEFT;
    return code <= 0x258f && code != 0x258c ? (int)(0x2590 - code) : 0;
}

/* Without eighths: the half or the whole that is nearest, never nothing; ASCII has more from above. */
static uint32_t part_in_halves(enum glyph_tier tier, enum glyph_edge edge, int eighths)
{
    static const char above[8] = {' ', '\'', '\'', '\'', '=', '=', '+', '*'};

    if (edge == EDGE_ABOVE && tier == TIER_ASCII)
        return (unsigned char)above[eighths];
    if (eighths >= 7)
        return 0x2588;
    return edge == EDGE_LEFT ? 0x258c : edge == EDGE_RIGHT ? 0x2590 : 0x2580;
}

#define LINES_FROM UINT32_C(0xe000)

uint32_t glyph_of_line(enum glyph_line line, uint8_t dots)
{
    return LINES_FROM + ((uint32_t)line << 8) + dots;
}

bool glyph_is_line(uint32_t code)
{
    return code >= LINES_FROM && code < LINES_FROM + (GLYPH_LINES << 8);
}

static uint32_t line_mark(enum glyph_tier tier, uint32_t cell)
{
    static const char mark[GLYPH_LINES] = {
        [GLYPH_LINE_MAIN] = '*', [GLYPH_LINE_MEAN] = '+', [GLYPH_LINE_BAND] = ':'};

    return tier == TIER_UTF8 ? 0x2800 + (cell & 0xff) : (uint32_t)(unsigned char)mark[cell >> 8];
}

uint32_t glyph_map(enum glyph_tier tier, uint32_t code)
{
    const struct glyph_row *row;
    enum glyph_edge edge;
    int eighths;

    if (glyph_is_line(code))
        return line_mark(tier, code - LINES_FROM);
    if (code < 0x7f || tier == TIER_UTF8)
        return code;
    eighths = part_eighths(code, &edge);
    if (eighths > 0)
        code = part_in_halves(tier, edge, eighths);
    if (code < 0x7f)
        return code;
    if (code >= 0x2800 && code <= 0x28ff) /* braille: of lines, a dot is left */
        return tier == TIER_ASCII ? '.' : 0x00b7;
    row = glyph_find(code);
    if (row != NULL)
        return tier == TIER_ASCII ? (uint32_t)(unsigned char)row->ascii : row->console;
    return tier == TIER_CP437 && console_letter(code) ? code : '?';
}

uint32_t glyph_shown(enum glyph_tier tier, uint32_t code, bool *reverse)
{
    enum glyph_edge edge;
    int eighths = tier == TIER_UTF8 ? part_eighths(code, &edge) : 0;

    *reverse = eighths > 0 && edge != EDGE_LEFT;
    if (!*reverse)
        return glyph_map(tier, code);
    return glyph_part(edge == EDGE_RIGHT ? EDGE_LEFT : EDGE_BELOW, 8 - eighths);
}

uint32_t glyph_heat(int step)
{
    static const uint16_t ramp[8] = {' ', 0x00b7, 0x2591, 0x2591, 0x2592, 0x2593, 0x2588, 0x2588};

    return ramp[step < 0 ? 0 : step > 7 ? 7 : step];
}

size_t glyph_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | (code >> 18 & 0x07));
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

enum glyph_tier glyph_tier_detect(const char *term, const char *codeset)
{
    if (codeset == NULL || (strcmp(codeset, "UTF-8") != 0 && strcmp(codeset, "utf8") != 0))
        return TIER_ASCII;
    if (term == NULL || starts_with(term, "vt") || starts_with(term, "dumb") || starts_with(term, "ansi") ||
        starts_with(term, "sun") || starts_with(term, "unknown"))
        return TIER_ASCII;
    if (starts_with(term, "linux") || starts_with(term, "cons25") || starts_with(term, "cygwin"))
        return TIER_CP437;
    return TIER_UTF8;
}

/*
 * Characters of ambiguous width that every screen uses; two wide cells each in some CJK set-ups. A terminal that takes UTF-8 for
 * bytes finds "guarded area begins" in the middle two (0x96), which nothing erases any more, and its end in the last (0x97).
 */
const char *glyph_probe_text(void)
{
    return "─█▲◆";
}

enum glyph_tier glyph_tier_probed(enum glyph_tier tier, int reply_col)
{
    return reply_col == 1 + (int)safe_text_columns(glyph_probe_text()) ? tier : TIER_ASCII;
}

const char *glyph_tier_name(enum glyph_tier tier)
{
    static const char *const names[TIER_COUNT] = {"ascii", "cp437", "utf-8"};

    return (unsigned)tier < TIER_COUNT ? names[tier] : "?";
}
