/*
 * selftest_dry.h - the dry core of the self-test, inside the risk layer only. Pure.
 *
 * Price 1.00, steps of 1e-8: a lot is worth 1e-8 of the quote, so that any limit in money is met to the unit.
 */
#ifndef RISK_SELFTEST_DRY_H
#define RISK_SELFTEST_DRY_H

#include "risk/selftest.h"

#define DRY_PRICE INT64_C(100000000) /* ticks */
#define DRY_OWNER 1
#define DRY_OTHER 2

struct dry {
    const struct risk_limits *set; /* as configured */
    struct risk_limits limits;     /* all wide, but for what the case takes from `set` */
    struct risk_state state;
    struct risk_instrument at;
    struct instrument instrument;
    struct market_ref ref;
    struct order_intent intent; /* buys one lot at the price */
    struct risk_monitor *monitor;
};

enum dry_kind { DRY_GATE, DRY_MONITOR };

/* beyond is 0: at the limit, must pass; or 1: one unit more, must be denied (or acted upon) with the code. */
struct dry_case {
    enum risk_code code;
    enum dry_kind kind;
    void (*set_up)(struct dry *dry, int64_t beyond);
};

extern const struct dry_case dry_cases[];
extern const size_t dry_case_count;

#endif
