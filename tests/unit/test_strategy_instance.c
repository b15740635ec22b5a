/* test_strategy_instance.c - what a strategy sees, which callbacks it gets, its parameters and its state. */
#include "unit/strategy_echo.h"

/* --- what it sees ----------------------------------------------------------------------------------------- */

static void test_ticks_and_lots_become_e8_exactly(void **state)
{
    const struct fd_market *market = &seen.market[0];

    (void)state;
    call(HAPPENED_MARKET);
    assert_int_equal(seen.here, 0);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.may_trade, 1);
    assert_true(seen.answer_was_clear);
    assert_int_equal(market->bid.price_e8, 60000 * E8);
    assert_int_equal(market->ask.price_e8, 60000 * E8 + E8 / 100);
    assert_int_equal(market->bid.qty_e8, E8 / 1000);
    assert_int_equal(market->last_e8, 60000 * E8 - E8 / 100);
    assert_int_equal(market->book_age_ns, 7);
    assert_int_equal(market->flags, FD_BOOK_LIVE);
    assert_int_equal(market->bid_count, FD_LEVELS_MAX);
    assert_int_equal(market->ask_count, FD_LEVELS_MAX);
    assert_int_equal(seen.bids[19].price_e8, 60000 * E8 - 19 * E8 / 100);
    assert_int_equal(seen.bids[19].qty_e8, 119 * E8 / 100000);
    assert_int_equal(seen.asks[19].price_e8, 60000 * E8 + 20 * E8 / 100);
    assert_string_equal(seen.instrument[0].symbol, "BTCUSDT");
    assert_string_equal(seen.instrument[0].base, "BTC");
    assert_int_equal(seen.instrument[0].flags, 0);
    assert_int_equal(seen.instrument[0].qty_max_e8, 9000 * E8);
    assert_int_equal(seen.instrument[0].value_min_e8, 5 * E8);
    assert_int_equal(seen.instrument[0].maker_fee_ppm, -50);
    assert_int_equal(seen.instrument[1].flags, FD_FUTURES);
    assert_int_equal(seen.market[1].bid.price_e8, FD_NONE); /* not seen yet */
    assert_int_equal(seen.market[1].flags, 0);
}

static void test_flat_long_and_short_positions(void **state)
{
    const struct fd_position *position = &seen.market[0].position;

    (void)state;
    call(HAPPENED_MARKET);
    assert_int_equal(position->qty_e8, 0);
    assert_int_equal(position->average_e8, FD_NONE);
    desk.position = (struct position){.lots = 200, .cost_e8 = 118 * E8, .fees_e8 = 3, .realised_e8 = -4};
    desk.sight.mark_ticks = 6000000; /* 0.002 at 60000 is 120 */
    strategy_instance_see(desk.instance, &desk.sight);
    call(HAPPENED_MARKET);
    assert_int_equal(position->qty_e8, E8 / 500);
    assert_int_equal(position->average_e8, 59000 * E8);
    assert_int_equal(position->unrealised_e8, 2 * E8);
    assert_int_equal(position->cost_e8, 118 * E8);
    assert_int_equal(position->realised_e8, -4);
    assert_int_equal(position->fees_e8, 3);
    desk.position = (struct position){.lots = -200, .cost_e8 = -118 * E8};
    strategy_instance_see(desk.instance, &desk.sight);
    call(HAPPENED_MARKET);
    assert_int_equal(position->average_e8, 59000 * E8);
    assert_int_equal(position->unrealised_e8, -2 * E8);
}

static void test_signals_are_nan_where_unknown(void **state)
{
    (void)state;
    call(HAPPENED_MARKET);
    assert_false(seen.signals.mid == seen.signals.mid);
    assert_false(seen.signals.ofi_sigma == seen.signals.ofi_sigma);
    assert_false(seen.signals.vpin == seen.signals.vpin);
    assert_false(seen.signals.volatility_1m_bp == seen.signals.volatility_1m_bp);
    desk.signals = (struct signal_values){.valid = true,
                                          .mid_ticks = 6000000.5,
                                          .microprice_ticks = 6000000.25,
                                          .imbalance_20 = -0.25,
                                          .near_1bp.value = 0.5,
                                          .ofi_lots = 300000.0,
                                          .cvd_lots = -100000,
                                          .volatility_1m_bp = 4.0,
                                          .vpin = 0.3,
                                          .vpin_valid = true};
    strategy_instance_see(desk.instance, &desk.sight);
    call(HAPPENED_MARKET);
    assert_int_equal(seen.signals.valid, 1);
    assert_true(seen.signals.mid > 60000.00499 && seen.signals.mid < 60000.00501);
    assert_true(seen.signals.imbalance_20 == -0.25);
    assert_true(seen.signals.imbalance_1bp_mean == 0.5);
    assert_true(seen.signals.ofi_qty > 2.9999 && seen.signals.ofi_qty < 3.0001);
    assert_true(seen.signals.cvd_qty > -1.0001 && seen.signals.cvd_qty < -0.9999);
    assert_true(seen.signals.volatility_1m_bp == 4.0 && seen.signals.vpin == 0.3);
    assert_false(seen.signals.ofi_sigma == seen.signals.ofi_sigma); /* 0: not before 30 s */
}

static void test_own_orders_and_what_became_of_one(void **state)
{
    (void)state;
    desk.order[0] = (struct order){.seq = 7,
                                   .state = ORDER_STATE_PENDING_CANCEL,
                                   .filled_lots = 1,
                                   .queue_expected_lots = -1,
                                   .intent = {.side = SIDE_ASK, .price_ticks = 6000100, .qty_lots = 5}};
    desk.order[1] = (struct order){.seq = 8, .state = ORDER_STATE_WORKING, .queue_expected_lots = 3};
    desk.orders[0] = &desk.order[0];
    desk.orders[1] = &desk.order[1];
    desk.sight.order_count = 2;
    strategy_instance_see(desk.instance, &desk.sight);
    desk.event.order = &desk.order[1];
    desk.order[1].state = ORDER_STATE_EXPIRED;
    desk.event.code = "NOT_FILLED";
    call(HAPPENED_ORDER);
    assert_int_equal(seen.market[0].order_count, 2);
    assert_int_equal(seen.orders[0].id, 7);
    assert_int_equal(seen.orders[0].side, FD_SELL);
    assert_int_equal(seen.orders[0].state, FD_ORDER_ENDING);
    assert_int_equal(seen.orders[0].price_e8, 60001 * E8);
    assert_int_equal(seen.orders[0].filled_e8, E8 / 100000);
    assert_int_equal(seen.orders[0].ahead_e8, FD_NONE);
    assert_int_equal(seen.orders[1].ahead_e8, 3 * E8 / 100000);
    assert_int_equal(seen.order_state, FD_ORDER_EXPIRED);
    assert_string_equal(seen.why, "NOT_FILLED");
    desk.order[1].seq = 0;
    desk.event.code = NULL;
    call(HAPPENED_ORDER);
    assert_int_equal(seen.order_state, FD_ORDER_DENIED);
    assert_string_equal(seen.why, "");
}

static void test_every_happening_reaches_its_callback(void **state)
{
    const struct trade trade = {
        .recv_ns = 5, .price_ticks = 6000000, .qty_lots = 3, .taker = SIDE_ASK, .off_market = false};
    const struct book_event event = {.kind = BOOK_EVENT_WALL, .side = SIDE_ASK, .price_ticks = 1, .lots = 2};
    const struct fill fill = {
        .order_seq = 9, .side = SIDE_ASK, .maker = true, .price_ticks = 2, .qty_lots = 4, .fee_e8 = -6};

    (void)state;
    desk.event.trade = &trade;
    desk.event.book_event = &event;
    desk.event.fill = &fill;
    desk.event.timer_id = 77;
    call(HAPPENED_TRADE);
    assert_int_equal(seen.trade.price_e8, 60000 * E8);
    assert_int_equal(seen.trade.taker, FD_SELL);
    call(HAPPENED_BOOK_EVENT);
    assert_int_equal(seen.event.kind, FD_WALL);
    assert_int_equal(seen.event.qty_e8, 2 * E8 / 100000);
    call(HAPPENED_FILL);
    assert_int_equal(seen.fill.order_id, 9);
    assert_int_equal(seen.fill.maker, 1);
    assert_int_equal(seen.fill.price_e8, 2 * E8 / 100);
    assert_int_equal(seen.fill.fee_e8, -6);
    desk.event.instrument_id = INSTRUMENT_NONE;
    call(HAPPENED_TIMER);
    assert_int_equal(seen.timer_id, 77);
    call(HAPPENED_PAUSE);
    assert_int_equal(seen.paused, 1);
    call(HAPPENED_RESUME);
    assert_int_equal(seen.paused, 0);
    call(HAPPENED_START);
    call(HAPPENED_STOP);
    assert_int_equal(seen.calls, 8);
    desk.event.instrument_id = 3; /* not one of its own */
    call(HAPPENED_MARKET);
    assert_int_equal(seen.calls, 8);
    assert_false(desk.result.fault);
}

static void test_callbacks_that_it_lacks_do_nothing(void **state)
{
    const struct fd_strategy bare = {.abi = FD_ABI,
                                     .size = sizeof bare,
                                     .create = echo_create,
                                     .destroy = echo_destroy,
                                     .market = echo_market};

    (void)state;
    strategy_instance_free(desk.instance);
    desk.instance = new_instance(&bare);
    desk.event.instrument_id = INSTRUMENT_NONE;
    for (int kind = HAPPENED_START; kind <= HAPPENED_STOP; kind++)
        if (kind != HAPPENED_MARKET)
            call((enum strategy_happening)kind);
    assert_int_equal(seen.calls, 0);
    assert_false(desk.result.fault);
    assert_int_equal(strategy_instance_save(desk.instance, &seen, sizeof seen), 0);
    assert_false(strategy_instance_restore(desk.instance, "x", 1));
}

/* Steps get finer: the same book in e8. */
static void test_finer_steps_are_followed(void **state)
{
    const struct step_change change = {.price_factor = 10, .qty_factor = 10};

    (void)state;
    instrument_rescale(&desk.btc, change);
    order_book_rescale(desk.book, 10, 10);
    desk.sight.ref.best_ticks[SIDE_BID] = 60000000;
    desk.sight.ref.best_lots[SIDE_BID] = 1000;
    strategy_instance_see(desk.instance, &desk.sight);
    call(HAPPENED_MARKET);
    assert_int_equal(seen.market[0].bid.price_e8, 60000 * E8);
    assert_int_equal(seen.bids[0].price_e8, 60000 * E8);
    assert_int_equal(seen.bids[0].qty_e8, E8 / 1000);
    assert_int_equal(seen.instrument[0].tick_e8, E8 / 1000);
}

static void test_instruments_are_few_and_different(void **state)
{
    (void)state;
    assert_int_equal(strategy_instance_add(desk.instance, &desk.btc), ERR_DUPLICATE);
    for (uint16_t id = 10; id < 16; id++) {
        desk.eth.id = id;
        assert_int_equal(strategy_instance_add(desk.instance, &desk.eth), ERR_OK);
    }
    desk.eth.id = 17;
    assert_int_equal(strategy_instance_add(desk.instance, &desk.eth), ERR_FULL);
    assert_true(strategy_instance_trades(desk.instance, 15));
    assert_false(strategy_instance_trades(desk.instance, 17));
}

/* --- made, changed, saved --------------------------------------------------------------------------------- */

static void assert_not_made(const struct fd_strategy *table, int64_t parameter, const char *expected)
{
    const int64_t parameters[2] = {parameter, 0};
    struct strategy_instance *instance;
    char why[96] = "";

    assert_int_not_equal(strategy_instance_new(table, &manifest, parameters, &instance, why, sizeof why),
                         ERR_OK);
    assert_null(instance);
    assert_string_equal(why, expected);
}

static void test_tables_that_are_not_ours(void **state)
{
    struct fd_strategy table = whole;
    char expected[96];

    (void)state;
    table.abi = 2;
    assert_not_made(&table, 5, "made for ABI 2, this is ABI 1");
    table = whole;
    table.size = 16;
    snprintf(expected, sizeof expected, "its table has 16 bytes, %zu are needed", sizeof table);
    assert_not_made(&table, 5, expected);
    table = whole;
    table.market = NULL;
    assert_not_made(&table, 5, "market is missing in its table");
    assert_not_made(&whole, 13, "echo cannot run with these parameters");
    strategy_instance_free(NULL);
}

static void test_parameters_at_run_time(void **state)
{
    char why[128] = "";

    (void)state;
    assert_int_equal(strategy_instance_parameter(desk.instance, 1), E8 / 2);
    assert_int_equal(strategy_instance_set_parameter(desk.instance, 1, 2 * E8, why, sizeof why), ERR_RANGE);
    assert_string_equal(why, "share: 2 is outside 0..1");
    assert_int_equal(strategy_instance_set_parameter(desk.instance, 0, 7, why, sizeof why), ERR_STATE);
    assert_string_equal(why, "level: echo does not take 7 while it runs");
    assert_int_equal(strategy_instance_parameter(desk.instance, 0), 5);
    seen.takes_parameters = true;
    assert_int_equal(strategy_instance_set_parameter(desk.instance, 0, 7, why, sizeof why), ERR_OK);
    assert_int_equal(strategy_instance_parameter(desk.instance, 0), 7);
    assert_int_equal(seen.created, 1);
}

/* Without the callback it is made anew with its memory; where that fails, the old one goes on. */
static void test_parameters_by_making_it_anew(void **state)
{
    struct fd_strategy table = whole;
    struct self saved;
    char why[128];

    (void)state;
    table.parameter = NULL;
    strategy_instance_free(desk.instance);
    desk.instance = new_instance(&table);
    assert_int_equal(strategy_instance_add(desk.instance, &desk.btc), ERR_OK);
    strategy_instance_see(desk.instance, &desk.sight);
    seen.memory = 42;
    call(HAPPENED_MARKET);
    assert_int_equal(strategy_instance_set_parameter(desk.instance, 0, 9, why, sizeof why), ERR_OK);
    assert_int_equal(seen.first_parameter, 9);
    assert_int_equal(strategy_instance_save(desk.instance, &saved, sizeof saved), sizeof saved);
    assert_int_equal(saved.memory, 42);
    assert_int_equal(strategy_instance_set_parameter(desk.instance, 0, 13, why, sizeof why), ERR_STATE);
    assert_int_equal(strategy_instance_parameter(desk.instance, 0), 9);
    assert_int_equal(strategy_instance_save(desk.instance, &saved, sizeof saved), sizeof saved);
    assert_int_equal(saved.memory, 42);
    table.save = NULL;
    assert_int_equal(strategy_instance_set_parameter(desk.instance, 0, 8, why, sizeof why), ERR_STATE);
}

static void test_state_goes_round(void **state)
{
    struct strategy_instance *other = new_instance(&whole);
    unsigned char buffer[64], again[64];
    size_t size;

    (void)state;
    seen.memory = 99;
    call(HAPPENED_MARKET);
    size = strategy_instance_save(desk.instance, buffer, sizeof buffer);
    assert_int_equal(size, sizeof(struct self));
    assert_int_equal(strategy_instance_save(desk.instance, buffer, 3), 0);
    assert_false(strategy_instance_restore(other, buffer, size - 1));
    assert_true(strategy_instance_restore(other, buffer, size));
    assert_int_equal(strategy_instance_save(other, again, sizeof again), size);
    assert_memory_equal(buffer, again, size);
    strategy_instance_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        desk_test(test_ticks_and_lots_become_e8_exactly),
        desk_test(test_flat_long_and_short_positions),
        desk_test(test_signals_are_nan_where_unknown),
        desk_test(test_own_orders_and_what_became_of_one),
        desk_test(test_every_happening_reaches_its_callback),
        desk_test(test_callbacks_that_it_lacks_do_nothing),
        desk_test(test_finer_steps_are_followed),
        desk_test(test_instruments_are_few_and_different),
        desk_test(test_tables_that_are_not_ours),
        desk_test(test_parameters_at_run_time),
        desk_test(test_parameters_by_making_it_anew),
        desk_test(test_state_goes_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
