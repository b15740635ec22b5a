/*
 * key_states.h - the states of the keys' table (KEYS.md): how each is entered, and the rows of keys that do something else in it
 * than where trading is ACTIVE and one-key off. Where a state has no row, those of key_effects.h serve.
 */
#ifndef SCREEN_KEY_STATES_H
#define SCREEN_KEY_STATES_H

#include "screen/key_effects.h"

struct key_state {
    const char *name;
    const char *mode;     /* it starts in */
    const char *enter;    /* from the ladder: keys, or a line of the prompt; NULL: it starts with it */
    const char *asks;     /* a question of this title comes first */
    const char *stands;   /* as long as it lasts; ^: in the first row */
    const char *resumed;  /* what Space leads to where it lets the clock go, in the first row */
    const char *home;     /* what stands on Trade; NULL: as ever */
    bool after;           /* on a screen it is entered there, not before */
    bool gap;             /* the recording has one: its book is never LIVE again */
    bool small;           /* the terminals are under 60x15 */
    enum key_action also; /* works on every screen */
    const struct effect *rows;
    size_t row_count;
    const struct place *places; /* that are entered in another way, or cannot be */
    size_t place_count;
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* No order leaves here: each key that would send one says why. */
#define NO_ORDER(words)                                                                                      \
    {CONTEXT_LADDER, ACT_LIMIT, SAYS, .want = (words)}, {CONTEXT_LADDER, ACT_MARKET, SAYS, .want = (words)}, \
        {CONTEXT_LADDER, ACT_STOP, SAYS, .want = (words)},                                                   \
        {CONTEXT_LADDER, ACT_TICKET, SAYS, .want = (words)},                                                 \
        {CONTEXT_LADDER, ACT_PICK, SAYS, .want = (words)}, {CONTEXT_TRADE, ACT_ARM, SAYS, .want = (words)},  \
    {                                                                                                        \
        CONTEXT_TRADE, ACT_REVERSE, SAYS, .want = (words)                                                    \
    }

#define NO_ORDER_PLACES(words)                                                                               \
    {"the ticket", CONTEXT_TICKET, {{"\r", (words)}}, "\014", NULL, .closed = true},                         \
    {                                                                                                        \
        "an order picked up", CONTEXT_MOVE, {{"x", (words)}}, "\014", NULL, .closed = true                   \
    }

/* The question that is asked in each state. */
#define LEAVE_QUESTION                                                                                       \
    {                                                                                                        \
        "a question", CONTEXT_ASK, {{"q", "LEAVE?"}}, ESC, .title = "LEAVE?"                                 \
    }

#define LEAVE_ANSWERS                                                                                        \
    {CONTEXT_ASK, ACT_YES, SAYS, .want = "x ends it; Esc stays"},                                            \
        {CONTEXT_ASK, ACT_NO, SAYS, .want = "you stay"},                                                     \
        {CONTEXT_ASK, ACT_CHOOSE, SAYS, .want = "you stay"},                                                 \
        {CONTEXT_ASK, ACT_MOVE_FOCUS, SAME, .want = NULL},                                                   \
        {CONTEXT_ASK, ACT_DETACH, SAYS, .want = "nothing would run on"},                                     \
        {CONTEXT_ASK, ACT_STOP_ENGINE, ENDS, .want = NULL},                                                  \
        {CONTEXT_ASK, ACT_LEAVE, SAYS, .want = "you stay"},                                                  \
    {                                                                                                        \
        CONTEXT_ASK, ACT_INTERRUPT, SAYS, .want = "you stay"                                                 \
    }

/* --- observation --------------------------------------------------------------------------------------------------------- */

#define SENDS_NOTHING "observation sends nothing"

#define EMPTY "nothing in this list"

static const struct effect observation_rows[] = {
    NO_ORDER(SENDS_NOTHING),
    {CONTEXT_LADDER, ACT_LEAVE, ANSWERS, .want = NULL}, /* the lesson goes, then nothing is left */
    {CONTEXT_LADDER, ACT_QUIT, ENDS, .want = NULL},
    {CONTEXT_LIST, ACT_QUIT, ENDS, .want = NULL},
    {CONTEXT_LADDER, ACT_TICK_UP, SAYS, .want = "the cursor is at"},
    {CONTEXT_LADDER, ACT_TICK_DOWN, SAYS, .want = "the cursor is at"},
    {CONTEXT_TRADE, ACT_FLATTEN, SAYS, .want = SENDS_NOTHING},
    {CONTEXT_TRADE, ACT_CANCEL_ALL, SAYS, .want = "observation has no orders"},
    {CONTEXT_LADDER, ACT_CANCEL, SAYS, .want = "observation has no orders"},
    {CONTEXT_LIST, ACT_CANCEL, SAYS, .want = "observation has no orders"},
    {CONTEXT_LIST, ACT_UP, SAYS, .want = EMPTY},
    {CONTEXT_LIST, ACT_DOWN, SAYS, .want = EMPTY},
    {CONTEXT_LIST, ACT_PAGE_UP, SAYS, .want = EMPTY},
    {CONTEXT_LIST, ACT_PAGE_DOWN, SAYS, .want = EMPTY},
    {CONTEXT_LIST, ACT_FIRST, SAYS, .want = EMPTY},
    {CONTEXT_LIST, ACT_LAST, SAYS, .want = EMPTY},
    {CONTEXT_LIST, ACT_WHY, SAYS, .want = "no row is chosen"},
    {CONTEXT_LIST, ACT_FOLLOW, SAYS, .want = "no order in this row"},
    {CONTEXT_RESULTS, ACT_RIGHT, SAYS, .want = "nobody else has traded"},
    {CONTEXT_RESULTS, ACT_COPY, SAYS, .want = "1 row of results copied as CSV"},
    {CONTEXT_ALL, ACT_OBSERVATION, SAYS, .want = "already in observation"},
    {CONTEXT_ALL, ACT_SIMULATION, STATES, .want = "SIMULATION"},
};

/* Nothing is at stake, so nothing is asked. */
static const struct place observation_places[] = {
    {"a question", CONTEXT_ASK, {{"R", SENDS_NOTHING}}, "\014", NULL, .closed = true},
    NO_ORDER_PLACES(SENDS_NOTHING),
};

/* --- armed --------------------------------------------------------------------------------------------------------------- */

/* Another screen, instrument, mode and whatever the table names ends it. */
#define DISARMS .gone = " ARMED"

#define SCREEN_DISARMS(name, context, action, key, shown)                                                    \
    {                                                                                                        \
        CONTEXT_ALL, action, SHOWS, .want = (shown), DISARMS                                                 \
    }

static const struct effect armed_rows[] = {
    LEAVE_ANSWERS,
    {CONTEXT_ALL, ACT_KILL, STATES, .want = "KILLED", DISARMS},
    {CONTEXT_LADDER, ACT_LEAVE, SAYS, .want = "DISARMED", DISARMS},
    {CONTEXT_TRADE, ACT_ARM, SAYS, .want = "DISARMED", DISARMS},
    {CONTEXT_TRADE, ACT_CAPS, SAYS, .want = "Caps Lock?", DISARMS},
    {CONTEXT_ALL, ACT_FREEZE, SHOWS, .want = "FROZEN", .back = "Z", DISARMS},
    {CONTEXT_ALL, ACT_INSTRUMENT_NEXT, STATES, .want = "ETHUSDT", .back = "N", DISARMS},
    {CONTEXT_ALL, ACT_INSTRUMENT_PREV, STATES, .want = "ETHUSDT", .back = "n", DISARMS},
    {CONTEXT_ALL, ACT_OBSERVATION, SHOWS, .want = "LEAVE SIMULATION FOR OBSERVATION?", .back = ESC, DISARMS},
    EACH_SCREEN(SCREEN_DISARMS),
    /* at once */
    {CONTEXT_LADDER, ACT_LIMIT, SHOWS, .want = "orders 1", .before = "h0jjjjj", .back = "U",
     .then = "orders 0"},
    {CONTEXT_LADDER, ACT_MARKET, STATES, .want = "LONG", .before = "h0", .back = "f", .then = "^FLAT"},
    {CONTEXT_TRADE, ACT_FLATTEN, SAYS, .want = "0 orders cancelled"},
};

#define SCREEN_ENDS(name, context, action, key, shown)                                                       \
    {                                                                                                        \
        name, context, {{key, shown}}, "1", NULL, .closed = true, .ends = true                               \
    }

static const struct place armed_places[] = {
    LEAVE_QUESTION,
    EACH_SCREEN(SCREEN_ENDS),
};

/* --- the engine's states ------------------------------------------------------------------------------------------------- */

/* The clock is held with it, and an order that is sent waits for the clock. */
static const struct effect paused_rows[] = {
    {CONTEXT_ALL, ACT_PAUSE, STATES, .want = "PAUSED"},
};

static const struct effect reducing_rows[] = {
    {CONTEXT_ALL, ACT_PAUSE, STATES, .want = "PAUSED"},
    {CONTEXT_ASK, ACT_YES, SHOWS, .want = "NOT SENT  REDUCING"}, /* two rows of a narrow screen */
    {CONTEXT_TICKET, ACT_YES, SHOWS, .want = "NOT SENT  REDUCING"},
};

/* One that would make a position larger is cancelled with it. */
static const struct place reducing_places[] = {
    {"an order picked up", CONTEXT_MOVE, {{"x", "no order "}}, "\014", NULL, .closed = true},
};

#define ONLY_CANCELS "only cancels"

static const struct effect halted_rows[] = {
    NO_ORDER("HALTED: " ONLY_CANCELS),
    LEAVE_ANSWERS,
    {CONTEXT_TRADE, ACT_FLATTEN, SAYS, .want = ":reduce"},
    {CONTEXT_ALL, ACT_PAUSE, SAYS, .want = "the recording plays on", .back = " ", .then = "\u2551 held"},
    {CONTEXT_LADDER, ACT_TICK_UP, SAYS, .want = "the cursor is at"},
    {CONTEXT_LADDER, ACT_TICK_DOWN, SAYS, .want = "the cursor is at"},
};

static const struct place halted_places[] = {
    LEAVE_QUESTION,
    NO_ORDER_PLACES("HALTED: " ONLY_CANCELS),
};

#define NO_CURSOR "the ladder has no cursor"

static const struct effect killed_rows[] = {
    NO_ORDER("KILLED: " ONLY_CANCELS),
    LEAVE_ANSWERS,
    {CONTEXT_ALL, ACT_PAUSE, SAYS, .want = "nothing to pause or resume"},
    {CONTEXT_ALL, ACT_KILL, SAYS, .want = "already: no new order"},
    {CONTEXT_TRADE, ACT_FOCUS, SAYS, .want = " the focus", .back = ESC},
    {CONTEXT_LADDER, ACT_LEAVE, SAYS, .want = "report closed"},
    {CONTEXT_PAGE, ACT_PAGE_UP, SAYS,
     .want = "first page"},                        /* what works then is one page of a large screen */
    {CONTEXT_CHART, ACT_UP, CHANGES, .back = "c"}, /* the answers' row is the kill's */
    {CONTEXT_CHART, ACT_DOWN, CHANGES, .back = "c"},
    {CONTEXT_CHART, ACT_LEFT, CHANGES, .back = "c"},
    {CONTEXT_CHART, ACT_RIGHT, CHANGES, .before = "h", .back = "c"},
    {CONTEXT_LADDER, ACT_UP, SAYS, .want = NO_CURSOR},
    {CONTEXT_LADDER, ACT_DOWN, SAYS, .want = NO_CURSOR},
    {CONTEXT_LADDER, ACT_PAGE_UP, SAYS, .want = NO_CURSOR},
    {CONTEXT_LADDER, ACT_PAGE_DOWN, SAYS, .want = NO_CURSOR},
    {CONTEXT_LADDER, ACT_TICK_UP, SAYS, .want = NO_CURSOR},
    {CONTEXT_LADDER, ACT_TICK_DOWN, SAYS, .want = NO_CURSOR},
    {CONTEXT_LADDER, ACT_LEFT, SAYS, .want = NO_CURSOR},
    {CONTEXT_LADDER, ACT_RIGHT, SAYS, .want = NO_CURSOR},
    {CONTEXT_LADDER, ACT_INSIDE, SAYS, .want = NO_CURSOR},
    {CONTEXT_ALL, ACT_SIMULATION, SAYS, .want = "nothing trades, on paper neither"},
};

static const struct place killed_places[] = {
    {"a list",
     CONTEXT_LIST,
     {{"v", "the lists have the focus"}, {"\t", "[orders 0"}},
     "1" ESC,
     .title = NULL},
    LEAVE_QUESTION,
    NO_ORDER_PLACES("KILLED: " ONLY_CANCELS),
};

/* --- the picture and the book -------------------------------------------------------------------------------------------- */

static const struct effect frozen_rows[] = {
    NO_ORDER("the picture is FROZEN"),
    LEAVE_ANSWERS,
    {CONTEXT_ALL, ACT_FREEZE, SAYS, .want = "the picture moves again"},
    {CONTEXT_ALL, ACT_SCREEN_2, SHOWS, .want = "not in the picture that is held"},
};

static const struct place frozen_places[] = {
    LEAVE_QUESTION,
    NO_ORDER_PLACES("the picture is FROZEN"),
};

#define NO_PRICE "NOT SENT  book STALE"

static const struct effect stale_rows[] = {
    LEAVE_ANSWERS, /* the answer takes two rows of a narrow screen */
    {CONTEXT_LADDER, ACT_LIMIT, SHOWS, .want = NO_PRICE},
    {CONTEXT_LADDER, ACT_MARKET, SHOWS, .want = NO_PRICE},
    {CONTEXT_LADDER, ACT_STOP, SHOWS, .want = NO_PRICE},
    {CONTEXT_LADDER, ACT_TICKET, SHOWS, .want = NO_PRICE},
    {CONTEXT_LADDER, ACT_PICK, SHOWS, .want = NO_PRICE},
    {CONTEXT_TRADE, ACT_ARM, SHOWS, .want = NO_PRICE},
    {CONTEXT_TRADE, ACT_REVERSE, SHOWS, .want = NO_PRICE},
    {CONTEXT_LADDER, ACT_TICK_UP, SAYS, .want = "the cursor is at"},
    {CONTEXT_LADDER, ACT_TICK_DOWN, SAYS, .want = "the cursor is at"},
    {CONTEXT_ALL, ACT_VIEW_NEXT, ANSWERS, .back = "eee"},
};

static const struct place stale_places[] = {
    LEAVE_QUESTION,
    NO_ORDER_PLACES(NO_PRICE),
};

/* --- a small terminal ---------------------------------------------------------------------------------------------------- */

static const struct effect small_rows[] = {
    {KEY_CONTEXTS, ACT_NONE, SHOWS, .want = "too small: 60x15 at least"},
    {KEY_CONTEXTS, ACT_KILL, SHOWS, .want = "KILLED"},
    {KEY_CONTEXTS, ACT_PAUSE, SHOWS, .want = "PAUSED"},
    {KEY_CONTEXTS, ACT_REDRAW, SHOWS, .want = "drawn anew"},
    {KEY_CONTEXTS, ACT_STOP_REFUSED, SHOWS, .want = "REFUSED a stopped program"},
    {KEY_CONTEXTS, ACT_LEAVE, SHOWS, .want = "nothing to leave"},
    {KEY_CONTEXTS, ACT_INTERRUPT, SHOWS, .want = "Ctrl-C again within 2 s quits"},
    {KEY_CONTEXTS, ACT_QUIT, SHOWS, .want = "LEAVE?", .back = ESC},
};

/* --- all of them --------------------------------------------------------------------------------------------------------- */

#define ROWS(array)         .rows = (array), .row_count = COUNT(array)
#define OTHER_PLACES(array) .places = (array), .place_count = COUNT(array)

static const struct key_state plain = {.name = "one-key off", .mode = "simulation", .resumed = "ACTIVE"};

/* Those that are told apart by where they stand in the table. */
enum { STATE_KILLED_ROW = 5, STATE_GAP_ROW = 7 };

static const struct key_state states[] = {
    {.name = "observation",
     .mode = "observation",
     .enter = "o",
     .asks = "LEAVE SIMULATION FOR OBSERVATION?",
     .stands = "^OBSERVATION",
     .resumed = "ACTIVE",
     ROWS(observation_rows),
     OTHER_PLACES(observation_places)},
    {.name = "armed",
     .mode = "simulation",
     .enter = "a",
     .stands = "^ ARMED",
     .resumed = "ACTIVE",
     ROWS(armed_rows),
     OTHER_PLACES(armed_places)},
    {.name = "PAUSED",
     .mode = "simulation",
     .enter = ":pause",
     .stands = "^PAUSED",
     .resumed = "ACTIVE",
     ROWS(paused_rows)},
    {.name = "REDUCING",
     .mode = "simulation",
     .enter = ":reduce",
     .stands = "^REDUCING",
     .resumed = "REDUCING",
     ROWS(reducing_rows),
     OTHER_PLACES(reducing_places)},
    {.name = "HALTED",
     .mode = "simulation",
     .enter = ":halt",
     .stands = "^HALTED",
     ROWS(halted_rows),
     OTHER_PLACES(halted_places)},
    [STATE_KILLED_ROW] = {.name = "KILLED",
                          .mode = "simulation",
                          .enter = "K",
                          .stands = "kill report]",
                          .home = "touch ",
                          .also = ACT_FLATTEN,
                          ROWS(killed_rows),
                          OTHER_PLACES(killed_places)},
    {.name = "FROZEN",
     .mode = "simulation",
     .enter = "Z",
     .stands = "FROZEN",
     .resumed = "ACTIVE",
     .after = true,
     ROWS(frozen_rows),
     OTHER_PLACES(frozen_places)},
    [STATE_GAP_ROW] = {.name = "book not LIVE",
                       .mode = "simulation",
                       .stands = "book STALE",
                       .resumed = "ACTIVE",
                       .gap = true,
                       ROWS(stale_rows),
                       OTHER_PLACES(stale_places)},
    {.name = "under 60x15",
     .mode = "simulation",
     .stands = "60x15",
     .resumed = "ACTIVE",
     .small = true,
     ROWS(small_rows)},
};

#endif
