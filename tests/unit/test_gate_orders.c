/* test_gate_orders.c - the gate on every kind of order, on leadership, clock, weight, volatility, one strategy. */
#include "gate_world.h"
#include "test_random.h"

#include <string.h>

#define NS_PER_MS INT64_C(1000000)

static struct gate_world live_world(void)
{
    struct gate_world w = gate_world_good();

    w.state.mode = MODE_LIVE;
    return w;
}

/* --- facts of the process ----------------------------------------------------------------------------------- */

/* CONTROLS: the leader's own heartbeat is younger than half its limit. */
static void test_not_leader(void **state)
{
    struct gate_world w = live_world();

    (void)state;
    w.state.leader_term_ns = 3000 * NS_PER_MS;
    w.state.leader_beat_ns = NOW_NS - 1500 * NS_PER_MS + 1;
    assert_passes(&w);
    w.state.leader_beat_ns--;
    assert_denies_numbers(&w, RISK_NOT_LEADER, 1500, 1500);
    w.state.leader_beat_ns = NOW_NS + 1; /* a clock that jumped proves nothing */
    assert_denies(&w, RISK_NOT_LEADER);
    w.state.leader_beat_ns = INT64_MIN;
    assert_denies(&w, RISK_NOT_LEADER);
    w.state.leader_term_ns = 0; /* no lease */
    assert_denies(&w, RISK_NOT_LEADER);
    w.state.leader_term_ns = -1;
    assert_denies(&w, RISK_NOT_LEADER);
    w.state.leader_term_ns = 0;
    w.state.mode = MODE_SIMULATION;
    assert_passes(&w);
}

static void test_clock(void **state)
{
    struct gate_world w = live_world();

    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        w.state.clock_offset_ns = sign * 1000 * NS_PER_MS;
        assert_passes(&w);
        w.state.clock_offset_ns += sign;
        assert_denies_numbers(&w, RISK_CLOCK, 1001, 1000);
    }
    w.state.clock_offset_ns = INT64_MIN;
    assert_denies(&w, RISK_CLOCK);
    w.state.clock_offset_ns = 0;
    w.state.clock_known = false;
    assert_denies(&w, RISK_CLOCK);
    w.state.mode = MODE_SIMULATION; /* it prints `not applicable` and passes */
    assert_passes(&w);
}

/* I7: in live mode the stream of our own orders is part of the truth. */
static void test_private_stream_and_list(void **state)
{
    struct gate_world w = live_world();

    (void)state;
    assert_passes(&w);
    w.state.private_live = false;
    assert_denies(&w, RISK_STALE_BOOK);
    w = live_world();
    w.at.listed = false;
    assert_denies(&w, RISK_SYMBOL_STATE);
    w = live_world();
    w.limits.max_qty_e8 = 0;
    assert_denies(&w, RISK_MAX_QTY);
}

/* 80 % of the venue's limit for orders; what is kept for cancels a flatten may use. */
static void test_request_weight(void **state)
{
    struct gate_world w = live_world();

    (void)state;
    w.state.weight_allowed = 1200;
    w.state.weight_used = 959;
    assert_passes(&w);
    w.state.weight_used = 960;
    assert_denies_numbers(&w, RISK_REQ_WEIGHT, 961, 960);
    gate_world_flatten(&w, 100);
    w.state.weight_used = 1199;
    assert_passes(&w);
    w.state.weight_used = 1200;
    assert_denies_numbers(&w, RISK_REQ_WEIGHT, 1201, 1200);
    w = live_world();
    w.state.weight_allowed = 0; /* nobody knows */
    assert_denies(&w, RISK_REQ_WEIGHT);
    w.state.mode = MODE_SIMULATION;
    assert_passes(&w);
    w.state.weight_allowed = 1200;
    w.state.weight_used = INT64_MAX;
    assert_denies(&w, RISK_REQ_WEIGHT);
    w.state.weight_used = -1;
    assert_denies(&w, RISK_REQ_WEIGHT);
}

/* A quiet market may be older; 10 s is the end of it, whatever was measured. */
static void test_stale_limit_of_the_instrument(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.at.stale_ms = 4000;
    w.ref.book_age_ns = 4000 * NS_PER_MS;
    assert_passes(&w);
    w.ref.book_age_ns++;
    assert_denies_numbers(&w, RISK_STALE_BOOK, 4001, 4000);
    w.at.stale_ms = 999; /* never stricter than what was set */
    w.ref.book_age_ns = 1000 * NS_PER_MS;
    assert_passes(&w);
    w.at.stale_ms = INT64_MAX;
    w.ref.book_age_ns = 10000 * NS_PER_MS;
    assert_passes(&w);
    w.ref.book_age_ns++;
    assert_denies_numbers(&w, RISK_STALE_BOOK, 10001, 10000);
    w.limits.stale_ms = 0; /* no limit is no permission */
    w.ref.book_age_ns = 1;
    assert_denies(&w, RISK_STALE_BOOK);
}

/* --- volatility, one strategy, one instrument --------------------------------------------------------------- */

/* Size falls as volatility rises: at twice the limit half of max_value, over four times none. */
static void test_volatility_throttles(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.limits.max_value_e8 = 60 * E8; /* 100 lots at the mid */
    w.at.volatility_bp = 150;
    assert_passes(&w);
    w.at.volatility_bp = 300;
    w.intent.qty_lots = 50;
    assert_passes(&w);
    w.intent.qty_lots = 51;
    assert_denies_numbers(&w, RISK_VOLATILITY, 3060000000, 30 * E8);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_VOLATILITY, 50);
    w.intent.may_cut = false;
    w.at.volatility_bp = 600;
    w.intent.qty_lots = 25;
    assert_passes(&w);
    w.at.volatility_bp = 601;
    w.intent.qty_lots = 1;
    assert_denies_numbers(&w, RISK_VOLATILITY, 601, 150);
    w.at.volatility_bp = -1; /* cannot be told */
    assert_denies(&w, RISK_VOLATILITY);
    w.at.volatility_bp = INT64_MAX;
    assert_denies(&w, RISK_VOLATILITY);
    w.intent.side = SIDE_ASK; /* the way out is open in any market */
    w.at.position_lots = 100;
    w.intent.qty_lots = 100;
    assert_passes(&w);
}

/* Measured by its own position: it cannot hide behind that of another. */
static void test_position_of_one_strategy(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.limits.max_position_owner_e8 = 120 * E8;
    w.state.owner[1].gross_value_e8 = 60 * E8;
    assert_passes(&w);
    w.state.owner[1].gross_value_e8++;
    assert_denies_numbers(&w, RISK_MAX_POS, 120 * E8 + 1, 120 * E8);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_MAX_POS, 99);
    w.intent.may_cut = false;
    w.intent.owner = 2;
    assert_passes(&w);
    w.intent.owner = 1;
    gate_world_futures(&w);
    w.intent.side = SIDE_ASK;
    w.at.owner_position_lots = 100; /* its own way out */
    assert_passes(&w);
    w.at.owner_position_lots = 0;
    w.at.position_lots = 100; /* a reduction in all, but for this strategy a new short */
    assert_denies(&w, RISK_MAX_POS);
    w.state.owner[1].gross_value_e8 = INT64_MAX;
    assert_denies(&w, RISK_MAX_POS);
    w.intent.owner = OWNER_MANUAL;
    assert_passes(&w);
}

static void test_daily_loss_of_a_strategy_and_an_instrument(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.owner[1].day_net_e8 = -w.limits.daily_loss_owner_e8;
    w.at.day_net_e8 = -w.limits.daily_loss_symbol_e8;
    assert_passes(&w);
    w.state.owner[1].day_net_e8--;
    assert_denies_numbers(&w, RISK_DAILY_LOSS, 200 * E8 + 1, 200 * E8);
    w.intent.owner = 2;
    assert_passes(&w);
    w.at.day_net_e8--;
    assert_denies_numbers(&w, RISK_DAILY_LOSS, 200 * E8 + 1, 200 * E8);
    w.at.day_net_e8 = INT64_MIN;
    assert_denies(&w, RISK_DAILY_LOSS);
    w.at.position_lots = 100;
    w.intent.side = SIDE_ASK;
    assert_passes(&w);
}

/* --- what tripped ------------------------------------------------------------------------------------------- */

/* Whatever the reason says, what is disabled or halted sends nothing but the operator's flatten. */
static void test_disabled_and_halted(void **state)
{
    (void)state;
    for (int code = RISK_PASS + 1; code < RISK_CODES; code++) {
        struct gate_world w = gate_world_good();

        w.state.owner_disabled[1] = (uint8_t)code;
        assert_int_equal(gate_world_check(&w).answer, RISK_ANSWER_DENIED);
        w.intent.owner = 2;
        assert_passes(&w);
        w = gate_world_good();
        w.state.symbol_halted[3] = (uint8_t)code;
        assert_int_equal(gate_world_check(&w).answer, RISK_ANSWER_DENIED);
        gate_world_flatten(&w, 100);
        assert_passes(&w);
    }
}

/* A kill of one strategy or one symbol is a kill. */
static void test_kill_of_a_part(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.owner_disabled[1] = RISK_KILL;
    assert_denies(&w, RISK_KILL);
    w.state.owner_disabled[1] = RISK_PASS;
    w.state.symbol_halted[3] = RISK_KILL;
    assert_denies(&w, RISK_KILL);
    w.state.symbol_halted[3] = RISK_PASS;
    w.state.symbol_halted[4] = RISK_KILL;
    assert_passes(&w);
}

/* After a monitor halted everything `reduce` opens the way out, and only that. */
static void test_halted_by_a_monitor(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.halted_by = RISK_LOSS_STREAK;
    assert_denies(&w, RISK_LOSS_STREAK);
    w.state.state = STATE_REDUCING;
    w.at.position_lots = 100;
    w.intent.side = SIDE_ASK;
    assert_passes(&w);
    w.state.state = STATE_ACTIVE;
    assert_denies(&w, RISK_LOSS_STREAK);
}

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
        cmocka_unit_test(test_not_leader),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_private_stream_and_list),
        cmocka_unit_test(test_request_weight),
        cmocka_unit_test(test_stale_limit_of_the_instrument),
        cmocka_unit_test(test_volatility_throttles),
        cmocka_unit_test(test_position_of_one_strategy),
        cmocka_unit_test(test_daily_loss_of_a_strategy_and_an_instrument),
        cmocka_unit_test(test_disabled_and_halted),
        cmocka_unit_test(test_kill_of_a_part),
        cmocka_unit_test(test_halted_by_a_monitor),
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
