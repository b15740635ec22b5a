/*
 * control.h - what comes and goes over the control socket, as plain data: requests, answers, reports.
 *
 * A request names instruments and strategies by their words and carries prices and sizes exactly (e8): the engine's
 * side (app/control_desk.h) makes ticks, lots and ids of them. seq is the server's, unique in a run: an answer or a
 * report carries it back.
 */
#ifndef SERVICE_CONTROL_H
#define SERVICE_CONTROL_H

#include "core/domain/instrument.h"
#include "core/domain/intent.h"
#include "core/domain/trading_state.h"
#include "view/view.h"

#include <stdbool.h>
#include <stdint.h>

#define CONTROL_SOCKET      "control.sock" /* in the data directory */
#define CONTROL_CLEAR_WORD  "resume"       /* typed to clear a kill */
#define CONTROL_LINE_MAX    4096           /* bytes of a request, newline included */
#define CONTROL_NAME_SIZE   48
#define CONTROL_TEXT_SIZE   160
#define CONTROL_ORDERS_MAX  256                  /* as many as may be open */
#define CONTROL_SEQ_FIRST   UINT32_C(0x80000000) /* the screen's own numbers lie below */
#define CONTROL_WAITING_MAX 64                   /* requests on their way to the engine */
#define CONTROL_CONNECTIONS 16

enum control_kind {
    CONTROL_KILL,       /* flatten: close positions once all is cancelled */
    CONTROL_CLEAR_KILL, /* word */
    CONTROL_PAUSE,
    CONTROL_RESUME,
    CONTROL_STATE,  /* state */
    CONTROL_MODE,   /* mode */
    CONTROL_ORDER,  /* symbol and the order's fields */
    CONTROL_CANCEL, /* order_seq */
    CONTROL_MOVE, /* order_seq; price_e8: the limit, or the trigger of what becomes a market order; qty_e8: in all */
    CONTROL_CANCEL_ALL, /* symbol; "": everywhere */
    CONTROL_FLATTEN,    /* symbol; price_e8: worst, 0: by COLLAR */
    CONTROL_SET_LIMIT,  /* name, value; word: the name once more, for a looser one */
    CONTROL_CLEAR_HALT, /* symbol */
    CONTROL_STRATEGY,   /* strategy, and one of turn, or name and value */
    CONTROL_STATUS,
    CONTROL_CONTROLS,
    CONTROL_KINDS
};

enum control_turn { CONTROL_TURN_NONE, CONTROL_TURN_ON, CONTROL_TURN_OFF, CONTROL_TURN_RELOAD };

struct control_request {
    enum control_kind kind;
    uint32_t seq;
    char symbol[SYMBOL_SIZE];
    char strategy[OWNER_NAME_SIZE];
    char name[CONTROL_NAME_SIZE], value[CONTROL_NAME_SIZE]; /* of a limit or a parameter */
    char word[CONTROL_NAME_SIZE];                           /* typed */
    bool flatten;
    enum control_turn turn;
    enum trading_state state;
    enum trading_mode mode;
    uint64_t order_seq;
    /* an order; prices and sizes 0: not given */
    enum side side;
    enum order_type type;
    enum time_in_force tif;
    bool post_only, reduce_only, may_cut;
    bool again; /* the same once more is meant: what a screen would ask (DUPLICATE) */
    int64_t price_e8, stop_e8, trail_e8, qty_e8, display_e8, take_e8, bracket_stop_e8;
    int64_t expire_ms; /* GTD: UTC */
    uint64_t group;    /* OCO: orders of one number cancel each other; 0: none */
};

enum control_level { CONTROL_INFO, CONTROL_GOOD, CONTROL_WARNING, CONTROL_BAD };

struct control_answer {
    uint32_t seq;
    bool ok; /* what was asked for is so */
    enum control_level level;
    uint64_t order_seq; /* of a new order; 0: none */
    char text[CONTROL_TEXT_SIZE];
};

/* --- reports: the state of everything, of one moment -------------------------------------------------------- */

struct control_instrument {
    char symbol[SYMBOL_SIZE], quote[ASSET_SIZE];
    const char *book; /* "LIVE": static */
    bool halted;      /* by a control */
    int64_t book_age_ms;
    int64_t bid_e8, ask_e8; /* 0: none */
    int64_t position_e8, average_e8, realised_e8, unrealised_e8, fees_e8;
};

struct control_strategy {
    char name[OWNER_NAME_SIZE];
    bool on, paused, disabled;
    char why[96];
    uint64_t fills, faults;
};

struct control_order {
    uint64_t seq;
    char symbol[SYMBOL_SIZE], owner[OWNER_NAME_SIZE];
    const char *side, *type, *state; /* static */
    int64_t price_e8, stop_e8, qty_e8, filled_e8;
};

struct control_killed { /* an order that was open when trading was killed */
    struct control_order order;
    int64_t answered_us; /* from the kill; -1: not yet */
};

struct control_recovery { /* what the start took over from earlier runs */
    bool known;           /* a journal is kept */
    bool crashed, safe_mode, done;
    uint64_t epoch, frames, from_ring, positions, orders, orders_ended, missing;
    int64_t took_us;
    char state[16], why[64];          /* as it was left; "": nothing was */
    char missing_symbol[SYMBOL_SIZE]; /* the first one that is not back; "": none */
    char note[CONTROL_TEXT_SIZE];
};

enum control_latched { CONTROL_LATCH_NONE, CONTROL_LATCH_KEPT, CONTROL_LATCH_WAITS, CONTROL_LATCH_FAILED };

struct control_latency { /* since the start */
    uint64_t count;
    int64_t p50_us, p99_us, max_us;
};

struct control_status {
    int64_t now_ns;           /* event time */
    const char *mode, *state; /* static */
    char state_why[96];
    int64_t state_since_ns;
    bool killed, kill_flattens; /* kill_flattens: once all is cancelled */
    uint32_t kill_total, kill_confirmed;
    int64_t kill_took_us;           /* from the raised flag until every cancel was handed over; 0: unknown */
    int64_t kill_ns, kill_quiet_ns; /* event time; quiet 0: not yet */
    enum control_latched latched;   /* the file KILLED */
    char latch_why[CONTROL_TEXT_SIZE];
    int64_t equity_e8, cash_e8;
    char quote[ASSET_SIZE]; /* of these two */
    uint64_t events, intents, denied, sent, filled, cancelled, rejected, fills, approved;
    uint32_t commands_queued, records_queued; /* waiting for the engine, for the store */
    bool storage_failed;
    char attention[CONTROL_TEXT_SIZE]; /* trading goes on, but somebody should look; "": nothing */
    struct control_latency packet,
        order_sent;             /* from a packet's receipt: to decided, to an order that left */
    struct control_latency key; /* from a key's read on the engine's own screen to its command there */
    int64_t key_taken_ns;       /* monotonic: when the newest of these came there; 0: none did */
    int64_t engine_age_ms;      /* since the newest event of the feed */
    uint32_t instruments, strategies, orders;
    struct control_instrument instrument[INSTRUMENTS_MAX];
    struct control_strategy strategy[OWNERS_MAX];
    struct control_order order[CONTROL_ORDERS_MAX];
    struct control_recovery recovery;
    uint32_t killed_orders;
    struct control_killed
        killed_order[CONTROL_ORDERS_MAX]; /* each of the last kill, with what became of it */
};

struct control_report {
    uint32_t seq; /* of the newest request that it answers */
    struct control_status status;
    struct view_controls controls;
};

#endif
