/* test_risk_state.c - rate windows, denial counters, the loss monitor, and the words of verdicts. */
#include "gate_world.h"
#include "test_random.h"

#include <string.h>

#define SLIDES 30000

/* I14: in any sliding window no more than the gate was told; compared with a list of all times. */
static void test_windows_never_count_too_few(void **state)
{
    static int64_t sent[SLIDES];
    static struct risk_state risk;
    uint64_t seed = 5;
    int64_t now = NOW_NS;
    size_t oldest_1s = 0, oldest_60s = 0;

    (void)state;
    risk_state_init(&risk);
    for (size_t i = 0; i < SLIDES; i++) {
        now += random_sized(&seed, 32); /* up to 4 s */
        if (random_between(&seed, 0, 500) == 0)
            now += random_sized(&seed, 38); /* now and then minutes */
        risk_state_count_message(&risk, now);
        sent[i] = now;
        while (sent[oldest_1s] <= now - 10 * E8)
            oldest_1s++;
        while (sent[oldest_60s] <= now - 600 * E8)
            oldest_60s++;
        assert_true(risk.rate_1s >= (int64_t)(i + 1 - oldest_1s));
        assert_true(risk.rate_60s >= (int64_t)(i + 1 - oldest_60s));
    }
}

/* And not too many for long: what is a slot older than the window is out. */
static void test_windows_forget(void **state)
{
    struct risk_state risk;

    (void)state;
    risk_state_init(&risk);
    for (int i = 0; i < 5; i++)
        risk_state_count_message(&risk, NOW_NS);
    assert_int_equal(risk.rate_1s, 5);
    risk_state_advance(&risk, NOW_NS + 10 * E8);
    assert_int_equal(risk.rate_1s, 5); /* exactly a second later they still may share a window */
    risk_state_advance(&risk, NOW_NS + 11 * E8);
    assert_int_equal(risk.rate_1s, 0);
    assert_int_equal(risk.rate_60s, 5);
    risk_state_advance(&risk, NOW_NS + 600 * E8);
    assert_int_equal(risk.rate_60s, 5);
    risk_state_advance(&risk, NOW_NS + 601 * E8);
    assert_int_equal(risk.rate_60s, 0);
    risk_state_count_message(&risk, NOW_NS + 601 * E8);
    risk_state_advance(&risk, NOW_NS + 99999 * E8); /* a jump over the whole ring */
    assert_int_equal(risk.rate_60s, 0);
    assert_int_equal(risk.rate_1s, 0);
}

/* A slot that is full must not wrap to zero and open the gate. */
static void test_a_full_slot_saturates(void **state)
{
    struct risk_state risk;

    (void)state;
    risk_state_init(&risk);
    for (int i = 0; i < 70000; i++)
        risk_state_count_message(&risk, NOW_NS);
    assert_int_equal(risk.rate_1s, UINT16_MAX);
    risk_state_advance(&risk, NOW_NS + 700 * E8);
    assert_int_equal(risk.rate_60s, 0);
}

static void test_denials_are_counted_by_code(void **state)
{
    struct risk_state risk;

    (void)state;
    risk_state_init(&risk);
    risk_state_count_denial(&risk, RISK_COLLAR, NOW_NS);
    risk_state_count_denial(&risk, RISK_COLLAR, NOW_NS + 1);
    risk_state_count_denial(&risk, (enum risk_code)RISK_CODES,
                            NOW_NS); /* not a code: no write beyond the end */
    assert_int_equal(risk.denials[RISK_COLLAR], 2);
    assert_int_equal(risk.denied_ns[RISK_COLLAR], NOW_NS + 1);
    assert_int_equal(risk.denials[RISK_KILL], 0);
}

/* A start without orders from anybody: the program begins where nothing can leave. */
static void test_a_new_state_sends_nothing(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    risk_state_init(&w.state);
    assert_int_equal(gate_world_check(&w).answer, RISK_ANSWER_DENIED);
}

static void test_monitor_trips_beyond_the_limit(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    assert_int_equal(risk_monitor_check(&w.limits, &w.state), RISK_PASS);
    w.state.equity_e8 = 9800 * E8;
    assert_int_equal(risk_monitor_check(&w.limits, &w.state), RISK_PASS);
    w.state.equity_e8--;
    assert_int_equal(risk_monitor_check(&w.limits, &w.state), RISK_DAILY_LOSS);
    w.state.equity_start_day_e8 = 9000 * E8;
    w.state.equity_e8 = 9500 * E8;
    assert_int_equal(risk_monitor_check(&w.limits, &w.state), RISK_PASS);
    w.state.equity_e8--;
    assert_int_equal(risk_monitor_check(&w.limits, &w.state), RISK_DRAWDOWN);
    risk_state_init(&w.state); /* no baseline yet is no loss */
    assert_int_equal(risk_monitor_check(&w.limits, &w.state), RISK_PASS);
    w.state.equity_start_day_e8 = INT64_MAX;
    w.state.equity_e8 = INT64_MIN;
    assert_int_equal(risk_monitor_check(&w.limits, &w.state), RISK_DAILY_LOSS);
}

static void test_every_code_has_its_word_and_help(void **state)
{
    (void)state;
    for (int i = 0; i < RISK_CODES; i++) {
        assert_true(strlen(risk_code_word((enum risk_code)i)) > 2);
        assert_true(strlen(risk_code_help((enum risk_code)i)) > 10);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(risk_code_word((enum risk_code)i), risk_code_word((enum risk_code)k));
    }
    assert_string_equal(risk_code_word((enum risk_code)RISK_CODES), "UNKNOWN");
    assert_string_equal(risk_code_word(RISK_MAX_VALUE), "MAX_VALUE");
}

static const char *text_of(const struct gate_world *w, char out[160])
{
    struct risk_verdict verdict = gate_world_check(w);

    return risk_verdict_text(&verdict, &w->instrument, out, 160);
}

/* CONTROLS: the code, then the numbers, in the units a trader reads. */
static void test_verdict_texts(void **state)
{
    struct gate_world w = gate_world_good();
    char out[160];

    (void)state;
    assert_string_equal(text_of(&w, out), "pass");
    w.intent.qty_lots = 2000;
    w.intent.price_ticks = 6184200;
    w.limits.collar_limit_bp = 400;
    assert_string_equal(text_of(&w, out), "MAX_VALUE value=1236.84 limit=1000.00");
    w.intent.may_cut = true;
    assert_string_equal(text_of(&w, out), "MAX_VALUE value=1236.84 limit=1000.00 cut to 0.01617");
    w = gate_world_good();
    w.limits.max_value_e8 = 60 * E8 - 1;
    assert_string_equal(text_of(&w, out), "MAX_VALUE value=60 limit=59.99999999");
    w = gate_world_good();
    w.limits.max_qty_e8 = 99 * w.instrument.lot_e8;
    assert_string_equal(text_of(&w, out), "MAX_QTY value=0.001 limit=0.00099");
    w = gate_world_good();
    w.ref.book_age_ns = INT64_C(4200000000);
    assert_string_equal(text_of(&w, out), "STALE_BOOK age=4200 ms limit=1000 ms");
    w.ref.book_state = BOOK_SYNCING;
    assert_string_equal(text_of(&w, out), "STALE_BOOK book=SYNCING");
    w = gate_world_good();
    w.intent.price_ticks = 6180000;
    assert_string_equal(text_of(&w, out), "COLLAR from_mid=300 bp limit=200 bp");
    w = gate_world_good();
    w.at.best_own_ticks[SIDE_ASK] = 5999950;
    assert_string_equal(text_of(&w, out), "SELF_TRADE price=60000 own=59999.5");
    w = gate_world_good();
    w.instrument.notional_e8_min = 100 * E8;
    assert_string_equal(text_of(&w, out), "FILTER notional=60.00 min=100.00");
    w = gate_world_good();
    w.state.mode = MODE_OBSERVATION;
    assert_string_equal(text_of(&w, out), "MODE observation sends nothing");
}

/* A small buffer is cut, never overrun. */
static void test_verdict_text_is_bounded(void **state)
{
    struct gate_world w = gate_world_good();
    struct risk_verdict verdict;
    char out[12] = "###########";

    (void)state;
    w.ref.book_state = BOOK_STALE;
    verdict = gate_world_check(&w);
    risk_verdict_text(&verdict, &w.instrument, out, 8);
    assert_string_equal(out, "STALE_B");
    assert_int_equal(out[8], '#');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_windows_never_count_too_few),
        cmocka_unit_test(test_windows_forget),
        cmocka_unit_test(test_a_full_slot_saturates),
        cmocka_unit_test(test_denials_are_counted_by_code),
        cmocka_unit_test(test_a_new_state_sends_nothing),
        cmocka_unit_test(test_monitor_trips_beyond_the_limit),
        cmocka_unit_test(test_every_code_has_its_word_and_help),
        cmocka_unit_test(test_verdict_texts),
        cmocka_unit_test(test_verdict_text_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
