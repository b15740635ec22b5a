/*
 * kinds.h - the kinds of terminal there are: four depths of colour, three tiers of glyphs, as their users have them. A test
 * takes the kinds in turns over its sizes; FLOWDECK_KIND=N begins with another, so that ten runs see every size on every kind.
 */
#ifndef SCREEN_KINDS_H
#define SCREEN_KINDS_H

#include "core/base/safe_text.h"
#include "screen/workstation.h"
#include "tui/glyphs.h"
#include "tui/key.h"

struct kind {
    const char *what, *env[4], *option;
    const char *has, *has_not[2]; /* in the bytes: how colours are told */
    enum glyph_tier tier;
};

static const struct kind kinds[] = {
    {"truecolour", {"COLORTERM=truecolor"}, NULL, "38;2;", {NULL}, TIER_UTF8},
    {"tmux in ASCII", {"TERM=tmux-256color"}, "--ascii", "38;5;", {"38;2;"}, TIER_ASCII},
    {"a Linux console", {"TERM=linux", "COLORTERM=truecolor"}, NULL, ";3", {"38;2;", "38;5;"}, TIER_CP437},
    {"no colours", {"NO_COLOR=1"}, NULL, "\033[", {"38;2;", "38;5;"}, TIER_UTF8},
    {"16 colours in a C locale",
     {"TERM=xterm", "LANG=C", "LC_ALL=C"},
     NULL,
     ";3",
     {"38;2;", "38;5;"},
     TIER_ASCII},
    {"screen", {"TERM=screen-256color", "COLORTERM=truecolor"}, NULL, "38;5;", {"38;2;"}, TIER_UTF8},
    {"a Linux console without colours",
     {"TERM=linux", "NO_COLOR=1"},
     NULL,
     "\033[",
     {"38;2;", "38;5;"},
     TIER_CP437},
    {"truecolour in ASCII", {"COLORTERM=truecolor"}, "--ascii", "38;2;", {NULL}, TIER_ASCII},
    {"16 colours", {"TERM=xterm"}, NULL, ";3", {"38;2;", "38;5;"}, TIER_UTF8},
    {"no colours in a C locale",
     {"NO_COLOR=1", "LANG=C", "LC_ALL=C"},
     NULL,
     "\033[",
     {"38;2;", "38;5;"},
     TIER_ASCII},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static inline const struct kind *kind_at(size_t turn)
{
    const char *first = getenv("FLOWDECK_KIND");

    return &kinds[(turn + (first == NULL ? 0 : strtoul(first, NULL, 10))) % KINDS];
}

static inline struct vt *start_kind(const struct kind *kind, struct vt_options options,
                                    const char *const *more)
{
    const char *argv[24] = {NULL}, *env[16] = {NULL};
    int words = 0, names = 0;

    for (; more != NULL && more[words] != NULL; words++)
        argv[words] = more[words];
    argv[words] = kind->option;
    for (; options.env != NULL && options.env[names] != NULL; names++)
        env[names] = options.env[names];
    for (int i = 0; i < 4 && kind->env[i] != NULL; i++)
        env[names++] = kind->env[i];
    options.env = env;
    return start_in(options, argv);
}

/* A text as this kind shows it. */
static inline const char *on_kind(const struct kind *kind, const char *text, char *out, size_t size)
{
    size_t used = 0;

    while (*text != '\0' && used + 5 < size) {
        unsigned code;

        text += safe_text_decode(text, strlen(text), &code);
        used += glyph_encode(glyph_map(kind->tier, code), out + used);
    }
    out[used] = '\0';
    return out;
}

/* --- keys --------------------------------------------------------------------------------------------------------------- */

/* What the terminal sends for a key; a Linux console has names of its own for some. */
static inline const char *key_bytes(const struct kind *kind, uint32_t key, char out[16])
{
    static const struct {
        uint32_t key;
        const char *bytes, *console;
    } keys[] = {
        {KEY_ESC, "\033", NULL},
        {KEY_ENTER, "\r", NULL},
        {KEY_TAB, "\t", NULL},
        {KEY_SHIFT | KEY_TAB, "\033[Z", NULL},
        {KEY_BACKSPACE, "\177", NULL},
        {KEY_UP, "\033[A", NULL},
        {KEY_DOWN, "\033[B", NULL},
        {KEY_RIGHT, "\033[C", NULL},
        {KEY_LEFT, "\033[D", NULL},
        {KEY_SHIFT | KEY_UP, "\033[1;2A", NULL},
        {KEY_SHIFT | KEY_DOWN, "\033[1;2B", NULL},
        {KEY_HOME, "\033[H", "\033[1~"},
        {KEY_END, "\033[F", "\033[4~"},
        {KEY_PAGE_UP, "\033[5~", NULL},
        {KEY_PAGE_DOWN, "\033[6~", NULL},
        {KEY_F1, "\033OP", "\033[[A"},
        {KEY_F12, "\033[24~", NULL},
        {KEY_ALT | 'K', "\033K", NULL},
    };
    bool console = strstr(kind->what, "console") != NULL;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (keys[i].key == key)
            return console && keys[i].console != NULL ? keys[i].console : keys[i].bytes;
    if (key >= KEY_CTRL)
        out[0] = (char)(key_base(key) & 0x1f), out[1] = '\0';
    else
        out[glyph_encode(key, out)] = '\0';
    return out;
}

#endif
