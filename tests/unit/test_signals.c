/* test_signals.c - an instrument's numbers and book events, on markets made for the purpose. */
#include "unit/signals_market.h"

#include "core/signal/gauge.h"

/* --- numbers -------------------------------------------------------------------------------------- */

/* A book that moves between two ticks ends the second itself: the figure must follow all the same. The mid goes half a
 * tick (0.05 bp) up or down each second: 0.05 x sqrt(60) in a minute. */
static void test_volatility_follows_a_busy_book(void **state)
{
    struct market market = market_new();

    (void)state;
    wait_ms(&market, 50);
    flat_book(&market);
    for (int i = 0; i < 90 * 20; i++) {
        wait_ms(&market, 50);
        set(&market, SIDE_BID, MID, i / 20 % 2 == 0 ? 0 : 100 + i);
    }
    assert_near(signals_values(market.signals)->volatility_1m_bp, 0.05 * sqrt(60.0), 0.02);
    market_free(&market);
}

/* Each field against its definition, on a book small enough to add up by hand. */
static void test_book_numbers_follow_their_definitions(void **state)
{
    struct market market = market_new();
    const struct signal_values *values = signals_values(market.signals);

    (void)state;
    assert_false(values->valid);
    set(&market, SIDE_BID, MID, 30);
    assert_false(values->valid); /* one side is no market */
    set(&market, SIDE_ASK, MID + 4, 10);
    assert_true(values->valid);
    set(&market, SIDE_BID, MID - 3, 20);
    set(&market, SIDE_ASK, MID + 11, 40);
    set(&market, SIDE_BID, MID - 90, 300);
    assert_int_equal(values->spread_ticks, 4);
    assert_near(values->mid_ticks, MID + 2.0, 0.0);
    assert_near(values->microprice_ticks, MID + 3.0, 1e-9);
    assert_near(values->imbalance_1, 0.5, 1e-12);
    assert_near(values->imbalance_5, 300.0 / 400.0, 1e-12);
    assert_near(values->imbalance_1bp, (50.0 - 50.0) / 100.0,
                1e-12); /* 100002 x (1 +- 0.0001): 99992..100012 */
    wait_ms(&market, 100);
    assert_near(values->imbalance_10bp, 300.0 / 400.0, 1e-12);
    assert_int_equal(values->range_60s_low_ticks, MID + 2);
    assert_int_equal(values->range_60s_high_ticks, MID + 2);
    set(&market, SIDE_ASK, MID + 3, 1);
    assert_int_equal(values->range_60s_low_ticks, MID + 1); /* 1.5, whole ticks outward */
    market_free(&market);
}

static void know(struct market *market, int64_t low, int64_t high)
{
    signals_on_known(market->signals, &(struct known_depth){.edge_ticks = {low * market->price_scale,
                                                                           high * market->price_scale}});
}

/* Thirty bids are known, and all asks: beyond the thirty there is nothing known, which is not nothing. */
static void test_unknown_depth_is_not_empty_depth(void **state)
{
    struct market market = market_new();
    const struct signal_values *values = signals_values(market.signals);

    (void)state;
    set_many(&market, SIDE_BID, MID, 30, 100);
    set_many(&market, SIDE_ASK, MID + 1, LEVELS, 100);
    wait_ms(&market, 100);
    assert_near(values->imbalance_10bp, (30.0 - 100.0) / 130.0, 1e-12); /* taken for empty */
    know(&market, MID - 29, 0);
    wait_ms(&market, 100);
    assert_near(values->imbalance_10bp, 0.0, 1e-12); /* both sides out to the same distance */
    know(&market, MID - 6, 0);
    set(&market, SIDE_ASK, MID + 15, 5000);
    assert_near(values->imbalance_5, 0.0, 1e-12);
    assert_near(values->imbalance_20, 0.0, 1e-12); /* seven levels of both sides: the eighth bid is a guess */
    know(&market, MID - 29, MID + 8);
    assert_near(values->imbalance_1bp, 0.0, 1e-12);
    set(&market, SIDE_BID, MID - 9, 5000); /* behind the nearer edge, seen from the other side */
    assert_near(values->imbalance_1bp, 0.0, 1e-12);
    know(&market, 0, 0);
    set(&market, SIDE_BID, MID - 9, 5000);
    assert_true(values->imbalance_1bp > 0.5);
    know(&market, MID + 40, 0); /* the touch itself has left what is known: it alone counts */
    set(&market, SIDE_BID, MID, 300);
    assert_near(values->imbalance_20, 0.5, 1e-12);
    assert_near(values->imbalance_1bp, 0.5, 1e-12);
    market_free(&market);
}

/* A large level that is heard of for the first time may have stood there all along. */
static void test_levels_behind_the_known_depth_are_no_events(void **state)
{
    (void)state;
    for (int known = 0; known < 2; known++) {
        struct market market = market_new();

        flat_book(&market);
        if (known == 0)
            know(&market, MID - 30, MID + 30);
        wait_ms(&market, 12000);
        set(&market, SIDE_BID, MID - 60, 9000);
        for (int i = 0; i < 5; i++)
            set(&market, SIDE_ASK, MID + 36 + i, 1000);
        wait_ms(&market, 6000);
        assert_int_equal(events_of(&market, BOOK_EVENT_WALL, NULL), known);
        assert_int_equal(events_of(&market, BOOK_EVENT_STACKED, NULL), known);
        market_free(&market);
    }
}

/* On coarse ticks nothing lies within 1 bp of the mid; the best levels count then. */
static void test_best_levels_always_count_as_near(void **state)
{
    struct market market = market_new();

    (void)state;
    set(&market, SIDE_BID, 100, 30);
    set(&market, SIDE_ASK, 101, 10);
    assert_near(signals_values(market.signals)->imbalance_1bp, 0.5, 1e-12);
    market_free(&market);
}

/* OFI sums the events of the best quotes and forgets by e^-1 in ten seconds. */
static void test_ofi_sums_and_decays(void **state)
{
    struct market market = market_new();
    const struct signal_values *values = signals_values(market.signals);

    (void)state;
    set(&market, SIDE_BID, MID, 30);
    set(&market, SIDE_ASK, MID + 1, 30);
    assert_near(values->ofi_lots, 0.0, 0.0); /* the first quote has no predecessor */
    set(&market, SIDE_BID, MID, 80);
    assert_near(values->ofi_lots, 50.0, 1e-12);
    set(&market, SIDE_BID, MID - 5, 999); /* behind the touch: no event */
    assert_near(values->ofi_lots, 50.0, 1e-12);
    wait_ms(&market, 10000);
    assert_near(values->ofi_lots, 50.0 * 0.36787944117144233, 1e-9);
    market_free(&market);
}

/* A quote before a hole must not be compared with one after it. */
static void test_stale_book_is_invalid_and_breaks_the_chain_of_quotes(void **state)
{
    struct market market = market_new();
    const struct signal_values *values = signals_values(market.signals);

    (void)state;
    flat_book(&market);
    wait_ms(&market, 1000);
    signals_on_stale(market.signals);
    assert_false(values->valid);
    order_book_clear(market.book);
    set(&market, SIDE_BID, MID + 500, 7000);
    set(&market, SIDE_ASK, MID + 501, 1);
    assert_true(values->valid);
    assert_near(values->ofi_lots, 0.0, 1e-12);
    market_free(&market);
}

/* Takers: delta, imbalance, speed; prints off the market move nothing. */
static void test_tape_numbers_follow_their_definitions(void **state)
{
    struct market market = market_new();
    const struct signal_values *values = signals_values(market.signals);
    struct trade fund = {.recv_ns = START_NS, .price_ticks = MID, .qty_lots = 1000000, .off_market = true};

    (void)state;
    flat_book(&market);
    wait_ms(&market, 100);
    trade(&market, SIDE_BID, MID + 1, 30);
    trade(&market, SIDE_ASK, MID, 10);
    signals_on_trade(market.signals, market.book, &fund);
    assert_int_equal(values->cvd_lots, 20);
    assert_near(values->trade_imbalance, 0.5, 1e-12);
    assert_near(values->tape_per_s, 0.2, 1e-12);
    wait_ms(&market, 10100);
    assert_near(values->tape_per_s, 0.0, 0.0);
    assert_near(values->trade_imbalance, 0.5, 1e-9); /* both fade alike */
    assert_int_equal(values->cvd_points, 2);
    assert_int_equal(values->cvd_5m_lots[1], 20);
    wait_ms(&market, 60000);
    assert_near(values->trade_imbalance, 0.0, 0.0); /* nobody has traded for a minute */
    market_free(&market);
}

/* A percentile of a minute is a guess, one of seconds is none: it stays 0 until then. */
static void test_percentiles_wait_a_minute_and_sigma_half(void **state)
{
    struct market market = market_new();
    const struct signal_values *values = signals_values(market.signals);

    (void)state;
    flat_book(&market);
    for (int i = 0; i < 590; i++) {
        set(&market, SIDE_BID, MID, 100 + i % 7 * 50);
        wait_ms(&market, 100);
        if (i == 250)
            assert_true(values->ofi_sigma == 0.0);
        if (i == 350)
            assert_true(values->ofi_sigma != 0.0);
    }
    assert_true(values->near_1bp.p90 == 0.0);
    assert_true(values->tape_usual == 0.0);
    for (int i = 0; i < 20; i++) {
        set(&market, SIDE_BID, MID, 100 + i % 7 * 50);
        trade(&market, SIDE_BID, MID + 1, 1);
        wait_ms(&market, 100);
    }
    assert_true(values->near_1bp.p90 > 0.0);
    assert_int_equal(values->median_range_60s_ticks > 0, 1);
    market_free(&market);
}

/* Means of 5 s, oldest first; the newest 15 minutes of them are kept. */
static void test_a_gauge_keeps_its_course(void **state)
{
    struct gauge_state gauge;
    struct gauge shown = {0};
    int32_t point[SIGNALS_FLOW_POINTS + 1];

    (void)state;
    gauge_init(&gauge, 1, 0.2);
    for (int i = 0; i < 49; i++)
        gauge_tick(&gauge, 0.5, &shown);
    assert_int_equal(gauge_points(&gauge, point, SIGNALS_FLOW_POINTS), 0);
    gauge_tick(&gauge, 0.5, &shown);
    for (int i = 0; i < 50; i++)
        gauge_tick(&gauge, i < 25 ? -0.25 : -0.75, &shown);
    assert_int_equal(gauge_points(&gauge, point, SIGNALS_FLOW_POINTS), 2);
    assert_int_equal(point[0], 500);
    assert_int_equal(point[1], -500);
    assert_int_equal(gauge_points(&gauge, point, 1), 1);
    assert_int_equal(point[0], -500); /* the newest of them */
    for (int i = 0; i < 50 * SIGNALS_FLOW_POINTS; i++)
        gauge_tick(&gauge, i < 50 ? 0.125 : 1.0, &shown);
    assert_int_equal(gauge_points(&gauge, point, SIGNALS_FLOW_POINTS + 1), SIGNALS_FLOW_POINTS);
    assert_int_equal(point[0], 125);
    assert_int_equal(point[SIGNALS_FLOW_POINTS - 1], 1000);
}

/* Time in which the book tells nothing passes: what was shown before it stays as far back as it was. */
static void test_a_course_has_gaps(void **state)
{
    struct gauge_state gauge;
    struct gauge shown = {0};
    int32_t point[SIGNALS_FLOW_POINTS];

    (void)state;
    gauge_init(&gauge, 1, 0.5);
    for (int i = 0; i < 500; i++)
        gauge_skip(&gauge);
    assert_int_equal(gauge_points(&gauge, point, SIGNALS_FLOW_POINTS), 0); /* nothing was before it */
    for (int i = 0; i < 50; i++)
        gauge_tick(&gauge, 0.5, &shown);
    for (int i = 0; i < 100; i++)
        gauge_skip(&gauge);
    for (int i = 0; i < 50; i++)
        i < 20 ? gauge_skip(&gauge) : gauge_tick(&gauge, -0.25, &shown);
    assert_int_equal(gauge_points(&gauge, point, SIGNALS_FLOW_POINTS), 4);
    assert_int_equal(point[0], 500);
    assert_int_equal(point[1], SIGNALS_FLOW_GAP);
    assert_int_equal(point[2], SIGNALS_FLOW_GAP);
    assert_int_equal(point[3], -250); /* of what is known of it */
}

static void test_courses_are_told_by_gauge(void **state)
{
    struct market market = market_new();
    int32_t point[SIGNALS_FLOW_POINTS];

    (void)state;
    flat_book(&market);
    set(&market, SIDE_BID, MID, 500);
    for (int i = 0; i < 60; i++) {
        trade(&market, SIDE_BID, MID + 1, 1);
        wait_ms(&market, 100);
    }
    assert_int_equal(signals_flow_points(market.signals, FLOW_NEAR_1BP, point, SIGNALS_FLOW_POINTS), 1);
    assert_true(point[0] > 0);
    assert_int_equal(signals_flow_points(market.signals, FLOW_TAPE_10S, point, SIGNALS_FLOW_POINTS), 1);
    assert_true(point[0] > 0);
    assert_int_equal(signals_flow_points(market.signals, FLOW_GAUGES, point, SIGNALS_FLOW_POINTS), 0);
    market_free(&market);
}

/* --- a market that lives -------------------------------------------------------------------------- */

static uint64_t next_random(uint64_t *random)
{
    *random = *random * 6364136223846793005u + 1442695040888963407u;
    return *random >> 33;
}

/* Some seconds of a random market; the mid drifts, sizes are uneven, takers come in bursts. */
static void live(struct market *market, uint64_t *random, int64_t *mid, int steps)
{
    for (int i = 0; i < steps; i++) {
        struct level levels[12];

        *mid += (int64_t)(next_random(random) % 5) - 2;
        for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
            for (size_t k = 0; k < 12; k++) {
                int64_t away = (int64_t)(next_random(random) % 100);
                int64_t lots =
                    (int64_t)(next_random(random) % 300) * (next_random(random) % 30 == 0 ? 20 : 1);

                levels[k] =
                    (struct level){*mid - side_sign(side) * away, next_random(random) % 3 == 0 ? 0 : lots};
            }
            depth(market, side, levels, 12);
        }
        /* what the mid has left behind on the wrong side */
        set_many(market, SIDE_BID, *mid + 8, 8, 0);
        set_many(market, SIDE_ASK, *mid - 8, 8, 0);
        set(market, SIDE_BID, *mid - 1, 50);
        set(market, SIDE_ASK, *mid + 1, 50);
        for (uint64_t n = next_random(random) % 6; n > 0; n--) {
            enum side taker = next_random(random) % 2 == 0 ? SIDE_BID : SIDE_ASK;

            trade(market, taker, *mid + side_sign(taker) * (int64_t)n,
                  1 + (int64_t)(next_random(random) % 90));
        }
        wait_ms(market, 50);
    }
}

static void assert_relative(double got, double expected)
{
    double size = expected < 0.0 ? -expected : expected;

    assert_near(got, expected, 1e-9 * (size > 1.0 ? size : 1.0));
}

static void assert_values_equal(const struct signal_values *a, const struct signal_values *b)
{
    assert_int_equal(a->spread_ticks, b->spread_ticks);
    assert_relative(a->mid_ticks, b->mid_ticks);
    assert_relative(a->microprice_ticks, b->microprice_ticks);
    assert_relative(a->imbalance_1, b->imbalance_1);
    assert_relative(a->imbalance_20, b->imbalance_20);
    assert_relative(a->imbalance_1bp, b->imbalance_1bp);
    assert_relative(a->imbalance_10bp, b->imbalance_10bp);
    assert_relative(a->ofi_lots, b->ofi_lots);
    assert_relative(a->ofi_sigma, b->ofi_sigma);
    assert_relative(a->trade_imbalance, b->trade_imbalance);
    assert_int_equal(a->cvd_lots, b->cvd_lots);
    assert_relative(a->volatility_1m_bp, b->volatility_1m_bp);
    assert_relative(a->momentum_10s_bp, b->momentum_10s_bp);
    assert_relative(a->momentum_60s_bp, b->momentum_60s_bp);
    assert_int_equal(a->vpin_valid, b->vpin_valid);
    assert_relative(a->vpin, b->vpin);
    assert_relative(a->tape_usual, b->tape_usual);
    assert_int_equal(a->range_60s_low_ticks, b->range_60s_low_ticks);
    assert_int_equal(a->range_60s_high_ticks, b->range_60s_high_ticks);
    assert_int_equal(a->median_range_60s_ticks, b->median_range_60s_ticks);
    assert_relative(a->near_1bp.value, b->near_1bp.value);
    assert_relative(a->near_1bp.p90, b->near_1bp.p90);
    assert_relative(a->far_10bp.value, b->far_10bp.value);
    assert_relative(a->ofi_10s.p90, b->ofi_10s.p90);
    assert_int_equal(a->tape_10s.word, b->tape_10s.word);
    assert_int_equal(a->cvd_points, b->cvd_points);
    assert_memory_equal(a->cvd_5m_lots, b->cvd_5m_lots, sizeof(a->cvd_5m_lots));
}

/* Steps that get finer in mid-session must leave every number, history and event as fine steps from the
 * start would have. */
static void test_rescaled_signals_equal_those_with_fine_steps(void **state)
{
    struct market coarse = market_new(), fine = market_new();
    struct book_event a[BOOK_EVENTS_KEPT_MAX], b[BOOK_EVENTS_KEPT_MAX];
    uint64_t random_coarse = 11, random_fine = 11;
    int64_t mid_coarse = MID, mid_fine = MID;
    size_t events;

    (void)state;
    fine.price_scale = 10;
    fine.qty_scale = 1000;
    flat_book(&coarse);
    flat_book(&fine);
    live(&coarse, &random_coarse, &mid_coarse, 3001);
    order_book_rescale(coarse.book, 10, 1000);
    signals_rescale(coarse.signals, (struct step_change){10, 1000});
    coarse.price_scale = 10;
    coarse.qty_scale = 1000;
    live(&coarse, &random_coarse, &mid_coarse, 3000);
    live(&fine, &random_fine, &mid_fine, 6001);
    assert_values_equal(signals_values(coarse.signals), signals_values(fine.signals));
    assert_true(signals_values(fine.signals)->vpin_valid);
    assert_int_equal(signals_book_event_count(coarse.signals), signals_book_event_count(fine.signals));
    assert_true(signals_book_event_count(fine.signals) > 5);
    events = signals_book_events(coarse.signals, a, BOOK_EVENTS_KEPT_MAX);
    assert_int_equal(signals_book_events(fine.signals, b, BOOK_EVENTS_KEPT_MAX), events);
    for (size_t i = 0; i < events; i++) {
        assert_int_equal(a[i].kind, b[i].kind);
        assert_int_equal(a[i].side, b[i].side);
        assert_int_equal(a[i].ts_ns, b[i].ts_ns);
        assert_int_equal(a[i].lots, b[i].lots);
        assert_relative(a[i].confidence, b[i].confidence);
        assert_true(b[i].confidence >= 0.0 && b[i].confidence <= 1.0);
        if (a[i].kind != BOOK_EVENT_SHIFT) /* its price is the mid, down to a whole tick of its time */
            assert_int_equal(a[i].price_ticks, b[i].price_ticks);
    }
    market_free(&coarse);
    market_free(&fine);
}

/* The same events give the same bytes: nothing depends on addresses or on what memory held before. */
static void test_same_events_give_the_same_bytes(void **state)
{
    struct market one = market_new(), two = market_new();
    uint64_t random_one = 5, random_two = 5;
    int64_t mid_one = MID, mid_two = MID;

    (void)state;
    live(&one, &random_one, &mid_one, 1500);
    live(&two, &random_two, &mid_two, 1500);
    assert_memory_equal(signals_values(one.signals), signals_values(two.signals),
                        sizeof(struct signal_values));
    market_free(&one);
    market_free(&two);
}

/* Ticks and trades without any book must neither divide by nothing nor claim to know. */
static void test_empty_market_is_harmless(void **state)
{
    struct market market = market_new();

    (void)state;
    wait_ms(&market, 70000);
    trade(&market, SIDE_BID, MID, 5);
    wait_ms(&market, 1000);
    assert_false(signals_values(market.signals)->valid);
    assert_int_equal(signals_values(market.signals)->range_60s_low_ticks, 0);
    assert_int_equal(signals_book_event_count(market.signals), 0);
    market_free(&market);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_volatility_follows_a_busy_book),
        cmocka_unit_test(test_book_numbers_follow_their_definitions),
        cmocka_unit_test(test_unknown_depth_is_not_empty_depth),
        cmocka_unit_test(test_levels_behind_the_known_depth_are_no_events),
        cmocka_unit_test(test_best_levels_always_count_as_near),
        cmocka_unit_test(test_ofi_sums_and_decays),
        cmocka_unit_test(test_stale_book_is_invalid_and_breaks_the_chain_of_quotes),
        cmocka_unit_test(test_tape_numbers_follow_their_definitions),
        cmocka_unit_test(test_percentiles_wait_a_minute_and_sigma_half),
        cmocka_unit_test(test_a_gauge_keeps_its_course),
        cmocka_unit_test(test_a_course_has_gaps),
        cmocka_unit_test(test_courses_are_told_by_gauge),
        cmocka_unit_test(test_rescaled_signals_equal_those_with_fine_steps),
        cmocka_unit_test(test_same_events_give_the_same_bytes),
        cmocka_unit_test(test_empty_market_is_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
