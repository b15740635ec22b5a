/*
 * selftest.h - SELFTEST: each control is fed one order at its limit and one beyond, in a dry core. Pure.
 *
 * A world of its own, nothing leaves. Every other limit is at its widest, the one under test is the configured
 * one, so that a start proves the limits that will be in force. Process controls that are not of this layer
 * (CRASH_LOOP, CANCEL_ON_EXIT, DEADMAN, POST_TRADE) are proved by their owners, who enter the result.
 */
#ifndef RISK_SELFTEST_H
#define RISK_SELFTEST_H

#include "risk/approval.h"
#include "risk/gate.h"
#include "risk/monitor.h"

#define RISK_SELFTEST_WHY_SIZE 160

enum risk_selftest_state { RISK_SELFTEST_NOT_RUN, RISK_SELFTEST_OK, RISK_SELFTEST_FAILED };

struct risk_selftest {
    enum risk_selftest_state state[RISK_CODES];
    int64_t ran_ns; /* event time of the run */
    uint32_t ok, failed;
    char why[RISK_SELFTEST_WHY_SIZE]; /* of the first failure: "MAX_VALUE let 1001 pass" */
};

/* What is proved: the functions that trading calls. */
struct risk_core {
    struct risk_verdict (*check)(const struct risk_limits *limits, const struct risk_state *state,
                                 const struct risk_instrument *at, const struct instrument *instrument,
                                 const struct market_ref *ref, const struct order_intent *intent);
    void (*monitor)(struct risk_monitor *monitor, const struct risk_limits *limits,
                    const struct risk_state *state, int64_t now_ns, struct risk_actions *out);
    bool (*consume)(struct risk_approvals *approvals, const struct order *order);
    enum err (*change)(struct risk_limits *limits, enum trading_mode mode, const char *option,
                       int64_t new_value, bool confirmed, struct risk_limit_change *change,
                       char why[RISK_LIMITS_WHY_SIZE]);
};

extern const struct risk_core risk_core_real;

/*
 * Milliseconds, at a start. scratch: about 0.5 MB, overwritten. True: every control of this layer answered
 * right. False: no start; *out names the first that did not.
 */
bool risk_selftest_run(const struct risk_core *core, const struct risk_limits *limits, int64_t now_ns,
                       struct risk_monitor *scratch, struct risk_selftest *out);
/* A process control was proved by its owner. */
void risk_selftest_enter(struct risk_selftest *selftest, enum risk_code code, bool ok);

#endif
