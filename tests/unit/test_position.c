/* test_position.c - the ledger: exact at any mark, over any history of fills. */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/domain/position.h"

#include <math.h>
#include <string.h>

#define E8 INT64_C(100000000)

/* tick 0.01, lot 0.00001: BTCUSDT */
static struct instrument btcusdt(void)
{
    struct instrument instrument;

    instrument_init(&instrument, "BTCUSDT", VENUE_BINANCE_SPOT, 3);
    instrument.tick_e8 = E8 / 100;
    instrument.lot_e8 = 1000;
    return instrument;
}

/* tick and lot 1: money is price x quantity, easy to check by head */
static struct instrument plain(void)
{
    struct instrument instrument;

    instrument_init(&instrument, "AAABBB", VENUE_BINANCE_SPOT, 3);
    instrument.tick_e8 = E8;
    instrument.lot_e8 = E8;
    return instrument;
}

static struct fill fill_of(const struct instrument *instrument, enum side side, int64_t qty_lots,
                           int64_t price_ticks, int64_t fee_e8)
{
    struct fill fill = {.instrument_id = instrument->id, .side = side, .qty_lots = qty_lots};

    fill.price_ticks = price_ticks;
    fill.value_e8 = instrument_value_e8(instrument, price_ticks, qty_lots);
    fill.fee_e8 = fee_e8;
    return fill;
}

static int64_t book(struct position *position, const struct instrument *instrument, enum side side,
                    int64_t qty_lots, int64_t price_ticks, int64_t fee_e8)
{
    struct fill fill = fill_of(instrument, side, qty_lots, price_ticks, fee_e8);

    assert_int_equal(position_apply(position, instrument, &fill), ERR_OK);
    return fill.realised_e8;
}

/* I10, written with what the ledger shows: exact for any mark. In 128 bits: sums of two int64_t. */
static void assert_identity(const struct position *position, const struct instrument *instrument,
                            int64_t mark_ticks)
{
    __int128 value_e8 = position_value_e8(position, instrument, mark_ticks);
    __int128 unrealised_e8 = position_unrealised_e8(position, instrument, mark_ticks);

    assert_true(position->cash_e8 + value_e8 == position->realised_e8 + unrealised_e8);
}

static void test_a_long_round_trip(void **state)
{
    struct instrument instrument = plain();
    struct position position = {0};

    (void)state;
    assert_int_equal(book(&position, &instrument, SIDE_BID, 10, 100, 3), 0);
    assert_int_equal(position.lots, 10);
    assert_int_equal(position.cost_e8, 1000 * E8);
    assert_int_equal(position.cash_e8, -1000 * E8);
    assert_int_equal(position.open_fees_e8, 3);
    assert_int_equal(position_unrealised_e8(&position, &instrument, 110), 100 * E8);
    assert_int_equal(position_average_e8(&position, &instrument), 100 * E8);

    assert_int_equal(book(&position, &instrument, SIDE_ASK, 4, 110, 2), 40 * E8);
    assert_int_equal(position.lots, 6);
    assert_int_equal(position.cost_e8, 600 * E8);
    assert_int_equal(position.open_fees_e8, 2); /* 3 x 4 / 10 = 1.2 left */
    assert_int_equal(position.closed_trips, 0);

    assert_int_equal(book(&position, &instrument, SIDE_ASK, 6, 90, 1), -60 * E8);
    assert_int_equal(position.lots, 0);
    assert_int_equal(position.cost_e8, 0);
    assert_int_equal(position.open_fees_e8, 0);
    assert_int_equal(position.realised_e8, -20 * E8);
    assert_int_equal(position.cash_e8, -20 * E8);
    assert_int_equal(position.fees_e8, 6);
    assert_int_equal(position.bought_lots, 10);
    assert_int_equal(position.sold_lots, 10);
    assert_int_equal(position.fills, 3);
    assert_int_equal(position.closed_trips, 1);
    assert_int_equal(position.winning_trips, 0);
    assert_int_equal(position_average_e8(&position, &instrument), 0);
}

static void test_a_short_round_trip(void **state)
{
    struct instrument instrument = plain();
    struct position position = {0};

    (void)state;
    assert_int_equal(book(&position, &instrument, SIDE_ASK, 10, 100, 0), 0);
    assert_int_equal(position.lots, -10);
    assert_int_equal(position.cost_e8, -1000 * E8);
    assert_int_equal(position_average_e8(&position, &instrument), 100 * E8);
    assert_int_equal(position_value_e8(&position, &instrument, 95), -950 * E8);
    assert_int_equal(position_unrealised_e8(&position, &instrument, 95), 50 * E8);
    assert_int_equal(book(&position, &instrument, SIDE_BID, 10, 95, 0), 50 * E8);
    assert_int_equal(position.winning_trips, 1);
}

/* One fill through zero is two legs: the first closes at its share of the money, the second opens. */
static void test_a_flip_splits_at_zero(void **state)
{
    struct instrument instrument = plain();
    struct position position = {0};

    (void)state;
    book(&position, &instrument, SIDE_BID, 2, 100, 10);
    assert_int_equal(book(&position, &instrument, SIDE_ASK, 5, 110, 20), 20 * E8);
    assert_int_equal(position.lots, -3);
    assert_int_equal(position.cost_e8, -330 * E8);
    assert_int_equal(position.open_fees_e8, 12); /* 3 of 5 lots opened: 12 of 20 */
    assert_int_equal(position.closed_trips, 1);
    assert_int_equal(position.winning_trips, 1);
    assert_int_equal(position.trip_net_e8, -12); /* the new trip has only paid its fee */

    assert_int_equal(book(&position, &instrument, SIDE_BID, 4, 120, 0), -30 * E8);
    assert_int_equal(position.lots, 1);
    assert_int_equal(position.cost_e8, 120 * E8);
    assert_int_equal(position.closed_trips, 2);
    assert_int_equal(position.winning_trips, 1);
}

/* A gain that the fees eat up is a lost trip. */
static void test_fees_decide_who_won(void **state)
{
    struct instrument instrument = plain();
    struct position position = {0};

    (void)state;
    book(&position, &instrument, SIDE_BID, 1, 100, E8);
    book(&position, &instrument, SIDE_ASK, 1, 102, E8);
    assert_int_equal(position.realised_e8, 2 * E8);
    assert_int_equal(position.winning_trips, 0);        /* even is not won */
    book(&position, &instrument, SIDE_BID, 1, 100, -1); /* a rebate */
    book(&position, &instrument, SIDE_ASK, 1, 100, 0);
    assert_int_equal(position.closed_trips, 2);
    assert_int_equal(position.winning_trips, 1);
}

/* A cost that does not divide: thirds are rounded, the last close takes what is left. */
static void test_the_last_close_takes_the_rest(void **state)
{
    struct instrument instrument = plain();
    struct position position = {0};
    struct fill fill = {.instrument_id = 3, .side = SIDE_BID, .qty_lots = 3, .value_e8 = 100};

    (void)state;
    assert_int_equal(position_apply(&position, &instrument, &fill), ERR_OK);
    fill = (struct fill){.instrument_id = 3, .side = SIDE_ASK, .qty_lots = 1, .value_e8 = 40};
    assert_int_equal(position_apply(&position, &instrument, &fill), ERR_OK);
    assert_int_equal(fill.realised_e8, 7);
    assert_int_equal(position.cost_e8, 67);
    assert_int_equal(position_apply(&position, &instrument, &fill), ERR_OK);
    assert_int_equal(fill.realised_e8, 6); /* 33.5 is rounded away from zero: 34 */
    assert_int_equal(position_apply(&position, &instrument, &fill), ERR_OK);
    assert_int_equal(fill.realised_e8, 7);
    assert_int_equal(position.realised_e8, 20);
    assert_int_equal(position.cash_e8, 20);
}

/* What the ledger must hold after each fill, told by sums that know nothing of legs and costs. */
struct oracle {
    int64_t lots, cash_e8, fees_e8, bought, sold;
    long double cost, realised; /* average cost, in reals: bounds the rounding */
};

static void oracle_add(struct oracle *oracle, const struct fill *fill)
{
    int64_t signed_lots = side_sign(fill->side) * fill->qty_lots;
    int64_t signed_value = side_sign(fill->side) * fill->value_e8;
    long double closed = 0;

    if (oracle->lots != 0 && (oracle->lots > 0) != (signed_lots > 0))
        closed = fminl(fabsl((long double)oracle->lots), (long double)fill->qty_lots);
    if (closed > 0) {
        long double cost_part = oracle->cost * closed / fabsl((long double)oracle->lots);
        long double value_part = (long double)signed_value * closed / (long double)fill->qty_lots;

        oracle->realised += -value_part - cost_part;
        oracle->cost += (long double)signed_value - value_part - cost_part;
    } else {
        oracle->cost += (long double)signed_value;
    }
    oracle->lots += signed_lots;
    oracle->cash_e8 -= signed_value;
    oracle->fees_e8 += fill->fee_e8;
    *(fill->side == SIDE_BID ? &oracle->bought : &oracle->sold) += fill->qty_lots;
}

static void assert_agrees(const struct position *position, const struct oracle *oracle,
                          const struct instrument *instrument, uint64_t *random, int fills)
{
    assert_int_equal(position->lots, oracle->lots);
    assert_int_equal(position->cash_e8, oracle->cash_e8);
    assert_int_equal(position->fees_e8, oracle->fees_e8);
    assert_int_equal(position->bought_lots, oracle->bought);
    assert_int_equal(position->sold_lots, oracle->sold);
    assert_int_equal(position->bought_lots - position->sold_lots, position->lots);
    assert_true(fabsl((long double)position->realised_e8 - oracle->realised) <= fills + 1.0L);
    assert_true(position->lots != 0 || (position->cost_e8 == 0 && position->open_fees_e8 == 0));
    assert_true(position->lots != 0 || position->realised_e8 == position->cash_e8);
    for (int i = 0; i < 5; i++)
        assert_identity(position, instrument, random_sized(random, 26)); /* up to 671,088.63 */
}

/* Random histories: opening, closing in part and whole, flips, dust, rebates, odd money. */
static void test_any_history_is_exact_at_any_mark(void **state)
{
    uint64_t random = 20240809;

    (void)state;
    for (int history = 0; history < 2000; history++) {
        struct instrument instrument = btcusdt();
        struct position position = {0};
        struct oracle oracle = {0};
        unsigned bits = (unsigned)random_between(&random, 1, 24);
        int fills = (int)random_between(&random, 1, 120);

        for (int i = 1; i <= fills; i++) {
            enum side side = random_next(&random) & 1 ? SIDE_BID : SIDE_ASK;
            int64_t open = position.lots < 0 ? -position.lots : position.lots;
            int64_t qty = 1 + random_sized(&random, bits);
            struct fill fill;
            int64_t before = position.realised_e8;

            if (open > 0 && random_between(&random, 0, 4) == 0) { /* exactly flat */
                qty = open;
                side = position.lots > 0 ? SIDE_ASK : SIDE_BID;
            }
            fill = fill_of(&instrument, side, qty, 1 + random_sized(&random, 24), 0);
            fill.value_e8 += random_between(&random, 0, 999); /* not a round multiple of anything */
            fill.fee_e8 = random_between(&random, -50, 1000);
            assert_int_equal(position_apply(&position, &instrument, &fill), ERR_OK);
            assert_int_equal(position.realised_e8 - before, fill.realised_e8);
            oracle_add(&oracle, &fill);
            assert_agrees(&position, &oracle, &instrument, &random, i);
        }
    }
}

/* A million smallest trades leave no drift, not one unit. */
static void test_a_million_dust_fills_do_not_drift(void **state)
{
    struct instrument instrument = btcusdt();
    struct position position = {0};

    (void)state;
    for (int i = 0; i < 500000; i++) {
        book(&position, &instrument, SIDE_BID, 1, 6184217, 61);
        book(&position, &instrument, SIDE_ASK, 1, 6184218, 61);
    }
    assert_int_equal(position.lots, 0);
    assert_int_equal(position.realised_e8, 500000 * INT64_C(10)); /* 0.01 x 0.00001 */
    assert_int_equal(position.cash_e8, position.realised_e8);
    assert_int_equal(position.fees_e8, INT64_C(61000000));
    assert_int_equal(position.closed_trips, 500000);
    assert_int_equal(position.winning_trips, 0);
}

static void assert_refused(struct position before, struct fill fill, enum err expected)
{
    struct instrument instrument = plain();
    struct position position = before;

    fill.realised_e8 = 77;
    assert_int_equal(position_apply(&position, &instrument, &fill), expected);
    assert_memory_equal(&position, &before, sizeof position);
    assert_int_equal(fill.realised_e8, 77);
}

/* The sum that does not fit is refused whole: half a fill in the books would be worse than none. */
static void test_overflow_leaves_the_position_unchanged(void **state)
{
    struct fill buy = {.instrument_id = 3, .side = SIDE_BID, .qty_lots = 1, .value_e8 = 1, .fee_e8 = 1};
    struct fill sell = {.instrument_id = 3, .side = SIDE_ASK, .qty_lots = 1, .value_e8 = 1, .fee_e8 = 1};

    (void)state;
    assert_refused((struct position){.lots = INT64_MAX}, buy, ERR_OVERFLOW);
    assert_refused((struct position){.lots = -INT64_MAX}, sell, ERR_OVERFLOW);
    assert_refused((struct position){.cash_e8 = INT64_MIN}, buy, ERR_OVERFLOW);
    assert_refused((struct position){.cash_e8 = INT64_MAX}, sell, ERR_OVERFLOW);
    assert_refused((struct position){.cost_e8 = INT64_MAX, .lots = 1}, buy, ERR_OVERFLOW);
    assert_refused((struct position){.fees_e8 = INT64_MAX}, buy, ERR_OVERFLOW);
    assert_refused((struct position){.open_fees_e8 = INT64_MAX, .lots = 1}, buy, ERR_OVERFLOW);
    assert_refused((struct position){.trip_net_e8 = INT64_MIN}, buy, ERR_OVERFLOW);
    assert_refused((struct position){.bought_lots = INT64_MAX}, buy, ERR_OVERFLOW);
    assert_refused((struct position){.sold_lots = INT64_MAX}, sell, ERR_OVERFLOW);
    assert_refused((struct position){.realised_e8 = INT64_MAX, .lots = 1}, sell, ERR_OVERFLOW);
    assert_refused((struct position){.cost_e8 = INT64_MIN, .lots = 1}, sell, ERR_OVERFLOW);
    assert_refused((struct position){.trip_net_e8 = INT64_MAX, .lots = 1}, sell, ERR_OVERFLOW);
    sell.value_e8 = 0; /* the fee alone overflows */
    assert_refused((struct position){.trip_net_e8 = INT64_MIN, .lots = 1}, sell, ERR_OVERFLOW);
}

/* A value beyond int64_t is shown as the largest there is, never as a small one. */
static void test_value_and_unrealised_saturate(void **state)
{
    struct instrument instrument = plain();
    struct position far_long = {.lots = INT64_C(1) << 40, .cost_e8 = -E8};
    struct position far_short = {.lots = -(INT64_C(1) << 40), .cost_e8 = E8};

    (void)state;
    assert_int_equal(position_value_e8(&far_long, &instrument, 1000000), INT64_MAX);
    assert_int_equal(position_unrealised_e8(&far_long, &instrument, 1000000), INT64_MAX);
    assert_int_equal(position_value_e8(&far_short, &instrument, 1000000), INT64_MIN);
    assert_int_equal(position_unrealised_e8(&far_short, &instrument, 1000000), INT64_MIN);
}

static void test_impossible_fills_are_refused(void **state)
{
    struct position none = {0};

    (void)state;
    assert_refused(none, (struct fill){.instrument_id = 3, .qty_lots = 0, .value_e8 = 1}, ERR_BAD_DATA);
    assert_refused(none, (struct fill){.instrument_id = 3, .qty_lots = -1, .value_e8 = 1}, ERR_BAD_DATA);
    assert_refused(none, (struct fill){.instrument_id = 3, .qty_lots = 1, .value_e8 = -1}, ERR_BAD_DATA);
}

/* `even at`: selling all there, with the fee on the way out, gives back what was paid. */
static void test_even_price_earns_nothing(void **state)
{
    struct instrument instrument = plain();
    struct position position = {0};
    int64_t fee_e8 = E8 / 1000; /* 0.1 % */

    (void)state;
    assert_int_equal(position_even_e8(&position, &instrument, fee_e8), 0);
    book(&position, &instrument, SIDE_BID, 10, 999, 9 * E8 + 99 * E8 / 100);
    /* 9990 + 9.99 = 9999.99; / 10 / 0.999 */
    assert_int_equal(position_even_e8(&position, &instrument, fee_e8), INT64_C(100100000000));

    position = (struct position){0};
    book(&position, &instrument, SIDE_ASK, 10, 1001, 10 * E8);
    /* 10010 - 10 = 10000; / 10 / 1.001 */
    assert_int_equal(position_even_e8(&position, &instrument, fee_e8), INT64_C(99900099900));
    assert_int_equal(position_even_e8(&position, &instrument, 0), INT64_C(100000000000));
}

/* No such price: a fee that takes all, a rebate larger than the cost, a price beyond int64_t. */
static void test_even_price_that_does_not_exist_is_zero(void **state)
{
    struct instrument instrument = plain();
    struct position position = {.lots = 1, .cost_e8 = 100 * E8};

    (void)state;
    assert_int_equal(position_even_e8(&position, &instrument, E8), 0);
    assert_int_equal(position_even_e8(&position, &instrument, 2 * E8), 0);
    position.open_fees_e8 = -200 * E8;
    assert_int_equal(position_even_e8(&position, &instrument, 0), 0);
    instrument.lot_e8 = 1;
    position = (struct position){.lots = 1, .cost_e8 = INT64_MAX};
    assert_int_equal(position_average_e8(&position, &instrument), 0);
}

static void test_even_price_for_random_positions(void **state)
{
    struct instrument instrument = btcusdt();
    uint64_t random = 5;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct position position = {0};
        enum side side = random_next(&random) & 1 ? SIDE_BID : SIDE_ASK;
        int64_t lots =
            100000 + random_sized(&random, 24); /* a lot or more: 1e-8 of price is < 1e-8 of money */
        int64_t price = 100000 + random_sized(&random, 22), fee_e8 = random_between(&random, 0, 200000);
        long double money, qty, even, left;

        book(&position, &instrument, side, lots, price, random_between(&random, 0, 1000000));
        even = (long double)position_even_e8(&position, &instrument, fee_e8) / E8;
        qty = (long double)position.lots * (long double)instrument.lot_e8 / E8;
        money = even * qty - fabsl(even * qty) * (long double)fee_e8 / E8;
        left = money - (long double)(position.cost_e8 + position.open_fees_e8) / E8;
        assert_true(fabsl(left) <= fabsl(qty) * 0.6e-8L);
    }
}

/* A finer lot changes numbers of lots, never money. */
static void test_rescale_keeps_the_money(void **state)
{
    struct instrument instrument = btcusdt();
    struct position position = {0};
    struct step_change change = {.price_factor = 10, .qty_factor = 100};
    int64_t value_e8;

    (void)state;
    book(&position, &instrument, SIDE_BID, 700, 6184218, 5);
    book(&position, &instrument, SIDE_ASK, 200, 6184219, 5);
    value_e8 = position_value_e8(&position, &instrument, 6184000);
    position_rescale(&position, change);
    instrument_rescale(&instrument, change);
    assert_int_equal(position.lots, 50000);
    assert_int_equal(position.bought_lots, 70000);
    assert_int_equal(position.sold_lots, 20000);
    assert_int_equal(position_value_e8(&position, &instrument, 61840000), value_e8);
    assert_identity(&position, &instrument, 61840007);
    book(&position, &instrument, SIDE_ASK, 50000, 61842190, 5);
    assert_int_equal(position.realised_e8, position.cash_e8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_long_round_trip),
        cmocka_unit_test(test_a_short_round_trip),
        cmocka_unit_test(test_a_flip_splits_at_zero),
        cmocka_unit_test(test_fees_decide_who_won),
        cmocka_unit_test(test_the_last_close_takes_the_rest),
        cmocka_unit_test(test_any_history_is_exact_at_any_mark),
        cmocka_unit_test(test_a_million_dust_fills_do_not_drift),
        cmocka_unit_test(test_overflow_leaves_the_position_unchanged),
        cmocka_unit_test(test_value_and_unrealised_saturate),
        cmocka_unit_test(test_impossible_fills_are_refused),
        cmocka_unit_test(test_even_price_earns_nothing),
        cmocka_unit_test(test_even_price_that_does_not_exist_is_zero),
        cmocka_unit_test(test_even_price_for_random_positions),
        cmocka_unit_test(test_rescale_keeps_the_money),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
