/*
 * record.h - what the engine hands to the store: one plain record for each thing that happened.
 *
 * This is the seam of the journal: the engine pushes a record before it acts on or shows the effect. Today
 * the store thread writes records to SQLite; the crash-proof journal will stand between.
 */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "core/domain/instrument.h"
#include "core/domain/order.h"
#include "core/domain/trading_state.h"

#include <stdint.h>

enum store_record_kind {
    STORE_INSTRUMENT, /* symbol, venue, steps */
    STORE_ORDER,      /* an order after a change */
    STORE_FILL,
    STORE_EQUITY, /* sample, each second of event time */
    STORE_STORY,  /* a line of why an order filled or did not; once it has ended */
    STORE_AUDIT   /* intents, denials, commands, modes, states, book states: one text line */
};

#define STORE_AUDIT_TEXT 184

struct store_record {
    enum store_record_kind kind;
    int64_t ts_ns;
    uint64_t input_seq; /* the engine's input counter */
    union {
        struct instrument instrument;
        struct {
            struct order order;
            int64_t price_e8, stop_e8, qty_e8, display_e8,
                filled_e8; /* exact, independent of later rescaling */
        } order;
        struct {
            struct fill fill;
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
    };
};

#endif
