/*
 * terminfo.h - what the terminal can do, copied once out of the terminfo database.
 *
 * The one place beside the curses back end that touches ncurses. Padding ($<5>) is dropped: no terminal of today
 * needs it. Sequences with figures go through tiparm(); those of the common form `ESC [ n ; m X` are recognised at
 * load by comparing what tiparm() gives, and written directly after that.
 */
#ifndef TUI_TERMINFO_H
#define TUI_TERMINFO_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TERMINFO_STORE     8192 /* bytes of all strings of an entry that we use */
#define TERMINFO_KEYS_MAX  80
#define TERMINFO_WHY_SIZE  160
#define TERMINFO_PARAM_MAX 64 /* bytes a sequence with its figures may have */

/* X(name, "capability"): the strings we use, as terminfo calls them. Missing ones are NULL. */
#define TERMINFO_LIST(X)                                                                                     \
    X(CLEAR, "clear")                                                                                        \
    X(ERASE_LINE, "el")                                                                                      \
    X(ERASE_CHARS, "ech")                                                                                    \
    X(REGION, "csr")                                                                                         \
    X(INSERT_LINES, "il")                                                                                    \
    X(DELETE_LINES, "dl")                                                                                    \
    X(MOVE, "cup")                                                                                           \
    X(COLUMN, "hpa")                                                                                         \
    X(RIGHT, "cuf")                                                                                          \
    X(RIGHT_1, "cuf1")                                                                                       \
    X(LEFT, "cub")                                                                                           \
    X(LEFT_1, "cub1")                                                                                        \
    X(ROW, "vpa")                                                                                            \
    X(DOWN, "cud")                                                                                           \
    X(DOWN_1, "cud1")                                                                                        \
    X(UP, "cuu")                                                                                             \
    X(UP_1, "cuu1")                                                                                          \
    X(BOLD, "bold")                                                                                          \
    X(DIM, "dim")                                                                                            \
    X(UNDERLINE, "smul")                                                                                     \
    X(UNDERLINE_OFF, "rmul")                                                                                 \
    X(REVERSE, "rev")                                                                                        \
    X(RESET, "sgr0")                                                                                         \
    X(FOREGROUND, "setaf")                                                                                   \
    X(BACKGROUND, "setab")                                                                                   \
    X(COLOURS_DEFAULT, "op")                                                                                 \
    X(CURSOR_HIDE, "civis")                                                                                  \
    X(CURSOR_SHOW, "cnorm")                                                                                  \
    X(SCREEN_ENTER, "smcup")                                                                                 \
    X(SCREEN_LEAVE, "rmcup")                                                                                 \
    X(ASK_CURSOR, "u7")

enum terminfo_cap {
#define TERMINFO_ENUM(name, text) CAP_##name,
    TERMINFO_LIST(TERMINFO_ENUM)
#undef TERMINFO_ENUM
        CAP_COUNT
};

struct terminfo_key {
    const char *bytes;
    uint32_t key; /* tui/key.h */
};

struct terminfo {
    char name[64];
    const char *cap[CAP_COUNT]; /* into store, NULL: cannot */
    char standard[CAP_COUNT]; /* final byte if the sequence is `ESC [ n ; m X` with figures from 1, else 0 */
    int colours;              /* 0: none */
    bool bce;                 /* erased cells take the background colour */
    bool wraps_at_once; /* a character in the last column moves to the next line at once (am, not xenl) */
    bool true_colour;   /* the entry says so (RGB, Tc) */
    bool ansi;          /* ECMA-48: CSI sequences, SGR that can be joined */
    bool sgr_off;       /* knows SGR 22, 24, 27, 39, 49 */
    struct terminfo_key key[TERMINFO_KEYS_MAX];
    size_t key_count;
    char store[TERMINFO_STORE];
    size_t store_size;
};

/*
 * The entry of this name. NULL, "", "dumb", "unknown" and names without an entry give vt100, which the terminals of
 * today understand. An entry that cannot address the cursor is ERR_UNSUPPORTED. out is 9 kB and must not move.
 */
enum err terminfo_load(const char *term, struct terminfo *out, char why[TERMINFO_WHY_SIZE]);

/*
 * The sequence with its figures (rows and columns from 0, as terminfo counts). Returns its length, 0 if the terminal
 * cannot. Never more than TERMINFO_PARAM_MAX.
 */
size_t terminfo_param(const struct terminfo *info, enum terminfo_cap cap, int a, int b,
                      char out[TERMINFO_PARAM_MAX]);

#endif
