/*
 * attest.h - ATTEST: every control with its limit, source, use, last trip and last self-test, as rows. Pure.
 *
 * One row for each limit, one for each control that has none; in the order of judgement. `flowdeck controls`,
 * the socket and the risk screen read the same rows.
 */
#ifndef RISK_ATTEST_H
#define RISK_ATTEST_H

#include "risk/monitor.h"
#include "risk/selftest.h"

#define RISK_ATTEST_ROWS_MAX (RISK_LIMITS + RISK_CODES)
#define RISK_ATTEST_NONE     INT64_MIN /* cannot be told, or there is no number */

/* What a process control says of itself; its owner keeps it. */
struct risk_process_fact {
    bool known;
    bool ok;          /* equal, armed, alive */
    const char *text; /* static or kept by the owner: "cancel", "41 approved, 41 sent"; NULL: none */
    int64_t now, limit;
    enum risk_unit unit;
    uint64_t trips;
    int64_t tripped_ns; /* 0: never */
};

/* Largest use of each limit since the start (or whenever the owner zeroes it). */
struct risk_worst {
    int64_t use[RISK_LIMITS];
};

struct risk_attest_facts {
    const struct risk_limits *limits;
    const struct risk_state *state;   /* with the account of the instrument loaded */
    const struct risk_instrument *at; /* of the shown instrument */
    const struct market_ref *ref;
    const struct risk_monitor *monitor;
    const struct risk_selftest *selftest;
    const struct risk_process_fact *process; /* RISK_CODES of them; NULL: none known */
    const struct risk_worst *worst;          /* NULL: none kept */
    const char *const *source;               /* by enum risk_limit_id: "flowdeck.yaml:12", "default"; NULL */
    uint16_t instrument_id, owner; /* whose strategy numbers; OWNERS_MAX: the one nearest its limit */
};

struct risk_attest_row {
    enum risk_code code;
    enum risk_place place;
    enum risk_limit_id id; /* RISK_LIMITS: a control without a limit */
    const char *word, *help;
    const char *option, *source; /* NULL: none */
    const char *text;            /* of a process control; NULL: none */
    enum risk_unit unit;
    int64_t limit, now, worst;     /* RISK_ATTEST_NONE */
    bool standing;                 /* it stops something now: tripped, halted, disabled */
    uint64_t denials, trips;       /* of the control, all its limits together */
    int64_t denied_ns, tripped_ns; /* 0: never */
    enum risk_selftest_state selftest;
    int64_t selftest_ns; /* 0: never */
};

/* Rows written, at most RISK_ATTEST_ROWS_MAX. */
size_t risk_attest(const struct risk_attest_facts *facts, struct risk_attest_row rows[RISK_ATTEST_ROWS_MAX]);
/* Use now of one limit, in its unit. */
int64_t risk_attest_use(const struct risk_attest_facts *facts, enum risk_limit_id id);
/* An order that passed: the largest of its day for the limits of a single order, which have no use of their own. A flatten
 * is no use of those that do not bound it, MAX_QTY and MAX_VALUE: the position is what it may be. reached_ticks: the worst
 * price that a market order meets in the visible book, which COLLAR judges it by; its own price is the bound, and uses the
 * whole of the limit by construction. 0: not known, or no market order. */
void risk_worst_order(struct risk_worst *worst, const struct instrument *instrument,
                      const struct market_ref *ref, const struct order_intent *intent, int64_t reached_ticks);
/* Keeps the largest use; as often as the owner likes, once a second say. */
void risk_worst_update(struct risk_worst *worst, const struct risk_attest_facts *facts);

#endif
