#include "tui/shown.h"

#include "tui/glyphs.h"

bool shown_equal(const struct shown *a, const struct shown *b)
{
    return a->code == b->code && a->ink == b->ink && a->width == b->width && a->mark[0] == b->mark[0] &&
           a->mark[1] == b->mark[1];
}

bool shown_blank(const struct shown *shown)
{
    return shown->code == ' ' && ink_fg(shown->ink) == INK_ANY;
}

bool shown_width_trusted(const struct shown *shown)
{
    return shown->width == 1 && shown->mark[0] == 0 &&
           (shown->code < 0x0250 || (shown->code >= 0x0370 && shown->code < 0x0460) ||
            (shown->code >= 0x2010 && shown->code < 0x2028) ||
            (shown->code >= 0x2190 && shown->code < 0x2194) ||
            (shown->code >= 0x2500 && shown->code < 0x2600) ||
            (shown->code >= 0x2800 && shown->code < 0x2900)); /* braille: neutral, so one column everywhere */
}

size_t shown_bytes(const struct shown *shown, char out[SHOWN_BYTES_MAX])
{
    size_t size = glyph_encode(shown->code, out);

    for (int i = 0; i < CANVAS_MARKS && shown->mark[i] != 0; i++)
        size += glyph_encode(shown->mark[i], out + size);
    return size;
}
