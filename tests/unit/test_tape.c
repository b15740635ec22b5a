/* test_tape.c - session sums are exact, prints of one taker order are one. */
#include "core/market/tape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct trade print(uint64_t id, int64_t venue_ms, enum side taker, int64_t price, int64_t lots)
{
    return (struct trade){.recv_ns = venue_ms * 1000000,
                          .venue_ms = venue_ms,
                          .id = id,
                          .taker = taker,
                          .price_ticks = price,
                          .qty_lots = lots};
}

static void add(struct tape *tape, struct trade trade)
{
    tape_add(tape, &trade);
}

/* Sums are what a ledger would say: no double, no rounding, 128 bits where money is a product. */
static void test_totals_are_exact(void **state)
{
    struct tape *tape = tape_new();
    const struct tape_totals *totals = tape_totals(tape);
    int64_t huge_price = INT64_C(1000000000000), huge_lots = INT64_C(900000000000000000);

    (void)state;
    add(tape, print(7, 1000, SIDE_BID, 100, 3));
    add(tape, print(8, 1001, SIDE_ASK, 99, 5));
    add(tape, print(9, 1002, SIDE_ASK, 99, 1));
    assert_int_equal(totals->last_direction, -1); /* an equal price is no change of direction */
    add(tape, print(10, 1003, SIDE_BID, huge_price, huge_lots));
    assert_int_equal(totals->count, 4);
    assert_int_equal(totals->first_id, 7);
    assert_int_equal(totals->last_id, 10);
    assert_int_equal(totals->base_lots, huge_lots + 9);
    assert_int_equal(totals->taker_buy_lots, huge_lots + 3);
    assert_true(totals->quote_tick_lots == (__int128)huge_price * huge_lots + 300 + 99 * 6);
    assert_int_equal(totals->open_ticks, 100);
    assert_int_equal(totals->high_ticks, huge_price);
    assert_int_equal(totals->low_ticks, 99);
    assert_int_equal(totals->last_ticks, huge_price);
    assert_int_equal(totals->last_taker, SIDE_BID);
    assert_int_equal(totals->last_lots, huge_lots);
    assert_int_equal(totals->last_direction, 1);
    assert_int_equal(totals->last_recv_ns, 1003000000);
    tape_free(tape);
}

/* A sum at its end stays there: wrapped, the largest volume would look like the smallest. */
static void test_sums_saturate(void **state)
{
    struct tape *tape = tape_new();

    (void)state;
    add(tape, print(1, 1, SIDE_BID, 1, INT64_MAX));
    add(tape, print(2, 2, SIDE_BID, 1, 5));
    assert_int_equal(tape_totals(tape)->base_lots, INT64_MAX);
    assert_true(tape_totals(tape)->quote_tick_lots == (__int128)INT64_MAX + 5);
    tape_free(tape);
}

/* A futures print of the insurance fund is no market: it counts as seen and moves nothing else. */
static void test_off_market_prints_are_counted_only(void **state)
{
    struct tape *tape = tape_new();
    struct trade fund = print(2, 1000, SIDE_BID, 5000, 1000);

    (void)state;
    fund.off_market = true;
    add(tape, print(1, 1000, SIDE_BID, 100, 3));
    add(tape, fund);
    assert_int_equal(tape_totals(tape)->count, 2);
    assert_int_equal(tape_totals(tape)->off_market, 1);
    assert_int_equal(tape_totals(tape)->last_id, 2);
    assert_int_equal(tape_totals(tape)->base_lots, 3);
    assert_int_equal(tape_totals(tape)->high_ticks, 100);
    assert_int_equal(tape_taker_count(tape), 1);
    tape_free(tape);
}

/* People read orders, not prints: one sweep through three prices is one line. */
static void test_prints_of_one_taker_are_joined(void **state)
{
    struct tape *tape = tape_new();
    struct taker_order takers[4];

    (void)state;
    add(tape, print(1, 1000, SIDE_BID, 100, 1));
    add(tape, print(2, 1000, SIDE_BID, 100, 2));
    add(tape, print(3, 1000, SIDE_BID, 101, 3));
    add(tape, print(4, 1000, SIDE_BID, 105, 4));
    add(tape, print(5, 1000, SIDE_ASK, 104, 5)); /* the other side */
    add(tape, print(6, 1001, SIDE_ASK, 104, 6)); /* later */
    assert_int_equal(tape_taker_count(tape), 3);
    assert_int_equal(tape_takers(tape, takers, 4), 3);
    assert_int_equal(takers[0].lots, 6);
    assert_int_equal(takers[1].lots, 5);
    assert_int_equal(takers[2].lots, 10);
    assert_int_equal(takers[2].prints, 4);
    assert_int_equal(takers[2].prices, 3);
    assert_int_equal(takers[2].first_ticks, 100);
    assert_int_equal(takers[2].last_ticks, 105);
    assert_int_equal(tape_takers(tape, takers, 1), 1);
    assert_int_equal(takers[0].lots, 6);
    tape_free(tape);
}

/* Same side, same millisecond, yet two orders: a lost id between, a price that steps back, or the
 * venue's own order ids say so. */
static void test_two_orders_of_one_millisecond_stay_two(void **state)
{
    struct tape *tape = tape_new();
    struct trade first = print(20, 1000, SIDE_ASK, 90, 1), second = print(21, 1000, SIDE_ASK, 90, 1);

    (void)state;
    add(tape, print(1, 1000, SIDE_BID, 100, 1));
    add(tape, print(3, 1000, SIDE_BID, 100, 1));
    assert_int_equal(tape_taker_count(tape), 2);
    add(tape, print(4, 1000, SIDE_BID, 99, 1));
    assert_int_equal(tape_taker_count(tape), 3);
    first.taker_order_id = 555;
    second.taker_order_id = 556;
    add(tape, first);
    add(tape, second);
    assert_int_equal(tape_taker_count(tape), 5);
    second.id = 22; /* the same order goes on */
    add(tape, second);
    assert_int_equal(tape_taker_count(tape), 5);
    tape_free(tape);
}

/* The history is bounded; the counter goes on so that a reader knows what it missed. */
static void test_oldest_taker_orders_fall_out(void **state)
{
    struct tape *tape = tape_new();
    struct taker_order takers[TAPE_TAKERS_MAX + 1];

    (void)state;
    for (uint64_t i = 1; i <= 1000; i++)
        add(tape, print(i, (int64_t)i, SIDE_BID, 100, (int64_t)i));
    assert_int_equal(tape_taker_count(tape), 1000);
    assert_int_equal(tape_takers(tape, takers, TAPE_TAKERS_MAX + 1), TAPE_TAKERS_MAX);
    assert_int_equal(takers[0].lots, 1000);
    assert_int_equal(takers[TAPE_TAKERS_MAX - 1].lots, 1000 - TAPE_TAKERS_MAX + 1);
    tape_free(tape);
}

/* Steps that get finer in mid-session must leave what fine steps would have given from the start. */
static void test_rescaled_tape_equals_one_with_fine_steps(void **state)
{
    struct tape *coarse = tape_new(), *fine = tape_new();
    struct taker_order a[TAPE_TAKERS_MAX], b[TAPE_TAKERS_MAX];
    uint64_t random = 9;

    (void)state;
    for (uint64_t i = 1; i <= 700; i++) {
        struct trade trade;
        bool late = i > 400;

        random = random * 6364136223846793005u + 1442695040888963407u;
        trade = print(i, 1000 + (int64_t)(i / 3), (random >> 40 & 1) != 0 ? SIDE_ASK : SIDE_BID,
                      1000 + (int64_t)(random >> 50 & 7), 1 + (int64_t)(random >> 33 & 127));
        if (i == 401)
            tape_rescale(coarse, (struct step_change){10, 100});
        if (late)
            tape_add(coarse, &(struct trade){.recv_ns = trade.recv_ns,
                                             .venue_ms = trade.venue_ms,
                                             .id = i,
                                             .taker = trade.taker,
                                             .price_ticks = trade.price_ticks * 10,
                                             .qty_lots = trade.qty_lots * 100});
        else
            tape_add(coarse, &trade);
        trade.price_ticks *= 10;
        trade.qty_lots *= 100;
        tape_add(fine, &trade);
    }
    assert_true(tape_totals(coarse)->quote_tick_lots == tape_totals(fine)->quote_tick_lots);
    assert_int_equal(tape_totals(coarse)->base_lots, tape_totals(fine)->base_lots);
    assert_int_equal(tape_totals(coarse)->taker_buy_lots, tape_totals(fine)->taker_buy_lots);
    assert_int_equal(tape_totals(coarse)->open_ticks, tape_totals(fine)->open_ticks);
    assert_int_equal(tape_totals(coarse)->high_ticks, tape_totals(fine)->high_ticks);
    assert_int_equal(tape_totals(coarse)->low_ticks, tape_totals(fine)->low_ticks);
    assert_int_equal(tape_totals(coarse)->last_direction, tape_totals(fine)->last_direction);
    assert_int_equal(tape_takers(coarse, a, TAPE_TAKERS_MAX), tape_takers(fine, b, TAPE_TAKERS_MAX));
    for (size_t i = 0; i < TAPE_TAKERS_MAX; i++) {
        assert_int_equal(a[i].lots, b[i].lots);
        assert_int_equal(a[i].first_ticks, b[i].first_ticks);
        assert_int_equal(a[i].last_ticks, b[i].last_ticks);
        assert_int_equal(a[i].prices, b[i].prices);
    }
    tape_free(coarse);
    tape_free(fine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_totals_are_exact),
        cmocka_unit_test(test_sums_saturate),
        cmocka_unit_test(test_off_market_prints_are_counted_only),
        cmocka_unit_test(test_prints_of_one_taker_are_joined),
        cmocka_unit_test(test_two_orders_of_one_millisecond_stay_two),
        cmocka_unit_test(test_oldest_taker_orders_fall_out),
        cmocka_unit_test(test_rescaled_tape_equals_one_with_fine_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
