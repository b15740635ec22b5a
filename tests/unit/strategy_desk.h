/*
 * strategy_desk.h - one built-in strategy on a market of the test's making: what it wants at each event.
 *
 * BTCUSDT at 60000.00 / 60000.01, tick 0.01, lot 0.00001; ETHUSDT at 3000.00 / 3000.01, tick 0.01, lot 0.0001.
 */
#ifndef UNIT_STRATEGY_DESK_H
#define UNIT_STRATEGY_DESK_H

#include "cmocka_all.h"
#include "core/strategy/builtin.h"
#include "core/strategy/instance.h"

#include <string.h>

#define E8      INT64_C(100000000)
#define MS      INT64_C(1000000)
#define S       INT64_C(1000000000)
#define MARKETS 2

enum { BTC, ETH };

struct desk_market {
    struct instrument instrument;
    struct signal_values signals;
    struct position position;
    struct order_book *book;
    struct market_ref ref;
    bool short_allowed;
};

static struct desk {
    struct strategy_manifest manifest;
    int64_t parameter[MANIFEST_PARAMETERS_MAX];
    struct strategy_instance *instance;
    struct desk_market market[MARKETS];
    size_t markets;
    int64_t now_ns;
    bool may_trade;
    struct strategy_result result;
    struct goal goal[MARKETS]; /* as last set */
    size_t goals_set;
} desk;

static inline size_t desk_parameter(const char *name)
{
    for (size_t i = 0; i < desk.manifest.parameter_count; i++)
        if (strcmp(desk.manifest.parameter[i].name, name) == 0)
            return i;
    fail_msg("no parameter %s", name);
    return 0;
}

static inline void desk_touch(int market, int64_t bid_ticks, int64_t ask_ticks)
{
    struct market_ref *ref = &desk.market[market].ref;

    ref->best_ticks[SIDE_BID] = bid_ticks;
    ref->best_ticks[SIDE_ASK] = ask_ticks;
    desk.market[market].signals.mid_ticks = (double)(bid_ticks + ask_ticks) / 2.0;
    desk.market[market].signals.microprice_ticks = (double)(bid_ticks + ask_ticks) / 2.0;
}

static inline void desk_start(void)
{
    char why[160];

    strategy_instance_free(desk.instance);
    if (strategy_instance_new(builtin_strategy_find(desk.manifest.name)->table, &desk.manifest,
                              desk.parameter, &desk.instance, why, sizeof why) != ERR_OK)
        fail_msg("%s", why);
    for (size_t i = 0; i < desk.markets; i++)
        assert_int_equal(strategy_instance_add(desk.instance, &desk.market[i].instrument), ERR_OK);
}

/* Before the first event. */
static inline void desk_set(const char *name, int64_t value)
{
    desk.parameter[desk_parameter(name)] = value;
    desk_start();
}

static inline void desk_set_up(const char *name, size_t markets)
{
    const struct builtin_strategy *strategy = builtin_strategy_find(name);
    char why[160];

    memset(&desk, 0, sizeof desk);
    assert_non_null(strategy);
    if (strategy_manifest_parse(strategy->manifest_text, strlen(strategy->manifest_text), name,
                                &desk.manifest, why, sizeof why) != ERR_OK)
        fail_msg("%s", why);
    for (size_t i = 0; i < desk.manifest.parameter_count; i++)
        desk.parameter[i] = desk.manifest.parameter[i].preset;
    desk.markets = markets;
    desk.now_ns = 1000 * S;
    desk.may_trade = true;
    for (size_t i = 0; i < markets; i++) {
        struct desk_market *market = &desk.market[i];

        instrument_init(&market->instrument, i == BTC ? "BTCUSDT" : "ETHUSDT", VENUE_BINANCE_USDM,
                        (uint16_t)(i + 2));
        market->instrument.tick_e8 = E8 / 100;
        market->instrument.lot_e8 = i == BTC ? E8 / 100000 : E8 / 10000;
        market->book = order_book_new();
        market->short_allowed = true;
        market->signals.valid = true;
        market->ref = (struct market_ref){
            .book_state = BOOK_LIVE, .best_lots = {100000, 100000}, .last_ticks = 6000000};
    }
    desk_touch(BTC, 6000000, 6000001);
    if (markets > 1)
        desk_touch(ETH, 300000, 300001);
    desk_start();
}

static inline void desk_tear_down(void)
{
    strategy_instance_free(desk.instance);
    for (size_t i = 0; i < desk.markets; i++)
        order_book_free(desk.market[i].book);
    memset(&desk, 0, sizeof desk);
}

static inline void desk_see(int market)
{
    struct desk_market *at = &desk.market[market];

    at->ref.now_ns = desk.now_ns;
    strategy_instance_see(
        desk.instance,
        &(struct strategy_sight){
            .instrument = &at->instrument,
            .ref = at->ref,
            .book = at->book,
            .signals = &at->signals,
            .position = &at->position,
            .mark_ticks =
                at->position.lots == 0 ? 0 : at->ref.best_ticks[at->position.lots > 0 ? SIDE_BID : SIDE_ASK],
            .maker_fee_ppm = 200,
            .taker_fee_ppm = 500,
            .short_allowed = at->short_allowed});
}

static inline void desk_call(int market, struct strategy_event event)
{
    desk_see(market);
    event.instrument_id = desk.market[market].instrument.id;
    event.may_trade = desk.may_trade;
    event.now_ns = desk.now_ns;
    strategy_instance_call(desk.instance, &event, &desk.result);
    if (desk.result.fault)
        fail_msg("%s", desk.result.fault_why);
    for (size_t i = 0; i < desk.result.goals; i++) {
        desk.goal[desk.result.goal[i].instrument_id - 2] = desk.result.goal[i];
        desk.goals_set++;
    }
}

/* Time passes, then the book of that market changes. Returns how many goals it set. */
static inline size_t desk_event(int market, int64_t ms)
{
    desk.now_ns += ms * MS;
    desk_call(market, (struct strategy_event){.kind = HAPPENED_MARKET});
    return desk.result.goals;
}

/* Bought (lots < 0: sold) at the bid, without fees. */
static inline void desk_hold(int market, int64_t lots)
{
    struct desk_market *at = &desk.market[market];
    struct fill fill = {.trade_id = at->position.fills + 1,
                        .side = lots > 0 ? SIDE_BID : SIDE_ASK,
                        .price_ticks = at->ref.best_ticks[SIDE_BID],
                        .qty_lots = lots > 0 ? lots : -lots,
                        .instrument_id = at->instrument.id,
                        .ts_ns = desk.now_ns};

    fill.value_e8 = instrument_value_e8(&at->instrument, fill.price_ticks, fill.qty_lots);
    assert_int_equal(position_apply(&at->position, &at->instrument, &fill), ERR_OK);
    desk_call(market, (struct strategy_event){.kind = HAPPENED_FILL, .fill = &fill});
}

static inline void desk_denied(int market, const char *code)
{
    const struct order order = {.intent.instrument_id = desk.market[market].instrument.id};

    desk_call(market, (struct strategy_event){.kind = HAPPENED_ORDER, .order = &order, .code = code});
}

static inline const struct strategy_reason *desk_reason(int market)
{
    return strategy_instance_reason(desk.instance, desk.market[market].instrument.id);
}

/* Its only wish at the last event: a target of so many lots. */
static inline const struct goal *desk_assert_target(int64_t lots, enum goal_urgency urgency)
{
    const struct goal *goal = &desk.result.goal[0];

    assert_int_equal(desk.result.goals, 1);
    assert_int_equal(goal->kind, GOAL_TARGET);
    assert_int_equal(goal->target_lots, lots);
    assert_int_equal(goal->urgency, urgency);
    return goal;
}

#endif
