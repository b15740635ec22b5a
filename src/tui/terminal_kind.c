#include "tui/terminal_kind.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool environ_set(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0';
}

/* COLORTERM is inherited: a Linux console and GNU screen pass it on without being able to do it. */
static bool true_colour(const struct terminfo *info)
{
    const char *value = getenv("COLORTERM");

    if (info->true_colour)
        return true;
    if (value == NULL || (strcmp(value, "truecolor") != 0 && strcmp(value, "24bit") != 0))
        return false;
    if (!info->ansi || info->colours < 8 || starts_with(info->name, "linux"))
        return false;
    return !starts_with(info->name, "screen") || environ_set("TMUX");
}

static enum colour_depth depth_detect(const struct terminfo *info)
{
    if (environ_set("NO_COLOR") || info->colours < 8)
        return DEPTH_MONO;
    if (true_colour(info))
        return DEPTH_TRUE;
    return info->colours >= 256 ? DEPTH_256 : DEPTH_16;
}

/* A depth that was asked for, as far as the terminal can. Truecolour is taken at the user's word. */
enum colour_depth terminal_depth(const struct terminfo *info, int depth_plus_1)
{
    enum colour_depth depth;

    if (depth_plus_1 <= 0 || depth_plus_1 > DEPTH_COUNT)
        return depth_detect(info);
    depth = (enum colour_depth)(depth_plus_1 - 1);
    if (info->colours < 8)
        return DEPTH_MONO;
    if (depth == DEPTH_TRUE && !info->ansi)
        depth = DEPTH_256;
    if (depth == DEPTH_256 && info->colours < 256)
        depth = DEPTH_16;
    return depth;
}

/* The codeset of the environment's locale, without changing that of the process. */
enum glyph_tier terminal_tier(const char *term)
{
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    enum glyph_tier tier = TIER_ASCII;

    if (locale != (locale_t)0) {
        tier = glyph_tier_detect(term, nl_langinfo_l(CODESET, locale));
        freelocale(locale);
    }
    return tier;
}

/* Terminals of an xterm's kin, which take OSC and answer questions about modes instead of showing them. */
bool terminal_is_xterm(const struct terminfo *info)
{
    return info->ansi && info->colours >= 8 && !starts_with(info->name, "linux") &&
           !starts_with(info->name, "ansi") && !starts_with(info->name, "cons") &&
           !starts_with(info->name, "cygwin") && !starts_with(info->name, "hurd") &&
           !starts_with(info->name, "mach") && !starts_with(info->name, "vt");
}
