/* test_strategy_instance.c - what a strategy sees, which answers are refused and with which words, state. */
#include "cmocka_all.h"
#include "core/strategy/instance.h"
#include "test_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define E8 INT64_C(100000000)
#define S  INT64_C(1000000000)

/* A strategy that answers what the test put down, and notes what it saw. */
static struct {
    struct fd_answer say;
    uint32_t calls, here, count, may_trade, paused, timer_id, order_state;
    char why[32];
    struct fd_market market[FD_INSTRUMENTS_MAX];
    struct fd_instrument instrument[FD_INSTRUMENTS_MAX];
    struct fd_signals signals;
    struct fd_level bids[FD_LEVELS_MAX], asks[FD_LEVELS_MAX];
    struct fd_order orders[FD_ORDERS_MAX];
    struct fd_trade trade;
    struct fd_signal_event event;
    struct fd_fill fill;
    bool answer_was_clear, takes_parameters;
    int created, destroyed;
    int64_t memory; /* of self, to be saved */
    int64_t first_parameter;
} seen;

struct self {
    int64_t memory;
};

static void *echo_create(const int64_t *parameter, uint32_t parameters)
{
    if (parameters > 0 && parameter[0] == 13)
        return NULL;
    seen.created++;
    seen.first_parameter = parameters > 0 ? parameter[0] : 0;
    return calloc(1, sizeof(struct self));
}

static void echo_destroy(void *self)
{
    seen.destroyed++;
    free(self);
}

static void look(const struct fd_context *context, struct fd_answer *out)
{
    static const struct fd_answer clear = {
        .size = sizeof clear, .wish_max = FD_WISHES_MAX, .feature_max = FD_FEATURES_MAX};
    const struct fd_market *market = &context->market[context->here];

    seen.calls++;
    seen.here = context->here;
    seen.count = context->count;
    seen.may_trade = context->may_trade;
    for (uint32_t i = 0; i < context->count; i++) {
        seen.market[i] = context->market[i];
        seen.instrument[i] = *context->market[i].instrument;
    }
    if (context->count > 0) {
        seen.signals = *market->signals;
        memcpy(seen.bids, market->bids, market->bid_count * sizeof *market->bids);
        memcpy(seen.asks, market->asks, market->ask_count * sizeof *market->asks);
        memcpy(seen.orders, market->orders, market->order_count * sizeof *market->orders);
    }
    if (out != NULL) {
        seen.answer_was_clear = memcmp(out, &clear, sizeof clear) == 0;
        *out = seen.say;
    }
}

static void echo_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    ((struct self *)self)->memory = seen.memory;
    look(context, out);
}

static void echo_trade(void *self, const struct fd_context *context, const struct fd_trade *trade,
                       struct fd_answer *out)
{
    (void)self;
    seen.trade = *trade;
    look(context, out);
}

static void echo_signal(void *self, const struct fd_context *context, const struct fd_signal_event *event,
                        struct fd_answer *out)
{
    (void)self;
    seen.event = *event;
    look(context, out);
}

static void echo_fill(void *self, const struct fd_context *context, const struct fd_fill *fill,
                      struct fd_answer *out)
{
    (void)self;
    seen.fill = *fill;
    look(context, out);
}

static void echo_order(void *self, const struct fd_context *context, const struct fd_order *order,
                       struct fd_answer *out)
{
    (void)self;
    seen.order_state = order->state;
    snprintf(seen.why, sizeof seen.why, "%s", order->why);
    look(context, out);
}

static void echo_timer(void *self, const struct fd_context *context, uint32_t timer_id, struct fd_answer *out)
{
    (void)self;
    seen.timer_id = timer_id;
    look(context, out);
}

static void echo_pause(void *self, const struct fd_context *context, uint32_t paused, struct fd_answer *out)
{
    (void)self;
    seen.paused = paused;
    look(context, out);
}

static void echo_stop(void *self, const struct fd_context *context)
{
    (void)self;
    look(context, NULL);
}

static uint32_t echo_parameter(void *self, uint32_t index, int64_t value)
{
    (void)self;
    (void)index;
    (void)value;
    return seen.takes_parameters;
}

static size_t echo_save(void *self, void *state, size_t max)
{
    if (max < sizeof(struct self))
        return 0;
    memcpy(state, self, sizeof(struct self));
    return sizeof(struct self);
}

static uint32_t echo_restore(void *self, const void *state, size_t size)
{
    if (size != sizeof(struct self))
        return 0;
    memcpy(self, state, size);
    return 1;
}

static const struct fd_strategy whole = {
    .abi = FD_ABI,
    .size = sizeof whole,
    .create = echo_create,
    .destroy = echo_destroy,
    .start = echo_market,
    .market = echo_market,
    .trade = echo_trade,
    .signal = echo_signal,
    .fill = echo_fill,
    .order = echo_order,
    .timer = echo_timer,
    .pause = echo_pause,
    .stop = echo_stop,
    .parameter = echo_parameter,
    .save = echo_save,
    .restore = echo_restore,
};

static const struct strategy_manifest manifest = {
    .name = "echo",
    .abi = FD_ABI,
    .parameter_count = 2,
    .parameter = {{.name = "level", .type = PARAMETER_INT, .min = 1, .max = 20, .preset = 5},
                  {.name = "share", .type = PARAMETER_DECIMAL, .min = 0, .max = E8, .preset = E8 / 2}},
};

/* BTCUSDT (id 2, tick 0.01, lot 0.00001) at 60000.00 / 60000.01 and ETHUSDT futures (id 5). */
static struct {
    struct strategy_instance *instance;
    struct instrument btc, eth;
    struct order_book *book;
    struct signal_values signals;
    struct position position;
    struct order order[2];
    const struct order *orders[2];
    struct strategy_sight sight;
    struct strategy_event event;
    struct strategy_result result;
} desk;

static struct strategy_instance *new_instance(const struct fd_strategy *table)
{
    const int64_t parameter[2] = {5, E8 / 2};
    struct strategy_instance *instance;
    char why[96];

    assert_int_equal(strategy_instance_new(table, &manifest, parameter, &instance, why, sizeof why), ERR_OK);
    return instance;
}

static void call(enum strategy_happening kind)
{
    desk.event.kind = kind;
    memset(&desk.result, 0xA5, sizeof desk.result); /* whatever was there must go */
    strategy_instance_call(desk.instance, &desk.event, &desk.result);
}

static int set_up(void **state)
{
    (void)state;
    memset(&desk, 0, sizeof desk);
    memset(&seen, 0, sizeof seen);
    seen.say.reason_set = 0;
    instrument_init(&desk.btc, "BTCUSDT", VENUE_BINANCE_SPOT, 2);
    desk.btc.tick_e8 = E8 / 100;
    desk.btc.lot_e8 = E8 / 100000;
    desk.btc.qty_lots_min = 1;
    desk.btc.qty_lots_max = 900000000;
    desk.btc.notional_e8_min = 5 * E8;
    instrument_init(&desk.eth, "ETHUSDT", VENUE_BINANCE_USDM, 5);
    desk.eth.tick_e8 = E8 / 100;
    desk.eth.lot_e8 = E8 / 1000;
    desk.book = order_book_new();
    for (int i = 0; i < 30; i++) {
        assert_int_equal(order_book_set(desk.book, SIDE_BID, 6000000 - i, 100 + i), ERR_OK);
        assert_int_equal(order_book_set(desk.book, SIDE_ASK, 6000001 + i, 200 + i), ERR_OK);
    }
    desk.sight = (struct strategy_sight){.instrument = &desk.btc,
                                         .ref = {.now_ns = 1000 * S,
                                                 .book_state = BOOK_LIVE,
                                                 .book_age_ns = 7,
                                                 .best_ticks = {6000000, 6000001},
                                                 .best_lots = {100, 200},
                                                 .last_ticks = 5999999},
                                         .book = desk.book,
                                         .signals = &desk.signals,
                                         .position = &desk.position,
                                         .orders = desk.orders,
                                         .maker_fee_ppm = -50,
                                         .taker_fee_ppm = 1000};
    desk.event = (struct strategy_event){.instrument_id = 2, .may_trade = true, .now_ns = 1000 * S};
    desk.instance = new_instance(&whole);
    assert_int_equal(strategy_instance_add(desk.instance, &desk.btc), ERR_OK);
    assert_int_equal(strategy_instance_add(desk.instance, &desk.eth), ERR_OK);
    strategy_instance_see(desk.instance, &desk.sight);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    strategy_instance_free(desk.instance);
    order_book_free(desk.book);
    assert_int_equal(seen.created, seen.destroyed);
    return 0;
}

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
    desk.event.instrument_id = 0xFFFF;
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
    desk.event.instrument_id = 0xFFFF;
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

/* --- what it says ----------------------------------------------------------------------------------------- */

static struct fd_wish *wish(uint32_t kind)
{
    struct fd_wish *last = &seen.say.wish[seen.say.wishes++];

    *last = (struct fd_wish){.kind = kind, .price_e8 = FD_NONE, .bid_e8 = FD_NONE, .ask_e8 = FD_NONE};
    return last;
}

static void test_good_wishes_come_out_in_ticks_and_lots(void **state)
{
    struct fd_wish *w;

    (void)state;
    w = wish(FD_WISH_TARGET);
    w->qty_e8 = -E8 / 1000 - 1; /* a fraction of a lot is dropped, towards zero */
    w->price_e8 = 59999 * E8;
    w->urgency = FD_TAKE;
    w->slicing = FD_POV;
    w->share_e8 = E8 / 10;
    w->reduce_only = w->may_cut = 1;
    w = wish(FD_WISH_QUOTE);
    w->market = 1;
    w->bid_e8 = 3000 * E8;
    w->bid_qty_e8 = E8;
    w = wish(FD_WISH_ORDER);
    w->side = FD_SELL;
    w->type = FD_MARKET;
    w->qty_e8 = E8 / 100;
    w->price_e8 = 59000 * E8;
    w = wish(FD_WISH_ORDER);
    w->post_only = 1;
    w->qty_e8 = E8;
    w->display_e8 = E8 / 10;
    w->price_e8 = 59000 * E8;
    wish(FD_WISH_NOTHING)->market = 1;
    w = wish(FD_WISH_TIMER);
    w->timer_id = 4;
    w->delay_ns = S;
    snprintf(seen.say.said, sizeof seen.say.said, "hello\x1b[2J");
    call(HAPPENED_MARKET);
    assert_false(desk.result.fault);
    assert_int_equal(desk.result.goals, 3);
    assert_int_equal(desk.result.goal[0].kind, GOAL_TARGET);
    assert_int_equal(desk.result.goal[0].instrument_id, 2);
    assert_int_equal(desk.result.goal[0].target_lots, -100);
    assert_int_equal(desk.result.goal[0].worst_ticks, 5999900);
    assert_int_equal(desk.result.goal[0].urgency, URGENCY_TAKE);
    assert_int_equal(desk.result.goal[0].slicing, SLICE_POV);
    assert_int_equal(desk.result.goal[0].share_x1000, 100);
    assert_true(desk.result.goal[0].reduce_only && desk.result.goal[0].may_cut);
    assert_int_equal(desk.result.goal[1].kind, GOAL_QUOTES);
    assert_int_equal(desk.result.goal[1].instrument_id, 5);
    assert_int_equal(desk.result.goal[1].quote[SIDE_BID].price_ticks, 300000);
    assert_int_equal(desk.result.goal[1].quote[SIDE_BID].qty_lots, 1000);
    assert_int_equal(desk.result.goal[1].quote[SIDE_ASK].price_ticks, 0);
    assert_int_equal(desk.result.goal[2].kind, GOAL_NONE);
    assert_int_equal(desk.result.orders, 2);
    assert_int_equal(desk.result.order[0].type, ORDER_MARKET);
    assert_int_equal(desk.result.order[0].tif, TIF_IOC);
    assert_int_equal(desk.result.order[0].side, SIDE_ASK);
    assert_int_equal(desk.result.order[0].qty_lots, 1000);
    assert_false(desk.result.order[0].flatten);
    assert_int_equal(desk.result.order[1].display_lots, 10000);
    assert_true(desk.result.order[1].post_only);
    assert_int_equal(desk.result.timers, 1);
    assert_int_equal(desk.result.timer[0].id, 4);
    assert_int_equal(desk.result.timer[0].due_ns, 1001 * S);
    assert_string_equal(desk.result.said, "hello\\x1b[2J");
}

/* Only its own open orders; the id of another's, or of one that ended, does nothing. */
static void test_cancels_reach_own_orders_only(void **state)
{
    (void)state;
    desk.order[0] = (struct order){.seq = 7, .state = ORDER_STATE_WORKING};
    desk.orders[0] = &desk.order[0];
    desk.sight.order_count = 1;
    strategy_instance_see(desk.instance, &desk.sight);
    wish(FD_WISH_CANCEL)->order_id = 8;
    wish(FD_WISH_CANCEL)->order_id = 7;
    call(HAPPENED_MARKET);
    assert_false(desk.result.fault);
    assert_int_equal(desk.result.cancels, 1);
    assert_int_equal(desk.result.cancel_seq[0], 7);
}

static void test_what_may_not_trade_keeps_its_timers(void **state)
{
    (void)state;
    wish(FD_WISH_TARGET)->qty_e8 = E8;
    wish(FD_WISH_TIMER)->delay_ns = S;
    desk.event.may_trade = false;
    call(HAPPENED_MARKET);
    assert_false(desk.result.fault);
    assert_int_equal(desk.result.goals, 0);
    assert_int_equal(desk.result.timers, 1);
    assert_int_equal(seen.may_trade, 0);
}

static void assert_refused(const char *why)
{
    call(HAPPENED_MARKET);
    if (!desk.result.fault || strcmp(desk.result.fault_why, why) != 0)
        fail_msg("\"%s\" instead of \"%s\"", desk.result.fault ? desk.result.fault_why : "taken", why);
    assert_int_equal(desk.result.goals + desk.result.orders + desk.result.cancels + desk.result.timers, 0);
    assert_false(strategy_instance_reason(desk.instance, 2)->set);
    memset(&seen.say, 0, sizeof seen.say);
}

/* A good wish before the bad one goes with it: the answer is refused as a whole. */
static struct fd_wish *bad(uint32_t kind)
{
    struct fd_wish *w;

    wish(FD_WISH_TARGET)->qty_e8 = E8;
    wish(FD_WISH_TIMER)->delay_ns = S;
    w = wish(kind);
    w->qty_e8 = E8;
    w->price_e8 = kind == FD_WISH_ORDER ? 60000 * E8 : FD_NONE;
    return w;
}

/* Every type with the prices it cannot do without; and they come back as what they are. */
static void test_orders_of_every_type(void **state)
{
    static const struct {
        uint32_t fd;
        enum order_type type;
        bool limit, trigger;
    } types[] = {{FD_LIMIT, ORDER_LIMIT, true, false},
                 {FD_STOP, ORDER_STOP, false, true},
                 {FD_STOP_LIMIT, ORDER_STOP_LIMIT, true, true},
                 {FD_TAKE_PROFIT, ORDER_TAKE_PROFIT, false, true},
                 {FD_TAKE_PROFIT_LIMIT, ORDER_TAKE_PROFIT_LIMIT, true, true}};
    static struct strategy_result taken;
    struct fd_wish *w;

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        w = wish(FD_WISH_ORDER);
        w->type = types[i].fd;
        w->tif = FD_GTD;
        w->horizon_ns = S;
        w->qty_e8 = E8;
        w->price_e8 = types[i].limit ? 60100 * E8 : FD_NONE;
        w->trigger_e8 = types[i].trigger ? 60050 * E8 : FD_NONE;
        w->group = UINT32_MAX;
    }
    w = wish(FD_WISH_ORDER);
    w->type = FD_TRAILING_STOP;
    w->side = FD_SELL;
    w->qty_e8 = E8;
    w->trail_e8 = 10 * E8;
    call(HAPPENED_MARKET);
    assert_false(desk.result.fault);
    taken = desk.result;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        const struct order_intent *intent = &taken.order[i];
        struct order order = {.seq = 9, .intent = *intent};

        assert_int_equal(intent->type, types[i].type);
        assert_int_equal(intent->tif, TIF_GTD);
        assert_int_equal(intent->expire_ns, 1001 * S);
        assert_int_equal(intent->price_ticks, types[i].limit ? 6010000 : 0);
        assert_int_equal(intent->stop_ticks, types[i].trigger ? 6005000 : 0);
        assert_int_equal(intent->group, UINT32_MAX);
        desk.order[0] = order;
        desk.orders[0] = &desk.order[0];
        desk.sight.order_count = 1;
        strategy_instance_see(desk.instance, &desk.sight);
        memset(&seen.say, 0, sizeof seen.say);
        call(HAPPENED_MARKET);
        assert_int_equal(seen.orders[0].type, types[i].fd);
        assert_int_equal(seen.orders[0].price_e8, (types[i].trigger ? 60050 : 60100) * E8);
    }
    desk.order[0] = (struct order){.seq = 9, .intent = taken.order[2], .triggered = true};
    strategy_instance_see(desk.instance, &desk.sight);
    call(HAPPENED_MARKET);
    assert_int_equal(seen.orders[0].type, FD_STOP_LIMIT);
    assert_int_equal(seen.orders[0].price_e8, 60100 * E8); /* set off, it waits for a trade no more */
    assert_int_equal(taken.order[5].type, ORDER_TRAILING_STOP);
    assert_int_equal(taken.order[5].trail_ticks, 1000);
}

static void test_orders_lack_what_their_type_needs(void **state)
{
    struct fd_wish *w;

    (void)state;
    bad(FD_WISH_ORDER)->type = FD_STOP;
    assert_refused("wish 2: trigger_e8 is missing");
    w = bad(FD_WISH_ORDER);
    w->type = FD_TAKE_PROFIT_LIMIT;
    w->trigger_e8 = 60000 * E8 + 1;
    assert_refused("wish 2: trigger_e8 is not a multiple of the tick: 60000.00000001");
    w = bad(FD_WISH_ORDER);
    w->type = FD_STOP_LIMIT;
    w->trigger_e8 = 60000 * E8;
    w->price_e8 = FD_NONE;
    assert_refused("wish 2: price_e8 is missing");
    bad(FD_WISH_ORDER)->type = FD_TRAILING_STOP;
    assert_refused("wish 2: trail_e8 is missing");
    bad(FD_WISH_ORDER)->tif = FD_GTD;
    assert_refused("wish 2: horizon_ns is outside 1 ns..7 days: a GTD order has an end");
    bad(FD_WISH_ORDER)->group = UINT64_C(1) << 32;
    assert_refused("wish 2: group is above 2^32 - 1");
    w = bad(FD_WISH_ORDER);
    w->type = FD_STOP;
    w->trigger_e8 = 60000 * E8;
    w->post_only = 1;
    assert_refused("wish 2: post_only cannot take: it needs a GTC or GTD limit order");
}

static void test_counts_and_words_out_of_range(void **state)
{
    (void)state;
    seen.say.wishes = 17;
    assert_refused("wishes: 17, at most 16");
    seen.say.features = 9;
    assert_refused("features: 9, at most 8");
    seen.say.reason_set = 2;
    assert_refused("reason_set is neither 0 nor 1");
    bad(0);
    assert_refused("wish 2: kind is none that is known: 0");
    bad(7);
    assert_refused("wish 2: kind is none that is known: 7");
    bad(FD_WISH_TARGET)->market = 2;
    assert_refused("wish 2: market is 2, it has 2");
    bad(FD_WISH_NOTHING)->market = UINT32_MAX;
    assert_refused("wish 2: market is 4294967295, it has 2");
    bad(FD_WISH_TARGET)->urgency = 3;
    assert_refused("wish 2: urgency is none that is known: 3");
    bad(FD_WISH_TARGET)->slicing = 4;
    assert_refused("wish 2: slicing is none that is known: 4");
    bad(FD_WISH_ORDER)->side = 2;
    assert_refused("wish 2: side is none that is known: 2");
    bad(FD_WISH_ORDER)->type = 7;
    assert_refused("wish 2: type is none that is known: 7");
    bad(FD_WISH_ORDER)->tif = 4;
    assert_refused("wish 2: tif is none that is known: 4");
    bad(FD_WISH_ORDER)->post_only = 2;
    assert_refused("wish 2: post_only is none that is known: 2");
    bad(FD_WISH_TARGET)->reduce_only = 2;
    assert_refused("wish 2: reduce_only is none that is known: 2");
    bad(FD_WISH_QUOTE)->may_cut = 2;
    assert_refused("wish 2: may_cut is none that is known: 2");
}

static void test_prices_and_quantities_out_of_range(void **state)
{
    struct fd_wish *w;

    (void)state;
    bad(FD_WISH_TARGET)->price_e8 = 60000 * E8 + 1;
    assert_refused("wish 2: price_e8 is not a multiple of the tick: 60000.00000001");
    bad(FD_WISH_TARGET)->price_e8 = -E8;
    assert_refused("wish 2: price_e8 is below 0: -1");
    bad(FD_WISH_TARGET)->qty_e8 = FD_NONE;
    assert_refused("wish 2: qty_e8 is missing: FD_NONE");
    bad(FD_WISH_TARGET)->qty_e8 = INT64_MAX;
    assert_refused("wish 2: qty_e8 is too large: 92233720368.54775807");
    bad(FD_WISH_ORDER)->qty_e8 = 999;
    assert_refused("wish 2: qty_e8 is less than a lot: 0.00000999");
    bad(FD_WISH_ORDER)->qty_e8 = -E8;
    assert_refused("wish 2: qty_e8 is less than a lot: -1");
    bad(FD_WISH_ORDER)->price_e8 = 0;
    assert_refused("wish 2: price_e8 is missing");
    w = bad(FD_WISH_ORDER);
    w->type = FD_MARKET;
    w->price_e8 = FD_NONE;
    assert_refused("wish 2: price_e8 is missing: a market order needs a worst price");
    w = bad(FD_WISH_ORDER);
    w->post_only = 1;
    w->tif = FD_IOC;
    assert_refused("wish 2: post_only cannot take: it needs a GTC or GTD limit order");
    w = bad(FD_WISH_ORDER);
    w->display_e8 = E8 / 2;
    w->tif = FD_FOK;
    assert_refused("wish 2: display_e8 needs a GTC or GTD limit order");
    w = bad(FD_WISH_QUOTE);
    w->bid_e8 = 60001 * E8;
    w->ask_e8 = 60001 * E8;
    w->bid_qty_e8 = w->ask_qty_e8 = E8;
    assert_refused("wish 2: bid_e8 is not below ask_e8: 60001");
    w = bad(FD_WISH_QUOTE);
    w->ask_e8 = 60001 * E8;
    assert_refused("wish 2: ask_qty_e8 is less than a lot: 0");
    bad(FD_WISH_CANCEL)->order_id = 0;
    assert_refused("wish 2: order_id is missing");
}

static void test_times_and_shares_out_of_range(void **state)
{
    (void)state;
    bad(FD_WISH_TIMER)->delay_ns = 0;
    assert_refused("wish 2: delay_ns is outside 1 ms..7 days");
    bad(FD_WISH_TIMER)->delay_ns = INT64_MAX;
    assert_refused("wish 2: delay_ns is outside 1 ms..7 days");
    bad(FD_WISH_TARGET)->horizon_ns = -1;
    assert_refused("wish 2: horizon_ns is outside 0..7 days");
    bad(FD_WISH_TARGET)->slicing = FD_TWAP;
    assert_refused("wish 2: TWAP needs horizon_ns");
    bad(FD_WISH_TARGET)->slicing = FD_POV;
    assert_refused("wish 2: share_e8 is outside 0.001..1: 0");
    bad(FD_WISH_TARGET)->slicing = FD_ICEBERG;
    assert_refused("wish 2: display_e8 is less than a lot: 0");
}

static void explain(double score)
{
    seen.say.reason_set = 1;
    seen.say.score = score;
    seen.say.threshold = 0.5;
    seen.say.confidence = 1.0;
    seen.say.features = 2;
    seen.say.feature[0] = (struct fd_feature){.name = "flow", .value = -0.5, .weight = 1.0, .met = 1};
    seen.say.feature[1] = (struct fd_feature){.name = "spread", .value = 12.0};
}

static void test_reasons_out_of_range(void **state)
{
    const double nan = __builtin_nan("");

    (void)state;
    explain(nan);
    assert_refused("score is outside -1..1");
    explain(1.1);
    assert_refused("score is outside -1..1");
    explain(0.0);
    seen.say.threshold = -0.1;
    assert_refused("threshold is outside 0..1");
    explain(0.0);
    seen.say.confidence = __builtin_inf();
    assert_refused("confidence is outside 0..1");
    explain(0.0);
    seen.say.feature[0].value = 1.5;
    assert_refused("feature 0: value is outside -1..1");
    explain(0.0);
    seen.say.feature[1].value = nan;
    assert_refused("feature 1: value is not a figure below 1e15");
    explain(0.0);
    seen.say.feature[1].weight = nan;
    assert_refused("feature 1: weight is outside 0..1");
    explain(0.0);
    seen.say.feature[1].met = 3;
    assert_refused("feature 1: met is neither 0 nor 1");
}

/* Per instrument where it spoke of one; names without an end and with control bytes are made safe. */
static void test_reason_is_kept_for_eyes(void **state)
{
    const struct strategy_reason *reason;

    (void)state;
    explain(-0.25);
    memset(seen.say.feature[1].name, 'n', sizeof seen.say.feature[1].name);
    snprintf(seen.say.feature[0].name, sizeof seen.say.feature[0].name, "a\nb");
    memset(seen.say.said, 's', sizeof seen.say.said);
    call(HAPPENED_MARKET);
    reason = strategy_instance_reason(desk.instance, 2);
    assert_true(reason->set && reason->score == -0.25 && reason->features == 2);
    assert_string_equal(reason->feature[0].name, "a\\x0ab");
    assert_true(strlen(reason->feature[1].name) <= 19);
    assert_true(reason->feature[0].met && !reason->feature[1].met);
    assert_int_equal(strlen(desk.result.said), 95);
    assert_false(strategy_instance_reason(desk.instance, 5)->set);
    desk.event.instrument_id = 0xFFFF;
    seen.say.score = 0.75;
    call(HAPPENED_TIMER);
    assert_true(strategy_instance_reason(desk.instance, 5)->score == 0.75);
    assert_true(strategy_instance_reason(desk.instance, 2)->score == -0.25);
}

/* Whatever bytes come back: no crash, and what is taken is within its bounds. Half of them nearly right, so that many
 * are taken. */
static void spoil(uint64_t *seed, struct fd_answer *answer)
{
    unsigned char *byte = (unsigned char *)answer;

    memset(answer, 0, sizeof *answer);
    answer->wishes = (uint32_t)random_between(seed, 0, FD_WISHES_MAX);
    answer->features = (uint32_t)random_between(seed, 0, FD_FEATURES_MAX);
    answer->reason_set = (uint32_t)random_between(seed, 0, 1);
    for (uint32_t i = 0; i < answer->wishes; i++) {
        struct fd_wish *w = &answer->wish[i];

        w->kind = (uint32_t)random_between(seed, 1, 6);
        w->market = (uint32_t)random_between(seed, 0, 1);
        w->side = (uint32_t)random_between(seed, 0, 1);
        w->qty_e8 = random_sized(seed, 62);
        w->price_e8 = random_sized(seed, 36) * (E8 / 100);
        w->bid_e8 = random_sized(seed, 36) * (E8 / 100);
        w->bid_qty_e8 = random_sized(seed, 62);
        w->order_id = random_next(seed) % 3;
        w->delay_ns = random_sized(seed, 60);
    }
    for (int64_t n = random_between(seed, -3, 3); n > 0; n--)
        byte[random_next(seed) % sizeof *answer] = (unsigned char)random_next(seed);
    if (random_next(seed) % 4 == 0)
        for (size_t i = 0; i < sizeof *answer; i++)
            byte[i] = (unsigned char)random_next(seed);
}

static void assert_order_is_sound(const struct order_intent *order)
{
    assert_true(order->instrument_id == 2 || order->instrument_id == 5);
    assert_true(order->qty_lots > 0 && order->price_ticks > 0 && order->display_lots >= 0);
    assert_true(order->type == ORDER_LIMIT || order->type == ORDER_MARKET);
    assert_true((unsigned)order->side < SIDE_COUNT && (unsigned)order->tif <= TIF_FOK);
    assert_false(order->flatten);
}

static void assert_goal_is_sound(const struct goal *goal)
{
    assert_true(goal->instrument_id == 2 || goal->instrument_id == 5);
    assert_true((unsigned)goal->kind <= GOAL_QUOTES && (unsigned)goal->urgency <= URGENCY_TAKE);
    assert_true((unsigned)goal->slicing <= SLICE_ICEBERG && goal->worst_ticks >= 0 && goal->horizon_ns >= 0);
    for (int side = 0; side < SIDE_COUNT; side++)
        assert_true((goal->quote[side].price_ticks > 0) == (goal->quote[side].qty_lots > 0));
}

static void test_no_answer_does_harm(void **state)
{
    uint64_t seed = 42;
    unsigned taken = 0, refused = 0;

    (void)state;
    for (int round = 0; round < 50000; round++) {
        const struct strategy_reason *reason;

        spoil(&seed, &seen.say);
        call(HAPPENED_MARKET);
        assert_true(desk.result.goals + desk.result.orders + desk.result.cancels + desk.result.timers <=
                    FD_WISHES_MAX);
        for (size_t i = 0; i < desk.result.orders; i++)
            assert_order_is_sound(&desk.result.order[i]);
        for (size_t i = 0; i < desk.result.goals; i++)
            assert_goal_is_sound(&desk.result.goal[i]);
        for (size_t i = 0; i < desk.result.timers; i++)
            assert_true(desk.result.timer[i].due_ns > desk.event.now_ns);
        assert_int_equal(desk.result.cancels, 0); /* it has no orders */
        reason = strategy_instance_reason(desk.instance, 2);
        assert_true(reason->score >= -1.0 && reason->score <= 1.0 && reason->features <= FD_FEATURES_MAX);
        taken += !desk.result.fault;
        refused += desk.result.fault;
        assert_true(desk.result.fault == (desk.result.fault_why[0] != '\0'));
    }
    assert_true(taken > 5000 && refused > 5000);
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

#define desk_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

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
        desk_test(test_good_wishes_come_out_in_ticks_and_lots),
        desk_test(test_cancels_reach_own_orders_only),
        desk_test(test_what_may_not_trade_keeps_its_timers),
        desk_test(test_orders_of_every_type),
        desk_test(test_orders_lack_what_their_type_needs),
        desk_test(test_counts_and_words_out_of_range),
        desk_test(test_prices_and_quantities_out_of_range),
        desk_test(test_times_and_shares_out_of_range),
        desk_test(test_reasons_out_of_range),
        desk_test(test_reason_is_kept_for_eyes),
        desk_test(test_no_answer_does_harm),
        desk_test(test_tables_that_are_not_ours),
        desk_test(test_parameters_at_run_time),
        desk_test(test_parameters_by_making_it_anew),
        desk_test(test_state_goes_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
