/* test_strategy_ofi.c - when ofi enters, what it takes back, when it leaves, and what it says about it. */
#include "cmocka_all.h"
#include "core/strategy/strategy.h"

#include <string.h>

#define E8 INT64_C(100000000)
#define S  INT64_C(1000000000)

/* BTCUSDT at 60000.00 / 60000.01, flow as strong as it gets: every feature at 0.9. */
struct desk {
    struct strategy *strategy;
    struct strategy_params_ofi params;
    struct instrument instrument;
    struct signal_values signals;
    struct position position;
    struct order order;
    const struct order *orders[1];
    struct strategy_view view;
    struct strategy_actions actions;
};

static struct desk desk;

static void flow(double strength)
{
    desk.signals.ofi_sigma = 2.0 * strength;
    desk.signals.trade_imbalance = strength;
    desk.signals.near_1bp.value = strength;
    desk.signals.far_10bp.value = strength;
    desk.signals.volatility_1m_bp = 4.0;
    desk.signals.momentum_10s_bp = 2.0 * strength;
}

static void start(void)
{
    strategy_free(desk.strategy);
    desk.strategy = strategy_ofi_new(&desk.params);
}

static int set_up(void **state)
{
    (void)state;
    memset(&desk, 0, sizeof desk);
    desk.params = (struct strategy_params_ofi){.order_value_e8 = 500 * E8,
                                               .threshold_x100 = 80,
                                               .exit_x100 = 20,
                                               .hold_max_ms = 120000,
                                               .stop_loss_bp_x100 = 3000,
                                               .cooldown_ms = 3000,
                                               .order_life_ms = 5000,
                                               .spread_ticks_max = 50,
                                               .short_allowed = true};
    instrument_init(&desk.instrument, "BTCUSDT", VENUE_BINANCE_SPOT, 2);
    desk.instrument.tick_e8 = E8 / 100;
    desk.instrument.lot_e8 = E8 / 100000;
    desk.signals.valid = true;
    desk.signals.spread_ticks = 1;
    flow(0.9);
    desk.view = (struct strategy_view){.instrument = &desk.instrument,
                                       .ref = {.now_ns = 1000 * S,
                                               .book_state = BOOK_LIVE,
                                               .best_ticks = {6000000, 6000001},
                                               .best_lots = {100000, 100000},
                                               .last_ticks = 6000000},
                                       .signals = &desk.signals,
                                       .position = &desk.position,
                                       .orders = desk.orders};
    start();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    strategy_free(desk.strategy);
    desk.strategy = NULL;
    return 0;
}

/* One event after `seconds`; returns how many intents it answered. */
static size_t event_after(int64_t ms)
{
    desk.view.ref.now_ns += ms * 1000000;
    strategy_on_event(desk.strategy, &desk.view, &desk.actions);
    return desk.actions.intent_count;
}

/* Bought (or sold, lots < 0) at the touch, without fees. */
static void hold(int64_t lots)
{
    struct fill fill = {.trade_id = desk.position.fills + 1,
                        .side = lots > 0 ? SIDE_BID : SIDE_ASK,
                        .price_ticks = 6000000,
                        .qty_lots = lots > 0 ? lots : -lots,
                        .instrument_id = 2,
                        .ts_ns = desk.view.ref.now_ns};

    fill.value_e8 = instrument_value_e8(&desk.instrument, fill.price_ticks, fill.qty_lots);
    assert_int_equal(position_apply(&desk.position, &desk.instrument, &fill), ERR_OK);
    strategy_on_fill(desk.strategy, &desk.view, &fill);
}

static void rest(enum side side, enum order_state state)
{
    desk.order = (struct order){.seq = 7, .state = state, .sent_ns = desk.view.ref.now_ns};
    desk.order.intent = (struct order_intent){.instrument_id = 2, .side = side, .qty_lots = 100};
    desk.orders[0] = &desk.order;
    desk.view.order_count = 1;
}

/* 500 USDT at the worst price of 60030.01 are 832 lots; its bound is 5 bp beyond the ask. */
static void test_strong_flow_buys(void **state)
{
    const struct order_intent *intent = &desk.actions.intent[0];

    (void)state;
    assert_int_equal(event_after(0), 1);
    assert_int_equal(intent->side, SIDE_BID);
    assert_int_equal(intent->type, ORDER_MARKET);
    assert_int_equal(intent->price_ticks, 6003001);
    assert_int_equal(intent->qty_lots, 832);
    assert_int_equal(intent->instrument_id, 2);
    assert_true(intent->may_cut);
    assert_false(intent->reduce_only);
    assert_false(intent->flatten);
}

static void test_passive_entry_joins_the_touch(void **state)
{
    const struct order_intent *intent = &desk.actions.intent[0];

    (void)state;
    desk.params.passive = true;
    start();
    assert_int_equal(event_after(0), 1);
    assert_int_equal(intent->type, ORDER_LIMIT);
    assert_true(intent->post_only);
    assert_int_equal(intent->price_ticks, 6000000);
    assert_int_equal(intent->qty_lots, 833);
}

/* Spot is long or flat; futures go short only where the parameters allow it. */
static void test_selling_short_needs_futures_and_leave(void **state)
{
    (void)state;
    flow(-0.9);
    assert_int_equal(event_after(0), 0);
    desk.instrument.venue = VENUE_BINANCE_USDM;
    assert_int_equal(event_after(0), 1);
    assert_int_equal(desk.actions.intent[0].side, SIDE_ASK);
    assert_int_equal(desk.actions.intent[0].price_ticks, 5997000);
    desk.params.short_allowed = false;
    start();
    assert_int_equal(event_after(0), 0);
}

/* Full strength 0.9 scores 1; a threshold acts where it says. 0.8 / 1.2 is 0.66666... */
static void test_threshold_is_where_it_says(void **state)
{
    (void)state;
    flow(0.6666);
    assert_int_equal(event_after(0), 0);
    assert_true(strategy_reason(desk.strategy, 2)->score > 0.79);
    flow(0.6667);
    assert_int_equal(event_after(0), 1);
}

/* One loud feature against the others is no case. */
static void test_disagreeing_features_do_not_enter(void **state)
{
    (void)state;
    desk.params.threshold_x100 = 30;
    start();
    flow(0.0);
    desk.signals.ofi_sigma = 9.0;
    desk.signals.trade_imbalance = 0.0;
    assert_int_equal(event_after(0), 0);
    assert_true(strategy_reason(desk.strategy, 2)->score > 0.30);
    assert_true(strategy_reason(desk.strategy, 2)->confidence < 0.31);
}

static void test_each_condition_stops_an_entry(void **state)
{
    (void)state;
    desk.signals.spread_ticks = 51;
    assert_int_equal(event_after(0), 0);
    desk.signals.spread_ticks = 50;
    assert_int_equal(event_after(0), 1);
    desk.signals.volatility_1m_bp = STRATEGY_OFI_VOLATILITY_MAX_BP + 0.1;
    desk.signals.momentum_10s_bp = 60.0;
    assert_int_equal(event_after(0), 0);
    desk.signals.volatility_1m_bp = STRATEGY_OFI_VOLATILITY_MAX_BP;
    assert_int_equal(event_after(0), 1);
    desk.signals.ofi_sigma = 0.0; /* no deviation before 30 s */
    desk.signals.trade_imbalance = 1.0;
    desk.signals.near_1bp.value = 1.0;
    desk.signals.far_10bp.value = 1.0;
    assert_int_equal(event_after(0), 0);
    flow(0.9);
    desk.signals.valid = false;
    assert_int_equal(event_after(0), 0);
    assert_true(strategy_reason(desk.strategy, 2)->score == 0.0);
    desk.signals.valid = true;
    desk.view.ref.book_state = BOOK_STALE;
    assert_int_equal(event_after(0), 0);
    desk.view.ref.book_state = BOOK_LIVE;
    desk.view.ref.crossed = true;
    assert_int_equal(event_after(0), 0);
    desk.view.ref.crossed = false;
    desk.view.ref.best_ticks[SIDE_BID] = 0;
    assert_int_equal(event_after(0), 0);
}

/* It keeps at most one entry out, and none beside a position. */
static void test_one_entry_at_a_time(void **state)
{
    (void)state;
    rest(SIDE_BID, ORDER_STATE_WORKING);
    assert_int_equal(event_after(100), 0);
    assert_int_equal(desk.actions.cancel_count, 0);
    desk.view.order_count = 0;
    hold(832);
    assert_int_equal(event_after(100), 0);
}

static void test_resting_entry_is_taken_back_in_time(void **state)
{
    (void)state;
    rest(SIDE_BID, ORDER_STATE_WORKING);
    event_after(4999);
    assert_int_equal(desk.actions.cancel_count, 0);
    event_after(1);
    assert_int_equal(desk.actions.cancel_count, 1);
    assert_int_equal(desk.actions.cancel_seq[0], 7);
    desk.order.state = ORDER_STATE_PENDING_CANCEL; /* asked once is enough */
    event_after(1);
    assert_int_equal(desk.actions.cancel_count, 0);
}

static void test_resting_entry_is_taken_back_when_its_reason_is_gone(void **state)
{
    (void)state;
    rest(SIDE_BID, ORDER_STATE_WORKING);
    flow(0.34); /* a score of 0.408, over half the threshold */
    event_after(1);
    assert_int_equal(desk.actions.cancel_count, 0);
    flow(0.33);
    event_after(1);
    assert_int_equal(desk.actions.cancel_count, 1);
}

static void assert_leaves(int64_t ms, enum side side, int64_t lots)
{
    assert_int_equal(event_after(ms), 1);
    assert_int_equal(desk.actions.intent[0].side, side);
    assert_int_equal(desk.actions.intent[0].type, ORDER_MARKET);
    assert_int_equal(desk.actions.intent[0].qty_lots, lots);
    assert_true(desk.actions.intent[0].reduce_only && desk.actions.intent[0].may_cut);
}

static void test_leaves_when_the_score_turns(void **state)
{
    (void)state;
    hold(832);
    flow(-0.166); /* a score of -0.1992 */
    assert_int_equal(event_after(1), 0);
    flow(-0.167);
    assert_leaves(1, SIDE_ASK, 832);
    assert_int_equal(desk.actions.intent[0].price_ticks, 5982000); /* 30 bp under the bid */
}

static void test_leaves_after_its_time(void **state)
{
    (void)state;
    hold(832);
    assert_int_equal(event_after(119999), 0);
    assert_leaves(1, SIDE_ASK, 832);
}

/* Marked at the price that closes: the bid for a long. 30 bp of 60000.00 are 180.00. */
static void test_leaves_at_stop_loss_and_take_profit(void **state)
{
    (void)state;
    desk.params.take_profit_bp_x100 = 2000;
    start();
    hold(832);
    desk.view.ref.best_ticks[SIDE_BID] = 5982001;
    assert_int_equal(event_after(1), 0);
    desk.view.ref.best_ticks[SIDE_BID] = 5982000;
    assert_leaves(1, SIDE_ASK, 832);
    desk.view.ref.best_ticks[SIDE_ASK] = 6012001;
    desk.view.ref.best_ticks[SIDE_BID] = 6011999;
    assert_int_equal(event_after(1000), 0);
    desk.view.ref.best_ticks[SIDE_BID] = 6012000;
    assert_leaves(1, SIDE_ASK, 832);
}

static void test_a_short_leaves_by_buying(void **state)
{
    (void)state;
    desk.instrument.venue = VENUE_BINANCE_USDM;
    flow(-0.9);
    hold(-832);
    assert_int_equal(event_after(1), 0);
    desk.view.ref.best_ticks[SIDE_ASK] = 6018000; /* 30 bp against it */
    assert_leaves(1, SIDE_BID, 832);
}

/* A resting entry would meet the exit: it goes first, the exit follows. */
static void test_exit_takes_back_what_rests_first(void **state)
{
    (void)state;
    hold(400);
    rest(SIDE_BID, ORDER_STATE_WORKING);
    flow(-0.9);
    assert_int_equal(event_after(1), 0);
    assert_int_equal(desk.actions.cancel_count, 1);
    desk.view.order_count = 0;
    assert_leaves(1, SIDE_ASK, 400);
}

/* An exit on its way is waited for: never two at once. */
static void test_exit_in_flight_is_waited_for(void **state)
{
    (void)state;
    hold(400);
    flow(-0.9);
    assert_leaves(1, SIDE_ASK, 400);
    rest(SIDE_ASK, ORDER_STATE_SENT);
    desk.order.intent.reduce_only = true;
    assert_int_equal(event_after(10000), 0);
    assert_int_equal(desk.actions.cancel_count, 0);
}

/* A reason that lasts must not flood the journal: the pauses double, up to 64 s. */
static void test_denied_exits_back_off(void **state)
{
    int attempts = 0;

    (void)state;
    hold(400);
    flow(-0.9);
    for (int ms = 0; ms < 600000; ms += 100)
        if (event_after(100) == 1) {
            attempts++;
            strategy_on_denied(desk.strategy, &desk.view, "STALE_BOOK");
        }
    assert_in_range(attempts, 8, 20);
    hold(-100); /* something went through: the way is open again */
    assert_int_equal(event_after(64000), 1);
    strategy_on_denied(desk.strategy, &desk.view, "MSG_RATE");
    assert_int_equal(event_after(499), 0);
    assert_int_equal(event_after(1), 1);
}

static void test_rests_after_an_exit_and_after_a_denial(void **state)
{
    (void)state;
    hold(400);
    event_after(1);
    hold(-400);
    assert_int_equal(event_after(1), 0);
    assert_int_equal(event_after(2999), 0);
    assert_int_equal(event_after(1), 1);
    strategy_on_denied(desk.strategy, &desk.view, "BALANCE");
    assert_int_equal(event_after(2999), 0);
    assert_int_equal(event_after(1), 1);
}

/* Less than the venue takes cannot be sold: it must not block the strategy, and goes with the next exit. */
static void test_dust_does_not_block(void **state)
{
    (void)state;
    desk.instrument.notional_e8_min = 5 * E8;
    hold(8); /* 4.80 */
    flow(-0.9);
    assert_int_equal(event_after(1), 0);
    flow(0.9);
    assert_int_equal(event_after(1), 1);
    hold(832);
    flow(-0.9);
    assert_leaves(1, SIDE_ASK, 840);
}

static void test_too_small_an_order_is_not_sent(void **state)
{
    (void)state;
    desk.instrument.qty_lots_min = 833;
    assert_int_equal(event_after(0), 0);
    desk.params.order_value_e8 = 1;
    desk.instrument.qty_lots_min = 0;
    start();
    assert_int_equal(event_after(0), 0);
}

static void test_reset_forgets_what_was_pending(void **state)
{
    (void)state;
    strategy_on_denied(desk.strategy, &desk.view, "BALANCE");
    assert_int_equal(event_after(1), 0);
    strategy_reset_instrument(desk.strategy, 2);
    assert_int_equal(strategy_reason(desk.strategy, 2)->feature_count, 0);
    assert_int_equal(event_after(1), 1);
}

/* The bound is in ticks: a finer tick makes more of them. */
static void test_rescale_moves_the_spread_bound(void **state)
{
    struct step_change change = {.price_factor = 10, .qty_factor = 1};

    (void)state;
    strategy_rescale(desk.strategy, 2, change);
    instrument_rescale(&desk.instrument, change);
    desk.view.ref.best_ticks[SIDE_BID] = 60000000;
    desk.view.ref.best_ticks[SIDE_ASK] = 60000500;
    desk.signals.spread_ticks = 500;
    assert_int_equal(event_after(0), 1);
    desk.signals.spread_ticks = 501;
    assert_int_equal(event_after(0), 0);
}

/* The screen shows why: named features with weights that sum to 1, and the conditions. */
static void test_reason_tells_all(void **state)
{
    const struct strategy_reason *reason;
    double weights = 0.0, sum = 0.0;

    (void)state;
    assert_string_equal(strategy_name(desk.strategy), "ofi");
    flow(-0.5);
    event_after(0);
    reason = strategy_reason(desk.strategy, 2);
    assert_int_equal(reason->feature_count, 8);
    for (size_t i = 0; i < reason->feature_count; i++) {
        assert_true(strlen(reason->feature[i].name) > 0);
        assert_true(reason->feature[i].condition_met);
        weights += reason->feature[i].weight;
        sum += reason->feature[i].weight * reason->feature[i].value;
    }
    assert_true(weights > 0.999999 && weights < 1.000001);
    assert_true(sum > -0.500001 && sum < -0.499999);
    assert_true(reason->score > -0.61 && reason->score < -0.59);
    assert_true(reason->threshold == 0.8);
    assert_true(reason->confidence > 0.99);
}

/* Numbers that are not numbers say nothing, and never reach an order. */
static void test_bad_numbers_say_nothing(void **state)
{
    (void)state;
    flow(0.9);
    desk.signals.trade_imbalance = 0.0 / desk.signals.vpin; /* NaN */
    desk.signals.near_1bp.value = 1e300;
    desk.signals.far_10bp.value = -1e300;
    event_after(0);
    assert_true(strategy_reason(desk.strategy, 2)->score <= 1.0);
    assert_true(strategy_reason(desk.strategy, 2)->feature[1].value == 0.0);
}

#define ofi_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ofi_test(test_strong_flow_buys),
        ofi_test(test_passive_entry_joins_the_touch),
        ofi_test(test_selling_short_needs_futures_and_leave),
        ofi_test(test_threshold_is_where_it_says),
        ofi_test(test_disagreeing_features_do_not_enter),
        ofi_test(test_each_condition_stops_an_entry),
        ofi_test(test_one_entry_at_a_time),
        ofi_test(test_resting_entry_is_taken_back_in_time),
        ofi_test(test_resting_entry_is_taken_back_when_its_reason_is_gone),
        ofi_test(test_leaves_when_the_score_turns),
        ofi_test(test_leaves_after_its_time),
        ofi_test(test_leaves_at_stop_loss_and_take_profit),
        ofi_test(test_a_short_leaves_by_buying),
        ofi_test(test_exit_takes_back_what_rests_first),
        ofi_test(test_exit_in_flight_is_waited_for),
        ofi_test(test_denied_exits_back_off),
        ofi_test(test_rests_after_an_exit_and_after_a_denial),
        ofi_test(test_dust_does_not_block),
        ofi_test(test_too_small_an_order_is_not_sent),
        ofi_test(test_reset_forgets_what_was_pending),
        ofi_test(test_rescale_moves_the_spread_bound),
        ofi_test(test_reason_tells_all),
        ofi_test(test_bad_numbers_say_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
