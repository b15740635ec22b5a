#include "tui/key.h"

#include "core/base/safe_text.h"
#include "tui/glyphs.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct key_word {
    uint32_t key;
    const char *name;
};

static const struct key_word key_words[] = {
    {KEY_ESC, "Esc"},
    {KEY_ENTER, "Enter"},
    {KEY_TAB, "Tab"},
    {KEY_BACKSPACE, "Backspace"},
    {KEY_UP, "Up"},
    {KEY_DOWN, "Down"},
    {KEY_LEFT, "Left"},
    {KEY_RIGHT, "Right"},
    {KEY_HOME, "Home"},
    {KEY_END, "End"},
    {KEY_PAGE_UP, "PageUp"},
    {KEY_PAGE_DOWN, "PageDown"},
    {KEY_INSERT, "Insert"},
    {KEY_DELETE, "Delete"},
    {KEY_CENTRE, "Centre"},
    {KEY_F1, "F1"},
    {KEY_F2, "F2"},
    {KEY_F3, "F3"},
    {KEY_F4, "F4"},
    {KEY_F5, "F5"},
    {KEY_F6, "F6"},
    {KEY_F7, "F7"},
    {KEY_F8, "F8"},
    {KEY_F9, "F9"},
    {KEY_F10, "F10"},
    {KEY_F11, "F11"},
    {KEY_F12, "F12"},
    {' ', "Space"},
    {KEY_MOUSE, "mouse"},
    {KEY_PASTE, "paste"},
    {KEY_FOCUS_IN, "focus-in"},
    {KEY_FOCUS_OUT, "focus-out"},
    {KEY_REPLY_CURSOR, "cursor-reply"},
    {KEY_REPLY_STATUS, "status-reply"},
    {KEY_REPLY_MODE, "mode-reply"},
};

/* Other names that settings may use. */
static const struct key_word key_aliases[] = {
    {KEY_PAGE_UP, "PgUp"},
    {KEY_PAGE_DOWN, "PgDn"},
    {KEY_ENTER, "Return"},
    {KEY_ESC, "Escape"},
    {KEY_DELETE, "Del"},
    {KEY_INSERT, "Ins"},
    {KEY_UP, "\u2191"},
    {KEY_DOWN, "\u2193"},
    {KEY_LEFT, "\u2190"},
    {KEY_RIGHT, "\u2192"},
    {KEY_SHIFT | KEY_UP, "S-\u2191"},
    {KEY_SHIFT | KEY_DOWN, "S-\u2193"},
};

static const struct key_word key_modifiers[] = {
    {KEY_CTRL, "Ctrl-"}, {KEY_ALT, "Alt-"}, {KEY_SHIFT, "Shift-"}};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *key_to_name(uint32_t key, char out[32])
{
    uint32_t base = key_base(key);
    size_t used = 0;
    char bytes[5] = {0};

    for (size_t i = 0; i < COUNT(key_modifiers); i++)
        if (key & key_modifiers[i].key)
            used += (size_t)snprintf(out + used, 32 - used, "%s", key_modifiers[i].name);
    for (size_t i = 0; i < COUNT(key_words); i++)
        if (key_words[i].key == base) {
            snprintf(out + used, 32 - used, "%s", key_words[i].name);
            return out;
        }
    if (base >= KEY_FIRST || safe_text_codepoint_columns(base) < 1) {
        snprintf(out + used, 32 - used, "U+%04x", base);
        return out;
    }
    if ((key & KEY_CTRL) && base >= 'a' && base <= 'z')
        base -= 'a' - 'A';
    glyph_encode(base, bytes);
    snprintf(out + used, 32 - used, "%s", bytes);
    return out;
}

uint32_t key_from_name(const char *name)
{
    uint32_t modifiers = 0;
    unsigned code;
    size_t size;

    for (size_t i = 0; i < COUNT(key_modifiers); i++) {
        size = strlen(key_modifiers[i].name);
        if (strncasecmp(name, key_modifiers[i].name, size) == 0 && name[size] != '\0') {
            modifiers |= key_modifiers[i].key;
            name += size;
        }
    }
    for (size_t i = 0; i < COUNT(key_words); i++)
        if (key_words[i].key < KEY_MOUSE && strcasecmp(name, key_words[i].name) == 0)
            return key_words[i].key | modifiers;
    for (size_t i = 0; i < COUNT(key_aliases); i++)
        if (strcasecmp(key_aliases[i].name, name) == 0)
            return key_aliases[i].key | modifiers;
    size = strlen(name);
    if (size == 0 || safe_text_decode(name, size, &code) != size || safe_text_codepoint_columns(code) < 1)
        return 0;
    if ((modifiers & KEY_CTRL) && code >= 'A' && code <= 'Z')
        code += 'a' - 'A';
    if (modifiers & KEY_SHIFT) { /* normal form: the case is in the code */
        modifiers &= ~(uint32_t)KEY_SHIFT;
        if (code >= 'a' && code <= 'z')
            code -= 'a' - 'A';
    }
    return code | modifiers;
}
