#include "tui/terminfo.h"

#include "tui/key.h" /* before curses.h, which makes macros of the same names */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct key_cap {
    const char *name;
    uint32_t key;
};

/* The design's keys as terminfo names them. Arrow keys with modifiers have extended names in xterm's entries. */
static const struct key_cap key_caps[] = {
    {"kcuu1", KEY_UP},
    {"kcud1", KEY_DOWN},
    {"kcub1", KEY_LEFT},
    {"kcuf1", KEY_RIGHT},
    {"khome", KEY_HOME},
    {"kend", KEY_END},
    {"kpp", KEY_PAGE_UP},
    {"knp", KEY_PAGE_DOWN},
    {"kich1", KEY_INSERT},
    {"kdch1", KEY_DELETE},
    {"kcbt", KEY_SHIFT | KEY_TAB},
    {"kent", KEY_ENTER},
    {"kb2", KEY_CENTRE},
    {"kbs", KEY_BACKSPACE},
    {"kri", KEY_SHIFT | KEY_UP},
    {"kind", KEY_SHIFT | KEY_DOWN},
    {"kLFT", KEY_SHIFT | KEY_LEFT},
    {"kRIT", KEY_SHIFT | KEY_RIGHT},
    {"kHOM", KEY_SHIFT | KEY_HOME},
    {"kEND", KEY_SHIFT | KEY_END},
    {"kPRV", KEY_SHIFT | KEY_PAGE_UP},
    {"kNXT", KEY_SHIFT | KEY_PAGE_DOWN},
    {"kUP", KEY_SHIFT | KEY_UP},
    {"kDN", KEY_SHIFT | KEY_DOWN},
    {"kUP3", KEY_ALT | KEY_UP},
    {"kDN3", KEY_ALT | KEY_DOWN},
    {"kLFT3", KEY_ALT | KEY_LEFT},
    {"kRIT3", KEY_ALT | KEY_RIGHT},
    {"kUP5", KEY_CTRL | KEY_UP},
    {"kDN5", KEY_CTRL | KEY_DOWN},
    {"kLFT5", KEY_CTRL | KEY_LEFT},
    {"kRIT5", KEY_CTRL | KEY_RIGHT},
    {"kf1", KEY_F1},
    {"kf2", KEY_F2},
    {"kf3", KEY_F3},
    {"kf4", KEY_F4},
    {"kf5", KEY_F5},
    {"kf6", KEY_F6},
    {"kf7", KEY_F7},
    {"kf8", KEY_F8},
    {"kf9", KEY_F9},
    {"kf10", KEY_F10},
    {"kf11", KEY_F11},
    {"kf12", KEY_F12},
};

#include <curses.h>
/* the order matters: term.h needs curses.h */
#include <term.h>

static const char *const cap_names[CAP_COUNT] = {
#define TERMINFO_NAME(name, text) text,
    TERMINFO_LIST(TERMINFO_NAME)
#undef TERMINFO_NAME
};

/* tigetstr() wants names it may write to, and never does. */
static const char *capability(const char *name)
{
    char copy[16];
    const char *value;

    snprintf(copy, sizeof(copy), "%s", name);
    value = tigetstr(copy);
    return value == (const char *)-1 ? NULL : value;
}

static bool flag(const char *name)
{
    char copy[16];

    snprintf(copy, sizeof(copy), "%s", name);
    return tigetflag(copy) > 0;
}

/* Copies a capability without its padding. NULL if it is missing or the store is full. */
static const char *store_cap(struct terminfo *info, const char *value)
{
    char *start = info->store + info->store_size;
    size_t room = TERMINFO_STORE - info->store_size, size = 0;

    if (value == NULL || value[0] == '\0' || strlen(value) >= room)
        return NULL;
    for (const char *at = value; *at != '\0'; at++) {
        const char *end = at[0] == '$' && at[1] == '<' ? strchr(at, '>') : NULL;

        if (end != NULL)
            at = end;
        else
            start[size++] = *at;
    }
    start[size++] = '\0';
    info->store_size += size;
    return start;
}

static size_t with_figures(const char *cap, int a, int b, char out[TERMINFO_PARAM_MAX])
{
    const char *text = tiparm(cap, a, b);
    size_t size = text == NULL ? 0 : strlen(text);

    if (size >= TERMINFO_PARAM_MAX)
        return 0;
    memcpy(out, text == NULL ? "" : text, size);
    return size;
}

static size_t put_figure(char *out, int value)
{
    char digits[12];
    size_t count = 0, size = 0;

    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (count > 0)
        out[size++] = digits[--count];
    return size;
}

/* ESC [ a X, or ESC [ row ; col X for the cursor's address. */
static size_t standard_form(enum terminfo_cap cap, char final, int a, int b, char *out)
{
    size_t size = 2;

    out[0] = '\033';
    out[1] = '[';
    size += put_figure(out + size, cap == CAP_MOVE || cap == CAP_COLUMN || cap == CAP_ROW ? a + 1 : a);
    if (cap == CAP_MOVE) {
        out[size++] = ';';
        size += put_figure(out + size, b + 1);
    }
    out[size++] = final;
    return size;
}

/* Does tiparm() give just that form? Three pairs of figures tell it from all else in the database. */
static char standard_final(const char *cap_text, enum terminfo_cap cap)
{
    static const int tries[3][2] = {{3, 5}, {17, 120}, {254, 999}};
    char want[TERMINFO_PARAM_MAX], got[TERMINFO_PARAM_MAX], final = 0;

    if (cap_text == NULL)
        return 0;
    for (size_t i = 0; i < 3; i++) {
        size_t size = with_figures(cap_text, tries[i][0], tries[i][1], got);

        if (size == 0)
            return 0;
        final = got[size - 1];
        if (standard_form(cap, final, tries[i][0], tries[i][1], want) != size || memcmp(want, got, size) != 0)
            return 0;
    }
    return final;
}

size_t terminfo_param(const struct terminfo *info, enum terminfo_cap cap, int a, int b,
                      char out[TERMINFO_PARAM_MAX])
{
    if (info->cap[cap] == NULL)
        return 0;
    if (info->standard[cap] != 0)
        return standard_form(cap, info->standard[cap], a, b, out);
    return with_figures(info->cap[cap], a, b, out);
}

static bool cap_is(const struct terminfo *info, enum terminfo_cap cap, const char *text)
{
    return info->cap[cap] != NULL && strcmp(info->cap[cap], text) == 0;
}

static bool cap_is_sgr(const struct terminfo *info, enum terminfo_cap cap)
{
    size_t size;

    if (info->cap[cap] == NULL)
        return true; /* what it cannot do it need not join */
    size = strlen(info->cap[cap]);
    return size > 2 && strncmp(info->cap[cap], "\033[", 2) == 0 && info->cap[cap][size - 1] == 'm' &&
           strspn(info->cap[cap] + 2, "0123456789;") == size - 3;
}

static void learn(struct terminfo *info)
{
    static const enum terminfo_cap with_figures_caps[] = {CAP_ERASE_CHARS, CAP_MOVE, CAP_COLUMN, CAP_RIGHT,
                                                          CAP_LEFT,        CAP_ROW,  CAP_DOWN,   CAP_UP};
    char colours[] = "colors";
    int count = tigetnum(colours);

    for (int cap = 0; cap < CAP_COUNT; cap++)
        info->cap[cap] = store_cap(info, capability(cap_names[cap]));
    for (size_t i = 0; i < sizeof(with_figures_caps) / sizeof(with_figures_caps[0]); i++) {
        enum terminfo_cap cap = with_figures_caps[i];

        info->standard[cap] = standard_final(info->cap[cap], cap);
    }
    info->colours =
        count > 0 && info->cap[CAP_FOREGROUND] != NULL && info->cap[CAP_BACKGROUND] != NULL ? count : 0;
    info->bce = flag("bce");
    info->wraps_at_once = flag("am") && !flag("xenl");
    info->true_colour = flag("RGB") || flag("Tc");
    info->ansi = info->standard[CAP_MOVE] == 'H' && cap_is_sgr(info, CAP_BOLD) && cap_is_sgr(info, CAP_DIM) &&
                 cap_is_sgr(info, CAP_UNDERLINE) && cap_is_sgr(info, CAP_REVERSE);
    info->sgr_off = info->ansi && cap_is(info, CAP_UNDERLINE_OFF, "\033[24m") &&
                    (info->colours == 0 || cap_is(info, CAP_COLOURS_DEFAULT, "\033[39;49m"));
    for (size_t i = 0; i < sizeof(key_caps) / sizeof(key_caps[0]); i++) {
        const char *bytes = store_cap(info, capability(key_caps[i].name));

        if (bytes != NULL && info->key_count < TERMINFO_KEYS_MAX)
            info->key[info->key_count++] = (struct terminfo_key){bytes, key_caps[i].key};
    }
}

enum err terminfo_load(const char *term, struct terminfo *out, char why[TERMINFO_WHY_SIZE])
{
    TERMINAL *before = cur_term;
    int status = 0;

    if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0 || strcmp(term, "unknown") == 0)
        term = "vt100";
    if (setupterm(term, 1, &status) != OK &&
        (strcmp(term, "vt100") == 0 || setupterm("vt100", 1, &status) != OK)) {
        snprintf(why, TERMINFO_WHY_SIZE, "no terminfo entry for TERM=%.40s, nor for vt100", term);
        return ERR_NOT_FOUND;
    }
    *out = (struct terminfo){.colours = 0};
    snprintf(out->name, sizeof(out->name), "%.*s", (int)strcspn(termname(), "|"), termname());
    learn(out);
    del_curterm(set_curterm(before));
    if (out->cap[CAP_MOVE] == NULL || out->cap[CAP_CLEAR] == NULL) {
        snprintf(why, TERMINFO_WHY_SIZE, "TERM=%.40s cannot address the cursor", out->name);
        return ERR_UNSUPPORTED;
    }
    return ERR_OK;
}
