/*
 * keymap.h - the one list of keys: key, context, name, action, help.
 *
 * Dispatch, the help overlay and the manual are made from it. A key means one thing in one context; the ui
 * asks the innermost context first, then those around it (KEYS.md, first paragraph). A struct keymap is the list as its
 * user has it: other keys for some names, and a keyboard.
 */
#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include "tui/key.h"
#include "tui/keyboard.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_context {
    CONTEXT_ALL,      /* every screen and every question, not a text field */
    CONTEXT_TRADE,    /* Trade, whatever has the focus */
    CONTEXT_LADDER,   /* Trade, the ladder has the focus */
    CONTEXT_LIST,     /* a list has the focus */
    CONTEXT_ASK,      /* a question stands */
    CONTEXT_TEXT,     /* a text field: letters are letters */
    CONTEXT_TICKET,   /* the order form: figures are typed */
    CONTEXT_MOVE,     /* an order is picked up */
    CONTEXT_REPLAY,   /* recordings play */
    CONTEXT_PAGE,     /* help or a detail is open */
    CONTEXT_RISK,     /* screen 5 */
    CONTEXT_STRATEGY, /* screen 4 */
    CONTEXT_MARKET,   /* screen 3 */
    CONTEXT_CHART,    /* screen 2 */
    CONTEXT_RESULTS,  /* screen 6 */
    CONTEXT_JOURNAL,  /* screen 7 */
    CONTEXT_SYSTEM,   /* screen 8 */
    CONTEXT_CHOOSE,   /* a theme or a layout is chosen */
    KEY_CONTEXTS
};

/* X(NAME). By hand: clang-format nests every X() one deeper than the last. */
/* clang-format off */
#define KEY_ACTION_LIST(X) \
    X(KILL) X(PAUSE) X(SIMULATION) X(OBSERVATION) X(LEAVE) X(INTERRUPT) X(QUIT) X(HELP) X(COMMAND)        \
    X(FIND) X(TAB_NEXT) X(TAB_PREV) X(FOCUS) X(INSTRUMENT_NEXT) X(INSTRUMENT_PREV) X(ZOOM) X(FREEZE)      \
    X(VIEW_NEXT) X(REDRAW) X(STOP_REFUSED) X(ARM) X(SCREEN_1) X(SCREEN_2) X(SCREEN_3) X(SCREEN_4)         \
    X(SCREEN_5) X(SCREEN_6) X(SCREEN_7) X(SCREEN_8) X(UP) X(DOWN) X(PAGE_UP) X(PAGE_DOWN) X(TICK_UP)      \
    X(TICK_DOWN) X(LEFT) X(RIGHT) X(INSIDE) X(CENTRE) X(FINER) X(COARSER) X(SIZE_DOWN) X(SIZE_UP)         \
    X(SIZE_TYPE) X(TICKET) X(LIMIT) X(MARKET) X(MARKET_HINT) X(STOP) X(CANCEL) X(CANCEL_ALL) X(PICK)      \
    X(PUT) X(FLATTEN) X(REVERSE) X(ALERT) X(CLEAR_VISIT) X(STEP) X(SLOWER) X(FASTER) X(BOOKMARK) X(YES)   \
    X(NO) X(CHOOSE) X(MOVE_FOCUS) X(DETACH) X(STOP_ENGINE) X(COPY) X(WHY) X(SORT) X(SORT_TURN) X(FIRST)     \
    X(LAST) X(ERASE) X(COMPLETE) X(OLDER) X(NEWER) X(DONE) X(NEXT_FIELD) X(PREV_FIELD) X(CAPS) X(PAGE)   \
    X(TOGGLE) X(RELOAD) X(PAST) X(EXPORT) X(FOLLOW)
/* clang-format on */

enum key_action {
    ACT_NONE,
#define KEY_ACTION_ENUM(name) ACT_##name,
    KEY_ACTION_LIST(KEY_ACTION_ENUM)
#undef KEY_ACTION_ENUM
        KEY_ACTIONS
};

struct key_binding {
    uint32_t key;
    enum key_context context;
    enum key_action action;
    const char *name; /* for configuration and manual: "row-up" */
    const char *help; /* "cursor one row up"; "" where another key of the same action has it */
};

size_t keymap_count(void);
const struct key_binding *keymap_at(size_t index); /* in the order of help; NULL past the end */
/* What the key does in just this context; NULL: nothing. */
const struct key_binding *keymap_find(enum key_context context, uint32_t key);
/* How many rows a key of a list goes down: `all` to the last, negative upwards; 0: it is no such key. */
int keymap_rows(enum key_action action, int all);
/* In a question, in the order form and with an order picked up, too, besides their own keys. */
bool key_works_everywhere(enum key_action action);
const char *key_context_name(enum key_context context);  /* "LADDER" */
const char *key_context_place(enum key_context context); /* "on the ladder" */
const char *key_glyph(uint32_t key,
                      char out[32]); /* as key_to_name(), arrows as arrows: "S-\u2191", "PgUp" */
/* All keys of an action in a context, as help shows them: "Up k". Returns out. */
const char *keymap_keys(enum key_context context, enum key_action action, char *out, size_t size);

/* --- as its user has it (keymap_user.c) --------------------------------------------------------------------------- */

#define KEYMAP_MAX       320 /* bindings */
#define KEYMAP_KEYS_MAX  8   /* keys of one name */
#define KEYMAP_WHY_SIZE  256
#define KEYMAP_TEXT_SIZE 128 /* the keys of a name in a setting, NUL included */

struct keymap {
    enum keyboard keyboard;
    bool latin; /* the terminal has no other letters: keys are shown as a US keyboard has them */
    size_t count;
    struct key_binding binding[KEYMAP_MAX];
    bool own[KEYMAP_MAX]; /* not of the list above */
};

bool keymap_is_fixed(enum key_action action); /* keeps its key, whatever else gets another one */
void keymap_init(struct keymap *map, enum keyboard keyboard); /* the list above */
/* The keys of a name as a setting writes them: "Up,k"; "none": without a key. Returns out. */
const char *keymap_setting(const struct keymap *map, const char *name, char out[KEYMAP_TEXT_SIZE]);
/*
 * Other keys for a name, as such a setting has them; kill gets them besides its own. False: why says which of them is no
 * key, or cannot be one of this name, and what is allowed; map is as it was.
 */
bool keymap_rebind(struct keymap *map, const char *name, const char *keys, char why[KEYMAP_WHY_SIZE]);
/* NULL: none; else the name whose new key means something else already where both work, or is not safe there. */
const char *keymap_conflict(const struct keymap *map, char why[KEYMAP_WHY_SIZE]);
/* As keymap_find(); key is what was typed on its keyboard. */
const struct key_binding *keymap_lookup(const struct keymap *map, enum key_context context, uint32_t key);
/* As keymap_keys(), as its keyboard has them; "" for an action without a key. Returns out. */
const char *keymap_shown(const struct keymap *map, enum key_context context, enum key_action action,
                         char *out, size_t size);
const char *keymap_key_shown(const struct keymap *map, uint32_t key, char out[32]); /* "\u2191", "Space" */

#endif
