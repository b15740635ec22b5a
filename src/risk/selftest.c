#include "risk/selftest.h"

#include "risk/selftest_dry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DRY_NS INT64_C(1700000000500000000)

const struct risk_core risk_core_real = {
    .check = risk_gate_check,
    .monitor = risk_monitor_run,
    .consume = risk_approval_consume,
    .change = risk_limits_change,
};

/* Money stays far under what a sum can hold, so that no case meets another's limit. */
static void widest(struct risk_limits *limits)
{
    memset(limits, 0, sizeof *limits);
    for (int i = 0; i < RISK_LIMITS; i++) {
        const struct risk_limit *row = risk_limit_row((enum risk_limit_id)i);

        risk_limit_set(limits, (enum risk_limit_id)i, row->decimal ? INT64_MAX / 4 : row->most);
    }
    limits->duplicate_ms = 1;
    limits->order_to_trade_warn = limits->order_to_trade;
}

static void dry_init(struct dry *dry, const struct risk_limits *set, struct risk_monitor *monitor)
{
    memset(dry, 0, sizeof *dry);
    dry->set = set;
    dry->monitor = monitor;
    risk_monitor_init(monitor);
    widest(&dry->limits);
    risk_state_init(&dry->state);
    dry->state.mode = MODE_SIMULATION;
    dry->state.state = STATE_ACTIVE;
    dry->state.equity_e8 = dry->state.equity_start_day_e8 = dry->state.equity_peak_e8 = INT64_MAX / 2;
    dry->state.free_quote_e8 = INT64_MAX / 2;
    dry->state.private_live = dry->state.clock_known = true;
    dry->state.leader_term_ns = INT64_C(1000000000);
    dry->state.leader_beat_ns = DRY_NS;
    dry->state.weight_allowed = 6000;
    risk_state_advance(&dry->state, DRY_NS);
    dry->at.listed = true;
    instrument_init(&dry->instrument, "DRYUSDT", VENUE_BINANCE_SPOT, 0);
    dry->instrument.tick_e8 = dry->instrument.lot_e8 = 1;
    dry->instrument.trading = true;
    dry->ref = (struct market_ref){.now_ns = DRY_NS,
                                   .book_state = BOOK_LIVE,
                                   .best_ticks = {DRY_PRICE, DRY_PRICE},
                                   .best_lots = {1, 1},
                                   .last_ticks = DRY_PRICE};
    dry->intent = (struct order_intent){
        .owner = DRY_OWNER, .side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = DRY_PRICE, .qty_lots = 1};
}

static bool acted(const struct risk_actions *actions, enum risk_code code)
{
    for (size_t i = 0; i < actions->count; i++)
        if (actions->action[i].why.code == code)
            return true;
    return false;
}

/* The code that answers, RISK_PASS if none; what another control says of the case is its fault as well. */
static enum risk_code answer(const struct risk_core *core, const struct dry *dry, const struct dry_case *one)
{
    struct risk_actions actions = {0};
    struct risk_verdict verdict;

    if (one->kind == DRY_GATE) {
        verdict = core->check(&dry->limits, &dry->state, &dry->at, &dry->instrument, &dry->ref, &dry->intent);
        return verdict.answer == RISK_ANSWER_DENIED ? verdict.code : RISK_PASS;
    }
    core->monitor(dry->monitor, &dry->limits, &dry->state, dry->ref.now_ns, &actions);
    if (acted(&actions, one->code))
        return one->code;
    return actions.count > 0 ? actions.action[0].why.code : RISK_PASS;
}

static void enter(struct risk_selftest *out, enum risk_code code, bool ok, const char *what)
{
    if (out->state[code] != RISK_SELFTEST_FAILED)
        out->state[code] = ok ? RISK_SELFTEST_OK : RISK_SELFTEST_FAILED;
    if (!ok && out->why[0] == '\0')
        snprintf(out->why, sizeof out->why, "%s %s", risk_code_word(code), what);
}

static void run_case(const struct risk_core *core, const struct risk_limits *limits,
                     struct risk_monitor *scratch, const struct dry_case *one, struct risk_selftest *out)
{
    struct dry dry;
    enum risk_code code;
    char what[64];

    dry_init(&dry, limits, scratch);
    one->set_up(&dry, 0);
    code = answer(core, &dry, one);
    snprintf(what, sizeof what, "is in the way at its limit: %s", risk_code_word(code));
    enter(out, one->code, code == RISK_PASS, what);
    dry_init(&dry, limits, scratch);
    one->set_up(&dry, 1);
    code = answer(core, &dry, one);
    snprintf(what, sizeof what, "did not stop what is beyond its limit: %s", risk_code_word(code));
    enter(out, one->code, code == one->code, what);
}

static void run_compare(const struct risk_core *core, struct risk_selftest *out)
{
    struct risk_approvals approvals = {0};
    struct order order = {.seq = 7, .intent = {.qty_lots = 5, .price_ticks = DRY_PRICE}};
    bool ok = risk_approval_grant(&approvals, &order) && core->consume(&approvals, &order);

    enter(out, RISK_COMPARE, ok, "refused the order that was approved");
    ok = !core->consume(&approvals, &order);
    enter(out, RISK_COMPARE, ok, "let an order leave twice");
    memset(&approvals, 0, sizeof approvals);
    ok = risk_approval_grant(&approvals, &order);
    order.intent.qty_lots++;
    enter(out, RISK_COMPARE, ok && !core->consume(&approvals, &order),
          "let another order leave than was approved");
}

static void run_change(const struct risk_core *core, struct risk_selftest *out)
{
    struct risk_limits limits;
    struct risk_limit_change change;
    char why[RISK_LIMITS_WHY_SIZE];
    const char *option = risk_limit_row(RISK_LIMIT_max_value_e8)->option;
    int64_t old_e8, most_e8 = risk_limit_row(RISK_LIMIT_max_value_e8)->live_most;

    risk_limits_init(&limits, MODE_SIMULATION);
    old_e8 = limits.max_value_e8;
    enter(out, RISK_LIMIT_CHANGE,
          core->change(&limits, MODE_SIMULATION, option, old_e8 + 1, false, &change, why) != ERR_OK &&
              limits.max_value_e8 == old_e8,
          "loosened without a confirmation");
    enter(out, RISK_LIMIT_CHANGE,
          core->change(&limits, MODE_LIVE, option, most_e8 + 1, true, &change, why) != ERR_OK &&
              limits.max_value_e8 == old_e8,
          "took an absurd value");
    enter(out, RISK_LIMIT_CHANGE,
          core->change(&limits, MODE_SIMULATION, option, old_e8 - 1, false, &change, why) == ERR_OK &&
              limits.max_value_e8 == old_e8 - 1,
          "refused a tighter value");
}

/* Every control can be told, and every limit belongs to one. */
static void run_attest(struct risk_selftest *out)
{
    for (int code = RISK_PASS + 1; code < RISK_CODES; code++)
        enter(out, RISK_ATTEST,
              risk_code_word((enum risk_code)code) != NULL && risk_code_help((enum risk_code)code) != NULL,
              "knows a control without words");
    for (int id = 0; id < RISK_LIMITS; id++) {
        const struct risk_limit *row = risk_limit_row((enum risk_limit_id)id);

        enter(out, RISK_ATTEST, row->code > RISK_PASS && row->code < RISK_CODES && row->option != NULL,
              "knows a limit without a control");
    }
}

static void count(struct risk_selftest *out)
{
    out->ok = out->failed = 0;
    for (int code = RISK_PASS + 1; code < RISK_CODES; code++) {
        out->ok += out->state[code] == RISK_SELFTEST_OK;
        out->failed += out->state[code] == RISK_SELFTEST_FAILED;
    }
}

bool risk_selftest_run(const struct risk_core *core, const struct risk_limits *limits, int64_t now_ns,
                       struct risk_monitor *scratch, struct risk_selftest *out)
{
    memset(out, 0, sizeof *out);
    out->ran_ns = now_ns;
    for (size_t i = 0; i < dry_case_count; i++)
        run_case(core, limits, scratch, &dry_cases[i], out);
    run_compare(core, out);
    run_change(core, out);
    for (int code = RISK_PASS + 1; code < RISK_GATE_END; code++)
        if (out->state[code] == RISK_SELFTEST_NOT_RUN)
            enter(out, (enum risk_code)code, false, "has no case");
    count(out);
    enter(out, RISK_SELFTEST, out->failed == 0, "found a control that does not work");
    run_attest(out);
    count(out);
    return out->failed == 0;
}

void risk_selftest_enter(struct risk_selftest *selftest, enum risk_code code, bool ok)
{
    if ((unsigned)code >= RISK_CODES)
        return;
    selftest->state[code] = RISK_SELFTEST_NOT_RUN;
    enter(selftest, code, ok, "failed its own test");
    count(selftest);
}
