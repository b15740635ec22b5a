#include "tui/keyboard.h"

#include "core/base/safe_text.h"
#include "tui/key.h"

#include <string.h>

/* What the keyboard types, and in the same order the characters of a US keyboard that it stands for. */
struct layout_row {
    const char *word, *typed, *us;
};

static const struct layout_row layouts[KEYBOARDS] = {
    [KEYBOARD_US] = {"us", "", ""},
    /* beside the l, where brackets take AltGr */
    [KEYBOARD_DE] = {"de", "\u00f6\u00e4", "[]"},
    /* figures without Shift but 5 and 6, whose keys type ( and - ; the brackets without AltGr */
    [KEYBOARD_FR] = {"fr", "()&\u00e9\"'\u00e8_\u00e0;", "[]1234780."},
    [KEYBOARD_ES] = {"es", "\u00f1\u00e7", "[]"},
    [KEYBOARD_RU] = {"ru", "йцукенгшщзхъфывапролджэячсмитьбюЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ",
                     "qwertyuiop[]asdfghjkl;'zxcvbnm,.QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"},
    [KEYBOARD_UA] = {"ua", "йцукенгшщзхїфівапролджєячсмитьбюЙЦУКЕНГШЩЗХЇФІВАПРОЛДЖЄЯЧСМИТЬБЮ",
                     "qwertyuiop[]asdfghjkl;'zxcvbnm,.QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"},
    [KEYBOARD_GR] = {"gr", ";ςερτυθιοπασδφγηξκλζχψωβνμΕΡΤΥΘΙΟΠΑΣΔΦΓΗΞΚΛΖΧΨΩΒΝΜ",
                     "qwertyuiopasdfghjklzxcvbnmERTYUIOPASDFGHJKLZXCVBNM"},
    /* Shift types Latin capitals there; its key q types the / that finds, so Q quits */
    [KEYBOARD_HE] = {"he", "Q'קראטוןםפשדגכעיחלךףזסבהנמצתץ", "qwertyuiopasdfghjkl;zxcvbnm,."},
};

enum keyboard keyboard_named(const char *word)
{
    for (int i = 0; i < KEYBOARDS; i++)
        if (strcmp(layouts[i].word, word) == 0)
            return (enum keyboard)i;
    return KEYBOARD_US;
}

uint32_t keyboard_key(enum keyboard keyboard, uint32_t typed)
{
    const struct layout_row *layout = &layouts[keyboard];
    uint32_t base = key_base(typed);
    size_t place = 0;

    if (base >= KEY_FIRST)
        return typed;
    for (const char *at = layout->typed; *at != '\0'; place++) {
        unsigned code;

        at += safe_text_decode(at, strlen(at), &code);
        if (code == base)
            return (uint32_t)(unsigned char)layout->us[place] | (typed & ~key_base(typed));
    }
    return typed;
}

/* What the keyboard types as well, as US ones do, is shown as it is: a figure, a colon. */
static int is_elsewhere(char us)
{
    return (us >= 'a' && us <= 'z') || (us >= 'A' && us <= 'Z') || strchr("[]<>", us) != NULL;
}

uint32_t keyboard_shown(enum keyboard keyboard, uint32_t key)
{
    const struct layout_row *layout = &layouts[keyboard];
    uint32_t base = key_base(key);
    size_t place = 0;

    if (base >= 0x80 || base == 0 || !is_elsewhere((char)base) || (key & KEY_CTRL) != 0)
        return key;
    for (const char *at = layout->typed; *at != '\0'; place++) {
        unsigned code;

        at += safe_text_decode(at, strlen(at), &code);
        if ((uint32_t)(unsigned char)layout->us[place] == base)
            return code | (key & ~base);
    }
    return key;
}
