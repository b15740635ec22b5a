/*
 * alert.h - what somebody wants to be rung for: a price, a change, a spread or an imbalance that passes a figure. Plain
 * data and its words; the engine keeps and judges the list (app/alert_list.h), screens show it.
 */
#ifndef VIEW_ALERT_H
#define VIEW_ALERT_H

#include "core/domain/instrument.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALERTS_MAX       32
#define ALERT_TEXT_SIZE  96
#define ALERT_NO_SESSION 0xFFFF /* instrument_id of a symbol that this session has not heard of */
#define ALERT_LEVEL_MAX  INT64_C(50000000000000000) /* of a level or its negative; a price of 5e8 */

enum alert_of { ALERT_PRICE, ALERT_CHANGE, ALERT_SPREAD, ALERT_IMBALANCE, ALERT_KINDS };

struct alert_kind {
    const char *word; /* "price" */
    unsigned scale;   /* digits of a level behind the point; of a price e8 */
    unsigned typed;   /* places that may be typed */
    const char *unit; /* behind the figure, with its blank */
};

struct alert {
    uint32_t id;            /* unique in a run, from 1 */
    uint16_t instrument_id; /* or ALERT_NO_SESSION */
    uint8_t of;             /* enum alert_of */
    uint8_t decimals;       /* of a price, as it is shown */
    bool above;             /* rings at the level or above it; else at it or below */
    bool away;              /* rang while no screen was open, and nobody has been told since */
    int64_t level;          /* price: e8; change: bp x10; spread: bp x100; imbalance: x1000 */
    int64_t rang_ns;        /* event time; 0: not yet */
    int64_t rang_at;        /* what it was then, as level */
    uint64_t rang_seq;      /* counts what rang in this run; 0: not in this one */
    char symbol[SYMBOL_SIZE];
};

struct view_instrument;

const struct alert_kind *alert_kind(unsigned of); /* enum alert_of; beyond: the price's */
bool alert_kind_find(const char *word, enum alert_of *out);
/* As alert.level; VIEW_NONE: not known now. */
int64_t alert_value(const struct view_instrument *at, unsigned of);
int64_t instrument_spread_bp_x100(const struct view_instrument *at); /* VIEW_NONE: no LIVE book */
bool alert_is_met(const struct alert *alert, int64_t value);         /* VIEW_NONE: no */
/* "61900.00", "+4.00 %": a level or value of it. Returns out. */
const char *alert_figure(const struct alert *alert, int64_t value, char *out, size_t size);
/* "BTCUSDT >= 61900.00", "change <= -2.00 %". Returns out. */
const char *alert_text(const struct alert *alert, bool symbol, char *out, size_t size);
/* How far it is, without a sign; "-": not known. Returns out. */
const char *alert_away(const struct alert *alert, const struct view_instrument *at, char *out, size_t size);

#endif
