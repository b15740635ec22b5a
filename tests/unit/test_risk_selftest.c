/* test_risk_selftest.c - the self-test finds each control that is broken on purpose, and no other. */
#include "cmocka_all.h"
#include "gate_world.h"
#include "risk/selftest.h"

#include <string.h>

static struct risk_monitor scratch;
static struct risk_selftest result;
static enum risk_code broken;

static struct risk_limits limits_of(enum trading_mode mode)
{
    struct risk_limits limits;

    risk_limits_init(&limits, mode);
    if (mode == MODE_LIVE)
        limits.max_qty_e8 = E8;
    return limits;
}

static bool run(const struct risk_core *core, const struct risk_limits *limits)
{
    return risk_selftest_run(core, limits, NOW_NS, &scratch, &result);
}

static void test_the_real_core_is_sound(void **state)
{
    static const enum trading_mode modes[] = {MODE_SIMULATION, MODE_LIVE};

    (void)state;
    for (size_t m = 0; m < 2; m++) {
        struct risk_limits limits = limits_of(modes[m]);
        bool ok = run(&risk_core_real, &limits);

        assert_string_equal(result.why, "");
        assert_true(ok);
        assert_int_equal(result.failed, 0);
        assert_int_equal(result.ran_ns, NOW_NS);
        for (int code = RISK_PASS + 1; code < RISK_GATE_END; code++)
            assert_int_equal(result.state[code], RISK_SELFTEST_OK);
        assert_int_equal(result.state[RISK_COMPARE], RISK_SELFTEST_OK);
        assert_int_equal(result.state[RISK_LIMIT_CHANGE], RISK_SELFTEST_OK);
        assert_int_equal(result.state[RISK_DEADMAN], RISK_SELFTEST_NOT_RUN);
    }
}

/* Whatever the limits: each alone at its least, its live most and its most. */
static void test_it_holds_for_any_allowed_limit(void **state)
{
    (void)state;
    for (int i = 0; i < RISK_LIMITS; i++) {
        const struct risk_limit *row = risk_limit_row((enum risk_limit_id)i);
        const int64_t values[] = {row->least, row->live_most, row->most};

        for (size_t v = 0; v < 3; v++) {
            struct risk_limits limits = limits_of(MODE_SIMULATION);
            bool ok;

            risk_limit_set(&limits, (enum risk_limit_id)i, values[v]);
            ok = run(&risk_core_real, &limits);
            assert_string_equal(result.why, "");
            assert_true(ok);
        }
    }
}

static struct risk_verdict check_blind(const struct risk_limits *limits, const struct risk_state *risk,
                                       const struct risk_instrument *at, const struct instrument *instrument,
                                       const struct market_ref *ref, const struct order_intent *intent)
{
    struct risk_verdict verdict = risk_gate_check(limits, risk, at, instrument, ref, intent);

    if (verdict.code == broken)
        verdict = (struct risk_verdict){.answer = RISK_ANSWER_PASSED, .qty_lots = intent->qty_lots};
    return verdict;
}

static struct risk_verdict check_jammed(const struct risk_limits *limits, const struct risk_state *risk,
                                        const struct risk_instrument *at, const struct instrument *instrument,
                                        const struct market_ref *ref, const struct order_intent *intent)
{
    struct risk_verdict verdict = risk_gate_check(limits, risk, at, instrument, ref, intent);

    if (verdict.code == RISK_PASS)
        verdict = (struct risk_verdict){.answer = RISK_ANSWER_DENIED, .code = broken};
    return verdict;
}

static void monitor_blind(struct risk_monitor *monitor, const struct risk_limits *limits,
                          const struct risk_state *risk, int64_t now_ns, struct risk_actions *out)
{
    struct risk_actions all;

    risk_monitor_run(monitor, limits, risk, now_ns, &all);
    out->count = 0;
    for (size_t i = 0; i < all.count; i++)
        if (all.action[i].why.code != broken)
            out->action[out->count++] = all.action[i];
}

/* A control that is blind is found and named, each of them. */
static void test_a_blind_control_is_found(void **state)
{
    struct risk_limits limits = limits_of(MODE_SIMULATION);
    struct risk_core core = risk_core_real;

    (void)state;
    core.check = check_blind;
    for (int code = RISK_PASS + 1; code < RISK_GATE_END; code++) {
        broken = (enum risk_code)code;
        assert_false(run(&core, &limits));
        assert_int_equal(result.state[code], RISK_SELFTEST_FAILED);
        assert_int_equal(result.state[RISK_SELFTEST], RISK_SELFTEST_FAILED);
        assert_int_equal(result.failed, 2); /* it, and the self-test's own answer */
        assert_memory_equal(result.why, risk_code_word(broken), strlen(risk_code_word(broken)));
    }
}

static void test_a_blind_monitor_is_found(void **state)
{
    static const enum risk_code watched[] = {
        RISK_CLOCK,        RISK_LATENCY,  RISK_COLLAR_WINDOW, RISK_REPEAT,      RISK_DAILY_LOSS,
        RISK_REJECT_STORM, RISK_DRAWDOWN, RISK_TRADE_LOSS,    RISK_LOSS_STREAK, RISK_ORDER_TO_TRADE};
    struct risk_limits limits = limits_of(MODE_SIMULATION);
    struct risk_core core = risk_core_real;

    (void)state;
    core.monitor = monitor_blind;
    for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++) {
        broken = watched[i];
        assert_false(run(&core, &limits));
        assert_int_equal(result.state[broken], RISK_SELFTEST_FAILED);
        assert_int_equal(result.failed, 2);
    }
}

/* One that stops what is at its limit is as broken: nobody could trade. */
static void test_a_jammed_control_is_found(void **state)
{
    struct risk_limits limits = limits_of(MODE_SIMULATION);
    struct risk_core core = risk_core_real;

    (void)state;
    core.check = check_jammed;
    broken = RISK_MAX_VALUE;
    assert_false(run(&core, &limits));
    assert_int_equal(result.state[RISK_MAX_VALUE], RISK_SELFTEST_FAILED);
}

static struct risk_verdict check_by_hand(const struct risk_limits *limits, const struct risk_state *risk,
                                         const struct risk_instrument *at,
                                         const struct instrument *instrument, const struct market_ref *ref,
                                         const struct order_intent *intent)
{
    struct order_intent by_hand = *intent;

    by_hand.owner = OWNER_MANUAL;
    return risk_gate_check(limits, risk, at, instrument, ref, &by_hand);
}

/* Each control trips at the same limit whoever asks; the trader's own hand is exempt from these and no others. */
static void test_the_traders_hand_meets_the_same_limits(void **state)
{
    static const enum risk_code exempt[] = {
        RISK_PAUSED,        RISK_MAX_POS /* of a strategy */,    RISK_REPEAT,     RISK_REJECT_STORM,
        RISK_DUPLICATE,     RISK_DAILY_LOSS /* of a strategy */, RISK_TRADE_LOSS, RISK_LOSS_STREAK,
        RISK_ORDER_TO_TRADE};
    struct risk_limits limits = limits_of(MODE_SIMULATION);
    struct risk_core core = risk_core_real;

    (void)state;
    core.check = check_by_hand;
    assert_false(run(&core, &limits));
    for (int code = RISK_PASS + 1; code < RISK_GATE_END; code++) {
        bool expected = true;

        for (size_t i = 0; i < sizeof exempt / sizeof exempt[0]; i++)
            expected = expected && (int)exempt[i] != code;
        assert_int_equal(result.state[code], expected ? RISK_SELFTEST_OK : RISK_SELFTEST_FAILED);
    }
}

static bool consume_all(struct risk_approvals *approvals, const struct order *order)
{
    (void)approvals;
    (void)order;
    return true;
}

static enum err change_all(struct risk_limits *limits, enum trading_mode mode, const char *option,
                           int64_t new_value, bool confirmed, struct risk_limit_change *change,
                           char why[RISK_LIMITS_WHY_SIZE])
{
    (void)confirmed;
    return risk_limits_change(limits, mode, option, new_value, true, change, why);
}

static void test_broken_process_controls_are_found(void **state)
{
    struct risk_limits limits = limits_of(MODE_SIMULATION);
    struct risk_core core = risk_core_real;

    (void)state;
    core.consume = consume_all;
    assert_false(run(&core, &limits));
    assert_int_equal(result.state[RISK_COMPARE], RISK_SELFTEST_FAILED);
    core = risk_core_real;
    core.change = change_all;
    assert_false(run(&core, &limits));
    assert_int_equal(result.state[RISK_LIMIT_CHANGE], RISK_SELFTEST_FAILED);
    assert_string_equal(result.why, "LIMIT_CHANGE loosened without a confirmation");
}

static void test_owners_enter_their_own_results(void **state)
{
    struct risk_limits limits = limits_of(MODE_SIMULATION);
    uint32_t ok;

    (void)state;
    assert_true(run(&risk_core_real, &limits));
    ok = result.ok;
    risk_selftest_enter(&result, RISK_DEADMAN, true);
    assert_int_equal(result.ok, ok + 1);
    risk_selftest_enter(&result, RISK_DEADMAN, false);
    assert_int_equal(result.state[RISK_DEADMAN], RISK_SELFTEST_FAILED);
    assert_int_equal(result.failed, 1);
    assert_string_equal(result.why, "DEADMAN failed its own test");
    risk_selftest_enter(&result, (enum risk_code)RISK_CODES, false); /* not a code: no write beyond the end */
    assert_int_equal(result.failed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_real_core_is_sound),
        cmocka_unit_test(test_it_holds_for_any_allowed_limit),
        cmocka_unit_test(test_a_blind_control_is_found),
        cmocka_unit_test(test_a_blind_monitor_is_found),
        cmocka_unit_test(test_a_jammed_control_is_found),
        cmocka_unit_test(test_the_traders_hand_meets_the_same_limits),
        cmocka_unit_test(test_broken_process_controls_are_found),
        cmocka_unit_test(test_owners_enter_their_own_results),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
