/* test_risk_monitor.c - monitors: windows at their edges, streaks, jumps of the mid, latency, what an operator clears. */
#include "gate_world.h"
#include "risk/gaps.h"
#include "risk/monitor.h"
#include "test_random.h"

#include <string.h>

#define NS_PER_S INT64_C(1000000000)

static struct risk_monitor monitor;
static struct risk_actions actions;

static struct gate_world world_of_monitors(void)
{
    struct gate_world w = gate_world_good();

    risk_monitor_init(&monitor);
    w.limits.repeat_n = 20;
    return w;
}

static void run_at(struct gate_world *w, int64_t now_ns)
{
    risk_monitor_run(&monitor, &w->limits, &w->state, now_ns, &actions);
}

static void assert_quiet(struct gate_world *w, int64_t now_ns)
{
    run_at(w, now_ns);
    assert_int_equal(actions.count, 0);
}

static void assert_acts(struct gate_world *w, int64_t now_ns, enum risk_action_kind kind, enum risk_code code)
{
    run_at(w, now_ns);
    assert_int_equal(actions.count, 1);
    assert_string_equal(risk_code_word(actions.action[0].why.code), risk_code_word(code));
    assert_int_equal(actions.action[0].kind, kind);
}

/* RTS 6 15(3): exactly n get out, then the strategy is off until somebody says so. */
static void test_repeat_lets_exactly_n_out(void **state)
{
    struct gate_world w = world_of_monitors();
    int sent = 0;

    (void)state;
    for (int i = 0; i < 50; i++) {
        w.intent.price_ticks = 5990000 + i;
        w.ref.now_ns = NOW_NS + i * E8;
        risk_state_advance(&w.state, w.ref.now_ns);
        if (gate_world_check(&w).answer == RISK_ANSWER_PASSED) {
            sent++;
            risk_monitor_sent(&monitor, 1, true, w.ref.now_ns);
        }
        run_at(&w, w.ref.now_ns);
        for (size_t k = 0; k < actions.count; k++)
            risk_state_carry_out(&w.state, &actions.action[k], w.ref.now_ns);
    }
    assert_int_equal(sent, 20);
    assert_denies(&w, RISK_REPEAT);
    assert_int_equal(w.state.trips[RISK_REPEAT], 1);
    assert_int_equal(w.state.denials[RISK_REPEAT], 0); /* no order was denied yet */
    w.intent.owner = 2;                                /* the others work on */
    assert_passes(&w);
    w.intent.owner = 1;
    risk_monitor_enable_owner(&monitor, &w.state, 1);
    assert_passes(&w);
    assert_quiet(&w, w.ref.now_ns);
}

/* From the first to the last of n: a window less a nanosecond trips, a whole one does not. */
static void test_windows_at_their_edges(void **state)
{
    struct gate_world w = world_of_monitors();

    (void)state;
    w.limits.repeat_n = w.limits.reject_n = 3;
    for (int i = 0; i < 3; i++)
        risk_monitor_fill(&monitor, 1, true, NOW_NS + i * 30 * NS_PER_S);
    assert_quiet(&w, NOW_NS + 60 * NS_PER_S);
    risk_monitor_init(&monitor);
    for (int i = 0; i < 3; i++)
        risk_monitor_fill(&monitor, 1, true, NOW_NS + i * 30 * NS_PER_S - (i == 2));
    assert_acts(&w, NOW_NS + 60 * NS_PER_S - 1, RISK_ACT_DISABLE_OWNER, RISK_REPEAT);
    assert_int_equal(actions.action[0].owner, 1);
    assert_int_equal(actions.action[0].why.value, 3);
    risk_monitor_init(&monitor);
    for (int i = 0; i < 3; i++)
        risk_monitor_reject(&monitor, 2, NOW_NS + i * 5 * NS_PER_S);
    assert_quiet(&w, NOW_NS + 10 * NS_PER_S);
    risk_monitor_reject(&monitor, 2, NOW_NS + 10 * NS_PER_S);
    assert_acts(&w, NOW_NS + 10 * NS_PER_S, RISK_ACT_DISABLE_OWNER, RISK_REJECT_STORM);
    assert_int_equal(actions.action[0].owner, 2);
}

/* Counted by halving a ring: against counting them all, through many turns of the ring. */
static void test_times_within_a_window(void **state)
{
    static struct risk_times times;
    static int64_t all[5000];
    uint64_t seed = 3;
    int64_t now = NOW_NS;

    (void)state;
    risk_monitor_init(&monitor);
    for (size_t i = 0; i < 5000; i++) {
        int64_t window = random_between(&seed, 1, 2000), expected = 0;

        now += random_between(&seed, 0, 3);
        all[i] = now;
        risk_monitor_reject(&monitor, 1, now);
        times = monitor.owner[1].rejects;
        for (size_t k = i + 1; k-- > 0 && expected < RISK_TIMES_MAX && now - all[k] < window;)
            expected++;
        assert_int_equal(risk_times_within(&times, window, now), expected);
    }
}

/* The trader's own hand is not a strategy; his instrument and everything are still watched. */
static void test_manual_is_not_disabled(void **state)
{
    struct gate_world w = world_of_monitors();

    (void)state;
    for (int i = 0; i < 30; i++) {
        risk_monitor_sent(&monitor, OWNER_MANUAL, true, NOW_NS);
        risk_monitor_reject(&monitor, OWNER_MANUAL, NOW_NS);
    }
    assert_quiet(&w, NOW_NS);
    for (int i = 0; i < 10; i++)
        risk_monitor_trip(&monitor, OWNER_MANUAL, 3, -1);
    assert_acts(&w, NOW_NS, RISK_ACT_HALT_SYMBOL, RISK_LOSS_STREAK);
    assert_int_equal(actions.action[0].instrument_id, 3);
}

/* By strategy, by instrument, in all; a winner ends the row. */
static void test_losing_streaks(void **state)
{
    struct gate_world w = world_of_monitors();

    (void)state;
    for (int i = 0; i < 4; i++)
        risk_monitor_trip(&monitor, 1, 3, -1);
    assert_quiet(&w, NOW_NS);
    risk_monitor_trip(&monitor, 1, 3, 0); /* nothing lost */
    for (int i = 0; i < 4; i++)
        risk_monitor_trip(&monitor, 1, 3, -1);
    assert_quiet(&w, NOW_NS);
    risk_monitor_trip(&monitor, 1, 3, -1);
    assert_acts(&w, NOW_NS, RISK_ACT_DISABLE_OWNER, RISK_LOSS_STREAK);
    risk_state_carry_out(&w.state, &actions.action[0], NOW_NS);
    assert_quiet(&w, NOW_NS);
    assert_denies(&w, RISK_LOSS_STREAK);
    for (int i = 0; i < 10; i++)
        risk_monitor_trip(&monitor, (uint16_t)(2 + i % 3), (uint16_t)(4 + i), -1);
    run_at(&w, NOW_NS);
    assert_int_equal(actions.count, 1); /* 15 in a row, of four strategies in eleven instruments */
    assert_int_equal(actions.action[0].kind, RISK_ACT_HALT);
    assert_int_equal(actions.action[0].why.value, 15);
    assert_string_equal(actions.action[0].why.name, "total");
}

static void test_one_large_loss(void **state)
{
    struct gate_world w = world_of_monitors();

    (void)state;
    risk_monitor_trip(&monitor, 1, 3, -w.limits.trade_loss_e8);
    assert_quiet(&w, NOW_NS);
    risk_monitor_trip(&monitor, 1, 3, -w.limits.trade_loss_e8 - 1);
    assert_acts(&w, NOW_NS, RISK_ACT_DISABLE_OWNER, RISK_TRADE_LOSS);
    risk_state_carry_out(&w.state, &actions.action[0], NOW_NS);
    assert_denies(&w, RISK_TRADE_LOSS);
    risk_monitor_trip(&monitor, 1, 3, -w.limits.trade_loss_symbol_e8 - 1);
    assert_acts(&w, NOW_NS, RISK_ACT_HALT_SYMBOL, RISK_TRADE_LOSS);
    risk_state_carry_out(&w.state, &actions.action[0], NOW_NS);
    risk_monitor_trip(&monitor, 1, 3, INT64_MIN); /* the largest there is */
    assert_acts(&w, NOW_NS, RISK_ACT_HALT, RISK_TRADE_LOSS);
    risk_state_carry_out(&w.state, &actions.action[0], NOW_NS);
    w.intent.owner = 2;
    w.intent.instrument_id = w.instrument.id = 4;
    assert_denies(&w, RISK_TRADE_LOSS); /* even while nobody made the state HALTED */
    w.state.state = STATE_HALTED;
    assert_quiet(&w, NOW_NS);
    assert_denies(&w, RISK_HALTED);
    risk_monitor_go(&monitor, &w.state);
    risk_monitor_clear_symbol(&monitor, &w.state, 3);
    w.state.state = STATE_ACTIVE;
    assert_quiet(&w, NOW_NS);
    assert_passes(&w);
}

static void test_order_to_trade(void **state)
{
    struct gate_world w = world_of_monitors();

    (void)state;
    w.limits.order_to_trade_warn = 10;
    w.limits.order_to_trade = 20;
    risk_monitor_fill(&monitor, 1, true, NOW_NS);
    risk_monitor_fill(&monitor, 1, false, NOW_NS);
    for (int i = 0; i < 20; i++)
        risk_monitor_sent(&monitor, 1, false, NOW_NS);
    assert_quiet(&w, NOW_NS);
    risk_monitor_sent(&monitor, 1, false, NOW_NS);
    assert_acts(&w, NOW_NS, RISK_ACT_WARN, RISK_ORDER_TO_TRADE);
    assert_quiet(&w, NOW_NS); /* told once */
    for (int i = 0; i < 19; i++)
        risk_monitor_sent(&monitor, 1, false, NOW_NS);
    assert_quiet(&w, NOW_NS);
    risk_monitor_sent(&monitor, 1, false, NOW_NS);
    assert_acts(&w, NOW_NS, RISK_ACT_DISABLE_OWNER, RISK_ORDER_TO_TRADE);
    risk_monitor_enable_owner(&monitor, &w.state, 1);
    for (int i = 0; i < 20; i++) /* an hour later they are forgotten */
        risk_monitor_sent(&monitor, 1, false, NOW_NS);
    run_at(&w, NOW_NS);
    for (int i = 0; i < 10; i++)
        risk_monitor_sent(&monitor, 1, false, NOW_NS + 3661 * NS_PER_S);
    assert_quiet(&w, NOW_NS + 3661 * NS_PER_S);
}

/* |now / 60 s ago - 1|: at 5 % passes, a half tick more halts; cancels and a flatten are not stopped. */
static void test_collar_over_time(void **state)
{
    struct gate_world w = world_of_monitors();

    (void)state;
    risk_monitor_ref(&monitor, 3, 12000000, NOW_NS);
    risk_monitor_ref(&monitor, 3, 12600000, NOW_NS + 59 * NS_PER_S);
    assert_quiet(&w, NOW_NS + 59 * NS_PER_S);
    risk_monitor_ref(&monitor, 3, 12600000, NOW_NS + 60 * NS_PER_S);
    assert_quiet(&w, NOW_NS + 60 * NS_PER_S);
    risk_monitor_ref(&monitor, 3, 12600001, NOW_NS + 60 * NS_PER_S);
    assert_acts(&w, NOW_NS + 60 * NS_PER_S, RISK_ACT_HALT_SYMBOL, RISK_COLLAR_WINDOW);
    assert_int_equal(actions.action[0].why.value, 501);
    assert_int_equal(actions.action[0].instrument_id, 3);
    risk_state_carry_out(&w.state, &actions.action[0], NOW_NS);
    assert_denies(&w, RISK_COLLAR_WINDOW);
    w.intent.owner = OWNER_MANUAL;
    assert_denies(&w, RISK_COLLAR_WINDOW);
    gate_world_flatten(&w, 100);
    assert_passes(&w);
    risk_monitor_clear_symbol(&monitor, &w.state, 3);
    assert_quiet(&w, NOW_NS + 60 * NS_PER_S);
    /* Another minute on, what was there before is over: down by 5 % and a little is a trip again. */
    risk_monitor_ref(&monitor, 3, 11970001, NOW_NS + 61 * NS_PER_S);
    assert_quiet(&w, NOW_NS + 61 * NS_PER_S);
    risk_monitor_ref(&monitor, 3, 11970000, NOW_NS + 61 * NS_PER_S);
    assert_acts(&w, NOW_NS + 61 * NS_PER_S, RISK_ACT_HALT_SYMBOL, RISK_COLLAR_WINDOW);
}

/* Slow moves are no jump; a silence of more than a minute begins anew. */
static void test_collar_over_time_forgets(void **state)
{
    struct gate_world w = world_of_monitors();

    (void)state;
    for (int i = 0; i < 300; i++) {
        risk_monitor_ref(&monitor, 3, 12000000 + i * 9000, NOW_NS + i * NS_PER_S); /* 4.5 % a minute */
        assert_quiet(&w, NOW_NS + i * NS_PER_S);
    }
    risk_monitor_ref(&monitor, 3, 24000000, NOW_NS + 361 * NS_PER_S);
    assert_quiet(&w, NOW_NS + 361 * NS_PER_S);
    risk_monitor_ref(&monitor, 3, 12000000, NOW_NS + 421 * NS_PER_S); /* 60 s ago it was twice that */
    assert_acts(&w, NOW_NS + 421 * NS_PER_S, RISK_ACT_HALT_SYMBOL, RISK_COLLAR_WINDOW);
}

/* Root of the sum of squares over the last 60 seconds, against the same sum made plainly. */
static void test_volatility(void **state)
{
    static int64_t mid2[400];
    uint64_t seed = 9;

    (void)state;
    risk_monitor_init(&monitor);
    assert_int_equal(risk_monitor_volatility_bp(&monitor, 3), 0);
    for (int i = 0; i < 400; i++) {
        int64_t sum = 0, bp;

        mid2[i] = 12000000 + random_between(&seed, -60000, 60000);
        risk_monitor_ref(&monitor, 3, mid2[i], NOW_NS + i * NS_PER_S);
        for (int k = i - 1; k > 0 && k >= i - 60; k--) {
            int64_t ppm = (mid2[k] - mid2[k - 1]) * 1000000 / mid2[k - 1];

            sum += ppm * ppm;
        }
        bp = risk_monitor_volatility_bp(&monitor, 3);
        assert_true(bp * bp * 10000 >= sum);
        assert_true(sum == 0 ? bp == 0 : (bp - 1) * (bp - 1) * 10000 < sum);
    }
    assert_int_equal(risk_monitor_volatility_bp(&monitor, INSTRUMENTS_MAX), -1);
}

/* I-of-steps: a finer tick changes no ratio. */
static void test_rescale_keeps_ratios(void **state)
{
    struct gate_world w = world_of_monitors();
    int64_t volatility_bp, window_bp;

    (void)state;
    for (int i = 0; i < 50; i++)
        risk_monitor_ref(&monitor, 3, 12000000 + (i % 7) * 3000, NOW_NS + i * NS_PER_S);
    volatility_bp = risk_monitor_volatility_bp(&monitor, 3);
    window_bp = risk_monitor_window_bp(&monitor, 3);
    assert_true(volatility_bp > 0);
    risk_monitor_rescale(&monitor, 3, (struct step_change){.price_factor = 10, .qty_factor = 1});
    assert_int_equal(risk_monitor_volatility_bp(&monitor, 3), volatility_bp);
    assert_int_equal(risk_monitor_window_bp(&monitor, 3), window_bp);
    assert_quiet(&w, NOW_NS + 50 * NS_PER_S);
}

static void test_latency_must_last(void **state)
{
    struct gate_world w = world_of_monitors();
    int64_t limit_ns = w.limits.latency_feed_ms * 1000000;

    (void)state;
    risk_monitor_latency(&monitor, &w.limits, RISK_LATENCY_FEED, limit_ns + 1, NOW_NS);
    assert_quiet(&w, NOW_NS + 3 * NS_PER_S);
    risk_monitor_latency(&monitor, &w.limits, RISK_LATENCY_FEED, limit_ns, NOW_NS + 3 * NS_PER_S);
    assert_quiet(&w, NOW_NS + 9 * NS_PER_S); /* it was back in time */
    risk_monitor_latency(&monitor, &w.limits, RISK_LATENCY_FEED, limit_ns + 1, NOW_NS + 10 * NS_PER_S);
    risk_monitor_latency(&monitor, &w.limits, RISK_LATENCY_FEED, limit_ns + 5, NOW_NS + 12 * NS_PER_S);
    assert_acts(&w, NOW_NS + 13 * NS_PER_S + 1, RISK_ACT_HALT, RISK_LATENCY);
    assert_string_equal(actions.action[0].why.name, "feed");
    risk_state_carry_out(&w.state, &actions.action[0], NOW_NS);
    w.state.state = STATE_ACTIVE; /* without the operator's go nothing is forgotten */
    assert_denies(&w, RISK_LATENCY);
    risk_monitor_go(&monitor, &w.state);
    assert_passes(&w);
}

/* R09, R11: marked to market at each event; of a strategy, an instrument, the account. */
static void test_losses_of_the_day(void **state)
{
    struct gate_world w = world_of_monitors();

    (void)state;
    w.state.owner[1].day_net_e8 = -w.limits.daily_loss_owner_e8;
    risk_monitor_symbol_net(&monitor, 3, -w.limits.daily_loss_symbol_e8);
    assert_quiet(&w, NOW_NS);
    w.state.owner[1].day_net_e8--;
    assert_denies(&w, RISK_DAILY_LOSS); /* the gate needs no monitor for it */
    assert_acts(&w, NOW_NS, RISK_ACT_DISABLE_OWNER, RISK_DAILY_LOSS);
    w.state.owner[1].day_net_e8 = 0;
    risk_monitor_symbol_net(&monitor, 3, -w.limits.daily_loss_symbol_e8 - 1);
    assert_acts(&w, NOW_NS, RISK_ACT_HALT_SYMBOL, RISK_DAILY_LOSS);
    risk_monitor_symbol_net(&monitor, 3, 0);
    w.state.equity_e8 = 9800 * E8 - 1;
    assert_acts(&w, NOW_NS, RISK_ACT_HALT, RISK_DAILY_LOSS);
    assert_int_equal(actions.action[0].why.value, 200 * E8 + 1);
    assert_int_equal(actions.action[0].why.limit, 200 * E8);
    w.state.state = STATE_REDUCING; /* the way out stays open */
    assert_quiet(&w, NOW_NS);
}

/* Told until it is carried out: a monitor that is not heard does not fall silent. */
static void test_an_action_is_told_until_it_is_done(void **state)
{
    struct gate_world w = world_of_monitors();

    (void)state;
    for (int i = 0; i < 5; i++)
        risk_monitor_reject(&monitor, 1, NOW_NS);
    assert_acts(&w, NOW_NS, RISK_ACT_DISABLE_OWNER, RISK_REJECT_STORM);
    assert_acts(&w, NOW_NS + 1, RISK_ACT_DISABLE_OWNER, RISK_REJECT_STORM);
    risk_state_carry_out(&w.state, &actions.action[0], NOW_NS + 1);
    assert_quiet(&w, NOW_NS + 2);
    assert_int_equal(w.state.owner_disabled[1], RISK_REJECT_STORM);
    assert_int_equal(w.state.tripped_ns[RISK_REJECT_STORM], NOW_NS + 1);
}

/* Nonsense is not noted, and nothing is written beyond the end. */
static void test_strangers_are_ignored(void **state)
{
    struct gate_world w = world_of_monitors();

    (void)state;
    risk_monitor_sent(&monitor, OWNERS_MAX, true, NOW_NS);
    risk_monitor_fill(&monitor, OWNERS_MAX, true, NOW_NS);
    risk_monitor_reject(&monitor, 0xFFFF, NOW_NS);
    risk_monitor_trip(&monitor, 1, INSTRUMENTS_MAX, -INT64_MAX);
    risk_monitor_ref(&monitor, INSTRUMENTS_MAX, 1, NOW_NS);
    risk_monitor_ref(&monitor, 3, 0, NOW_NS);
    risk_monitor_ref(&monitor, 3, -5, NOW_NS);
    risk_monitor_latency(&monitor, &w.limits, RISK_LATENCIES, INT64_MAX, NOW_NS);
    risk_monitor_symbol_net(&monitor, 0xFFFF, INT64_MIN);
    assert_quiet(&w, NOW_NS);
}

/* STALE_BOOK: max(1,000 ms, 5 x p99), at most 10 s. */
static void test_gaps_of_a_book(void **state)
{
    static struct risk_gaps gaps;
    static int64_t sorted[8000];
    uint64_t seed = 4;

    (void)state;
    for (int i = 0; i < 199; i++)
        risk_gaps_add(&gaps, NS_PER_S);
    assert_int_equal(risk_gaps_stale_ms(&gaps, 1000), 1000); /* too few to tell */
    risk_gaps_add(&gaps, NS_PER_S);
    assert_true(risk_gaps_p99_ns(&gaps) >= NS_PER_S);
    assert_in_range(risk_gaps_stale_ms(&gaps, 1000), 5000, 6250);
    for (int i = 0; i < 40000; i++)
        risk_gaps_add(&gaps, 100 * 1000000); /* the day got busy */
    assert_in_range(risk_gaps_p99_ns(&gaps), 100 * 1000000, 125 * 1000000);
    assert_int_equal(risk_gaps_stale_ms(&gaps, 1000), 1000);
    for (int i = 0; i < 40000; i++)
        risk_gaps_add(&gaps, INT64_MAX);
    assert_int_equal(risk_gaps_stale_ms(&gaps, 1000), 10000);
    memset(&gaps, 0, sizeof gaps);
    for (int i = 0; i < 8000; i++) {
        int64_t gap = random_sized(&seed, 34);
        int at = i;

        risk_gaps_add(&gaps, gap);
        while (at > 0 && sorted[at - 1] > gap) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        sorted[at] = gap;
    }
    assert_true(risk_gaps_p99_ns(&gaps) >= sorted[7919]);
    assert_true(risk_gaps_p99_ns(&gaps) <= sorted[7920] + sorted[7920] / 4 + 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repeat_lets_exactly_n_out),
        cmocka_unit_test(test_windows_at_their_edges),
        cmocka_unit_test(test_times_within_a_window),
        cmocka_unit_test(test_manual_is_not_disabled),
        cmocka_unit_test(test_losing_streaks),
        cmocka_unit_test(test_one_large_loss),
        cmocka_unit_test(test_order_to_trade),
        cmocka_unit_test(test_collar_over_time),
        cmocka_unit_test(test_collar_over_time_forgets),
        cmocka_unit_test(test_volatility),
        cmocka_unit_test(test_rescale_keeps_ratios),
        cmocka_unit_test(test_latency_must_last),
        cmocka_unit_test(test_losses_of_the_day),
        cmocka_unit_test(test_an_action_is_told_until_it_is_done),
        cmocka_unit_test(test_strangers_are_ignored),
        cmocka_unit_test(test_gaps_of_a_book),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
