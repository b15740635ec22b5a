/* test_gate_facts.c - the gate on leadership, clock, weight, volatility, one strategy, and what tripped. */
#include "gate_world.h"

#define NS_PER_MS INT64_C(1000000)

static struct gate_world live_world(void)
{
    struct gate_world w = gate_world_good();

    w.state.mode = MODE_LIVE;
    return w;
}

/* --- facts of the process ----------------------------------------------------------------------------------- */

/* CONTROLS: the leader's own heartbeat is younger than half its limit. */
static void test_not_leader(void **state)
{
    struct gate_world w = live_world();

    (void)state;
    w.state.leader_term_ns = 3000 * NS_PER_MS;
    w.state.leader_beat_ns = NOW_NS - 1500 * NS_PER_MS + 1;
    assert_passes(&w);
    w.state.leader_beat_ns--;
    assert_denies_numbers(&w, RISK_NOT_LEADER, 1500, 1500);
    w.state.leader_beat_ns = NOW_NS + 1; /* a clock that jumped proves nothing */
    assert_denies(&w, RISK_NOT_LEADER);
    w.state.leader_beat_ns = INT64_MIN;
    assert_denies(&w, RISK_NOT_LEADER);
    w.state.leader_term_ns = 0; /* no lease */
    assert_denies(&w, RISK_NOT_LEADER);
    w.state.leader_term_ns = -1;
    assert_denies(&w, RISK_NOT_LEADER);
    w.state.leader_term_ns = 0;
    w.state.mode = MODE_SIMULATION;
    assert_passes(&w);
}

static void test_clock(void **state)
{
    struct gate_world w = live_world();

    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        w.state.clock_offset_ns = sign * 1000 * NS_PER_MS;
        assert_passes(&w);
        w.state.clock_offset_ns += sign;
        assert_denies_numbers(&w, RISK_CLOCK, 1001, 1000);
    }
    w.state.clock_offset_ns = INT64_MIN;
    assert_denies(&w, RISK_CLOCK);
    w.state.clock_offset_ns = 0;
    w.state.clock_known = false;
    assert_denies(&w, RISK_CLOCK);
    w.state.mode = MODE_SIMULATION; /* it prints `not applicable` and passes */
    assert_passes(&w);
}

/* I7: in live mode the stream of our own orders is part of the truth. */
static void test_private_stream_and_list(void **state)
{
    struct gate_world w = live_world();

    (void)state;
    assert_passes(&w);
    w.state.private_live = false;
    assert_denies(&w, RISK_STALE_BOOK);
    w = live_world();
    w.at.listed = false;
    assert_denies(&w, RISK_SYMBOL_STATE);
    w = live_world();
    w.limits.max_qty_e8 = 0;
    assert_denies(&w, RISK_MAX_QTY);
}

/* 80 % of the venue's limit for orders; what is kept for cancels a flatten may use. */
static void test_request_weight(void **state)
{
    struct gate_world w = live_world();

    (void)state;
    w.state.weight_allowed = 1200;
    w.state.weight_used = 959;
    assert_passes(&w);
    w.state.weight_used = 960;
    assert_denies_numbers(&w, RISK_REQ_WEIGHT, 961, 960);
    gate_world_flatten(&w, 100);
    w.state.weight_used = 1199;
    assert_passes(&w);
    w.state.weight_used = 1200;
    assert_denies_numbers(&w, RISK_REQ_WEIGHT, 1201, 1200);
    w = live_world();
    w.state.weight_allowed = 0; /* nobody knows */
    assert_denies(&w, RISK_REQ_WEIGHT);
    w.state.mode = MODE_SIMULATION;
    assert_passes(&w);
    w.state.weight_allowed = 1200;
    w.state.weight_used = INT64_MAX;
    assert_denies(&w, RISK_REQ_WEIGHT);
    w.state.weight_used = -1;
    assert_denies(&w, RISK_REQ_WEIGHT);
}

/* A quiet market may be older; 10 s is the end of it, whatever was measured. */
static void test_stale_limit_of_the_instrument(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.at.stale_ms = 4000;
    w.ref.book_age_ns = 4000 * NS_PER_MS;
    assert_passes(&w);
    w.ref.book_age_ns++;
    assert_denies_numbers(&w, RISK_STALE_BOOK, 4001, 4000);
    w.at.stale_ms = 999; /* never stricter than what was set */
    w.ref.book_age_ns = 1000 * NS_PER_MS;
    assert_passes(&w);
    w.at.stale_ms = INT64_MAX;
    w.ref.book_age_ns = 10000 * NS_PER_MS;
    assert_passes(&w);
    w.ref.book_age_ns++;
    assert_denies_numbers(&w, RISK_STALE_BOOK, 10001, 10000);
    w.limits.stale_ms = 0; /* no limit is no permission */
    w.ref.book_age_ns = 1;
    assert_denies(&w, RISK_STALE_BOOK);
}

/* --- volatility, one strategy, one instrument --------------------------------------------------------------- */

/* Size falls as volatility rises: at twice the limit half of max_value, over four times none. */
static void test_volatility_throttles(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.limits.max_value_e8 = 60 * E8; /* 100 lots at the mid */
    w.at.volatility_bp = 150;
    assert_passes(&w);
    w.at.volatility_bp = 300;
    w.intent.qty_lots = 50;
    assert_passes(&w);
    w.intent.qty_lots = 51;
    assert_denies_numbers(&w, RISK_VOLATILITY, 3060000000, 30 * E8);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_VOLATILITY, 50);
    w.intent.may_cut = false;
    w.at.volatility_bp = 600;
    w.intent.qty_lots = 25;
    assert_passes(&w);
    w.at.volatility_bp = 601;
    w.intent.qty_lots = 1;
    assert_denies_numbers(&w, RISK_VOLATILITY, 601, 150);
    w.at.volatility_bp = -1; /* cannot be told */
    assert_denies(&w, RISK_VOLATILITY);
    w.at.volatility_bp = INT64_MAX;
    assert_denies(&w, RISK_VOLATILITY);
    w.intent.side = SIDE_ASK; /* the way out is open in any market */
    w.at.position_lots = 100;
    w.intent.qty_lots = 100;
    assert_passes(&w);
}

/* Measured by its own position: it cannot hide behind that of another. */
static void test_position_of_one_strategy(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.limits.max_position_owner_e8 = 120 * E8;
    w.state.owner[1].gross_value_e8 = 60 * E8;
    assert_passes(&w);
    w.state.owner[1].gross_value_e8++;
    assert_denies_numbers(&w, RISK_MAX_POS, 120 * E8 + 1, 120 * E8);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_MAX_POS, 99);
    w.intent.may_cut = false;
    w.intent.owner = 2;
    assert_passes(&w);
    w.intent.owner = 1;
    gate_world_futures(&w);
    w.intent.side = SIDE_ASK;
    w.at.owner_position_lots = 100; /* its own way out */
    assert_passes(&w);
    w.at.owner_position_lots = 0;
    w.at.position_lots = 100; /* a reduction in all, but for this strategy a new short */
    assert_denies(&w, RISK_MAX_POS);
    w.state.owner[1].gross_value_e8 = INT64_MAX;
    assert_denies(&w, RISK_MAX_POS);
    w.intent.owner = OWNER_MANUAL;
    assert_passes(&w);
}

static void test_daily_loss_of_a_strategy_and_an_instrument(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.owner[1].day_net_e8 = -w.limits.daily_loss_owner_e8;
    w.at.day_net_e8 = -w.limits.daily_loss_symbol_e8;
    assert_passes(&w);
    w.state.owner[1].day_net_e8--;
    assert_denies_numbers(&w, RISK_DAILY_LOSS, 200 * E8 + 1, 200 * E8);
    w.intent.owner = 2;
    assert_passes(&w);
    w.at.day_net_e8--;
    assert_denies_numbers(&w, RISK_DAILY_LOSS, 200 * E8 + 1, 200 * E8);
    w.at.day_net_e8 = INT64_MIN;
    assert_denies(&w, RISK_DAILY_LOSS);
    w.at.position_lots = 100;
    w.intent.side = SIDE_ASK;
    assert_passes(&w);
}

/* --- what tripped ------------------------------------------------------------------------------------------- */

/* Whatever the reason says, what is disabled or halted sends nothing but the operator's flatten. */
static void test_disabled_and_halted(void **state)
{
    (void)state;
    for (int code = RISK_PASS + 1; code < RISK_CODES; code++) {
        struct gate_world w = gate_world_good();

        w.state.owner_disabled[1] = (uint8_t)code;
        assert_int_equal(gate_world_check(&w).answer, RISK_ANSWER_DENIED);
        w.intent.owner = 2;
        assert_passes(&w);
        w = gate_world_good();
        w.state.symbol_halted[3] = (uint8_t)code;
        assert_int_equal(gate_world_check(&w).answer, RISK_ANSWER_DENIED);
        gate_world_flatten(&w, 100);
        assert_passes(&w);
    }
}

/* A kill of one strategy or one symbol is a kill. */
static void test_kill_of_a_part(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.owner_disabled[1] = RISK_KILL;
    assert_denies(&w, RISK_KILL);
    w.state.owner_disabled[1] = RISK_PASS;
    w.state.symbol_halted[3] = RISK_KILL;
    assert_denies(&w, RISK_KILL);
    w.state.symbol_halted[3] = RISK_PASS;
    w.state.symbol_halted[4] = RISK_KILL;
    assert_passes(&w);
}

/* After a monitor halted everything `reduce` opens the way out, and only that. */
static void test_halted_by_a_monitor(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.halted_by = RISK_LOSS_STREAK;
    assert_denies(&w, RISK_LOSS_STREAK);
    w.state.state = STATE_REDUCING;
    w.at.position_lots = 100;
    w.intent.side = SIDE_ASK;
    assert_passes(&w);
    w.state.state = STATE_ACTIVE;
    assert_denies(&w, RISK_LOSS_STREAK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_not_leader),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_private_stream_and_list),
        cmocka_unit_test(test_request_weight),
        cmocka_unit_test(test_stale_limit_of_the_instrument),
        cmocka_unit_test(test_volatility_throttles),
        cmocka_unit_test(test_position_of_one_strategy),
        cmocka_unit_test(test_daily_loss_of_a_strategy_and_an_instrument),
        cmocka_unit_test(test_disabled_and_halted),
        cmocka_unit_test(test_kill_of_a_part),
        cmocka_unit_test(test_halted_by_a_monitor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
