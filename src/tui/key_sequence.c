#include "tui/key_sequence.h"

#include <string.h>

#define PARAM_MAX   8
#define PARAM_LIMIT 1000000 /* larger figures mean nothing here */

/* A CSI sequence taken apart: ESC [ private params intermediate final. */
struct csi {
    char private_mark; /* one of < = > ? or 0 */
    char intermediate; /* the last of 0x20..0x2f, or 0 */
    char final;
    int param[PARAM_MAX];   /* -1: left out */
    int param_2[PARAM_MAX]; /* after a colon: CSI-u's shifted key or event type */
    int count;
};

struct final_key {
    char final;
    uint32_t key;
};

static void csi_digit(int *value, char digit)
{
    *value = (*value < 0 ? 0 : *value) * 10 + (digit - '0');
    if (*value > PARAM_LIMIT)
        *value = PARAM_LIMIT;
}

static struct csi csi_parse(const char *seq, size_t size)
{
    struct csi csi = {.final = seq[size - 1], .count = 1};
    int colons = 0;

    for (int i = 0; i < PARAM_MAX; i++)
        csi.param[i] = csi.param_2[i] = -1;
    for (size_t i = 1; i + 1 < size; i++) {
        char byte = seq[i];
        int at = csi.count - 1;

        if (byte >= '0' && byte <= '9') {
            if (colons == 0)
                csi_digit(&csi.param[at], byte);
            else if (colons == 1)
                csi_digit(&csi.param_2[at], byte);
        } else if (byte == ':') {
            colons++;
        } else if (byte == ';') {
            colons = 0;
            if (csi.count < PARAM_MAX)
                csi.count++;
        } else if (byte >= '<' && byte <= '?') {
            csi.private_mark = byte;
        } else {
            csi.intermediate = byte;
        }
    }
    return csi;
}

/* xterm's figure: 1 + bits for shift 1, alt 2, ctrl 4; locks and the rest are nothing to us. */
static uint32_t modifiers(int figure)
{
    int bits = figure > 0 ? figure - 1 : 0;

    return (bits & 1 ? KEY_SHIFT : 0u) | (bits & 2 ? KEY_ALT : 0u) | (bits & 4 ? KEY_CTRL : 0u);
}

static uint32_t find_final(const struct final_key *table, size_t count, char final)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].final == final)
            return table[i].key;
    return 0;
}

/* CSI n ~ and what rxvt puts in place of the tilde. */
static uint32_t tilde_key(int number)
{
    static const uint32_t keys[] = {
        [1] = KEY_HOME,    [2] = KEY_INSERT,    [3] = KEY_DELETE, [4] = KEY_END,
        [5] = KEY_PAGE_UP, [6] = KEY_PAGE_DOWN, [7] = KEY_HOME,   [8] = KEY_END,
        [11] = KEY_F1,     [12] = KEY_F2,       [13] = KEY_F3,    [14] = KEY_F4,
        [15] = KEY_F5,     [17] = KEY_F6,       [18] = KEY_F7,    [19] = KEY_F8,
        [20] = KEY_F9,     [21] = KEY_F10,      [23] = KEY_F11,   [24] = KEY_F12,
        [29] = 0,
    };

    if (number == 200)
        return KEY_PASTE_BEGINS;
    return number > 0 && number < (int)(sizeof(keys) / sizeof(keys[0])) ? keys[number] : 0;
}

/* Keypad keys in kitty's part of the private-use area: 57399 and on. */
static uint32_t keypad_private(int code)
{
    static const uint32_t keys[] = {
        '0',      '1',     '2',        '3',        '4',        '5',      '6',         '7',
        '8',      '9',     '.',        '/',        '*',        '-',      '+',         KEY_ENTER,
        '=',      ',',     KEY_LEFT,   KEY_RIGHT,  KEY_UP,     KEY_DOWN, KEY_PAGE_UP, KEY_PAGE_DOWN,
        KEY_HOME, KEY_END, KEY_INSERT, KEY_DELETE, KEY_CENTRE,
    };
    int at = code - 57399;

    return at >= 0 && at < (int)(sizeof(keys) / sizeof(keys[0])) ? keys[at] : 0;
}

static int upper(int code)
{
    if ((code >= 'a' && code <= 'z') || (code >= 0x430 && code <= 0x44f))
        return code - 0x20;
    return code;
}

/* Can it be typed? Not the control characters, the surrogates, and what is beyond Unicode. */
static bool typed_code(int code)
{
    return (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code < 0xd800) ||
           (code >= 0xe000 && code <= 0x10ffff);
}

/* A code point with modifiers, as CSI-u and modifyOtherKeys say it, in normal form. 0: not a key. */
static uint32_t coded_key(int code, int shifted, uint32_t mods)
{
    switch (code) {
    case 8:
    case 127:
        return KEY_BACKSPACE | mods;
    case 9:
        return KEY_TAB | mods;
    case 10:
    case 13:
        return KEY_ENTER | mods;
    case 27:
        return KEY_ESC | mods;
    default:
        break;
    }
    if (code >= 0xe000 && code <= 0xf8ff) {
        uint32_t key = keypad_private(code);

        return key == 0 ? 0 : key | mods;
    }
    if (!typed_code(code))
        return 0;
    if (mods & KEY_CTRL) {
        if (code >= 'A' && code <= 'Z')
            code += 0x20;
    } else if (mods & KEY_SHIFT) {
        code = typed_code(shifted) ? shifted : upper(code);
    }
    if (code != ' ')
        mods &= ~(uint32_t)KEY_SHIFT;
    return (uint32_t)code | mods;
}

static bool decode_mouse(const struct csi *csi, struct key_event *event)
{
    int figure = csi->param[0];
    int button = figure & 3;

    if (figure < 0 || csi->param[1] < 1 || csi->param[2] < 1)
        return false;
    event->key = KEY_MOUSE | (figure & 4 ? KEY_SHIFT : 0u) | (figure & 8 ? KEY_ALT : 0u) |
                 (figure & 16 ? KEY_CTRL : 0u);
    event->col = csi->param[1] - 1;
    event->row = csi->param[2] - 1;
    event->action = figure & 32 ? MOUSE_MOVE : csi->final == 'm' ? MOUSE_RELEASE : MOUSE_PRESS;
    if (figure & 128)
        event->button = MOUSE_OTHER;
    else if (figure & 64)
        event->button = button == 0 ? MOUSE_WHEEL_UP : button == 1 ? MOUSE_WHEEL_DOWN : MOUSE_OTHER;
    else
        event->button = (enum mouse_button)button; /* 0..3 are left, middle, right, none */
    return true;
}

/* CSI ... R: a cursor reply, or F3 with modifiers. */
static bool decode_r(const struct csi *csi, bool cursor_asked, struct key_event *event)
{
    if (csi->private_mark != 0 || csi->param[1] < 1)
        return false;
    if (!cursor_asked && csi->param[0] == 1 && csi->param[1] <= 8) {
        event->key = KEY_F3 | modifiers(csi->param[1]);
        return true;
    }
    event->key = KEY_REPLY_CURSOR;
    event->row = csi->param[0] - 1;
    event->col = csi->param[1] - 1;
    return csi->param[0] >= 1;
}

static bool decode_reply(const struct csi *csi, struct key_event *event)
{
    if (csi->final == 'n' && csi->private_mark == 0 && (csi->param[0] == 0 || csi->param[0] == 3)) {
        event->key = KEY_REPLY_STATUS;
        return true;
    }
    if (csi->final == 'y' && csi->private_mark == '?' && csi->intermediate == '$' && csi->param[0] >= 0 &&
        csi->param[1] >= 0) {
        event->key = KEY_REPLY_MODE;
        event->mode = csi->param[0];
        event->mode_state = csi->param[1];
        return true;
    }
    return false;
}

/* Keys with a figure: CSI n ; mods ~ (rxvt: $ shift, ^ ctrl, @ both), CSI code ; mods u, CSI 27 ; mods ; code ~. */
static bool decode_numbered(const struct csi *csi, struct key_event *event)
{
    uint32_t mods = modifiers(csi->param[1]);
    uint32_t key;

    if (csi->param_2[1] == 3) /* released */
        return false;
    if (csi->final == 'u') {
        event->key = coded_key(csi->param[0], csi->param_2[0], mods);
        return event->key != 0;
    }
    if (csi->param[0] == 27 && csi->param[2] >= 0) {
        event->key = coded_key(csi->param[2], -1, mods);
        return event->key != 0;
    }
    if (csi->final == '$' || csi->final == '@')
        mods |= KEY_SHIFT;
    if (csi->final == '^' || csi->final == '@')
        mods |= KEY_CTRL;
    key = tilde_key(csi->param[0]);
    event->key = key == 0 || key == KEY_PASTE_BEGINS ? key : key | mods;
    return key != 0;
}

static bool decode_csi(const struct csi *csi, bool cursor_asked, struct key_event *event)
{
    static const struct final_key finals[] = {
        {'A', KEY_UP},
        {'B', KEY_DOWN},
        {'C', KEY_RIGHT},
        {'D', KEY_LEFT},
        {'E', KEY_CENTRE},
        {'F', KEY_END},
        {'H', KEY_HOME},
        {'P', KEY_F1},
        {'Q', KEY_F2},
        {'S', KEY_F4},
        {'Z', KEY_SHIFT | KEY_TAB},
        {'a', KEY_SHIFT | KEY_UP},
        {'b', KEY_SHIFT | KEY_DOWN},
        {'c', KEY_SHIFT | KEY_RIGHT},
        {'d', KEY_SHIFT | KEY_LEFT},
        {'I', KEY_FOCUS_IN},
        {'O', KEY_FOCUS_OUT},
    };
    uint32_t key;

    if (csi->private_mark == '<')
        return (csi->final == 'M' || csi->final == 'm') && decode_mouse(csi, event);
    if (csi->final == 'R')
        return decode_r(csi, cursor_asked, event);
    if (csi->final == 'n' || csi->final == 'y')
        return decode_reply(csi, event);
    if (csi->private_mark != 0 || csi->intermediate != 0)
        return false;
    if (csi->final == '~' || csi->final == 'u' || csi->final == '$' || csi->final == '^' || csi->final == '@')
        return decode_numbered(csi, event);
    key = find_final(finals, sizeof(finals) / sizeof(finals[0]), csi->final);
    if (key == 0 || csi->param_2[1] == 3)
        return false;
    event->key = key == KEY_FOCUS_IN || key == KEY_FOCUS_OUT ? key : key | modifiers(csi->param[1]);
    return true;
}

/* ESC O: keypad and function keys; old xterms put the modifiers' figure before the final byte. */
static bool decode_ss3(const char *seq, size_t size, struct key_event *event)
{
    static const struct final_key finals[] = {
        {'A', KEY_UP},
        {'B', KEY_DOWN},
        {'C', KEY_RIGHT},
        {'D', KEY_LEFT},
        {'E', KEY_CENTRE},
        {'F', KEY_END},
        {'H', KEY_HOME},
        {'M', KEY_ENTER},
        {'P', KEY_F1},
        {'Q', KEY_F2},
        {'R', KEY_F3},
        {'S', KEY_F4},
        {'I', KEY_TAB},
        {'X', '='},
        {' ', ' '},
        {'j', '*'},
        {'k', '+'},
        {'l', ','},
        {'m', '-'},
        {'n', '.'},
        {'o', '/'},
        {'p', '0'},
        {'q', '1'},
        {'r', '2'},
        {'s', '3'},
        {'t', '4'},
        {'u', '5'},
        {'v', '6'},
        {'w', '7'},
        {'x', '8'},
        {'y', '9'},
        {'a', KEY_CTRL | KEY_UP},
        {'b', KEY_CTRL | KEY_DOWN},
        {'c', KEY_CTRL | KEY_RIGHT},
        {'d', KEY_CTRL | KEY_LEFT},
    };
    struct csi csi = csi_parse(seq, size);
    uint32_t key = find_final(finals, sizeof(finals) / sizeof(finals[0]), csi.final);

    if (key == 0)
        return false;
    event->key = key | modifiers(csi.param[csi.count - 1]);
    if (key < KEY_FIRST && key != ' ')
        event->key &= ~(uint32_t)KEY_SHIFT;
    return true;
}

bool key_sequence_decode(const char *seq, size_t size, bool cursor_asked, struct key_event *event)
{
    struct csi csi;

    *event = (struct key_event){0};
    if (size < 2)
        return false;
    if (seq[0] == 'O')
        return decode_ss3(seq, size, event);
    if (seq[1] == '[') { /* Linux console: ESC [ [ A to E */
        event->key = size == 3 && seq[2] >= 'A' && seq[2] <= 'E' ? KEY_F1 + (uint32_t)(seq[2] - 'A') : 0;
        return event->key != 0;
    }
    csi = csi_parse(seq, size);
    return decode_csi(&csi, cursor_asked, event);
}
