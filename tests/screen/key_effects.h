/*
 * key_effects.h - what each key of the table does in each place it works, as a user sees it: the rows of key_trial.h.
 */
#ifndef SCREEN_KEY_EFFECTS_H
#define SCREEN_KEY_EFFECTS_H

#include "tui/keymap.h"

#define STEPS 3

enum outcome {
    SHOWS,   /* somewhere on the screen */
    STATES,  /* in the first row */
    SAYS,    /* in the answers' row */
    TURNS,   /* another picture; the keys back bring the very picture again */
    CHANGES, /* another picture */
    ANSWERS, /* another picture, or words that say why not */
    SAME,    /* nothing */
    TYPED,   /* a letter in the field */
    ENDS     /* the program */
};

struct effect {
    enum key_context context; /* KEY_CONTEXTS: wherever rows are chosen */
    enum key_action action;   /* ACT_NONE: what keys of everywhere do there that have no row of their own */
    enum outcome outcome;
    const char *want, *before, *back; /* keys that make it visible, keys that lead back to the place */
    const char *then, *gone;          /* what those bring; what the key takes from the first row */
};

struct place {
    const char *name;
    enum key_context context;
    const char *enter[STEPS][2]; /* keys, and what they bring; from the ladder */
    const char *leave;           /* to the ladder again */
    const char *title; /* stands as long as one is there; NULL: one of the eight screens, where keys of
                                    everywhere do what they do on each */
    bool closed;       /* cannot be entered: what the first keys bring says why */
    bool ends;         /* nor can the state last there: it ends with those keys */
};

#define ESC  "\033"
#define HOME "order flow" /* Trade is there */

/* Its name, context, key, and what stands on it. */
#define EACH_SCREEN(ROW)                                                                                     \
    ROW("2 Chart", CONTEXT_CHART, ACT_SCREEN_2, "2", "VWAP of the day"),                                     \
        ROW("3 Market", CONTEXT_MARKET, ACT_SCREEN_3, "3", "spread bp"),                                     \
        ROW("4 Strategy", CONTEXT_STRATEGY, ACT_SCREEN_4, "4", "of 6 on"),                                   \
        ROW("5 Risk", CONTEXT_RISK, ACT_SCREEN_5, "5", "\u2500 limits"),                                     \
        ROW("6 Results", CONTEXT_RESULTS, ACT_SCREEN_6, "6", "30 days"),                                     \
        ROW("7 Journal", CONTEXT_JOURNAL, ACT_SCREEN_7, "7", "\u2500 journal"),                              \
        ROW("8 System", CONTEXT_SYSTEM, ACT_SCREEN_8, "8", "y copy  Y file")

#define SCREEN_PLACE(name, context, action, key, shown)                                                      \
    {                                                                                                        \
        name, context, {{key, shown}}, "1", .title = NULL                                                    \
    }

#define SCREEN_SHOWS(name, context, action, key, shown)                                                      \
    {                                                                                                        \
        CONTEXT_ALL, action, SHOWS, .want = (shown)                                                          \
    }

static const struct place places[] = {
    {"the ladder", CONTEXT_LADDER, {{NULL}}, "1", .title = NULL},
    {"a list", CONTEXT_LIST, {{"v", "v ladder"}}, "1" ESC, .title = NULL},
    EACH_SCREEN(SCREEN_PLACE),
    {"a question", CONTEXT_ASK, {{"i", "SEND THIS ORDER?"}}, ESC, .title = "SEND THIS ORDER?"},
    {"a text field", CONTEXT_TEXT, {{":", "COMMAND"}, {"ha", "ha_"}}, ESC, .title = "COMMAND"},
    {"the ticket", CONTEXT_TICKET, {{"\r", "ORDER TICKET"}}, ESC, .title = "ORDER TICKET"},
    {"an order picked up", CONTEXT_MOVE, {{"x", "MOVING BUY"}}, ESC, .title = "MOVING BUY"},
    {"the help", CONTEXT_PAGE, {{"?", "[keys]"}}, "q", .title = "Esc close"},
    {"a chooser",
     CONTEXT_CHOOSE,
     {{":theme", ":theme_"}, {"\r", "colour-blind"}},
     ESC,
     .title = "colour-blind"},
};

#define PLACES (sizeof(places) / sizeof(places[0]))

/* --- what each key does -------------------------------------------------------------------------------------------------- */

static const struct effect effects[] = {
    /* everywhere */
    {CONTEXT_ALL, ACT_KILL, STATES, .want = "KILLED"},
    {CONTEXT_ALL, ACT_PAUSE, STATES, .want = "PAUSED"},
    {CONTEXT_ALL, ACT_SIMULATION, SAYS, .want = "already trading on paper"},
    {CONTEXT_ALL, ACT_OBSERVATION, SHOWS, .want = "LEAVE SIMULATION FOR OBSERVATION?", .back = ESC},
    {CONTEXT_ALL, ACT_LEAVE, SHOWS, .want = HOME},
    {CONTEXT_ALL, ACT_INTERRUPT, SAYS, .want = "Ctrl-C again within 2 s quits"},
    {CONTEXT_ALL, ACT_QUIT, SHOWS, .want = HOME},
    {CONTEXT_ALL, ACT_HELP, SHOWS, .want = "[keys]", .back = "q"},
    {CONTEXT_ALL, ACT_COMMAND, SHOWS, .want = "COMMAND", .back = ESC},
    {CONTEXT_ALL, ACT_SCREEN_1, SHOWS, .want = HOME},
    EACH_SCREEN(SCREEN_SHOWS),
    {CONTEXT_ALL, ACT_INSTRUMENT_NEXT, STATES, .want = "ETHUSDT", .back = "N"},
    {CONTEXT_ALL, ACT_INSTRUMENT_PREV, STATES, .want = "ETHUSDT", .back = "n"},
    {CONTEXT_ALL, ACT_ZOOM, TURNS, .back = "z"},
    {CONTEXT_ALL, ACT_FREEZE, SHOWS, .want = "FROZEN", .back = "Z"},
    {CONTEXT_ALL, ACT_VIEW_NEXT, CHANGES, .back = "eee"},
    {CONTEXT_ALL, ACT_REDRAW, SAYS, .want = "drawn anew"},
    {CONTEXT_ALL, ACT_STOP_REFUSED, SAYS, .want = "REFUSED  a stopped program"},
    {CONTEXT_REPLAY, ACT_STEP, SAYS, .want = "one event"},
    {CONTEXT_REPLAY, ACT_SLOWER, SAYS, .want = "SPEED  x0.25", .back = ">"},
    {CONTEXT_REPLAY, ACT_FASTER, SAYS, .want = "SPEED  x1", .back = "<"},
    {CONTEXT_REPLAY, ACT_BOOKMARK, SAYS, .want = "BOOKMARK  "},
    /* on Trade */
    {CONTEXT_LADDER, ACT_LEAVE, SAYS, .want = "nothing to leave"},
    {CONTEXT_LADDER, ACT_QUIT, SHOWS, .want = "LEAVE?", .back = ESC},
    {CONTEXT_LADDER, ACT_SCREEN_1, SAYS, .want = "this is screen 1 Trade"},
    {CONTEXT_LIST, ACT_LEAVE, CHANGES, .want = NULL},
    {CONTEXT_LIST, ACT_QUIT, SHOWS, .want = "LEAVE?", .back = ESC},
    {CONTEXT_LIST, ACT_SCREEN_1, SAYS, .want = "this is screen 1 Trade"},
    {CONTEXT_TRADE, ACT_ARM, STATES, .want = "ARMED", .back = ESC},
    {CONTEXT_TRADE, ACT_FLATTEN, SAYS, .want = "no position"},
    {CONTEXT_TRADE, ACT_REVERSE, SAYS, .want = "no position"},
    {CONTEXT_TRADE, ACT_CANCEL_ALL, SAYS, .want = "of BTCUSDT cancelled"},
    {CONTEXT_TRADE, ACT_TAB_NEXT, TURNS, .back = ESC "[Z"},
    {CONTEXT_TRADE, ACT_TAB_PREV, TURNS, .back = "\t"},
    {CONTEXT_TRADE, ACT_FOCUS, CHANGES, .back = ESC},
    {CONTEXT_TRADE, ACT_FIND, SHOWS, .want = "FIND AN INSTRUMENT", .back = ESC},
    {CONTEXT_TRADE, ACT_CAPS, SAYS, .want = "Caps Lock?"},
    {CONTEXT_LADDER, ACT_UP, TURNS, .back = "j"},
    {CONTEXT_LADDER, ACT_DOWN, TURNS, .back = "k"},
    {CONTEXT_LADDER, ACT_PAGE_UP, TURNS, .back = ESC "[6~"},
    {CONTEXT_LADDER, ACT_PAGE_DOWN, TURNS, .back = ESC "[5~"},
    {CONTEXT_LADDER, ACT_TICK_UP, ANSWERS, .before = "0", .back = "0"},
    {CONTEXT_LADDER, ACT_TICK_DOWN, ANSWERS, .before = "0", .back = "0"},
    {CONTEXT_LADDER, ACT_LEFT, CHANGES, .before = "l"},
    {CONTEXT_LADDER, ACT_RIGHT, TURNS, .back = "h"},
    {CONTEXT_LADDER, ACT_INSIDE, CHANGES, .before = "jj"},
    {CONTEXT_LADDER, ACT_CENTRE, SAYS, .want = "centred; u cancels"},
    {CONTEXT_LADDER, ACT_FINER, SAYS, .want = "a row is ", .back = "]"},
    {CONTEXT_LADDER, ACT_COARSER, SAYS, .want = "a row is ", .back = "["},
    {CONTEXT_LADDER, ACT_SIZE_DOWN, SAYS, .want = "SIZE  0.005 BTC", .back = "+"},
    {CONTEXT_LADDER, ACT_SIZE_UP, SAYS, .want = "SIZE  0.05 BTC", .back = "-"},
    {CONTEXT_LADDER, ACT_SIZE_TYPE, SHOWS, .want = "ORDER SIZE", .back = ESC},
    {CONTEXT_LADDER, ACT_TICKET, SHOWS, .want = "ORDER TICKET", .back = ESC},
    {CONTEXT_LADDER, ACT_LIMIT, SHOWS, .want = "SEND THIS ORDER?", .back = ESC},
    {CONTEXT_LADDER, ACT_MARKET, SHOWS, .want = "SEND THIS ORDER?", .back = ESC},
    {CONTEXT_LADDER, ACT_MARKET_HINT, SAYS, .want = "market is M"},
    {CONTEXT_LADDER, ACT_STOP, SAYS, .want = "no position"},
    {CONTEXT_LADDER, ACT_CANCEL, SAYS, .want = "no order "},
    {CONTEXT_LADDER, ACT_PICK, SAYS, .want = "no order "},
    {CONTEXT_LADDER, ACT_PUT, SAYS, .want = "nothing is picked up"},
    {CONTEXT_LADDER, ACT_WHY, SAYS, .want = "no order "},
    {CONTEXT_LADDER, ACT_ALERT, SAYS, .want = "ALERT  rings once"},
    {CONTEXT_LADDER, ACT_CLEAR_VISIT, SAYS, .want = "sold and bought start from zero"},
    /* in a list */
    {CONTEXT_LIST, ACT_FIND, SHOWS, .want = "FILTER", .back = ESC},
    {CONTEXT_LIST, ACT_WHY, SHOWS, .want = "sent by ofi", .back = ESC},
    {CONTEXT_LIST, ACT_FOLLOW, SHOWS, .want = "from signal to fill", .back = "1"},
    {CONTEXT_LIST, ACT_CANCEL, SAYS, .want = "is filled: nothing to cancel"},
    {CONTEXT_LIST, ACT_SORT, SAYS, .want = "sorted by "},
    {CONTEXT_LIST, ACT_SORT_TURN, SAYS,
     .want = ", oldest first"}, /* of time, by which the key before has sorted */
    {CONTEXT_LIST, ACT_COPY, SAYS, .want = "rows of orders copied as CSV"},
    {CONTEXT_LIST, ACT_EXPORT, SAYS, .want = "EXPORT"},
    {KEY_CONTEXTS, ACT_UP, TURNS, .before = "G", .back = "j"},
    {KEY_CONTEXTS, ACT_DOWN, TURNS, .before = "g", .back = "k"},
    {KEY_CONTEXTS, ACT_PAGE_UP, CHANGES, .before = "G"},
    {KEY_CONTEXTS, ACT_PAGE_DOWN, CHANGES, .before = "g"},
    {KEY_CONTEXTS, ACT_FIRST, CHANGES, .before = "G"},
    {KEY_CONTEXTS, ACT_LAST, CHANGES, .before = "g"},
    /* 2 Chart */
    {CONTEXT_CHART, ACT_SCREEN_2, SAYS, .want = "this is screen 2 Chart"},
    {CONTEXT_CHART, ACT_ZOOM, ANSWERS, .back = "z"},
    {CONTEXT_CHART, ACT_UP, SAYS, .want = "CROSS 14:0", .back = "c"},
    {CONTEXT_CHART, ACT_DOWN, SAYS, .want = "CROSS 14:0", .back = "c"},
    {CONTEXT_CHART, ACT_LEFT, SAYS, .want = "CROSS 14:0", .back = "c"},
    {CONTEXT_CHART, ACT_RIGHT, SAYS, .want = "CROSS 14:0", .before = "h", .back = "c"},
    {CONTEXT_CHART, ACT_PAGE_UP, CHANGES, .back = "c"},
    {CONTEXT_CHART, ACT_PAGE_DOWN, CHANGES, .before = ESC "[5~", .back = "c"},
    {CONTEXT_CHART, ACT_CENTRE, SAYS, .want = "now"},
    {CONTEXT_CHART, ACT_SIZE_DOWN, SAYS, .want = " a c", .back = "+"},
    {CONTEXT_CHART, ACT_SIZE_UP, SAYS, .want = " a c", .back = "-"},
    {CONTEXT_CHART, ACT_FINER, SAYS, .want = "rows of a price belong to the heat map"},
    {CONTEXT_CHART, ACT_COARSER, SAYS, .want = "rows of a price belong to the heat map"},
    {CONTEXT_CHART, ACT_VIEW_NEXT, CHANGES, .back = "ee"},
    {CONTEXT_CHART, ACT_ALERT, SAYS, .want = "ALERT  rings once", .before = "k", .back = "c"},
    /* 3 Market */
    {CONTEXT_MARKET, ACT_SCREEN_3, SAYS, .want = "this is screen 3 Market"},
    {CONTEXT_MARKET, ACT_ZOOM, SAYS, .want = "this screen is one panel"},
    {CONTEXT_MARKET, ACT_CHOOSE, SHOWS, .want = HOME},
    {CONTEXT_MARKET, ACT_SORT, SAYS, .want = "sorted by "},
    {CONTEXT_MARKET, ACT_SORT_TURN, SAYS, .want = ", least first"},
    {CONTEXT_MARKET, ACT_FINER, SAYS, .want = "15 min", .before = "]"},
    {CONTEXT_MARKET, ACT_COARSER, SAYS, .want = "trends over 1 h", .back = "["},
    {CONTEXT_MARKET, ACT_VIEW_NEXT, TURNS, .back = "e"},
    {CONTEXT_MARKET, ACT_ALERT, SHOWS, .want = "COMMAND", .back = ESC},
    {CONTEXT_MARKET, ACT_FIND, SHOWS, .want = "FILTER", .back = ESC},
    {CONTEXT_MARKET, ACT_COPY, SAYS, .want = "rows of instruments copied as CSV"},
    {CONTEXT_MARKET, ACT_EXPORT, SAYS, .want = "2 rows"},
    /* 4 Strategy */
    {CONTEXT_STRATEGY, ACT_SCREEN_4, SAYS, .want = "this is screen 4 Strategy"},
    {CONTEXT_STRATEGY, ACT_ZOOM, SAYS, .want = "this screen is one panel"},
    {CONTEXT_STRATEGY, ACT_VIEW_NEXT, ANSWERS, .want = NULL},
    {CONTEXT_STRATEGY, ACT_TOGGLE, SAYS, .want = "pairs is ON", .before = "G", .back = "\r"},
    {CONTEXT_STRATEGY, ACT_TAB_NEXT, CHANGES, .back = "\t\t"},
    {CONTEXT_STRATEGY, ACT_RELOAD, SAYS, .want = "is built in"},
    /* 5 Risk */
    {CONTEXT_RISK, ACT_SCREEN_5, SAYS, .want = "this is screen 5 Risk"},
    {CONTEXT_RISK, ACT_ZOOM, SAYS, .want = "this screen is one panel"},
    {CONTEXT_RISK, ACT_VIEW_NEXT, ANSWERS, .want = NULL},
    {CONTEXT_RISK, ACT_WHY, SHOWS, .want = "Esc closes", .back = ESC},
    {CONTEXT_RISK, ACT_TAB_NEXT, TURNS, .back = "\t"},
    {CONTEXT_RISK, ACT_FIND, SHOWS, .want = "FILTER", .back = ESC},
    {CONTEXT_RISK, ACT_COPY, SAYS, .want = "rows of controls copied as CSV"},
    {CONTEXT_RISK, ACT_EXPORT, SAYS, .want = "EXPORT"},
    /* 6 Results */
    {CONTEXT_RESULTS, ACT_SCREEN_6, SAYS, .want = "this is screen 6 Results"},
    {CONTEXT_RESULTS, ACT_ZOOM, SAYS, .want = "this screen is one panel"},
    {CONTEXT_RESULTS, ACT_LEFT, SAYS, .want = "all of them"},
    {CONTEXT_RESULTS, ACT_RIGHT, TURNS, .back = "h"},
    {CONTEXT_RESULTS, ACT_FINER, SAYS, .want = "results of", .before = "]"},
    {CONTEXT_RESULTS, ACT_COARSER, SAYS, .want = "results of today", .back = "["},
    {CONTEXT_RESULTS, ACT_VIEW_NEXT, ANSWERS, .want = NULL},
    {CONTEXT_RESULTS, ACT_COPY, SAYS, .want = "rows of results copied as CSV"},
    {CONTEXT_RESULTS, ACT_EXPORT, SAYS, .want = "EXPORT"},
    /* 7 Journal */
    {CONTEXT_JOURNAL, ACT_SCREEN_7, SAYS, .want = "this is screen 7 Journal"},
    {CONTEXT_JOURNAL, ACT_ZOOM, SAYS, .want = "this screen is one panel"},
    {CONTEXT_JOURNAL, ACT_VIEW_NEXT, ANSWERS, .want = NULL},
    {CONTEXT_JOURNAL, ACT_WHY, CHANGES, .back = ESC},
    {CONTEXT_JOURNAL, ACT_TAB_NEXT, TURNS, .back = ESC "[Z"},
    {CONTEXT_JOURNAL, ACT_TAB_PREV, TURNS, .back = "\t"},
    {CONTEXT_JOURNAL, ACT_FIND, SHOWS, .want = "FILTER", .back = ESC},
    {CONTEXT_JOURNAL, ACT_COPY, SAYS, .want = "rows of records copied as CSV"},
    {CONTEXT_JOURNAL, ACT_EXPORT, SAYS, .want = "EXPORT"},
    /* 8 System */
    {CONTEXT_SYSTEM, ACT_SCREEN_8, SAYS, .want = "this is screen 8 System"},
    {CONTEXT_SYSTEM, ACT_ZOOM, SAYS, .want = "this screen is one panel"},
    {CONTEXT_SYSTEM, ACT_VIEW_NEXT, ANSWERS, .want = NULL},
    {CONTEXT_SYSTEM, ACT_UP, CHANGES, .before = "G"},
    {CONTEXT_SYSTEM, ACT_DOWN, CHANGES, .before = "g"},
    {CONTEXT_SYSTEM, ACT_TAB_NEXT, CHANGES, .want = NULL},
    {CONTEXT_SYSTEM, ACT_TAB_PREV, CHANGES, .want = NULL},
    {CONTEXT_SYSTEM, ACT_COPY, SAYS, .want = "copied as CSV"},
    {CONTEXT_SYSTEM, ACT_EXPORT, SAYS, .want = "EXPORT"},
    /* a question: keys of everywhere wait, but those that always work */
    {CONTEXT_ASK, ACT_NONE, SAME, .want = NULL},
    {CONTEXT_ASK, ACT_YES, SHOWS, .want = "orders 1"},
    {CONTEXT_ASK, ACT_NO, SAYS, .want = "nothing sent"},
    {CONTEXT_ASK, ACT_CHOOSE, SAYS, .want = "nothing sent"},
    {CONTEXT_ASK, ACT_MOVE_FOCUS, CHANGES, .want = NULL},
    {CONTEXT_ASK, ACT_DETACH, SAME, .want = NULL},
    {CONTEXT_ASK, ACT_STOP_ENGINE, SAME, .want = NULL},
    {CONTEXT_ASK, ACT_LEAVE, SAYS, .want = "nothing sent"},
    {CONTEXT_ASK, ACT_INTERRUPT, SAYS, .want = "nothing sent"},
    /* a text field: letters are letters */
    {CONTEXT_TEXT, ACT_NONE, TYPED, .want = NULL},
    {CONTEXT_TEXT, ACT_DONE, SHOWS, .want = ":halt_"},
    {CONTEXT_TEXT, ACT_ERASE, SHOWS, .want = ":h_"},
    {CONTEXT_TEXT, ACT_COMPLETE, SHOWS, .want = ":halt_"},
    {CONTEXT_TEXT, ACT_OLDER, CHANGES, .want = NULL},
    {CONTEXT_TEXT, ACT_NEWER, CHANGES, .before = ESC "[A"},
    {CONTEXT_TEXT, ACT_PAST, SHOWS, .want = "lines typed before"},
    {CONTEXT_TEXT, ACT_LEAVE, SHOWS, .want = HOME},
    {CONTEXT_TEXT, ACT_INTERRUPT, SHOWS, .want = HOME},
    /* the ticket: figures are typed */
    {CONTEXT_TICKET, ACT_NONE, ANSWERS, .want = NULL},
    {CONTEXT_TICKET, ACT_LEAVE, SHOWS, .want = HOME},
    {CONTEXT_TICKET, ACT_INTERRUPT, SHOWS, .want = HOME},
    {CONTEXT_TICKET, ACT_QUIT, SHOWS, .want = HOME},
    {CONTEXT_TICKET, ACT_NEXT_FIELD, CHANGES, .want = NULL},
    {CONTEXT_TICKET, ACT_PREV_FIELD, CHANGES, .want = NULL},
    {CONTEXT_TICKET, ACT_LEFT, CHANGES, .want = NULL},
    {CONTEXT_TICKET, ACT_RIGHT, CHANGES, .want = NULL},
    {CONTEXT_TICKET, ACT_ERASE, CHANGES, .want = NULL},
    {CONTEXT_TICKET, ACT_YES, SHOWS, .want = "orders 1"},
    /* an order picked up */
    {CONTEXT_MOVE, ACT_NONE, SAYS, .want = "an order is picked up"},
    {CONTEXT_MOVE, ACT_LEAVE, SAYS, .want = "dropped"},
    {CONTEXT_MOVE, ACT_INTERRUPT, SAYS, .want = "Ctrl-C again"},
    {CONTEXT_MOVE, ACT_QUIT, SAYS, .want = "dropped"},
    {CONTEXT_MOVE, ACT_SCREEN_1, CHANGES, .want = NULL},
    {CONTEXT_MOVE, ACT_SCREEN_2, SHOWS, .want = "VWAP of the day", .back = "1"},
    {CONTEXT_MOVE, ACT_SCREEN_3, SHOWS, .want = "spread bp", .back = "1"},
    {CONTEXT_MOVE, ACT_SCREEN_4, SHOWS, .want = "of 6 on", .back = "1"},
    {CONTEXT_MOVE, ACT_SCREEN_5, SHOWS, .want = "\u2500 limits", .back = "1"},
    {CONTEXT_MOVE, ACT_SCREEN_6, SHOWS, .want = "30 days", .back = "1"},
    {CONTEXT_MOVE, ACT_SCREEN_7, SHOWS, .want = "\u2500 journal", .back = "1"},
    {CONTEXT_MOVE, ACT_SCREEN_8, SHOWS, .want = "y copy  Y file", .back = "1"},
    {CONTEXT_MOVE, ACT_UP, CHANGES, .want = NULL},
    {CONTEXT_MOVE, ACT_DOWN, CHANGES, .want = NULL},
    {CONTEXT_MOVE, ACT_PAGE_UP, CHANGES, .want = NULL},
    {CONTEXT_MOVE, ACT_PAGE_DOWN, CHANGES, .want = NULL},
    {CONTEXT_MOVE, ACT_TICK_UP, ANSWERS, .want = NULL},
    {CONTEXT_MOVE, ACT_TICK_DOWN, ANSWERS, .want = NULL},
    {CONTEXT_MOVE, ACT_INSIDE, CHANGES, .want = NULL},
    {CONTEXT_MOVE, ACT_SIZE_DOWN, SAYS, .want = "0.005"},
    {CONTEXT_MOVE, ACT_SIZE_UP, SAYS, .want = "0.05"},
    {CONTEXT_MOVE, ACT_SIZE_TYPE, SHOWS, .want = "SIZE", .back = ESC ESC},
    {CONTEXT_MOVE, ACT_PUT, SAYS, .want = "put back where it was"},
    /* the help */
    {CONTEXT_PAGE, ACT_NONE, SAYS, .want = "Esc closes the help"},
    {CONTEXT_PAGE, ACT_LEAVE, SHOWS, .want = HOME},
    {CONTEXT_PAGE, ACT_INTERRUPT, SHOWS, .want = HOME},
    {CONTEXT_PAGE, ACT_QUIT, SHOWS, .want = HOME},
    {CONTEXT_PAGE, ACT_HELP, SHOWS, .want = HOME},
    {CONTEXT_PAGE, ACT_PAGE, CHANGES, .want = NULL},
    {CONTEXT_PAGE, ACT_PAGE_DOWN, CHANGES, .want = NULL},
    {CONTEXT_PAGE, ACT_PAGE_UP, CHANGES, .before = ESC "[B"},
    {CONTEXT_PAGE, ACT_TAB_NEXT, SHOWS, .want = "[commands]"},
    {CONTEXT_PAGE, ACT_TAB_PREV, SHOWS, .want = "[glossary]"},
    {CONTEXT_PAGE, ACT_FIND, SHOWS, .want = "FIND IN THE HELP", .back = ESC},
    /* a chooser */
    {CONTEXT_CHOOSE, ACT_NONE, SAYS, .want = "choose, Enter takes it"},
    {CONTEXT_CHOOSE, ACT_HELP, SAYS, .want = "choose, Enter takes it"},
    {CONTEXT_CHOOSE, ACT_LEAVE, SHOWS, .want = HOME},
    {CONTEXT_CHOOSE, ACT_INTERRUPT, SHOWS, .want = HOME},
    {CONTEXT_CHOOSE, ACT_QUIT, SHOWS, .want = HOME},
    {CONTEXT_CHOOSE, ACT_CHOOSE, SAYS, .want = "THEME  "},
};

#endif
