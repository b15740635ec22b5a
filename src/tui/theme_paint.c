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

/* A step of the heat map, upper half of a cell perhaps: a block of colour, which nobody reads. */
static bool is_block(const struct theme_entry *entry)
{
    return entry->fg_rgb >= 0 && entry->fg_rgb == entry->bg_rgb;
}

/*
 * Sixteen colours are the terminal's own. Pairs that cannot be read on xterm's or on a Linux console's are told by
 * their luminance there, x1000: below a contrast of 3, as red is on blue.
 */
static bool hidden_in_16(int fg, int bg)
{
    static const int luminance[2][16] = {
        {0, 130, 437, 566, 62, 174, 481, 784, 212, 213, 715, 928, 171, 285, 787, 1000},
        {0, 85, 287, 150, 29, 114, 317, 402, 91, 284, 741, 934, 156, 350, 807, 1000}};

    if (fg < 0 || bg < 0)
        return false;
    for (int i = 0; i < 2; i++) {
        int a = luminance[i][fg & 15] + 50, b = luminance[i][bg & 15] + 50;

        if ((a > b ? a : b) < (a > b ? b : a) * 3)
            return true;
    }
    return false;
}

/* On the background of another role: what cannot be read there is written as that one's own, or in white or black. */
static struct paint paint_16(const struct theme_entry *fg, const struct theme_entry *bg,
                             const struct theme_entry *none, unsigned attr)
{
    struct paint paint = {fg->fg_16 >= 0 ? fg->fg_16 : none->fg_16, bg->bg_16 >= 0 ? bg->bg_16 : none->bg_16,
                          (uint8_t)attr};
    const int32_t instead[] = {bg->fg_16, 15, 0};

    if (fg == bg || bg->bg_16 < 0 || bg == none || is_block(fg))
        return paint;
    for (size_t i = 0; i < sizeof(instead) / sizeof(instead[0]) && hidden_in_16(paint.fg, paint.bg); i++)
        if (instead[i] >= 0 && !hidden_in_16(instead[i], paint.bg))
            paint.fg = instead[i];
    return paint;
}

/* Luminance x1000 by squares: near enough to choose by. */
static int luminance_x1000(int32_t rgb)
{
    int r = rgb >> 16 & 0xff, g = rgb >> 8 & 0xff, b = rgb & 0xff;

    return (int)((213LL * r * r + 715LL * g * g + 72LL * b * b) / 65025);
}

static int contrast_x100(int32_t a, int32_t b)
{
    int la = luminance_x1000(a) + 50, lb = luminance_x1000(b) + 50;

    return la > lb ? 100 * la / lb : 100 * lb / la;
}

/* A mark over the heat map, whose steps go from the darkest to the lightest: where it would be lost, in text or background. */
static int32_t over_block(int32_t fg, int32_t bg, const struct theme_entry *none)
{
    if (contrast_x100(fg, bg) >= 340)
        return fg;
    return contrast_x100(none->fg_rgb, bg) > contrast_x100(none->bg_rgb, bg) ? none->fg_rgb : none->bg_rgb;
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
    if (is_block(bg) && !is_block(fg) && none->fg_rgb >= 0 && none->bg_rgb >= 0)
        paint.fg = over_block(paint.fg, paint.bg, none);
    if (depth == DEPTH_256) {
        paint.fg = paint.fg < 0 ? -1 : theme_nearest_256(paint.fg);
        paint.bg = paint.bg < 0 ? -1 : theme_nearest_256(paint.bg);
    }
    return paint;
}
