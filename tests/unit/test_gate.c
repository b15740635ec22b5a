/* test_gate.c - the gate's controls of state, symbol, book, order size and price: at the limit and one beyond. */
#include "gate_world.h"
#include "test_random.h"

#include <string.h>

/* The frame of every other test: nothing in this world is in the way. */
static void test_the_good_world_passes(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    assert_passes(&w);
    w.intent.side = SIDE_ASK;
    w.at.position_lots = 100;
    assert_passes(&w);
}

/* I15: after a kill nothing leaves, whoever asks and however the kill is known. */
static void test_kill_denies_everybody(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.kill = true;
    assert_denies(&w, RISK_KILL);
    w.intent.owner = OWNER_MANUAL;
    assert_denies(&w, RISK_KILL);
    w.state.kill = false;
    w.state.state = STATE_KILLED;
    assert_denies(&w, RISK_KILL);
    w.at.position_lots = 100;
    w.intent.side = SIDE_ASK;
    w.intent.reduce_only = true; /* reducing alone is not the operator's word */
    assert_denies(&w, RISK_KILL);
}

/* CONTROLS: KILLED lets one thing out, the reduce-only, price-bounded order of flatten, once. */
static void test_kill_lets_one_flatten_out(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.state = STATE_KILLED;
    w.state.kill = true;
    gate_world_flatten(&w, 1000);
    assert_passes(&w);
    w.intent.price_ticks = 0;
    assert_denies(&w, RISK_KILL); /* without a bound */
    w.intent.price_ticks = 5980000;
    w.intent.qty_lots = 1001;
    assert_denies(&w, RISK_BALANCE); /* more than there is to close; on futures REDUCE_ONLY says so */
    gate_world_futures(&w);
    assert_denies_numbers(&w, RISK_REDUCE_ONLY, 1001, 1000);
    w.intent.qty_lots = 1000;
    risk_state_remember(&w.state, &w.intent, NOW_NS);
    risk_state_advance(&w.state, NOW_NS + 5 * E8);
    assert_denies_numbers(&w, RISK_KILL, 2, 1);
    w.state.kill = false; /* cleared, and killed again: a new flatten */
    w.state.state = STATE_PAUSED;
    risk_state_advance(&w.state, NOW_NS + 6 * E8);
    w.state.state = STATE_KILLED;
    assert_passes(&w);
}

static void test_observation_sends_nothing(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.mode = MODE_OBSERVATION;
    assert_denies(&w, RISK_MODE);
    gate_world_flatten(&w, 1000);
    assert_denies(&w, RISK_MODE);
    w.state.mode = (enum trading_mode)77; /* fails closed */
    assert_denies(&w, RISK_MODE);
    w.state.mode = MODE_LIVE;
    assert_passes(&w);
}

/* KEYS: flatten in HALTED is refused, `:reduce` first. */
static void test_halted_is_cancels_only(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.state = STATE_HALTED;
    assert_denies(&w, RISK_HALTED);
    gate_world_flatten(&w, 1000);
    assert_denies(&w, RISK_HALTED);
    w.state.state = (enum trading_state)77;
    assert_denies(&w, RISK_HALTED);
}

/* I28, and rule 8: your own orders and keys work on. */
static void test_pause_stops_strategies_not_the_trader(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.state = STATE_PAUSED;
    assert_denies(&w, RISK_PAUSED);
    w.intent.owner = OWNER_MANUAL;
    assert_passes(&w);
    w.state.state = STATE_ACTIVE;
    w.intent.owner = 2;
    w.state.strategy_paused[2] = true;
    assert_denies(&w, RISK_PAUSED);
    w.state.strategy_paused[2] = false;
    assert_passes(&w);
    w.intent.owner = OWNERS_MAX; /* nobody we know */
    assert_denies(&w, RISK_PAUSED);
}

/* I29: whatever else is open fills first, and still the position must not grow. */
static void test_reducing_lets_only_reductions_through(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.state.state = STATE_REDUCING;
    assert_denies_numbers(&w, RISK_REDUCING, 100, 0);
    w.at.position_lots = 150;
    w.at.open_lots[SIDE_ASK] = 50;
    w.intent.side = SIDE_ASK;
    assert_passes(&w);
    w.intent.qty_lots = 101;
    assert_denies_numbers(&w, RISK_REDUCING, 101, 100);
    w.intent.may_cut = true;
    assert_cut_to(&w, RISK_REDUCING, 100);
    w.intent.may_cut = false;
    gate_world_futures(&w);
    w.at.position_lots = -150;
    w.intent.side = SIDE_BID;
    w.intent.qty_lots = 150;
    assert_passes(&w);
    w.intent.qty_lots = 151;
    assert_denies(&w, RISK_REDUCING);
    gate_world_flatten(&w, -150);
    assert_passes(&w);
}

static void test_symbol_must_be_known_and_tradable(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.instrument.trading = false;
    assert_denies(&w, RISK_SYMBOL_STATE);
    w = gate_world_good();
    w.instrument.inverse = true;
    assert_denies(&w, RISK_SYMBOL_STATE);
    w = gate_world_good();
    w.instrument.tick_e8 = 0;
    assert_denies(&w, RISK_SYMBOL_STATE);
    w = gate_world_good();
    w.instrument.lot_e8 = 0;
    assert_denies(&w, RISK_SYMBOL_STATE);
    w = gate_world_good();
    w.intent.instrument_id = 4; /* facts of another instrument */
    assert_denies(&w, RISK_SYMBOL_STATE);
    w = gate_world_good();
    w.intent.instrument_id = w.instrument.id = INSTRUMENTS_MAX;
    assert_denies(&w, RISK_SYMBOL_STATE);
}

/* I7: no order on a book that is not verified, one-sided, crossed or old. */
static void test_stale_book_denies(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    w.ref.book_age_ns = 1000 * INT64_C(1000000);
    assert_passes(&w);
    w.ref.book_age_ns++;
    assert_denies_numbers(&w, RISK_STALE_BOOK, 1001, 1000);
    w.ref.book_age_ns = -1;
    assert_denies(&w, RISK_STALE_BOOK);
    for (int book = BOOK_DOWN; book <= BOOK_STALE + 1; book++) {
        w = gate_world_good();
        w.ref.book_state = (enum book_state)book;
        if (book != BOOK_LIVE)
            assert_denies(&w, RISK_STALE_BOOK);
    }
    w = gate_world_good();
    w.ref.crossed = true;
    assert_denies(&w, RISK_STALE_BOOK);
    for (int side = SIDE_BID; side <= SIDE_ASK; side++) {
        w = gate_world_good();
        w.ref.best_ticks[side] = 0;
        assert_denies(&w, RISK_STALE_BOOK);
    }
}

/* KEYS: with the book not LIVE a flatten needs `--worst`: a limit the operator typed. */
static void test_flatten_at_a_typed_price_needs_no_book(void **state)
{
    struct gate_world w = gate_world_good();

    (void)state;
    gate_world_flatten(&w, 1000);
    w.ref.book_state = BOOK_STALE;
    assert_denies(&w, RISK_STALE_BOOK);
    w.intent.type = ORDER_LIMIT;
    w.intent.price_ticks = 5000000; /* far outside the collar of a book nobody knows */
    assert_passes(&w);
    w.ref.book_state = BOOK_LIVE;
    assert_denies(&w, RISK_COLLAR); /* with a book it is measured */
    w.ref.book_state = BOOK_STALE;
    w.intent.flatten = false;
    assert_denies(&w, RISK_STALE_BOOK);
}

/* The first code of the table wins, so that a denial means the same on every day. */
static void test_the_order_of_judgement_is_the_order_of_codes(void **state)
{
    struct gate_world w = gate_world_good();
    static const enum risk_code order[] = {
        RISK_KILL,        RISK_MODE,           RISK_HALTED,        RISK_NOT_LEADER, RISK_SYMBOL_STATE,
        RISK_STALE_BOOK,  RISK_CLOCK,          RISK_LATENCY,       RISK_FILTER,     RISK_MAX_QTY,
        RISK_MAX_VALUE,   RISK_COLLAR,         RISK_COLLAR_WINDOW, RISK_VOLATILITY, RISK_MAX_POS,
        RISK_MAX_GROSS,   RISK_MAX_OPEN_VALUE, RISK_MAX_OPEN_N,    RISK_MSG_RATE,   RISK_REQ_WEIGHT,
        RISK_DUPLICATE,   RISK_SELF_TRADE,     RISK_BALANCE,       RISK_DAILY_LOSS, RISK_DRAWDOWN,
        RISK_LOSS_STREAK, RISK_REDUCE_ONLY};

    (void)state;
    w.state.kill = true;
    w.state.mode = MODE_OBSERVATION;
    w.state.state = STATE_HALTED;
    w.state.leader_term_ns = -1;
    w.state.clock_known = false;
    w.state.halted_by = RISK_LATENCY;
    w.state.symbol_halted[3] = RISK_COLLAR_WINDOW;
    w.state.owner_disabled[1] = RISK_LOSS_STREAK;
    w.at.volatility_bp = -1;
    w.state.weight_used = INT64_MAX;
    w.instrument.trading = false;
    w.ref.crossed = true;
    w.instrument.qty_lots_min = 1000;
    w.limits.max_qty_e8 = w.limits.max_value_e8 = w.limits.max_position_value_e8 = 1;
    w.limits.max_gross_value_e8 = w.limits.max_open_value_e8 = 1;
    w.limits.collar_limit_bp = 0;
    w.intent.price_ticks = 6000050;
    w.limits.max_open_orders = 0;
    w.limits.msg_per_s = 0;
    risk_state_remember(&w.state, &w.intent, NOW_NS);
    w.at.best_own_ticks[SIDE_ASK] = 6000000;
    w.state.free_quote_e8 = 0;
    w.state.equity_e8 = 0;
    w.intent.reduce_only = true;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        assert_denies(&w, order[i]);
        switch ((int)order[i]) { /* mend this one, to meet the next */
        case RISK_KILL:
            w.state.kill = false;
            break;
        case RISK_MODE:
            w.state.mode = MODE_LIVE;
            break;
        case RISK_HALTED:
            w.state.state = STATE_ACTIVE;
            break;
        case RISK_NOT_LEADER:
            w.state.leader_term_ns = 10000 * E8;
            break;
        case RISK_CLOCK:
            w.state.clock_known = true;
            break;
        case RISK_LATENCY:
            w.state.halted_by = RISK_PASS;
            break;
        case RISK_COLLAR_WINDOW:
            w.state.symbol_halted[3] = RISK_PASS;
            break;
        case RISK_VOLATILITY:
            w.at.volatility_bp = 0;
            break;
        case RISK_REQ_WEIGHT:
            w.state.weight_used = 0;
            break;
        case RISK_LOSS_STREAK:
            w.state.owner_disabled[1] = RISK_PASS;
            break;
        case RISK_SYMBOL_STATE:
            w.instrument.trading = true;
            break;
        case RISK_STALE_BOOK:
            w.ref.crossed = false;
            break;
        case RISK_FILTER:
            w.instrument.qty_lots_min = 0;
            break;
        case RISK_MAX_QTY:
            w.limits.max_qty_e8 = E8;
            break;
        case RISK_MAX_VALUE:
            w.limits.max_value_e8 = 1000 * E8;
            break;
        case RISK_COLLAR:
            w.limits.collar_limit_bp = 200;
            break;
        case RISK_MAX_POS:
            w.limits.max_position_value_e8 = 5000 * E8;
            break;
        case RISK_MAX_GROSS:
            w.limits.max_gross_value_e8 = 5000 * E8;
            break;
        case RISK_MAX_OPEN_VALUE:
            w.limits.max_open_value_e8 = 5000 * E8;
            break;
        case RISK_MAX_OPEN_N:
            w.limits.max_open_orders = 10;
            break;
        case RISK_MSG_RATE:
            w.limits.msg_per_s = 20;
            break;
        case RISK_DUPLICATE:
            w.state.remembered[1] = 0;
            break;
        case RISK_SELF_TRADE:
            w.at.best_own_ticks[SIDE_ASK] = 0;
            break;
        case RISK_BALANCE:
            w.state.free_quote_e8 = 10000 * E8;
            break;
        case RISK_DAILY_LOSS:
            w.state.equity_start_day_e8 = 1;
            w.state.equity_e8 = 1;
            break;
        case RISK_DRAWDOWN:
            w.state.equity_peak_e8 = 1;
            break;
        default:
            w.intent.reduce_only = false;
            break;
        }
    }
    assert_passes(&w);
}

/* Left to wrap, a huge order would look like a small one. */
static void test_no_huge_number_ever_passes(void **state)
{
    uint64_t seed = 7;
    int passed = 0;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct gate_world w = gate_world_good();
        struct risk_verdict verdict;

        w.intent.type = (enum order_type)random_between(&seed, ORDER_LIMIT, ORDER_STOP);
        w.intent.side = (enum side)random_between(&seed, SIDE_BID, SIDE_ASK);
        w.intent.price_ticks = random_between(&seed, 0, 1) == 1 ? random_between(&seed, 5980000, 6020000)
                                                                : random_sized(&seed, 63);
        w.intent.stop_ticks = random_sized(&seed, 63);
        w.intent.qty_lots = random_sized(&seed, 63);
        w.intent.may_cut = random_between(&seed, 0, 1) == 1;
        w.at.position_lots = random_sized(&seed, 63) * (random_between(&seed, 0, 1) == 1 ? 1 : -1);
        w.instrument.venue = random_between(&seed, 0, 1) == 1 ? VENUE_BINANCE_SPOT : VENUE_BINANCE_USDM;
        if (random_between(&seed, 0, 1) == 1) {
            w.at.open_lots[SIDE_BID] = random_sized(&seed, 63);
            w.at.open_lots[SIDE_ASK] = random_sized(&seed, 63);
            w.at.open_value_e8[SIDE_BID] = random_sized(&seed, 63);
            w.state.gross_value_e8 = random_sized(&seed, 63);
        }
        w.instrument.tick_e8 = 1 + random_sized(&seed, 40);
        w.instrument.lot_e8 = 1 + random_sized(&seed, 40);
        w.limits.max_qty_e8 = random_sized(&seed, 62);
        w.ref.last_ticks = random_sized(&seed, 63);
        verdict = gate_world_check(&w);
        if (verdict.answer == RISK_ANSWER_DENIED)
            continue;
        passed++;
        /* What passes is within the limit by arithmetic that cannot wrap. */
        assert_true(verdict.qty_lots > 0 && verdict.qty_lots <= w.intent.qty_lots);
        assert_true((long double)verdict.qty_lots * (long double)w.intent.price_ticks *
                        (long double)w.instrument.tick_e8 * (long double)w.instrument.lot_e8 <=
                    1.0001L * (long double)w.limits.max_value_e8 * 1e8L);
    }
    assert_true(passed > 100); /* or this proved nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_good_world_passes),
        cmocka_unit_test(test_kill_denies_everybody),
        cmocka_unit_test(test_kill_lets_one_flatten_out),
        cmocka_unit_test(test_observation_sends_nothing),
        cmocka_unit_test(test_halted_is_cancels_only),
        cmocka_unit_test(test_pause_stops_strategies_not_the_trader),
        cmocka_unit_test(test_reducing_lets_only_reductions_through),
        cmocka_unit_test(test_symbol_must_be_known_and_tradable),
        cmocka_unit_test(test_stale_book_denies),
        cmocka_unit_test(test_flatten_at_a_typed_price_needs_no_book),
        cmocka_unit_test(test_the_order_of_judgement_is_the_order_of_codes),
        cmocka_unit_test(test_no_huge_number_ever_passes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
