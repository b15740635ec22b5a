/* test_gate_orders.c - the gate on every kind of order, on what looks alike, and on what passes at all. */
#include "gate_world.h"
#include "test_random.h"

#include <string.h>

#define NS_PER_MS INT64_C(1000000)

/* --- kinds of order ----------------------------------------------------------------------------------------- */

static void test_time_in_force(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.intent.tif = TIF_GTD;
    w.intent.expire_ns = NOW_NS;
    assert_denies(&w, RISK_FILTER);
    w.intent.expire_ns++;
    assert_passes(&w);
    w.intent.tif = TIF_FOK;
    assert_passes(&w);
    w.intent.post_only = true; /* all at once, but never taking */
    assert_denies(&w, RISK_FILTER);
    w.intent.tif = TIF_GTC;
    assert_passes(&w);
    w.intent.tif = (enum time_in_force)4;
    assert_denies(&w, RISK_FILTER);
}

static void test_triggered_orders_have_their_prices(void **state)
{
    static const enum order_type types[] = {ORDER_STOP, ORDER_STOP_LIMIT, ORDER_TAKE_PROFIT,
                                            ORDER_TAKE_PROFIT_LIMIT};

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct gate_world w = gate_world_good();

        w.intent.type = types[i];
        w.intent.stop_ticks = 6010000;
        w.intent.price_ticks = 6011000;
        assert_passes(&w);
        w.intent.stop_ticks = 0;
        assert_denies(&w, RISK_FILTER);
        w.intent.stop_ticks = 6010000;
        w.instrument.price_ticks_max = 6009999;
        assert_denies_numbers(&w, RISK_FILTER, 6010000, 6009999);
        w.instrument.price_ticks_max = 6010000; /* a bound of our own is not the venue's business */
        if (order_type_is_market(types[i]))
            assert_passes(&w);
        else
            assert_denies_numbers(&w, RISK_FILTER, 6011000, 6010000);
        w.instrument.price_ticks_max = 0;
        w.intent.price_ticks = 6010000 + 6010000 / 200; /* 50 bp beyond where it goes off */
        assert_passes(&w);
        w.intent.price_ticks++;
        assert_denies_numbers(&w, RISK_COLLAR, 51, 50);
        w.intent.price_ticks = -1;
        assert_denies(&w, RISK_FILTER);
    }
}

/* An entry on a stop is a position like any other: valued at its worst, counted in full. */
static void test_a_stop_entry_is_valued_at_its_worst(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.intent.type = ORDER_STOP;
    w.intent.stop_ticks = 6100000;
    w.intent.price_ticks = 6110000;
    w.limits.max_value_e8 = 6110000000; /* 100 lots at 61100.00 */
    assert_passes(&w);
    w.limits.max_value_e8--;
    assert_denies(&w, RISK_MAX_VALUE);
    w.limits.max_value_e8++;
    w.limits.max_position_value_e8 = 60 * E8 - 1;
    assert_denies(&w, RISK_MAX_POS);
    w = gate_world_good();
    w.intent.type = ORDER_STOP;
    w.intent.stop_ticks = 6100000;
    w.intent.price_ticks = 0; /* without a bound it may only be a way out */
    assert_denies(&w, RISK_REDUCE_ONLY);
}

static void test_trailing_stops(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.at.position_lots = 100;
    w.intent.side = SIDE_ASK;
    w.intent.type = ORDER_TRAILING_STOP;
    w.intent.reduce_only = true;
    w.intent.price_ticks = 0;
    assert_denies(&w, RISK_FILTER);
    w.intent.trail_ticks = 1000;
    assert_passes(&w);
    w.intent.stop_ticks = -1;
    assert_denies(&w, RISK_FILTER);
    w.intent.stop_ticks = 5999000;
    w.intent.price_ticks = 5970000;
    assert_passes(&w);
    /* A purchase that has not begun to follow will stand its distance above the ask. */
    w = gate_world_good();
    gate_world_futures(&w);
    w.at.position_lots = -100;
    w.intent.type = ORDER_TRAILING_STOP;
    w.intent.reduce_only = true;
    w.intent.price_ticks = 0;
    w.intent.trail_ticks = 1000;
    w.limits.max_value_e8 = 6001100000;
    assert_passes(&w);
    w.limits.max_value_e8--;
    assert_denies(&w, RISK_MAX_VALUE);
    w.limits.max_value_e8++;
    w.intent.trail_ticks = INT64_MAX;
    assert_denies(&w, RISK_MAX_VALUE);
}

static void test_icebergs(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.instrument.qty_lots_min = 10;
    w.intent.display_lots = 10;
    assert_passes(&w);
    w.intent.display_lots = 9;
    assert_denies_numbers(&w, RISK_FILTER, 9, 10);
    w.intent.display_lots = -1;
    assert_denies(&w, RISK_FILTER);
    w.intent.display_lots = 200; /* more than there is: all of it shows */
    assert_passes(&w);
    w.intent.tif = TIF_IOC;
    assert_denies(&w, RISK_FILTER);
    w.intent.tif = TIF_GTC;
    w.intent.type = ORDER_MARKET;
    w.intent.price_ticks = 6001000;
    assert_denies(&w, RISK_FILTER);
}

/* Ways out on the right sides of the entry, at prices the venue takes; they count as open orders to come. */
static void test_brackets(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.intent.bracket_take_ticks = 6000001;
    w.intent.bracket_stop_ticks = 5999999;
    assert_passes(&w);
    w.intent.bracket_take_ticks = 6000000;
    assert_denies_numbers(&w, RISK_FILTER, 6000000, 6000000);
    w.intent.bracket_take_ticks = 0;
    w.intent.bracket_stop_ticks = 6000000;
    assert_denies(&w, RISK_FILTER);
    w.intent.bracket_stop_ticks = -1;
    assert_denies(&w, RISK_FILTER);
    w.intent.bracket_stop_ticks = 5999999;
    w.instrument.price_ticks_min = 6000000;
    assert_denies(&w, RISK_FILTER);
    w.instrument.price_ticks_min = 0;
    w.intent.reduce_only = true; /* a way out of a way out */
    assert_denies(&w, RISK_FILTER);
    w.intent.reduce_only = false;
    w.intent.bracket_take_ticks = 6000001;
    w.at.open_orders = 7;
    assert_passes(&w);
    w.at.open_orders = 8;
    assert_denies_numbers(&w, RISK_MAX_OPEN_N, 11, 10);
    w = gate_world_good();
    w.at.position_lots = 100;
    w.intent.side = SIDE_ASK;
    w.intent.bracket_take_ticks = 5999999;
    w.intent.bracket_stop_ticks = 6000001;
    assert_passes(&w);
    w.intent.bracket_stop_ticks = 6000000;
    assert_denies(&w, RISK_FILTER);
}

/* Quotes and slices share a parent: they may look alike, the parent bounds them. */
static void test_children_are_no_duplicates(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.intent.parent = 5;
    risk_state_remember(&w.state, &w.intent, NOW_NS);
    assert_passes(&w);
    w.intent.parent = 6;
    assert_denies(&w, RISK_DUPLICATE);
    w.intent.parent = 0;
    assert_denies(&w, RISK_DUPLICATE);
}

/* A, B, A: the order before the last is remembered as well. */
static void test_duplicates_look_back(void **state)
{
    struct gate_world w = gate_world_good(), other;

    (void)state;
    other = w;
    risk_state_remember(&w.state, &w.intent, NOW_NS);
    other.intent.price_ticks--;
    risk_state_remember(&w.state, &other.intent, NOW_NS + 1);
    w.ref.now_ns = NOW_NS + 2;
    assert_denies(&w, RISK_DUPLICATE);
    for (int i = 0; i < RISK_RECENT_MAX; i++) { /* more than can be compared: told so, never let through */
        other.intent.price_ticks--;
        risk_state_remember(&w.state, &other.intent, NOW_NS + 3);
    }
    w.ref.now_ns = NOW_NS + 4;
    assert_denies_numbers(&w, RISK_DUPLICATE, RISK_RECENT_MAX + 1, RISK_RECENT_MAX);
    w.ref.now_ns = NOW_NS + 3 + 100 * NS_PER_MS;
    assert_passes(&w);
    w.limits.duplicate_ms = 0;
    assert_denies(&w, RISK_DUPLICATE);
}

/* The trader's keys are asked about by the screen; what comes without a screen is judged here. */
static void test_duplicates_by_hand(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.intent.owner = OWNER_MANUAL;
    risk_state_remember(&w.state, &w.intent, NOW_NS);
    assert_passes(&w);
    w.intent.unasked = true;
    assert_denies_numbers(&w, RISK_DUPLICATE, 0, 100);
    w.intent.type = ORDER_STOP; /* two stops of one worst price that go off at different ones */
    w.intent.stop_ticks = w.intent.price_ticks - 2;
    risk_state_remember(&w.state, &w.intent, NOW_NS);
    assert_denies(&w, RISK_DUPLICATE);
    w.intent.stop_ticks++;
    w.ref.now_ns = NOW_NS + 1;
    assert_passes(&w);
}

/* An order twice is one twice also where the steps became finer between; a trail may be as long as a number. */
static void test_duplicates_in_finer_steps(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.intent.trail_ticks = INT64_MAX;
    risk_state_remember(&w.state, &w.intent, NOW_NS);
    risk_state_rescale(&w.state, 3, (struct step_change){.price_factor = 10, .qty_factor = 1});
    w.intent.price_ticks *= 10;
    w.instrument.tick_e8 /= 10;
    for (int side = SIDE_BID; side <= SIDE_ASK; side++)
        w.ref.best_ticks[side] *= 10;
    w.ref.last_ticks *= 10;
    assert_denies(&w, RISK_DUPLICATE);
    w.intent.trail_ticks = 0;
    assert_passes(&w);
}

/* A replace is judged as the changed order alone: what it replaces is gone from the facts. */
static void test_a_replace_at_the_limit(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.limits.max_position_value_e8 = 60 * E8;
    w.at.open_lots[SIDE_BID] = 100; /* the order itself, before it is taken out */
    w.at.open_orders = 10;
    assert_denies(&w, RISK_MAX_POS);
    w.at.open_lots[SIDE_BID] = 0;
    w.at.open_orders = 9;
    assert_passes(&w);
    w.intent.qty_lots++;
    assert_denies(&w, RISK_MAX_POS);
}

/* Every limit at 0, below, or every fact at its ends: nothing may pass that a sum could not hold. */
static void test_fails_closed_on_nonsense(void **state)
{
    (void)state;
    for (int i = 0; i < RISK_LIMITS; i++) {
        const struct risk_limit *row = risk_limit_row((enum risk_limit_id)i);
        struct gate_world w = gate_world_good();
        bool of_monitor =
            risk_code_place((enum risk_code)row->code) == RISK_PLACE_MONITOR || i == RISK_LIMIT_clock_warn_ms;

        w.state.mode = MODE_LIVE;
        w.state.clock_offset_ns = 1;
        w.ref.book_age_ns = 1;
        w.intent.price_ticks = 6000001;
        if (i == RISK_LIMIT_collar_market_bp) {
            w.intent.type = ORDER_MARKET;
            w.intent.price_ticks = 6000101;
        }
        if (of_monitor)
            continue; /* the monitor's own tests and the self-test */
        assert_passes(&w);
        risk_limit_set(&w.limits, (enum risk_limit_id)i, 0);
        assert_int_equal(gate_world_check(&w).answer, RISK_ANSWER_DENIED);
        risk_limit_set(&w.limits, (enum risk_limit_id)i, INT64_MIN);
        assert_int_equal(gate_world_check(&w).answer, RISK_ANSWER_DENIED);
    }
}

/* The largest quantity that passes, with volatility and the strategy's own limit among those that bind. */
static void test_cut_is_the_largest_that_passes(void **state)
{
    uint64_t seed = 23;
    int adjusted = 0;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct gate_world w = gate_world_good();
        struct risk_verdict verdict;

        if (random_between(&seed, 0, 1) == 1)
            gate_world_futures(&w);
        w.intent.may_cut = true;
        w.intent.side = (enum side)random_between(&seed, SIDE_BID, SIDE_ASK);
        w.intent.qty_lots = random_between(&seed, 1, 120);
        w.at.position_lots = random_between(&seed, -100, 100);
        w.at.open_lots[SIDE_BID] = random_between(&seed, 0, 50);
        w.at.open_lots[SIDE_ASK] = random_between(&seed, 0, 50);
        w.at.owner_position_lots = random_between(&seed, -100, 100);
        w.at.owner_open_lots[w.intent.side] = random_between(&seed, 0, 50);
        w.at.volatility_bp = random_between(&seed, 0, 620);
        w.limits.max_value_e8 = random_between(&seed, 1, 150 * E8);
        w.limits.max_position_owner_e8 = random_between(&seed, 1, 150 * E8);
        w.state.owner[1].gross_value_e8 = random_between(&seed, 0, 100 * E8);
        w.state.state = random_between(&seed, 0, 5) == 0 ? STATE_REDUCING : STATE_ACTIVE;
        verdict = gate_world_check(&w);
        assert_int_equal(verdict.qty_lots, gate_world_largest(&w));
        adjusted += verdict.answer == RISK_ANSWER_ADJUSTED;
    }
    assert_true(adjusted > 300);
}

/* --- against a plain reading of the rules ------------------------------------------------------------------- */

static __int128 plain_value(int64_t price_ticks, __int128 lots)
{
    return ((__int128)price_ticks * 1000000 * lots * 1000 + 99999999) / 100000000;
}

/* I7, I13, I14: what holds of every order that passes, written down once more, without the gate's own words. */
static void assert_allowed(const struct gate_world *w)
{
    const struct order_intent *intent = &w->intent;
    int64_t sign = intent->side == SIDE_BID ? 1 : -1;
    int64_t toward = w->at.position_lots * sign, open = w->at.open_lots[intent->side];
    int64_t reducible = -toward - open > 0 ? -toward - open : 0;
    int64_t worst = toward + open + intent->qty_lots, added = intent->qty_lots - reducible;
    bool rests = intent->type != ORDER_MARKET && intent->tif != TIF_IOC && intent->tif != TIF_FOK;
    int64_t worth = intent->price_ticks;

    if (intent->side == SIDE_ASK && worth < 5999900)
        worth = 5999900;
    assert_true(w->state.state == STATE_ACTIVE || (w->state.state == STATE_REDUCING && added <= 0));
    assert_true(w->ref.book_state == BOOK_LIVE && w->ref.book_age_ns <= 1000 * NS_PER_MS);
    assert_true(w->state.rate_1s < 20);
    assert_true(plain_value(worth, intent->qty_lots) <= w->limits.max_value_e8);
    if (worst > 0)
        assert_true(plain_value(6000000, worst) <= w->limits.max_position_value_e8);
    if (added > 0) {
        assert_true(w->state.gross_value_e8 + plain_value(worth, added) <= w->limits.max_gross_value_e8);
        assert_true((w->state.equity_start_day_e8 - w->state.equity_e8) * 50 <= w->state.equity_start_day_e8);
        assert_true(w->at.volatility_bp <= 600);
    }
    if (rests || added > 0) {
        assert_true(w->at.open_orders < 10);
        assert_true(w->at.open_value_e8[SIDE_BID] + w->at.open_value_e8[SIDE_ASK] +
                        plain_value(worth, intent->qty_lots) <=
                    w->limits.max_open_value_e8);
    }
    if (intent->reduce_only || w->instrument.venue == VENUE_BINANCE_SPOT)
        assert_true(added <= 0 || (intent->side == SIDE_BID && !intent->reduce_only));
    if (intent->type == ORDER_LIMIT)
        assert_in_range(intent->price_ticks, 5880000, 6120000);
    assert_true(w->at.best_own_ticks[SIDE_ASK] == 0 || intent->side == SIDE_ASK ||
                intent->price_ticks < w->at.best_own_ticks[SIDE_ASK]);
}

static struct gate_world random_world(uint64_t *seed)
{
    struct gate_world w = gate_world_good();

    if (random_between(seed, 0, 1) == 1)
        gate_world_futures(&w);
    w.state.state = random_between(seed, 0, 4) == 0 ? STATE_REDUCING : STATE_ACTIVE;
    w.state.gross_value_e8 = random_between(seed, 0, 11000) * E8;
    w.state.equity_e8 = random_between(seed, 9750, 10000) * E8;
    w.state.free_quote_e8 = random_between(seed, 0, 2000) * E8;
    w.state.rate_1s = random_between(seed, 0, 21);
    w.state.rate_60s = w.state.rate_1s;
    w.at.position_lots = random_between(seed, -9000, 9000);
    w.at.open_orders = random_between(seed, 0, 11);
    w.at.volatility_bp = random_between(seed, 0, 3) == 0 ? random_between(seed, 0, 700) : 0;
    for (int side = SIDE_BID; side <= SIDE_ASK; side++) {
        w.at.open_lots[side] = random_between(seed, 0, 2000);
        w.at.open_value_e8[side] = random_between(seed, 0, 3000) * E8;
    }
    w.at.best_own_ticks[SIDE_ASK] =
        random_between(seed, 0, 2) == 0 ? random_between(seed, 5900000, 6100000) : 0;
    w.ref.book_age_ns = random_between(seed, 0, 1100) * NS_PER_MS;
    w.intent.side = (enum side)random_between(seed, SIDE_BID, SIDE_ASK);
    w.intent.type = random_between(seed, 0, 3) == 0 ? ORDER_MARKET : ORDER_LIMIT;
    w.intent.tif = (enum time_in_force)random_between(seed, TIF_GTC, TIF_FOK);
    w.intent.reduce_only = random_between(seed, 0, 3) == 0;
    w.intent.price_ticks = random_between(seed, 5860000, 6140000);
    w.intent.qty_lots = random_between(seed, 1, 1800);
    return w;
}

static void test_what_passes_is_allowed(void **state)
{
    uint64_t seed = 41;
    int passed = 0;

    (void)state;
    for (int round = 0; round < 100000; round++) {
        struct gate_world w = random_world(&seed);

        if (gate_world_check(&w).answer != RISK_ANSWER_PASSED)
            continue;
        assert_allowed(&w);
        passed++;
    }
    assert_true(passed > 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_in_force),
        cmocka_unit_test(test_triggered_orders_have_their_prices),
        cmocka_unit_test(test_a_stop_entry_is_valued_at_its_worst),
        cmocka_unit_test(test_trailing_stops),
        cmocka_unit_test(test_icebergs),
        cmocka_unit_test(test_brackets),
        cmocka_unit_test(test_children_are_no_duplicates),
        cmocka_unit_test(test_duplicates_look_back),
        cmocka_unit_test(test_duplicates_by_hand),
        cmocka_unit_test(test_duplicates_in_finer_steps),
        cmocka_unit_test(test_a_replace_at_the_limit),
        cmocka_unit_test(test_fails_closed_on_nonsense),
        cmocka_unit_test(test_cut_is_the_largest_that_passes),
        cmocka_unit_test(test_what_passes_is_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
