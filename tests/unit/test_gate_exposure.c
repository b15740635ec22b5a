/* test_gate_exposure.c - the gate's controls of exposure, flow and money, and cutting: at the limit and beyond. */
#include "gate_world.h"
#include "risk/controls.h"
#include "test_random.h"

#include <string.h>

/* I13: worst case, that all our open buys fill, then this one. 600 lots at the mid are 360 USDT. */
static void test_max_pos_counts_open_orders(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.limits.max_position_value_e8 = 360 * E8;
    w.at.position_lots = 300;
    w.at.open_lots[SIDE_BID] = 200;
    w.at.open_lots[SIDE_ASK] = 300; /* the other side does not help: it may never fill */
    assert_passes(&w);
    w.intent.qty_lots = 101;
    assert_denies_numbers(&w, RISK_MAX_POS, 36060000000, 360 * E8);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_MAX_POS, 100);
    w.intent.may_cut = false;
    w.at.position_lots = INT64_MAX;
    assert_denies(&w, RISK_MAX_POS);
}

/* In our own direction only: the limit must not stop an order that reduces. */
static void test_max_pos_lets_reductions_through(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    gate_world_futures(&w);
    w.limits.max_position_value_e8 = 60 * E8;
    w.at.position_lots = 1000; /* 600 USDT: the price rose, say */
    w.intent.side = SIDE_ASK;
    assert_passes(&w);
    w.intent.qty_lots = 1100; /* over to 100 short: 60 USDT */
    assert_passes(&w);
    w.intent.qty_lots = 1101;
    assert_denies(&w, RISK_MAX_POS);
    w.intent.side = SIDE_BID;
    w.intent.qty_lots = 1;
    assert_denies(&w, RISK_MAX_POS);
}

/* Ref lies between two ticks when their sum is odd: half a tick counts. */
static void test_max_pos_uses_the_exact_mid(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.ref.best_ticks[SIDE_ASK]++;
    w.limits.max_position_value_e8 = 6000000500; /* 100 lots at 60000.005 */
    assert_passes(&w);
    w.limits.max_position_value_e8--;
    assert_denies(&w, RISK_MAX_POS);
}

static void test_max_gross(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.gross_value_e8 = w.limits.max_gross_value_e8 - 60 * E8;
    assert_passes(&w);
    w.state.gross_value_e8++;
    assert_denies_numbers(&w, RISK_MAX_GROSS, w.limits.max_gross_value_e8 + 1, w.limits.max_gross_value_e8);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_MAX_GROSS, 99);
    w.intent.may_cut = false;
    w.state.gross_value_e8 = INT64_MAX;
    assert_denies(&w, RISK_MAX_GROSS);
    w.intent.side = SIDE_ASK; /* a reduction adds nothing */
    w.at.position_lots = 100;
    assert_passes(&w);
}

static void test_max_open_value(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.at.open_value_e8[SIDE_BID] = 4000 * E8;
    w.at.open_value_e8[SIDE_ASK] = 940 * E8;
    assert_passes(&w);
    w.at.open_value_e8[SIDE_ASK]++;
    assert_denies_numbers(&w, RISK_MAX_OPEN_VALUE, 5000 * E8 + 1, 5000 * E8);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_MAX_OPEN_VALUE, 99);
    w.intent.may_cut = false;
    w.at.open_value_e8[SIDE_BID] = INT64_MAX;
    assert_denies(&w, RISK_MAX_OPEN_VALUE);
    /* An exit that cannot rest adds nothing open; a resting one does. */
    w.at.position_lots = 100;
    w.intent.side = SIDE_ASK;
    assert_denies(&w, RISK_MAX_OPEN_VALUE);
    w.intent.tif = TIF_IOC;
    assert_passes(&w);
}

static void test_max_open_orders(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.at.open_orders = 9;
    w.state.open_orders_total = 49;
    assert_passes(&w);
    w.at.open_orders = 10;
    assert_denies_numbers(&w, RISK_MAX_OPEN_N, 11, 10);
    w.at.open_orders = 9;
    w.state.open_orders_total = 50;
    assert_denies_numbers(&w, RISK_MAX_OPEN_N, 51, 50);
    w.state.open_orders_total = INT64_MAX;
    assert_denies(&w, RISK_MAX_OPEN_N);
}

/* I14. Messages are counted where they are sent; cancels too. */
static void test_message_rate(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    for (int i = 0; i < 19; i++)
        risk_state_count_message(&w.state, NOW_NS);
    assert_passes(&w);
    risk_state_count_message(&w.state, NOW_NS);
    assert_denies_numbers(&w, RISK_MSG_RATE, 21, 20);
    w.limits.msg_per_s = 1000;
    w.limits.msg_per_min = 21;
    assert_passes(&w);
    w.limits.msg_per_min = 20;
    assert_denies_numbers(&w, RISK_MSG_RATE, 21, 20);
}

/* The way out may use what is kept for cancels: half as much again. */
static void test_flatten_has_the_reserve_of_cancels(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    gate_world_flatten(&w, 100);
    for (int i = 0; i < 29; i++)
        risk_state_count_message(&w.state, NOW_NS);
    assert_passes(&w);
    risk_state_count_message(&w.state, NOW_NS);
    assert_denies_numbers(&w, RISK_MSG_RATE, 31, 30);
}

static void test_duplicates(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    risk_state_remember(&w.state, &w.intent, NOW_NS);
    assert_denies_numbers(&w, RISK_DUPLICATE, 0, 100);
    w.ref.now_ns = NOW_NS + 99999999;
    assert_denies_numbers(&w, RISK_DUPLICATE, 99, 100);
    w.ref.now_ns++;
    assert_passes(&w);
    w.ref.now_ns = NOW_NS;
    w.intent.qty_lots++;
    assert_passes(&w);
    w.intent.qty_lots--;
    w.intent.price_ticks++;
    assert_passes(&w);
    w.intent.price_ticks--;
    w.intent.owner = 2;
    assert_passes(&w);
    w.intent.owner = OWNER_MANUAL; /* the screen asks the trader instead */
    risk_state_remember(&w.state, &w.intent, NOW_NS);
    assert_passes(&w);
    w.intent.owner = 1;
    w.intent.side = SIDE_ASK;
    w.at.position_lots = 100;
    assert_passes(&w);
}

static void test_self_trade(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.at.best_own_ticks[SIDE_ASK] = 6000001;
    assert_passes(&w);
    w.at.best_own_ticks[SIDE_ASK] = 6000000;
    assert_denies_numbers(&w, RISK_SELF_TRADE, 6000000, 6000000);
    w.intent.side = SIDE_ASK;
    w.at.position_lots = 100;
    w.at.best_own_ticks[SIDE_BID] = 5999999;
    assert_passes(&w);
    w.at.best_own_ticks[SIDE_BID] = 6000000;
    assert_denies(&w, RISK_SELF_TRADE);
}

/* I11: cash for the value and the dearer fee. 100 lots at 60000.00 cost 60, fee 0.06. */
static void test_balance_of_a_spot_purchase(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.free_quote_e8 = 6006000000;
    assert_passes(&w);
    w.state.free_quote_e8--;
    assert_denies_numbers(&w, RISK_BALANCE, 6006000000, 6005999999);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_BALANCE, 99);
    w.intent.may_cut = false;
    w.limits.fee_maker_ppm = 2000;
    w.state.free_quote_e8 = 6006000000;
    assert_denies(&w, RISK_BALANCE);
    w.limits.fee_maker_ppm = w.limits.fee_taker_ppm = -100; /* a rebate is not cash before it comes */
    w.state.free_quote_e8 = 60 * E8;
    assert_passes(&w);
    w.state.free_quote_e8--;
    assert_denies(&w, RISK_BALANCE);
}

/* Spot cannot go short, not even by two sales of which each alone is covered. */
static void test_balance_of_a_spot_sale(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.intent.side = SIDE_ASK;
    assert_denies_numbers(&w, RISK_BALANCE, 100, 0);
    w.at.position_lots = 250;
    w.at.open_lots[SIDE_ASK] = 150;
    assert_passes(&w);
    w.at.open_lots[SIDE_ASK] = 151;
    assert_denies_numbers(&w, RISK_BALANCE, 100, 99);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_BALANCE, 99);
    w.at.open_lots[SIDE_ASK] = -1; /* nonsense from our own books fails closed */
    assert_denies(&w, RISK_BALANCE);
}

/* Futures: unlevered, equity must cover all exposure. A reduction frees margin and always may. */
static void test_balance_of_futures(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    gate_world_futures(&w);
    w.intent.side = SIDE_ASK; /* short from flat */
    w.intent.price_ticks = 6000000;
    w.state.free_quote_e8 = 0;
    w.state.gross_value_e8 = 9000 * E8;
    w.state.equity_start_day_e8 = w.state.equity_peak_e8 = w.state.equity_e8 = 9000 * E8 + 6006000000;
    assert_passes(&w);
    w.state.equity_start_day_e8 = w.state.equity_peak_e8 = --w.state.equity_e8;
    assert_denies_numbers(&w, RISK_BALANCE, 9000 * E8 + 6006000000, 9000 * E8 + 6005999999);
    w.at.position_lots = 100;
    assert_passes(&w);
}

static void test_daily_loss(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.equity_peak_e8 = 9800 * E8;
    w.state.equity_e8 = 9800 * E8; /* 2 % under the baseline */
    assert_passes(&w);
    w.state.equity_e8--;
    assert_denies_numbers(&w, RISK_DAILY_LOSS, 200 * E8 + 1, 200 * E8);
    w.at.position_lots = 100; /* the way out stays open */
    w.intent.side = SIDE_ASK;
    assert_passes(&w);
    w = gate_world_good();
    w.state.equity_start_day_e8 = 0; /* not known yet */
    assert_denies(&w, RISK_DAILY_LOSS);
}

static void test_drawdown(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.equity_peak_e8 = 20000 * E8;
    w.state.equity_e8 = 19000 * E8; /* 5 % under the peak */
    assert_passes(&w);
    w.state.equity_e8--;
    assert_denies_numbers(&w, RISK_DRAWDOWN, 1000 * E8 + 1, 1000 * E8);
    w.at.position_lots = 100;
    w.intent.side = SIDE_ASK;
    assert_passes(&w);
    w = gate_world_good();
    w.state.equity_peak_e8 = 0;
    assert_denies(&w, RISK_DRAWDOWN);
}

static void test_reduce_only(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    gate_world_futures(&w);
    w.intent.reduce_only = true;
    assert_denies_numbers(&w, RISK_REDUCE_ONLY, 100, 0);
    w.at.position_lots = -100;
    assert_passes(&w);
    w.at.open_lots[SIDE_BID] = 1;
    assert_denies_numbers(&w, RISK_REDUCE_ONLY, 100, 99);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_REDUCE_ONLY, 99);
    w.at.position_lots = INT64_MIN;
    assert_int_not_equal(gate_world_check(&w).answer, RISK_ANSWER_PASSED);
}

/* What is left must still be an order the venue takes; else the limit is the reason, not the minimum. */
static void test_cut_below_the_minimum_is_denied(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.intent.may_cut = true;
    w.limits.max_value_e8 = 30 * E8; /* 50 lots */
    w.instrument.qty_lots_min = 50;
    assert_cut_to(&w, RISK_MAX_VALUE, 50);
    w.instrument.qty_lots_min = 51;
    assert_denies_numbers(&w, RISK_MAX_VALUE, 60 * E8, 30 * E8);
    w.instrument.qty_lots_min = 0;
    w.limits.max_value_e8 = 1;
    assert_denies(&w, RISK_MAX_VALUE); /* not one lot fits */
}

/* No size mends a price; and what may not be cut is not. */
static void test_cut_only_where_allowed_and_useful(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.limits.max_value_e8 = 30 * E8;
    assert_denies(&w, RISK_MAX_VALUE);
    w.intent.may_cut = true;
    w.intent.price_ticks = 6120001;
    assert_denies(&w, RISK_COLLAR);
    w = gate_world_good();
    w.intent.may_cut = true;
    w.state.state = STATE_HALTED;
    assert_denies(&w, RISK_HALTED);
}

/* The largest quantity that passes, whichever controls bind: compared with asking for each quantity. */
static void test_cut_is_the_largest_that_passes(void **state)
{
    uint64_t seed = 11;
    int adjusted = 0;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct gate_world w = gate_world_good();
        struct risk_verdict verdict;

        if (random_between(&seed, 0, 1) == 1)
            gate_world_futures(&w);
        w.intent.may_cut = true;
        w.intent.side = (enum side)random_between(&seed, SIDE_BID, SIDE_ASK);
        w.intent.qty_lots = random_between(&seed, 1, 120);
        w.intent.reduce_only = random_between(&seed, 0, 3) == 0;
        w.at.position_lots = random_between(&seed, -100, 100);
        w.at.open_lots[SIDE_BID] = random_between(&seed, 0, 50);
        w.at.open_lots[SIDE_ASK] = random_between(&seed, 0, 50);
        w.limits.max_qty_e8 = random_between(&seed, 1, 120) * w.instrument.lot_e8;
        w.limits.max_value_e8 = random_between(&seed, 1, 72 * E8);
        w.limits.max_position_value_e8 = random_between(&seed, 1, 150 * E8);
        w.state.gross_value_e8 = w.limits.max_gross_value_e8 - random_between(&seed, 1, 72 * E8);
        w.state.free_quote_e8 = random_between(&seed, 1, 72 * E8);
        w.state.equity_start_day_e8 = w.state.equity_peak_e8 = w.state.equity_e8 = 20000 * E8;
        w.instrument.qty_lots_min = random_between(&seed, 0, 10);
        verdict = gate_world_check(&w);
        assert_int_equal(verdict.qty_lots, gate_world_largest(&w));
        adjusted += verdict.answer == RISK_ANSWER_ADJUSTED;
    }
    assert_true(adjusted > 300);
}

/* Money of an order, rounded up, against the plain division; too much for 64 bits is over every limit. */
static void test_money_is_exact(void **state)
{
    struct gate_world w = gate_world_good();
    uint64_t seed = 31;
    int fits = 0;

    (void)state;
    w.instrument.tick_e8 = w.instrument.lot_e8 = 1;
    for (int i = 0; i < 300000; i++) {
        int64_t price = random_sized(&seed, 62), qty = random_sized(&seed, 62);
        unsigned __int128 value = ((unsigned __int128)price * (unsigned __int128)qty + 99999999) / 100000000;

        assert_true(risk_value_e8(&w.instrument, price, qty) ==
                    (value > INT64_MAX ? INT64_MAX : (int64_t)value));
        fits += value > UINT32_MAX && value <= INT64_MAX;
    }
    assert_true(fits > 10000);
    /* At the seams: a carry, the last value that fits, the first that does not. */
    assert_int_equal(risk_value_e8(&w.instrument, INT64_C(4294967296), INT64_C(4294967295)),
                     INT64_C(184467440695));
    assert_int_equal(risk_value_e8(&w.instrument, 100000000, INT64_MAX - 1), INT64_MAX - 1);
    assert_int_equal(risk_value_e8(&w.instrument, 100000001, INT64_MAX - 1), INT64_MAX);
    assert_int_equal(risk_value_e8(&w.instrument, -1, 1), INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_max_pos_counts_open_orders),
        cmocka_unit_test(test_max_pos_lets_reductions_through),
        cmocka_unit_test(test_max_pos_uses_the_exact_mid),
        cmocka_unit_test(test_max_gross),
        cmocka_unit_test(test_max_open_value),
        cmocka_unit_test(test_max_open_orders),
        cmocka_unit_test(test_message_rate),
        cmocka_unit_test(test_flatten_has_the_reserve_of_cancels),
        cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_self_trade),
        cmocka_unit_test(test_balance_of_a_spot_purchase),
        cmocka_unit_test(test_balance_of_a_spot_sale),
        cmocka_unit_test(test_balance_of_futures),
        cmocka_unit_test(test_daily_loss),
        cmocka_unit_test(test_drawdown),
        cmocka_unit_test(test_reduce_only),
        cmocka_unit_test(test_cut_below_the_minimum_is_denied),
        cmocka_unit_test(test_cut_only_where_allowed_and_useful),
        cmocka_unit_test(test_cut_is_the_largest_that_passes),
        cmocka_unit_test(test_money_is_exact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
