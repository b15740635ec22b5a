/*
 * record.h - what the engine hands to the store: one plain record for each thing that happened.
 *
 * The seam of the journal: the engine pushes a record before it acts on or shows what it tells. Events tell what
 * happened; states tell what is from then on, whole, so that the last one of each key is all that a start needs
 * (docs/journal.md). record_table.c says how each becomes bytes and which fields are its key.
 *
 * symbol and owner are names, not ids: ids are of one run. "" where there is none. Prices and quantities in ticks and
 * lots are of the tick_e8 and lot_e8 in the same record.
 */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "core/domain/command.h"
#include "core/domain/instrument.h"
#include "core/domain/order.h"
#include "core/domain/position.h"
#include "core/domain/trading_state.h"

#include <stdint.h>

/* Numbers are of the file format: new kinds at the end, none is given twice. */
enum store_record_kind {
    STORE_INSTRUMENT = 1, /* state, key symbol: venue, steps */
    STORE_ORDER = 2,      /* state, key seq: an order after a change; one that has ended leaves */
    STORE_FILL = 3,
    STORE_EQUITY = 4,      /* sample, each second of event time */
    STORE_STORY = 5,       /* a line of why an order filled or did not; once it has ended */
    STORE_AUDIT = 6,       /* intents, denials, commands, modes, book states: one text line */
    STORE_SESSION = 7,     /* state, no key: a run began; fresh: nothing of before counts any more */
    STORE_SESSION_END = 8, /* state, no key: that run ended in order */
    STORE_COMMAND = 9,     /* input: what a key, the socket, a signal, a clock asked of the engine */
    STORE_ANSWER = 10,     /* input: what the gateway said of an order */
    STORE_POSITION = 11,   /* state, key symbol and owner ("": all together) */
    STORE_ACCOUNT = 12,    /* state, key quote asset */
    STORE_TRADING = 13,    /* state, no key: trading state and mode, and why */
    STORE_OWNER = 14,      /* state, key owner: on, paused, disabled, results that controls go by */
    STORE_SYMBOL = 15,     /* state, key symbol: halted by a control, results that controls go by */
    STORE_PARAMETER = 16,  /* state, key owner and name: changed at run time */
    STORE_LIMIT = 17,      /* state, key option: changed at run time */
    STORE_TIME = 18,       /* state, key slot: a message, a first fill or a rejection that a window counts */
    STORE_MEMORY = 19,     /* state, key owner and part: what a strategy saved of itself */
    STORE_CANDLE = 20,     /* sample, each minute that traded */
    STORE_SIGNALS = 21,    /* sample, each STORE_SIGNALS_NS of a LIVE book */
    STORE_CONTROL =
        22, /* state, key name: what a control counted on a UTC day, or a limit's largest order of it */
    STORE_KILL = 23 /* state, no key: the newest kill of all, and what came of it */
};

#define STORE_RECORD_KINDS 24 /* one more than the last */
#define STORE_AUDIT_TEXT   184
#define STORE_NAME_SIZE    48
#define STORE_SHA_SIZE     65
#define STORE_MEMORY_BYTES 1024
#define STORE_TIME_SLOTS   4096
#define STORE_CRASHES      5
#define STORE_SIGNALS_NS   INT64_C(10000000000)

/* ANEW: an operator enabled the owner, and its windows are empty. */
enum store_time_kind {
    STORE_TIME_MESSAGE,
    STORE_TIME_ENTRY,
    STORE_TIME_FILL,
    STORE_TIME_REJECT,
    STORE_TIME_ANEW
};

struct store_kill {                         /* the newest of all */
    int64_t start_ns, quiet_ns, cleared_ns; /* 0: none, not yet */
    uint32_t total, confirmed, filled;      /* own orders that were open; of these over, filled first */
    char by[96], cleared_by[24];
};

struct store_scale { /* of the ticks and lots of a record */
    int64_t tick_e8, lot_e8;
};

struct store_record {
    enum store_record_kind kind;
    int64_t ts_ns;
    uint64_t input_seq; /* the engine's input counter */
    char symbol[SYMBOL_SIZE];
    char owner[OWNER_NAME_SIZE];
    union {
        struct instrument instrument;
        struct {
            struct order order;
            struct store_scale scale;
            int64_t price_e8, stop_e8, qty_e8, display_e8,
                filled_e8; /* exact, independent of later rescaling */
        } order;
        struct {
            struct fill fill;
            struct store_scale scale;
            int64_t price_e8, qty_e8;
        } fill;
        struct {
            int64_t equity_e8, cash_e8, realised_e8, unrealised_e8, fees_e8, drawdown_e8;
        } equity;
        struct {
            uint64_t order_seq;
            int32_t line; /* from 0 */
            char text[STORE_AUDIT_TEXT];
        } story;
        struct {
            char event[24];
            char owner[16];
            uint16_t instrument_id;
            char text[STORE_AUDIT_TEXT];
        } audit;
        struct {
            uint64_t epoch, session; /* session: counted from 1 in this journal */
            bool fresh;
            char kind[16], mode[16], source[128], version[32];
            char config_sha256[STORE_SHA_SIZE];
            int64_t crash_ns
                [STORE_CRASHES]; /* the newest runs that did not end in order, oldest first; 0: none */
        } session;
        struct {
            uint64_t session, records;
            char why[STORE_AUDIT_TEXT];
        } session_end;
        struct command command; /* but for view: a screen's wish is no input of a decision */
        struct {
            struct order_event event; /* reason is not kept: text is */
            struct store_scale scale;
            char text[STORE_AUDIT_TEXT];
        } answer;
        struct {
            struct position position;
            struct store_scale scale;
            int64_t day_realised_e8, day_fees_e8, day_open_e8; /* at 00:00 UTC */
            int64_t trip_base_e8;                              /* earned when last flat */
        } position;
        struct {
            char quote[ASSET_SIZE];
            int64_t start_e8, cash_e8, fees_elsewhere_e8, fee_asset_e8, peak_e8, max_drawdown_e8,
                day_start_e8, day,
                equity_e8; /* then; moves with every price and is told with the rest alone */
        } account;
        struct {
            enum trading_state state;
            enum trading_mode mode;
            int64_t since_ns;
            bool calendar_holds; /* PAUSED is the schedule's */
            uint8_t halted_by;   /* enum risk_code of the monitor that halted everything; 0: none */
            int64_t streak, trip_worst_e8;
            char why[96];
            enum trading_state beneath; /* what stands when state ends; ACTIVE in an older journal */
        } trading;
        struct {
            bool on, paused, disabled;
            uint8_t disabled_by; /* enum risk_code; 0: none */
            uint64_t fills, faults, strikes;
            int64_t streak, trip_worst_e8;
            char why[96];
            bool configured_on; /* what the configuration said */
        } owner_state;
        struct {
            uint8_t halted_by; /* enum risk_code; 0: it trades */
            int64_t streak, trip_worst_e8;
        } symbol_state;
        struct {
            char name[STORE_NAME_SIZE];
            int64_t configured, value;
        } parameter;
        struct {
            char option[STORE_NAME_SIZE];
            int64_t configured, value; /* configured: what the configuration said when it was changed */
        } limit;
        struct { /* of one UTC day; an older day's counts no more */
            /* the control, "MAX_VALUE": what it counted; a setting, "risk.max_value": its largest order; "": of the day
             * itself */
            char name[STORE_NAME_SIZE];
            int64_t day;      /* days since the epoch */
            int64_t since_ns; /* of the day itself: counted from then on; 0: all of it */
            int64_t largest;  /* of a setting, in its unit */
            uint64_t denied, tripped;
            int64_t denied_ns, tripped_ns; /* last time; 0: never */
        } control;
        struct store_kill kill;
        struct {
            uint16_t slot;
            uint8_t what; /* enum store_time_kind */
            int64_t at_ns;
            uint64_t order_seq; /* the highest one given so far */
        } time;
        struct {
            uint16_t part, parts;
            uint16_t size;
            unsigned char bytes[STORE_MEMORY_BYTES];
        } memory;
        struct {
            int64_t open_ms; /* the venue's time */
            int64_t open_e8, high_e8, low_e8, close_e8, volume_e8, taker_buy_e8;
            uint64_t count;
        } candle;
        struct { /* of signals (core/signal/signals.h), in millionths; counts of quantity in e8 */
            int64_t mid_e8, spread_e8, imbalance_1bp_ppm, imbalance_10bp_ppm, ofi_sigma_ppm,
                trade_imbalance_ppm, cvd_e8, volatility_1m_ubp, momentum_60s_ubp, vpin_ppm;
        } signals;
    };
};

#endif
