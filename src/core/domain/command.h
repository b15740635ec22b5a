/*
 * command.h - what a key, an API call, a signal or a file asks of the engine. Plain data. Pure.
 *
 * Commands arrive over a bounded ring, get an answer with the same seq, and become inputs of the
 * journal. Nothing else changes the engine's state from outside.
 */
#ifndef CORE_DOMAIN_COMMAND_H
#define CORE_DOMAIN_COMMAND_H

#include "core/domain/intent.h"
#include "core/domain/trading_state.h"

#include <stdbool.h>
#include <stdint.h>

#define COMMAND_TEXT_SIZE 152

/* Numbers are of the journal's format: new kinds at the end. What each is stands in command.c. */
enum command_kind {
    COMMAND_KILL,       /* block, cancel all of ours, confirm each */
    COMMAND_CLEAR_KILL, /* the typed word was right; leads to PAUSED */
    COMMAND_PAUSE,
    COMMAND_RESUME, /* flag: nothing is said where nothing is paused, for the clock of a replay was meant */
    COMMAND_SET_STATE, /* state: ACTIVE (go), REDUCING, HALTED */
    COMMAND_SET_MODE,  /* mode */
    COMMAND_ORDER,     /* intent, owner manual */
    COMMAND_PREVIEW,   /* intent, in the place of order_seq (0: a new order): no effect, the gate's verdict in
                           view_next until the next one */
    COMMAND_CANCEL,    /* order_seq */
    COMMAND_CANCEL_ALL, /* instrument_id; pauses the strategies that own orders there */
    COMMAND_MOVE,    /* order_seq to intent.price_ticks, to number lots in all (0: its own): the same order */
    COMMAND_FLATTEN, /* instrument_id; intent.price_ticks: worst price, 0: by COLLAR */
    COMMAND_REVERSE, /* instrument_id */
    COMMAND_STRATEGY_ON,  /* intent.owner */
    COMMAND_STRATEGY_OFF, /* intent.owner; its orders are cancelled */
    COMMAND_STRATEGY_SET, /* intent.owner, number: value of parameter `index` (INT plain, DECIMAL e8, ...) */
    COMMAND_STRATEGY_STRIKE, /* intent.owner: a callback took number ns, over its budget */
    COMMAND_STRATEGY_RELOAD, /* intent.owner: a new version lies ready (plugin/plugin_slots.h) */
    COMMAND_SET_LIMIT,    /* index: of the control table, number: new value; flag: loosening was confirmed */
    COMMAND_CLEAR_HALT,   /* instrument_id: a symbol that a control halted trades again */
    COMMAND_LATENCY,      /* number: ns, index: which latency; a sample that controls and paper fills go by */
    COMMAND_VIEW,         /* view: what the screen wants to see */
    COMMAND_CLEAR_VISIT,  /* sold and bought columns of the shown instrument to zero */
    COMMAND_REPLAY_HOLD,  /* flag: hold or go on */
    COMMAND_REPLAY_STEP,  /* one event */
    COMMAND_REPLAY_SPEED, /* number: times real time x 1000; 0 = max */
    COMMAND_REPLAY_JUMP,  /* number: event time in ns, forward only; unpaced until there */
    COMMAND_QUIT,         /* flag: cancel all first */
    COMMAND_CONTROL,      /* the screen asks to be the one that changes things; see engine_screens.c */
    COMMAND_NOTE,         /* text: a line of its user's in the audit trail; decides nothing */
    COMMAND_ALERT,        /* index: enum alert_of, flag: above, number: level of instrument_id; rings once */
    COMMAND_ALERT_DROP,   /* number: id of an alert; 0: all */
    COMMAND_ALERTS_SEEN,  /* its user has been told what rang while nobody looked */
    COMMAND_KINDS
};

enum command_trait {
    COMMAND_TRAIT_INPUT =
        1, /* of the engine's decisions: journaled; the others are the screen's and the host's */
    COMMAND_TRAIT_CHANGES =
        2, /* of whoever is in control; a kill, the way out and what only looks are everybody's */
    COMMAND_TRAIT_FAR = 4 /* an attached screen may ask it; the others are the engine's own, or a replay's */
};

bool command_has(enum command_kind kind, enum command_trait trait); /* false for what is no command */
const char *command_word(enum command_kind kind);                   /* "set-limit"; NULL: no command */

enum screen_id {
    SCREEN_TRADE = 1,
    SCREEN_CHART,
    SCREEN_MARKET,
    SCREEN_STRATEGY,
    SCREEN_RISK,
    SCREEN_RESULTS,
    SCREEN_JOURNAL,
    SCREEN_SYSTEM
};

/* What the ladder shows; the engine sums the book into rows. Second: view-only ladder, id INSTRUMENT_NONE none. */
enum chart_kind { CHART_CANDLES, CHART_HEAT, CHART_DEPTH, CHART_KINDS };

/* Up to now; the rolling ones end with it, the day begins at 00:00 UTC. */
enum results_period {
    RESULTS_SESSION,
    RESULTS_DAY,
    RESULTS_7_DAYS,
    RESULTS_30_DAYS,
    RESULTS_ALL,
    RESULTS_PERIODS
};

struct view_request {
    uint16_t instrument_id;
    uint16_t rows;     /* of the main ladder, 0: none */
    int64_t row_ticks; /* ticks in a row; 0: engine chooses and says so in the view */
    int64_t top_ticks; /* price label of the top row; 0: centred on the mid */
    bool levels;       /* a row a price that has orders, around the mid; top_ticks has a row in any case */
    uint16_t second_instrument_id;
    uint16_t second_rows;
    uint8_t screen;     /* enum screen_id: what else is filled */
    uint16_t owner;     /* screen 4: the chosen strategy */
    uint64_t story_seq; /* the order whose story is told; 0: none */
    bool denials;       /* where screen 5 is not shown */
    bool controls;      /* likewise: what :limit asks about */
    uint32_t point_s;   /* screen 3: between two points of the trends; screen 2: of a candle, a column */
    uint8_t period;     /* screen 6: enum results_period */
    struct {            /* screen 2 */
        uint8_t kind;   /* enum chart_kind */
        uint8_t
            halves; /* 1: two rows of the map stand in one of the screen; pairs of them begin at even prices */
        uint16_t cols, rows, back;     /* back: columns that end so many before now */
        int64_t row_ticks, top_ticks;  /* of the heat map; 0: engine chooses, centres */
        int64_t cross_ms, cross_ticks; /* what is asked about; ticks 0: nothing */
    } chart;
};

struct command {
    enum command_kind kind;
    uint32_t seq; /* of the sender; the answer carries it */
    uint16_t instrument_id;
    bool flag;
    enum trading_mode mode;
    enum trading_state state;
    uint64_t order_seq;
    int64_t number;
    uint32_t index;
    struct order_intent intent;
    struct view_request view;
    char source[12];              /* "key", "signal", "file", "replay", "pts/3": for the audit trail */
    char text[COMMAND_TEXT_SIZE]; /* of COMMAND_NOTE: printable ASCII */
    int64_t typed_ns; /* monotonic: when its key was read; 0: it is of no key. Measured, never decided by */
    uint8_t screen;   /* who sent it and gets the answer: 0 the engine's own, else an attached one */
};

#endif
