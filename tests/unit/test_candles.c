/* test_candles.c - candles by venue time, in nine frames at once. */
#include "core/market/candles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add(struct candles *candles, int64_t venue_ms, int64_t price, int64_t lots, enum side taker)
{
    struct trade trade = {.venue_ms = venue_ms, .price_ticks = price, .qty_lots = lots, .taker = taker};

    candles_add(candles, &trade);
}

/* The plain case, with the spans that no trade fell into left out. */
static void test_candle_has_its_trades_and_empty_spans_none(void **state)
{
    struct candles *candles = candles_new();
    const struct candle *candle;

    (void)state;
    add(candles, 1723161240000, 100, 5, SIDE_BID);
    add(candles, 1723161240999, 90, 2, SIDE_ASK);
    add(candles, 1723161299999, 95, 1, SIDE_BID);
    add(candles, 1723161420000, 97, 4, SIDE_ASK);
    assert_int_equal(candles_count(candles, CANDLE_1M), 2);
    candle = candles_at(candles, CANDLE_1M, 0);
    assert_int_equal(candle->open_ms, 1723161240000);
    assert_int_equal(candle->open_ticks, 100);
    assert_int_equal(candle->high_ticks, 100);
    assert_int_equal(candle->low_ticks, 90);
    assert_int_equal(candle->close_ticks, 95);
    assert_int_equal(candle->lots, 8);
    assert_int_equal(candle->taker_buy_lots, 6);
    assert_int_equal(candle->count, 3);
    assert_int_equal(candles_at(candles, CANDLE_1M, 1)->open_ms, 1723161420000);
    assert_int_equal(candles_count(candles, CANDLE_1S), 3);
    assert_int_equal(candles_count(candles, CANDLE_1D), 1);
    assert_int_equal(candles_at(candles, CANDLE_1D, 0)->open_ms, 1723075200000);
    assert_string_equal(candle_frame_word(CANDLE_4H), "4h");
    candles_free(candles);
}

/* Futures prints outside of the market are in no candle. */
static void test_off_market_print_makes_no_candle(void **state)
{
    struct candles *candles = candles_new();
    struct trade fund = {.venue_ms = 5, .price_ticks = 9, .qty_lots = 9, .off_market = true};

    (void)state;
    candles_add(candles, &fund);
    for (enum candle_frame frame = CANDLE_1S; frame < CANDLE_FRAMES; frame++)
        assert_int_equal(candles_count(candles, frame), 0);
    candles_free(candles);
}

/* A late trade goes where it belongs, into a candle that is there or between two that are. */
static void test_late_trade_goes_into_its_own_candle(void **state)
{
    struct candles *candles = candles_new();
    static const int64_t opens[] = {1000, 3000, 5000, 9000};

    (void)state;
    add(candles, 3000, 10, 1, SIDE_BID);
    add(candles, 9000, 10, 1, SIDE_BID);
    add(candles, 3999, 30, 2, SIDE_BID); /* into the first */
    add(candles, 5500, 20, 3, SIDE_BID); /* between the two */
    add(candles, 1000, 20, 4, SIDE_BID); /* before all */
    assert_int_equal(candles_count(candles, CANDLE_1S), 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(candles_at(candles, CANDLE_1S, i)->open_ms, opens[i]);
    assert_int_equal(candles_at(candles, CANDLE_1S, 1)->high_ticks, 30);
    assert_int_equal(candles_at(candles, CANDLE_1S, 1)->lots, 3);
    assert_int_equal(candles_at(candles, CANDLE_1S, 2)->lots, 3);
    candles_free(candles);
}

/* The ring keeps the newest; a trade older than all it keeps is let go, not written over one of them. */
static void test_oldest_candles_fall_out(void **state)
{
    struct candles *candles = candles_new();

    (void)state;
    for (int64_t i = 0; i < 3 * CANDLES_KEPT_MAX / 2; i++)
        add(candles, i * 2000, i + 1, 1, SIDE_BID);
    assert_int_equal(candles_count(candles, CANDLE_1S), CANDLES_KEPT_MAX);
    assert_int_equal(candles_ever(candles, CANDLE_1S), 3 * CANDLES_KEPT_MAX / 2);
    assert_int_equal(candles_at(candles, CANDLE_1S, 0)->open_ms, CANDLES_KEPT_MAX / 2 * 2000);
    add(candles, 4000, 777, 1, SIDE_BID);
    assert_int_equal(candles_at(candles, CANDLE_1S, 0)->open_ms, CANDLES_KEPT_MAX / 2 * 2000);
    add(candles, CANDLES_KEPT_MAX / 2 * 2000 + 1000, 777, 1,
        SIDE_BID); /* into a gap: the oldest makes room */
    assert_int_equal(candles_count(candles, CANDLE_1S), CANDLES_KEPT_MAX);
    assert_int_equal(candles_at(candles, CANDLE_1S, 0)->high_ticks, 777);
    for (size_t i = 1; i < CANDLES_KEPT_MAX; i++)
        assert_true(candles_at(candles, CANDLE_1S, i)->open_ms >
                    candles_at(candles, CANDLE_1S, i - 1)->open_ms);
    candles_free(candles);
}

/* All frames tell the same trades: each sums to the same volume. */
static void test_frames_agree_on_volume(void **state)
{
    struct candles *candles = candles_new();
    uint64_t random = 3;
    int64_t total = 0;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        int64_t lots;

        random = random * 6364136223846793005u + 1442695040888963407u;
        lots = 1 + (int64_t)(random >> 60);
        total += lots;
        add(candles, 1723161240000 + i * 300 - (int64_t)(random >> 40 & 2047), 100, lots, SIDE_ASK);
    }
    for (enum candle_frame frame = CANDLE_1S; frame < CANDLE_FRAMES; frame++) {
        int64_t sum = 0;

        for (size_t i = 0; i < candles_count(candles, frame); i++)
            sum += candles_at(candles, frame, i)->lots;
        assert_int_equal(sum, total);
    }
    candles_free(candles);
}

/* Finer steps in mid-session leave what fine steps would have given from the start. */
static void test_rescaled_candles_equal_those_with_fine_steps(void **state)
{
    struct candles *coarse = candles_new(), *fine = candles_new();

    (void)state;
    for (int64_t i = 0; i < 3000; i++) {
        bool late = i >= 1000;

        if (i == 1000)
            candles_rescale(coarse, (struct step_change){10, 1000});
        add(coarse, i * 450, (100 + i % 17) * (late ? 10 : 1), (1 + i % 5) * (late ? 1000 : 1),
            i % 3 == 0 ? SIDE_ASK : SIDE_BID);
        add(fine, i * 450, (100 + i % 17) * 10, (1 + i % 5) * 1000, i % 3 == 0 ? SIDE_ASK : SIDE_BID);
    }
    for (enum candle_frame frame = CANDLE_1S; frame < CANDLE_FRAMES; frame++) {
        assert_int_equal(candles_count(coarse, frame), candles_count(fine, frame));
        for (size_t i = 0; i < candles_count(fine, frame); i++)
            assert_memory_equal(candles_at(coarse, frame, i), candles_at(fine, frame, i),
                                sizeof(struct candle));
    }
    candles_free(coarse);
    candles_free(fine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_candle_has_its_trades_and_empty_spans_none),
        cmocka_unit_test(test_off_market_print_makes_no_candle),
        cmocka_unit_test(test_late_trade_goes_into_its_own_candle),
        cmocka_unit_test(test_oldest_candles_fall_out),
        cmocka_unit_test(test_frames_agree_on_volume),
        cmocka_unit_test(test_rescaled_candles_equal_those_with_fine_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
