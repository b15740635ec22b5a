/* What a style looks like: role to colours of a theme at a depth; samples of other themes. See theme.h. */
#include "tui/theme.h"

#include <string.h>

static int square(int value)
{
    return value * value;
}

static int distance(int r, int g, int b, int32_t rgb)
{
    return square(r - (rgb >> 16)) + square(g - (rgb >> 8 & 0xff)) + square(b - (rgb & 0xff));
}

int theme_nearest_256(int32_t rgb)
{
    static const int level[6] = {0, 95, 135, 175, 215, 255};
    int best = 16, best_distance = INT32_MAX;

    for (int i = 0; i < 216; i++) {
        int d = distance(level[i / 36], level[i / 6 % 6], level[i % 6], rgb);

        if (d < best_distance) {
            best_distance = d;
            best = 16 + i;
        }
    }
    for (int i = 0; i < 24; i++) {
        int grey = 8 + 10 * i;
        int d = distance(grey, grey, grey, rgb);

        if (d < best_distance) {
            best_distance = d;
            best = 232 + i;
        }
    }
    return best;
}

/* --- samples ------------------------------------------------------------------------------------------------ */

static const enum role sample_roles[THEME_SAMPLE_ROLES] = {
    ROLE_TEXT, ROLE_DIM,     ROLE_BID,    ROLE_ASK,    ROLE_PROFIT, ROLE_LOSS,   ROLE_OWN,
    ROLE_MARK, ROLE_WARNING, ROLE_HEAT_1, ROLE_HEAT_2, ROLE_HEAT_4, ROLE_HEAT_6, ROLE_HEAT_7};

void theme_set_sample(struct theme *theme, int index, const struct theme *shown)
{
    if (index < 0 || index >= THEME_SAMPLES)
        return;
    for (int i = 0; i < THEME_SAMPLE_ROLES; i++) {
        const struct theme_entry *none = &shown->entry[ROLE_NONE];
        struct theme_entry *entry = &theme->sample[index * THEME_SAMPLE_ROLES + i];

        *entry = shown->entry[sample_roles[i]];
        entry->fg_rgb = entry->fg_rgb >= 0 ? entry->fg_rgb : none->fg_rgb;
        entry->fg_16 = entry->fg_16 >= 0 ? entry->fg_16 : none->fg_16;
        if (entry->bg_rgb < 0 && entry->bg_16 < 0) {
            entry->bg_rgb = none->bg_rgb;
            entry->bg_16 = none->bg_16;
        }
        entry->is_sample = true;
    }
}

struct style style_sample(int index, enum role role)
{
    int at = 0;

    for (int i = 0; i < THEME_SAMPLE_ROLES; i++)
        at = sample_roles[i] == role ? i : at;
    if (index < 0 || index >= THEME_SAMPLES)
        return STYLE_TEXT;
    return (struct style){.fg = (uint8_t)(ROLE_COUNT + index * THEME_SAMPLE_ROLES + at)};
}

/* --- paint -------------------------------------------------------------------------------------------------- */

static const struct theme_entry *entry_of(const struct theme *theme, unsigned role)
{
    if (role >= ROLE_COUNT && role < ROLE_COUNT + THEME_SAMPLES * THEME_SAMPLE_ROLES)
        return &theme->sample[role - ROLE_COUNT];
    return &theme->entry[role < ROLE_COUNT ? role : ROLE_NONE];
}

/*
 * Sixteen colours are the terminal's own. Pairs that can be read neither on xterm's nor on a Linux console's are told by
 * their luminance there, x1000: below a contrast of 2.1 the background's own role says what is written in instead.
 */
static bool hidden_in_16(int fg, int bg)
{
    static const int luminance[2][16] = {
        {0, 130, 437, 566, 62, 174, 481, 784, 212, 213, 715, 928, 171, 285, 787, 1000},
        {0, 85, 287, 150, 29, 114, 317, 402, 91, 284, 741, 934, 156, 350, 807, 1000}};

    if (fg < 0 || bg < 0 || fg == bg) /* equal: a block of colour */
        return false;
    for (int i = 0; i < 2; i++) {
        int a = luminance[i][fg & 15] + 50, b = luminance[i][bg & 15] + 50;

        if ((a > b ? a : b) * 10 < (a > b ? b : a) * 21)
            return true;
    }
    return false;
}

static struct paint paint_16(const struct theme_entry *fg, const struct theme_entry *bg,
                             const struct theme_entry *none, unsigned attr)
{
    struct paint paint = {fg->fg_16 >= 0 ? fg->fg_16 : none->fg_16, bg->bg_16 >= 0 ? bg->bg_16 : none->bg_16,
                          (uint8_t)attr};

    if (fg != bg && bg != none && (hidden_in_16(paint.fg, paint.bg) || paint.fg == paint.bg))
        paint.fg = bg->fg_16 >= 0 ? bg->fg_16 : none->fg_16;
    return paint;
}

static struct paint paint_mono(const struct theme *theme, struct style style)
{
    struct paint paint = {-1, -1, 0};

    paint.attr = (uint8_t)(style.attr | entry_of(theme, style.fg)->attr_mono);
    if (style.bg != ROLE_NONE)
        paint.attr |= entry_of(theme, style.bg)->attr_mono;
    if (paint.attr & ATTR_BOLD) /* both at once is neither on most terminals */
        paint.attr &= (uint8_t)~ATTR_DIM;
    return paint;
}

/* The entry whose background a style has: its bg role's, else its fg role's own, else the default. */
static const struct theme_entry *background_of(const struct theme *theme, struct style style)
{
    const struct theme_entry *entry = entry_of(theme, style.bg != ROLE_NONE ? style.bg : style.fg);

    return entry->bg_rgb < 0 && entry->bg_16 < 0 && !entry->is_sample ? entry_of(theme, ROLE_NONE) : entry;
}

struct paint theme_paint(const struct theme *theme, struct style style, enum colour_depth depth)
{
    const struct theme_entry *none = entry_of(theme, ROLE_NONE);
    const struct theme_entry *fg = entry_of(theme, style.fg);
    const struct theme_entry *bg = background_of(theme, style);
    struct paint paint = {-1, -1, (uint8_t)(style.attr | fg->attr)};

    if (style.bg != ROLE_NONE && entry_of(theme, style.bg)->bg_rgb < 0 &&
        entry_of(theme, style.bg)->bg_16 < 0)
        paint.attr |= entry_of(theme, style.bg)->attr; /* a background without a colour stands out by these */
    if (fg->is_sample) /* what it leaves open is the terminal's own, not this theme's */
        none = fg;
    if (depth == DEPTH_MONO)
        return paint_mono(theme, style);
    if (depth == DEPTH_16)
        return paint_16(fg, bg, none, paint.attr);
    paint.fg = fg->fg_rgb >= 0 ? fg->fg_rgb : none->fg_rgb;
    paint.bg = bg->bg_rgb >= 0 ? bg->bg_rgb : none->bg_rgb;
    if (depth == DEPTH_256) {
        paint.fg = paint.fg < 0 ? -1 : theme_nearest_256(paint.fg);
        paint.bg = paint.bg < 0 ? -1 : theme_nearest_256(paint.bg);
    }
    return paint;
}
