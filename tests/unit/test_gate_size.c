/* test_gate_size.c - the gate on quantity, value and price of one order: FILTER, MAX_QTY, MAX_VALUE, COLLAR. */
#include "gate_world.h"

static void test_filter_quantity_bounds(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.instrument.qty_lots_min = 100;
    w.instrument.qty_lots_max = 200;
    assert_passes(&w);
    w.intent.qty_lots = 99;
    assert_denies_numbers(&w, RISK_FILTER, 99, 100);
    w.intent.qty_lots = 200;
    assert_passes(&w);
    w.intent.qty_lots = 201;
    assert_denies_numbers(&w, RISK_FILTER, 201, 200);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_FILTER, 200);
    w.intent.may_cut = false;
    w.instrument.market_qty_lots_max = 150;
    w.intent.qty_lots = 151;
    assert_passes(&w); /* of market orders only */
    w.intent.type = ORDER_MARKET;
    w.intent.price_ticks = 6001000;
    assert_denies_numbers(&w, RISK_FILTER, 151, 150);
    w.intent.qty_lots = 150;
    assert_passes(&w);
    w.intent.qty_lots = 0;
    assert_denies(&w, RISK_FILTER);
    w.intent.qty_lots = -5;
    assert_denies(&w, RISK_FILTER);
}

static void test_filter_notional_bounds(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.instrument.notional_e8_min = 60 * E8; /* 100 lots at 60000.00 exactly */
    w.instrument.notional_e8_max = 120 * E8;
    assert_passes(&w);
    w.intent.qty_lots = 99;
    assert_denies_numbers(&w, RISK_FILTER, 5940000000, 60 * E8);
    w.intent.qty_lots = 200;
    assert_passes(&w);
    w.intent.qty_lots = 201;
    assert_denies(&w, RISK_FILTER);
    w.intent.qty_lots = 100;
    w.intent.type = ORDER_MARKET; /* valued at the mid, not at its bound */
    w.intent.price_ticks = 6020000;
    assert_passes(&w);
    w.intent.qty_lots = 99;
    assert_denies(&w, RISK_FILTER);
}

static void test_filter_price_bounds(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.instrument.price_ticks_min = 6000000;
    w.instrument.price_ticks_max = 6000010;
    assert_passes(&w);
    w.intent.price_ticks = 5999999;
    assert_denies_numbers(&w, RISK_FILTER, 5999999, 6000000);
    w.intent.price_ticks = 6000010;
    assert_passes(&w);
    w.intent.price_ticks = 6000011;
    assert_denies_numbers(&w, RISK_FILTER, 6000011, 6000010);
    w.intent.price_ticks = 0;
    assert_denies(&w, RISK_FILTER);
    w.intent.type = ORDER_MARKET; /* without a worst price it is unbounded */
    assert_denies(&w, RISK_FILTER);
    w.intent.type = ORDER_STOP;
    assert_denies(&w, RISK_FILTER);
}

/* What cannot be, fails closed instead of reaching a broker. */
static void test_malformed_intents_are_denied(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.intent.post_only = true;
    assert_passes(&w);
    w.intent.tif = TIF_IOC;
    assert_denies(&w, RISK_FILTER);
    w.intent.tif = TIF_GTC;
    w.intent.type = ORDER_MARKET;
    assert_denies(&w, RISK_FILTER);
    w = gate_world_good();
    w.intent.side = (enum side)2;
    assert_denies(&w, RISK_FILTER);
    w = gate_world_good();
    w.intent.type = (enum order_type)ORDER_TYPES;
    assert_denies(&w, RISK_FILTER);
}

static void test_max_qty(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.limits.max_qty_e8 = 100 * w.instrument.lot_e8;
    assert_passes(&w);
    w.intent.qty_lots = 101;
    assert_denies_numbers(&w, RISK_MAX_QTY, 101, 100);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_MAX_QTY, 100);
    w.intent.may_cut = false;
    w.intent.qty_lots = INT64_MAX; /* times the lot does not fit */
    assert_denies(&w, RISK_MAX_QTY);
}

/* CONTROLS: simulation has MAX_VALUE / Ref; in live it must be set. */
static void test_max_qty_unset(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.limits.max_qty_e8 = 0;
    w.limits.max_value_e8 = 60 * E8;
    w.intent.price_ticks = 5990000; /* under the mid: MAX_VALUE would let a lot more through */
    assert_passes(&w);
    w.intent.qty_lots = 101;
    assert_denies_numbers(&w, RISK_MAX_QTY, 101, 100);
    w.intent.qty_lots = INT64_MAX / 1000000;
    assert_denies(&w, RISK_MAX_QTY);
    w.intent.qty_lots = 100;
    w.state.mode = MODE_LIVE;
    assert_denies(&w, RISK_MAX_QTY);
}

static void test_max_value(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.limits.max_value_e8 = 60 * E8;
    assert_passes(&w);
    w.limits.max_value_e8--;
    assert_denies_numbers(&w, RISK_MAX_VALUE, 60 * E8, 60 * E8 - 1);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_MAX_VALUE, 99);
    /* A sale under the bid is worth what the bid pays, not what the limit says. */
    w = gate_world_good();
    w.at.position_lots = 100;
    w.intent.side = SIDE_ASK;
    w.intent.price_ticks = 5990000;
    w.limits.max_value_e8 = 5999900000; /* 100 lots at the bid of 59999.00 */
    assert_passes(&w);
    w.limits.max_value_e8--;
    assert_denies(&w, RISK_MAX_VALUE);
}

/* The position bounds a flatten: it must get out in one go, or a kill could not be followed up. */
static void test_flatten_is_not_stopped_by_size_limits(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    gate_world_flatten(&w, 7000); /* 4200 USDT, limit 1000 */
    w.limits.max_qty_e8 = 1;
    w.limits.max_open_value_e8 = 1;
    w.limits.max_open_orders = 1;
    w.at.open_orders = 1;
    w.state.gross_value_e8 = w.limits.max_gross_value_e8 + 1;
    w.state.equity_e8 = 1;
    assert_passes(&w);
    w.intent.flatten = false;
    assert_denies(&w, RISK_MAX_QTY);
}

static void test_collar_of_limits(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.intent.price_ticks = 6120000; /* 2 % over the mid */
    assert_passes(&w);
    w.intent.price_ticks++;
    assert_denies_numbers(&w, RISK_COLLAR, 201, 200);
    w.intent.price_ticks = 5880000; /* the passive side too: fat fingers have both */
    assert_passes(&w);
    w.intent.price_ticks--;
    assert_denies_numbers(&w, RISK_COLLAR, 201, 200);
    w.intent.price_ticks = 6000000;
    w.ref.last_ticks = 5000000; /* the last trade is elsewhere than the book */
    assert_denies(&w, RISK_COLLAR);
    w.ref.last_ticks = 0; /* a quiet market has none yet */
    assert_passes(&w);
    w.ref.last_ticks = INT64_MAX;
    assert_denies(&w, RISK_COLLAR);
}

static void test_collar_of_market_orders(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.ref.best_ticks[SIDE_ASK] = 6000000;
    w.intent.type = ORDER_MARKET;
    w.intent.price_ticks = 6030000; /* 0.5 % over the ask */
    assert_passes(&w);
    w.intent.price_ticks++;
    assert_denies_numbers(&w, RISK_COLLAR, 51, 50);
    w.ref.best_ticks[SIDE_BID] = 5990000;
    w.intent.side = SIDE_ASK;
    w.at.position_lots = 100;
    w.intent.price_ticks = 5960050; /* 0.5 % under the bid */
    assert_passes(&w);
    w.intent.price_ticks--;
    assert_denies_numbers(&w, RISK_COLLAR, 51, 50);
    w.intent.price_ticks = INT64_MAX;  /* better than the touch by far: fills nothing, costs nothing */
    assert_denies(&w, RISK_MAX_VALUE); /* but its bound is worth too much */
}

/* A stop may stand anywhere; what it may cost once set off is bounded if a bound is given. */
static void test_collar_of_stops(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.at.position_lots = 100;
    w.intent.type = ORDER_STOP;
    w.intent.side = SIDE_ASK;
    w.intent.reduce_only = true;
    w.intent.stop_ticks = 4000000;
    w.intent.price_ticks = 0;
    assert_passes(&w);
    w.intent.price_ticks = 3980000;
    assert_passes(&w);
    w.intent.price_ticks--;
    assert_denies_numbers(&w, RISK_COLLAR, 51, 50);
    w.intent.price_ticks = 0;
    w.intent.reduce_only = false; /* a stop only ever reduces, said or not */
    gate_world_futures(&w);
    w.intent.qty_lots = 101;
    assert_denies(&w, RISK_REDUCE_ONLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filter_quantity_bounds),
        cmocka_unit_test(test_filter_notional_bounds),
        cmocka_unit_test(test_filter_price_bounds),
        cmocka_unit_test(test_malformed_intents_are_denied),
        cmocka_unit_test(test_max_qty),
        cmocka_unit_test(test_max_qty_unset),
        cmocka_unit_test(test_max_value),
        cmocka_unit_test(test_flatten_is_not_stopped_by_size_limits),
        cmocka_unit_test(test_collar_of_limits),
        cmocka_unit_test(test_collar_of_market_orders),
        cmocka_unit_test(test_collar_of_stops),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
