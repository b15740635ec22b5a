/* test_paper_fees.c - tiers by volume, rebates, the fee asset; and the price beyond the visible book. */
#include "paper_desk.h"

#define DAY INT64_C(86400000000000)
#define E8  INT64_C(100000000)

static struct paper_fees fees_of(const struct paper_fee_params *params)
{
    struct paper_fees fees;

    paper_fees_init(&fees, params);
    return fees;
}

static const struct paper_fee_params tiered = {
    .tiers = 3, .tier = {{0, 1000, 1000}, {1000 * E8, 900, 1000}, {5000 * E8, -100, 800}}};

static void test_tiers_follow_the_volume_of_30_days(void **state)
{
    struct paper_fees fees = fees_of(&tiered);

    (void)state;
    assert_int_equal(paper_fees_of(&fees, true, 100 * E8, 0, DAY).quote_e8, E8 / 10);
    paper_fees_add_volume(&fees, 999 * E8, DAY);
    assert_int_equal(paper_fees_tier(&fees, DAY)->maker_ppm, 1000);
    paper_fees_add_volume(&fees, E8, DAY + 5);
    assert_int_equal(paper_fees_tier(&fees, DAY)->maker_ppm, 900);
    paper_fees_add_volume(&fees, 4000 * E8, 20 * DAY);
    assert_int_equal(paper_fees_of(&fees, true, 100 * E8, 0, 20 * DAY).quote_e8, -E8 / 100); /* a rebate */
    assert_int_equal(paper_fees_of(&fees, false, 100 * E8, 0, 20 * DAY).quote_e8, 8 * E8 / 100);
    assert_int_equal(paper_fees_tier(&fees, 30 * DAY)->taker_ppm, 800);
    assert_int_equal(paper_fees_tier(&fees, 31 * DAY)->maker_ppm, 900); /* day 1 is out */
    assert_int_equal(paper_fees_tier(&fees, 50 * DAY)->maker_ppm, 1000);
    assert_int_equal(paper_fees_tier(&fees, 500 * DAY)->maker_ppm, 1000);
}

/* 100 at 1000 ppm is 0.1; 25 % off 0.075; at 600 for one it is 0.000125 of the asset. */
static void test_fee_asset_pays_at_a_discount(void **state)
{
    struct paper_fee_params params = {.tiers = 1,
                                      .tier = {{0, -500, 1000}},
                                      .asset = "BNB",
                                      .asset_rate_e8 = 600 * E8,
                                      .discount_ppm = 250000};
    struct paper_fees fees = fees_of(&params);
    struct paper_fee fee = paper_fees_of(&fees, false, 100 * E8, 12500, DAY);

    (void)state;
    assert_int_equal(fee.quote_e8, 7500000);
    assert_int_equal(fee.asset_e8, 12500);
    fee = paper_fees_of(&fees, false, 100 * E8, 12499, DAY); /* not enough of it */
    assert_int_equal(fee.quote_e8, 10000000);
    assert_int_equal(fee.asset_e8, 0);
    fee = paper_fees_of(&fees, true, 100 * E8, 12500, DAY); /* a rebate comes in the quote */
    assert_int_equal(fee.quote_e8, -5000000);
    assert_int_equal(fee.asset_e8, 0);
}

/* Asks 102 x 10, 103 x 20, 104 x 30: 60 lots over 2 ticks. */
static void test_linear_slippage_keeps_the_density(void **state)
{
    struct paper_broker_params params = {.slippage = PAPER_SLIPPAGE_LINEAR};
    struct order order;

    (void)state;
    desk_open(&params, VENUE_BINANCE_SPOT);
    order = order_of(SIDE_BID, ORDER_MARKET, 200, 90); /* 1.5 depths end 3 ticks from the best */
    send(&order);
    assert_answers(5);
    assert_fill(4, order.seq, 105, 30, false);
    order =
        order_of(SIDE_BID, ORDER_MARKET, 104, 90); /* nothing left in the book, nothing beyond within 104 */
    send(&order);
    assert_ended(1, ORDER_EVENT_EXPIRED, order.seq, ORDER_ERROR_NOT_FILLED);
    desk_close(state);
}

/* The distance grows with the root: 4 depths end twice as far away. */
static void test_square_root_slippage(void **state)
{
    int64_t price, lots;

    (void)state;
    desk_open(&(struct paper_broker_params){0}, VENUE_BINANCE_SPOT);
    assert_int_equal(paper_slippage_beyond(PAPER_SLIPPAGE_SQUARE_ROOT, desk.book, SIDE_ASK, 0, 180, &price),
                     180);
    assert_int_equal(price, 106);
    lots = paper_slippage_beyond(PAPER_SLIPPAGE_SQUARE_ROOT, desk.book, SIDE_ASK, 105, 180, &price);
    assert_int_equal(price, 105);
    assert_int_equal(lots, 75); /* 60 (3/2)^2 - 60 */
    assert_int_equal(paper_slippage_beyond(PAPER_SLIPPAGE_SQUARE_ROOT, desk.book, SIDE_BID, 97, 900, &price),
                     75);
    assert_int_equal(price, 97);
    assert_int_equal(paper_slippage_beyond(PAPER_SLIPPAGE_NONE, desk.book, SIDE_ASK, 0, 180, &price), 0);
    assert_true(paper_slippage_beyond(PAPER_SLIPPAGE_LINEAR, desk.book, SIDE_BID, 0, INT64_MAX / 2, &price) >
                0);
    assert_true(price >= 1); /* nobody sells below zero */
    desk_close(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tiers_follow_the_volume_of_30_days),
        cmocka_unit_test(test_fee_asset_pays_at_a_discount),
        cmocka_unit_test(test_linear_slippage_keeps_the_density),
        cmocka_unit_test(test_square_root_slippage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
