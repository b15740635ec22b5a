/* gate_world.h - a world in which everything passes, for tests of the risk gate to break one thing at a time. */
#ifndef UNIT_GATE_WORLD_H
#define UNIT_GATE_WORLD_H

#include "cmocka_all.h"
#include "core/domain/instrument.h"
#include "risk/gate.h"

#define E8     INT64_C(100000000)
#define NOW_NS INT64_C(1700000000000000000)

/* BTCUSDT spot at 60000.00, tick 0.01, lot 0.00001: a lot at the mid is worth 0.60. Owner 1 is a strategy. */
struct gate_world {
    struct risk_limits limits;
    struct risk_state state;
    struct risk_instrument at;
    struct instrument instrument;
    struct market_ref ref;
    struct order_intent intent;
};

static inline struct gate_world gate_world_good(void)
{
    struct gate_world w = {0};

    risk_limits_init(&w.limits, MODE_SIMULATION);
    w.limits.max_qty_e8 = 1 * E8;
    w.limits.fee_taker_ppm = w.limits.fee_maker_ppm = 1000;
    risk_state_init(&w.state);
    w.state.mode = MODE_SIMULATION;
    w.state.state = STATE_ACTIVE;
    w.state.equity_start_day_e8 = w.state.equity_e8 = w.state.equity_peak_e8 = 10000 * E8;
    w.state.free_quote_e8 = 10000 * E8;
    risk_state_advance(&w.state, NOW_NS);
    instrument_init(&w.instrument, "BTCUSDT", VENUE_BINANCE_SPOT, 3);
    w.instrument.step_source = STEP_CONFIG;
    w.instrument.tick_e8 = E8 / 100;
    w.instrument.lot_e8 = E8 / 100000;
    w.ref = (struct market_ref){.now_ns = NOW_NS,
                                .book_state = BOOK_LIVE,
                                .best_ticks = {5999900, 6000100},
                                .best_lots = {100000, 100000},
                                .last_ticks = 6000000};
    w.intent = (struct order_intent){.instrument_id = 3,
                                     .owner = 1,
                                     .side = SIDE_BID,
                                     .type = ORDER_LIMIT,
                                     .price_ticks = 6000000,
                                     .qty_lots = 100};
    w.at.listed = true; /* what live mode asks for */
    w.state.private_live = w.state.clock_known = true;
    w.state.leader_term_ns = 10000 * E8;
    w.state.leader_beat_ns = NOW_NS;
    w.state.weight_allowed = 6000;
    return w;
}

static inline struct risk_verdict gate_world_check(const struct gate_world *w)
{
    return risk_gate_check(&w->limits, &w->state, &w->at, &w->instrument, &w->ref, &w->intent);
}

/* The largest quantity up to the wanted one that passes as it is, by asking for each. */
static inline int64_t gate_world_largest(const struct gate_world *w)
{
    struct gate_world part = *w;
    int64_t largest = 0;

    part.intent.may_cut = false;
    for (int64_t lots = 1; lots <= w->intent.qty_lots; lots++) {
        part.intent.qty_lots = lots;
        if (gate_world_check(&part).answer == RISK_ANSWER_PASSED)
            largest = lots;
    }
    return largest;
}

/* The venue is futures: short positions are possible. */
static inline void gate_world_futures(struct gate_world *w)
{
    w->instrument.venue = VENUE_BINANCE_USDM;
}

/* Makes the intent an operator's flatten of `lots` (signed as the position). */
static inline void gate_world_flatten(struct gate_world *w, int64_t lots)
{
    w->at.position_lots = lots;
    w->intent.owner = OWNER_MANUAL;
    w->intent.side = lots > 0 ? SIDE_ASK : SIDE_BID;
    w->intent.type = ORDER_MARKET;
    w->intent.tif = TIF_IOC;
    w->intent.reduce_only = true;
    w->intent.flatten = true;
    w->intent.price_ticks = lots > 0 ? 5980000 : 6020000;
    w->intent.qty_lots = lots > 0 ? lots : -lots;
}

#define assert_passes(w)                                                                                     \
    do {                                                                                                     \
        struct risk_verdict verdict_ = gate_world_check(w);                                                  \
        assert_string_equal(risk_code_word(verdict_.code), "PASS");                                          \
        assert_int_equal(verdict_.answer, RISK_ANSWER_PASSED);                                               \
        assert_int_equal(verdict_.qty_lots, (w)->intent.qty_lots);                                           \
    } while (0)

#define assert_denies(w, code_)                                                                              \
    do {                                                                                                     \
        struct risk_verdict verdict_ = gate_world_check(w);                                                  \
        assert_string_equal(risk_code_word(verdict_.code), risk_code_word(code_));                           \
        assert_int_equal(verdict_.answer, RISK_ANSWER_DENIED);                                               \
        assert_int_equal(verdict_.qty_lots, 0);                                                              \
    } while (0)

#define assert_denies_numbers(w, code_, value_, limit_)                                                      \
    do {                                                                                                     \
        struct risk_verdict numbers_ = gate_world_check(w);                                                  \
        assert_denies(w, code_);                                                                             \
        assert_int_equal(numbers_.value, value_);                                                            \
        assert_int_equal(numbers_.limit, limit_);                                                            \
    } while (0)

#define assert_cut_to(w, code_, lots_)                                                                       \
    do {                                                                                                     \
        struct risk_verdict verdict_ = gate_world_check(w);                                                  \
        assert_string_equal(risk_code_word(verdict_.code), risk_code_word(code_));                           \
        assert_int_equal(verdict_.answer, RISK_ANSWER_ADJUSTED);                                             \
        assert_int_equal(verdict_.qty_lots, lots_);                                                          \
    } while (0)

#endif
