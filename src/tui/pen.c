#include "tui/pen.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define PEN_CAPS_COST 12 /* bytes, about: a change of pen where it is not SGR */

/* Figures of one SGR sequence being put together: "0;1;38;2;99;179;237". */
struct sgr {
    char text[96];
    size_t size;
};

void sink_put(struct sink *sink, const char *bytes, size_t size)
{
    assert(sink->room - sink->size >= size);
    memcpy(sink->bytes + sink->size, bytes, size);
    sink->size += size;
}

void sink_text(struct sink *sink, const char *text)
{
    if (text != NULL)
        sink_put(sink, text, strlen(text));
}

/* 26 bits for each colour, so that -2 .. 0xffffff fit; 4 for the attributes. */
ink ink_pack(int32_t fg, int32_t bg, unsigned attr)
{
    return (uint64_t)(fg + 2) | (uint64_t)(bg + 2) << 26 | (uint64_t)attr << 52;
}

int32_t ink_fg(ink value)
{
    return (int32_t)(value & 0x3ffffff) - 2;
}

int32_t ink_bg(ink value)
{
    return (int32_t)(value >> 26 & 0x3ffffff) - 2;
}

unsigned ink_attr(ink value)
{
    return (unsigned)(value >> 52);
}

ink ink_blank(ink value)
{
    if (ink_attr(value) & (ATTR_UNDERLINE | ATTR_REVERSE))
        return value;
    return ink_pack(INK_ANY, ink_bg(value), 0);
}

ink ink_reversed(ink value)
{
    return ink_pack(ink_fg(value), ink_bg(value), ink_attr(value) ^ ATTR_REVERSE);
}

static void colour_text(const struct terminfo *info, enum terminfo_cap cap, int colour, char out[16])
{
    char text[TERMINFO_PARAM_MAX];
    size_t size = colour < info->colours ? terminfo_param(info, cap, colour, 0, text) : 0;

    if (size > 15)
        size = 0;
    memcpy(out, text, size);
    out[size] = '\0';
}

void pen_init(struct pen *pen, const struct terminfo *info, enum colour_depth depth)
{
    *pen = (struct pen){.info = info, .depth = depth};
    pen_lost(pen);
    pen_learn_moves(pen);
    pen->attr_can = (info->cap[CAP_BOLD] ? ATTR_BOLD : 0u) | (info->cap[CAP_DIM] ? ATTR_DIM : 0u) |
                    (info->cap[CAP_UNDERLINE] ? ATTR_UNDERLINE : 0u) |
                    (info->cap[CAP_REVERSE] ? ATTR_REVERSE : 0u);
    for (int i = 0; i < PEN_COLOURS; i++) {
        colour_text(info, CAP_FOREGROUND, i, pen->fg_text[i]);
        colour_text(info, CAP_BACKGROUND, i, pen->bg_text[i]);
    }
}

void pen_lost(struct pen *pen)
{
    pen->row = 0;
    pen->col = -1;
    pen->ink_known = false;
    pen->ink = ink_pack(INK_DEFAULT, INK_DEFAULT, 0);
}

/*
 * Sixteen colours on a terminal of eight: bright text is bold, as such terminals have it. Dark grey as bold black is
 * grey on a Linux console and black on some others, so there it is dim white. Bright backgrounds are the dark ones;
 * dark grey, a badge's background, becomes blue. On a white background grey and white text is black: a light theme has
 * its labels in one and its frames in the other.
 */
static void eight_colours(const struct pen *pen, struct paint *paint)
{
    bool on_white = paint->bg == 7 || paint->bg == 15;

    if (on_white && paint->fg != paint->bg && (paint->fg == 7 || paint->fg == 8 || paint->fg == 15)) {
        paint->fg = 0;
        paint->attr = (uint8_t)(paint->attr & ~(ATTR_BOLD | ATTR_DIM));
    } else if (paint->fg == 8 && strncmp(pen->info->name, "linux", 5) != 0) {
        paint->fg = 7;
        paint->attr = (uint8_t)(paint->attr | ATTR_DIM);
    } else if (paint->fg >= 8) {
        paint->fg -= 8;
        paint->attr = (uint8_t)((paint->attr | ATTR_BOLD) & ~ATTR_DIM);
    }
    if (paint->bg == 13 && paint->fg == 0) { /* dark magenta bears white better than black */
        paint->fg = 7;
        paint->attr |= ATTR_BOLD;
    }
    if (paint->bg >= 8)
        paint->bg = paint->bg == 8 ? 4 : paint->bg - 8;
}

ink pen_ink(const struct pen *pen, struct paint paint)
{
    if (pen->depth == DEPTH_16 && paint.fg == 0) /* bold makes black grey there: a badge could not be read */
        paint.attr &= (uint8_t)~ATTR_BOLD;
    if (pen->depth == DEPTH_MONO)
        paint.fg = paint.bg = INK_DEFAULT;
    else if (pen->depth == DEPTH_16 && pen->info->colours < 16)
        eight_colours(pen, &paint);
    return ink_pack(paint.fg, paint.bg, paint.attr & pen->attr_can);
}

ink pen_style_ink(struct pen *pen, const struct theme *theme, struct style style)
{
    uint32_t key = ((uint32_t)style.fg | (uint32_t)style.bg << 8 | (uint32_t)style.attr << 16) + 1;
    uint32_t at = key * 2654435761u >> 23; /* nine bits: PEN_STYLES */

    if (pen->style_cache[at].key != key) {
        pen->style_cache[at].key = key;
        pen->style_cache[at].ink = pen_ink(pen, theme_paint(theme, style, pen->depth));
    }
    return pen->style_cache[at].ink;
}

void pen_forget_styles(struct pen *pen)
{
    memset(pen->style_cache, 0, sizeof(pen->style_cache));
}

/* --- the pen --------------------------------------------------------------------------------------------- */

bool pen_fits(const struct pen *pen, ink wanted)
{
    if (!pen->ink_known)
        return false;
    if (ink_fg(wanted) != INK_ANY)
        return pen->ink == wanted;
    return ink_bg(pen->ink) == ink_bg(wanted) && (ink_attr(pen->ink) & (ATTR_UNDERLINE | ATTR_REVERSE)) == 0;
}

static void sgr_add(struct sgr *sgr, const char *figures, size_t size)
{
    if (sgr->size > 0)
        sgr->text[sgr->size++] = ';';
    memcpy(sgr->text + sgr->size, figures, size);
    sgr->size += size;
}

static void sgr_text(struct sgr *sgr, const char *figures)
{
    sgr_add(sgr, figures, strlen(figures));
}

/* The figures of a whole sequence: "\033[1m" gives 1. */
static void sgr_cap(struct sgr *sgr, const char *cap)
{
    size_t size = cap == NULL ? 0 : strlen(cap);

    if (size > 3)
        sgr_add(sgr, cap + 2, size - 3);
}

static void sgr_colour(struct sgr *sgr, const struct pen *pen, int32_t colour, bool background)
{
    char text[24];

    if (colour == INK_DEFAULT) {
        sgr_text(sgr, background ? "49" : "39");
    } else if (pen->depth == DEPTH_TRUE) {
        int size = snprintf(text, sizeof(text), "%d;2;%d;%d;%d", background ? 48 : 38,
                            (int)(colour >> 16 & 0xff), (int)(colour >> 8 & 0xff), (int)(colour & 0xff));

        sgr_add(sgr, text, (size_t)size);
    } else if (colour >= 0 && colour < PEN_COLOURS) {
        sgr_cap(sgr, background ? pen->bg_text[colour] : pen->fg_text[colour]);
    }
}

static void sgr_attrs(struct sgr *sgr, const struct pen *pen, unsigned attr)
{
    if (attr & ATTR_BOLD)
        sgr_cap(sgr, pen->info->cap[CAP_BOLD]);
    if (attr & ATTR_DIM)
        sgr_cap(sgr, pen->info->cap[CAP_DIM]);
    if (attr & ATTR_UNDERLINE)
        sgr_cap(sgr, pen->info->cap[CAP_UNDERLINE]);
    if (attr & ATTR_REVERSE)
        sgr_cap(sgr, pen->info->cap[CAP_REVERSE]);
}

/* From nothing: reset, then all that is wanted. */
static void sgr_from_reset(struct sgr *sgr, const struct pen *pen, ink wanted)
{
    sgr_text(sgr, "0");
    sgr_attrs(sgr, pen, ink_attr(wanted));
    if (ink_fg(wanted) != INK_DEFAULT)
        sgr_colour(sgr, pen, ink_fg(wanted), false);
    if (ink_bg(wanted) != INK_DEFAULT)
        sgr_colour(sgr, pen, ink_bg(wanted), true);
}

/* From what is: attributes off one by one, then what is new. Bold and dim go off together. */
static void sgr_from_pen(struct sgr *sgr, const struct pen *pen, ink wanted)
{
    unsigned have = ink_attr(pen->ink), want = ink_attr(wanted), off = have & ~want;

    if (off & (ATTR_BOLD | ATTR_DIM)) {
        sgr_text(sgr, "22");
        have &= ~(unsigned)(ATTR_BOLD | ATTR_DIM);
    }
    if (off & ATTR_UNDERLINE)
        sgr_text(sgr, "24");
    if (off & ATTR_REVERSE)
        sgr_text(sgr, "27");
    sgr_attrs(sgr, pen, want & ~have);
    if (ink_fg(wanted) != ink_fg(pen->ink))
        sgr_colour(sgr, pen, ink_fg(wanted), false);
    if (ink_bg(wanted) != ink_bg(pen->ink))
        sgr_colour(sgr, pen, ink_bg(wanted), true);
}

/* Can the pen become this without a reset, on this terminal? */
static bool can_go_on(const struct pen *pen, ink wanted)
{
    bool off = (ink_attr(pen->ink) & ~ink_attr(wanted)) != 0;
    bool to_default = (ink_fg(wanted) == INK_DEFAULT && ink_fg(pen->ink) != INK_DEFAULT) ||
                      (ink_bg(wanted) == INK_DEFAULT && ink_bg(pen->ink) != INK_DEFAULT);

    return pen->ink_known && (pen->info->sgr_off || (!off && !to_default));
}

/* Terminals whose attributes are not SGR: one sequence after another. */
static void set_by_caps(struct pen *pen, struct sink *sink, ink wanted)
{
    static const struct {
        unsigned attr;
        enum terminfo_cap cap;
    } caps[] = {{ATTR_BOLD, CAP_BOLD},
                {ATTR_DIM, CAP_DIM},
                {ATTR_UNDERLINE, CAP_UNDERLINE},
                {ATTR_REVERSE, CAP_REVERSE}};

    if (!can_go_on(pen, wanted)) {
        sink_text(sink, pen->info->cap[CAP_RESET]);
        pen->ink = ink_pack(INK_DEFAULT, INK_DEFAULT, 0);
    }
    for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++)
        if (ink_attr(wanted) & ~ink_attr(pen->ink) & caps[i].attr)
            sink_text(sink, pen->info->cap[caps[i].cap]);
    if (ink_fg(wanted) != ink_fg(pen->ink) && ink_fg(wanted) >= 0 && ink_fg(wanted) < PEN_COLOURS)
        sink_text(sink, pen->fg_text[ink_fg(wanted)]);
    if (ink_bg(wanted) != ink_bg(pen->ink) && ink_bg(wanted) >= 0 && ink_bg(wanted) < PEN_COLOURS)
        sink_text(sink, pen->bg_text[ink_bg(wanted)]);
}

/* What the pen will be: a blank that does not care keeps foreground and weight. */
static ink settle(const struct pen *pen, ink wanted)
{
    if (ink_fg(wanted) != INK_ANY)
        return wanted;
    if (!pen->ink_known)
        return ink_pack(INK_DEFAULT, ink_bg(wanted), 0);
    return ink_pack(ink_fg(pen->ink), ink_bg(wanted), ink_attr(pen->ink) & (ATTR_BOLD | ATTR_DIM));
}

/* The shorter of the two ways to the ink, of a terminal whose attributes are SGR. */
static void sgr_best(const struct pen *pen, ink wanted, struct sgr *out)
{
    struct sgr on = {.size = 0};

    out->size = 0;
    sgr_from_reset(out, pen, wanted);
    if (!can_go_on(pen, wanted))
        return;
    sgr_from_pen(&on, pen, wanted);
    if (on.size <= out->size)
        *out = on;
}

void pen_set(struct pen *pen, struct sink *sink, ink wanted)
{
    struct sgr sgr;

    if (pen_fits(pen, wanted))
        return;
    wanted = settle(pen, wanted);
    if (!pen->info->ansi) {
        set_by_caps(pen, sink, wanted);
    } else {
        sgr_best(pen, wanted, &sgr);
        sink_text(sink, "\033[");
        sink_put(sink, sgr.text, sgr.size);
        sink_text(sink, "m");
    }
    pen->ink = wanted;
    pen->ink_known = true;
}

size_t pen_set_cost(const struct pen *pen, ink wanted)
{
    struct sgr sgr;

    if (pen_fits(pen, wanted))
        return 0;
    if (!pen->info->ansi)
        return PEN_CAPS_COST;
    sgr_best(pen, settle(pen, wanted), &sgr);
    return sgr.size + 3;
}

bool pen_can_erase(const struct pen *pen, ink blank)
{
    return ink_fg(blank) == INK_ANY && (pen->info->bce || ink_bg(blank) == INK_DEFAULT);
}
