/* test_risk_approval.c - COMPARE: single use, byte for byte, sent = approved; and ATTEST's rows. */
#include "gate_world.h"
#include "risk/approval.h"
#include "risk/attest.h"

#include <string.h>

static struct order an_order(uint64_t seq)
{
    return (struct order){.seq = seq,
                          .intent = {.instrument_id = 3,
                                     .owner = 1,
                                     .side = SIDE_BID,
                                     .type = ORDER_LIMIT,
                                     .price_ticks = 6000000,
                                     .qty_lots = 100}};
}

static void test_an_approval_is_used_once(void **state)
{
    struct risk_approvals approvals = {0};
    struct order order = an_order(7);

    (void)state;
    assert_true(risk_approvals_agree(&approvals));
    assert_true(risk_approval_grant(&approvals, &order));
    assert_false(risk_approval_grant(&approvals, &order)); /* it has one */
    assert_true(risk_approvals_agree(&approvals));
    assert_true(risk_approval_consume(&approvals, &order));
    assert_int_equal(approvals.sent, approvals.granted);
    assert_true(risk_approvals_agree(&approvals));
    assert_false(risk_approval_consume(&approvals, &order));
    assert_false(risk_approvals_agree(&approvals));
    assert_int_equal(approvals.mismatch_seq, 7);
}

static void test_without_an_approval_nothing_leaves(void **state)
{
    struct risk_approvals approvals = {0};
    struct order order = an_order(0), other = an_order(9);

    (void)state;
    assert_false(risk_approval_grant(&approvals, &order)); /* an empty slot is no order */
    assert_false(risk_approval_consume(&approvals, &order));
    memset(&approvals, 0, sizeof approvals);
    assert_false(risk_approval_consume(&approvals, &other));
    assert_true(risk_approval_grant(&approvals, &other));
    assert_false(risk_approval_consume(&approvals, &other)); /* a mismatch latches */
    assert_int_equal(approvals.mismatches, 2);
}

/* Whatever of its terms changed after the approval. */
static void test_byte_for_byte(void **state)
{
#define CHANGE(field)                                                                                        \
    {                                                                                                        \
        offsetof(struct order, field), sizeof(((struct order *)0)->field)                                    \
    }
    static const struct {
        size_t offset, size;
    } changes[] = {CHANGE(intent.instrument_id),
                   CHANGE(intent.owner),
                   CHANGE(intent.side),
                   CHANGE(intent.type),
                   CHANGE(intent.tif),
                   CHANGE(intent.post_only),
                   CHANGE(intent.reduce_only),
                   CHANGE(intent.may_cut),
                   CHANGE(intent.flatten),
                   CHANGE(intent.price_ticks),
                   CHANGE(intent.stop_ticks),
                   CHANGE(intent.trail_ticks),
                   CHANGE(intent.qty_lots),
                   CHANGE(intent.display_lots),
                   CHANGE(intent.expire_ns),
                   CHANGE(intent.bracket_take_ticks),
                   CHANGE(intent.bracket_stop_ticks),
                   CHANGE(intent.group),
                   CHANGE(intent.parent),
                   CHANGE(intent.correlation_id),
                   CHANGE(replace_price_ticks),
                   CHANGE(replace_qty_lots),
                   CHANGE(state)};
#undef CHANGE

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct risk_approvals approvals = {0};
        struct order order = an_order(7);
        unsigned char *byte = (unsigned char *)&order + changes[i].offset;

        assert_true(risk_approval_grant(&approvals, &order));
        *byte ^= 1; /* little-endian: the lowest bit of the field */
        assert_false(risk_approval_consume(&approvals, &order));
        memset(&approvals, 0, sizeof approvals);
        *byte ^= 1;
        assert_true(risk_approval_grant(&approvals, &order));
        assert_true(risk_approval_consume(&approvals, &order));
    }
}

static void test_outstanding_approvals_are_bounded(void **state)
{
    struct risk_approvals approvals = {0};
    struct order order;

    (void)state;
    for (uint64_t seq = 1; seq <= RISK_APPROVALS_MAX; seq++) {
        order = an_order(seq);
        assert_true(risk_approval_grant(&approvals, &order));
    }
    order = an_order(RISK_APPROVALS_MAX + 1);
    assert_false(risk_approval_grant(&approvals, &order));
    assert_true(risk_approval_withdraw(&approvals, 5));
    assert_false(risk_approval_withdraw(&approvals, 5));
    assert_false(risk_approval_withdraw(&approvals, 0));
    assert_true(risk_approvals_agree(&approvals));
    assert_true(risk_approval_grant(&approvals, &order));
    order = an_order(5); /* taken back: it must not leave */
    assert_false(risk_approval_consume(&approvals, &order));
    approvals.mismatches = 0;
    assert_true(risk_approvals_agree(&approvals));
    approvals.sent++; /* one left that nobody approved */
    assert_false(risk_approvals_agree(&approvals));
}

static const struct risk_attest_row *row_of(const struct risk_attest_row *rows, size_t count,
                                            enum risk_limit_id id)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].id == id)
            return &rows[i];
    return NULL;
}

/* ATTEST: every control is there, in order, with what it knows. */
static void test_rows_of_all_controls(void **state)
{
    static struct risk_attest_row rows[RISK_ATTEST_ROWS_MAX];
    static struct risk_monitor monitor;
    static struct risk_selftest selftest;
    static struct risk_worst worst;
    struct risk_process_fact process[RISK_CODES] = {
        [RISK_COMPARE] = {.known = true, .ok = true, .text = "41 approved, 41 sent", .trips = 2}};
    struct gate_world w = gate_world_good();
    struct risk_attest_facts facts = {.limits = &w.limits,
                                      .state = &w.state,
                                      .at = &w.at,
                                      .ref = &w.ref,
                                      .monitor = &monitor,
                                      .selftest = &selftest,
                                      .process = process,
                                      .worst = &worst,
                                      .instrument_id = 3,
                                      .owner = OWNERS_MAX};
    size_t count;
    int last = RISK_PASS;

    (void)state;
    risk_monitor_init(&monitor);
    assert_true(risk_selftest_run(&risk_core_real, &w.limits, NOW_NS, &monitor, &selftest));
    risk_monitor_init(&monitor);
    w.at.position_value_e8 = 92763000000;
    w.at.stale_ms = 4000;
    w.ref.book_age_ns = 1500001;
    w.state.equity_e8 = 9999 * E8;
    risk_state_count_denial(&w.state, RISK_MAX_POS, NOW_NS - 5);
    risk_monitor_reject(&monitor, 2, NOW_NS);
    risk_monitor_reject(&monitor, 1, NOW_NS);
    risk_monitor_reject(&monitor, 2, NOW_NS);
    w.state.owner_disabled[4] = RISK_REPEAT;
    risk_worst_update(&worst, &facts);
    w.at.position_value_e8 = 1000;
    count = risk_attest(&facts, rows);
    for (size_t i = 0; i < count; i++) {
        assert_true((int)rows[i].code == last || (int)rows[i].code == last + 1);
        last = (int)rows[i].code;
        assert_non_null(rows[i].help);
        assert_true(rows[i].id == RISK_LIMITS || rows[i].limit > 0);
        assert_int_equal(rows[i].standing, rows[i].id == RISK_LIMIT_repeat_n); /* its window is no limit */
        if (rows[i].place != RISK_PLACE_PROCESS)
            assert_int_equal(rows[i].selftest, RISK_SELFTEST_OK);
    }
    assert_int_equal(last, RISK_CODES - 1);
    assert_int_equal(row_of(rows, count, RISK_LIMIT_max_position_value_e8)->now, 1000);
    assert_int_equal(row_of(rows, count, RISK_LIMIT_max_position_value_e8)->worst, 92763000000);
    assert_int_equal(row_of(rows, count, RISK_LIMIT_max_position_value_e8)->denials, 1);
    assert_int_equal(row_of(rows, count, RISK_LIMIT_max_position_value_e8)->denied_ns, NOW_NS - 5);
    assert_int_equal(row_of(rows, count, RISK_LIMIT_max_position_value_e8)->selftest_ns, NOW_NS);
    assert_int_equal(row_of(rows, count, RISK_LIMIT_stale_ms)->limit, 4000);
    assert_int_equal(row_of(rows, count, RISK_LIMIT_stale_ms)->now, 2);
    assert_int_equal(row_of(rows, count, RISK_LIMIT_reject_n)->now, 2); /* of the strategy that has most */
    assert_int_equal(row_of(rows, count, RISK_LIMIT_daily_loss_bp)->now, 1);
    facts.owner = 1;
    count = risk_attest(&facts, rows);
    assert_int_equal(row_of(rows, count, RISK_LIMIT_reject_n)->now, 1);
    for (size_t i = 0; i < count; i++)
        if (rows[i].code == RISK_COMPARE) {
            assert_string_equal(rows[i].text, "41 approved, 41 sent");
            assert_int_equal(rows[i].trips, 2); /* no order was denied by it */
            assert_int_equal(rows[i].denials, 0);
        }
}

/* Three limits of one control: the one that tripped is told from the ones beside it. */
static void test_the_limit_that_tripped(void **state)
{
    static struct risk_monitor monitor;
    struct gate_world w = gate_world_good();
    struct risk_attest_row rows[RISK_ATTEST_ROWS_MAX];
    struct risk_attest_facts facts = {.limits = &w.limits,
                                      .state = &w.state,
                                      .at = &w.at,
                                      .ref = &w.ref,
                                      .monitor = &monitor,
                                      .owner = OWNERS_MAX};
    size_t count;

    (void)state;
    risk_monitor_init(&monitor);
    w.state.owner_disabled[4] = RISK_LOSS_STREAK;
    count = risk_attest(&facts, rows);
    assert_true(row_of(rows, count, RISK_LIMIT_loss_streak)->standing);
    assert_false(row_of(rows, count, RISK_LIMIT_loss_streak_symbol)->standing);
    assert_false(row_of(rows, count, RISK_LIMIT_loss_streak_total)->standing);
    w.state.owner_disabled[4] = RISK_ORDER_TO_TRADE;
    w.state.symbol_halted[3] = RISK_LOSS_STREAK;
    monitor.symbol[3].streak = 10; /* the one shown is another */
    monitor.symbol[0].streak = 4;
    monitor.symbol[3].day_net_e8 = -700;
    count = risk_attest(&facts, rows);
    assert_false(row_of(rows, count, RISK_LIMIT_loss_streak)->standing);
    assert_true(row_of(rows, count, RISK_LIMIT_loss_streak_symbol)->standing);
    assert_int_equal(row_of(rows, count, RISK_LIMIT_loss_streak_symbol)->now, 10);
    assert_int_equal(row_of(rows, count, RISK_LIMIT_daily_loss_symbol_e8)->now, 700);
    assert_true(row_of(rows, count, RISK_LIMIT_order_to_trade)->standing);
    assert_false(row_of(rows, count, RISK_LIMIT_order_to_trade_warn)->standing);
    w.state.symbol_halted[3] = RISK_PASS;
    w.state.halted_by = RISK_LOSS_STREAK;
    count = risk_attest(&facts, rows);
    assert_false(row_of(rows, count, RISK_LIMIT_loss_streak)->standing);
    assert_true(row_of(rows, count, RISK_LIMIT_loss_streak_total)->standing);
}

static void test_largest_order_of_the_day(void **state)
{
    struct risk_worst worst = {0};
    struct gate_world w = gate_world_good();

    (void)state;
    w.intent.price_ticks = 6060000; /* 1 % over the mid */
    risk_worst_order(&worst, &w.instrument, &w.ref, &w.intent, 0);
    assert_int_equal(worst.use[RISK_LIMIT_max_value_e8], 6060000000);
    assert_int_equal(worst.use[RISK_LIMIT_max_qty_e8], 100000);
    assert_int_equal(worst.use[RISK_LIMIT_collar_limit_bp], 100);
    w.intent.qty_lots = 50;
    w.intent.type = ORDER_MARKET;
    w.intent.price_ticks =
        6030100; /* its bound, the whole of the limit, says nothing: where it trades does */
    risk_worst_order(&worst, &w.instrument, &w.ref, &w.intent, w.ref.best_ticks[SIDE_ASK]);
    assert_int_equal(worst.use[RISK_LIMIT_collar_market_bp], 0);
    risk_worst_order(&worst, &w.instrument, &w.ref, &w.intent,
                     6006101); /* a little over 10 bp beyond the ask */
    assert_int_equal(worst.use[RISK_LIMIT_max_value_e8], 6060000000);
    assert_int_equal(worst.use[RISK_LIMIT_collar_market_bp], 11);
    w.intent.flatten = w.intent.reduce_only = true; /* bounded by the position and the collar, not by these */
    w.intent.qty_lots = 1000000;
    w.intent.price_ticks = 6012101;
    risk_worst_order(&worst, &w.instrument, &w.ref, &w.intent, 6012101);
    assert_int_equal(worst.use[RISK_LIMIT_max_value_e8], 6060000000);
    assert_int_equal(worst.use[RISK_LIMIT_max_qty_e8], 100000);
    assert_true(worst.use[RISK_LIMIT_collar_market_bp] > 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_approval_is_used_once),
        cmocka_unit_test(test_without_an_approval_nothing_leaves),
        cmocka_unit_test(test_byte_for_byte),
        cmocka_unit_test(test_outstanding_approvals_are_bounded),
        cmocka_unit_test(test_rows_of_all_controls),
        cmocka_unit_test(test_the_limit_that_tripped),
        cmocka_unit_test(test_largest_order_of_the_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
