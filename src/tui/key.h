/*
 * key.h - a key, mouse, paste or answer of the terminal, as one number and a few figures.
 *
 * A key is a Unicode code point or a KEY_* name, with KEY_SHIFT, KEY_ALT, KEY_CTRL added as bits, so a binding is
 * one number: 'u', 'K', KEY_CTRL | 'c', KEY_SHIFT | KEY_UP, KEY_ALT | 'K', KEY_SHIFT | KEY_TAB, 0x41a (К).
 * Normal form: a letter carries its case in the code and never KEY_SHIFT; Ctrl-letters are KEY_CTRL and the lower-case
 * letter; Enter, Tab, Backspace and Esc have names and are never KEY_CTRL letters; keypad keys are their characters.
 * (ncurses has macros of the same names: never include curses.h beside this.)
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_code {
    KEY_FIRST = 0x110000, /* above Unicode */
    KEY_ESC,
    KEY_ENTER,
    KEY_TAB,
    KEY_BACKSPACE,
    KEY_UP,
    KEY_DOWN,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_HOME,
    KEY_END,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_INSERT,
    KEY_DELETE,
    KEY_CENTRE, /* the 5 of a keypad */
    KEY_F1,
    KEY_F2,
    KEY_F3,
    KEY_F4,
    KEY_F5,
    KEY_F6,
    KEY_F7,
    KEY_F8,
    KEY_F9,
    KEY_F10,
    KEY_F11,
    KEY_F12,

    /* Not keys, but what comes the same way. Fields as said at struct key_event. */
    KEY_MOUSE,
    KEY_PASTE,
    KEY_FOCUS_IN,
    KEY_FOCUS_OUT,
    KEY_REPLY_CURSOR, /* CSI row ; col R */
    KEY_REPLY_STATUS, /* CSI 0 n, or 3 n of a terminal that is not well */
    KEY_REPLY_MODE,   /* CSI ? mode ; state $ y */
    KEY_LAST
};

enum key_modifier { KEY_SHIFT = 1 << 24, KEY_ALT = 1 << 25, KEY_CTRL = 1 << 26 };

enum mouse_button {
    MOUSE_LEFT,
    MOUSE_MIDDLE,
    MOUSE_RIGHT,
    MOUSE_NONE, /* moved without a button */
    MOUSE_WHEEL_UP,
    MOUSE_WHEEL_DOWN,
    MOUSE_OTHER
};
enum mouse_action { MOUSE_PRESS, MOUSE_RELEASE, MOUSE_MOVE };

struct key_event {
    uint32_t key; /* code point or enum key_code, with enum key_modifier bits */

    /*
     * A lone Esc was reported less than 500 ms ago. `Esc K` typed with a pause is 'K' with after_esc; typed fast
     * (in one read) it is KEY_ALT | 'K'. Both mean kill in a text field. For other letters an unbound KEY_ALT | x is
     * best taken as Esc, then x: a bad line joins what was typed apart.
     */
    bool after_esc;

    /* KEY_MOUSE: cell from 0. KEY_REPLY_CURSOR: cell from 0. */
    int row, col;
    enum mouse_button button;
    enum mouse_action action;

    /* KEY_PASTE: bytes dropped. */
    uint64_t paste_bytes;
    /* KEY_PASTE without brackets: if it was one and the same character, that character, else 0. So a key held
     * down while the line stalled can be told from a paste: seventeen K at once still mean kill. */
    uint32_t paste_repeat;

    /* KEY_REPLY_MODE: 0 unknown, 1 set, 2 reset, 3 always set, 4 never. */
    int mode, mode_state;
};

/* "Shift-Up", "Ctrl-C", "Alt-K", "F12", "Space", "u"; for help, logs and tests. Returns out. */
const char *key_to_name(uint32_t key, char out[32]);

/* The key of such a name, 0 if it is none. For key maps in the configuration. Case of single letters counts. */
uint32_t key_from_name(const char *name);

static inline uint32_t key_base(uint32_t key)
{
    return key & 0xffffff;
}

#endif
