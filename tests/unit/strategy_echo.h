/* strategy_echo.h - a strategy that notes what it sees and answers what the test says, with one made instance. */
#ifndef UNIT_STRATEGY_ECHO_H
#define UNIT_STRATEGY_ECHO_H

#include "cmocka_all.h"
#include "core/strategy/instance.h"

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

static inline void *echo_create(const int64_t *parameter, uint32_t parameters)
{
    if (parameters > 0 && parameter[0] == 13)
        return NULL;
    seen.created++;
    seen.first_parameter = parameters > 0 ? parameter[0] : 0;
    return calloc(1, sizeof(struct self));
}

static inline void echo_destroy(void *self)
{
    seen.destroyed++;
    free(self);
}

static inline void look(const struct fd_context *context, struct fd_answer *out)
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

static inline void echo_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    ((struct self *)self)->memory = seen.memory;
    look(context, out);
}

static inline void echo_trade(void *self, const struct fd_context *context, const struct fd_trade *trade,
                              struct fd_answer *out)
{
    (void)self;
    seen.trade = *trade;
    look(context, out);
}

static inline void echo_signal(void *self, const struct fd_context *context,
                               const struct fd_signal_event *event, struct fd_answer *out)
{
    (void)self;
    seen.event = *event;
    look(context, out);
}

static inline void echo_fill(void *self, const struct fd_context *context, const struct fd_fill *fill,
                             struct fd_answer *out)
{
    (void)self;
    seen.fill = *fill;
    look(context, out);
}

static inline void echo_order(void *self, const struct fd_context *context, const struct fd_order *order,
                              struct fd_answer *out)
{
    (void)self;
    seen.order_state = order->state;
    snprintf(seen.why, sizeof seen.why, "%s", order->why);
    look(context, out);
}

static inline void echo_timer(void *self, const struct fd_context *context, uint32_t timer_id,
                              struct fd_answer *out)
{
    (void)self;
    seen.timer_id = timer_id;
    look(context, out);
}

static inline void echo_pause(void *self, const struct fd_context *context, uint32_t paused,
                              struct fd_answer *out)
{
    (void)self;
    seen.paused = paused;
    look(context, out);
}

static inline void echo_stop(void *self, const struct fd_context *context)
{
    (void)self;
    look(context, NULL);
}

static inline uint32_t echo_parameter(void *self, uint32_t index, int64_t value)
{
    (void)self;
    (void)index;
    (void)value;
    return seen.takes_parameters;
}

static inline size_t echo_save(void *self, void *state, size_t max)
{
    if (max < sizeof(struct self))
        return 0;
    memcpy(state, self, sizeof(struct self));
    return sizeof(struct self);
}

static inline uint32_t echo_restore(void *self, const void *state, size_t size)
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

static inline struct strategy_instance *new_instance(const struct fd_strategy *table)
{
    const int64_t parameter[2] = {5, E8 / 2};
    struct strategy_instance *instance;
    char why[96];

    assert_int_equal(strategy_instance_new(table, &manifest, parameter, &instance, why, sizeof why), ERR_OK);
    return instance;
}

static inline void call(enum strategy_happening kind)
{
    desk.event.kind = kind;
    memset(&desk.result, 0xA5, sizeof desk.result); /* whatever was there must go */
    strategy_instance_call(desk.instance, &desk.event, &desk.result);
}

static inline int set_up(void **state)
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

static inline int tear_down(void **state)
{
    (void)state;
    strategy_instance_free(desk.instance);
    order_book_free(desk.book);
    assert_int_equal(seen.created, seen.destroyed);
    return 0;
}

#define desk_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
