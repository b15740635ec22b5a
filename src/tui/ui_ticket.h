/*
 * ui_ticket.h - the order form: its fields, what they make of an order, its keys. Private to tui; part of ui_state.h.
 *
 * ui_ticket.c checks what is typed, ui_ticket_keys.c takes the keys and sends.
 */
#ifndef TUI_UI_TICKET_H
#define TUI_UI_TICKET_H

#include "core/domain/intent.h"
#include "tui/keymap.h"

#include <stdbool.h>
#include <stdint.h>

#define UI_TICKET_TEXT 24 /* bytes of a field that is typed, NUL included */

struct ui;

enum ticket_field { /* in the order of the form; what a type has no use for is left out */
                    TICKET_SIDE,
                    TICKET_TYPE,
                    TICKET_SIZE,
                    TICKET_PRICE,
                    TICKET_STOP,
                    TICKET_TRAIL,
                    TICKET_POST,
                    TICKET_REDUCE,
                    TICKET_TIF,
                    TICKET_MINUTES, /* of GTD */
                    TICKET_SHOW,    /* of an iceberg */
                    TICKET_TAKE,    /* bracket: 0 or empty, none */
                    TICKET_LOSS,
                    TICKET_FIELDS
};

struct ui_ticket {
    enum ticket_field field;
    struct order_intent intent;
    bool oco;                                 /* a limit at the price and a stop: one cancels the other */
    char text[TICKET_FIELDS][UI_TICKET_TEXT]; /* of the fields that are typed */
    bool fresh;                               /* the next digit replaces the field */
    char why[96];                             /* what is wrong with it; empty: nothing */
    bool taking_said;                         /* y was pressed though it takes: the next one sends it */
    int64_t left_ns;
    bool drawn;
};

void ticket_open(struct ui *ui); /* from the cursor; says why not */
/* The same with a type, and a size and a price as they were typed; size "": the ladder's. A price of a stop is where it
 * goes off. */
void ticket_open_with(struct ui *ui, enum order_type type, const char *size, const char *price);
void ticket_key(struct ui *ui, const struct key_event *key, enum key_action action);
void ticket_check(struct ui *ui);
bool ticket_has(const struct ui_ticket *ticket, enum ticket_field field); /* of this type */
bool ticket_is_typed(enum ticket_field field);
const char *ticket_label(enum ticket_field field);
const char *ticket_value(const struct ui_ticket *ticket, enum ticket_field field); /* as the form shows it */
/* A limit that was to rest and would take now: it wants a second y. Known when the gate has told of this very order. */
bool ticket_takes(const struct ui *ui);
/* What a market order from this touch may pay at worst. */
int64_t ticket_market_bound(enum side side, int64_t touch_ticks);
/* The field in whole steps above 0. False: it is not. */
bool ticket_steps(const char *text, int64_t step_e8, int64_t *out);
/* A price field in ticks; empty: 0, where it may be. False: the form says what is wrong. */
bool ticket_price(struct ui *ui, enum ticket_field field, bool may_be_empty, int64_t *out);

#endif
